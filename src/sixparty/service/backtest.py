"""The backtest: what every model would have said at past origins, and how it fared."""

from __future__ import annotations

import calendar
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import Chronicle
from sixparty.compute import Key, Progress, SilentProgress
from sixparty.errors import DateRefused, UsageError
from sixparty.forecast import LAST_YEAR_SHARE, MODEL_ID, NB36_ID, TARGET_STRUCTURE, TARGETS, require_target
from sixparty.forecast.backtest import (
    FIRST_ORIGIN,
    LAST_ORIGIN,
    LevelModel,
    PastForecasts,
    is_monthly,
    joined,
    origin_dates,
)
from sixparty.forecast.backtest_tables import (
    hub_table,
    left_out_table,
    mean_scores,
    score_differences,
    scored_forecasts,
)
from sixparty.forecast.calibration import pit_table, reliability_table
from sixparty.forecast.reference import RIVALS
from sixparty.forecast.reference.optional import (
    EVERY_WEEKS,
    OPTIONAL_RIVALS,
    is_thirteenth,
    thirteenth_differences,
    thirteenth_scores,
)
from sixparty.periods import HORIZONS, parse_date, require_horizon, saturday_on_or_before
from sixparty.service.backtest_chunks import Chunk, RecordPlace, make_chunks, plan_chunks, read_chunk
from sixparty.service.files import write_whole
from sixparty.service.fits import WORKERS
from sixparty.service.home import Home
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer, to_json
from sixparty.service.runs import write_run
from sixparty.tension import CountPanel, count_panel

_STEPS = 5


@dataclass(frozen=True)
class BacktestSpec:
    """Which past forecasts to make and score.

    Parameters
    ----------
    first_origin, last_origin
        First and last month (``2012-01``) or day of the origins; None is January 2012, June 2025.
    until
        Last month or day whose events are looked up: windows that reach further are not scored. None is the record's
        end. Whoever chooses a model by its scores keeps the years of the final report out with it.
    is_monthly_only
        Forecast from the first Sunday of each month alone, not from every Sunday.
    targets, horizons, models
        Names of targets, windows in weeks and models; empty means all of them, but no optional rival.
    has_optional_rivals
        Run every optional rival too, at every 13th weekly origin, and score all models there beside them. An optional
        rival that is named in `models` is run in any case.
    rival
        The model from which every other one's difference is given; not an optional one.
    seed
        Whole number that every random draw follows from.
    data
        Folder with a chronicle's CSV files; None is the one installed, with the user's own rows.
    """

    first_origin: str | None = None
    last_origin: str | None = None
    until: str | None = None
    is_monthly_only: bool = False
    targets: tuple[str, ...] = ()
    horizons: tuple[int, ...] = ()
    models: tuple[str, ...] = ()
    has_optional_rivals: bool = False
    rival: str = NB36_ID
    seed: int = 1
    data: Path | None = None

    def days(self) -> list[dt.date]:
        """Return the reference dates of the origins.

        Raises
        ------
        DateRefused
            If a bound is no month and no day, or no origin lies between them.
        """
        first, last = self._bounds()
        days = [day for day in origin_dates(first, last) if is_monthly(day) or not self.is_monthly_only]
        if not days:
            raise DateRefused(f"last-origin must leave a Sunday after first-origin, got {first} and {last}.")
        return days

    def thirteenth_days(self) -> list[dt.date]:
        """Return the reference dates of the optional rivals' origins.

        Raises
        ------
        DateRefused
            If none lies between the bounds.
        """
        first, last = self._bounds()
        days = list(filter(is_thirteenth, origin_dates(first, last)))
        if not days:
            raise DateRefused(
                f"an optional rival needs an origin of its own, every {EVERY_WEEKS}th week, between first-origin and "
                f"last-origin, got {first} and {last}. Leave {EVERY_WEEKS} weeks between them."
            )
        return days

    def _bounds(self) -> tuple[dt.date, dt.date]:
        first = _bound(self.first_origin, "first-origin", is_last=False) if self.first_origin else FIRST_ORIGIN
        return first, _bound(self.last_origin, "last-origin", is_last=True) if self.last_origin else LAST_ORIGIN

    def last_saturday(self, chronicle: Chronicle) -> dt.date:
        """Return the last Saturday by which a window must have closed to be scored."""
        until = _bound(self.until, "until", is_last=True) if self.until else chronicle.coverage_end
        return saturday_on_or_before(min(until, chronicle.coverage_end))


@dataclass(frozen=True)
class MadeBacktest:
    """A backtest: the answer, its tables by name, and the files that hold them."""

    result: Result
    tables: Mapping[str, pl.DataFrame]
    files: tuple[Path, ...]


def own_models() -> dict[str, LevelModel]:
    """Return the product's own models by name."""
    return {MODEL_ID: LevelModel(MODEL_ID, dict(TARGET_STRUCTURE), shares=dict(LAST_YEAR_SHARE))}


def run_backtest(
    spec: BacktestSpec,
    *,
    home: Home,
    out: Path | None = None,
    progress: Progress | None = None,
    workers: int | None = None,
    variants: Sequence[LevelModel] = (),
) -> MadeBacktest:
    """Forecast from every origin with every model, score what is over, keep the run, and copy its files to `out`.

    Parameters
    ----------
    workers
        Processes side by side, two at most if None; the answer does not depend on it.
    variants
        Models of one's own to run beside the others.

    Raises
    ------
    UsageError, DateRefused
        If a name or a date of the specification cannot be meant.
    EnvironmentRefused
        If an optional rival needs a library that is not installed.
    ModelRefused
        If a forecast or a score cannot be computed; nothing is left out in silence.
    """
    listener, key = progress or SilentProgress(), Key.from_seed(spec.seed)
    days, targets, horizons, models = spec.days(), _targets(spec), _horizons(spec), _models(spec, variants)
    chronicle = open_record(spec.data, home=home.folder)
    panel = count_panel(chronicle, end=spec.last_saturday(chronicle))
    place = RecordPlace(spec.data, home.folder, chronicle.digest)
    # beside an optional rival all models are scored at its own origins
    has_optional = any(isinstance(model, str) and model in OPTIONAL_RIVALS for model in models)
    origins = sorted({*days, *spec.thirteenth_days()}) if has_optional else days
    chunks = plan_chunks(key, chronicle, models=models, targets=targets, days=origins, home=home)
    make_chunks(key, chunks, place=place, workers=workers or WORKERS, progress=listener)
    listener.start("scoring", _STEPS)
    forecasts = _read(key, chunks, place=place)
    listener.advance()
    tables = _tables(key, forecasts, panel, rival=spec.rival, horizons=horizons, days=days, listener=listener)
    result = _result(spec, chronicle, tables, forecasts=forecasts, days=days)
    files = _files(tables, result, forecasts)
    listener.advance()
    listener.finish()
    folder = write_run(home, "forecast backtest", result=result, files=files)
    copies = [write_whole(out / name, content) for name, content in files.items()] if out is not None else []
    return MadeBacktest(result, tables, tuple(copies or [folder / name for name in files]))


def _bound(text: str, name: str, *, is_last: bool) -> dt.date:
    """Read a day, or a month as its first or last day."""
    if len(text.strip()) != len("2012-01"):
        return parse_date(text, name=name)
    first = parse_date(f"{text.strip()}-01", name=name)
    return first.replace(day=calendar.monthrange(first.year, first.month)[1]) if is_last else first


def _targets(spec: BacktestSpec) -> tuple[str, ...]:
    return tuple(require_target(name).name for name in spec.targets) or tuple(TARGETS)


def _horizons(spec: BacktestSpec) -> tuple[int, ...]:
    return tuple(require_horizon(weeks) for weeks in spec.horizons) or HORIZONS


def _models(spec: BacktestSpec, variants: Sequence[LevelModel]) -> list[str | LevelModel]:
    own = own_models() | {variant.model_id: variant for variant in variants}
    known = [*own, *RIVALS]
    unknown = [name for name in (*spec.models, spec.rival) if name not in (*known, *OPTIONAL_RIVALS)]
    if unknown:
        raise UsageError(f"model must be one of {', '.join([*known, *OPTIONAL_RIVALS])}, got {', '.join(unknown)}.")
    if spec.rival in OPTIONAL_RIVALS:
        raise UsageError(f"rival must be one of {', '.join(known)}, which speak at every origin, got {spec.rival}.")
    chosen = [name for name in known if name in (*spec.models, spec.rival) or not spec.models]
    optional = [name for name in OPTIONAL_RIVALS if spec.has_optional_rivals or name in spec.models]
    for name in optional:
        OPTIONAL_RIVALS[name].require()
    return [own.get(name, name) for name in (*chosen, *optional)]


def _read(key: Key, chunks: Sequence[Chunk], *, place: RecordPlace) -> list[PastForecasts]:
    """Read every chunk; one whose file cannot be read is made again."""
    found = {chunk.path: read_chunk(chunk) for chunk in chunks}
    broken = [chunk for chunk in chunks if found[chunk.path] is None]
    for chunk in broken:
        chunk.path.unlink(missing_ok=True)
    make_chunks(key, broken, place=place, workers=1)
    again = {chunk.path: read_chunk(chunk) for chunk in broken}
    return joined(said for said in (found | again).values() if said is not None)


def _tables(
    key: Key,
    forecasts: Sequence[PastForecasts],
    panel: CountPanel,
    *,
    rival: str,
    horizons: tuple[int, ...],
    days: Sequence[dt.date],
    listener: Progress,
) -> dict[str, pl.DataFrame]:
    scored = scored_forecasts(key, forecasts, panel=panel).filter(pl.col("horizon").is_in(list(horizons)))
    listener.advance()
    is_optional = pl.col("model_id").is_in(list(OPTIONAL_RIVALS))
    asked = scored.filter(~is_optional & pl.col("reference_date").is_in(list(days)))
    beside = scored if scored.select(is_optional.any()).item() else None
    means = [mean_scores(asked)] + ([thirteenth_scores(beside)] if beside is not None else [])
    listener.advance()
    each_once = pl.concat([asked, scored.filter(is_optional)])
    tables = {
        "scores": pl.concat(means),
        "differences": _differences(key, asked, beside, rival),
        "reliability": reliability_table(each_once),
        "pit": pit_table(each_once),
        "left_out": left_out_table(forecasts, panel=panel).filter(pl.col("horizon").is_in(list(horizons))),
        "fits": _fits_table(forecasts),
        "forecasts": scored,
    }
    listener.advance()
    return tables


def _differences(key: Key, asked: pl.DataFrame, beside: pl.DataFrame | None, rival: str) -> pl.DataFrame:
    """Every model against the rival, and every model of ours against all; `beside` holds the optional rivals too."""
    pairs = _pairs(asked, rival)
    parts = [
        score_differences(key, asked, model_id=name, rivals=[other for one, other in pairs if one == name])
        for name in dict.fromkeys(name for name, _ in pairs)
    ]
    if beside is not None:
        parts.append(thirteenth_differences(key, beside, pairs=_pairs(beside, rival)))
    return pl.concat(parts, how="vertical_relaxed") if parts else pl.DataFrame()


def _pairs(scored: pl.DataFrame, rival: str) -> list[tuple[str, str]]:
    present = scored["model_id"].unique(maintain_order=True).to_list()
    own = [name for name in present if name not in RIVALS and name not in OPTIONAL_RIVALS]
    return [
        (name, other)
        for name in present
        for other in (rival, *(other for other in present if other != rival and name in own))
        if other != name and other in present
    ]


def _fits_table(forecasts: Iterable[PastForecasts]) -> pl.DataFrame:
    rows = [
        (
            said.model_id,
            fit.target,
            fit.reference_date,
            fit.diagnosis.method,
            fit.diagnosis.k_hat,
            fit.diagnosis.effective_draws,
            fit.is_stand_in,
        )
        for said in forecasts
        for fit in said.fits
    ]
    columns = ["model_id", "target", "reference_date", "method", "k_hat", "effective_draws", "is_stand_in"]
    return pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)


def _result(
    spec: BacktestSpec,
    chronicle: Chronicle,
    tables: Mapping[str, pl.DataFrame],
    *,
    forecasts: Sequence[PastForecasts],
    days: Sequence[dt.date],
) -> Result:
    scores = tables["scores"].filter(~pl.col("period").str.contains(r"^\d{4}$"))
    found: dict[str, Any] = {
        "origins": {
            "first": days[0],
            "last": days[-1],
            "weekly": 0 if spec.is_monthly_only else len(days),
            "monthly": sum(map(is_monthly, days)),
            "thirteenth": len(_optional_days(forecasts)),
        },
        "dates": _dates(chronicle),
        "models": {name: _label(name) for name in dict.fromkeys(said.model_id for said in forecasts)},
        "rival_libraries": _libraries(forecasts),
        "scores": scores.to_dicts(),
        "differences": tables["differences"].to_dicts(),
        "left_out": tables["left_out"].filter(pl.col("not_over") > 0).to_dicts(),
        "refitted": len(tables["fits"]),
        "stand_ins": int(tables["fits"]["is_stand_in"].sum()) if len(tables["fits"]) else 0,
    }
    result = answer("forecast backtest", spec, found, record=chronicle, seed=spec.seed, warnings=_warnings(found))
    named = f"{days[-1]}-{result.provenance.run_id}"
    return replace(result, provenance=replace(result.provenance, run_id=named))


def _optional_days(forecasts: Iterable[PastForecasts]) -> set[dt.date]:
    return {day for said in forecasts if said.model_id in OPTIONAL_RIVALS for day in said.reference_dates}


def _libraries(forecasts: Iterable[PastForecasts]) -> dict[str, str]:
    """Versions of what optional rivals need beyond the default install."""
    names = dict.fromkeys(said.model_id for said in forecasts if said.model_id in OPTIONAL_RIVALS)
    return {library: version for name in names for library, version in OPTIONAL_RIVALS[name].versions().items()}


def _label(model_id: str) -> str:
    if model_id in OPTIONAL_RIVALS:
        return OPTIONAL_RIVALS[model_id].label
    return RIVALS[model_id].label if model_id in RIVALS else "level with excitation and exposures"


def _dates(chronicle: Chronicle) -> dict[str, Any]:
    """How many of the rows that are counted have a day of knowledge by rule: then a look back is retrospective."""
    basis = pl.concat([chronicle["events"]["known_basis"], chronicle["spells"]["known_basis"]])
    by_rule = int((basis == "rule").sum())
    return {"basis": "retrospective" if by_rule else "as known", "rows": len(basis), "rows_by_rule": by_rule}


def _warnings(found: Mapping[str, Any]) -> tuple[str, ...]:
    told = []
    if found["dates"]["rows_by_rule"]:
        told.append(
            f"retrospective: {found['dates']['rows_by_rule']} of {found['dates']['rows']} rows carry the day on which "
            "they were known by rule, not from a source"
        )
    if found["stand_ins"]:
        told.append(
            f"{found['stand_ins']} of {found['refitted']} fits were refused; the fit of the quarter before served on"
        )
    return tuple(told)


def _files(
    tables: Mapping[str, pl.DataFrame], result: Result, forecasts: Sequence[PastForecasts]
) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {"backtest.json": to_json(result.document())}
    for name, table in tables.items():
        files[f"{name}.parquet"] = _parquet(table)
        if name != "forecasts":
            files[f"{name}.csv"] = table.write_csv()
    # hub rows are those of the monthly origins, at which optional rivals do not stand
    for model_id in dict.fromkeys(said.model_id for said in forecasts if said.model_id not in OPTIONAL_RIVALS):
        rows = hub_table(said for said in forecasts if said.model_id == model_id)
        files[f"hub-{model_id}.parquet"] = _parquet(rows)
    return files


def _parquet(table: pl.DataFrame) -> bytes:
    memory = io.BytesIO()
    table.write_parquet(memory)
    return memory.getvalue()
