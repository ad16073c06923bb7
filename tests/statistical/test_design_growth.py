"""Size and power of the design `growth` on simulated stocks of 33 years."""

import numpy as np
import pytest
from tests.rate_examples import drawn_growth, studied, unlikely

from sixparty.evidence.designs.growth import growth

RUNS = 300


def drawn(*, runs: int, number: int, memory: float, effect: float = 0.0):
    return (drawn_growth(seed=seed, number=number, memory=memory, effect=effect) for seed in range(runs))


def test_a_null_is_seldom_called_and_a_planted_growth_is_recovered():
    """40 stocks each: more than 8 calls at a true 5 %, or fewer than 29 intervals at 95 %, below 1 in 1,000."""
    null = studied(growth, drawn(runs=40, number=6, memory=0.3))
    planted = studied(growth, drawn(runs=40, number=6, memory=0.3, effect=0.08), ratio=np.exp(0.08))
    assert null.called <= 8 / len(null.p_values)
    assert planted.covered.mean() >= 29 / 40
    assert abs(np.median(planted.log_ratios) - 0.08) < 0.03


@pytest.mark.slow
@pytest.mark.parametrize("number", [3, 6])
@pytest.mark.parametrize("memory", [0.0, 0.3, 0.6])
def test_false_alarms_stay_near_5_percent(number: int, memory: float):
    """Between 2.5 and 8 % in truth; the bounds are those that 300 runs leave in 1 of 1,000 cases at these ends."""
    null = studied(growth, drawn(runs=RUNS, number=number, memory=memory))
    assert unlikely(0.025, runs=RUNS)[0] <= null.called <= unlikely(0.08, runs=RUNS)[1]
    assert null.refused < 0.15 * RUNS


@pytest.mark.slow
@pytest.mark.parametrize("number", [3, 6])
def test_intervals_hold_the_planted_growth_and_the_stated_one_is_seen(number: int):
    """Coverage 90 % and power 70 to 90 % in truth; the bounds leave 1 of 1,000 cases at these ends."""
    stated = np.log(np.median(studied(growth, drawn(runs=60, number=number, memory=0.3)).detectable))
    planted = studied(growth, drawn(runs=RUNS, number=number, memory=0.3, effect=stated), ratio=np.exp(stated))
    assert planted.covered.mean() >= unlikely(0.9, runs=RUNS)[0]
    assert unlikely(0.7, runs=RUNS)[0] <= planted.called <= unlikely(0.9, runs=RUNS)[1]
