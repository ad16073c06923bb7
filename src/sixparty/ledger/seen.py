"""Agreements and commitments as they could be seen on a day: nothing that came later shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from sixparty.chronicle.known import known_rows


def commitments_seen(commitments: pl.DataFrame, *, as_of: dt.date) -> pl.DataFrame:
    """Return the commitments that could be known on `as_of`, with their status as it could be known then.

    A status is known from the day after the period that its date claims. Before that day the commitment reads
    `in_force`, inferred. What ended it, who contests it and the note are empty until all that they say could be known.
    A step shows its last day from the day after. Sources are those of the row: they may be younger than the day.
    """
    return known_rows(commitments, "commitments", day=as_of)


def agreements_seen(agreements: pl.DataFrame, *, as_of: dt.date) -> pl.DataFrame:
    """Return the agreements that could be known on `as_of`, with their status as it could be known then."""
    return known_rows(agreements, "agreements", day=as_of)


def is_end_told(clause: Mapping[str, Any]) -> bool:
    """Whether a clause's status tells what ended its step: it dates from the step's last day or the day after.

    A status that claims a month or a year tells of the end if that period holds one of the two days.
    """
    last, claimed = clause["held_until"], clause["status_date"]
    if last is None or claimed is None:
        return False
    signs = {"month": 7, "year": 4}.get(clause["status_precision"], 10)
    return any(day.isoformat()[:signs] == claimed.isoformat()[:signs] for day in (last, last + dt.timedelta(days=1)))
