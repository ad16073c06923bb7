"""The track record that ships with the product, and which figure the brief shows first because of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from sixparty.compute import Key
from sixparty.errors import FileRefused
from sixparty.forecast import LAST_YEAR_SHARE, PLAIN_RATE, RIVALS, TARGET_STRUCTURE, TARGETS, Origin, require_target
from sixparty.forecast.track_record import (
    COLUMNS,
    Difference,
    comparisons,
    leading_model,
    our_model,
)
from sixparty.report import (
    Against,
    ForecastCell,
    PastCell,
    PastPeriod,
    PastStanding,
    Reliability,
    ReliabilityBin,
    Tally,
)
from sixparty.report.past import Lead
from sixparty.service.look import Look
from sixparty.service.result import digest_of

if TYPE_CHECKING:
    from sixparty.forecast import CountPredictive, IssuedForecasts

Cell = tuple[str, str, int]
"""(model_id, target, horizon in weeks)."""

TABLE, RELIABILITY, PASSPORT = "track_record.csv", "reliability.csv", "passport.json"
WINDOWS = (4, 13, 26, 52)
"""Windows that the page shows; the table holds that of one week too."""

RELIABILITY_WEEKS = 13


@dataclass(frozen=True)
class ShippedRecord:
    """Past scores as they ship.

    Parameters
    ----------
    table
        Summary by period, target, window and model.
    reliability
        Tenths of our chances and how often any event came.
    passport
        What the scores were made from.
    """

    table: pl.DataFrame
    reliability: pl.DataFrame
    passport: Mapping[str, Any]

    @property
    def last_outcome(self) -> dt.date:
        """Last day whose events were looked up."""
        return dt.date.fromisoformat(self.passport["last_outcome"])

    @property
    def is_of_these_models(self) -> bool:
        """Whether it was made from the models and plain rates of this version."""
        return bool(self.passport["structures"] == structures_digest())

    def reason_to_leave_out(self, as_of: dt.date) -> str | None:
        """Say why a brief of `as_of` cannot show it, by a key of `notices`, or nothing."""
        if not self.is_of_these_models:
            return "other_models"
        return "later_events" if as_of < self.last_outcome else None


def structures_digest() -> str:
    """Return the digest of what a record must be made from: structures, shares of the last year, plain rates."""
    return digest_of("track record", TARGET_STRUCTURE, LAST_YEAR_SHARE, PLAIN_RATE)


def results_folder() -> Path:
    """Return the folder of results that ship with the product."""
    return Path(str(resources.files("sixparty") / "results"))


def shipped_track_record(folder: Path | None = None) -> ShippedRecord:
    """Read the track record that ships with the product, or that of another folder.

    Raises
    ------
    FileRefused
        If a file is missing or lacks a column.
    """
    place = folder or results_folder()
    try:
        passport = json.loads((place / PASSPORT).read_text(encoding="utf-8"))
        table, reliability = (pl.read_csv(place / name) for name in (TABLE, RELIABILITY))
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise FileRefused(f"{place} must hold {TABLE}, {RELIABILITY} and {PASSPORT}: {error}.") from error
    if missing := [name for name in COLUMNS if name not in table.columns]:
        raise FileRefused(f"{place / TABLE} must have the columns {', '.join(COLUMNS)}; missing: {', '.join(missing)}.")
    return ShippedRecord(table, reliability, passport)


def leading_models(record: ShippedRecord) -> dict[tuple[str, int], str]:
    """Return by modelled target and window the model whose figure comes first, where the past says which."""
    found = {}
    for (target, horizon), against in comparisons(record.table).items():
        known = {name: one for name, one in against.items() if name in RIVALS}
        first = leading_model(known, ours=our_model(target), plain_id=PLAIN_RATE[target])
        if TARGETS[target].is_modelled and first is not None:
            found[target, horizon] = first
    return found


def led_cells(
    key: Key, record: ShippedRecord, cells: tuple[ForecastCell, ...], *, issued: IssuedForecasts, look: Look
) -> tuple[ForecastCell, ...]:
    """Return the forecast cells with the figure named that the past puts first; a rival's figure is given with it."""
    first = leading_models(record)
    laws = {**issued.predictive, **_missing_laws(key, first, issued=issued, look=look)}
    return tuple(_led(cell, first.get((cell.target, cell.horizon)), laws) for cell in cells)


def _led(cell: ForecastCell, first: str | None, laws: Mapping[Cell, CountPredictive]) -> ForecastCell:
    if first is None:
        return cell
    lead = _lead(first, cell.target)
    if lead != "rival":
        return replace(cell, lead=lead)
    law, is_range = laws[first, cell.target, cell.horizon], cell.kind == "range"
    return replace(
        cell,
        lead=lead,
        rival_id=first,
        rival=law.mean if is_range else law.at_least(1),
        rival_low=law.quantile(0.1) if is_range else None,
        rival_high=law.quantile(0.9) if is_range else None,
    )


def _lead(model_id: str, target: str) -> Lead:
    if model_id == PLAIN_RATE[target]:
        return "plain"
    return "model" if model_id == our_model(target) else "rival"


def _missing_laws(
    key: Key, first: Mapping[tuple[str, int], str], *, issued: IssuedForecasts, look: Look
) -> dict[Cell, CountPredictive]:
    """What rivals that come first say at the reference date, where they are not among the forecasts issued."""
    wanted = {
        (name, target) for (target, horizon), name in first.items() if (name, target, horizon) not in issued.predictive
    }
    origin = Origin(look.dates.reference_date, look.panel, look.exposures, look.leader_since)
    made = {}
    for name, target in sorted(wanted & {(name, target) for name in RIVALS for target in TARGETS}):
        history = origin.history(require_target(target))
        said = RIVALS[name].forecast(key.child("rival", name, target), [history])[0]
        made.update({(name, target, horizon): law for horizon, law in said.items()})
    return made


def past_standing(record: ShippedRecord) -> PastStanding:
    """Return the track record as the pages show it."""
    told, first = record.passport, leading_models(record)
    periods = tuple(_periods(record.table, first))
    return PastStanding(
        data_version=told["data_version"],
        structures=told["structures"],
        first_origin=dt.date.fromisoformat(told["first_origin"]),
        last_origin=dt.date.fromisoformat(told["last_origin"]),
        last_outcome=record.last_outcome,
        kept_from=dt.date.fromisoformat(told["kept_from"]),
        origins=told["origins"],
        rows=told["rows"],
        rows_by_rule=told["rows_by_rule"],
        command=told["command"],
        tally=_tally(periods),
        periods=periods,
        reliability=tuple(_reliability(record.reliability)),
    )


def _periods(table: pl.DataFrame, first: Mapping[tuple[str, int], str]) -> Iterator[PastPeriod]:
    for (name,), part in table.partition_by("period", as_dict=True, maintain_order=True).items():
        by_cell = part.partition_by(["target", "horizon"], as_dict=True)
        order = [(target, horizon) for target in TARGETS for horizon in WINDOWS if (target, horizon) in by_cell]
        cells = (_past_cell(place, by_cell[place], first=first.get(place)) for place in order)
        yield PastPeriod(name, tuple(cells))


def _past_cell(place: tuple[str, int], rows: pl.DataFrame, *, first: str | None) -> PastCell:
    target, horizon = place
    by_model = {row["model_id"]: row for row in rows.iter_rows(named=True)}
    ours = by_model[our_model(target)]
    plain_id = PLAIN_RATE[target]
    others = [row for name, row in by_model.items() if name not in (our_model(target), plain_id)]
    strongest = min(others, key=lambda row: row["log_score"], default=None)
    return PastCell(
        target=target,
        horizon=horizon,
        n=ours["n"],
        model_id=ours["model_id"],
        **{name: ours[name] for name in ("log_score", "crps", "brier")},
        coverage_50=ours["pit_coverage_50"],
        coverage_90=ours["pit_coverage_90"],
        plain=_against(by_model[plain_id]) if plain_id in by_model and plain_id != ours["model_id"] else None,
        rival=_against(strongest) if strongest else None,
        lead=_lead(first, target) if first else None,
    )


def _against(row: Mapping[str, Any]) -> Against:
    difference = Difference(row["difference"], row["low"], row["high"], row["n"])
    return Against(row["model_id"], row["log_score"], difference.mean, difference.low, difference.high, difference.word)


def _tally(periods: tuple[PastPeriod, ...]) -> Tally | None:
    """Count the windows of the years kept apart, if the record holds any."""
    cells = [cell for period in periods if period.name == "kept" for cell in period.cells]
    if not cells:
        return None
    words = [cell.plain.word for cell in cells if cell.plain is not None]
    shown = sum(cell.lead in ("plain", "rival") for cell in cells)
    return Tally(len(words), words.count("better"), words.count("tie"), words.count("worse"), shown)


def _reliability(table: pl.DataFrame) -> Iterator[Reliability]:
    for target in TARGETS:
        rows = table.filter((pl.col("target") == target) & (pl.col("horizon") == RELIABILITY_WEEKS)).sort("bin")
        if TARGETS[target].is_modelled and len(rows):
            bins = (ReliabilityBin(*row) for row in rows.select("n", "mean_chance", "share_happened").iter_rows())
            yield Reliability(target, RELIABILITY_WEEKS, tuple(bins))
