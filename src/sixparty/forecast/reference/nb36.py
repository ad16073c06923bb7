"""The plain rate: what the last 36 months would repeat."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import moment_predictive

WEEKS = 156
"""Three years, in weeks."""


def nb36(counts: Int[np.ndarray, " time"], horizon: int) -> CountPredictive:
    """Return the predictive of the next `horizon` weeks from the last 156 weeks of `counts`.

    A negative binomial by moments. `counts` are those of covered weeks, oldest first.

    Examples
    --------
    >>> round(nb36(np.zeros(200, dtype=np.int64), 13).at_least(1), 2)
    0.04
    """
    return moment_predictive(counts[-WEEKS:], horizon)
