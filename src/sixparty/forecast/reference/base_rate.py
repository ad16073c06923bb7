"""Base rate: how often a rare event came, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int
from scipy import stats

from sixparty.errors import InputRefused
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import excess_variance

_BLOCK_WEEKS = 13


@dataclass(frozen=True)
class BaseRate:
    """The chance of at least one episode in a window, from the number of past episodes alone.

    Parameters
    ----------
    predictive
        Distribution of the number of episodes.
    low, high
        80 % interval of the chance of at least one, from the uncertainty of the rate.
    episodes, weeks
        Episodes seen, and covered weeks in which they were seen.
    """

    predictive: CountPredictive
    low: float
    high: float
    episodes: int
    weeks: int

    @property
    def probability(self) -> float:
        """Chance of at least one episode."""
        return self.predictive.at_least(1)


def base_rate(counts: Int[np.ndarray, " time"], horizon: int) -> BaseRate:
    r"""Return the base rate of the next `horizon` weeks; an episode is a day with the event.

    With Jeffreys' prior the rate is Gamma(n + 1/2, T) after n episodes in T weeks, so that

    .. math:: P = 1 - \left(\frac{T}{T + h}\right)^{n + 1/2}.

    The prior adds half an episode: with none seen the chance is small and not zero.

    Examples
    --------
    >>> round(base_rate(np.zeros(520, dtype=np.int64), 52).probability, 3)
    0.047
    """
    if len(counts) == 0:
        raise InputRefused("a base rate needs at least one covered week, got none. Choose a later date.")
    episodes, weeks = int(counts.sum()), len(counts)
    shape = episodes + 0.5
    low, high = 1 - np.exp(-horizon * stats.gamma.ppf([0.1, 0.9], shape) / weeks)
    predictive = CountPredictive.negative_binomial(horizon * shape / weeks, shape)
    return BaseRate(predictive, float(low), float(high), episodes, weeks)


def base_count(counts: Int[np.ndarray, " time"], horizon: int) -> BaseRate:
    r"""Return the base rate of a count that comes in runs, from all covered weeks.

    The rate has the Jeffreys posterior Gamma(n + 1/2, T). Runs make windows differ by more: the squared coefficient of
    variation :math:`c_b` beyond Poisson of blocks of :math:`b = \min(h, 13)` weeks is added, undiminished for windows
    longer than a block, since a run or a lull may last. The law is negative binomial with

    .. math:: m = h (n + 1/2) / T, \qquad 1/s = c_b + 1 / (n + 1/2),

    and the interval of the chance of at least one comes from the gamma law of the rate behind it.

    Examples
    --------
    >>> rate = base_count(np.array([0, 0, 6, 0] * 13, dtype=np.int64), 1)
    >>> round(rate.probability, 2), rate.episodes
    (0.47, 78)
    """
    if len(counts) == 0:
        raise InputRefused("a base rate needs at least one covered week, got none. Choose a later date.")
    number = int(counts.sum()) + 0.5
    mean, spread = horizon * number / len(counts), excess_variance(counts, min(horizon, _BLOCK_WEEKS)) + 1 / number
    low, high = 1 - np.exp(-mean * spread * stats.gamma.ppf([0.1, 0.9], 1 / spread))
    predictive = CountPredictive.negative_binomial(mean, 1 / spread)
    return BaseRate(predictive, float(low), float(high), int(counts.sum()), len(counts))
