"""`sixparty data reconcile`: counts, then differences; a list that cannot be read is refused by its place."""

import json

import pytest
from tests.conftest import weapons_test, write_chronicle

HEADER = "id,date,precision,class,place,objects,label\n"
MINE = "a,2017-07-04,,ICBM,Panghyon,1,A launch\nb,2017-07-29,,ICBM,,1,Another\nc,2017-08-15,,SRBM,,1,A third\n"


@pytest.fixture
def record(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    days = {"2017-07-04": "ICBM", "2017-07-28": "ICBM", "2017-08-10": "MRBM"}
    return write_chronicle(folder, events=[weapons_test(day, weapon_class=name) for day, name in days.items()])


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + MINE, encoding="utf-8")
    return path


def test_counts_by_kind_are_printed_and_then_every_difference(sixparty, record, mine):
    ran = sixparty("data", "reconcile", mine, "chronicle", "--data", record)
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split("\t") for line in ran.out.splitlines()]
    counts = {line[0]: line[1] for line in lines if len(line) == 2 and line[1] != "0"}
    assert counts == {"kind": "acts", "agreed": "1", "misdated": "1", "missing_in_a": "1", "missing_in_b": "1"}
    found = {line[0]: (line[3], line[5]) for line in lines if len(line) > 2}
    assert found["misdated"] == ("2017-07-29", "2017-07-28")
    assert (found["missing_in_a"], found["missing_in_b"]) == (("", "2017-08-10"), ("2017-08-15", ""))


@pytest.mark.parametrize(
    ("kind", "dates"), [("missing_in_b", ["2017-08-15"]), ("agreed", ["2017-07-04"]), ("beyond_a", [])]
)
def test_one_kind_is_shown_alone(sixparty, record, mine, kind, dates):
    ran = sixparty("data", "reconcile", mine, "chronicle", "--data", record, "--kind", kind, "--json")
    result = json.loads(ran.out)["result"]
    assert [found["a_date"] for found in result["findings"]] == dates
    assert result["counts"]["misdated"] == 1


def test_a_narrower_window_makes_two_missing_acts_of_a_misdated_one(sixparty, record, mine):
    words = ["data", "reconcile", mine, "chronicle", "--data", record, "--json"]
    counts = json.loads(sixparty(*words, "--window", "0").out)["result"]["counts"]
    assert (counts["misdated"], counts["missing_in_a"], counts["missing_in_b"]) == (0, 2, 2)


def test_bounds_narrow_the_findings(sixparty, record, mine):
    words = ["data", "reconcile", mine, "chronicle", "--data", record, "--json"]
    counts = json.loads(sixparty(*words, "--from", "2017-07-01", "--to", "2017-07-10").out)["result"]["counts"]
    assert {kind: acts for kind, acts in counts.items() if acts} == {"agreed": 1}


def test_the_record_agrees_with_itself(sixparty):
    ran = sixparty("data", "reconcile", "chronicle", "chronicle", "--from", "2017-01-01", "--to", "2017-12-31")
    assert "Nothing to show: no finding of such a kind." in ran.out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["chronicle", "nowhere.csv"], 3, "nowhere.csv must be a CSV file, got: No such file or directory"),
        (["chronicle", "."], 3, "must be a CSV file, got: Is a directory"),
        (["chronicle", "gdelt:mine.csv"], 2, "layout must be one of csis, cns, plain or a file ending in .toml"),
        (["chronicle", "nowhere.toml:mine.csv"], 3, "nowhere.toml"),
        (["chronicle", "csis:mine.csv"], 3, "mine.csv, line 1, column csis_event_label"),
        (["chronicle", "mine.csv", "--kind", "lost"], 2, "kind must be one of agreed, misdated"),
        (["chronicle", "mine.csv", "--window", "32"], 2, "window must be 0 to 31 days, got 32"),
        (["chronicle", "mine.csv", "--window", "-1"], 2, "window must be 0 to 31 days, got -1"),
        (["chronicle", "mine.csv", "--window", "few"], 2, "--window"),
        (["chronicle", "mine.csv", "--from", "2017-02-30"], 3, "from must be a day that exists"),
        (["chronicle", "mine.csv", "--from", "2018-01-01", "--to", "2017-01-01"], 3, "to must not lie before from"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_exit_code(sixparty, monkeypatch, mine, words, code, message):
    monkeypatch.chdir(mine.parent)
    ran = sixparty("data", "reconcile", *words)
    assert ran.code == code
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "mine.csv"),
        (HEADER.encode(), "mine.csv"),
        (HEADER.encode() + b"a,2017-02-30,,ICBM,,,\n", "mine.csv, line 2, column date: expected a day"),
        (HEADER.encode() + b'a,2017-07-04,,ICBM,,,"never closed\n', "mine.csv"),
        (HEADER.encode() + "a,2017-07-04,,ICBM,,,북한\n".encode("cp949"), "mine.csv"),
        (HEADER.encode("utf-16"), "mine.csv"),
        (b"\x00\x01\x02", "mine.csv"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_by_its_name(sixparty, mine, text, message):
    mine.write_bytes(text)
    ran = sixparty("data", "reconcile", "chronicle", mine)
    assert ran.code == 3
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_without_lists_the_report_that_ships_is_printed(sixparty):
    ran = sixparty("data", "reconcile")
    assert ran.code == 0
    assert ran.out.startswith("Findings by kind\n")
    assert len(json.loads(sixparty("data", "reconcile", "--json").out)["result"]["tables"]) == 9


def test_one_list_alone_is_refused(sixparty):
    ran = sixparty("data", "reconcile", "chronicle")
    assert ran.code == 2
    assert "needs two lists, or none" in ran.err
