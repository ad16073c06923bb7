"""What the user's overlay did to a row: every change ever made, and the cells that differ from the shipped ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import Chronicle
from sixparty.chronicle.failing import row_name
from sixparty.chronicle.overlay import read_overlay
from sixparty.chronicle.revision import text_rows
from sixparty.service.home import named_home
from sixparty.service.record import shipped_record


def revisions_of(record: Chronicle, table: str, key: str, *, home: Path | None = None) -> dict[str, Any]:
    """Return whether a row is the user's own, each change made to it, and the cells that are not as shipped.

    Parameters
    ----------
    record
        The record in force; over a folder of one's own nothing is laid, so that nothing is revised.
    """
    is_own = key in record.revised.get(table, ())
    if not record.revised:
        return {"is_own": False, "lines": [], "cells": []}
    told = (one for one in read_overlay(named_home(home).overlay).revisions if (one.table, one.key) == (table, key))
    names = ("time", "command", "action", "reason", "source")
    lines = [{name: getattr(one, name) for name in names} for one in told]
    return {"is_own": is_own, "lines": lines, "cells": _cells_changed(record, table, key) if is_own else []}


def _cells_changed(record: Chronicle, table: str, key: str) -> list[dict[str, Any]]:
    before, after = (text_rows(_alone(one, table, key), table).get(key) for one in (shipped_record(), record))
    if before is None or after is None:
        return []
    return [
        {"column": name, "before": cell, "after": after[name]} for name, cell in before.items() if cell != after[name]
    ]


def _alone(record: Chronicle, table: str, key: str) -> Chronicle:
    rows = record[table].filter(row_name(table) == key)
    return Chronicle({table: rows}, record.digest)


def withdrawn_note(name: str, *, home: Path | None = None) -> str | None:
    """Say when and why the user took a row of that name out of the record; None if nobody did."""
    for one in read_overlay(named_home(home).overlay).withdrawn:
        if one.key == name:
            why = f": {one.reason}" if one.reason else ""
            return f"It was taken out of this record on {one.date}{why}. `sixparty data diff` shows it."
    return None


def key_of_found(table: str, rows: pl.DataFrame) -> str:
    """Return the text that names the first of `rows` in its table."""
    return str(rows.select(row_name(table)).item(0, 0))
