"""Windows around dates, and one count set beside its placebos."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dates_examples import DAYS, FIRST, question

from sixparty.evidence.designs._placebo import compare, date_places, first_of_each_burst, open_days, week_span
from sixparty.evidence.estimate import NotTestable

ORDINARY = np.random.default_rng(1).poisson(20, 4_000).astype(float)


@pytest.mark.parametrize(
    ("weeks", "days"),
    [
        ((1, 4), (1, 28)),
        ((-4, -1), (-28, -1)),
        ((0, 0), (0, 0)),
        ((0, 2), (0, 14)),
        ((-1, 1), (-7, 7)),
        ((5, 5), (29, 35)),
    ],
)
def test_weeks_around_a_date_are_runs_of_seven_days_and_the_date_is_in_none(weeks, days):
    assert week_span(*weeks) == days


def test_weeks_that_run_backwards_are_refused():
    with pytest.raises(NotTestable, match="from_week must not lie after to_week"):
        week_span(4, 1)


def test_days_left_out_hold_no_outcome_and_break_every_window_that_touches_them():
    asked = question(np.ones(DAYS, dtype=int), np.array([100])).without(FIRST, FIRST.replace(month=1, day=10))
    record = open_days(asked)
    assert record.events == DAYS - 10
    assert list(record.is_whole(np.array([9, 10, -3]), np.array([20, 20, 4]))) == [False, True, False]
    assert record.within(np.array([5]), np.array([14]))[0] == 5


def test_a_burst_is_known_by_its_first_date():
    assert list(first_of_each_burst(np.array([3, 20, 47, 90, 119]), 28)) == [3, 90, 119]
    assert list(first_of_each_burst(np.array([3, 20]), 0)) == [3, 20]


def test_dates_outside_the_window_alone_are_refused():
    asked = question(np.ones(DAYS, dtype=int), np.array([DAYS + 5]))
    with pytest.raises(NotTestable, match="got none"):
        date_places(asked)


@settings(max_examples=30, deadline=None)
@given(count=st.integers(0, 80))
def test_one_lies_in_the_interval_exactly_when_the_count_does_not_stand_out(count):
    found = compare(count, ORDINARY, expected=20.0, generator=np.random.default_rng(2))
    assert found.ratio.low <= found.ratio.value <= found.ratio.high
    if abs(found.p_value - 0.05) > 0.02:
        assert found.ratio.holds_one == (found.p_value > 0.05)


def test_under_poisson_placebos_interval_and_power_are_those_of_a_poisson_count():
    """With mean 20 the count of 40 has the exact interval 28.6 to 54.5; 80 % power asks for a mean of about 35."""
    found = compare(40, ORDINARY, expected=20.0, generator=np.random.default_rng(2))
    assert found.ratio.value == pytest.approx(40.5 / 20.5)
    assert found.ratio.low == pytest.approx(28.6 / 20, rel=0.08)
    assert found.ratio.high == pytest.approx(54.5 / 20, rel=0.08)
    assert found.minimum_detectable == pytest.approx(35 / 20, rel=0.08)


def test_no_outcome_at_all_gives_a_ratio_above_zero_and_an_interval_from_zero():
    found = compare(0, ORDINARY, expected=20.0, generator=np.random.default_rng(2))
    assert found.ratio.low == 0.0 < found.ratio.value < found.ratio.high < 0.3


def test_fewer_than_three_expected_outcomes_are_refused():
    with pytest.raises(NotTestable, match=r"at least 3 outcomes in all, got 2\.0"):
        compare(4, ORDINARY / 10, expected=2.0, generator=np.random.default_rng(2))
