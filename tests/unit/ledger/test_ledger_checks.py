import pytest
from tests.unit.ledger.conftest import agreements_of, commitments_of, table_of

from sixparty.chronicle.schema_ledger import IMPLEMENTATION
from sixparty.errors import RecordRefused
from sixparty.ledger import LEDGER_CHECKS, failing_implementation_rows, failing_ledger_rows

DUE = {"due_precision": "day", "due_basis": "text"}
STATUS = {"status_date": "2010-05-27", "status_precision": "day"}
PLANTED = {
    "commitments_of_no_agreement": ({}, [{}, {"agreement_id": "agr-9"}]),
    "obligors_outside_the_agreement": ({}, [{"obligors": "PRK;USA"}]),
    "due_before_signed": ({}, [{"due_date": "2000-06-14", **DUE}]),
    "status_before_signed": ({}, [{"status": "kept", **STATUS, "status_date": "1999-01-01"}]),
    "known_before_signed": ({}, [{"known_date": "2000-06-14"}]),
    "statuses_without_a_date": ({}, [{"status": "kept"}]),
    "remarks_without_a_day": ({}, [{"note": "A remark"}]),
    "breaches_without_an_act": ({}, [{"status": "breached", "status_basis": "sourced", **STATUS}]),
    "sourced_from_memory": ({}, [{"source_ids": "recalled-press"}]),
    "conditions_without_a_trigger": ({}, [{"automaticity": "conditional"}]),
    "steps_that_end_before_they_begin": (
        {},
        [{"step_kind": "hotline", "held_from": "2001-01-01", "held_until": "2000-12-31"}],
    ),
    "coded_without_clauses": ({"coded": "title_only"}, [{}]),
    "ledger_words_that_take_a_side": ({}, [{"promise_en": "End the provocation"}]),
    "ledger_korean_without_hangul": ({}, [{"promise_ko": "Stop"}]),
}


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_planted_fault_is_found_by_its_check_and_by_no_other(name):
    agreement, commitments = PLANTED[name]
    found = failing_ledger_rows(agreements_of(agreement), commitments_of(*commitments))
    assert set(found["check"]) == {name}


def test_a_breach_by_our_own_reading_is_found():
    act = {"status": "breached", "ended_by": "Shots were fired", **STATUS}
    found = failing_ledger_rows(agreements_of(), commitments_of(act))
    assert found["check"].to_list() == ["breaches_without_an_act"]


def test_every_check_has_a_planted_fault():
    assert set(LEDGER_CHECKS) == set(PLANTED)


def test_the_tables_that_are_shipped_fail_no_check(shipped):
    assert failing_ledger_rows(*shipped).to_dicts() == []


def test_names_of_rows_are_unique(shipped):
    assert all(not table["id"].is_duplicated().any() for table in shipped)


def test_no_row_is_known_or_ended_after_the_record(shipped):
    for table in shipped:
        for column in ("known_date", "status_date", "remarks_from"):
            assert str(table[column].max()) <= "2025-06-30"


def degrees_of(**cells):
    row = {"commitment_id": "cmt-1", "year": "2003", "level": "2", "known_date": "2004-01-01", "basis": "counted"}
    return table_of(IMPLEMENTATION, [row | {"source_ids": "a-source", "note": "Two rounds"} | cells])


@pytest.mark.parametrize(
    ("cells", "check"),
    [
        ({}, []),
        ({"commitment_id": "cmt-9"}, ["degrees_of_no_promise"]),
        ({"year": "1999"}, ["degrees_before_signature"]),
        ({"known_date": "2003-12-31"}, ["degrees_known_too_early"]),
    ],
)
def test_degrees_that_cannot_be_are_found(cells, check):
    found = failing_implementation_rows(degrees_of(**cells), agreements_of(), commitments_of({}))
    assert found["check"].to_list() == check


def test_a_level_outside_the_scale_is_refused_when_it_is_read():
    with pytest.raises(RecordRefused, match="one of 0, 1, 2, 3"):
        degrees_of(level="4")
