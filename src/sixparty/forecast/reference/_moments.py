"""A negative binomial by moments, with the uncertainty of its rate; the form that several reference models share."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int
from scipy import special

from sixparty.errors import InputRefused
from sixparty.forecast.predictive import CountPredictive

BLOCK_WEEKS = 13
"""Longest block from which variance beyond Poisson is read."""

_LEFT_OUT = 1e-10


def window_sums(counts: Int[np.ndarray, " time"], weeks: int) -> Int[np.ndarray, " window"]:
    """Add up `counts` in windows of `weeks` that do not overlap, the last one closing with the last week."""
    number = len(counts) // weeks
    return np.asarray(counts[len(counts) - number * weeks :].reshape(number, weeks).sum(axis=1))


def excess_of(sums: Int[np.ndarray, " window"]) -> float:
    r"""Return the squared coefficient of variation beyond Poisson, :math:`(v - m) / m^2`, of counts.

    Zero where the counts vary no more than Poisson counts, or where there are fewer than two.
    """
    if len(sums) < 2 or sums.sum() == 0:
        return 0.0
    return max(0.0, float(sums.var(ddof=1) - sums.mean()) / float(sums.mean()) ** 2)


def excess_variance(counts: Int[np.ndarray, " time"], weeks: int) -> float:
    """Return the excess of the sums over `weeks` weeks; zero where fewer than two windows fit."""
    return excess_of(window_sums(counts, weeks))


def rate_predictive(number: int, weeks: int, *, horizon: int, excess: float = 0.0) -> CountPredictive:
    r"""Return the predictive of the next `horizon` weeks after `number` events in `weeks` weeks.

    The rate has the Jeffreys posterior Gamma(n + 1/2, T). The result is negative binomial with

    .. math:: m = h (n + 1/2) / T, \qquad 1/s = c + 1 / (n + 1/2),

    where :math:`c` is the `excess` of sums over `horizon` weeks. Without excess it is exact.
    """
    if weeks == 0:
        raise InputRefused("a reference model needs at least one covered week, got none. Choose a later date.")
    return negative_binomial(horizon * (number + 0.5) / weeks, 1 / (excess + 1 / (number + 0.5)))


def moment_predictive(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    r"""Return the predictive of the next `horizon` weeks from `counts` of past weeks.

    Variance beyond Poisson is read from blocks of :math:`b`, at most 13, weeks and taken as independent from block to
    block, so that the excess of `horizon` weeks is :math:`(b / h)\, c_b`.
    """
    block = min(horizon, BLOCK_WEEKS)
    excess = excess_variance(counts, block) * block / horizon
    return rate_predictive(int(counts.sum()), len(counts), horizon=horizon, excess=excess)


def negative_binomial(mean: float, size: float) -> CountPredictive:
    """Return the negative binomial law of finite `size`, as `CountPredictive.negative_binomial` does.

    A backtest makes some hundred thousand of them; this takes a tenth of the time.
    """
    q = mean / (size + mean)
    last = _last_count(mean, size, q)
    k = np.arange(last + 1.0)
    log_pmf = special.gammaln(k + size) - special.gammaln(k + 1) + k * np.log(q)
    pmf = np.exp(log_pmf - special.gammaln(size) - size * np.log1p(mean / size))
    tail = float(special.betainc(last + 1.0, size, q))
    pmf *= (1 - tail) / pmf.sum()
    return CountPredictive(pmf, tail, float(pmf[-1] / pmf[-2]))


def _last_count(mean: float, size: float, q: float) -> int:
    """The count beyond which at most 1e-10 of the probability lies, and two more."""
    low, high = -1, int(mean) + 8
    while special.betainc(high + 1.0, size, q) > _LEFT_OUT:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if special.betainc(middle + 1.0, size, q) > _LEFT_OUT else (low, middle)
    return high + 2
