"""The trailing year: the pace of the last 52 weeks goes on, and nothing comes in bursts."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import rate_predictive

WEEKS = 52
"""One year, in weeks."""


def trailing52(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    """Return the predictive of the next `horizon` weeks from the number of events in the last 52 weeks alone.

    A Poisson count whose rate has the Jeffreys posterior. `counts` are those of covered weeks, oldest first.

    Examples
    --------
    >>> round(trailing52(np.ones(52, dtype=np.int64), 13).mean, 3)
    13.125
    """
    recent = counts[-WEEKS:]
    return rate_predictive(int(recent.sum()), len(recent), horizon=horizon)
