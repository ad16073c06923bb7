"""A negative binomial by moments, with the uncertainty of its rate; the form that two reference models share."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from sixparty.errors import InputRefused
from sixparty.forecast.predictive import CountPredictive

_BLOCK_WEEKS = 13


def window_sums(counts: Int[np.ndarray, " time"], weeks: int) -> Int[np.ndarray, " window"]:
    """Add up `counts` in windows of `weeks` that do not overlap, the last one closing with the last week."""
    number = len(counts) // weeks
    return np.asarray(counts[len(counts) - number * weeks :].reshape(number, weeks).sum(axis=1))


def excess_variance(counts: Int[np.ndarray, " time"], weeks: int) -> float:
    r"""Return the squared coefficient of variation beyond Poisson, :math:`(v - m) / m^2`, of sums over `weeks` weeks.

    Zero where the sums vary no more than Poisson counts, or where fewer than two windows fit.
    """
    sums = window_sums(counts, weeks)
    if len(sums) < 2 or sums.sum() == 0:
        return 0.0
    return max(0.0, float(sums.var(ddof=1) - sums.mean()) / float(sums.mean()) ** 2)


def moment_predictive(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    r"""Return the predictive of the next `horizon` weeks from `counts` of past weeks.

    The rate has the Jeffreys posterior Gamma(n + 1/2, T); variance beyond Poisson is read from blocks of at most 13
    weeks and taken as independent from block to block. The result is negative binomial with

    .. math:: m = h (n + 1/2) / T, \qquad 1/s = (b / h)\, c_b + 1 / (n + 1/2),

    where :math:`c_b` is the excess of blocks of :math:`b` weeks. Without excess it is exact.
    """
    if len(counts) == 0:
        raise InputRefused("a reference model needs at least one covered week, got none. Choose a later date.")
    number, block = int(counts.sum()), min(horizon, _BLOCK_WEEKS)
    spread = excess_variance(counts, block) * block / horizon + 1 / (number + 0.5)
    return CountPredictive.negative_binomial(horizon * (number + 0.5) / len(counts), 1 / spread)
