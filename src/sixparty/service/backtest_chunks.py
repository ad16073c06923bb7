"""Forecasts of a backtest in chunks of one model, target and year: made side by side, kept whole, read again."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sixparty.chronicle import Chronicle, as_known
from sixparty.compute import Key, Progress, run_tasks
from sixparty.excitation import FitDiagnosis, default_priors
from sixparty.forecast.backtest import (
    FitRecord,
    LevelModel,
    Origin,
    PastForecasts,
    packed,
    rival_forecasts,
    unpacked,
)
from sixparty.forecast.reference import RIVALS
from sixparty.forecast.reference.optional import OPTIONAL_RIVALS, is_thirteenth
from sixparty.forecast.targets import TARGETS
from sixparty.service.clock import Dates
from sixparty.service.files import sha256
from sixparty.service.fits import read_arrays, write_arrays
from sixparty.service.home import Home, compiled_code_digest
from sixparty.service.look import look_at
from sixparty.service.record import open_record
from sixparty.service.result import digest_of, library_versions

_STAGE_VERSION = 1
_TABLES_READ = ("events", "spells", "coverage")
_YEARS_HELD = 2


@dataclass(frozen=True)
class RecordPlace:
    """Where the record of a backtest lies, so that a process of its own can open it."""

    data: Path | None
    home: Path
    digest: str


@dataclass(frozen=True)
class Chunk:
    """What one model says of one target at the origins of one year, and the file that keeps it."""

    model: str | LevelModel
    target: str
    days: tuple[dt.date, ...]
    path: Path

    @property
    def model_id(self) -> str:
        """The model's name in hub tables."""
        return self.model if isinstance(self.model, str) else self.model.model_id


@dataclass(frozen=True)
class _Task:
    chunks: tuple[Chunk, ...]
    key: Key
    place: RecordPlace


def plan_chunks(
    key: Key,
    chronicle: Chronicle,
    *,
    models: Sequence[str | LevelModel],
    targets: Sequence[str],
    days: Sequence[dt.date],
    home: Home,
) -> list[Chunk]:
    """List the chunks of a backtest, a year at a time.

    A chunk's file is named by what decides its content: the rows known at the year's last origin, model, target,
    origins, key, and the versions of the stage and of the libraries.
    """
    chunks = []
    for year, own in itertools.groupby(days, key=lambda day: _known(day).year):
        year_days = tuple(own)
        rows = _rows_digest(as_known(chronicle, _known(year_days[-1])))
        for model, target in itertools.product(models, targets):
            own_days = tuple(filter(is_thirteenth, year_days)) if _is_optional(model) else year_days
            if not own_days or not _answers(model, target):
                continue
            shared = (rows, [key.high, key.low], [day.isoformat() for day in own_days], library_versions())
            digest = digest_of("backtest", _STAGE_VERSION, _definition(model, target), target, *shared)
            model_id = model if isinstance(model, str) else model.model_id
            path = home.cache / "backtest" / model_id / f"{target}-{year}-{digest}.npz"
            chunks.append(Chunk(model, target, own_days, path))
    return chunks


def make_chunks(
    key: Key, chunks: Sequence[Chunk], *, place: RecordPlace, workers: int, progress: Progress | None = None
) -> int:
    """Make the chunks that are not kept yet, in processes side by side; return how many that were.

    Each file is written whole as soon as its chunk is done. Broken off, a backtest goes on from there.
    """
    # a process to a core: threads of linear algebra inside them would take ten times the work in waiting
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    missing = [chunk for chunk in chunks if not chunk.path.exists()]
    tasks = [_Task(own, key, place) for own in _shared_out(missing)]
    if tasks:
        run_tasks(_made, tasks, workers=workers, kind="processes", label="forecasting from the past", progress=progress)
    return len(missing)


def read_chunk(chunk: Chunk) -> PastForecasts | None:
    """Return what a chunk's file holds; None if there is none or it cannot be read."""
    stored = read_arrays(chunk.path)
    if stored is None:
        return None
    fits = tuple(_fit_record(row) for row in json.loads(str(stored["fits"])))
    return unpacked(stored, model_id=chunk.model_id, target=chunk.target, fits=fits)


def _known(day: dt.date) -> dt.date:
    """The day on which the events up to a reference date are known."""
    return day + dt.timedelta(days=1)


def _is_optional(model: str | LevelModel) -> bool:
    return isinstance(model, str) and model in OPTIONAL_RIVALS


def _answers(model: str | LevelModel, target: str) -> bool:
    if isinstance(model, LevelModel):
        return target in model.structures
    return TARGETS[target].is_modelled or not (_is_optional(model) or RIVALS[model].is_fitted)


def _definition(model: str | LevelModel, target: str) -> list[object]:
    """What decides a model's forecasts of a target beside the rows: name, structures, priors, compiled code."""
    if isinstance(model, str):
        return [model, OPTIONAL_RIVALS[model].versions()] if _is_optional(model) else [model]
    structures = [model.structures[mark] for mark in model.marks(target)]
    priors = [default_priors(structure) for structure in structures]
    pooled = [model.shares[target]] if model.shares.get(target) else []
    return [model.model_id, model.draws, model.futures, structures, priors, *pooled, compiled_code_digest()]


def _rows_digest(known: Chronicle) -> str:
    """Digest of the rows that weekly counts and exposures are made of."""
    return sha256("".join(known[name].write_csv() for name in _TABLES_READ).encode())


def _shared_out(chunks: Sequence[Chunk]) -> list[tuple[Chunk, ...]]:
    """Put the rivals' chunks of a year together, for they take little time; every other chunk stands alone."""
    tasks: list[tuple[Chunk, ...]] = []
    for _, own in itertools.groupby(chunks, key=lambda chunk: chunk.days):
        year = list(own)
        rivals = tuple(chunk for chunk in year if isinstance(chunk.model, str))
        tasks += [(chunk,) for chunk in year if not isinstance(chunk.model, str)]
        tasks += [rivals] if rivals else []
    return tasks


def _made(task: _Task) -> None:
    if multiprocessing.parent_process() is not None:
        # Ctrl-C reaches every process: this one ends the task it is at, so that nothing is lost
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    for chunk in task.chunks:
        said = _said(task.key, chunk, origins=_origins(task.place, chunk.days))
        fits = json.dumps([_fit_row(fit) for fit in said.fits])
        write_arrays(chunk.path, packed(said) | {"fits": np.array(fits)})


def _said(key: Key, chunk: Chunk, *, origins: Sequence[Origin]) -> PastForecasts:
    if isinstance(chunk.model, LevelModel):
        return chunk.model.forecasts(key, target=chunk.target, origins=origins)
    if chunk.model in OPTIONAL_RIVALS:
        return OPTIONAL_RIVALS[chunk.model].forecasts(key, target=chunk.target, origins=origins)
    return rival_forecasts(key, RIVALS[chunk.model], target=chunk.target, origins=origins)


@lru_cache(maxsize=1)
def _record(place: RecordPlace) -> Chronicle:
    return open_record(place.data, home=place.home)


@lru_cache(maxsize=_YEARS_HELD)
def _origins(place: RecordPlace, days: tuple[dt.date, ...]) -> tuple[Origin, ...]:
    """What was known at each origin, by the same look at the record as an issued forecast has."""
    chronicle, found = _record(place), []
    for day in days:
        look = look_at(chronicle, Dates(_known(day), day, chronicle.coverage_end))
        found.append(Origin(day, look.panel, look.exposures, look.leader_since))
    return tuple(found)


def _fit_row(fit: FitRecord) -> dict[str, Any]:
    return asdict(fit) | {"reference_date": fit.reference_date.isoformat()}


def _fit_record(row: Mapping[str, Any]) -> FitRecord:
    return FitRecord(
        target=row["target"],
        reference_date=dt.date.fromisoformat(row["reference_date"]),
        diagnosis=FitDiagnosis(**row["diagnosis"]),
        is_stand_in=row["is_stand_in"],
    )
