import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.ledger.conftest import agreements_of, commitments_of

from sixparty.ledger import GRADES, hold_curves, implementation_degrees, ledger_status, rate_of

DAYS = st.dates(dt.date(2000, 6, 16), dt.date(2025, 6, 30))
STATUSES = st.sampled_from(["kept", "partly_kept", "lapsed", "superseded"])


@st.composite
def promises(draw):
    due, ended, first = draw(DAYS), draw(DAYS), draw(DAYS)
    last = draw(st.dates(first, dt.date(2025, 6, 30)))
    return {
        "due_date": str(due),
        "due_precision": draw(st.sampled_from(["day", "month", "year"])),
        "due_basis": "text",
        "status": draw(STATUSES),
        "status_date": str(ended),
        "status_precision": "day",
        "ended_by": "An act",
        "step_kind": "hotline",
        "held_from": str(first),
        "held_until": str(last),
    }


@settings(max_examples=40, deadline=None)
@given(st.lists(promises(), min_size=1, max_size=6), DAYS, st.data())
def test_what_came_later_changes_nothing_in_a_look_back(rows, day, data):
    """Rows whose outcome lies ahead read the same whatever that outcome is."""
    later = data.draw(st.lists(promises(), min_size=len(rows), max_size=len(rows)))
    for row, other in zip(rows, later, strict=True):
        for cell in ("status_date", "held_until"):
            row[cell] = str(max(day, dt.date.fromisoformat(row[cell])))
            other[cell] = str(max(day, dt.date.fromisoformat(other[cell])))
        for cell in ("due_date", "due_precision", "held_from"):
            other[cell] = row[cell]
    one, another = (ledger_status(agreements_of(), commitments_of(*found), as_of=day) for found in (rows, later))
    assert one == another
    assert hold_curves(commitments_of(*rows), as_of=day) == hold_curves(commitments_of(*later), as_of=day)


@settings(max_examples=40, deadline=None)
@given(st.lists(promises(), min_size=1, max_size=6), DAYS)
def test_overdue_and_due_lie_on_either_side_of_the_day(rows, day):
    ledger = ledger_status(agreements_of(), commitments_of(*rows), as_of=day, due_within_days=90)
    assert all(row.due_date < day and row.days_overdue > 0 for row in ledger.in_state("overdue"))
    assert all(0 <= (row.due_date - day).days <= 90 for row in ledger.in_state("due"))


@settings(max_examples=40, deadline=None)
@given(st.lists(promises(), min_size=3, max_size=9), DAYS)
def test_the_share_that_holds_only_falls_and_lies_in_its_interval(rows, day):
    for curve in hold_curves(commitments_of(*rows), as_of=day):
        shares = [share.share for share in curve.shares]
        assert shares == sorted(shares, reverse=True)
        assert all(share.low <= share.share + 1e-9 and share.share <= share.high + 1e-9 for share in curve.shares)
        assert curve.ended <= curve.steps <= len(rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(promises(), min_size=1, max_size=9))
def test_without_censoring_the_share_is_a_plain_count(rows):
    """The product-limit estimate with no censored step is the empirical share."""
    unique = {(row["held_from"], row["held_until"]): row for row in rows}
    day = dt.date(2026, 1, 1)
    curve = hold_curves(commitments_of(*rows), as_of=day)[-1]
    spans = [(dt.date.fromisoformat(b) - dt.date.fromisoformat(a)).days + 1 for a, b in unique]
    for share in curve.shares:
        longer = sum(span > share.years * 365.25 for span in spans)
        assert share.share == pytest.approx(longer / len(spans))


@settings(max_examples=40, deadline=None)
@given(st.lists(promises(), min_size=1, max_size=5), DAYS, st.data())
def test_what_came_later_changes_no_degree_of_a_look_back(rows, day, data):
    """Degrees of all years up to the day are the same whatever the outcome that lies ahead."""
    later = data.draw(st.lists(promises(), min_size=len(rows), max_size=len(rows)))
    for row, other in zip(rows, later, strict=True):
        for found in (row, other):
            for cell in ("status_date", "held_until"):
                found[cell] = str(max(day, dt.date.fromisoformat(found[cell])))
        for cell in ("due_date", "due_precision", "held_from"):
            other[cell] = row[cell]
    one, another = (
        implementation_degrees(agreements_of(), commitments_of(*found), as_of=day) for found in (rows, later)
    )
    assert one == another


@settings(max_examples=40, deadline=None)
@given(st.lists(promises(), min_size=1, max_size=5), DAYS)
def test_every_degree_is_a_known_grade_with_its_level(rows, day):
    for degree in implementation_degrees(agreements_of(), commitments_of(*rows), as_of=day):
        assert degree.grade in GRADES
        assert (degree.level is None) == (degree.grade in ("in_part", "unknown"))
        assert (degree.rule == "no_record") == (degree.grade == "unknown")
        assert 2000 <= degree.year <= day.year


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([0.5, 0.8, 0.95]))
def test_a_rate_lies_in_its_interval_and_within_zero_and_one(count, rest, confidence):
    rate = rate_of(count, count + rest, confidence=confidence)
    if rate.share is not None:
        assert 0 <= rate.low <= rate.share <= rate.high <= 1


@given(st.integers(0, 40), st.integers(1, 40))
def test_the_interval_of_the_other_outcome_is_its_mirror(count, rest):
    one, other = rate_of(count, count + rest), rate_of(rest, count + rest)
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low))
