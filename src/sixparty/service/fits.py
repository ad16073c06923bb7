"""Fit the modelled marks and find where they stand, or take both from the cache."""

from __future__ import annotations

import io
import json
import logging
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sixparty.compute import Key, Progress, run_tasks
from sixparty.excitation import (
    FitDiagnosis,
    MarkData,
    MarkFit,
    MarkPriors,
    MarkState,
    MarkStructure,
    default_priors,
    fit_mark,
)
from sixparty.forecast import TARGET_STRUCTURE, PanelState, condition_panel, mark_data
from sixparty.service.files import sha256, write_whole
from sixparty.service.home import Home
from sixparty.service.result import digest_of, library_versions
from sixparty.tension import CountPanel

FIT_DRAWS = 1000
WORKERS = min(2, os.cpu_count() or 1)
_STAGE_VERSION = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _FitTask:
    key: Key
    mark: str
    data: MarkData
    structure: MarkStructure
    priors: MarkPriors
    path: Path


def fit_marks(key: Key, panel: CountPanel, *, home: Home, progress: Progress | None = None) -> dict[str, MarkFit]:
    """Fit every modelled mark to the panel, two at a time; fits of the same rows, key and versions are reused.

    Raises
    ------
    ModelRefused
        If a mark's model fails its own limits by both ways of fitting.
    """
    tasks = [_task(key, panel, mark, home) for mark in TARGET_STRUCTURE]
    kept = {task.mark: fit for task in tasks if (fit := _from_cache(task)) is not None}
    missing = [task for task in tasks if task.mark not in kept]
    made = run_tasks(_fitted, missing, workers=WORKERS, label="fitting", progress=progress) if missing else []
    kept |= {task.mark: fit for task, fit in zip(missing, made, strict=True)}
    return {mark: kept[mark] for mark in TARGET_STRUCTURE}


def _task(key: Key, panel: CountPanel, mark: str, home: Home) -> _FitTask:
    structure = TARGET_STRUCTURE[mark]
    data, priors = mark_data(panel, mark, structure=structure), default_priors(structure)
    own_key = key.child("fit", mark)
    arrays = (data.counts, data.link_counts, data.exposures, data.year_fraction, data.covered)
    rows = [sha256(np.ascontiguousarray(array).tobytes()) for array in arrays]
    digest = digest_of(
        "fit", _STAGE_VERSION, structure, priors, rows, [own_key.high, own_key.low], FIT_DRAWS, library_versions()
    )
    return _FitTask(own_key, mark, data, structure, priors, home.cache / "fits" / f"{mark}-{digest}.npz")


def _fitted(task: _FitTask) -> MarkFit:
    fit = fit_mark(task.key, task.data, structure=task.structure, priors=task.priors, draws=FIT_DRAWS)
    _to_cache(task, fit)
    return fit


def panel_states(
    key: Key, panel: CountPanel, *, fits: Mapping[str, MarkFit], ends: tuple[int, ...], home: Home
) -> list[PanelState]:
    """Return where the marks stood after each number of periods in `ends`; kept like the fits."""
    tasks = {mark: _task(key, panel, mark, home) for mark in fits}
    draws = [sha256(np.ascontiguousarray(fit.draws).tobytes()) for fit in fits.values()]
    digest = digest_of("states", _STAGE_VERSION, [task.path.name for task in tasks.values()], draws, ends)
    path = home.cache / "states" / f"{digest}.npz"
    stored = read_arrays(path)
    if stored is not None:
        return [_unpacked(stored, tuple(fits), place) for place in range(len(ends))]
    states = condition_panel(key, panel, fits=fits, ends=ends, workers=WORKERS)
    packed = {name: array for place, state in enumerate(states) for name, array in _packed(state, place).items()}
    write_arrays(path, packed)
    return states


def _packed(state: PanelState, place: int) -> dict[str, np.ndarray]:
    found = {}
    for mark, own in state.items():
        found[f"{mark}.{place}.level"] = own.level
        found[f"{mark}.{place}.memory"] = own.memory
        found[f"{mark}.{place}.periods"] = np.array(own.periods_into_level_step)
    return found


def _unpacked(stored: Mapping[str, np.ndarray], marks: tuple[str, ...], place: int) -> PanelState:
    return {
        mark: MarkState(
            level=stored[f"{mark}.{place}.level"],
            memory=stored[f"{mark}.{place}.memory"],
            periods_into_level_step=int(stored[f"{mark}.{place}.periods"]),
        )
        for mark in marks
    }


def _to_cache(task: _FitTask, fit: MarkFit) -> None:
    facts = {
        "parameter_names": fit.parameter_names,
        "log_evidence": fit.log_evidence,
        "diagnosis": asdict(fit.diagnosis),
    }
    write_arrays(task.path, {"draws": fit.draws, "facts": np.array(json.dumps(facts))})


def _from_cache(task: _FitTask) -> MarkFit | None:
    stored = read_arrays(task.path)
    if stored is None:
        return None
    facts = json.loads(str(stored["facts"]))
    return MarkFit(
        structure=task.structure,
        priors=task.priors,
        parameter_names=tuple(facts["parameter_names"]),
        draws=stored["draws"],
        log_evidence=facts["log_evidence"],
        diagnosis=FitDiagnosis(**facts["diagnosis"]),
    )


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays by name into one cache file, whole or not at all."""
    memory = io.BytesIO()
    np.savez(memory, **dict(arrays))  # type: ignore[arg-type]
    write_whole(path, memory.getvalue())


def read_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """Return what a cache file holds; None if there is none or it cannot be read."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        _log.warning("%s cannot be read (%s) and is made again", path.name, error)
        return None
