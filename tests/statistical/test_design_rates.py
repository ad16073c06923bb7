"""Size and power of the design `rates` on simulated records of 35 years: long spells, a level that wanders, bursts."""

import numpy as np
import pytest
from tests.rate_examples import NULLS, World, drawn_question, seen_at_stated, studied, unlikely

from sixparty.evidence.designs.rates import rates

RUNS = 100
HELD = [
    "4 zones, level of half-life 1 year, bursts, 50 outcomes",
    "4 zones, level of half-life 3 years, bursts",
    "drills, level of half-life 3 years, bursts",
]


def test_a_null_is_seldom_called_and_a_doubling_lies_within_its_interval():
    """30 records each: more than 8 calls at a true 8 %, or fewer than 20 intervals at 90 %, below 1 in 1,000."""
    world = World("zones4", half_life_years=1.0, mean=50.0)
    null = studied(rates, (drawn_question(world, seed=seed) for seed in range(30)))
    doubled = World("zones4", half_life_years=1.0, mean=50.0, ratio=2.0)
    planted = studied(rates, (drawn_question(doubled, seed=seed) for seed in range(30)), ratio=2.0)
    assert null.called <= 8 / 30
    assert planted.covered.mean() >= 20 / 30


@pytest.mark.slow
@pytest.mark.parametrize("words", HELD)
def test_false_alarms_stay_at_or_below_8_percent(words: str):
    """Up to 8 % in truth; above 18 % of 100 runs in 1 of 2,000 cases."""
    null = studied(rates, (drawn_question(NULLS["rates"][words], seed=seed) for seed in range(RUNS)))
    assert null.called <= unlikely(0.08, runs=RUNS)[1]
    assert np.nanmean(null.lead_found) <= unlikely(0.08, runs=RUNS)[1]


@pytest.mark.slow
@pytest.mark.parametrize("words", HELD[::2])
def test_the_stated_detectable_ratio_is_seen(words: str):
    """Between 70 and 90 % in truth; 100 runs leave .54 to .98 in 1 of 1,000 cases at these ends."""
    seen = seen_at_stated(rates, NULLS["rates"][words], seeds=range(RUNS))
    assert unlikely(0.7, runs=RUNS)[0] <= seen <= unlikely(0.9, runs=RUNS)[1]
