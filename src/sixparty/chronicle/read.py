"""Read the chronicle's CSV files into typed tables, and see them as they stood on a day."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from io import StringIO
from pathlib import Path
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.columns import Column, TableSchema
from sixparty.chronicle.schema import TABLES
from sixparty.errors import DateRefused, FileRefused, RecordRefused

DATA_VERSION = "0.2.0"
"""Version of the data package; it moves when rows or columns do."""

COUNTED_FAMILIES = (
    "weapons_tests",
    "border_incidents",
    "unsc_resolutions",
    "joint_drills",
    "inter_korean_talks",
    "us_prk_talks",
    "moratoria",
)
"""Families that bound the record: what is counted by week and forecast. Others may start later or end earlier."""

_KIND_WORDS = {
    "date": "a date like 2025-06-28 or nothing",
    "integer": "a whole number or nothing",
    "number": "a number or nothing",
}
_TOLD_LATER = (
    ("events", "answer_date", ("answer", "answer_date")),
    ("events", "end_date", ("end_date",)),
    ("leaders", "end_date", ("end_date",)),
)
"""Table, the column that tells a later day, and the columns not known before it, or never where no day is known."""
_DTYPES: dict[str, type[pl.DataType]] = {"date": pl.Date, "integer": pl.Int64, "number": pl.Float64}


@dataclass(frozen=True)
class Chronicle:
    """The curated record as typed tables.

    Parameters
    ----------
    tables
        Table name -> Polars frame with the columns of `schema.TABLES`.
    digest
        SHA-256 over the files' bytes, first 16 hexadecimal digits: two chronicles with the same digest hold the same
        rows.
    known_by
        Rows that could not be known by this day have been left out; None holds all rows.
    """

    tables: Mapping[str, pl.DataFrame]
    digest: str
    known_by: dt.date | None = None

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return one table."""
        return self.tables[name]

    @property
    def coverage_end(self) -> dt.date:
        """Last day (KST) through which every family that is counted and forecast is meant to be complete."""
        return _as_date(self._counted["complete_through"].min())

    @property
    def coverage_start(self) -> dt.date:
        """First day (KST) from which every family that is counted and forecast is meant to be complete."""
        return _as_date(self._counted["complete_from"].max())

    @property
    def _counted(self) -> pl.DataFrame:
        return self.tables["coverage"].filter(pl.col("family").is_in(COUNTED_FAMILIES))


def _as_date(value: object) -> dt.date:
    if not isinstance(value, dt.date):
        raise FileRefused(
            "coverage.csv must state from and through which day each family is complete, got no such date. "
            "Add a row for each family."
        )
    return value


def read_chronicle(folder: Path | None = None, *, as_of: dt.date | None = None) -> Chronicle:
    """Read the chronicle.

    Parameters
    ----------
    folder
        Folder with the CSV files; None reads the data package that is installed with sixparty.
    as_of
        Leave out what could not be known on this day (KST).

    Raises
    ------
    FileRefused
        If a file is missing or is not a CSV file with the declared columns.
    RecordRefused
        If a cell breaks the schema; the message names file, line, column, what was expected and what stands there.
    """
    home = folder if folder is not None else Path(str(resources.files("sixparty") / "data"))
    if not home.is_dir():
        raise FileRefused(
            f"The chronicle must be a folder with {len(TABLES)} CSV files, got {home}, which is no folder."
        )
    digest = hashlib.sha256()
    tables: dict[str, pl.DataFrame] = {}
    for schema in TABLES.values():
        raw = _header(schema) if _is_left_out(home, schema) else _file_bytes(home / schema.file)
        digest.update(schema.file.encode() + b"\0" + raw)
        tables[schema.name] = _typed(schema, _records(schema, raw))
    chronicle = Chronicle(MappingProxyType(tables), digest.hexdigest()[:16])
    return chronicle if as_of is None else as_known(chronicle, as_of)


def as_known(chronicle: Chronicle, day: dt.date) -> Chronicle:
    """Return the chronicle as it could be known on `day`.

    Rows whose `known_date` is later are left out. Talks and moratoria that ended later read as still going on, and a
    drill that begins later as announced; its last day is kept, since it is announced with the first. Last days of
    events and of terms of office, and answers to offers, are hidden until they have come.

    Raises
    ------
    DateRefused
        If `day` lies before the first day that the chronicle covers.
    """
    if day < chronicle.coverage_start:
        raise DateRefused(
            f"as-of must not lie before {chronicle.coverage_start}, the first day that every family covers, got {day}."
        )
    tables = {
        name: table.filter(pl.col("known_date") <= day) if "known_date" in table.columns else table
        for name, table in chronicle.tables.items()
    }
    tables["spells"] = tables["spells"].with_columns(*_without_hindsight(day))
    for name, later, hidden in _TOLD_LATER:
        told = [pl.when(pl.col(later) <= day).then(pl.col(column)).alias(column) for column in hidden]
        tables[name] = tables[name].with_columns(*told)
    return replace(chronicle, tables=MappingProxyType(tables), known_by=day)


def _without_hindsight(day: dt.date) -> list[pl.Expr]:
    """Hide what a spell's row tells of later days: its end, what came of it, that an announced drill was held."""
    kind = pl.col("spell_type")
    is_unended = (kind != "joint_drill") & (pl.col("end_date") > day)
    is_unheld = (
        (kind == "joint_drill") & (pl.col("start_date") > day) & pl.col("drill_status").is_in(["held", "scaled_down"])
    )
    hidden = [
        pl.when(is_unended).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("end_date", "end_precision", "ended_by", "outcome")
    ]
    status = pl.when(is_unheld).then(pl.lit("announced")).otherwise(pl.col("drill_status")).alias("drill_status")
    return [*hidden, status]


def _is_left_out(home: Path, schema: TableSchema) -> bool:
    return schema.is_optional and not (home / schema.file).exists()


def _header(schema: TableSchema) -> bytes:
    return (",".join(column.name for column in schema.columns) + "\n").encode()


def _file_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"The chronicle must hold {path.name}, got a folder without it: {path.parent}.") from None
    except OSError as error:
        raise FileRefused(f"{path} must be readable, got: {error.strerror}.") from error


def _records(schema: TableSchema, raw: bytes) -> list[list[str]]:
    """Split a file into rows of text, in the declared order of columns."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"{schema.file} must be UTF-8 text, got other bytes in line {line}. Save it as UTF-8."
        ) from None
    rows = list(csv.reader(StringIO(text, newline="")))
    expected = [column.name for column in schema.columns]
    if not rows or rows[0] != expected:
        got = ", ".join(rows[0]) if rows else "an empty file"
        raise FileRefused(f"{schema.file}, line 1: expected the columns {', '.join(expected)}; got {got}.")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(expected):
            raise RecordRefused(
                file=schema.file,
                row=number,
                column="(whole row)",
                expected=f"{len(expected)} cells",
                got=f"{len(row)} cells",
            )
    return rows[1:]


def _typed(schema: TableSchema, rows: list[list[str]]) -> pl.DataFrame:
    columns = list(zip(*rows, strict=True)) if rows else [() for _ in schema.columns]
    return pl.DataFrame(
        [_typed_column(schema, column, list(cells)) for column, cells in zip(schema.columns, columns, strict=True)]
    )


def _typed_column(schema: TableSchema, column: Column, cells: list[str]) -> pl.Series:
    text = pl.Series(column.name, [cell.strip() or None for cell in cells], dtype=pl.String)
    if column.required and text.null_count():
        _refuse(schema, column, text.is_null(), "a value", text)
    if column.kind in _DTYPES:
        values = text.str.to_date("%Y-%m-%d", strict=False) if column.kind == "date" else None
        typed = values if values is not None else text.cast(_DTYPES[column.kind], strict=False)
        is_wrong = typed.is_null() & text.is_not_null()
        if column.kind == "date":
            is_wrong = is_wrong | (text.is_not_null() & (text.str.len_chars() != 10))
        if is_wrong.any():
            _refuse(schema, column, is_wrong, _KIND_WORDS[column.kind], text)
        return typed
    if column.allowed:
        _check_words(schema, column, text)
    return text


def _check_words(schema: TableSchema, column: Column, text: pl.Series) -> None:
    allowed = set(column.allowed)
    cells = (cell.split(";") if cell is not None and column.kind == "list" else [cell] for cell in text.to_list())
    is_wrong = pl.Series(
        [any(word is not None and word not in allowed for word in words) for words in cells], dtype=pl.Boolean
    )
    if is_wrong.any():
        _refuse(schema, column, is_wrong, f"one of {', '.join(column.allowed)}", text)


def _refuse(schema: TableSchema, column: Column, is_wrong: pl.Series, expected: str, text: pl.Series) -> None:
    index = int(is_wrong.arg_true()[0])
    cell = text[index]
    raise RecordRefused(
        file=schema.file,
        row=index + 2,
        column=column.name,
        expected=expected,
        got="nothing" if cell is None else repr(cell),
    )
