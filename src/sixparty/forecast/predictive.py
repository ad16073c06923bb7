"""What a forecast says about a count: a probability for every whole number, however large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import stats

from sixparty.compute import Key
from sixparty.errors import UsageError

_LEFT_OUT = 1e-10
_KERNEL_SHARE = 10


@dataclass(frozen=True, eq=False)
class CountPredictive:
    """A predictive distribution of a count; models and reference models all answer in this form.

    Parameters
    ----------
    pmf
        Probability of 0, 1, ..., K.
    tail_mass
        Probability of more than K.
    tail_ratio
        Beyond K each probability is this share of the one before it (a geometric tail), so that no count is held
        impossible and every logarithmic score is finite.

    Examples
    --------
    >>> round(CountPredictive.negative_binomial(2.0, np.inf).at_least(1), 3)
    0.865
    """

    pmf: Float[np.ndarray, " count"]
    tail_mass: float
    tail_ratio: float

    def __post_init__(self) -> None:
        total = float(self.pmf.sum()) + self.tail_mass
        if not (self.pmf.min() >= 0 and self.tail_mass >= 0 and abs(total - 1) < 1e-9):
            raise UsageError(f"pmf and tail_mass must be 0 or more and add up to 1, got a sum of {total}.")
        if not 0 <= self.tail_ratio < 1:
            raise UsageError(f"tail_ratio must be from 0 to below 1, got {self.tail_ratio}.")

    @classmethod
    def negative_binomial(cls, mean: float, size: float) -> CountPredictive:
        r"""Return the negative binomial with variance :math:`m + m^2 / s`; an infinite size is the Poisson law."""
        law = stats.poisson(mean) if np.isinf(size) else stats.nbinom(size, size / (size + mean))
        last = int(law.isf(_LEFT_OUT)) + 2
        pmf = law.pmf(np.arange(last + 1))
        return cls(pmf, float(law.sf(last)), float(pmf[-1] / pmf[-2]))

    @classmethod
    def from_draws(cls, draws: Int[np.ndarray, " draw"]) -> CountPredictive:
        r"""Smooth simulated counts into probabilities.

        Counts below 10 keep their share of the draws. A draw :math:`k \ge 10` is spread over
        :math:`k \pm \lfloor k/10 \rfloor` with triangular weights, which keeps the mean. One further draw is
        added from the geometric law whose mean is the draws' mean plus one; it gives every count some probability and
        the tail its form. The probability of at least one event still cannot fall from a window to a longer one.
        """
        number, mean = len(draws), float(draws.mean()) + 1
        ratio = mean / (1 + mean)
        body = _spread(np.bincount(draws).astype(float))
        geometric = (1 - ratio) * ratio ** np.arange(len(body))
        pmf = (body + geometric) / (number + 1)
        return cls(pmf, ratio ** len(body) / (number + 1), ratio)

    @property
    def mean(self) -> float:
        """Expected count."""
        last = len(self.pmf)
        beyond = self.tail_mass * (last + self.tail_ratio / (1 - self.tail_ratio))
        return float(self.pmf @ np.arange(last)) + beyond

    def probability(self, count: int) -> float:
        """Return the probability of exactly `count`."""
        if count < len(self.pmf):
            return float(self.pmf[count]) if count >= 0 else 0.0
        return float(self.tail_mass * (1 - self.tail_ratio) * self.tail_ratio ** (count - len(self.pmf)))

    def log_probability(self, count: int) -> float:
        """Return the natural logarithm of the probability of exactly `count`, finite however far out it lies."""
        steps = count - len(self.pmf)
        if steps < 0:
            return float(np.log(self.pmf[count]))
        return float(np.log(self.tail_mass) + np.log1p(-self.tail_ratio) + steps * np.log(self.tail_ratio))

    def at_least(self, count: int) -> float:
        """Return the probability of `count` or more."""
        if count < len(self.pmf):
            return float(self.pmf[max(count, 0) :].sum() + self.tail_mass)
        return float(self.tail_mass * self.tail_ratio ** (count - len(self.pmf)))

    def at_most(self, count: int) -> float:
        """Return the probability of `count` or less."""
        if count < len(self.pmf):
            return float(self.pmf[: max(count + 1, 0)].sum())
        return 1.0 - self.at_least(count + 1)

    def quantile(self, level: float) -> int:
        """Return the smallest count whose cumulative probability reaches `level` (between 0 and 1)."""
        if not 0 < level < 1:
            raise UsageError(f"level must lie between 0 and 1, got {level}.")
        cumulative = np.cumsum(self.pmf)
        inside = int(np.searchsorted(cumulative, level - 1e-12))
        if inside < len(self.pmf):
            return inside
        return next(k for k in range(inside, inside + 100_000) if self.at_least(k + 1) <= 1 - level + 1e-12)

    def stretched(self, length: int) -> Float[np.ndarray, " count"]:
        """Return the probabilities of 0 to `length` - 1; what lies beyond is left out."""
        if length <= len(self.pmf):
            return self.pmf[:length]
        steps = np.arange(length - len(self.pmf))
        return np.concatenate([self.pmf, self.tail_mass * (1 - self.tail_ratio) * self.tail_ratio**steps])

    def pooled(self, other: CountPredictive, *, share: float) -> CountPredictive:
        """Return the mixture of this law and `other`, which has the weight `share` (from 0 to 1).

        Both are written out to the longer of the two; beyond that the tail is the one that falls more slowly, with the
        mass of both.
        """
        if not 0 <= share <= 1:
            raise UsageError(f"share must be from 0 to 1, got {share}.")
        length = max(len(self.pmf), len(other.pmf))
        mine, theirs = self.stretched(length), other.stretched(length)
        return CountPredictive(
            pmf=(1 - share) * mine + share * theirs,
            tail_mass=(1 - share) * self.at_least(length) + share * other.at_least(length),
            tail_ratio=max(self.tail_ratio, other.tail_ratio),
        )

    def sample(self, key: Key, size: int) -> Int[np.ndarray, " draw"]:
        """Draw `size` counts."""
        uniform = key.generator().random(size)
        counts = np.searchsorted(np.cumsum(self.pmf), uniform, side="right")
        beyond = counts >= len(self.pmf)
        if beyond.any():
            share = np.clip((1 - uniform[beyond]) / self.tail_mass, 1e-300, 1) if self.tail_mass else np.ones(1)
            steps = np.log(share) / np.log(self.tail_ratio) if self.tail_ratio else np.zeros(1)
            counts[beyond] = len(self.pmf) + np.floor(steps).astype(int)
        return counts.astype(np.int64)


def _spread(weights: Float[np.ndarray, " count"]) -> Float[np.ndarray, " spread"]:
    """Spread each weight over its neighbours within a tenth of its count."""
    out = np.zeros(len(weights) + len(weights) // _KERNEL_SHARE + 1)
    out[: min(_KERNEL_SHARE, len(weights))] = weights[:_KERNEL_SHARE]
    for count in np.flatnonzero(weights[_KERNEL_SHARE:]) + _KERNEL_SHARE:
        half = int(count) // _KERNEL_SHARE
        kernel = half + 1.0 - np.abs(np.arange(-half, half + 1))
        out[count - half : count + half + 1] += weights[count] * kernel / kernel.sum()
    return out
