"""What the backtest's own machinery finds in data whose law is known."""

import numpy as np
import pytest
from scipy import stats

from sixparty.compute import Key
from sixparty.excitation import MarkStructure, default_priors
from sixparty.forecast.reference import Ingarch, fit_ingarch, fit_self_exciting
from sixparty.forecast.scores import block_bootstrap_means

TRUTH = Ingarch(omega=0.1, alpha=0.3, beta=0.5, dispersion=1.5, first_mean=0.5, log_likelihood=0.0)


def ingarch_record(seed: int, weeks: int) -> np.ndarray:
    generator, mean = np.random.default_rng(seed), TRUTH.mean
    counts = np.empty(weeks, dtype=np.int64)
    for week in range(weeks):
        counts[week] = generator.negative_binomial(TRUTH.dispersion, TRUTH.dispersion / (TRUTH.dispersion + mean))
        mean = TRUTH.omega + TRUTH.alpha * counts[week] + TRUTH.beta * mean
    return counts


def test_ingarch_finds_the_parameters_of_its_own_counts():
    """Tolerances are four standard errors, read from 25 fits (.019, .027, .027, .16): one seed in 4,000."""
    fit = fit_ingarch(ingarch_record(1, 6000))
    assert fit.alpha == pytest.approx(TRUTH.alpha, abs=0.075)
    assert fit.beta == pytest.approx(TRUTH.beta, abs=0.11)
    assert fit.mean == pytest.approx(TRUTH.mean, abs=0.11)
    assert fit.dispersion == pytest.approx(TRUTH.dispersion, abs=0.63)


def test_the_likelihood_at_the_fit_is_above_that_of_the_truth():
    """True of every record: the fit is a maximum and the truth lies inside the bounds."""
    counts = ingarch_record(2, 2000)
    mean, total = float(counts.mean()), 0.0
    for count in counts:
        total += stats.nbinom(TRUTH.dispersion, TRUTH.dispersion / (TRUTH.dispersion + mean)).logpmf(count)
        mean = TRUTH.omega + TRUTH.alpha * count + TRUTH.beta * mean
    assert fit_ingarch(counts).log_likelihood > total


def test_counts_of_the_long_run_have_the_written_mean_and_variance():
    """Three standard errors from blocks of 200 weeks: one seed in 300."""
    counts = ingarch_record(3, 40_000).reshape(200, 200)
    for got, wanted in ((counts.mean(axis=1), TRUTH.mean), (((counts - TRUTH.mean) ** 2).mean(axis=1), TRUTH.variance)):
        assert got.mean() == pytest.approx(wanted, abs=3 * got.std() / 200**0.5)


def test_ranks_of_true_parameters_among_draws_are_uniform():
    """Simulation-based calibration over 60 records, chi-squared in six bins at .002 for each of four parameters."""
    priors, generator = default_priors(MarkStructure()), np.random.default_rng(11)
    normals = (priors.first_level, priors.logit_own_excitation, priors.logit_own_memory, priors.log_dispersion)
    ranks = []
    for number in range(60):
        level, excitation, memory, dispersion = (normal.mean + normal.sd * generator.normal() for normal in normals)
        truth = (np.exp(level), 1 / (1 + np.exp(-excitation)), 1 / (1 + np.exp(-memory)), np.exp(dispersion))
        counts, held = np.empty(400, dtype=np.int64), 0.0
        for week in range(400):
            mean = truth[0] + truth[1] * held
            counts[week] = generator.negative_binomial(truth[3], truth[3] / (truth[3] + mean))
            held = truth[2] * held + (1 - truth[2]) * counts[week]
        draws = fit_self_exciting(Key.from_seed(number), counts).draws
        each = (draws.level, draws.excitation, draws.memory, draws.dispersion)
        ranks.append([float((np.asarray(one) < true).mean()) for one, true in zip(each, truth, strict=True)])
    for column in np.array(ranks).T:
        counted, _ = np.histogram(column, bins=6, range=(0, 1))
        assert stats.chisquare(counted).pvalue > 0.002


def test_the_block_interval_covers_where_single_draws_do_not():
    """Means of a moving average over 13 weeks, 400 weeks long: coverage of 90 % intervals over 300 series.

    Over 1,000 series blocks of 26 covered .84, single draws .37; the bounds are four standard errors away, so that one
    seed in 10,000 fails.
    """
    generator = np.random.default_rng(12)
    held = {26: 0, 1: 0}
    for number in range(300):
        noise = generator.normal(size=412)
        values = np.convolve(noise, np.ones(13), mode="valid")[:, None]
        for block in held:
            means = block_bootstrap_means(Key.from_seed(number), values, block=block, replicates=400)
            low, high = np.quantile(means, [0.05, 0.95])
            held[block] += bool(low <= 0 <= high)
    assert held[26] / 300 > 0.76
    assert held[1] / 300 < 0.5
