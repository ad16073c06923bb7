"""Why a forecast moved from one date to the next, in parts that add up."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

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


def shapley_parts(
    value: Callable[[frozenset[str]], Float[np.ndarray, ...]], switches: Sequence[tuple[str, ...]]
) -> dict[str, Float[np.ndarray, ...]]:
    r"""Return what each of several switches did to a value: its mean effect over all orders of throwing them.

    With :math:`n` switches the part of switch :math:`i` is (Shapley 1953)

    .. math:: \sum_{S \not\ni i} \frac{|S|!\,(n - |S| - 1)!}{n!} \big(v(S \cup i) - v(S)\big).

    The parts add up to the value with all thrown less that with none. A switch may be thrown in several steps, which
    then follow one another at once; each step has a part of its own and together they have the part of the switch.

    Parameters
    ----------
    value
        The value when the steps of a set are thrown; asked once for each set. Arrays are split element by element.
    switches
        The steps of each switch in their order, all with different names.

    References
    ----------
    Shapley (1953), "A value for n-person games", Contributions to the Theory of Games II, 307-317.

    Examples
    --------
    >>> parts = shapley_parts(lambda thrown: np.array(float(len(thrown)) ** 2), [("a",), ("b",)])
    >>> {name: float(part) for name, part in parts.items()}
    {'a': 2.0, 'b': 2.0}
    """
    known: dict[frozenset[str], Float[np.ndarray, ...]] = {}

    def at(thrown: frozenset[str]) -> Float[np.ndarray, ...]:
        if thrown not in known:
            known[thrown] = value(thrown)
        return known[thrown]

    number = len(switches)
    parts: dict[str, Float[np.ndarray, ...]] = {}
    for steps in switches:
        others = [other for other in switches if other is not steps]
        for size in range(number):
            weight = math.factorial(size) * math.factorial(number - size - 1) / math.factorial(number)
            for chosen in itertools.combinations(others, size):
                thrown = frozenset(itertools.chain.from_iterable(chosen))
                for step in steps:
                    before, thrown = at(thrown), thrown | {step}
                    parts[step] = parts.get(step, 0.0) + weight * (at(thrown) - before)
    return parts
