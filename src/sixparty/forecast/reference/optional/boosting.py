r"""Gradient boosting: trees that read what was known at an origin and give the mean of the window after it.

Each window length has trees of its own, fitted to the sums of all windows of that length that had closed. The law is
negative binomial with the trees' mean :math:`\mu(x)` and one size :math:`s` for the window length,

.. math:: Y \sim NB(\mu(x), s), \qquad \operatorname{var} Y = \mu + \mu^2 / s.

No mean is let fall below :math:`h / 2T`, the Jeffreys mean of :math:`h` weeks after :math:`T` silent ones.

References
----------
Friedman (2001), Greedy function approximation: a gradient boosting machine, Annals of Statistics 29, 1189-1232.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import special
from scipy.optimize import minimize_scalar

from sixparty.errors import ModelRefused
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import negative_binomial

TRAILING = (1, 4, 13, 26, 52)
"""Past weeks whose events are added up for the trees, in as many columns."""

FOLDS = 4
"""Stretches of time that are left out in turn, to see how far the trees' means are off."""

_LOG_SIZES = (-3.0, 8.0)


@dataclass(frozen=True)
class BoostingSettings:
    """How the trees are grown; fixed beforehand, not chosen by score.

    Parameters
    ----------
    rounds, learning_rate
        Trees, and the share of each that is added.
    leaves, leaf_weeks
        Most leaves of a tree, and fewest weeks in a leaf: a year, since neighbouring windows overlap.
    """

    rounds: int = 50
    learning_rate: float = 0.05
    leaves: int = 4
    leaf_weeks: int = 52


def boosted_laws(
    counts: Int[np.ndarray, " time"],
    drills: Float[np.ndarray, " week"],
    *,
    year_fraction: Float[np.ndarray, " time"],
    horizons: Sequence[int],
    settings: BoostingSettings | None = None,
) -> dict[int, CountPredictive]:
    """Return the predictive of each window after `counts`.

    Parameters
    ----------
    counts
        A record of more than two years without a gap, oldest first, with at least one event.
    drills
        Share of each week's days under scheduled drills: those held in the weeks of the record, then, for as many weeks
        as the longest window, those expected at its end.
    year_fraction
        Place of each week in its year, from 0 to 1.

    Raises
    ------
    ModelRefused
        If nothing happened, or the record is too short for a window length.
    """
    if counts.sum() == 0:
        raise ModelRefused("plain-boosting needs a record with at least one event, got none. Use a plain rate.")
    known = _known_at(counts, year_fraction)
    settings = settings or BoostingSettings()
    return {
        horizon: _law(np.column_stack([known, _drills_ahead(drills, len(known), horizon)]), counts, horizon, settings)
        for horizon in horizons
    }


def _known_at(counts: Int[np.ndarray, " time"], year_fraction: Float[np.ndarray, " time"]) -> np.ndarray:
    """A row for each week from the 52nd on: trailing sums, weeks since the last event, season."""
    total = np.concatenate([[0], np.cumsum(counts)])
    ends = np.arange(max(TRAILING), len(counts) + 1)
    trailing = [total[ends] - total[ends - weeks] for weeks in TRAILING]
    last = np.maximum.accumulate(np.where(counts > 0, np.arange(len(counts)), -1))
    turn = 2 * np.pi * year_fraction[ends - 1]
    return np.column_stack([*trailing, ends - 1 - last[ends - 1], np.sin(turn), np.cos(turn)])


def _drills_ahead(drills: Float[np.ndarray, " week"], rows: int, horizon: int) -> Float[np.ndarray, " row"]:
    """Mean share of drill days in the window after each row."""
    total = np.concatenate([[0.0], np.cumsum(drills)])
    ends = np.arange(max(TRAILING), max(TRAILING) + rows)
    return np.asarray((total[ends + horizon] - total[ends]) / horizon)


def _law(
    rows: Float[np.ndarray, "row feature"], counts: Int[np.ndarray, " time"], horizon: int, settings: BoostingSettings
) -> CountPredictive:
    total = np.concatenate([[0], np.cumsum(counts)])
    ends = np.arange(max(TRAILING), len(counts) - horizon + 1)
    sums = (total[ends + horizon] - total[ends]).astype(float)
    if len(sums) < settings.leaf_weeks:
        raise ModelRefused(
            f"plain-boosting needs {max(TRAILING) + horizon + settings.leaf_weeks} covered weeks for windows of "
            f"{horizon} weeks, got {len(counts)}. Choose a later origin."
        )
    closed, now = rows[: len(sums)], rows[-1:]
    least = 0.5 * horizon / len(counts)
    left_out = np.maximum(_left_out_means(closed, sums, horizon, settings), least)
    mean = max(float(_means(closed, sums, now, settings)[0]), least)
    return negative_binomial(mean, _size(sums, left_out))


def _left_out_means(
    rows: Float[np.ndarray, "row feature"], sums: Float[np.ndarray, " row"], horizon: int, settings: BoostingSettings
) -> Float[np.ndarray, " row"]:
    """The mean for each past window by trees that saw no window that shares a week with its stretch of time."""
    place, found = np.arange(len(sums)), np.empty(len(sums))
    for stretch in np.array_split(place, FOLDS):
        is_apart = (place <= stretch[0] - horizon) | (place >= stretch[-1] + horizon)
        found[stretch] = _means(rows[is_apart], sums[is_apart], rows[stretch], settings)
    return found


def _means(
    rows: Float[np.ndarray, "row feature"],
    sums: Float[np.ndarray, " row"],
    asked: Float[np.ndarray, "asked feature"],
    settings: BoostingSettings,
) -> Float[np.ndarray, " asked"]:
    """Grow trees on the Poisson likelihood and read off the means; zero where nothing happened or no row is left."""
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    if sums.sum() == 0:
        return np.zeros(len(asked))
    trees = HistGradientBoostingRegressor(
        loss="poisson",
        max_iter=settings.rounds,
        learning_rate=settings.learning_rate,
        max_leaf_nodes=settings.leaves,
        min_samples_leaf=settings.leaf_weeks,
        early_stopping=False,
        random_state=0,
    )
    # one thread: two would add in another order, and the last digits would depend on the machine
    with threadpool_limits(limits=1):
        return np.asarray(trees.fit(rows, sums).predict(asked), dtype=float)


def _size(sums: Float[np.ndarray, " row"], means: Float[np.ndarray, " row"]) -> float:
    """The size under which past windows were likeliest, given the means from trees that had not seen them."""

    def minus_log_likelihood(log_size: float) -> float:
        size = np.exp(log_size)
        ways = special.gammaln(sums + size) - special.gammaln(size)
        return -float((ways + sums * np.log(means / (size + means)) - size * np.log1p(means / size)).sum())

    return float(np.exp(minimize_scalar(minus_log_likelihood, bounds=_LOG_SIZES, method="bounded").x))
