"""How long steps of a kind held, with those that still hold counted as such."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Float
from scipy import stats

from sixparty.ledger.seen import commitments_seen

CONFIDENCE = 0.9
_YEARS = (1, 2, 5, 10)
_DAYS_A_YEAR = 365.25
_ENOUGH = 3
_COMPLETED_NOT_ENDED = "aid"


@dataclass(frozen=True)
class HeldShare:
    """Share of steps that still held after `years`, with its 90 % interval.

    `still` steps were watched that long and held; a year beyond the longest step is left out.
    """

    years: int
    share: float
    low: float
    high: float
    still: int


@dataclass(frozen=True)
class HoldCurve:
    """How long the steps of one kind held.

    Parameters
    ----------
    kind
        Kind of step, or `all`.
    steps, ended
        How many steps were begun, and how many of them had ended.
    median_days
        Days after which half of the steps had ended; None if fewer than half had ended, or fewer than three steps.
    shares
        Share that still held after 1, 2, 5 and 10 years; empty with fewer than three steps.
    """

    kind: str
    steps: int
    ended: int
    median_days: float | None
    shares: tuple[HeldShare, ...]


def hold_curves(commitments: pl.DataFrame, *, as_of: dt.date) -> tuple[HoldCurve, ...]:
    """Estimate for each kind of step how long it held.

    The product-limit estimate: with $d_i$ steps ended and $n_i$ still holding at length $t_i$,

    $$ S(t) = \\prod_{t_i \\le t} (1 - d_i / n_i). $$

    Steps that held on `as_of` are censored there. Deliveries of aid are left out: they end by being complete. Clauses
    of one kind in one agreement that began and ended on the same days are one step. The interval is Greenwood's on
    the log-log scale; it treats steps as independent, though one act often ends several, so that it is too narrow.
    Where none of $n$ had ended, its lower end is $0.05^{1/n}$.

    Parameters
    ----------
    commitments
        Table of the chronicle.
    as_of
        Day (KST) on which one looks back.

    References
    ----------
    Kaplan and Meier 1958, J. Am. Stat. Assoc. 53, 457-481, equation 2a; Kalbfleisch and Prentice 2002, The Statistical
    Analysis of Failure Time Data, 2nd edition, section 1.4.
    """
    steps = _steps(commitments, as_of=as_of)
    kinds = sorted(steps["step_kind"].unique().to_list())
    return (*(_curve(kind, steps.filter(pl.col("step_kind") == kind)) for kind in kinds), _curve("all", steps))


def _steps(commitments: pl.DataFrame, *, as_of: dt.date) -> pl.DataFrame:
    begun = commitments_seen(commitments, as_of=as_of).filter(
        pl.col("held_from").is_not_null() & (pl.col("step_kind") != _COMPLETED_NOT_ENDED)
    )
    once = begun.unique(["agreement_id", "step_kind", "held_from", "held_until"], maintain_order=True)
    last = pl.col("held_until").fill_null(as_of)
    return once.select(
        "step_kind",
        days=(last - pl.col("held_from")).dt.total_days() + pl.col("held_until").is_not_null().cast(pl.Int64),
        has_ended=pl.col("held_until").is_not_null(),
    )


def _curve(kind: str, steps: pl.DataFrame) -> HoldCurve:
    days, has_ended = steps["days"].to_numpy().astype(float), steps["has_ended"].to_numpy()
    ended = int(has_ended.sum())
    if len(days) < _ENOUGH:
        return HoldCurve(kind, len(days), ended, None, ())
    curve = stats.ecdf(stats.CensoredData.right_censored(days, ~has_ended)).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        band = curve.confidence_interval(CONFIDENCE, method="log-log")
    shares = []
    for years in _YEARS:
        day = np.array([years * _DAYS_A_YEAR])
        still = int((days >= day).sum())
        if still:
            share, low, high = (float(side.evaluate(day)[0]) for side in (curve, band.low, band.high))
            shares.append(_held_share(years, share, low=low, high=high, still=still))
    return HoldCurve(kind, len(days), ended, _median(curve.quantiles, curve.probabilities), tuple(shares))


def _held_share(years: int, share: float, *, low: float, high: float, still: int) -> HeldShare:
    if share == 1.0:
        return HeldShare(years, 1.0, ((1 - CONFIDENCE) / 2) ** (1 / still), 1.0, still)
    return HeldShare(years, share, low, high, still)


def _median(days: Float[np.ndarray, " step"], shares: Float[np.ndarray, " step"]) -> float | None:
    below = np.flatnonzero(shares <= 0.5)
    return float(days[below[0]]) if len(below) else None
