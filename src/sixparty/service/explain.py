"""Why a forecast moved, where its number comes from, and what would move it most."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from jaxtyping import Int

from sixparty.chronicle import Chronicle
from sixparty.compute import Key, Progress
from sixparty.errors import DateRefused
from sixparty.excitation import MarkFit
from sixparty.forecast import (
    BASE_RATE_ID,
    LAST_YEAR_SHARE,
    MODEL_ID,
    WATCH_WEEKS,
    Observation,
    PanelState,
    Standpoint,
    Target,
    base_rate_observations,
    explain_base_rate,
    explain_change,
    feeding_marks,
    observations,
    rate_sources,
    require_target,
)
from sixparty.forecast.rounds import KINDS, read_archive
from sixparty.periods import HORIZONS, parse_date, require_horizon, require_saturday, window_end
from sixparty.service.clock import Dates, resolve_dates
from sixparty.service.fits import WORKERS, fit_marks, panel_states
from sixparty.service.home import Home
from sixparty.service.look import Look, look_at
from sixparty.service.outlook import FUTURES
from sixparty.service.own import note_shown
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer
from sixparty.tension import CountPanel, future_exposures

_KNOWN_AFTER = dt.timedelta(days=2)
_RANGE_TARGETS = ("weapons_test_days", "ballistic_days", "grey_zone_days")


@dataclass(frozen=True)
class ExplainSpec:
    """Which forecast to explain, and since when.

    Parameters
    ----------
    target
        Name of the target.
    as_of
        Explain the forecast by what was known on this day; None is the record's end.
    since
        The earlier reference date, a Saturday; None is a week before.
    horizon
        Length of the window in weeks.
    """

    target: str
    as_of: str | None = None
    since: str | None = None
    horizon: int = 13
    seed: int = 1

    def command(self) -> str:
        """Return the command that asks the same."""
        words = ["sixparty", "forecast", "explain", self.target]
        for option, value in (("--as-of", self.as_of), ("--since", self.since)):
            words += [option, value] if value is not None else []
        for option, number, usual in (("--horizon", self.horizon, 13), ("--seed", self.seed, 1)):
            words += [option, str(number)] if number != usual else []
        return shlex.join(words)


def explain_forecast(spec: ExplainSpec, *, home: Home, progress: Progress) -> Result:
    """Return what moved a forecast since an earlier date, what its number is made of, and what would move it most.

    Raises
    ------
    UsageError
        If there is no such target or window.
    DateRefused
        If the earlier date is no Saturday before the later one.
    ModelRefused
        If a mark cannot be fitted.
    """
    target = require_target(spec.target)
    require_horizon(spec.horizon)
    chronicle = open_record(home=home.folder)
    now = look_at(chronicle, resolve_dates(chronicle, spec.as_of))
    said = _said_before(home, target, spec.horizon, now=now)
    before = look_at(chronicle, _dates_since(chronicle, spec.since, now=now.dates, said=said))
    asked = _Asked(spec, target, now, before)
    found = _modelled(asked, home, progress) if target.is_modelled else _base_rate(asked)
    change = found.pop("change")
    current = next((row for row in said if row["reference_date"] == before.dates.reference_date), None)
    if current is not None:
        change = change.since_said(current["chance"], current["mean"])
    result = {**_frame(asked), "issued": current, "last_issued": said[-1] if said else None, "change": change, **found}
    note_shown(home, now.dates.reference_date, command=spec.command())
    return answer("forecast explain", spec, result, record=chronicle, seed=spec.seed, command=spec.command())


@dataclass(frozen=True)
class _Asked:
    spec: ExplainSpec
    target: Target
    now: Look
    before: Look

    @property
    def weeks_between(self) -> int:
        return (self.now.dates.reference_date - self.before.dates.reference_date).days // 7


def _dates_since(chronicle: Chronicle, since: str | None, *, now: Dates, said: list[dict[str, Any]]) -> Dates:
    """The dates of the earlier forecast; known by then is what an issued round of that date knew, else two days on."""
    day = now.reference_date - dt.timedelta(weeks=1)
    if since is not None:
        day = require_saturday(parse_date(since, name="since"), name="since")
    if day >= now.reference_date:
        raise DateRefused(f"since must be a Saturday before {now.reference_date}, got {day}. Choose an earlier one.")
    known = next((row["as_of"] for row in said if row["reference_date"] == day), day + _KNOWN_AFTER)
    resolve_dates(chronicle, known.isoformat())
    return Dates(known, day, now.coverage_end)


def _said_before(home: Home, target: Target, horizon: int, *, now: Look) -> list[dict[str, Any]]:
    """What earlier rounds in the archive said, one a reference date, oldest first.

    Of several rounds of a date the one made in time comes first, then the one that knew least.
    """
    model_id = MODEL_ID if target.is_modelled else BASE_RATE_ID
    rows = read_archive(home.hub).forecasts.filter(
        (pl.col("model_id") == model_id)
        & (pl.col("target") == target.name)
        & (pl.col("horizon") == horizon)
        & (pl.col("reference_date") < now.dates.reference_date)
    )
    none = rows.filter((pl.col("output_type") == "pmf") & (pl.col("output_type_id") == "0"))
    means = rows.filter(pl.col("output_type") == "mean")
    both = none.join(means, on=["reference_date", "as_of", "kind"], suffix="_mean")
    ranked = both.with_columns(rank=pl.col("kind").replace_strict(KINDS, range(len(KINDS)), return_dtype=pl.Int64))
    first = ranked.sort("reference_date", "rank", "as_of").unique("reference_date", keep="first", maintain_order=True)
    return [
        {name: row[name] for name in ("reference_date", "as_of", "kind")}
        | {"chance": 1.0 - row["value"], "mean": row["value_mean"]}
        for row in first.iter_rows(named=True)
    ]


def _frame(asked: _Asked) -> dict[str, Any]:
    """What is asked, in full."""
    now, before = asked.now.dates, asked.before.dates
    return {
        "target": asked.target.name,
        "question": asked.target.question,
        "unit": asked.target.unit,
        "has_model": asked.target.is_modelled,
        "is_range": asked.target.name in _RANGE_TARGETS,
        "model_id": MODEL_ID if asked.target.is_modelled else BASE_RATE_ID,
        "horizon": asked.spec.horizon,
        "reference_date": now.reference_date,
        "target_end_date": window_end(now.reference_date, asked.spec.horizon),
        "as_of": asked.now.known_through,
        "since": before.reference_date,
        "since_target_end_date": window_end(before.reference_date, asked.spec.horizon),
        "since_as_of": asked.before.known_through,
    }


def _modelled(asked: _Asked, home: Home, progress: Progress) -> dict[str, Any]:
    key, name, horizon = Key.from_seed(asked.spec.seed), asked.target.name, asked.spec.horizon
    fits = fit_marks(key, asked.now.panel, home=home, progress=progress)
    progress.start("explaining", 3)
    new, old, revised, unseen = _standpoints(asked, key, fits=fits, home=home)
    progress.advance()
    change = explain_change(
        key,
        name,
        fits=fits,
        horizon=horizon,
        old=old,
        revised=revised,
        unseen=unseen,
        new=new,
        futures=FUTURES,
        workers=WORKERS,
    )
    progress.advance()
    seen = observations(key, name, new, fits=fits, horizon=horizon, futures=FUTURES, workers=WORKERS)
    progress.advance()
    progress.finish()
    return {
        "change": change,
        "sources": rate_sources(name, new, fits=fits, horizon=horizon, mean=change.model_mean),
        "last_year_share": LAST_YEAR_SHARE.get(name, 0.0),
        "observations": _ranked(seen, name),
        "watch_weeks": WATCH_WEEKS,
        "read": _what_is_read(fits, name),
        "futures": FUTURES,
        "draws": int(fits[name].draws.shape[0]),
    }


def _what_is_read(fits: Mapping[str, MarkFit], target: str) -> dict[str, Any]:
    structures = [fits[mark].structure for mark in feeding_marks(fits, target)]
    return {
        "marks": feeding_marks(fits, target),
        "exposures": sorted({name for structure in structures for name in structure.exposures}),
    }


def _standpoints(
    asked: _Asked, key: Key, *, fits: Mapping[str, MarkFit], home: Home
) -> tuple[Standpoint, Standpoint, PanelState, PanelState]:
    """New and old standpoint, the state of the old date by today's record, and that of today with the weeks unseen."""
    now, before, gap = asked.now, asked.before, asked.weeks_between
    weeks = len(now.panel.period_ends)
    revised, state = panel_states(key, now.panel, fits=fits, ends=(weeks - gap, weeks), home=home)
    fed = {mark: fits[mark] for mark in feeding_marks(fits, asked.target.name)}
    blind = replace(now.panel, covered=_uncovered(now.panel, gap))
    (unseen,) = panel_states(key, blind, fits=fed, ends=(weeks,), home=home)
    known = revised
    if not _is_same(now.panel.until(before.dates.reference_date), before.panel):
        (late,) = panel_states(key, before.panel, fits=fed, ends=(len(before.panel.period_ends),), home=home)
        known = {**revised, **late}
    new = Standpoint(now.panel, _exposures_ahead(now, asked.spec.horizon + WATCH_WEEKS), state)
    return new, Standpoint(before.panel, before.exposures, known), revised, {**state, **unseen}


def _uncovered(panel: CountPanel, weeks: int) -> np.ndarray:
    covered = panel.covered.copy()
    covered[-weeks:] = False
    return covered


def _is_same(one: CountPanel, other: CountPanel) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("counts", "covered", "exposures"))


def _exposures_ahead(look: Look, periods: int) -> np.ndarray:
    """Exposures of the look, and those of further weeks behind them where a window reaches past its year."""
    longest = max(HORIZONS)
    if periods <= longest:
        return look.exposures
    further = future_exposures(look.chronicle, look.panel, periods=periods)
    return np.concatenate([look.exposures, further[longest:]])


def _base_rate(asked: _Asked) -> dict[str, Any]:
    name, horizon, now, before = asked.target.name, asked.spec.horizon, asked.now, asked.before
    old, counts = _counts_behind(before.panel, name, before), _counts_behind(now.panel, name, now)
    if not (len(old) and len(counts)):
        raise DateRefused(
            f"since must lie where the record covers {name}, got {before.dates.reference_date}. Choose later dates."
        )
    change = explain_base_rate(
        name,
        horizon=horizon,
        old=old,
        revised=_counts_behind(now.panel.until(before.dates.reference_date), name, before),
        new=counts,
    )
    seen = base_rate_observations(name, counts, horizon=horizon)
    return {
        "change": change,
        "sources": None,
        "episodes": int(counts.sum()),
        "weeks": len(counts),
        "observations": _ranked(seen, name),
        "watch_weeks": WATCH_WEEKS,
        "read": {"marks": (name,), "exposures": []},
    }


def _ranked(seen: tuple[Observation, ...], target: str) -> list[dict[str, Any]]:
    """Observations as rows, the largest move first: of the number where that is what is asked, else of the chance."""
    order = sorted(seen, key=lambda row: -abs(row.to_mean - row.from_mean)) if target in _RANGE_TARGETS else seen
    return [asdict(row) | {"is_told": row.is_told} for row in order]


def _counts_behind(panel: CountPanel, target: str, look: Look) -> Int[np.ndarray, " time"]:
    """Counts of the covered weeks under the leader in office, as the base rate takes them."""
    column = panel.column(target)
    is_used = panel.covered[:, column] & (panel.period_ends > np.datetime64(look.leader_since))
    return np.asarray(panel.counts[is_used, column])
