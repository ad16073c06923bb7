r"""Counts that excite themselves around a fixed level; two reference models share its likelihood and its futures.

.. math:: \mu_t = \nu + a E_t, \qquad E_t = c E_{t-1} + (1 - c) y_{t-1}, \qquad y_t \sim NB(\mu_t, \phi)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import signal, special

from sixparty.compute import Key

FUTURES = 4000
"""Simulated futures behind one forecast."""

_LARGE_MEAN = 30.0
_LARGEST_BY_INVERSION = 5000


@dataclass(frozen=True)
class Excited:
    """Parameters of the model of this module, one value each or one for each draw.

    Parameters
    ----------
    level
        Mean count a week when nothing came before.
    excitation
        Further counts that one count calls forth; below 1, or the counts run away.
    memory
        Share of the memory that is kept for a week.
    dispersion
        Variance is the mean plus its square divided by this.
    """

    level: float | Float[np.ndarray, " draw"]
    excitation: float | Float[np.ndarray, " draw"]
    memory: float | Float[np.ndarray, " draw"]
    dispersion: float | Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class CountRecord:
    """Counts with what their likelihood needs however often it is asked for."""

    counts: Int[np.ndarray, " time"]
    values: Int[np.ndarray, " value"]
    times: Int[np.ndarray, " value"]

    @classmethod
    def of(cls, counts: Int[np.ndarray, " time"]) -> CountRecord:
        """Lay out `counts`, oldest first."""
        values, times = np.unique(counts, return_counts=True)
        return cls(counts, values, times)

    def log_likelihood(self, one: Excited, *, first_memory: float = 0.0) -> float:
        """Return the log probability of all counts under one set of parameters."""
        size = float(one.dispersion)
        memory = memory_path(self.counts, float(one.memory), first=first_memory)
        means = one.level + one.excitation * memory[:-1]
        ways = special.gammaln(self.values + size) - special.gammaln(self.values + 1) - special.gammaln(size)
        chosen = self.counts * np.log(means / (size + means)) - size * np.log1p(means / size)
        return float(self.times @ ways + chosen.sum())


def memory_path(counts: Int[np.ndarray, " time"], memory: float, *, first: float = 0.0) -> Float[np.ndarray, " after"]:
    """Return E before each count and, last, after all of them."""
    fed = np.concatenate([[first], (1 - memory) * counts])
    return np.asarray(signal.lfilter([1.0], [1.0, -memory], fed))


def memory_after(counts: Int[np.ndarray, " time"], memory: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    """Return E after all counts for each value of `memory`; it was zero before them."""
    weeks = np.flatnonzero(counts)
    kept = memory[:, None] ** (len(counts) - 1 - weeks)
    return np.asarray((1 - memory) * (kept @ counts[weeks]))


def window_draws(
    key: Key, draws: Excited, memory: Float[np.ndarray, " draw"], *, horizons: Sequence[int]
) -> dict[int, Int[np.ndarray, " draw"]]:
    """Simulate one future for each draw, from its `memory`, and return the sums of its first weeks by horizon."""
    generator = key.generator()
    size = np.broadcast_to(draws.dispersion, memory.shape)
    total = np.zeros(len(memory), dtype=np.int64)
    found = {}
    for week in range(1, max(horizons) + 1):
        counts = drawn_counts(generator, draws.level + draws.excitation * memory, size)
        memory = draws.memory * memory + (1 - draws.memory) * counts
        total += counts
        if week in horizons:
            found[week] = total.copy()
    return found


def drawn_counts(
    generator: np.random.Generator, mean: Float[np.ndarray, " draw"], size: Float[np.ndarray, " draw"]
) -> Int[np.ndarray, " draw"]:
    """Draw negative binomial counts: small means by inversion, which is fast where most counts are zero."""
    uniform = generator.random(len(mean))
    pmf = np.exp(-size * np.log1p(mean / size))
    reached, counts = pmf.copy(), np.zeros(len(mean), dtype=np.int64)
    is_large = mean > _LARGE_MEAN
    left, k = np.flatnonzero((uniform >= reached) & ~is_large), 0
    while left.size and k < _LARGEST_BY_INVERSION:
        k += 1
        odds = mean[left] / (size[left] + mean[left])
        pmf[left] *= odds * (k - 1 + size[left]) / k
        reached[left] += pmf[left]
        counts[left] = k
        left = left[uniform[left] >= reached[left]]
    if is_large.any():
        high, shape = mean[is_large], size[is_large]
        counts[is_large] = generator.negative_binomial(shape, shape / (shape + high))
    return counts
