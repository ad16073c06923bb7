"""What a reference model may look at: the counts known at an origin and where in the calendar they end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Shaped

from sixparty.errors import InputRefused


@dataclass(frozen=True)
class History:
    """Weekly counts of one target as known at an origin, oldest first.

    Parameters
    ----------
    counts
        Counts of the covered weeks.
    period_ends
        Last day (a Saturday) of each of these weeks.
    leader_since
        Day on which the leader of North Korea at the origin took office.
    is_binary
        Whether the question is if any comes, not how many.
    days
        Day of each event in these weeks, rising, several times if several came; None where only counts are known.
    """

    counts: Int[np.ndarray, " time"]
    period_ends: Shaped[np.ndarray, " time"]
    leader_since: dt.date
    is_binary: bool = False
    days: Shaped[np.ndarray, " event"] | None = None

    def __post_init__(self) -> None:
        if len(self.counts) == 0 or len(self.counts) != len(self.period_ends):
            raise InputRefused(
                f"a history needs at least one covered week, each with its last day, got {len(self.counts)} counts and "
                f"{len(self.period_ends)} days. Choose a later origin."
            )

    @property
    def under_leader(self) -> Int[np.ndarray, " recent"]:
        """Counts of the weeks that closed after the leader took office."""
        return self.counts[self.period_ends > np.datetime64(self.leader_since)]

    @property
    def event_days(self) -> Shaped[np.ndarray, " event"]:
        """Day of each event; where only counts are known, the Wednesday of its week."""
        if self.days is not None:
            return self.days
        return np.asarray(np.repeat(self.period_ends - np.timedelta64(3, "D"), self.counts))
