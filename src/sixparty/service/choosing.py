"""Which of many rows to give: in which order, and a page of them at a time."""

from __future__ import annotations

import datetime as dt
import difflib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sixparty.errors import UsageError

PAGE_ROWS = 50
"""Rows on a page where nothing else is asked."""

MOST_ROWS = 10_000


@dataclass(frozen=True)
class Chosen:
    """The rows of one page.

    Parameters
    ----------
    number
        How many rows there are on all pages.
    page, pages
        Which page this is and how many there are; an answer without rows has one page.
    """

    rows: tuple[Mapping[str, Any], ...]
    number: int
    page: int
    pages: int


def check_choice(sort: str, sorts: Sequence[str], *, limit: int | None) -> None:
    """Refuse an order or a number of rows that cannot be meant.

    Raises
    ------
    UsageError
        If the order is none of `sorts`, or the limit is no number of rows.
    """
    if sort not in sorts:
        near = difflib.get_close_matches(sort, sorts, n=1)
        hint = f" Perhaps {near[0]}." if near else ""
        raise UsageError(f"sort must be one of {', '.join(sorts)}, got {sort!r}.{hint}")
    if limit is not None and not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"limit must be a number of rows from 1 to {MOST_ROWS}, got {limit}.")


def chosen_rows(rows: Sequence[Mapping[str, Any]], *, sort: str, limit: int | None, page: int) -> Chosen:
    """Return one page of rows in an order; `best` keeps the order in which they come.

    Raises
    ------
    UsageError
        If there is no such page.
    """
    pages = max(1, -(-len(rows) // limit)) if limit else 1
    if not 1 <= page <= pages:
        raise UsageError(f"page must be from 1 to {pages} ({len(rows)} rows in all), got {page}.")
    ordered = _ordered(rows, sort)
    shown = ordered[(page - 1) * limit : page * limit] if limit else ordered
    return Chosen(tuple(shown), len(rows), page, pages)


def command_of(verb: str, spec: Any) -> str:
    """Return the command line that asks what `spec` asks; what is as by default is left out."""
    options = {"kind": "type", "first": "from", "last": "to"}
    words = ["sixparty", "data", verb, *getattr(spec, "words", ())]
    for field in fields(spec):
        value = getattr(spec, field.name)
        if field.name not in ("words", "data") and value != field.default:
            words += [f"--{options.get(field.name, field.name).replace('_', '-')}", str(value)]
    return shlex.join(words)


def _ordered(rows: Sequence[Mapping[str, Any]], sort: str) -> list[Mapping[str, Any]]:
    """Rows without a day stand last, whichever way the days run."""
    if sort == "best":
        return list(rows)
    by_name = sorted(rows, key=lambda row: str(row["id"]))
    if sort == "name":
        return by_name
    dated = [row for row in by_name if row["date"] is not None]
    undated = [row for row in by_name if row["date"] is None]
    return sorted(dated, key=_day, reverse=sort == "latest") + undated


def _day(row: Mapping[str, Any]) -> dt.date:
    day = row["date"]
    assert isinstance(day, dt.date)
    return day
