import datetime as dt

import pytest

from sixparty.errors import DateRefused
from sixparty.service import resolve_dates


def test_without_a_date_the_record_s_end_decides_and_the_clock_is_not_asked(make_chronicle):
    dates = resolve_dates(make_chronicle(), None)
    assert (dates.as_of, dates.reference_date) == (dt.date(2025, 6, 30), dt.date(2025, 6, 28))
    assert not dates.is_stale


@pytest.mark.parametrize(
    ("as_of", "reference_date"),
    [
        ("2025-06-28", "2025-06-21"),
        ("2025-06-29", "2025-06-28"),
        ("2026-11-22", "2025-06-28"),
        ("2017-09-04", "2017-09-02"),
    ],
)
def test_the_reference_date_is_the_last_saturday_whose_events_could_be_known(make_chronicle, as_of, reference_date):
    assert resolve_dates(make_chronicle(), as_of).reference_date == dt.date.fromisoformat(reference_date)


@pytest.mark.parametrize(("as_of", "is_stale"), [("2025-07-14", False), ("2025-07-15", True)])
def test_a_record_that_ended_more_than_fourteen_days_before_is_stale(make_chronicle, as_of, is_stale):
    assert resolve_dates(make_chronicle(), as_of).is_stale is is_stale


def test_the_week_before_uses_what_was_known_a_week_earlier(make_chronicle):
    dates = resolve_dates(make_chronicle(), "2025-06-30").a_week_before()
    assert (dates.as_of, dates.reference_date) == (dt.date(2025, 6, 23), dt.date(2025, 6, 21))
    stale = resolve_dates(make_chronicle(), "2026-11-22").a_week_before()
    assert (stale.as_of, stale.reference_date) == (dt.date(2025, 6, 23), dt.date(2025, 6, 21))


@pytest.mark.parametrize("as_of", ["1991-12-29", "1980-01-01"])
def test_a_date_that_leaves_too_little_record_is_refused_with_the_first_that_does_not(make_chronicle, as_of):
    with pytest.raises(DateRefused, match="as-of must be 1991-12-30 or later"):
        resolve_dates(make_chronicle(), as_of)


def test_a_date_that_is_none_is_refused(make_chronicle):
    with pytest.raises(DateRefused, match="as-of must be a day that exists"):
        resolve_dates(make_chronicle(), "2025-06-31")
