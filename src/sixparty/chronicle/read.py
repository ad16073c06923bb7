"""Read the chronicle's CSV files into typed tables, and see them as they stood on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.columns import TableSchema
from sixparty.chronicle.known import known_tables
from sixparty.chronicle.overlay import Overlay, read_overlay
from sixparty.chronicle.parse import FAULTS_TOLD, parse_table, read_table
from sixparty.chronicle.schema import TABLES
from sixparty.errors import DateRefused, Fault, FileRefused, RecordRefused

DATA_VERSION = "0.3.0"
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
    revised
        Table -> keys of rows that the user's overlay adds, changes or withdraws.
    """

    tables: Mapping[str, pl.DataFrame] = field(repr=False)
    digest: str
    known_by: dt.date | None = None
    revised: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))

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


def read_chronicle(
    folder: Path | None = None, *, as_of: dt.date | None = None, overlay: Path | None = None
) -> Chronicle:
    """Read the chronicle.

    Parameters
    ----------
    folder
        Folder with the CSV files; None reads the data package that is installed with sixparty.
    as_of
        Leave out what could not be known on this day (KST).
    overlay
        Folder with the user's own rows; they win by key over those in `folder`.

    Raises
    ------
    FileRefused
        If a file is missing or is not a CSV file with the declared columns.
    RecordRefused
        If a row breaks the schema; the message names file, line, column, what was expected and what stands there, for
        the first faults, and how many there are.
    """
    home = folder if folder is not None else _installed()
    if not home.is_dir():
        raise FileRefused(
            f"The chronicle must be a folder with {len(TABLES)} CSV files, got {home}, which is no folder."
        )
    digest = hashlib.sha256()
    tables: dict[str, pl.DataFrame] = {}
    faults: list[Fault] = []
    number = 0
    for schema in TABLES.values():
        raw = table_file(schema, home)
        digest.update(schema.file.encode() + b"\0" + raw)
        parsed = parse_table(schema, raw)
        tables[schema.name] = parsed.table
        faults += parsed.faults
        number += parsed.number
    if number:
        raise RecordRefused.for_faults(faults[:FAULTS_TOLD], number=number)
    chronicle = Chronicle(MappingProxyType(tables), digest.hexdigest()[:16])
    if overlay is not None:
        chronicle = overlaid(chronicle, read_overlay(overlay))
    return chronicle if as_of is None else as_known(chronicle, as_of)


def overlaid(chronicle: Chronicle, overlay: Overlay) -> Chronicle:
    """Return the chronicle with the user's rows in it: they win by key, and rows that they withdrew are gone.

    Raises
    ------
    RecordRefused
        If a cell of the user's rows breaks the schema.
    """
    revised = overlay.keys_revised()
    if not revised:
        return chronicle
    digest = hashlib.sha256(chronicle.digest.encode())
    tables = dict(chronicle.tables)
    for name, keys in revised.items():
        schema = TABLES[name]
        raw = overlay.table_bytes(schema)
        digest.update("\n".join([schema.file, *sorted(keys)]).encode() + b"\0" + raw)
        key = pl.concat_str([pl.col(column) for column in schema.key], separator=" ")
        own = read_table(replace(schema, name=f"overlay/{name}"), raw)
        tables[name] = pl.concat([tables[name].filter(~key.is_in(sorted(keys))), own])
    return replace(
        chronicle,
        tables=MappingProxyType(tables),
        digest=digest.hexdigest()[:16],
        revised=MappingProxyType(revised),
    )


def as_known(chronicle: Chronicle, day: dt.date) -> Chronicle:
    """Return the chronicle as it could be known on `day`.

    Rows whose `known_date` is later are left out. Talks and moratoria that ended later read as still going on, and a
    drill that begins later as announced; its last day is kept, since it is announced with the first. Last days of
    events and of terms of office, the counts of events that last, answers to offers, and what became of agreements and
    promises are hidden until they have come. Notes that name a later year are empty. Sources that later rows alone
    cite are left out.

    Raises
    ------
    DateRefused
        If `day` lies before the first day that the chronicle covers.
    """
    if day < chronicle.coverage_start:
        raise DateRefused(
            f"as-of must not lie before {chronicle.coverage_start}, the first day that every family covers, got {day}."
        )
    tables = known_tables(chronicle.tables, day)
    return replace(chronicle, tables=MappingProxyType(tables), known_by=day)


def table_file(schema: TableSchema, folder: Path | None = None) -> bytes:
    """Return the bytes of a table's file; a table that may be left out and is reads as its header alone.

    Parameters
    ----------
    folder
        Folder with the CSV files; None is the data package that is installed with sixparty.

    Raises
    ------
    FileRefused
        If the file is missing or cannot be read.
    """
    path = (folder if folder is not None else _installed()) / schema.file
    return _header(schema) if schema.is_optional and not path.exists() else _file_bytes(path)


def _installed() -> Path:
    return Path(str(resources.files("sixparty") / "data"))


def _header(schema: TableSchema) -> bytes:
    return (",".join(column.name for column in schema.columns) + "\n").encode()


def _file_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"The chronicle must hold {path.name}, got a folder without it: {path.parent}.") from None
    except OSError as error:
        raise FileRefused(f"{path} must be readable, got: {error.strerror}.") from error
