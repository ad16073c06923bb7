"""Forecasts as tables in the layout of the Hubverse, so that any hub's tools can read and score them.

References
----------
Hubverse, Model output, https://docs.hubverse.io (task-id columns, output types and file names).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import polars as pl

from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.targets import TARGETS, require_target
from sixparty.periods import HORIZONS, require_saturday, window_end

HUB_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "reference_date": pl.Date(),
        "horizon": pl.Int64(),
        "target": pl.String(),
        "target_end_date": pl.Date(),
        "output_type": pl.String(),
        "output_type_id": pl.String(),
        "value": pl.Float64(),
        "model_id": pl.String(),
        "as_of": pl.Date(),
    }
)
"""Columns of a hub table, in order; `horizon` is in weeks, `output_type_id` is empty for the mean."""

QUANTILE_LEVELS: tuple[float, ...] = (0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99)
"""The 23 levels at which every count forecast is written."""

PMF_LAST: Mapping[int, int] = MappingProxyType({1: 7, 4: 20, 13: 40, 26: 60, 52: 100})
"""By horizon, the count K whose category ``"K+"`` holds K and more; smaller counts have categories of their own."""

_DECIMALS = 9
_MODEL_ID = r"^[A-Za-z0-9_]+-[A-Za-z0-9_]+$"
_CELL = ["model_id", "reference_date", "as_of", "target", "horizon"]


def hub_rows(
    predictive: CountPredictive,
    target: str,
    *,
    horizon: int,
    reference_date: dt.date,
    model_id: str,
    as_of: dt.date,
) -> pl.DataFrame:
    """Write one forecast as hub rows.

    A count target has ``pmf`` rows ``"0"``, ``"1"``, ..., ``"K+"`` (see `PMF_LAST`), ``quantile`` rows and a
    ``mean``. A binary target has two ``pmf`` rows, ``"0"`` and ``"1+"``.

    Parameters
    ----------
    reference_date
        A Saturday; the window holds the `horizon` weeks after it.
    as_of
        Day up to which the record behind the forecast was known.
    """
    kind = require_target(target).kind
    end = window_end(require_saturday(reference_date), horizon)
    last = 1 if kind == "binary" else PMF_LAST[horizon]
    values: list[tuple[str, str | None, float]] = [("pmf", *row) for row in _pmf_rows(predictive, last)]
    if kind == "count":
        values += [("quantile", f"{level:g}", float(predictive.quantile(level))) for level in QUANTILE_LEVELS]
        values.append(("mean", None, predictive.mean))
    fixed = (reference_date, horizon, target, end)
    rows = [(*fixed, kind_, name, round(value, _DECIMALS), model_id, as_of) for kind_, name, value in values]
    return pl.DataFrame(rows, schema=dict(HUB_SCHEMA), orient="row")


def _pmf_rows(predictive: CountPredictive, last: int) -> Iterable[tuple[str, float]]:
    for count in range(last):
        yield str(count), predictive.probability(count)
    yield f"{last}+", predictive.at_least(last)


def check_hub_table(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that break the layout, each with its `fault` in words; an empty table means that all is well."""
    missing = [name for name in HUB_SCHEMA if name not in table.columns]
    if missing or table.columns != list(HUB_SCHEMA):
        fault = f"columns must be {', '.join(HUB_SCHEMA)}, got {', '.join(table.columns)}"
        return pl.DataFrame({"fault": [fault]})
    found = [table.filter(rule).with_columns(fault=pl.lit(fault)) for fault, rule in _row_rules().items()]
    return pl.concat([*found, _twice(table), _sums(table), _crossings(table)])


def _row_rules() -> Mapping[str, pl.Expr]:
    level = pl.col("output_type_id").cast(pl.Float64, strict=False)
    end = pl.col("reference_date") + pl.duration(weeks=1) * pl.col("horizon")
    value = pl.col("value")
    return {
        "a cell is empty": pl.any_horizontal(pl.exclude("output_type_id").is_null()),
        "target is not one of ours": ~pl.col("target").is_in(list(TARGETS)),
        "horizon is not a forecast window": ~pl.col("horizon").is_in(list(HORIZONS)),
        "reference_date is no Saturday": pl.col("reference_date").dt.weekday() != 6,
        "target_end_date does not close the window": pl.col("target_end_date") != end,
        "as_of lies before reference_date": pl.col("as_of") < pl.col("reference_date"),
        "output_type is not pmf, quantile or mean": ~pl.col("output_type").is_in(["pmf", "quantile", "mean"]),
        "model_id is not team-model": ~pl.col("model_id").str.contains(_MODEL_ID),
        "value is no finite number of 0 or more": ~(value.is_finite() & (value >= 0)),
        "quantile level is not between 0 and 1": (pl.col("output_type") == "quantile")
        & ~level.is_between(0, 1, closed="none").fill_null(False),
        "pmf category is no count": (pl.col("output_type") == "pmf")
        & ~pl.col("output_type_id").str.contains(r"^\d+\+?$").fill_null(False),
    }


def _twice(table: pl.DataFrame) -> pl.DataFrame:
    again = table.select([*_CELL, "output_type", "output_type_id"]).is_duplicated()
    return table.filter(again).with_columns(fault=pl.lit("the same forecast stands twice"))


def _sums(table: pl.DataFrame) -> pl.DataFrame:
    total = pl.col("value").sum().over(_CELL)
    pmf = table.filter(pl.col("output_type") == "pmf").filter((total - 1).abs() > 1e-6)
    return pmf.with_columns(fault=pl.lit("pmf does not add up to 1"))


def _crossings(table: pl.DataFrame) -> pl.DataFrame:
    quantiles = table.filter(pl.col("output_type") == "quantile")
    ordered = quantiles.sort([*_CELL, pl.col("output_type_id").cast(pl.Float64, strict=False)])
    falls = ordered.filter(pl.col("value").diff().over(_CELL) < 0)
    return falls.with_columns(fault=pl.lit("quantile falls as its level rises"))
