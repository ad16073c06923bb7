"""The season: what the same weeks of earlier years would repeat."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import excess_of, rate_predictive

YEARS = 10
"""Years looked back upon, at most."""

_WEEKS_A_YEAR = 365.25 / 7


def seasonal(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    """Return the predictive of the next `horizon` weeks from the same weeks of the last ten years.

    A negative binomial by moments over one window a year. A year is 52.18 weeks, rounded for each year apart, so that
    the windows keep their place in the calendar. With less than a year of record all of it counts.

    Parameters
    ----------
    counts
        Those of covered weeks without a gap, oldest first.
    """
    begins = [len(counts) - round(back * _WEEKS_A_YEAR) for back in range(1, YEARS + 1)]
    sums = np.array([counts[begin : begin + horizon].sum() for begin in begins if begin >= 0])
    if len(sums) == 0:
        return rate_predictive(int(counts.sum()), len(counts), horizon=horizon)
    return rate_predictive(int(sums.sum()), horizon * len(sums), horizon=horizon, excess=excess_of(sums))
