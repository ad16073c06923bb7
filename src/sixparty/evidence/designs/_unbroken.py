"""Rates without a break, which wander all the same: what a search for a break must be held against."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key

_HALF_LIVES = (1.0, 3.25, 13.0, 39.0, 104.0)
_SPREADS = (0.4, 0.8, 1.3)
_DISPERSIONS = (8.0, 1.2, 0.4)
_BLOCKS = (1, 3, 13, 26)
_STEADY_WEIGHT = len(_HALF_LIVES) * len(_SPREADS)
_RUNS_A_LAW = 40
_SMALLEST = 1e-9

Counts = Int[np.ndarray, "run bin"]


@dataclass(frozen=True, eq=False)
class Wandering:
    """Laws of a wandering rate and how well each agrees with what was counted.

    The log level is a stationary autoregression of first order with the standard deviation `spread`, which loses half
    of a deviation in `half_life` bins; counts are negative binomial around it.
    """

    half_lives: Float[np.ndarray, " law"]
    spreads: Float[np.ndarray, " law"]
    dispersions: Float[np.ndarray, " law"]
    weights: Float[np.ndarray, " law"]

    def drawn(self, key: Key, runs: int, *, bins: int) -> Paths:
        """Draw laws by their weights and from each the path of a rate."""
        generator = key.generator()
        chosen = generator.choice(self.weights.size, size=runs, p=self.weights)
        return _paths(
            generator, self.half_lives[chosen], self.spreads[chosen], dispersions=self.dispersions[chosen], bins=bins
        )


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths of a rate relative to its mean, what makes counts vary more than Poisson being part of each."""

    rates: Float[np.ndarray, "run bin"]

    def counts(self, generator: np.random.Generator, *, mean: float, place: int = 0, log_ratio: float = 0.0) -> Counts:
        """Draw counts with `mean` over all bins, the rate from bin `place` on being higher by `log_ratio`."""
        rates = self.rates * np.exp(log_ratio * (np.arange(self.rates.shape[1]) >= place))
        rates *= mean / rates.mean(axis=1, keepdims=True)
        return np.asarray(generator.poisson(rates))


def fit_wandering(key: Key, counts: Int[np.ndarray, " bin"]) -> Wandering:
    """Weigh the laws by how they reproduce the spread of `counts` over short and long stretches.

    Looked at is the log variance over mean of sums over 1, 3, 13 and 26 bins, around the best break. Each law is drawn
    from and treated in the same way, so that what the best break takes away is taken away from it too; its weight is
    the normal density of the difference (a synthetic likelihood). Beforehand a level that wanders and one that does not
    are held equally likely.

    References
    ----------
    Wood, "Statistical inference for noisy nonlinear ecological dynamic systems", *Nature* 466 (2010), 1102-1104.
    """
    laws = np.array([*product(_HALF_LIVES, _SPREADS, _DISPERSIONS), *((1.0, 0.0, each) for each in _DISPERSIONS)])
    half_lives, spreads, dispersions = (np.repeat(laws[:, part], _RUNS_A_LAW) for part in range(3))
    generator = key.generator()
    paths = _paths(generator, half_lives, spreads, dispersions=dispersions, bins=counts.size)
    features = _features(paths.counts(generator, mean=float(counts.mean()))).reshape(len(laws), _RUNS_A_LAW, -1)
    seen = _features(counts[None, :])[0]
    logs = np.array([_log_density(seen, each) for each in features])
    weights = np.where(laws[:, 1] == 0.0, _STEADY_WEIGHT, 1.0) * np.exp(logs - logs.max())
    return Wandering(laws[:, 0], laws[:, 1], laws[:, 2], weights / weights.sum())


def gains(counts: Counts) -> Float[np.ndarray, "run bin"]:
    r"""Twice the Poisson log likelihood gained by a break before each bin; 0 before the first.

    :math:`2\left(S_1 \ln\frac{S_1}{n_1} + S_2 \ln\frac{S_2}{n_2} - S \ln\frac{S}{n}\right)`.
    """
    bins = counts.shape[1]
    before = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1, dtype=np.float64)[:, :-1]], axis=1)
    total = counts.sum(axis=1, dtype=np.float64)[:, None]
    number = np.arange(bins)[None, :]
    found = 2.0 * (_times_log(before, number) + _times_log(total - before, bins - number) - _times_log(total, bins))
    return np.asarray(np.maximum(found, 0.0))


def around_break(counts: Counts, places: Int[np.ndarray, " run"]) -> tuple[np.ndarray, np.ndarray]:
    """Return for each run the mean of a bin before and from its break on."""
    is_after = np.arange(counts.shape[1])[None, :] >= places[:, None]
    after = (counts * is_after).sum(axis=1) / np.maximum(counts.shape[1] - places, 1)
    before = (counts * ~is_after).sum(axis=1) / np.maximum(places, 1)
    return before, after


def excess(counts: Counts, places: Int[np.ndarray, " run"], *, block: int) -> Float[np.ndarray, " run"]:
    """Return variance over mean of sums over `block` bins around the means on both sides of the break."""
    before, after = around_break(counts, places)
    means = np.where(np.arange(counts.shape[1])[None, :] >= places[:, None], after[:, None], before[:, None])
    squared = _summed(counts - means, block) ** 2
    return np.asarray(np.maximum(squared.sum(axis=1) / np.maximum(_summed(means, block).sum(axis=1), _SMALLEST), 0.02))


def trimmed(bins: int, share: float) -> tuple[int, int]:
    """Return first and last bin before which a break may lie, `share` of the bins being left on both sides."""
    edge = max(int(np.ceil(share * bins)), 2)
    return edge, bins - edge


def _features(counts: Counts) -> Float[np.ndarray, "run feature"]:
    first, last = trimmed(counts.shape[1], 0.1)
    places = first + gains(counts)[:, first : last + 1].argmax(axis=1)
    blocks = [block for block in _BLOCKS if counts.shape[1] >= 4 * block]
    return np.asarray(np.log(np.stack([excess(counts, places, block=block) for block in blocks], axis=1)))


def _log_density(seen: np.ndarray, drawn: np.ndarray) -> float:
    covariance = np.cov(drawn, rowvar=False) + 0.02 * np.eye(seen.size)
    away = seen - drawn.mean(axis=0)
    return float(-0.5 * away @ np.linalg.solve(covariance, away) - 0.5 * np.linalg.slogdet(covariance)[1])


def _paths(
    generator: np.random.Generator, half_lives: np.ndarray, spreads: np.ndarray, *, dispersions: np.ndarray, bins: int
) -> Paths:
    keep = 2.0 ** (-1.0 / half_lives)
    moves = generator.standard_normal((bins, half_lives.size))
    moves[1:] *= np.sqrt(1.0 - keep**2)
    for place in range(1, bins):
        moves[place] += keep * moves[place - 1]
    shape = np.broadcast_to(dispersions[:, None], (half_lives.size, bins))
    return Paths(np.exp(spreads[:, None] * moves.T) * generator.standard_gamma(shape) / shape)


def _summed(values: np.ndarray, block: int) -> np.ndarray:
    whole = values.shape[1] // block * block
    return np.asarray(values[:, :whole].reshape(len(values), -1, block).sum(axis=2))


def _times_log(number: np.ndarray, days: np.ndarray | int) -> np.ndarray:
    return np.asarray(number * np.log(np.maximum(number, _SMALLEST) / np.maximum(days, 1)))
