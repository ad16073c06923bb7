"""`sixparty forecast explain`: one line a part in a pipe, the whole answer as JSON, and what is refused."""

import json

import pytest

COLUMNS = ["name", "chance", "mean", "chance_error", "mean_error", "is_read"]


def test_a_pipe_gets_a_line_a_part(sixparty):
    ran = sixparty("forecast", "explain", "nuclear_test", "--as-of", "2017-09-10")
    assert ran.code == 0
    assert ran.out.splitlines()[0].split("\t") == COLUMNS
    assert [row[0] for row in ran.rows] == ["record", "episodes", "weeks", "clustering"]


def test_the_answer_is_one_document_whose_parts_add_up(sixparty):
    ran = sixparty("forecast", "explain", "space_launch", "--as-of", "2012-12-30", "--since", "2012-11-24", "--json")
    document = json.loads(ran.out)
    assert list(document) == ["spec", "result", "provenance", "warnings"]
    change = document["result"]["change"]
    parts = sum(part["chance"] for part in change["parts"])
    assert change["old_chance"] + parts == pytest.approx(change["new_chance"], abs=1e-9)
    assert document["result"]["since"] == "2012-11-24"
    assert document["provenance"]["command"].startswith("sixparty forecast explain space_launch --as-of 2012-12-30")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["war"], 2, "target must be one of weapons_test_days"),
        (["nuclear_test", "--horizon", "12"], 2, "horizon must be one of 1, 4, 13, 26, 52 weeks, got 12"),
        (["nuclear_test", "--since", "2017-09-01"], 3, "since must be a Saturday, got 2017-09-01 (Friday)"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_exit_code(sixparty, words, code, message):
    ran = sixparty("forecast", "explain", *words)
    assert ran.code == code
    assert message in ran.err
    assert ran.out == ""
