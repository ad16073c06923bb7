"""Scores of archived forecasts: from hub rows to laws, and from what came to means and differences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import polars as pl
from jaxtyping import Float

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.forecast.backtest_tables import SCORES, mean_scores
from sixparty.forecast.hub import PMF_LAST
from sixparty.forecast.issue import PLAIN_RATE
from sixparty.forecast.scores import StackedPredictives, block_bootstrap_means
from sixparty.forecast.targets import TARGETS

LEAST_WRITTEN = 5e-10
"""Most that can hide behind a probability that was written as 0 with nine decimals; it counts as this."""

BLOCKS_NEEDED = 5
"""Blocks that the rounds must fill before a difference is given an interval."""

_QUESTION = ["target", "horizon", "reference_date"]
_CELL = ["kind", "model_id", *_QUESTION]
_GROUP = ["kind", "law", "target", "horizon", "model_id"]
_SHORTEST_BLOCK_WEEKS = 13
_INTERVAL = (0.05, 0.95)


def first_answers(forecasts: pl.DataFrame) -> pl.DataFrame:
    """Keep of several answers of one model to one question, of one kind, the one that was entered first."""
    return forecasts.filter(pl.col("place") == pl.col("place").min().over(_CELL))


def written_laws(forecasts: pl.DataFrame) -> pl.DataFrame:
    """Turn hub rows into one row a forecast: what it said, as probabilities up to the last common category.

    Parameters
    ----------
    forecasts
        Hub rows with `kind`; of each model, kind and question one answer.

    Returns
    -------
    pl.DataFrame
        `kind`, `model_id` and question; `law`: ``full`` where every count below K has a category of its own (K as
        `PMF_LAST` has it, 1 for a question of yes or no), else ``chance``: only the chance of any was said; `pmf`, the
        probabilities of 0, 1, ..., K and more, for ``chance`` of none and any.
    """
    is_binary = pl.col("target").is_in([name for name, target in TARGETS.items() if target.kind == "binary"])
    last = pl.when(is_binary).then(1).otherwise(pl.col("horizon").replace_strict(dict(PMF_LAST)))
    is_open = pl.col("output_type_id").str.ends_with("+")
    count = pl.col("output_type_id").str.strip_suffix("+").cast(pl.Int64)
    pmf = forecasts.filter(pl.col("output_type") == "pmf").with_columns(count=count, last=last)
    opens = pl.when(is_open).then(pl.col("count")).min().over(_CELL)
    is_full = (opens >= pl.col("last")).fill_null(True)
    told = pmf.with_columns(
        law=pl.when(is_full).then(pl.lit("full")).otherwise(pl.lit("chance")),
        count=pl.min_horizontal("count", pl.when(is_full).then(pl.col("last")).otherwise(1)),
        last=pl.when(is_full).then(pl.col("last")).otherwise(1),
    )
    summed = told.group_by(*_CELL, "law", "last", "count").agg(pl.col("value").sum()).sort(*_CELL, "count")
    cells = summed.group_by(*_CELL, "law", "last", maintain_order=True).agg("count", "value")
    filled = [_filled(*row) for row in cells.select("last", "count", "value").iter_rows()]
    return cells.select(*_CELL, "law").with_columns(pmf=pl.Series(filled, dtype=pl.List(pl.Float64)))


def scored_archive(key: Key, laws: pl.DataFrame, resolutions: pl.DataFrame) -> pl.DataFrame:
    """Score each law whose question is resolved.

    A count of K or more is one category for everybody. Of a mere chance the Brier score alone is taken.

    Parameters
    ----------
    key
        For the randomised PIT; all models share the draw of a question.
    laws, resolutions
        As `written_laws` and `resolve_questions` give them.

    Raises
    ------
    ModelRefused
        If a score is not finite.
    """
    resolved = resolutions.filter(pl.col("state") == "resolved").select(*_QUESTION, "observed", "is_final")
    joined = laws.join(resolved, on=_QUESTION).sort(_CELL)
    length = pl.col("pmf").list.len()
    frames = [_scored(key, part) for part in joined.with_columns(length=length).partition_by("length", "law")]
    return pl.concat(frames).drop("length").sort(_CELL) if frames else pl.DataFrame()


def archive_means(scored: pl.DataFrame) -> pl.DataFrame:
    """Return mean scores and coverage by kind, law, target, window and model; kinds and laws are never mixed."""
    parts = []
    for (kind, law), part in scored.partition_by("kind", "law", as_dict=True, maintain_order=True).items():
        # a round is a round: those that fall on a first Sunday are no set of their own
        means = mean_scores(part.with_columns(is_monthly=pl.lit(value=False)))
        whole = means.filter((pl.col("origins") == "weekly") & (pl.col("period") == "all")).drop("origins", "period")
        parts.append(whole.with_columns(kind=pl.lit(kind), law=pl.lit(law)))
    return pl.concat(parts).select(*_GROUP, pl.exclude(_GROUP)).sort(_GROUP)


def archive_differences(key: Key, scored: pl.DataFrame) -> pl.DataFrame:
    """Return how much lower (negative) or higher each model's mean scores are than the plain rate's.

    Only questions that both answered, in rounds of one kind, enter; figures entered after seeing are set beside the
    plain rate as it was issued, or made late. The central 90 % interval is that of a block bootstrap, with blocks as
    long as the window and at least 13 weeks; it is left out (null) until the rounds fill five blocks.

    Returns
    -------
    pl.DataFrame
        By kind, law, target, window, model and score: `rival_id`, `difference`, `low`, `high`, `n`.
    """
    rivals = _plain_rates(scored)
    paired = scored.join(rivals, on=["kind", *_QUESTION]).filter(pl.col("model_id") != pl.col("rival_id"))
    rows = []
    for cell, part in paired.sort(_CELL).partition_by(_GROUP, as_dict=True, maintain_order=True).items():
        names = SCORES if cell[1] == "full" else ("brier",)
        rows += [(*cell, part["rival_id"][0], *found) for found in _differences(key, part, names)]
    figures = {"difference": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}
    heads = dict.fromkeys([*_GROUP, "rival_id", "score"], pl.String) | {"horizon": pl.Int64}
    return pl.DataFrame(rows, schema={**heads, **figures}, orient="row")


def _filled(last: int, counts: list[int], values: list[float]) -> list[float]:
    pmf = [0.0] * (last + 1)
    for count, value in zip(counts, values, strict=True):
        pmf[count] = value
    return pmf


def _scored(key: Key, part: pl.DataFrame) -> pl.DataFrame:
    pmf = np.array(part["pmf"].to_list())
    observed = np.minimum(part["observed"].to_numpy(), pmf.shape[1] - 1)
    none = np.zeros(len(pmf))
    stacked = StackedPredictives(pmf, none, none)
    below, up_to = stacked.below_and_up_to(observed)
    columns = {
        "chance": 1 - pmf[:, 0],
        "log_score": StackedPredictives(np.maximum(pmf, LEAST_WRITTEN), none, none).log_scores(observed),
        "crps": stacked.crps(observed),
        "brier": (1 - pmf[:, 0] - (observed > 0)) ** 2,
        "pit": below + _uniforms(key, part) * (up_to - below),
        "below": below,
        "up_to": up_to,
    }
    _refuse_unscored(part, columns)
    found = part.drop("pmf").with_columns(**{name: pl.Series(values) for name, values in columns.items()})
    of_law_alone = ["log_score", "crps", "pit", "below", "up_to"]
    return found.with_columns(pl.when(pl.col("law") == "full").then(pl.col(name)) for name in of_law_alone)


def _uniforms(key: Key, part: pl.DataFrame) -> Float[np.ndarray, " forecast"]:
    """One uniform number a question, whoever answers it and whatever else is scored."""
    questions = part.select(_QUESTION).unique().rows()
    drawn = {question: key.child("pit", *map(str, question)).generator().random() for question in questions}
    return np.array([drawn[question] for question in part.select(_QUESTION).rows()])


def _refuse_unscored(part: pl.DataFrame, columns: Mapping[str, np.ndarray]) -> None:
    for name in SCORES:
        wrong = np.flatnonzero(~np.isfinite(columns[name]))
        if len(wrong):
            model_id, target, horizon, day = part.select("model_id", *_QUESTION).row(int(wrong[0]))
            raise ModelRefused(
                f"{name} must be finite, got {columns[name][wrong[0]]} for {model_id}, {target}, {horizon} weeks from "
                f"{day}. Mend that file's probabilities; no mean is taken over it."
            )


def _plain_rates(scored: pl.DataFrame) -> pl.DataFrame:
    """What the plain rate of each target scored, by kind and question."""
    plain = pl.col("target").replace_strict(dict(PLAIN_RATE), return_dtype=pl.String)
    own = scored.filter((pl.col("model_id") == plain) & (pl.col("law") == "full"))
    seen = own.filter(pl.col("kind").is_in(["issued", "made_late"])).sort("kind")
    beside = seen.unique(_QUESTION, keep="first", maintain_order=True).with_columns(kind=pl.lit("after_seeing"))
    return pl.concat([own, beside]).select(
        "kind",
        *_QUESTION,
        pl.col("model_id").alias("rival_id"),
        *(pl.col(name).alias(f"rival_{name}") for name in SCORES),
    )


def _differences(
    key: Key, part: pl.DataFrame, names: tuple[str, ...]
) -> list[tuple[str, float, float | None, float | None, int]]:
    ours = part.select(names).to_numpy()
    apart = ours - part.select(f"rival_{name}" for name in names).to_numpy()
    block = _block(part["reference_date"].to_list(), int(part["horizon"][0]))
    edges: list[tuple[float | None, float | None]] = [(None, None)] * len(names)
    if len(part) >= BLOCKS_NEEDED * block:
        means = block_bootstrap_means(key.child("bootstrap"), apart, block=block)
        edges = [(float(low), float(high)) for low, high in np.quantile(means, _INTERVAL, axis=0).T]
    middles = apart.mean(axis=0)
    return [(name, float(middle), *edge, len(part)) for name, middle, edge in zip(names, middles, edges, strict=True)]


def _block(days: list[dt.date], horizon: int) -> int:
    """Rounds in a block: as many as usually fall into the window, or into 13 weeks if that is longer."""
    gaps = np.diff(np.array(days, dtype="datetime64[D]")).astype(int)
    usual = max(float(np.median(gaps)) / 7, 1.0) if len(gaps) else 1.0
    return int(np.ceil(max(horizon, _SHORTEST_BLOCK_WEEKS) / usual))
