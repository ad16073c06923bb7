import datetime as dt

import pytest

from sixparty.errors import DateRefused, UsageError
from sixparty.periods import (
    overlap_days,
    parse_date,
    period_ends,
    require_horizon,
    require_saturday,
    saturday_on_or_after,
    saturday_on_or_before,
    window_end,
)

SATURDAY = dt.date(2025, 6, 28)


@pytest.mark.parametrize("text", ["2025-6-28", "28.06.2025", "yesterday", "", "2025-06-28T00:00"])
def test_a_date_of_another_form_is_refused_with_the_form_that_is_expected(text):
    with pytest.raises(DateRefused, match="must be a date like 2025-06-28"):
        parse_date(text)


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(DateRefused, match="must be a day that exists, got '2025-02-30'"):
        parse_date("2025-02-30", name="as-of")


def test_a_week_runs_from_sunday_to_saturday():
    for offset in range(7):
        assert saturday_on_or_before(SATURDAY + dt.timedelta(days=offset)) == SATURDAY
        assert saturday_on_or_after(SATURDAY - dt.timedelta(days=offset)) == SATURDAY


def test_a_reference_date_that_is_no_saturday_is_refused_with_the_nearest_one():
    with pytest.raises(DateRefused, match="Use 2025-06-28"):
        require_saturday(dt.date(2025, 6, 30))


def test_period_ends_close_on_the_last_day_and_leave_out_a_short_first_period():
    ends = period_ends(dt.date(2025, 6, 1), SATURDAY)
    assert ends == [SATURDAY - dt.timedelta(weeks=k) for k in (3, 2, 1, 0)]
    assert period_ends(dt.date(2025, 6, 2), SATURDAY)[0] == dt.date(2025, 6, 14)
    assert period_ends(dt.date(2025, 5, 1), SATURDAY, weeks=4) == [dt.date(2025, 5, 31), SATURDAY]


def test_a_window_ends_on_a_saturday():
    for horizon in (1, 4, 13, 26, 52):
        assert window_end(SATURDAY, horizon) == SATURDAY + dt.timedelta(weeks=horizon)


def test_a_horizon_that_is_no_window_is_refused_with_the_five_windows():
    with pytest.raises(UsageError, match="must be one of 1, 4, 13, 26, 52 weeks, got 0"):
        require_horizon(0)


def test_days_that_two_spans_share_are_counted_with_both_ends():
    march = (dt.date(2025, 3, 10), dt.date(2025, 3, 21))
    assert overlap_days(*march, dt.date(2025, 3, 16), dt.date(2025, 3, 22)) == 6
    assert overlap_days(*march, dt.date(2025, 3, 22), dt.date(2025, 3, 29)) == 0
