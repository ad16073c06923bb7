"""What would change the view: how a forecast differs between futures that begin one way or another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Int

from sixparty.errors import UsageError

FEWEST_FUTURES = 200
"""A signpost that fewer simulated futures pass is left out."""

_WATCH_WEEKS = 4
_THEN_WEEKS = 13


@dataclass(frozen=True)
class Condition:
    """Something that can be watched for in the first weeks after the reference date.

    Parameters
    ----------
    mark
        The mark that is watched.
    at_least
        How many are needed; 0 means that none comes.
    """

    mark: str
    at_least: int


@dataclass(frozen=True)
class Signpost:
    """The chance of at least one of a target later, over all futures and over those that meet a condition.

    Parameters
    ----------
    weeks
        Weeks in which the condition is watched.
    first_week, last_week
        Weeks after the reference date in which the target is looked for.
    from_probability, to_probability
        Chance over all futures; chance over those that meet the condition.
    futures
        Number of futures that meet it.
    standard_error
        Monte Carlo error of `to_probability`.
    """

    condition: Condition
    weeks: int
    target: str
    first_week: int
    last_week: int
    from_probability: float
    to_probability: float
    futures: int
    standard_error: float

    @property
    def is_told(self) -> bool:
        """Whether the difference is more than twice its Monte Carlo error."""
        return abs(self.to_probability - self.from_probability) > 2 * self.standard_error


def signposts(
    futures: Int[np.ndarray, "draw time mark"],
    marks: Sequence[str],
    *,
    conditions: Sequence[Condition],
    targets: Sequence[str],
) -> tuple[Signpost, ...]:
    """Return a signpost for each condition and target, the largest difference first.

    The condition is watched in weeks 1 to 4, the target looked for in weeks 5 to 17, so that a condition on the target
    itself says something about what follows. It is what simulated futures have in common, not what one event does to
    another.

    Parameters
    ----------
    futures
        Weekly counts of simulated futures, at least 17 weeks.
    marks
        Names along the last axis; targets are marks too.
    """
    last = _WATCH_WEEKS + _THEN_WEEKS
    if futures.shape[1] < last:
        raise UsageError(f"futures must reach {last} weeks, got {futures.shape[1]}. Simulate further.")
    early = futures[:, :_WATCH_WEEKS].sum(axis=1)
    late = futures[:, _WATCH_WEEKS:last].sum(axis=1) > 0
    found = [
        _signpost(
            condition, target, _meets(early[:, marks.index(condition.mark)], condition), late[:, marks.index(target)]
        )
        for condition in conditions
        for target in targets
    ]
    kept = [signpost for signpost in found if signpost is not None]
    return tuple(sorted(kept, key=lambda s: -abs(s.to_probability - s.from_probability)))


def _meets(counts: Int[np.ndarray, " draw"], condition: Condition) -> Bool[np.ndarray, " draw"]:
    return np.asarray(counts == 0 if condition.at_least == 0 else counts >= condition.at_least)


def _signpost(
    condition: Condition, target: str, meets: Bool[np.ndarray, " draw"], happens: Bool[np.ndarray, " draw"]
) -> Signpost | None:
    futures = int(meets.sum())
    if futures < FEWEST_FUTURES:
        return None
    probability = float(happens[meets].mean())
    return Signpost(
        condition=condition,
        weeks=_WATCH_WEEKS,
        target=target,
        first_week=_WATCH_WEEKS + 1,
        last_week=_WATCH_WEEKS + _THEN_WEEKS,
        from_probability=float(happens.mean()),
        to_probability=probability,
        futures=futures,
        standard_error=float(np.sqrt(probability * (1 - probability) / futures)),
    )
