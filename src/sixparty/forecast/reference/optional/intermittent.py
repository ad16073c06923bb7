r"""Intermittent demand: the chance of an eventful week and the number of events in one, each smoothed by itself.

With :math:`o_t = 1\{y_t > 0\}`,

.. math:: p_{t+1} = p_t + \alpha (o_t - p_t), \qquad z_{t+1} = z_t + \beta\, o_t (y_t - z_t),

and :math:`y_{t+1}` is 0 with probability :math:`1 - p_{t+1}`, else geometric on 1, 2, ... with mean :math:`z_{t+1}`.

References
----------
Teunter, Syntetos and Babai (2011), Intermittent demand: linking forecasting to inventory obsolescence, European Journal
of Operational Research 214, 606-615: the two recursions.
Snyder, Ord and Beaumont (2012), Forecasting the intermittent demand for slow-moving inventories: a modelling approach,
International Journal of Forecasting 28, 485-496: laws around them, fitted by likelihood and carried into the future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import signal

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._excited import FUTURES

WEIGHTS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32)
"""Weights of the newest week that are tried."""

_FIRST_WEEKS = 52
_SMALLEST = 1e-6


@dataclass(frozen=True)
class Intermittent:
    """Where the two smoothed series stand after a record.

    Parameters
    ----------
    chance
        Chance of an eventful week, between 0 and 1.
    size
        Mean number of events in an eventful week, above 1.
    chance_weight, size_weight
        Weight of the newest week in each.
    """

    chance: float
    size: float
    chance_weight: float
    size_weight: float


def fit_intermittent(counts: Int[np.ndarray, " time"]) -> Intermittent:
    """Smooth a record, with the weights under which its own weeks were likeliest, each forecast from those before it.

    Both series begin with the first 52 weeks: the chance as its Jeffreys mean, the size with half an event more.

    Parameters
    ----------
    counts
        A record without a gap, oldest first, with at least one event.

    Raises
    ------
    ModelRefused
        If nothing happened.
    """
    if counts.sum() == 0:
        raise ModelRefused("plain-tsb needs a record with at least one event, got none. Use a plain rate.")
    is_on, sizes = (counts > 0).astype(float), counts[counts > 0].astype(float)
    early = counts[:_FIRST_WEEKS]
    number = int((early > 0).sum())
    first_chance = (number + 0.5) / (len(early) + 1)
    first_size = 1 + (float(early.sum()) - number + 0.5) / (number + 1)
    chances = {weight: smoothed(is_on, weight, first=first_chance) for weight in WEIGHTS}
    means = {weight: smoothed(sizes, weight, first=first_size) for weight in WEIGHTS}
    chance_weight = max(WEIGHTS, key=lambda weight: _chance_likelihood(is_on, chances[weight][:-1]))
    size_weight = max(WEIGHTS, key=lambda weight: _size_likelihood(sizes, means[weight][:-1]))
    return Intermittent(float(chances[chance_weight][-1]), float(means[size_weight][-1]), chance_weight, size_weight)


def smoothed(values: Float[np.ndarray, " time"], weight: float, *, first: float) -> Float[np.ndarray, " after"]:
    """Return the exponentially smoothed level before each value and, last, after all of them."""
    fed = np.concatenate([[first], weight * values])
    return np.asarray(signal.lfilter([1.0], [1.0, weight - 1], fed))


def intermittent_laws(key: Key, fit: Intermittent, *, horizons: Sequence[int]) -> dict[int, CountPredictive]:
    """Return the predictive of each window from 4,000 futures, in which both series go on learning.

    Each future smooths its own weeks, so that the spread grows with the window as the level may wander. The weights are
    taken as known.
    """
    generator = key.generator()
    chance, size = np.full(FUTURES, fit.chance), np.full(FUTURES, fit.size)
    total, found = np.zeros(FUTURES, dtype=np.int64), {}
    for week in range(1, max(horizons) + 1):
        is_on = generator.random(FUTURES) < chance
        counts = np.where(is_on, generator.geometric(1 / size), 0)
        chance = chance + fit.chance_weight * (is_on - chance)
        size = np.where(is_on, size + fit.size_weight * (counts - size), size)
        total += counts
        if week in horizons:
            found[week] = CountPredictive.from_draws(total)
    return found


def _chance_likelihood(is_on: Float[np.ndarray, " time"], chances: Float[np.ndarray, " time"]) -> float:
    kept = np.clip(chances, _SMALLEST, 1 - _SMALLEST)
    return float((is_on * np.log(kept) + (1 - is_on) * np.log1p(-kept)).sum())


def _size_likelihood(sizes: Float[np.ndarray, " week"], means: Float[np.ndarray, " week"]) -> float:
    further = np.maximum(means - 1, _SMALLEST)
    return float(((sizes - 1) * np.log(further) - sizes * np.log1p(further)).sum())
