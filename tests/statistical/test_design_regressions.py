"""Size and power of `case_series` and `count_regression` on simulated records of 35 years with drift, bursts, season.

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
from sixparty.evidence.designs.count_regression import count_regression

each_design = pytest.mark.parametrize("design", [case_series, count_regression])


@each_design
def test_a_null_is_seldom_called_and_a_doubling_lies_within_its_interval(design):
    """40 records each: more than 8 calls at a true 5 %, or fewer than 29 intervals at 95 %, below 1 in 1,000."""
    null = studied(design, (drawn_question(World(), seed=seed) for seed in range(40)))
    doubled = studied(design, (drawn_question(World(ratio=2.0), seed=seed) for seed in range(40)), ratio=2.0)
    assert null.called <= 8 / 40
    assert doubled.covered.mean() >= 29 / 40
    assert abs(np.median(doubled.log_ratios) - np.log(2)) < 0.2


@pytest.mark.slow
@each_design
def test_false_alarms_stay_near_5_percent_in_five_kinds_of_record(design):
    """Each of three shares fails in fewer than 1 of 1,000 cases at the ends of what is meant, 2.5 to 8 %."""
    assert faults_without_effect(design, runs=60) == []


@pytest.mark.slow
@each_design
@pytest.mark.parametrize("ratio", [0.5, 2.0])
def test_intervals_hold_the_planted_ratio(design, ratio: float):
    """At 90 % in truth fewer than 45 of 60 hold it in 1 of 2,000 cases."""
    assert faults_with_effect(design, ratio=ratio, runs=60) == []


@pytest.mark.slow
@each_design
@pytest.mark.parametrize("world", [World(), World(half_life_years=np.inf)])
def test_the_stated_detectable_ratio_is_seen(design, world: World):
    """At 70 or 90 % in truth 60 runs lie outside the bounds in 1 of 2,000 cases."""
    assert faults_of_power(design, world, runs=60) == []
