"""Scores of every model at the origins of the optional rivals, in the form of the backtest's other tables."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sixparty.compute import Key
from sixparty.forecast.backtest_tables import SCORES, difference_rows, mean_scores, with_periods
from sixparty.forecast.reference.optional.rival import EVERY_WEEKS, is_thirteenth

THIRTEENTH = "thirteenth"
"""What stands in `origins` where every 13th weekly origin is meant."""

_CELL = ["origins", "period", "target", "horizon"]


def at_thirteenth(scored: pl.DataFrame) -> pl.DataFrame:
    """Keep the forecasts from every 13th weekly origin."""
    days = [day for day in scored["reference_date"].unique().to_list() if is_thirteenth(day)]
    return scored.filter(pl.col("reference_date").is_in(days))


def thirteenth_scores(scored: pl.DataFrame) -> pl.DataFrame:
    """Return mean scores and coverage as `mean_scores` does, over every 13th weekly origin alone."""
    return mean_scores(_one_set(scored)).with_columns(origins=pl.lit(THIRTEENTH))


def thirteenth_differences(key: Key, scored: pl.DataFrame, *, pairs: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Return for each pair (model, rival) how much lower (negative) the model's mean scores are, with intervals.

    As `score_differences`, over every 13th weekly origin; a block of the bootstrap holds the origins of one window,
    and at least one: windows of 13 weeks or less do not overlap.
    """
    sets = with_periods(_one_set(scored)).filter(~pl.col("period").str.contains(r"^\d{4}$"))
    sets = sets.with_columns(origins=pl.lit(THIRTEENTH))
    own = sets.select(*_CELL, "reference_date", "model_id", *SCORES)
    other = own.rename({"model_id": "rival_id"} | {name: f"rival_{name}" for name in SCORES})
    wanted = pl.DataFrame(list(pairs), schema={"model_id": pl.String, "rival_id": pl.String}, orient="row")
    paired = own.join(wanted, on="model_id").join(other, on=[*_CELL, "reference_date", "rival_id"])
    groups = paired.sort("reference_date").partition_by(*_CELL, "model_id", "rival_id", as_dict=True)
    # cells alike in number and window follow each other, so that they share their blocks
    alike = sorted(groups.items(), key=lambda item: (len(item[1]), int(str(item[0][3])), *map(str, item[0])))
    rows = [
        (*cell, *row)
        for cell, part in alike
        for row in difference_rows(key, part, block=max(1, -(-int(str(cell[3])) // EVERY_WEEKS)))
    ]
    columns = [*_CELL, "model_id", "rival_id", "score", "difference", "low", "high", "n", "block"]
    return pl.DataFrame(rows, schema=columns, orient="row").sort([*_CELL, "model_id", "rival_id", "score"])


def _one_set(scored: pl.DataFrame) -> pl.DataFrame:
    """Mark these origins as one set of their own, for functions that tell monthly from weekly origins."""
    return at_thirteenth(scored).with_columns(is_monthly=pl.lit(True))
