"""`sixparty evidence` on a record made by hand: what it prints, what it refuses, and what a look back sees."""

import csv
import json

import pytest
from tests.unit.evidence.conftest import CLAIM_FILE, launches, spring_drills

from sixparty.service import evidence as service_module

KEYS = [
    "claim",
    "mechanisms",
    "title",
    "text",
    "made_by",
    "doubted_by",
    "standing",
    "reason",
    "verdict",
    "flips",
    "lead_passes",
    "grade",
    "design",
    "expects",
    "smallest",
    "options",
    "exposure",
    "outcome",
    "window",
    "estimate",
    "checks",
    "readings",
    "not_run",
    "rows",
]
ESTIMATE_KEYS = {
    "ratio",
    "p_value",
    "episodes",
    "exposed_days",
    "events",
    "exposed_events",
    "minimum_detectable",
    "lead",
    "details",
}
UNTESTED = ("unification-ends-brinkmanship", "summit-ended-the-war")


@pytest.fixture
def made_up(make_chronicle, monkeypatch):
    """Let the verb read a record made by hand; the shipped one is not looked at."""
    record = make_chronicle(spells=spring_drills(), events=launches(in_drills=2))
    monkeypatch.setattr(service_module, "open_record", lambda *, home: record)


@pytest.fixture
def own_claim(tmp_path):
    path = tmp_path / "my-question.toml"
    path.write_text(CLAIM_FILE, encoding="utf-8")
    return path


def document(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)


def test_every_claim_is_listed_in_one_line(sixparty):
    ran = sixparty("evidence", "list")
    assert ran.out.splitlines()[0].split("\t") == ["claim", "mechanisms", "standing", "design", "title_en"]
    assert len(ran.rows) == len(service_module.shipped_claims())
    assert [row[0] for row in ran.rows] == sorted(row[0] for row in ran.rows)


def test_the_list_as_a_document_has_both_languages(sixparty):
    claims = document(sixparty("evidence", "list", "--json"))["result"]["claims"]
    assert all(row["title_en"] and row["title_ko"] and row["mechanisms"] for row in claims)
    assert all((row["design"] is None) == (row["standing"] != "tested") for row in claims)


def test_a_file_of_ones_own_is_tested_and_the_document_keeps_its_shape(sixparty, made_up, own_claim):
    found = document(sixparty("evidence", "test", own_claim, "--json"))
    assert list(found) == ["spec", "result", "provenance", "warnings"]
    assert list(found["result"]) == ["claims", "expected_false_positives", "verdicts"]
    (claim,) = found["result"]["claims"]
    assert list(claim) == KEYS
    assert set(claim["estimate"]) == ESTIMATE_KEYS
    assert set(claim["estimate"]["ratio"]) == {"value", "low", "high"}
    assert claim["window"] == {"first": "1995-01-01", "last": "2025-06-30"}
    assert claim["claim"] == "my-question"
    assert all(set(check) == ESTIMATE_KEYS for check in claim["checks"].values())
    assert found["result"]["verdicts"] == {claim["verdict"]: 1}
    assert found["result"]["expected_false_positives"] == pytest.approx(0.05)


def test_the_same_command_gives_the_same_result(sixparty, made_up, own_claim):
    first, again = (document(sixparty("evidence", "test", own_claim, "--json")) for _ in range(2))
    assert first["result"] == again["result"]


def test_several_claims_come_in_the_order_asked(sixparty, made_up, own_claim):
    ran = sixparty("evidence", "test", UNTESTED[0], own_claim, UNTESTED[1])
    assert ran.code == 0
    assert [row[0] for row in ran.rows] == [UNTESTED[0], "my-question", UNTESTED[1]]
    assert [row[1] for row in ran.rows][::2] == ["not_testable", "contradicted_by_the_text"]


def test_a_claim_that_cannot_be_tested_is_a_result_and_no_failure(sixparty, made_up, own_claim):
    text = own_claim.read_text(encoding="utf-8")
    own_claim.write_text(text.replace("first = 1995-01-01", "first = 2025-01-01"), encoding="utf-8")
    (claim,) = document(sixparty("evidence", "test", own_claim, "--json"))["result"]["claims"]
    assert claim["verdict"] == "not_testable"
    assert "the window must hold a year" in claim["not_run"]["main"]
    assert (claim["estimate"], claim["window"], claim["grade"]) == (None, None, None)
    line = sixparty("evidence", "test", own_claim).rows[0]
    assert line[:3] == ["my-question", "not_testable", ""]


def test_a_look_back_uses_nothing_later(sixparty, made_up, own_claim):
    now = document(sixparty("evidence", "test", own_claim, "--json"))["result"]["claims"][0]
    then = document(sixparty("evidence", "test", own_claim, "--as-of", "2016-12-31", "--json"))
    claim = then["result"]["claims"][0]
    assert then["spec"]["as_of"] == "2016-12-31"
    assert claim["window"]["last"] == "2016-12-30"
    assert claim["estimate"]["events"] < now["estimate"]["events"]
    assert not any(row[3:7] > "2016" for row in claim["rows"])
    assert "--as-of 2016-12-31" in then["provenance"]["command"]


def test_effects_are_written_as_a_table(sixparty, made_up, own_claim, tmp_path):
    path = tmp_path / "effects.csv"
    assert sixparty("evidence", "test", own_claim, UNTESTED[0], "--write-effects", path).code == 0
    with path.open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["claim"] == "my-question"
    assert float(row["low"]) <= float(row["estimate"]) <= float(row["high"])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["drils-raise-tests"], 2, "The nearest are drills-raise-tests"),
        (["zzzz"], 2, "`sixparty evidence list` prints them"),
        (["nowhere.toml"], 3, "nowhere.toml must be a readable TOML file"),
        (["unification-ends-brinkmanship", "--as-of", "yesterday"], 3, "as-of must be a date like 2025-06-28"),
        (["unification-ends-brinkmanship", "--as-of", "1980-01-01"], 3, "as-of must be"),
        ([], 2, "Missing argument"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_exit_code(sixparty, words, code, told):
    ran = sixparty("evidence", "test", *words)
    assert ran.code == code
    assert told in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ballistic_launch", "missile", "event_type of events must be among"),
        ('"case_series"', '"magic"', "test.design must be one of"),
        ("smallest = 1.25", "smallest = 0.5", "test.smallest must be a ratio above 1 for 'more'"),
        ("harmonics", "harmonic", "such as harmonics, got harmonic"),
        ('standing = "tested"', "standing = ", "must be a readable TOML file"),
    ],
)
def test_a_wrong_file_is_refused_before_anything_is_tested(sixparty, made_up, own_claim, old, new, told):
    own_claim.write_text(own_claim.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    ran = sixparty("evidence", "test", own_claim)
    assert ran.code == 3
    assert "my-question.toml" in ran.err
    assert told in ran.err
    assert ran.out == ""


def test_all_claims_and_a_file_of_ones_own_are_tested_together(sixparty, made_up, own_claim, monkeypatch):
    few = {name: claim for name, claim in service_module.shipped_claims().items() if name in UNTESTED}
    monkeypatch.setattr(service_module, "shipped_claims", lambda: few)
    ran = sixparty("evidence", "test", "all", own_claim, UNTESTED[0])
    assert ran.code == 0
    assert [row[0] for row in ran.rows] == [*few, "my-question"]
