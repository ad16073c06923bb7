"""Enter a reader's own figures before ours are shown, to be scored in the same table."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from sixparty.chronicle import Chronicle
from sixparty.errors import InputRefused, UsageError
from sixparty.forecast.own_figures import (
    OwnRound,
    law_from_quantiles,
    parse_quantiles,
    read_figures,
    read_probabilities,
    sheet,
)
from sixparty.forecast.rounds import enter_round, is_ours, read_rounds
from sixparty.forecast.targets import TARGETS, require_target
from sixparty.periods import require_horizon
from sixparty.service.clock import Dates, resolve_dates
from sixparty.service.files import write_whole
from sixparty.service.forecast import kind_of_files, kind_warning, making_of, record_end
from sixparty.service.home import Home
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer
from sixparty.service.runs import list_runs

OWN_MODEL_ID = "reader-own"
"""The name under which figures stand where none is given."""

_SHOWN = "shown.tsv"


@dataclass(frozen=True)
class OwnSpec:
    """Which figures of one's own to enter, for the latest reference date that the record allows.

    Parameters
    ----------
    target, horizon
        The question; None with `file`.
    chance
        Chance of at least one, between 0 and 1.
    quantiles
        Quantiles of the count, as ``0.05=0,0.5=2,0.95=9``.
    pmf
        CSV file with `count` and `chance`.
    file
        A filled sheet, or a whole hub file.
    model_id
        Name under which the figures stand, as team-model.
    is_after_seeing
        Whether they are entered after ours were seen; they are then kept and scored apart.
    """

    target: str | None = None
    horizon: int | None = None
    chance: float | None = None
    quantiles: str | None = None
    pmf: Path | None = None
    file: Path | None = None
    model_id: str = OWN_MODEL_ID
    is_after_seeing: bool = False

    def command(self) -> str:
        """Return the command that enters the same figures."""
        words = ["sixparty", "forecast", "own", *([self.target] if self.target else [])]
        given = {"horizon": self.horizon, "chance": self.chance, "quantiles": self.quantiles, "pmf": self.pmf}
        for name, value in (given | {"file": self.file, "model-id": self.model_id}).items():
            words += [f"--{name}", str(value)] if value is not None else []
        return shlex.join([*words, *(["--after-seeing"] if self.is_after_seeing else [])])


def enter_own(spec: OwnSpec, *, home: Home) -> Result:
    """Enter figures of one's own as hub rows; what ours say is not told.

    Raises
    ------
    UsageError
        If the figures cannot be meant.
    InputRefused
        If ours have been shown for the reference date, the record already reaches into the window, or other figures
        stand under the same name for the same question.
    """
    chronicle = open_record(home=home.folder)
    dates = resolve_dates(chronicle, None)
    entry = OwnRound(dates.reference_date, min(dates.as_of, dates.coverage_end), spec.model_id)
    table = _table(spec, entry)
    making = making_of(chronicle, dates.reference_date, seed=None, command=spec.command())
    if making.kind == "backfilled":
        raise _reaches_further(chronicle, dates)
    if spec.is_after_seeing:
        making = replace(making, kind="after_seeing")
    else:
        _refuse_shown(home, dates)
    paths = enter_round(home.hub, table, making, is_growing=True)
    kind = kind_of_files(home.hub, paths)
    found = {
        "reference_date": dates.reference_date,
        "as_of": entry.as_of,
        "kind": kind,
        "figures": _told(table),
        "files": [str(path.relative_to(home.folder)) for path in paths],
    }
    told = kind_warning(kind, dates.reference_date)
    return answer("forecast own", spec, found, record=chronicle, command=spec.command(), warnings=told)


def own_sheet(*, home: Home, targets: tuple[str, ...] = (), horizons: tuple[int, ...] = ()) -> pl.DataFrame:
    """Return the sheet to fill in for the latest reference date: questions and empty cells, no figure of ours."""
    for name in targets:
        require_target(name)
    for weeks in horizons:
        require_horizon(weeks)
    dates = resolve_dates(open_record(home=home.folder), None)
    return sheet(dates.reference_date, targets=targets, horizons=horizons)


def note_shown(home: Home, reference_date: dt.date, *, command: str) -> None:
    """Remember that `command` has shown our forecasts for `reference_date`, where it leaves neither round nor run."""
    path = home.hub / _SHOWN
    held = path.read_text(encoding="utf-8").splitlines() if path.exists() else ["reference_date\tcommand"]
    line = f"{reference_date}\t{command}"
    if line not in held:
        write_whole(path, "\n".join([*held, line, ""]))


def _table(spec: OwnSpec, entry: OwnRound) -> pl.DataFrame:
    given = [name for name in ("chance", "quantiles", "pmf", "file") if getattr(spec, name) is not None]
    if len(given) != 1:
        came = " and ".join(given) or "none"
        raise UsageError(f"own needs one of --chance, --quantiles, --pmf and --file, got {came}.")
    if spec.file is not None:
        return read_figures(spec.file, entry)
    if spec.target is None or spec.horizon is None:
        raise UsageError("own needs a TARGET and a --horizon beside a figure, got one of them or none.")
    if spec.chance is not None:
        return entry.chance_rows(spec.target, require_horizon(spec.horizon), chance=spec.chance)
    if spec.pmf is not None:
        law = read_probabilities(spec.pmf)
    else:
        law = law_from_quantiles(parse_quantiles(spec.quantiles or ""))
    return entry.law_rows(spec.target, require_horizon(spec.horizon), law=law)


def _refuse_shown(home: Home, dates: Dates) -> None:
    shown = _shown_by(home, dates)
    if shown is not None:
        raise InputRefused(
            f"figures of one's own must be entered before ours are shown, got them after `{shown}` for "
            f"{dates.reference_date} or later. Enter them with --after-seeing: they are then scored apart."
        )


def _shown_by(home: Home, dates: Dates) -> str | None:
    """The command that first showed our forecasts for the reference date, or a later one, from this home."""
    book = read_rounds(home.hub).filter(pl.col("reference_date") >= dates.reference_date)
    ours = [command for model_id, command in book.select("model_id", "command").iter_rows() if is_ours(model_id)]
    day = dates.reference_date.isoformat()
    ours += [run.command for run in reversed(list_runs(home)) if run.reference_date >= day]
    ours += [command for noted, command in _noted(home) if noted >= day]
    return ours[0] if ours else None


def _noted(home: Home) -> list[tuple[str, str]]:
    path = home.hub / _SHOWN
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
    return [(day, command) for day, _, command in (line.partition("\t") for line in lines)]


def _reaches_further(chronicle: Chronicle, dates: Dates) -> InputRefused:
    return InputRefused(
        f"figures of one's own must be entered before their window is on record, got a record up to "
        f"{record_end(chronicle)} for the reference date {dates.reference_date}. Move the coverage on to the rows that "
        "you have added; the next reference date follows."
    )


def _told(table: pl.DataFrame) -> list[dict[str, object]]:
    """What was entered, a line a question: the chance of any, and what it will be scored by."""
    none = table.filter((pl.col("output_type") == "pmf") & (pl.col("output_type_id") == "0"))
    categories = table.filter(pl.col("output_type") == "pmf").group_by("model_id", "target", "horizon").len()
    lines = none.join(categories, on=["model_id", "target", "horizon"], maintain_order="left")
    return [
        {
            "model_id": row["model_id"],
            "target": row["target"],
            "horizon": row["horizon"],
            "closes": row["target_end_date"],
            "chance": round(1 - row["value"], 9),
            "scored_by": "brier score" if row["len"] == 2 and TARGETS[row["target"]].kind == "count" else "every score",
        }
        for row in lines.iter_rows(named=True)
    ]
