"""Score what the archive holds against what came since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.forecast.archive_scores import (
    archive_differences,
    archive_means,
    first_answers,
    scored_archive,
    written_laws,
)
from sixparty.forecast.resolution import read_rulings, resolve_questions
from sixparty.forecast.rounds import KINDS, Archive, read_archive
from sixparty.forecast.targets import require_target
from sixparty.periods import parse_date, require_horizon
from sixparty.service.files import write_whole
from sixparty.service.home import Home
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer

_QUESTION = ["target", "horizon", "reference_date"]
_STATES = ("open", "resolved", "void")
_RULINGS = "voids.csv"


@dataclass(frozen=True)
class ScoreSpec:
    """Which archived forecasts to score.

    Parameters
    ----------
    targets, horizons, models, kinds
        Names of targets, windows in weeks, models, and kinds of round; empty means all of them.
    until
        Last day that is looked up: windows that close later count as open. None is the record's end.
    seed
        Whole number that the randomised PIT and the intervals follow from.
    data
        Folder with a chronicle's CSV files; None is the one installed, with the user's own rows.
    """

    targets: tuple[str, ...] = ()
    horizons: tuple[int, ...] = ()
    models: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    until: str | None = None
    seed: int = 1
    data: Path | None = None


@dataclass(frozen=True)
class MadeScores:
    """Scores: the answer, its tables by name, and the files that hold them where a folder was named."""

    result: Result
    tables: Mapping[str, pl.DataFrame]
    files: tuple[Path, ...] = ()


def score_archive(spec: ScoreSpec, *, home: Home, out: Path | None = None) -> MadeScores:
    """Find what came of every archived question, score the forecasts whose windows are over, and count the rest.

    Issued, late, backfilled and after-seeing rounds stand in lines of their own; no mean holds two of them.

    Raises
    ------
    UsageError, DateRefused
        If a name or a date of the specification cannot be meant.
    FileRefused
        If a file of the archive cannot be read.
    ModelRefused
        If a score cannot be computed; nothing is left out in silence.
    """
    _require_names(spec)
    key, until = Key.from_seed(spec.seed), parse_date(spec.until, name="until") if spec.until else None
    chronicle = open_record(spec.data, home=home.folder)
    archive = read_archive(home.hub)
    asked = _asked(spec, archive.forecasts)
    answers = first_answers(asked)
    questions = answers.select(_QUESTION).unique(maintain_order=True)
    resolved = resolve_questions(chronicle, questions, rulings=read_rulings(home.hub / _RULINGS), until=until)
    scored = scored_archive(key, written_laws(answers), resolved)
    tables = _tables(key, answers, resolved, scored=scored, models=spec.models)
    found = _found(spec, archive, tables, asked=asked) | {"record_end": chronicle.coverage_end, "until": until}
    warnings = _warnings(archive, resolved)
    result = answer("forecast score", spec, found, record=chronicle, seed=spec.seed, warnings=warnings)
    files = [write_whole(out / f"{name}.csv", table.write_csv()) for name, table in tables.items()] if out else []
    return MadeScores(result, tables, tuple(files))


def _require_names(spec: ScoreSpec) -> None:
    for name in spec.targets:
        require_target(name)
    for weeks in spec.horizons:
        require_horizon(weeks)
    unknown = [kind for kind in spec.kinds if kind not in KINDS]
    if unknown:
        raise UsageError(f"kind must be one of {', '.join(KINDS)}, got {', '.join(unknown)}.")


def _asked(spec: ScoreSpec, forecasts: pl.DataFrame) -> pl.DataFrame:
    """The rows asked for; the models are chosen later, since the plain rate is needed beside each."""
    known = forecasts["model_id"].unique(maintain_order=True).to_list()
    unknown = [name for name in spec.models if name not in known]
    if unknown:
        there = ", ".join(known) or "none so far"
        raise UsageError(f"model must be one that the archive holds ({there}), got {', '.join(unknown)}.")
    for column, wanted in (("target", spec.targets), ("horizon", spec.horizons), ("kind", spec.kinds)):
        forecasts = forecasts.filter(pl.col(column).is_in(list(wanted))) if wanted else forecasts
    return forecasts


def _tables(
    key: Key, answers: pl.DataFrame, resolved: pl.DataFrame, *, scored: pl.DataFrame, models: tuple[str, ...]
) -> dict[str, pl.DataFrame]:
    def chosen(table: pl.DataFrame) -> pl.DataFrame:
        return table.filter(pl.col("model_id").is_in(list(models))) if models else table

    cells = chosen(answers).select("kind", "model_id", *_QUESTION).unique(maintain_order=True)
    tables = {"questions": cells.join(resolved, on=_QUESTION, maintain_order="left")}
    kept = chosen(scored) if len(scored) else scored
    if len(kept):
        tables["scores"] = archive_means(kept)
        tables["differences"] = chosen(archive_differences(key, scored))
        tables["forecasts"] = kept.drop("below", "up_to")
    return tables


def _found(
    spec: ScoreSpec, archive: Archive, tables: Mapping[str, pl.DataFrame], *, asked: pl.DataFrame
) -> dict[str, Any]:
    questions = tables["questions"]
    still_open = questions.filter(pl.col("state") == "open")
    void = (
        questions.filter(pl.col("state") == "void").select(*_QUESTION, "closes", "reason").unique(maintain_order=True)
    )
    return {
        "rounds": _rounds(archive.rounds),
        "coverage": _counted(questions, ["kind"]),
        "coverage_by_question": _counted(questions, ["kind", "target", "horizon"]),
        "asked_again": _asked_again(spec, asked, questions),
        "next_close": still_open["closes"].min() if len(still_open) else None,
        "scores": tables["scores"].to_dicts() if "scores" in tables else [],
        "differences": tables["differences"].to_dicts() if "differences" in tables else [],
        "void": void.to_dicts(),
        "not_entered": list(archive.unlisted),
        "without_file": list(archive.missing),
    }


def _rounds(book: pl.DataFrame) -> list[dict[str, Any]]:
    """Rounds by kind: how many reference dates, from when to when."""
    days = pl.col("reference_date")
    counted = book.group_by("kind").agg(rounds=days.n_unique(), first=days.min(), last=days.max())
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(counted.to_dicts(), key=lambda row: order[row["kind"]])


def _counted(questions: pl.DataFrame, by: list[str]) -> list[dict[str, Any]]:
    """Questions asked, open, resolved and void, whoever answered them, and how many answers there are."""
    answers = questions.group_by(by).agg(answers=pl.len())
    asked = questions.select("kind", *_QUESTION, "state").unique()
    counts = [(pl.col("state") == state).sum().alias(state) for state in _STATES]
    return asked.group_by(by).agg(pl.len().alias("asked"), *counts).join(answers, on=by).sort(by).to_dicts()


def _asked_again(spec: ScoreSpec, asked: pl.DataFrame, questions: pl.DataFrame) -> int:
    """Answers to a question that the same model had answered before in a round of that kind: they are not scored."""
    rows = asked.filter(pl.col("model_id").is_in(list(spec.models))) if spec.models else asked
    return len(rows.select("kind", "model_id", *_QUESTION, "place").unique()) - len(questions)


def _warnings(archive: Archive, resolved: pl.DataFrame) -> tuple[str, ...]:
    told = []
    if archive.unlisted:
        told.append(
            f"{len(archive.unlisted)} files have no line in rounds.csv that fits what they hold, and are not scored: "
            f"{', '.join(archive.unlisted)}"
        )
    if archive.missing:
        told.append(f"{len(archive.missing)} entered forecasts have no file: {'; '.join(archive.missing)}")
    early = resolved.filter(pl.col("is_final").not_())
    if len(early):
        told.append(
            f"{len(early)} questions are resolved before their 28 days are over: rows that become known until then "
            "still count"
        )
    return tuple(told)
