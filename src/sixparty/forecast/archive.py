"""Issued forecasts on disk: a hub's `model-output` folder to which files are only ever added."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from sixparty.errors import FileRefused, InputRefused
from sixparty.forecast.hub import HUB_SCHEMA, check_hub_table

_ORDER = ["target", "horizon", "output_type"]
_QUESTION = ["target", "horizon"]


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
    files = forecast_files(folder, table)
    put_files(files)
    return list(files)


def forecast_files(folder: Path, table: pl.DataFrame, *, is_growing: bool = False) -> dict[Path, str]:
    """Return the files that hold the forecasts of `table`, with the content that they are to have.

    Parameters
    ----------
    is_growing
        Whether a file may gain questions that it does not hold yet, as figures entered one by one do. What it holds is
        kept either way.

    Raises
    ------
    InputRefused
        If rows break the layout, or a file holds another answer to a question of `table`.
    """
    _refuse_faults(table)
    files = {}
    for names, part in _parts(table):
        path = _path(folder, *names)
        whole = _grown(path, part) if is_growing and path.exists() else part
        files[path] = _text(whole)
        if not is_growing:
            _refuse_change(path, files[path])
    return files


def put_files(files: Mapping[Path, str]) -> None:
    """Put each file in place, whole or not at all."""
    for path, text in files.items():
        _put(path, text)


def read_forecasts(folder: Path) -> pl.DataFrame:
    """Read every forecast of the hub in `folder`, ours and others; an absent folder holds none.

    Raises
    ------
    FileRefused
        If a file has other columns than a hub table.
    """
    empty = pl.DataFrame(schema=dict(HUB_SCHEMA))
    return pl.concat([empty, *(read_forecast_file(path) for path in stored_files(folder))])


def stored_files(folder: Path) -> list[Path]:
    """List the forecast files of the hub in `folder`."""
    return sorted((folder / "model-output").glob("*/*.csv"))


def read_forecast_file(path: Path) -> pl.DataFrame:
    """Read one file of hub rows.

    Raises
    ------
    FileRefused
        If it cannot be read as a hub table.
    """
    try:
        table = pl.read_csv(path, schema_overrides=dict(HUB_SCHEMA), null_values="NA")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise FileRefused(f"{path} must be a readable hub table, got: {error}. Mend or move the file.") from None
    if table.columns != list(HUB_SCHEMA):
        raise FileRefused(
            f"{path} must have the columns {', '.join(HUB_SCHEMA)}, got {', '.join(table.columns)}. Mend or move it."
        )
    return table


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


def _grown(path: Path, part: pl.DataFrame) -> pl.DataFrame:
    """What a file holds with the new questions of `part` behind it."""
    held = read_forecast_file(path)
    again = part.join(held, on=_QUESTION, how="semi")
    before = held.join(part, on=_QUESTION, how="semi")
    if _text(again) != _text(before):
        target, horizon = again.select(_QUESTION).row(0)
        raise InputRefused(
            f"{path.name} already holds other figures for {target}, {horizon} weeks, and figures are never revised. "
            "Nothing was written. Enter them for another reference date or under another model_id."
        )
    return pl.concat([held, part.join(held, on=_QUESTION, how="anti")])


def _refuse_change(path: Path, text: str) -> None:
    if path.exists() and path.read_bytes() != text.encode():
        raise InputRefused(
            f"{path.name} already holds another forecast, and issued forecasts are never revised. Nothing was "
            "written. Issue it for another reference date or under another model_id."
        )


def _put(path: Path, text: str) -> None:
    """Put the whole file in place at once; only a file that has gained questions is replaced."""
    if path.exists() and path.read_bytes() == text.encode():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        _claim(Path(name), path, text)
    finally:
        Path(name).unlink(missing_ok=True)


def _claim(written: Path, path: Path, text: str) -> None:
    """Give `written` its name, unless another writer put other rows there since."""
    if path.exists():
        _refuse_loss(path, text)
        written.replace(path)
        return
    try:
        os.link(written, path)
    except FileExistsError:
        _refuse_change(path, text)
    except OSError:
        # some file systems have no links; replacing is still all or nothing
        written.replace(path)


def _refuse_loss(path: Path, text: str) -> None:
    held, new = set(path.read_bytes().splitlines()), set(text.encode().splitlines())
    if not held <= new:
        _refuse_change(path, text)
