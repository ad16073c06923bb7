"""What the record holds: its rows by family, and those that fail a check."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import CHECKS, Chronicle
from sixparty.chronicle.listing import BESIDE, rows_beside, rows_by_family
from sixparty.chronicle.lookup import find_rows, lines_in_file
from sixparty.chronicle.schema import CONFIDENCES
from sixparty.chronicle.search import KINDS, families_and_tables
from sixparty.service.choosing import Chosen, check_choice, chosen_rows, command_of
from sixparty.service.lookup import day_bounds, record_as_of, require_word
from sixparty.service.record import failing_rows_of, open_record
from sixparty.service.result import Result, answer
from sixparty.vocabulary import PARTIES

SORTS = ("earliest", "latest", "name")
"""Orders in which rows can be listed."""


@dataclass(frozen=True)
class ListSpec:
    """Which rows to list; None sets no bound.

    Parameters
    ----------
    family
        One family, or a table beside the families: leaders, agreements, commitments, series, sources. Without it, and
        without a type, a confidence or a party, rows are counted by family and year.
    kind
        One type of event or spell, kind of text, domain of a promise, role of a leader, or basis of a date ahead.
    confidence
        `verified`, `attested` or `recalled`.
    party
        One of the six parties, who acted or on whom.
    first, last
        First and last day of the rows' first days.
    as_of
        Leave out what could not be known on this day.
    sort
        `earliest`, `latest` or `name`.
    limit
        Rows on a page; None gives all of them.
    page
        Which page, from 1.
    data
        Folder with a chronicle's CSV files; None is the one installed.
    """

    family: str | None = None
    kind: str | None = None
    confidence: str | None = None
    party: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: str | None = None
    sort: str = "earliest"
    limit: int | None = None
    page: int = 1
    data: Path | None = None

    def command(self) -> str:
        """Return the command that asks the same."""
        return command_of("list", self)


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
    """List the rows of one family, table, type, confidence or party, or count rows by family and year.

    Raises
    ------
    UsageError
        If the family, the type, the confidence, the party, the order or the page is none that there is.
    DateRefused
        If a day is none, or the last lies before the first.
    """
    require_word(spec.family, families_and_tables(), name="family")
    require_word(spec.kind, KINDS, name="type")
    require_word(spec.confidence, CONFIDENCES, name="confidence")
    require_word(spec.party, PARTIES, name="party")
    check_choice(spec.sort, SORTS, limit=spec.limit)
    record = open_record(spec.data, home=home)
    seen = record_as_of(record, spec.as_of)
    rows = _between(_of(seen, spec.family), spec)
    asked = {"family": spec.family, "type": spec.kind, "confidence": spec.confidence}
    if not any((*asked.values(), spec.party)):
        counted = rows.group_by("family", pl.col("date").dt.year().alias("year")).len("rows").sort("family", "year")
        return answer("data list", spec, {"rows": counted.to_dicts()}, record=record, command=spec.command())
    conditions = [pl.col(name) == word for name, word in asked.items() if word is not None]
    if spec.party is not None:
        conditions.append(pl.col("parties").str.split(";").list.contains(spec.party))
    found = chosen_rows(
        rows.filter(pl.all_horizontal(conditions)).to_dicts(), sort=spec.sort, limit=spec.limit, page=spec.page
    )
    return answer("data list", spec, _listed(found), record=record, command=spec.command())


def _of(record: Chronicle, family: str | None) -> pl.DataFrame:
    return rows_beside(record, family) if family in BESIDE and family else rows_by_family(record)


def _between(rows: pl.DataFrame, spec: ListSpec) -> pl.DataFrame:
    first, last = day_bounds(spec.first, spec.last)
    is_bounded = spec.first is not None or spec.last is not None
    return rows.filter(pl.col("date").is_between(first, last)) if is_bounded else rows


def _listed(found: Chosen) -> dict[str, Any]:
    return {"found": found.number, "page": found.page, "pages": found.pages, "rows": list(found.rows)}
