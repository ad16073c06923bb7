"""Simulation-based calibration: does fitting get back, in law, what was drawn from the priors?

Parameters are drawn from their priors, a series of counts from the model with these parameters, and the model is
fitted to the series. Over many series the rank of the truth among the posterior draws is uniform if simulator, filter
and fit are one and the same model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import binom

from sixparty.compute import Key, Progress, run_tasks
from sixparty.errors import ModelRefused
from sixparty.excitation.condition import condition
from sixparty.excitation.data import MarkData
from sixparty.excitation.drivers import Drivers
from sixparty.excitation.fit import importance_fit
from sixparty.excitation.joint import assemble_marks
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.posterior import Posterior, filter_series
from sixparty.excitation.replicate import first_draws, prior_draws, replicate_series
from sixparty.excitation.simulate import simulate
from sixparty.excitation.structure import MarkStructure

LARGEST_COUNT = 20
"""A series with more counts than this in any period is left out of a calibration."""

WINDOW = 13
"""Periods of the future whose sum is ranked too."""

_DRAWS = 250
_EXPOSED_SHARE = 0.15
_PERIODS_A_YEAR = 52.1775
_CANDIDATES_A_SERIES = 6
_MARK = "mark"


@dataclass(frozen=True)
class CalibrationRanks:
    """Ranks of the truth among posterior draws.

    Parameters
    ----------
    quantities
        The parameters, then `log_likelihood` (log probability of the counts) and `next_13` (sum of the 13 periods
        after the fitted ones).
    ranks
        From 0 to `draws`: how many draws lie below the truth; ties are broken at random.
    draws
        Posterior draws that each truth is ranked among.
    refused
        Series whose importance sampling failed its limits.
    left_out
        Series that were not fitted since they were empty or held a count above `LARGEST_COUNT`.
    """

    quantities: tuple[str, ...]
    ranks: Int[np.ndarray, "series quantity"]
    draws: int
    refused: int
    left_out: int


@dataclass(frozen=True)
class _Simulated:
    """One series with its truth: what is fitted, and what came after."""

    place: int
    truth: MarkFit
    data: MarkData
    future_exposures: Float[np.ndarray, "time exposure"]
    future_years: Float[np.ndarray, " time"]
    future_sum: int


def calibration_ranks(
    key: Key,
    structure: MarkStructure,
    *,
    series: int,
    periods: int,
    draws: int = 99,
    workers: int = 1,
    progress: Progress | None = None,
) -> CalibrationRanks:
    """Draw parameters and counts from the model, fit them by importance sampling, and rank the truth.

    Which series are left out, and which fits are refused, depends on the counts (and on the fit's own draws) alone,
    not on the truth; the truth given the counts keeps its law, so ranks of what is left are uniform too. Exposures
    are on in a random 15 % of periods, the same for all series.

    Parameters
    ----------
    series
        Series to fit.
    periods
        Length of each.
    draws
        Posterior draws that each truth is ranked among.

    References
    ----------
    Talts, Betancourt, Simpson, Vehtari and Gelman (2018), arXiv:1804.06788, algorithm 1. Modrák, Moon, Kim, Bürkner,
    Huurre, Faltejsková, Gelman and Vehtari (2025), "Simulation-based calibration checking for Bayesian computation:
    the choice of test quantities shapes sensitivity", Bayesian Analysis 20(2), 461-488: why `log_likelihood`.
    """
    simulated = _simulated(key, structure, number=_CANDIDATES_A_SERIES * series, periods=periods)
    usable = [each for each in simulated if each.data.counts.sum() > 0 and each.data.counts.max() <= LARGEST_COUNT]
    if len(usable) < series:
        raise ModelRefused(f"the priors must give {series} usable series, got {len(usable)}. Shorten them.")
    chosen = usable[:series]

    def rank(one: _Simulated) -> Int[np.ndarray, " quantity"] | None:
        return _ranked(key.child("series", one.place), one, draws=draws)

    found = run_tasks(rank, chosen, workers=workers, label="calibrating", progress=progress)
    kept = [ranks for ranks in found if ranks is not None]
    return CalibrationRanks(
        quantities=(*chosen[0].truth.parameter_names, "log_likelihood", f"next_{WINDOW}"),
        ranks=np.array(kept),
        draws=draws,
        refused=series - len(kept),
        left_out=chosen[-1].place + 1 - series,
    )


def _simulated(key: Key, structure: MarkStructure, *, number: int, periods: int) -> list[_Simulated]:
    truths = prior_draws(key, structure, number=number)
    generator = key.child("exposures").generator()
    exposures = (generator.random((periods + WINDOW, len(structure.exposures))) < _EXPOSED_SHARE).astype(float)
    years = (np.arange(periods + WINDOW) / _PERIODS_A_YEAR) % 1.0
    counts = replicate_series(key, truths, exposures=exposures, year_fraction=years)
    return [
        _Simulated(
            place=place,
            truth=MarkFit(structure, truths.priors, truths.parameter_names, truth[None], None, truths.diagnosis),
            data=_seen(one[:periods], exposures[:periods], years[:periods], links=len(structure.links)),
            future_exposures=exposures[periods:],
            future_years=years[periods:],
            future_sum=int(one[periods:].sum()),
        )
        for place, (truth, one) in enumerate(zip(truths.draws, counts, strict=True))
    ]


def _seen(
    counts: Int[np.ndarray, " time"],
    exposures: Float[np.ndarray, "time exposure"],
    years: Float[np.ndarray, " time"],
    *,
    links: int,
) -> MarkData:
    return MarkData(counts, np.tile(counts[:, None], (1, links)), exposures, years, np.ones(counts.size, dtype=bool))


def _ranked(key: Key, one: _Simulated, *, draws: int) -> Int[np.ndarray, " quantity"] | None:
    structure = one.truth.structure
    fit = importance_fit(key.child("fit"), one.data, structure=structure, draws=max(_DRAWS, draws))
    if not fit.diagnosis.is_accepted:
        return None
    few = first_draws(fit, draws)
    posterior = Posterior(structure, few.priors, filter_series(one.data, structure))
    likelihood = posterior.log_likelihood(np.vstack([few.draws, one.truth.draws]))
    values = np.column_stack([few.draws, likelihood[:-1], _future_sums(key, few, one)])
    truth = np.concatenate([one.truth.draws[0], likelihood[-1:], [one.future_sum]])
    ties = (values == truth).sum(axis=0)
    return np.asarray((values < truth).sum(axis=0) + key.child("ties").generator().integers(0, ties + 1))


def _future_sums(key: Key, fit: MarkFit, one: _Simulated) -> Int[np.ndarray, " draw"]:
    state = condition(key.child("condition"), fit, one.data)
    drivers = Drivers(one.future_exposures[:, None, :], np.zeros((WINDOW, 1)), one.future_years)
    futures = simulate(
        key.child("future"), assemble_marks({_MARK: fit}), {_MARK: state}, drivers=drivers, periods=WINDOW
    )
    return np.asarray(futures.counts[:, :, 0].sum(axis=1, dtype=np.int64))


def uniformity_depths(ranks: Int[np.ndarray, "series quantity"], *, draws: int) -> Float[np.ndarray, " quantity"]:
    r"""Return for each quantity how unusual the rarest point of its empirical distribution is, were ranks uniform.

    With $N$ ranks of which $R_j$ lie below $j$, and $q_j = j / (L + 1)$ for $L$ draws, the depth is

    .. math:: \gamma = 2 \min_j \min\{F(R_j; N, q_j),\ 1 - F(R_j - 1; N, q_j)\},

    $F$ being the binomial distribution function. Small is unusual; `uniformity_chances` turns it into a p-value.

    References
    ----------
    Säilynoja, Bürkner and Vehtari (2022), "Graphical test for discrete uniformity and its applications in
    goodness-of-fit evaluation and multiple sample comparison", Statistics and Computing 32:32, equations 5 to 9.
    """
    below = np.array([[(column < j).sum() for j in range(1, draws + 1)] for column in ranks.T])
    return _depths(below, ranks.shape[0], draws)


def uniformity_chances(
    key: Key, ranks: Int[np.ndarray, "series quantity"], *, draws: int, trials: int = 20_000
) -> Float[np.ndarray, " quantity"]:
    """Return for each quantity the chance that uniform ranks look as unusual as these or more: a p-value.

    One p-value a quantity, over all points of the empirical distribution at once; `trials` sets of uniform ranks are
    drawn to find it, so it is never below ``1 / (trials + 1)``.
    """
    number = ranks.shape[0]
    uniform = key.child("uniform ranks").generator().multinomial(number, np.full(draws + 1, 1.0 / (draws + 1)), trials)
    usual = np.sort(_depths(np.cumsum(uniform[:, :-1], axis=1), number, draws))
    depths = uniformity_depths(ranks, draws=draws)
    # a depth is a sum of binomial terms: equal ones may differ in the last digits
    return np.asarray((np.searchsorted(usual, depths * (1.0 + 1e-9), side="right") + 1.0) / (trials + 1.0))


def uniformity_band(
    key: Key, *, series: int, draws: int, false_alarm: float, trials: int = 20_000
) -> Float[np.ndarray, "end rank"]:
    """Return between which shares the empirical distribution of uniform ranks stays, all points at once.

    Parameters
    ----------
    false_alarm
        Chance that uniform ranks leave the band anywhere.

    Returns
    -------
    band
        Lower and upper shares of ranks below 1, 2, ..., `draws`.
    """
    uniform = key.child("uniform ranks").generator().multinomial(series, np.full(draws + 1, 1.0 / (draws + 1)), trials)
    depth = np.quantile(_depths(np.cumsum(uniform[:, :-1], axis=1), series, draws), false_alarm)
    chance = np.arange(1, draws + 1) / (draws + 1)
    return np.stack([binom.ppf(0.5 * depth, series, chance), binom.isf(0.5 * depth, series, chance)]) / series


def _depths(below: Int[np.ndarray, "sets rank"], number: int, draws: int) -> Float[np.ndarray, " sets"]:
    chance = np.arange(1, draws + 1) / (draws + 1)
    seen = np.arange(number + 1)[:, None]
    up_to, from_on = binom.cdf(seen, number, chance), binom.sf(seen - 1, number, chance)
    columns = np.arange(draws)
    least = np.minimum(up_to[below, columns], from_on[below, columns])
    return np.asarray(np.minimum(2.0 * least.min(axis=1), 1.0))
