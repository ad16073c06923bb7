"""Leader climatology: what the years under the present leader would repeat."""

from __future__ import annotations

import datetime as dt

import numpy as np
from jaxtyping import Int, Shaped

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import moment_predictive


def climatology(
    counts: Int[np.ndarray, " time"],
    horizon: int,
    *,
    period_ends: Shaped[np.ndarray, " time"],
    since: dt.date,
) -> CountPredictive:
    """Return the predictive of the next `horizon` weeks from all weeks that closed after `since`.

    Parameters
    ----------
    since
        The day on which the present leader took office; the pace of tests differed between leaders.
    """
    return moment_predictive(counts[period_ends > np.datetime64(since)], horizon)
