"""What became of the forecasts that this home has issued, as the brief tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from sixparty.compute import Key
from sixparty.forecast import MODEL_ID, PLAIN_RATE, block_bootstrap_means
from sixparty.report import ArchivedKind, ArchiveStanding, TrackRecord
from sixparty.service.home import Home
from sixparty.service.score import MadeScores, ScoreSpec, score_archive

_BLOCK_WEEKS = 52
_BLOCKS_NEEDED = 5
_INTERVAL = (0.05, 0.95)


def scores_of_home(home: Home, *, until: dt.date, seed: int, data: Path | None = None) -> MadeScores | None:
    """Score what the home's archive holds with events up to `until`; None where no round is in it.

    Raises
    ------
    FileRefused
        If a file of the archive cannot be read.
    ModelRefused
        If a score cannot be computed.
    """
    if not home.hub.exists():
        return None
    made = score_archive(ScoreSpec(until=until.isoformat(), seed=seed, data=data), home=home)
    return made if made.result.result["rounds"] else None


def archive_standing(made: MadeScores) -> ArchiveStanding | None:
    """Count the questions by kind of round; None where the archive holds none."""
    found = made.result.result
    names = ("kind", "asked", "open", "resolved", "void")
    kinds = tuple(ArchivedKind(*(row[name] for name in names)) for row in found["coverage"])
    return ArchiveStanding(kinds, found["next_close"]) if kinds else None


def issued_record(key: Key, tables: Mapping[str, pl.DataFrame]) -> TrackRecord | None:
    """Compare our issued forecasts with the plain rate's by mean log score; None while none is resolved.

    Every question weighs the same. The interval is that of a block bootstrap over reference dates with blocks of a
    year, since windows of a year overlap for so long; it is left out until the dates fill five of them.

    Parameters
    ----------
    tables
        As `score_archive` gives them.
    """
    weekly = _by_week(tables["forecasts"]) if "forecasts" in tables else pl.DataFrame()
    if weekly.is_empty():
        return None
    ours, plain = float(weekly["log_score"].sum()), float(weekly["plain_score"].sum())
    low, high = _interval(key, weekly)
    return TrackRecord(int(weekly["n"].sum()), weekly["reference_date"][0], 100 * (1 - ours / plain), low, high)


def _by_week(forecasts: pl.DataFrame) -> pl.DataFrame:
    """Sums of log scores by reference date, over the questions that ours and the plain rate answered."""
    issued = forecasts.filter((pl.col("kind") == "issued") & (pl.col("law") == "full"))
    keys = ["target", "horizon", "reference_date"]
    is_plain = pl.col("model_id") == pl.col("target").replace_strict(dict(PLAIN_RATE))
    plain = issued.filter(is_plain).select(*keys, plain_score="log_score")
    paired = issued.filter(pl.col("model_id") == MODEL_ID).join(plain, on=keys)
    sums = paired.group_by("reference_date").agg(pl.col("log_score", "plain_score").sum(), n=pl.len())
    return sums.sort("reference_date")


def _interval(key: Key, weekly: pl.DataFrame) -> tuple[float | None, float | None]:
    if len(weekly) < _BLOCKS_NEEDED * _BLOCK_WEEKS:
        return None, None
    sums = weekly.select("log_score", "plain_score").to_numpy()
    means = block_bootstrap_means(key.child("issued"), sums, block=_BLOCK_WEEKS)
    low, high = np.quantile(100 * (1 - means[:, 0] / means[:, 1]), _INTERVAL)
    return float(low), float(high)
