"""The record as files of other programs: one file a table, with a passport that names them."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from io import BytesIO, StringIO
from typing import Any, Literal

import polars as pl

from sixparty.chronicle.package import data_package
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import TABLES

Format = Literal["csv", "json", "parquet"]
FORMATS: tuple[Format, ...] = ("csv", "json", "parquet")
PASSPORT = "datapackage.json"
_MADE_BY = "sixparty data export"
_MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}


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


def export_files(chronicle: Chronicle, *, form: Format) -> dict[str, bytes]:
    """Return every table as a file, and the passport that describes them.

    Parameters
    ----------
    chronicle
        The record, or the record as known on a day; the passport says which.

    Returns
    -------
    dict
        File name -> bytes. The same record gives the same bytes.
    """
    files = {f"{name}.{form}": table_bytes(chronicle[name], form=form) for name in TABLES}
    package = data_package() | {
        "created_by": _MADE_BY,
        "digest": chronicle.digest,
        "known_by": None if chronicle.known_by is None else chronicle.known_by.isoformat(),
    }
    package["sources"] = [
        one | ({"path": f"sources.{form}"} if one.get("path") == "sources.csv" else {}) for one in package["sources"]
    ]
    if form != "csv":
        # the tabular profile is that of CSV files
        package["profile"] = "data-package"
    package["resources"] = [_resource(one, files, form=form) for one in package["resources"]]
    return files | {PASSPORT: (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()}


def exported_names(passport: bytes) -> set[str] | None:
    """Return the files that an export holds, by its passport; None if it is the passport of something else."""
    try:
        package = json.loads(passport)
        if package.get("created_by") != _MADE_BY:
            return None
        return {PASSPORT, *(str(one["path"]) for one in package["resources"])}
    except (ValueError, AttributeError, KeyError, TypeError):
        return None


def _resource(resource: Mapping[str, Any], files: Mapping[str, bytes], *, form: Format) -> dict[str, Any]:
    path = f"{resource['name']}.{form}"
    raw = files[path]
    of_csv = ("profile", "encoding")
    described = {name: value for name, value in resource.items() if form == "csv" or name not in of_csv}
    return described | {
        "path": path,
        "format": form,
        "mediatype": _MEDIA_TYPES[form],
        "bytes": len(raw),
        "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
    }


def _plain(cell: object) -> object:
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def _cell(cell: object) -> object:
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, str) and "\r" in cell:
        # a bare CR is not quoted by the writer and would end the row
        return cell.replace("\r\n", "\n").replace("\r", "\n")
    return cell
