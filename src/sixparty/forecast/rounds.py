"""The book of the archive: what was entered for each reference date, when, from which record, and of what kind.

``rounds.csv`` lies beside the hub's files and only ever grows. A line is written before its file is, with a digest of
what the file will hold: a file without its line was never entered, and a line without its file was broken off.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

import polars as pl

from sixparty.chronicle.overlay import only_writer
from sixparty.errors import EnvironmentRefused, FileRefused
from sixparty.forecast.archive import forecast_files, put_files, read_forecast_file, stored_files
from sixparty.forecast.hub import HUB_SCHEMA
from sixparty.periods import saturday_on_or_before

RoundKind = Literal["issued", "made_late", "backfilled", "after_seeing"]
"""How a round came about; kinds are stored apart and scored apart."""

KINDS: tuple[RoundKind, ...] = get_args(RoundKind)
ON_TIME_DAYS = 14
"""A forecast made up to this many days after its reference date counts as issued."""

OWN_TEAMS = ("sixparty", "plain")
"""Beginnings of the names of our models; no reader's figures stand under them."""

_BOOK = "rounds.csv"
_DIGEST = 16


@dataclass(frozen=True)
class Round:
    """A line of the book: what one model said for one reference date, and how it came about.

    Parameters
    ----------
    reference_date, as_of
        As in the hub rows.
    kind
        ``issued``, ``made_late``, ``backfilled`` or ``after_seeing``.
    made_on
        When it was entered, UTC to the second.
    record_end
        Last day that the record behind it held.
    data_version, data_digest
        The record behind it.
    digest
        First 16 hexadecimal digits of the SHA-256 of the file as it stood with this round in it.
    seed
        Seed of the run; empty for figures that nobody drew.
    command
        What made it.
    """

    reference_date: dt.date
    as_of: dt.date
    model_id: str
    kind: RoundKind
    made_on: str
    record_end: dt.date
    data_version: str
    data_digest: str
    digest: str
    seed: int | None
    command: str


ROUND_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        field.name: {"reference_date": pl.Date(), "as_of": pl.Date(), "record_end": pl.Date(), "seed": pl.Int64()}.get(
            field.name, pl.String()
        )
        for field in fields(Round)
    }
)
"""Columns of ``rounds.csv``, in order."""


@dataclass(frozen=True)
class Making:
    """What is the same for all models of a round: its kind, time, record, seed and command, as `Round` has them."""

    kind: RoundKind
    made_on: str
    record_end: dt.date
    data_version: str
    data_digest: str
    seed: int | None
    command: str


@dataclass(frozen=True)
class Archive:
    """What a hub holds.

    Parameters
    ----------
    forecasts
        Hub rows of every file that has its line in the book, with `kind` and `place`, the number of the model's first
        line for it: of two answers to one question the lower place was first.
    rounds
        The book.
    unlisted
        Files, relative to the hub, whose content no line tells of: put there or changed by hand.
    missing
        Lines whose file is gone or was never written, one text each.
    """

    forecasts: pl.DataFrame
    rounds: pl.DataFrame
    unlisted: tuple[str, ...]
    missing: tuple[str, ...]


def round_kind(reference_date: dt.date, *, record_end: dt.date, made_on: str) -> RoundKind:
    """Return of what kind a round for `reference_date` is.

    ``backfilled`` when the record behind it allowed a later reference date: it held days of the window. Otherwise
    ``issued`` when it was made at most 14 days after the reference date (KST), else ``made_late``.

    Raises
    ------
    EnvironmentRefused
        If the clock stands before the reference date.
    """
    made = (dt.datetime.fromisoformat(made_on) + dt.timedelta(hours=9)).date()
    if made < reference_date:
        raise EnvironmentRefused(
            f"the clock must not stand before the reference date {reference_date}, got {made}. Set the clock, or "
            "correct the record's coverage."
        )
    if reference_date < latest_reference_date(record_end):
        return "backfilled"
    return "issued" if (made - reference_date).days <= ON_TIME_DAYS else "made_late"


def latest_reference_date(record_end: dt.date) -> dt.date:
    """Return the last Saturday that a record up to `record_end` knows: events are known the day after.

    Examples
    --------
    >>> latest_reference_date(dt.date(2025, 6, 28))
    datetime.date(2025, 6, 21)
    """
    return saturday_on_or_before(record_end - dt.timedelta(days=1))


def kind_folder(hub: Path, kind: RoundKind) -> Path:
    """Return the folder whose `model-output` holds rounds of `kind`; issued ones lie in the hub itself."""
    return hub if kind == "issued" else hub / kind


def enter_round(hub: Path, table: pl.DataFrame, making: Making, *, is_growing: bool = False) -> list[Path]:
    """Write the round in the book, then put its forecasts in place; return their files.

    What was entered before stays of the kind that it was, whenever it is made again.

    Parameters
    ----------
    table
        Hub rows.
    is_growing
        Whether the files may gain questions, as figures entered one by one do.

    Raises
    ------
    InputRefused
        If rows break the layout, or other forecasts stand under the same name. Nothing is written then.
    EnvironmentRefused
        If the folder cannot be written to, or another command is writing.
    """
    with only_writer(hub):
        book, found, lines = read_rounds(hub), {}, []
        planned = forecast_files(kind_folder(hub, making.kind), table, is_growing=is_growing)
        keys = table.select("model_id", "reference_date", "as_of").unique(maintain_order=True).rows()
        for (path, text), key in zip(planned.items(), keys, strict=True):
            digest = digest_of_text(text)
            kind = _kind_entered(book, key, digest)
            if kind is None:
                lines.append(_line(key, digest, making))
            found[_moved(path, hub, making.kind, kind or making.kind)] = text
        _write(hub, lines, found)
    return list(found)


def read_rounds(hub: Path) -> pl.DataFrame:
    """Read the book; an absent one is empty.

    Raises
    ------
    FileRefused
        If it has other columns or cells than it was written with.
    """
    path = hub / _BOOK
    if not path.exists():
        return pl.DataFrame(schema=dict(ROUND_SCHEMA))
    try:
        table = pl.read_csv(path, schema_overrides=dict(ROUND_SCHEMA))
    except (OSError, pl.exceptions.PolarsError) as error:
        raise FileRefused(f"{path} must be the book of rounds, got: {error}. Put a copy of it back.") from None
    if table.columns != list(ROUND_SCHEMA) or not table["kind"].is_in(KINDS).all():
        raise FileRefused(f"{path} must have the columns {', '.join(ROUND_SCHEMA)} and known kinds, got others.")
    return table


def read_archive(hub: Path) -> Archive:
    """Read every forecast that the book tells of, and find what does not agree with it.

    Raises
    ------
    FileRefused
        If a file or the book cannot be read.
    """
    book = read_rounds(hub).with_row_index("place")
    first = book.group_by("reference_date", "as_of", "model_id", "kind").agg(pl.col("place").min().cast(pl.Int64))
    parts = [pl.DataFrame(schema={**HUB_SCHEMA, "kind": pl.String(), "place": pl.Int64()})]
    unlisted, present = [], set()
    for kind in KINDS:
        entered = set(book.filter(pl.col("kind") == kind)["digest"])
        for path in stored_files(kind_folder(hub, kind)):
            digest = _digest(path.read_bytes())
            if digest not in entered:
                unlisted.append(path.relative_to(hub).as_posix())
                continue
            rows = read_forecast_file(path).with_columns(kind=pl.lit(kind))
            present |= set(rows.select("reference_date", "as_of", "model_id", "kind").unique().rows())
            parts.append(rows.join(first, on=["reference_date", "as_of", "model_id", "kind"], maintain_order="left"))
    missing = [row for row in first.sort("place").drop("place").rows() if row not in present]
    told = tuple(f"{model_id} for {day}, {kind}, as of {as_of}" for day, as_of, model_id, kind in missing)
    return Archive(pl.concat(parts), book.drop("place"), tuple(unlisted), told)


def is_ours(model_id: str) -> bool:
    """Whether a model is one of the product's, by the team in its name."""
    return model_id.split("-")[0] in OWN_TEAMS


def digest_of_text(text: str) -> str:
    """Return the digest under which the book knows a file's content."""
    return _digest(text.encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGEST]


def _kind_entered(book: pl.DataFrame, key: tuple[str, dt.date, dt.date], digest: str) -> RoundKind | None:
    model_id, reference_date, as_of = key
    same = book.filter(
        (pl.col("model_id") == model_id)
        & (pl.col("reference_date") == reference_date)
        & (pl.col("as_of") == as_of)
        & (pl.col("digest") == digest)
    )
    return next((kind for kind in KINDS if len(same) and same["kind"][0] == kind), None)


def _write(hub: Path, lines: list[Round], files: Mapping[Path, str]) -> None:
    """Write lines, then files."""
    try:
        if lines:
            _append(hub / _BOOK, lines)
        put_files(files)
    except OSError as error:
        raise EnvironmentRefused(
            f"{hub} must be a folder that can be written to, got: {error.strerror}. Free some space or choose another "
            "with --home, then run the command again."
        ) from error


def _line(key: tuple[str, dt.date, dt.date], digest: str, making: Making) -> Round:
    model_id, reference_date, as_of = key
    return Round(
        reference_date=reference_date,
        as_of=as_of,
        model_id=model_id,
        kind=making.kind,
        made_on=making.made_on,
        record_end=making.record_end,
        data_version=making.data_version,
        data_digest=making.data_digest,
        digest=digest,
        seed=making.seed,
        command=making.command,
    )


def _moved(path: Path, hub: Path, planned: RoundKind, entered: RoundKind) -> Path:
    return kind_folder(hub, entered) / path.relative_to(kind_folder(hub, planned))


def _append(book: Path, lines: list[Round]) -> None:
    """Add lines to the book, all or none: it is replaced by itself with the lines behind."""
    memory = io.StringIO()
    writer = csv.writer(memory, lineterminator="\n")
    if not book.exists():
        writer.writerow(ROUND_SCHEMA)
    for line in lines:
        values = [getattr(line, name) for name in ROUND_SCHEMA]
        writer.writerow(["" if value is None else value for value in values])
    held = book.read_bytes() if book.exists() else b""
    handle, name = tempfile.mkstemp(dir=book.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(held + memory.getvalue().encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(book)
    finally:
        Path(name).unlink(missing_ok=True)
