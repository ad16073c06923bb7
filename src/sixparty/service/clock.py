"""The only place that reads the clock, and the rule that gives every answer its reference date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sixparty.chronicle import Chronicle
from sixparty.errors import DateRefused
from sixparty.periods import parse_date, saturday_on_or_before

STALE_AFTER_DAYS = 14
_HISTORY_NEEDED = dt.timedelta(weeks=2 * 52)


def now() -> str:
    """Return the present time (UTC) to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Dates:
    """The dates that an answer rests on.

    Parameters
    ----------
    as_of
        Day (KST) whose knowledge is used.
    reference_date
        The last Saturday whose events could be known on `as_of`, and not after the record's end.
    coverage_end
        Last day of the record.
    """

    as_of: dt.date
    reference_date: dt.date
    coverage_end: dt.date

    @property
    def days_past_coverage(self) -> int:
        """Days from the record's end to `as_of`; zero when the record reaches further."""
        return max(0, (self.as_of - self.coverage_end).days)

    @property
    def is_stale(self) -> bool:
        """Whether `as_of` lies more than 14 days after the record's end."""
        return self.days_past_coverage > STALE_AFTER_DAYS

    def a_week_before(self) -> Dates:
        """Return the dates of the answer one week earlier."""
        week = dt.timedelta(weeks=1)
        reference_date = self.reference_date - week
        return Dates(min(self.as_of - week, reference_date + dt.timedelta(days=2)), reference_date, self.coverage_end)


def resolve_dates(chronicle: Chronicle, as_of: str | None) -> Dates:
    """Find the reference date that belongs to `as_of`; without one, to the record's end. The clock is not asked.

    Raises
    ------
    DateRefused
        If the text is no date, or leaves fewer than two years of record.
    """
    end = chronicle.coverage_end
    day = end if as_of is None else parse_date(as_of, name="as-of")
    first = chronicle.coverage_start + _HISTORY_NEEDED
    if day < first:
        raise DateRefused(
            f"as-of must be {first} or later (the record starts on {chronicle.coverage_start}, and two years "
            f"of it are needed), got {day}."
        )
    known_through = min(day - dt.timedelta(days=1), end)
    return Dates(day, saturday_on_or_before(known_through), end)
