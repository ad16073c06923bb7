"""Whether probabilities mean what they say: bins of forecasts beside how often the thing came."""

from __future__ import annotations

import polars as pl

BINS = 10
"""Bins of equal width, for chances and for the randomised PIT."""

_CELL = ["target", "horizon", "model_id"]


def reliability_table(scored: pl.DataFrame) -> pl.DataFrame:
    """Return by target, window and model the forecasts of each tenth of chance, and how often any event came.

    Parameters
    ----------
    scored
        One row a forecast, as `backtest_tables.scored_forecasts` gives them.

    Returns
    -------
    pl.DataFrame
        `bin` (lower edge of the tenth), `n`, `mean_chance`, `share_happened`; empty bins are left out.
    """
    tenth = ((pl.col("chance") * BINS).floor().clip(0, BINS - 1) / BINS).alias("bin")
    return (
        scored.with_columns(tenth)
        .group_by(*_CELL, "bin")
        .agg(
            n=pl.len(),
            mean_chance=pl.col("chance").mean(),
            share_happened=(pl.col("observed") > 0).mean(),
        )
        .sort(*_CELL, "bin")
    )


def pit_table(scored: pl.DataFrame) -> pl.DataFrame:
    """Return by target, window and model how many randomised PIT values fall into each tenth; flat when calibrated."""
    tenth = ((pl.col("pit") * BINS).floor().clip(0, BINS - 1) / BINS).alias("bin")
    counted = scored.with_columns(tenth).group_by(*_CELL, "bin").agg(n=pl.len())
    return counted.with_columns(share=pl.col("n") / pl.col("n").sum().over(_CELL)).sort(*_CELL, "bin")


def within(column: str, share: float) -> pl.Expr:
    """Return whether a PIT value lies in the central interval that holds `share` of the probability."""
    edge = (1 - share) / 2
    return pl.col(column).is_between(edge, 1 - edge)
