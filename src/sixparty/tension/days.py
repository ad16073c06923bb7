"""The seam for claims: chosen rows as arrays of days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import polars as pl
from jaxtyping import Bool, Int, Shaped

from sixparty.chronicle import Chronicle, Selection, select_rows
from sixparty.errors import UsageError
from sixparty.tension.panel import MARKS
from sixparty.vocabulary import EVENT_TYPES, SPELL_TYPES

_IN_FORCE = ("moratorium", "cbm_in_force", "sanction_in_force")
"""Kinds of spell that go on until their end is recorded; a meeting without a last day was one of a day."""


@dataclass(frozen=True, eq=False)
class DaySeries:
    """Occurrences of one kind, each from its first to its last day.

    Parameters
    ----------
    ids
        Row of each occurrence.
    starts, ends
        First and last day of each, by first day; an occurrence of a day has the same for both. What is in force and
        has no end yet ends on the last covered day.
    covered_from, covered_through
        First and last day for which the record is meant to be complete.
    """

    ids: tuple[str, ...]
    starts: Shaped[np.ndarray, " occurrence"]
    ends: Shaped[np.ndarray, " occurrence"]
    covered_from: dt.date
    covered_through: dt.date

    def __len__(self) -> int:
        return len(self.ids)

    def between(self, first: dt.date, last: dt.date) -> DaySeries:
        """Return the occurrences that begin from `first` to `last`; coverage is cut to these days."""
        keep = (self.starts >= np.datetime64(first)) & (self.starts <= np.datetime64(last))
        return replace(
            self,
            ids=tuple(row for row, kept in zip(self.ids, keep, strict=True) if kept),
            starts=self.starts[keep],
            ends=self.ends[keep],
            covered_from=max(first, self.covered_from),
            covered_through=min(last, self.covered_through),
        )

    def ids_within(self, first: dt.date, last: dt.date) -> tuple[str, ...]:
        """Return the rows of the occurrences that last on some day from `first` to `last`."""
        keep = (self.starts <= np.datetime64(last)) & (self.ends >= np.datetime64(first))
        return tuple(row for row, kept in zip(self.ids, keep, strict=True) if kept)

    def counts(self, first: dt.date, last: dt.date) -> Int[np.ndarray, " day"]:
        """Return how many occurrences begin on each day from `first` to `last`."""
        places = (self.starts - np.datetime64(first)).astype(int)
        days = (last - first).days + 1
        return np.bincount(places[(places >= 0) & (places < days)], minlength=days).astype(np.int64)

    def is_on(self, first: dt.date, last: dt.date) -> Bool[np.ndarray, " day"]:
        """Return for each day from `first` to `last` whether an occurrence lasts on it."""
        days = (last - first).days + 1
        edges = np.zeros(days + 1, dtype=np.int64)
        begin = np.clip((self.starts - np.datetime64(first)).astype(int), 0, days)
        beyond = np.clip((self.ends - np.datetime64(first)).astype(int) + 1, 0, days)
        np.add.at(edges, begin, 1)
        np.add.at(edges, beyond, -1)
        return np.asarray(np.cumsum(edges[:-1]) > 0)


def selected_days(chronicle: Chronicle, selection: Selection, *, known_within_days: int | None = None) -> DaySeries:
    """Return the days of the rows that `selection` chooses.

    Rows whose first day is known only by month or year are left out. A moratorium or a measure without a last day is
    still in force; any other row without one lasted a day. Coverage is that of the families which the chosen types
    belong to: the latest beginning and the earliest end among them. In a look back it ends the day before, whose news
    could be known.

    Parameters
    ----------
    known_within_days
        Leaves out what became known later than so many days after its last day, such as secret meetings; None: nothing.

    Raises
    ------
    UsageError
        If the selection does not name types, so that no coverage is known.
    """
    rows = select_rows(_known_soon(chronicle, known_within_days), selection)
    first, last = _coverage(chronicle, _families(selection))
    starts = rows["event_date" if selection.table == "events" else "start_date"]
    ends = _last_days(rows, starts, last)
    return DaySeries(
        ids=tuple(rows["id"]), starts=_days(starts), ends=_days(ends), covered_from=first, covered_through=last
    )


def mark_days(chronicle: Chronicle, mark: str, *, known_within_days: int | None = None) -> DaySeries:
    """Return the days of a mark of the count panel (``weapons_test_days``, ...): one occurrence a day, or a meeting.

    The rows behind a day are not told apart; its name is the day. `known_within_days` as in `selected_days`.
    """
    if mark not in MARKS:
        raise UsageError(f"mark must be one of {', '.join(MARKS)}, got {mark!r}.")
    days = MARKS[mark].days(_known_soon(chronicle, known_within_days))
    first, last = _coverage(chronicle, {MARKS[mark].family})
    array = _days(days)
    return DaySeries(tuple(str(day) for day in array), array, array, first, last)


def listed_days(days: Sequence[dt.date]) -> DaySeries:
    """Return days that were listed by hand; they are taken as all there are."""
    array = np.array(sorted(days), dtype="datetime64[D]")
    return DaySeries(tuple(str(day) for day in array), array, array, dt.date.min, dt.date.max)


def listed_spans(spans: Sequence[tuple[dt.date, dt.date]]) -> DaySeries:
    """Return spans, each by its first and last day, that were listed by hand; they are taken as all there are."""
    firsts, lasts = (np.array([span[end] for span in sorted(spans)], dtype="datetime64[D]") for end in (0, 1))
    names = tuple(f"{first} to {last}" for first, last in zip(firsts, lasts, strict=True))
    return DaySeries(names, firsts, lasts, dt.date.min, dt.date.max)


def leader_changes(chronicle: Chronicle, parties: Sequence[str]) -> tuple[dt.date, ...]:
    """Return the days, in order, on which someone new came to lead one of `parties`."""
    leaders = chronicle["leaders"].filter((pl.col("role") == "leader") & pl.col("party").is_in(list(parties)))
    return tuple(sorted(set(leaders["start_date"])))


def _known_soon(chronicle: Chronicle, days: int | None) -> Chronicle:
    """The chronicle without the events and spells that became known later than so many days after their last day."""
    if days is None:
        return chronicle
    limit = pl.duration(days=days)
    kept = {
        name: chronicle[name].filter(pl.col("known_date") <= pl.coalesce("end_date", first) + limit)
        for name, first in (("events", "event_date"), ("spells", "start_date"))
    }
    return replace(chronicle, tables=MappingProxyType(dict(chronicle.tables) | kept))


def _last_days(rows: pl.DataFrame, starts: pl.Series, last: dt.date) -> pl.Series:
    """The last day of each row, where none is given: the last covered day if it is in force, else its first."""
    if "spell_type" not in rows.columns:
        return rows["end_date"].fill_null(starts)
    in_force = rows["spell_type"].is_in(list(_IN_FORCE))
    until_now = rows.select(pl.max_horizontal(starts, pl.lit(last))).to_series()
    return rows["end_date"].fill_null(until_now.zip_with(in_force, starts))


def _families(selection: Selection) -> set[str]:
    if selection.table == "spells":
        types = selection.where.get("spell_type", ())
        return {SPELL_TYPES[name] for name in types} or _refuse("spell_type")
    return {EVENT_TYPES[name].family for name in selection.where.get("event_type", ())} or _refuse("event_type")


def _refuse(column: str) -> set[str]:
    raise UsageError(f"a selection must name the {column} that it looks at, got none. Name one or more.")


def _coverage(chronicle: Chronicle, families: set[str]) -> tuple[dt.date, dt.date]:
    rows = chronicle["coverage"].filter(pl.col("family").is_in(sorted(families)))
    first, last = rows["complete_from"].max(), rows["complete_through"].min()
    if not isinstance(first, dt.date) or not isinstance(last, dt.date):
        raise UsageError(f"coverage must state the days of {', '.join(sorted(families))}, got none. Add their rows.")
    known_by = chronicle.known_by
    return first, last if known_by is None else min(last, known_by - dt.timedelta(days=1))


def _days(dates: pl.Series) -> Shaped[np.ndarray, " occurrence"]:
    return np.array(dates.to_list(), dtype="datetime64[D]")
