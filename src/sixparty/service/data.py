"""What the record holds: its rows by family, and those that fail a check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import CHECKS, FAMILIES, Chronicle
from sixparty.chronicle.lookup import find_rows, lines_in_file
from sixparty.chronicle.schema import CALENDAR, CONFIDENCES
from sixparty.service.lookup import day_bounds, record_as_of, require_word
from sixparty.service.record import failing_rows_of, open_record
from sixparty.service.result import Result, answer
from sixparty.vocabulary import EVENT_TYPES, SPELL_TYPES

_TYPES = (*EVENT_TYPES, *SPELL_TYPES, *CALENDAR.column("basis").allowed)
_FIRST_DAYS = {"events": "event_date", "spells": "start_date", "calendar": "date"}


@dataclass(frozen=True)
class ListSpec:
    """Which rows to list; None sets no bound.

    Parameters
    ----------
    family
        One family; without it, and without a type or a confidence, rows are counted by family and year.
    kind
        One type of event or spell, or the basis of a date ahead.
    confidence
        `verified`, `attested` or `recalled`.
    first, last
        First and last day of the rows' first days.
    as_of
        Leave out what could not be known on this day.
    data
        Folder with a chronicle's CSV files; None is the one installed.
    """

    family: str | None = None
    kind: str | None = None
    confidence: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: str | None = None
    data: Path | None = None


def validate_data(data: Path | None = None, *, home: Path | None = None) -> Result:
    """Run every check of the record and of its ledger, and return the failing rows.

    Each comes with its file, its line there, the column, what is wrong and what stands there; rows of the user's
    overlay have no line in the shipped files.
    """
    # the ledger's room loads slowly, and no other question here needs it
    from sixparty.ledger import LEDGER_CHECKS

    record = open_record(data, home=home)
    lines = _Lines(record, data)
    failing = [lines.placed(row) for row in failing_rows_of(record).to_dicts()]
    found = {"checks": [*CHECKS, *LEDGER_CHECKS], "failing_rows": failing}
    return answer("data validate", {"data": data}, found, record=record)


class _Lines:
    """Where rows stand in their files; a file is looked through when its first row is asked for."""

    def __init__(self, record: Chronicle, data: Path | None) -> None:
        self._record, self._data = record, data
        self._lines: dict[str, dict[str, int]] = {}

    def placed(self, row: dict[str, Any]) -> dict[str, Any]:
        """Add file, line and what stands in the cell to a failing row."""
        table, name = row["table"], row["id"]
        is_own = name in self._record.revised.get(table, ())
        if table not in self._lines:
            self._lines[table] = lines_in_file(table, folder=self._data)
        found = find_rows(self._record, name, tables=(table,))
        cells = found.rows.row(0, named=True) if found is not None else {}
        return {
            **row,
            "file": f"{'overlay/' if is_own else ''}{table}.csv",
            "line": None if is_own else self._lines[table].get(name),
            "got": cells.get(row.get("column") or ""),
        }


def list_data(spec: ListSpec, *, home: Path | None = None) -> Result:
    """List the rows of one family, type or confidence, or count rows by family and year.

    Raises
    ------
    UsageError
        If the family, the type or the confidence is none that there is.
    DateRefused
        If a day is none, or the last lies before the first.
    """
    require_word(spec.family, FAMILIES, name="family")
    require_word(spec.kind, _TYPES, name="type")
    require_word(spec.confidence, CONFIDENCES, name="confidence")
    record = open_record(spec.data, home=home)
    first, last = day_bounds(spec.first, spec.last)
    rows = rows_by_family(record_as_of(record, spec.as_of)).filter(pl.col("date").is_between(first, last))
    asked = {"family": spec.family, "type": spec.kind, "confidence": spec.confidence}
    if not any(asked.values()):
        counted = rows.group_by("family", pl.col("date").dt.year().alias("year")).len("rows").sort("family", "year")
        return answer("data list", spec, {"rows": counted.to_dicts()}, record=record)
    chosen = rows.filter(pl.all_horizontal(pl.col(name) == word for name, word in asked.items() if word is not None))
    return answer("data list", spec, {"rows": chosen.to_dicts()}, record=record)


def rows_by_family(chronicle: Chronicle) -> pl.DataFrame:
    """Events, spells and dates ahead in one table: family, type, id, date, labels, confidence, sources."""
    families = {
        "events": pl.col("event_type").replace_strict({kind.name: kind.family for kind in EVENT_TYPES.values()}),
        "spells": pl.col("spell_type").replace_strict(dict(SPELL_TYPES)),
        "calendar": pl.lit("calendar"),
    }
    kinds = {"events": "event_type", "spells": "spell_type", "calendar": "basis"}
    parts = [
        chronicle[name].select(
            families[name].alias("family"),
            pl.col(kinds[name]).alias("type"),
            "id",
            pl.col(first).alias("date"),
            "known_date",
            "label_en",
            "label_ko",
            "confidence",
            "source_ids",
        )
        for name, first in _FIRST_DAYS.items()
    ]
    return pl.concat(parts).sort("date", "id")
