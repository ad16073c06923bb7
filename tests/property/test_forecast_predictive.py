from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from sixparty.forecast.expectation import chance_of_tail, tail_probability, tail_rule
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference import base_rate, nb36
from sixparty.forecast.scores import crps, log_score

DRAWS = npst.arrays(np.int64, st.integers(1, 200), elements=st.integers(0, 80))
MEANS = st.floats(0.01, 60)
SIZES = st.floats(0.2, 200)


@given(DRAWS)
def test_probabilities_are_positive_and_add_up_to_one(draws: np.ndarray):
    predictive = CountPredictive.from_draws(draws)
    assert predictive.pmf.min() > 0
    assert predictive.pmf.sum() + predictive.tail_mass == pytest.approx(1)


@given(DRAWS, st.lists(st.floats(0.001, 0.999), min_size=2, max_size=6))
def test_quantiles_do_not_fall_as_the_level_rises(draws: np.ndarray, levels: list[float]):
    predictive = CountPredictive.from_draws(draws)
    quantiles = [predictive.quantile(level) for level in sorted(levels)]
    assert quantiles == sorted(quantiles)


@given(DRAWS, st.integers(0, 200))
def test_at_most_and_at_least_leave_nothing_between_them(draws: np.ndarray, count: int):
    predictive = CountPredictive.from_draws(draws)
    assert predictive.at_most(count) + predictive.at_least(count + 1) == pytest.approx(1)


@given(npst.arrays(np.int64, (60, 6), elements=st.integers(0, 9)))
def test_the_chance_of_at_least_one_never_falls_with_a_longer_window(weekly: np.ndarray):
    windows = np.cumsum(weekly, axis=1)
    chances = [CountPredictive.from_draws(window).at_least(1) for window in windows.T]
    assert all(later >= earlier - 1e-12 for earlier, later in pairwise(chances))


@given(MEANS, SIZES, st.integers(0, 150))
def test_scores_are_finite_whatever_came(mean: float, size: float, observed: int):
    predictive = CountPredictive.negative_binomial(mean, size)
    assert np.isfinite(log_score(predictive, observed))
    assert 0 <= crps(predictive, observed) <= max(observed, 200 * (mean + 1))


@given(MEANS, SIZES, st.integers(0, 80))
def test_the_chance_of_a_tail_is_at_most_the_tail(mean: float, size: float, observed: int):
    predictive = CountPredictive.negative_binomial(mean, size)
    tail = tail_probability(predictive, observed)
    assert chance_of_tail(predictive, tail) <= tail + 1e-9


@given(st.lists(st.tuples(MEANS, SIZES), min_size=1, max_size=5))
def test_the_tail_rule_never_passes_its_false_alarm_chance(laws: list[tuple[float, float]]):
    classes = {str(i): CountPredictive.negative_binomial(*law) for i, law in enumerate(laws)}
    rule = tail_rule(classes)
    alarm = 1 - np.prod([1 - chance_of_tail(p, rule.threshold) for p in classes.values()])
    assert rule.false_alarm_chance == pytest.approx(alarm)
    assert alarm <= 1 / 12


@given(npst.arrays(np.int64, st.integers(30, 300), elements=st.integers(0, 7)))
def test_reference_models_expect_more_of_a_longer_window(counts: np.ndarray):
    means = [nb36(counts, weeks).mean for weeks in (1, 4, 13, 26, 52)]
    rates = [base_rate(counts, weeks).probability for weeks in (1, 4, 13, 26, 52)]
    assert means == pytest.approx(sorted(means))
    assert rates == pytest.approx(sorted(rates))
    assert rates[0] > 0
