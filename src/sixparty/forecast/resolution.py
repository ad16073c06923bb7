"""What came of a question: open, resolved with a count, or void, by the rules of ``docs/reference/targets.md``."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import polars as pl

from sixparty.chronicle import Chronicle
from sixparty.chronicle.known import last_day
from sixparty.errors import FileRefused
from sixparty.forecast.targets import TARGETS, Target, require_target
from sixparty.periods import window_end
from sixparty.tension.panel import MARKS

SETTLES_AFTER = dt.timedelta(days=28)
"""A row that becomes known later than this after the window closed changes no resolution."""

RULING_COLUMNS: tuple[str, ...] = ("target", "day", "reason")
"""Columns of ``voids.csv``, the list of acts whose taking place stays in dispute."""

RESOLUTION_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "target": pl.String(),
        "horizon": pl.Int64(),
        "reference_date": pl.Date(),
        "closes": pl.Date(),
        "state": pl.String(),
        "observed": pl.Int64(),
        "is_final": pl.Boolean(),
        "reason": pl.String(),
    }
)
"""Columns of a table of resolutions: see `resolve_questions`."""


_DATED = (("events", "event_date", "date_precision"), ("spells", "start_date", "start_precision"))


@dataclass(frozen=True)
class Ruling:
    """That nobody can decide for `target` whether the act of `day` took place; windows that hold the day are void."""

    target: str
    day: dt.date
    reason: str


@dataclass(frozen=True)
class _Cover:
    """From and through which day a target's rows are complete, and how far any target's are."""

    first: dt.date
    through: dt.date
    furthest: dt.date


def resolve_questions(
    chronicle: Chronicle,
    questions: pl.DataFrame,
    *,
    rulings: tuple[Ruling, ...] = (),
    until: dt.date | None = None,
) -> pl.DataFrame:
    """Find what came of each question.

    Parameters
    ----------
    chronicle
        The whole record of today.
    questions
        `target`, `horizon`, `reference_date`; each question once.
    rulings
        Acts that cannot be decided.
    until
        Look no further than this day; None is the record's end.

    Returns
    -------
    pl.DataFrame
        The questions with `closes` (last day of the window); `state`: ``open`` until the record covers the window,
        ``void`` when it never will or a ruling says so, else ``resolved``; `observed`, the count (for a question of
        yes or no 1 or 0); `is_final`, whether the 28 days in which late rows still count are covered too; and the
        `reason` why a question is void or open.
    """
    covers = {name: _cover(chronicle, TARGETS[name], until) for name in questions["target"].unique()}
    days = _Days(chronicle)
    rows = []
    for name, horizon, reference_date in questions.select("target", "horizon", "reference_date").iter_rows():
        target, closes = require_target(name), window_end(reference_date, horizon)
        state, reason = _state(target, reference_date, closes, cover=covers[name], rulings=rulings)
        observed, is_final = None, None
        if state == "resolved":
            observed = days.count(target, after=reference_date, closes=closes)
            is_final = covers[name].furthest >= closes + SETTLES_AFTER
        rows.append((name, horizon, reference_date, closes, state, observed, is_final, reason))
    return pl.DataFrame(rows, schema=dict(RESOLUTION_SCHEMA), orient="row")


def counted_rows(chronicle: Chronicle, *, after: dt.date, closes: dt.date) -> Chronicle:
    """Return the events and spells that count for the window from the day after `after` through `closes`.

    Rows count by their first day (KST), as far as they were known 28 days after the window closed. A row that claims
    a month or a year counts only where the window holds all of it.
    """
    tables = dict(chronicle.tables)
    for name, date, precision in _DATED:
        tables[name] = tables[name].filter(
            (pl.col(date) > after)
            & (last_day(date, precision) <= closes)
            & (pl.col("known_date") <= closes + SETTLES_AFTER)
        )
    return replace(chronicle, tables=MappingProxyType(tables))


class _Days:
    """Days of every mark, sorted once, so that many windows are counted quickly.

    Most rows name a day and were known within 28 days: they count in every window that holds the day. Only windows
    that hold a day of another row are looked at row by row.
    """

    def __init__(self, chronicle: Chronicle) -> None:
        self._chronicle = chronicle
        usual, other = dict(chronicle.tables), dict(chronicle.tables)
        for name, date, precision in _DATED:
            known = pl.col("known_date") <= pl.col(date) + pl.lit(SETTLES_AFTER)
            is_usual = known & (last_day(date, precision) == pl.col(date))
            usual[name], other[name] = (chronicle[name].filter(rule) for rule in (is_usual, ~is_usual))
        self._halves = [replace(chronicle, tables=MappingProxyType(tables)) for tables in (usual, other)]
        self._found: dict[str, list[list[dt.date]]] = {}

    def count(self, target: Target, *, after: dt.date, closes: dt.date) -> int:
        """Count what came from the day after `after` through `closes`; for a question of yes or no 1 or 0."""
        count = sum(self._of_mark(mark, after, closes) for mark in target.marks)
        return min(count, 1) if target.kind == "binary" else count

    def _of_mark(self, mark: str, after: dt.date, closes: dt.date) -> int:
        if mark not in self._found:
            self._found[mark] = [MARKS[mark].days(half).sort().to_list() for half in self._halves]
        inside, others = (bisect_right(days, closes) - bisect_right(days, after) for days in self._found[mark])
        if others:
            return len(MARKS[mark].days(counted_rows(self._chronicle, after=after, closes=closes)))
        return inside


def read_rulings(path: Path) -> tuple[Ruling, ...]:
    """Read the list of acts that cannot be decided; an absent file holds none.

    Raises
    ------
    FileRefused
        If it is no CSV with `target`, `day`, `reason`, names another target, or gives no reason.
    """
    if not path.exists():
        return ()
    try:
        table = pl.read_csv(path, schema_overrides={"target": pl.String, "day": pl.Date, "reason": pl.String})
    except pl.exceptions.PolarsError as error:
        raise _bad_rulings(path, str(error)) from None
    if tuple(table.columns) != RULING_COLUMNS:
        raise _bad_rulings(path, f"columns {', '.join(table.columns)}")
    wrong = table.filter(pl.any_horizontal(pl.all().is_null()) | ~pl.col("target").is_in(list(TARGETS)))
    if len(wrong):
        raise _bad_rulings(path, str(wrong.row(0)))
    return tuple(Ruling(*row) for row in table.iter_rows())


def _bad_rulings(path: Path, got: str) -> FileRefused:
    return FileRefused(
        f"{path} must hold a target, a day and a reason in each row under {','.join(RULING_COLUMNS)}, got {got}. "
        "Correct the row."
    )


def _cover(chronicle: Chronicle, target: Target, until: dt.date | None) -> _Cover:
    bound = until or dt.date.max
    spans = {row["family"]: row for row in chronicle["coverage"].iter_rows(named=True)}
    own = [spans[MARKS[mark].family] for mark in target.marks]
    asked = {MARKS[mark].family for one in TARGETS.values() for mark in one.marks}
    return _Cover(
        first=max(row["complete_from"] for row in own),
        through=min(bound, *(row["complete_through"] for row in own)),
        furthest=min(bound, max(spans[family]["complete_through"] for family in asked)),
    )


def _state(
    target: Target,
    reference_date: dt.date,
    closes: dt.date,
    *,
    cover: _Cover,
    rulings: tuple[Ruling, ...],
) -> tuple[str, str]:
    if cover.first > reference_date + dt.timedelta(days=1):
        return "void", f"the record covers {target.name} from {cover.first} only"
    if closes > cover.through:
        if closes + SETTLES_AFTER <= cover.furthest:
            return "void", f"the record covers {target.name} through {cover.through} only"
        return "open", f"the window closes on {closes}; the record covers it through {cover.through}"
    disputed = [one for one in rulings if one.target == target.name and reference_date < one.day <= closes]
    return ("void", f"{disputed[0].day}: {disputed[0].reason}") if disputed else ("resolved", "")
