"""A question laid out day by day: what is counted, what is exposed, what lies just before, what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int, Shaped

from sixparty.evidence.estimate import NotTestable
from sixparty.evidence.question import Question
from sixparty.tension.days import DaySeries

LEAD_WEEKS = 4
"""Weeks before an exposure that serve as falsification, unless the claim says otherwise."""

DayFlags = Bool[np.ndarray, " day"]


@dataclass(frozen=True, eq=False)
class Days:
    """The days that are looked at, in order; days left out are not among them.

    Parameters
    ----------
    dates
        Each day.
    counts
        Outcomes that begin on it.
    exposed
        Whether it lies under the exposure.
    lead
        Whether it lies shortly before an exposure and under none.
    apart
        The same as `exposed` for each exposure that is held apart.
    episodes
        Number of separate spells or dates of the exposure that reach at least one of these days.
    """

    dates: Shaped[np.ndarray, " day"]
    counts: Int[np.ndarray, " day"]
    exposed: DayFlags
    lead: DayFlags
    apart: Mapping[str, DayFlags]
    episodes: int

    @property
    def years(self) -> Int[np.ndarray, " day"]:
        """Calendar year of each day."""
        return calendar_years(self.dates)

    @property
    def has_lead(self) -> bool:
        """Whether there are days before the exposure to look at."""
        return bool(self.lead.any())

    def kept(self, keep: DayFlags) -> Days:
        """Return these days alone."""
        return replace(
            self,
            dates=self.dates[keep],
            counts=self.counts[keep],
            exposed=self.exposed[keep],
            lead=self.lead[keep],
            apart={name: flags[keep] for name, flags in self.apart.items()},
        )

    @property
    def columns(self) -> tuple[DayFlags, ...]:
        """Flags as terms of a regression: the exposure, its lead if there is one, and what is held apart and varies."""
        apart = (flags for flags in self.apart.values() if 0 < flags.sum() < len(flags))
        return (self.exposed, *((self.lead,) if self.has_lead else ()), *apart)

    @property
    def events(self) -> int:
        """Outcomes on all days."""
        return int(self.counts.sum())

    @property
    def exposed_events(self) -> int:
        """Outcomes on exposed days."""
        return int(self.counts[self.exposed].sum())

    @property
    def exposed_years(self) -> int:
        """Calendar years with an exposed day."""
        return len(np.unique(self.years[self.exposed]))


def calendar_years(dates: Shaped[np.ndarray, " day"]) -> Int[np.ndarray, " day"]:
    """Return the calendar year of each date."""
    return dates.astype("datetime64[Y]").astype(np.int64) + 1970


def lay_out(question: Question, *, lead_days: int) -> Days:
    """Lay the question out by day.

    Without the options `from_week` and `to_week` a day is exposed while a spell lasts. With them it is exposed in these
    weeks after the *first* day of an occurrence: week 1 is the seven days that follow, week 0 the day itself, week -1
    the seven days before. A window after a date that touches a span left out is left out whole.
    """
    days = (question.last - question.first).days + 1
    dates = np.datetime64(question.first) + np.arange(days)
    begins, ends = windows(question.exposure, question)
    left_out = _left_out(question, dates, begins, ends)
    exposed = covered(dates, begins, ends)
    before = np.minimum(begins, question.exposure.starts)
    lead = covered(dates, before - lead_days, before - 1) & ~exposed
    kept = ~left_out
    reached = [bool(np.any(kept[(dates >= one) & (dates <= two)])) for one, two in zip(begins, ends, strict=True)]
    return Days(
        dates=dates[kept],
        counts=question.outcome.counts(question.first, question.last)[kept],
        exposed=exposed[kept],
        lead=lead[kept],
        apart={name: covered(dates, *windows(each, question))[kept] for name, each in question.apart.items()},
        episodes=sum(reached),
    )


def covered(
    dates: Shaped[np.ndarray, " day"],
    begins: Shaped[np.ndarray, " window"],
    ends: Shaped[np.ndarray, " window"],
) -> DayFlags:
    """Return for each of consecutive dates whether one of the windows holds it."""
    edges = np.zeros(len(dates) + 1, dtype=np.int64)
    np.add.at(edges, np.clip((begins - dates[0]).astype(int), 0, len(dates)), 1)
    np.add.at(edges, np.clip((ends - dates[0]).astype(int) + 1, 0, len(dates)), -1)
    return np.asarray(np.cumsum(edges[:-1]) > 0)


def require_answerable(
    days: Days,
    *,
    fewest_events: int,
    fewest_expected: float = 0.0,
    fewest_years: int = 1,
    fewest_outcome_years: int = 1,
    empty_inside: bool = False,
) -> None:
    """Refuse a question that the days cannot answer.

    Parameters
    ----------
    fewest_events
        Smallest number of outcomes in all.
    fewest_expected
        Smallest number of outcomes that exposed days, and other days, would have at the common rate.
    fewest_years
        Smallest number of calendar years with exposed days.
    fewest_outcome_years
        Smallest number of calendar years with outcomes.
    empty_inside
        Whether no outcome on exposed days is accepted; none on other days never is.

    Raises
    ------
    NotTestable
        If a floor is not reached.
    """
    share = float(days.exposed.mean()) if len(days.dates) else 0.0
    _refuse_if(share in (0.0, 1.0), "exposed and other days", f"{share:.0%} of {len(days.dates):,} days exposed")
    _refuse_if(days.events < fewest_events, f"at least {fewest_events} outcomes", f"{days.events}")
    expected = days.events * min(share, 1.0 - share)
    _refuse_if(
        expected < fewest_expected,
        f"days for {fewest_expected:g} outcomes at the common rate on each side",
        f"{expected:.1f}",
    )
    _refuse_if(
        days.exposed_years < fewest_years,
        f"exposed days in at least {fewest_years} calendar years",
        f"{days.exposed_years}",
    )
    outcome_years = len(np.unique(days.years[days.counts > 0]))
    _refuse_if(
        outcome_years < fewest_outcome_years,
        f"outcomes in at least {fewest_outcome_years} calendar years",
        f"{outcome_years}",
    )
    missing = days.exposed_events == days.events or (days.exposed_events == 0 and not empty_inside)
    _refuse_if(
        missing,
        "outcomes on exposed and on other days (the design `rates` can do without any on exposed days)",
        f"{days.exposed_events} of {days.events} on exposed days",
    )


def _refuse_if(fails: bool, wanted: str, got: str) -> None:
    if fails:
        raise NotTestable(f"the window must hold {wanted}, got {got}. Widen it, or ask of a more frequent outcome.")


def windows(
    series: DaySeries, question: Question
) -> tuple[Shaped[np.ndarray, " window"], Shaped[np.ndarray, " window"]]:
    """Return first and last exposed day of each occurrence, by the options `from_week` and `to_week`."""
    if "from_week" not in question.options and "to_week" not in question.options:
        return series.starts, series.ends
    first, last = question.whole("from_week", 1), question.whole("to_week", 4)
    if last < first:
        raise NotTestable(f"to_week must not lie before from_week, got {first} to {last}. Correct the claim's file.")
    return series.starts + _first_day(first), series.starts + _last_day(last)


def _first_day(week: int) -> int:
    return 7 * week - 6 if week > 0 else 7 * week


def _last_day(week: int) -> int:
    return 7 * week if week >= 0 else 7 * week + 6


def _left_out(
    question: Question,
    dates: Shaped[np.ndarray, " day"],
    begins: Shaped[np.ndarray, " window"],
    ends: Shaped[np.ndarray, " window"],
) -> DayFlags:
    firsts = np.array([span[0] for span in question.left_out], dtype="datetime64[D]")
    lasts = np.array([span[1] for span in question.left_out], dtype="datetime64[D]")
    spans = covered(dates, firsts, lasts)
    if begins is question.exposure.starts:
        return spans
    touches = ((begins[:, None] <= lasts) & (ends[:, None] >= firsts)).any(axis=1)
    return np.asarray(spans | covered(dates, begins[touches], ends[touches]))
