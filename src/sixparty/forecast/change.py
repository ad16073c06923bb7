"""Why a forecast moved from one week to the next, in parts that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sixparty.errors import UsageError
from sixparty.excitation import SimulatedFutures
from sixparty.forecast.predictive import CountPredictive


@dataclass(frozen=True)
class ForecastChange:
    """A forecast in two weeks, and what each cause did to it; `old` + `record` + `calendar` + `news` = `new`.

    Parameters
    ----------
    old, new
        The forecast of a week ago and that of today.
    record
        What rows added late or revised did, and drills announced since, with the window still that of a week ago.
    calendar
        What moving the window on by a week did, with nothing yet known of that week: drills and season that enter or
        leave it.
    news
        What the week itself did: its events, or that there were none.
    """

    old: float
    new: float
    record: float
    calendar: float
    news: float

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """Name and size of each part, in the order in which they are added."""
        return ("record", self.record), ("calendar", self.calendar), ("news", self.news)


def change_from_values(old: float, *, revised: float, rolled: float, new: float) -> ForecastChange:
    """Return the change between four values of one forecast.

    Parameters
    ----------
    old
        By the record as it was known a week ago.
    revised
        By today's record up to a week ago, for the same window.
    rolled
        By the same, for the window moved on by a week.
    new
        By today's record up to today.

    Examples
    --------
    >>> change_from_values(0.11, revised=0.11, rolled=0.12, new=0.15).parts[0]
    ('record', 0.0)
    """
    return ForecastChange(old=old, new=new, record=revised - old, calendar=rolled - revised, news=new - rolled)


def forecast_changes(
    old: SimulatedFutures,
    new: SimulatedFutures,
    *,
    revised: SimulatedFutures,
    horizons: Sequence[int],
    weeks_between: int = 1,
) -> Mapping[tuple[str, int], ForecastChange]:
    """Return for each mark and horizon how the chance of at least one event changed.

    All futures are to come from the same parameter draws and the same key, so that they share their random draws; what
    is left of Monte Carlo error is of the size of half a point with a thousand draws.

    Parameters
    ----------
    old
        Futures of a week ago by the record as it was known then.
    new
        Futures of today.
    revised
        Futures of a week ago by today's record, reaching `weeks_between` weeks past the longest horizon.
    horizons
        Lengths of windows, in weeks.
    weeks_between
        Weeks from the old reference date to the new one.
    """
    needed = max(horizons) + weeks_between
    if revised.counts.shape[1] < needed:
        raise UsageError(f"revised futures must reach {needed} weeks, got {revised.counts.shape[1]}. Go further.")
    return {
        (mark, horizon): change_from_values(
            _chance(old, mark, horizon),
            revised=_chance(revised, mark, horizon),
            rolled=_chance(revised, mark, horizon, after=weeks_between),
            new=_chance(new, mark, horizon),
        )
        for mark in new.marks
        for horizon in horizons
    }


def _chance(futures: SimulatedFutures, mark: str, horizon: int, *, after: int = 0) -> float:
    window = futures.counts[:, after : after + horizon, futures.marks.index(mark)]
    return CountPredictive.from_draws(window.sum(axis=1, dtype=np.int64)).at_least(1)
