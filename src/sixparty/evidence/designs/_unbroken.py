"""Rates without a break, which wander all the same: what a search for a break must be held against."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.evidence.designs._breaks import counts_along, excess, gains

_RESTING = (0.01, 0.02, 0.04)
_RESTING_SHARE = 0.2
_WANDERING = (0.125, 0.15, 0.2, 0.25, 0.3, 0.4)
_DISPERSIONS = (8.0, 1.2, 0.4)
_BLOCKS = (1, 3, 13, 26)
_RUNS_A_LAW = 40

Counts = Int[np.ndarray, "run bin"]


@dataclass(frozen=True, eq=False)
class Wandering:
    """Laws of a wandering rate and how well each agrees with what was counted.

    The log level moves by a normal `step` from bin to bin and never returns; counts are negative binomial around it.
    """

    steps: Float[np.ndarray, " law"]
    dispersions: Float[np.ndarray, " law"]
    weights: Float[np.ndarray, " law"]

    def drawn(self, key: Key, runs: int, *, bins: int) -> Paths:
        """Draw laws by their weights and from each the path of a rate."""
        generator = key.generator()
        chosen = generator.choice(self.weights.size, size=runs, p=self.weights)
        return _paths(generator, self.steps[chosen], dispersions=self.dispersions[chosen], bins=bins)


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths of a rate relative to its mean, what makes counts vary more than Poisson being part of each.

    Parameters
    ----------
    rates
        The rate of each bin.
    chances
        Even in [0, 1): how high the count of each bin lies in its law.
    """

    rates: Float[np.ndarray, "run bin"]
    chances: Float[np.ndarray, "run bin"]

    def counts(self, mean: float, *, place: int = 0, log_ratio: float = 0.0) -> Counts:
        """Return counts with `mean` over all bins, the rate from bin `place` on being higher by `log_ratio`."""
        return counts_along(self.rates, self.chances, mean, place, log_ratio)

    def first(self, runs: int) -> Paths:
        """Return the first so many paths."""
        return Paths(self.rates[:runs], self.chances[:runs])


def fit_wandering(key: Key, counts: Int[np.ndarray, " bin"]) -> Wandering:
    """Weigh the laws by how they reproduce the spread of `counts` over short and long stretches.

    Looked at is the log variance over mean of sums over 1, 3, 13 and 26 bins, around the best break. Each law is drawn
    from and treated in the same way, so that what the best break takes away is taken away from it too; its weight is
    the normal density of the difference (a synthetic likelihood). Beforehand one law in five hardly moves and the rest
    wander much, with none between: in a record that tells little, a level taken to rest would break too easily.

    References
    ----------
    Wood, "Statistical inference for noisy nonlinear ecological dynamic systems", *Nature* 466 (2010), 1102-1104.
    """
    laws = np.array([*product((*_RESTING, *_WANDERING), _DISPERSIONS)])
    steps, dispersions = (np.repeat(laws[:, part], _RUNS_A_LAW) for part in range(2))
    paths = _paths(key.generator(), steps, dispersions=dispersions, bins=counts.size)
    features = _features(paths.counts(float(counts.mean()))).reshape(len(laws), _RUNS_A_LAW, -1)
    seen = _features(counts[None, :])[0]
    logs = np.array([_log_density(seen, each) for each in features])
    weights = _beforehand(laws[:, 0]) * np.exp(logs - logs.max())
    return Wandering(laws[:, 0], laws[:, 1], weights / weights.sum())


def _beforehand(steps: Float[np.ndarray, " law"]) -> Float[np.ndarray, " law"]:
    rests = steps <= max(_RESTING)
    return np.asarray(np.where(rests, _RESTING_SHARE / rests.sum(), (1.0 - _RESTING_SHARE) / (~rests).sum()))


def whole_logs(counts: Counts) -> Float[np.ndarray, " number"]:
    """Return the logs of all whole numbers that sums of `counts` can reach, with 0 for that of 0."""
    largest = max(int(counts.sum(axis=1).max()), counts.shape[1])
    return np.asarray(np.log(np.maximum(np.arange(largest + 1), 1)))


def trimmed(bins: int, share: float) -> tuple[int, int]:
    """Return first and last bin before which a break may lie, `share` of the bins being left on both sides."""
    edge = max(int(np.ceil(share * bins)), 2)
    return edge, bins - edge


def _features(counts: Counts) -> Float[np.ndarray, "run feature"]:
    first, last = trimmed(counts.shape[1], 0.1)
    places = first + gains(counts, whole_logs(counts))[:, first : last + 1].argmax(axis=1)
    blocks = [block for block in _BLOCKS if counts.shape[1] >= 4 * block]
    return np.asarray(np.log(np.stack([excess(counts, places, block) for block in blocks], axis=1)))


def _log_density(seen: np.ndarray, drawn: np.ndarray) -> float:
    covariance = np.cov(drawn, rowvar=False) + 0.02 * np.eye(seen.size)
    away = seen - drawn.mean(axis=0)
    return float(-0.5 * away @ np.linalg.solve(covariance, away) - 0.5 * np.linalg.slogdet(covariance)[1])


def _paths(generator: np.random.Generator, steps: np.ndarray, *, dispersions: np.ndarray, bins: int) -> Paths:
    levels = np.cumsum(generator.standard_normal((steps.size, bins)) * steps[:, None], axis=1)
    shape = np.broadcast_to(dispersions[:, None], levels.shape)
    rates = np.exp(levels) * generator.standard_gamma(shape) / shape
    return Paths(rates, generator.random(levels.shape))
