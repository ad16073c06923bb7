"""`sixparty ledger show`: one line a promise, the whole answer as JSON, and what is refused."""

import json

import pytest

COLUMNS = ["id", "state", "basis", "since", "due_date", "obligors", "promise_en"]


def answer(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_a_pipe_gets_a_line_a_promise(sixparty, chronicle):
    ran = sixparty("ledger", "show", "--agreement", "agr-2018-military")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0].split("\t") == COLUMNS
    promises = chronicle["commitments"]["agreement_id"].to_list().count("agr-2018-military")
    assert len(ran.rows) == promises > 0
    assert all(len(row) == len(COLUMNS) for row in ran.rows)


def test_an_obligor_and_a_domain_narrow_the_promises(sixparty):
    rows = answer(sixparty("ledger", "show", "--obligor", "USA", "--domain", "nuclear", "--json"))["result"]["rows"]
    assert rows
    assert all("USA" in row["obligors"] and row["domain"] == "nuclear" for row in rows)


def test_a_look_back_shows_no_later_status(sixparty):
    words = ["ledger", "show", "--agreement", "agr-2018-military", "--json"]
    then = answer(sixparty(*words, "--as-of", "2018-12-31"))["result"]
    now = answer(sixparty(*words))["result"]
    assert then["as_of"] == "2018-12-31"
    assert max(row["since"] or "" for row in then["rows"]) <= "2018-12-31"
    assert "lapsed" in {row["state"] for row in now["rows"]} - {row["state"] for row in then["rows"]}


def test_the_answer_is_one_document_that_names_its_record(sixparty, chronicle):
    document = answer(sixparty("ledger", "show", "--json"))
    assert list(document) == ["spec", "result", "provenance", "warnings"]
    assert document["provenance"]["data_digest"] == chronicle.digest
    assert len(document["result"]["rows"]) == len(chronicle["commitments"])


def test_a_question_that_nothing_answers_says_so(sixparty):
    ran = sixparty("ledger", "show", "--agreement", "agr-2018-military", "--obligor", "JPN")
    assert (ran.code, ran.out) == (0, "No promise matches.\n")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--agreement", "agr-2018"], 2, "agreement must be the name of an agreement, got 'agr-2018'"),
        (["--obligor", "DPRK"], 2, "obligor must be one of PRK, KOR, USA, CHN, RUS, JPN"),
        (["--domain", "space"], 2, "domain must be one of political, military"),
        (["--year", "1800"], 2, "year must lie between 1953"),
        (["--year", "soon"], 2, "--year"),
        (["--due-within", "-1"], 2, "due-within must be a number of days from 0 to 3660, got -1"),
        (["--due-within", "3661"], 2, "due-within must be a number of days from 0 to 3660, got 3661"),
        (["--as-of", "2025-02-30"], 3, "as-of must be a day that exists"),
        (["--as-of", "June"], 3, "as-of must be a date like 2025-06-28"),
        (["--as-of", "1900-01-01"], 3, "as-of must"),
        (["agr-2018-military"], 2, "unexpected extra argument"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_exit_code(sixparty, words, code, message):
    ran = sixparty("ledger", "show", *words)
    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_state_narrows_the_promises_and_an_unknown_one_is_refused(sixparty):
    document = answer(sixparty("ledger", "show", "--state", "breached", "--obligor", "KOR", "--json"))
    found = document["result"]
    assert {row["state"] for row in found["rows"]} == {"breached"}
    assert found["every"]["promises"] == found["every"]["states"]["breached"] == len(found["rows"])
    assert document["provenance"]["command"] == "sixparty ledger show --obligor KOR --state breached"
    ran = sixparty("ledger", "show", "--state", "broken")
    assert ran.code == 2
    assert "state must be one of overdue, due" in ran.err
