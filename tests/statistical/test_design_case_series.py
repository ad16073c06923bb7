"""Size and power of the design `case_series` on simulated records of 35 years with drift, bursts and season.

The long table, with 200 runs a row, is made by `benchmarks/rate_designs.py`.
"""

import numpy as np
import pytest
from tests.rate_examples import (
    World,
    drawn_question,
    faults_of_power,
    faults_with_effect,
    faults_without_effect,
    studied,
)

from sixparty.evidence.designs.case_series import case_series


def test_a_null_is_seldom_called_and_a_doubling_lies_within_its_interval():
    """40 records each: more than 8 calls at a true 5 %, or fewer than 29 intervals at 95 %, below 1 in 1,000."""
    null = studied(case_series, (drawn_question(World(), seed=seed) for seed in range(40)))
    doubled = studied(case_series, (drawn_question(World(ratio=2.0), seed=seed) for seed in range(40)), ratio=2.0)
    assert null.called <= 8 / 40
    assert doubled.covered.mean() >= 29 / 40
    assert abs(np.median(doubled.log_ratios) - np.log(2)) < 0.2


@pytest.mark.slow
def test_false_alarms_stay_near_5_percent_in_five_kinds_of_record():
    """Each of three shares fails in fewer than 1 of 1,000 cases at the ends of what is meant, 2.5 to 8 %."""
    assert faults_without_effect(case_series, runs=60) == []


@pytest.mark.slow
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_intervals_hold_the_planted_ratio(ratio: float):
    """At 90 % in truth fewer than 45 of 60 hold it in 1 of 2,000 cases."""
    assert faults_with_effect(case_series, ratio=ratio, runs=60) == []


@pytest.mark.slow
@pytest.mark.parametrize("world", [World(), World(half_life_years=np.inf)])
def test_the_stated_detectable_ratio_is_seen(world: World):
    """At 70 or 90 % in truth 60 runs lie outside the bounds in 1 of 2,000 cases."""
    assert faults_of_power(case_series, world, runs=60) == []
