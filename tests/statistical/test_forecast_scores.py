import numpy as np
from scipy import stats

from sixparty.compute import Key
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.scores import crps, is_inside, log_score, randomised_pit

TRUTH = CountPredictive.negative_binomial(1.2, 0.8)
OBSERVED = TRUTH.sample(Key.from_seed(21), 4000).tolist()


def test_the_randomised_pit_of_a_correct_forecast_is_uniform():
    """Kolmogorov-Smirnov at level .001: a correct forecast fails once in a thousand seeds."""
    pit = randomised_pit(Key.from_seed(22), [TRUTH] * len(OBSERVED), observed=OBSERVED)
    assert stats.kstest(pit, "uniform").pvalue > 0.001


def test_the_randomised_pit_tells_a_forecast_that_is_too_high():
    """Power: a mean one third too high fails at level .001 with this many forecasts in more than 99 % of seeds."""
    wrong = CountPredictive.negative_binomial(1.6, 0.8)
    pit = randomised_pit(Key.from_seed(22), [wrong] * len(OBSERVED), observed=OBSERVED)
    assert stats.kstest(pit, "uniform").pvalue < 0.001


def test_the_true_forecast_has_the_better_scores():
    """The difference is more than five standard errors in expectation; the false-alarm rate is below 1e-6."""
    wrong = CountPredictive.negative_binomial(2.0, 0.8)
    for score in (log_score, crps):
        true, other = ([score(p, y) for y in OBSERVED] for p in (TRUTH, wrong))
        assert np.mean(true) < np.mean(other)


def test_central_intervals_of_small_counts_cover_more_than_they_say():
    """Coverage is at least .9 by construction; 3 Monte Carlo errors (.014) below it would fail once in 700 seeds."""
    assert np.mean([is_inside(TRUTH, y) for y in OBSERVED]) > 0.9 - 0.014
