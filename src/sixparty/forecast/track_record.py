"""The track record: what a backtest's scores say of each target and window, and which figure to show first.

Every comparison is of mean log scores at the same origins, ours minus a rival's: below zero ours is the better.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from sixparty.compute import Key
from sixparty.errors import InputRefused
from sixparty.forecast.backtest_tables import LEFT_OUT_FROM, LEFT_OUT_TO, mean_scores, score_differences
from sixparty.forecast.issue import BASE_RATE_ID, MODEL_ID
from sixparty.forecast.targets import require_target

KEPT_FROM = dt.date(2019, 1, 1)
"""First day of the years that no structure was chosen on."""

Period = Literal["kept", "all", "without_turn"]
PERIODS: tuple[Period, ...] = ("kept", "all", "without_turn")
"""Origins from `KEPT_FROM` on; all; all whose window holds no day from November 2017 to December 2019."""

Word = Literal["better", "tie", "worse"]
Cell = tuple[str, int]
"""(target, horizon in weeks)."""

COLUMNS = (
    "period",
    "target",
    "horizon",
    "model_id",
    "n",
    "log_score",
    "crps",
    "brier",
    "pit_coverage_50",
    "pit_coverage_90",
    "difference",
    "low",
    "high",
)
"""Columns of the summary. `difference`, `low`, `high`: our mean log score minus this model's, with its 90 % interval;
null in our own row."""

_DECIMALS = 4
_WHOLE = (pl.col("origins") == "monthly") & (pl.col("period") == "all")


@dataclass(frozen=True)
class Difference:
    """Our mean log score minus a rival's at the same origins: below zero ours is the better.

    Parameters
    ----------
    low, high
        Ends of the central 90 % of a block bootstrap.
    n
        Number of origins.
    """

    mean: float
    low: float
    high: float
    n: int

    @property
    def word(self) -> Word:
        """Better, worse, or a tie where the interval holds zero."""
        if self.low <= 0 <= self.high:
            return "tie"
        return "better" if self.high < 0 else "worse"


@dataclass(frozen=True)
class Comparison:
    """One rival at one target and window: the difference over all origins, and in the years kept apart."""

    every: Difference
    kept: Difference


def our_model(target: str) -> str:
    """Return the model whose figure the product gives for a target: its own, or the base rate of a rare event."""
    return MODEL_ID if require_target(target).is_modelled else BASE_RATE_ID


def has_skill(plain: Comparison) -> bool:
    """Tell whether our mean log score is below the plain rate's over all origins and in the years kept apart.

    Parameters
    ----------
    plain
        The comparison with the plain rate. The sign decides, not the interval: a lead that chance could have made
        keeps our figure first, with the word *tie* beside it.
    """
    return plain.every.mean < 0 and plain.kept.mean < 0


def leading_model(against: Mapping[str, Comparison], *, ours: str, plain_id: str) -> str | None:
    """Return the model whose figure is to be shown first at a target and window, or None if that cannot be said.

    Ours, if it has skill against the plain rate and no other rival is clearly better: over all origins by an interval
    wholly above zero, and on average in the years kept apart too. Else whichever of these has the lowest mean log score
    over all origins.

    Parameters
    ----------
    against
        By rival, how we compare. Without the plain rate nothing can be said.
    """
    if ours == plain_id:
        return ours
    if plain_id not in against:
        return None
    leads = {name: one.every.mean for name, one in against.items() if _is_clearly_better(one)}
    if not has_skill(against[plain_id]):
        leads[plain_id] = against[plain_id].every.mean
    return max(leads, key=lambda name: leads[name]) if leads else ours


def _is_clearly_better(rival: Comparison) -> bool:
    return rival.every.low > 0 and rival.kept.mean > 0


def track_record_table(key: Key, scored: pl.DataFrame, *, kept_from: dt.date = KEPT_FROM) -> pl.DataFrame:
    """Summarise a backtest's monthly origins by period, target, window and model.

    Parameters
    ----------
    key
        For the bootstrap of the differences.
    scored
        One row a forecast, as `scored_forecasts` gives them.
    kept_from
        First day of the years that served for no choice.

    Returns
    -------
    pl.DataFrame
        The columns of `COLUMNS`; a period without an origin has no rows.

    Raises
    ------
    InputRefused
        If there is no monthly origin, or our model is not among the models of a target.
    """
    monthly = scored.filter(pl.col("is_monthly"))
    if monthly.is_empty():
        raise InputRefused("a track record needs monthly origins, got none. Run the backtest over whole months.")
    parts = [
        _summary(key, rows, period=period) for period in PERIODS if len(rows := _of_period(monthly, period, kept_from))
    ]
    return pl.concat(parts).select(COLUMNS)


def _of_period(monthly: pl.DataFrame, period: Period, kept_from: dt.date) -> pl.DataFrame:
    if period == "kept":
        return monthly.filter(pl.col("reference_date") >= kept_from)
    if period == "all":
        return monthly
    end = pl.col("reference_date") + pl.duration(weeks=1) * pl.col("horizon")
    return monthly.filter((end < LEFT_OUT_FROM) | (pl.col("reference_date") >= LEFT_OUT_TO))


def _summary(key: Key, rows: pl.DataFrame, *, period: Period) -> pl.DataFrame:
    """Mean scores of every model of a period, our difference from each beside them."""
    means = mean_scores(rows).filter(_WHOLE)
    differences = pl.concat(_differences(key, rows))
    keys = ["target", "horizon", "model_id"]
    joined = means.join(differences.rename({"rival_id": "model_id"}), on=keys, how="left").sort(keys)
    figures = [pl.col(name).cast(pl.Float64).round(_DECIMALS) for name in COLUMNS[5:]]
    return joined.with_columns(*figures, period=pl.lit(period))


def _differences(key: Key, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for (name,), part in rows.partition_by("target", as_dict=True, maintain_order=True).items():
        ours, models = our_model(str(name)), part["model_id"].unique(maintain_order=True).to_list()
        if ours not in models:
            raise InputRefused(f"{ours} must be among the models of {name}, got {', '.join(models)}.")
        rivals = [model for model in models if model != ours]
        found = score_differences(key, part, model_id=ours, rivals=rivals)
        yield found.filter(_WHOLE, score="log_score").select(
            "target", "horizon", "rival_id", "difference", "low", "high"
        )


def comparisons(table: pl.DataFrame) -> dict[Cell, dict[str, Comparison]]:
    """Return by target and window how we compare with each rival that both periods hold.

    Parameters
    ----------
    table
        A summary as `track_record_table` gives it.
    """
    found: dict[Cell, dict[str, Comparison]] = {}
    kept, every = (_by_rival(table, period) for period in ("kept", "all"))
    for place in every.keys() & kept.keys():
        target, horizon, rival = place
        found.setdefault((target, horizon), {})[rival] = Comparison(every[place], kept[place])
    return found


def _by_rival(table: pl.DataFrame, period: str) -> dict[tuple[str, int, str], Difference]:
    rows = table.filter((pl.col("period") == period) & pl.col("difference").is_not_null())
    return {
        (row["target"], row["horizon"], row["model_id"]): Difference(
            row["difference"], row["low"], row["high"], row["n"]
        )
        for row in rows.iter_rows(named=True)
    }
