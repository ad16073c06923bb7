"""What a backtest found, as tables: one row a forecast, mean scores, differences to a rival, hub rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int

from sixparty.compute import Key
from sixparty.errors import InputRefused, ModelRefused
from sixparty.forecast.backtest import PastForecasts, is_monthly
from sixparty.forecast.calibration import within
from sixparty.forecast.hub import HUB_SCHEMA, PMF_LAST, QUANTILE_LEVELS
from sixparty.forecast.scores import StackedPredictives, block_bootstrap_means
from sixparty.forecast.targets import Target, require_target
from sixparty.periods import HORIZONS
from sixparty.tension.panel import FIRST_DAY, CountPanel

LEFT_OUT_FROM, LEFT_OUT_TO = dt.date(2017, 11, 1), dt.date(2019, 12, 31)
"""The turn from tests to summits and back. Scores are also given without windows that hold a day of it."""

WITHOUT_TURN = "without 2017-11 to 2019-12"
SCORES = ("log_score", "crps", "brier")
_CELL = ["origins", "period", "target", "horizon", "model_id"]
_WEEKS_A_MONTH = 365.25 / 12 / 7
_SHORTEST_BLOCK_WEEKS = 13
_INTERVAL = (0.05, 0.95)

DifferenceRow = tuple[str, float, float, float, int, int]
"""Score, difference, low, high, number of origins, origins in a block."""


@dataclass(frozen=True)
class Outcome:
    """What came in the windows after some reference dates.

    Parameters
    ----------
    counts
        How many, where the window is over.
    is_over
        Whether the record covers the whole window.
    """

    counts: Int[np.ndarray, " origin"]
    is_over: Bool[np.ndarray, " origin"]


def outcomes(panel: CountPanel, target: Target, *, reference_dates: Sequence[dt.date], horizon: int) -> Outcome:
    """Look up what came in the `horizon` weeks after each reference date, in the whole record."""
    columns = [panel.column(mark) for mark in target.marks]
    counts = np.concatenate([[0], np.cumsum(panel.counts[:, columns].sum(axis=1))])
    covered = np.concatenate([[0], np.cumsum(panel.covered[:, columns].all(axis=1))])
    begins = np.searchsorted(panel.period_ends, np.array(reference_dates, dtype="datetime64[D]")) + 1
    ends = np.minimum(begins + horizon, len(panel.period_ends))
    is_over = covered[ends] - covered[begins] == horizon
    return Outcome((counts[ends] - counts[begins]).astype(np.int64), is_over)


def scored_forecasts(key: Key, forecasts: Iterable[PastForecasts], *, panel: CountPanel) -> pl.DataFrame:
    """Score every forecast whose window is over.

    Parameters
    ----------
    key
        For the randomised PIT; models share the draw of an origin.
    panel
        Weekly counts up to the record's end.

    Returns
    -------
    pl.DataFrame
        One row a forecast: model, target, horizon, reference date, whether the origin is a monthly one, what came, the
        chance of any, three scores and the PIT.

    Raises
    ------
    ModelRefused
        If a score is not finite.
    InputRefused
        If no window is over.
    """
    frames = [_scored(key, said, horizon, panel) for said in forecasts for horizon in HORIZONS]
    over = [frame for frame in frames if frame is not None]
    if not over:
        raise InputRefused(
            f"at least one window must be over by {panel.period_ends[-1]} for a target that the record covers, got "
            "none. Choose earlier origins or other targets."
        )
    return pl.concat(over)


def _scored(key: Key, said: PastForecasts, horizon: int, panel: CountPanel) -> pl.DataFrame | None:
    target = require_target(said.target)
    came = outcomes(panel, target, reference_dates=said.reference_dates, horizon=horizon)
    places = np.flatnonzero(came.is_over)
    if not len(places):
        return None
    laws = [said.predictives[place][horizon] for place in places]
    observed = came.counts[places]
    stacked = StackedPredictives.of(laws, at_least=int(observed.max()))
    if target.kind == "binary":
        stacked, observed = stacked.any_alone(), np.minimum(observed, 1)
    days = [said.reference_dates[place] for place in places]
    below, up_to = stacked.below_and_up_to(observed)
    columns = {
        "observed": observed,
        "chance": stacked.chance,
        "log_score": stacked.log_scores(observed),
        "crps": stacked.crps(observed),
        "brier": (stacked.chance - (observed > 0)) ** 2,
        "pit": below + _uniforms(key, said.target, horizon, days) * (up_to - below),
        "below": below,
        "up_to": up_to,
    }
    _refuse_unscored(said, horizon, days, columns)
    fixed = {"model_id": said.model_id, "target": said.target, "horizon": horizon}
    head = pl.DataFrame({"reference_date": days, "is_monthly": [is_monthly(day) for day in days]})
    return head.with_columns(**{name: pl.lit(value) for name, value in fixed.items()}).hstack(pl.DataFrame(columns))


def _uniforms(key: Key, target: str, horizon: int, days: Sequence[dt.date]) -> Float[np.ndarray, " origin"]:
    """One uniform number a week since 1990: that of an origin is the same for every model and set of origins."""
    weeks = (np.array(days, dtype="datetime64[D]") - np.datetime64(FIRST_DAY)).astype(int) // 7
    return np.asarray(key.child("pit", target, horizon).generator().random(int(weeks.max()) + 1)[weeks])


def _refuse_unscored(
    said: PastForecasts, horizon: int, days: Sequence[dt.date], columns: Mapping[str, np.ndarray]
) -> None:
    for name in SCORES:
        wrong = np.flatnonzero(~np.isfinite(columns[name]))
        if len(wrong):
            raise ModelRefused(
                f"{name} must be finite, got {columns[name][wrong[0]]} for {said.model_id}, {said.target}, {horizon} "
                f"weeks from {days[wrong[0]]}. Mend the model's predictive; no mean is taken over it."
            )


def left_out_table(forecasts: Iterable[PastForecasts], *, panel: CountPanel) -> pl.DataFrame:
    """Count by model, target and window the forecasts made, and those whose window was not over at the record's end."""
    rows = []
    for said in forecasts:
        for horizon in HORIZONS:
            question = require_target(said.target)
            came = outcomes(panel, question, reference_dates=said.reference_dates, horizon=horizon)
            rows.append((said.model_id, said.target, horizon, len(came.is_over), int((~came.is_over).sum())))
    columns = ["model_id", "target", "horizon", "made", "not_over"]
    table = pl.DataFrame(rows, schema=columns, orient="row")
    return table.group_by(columns[:3]).agg(pl.col("made", "not_over").sum()).sort(columns[:3])


def with_periods(scored: pl.DataFrame) -> pl.DataFrame:
    """Repeat each row for every set that it belongs to: origins weekly and monthly; all, without the turn, its year."""
    end = pl.col("reference_date") + pl.duration(weeks=1) * pl.col("horizon")
    is_outside = (end < LEFT_OUT_FROM) | (pl.col("reference_date") >= LEFT_OUT_TO)
    year = (pl.col("reference_date") + pl.duration(days=1)).dt.year().cast(pl.String)
    periods = pl.concat(
        [
            scored.with_columns(period=pl.lit("all")),
            scored.filter(is_outside).with_columns(period=pl.lit(WITHOUT_TURN)),
            scored.with_columns(period=year),
        ]
    )
    monthly = periods.filter(pl.col("is_monthly")).with_columns(origins=pl.lit("monthly"))
    if scored["is_monthly"].all():
        return monthly
    return pl.concat([periods.with_columns(origins=pl.lit("weekly")), monthly])


def mean_scores(scored: pl.DataFrame) -> pl.DataFrame:
    """Return mean scores and coverage by set of origins, period, target, window and model.

    `pit_coverage_50` and `pit_coverage_90` are the shares of randomised PIT values in the central half and nine tenths:
    .5 and .9 when calibrated. `interval_coverage_90` is the share of outcomes in central 90 % intervals, which hold
    more than .9 of the probability when counts are small.
    """
    low, high = _INTERVAL
    return (
        with_periods(scored)
        .group_by(_CELL)
        .agg(
            n=pl.len(),
            **{name: pl.col(name).mean() for name in SCORES},
            pit_coverage_50=within("pit", 0.5).mean(),
            pit_coverage_90=within("pit", 0.9).mean(),
            interval_coverage_90=((pl.col("up_to") >= low) & (pl.col("below") < high)).mean(),
        )
        .sort(_CELL)
    )


def score_differences(key: Key, scored: pl.DataFrame, *, model_id: str, rivals: Sequence[str]) -> pl.DataFrame:
    """Return how much lower (negative) or higher the mean scores of `model_id` are than those of each rival.

    Origins are those at which both spoke. `low` and `high` close the central 90 % of a moving-block bootstrap whose
    blocks are as long as the window, and at least 13 weeks.

    Returns
    -------
    pl.DataFrame
        By set of origins, period (no single years), target, window, rival and score: `difference`, `low`, `high`, `n`,
        `block` (origins in a block).
    """
    sets = with_periods(scored).filter(pl.col("period").is_in(["all", WITHOUT_TURN]))
    keys = ["origins", "period", "target", "horizon", "reference_date"]
    ours = sets.filter(pl.col("model_id") == model_id).select(*keys, *SCORES)
    theirs = sets.filter(pl.col("model_id").is_in(list(rivals))).select(
        *keys, "model_id", *(pl.col(name).alias(f"rival_{name}") for name in SCORES)
    )
    paired = ours.join(theirs, on=keys).sort(keys)
    groups = ["origins", "period", "target", "horizon", "model_id"]
    parts = paired.partition_by(groups, as_dict=True, maintain_order=True).items()
    # cells alike in number and window follow each other, so that they share their blocks
    alike = sorted(parts, key=lambda item: (len(item[1]), int(str(item[0][3])), str(item[0][0])))
    rows = [(*cell[:4], model_id, cell[4], *row) for cell, part in alike for row in _differences(key, cell, part)]
    columns = [*groups[:4], "model_id", "rival_id", "score", "difference", "low", "high", "n", "block"]
    return pl.DataFrame(rows, schema=columns, orient="row").sort([*groups[:4], "rival_id", "score"])


def _differences(key: Key, cell: tuple[object, ...], part: pl.DataFrame) -> list[DifferenceRow]:
    weeks = max(int(str(cell[3])), _SHORTEST_BLOCK_WEEKS)
    return difference_rows(key, part, block=weeks if cell[0] == "weekly" else int(np.ceil(weeks / _WEEKS_A_MONTH)))


def difference_rows(key: Key, part: pl.DataFrame, *, block: int) -> list[DifferenceRow]:
    """Return score, difference, `low`, `high`, `n` and `block` from scores beside those of a rival (`rival_…`).

    `low` and `high` close the central 90 % of a moving-block bootstrap with blocks of `block` origins.
    """
    apart = part.select(SCORES).to_numpy() - part.select(f"rival_{name}" for name in SCORES).to_numpy()
    low, high = np.quantile(block_bootstrap_means(key.child("bootstrap"), apart, block=block), _INTERVAL, axis=0)
    middle = apart.mean(axis=0)
    return [
        (name, float(middle[place]), float(low[place]), float(high[place]), len(part), block)
        for place, name in enumerate(SCORES)
    ]


def hub_table(forecasts: Iterable[PastForecasts]) -> pl.DataFrame:
    """Return the forecasts of the monthly origins as hub rows: probabilities and quantiles.

    They are made long after the event; keep them apart from issued ones.
    """
    frames = [_hub_rows(said, horizon) for said in forecasts for horizon in HORIZONS]
    return pl.concat([pl.DataFrame(schema=dict(HUB_SCHEMA)), *frames])


def _hub_rows(said: PastForecasts, horizon: int) -> pl.DataFrame:
    places = [place for place, day in enumerate(said.reference_dates) if is_monthly(day)]
    if not places:
        return pl.DataFrame(schema=dict(HUB_SCHEMA))
    is_binary = require_target(said.target).kind == "binary"
    last = 1 if is_binary else PMF_LAST[horizon]
    stacked = StackedPredictives.of([said.predictives[place][horizon] for place in places], at_least=last)
    pmf = np.hstack([stacked.pmf[:, :last], 1 - stacked.pmf[:, :last].sum(axis=1, keepdims=True)])
    parts = [_wide_rows(np.maximum(pmf, 0), "pmf", [*map(str, range(last)), f"{last}+"])]
    if not is_binary:
        levels = np.array(QUANTILE_LEVELS)
        cumulative = np.cumsum(stacked.pmf, axis=1)
        quantiles = np.array([np.searchsorted(row, levels - 1e-12) for row in cumulative], dtype=float)
        parts.append(_wide_rows(quantiles, "quantile", [f"{level:g}" for level in QUANTILE_LEVELS]))
    days = pl.DataFrame({"place": range(len(places)), "reference_date": [said.reference_dates[p] for p in places]})
    rows = pl.concat(parts).join(days, on="place", maintain_order="left")
    end = pl.col("reference_date") + pl.duration(weeks=horizon)
    return rows.with_columns(
        horizon=pl.lit(horizon, dtype=pl.Int64),
        target=pl.lit(said.target),
        target_end_date=end,
        model_id=pl.lit(said.model_id),
        as_of=pl.col("reference_date") + pl.duration(days=1),
    ).select(list(HUB_SCHEMA))


def _wide_rows(values: Float[np.ndarray, "origin column"], output_type: str, names: Sequence[str]) -> pl.DataFrame:
    number = len(values)
    return pl.DataFrame(
        {
            "place": np.repeat(np.arange(number), len(names)),
            "output_type": [output_type] * values.size,
            "output_type_id": list(names) * number,
            "value": values.ravel().round(9),
        }
    )
