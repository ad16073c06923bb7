import numpy as np
import pytest
from scipy import stats

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.forecast.predictive import CountPredictive


def test_the_poisson_predictive_has_the_probabilities_of_the_poisson_law():
    predictive = CountPredictive.negative_binomial(3.2, np.inf)
    assert [predictive.probability(k) for k in range(8)] == pytest.approx(stats.poisson(3.2).pmf(range(8)))
    assert predictive.mean == pytest.approx(3.2)


@pytest.mark.parametrize(("mean", "size"), [(0.02, 0.5), (2.0, 0.7), (40.0, 3.0)])
def test_the_negative_binomial_predictive_has_its_mean_and_quantiles(mean: float, size: float):
    predictive = CountPredictive.negative_binomial(mean, size)
    law = stats.nbinom(size, size / (size + mean))
    assert predictive.mean == pytest.approx(mean, rel=1e-6)
    for level in (0.01, 0.1, 0.5, 0.9, 0.99):
        assert predictive.quantile(level) == law.ppf(level)


def test_no_count_is_held_impossible():
    predictive = CountPredictive.from_draws(np.zeros(4000, dtype=np.int64))
    assert 0 < predictive.probability(400) < 1e-6
    assert predictive.at_least(400) > predictive.probability(400)


def test_draws_below_ten_keep_their_shares():
    draws = np.array([0] * 600 + [1] * 300 + [7] * 100)
    predictive = CountPredictive.from_draws(draws)
    assert predictive.probability(0) == pytest.approx(0.6, abs=2e-3)
    assert predictive.probability(7) == pytest.approx(0.1, abs=2e-3)


def test_smoothing_keeps_the_mean_but_for_the_one_added_draw():
    draws = np.random.default_rng(1).negative_binomial(2, 0.05, 5000)
    expected = (draws.sum() + draws.mean() + 1) / 5001
    assert CountPredictive.from_draws(draws).mean == pytest.approx(expected, rel=1e-9)


def test_smoothed_draws_score_close_to_the_law_they_came_from():
    law = stats.nbinom(2, 0.05)
    draws = law.rvs(20_000, random_state=np.random.default_rng(2))
    predictive = CountPredictive.from_draws(draws)
    counts = np.arange(300)
    lost = float(np.sum(law.pmf(counts) * (law.logpmf(counts) - np.log(predictive.stretched(300)))))
    assert 0 <= lost < 0.005


def test_samples_come_with_the_probabilities_of_the_predictive():
    predictive = CountPredictive.from_draws(np.array([0, 0, 0, 1, 2, 30]))
    drawn = predictive.sample(Key.from_seed(3), 50_000)
    assert (drawn == 0).mean() == pytest.approx(predictive.probability(0), abs=0.01)
    assert (drawn >= 33).mean() == pytest.approx(predictive.at_least(33), abs=0.005)


def test_quantiles_reach_into_the_tail():
    predictive = CountPredictive(np.array([0.5]), 0.5, 0.5)
    assert [predictive.quantile(level) for level in (0.4, 0.7, 0.75, 0.76)] == [0, 1, 1, 2]


def test_probabilities_that_do_not_add_up_are_refused():
    with pytest.raises(UsageError, match="add up to 1"):
        CountPredictive(np.array([0.5, 0.4]), 0.0, 0.0)
