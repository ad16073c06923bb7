"""The last year's share: forecasts of a model pooled with what the last twelve months would repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from jaxtyping import Int

from sixparty.forecast.change import ForecastChange, change_from_values
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference.nb12 import nb12

LAST_YEAR_SHARE: Mapping[str, float] = MappingProxyType({"weapons_test_days": 0.3, "ballistic_days": 0.3})
"""Weight of the one-year negative binomial in our forecasts of a target, the same for every window; else none.

Chosen with the structures, by the same rule, among shares of 0, .1, .2, .3 and .5 of four simple rivals; decision 0006
lists what was tried.
"""


def with_last_year(
    law: CountPredictive, counts: Int[np.ndarray, " time"], *, horizon: int, share: float
) -> CountPredictive:
    r"""Return :math:`(1 - w) F + w F_{52}`, the linear pool of `law` with the one-year negative binomial.

    Parameters
    ----------
    law
        What the model says of the window.
    counts
        Counts of the covered weeks so far, oldest first.
    horizon
        Length of the window, in weeks.
    share
        The weight *w* of the last year, from 0 to 1.
    """
    return law.pooled(nb12(counts, horizon), share=share) if share else law


def pooled_change(
    change: ForecastChange,
    value: Callable[[CountPredictive], float],
    *,
    horizon: int,
    share: float,
    old: Int[np.ndarray, " known"],
    revised: Int[np.ndarray, " past"],
    new: Int[np.ndarray, " time"],
) -> ForecastChange:
    """Return how a pooled forecast changed, from how the model's own did; every part is the pool of both parts.

    The last twelve months know no season: for them a window that moves on changes nothing.

    Parameters
    ----------
    value
        What is forecast: the chance of at least one, or the mean.
    old, revised, new
        Counts of covered weeks a week ago as known then, the same as known today, and those to today.
    """
    if not share:
        return change
    was, seen, now = (value(nb12(counts, horizon)) for counts in (old, revised, new))
    repeated = change_from_values(was, revised=seen, rolled=seen, new=now)

    def mixed(mine: float, theirs: float) -> float:
        return (1 - share) * mine + share * theirs

    return ForecastChange(
        old=mixed(change.old, repeated.old),
        new=mixed(change.new, repeated.new),
        record=mixed(change.record, repeated.record),
        calendar=mixed(change.calendar, repeated.calendar),
        news=mixed(change.news, repeated.news),
    )
