"""A short memory: what the last twelve months would repeat, bursts included."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import moment_predictive

WEEKS = 52
"""One year, in weeks."""


def nb12(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    """Return the predictive of the next `horizon` weeks from the last 52 weeks of `counts`.

    A negative binomial by moments. `counts` are those of covered weeks, oldest first.

    Examples
    --------
    >>> round(nb12(np.zeros(200, dtype=np.int64), 52).at_least(1), 2)
    0.29
    """
    return moment_predictive(counts[-WEEKS:], horizon)
