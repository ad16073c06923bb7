import numpy as np
import pytest
import scoringrules
from scipy import stats

from sixparty.compute import Key
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.scores import brier_score, crps, is_inside, log_score, randomised_pit


def brute_crps(predictive: CountPredictive, observed: int) -> float:
    pmf = predictive.stretched(600)
    counts = np.arange(600)
    return float(pmf @ np.abs(counts - observed) - 0.5 * pmf @ np.abs(counts[:, None] - counts) @ pmf)


@pytest.mark.parametrize("observed", [0, 2, 9, 40])
def test_crps_is_expected_distance_minus_half_expected_spread(observed: int):
    predictive = CountPredictive.from_draws(np.array([0, 0, 1, 2, 2, 3, 5, 14]))
    assert crps(predictive, observed) == pytest.approx(brute_crps(predictive, observed), abs=1e-9)


@pytest.mark.parametrize("observed", [0, 3, 30])
def test_crps_agrees_with_scoringrules_for_the_negative_binomial(observed: int):
    ours = crps(CountPredictive.negative_binomial(4.0, 2.5), observed)
    assert ours == pytest.approx(float(scoringrules.crps_negbinom(observed, 2.5, 2.5 / 6.5)), abs=1e-6)


def test_log_score_is_finite_for_a_size_below_one():
    predictive = CountPredictive.negative_binomial(2.0, 0.5)
    assert log_score(predictive, 3) == pytest.approx(-stats.nbinom(0.5, 0.2).logpmf(3))


def test_brier_score_is_the_squared_distance():
    assert brier_score(0.2, happened=True) == pytest.approx(0.64)
    assert brier_score(0.2, happened=False) == pytest.approx(0.04)


def test_the_randomised_pit_lies_in_the_step_of_what_came():
    predictive = CountPredictive.negative_binomial(2.0, np.inf)
    pit = randomised_pit(Key.from_seed(1), [predictive] * 50, observed=[2] * 50)
    assert pit.min() >= predictive.at_most(1)
    assert pit.max() <= predictive.at_most(2)


def test_a_central_interval_holds_its_ends():
    predictive = CountPredictive.negative_binomial(10.0, np.inf)
    assert is_inside(predictive, predictive.quantile(0.05))
    assert not is_inside(predictive, predictive.quantile(0.05) - 1)
