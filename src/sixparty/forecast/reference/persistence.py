"""Persistence: the next window is like the one just past."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import rate_predictive


def persistence(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    """Return the predictive of the next `horizon` weeks from the last `horizon` weeks alone.

    A Poisson count whose rate has the Jeffreys posterior from that one window: after none in a window the chance of at
    least one in the next is .29, whatever its length.

    Examples
    --------
    >>> round(persistence(np.zeros(60, dtype=np.int64), 26).at_least(1), 2)
    0.29
    """
    recent = counts[-horizon:]
    return rate_predictive(int(recent.sum()), len(recent), horizon=horizon)
