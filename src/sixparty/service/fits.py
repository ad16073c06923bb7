"""Fit the modelled marks, or take the fits from the cache."""

from __future__ import annotations

import io
import json
import logging
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from sixparty.compute import Key, Progress, run_tasks
from sixparty.excitation import FitDiagnosis, MarkData, MarkFit, MarkPriors, MarkStructure, default_priors, fit_mark
from sixparty.forecast import TARGET_STRUCTURE, mark_data
from sixparty.service.files import sha256, write_whole
from sixparty.service.home import Home
from sixparty.service.result import digest_of, library_versions
from sixparty.tension import CountPanel

FIT_DRAWS = 1000
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
    workers = min(2, os.cpu_count() or 1)
    made = run_tasks(_fitted, missing, workers=workers, label="fitting", progress=progress) if missing else []
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


def _to_cache(task: _FitTask, fit: MarkFit) -> None:
    facts = {
        "parameter_names": fit.parameter_names,
        "log_evidence": fit.log_evidence,
        "diagnosis": asdict(fit.diagnosis),
    }
    memory = io.BytesIO()
    np.savez(memory, draws=fit.draws, facts=np.array(json.dumps(facts)))
    write_whole(task.path, memory.getvalue())


def _from_cache(task: _FitTask) -> MarkFit | None:
    if not task.path.exists():
        return None
    try:
        with np.load(task.path, allow_pickle=False) as stored:
            draws, facts = stored["draws"], json.loads(str(stored["facts"]))
        diagnosis = FitDiagnosis(**facts["diagnosis"])
        names = tuple(facts["parameter_names"])
        return MarkFit(task.structure, task.priors, names, draws, facts["log_evidence"], diagnosis)
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("%s cannot be read (%s); the mark is fitted again", task.path.name, error)
        return None
