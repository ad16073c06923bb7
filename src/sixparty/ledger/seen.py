"""Agreements and commitments as they could be seen on a day: nothing that came later shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

_STATUS_CELLS = ("status_date", "status_precision", "status_basis")
_REMARKS = ("ended_by", "contested", "note")


def commitments_seen(commitments: pl.DataFrame, *, as_of: dt.date) -> pl.DataFrame:
    """Return the commitments that could be known on `as_of`, with their status as it could be known then.

    A status is known from the day after the period that its date claims. Before that day the commitment reads
    `in_force`. What ended it, who contests it and the note are empty until all that they say could be known. A step
    shows its last day from the day after. Sources are those of the row: they may be younger than the day.
    """
    seen = _without_actor(_seen(commitments, as_of=as_of, remarks=_REMARKS))
    held = [pl.when(pl.col(name) < as_of).then(pl.col(name)) for name in ("held_from", "held_until")]
    return seen.with_columns(*held)


def agreements_seen(agreements: pl.DataFrame, *, as_of: dt.date) -> pl.DataFrame:
    """Return the agreements that could be known on `as_of`, with their status as it could be known then."""
    return _without_actor(_seen(agreements, as_of=as_of, remarks=("note",)))


def last_day(date: str, precision: str) -> pl.Expr:
    """Last day of the period that a date with its precision claims: the day itself, its month's or its year's last."""
    day, claimed = pl.col(date), pl.col(precision)
    return (
        pl.when(claimed == "month")
        .then(day.dt.month_end())
        .when(claimed == "year")
        .then(pl.date(day.dt.year(), 12, 31))
        .otherwise(day)
    )


def is_end_told(clause: Mapping[str, Any]) -> bool:
    """Whether a clause's status tells what ended its step: it dates from the step's last day or the day after.

    A status that claims a month or a year tells of the end if that period holds one of the two days.
    """
    last, claimed = clause["held_until"], clause["status_date"]
    if last is None or claimed is None:
        return False
    signs = {"month": 7, "year": 4}.get(clause["status_precision"], 10)
    return any(day.isoformat()[:signs] == claimed.isoformat()[:signs] for day in (last, last + dt.timedelta(days=1)))


def _seen(table: pl.DataFrame, *, as_of: dt.date, remarks: tuple[str, ...]) -> pl.DataFrame:
    is_dated = pl.col("status_date").is_not_null()
    is_known = ~is_dated | (last_day("status_date", "status_precision") < as_of)
    is_told = pl.coalesce(pl.col("remarks_from") <= as_of, is_dated) & is_known
    status = pl.when(is_known).then(pl.col("status")).otherwise(pl.lit("in_force")).alias("status")
    cells = [pl.when(is_known).then(pl.col(name)) for name in _STATUS_CELLS]
    words = [pl.when(is_told).then(pl.col(name)) for name in remarks]
    return table.filter(pl.col("known_date") <= as_of).with_columns(status, *cells, *words)


def _without_actor(seen: pl.DataFrame) -> pl.DataFrame:
    """Leave out whose act it was where the status itself does not show yet."""
    return seen.with_columns(pl.when(pl.col("status_date").is_not_null()).then(pl.col("status_by")))
