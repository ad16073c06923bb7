"""Size and power of the design `count_regression` on simulated records of 35 years with drift, bursts and season."""

import numpy as np
import pytest
from tests.rate_examples import NULLS, World, drawn_question, seen_at_stated, studied, unlikely

from sixparty.evidence.designs.count_regression import count_regression

RUNS = 200


def test_a_null_is_seldom_called_and_a_doubling_lies_within_its_interval():
    """40 records each: more than 8 calls at a true 5 %, or fewer than 29 intervals at 95 %, below 1 in 1,000."""
    null = studied(count_regression, (drawn_question(World(), seed=seed) for seed in range(40)))
    doubled = studied(count_regression, (drawn_question(World(ratio=2.0), seed=seed) for seed in range(40)), ratio=2.0)
    assert null.called <= 8 / 40
    assert doubled.covered.mean() >= 29 / 40
    assert abs(np.median(doubled.log_ratios) - np.log(2)) < 0.2


@pytest.mark.slow
@pytest.mark.parametrize("words", NULLS["count_regression"])
def test_false_alarms_stay_near_5_percent(words: str):
    """Between 2.5 and 8 % in truth; the bounds are those that 200 runs leave in 1 of 1,000 cases at these ends."""
    null = studied(
        count_regression, (drawn_question(NULLS["count_regression"][words], seed=seed) for seed in range(RUNS))
    )
    assert null.refused < 0.05 * RUNS
    assert unlikely(0.025, runs=RUNS)[0] <= null.called <= unlikely(0.08, runs=RUNS)[1]
    assert np.nanmean(null.lead_found) <= unlikely(0.08, runs=RUNS)[1]
    assert abs(np.median(null.log_ratios)) < 0.15


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_intervals_hold_the_planted_ratio(ratio: float):
    """At least 90 % in truth: fewer than 82 % of 200 runs in 1 of 1,000 cases."""
    world = World(ratio=ratio)
    planted = studied(count_regression, (drawn_question(world, seed=seed) for seed in range(RUNS)), ratio=ratio)
    assert planted.covered.mean() >= unlikely(0.9, runs=RUNS)[0]
    assert abs(np.median(planted.log_ratios) - np.log(ratio)) < 0.12


@pytest.mark.slow
@pytest.mark.parametrize("world", [World(), World(half_life_years=np.inf)])
def test_the_stated_detectable_ratio_is_seen(world: World):
    """Between 70 and 90 % in truth; 200 runs leave .59 to .965 in 1 of 1,000 cases at these ends."""
    seen = seen_at_stated(count_regression, world, seeds=range(RUNS))
    assert unlikely(0.7, runs=RUNS)[0] <= seen <= unlikely(0.9, runs=RUNS)[1]
