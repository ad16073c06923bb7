import datetime as dt

import pytest
from tests.unit.ledger.conftest import agreements_of, commitments_of

from sixparty.ledger import STATES, ledger_status

DAY = dt.date(2010, 1, 1)
ENDED = {
    "status": "lapsed",
    "status_date": "2010-05-27",
    "status_precision": "day",
    "status_by": "PRK",
    "ended_by": "PRK said that it would no longer apply it",
    "contested": "KOR said that one side cannot end it",
}


def row_of(day=DAY, ahead=90, **cells):
    (row,) = ledger_status(agreements_of(), commitments_of(cells), as_of=day, due_within_days=ahead).rows
    return row


def test_a_status_shows_from_the_day_after_its_date():
    assert row_of(dt.date(2010, 5, 27), **ENDED).state == "in_force"
    assert row_of(dt.date(2010, 5, 28), **ENDED).state == "lapsed"


@pytest.mark.parametrize(("precision", "day"), [("month", "2010-06-01"), ("year", "2011-01-01")])
def test_a_status_of_lesser_precision_shows_after_the_period_it_claims(precision, day):
    ended = ENDED | {"status_date": "2010-05-01" if precision == "month" else "2010-01-01"}
    shown = dt.date.fromisoformat(day)
    assert row_of(shown, **ended | {"status_precision": precision}).state == "lapsed"
    assert row_of(shown - dt.timedelta(days=1), **ended | {"status_precision": precision}).state == "in_force"


def test_before_a_status_shows_nothing_tells_of_it():
    row = row_of(**ENDED)
    assert (row.since, row.ended_by, row.contested, row.status_by) == (None, None, None, ())
    assert row.status_basis == "inferred"


def test_remarks_that_speak_of_later_years_wait_for_them():
    later = ENDED | {"remarks_from": "2018-09-19"}
    assert row_of(dt.date(2012, 1, 1), **later).contested is None
    assert row_of(dt.date(2012, 1, 1), **later).state == "lapsed"
    assert row_of(dt.date(2018, 9, 19), **later).contested == ENDED["contested"]


def test_a_promise_is_overdue_from_the_day_after_its_term():
    term = {"due_date": "2010-01-01", "due_precision": "day", "due_basis": "text"}
    assert row_of(dt.date(2010, 1, 1), **term).state == "due"
    late = row_of(dt.date(2010, 1, 4), **term)
    assert (late.state, late.days_overdue, late.since) == ("overdue", 3, dt.date(2010, 1, 2))


def test_a_term_counts_as_due_only_within_the_days_asked_for():
    term = {"due_date": "2010-03-01", "due_precision": "month", "due_basis": "text"}
    assert row_of(ahead=89, **term).state == "due"
    assert row_of(ahead=88, **term).state == "in_force"


@pytest.mark.parametrize("cells", [{"automaticity": "aspirational"}, {"automaticity": "conditional", "trigger": "x"}])
def test_what_waits_for_a_trigger_or_is_to_be_striven_for_is_never_overdue(cells):
    term = {"due_date": "2005-01-01", "due_precision": "day", "due_basis": "text"}
    assert row_of(**term, **cells).state == "in_force"


def test_an_unknown_outcome_is_unknown_only_once_its_term_has_passed():
    term = {"due_date": "2010-01-20", "due_precision": "day", "due_basis": "text", "status": "unknown"}
    assert row_of(**term).state == "due"
    assert row_of(dt.date(2010, 2, 1), **term).state == "unknown"


def test_a_promise_signed_later_is_not_in_the_ledger():
    ledger = ledger_status(agreements_of(), commitments_of({}), as_of=dt.date(2000, 6, 15))
    assert (ledger.rows, ledger.agreements, ledger.coded) == ((), 0, 0)


def test_both_sides_of_a_promise_count_it_and_only_one_counts_the_act():
    ledger = ledger_status(agreements_of(), commitments_of(ENDED), as_of=dt.date(2011, 1, 1))
    counts = {
        side.party: (side.every.promises, side.every.states["lapsed"], side.ended_by_own_act) for side in ledger.sides
    }
    assert counts == {"PRK": (1, 1, 1), "KOR": (1, 1, 0)}


def test_every_state_is_counted_once(shipped):
    ledger = ledger_status(*shipped, as_of=dt.date(2025, 6, 30))
    assert sum(len(ledger.in_state(state)) for state in STATES) == len(ledger.rows) == len(shipped[1])
    assert all(sum(side.every.states.values()) == side.every.promises for side in ledger.sides)


def test_a_step_that_was_begun_is_carried_out_until_it_ends_and_never_overdue():
    begun = {"due_date": "2005-01-01", "due_precision": "day", "due_basis": "text", "step_kind": "hotline"}
    begun |= {"held_from": "2005-03-01", "held_until": "2010-05-27"}
    assert row_of(dt.date(2005, 2, 1), **begun).state == "overdue"
    assert row_of(dt.date(2010, 5, 27), **begun).state == "carried_out"
    assert row_of(dt.date(2010, 5, 28), **begun).state == "overdue"


def test_in_november_2018_the_buffers_held_and_the_visit_to_seoul_was_due(shipped):
    ledger = ledger_status(*shipped, as_of=dt.date(2018, 11, 15))
    states = {row.id: row.state for row in ledger.rows}
    assert states["cmt-2018-military-1-3"] == "carried_out"
    assert states["cmt-2018-pyongyang-6"] == "due"
    assert not any(row.agreement_id == "agr-2024-rus-prk" for row in ledger.rows)


def test_one_statement_that_ends_two_promises_is_one_act():
    ledger = ledger_status(agreements_of(), commitments_of(ENDED, ENDED), as_of=dt.date(2011, 1, 1))
    assert [(side.ended_by_own_act, side.own_acts) for side in ledger.sides] == [(2, 1), (0, 0)]
