"""Issued forecasts on disk: a hub's `model-output` folder to which files are only ever added."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import polars as pl

from sixparty.errors import FileRefused, InputRefused
from sixparty.forecast.hub import HUB_SCHEMA, check_hub_table

_ORDER = ["target", "horizon", "output_type"]


def write_forecasts(folder: Path, table: pl.DataFrame) -> list[Path]:
    """Add the forecasts of `table` to the hub in `folder` and return their files.

    One file holds what one model said for one reference date:
    ``model-output/<model_id>/<reference_date>-<model_id>.csv``. A forecast for an earlier week made from what is
    known later has the day of that knowledge in its name:
    ``<reference_date>-<model_id>-as_of-<as_of>.csv``. Writing the same content again changes nothing.

    Raises
    ------
    InputRefused
        If rows break the layout, or a file exists with other content. No file is written then.
    """
    _refuse_faults(table)
    files = {_path(folder, *names): _text(part) for names, part in _parts(table)}
    for path, text in files.items():
        _refuse_change(path, text)
    for path, text in files.items():
        _add(path, text)
    return list(files)


def read_forecasts(folder: Path) -> pl.DataFrame:
    """Read every forecast of the hub in `folder`, ours and others; an absent folder holds none.

    Raises
    ------
    FileRefused
        If a file has other columns than a hub table.
    """
    files = sorted((folder / "model-output").glob("*/*.csv"))
    empty = pl.DataFrame(schema=dict(HUB_SCHEMA))
    return pl.concat([empty, *(_read(path) for path in files)])


def _refuse_faults(table: pl.DataFrame) -> None:
    faults = check_hub_table(table)
    if len(faults):
        first = faults.row(0, named=True)
        raise InputRefused(
            f"forecasts must be in hub layout; {len(faults)} rows are not, the first since {first['fault']}. "
            "Correct them and write again."
        )


def _parts(table: pl.DataFrame) -> list[tuple[tuple[str, str, str], pl.DataFrame]]:
    keys = ["model_id", "reference_date", "as_of"]
    parts = table.partition_by(keys, as_dict=True, maintain_order=True)
    return [((str(name[0]), str(name[1]), str(name[2])), part) for name, part in parts.items()]


def _path(folder: Path, model_id: str, reference_date: str, as_of: str) -> Path:
    later = "" if as_of == reference_date else f"-as_of-{as_of}"
    return folder / "model-output" / model_id / f"{reference_date}-{model_id}{later}.csv"


def _text(part: pl.DataFrame) -> str:
    return part.sort(_ORDER, maintain_order=True).write_csv(null_value="NA")


def _refuse_change(path: Path, text: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") != text:
        raise InputRefused(
            f"{path.name} already holds another forecast, and issued forecasts are never revised. Nothing was "
            "written. Issue it for another reference date or under another model_id."
        )


def _add(path: Path, text: str) -> None:
    """Put the whole file in place at once, or leave what another writer put there first."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        _claim(Path(name), path, text)
    finally:
        Path(name).unlink(missing_ok=True)


def _claim(written: Path, path: Path, text: str) -> None:
    try:
        os.link(written, path)
    except FileExistsError:
        _refuse_change(path, text)
    except OSError:
        # some file systems have no links; replacing is still all or nothing
        written.replace(path)


def _read(path: Path) -> pl.DataFrame:
    try:
        table = pl.read_csv(path, schema_overrides=dict(HUB_SCHEMA), null_values="NA")
    except pl.exceptions.PolarsError as error:
        raise FileRefused(f"{path} must be a readable hub table, got: {error}. Mend or move the file.") from None
    if table.columns != list(HUB_SCHEMA):
        raise FileRefused(
            f"{path} must have the columns {', '.join(HUB_SCHEMA)}, got {', '.join(table.columns)}. Mend or move it."
        )
    return table
