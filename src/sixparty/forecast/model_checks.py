"""Prior and posterior predictive checks: what the models make of a whole record, beside what was recorded.

A series is reduced to a few summaries; the same summaries of many simulated series show what the model takes for
usual. A summary of the record far out among them is something that the model does not do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int, Num

from sixparty.compute import Key
from sixparty.excitation import MarkData, MarkFit, MarkStructure
from sixparty.excitation.parameters import parameters_of, to_scores
from sixparty.excitation.replicate import block_starts, prior_draws, replicate_blocks, replicate_series

SUMMARIES: Mapping[str, str] = MappingProxyType(
    {
        "events_a_year": "events a year",
        "silent_weeks": "share of weeks without any",
        "longest_silence": "longest silence, weeks",
        "most_in_a_year": "most in any 52 weeks",
        "dispersion_4": "variance over mean, sums of 4 weeks",
        "dispersion_13": "variance over mean, sums of 13 weeks",
        "dispersion_52": "variance over mean, sums of 52 weeks",
        "autocorrelation_4": "autocorrelation of neighbouring 4-week sums",
        "season": "pull of the season, 0 to 1",
    }
)
"""Summaries of a series by name. The pull of the season is the length of the mean of the events' places in the year
taken as directions: 0 if they lie evenly over the year, 1 if all fall on one day."""

POSSIBLE_A_YEAR: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "weapons_test_days": (0.2, 150.0),
        "ballistic_days": (0.1, 100.0),
        "border_kinetic": (0.1, 100.0),
        "inter_korean_talks": (0.2, 150.0),
        "us_prk_talks": (0.1, 100.0),
    }
)
"""Mean events a year over three decades that a desk would call possible: our choice, wide on purpose."""

SILENCE_EDGES: tuple[int, ...] = (0, 4, 13, 26, 52)
"""Weeks of silence at which the classes of `after_silence` begin."""

YEAR = 52
WINDOW = 13


def prior_predictive(key: Key, data: MarkData, structure: MarkStructure, *, draws: int = 500) -> pl.DataFrame:
    """Compare the record's summaries with those of series drawn from the priors, of the record's length.

    Returns
    -------
    table
        One row a summary: ``summary, observed, low, middle, high`` (5, 50 and 95 % of the simulated ones) and
        ``place``: the share of simulated ones below the observed one, ties counted half.
    """
    return _compared(data, _replicated(key, prior_draws(key, structure, number=draws), data))


def posterior_predictive(key: Key, fit: MarkFit, data: MarkData) -> pl.DataFrame:
    """Compare the record's summaries with those of whole series simulated from a fit, the level drawn anew.

    The table is that of `prior_predictive`. The parameters have seen the record, so a place near 0 or 1 is rarer
    than its figure says even where the model is right (Robins, van der Vaart and Ventura 2000, JASA 95, 1143-1156).
    """
    return _compared(data, _replicated(key, fit, data))


def yearly_predictive(key: Key, fit: MarkFit, data: MarkData) -> pl.DataFrame:
    """Compare as `posterior_predictive` does, with every 52 weeks simulated from where the record stood before them.

    This asks less of the level, which is put right once a year, and more of what happens within a year. The
    record's first 52 weeks are left out on both sides, and the last ones that make no whole year.
    """
    blocks = replicate_blocks(key, fit, data, periods=YEAR)
    starts = block_starts(data.periods, length=YEAR)
    kept = slice(starts[0], starts[-1] + YEAR)
    replicated = np.concatenate(list(blocks), axis=1)
    return _tabled(
        series_summaries(data.counts[None, kept], year_fraction=data.year_fraction[kept], covered=data.covered[kept]),
        series_summaries(replicated, year_fraction=data.year_fraction[kept], covered=data.covered[kept]),
    )


@dataclass(frozen=True)
class PriorRange:
    """How much of what the priors allow is possible at all.

    Parameters
    ----------
    below, within, above
        Shares of simulated series with fewer, as many, and more events a year than `POSSIBLE_A_YEAR` says.
    overfull
        Share of simulated series with a week of more than seven, which no count of days can hold.
    """

    below: float
    within: float
    above: float
    overfull: float


def prior_range(key: Key, data: MarkData, structure: MarkStructure, *, target: str, draws: int = 500) -> PriorRange:
    """Sort series drawn from the priors by what a desk would call possible."""
    low, high = POSSIBLE_A_YEAR[target]
    counts = _replicated(key, prior_draws(key, structure, number=draws), data)[:, data.covered]
    yearly = counts.mean(axis=1) * YEAR
    overfull = float((counts.max(axis=1) > 7).mean())
    below, above = float((yearly < low).mean()), float((yearly > high).mean())
    return PriorRange(below, 1.0 - below - above, above, overfull)


def _replicated(key: Key, fit: MarkFit, data: MarkData) -> Int[np.ndarray, "draw time"]:
    return replicate_series(key.child("replicate"), fit, exposures=data.exposures, year_fraction=data.year_fraction)


def _compared(data: MarkData, replicated: Int[np.ndarray, "draw time"]) -> pl.DataFrame:
    years, covered = data.year_fraction, data.covered
    return _tabled(
        series_summaries(data.counts[None], year_fraction=years, covered=covered),
        series_summaries(replicated, year_fraction=years, covered=covered),
    )


def _tabled(
    observed: Mapping[str, Float[np.ndarray, " one"]], replicated: Mapping[str, Float[np.ndarray, " draw"]]
) -> pl.DataFrame:
    rows = []
    for name in SUMMARIES:
        own, others = float(observed[name][0]), replicated[name]
        low, middle, high = np.quantile(others, [0.05, 0.5, 0.95])
        rows.append(
            {"summary": name, "observed": own, "low": low, "middle": middle, "high": high, "place": _place(own, others)}
        )
    return pl.DataFrame(rows)


def series_summaries(
    counts: Int[np.ndarray, "draw time"],
    *,
    year_fraction: Float[np.ndarray, " time"],
    covered: Bool[np.ndarray, " time"],
) -> dict[str, Float[np.ndarray, " draw"]]:
    """Return the summaries of each series of weekly counts, over its covered weeks.

    A ratio that has no value (variance over mean of a silent series, autocorrelation of a constant one) is given
    as 0.
    """
    seen, places = counts[:, covered], year_fraction[covered]
    return {
        "events_a_year": seen.mean(axis=1) * YEAR,
        "silent_weeks": (seen == 0).mean(axis=1),
        "longest_silence": weeks_silent(seen).max(axis=1).astype(float),
        "most_in_a_year": _rolling_sums(seen, YEAR).max(axis=1).astype(float),
        "dispersion_4": _dispersion(_block_sums(seen, 4)),
        "dispersion_13": _dispersion(_block_sums(seen, 13)),
        "dispersion_52": _dispersion(_block_sums(seen, YEAR)),
        "autocorrelation_4": _autocorrelation(_block_sums(seen, 4)),
        "season": _ratio(np.abs(seen @ np.exp(2j * np.pi * places)), seen.sum(axis=1)),
    }


def weeks_silent(counts: Int[np.ndarray, "draw time"]) -> Int[np.ndarray, "draw time"]:
    """Return how many weeks without an event each week closes; 0 for a week with one."""
    weeks = np.arange(counts.shape[1])
    last = np.maximum.accumulate(np.where(counts > 0, weeks, -1), axis=1)
    return np.asarray(weeks - last)


def _block_sums(counts: Int[np.ndarray, "draw time"], weeks: int) -> Int[np.ndarray, "draw block"]:
    whole = counts.shape[1] // weeks * weeks
    return np.asarray(counts[:, :whole].reshape(counts.shape[0], -1, weeks).sum(axis=2))


def _rolling_sums(counts: Int[np.ndarray, "draw time"], weeks: int) -> Int[np.ndarray, "draw window"]:
    total = np.cumsum(np.pad(counts, ((0, 0), (1, 0))), axis=1)
    return np.asarray(total[:, weeks:] - total[:, :-weeks])


def _dispersion(sums: Int[np.ndarray, "draw block"]) -> Float[np.ndarray, " draw"]:
    return _ratio(sums.var(axis=1, ddof=1), sums.mean(axis=1))


def _autocorrelation(sums: Int[np.ndarray, "draw block"]) -> Float[np.ndarray, " draw"]:
    away = sums - sums.mean(axis=1, keepdims=True)
    return _ratio((away[:, 1:] * away[:, :-1]).sum(axis=1), (away**2).sum(axis=1))


def _ratio(over: Num[np.ndarray, " draw"], under: Num[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    return np.where(under > 0.0, over / np.where(under > 0.0, under, 1.0), 0.0)


def after_silence(key: Key, fit: MarkFit, data: MarkData) -> pl.DataFrame:
    """Compare what a fit expects of the next 13 weeks with what came, by how long nothing had happened before.

    The next weeks are simulated at every fourth week of the record from where the mark then stood, with parameters
    that have seen the whole record: a check of the model's form, not a score of forecasts.

    Returns
    -------
    table
        One row a class of silence: ``silence`` (weeks, from), ``looks`` (fourth weeks so far into a silence),
        ``silences`` (separate ones), and over the looks ``expected_any, observed_any`` (share of windows with an
        event) and ``expected_mean, observed_mean`` (events in a window). ``place``: with the first look of each
        silence alone, the share of simulations in which fewer of these windows held an event, ties counted half.
    """
    simulated = replicate_blocks(key, fit, data, periods=WINDOW, every=4).sum(axis=2)
    starts = np.array(block_starts(data.periods, length=WINDOW, every=4))
    came = np.array([data.counts[start : start + WINDOW].sum() for start in starts])
    silent, first = _silence_before(data, starts)
    classes = np.searchsorted(SILENCE_EDGES, silent, side="right") - 1
    is_known = starts > first
    rows = []
    for place in np.unique(classes[is_known]):
        looks = np.flatnonzero(is_known & (classes == place))
        _, leading = np.unique((starts - silent)[looks], return_index=True)
        alone = looks[leading]
        rows.append(
            {
                "silence": SILENCE_EDGES[place],
                "looks": looks.size,
                "silences": alone.size,
                "expected_any": float((simulated[looks] > 0).mean()),
                "observed_any": float((came[looks] > 0).mean()),
                "expected_mean": float(simulated[looks].mean()),
                "observed_mean": float(came[looks].mean()),
                "place": _place(float((came[alone] > 0).sum()), (simulated[alone] > 0).sum(axis=0)),
            }
        )
    return pl.DataFrame(rows)


def _place(own: float, others: Num[np.ndarray, " draw"]) -> float:
    return float((others < own).mean() + 0.5 * (others == own).mean())


def _silence_before(data: MarkData, starts: Int[np.ndarray, " look"]) -> tuple[Int[np.ndarray, " look"], int]:
    """Return the weeks of silence before each look, and the week of the first event, before which none has a start."""
    counts = np.where(data.covered, data.counts, 0)
    return weeks_silent(counts[None])[0, starts - 1], int(np.argmax(counts > 0))


def pulls(fit: MarkFit) -> pl.DataFrame:
    """Say how far the record pulled each parameter from its prior, and what is left of the prior's width.

    Returns
    -------
    table
        ``parameter``; ``pull``: posterior mean less prior mean, in prior sds, on the prior's scale; ``left``:
        posterior sd over prior sd, near 1 where the record says nothing.
    """
    parameters = parameters_of(fit.structure, fit.priors)
    scores = to_scores(fit.draws, parameters)
    return pl.DataFrame(
        {
            "parameter": [each.name for each in parameters],
            "pull": scores.mean(axis=0),
            "left": scores.std(axis=0),
        }
    )
