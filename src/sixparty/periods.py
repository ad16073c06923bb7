"""Days, weeks and windows. All dates are Korean dates (KST); a week runs from Sunday to its Saturday.

A *reference date* is always a Saturday, the last day of a week. A *window* of `horizon` weeks from a reference
date holds the days after it, up to and including the Saturday `horizon` weeks later.
"""

from __future__ import annotations

import datetime as dt
import re

from sixparty.errors import DateRefused, UsageError

HORIZONS: tuple[int, ...] = (1, 4, 13, 26, 52)
"""Lengths of forecast windows, in weeks."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SATURDAY = 5


def parse_date(text: str, *, name: str = "date") -> dt.date:
    """Read a full ISO date such as ``2025-06-28``.

    Raises
    ------
    DateRefused
        If the text has another form or names a day that does not exist.
    """
    if not _ISO_DATE.fullmatch(text.strip()):
        raise DateRefused(f"{name} must be a date like 2025-06-28 (year-month-day), got {text!r}.")
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise DateRefused(f"{name} must be a day that exists, got {text!r} ({error}).") from None


def saturday_on_or_before(day: dt.date) -> dt.date:
    """Return the last Saturday on or before `day`: the reference date that belongs to it.

    Examples
    --------
    >>> saturday_on_or_before(dt.date(2025, 6, 30))
    datetime.date(2025, 6, 28)
    """
    return day - dt.timedelta(days=(day.weekday() - _SATURDAY) % 7)


def saturday_on_or_after(day: dt.date) -> dt.date:
    """Return the first Saturday on or after `day`: the last day of the week that `day` lies in."""
    return day + dt.timedelta(days=(_SATURDAY - day.weekday()) % 7)


def require_saturday(day: dt.date, *, name: str = "reference date") -> dt.date:
    """Return `day` if it is a Saturday.

    Raises
    ------
    DateRefused
        If it is another day of the week; the message names the nearest earlier Saturday.
    """
    if day.weekday() != _SATURDAY:
        earlier = saturday_on_or_before(day)
        raise DateRefused(f"{name} must be a Saturday, got {day} ({day:%A}). Use {earlier}.")
    return day


def require_horizon(weeks: int) -> int:
    """Return `weeks` if it is one of the five forecast windows.

    Raises
    ------
    UsageError
        Otherwise.
    """
    if weeks not in HORIZONS:
        raise UsageError(f"horizon must be one of {', '.join(map(str, HORIZONS))} weeks, got {weeks}.")
    return weeks


def period_ends(first: dt.date, last: dt.date, *, weeks: int = 1) -> list[dt.date]:
    """List the closing Saturdays of consecutive periods of `weeks` weeks, the last one ending on `last`.

    Parameters
    ----------
    first
        No period starts before this day; a remainder shorter than one period at the start is left out.
    last
        A Saturday.
    """
    require_saturday(last, name="last")
    length = dt.timedelta(weeks=weeks)
    number = (last - first + dt.timedelta(days=1)) // length
    return [last - (number - 1 - i) * length for i in range(number)]


def window_end(reference_date: dt.date, horizon: int) -> dt.date:
    """Return the last day of the window of `horizon` weeks after `reference_date`."""
    return reference_date + dt.timedelta(weeks=require_horizon(horizon))


def overlap_days(start: dt.date, end: dt.date, first: dt.date, last: dt.date) -> int:
    """Count the days that the closed intervals [start, end] and [first, last] share.

    Examples
    --------
    >>> overlap_days(dt.date(2025, 3, 10), dt.date(2025, 3, 21), dt.date(2025, 3, 16), dt.date(2025, 3, 22))
    6
    """
    return max(0, (min(end, last) - max(start, first)).days + 1)
