"""The record written as files for other programs, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle.export import FORMATS, PASSPORT, Format, export_files, exported_names, table_bytes
from sixparty.errors import EnvironmentRefused, FileRefused
from sixparty.service.files import make_folder
from sixparty.service.lookup import record_as_of, require_word
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer


@dataclass(frozen=True)
class ExportSpec:
    """Where to write the record and how.

    Parameters
    ----------
    folder
        A folder that does not exist, is empty, or holds an earlier export and nothing else.
    form
        `csv`, `json` or `parquet`.
    as_of
        Leave out what could not be known on this day (KST).
    data
        Folder with a chronicle's CSV files; None is the one installed.
    marking
        Handling marking, for the page beside the tables and for the passport.
    """

    folder: Path
    form: str = "csv"
    as_of: str | None = None
    marking: str | None = None
    data: Path | None = None


def export_data(spec: ExportSpec, *, home: Path | None = None) -> Result:
    """Write one file a table, a page about them and a passport, and say which files there are.

    The files are written to a folder beside the one named, which takes its place when all of them are there.

    Raises
    ------
    UsageError
        If the format is none that there is.
    FileRefused
        If the folder holds anything but an earlier export.
    EnvironmentRefused
        If it cannot be written to.
    """
    require_word(spec.form, FORMATS, name="format")
    form: Format = next(one for one in FORMATS if one == spec.form)
    folder = spec.folder.expanduser().absolute()
    _refuse_others_files(folder)
    record = open_record(spec.data, home=home)
    seen = record_as_of(record, spec.as_of)
    files = export_files(seen, form=form, marking=spec.marking)
    _write_folder(folder, files)
    written = [{"file": name, "bytes": len(raw)} for name, raw in files.items()]
    rows = sum(len(table) for table in seen.tables.values())
    return answer("data export", spec, {"folder": folder, "rows": rows, "files": written}, record=record)


def rows_as(rows: Sequence[Mapping[str, Any]], *, form: str, columns: Sequence[str]) -> bytes:
    """Write the rows of a result as the bytes of one file; several words in a cell are joined by ``;``.

    Parameters
    ----------
    form
        `csv`, `json` or `parquet`.
    columns
        Header of a file without rows.

    Raises
    ------
    UsageError
        If the format is none that there is.
    """
    require_word(form, FORMATS, name="format")
    flat = [{name: ";".join(cell) if isinstance(cell, tuple) else cell for name, cell in row.items()} for row in rows]
    table = (
        pl.DataFrame(flat, infer_schema_length=None) if flat else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    )
    return table_bytes(table, form=next(one for one in FORMATS if one == form))


def _refuse_others_files(folder: Path) -> None:
    """Refuse a folder that holds anything but an earlier export, so that nothing of the user's is lost."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise FileRefused(f"{folder} must be a folder, got something else. Name another folder.")
    try:
        there = {path.name for path in folder.iterdir()}
        exported = exported_names((folder / PASSPORT).read_bytes()) if PASSPORT in there else None
    except OSError as error:
        raise _cannot_write(folder, error) from error
    others = sorted(there - (exported or set()))
    if others:
        raise FileRefused(
            f"{folder} must be empty or hold an earlier export and nothing else, got {', '.join(others[:5])}. "
            "Name another folder."
        )


def _write_folder(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files beside the folder, then put them in its place."""
    make_folder(folder.parent)
    try:
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        for name, raw in files.items():
            _write_through(fresh / name, raw)
        fresh.chmod(0o755)
        _put_in_place(fresh, folder)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_through(path: Path, raw: bytes) -> None:
    with path.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Rename the new folder to its name; an earlier export steps aside first and comes back if that fails."""
    if not folder.exists() or not any(folder.iterdir()):
        fresh.replace(folder)
        return
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.old."))
    folder.replace(aside)
    try:
        fresh.replace(folder)
    except OSError:
        aside.replace(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _cannot_write(folder: Path, error: OSError) -> EnvironmentRefused:
    return EnvironmentRefused(f"{folder} must be writable, got: {error.strerror}. Name another folder.")
