"""The record as files of other programs: one file a table, with a passport that names them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO, StringIO
from typing import Any, Literal

import polars as pl

from sixparty.chronicle.about import readme
from sixparty.chronicle.package import data_package
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import TABLES

Format = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "json", "parquet")
PASSPORT, README = "datapackage.json", "README.md"
_MADE_BY = "sixparty data export"
_FOLDER = "sixparty-chronicle"
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


def table_bytes(table: pl.DataFrame, *, form: Format) -> bytes:
    """Write a table as the bytes of one file.

    CSV is UTF-8 with LF line ends, quoted where needed; whole numbers have no decimals and missing cells are empty, so
    that a table of the chronicle reads back the same. JSON is an array of objects. Both write dates as 2025-06-28.
    """
    if form == "parquet":
        buffer = BytesIO()
        table.write_parquet(buffer)
        return buffer.getvalue()
    if form == "json":
        rows = [{name: _plain(cell) for name, cell in row.items()} for row in table.iter_rows(named=True)]
        return (json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(cell) for cell in row] for row in table.iter_rows())
    return text.getvalue().encode()


def export_files(chronicle: Chronicle, *, form: Format, marking: str | None = None) -> dict[str, bytes]:
    """Return every table as a file, a page about them, and the passport that describes them.

    Parameters
    ----------
    chronicle
        The record, or the record as known on a day; the passport says which.
    marking
        Handling marking; it stands in the page and in the passport, never in a table.

    Returns
    -------
    dict
        File name -> bytes. The same record gives the same bytes.
    """
    return dict(exported(chronicle, form=form, marking=marking))


def exported(chronicle: Chronicle, *, form: Format, marking: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an export one after the other, the passport last, so that one table is held at a time."""
    described = {}
    for name in TABLES:
        raw = table_bytes(chronicle[name], form=form)
        described[name] = {"bytes": len(raw), "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}
        yield f"{name}.{form}", raw
    yield README, readme(chronicle, form=form, marking=marking).encode()
    yield PASSPORT, _passport(chronicle, described, form=form, marking=marking)


def zipped(chronicle: Chronicle, *, form: Format = "csv", marking: str | None = None) -> bytes:
    """Return an export as one ZIP file; the same record gives the same bytes."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in exported(chronicle, form=form, marking=marking):
            # the earliest day that a ZIP file can hold, since the clock is no part of the record
            entry = zipfile.ZipInfo(f"{_FOLDER}/{name}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, raw)
    return made.getvalue()


def _passport(
    chronicle: Chronicle, described: Mapping[str, Mapping[str, Any]], *, form: Format, marking: str | None
) -> bytes:
    package = data_package() | {
        "created_by": _MADE_BY,
        "digest": chronicle.digest,
        "known_by": None if chronicle.known_by is None else chronicle.known_by.isoformat(),
        "marking": marking,
    }
    package["sources"] = [
        one | ({"path": f"sources.{form}"} if one.get("path") == "sources.csv" else {}) for one in package["sources"]
    ]
    if form != "csv":
        # the tabular profile is that of CSV files
        package["profile"] = "data-package"
    package["resources"] = [_resource(one, described[one["name"]], form=form) for one in package["resources"]]
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def exported_names(passport: bytes) -> set[str] | None:
    """Return the files that an export holds, by its passport; None if it is the passport of something else."""
    try:
        package = json.loads(passport)
        if package.get("created_by") != _MADE_BY:
            return None
        return {PASSPORT, README, *(str(one["path"]) for one in package["resources"])}
    except (ValueError, AttributeError, KeyError, TypeError):
        return None


def _resource(resource: Mapping[str, Any], described: Mapping[str, Any], *, form: Format) -> dict[str, Any]:
    of_csv = ("profile", "encoding")
    kept = {name: value for name, value in resource.items() if form == "csv" or name not in of_csv}
    path = f"{resource['name']}.{form}"
    return kept | {"path": path, "format": form, "mediatype": MEDIA_TYPES[form], **described}


def _plain(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _cell(cell: object) -> object:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, str) and "\r" in cell:
        # a bare CR is not quoted by the writer and would end the row
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell
