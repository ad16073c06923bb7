"""From results to tables: the effects that scenarios may use, and how many of them chance alone would bring."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sixparty.evidence.estimate import SIGNIFICANCE
from sixparty.evidence.run import ClaimResult

EFFECT_COLUMNS = ("effect", "outcome", "estimate", "low", "high", "grade", "verdict", "claim", "design", "record")
"""Columns of ``effects.csv``; estimate, low and high are ratios of rates."""


def effects_table(results: Sequence[ClaimResult], *, digest: str) -> pl.DataFrame:
    """Return one row for each claim with an estimate.

    Parameters
    ----------
    digest
        Digest of the record's rows behind the results.
    """
    rows = [_effect(result, digest) for result in results if result.estimate is not None]
    return pl.DataFrame(rows, schema={name: _kind(name) for name in EFFECT_COLUMNS}, orient="row")


def expected_false_positives(results: Sequence[ClaimResult]) -> float:
    """Return how many of the main estimates would be called different from none by chance if none were."""
    return SIGNIFICANCE * sum(result.estimate is not None for result in results)


def _effect(result: ClaimResult, digest: str) -> tuple[object, ...]:
    test, estimate = result.claim.test, result.estimate
    if test is None or estimate is None:
        raise ValueError("an effect needs a tested claim with an estimate")
    ratio = estimate.ratio
    numbers = (round(ratio.value, 4), round(ratio.low, 4), round(ratio.high, 4))
    words = (test.exposure.words["en"], test.outcome.words["en"])
    return *words, *numbers, result.grade, result.judgement.verdict, result.claim.name, test.design, digest


def _kind(name: str) -> type[pl.DataType]:
    return pl.Float64 if name in ("estimate", "low", "high") else pl.String
