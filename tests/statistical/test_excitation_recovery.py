"""Simulate from known parameters, fit, and see whether they come back."""

import numpy as np
import pytest
from scipy import stats
from tests.excitation_examples import TYPICAL, drawn_from_prior, typical_series

from sixparty.compute import Key, run_tasks
from sixparty.excitation import MarkStructure, fit_mark, nuts_reference
from sixparty.excitation.fit import laplace
from sixparty.excitation.parameters import to_scores
from sixparty.excitation.posterior import Posterior, filter_series

RANK_BINS = 6


def test_intervals_of_known_parameters_mostly_hold_them():
    """12 figures, central 98 % intervals: 3 or more outside has a false-alarm rate below .2 %."""
    truth = np.array([TYPICAL["dispersion"], TYPICAL["excitation:own"], TYPICAL["memory:own"]])
    fits = run_tasks(
        lambda seed: fit_mark(
            Key.from_seed(seed), typical_series(seed, periods=400), structure=MarkStructure(), draws=200
        ),
        range(20, 24),
        workers=2,
    )
    outside = 0
    for fit in fits:
        low, high = np.quantile(fit.draws[:, 1:], [0.01, 0.99], axis=0)
        outside += int(((truth < low) | (truth > high)).sum())
    assert outside <= 2


@pytest.mark.slow
@pytest.mark.parametrize("level", ["walk", "stationary", "episodes"])
def test_ranks_of_the_truth_among_its_draws_are_uniform(level):
    """Simulation-based calibration: 60 series, chi-square on six bins for each parameter, .1 % each.

    At most eight parameters are looked at, so a false alarm has a rate below 1 %. Talts, Betancourt, Simpson, Vehtari
    and Gelman (2018), arXiv:1804.06788, algorithm 1.
    """
    structure = MarkStructure(level=level, exposures=("scheduled",))
    truths, series = drawn_from_prior(Key.from_seed(77), structure, number=60, periods=300)
    usable = [number for number, data in enumerate(series) if data.counts.max() < 100]
    assert len(usable) >= 55

    def rank(number):
        fit = fit_mark(Key.from_seed(number), series[number], structure=structure, draws=119)
        return (fit.draws < truths.draws[number]).sum(axis=0)

    ranks = np.array(run_tasks(rank, usable, workers=2))
    for column in ranks.T:
        seen = np.histogram(column, bins=RANK_BINS, range=(0, 120))[0]
        assert stats.chisquare(seen).pvalue > 0.001


@pytest.mark.slow
@pytest.mark.parametrize("level", ["walk", "stationary", "episodes"])
def test_importance_sampling_and_nuts_have_the_same_posterior(level):
    """Means within a fifth and sds within a third of a posterior sd.

    With 1,000 and at least 400 effective draws the error of a difference of means is at most .06 sd, so false alarms
    are below .1 %.
    """
    structure = MarkStructure(level=level, exposures=("scheduled",))
    _, series = drawn_from_prior(Key.from_seed(5), structure, number=3, periods=260)
    ours = fit_mark(Key.from_seed(1), series[1], structure=structure, draws=1000)
    theirs = nuts_reference(Key.from_seed(2), series[1], structure=structure, warmup=500, draws=1000)
    assert ours.diagnosis.method == "importance"
    parameters = Posterior(structure, ours.priors, filter_series(series[1], structure)).parameters
    one, other = (to_scores(fit.draws, parameters) for fit in (ours, theirs))
    spread = other.std(axis=0)
    assert (np.abs(one.mean(axis=0) - other.mean(axis=0)) < 0.2 * spread).all()
    assert (np.abs(one.std(axis=0) - spread) < 0.33 * spread).all()


def test_the_evidence_agrees_with_plain_averaging_over_the_prior():
    """Importance sampling against 8,000 prior draws on a short series; both errors are below .1."""
    structure = MarkStructure()
    data = typical_series(9, periods=60)
    fit = fit_mark(Key.from_seed(3), data, structure=structure, draws=300)
    posterior = Posterior(structure, fit.priors, filter_series(data, structure))
    scores = np.random.default_rng(8).standard_normal((8_000, len(posterior.parameters)))
    likelihood = posterior.log_density(scores) + 0.5 * (scores**2).sum(axis=1) + 2.0 * np.log(2.0 * np.pi)
    top = likelihood.max()
    assert fit.log_evidence == pytest.approx(top + np.log(np.exp(likelihood - top).mean()), abs=0.3)


def test_the_mode_does_not_depend_on_where_the_search_begins():
    data = typical_series(4)
    structure = MarkStructure(level="stationary")
    fit = fit_mark(Key.from_seed(3), data, structure=structure, draws=50)
    posterior = Posterior(structure, fit.priors, filter_series(data, structure))
    size = len(posterior.parameters)
    modes = [laplace(posterior, np.full(size, begin)).centre for begin in (-0.5, 0.0, 0.8)]
    densities = posterior.log_density(np.array(modes))
    assert np.ptp(densities) < 1e-3
