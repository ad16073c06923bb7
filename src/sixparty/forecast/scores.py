"""How good a forecast of a count was, once the count is known. Lower is better for every score here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.forecast.predictive import CountPredictive


def log_score(predictive: CountPredictive, observed: int) -> float:
    """Return minus the natural logarithm of the probability that was given to what came."""
    return -predictive.log_probability(observed)


def crps(predictive: CountPredictive, observed: int) -> float:
    r"""Return the continuous ranked probability score, in units of the count.

    .. math:: \sum_{k \ge 0} (F(k) - 1\{k \ge y\})^2

    References
    ----------
    Czado, Gneiting and Held (2009), Predictive model assessment for count data, Biometrics 65, eq. 4. The sum beyond
    the stored probabilities is that of the geometric tail, in closed form.
    """
    length = max(len(predictive.pmf), observed + 1)
    cumulative = np.cumsum(predictive.stretched(length))
    steps = (np.arange(length) >= observed).astype(float)
    beyond = predictive.at_least(length + 1) ** 2 / (1 - predictive.tail_ratio**2)
    return float(np.sum((cumulative - steps) ** 2) + beyond)


def brier_score(probability: float, *, happened: bool) -> float:
    """Return the squared distance between a probability and what came (1 or 0)."""
    return (probability - float(happened)) ** 2


def randomised_pit(
    key: Key, predictives: Sequence[CountPredictive], *, observed: Sequence[int]
) -> Float[np.ndarray, " forecast"]:
    """Return for each forecast a number from 0 to 1 that is uniform when the forecasts are calibrated.

    A uniform draw between F(y - 1) and F(y). Intervals of a correct count forecast cover more than their name says
    when counts are small, so calibration is judged by this.

    References
    ----------
    Czado, Gneiting and Held (2009), section 2.
    """
    uniform = key.generator().random(len(predictives))
    low = np.array([p.at_most(y - 1) for p, y in zip(predictives, observed, strict=True)])
    high = np.array([p.at_most(y) for p, y in zip(predictives, observed, strict=True)])
    return np.asarray(low + uniform * (high - low))


def is_inside(predictive: CountPredictive, observed: int, *, share: float = 0.9) -> bool:
    """Tell whether `observed` lies in the central interval that holds at least `share` of the probability."""
    edge = (1 - share) / 2
    return predictive.quantile(edge) <= observed <= predictive.quantile(1 - edge)


@dataclass(frozen=True)
class StackedPredictives:
    """Many predictives side by side, so that they are scored at once.

    Parameters
    ----------
    pmf
        Probabilities of 0, 1, ..., K of each.
    tail_mass, tail_ratio
        As `CountPredictive` has them, beyond K.
    """

    pmf: Float[np.ndarray, "forecast count"]
    tail_mass: Float[np.ndarray, " forecast"]
    tail_ratio: Float[np.ndarray, " forecast"]

    @classmethod
    def of(cls, predictives: Sequence[CountPredictive], *, at_least: int = 0) -> StackedPredictives:
        """Stack predictives, stretched to the longest of them and to counts up to `at_least`."""
        length = max(at_least + 1, *(len(one.pmf) for one in predictives))
        return cls(
            np.array([one.stretched(length) for one in predictives]),
            np.array([one.at_least(length) for one in predictives]),
            np.array([one.tail_ratio for one in predictives]),
        )

    def any_alone(self) -> StackedPredictives:
        """Return the same with 0 for none and 1 for any, for questions of yes or no."""
        none = self.pmf[:, :1]
        return StackedPredictives(np.hstack([none, 1 - none]), np.zeros(len(none)), np.zeros(len(none)))

    @property
    def chance(self) -> Float[np.ndarray, " forecast"]:
        """Chance of at least one."""
        return 1 - self.pmf[:, 0]

    def log_scores(self, observed: Int[np.ndarray, " forecast"]) -> Float[np.ndarray, " forecast"]:
        """Return `log_score` of each."""
        return np.asarray(-np.log(np.take_along_axis(self.pmf, observed[:, None], axis=1)[:, 0]))

    def crps(self, observed: Int[np.ndarray, " forecast"]) -> Float[np.ndarray, " forecast"]:
        """Return `crps` of each."""
        steps = np.arange(self.pmf.shape[1]) >= observed[:, None]
        beyond = (self.tail_mass * self.tail_ratio) ** 2 / (1 - self.tail_ratio**2)
        return np.asarray(((np.cumsum(self.pmf, axis=1) - steps) ** 2).sum(axis=1) + beyond)

    def below_and_up_to(
        self, observed: Int[np.ndarray, " forecast"]
    ) -> tuple[Float[np.ndarray, " forecast"], Float[np.ndarray, " forecast"]]:
        """Return P(Y < y) and P(Y <= y) of each, between which the randomised PIT lies."""
        up_to = np.take_along_axis(np.cumsum(self.pmf, axis=1), observed[:, None], axis=1)[:, 0]
        below = up_to - np.take_along_axis(self.pmf, observed[:, None], axis=1)[:, 0]
        return np.clip(below, 0, 1), np.clip(up_to, 0, 1)


def block_bootstrap_means(
    key: Key, values: Float[np.ndarray, "time score"], *, block: int, replicates: int = 2000
) -> Float[np.ndarray, "replicate score"]:
    """Return means of series put together from blocks of neighbouring rows, as many rows as there are.

    Values of neighbouring origins share most of their window; drawing them one by one would make an interval too
    narrow. Every block begins anywhere, runs on past the end to the beginning, and is as likely as any other.

    Parameters
    ----------
    values
        One row an origin, in order of time; the columns share their blocks.
    block
        Neighbours that stay together: at least the length of a window.

    References
    ----------
    Politis and Romano (1992), A circular block-resampling procedure for stationary data.
    """
    return np.asarray(_block_weights(key, len(values), min(block, len(values)), replicates) @ values)


@lru_cache(maxsize=1)
def _block_weights(key: Key, number: int, block: int, replicates: int) -> Float[np.ndarray, "replicate time"]:
    """How much each value counts in each replicate; series of the same length follow each other and share them."""
    whole, rest = divmod(number, block)
    begins = key.generator().integers(0, number, size=(replicates, whole + 1))
    times = _times_covered(begins[:, :whole], number, block) + _times_covered(begins[:, whole:], number, rest)
    return np.asarray(times / number)


def _times_covered(
    begins: Int[np.ndarray, "replicate block"], number: int, length: int
) -> Float[np.ndarray, "replicate time"]:
    """How often each of `number` places on a circle lies in blocks of `length` with these beginnings."""
    replicates = len(begins)
    if length == 0:
        return np.zeros((replicates, number))
    places = begins + number * np.arange(replicates)[:, None]
    started = np.bincount(places.ravel(), minlength=replicates * number).reshape(replicates, number)
    unrolled = np.cumsum(np.hstack([started, started]), axis=1)
    upto = unrolled[:, number:]
    return (upto - unrolled[:, number - length : 2 * number - length]).astype(np.float64)
