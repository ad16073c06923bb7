"""The search for a break under rates that wander without one, and planted breaks."""

import datetime as dt

import numpy as np
import pytest
from tests.dates_examples import (
    CLUSTERED,
    DAYS,
    DRIFTING,
    FIRST,
    PLAIN,
    asked,
    coverage,
    share_below,
    simulated,
)

from sixparty.evidence.designs.break_point import break_point

HERE = 6000
AT = str(FIRST + dt.timedelta(HERE))


def answers(world, *, runs, ratio=1.0, place=HERE, seed=11, **options):
    on = np.arange(DAYS) >= place
    counts = simulated(np.random.default_rng(seed), world, runs=runs, on=on, ratio=ratio)
    return asked(break_point, counts, np.array([5000]), **options)


def test_a_clustered_rate_without_a_break_seldom_shows_one():
    """At most 3 alarms in 8 runs: with 8 % a run, this fails by chance in 0.2 % of seeds."""
    assert share_below(answers(CLUSTERED, runs=8)) <= 3 / 8


def test_a_break_in_a_steady_rate_is_found_and_dated():
    """With power and coverage .95, six runs fall below four in 0.2 % of seeds, for each of three floors."""
    found = answers(PLAIN, runs=6, ratio=3.0)
    day = FIRST.toordinal() + HERE
    dated = [each.details["first_week"] - 8 <= day <= each.details["last_week"] + 8 for each in found]
    assert share_below(found) >= 4 / 6
    assert coverage(found, 3.0) >= 4 / 6
    assert np.mean(dated) >= 4 / 6


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"at": AT}])
@pytest.mark.parametrize("world", [CLUSTERED, DRIFTING])
def test_false_alarms_stay_near_five_percent(world, options):
    """100 runs; a rate of 7 % lies beyond 15 % in 0.2 % of seeds, for each of four cases."""
    assert share_below(answers(world, runs=100, seed=41, **options)) <= 0.15


@pytest.mark.slow
def test_planted_breaks_are_recovered_and_the_detectable_one_is_seen():
    """150 runs of a ratio of 4 at a date asked for; coverage of .95 falls below .9 in 0.5 % of seeds."""
    found = answers(CLUSTERED, runs=150, ratio=4.0, seed=43, at=AT)
    assert coverage(found, 4.0) >= 0.9
    assert np.median([each.ratio.value for each in found]) == pytest.approx(4.0, rel=0.3)
    close = [each for each in found if 3.0 < each.minimum_detectable < 5.3]
    assert len(close) > 40
    assert 0.6 <= share_below(close) <= 0.97
