"""How long steps of a kind held, with those that still hold counted as such, and what ended them."""

from __future__ import annotations

import datetime as dt
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sixparty.ledger.rates import CONFIDENCE
from sixparty.ledger.seen import commitments_seen, is_end_told

NOT_TOLD = "not_told"
"""Stands for the party whose act ended a step where no source tells or where the sides disagree."""
_YEARS = (1, 2, 5, 10)
_DAYS_A_YEAR = 365.25
_ENOUGH = 3
_COMPLETED_NOT_ENDED = "aid"


@dataclass(frozen=True)
class HeldShare:
    """Share of steps that still held after `years`, with its interval.

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
    median_low_days, median_high_days
        Its interval: the days at which the lower and the upper end of the share fall to a half; None where that end
        does not.
    ended_by
        Parties whose act or statement ended steps -> how many, most first; a step that two ended counts for each.
        `not_told` comes last: those of which no source tells, or on which the sides disagree.
    shares
        Share that still held after 1, 2, 5 and 10 years; empty with fewer than three steps.
    """

    kind: str
    steps: int
    ended: int
    median_days: float | None
    median_low_days: float | None
    median_high_days: float | None
    ended_by: Mapping[str, int]
    shares: tuple[HeldShare, ...]


@dataclass(frozen=True)
class Step:
    """A promise that was carried out for a time: from when to when, and what ended it.

    Parameters
    ----------
    commitment_ids
        Clauses of one agreement, of one kind, that were carried out on the same days.
    held_until
        Last day on which it held; None while it holds.
    days
        How long it held, both days counted; up to the day of the look back while it holds.
    ended_by_party, ended_by, contested, basis
        Whose act or statement ended it, which, who says what where parties differ, and how well that is known; empty
        where no status dates from the last day or the day after.
    """

    commitment_ids: tuple[str, ...]
    agreement_id: str
    kind: str
    obligors: tuple[str, ...]
    held_from: dt.date
    held_until: dt.date | None
    days: int
    ended_by_party: tuple[str, ...]
    ended_by: str | None
    contested: str | None
    basis: str | None


def hold_curves(commitments: pl.DataFrame, *, as_of: dt.date, confidence: float = CONFIDENCE) -> tuple[HoldCurve, ...]:
    """Estimate for each kind of step how long it held.

    The product-limit estimate: with $d_i$ steps ended and $n_i$ still holding at length $t_i$,

    $$ S(t) = \\prod_{t_i \\le t} (1 - d_i / n_i). $$

    Steps that held on `as_of` are censored there. Deliveries of aid are left out: they end by being complete. Clauses
    of one kind in one agreement that began and ended on the same days are one step. The interval is Greenwood's on
    the log-log scale; it treats steps as independent, though one act often ends several, so that it is too narrow.
    Where none of $n$ had ended, its lower end is $((1 - c)/2)^{1/n}$ with $c$ the confidence. The median's interval is
    where that of the share crosses a half.

    Parameters
    ----------
    commitments
        Table of the chronicle.
    as_of
        Day (KST) on which one looks back.
    confidence
        Probability that the intervals are meant to hold.

    References
    ----------
    Kaplan and Meier 1958, J. Am. Stat. Assoc. 53, 457-481, equation 2a; Brookmeyer and Crowley 1982, Biometrics 38,
    29-41; Kalbfleisch and Prentice 2002, The Statistical Analysis of Failure Time Data, 2nd edition, section 1.4.
    """
    steps = held_steps(commitments, as_of=as_of)
    kinds = sorted({step.kind for step in steps})
    by_kind = [(kind, tuple(step for step in steps if step.kind == kind)) for kind in kinds]
    return tuple(_curve(kind, own, confidence=confidence) for kind, own in [*by_kind, ("all", steps)])


def held_steps(commitments: pl.DataFrame, *, as_of: dt.date) -> tuple[Step, ...]:
    """List the steps that were carried out for a time, as known on `as_of`, in the order in which they began.

    Deliveries of aid are left out. What ended a step is told by the status of its clause if that status dates from the
    step's last day or the day after.
    """
    begun = commitments_seen(commitments, as_of=as_of).filter(
        pl.col("held_from").is_not_null() & (pl.col("step_kind") != _COMPLETED_NOT_ENDED)
    )
    steps: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for clause in begun.sort("held_from", maintain_order=True).to_dicts():
        days = (clause["agreement_id"], clause["step_kind"], clause["held_from"], clause["held_until"])
        steps.setdefault(days, []).append(clause)
    return tuple(_step(clauses, as_of=as_of) for clauses in steps.values())


def _step(clauses: list[dict[str, Any]], *, as_of: dt.date) -> Step:
    told = next((clause for clause in clauses if is_end_told(clause)), None)
    first = clauses[0]
    last = first["held_until"]
    return Step(
        commitment_ids=tuple(clause["id"] for clause in clauses),
        agreement_id=first["agreement_id"],
        kind=first["step_kind"],
        obligors=tuple(first["obligors"].split(";")),
        held_from=first["held_from"],
        held_until=last,
        days=((last or as_of) - first["held_from"]).days + (last is not None),
        ended_by_party=tuple(told["status_by"].split(";")) if told and told["status_by"] else (),
        ended_by=told["ended_by"] if told else None,
        contested=told["contested"] if told else None,
        basis=told["status_basis"] if told else None,
    )


def _curve(kind: str, steps: tuple[Step, ...], *, confidence: float) -> HoldCurve:
    ended = [step for step in steps if step.held_until is not None]
    by = Counter(party for step in ended for party in step.ended_by_party or (NOT_TOLD,))
    ended_by = dict(sorted(by.items(), key=lambda item: (item[0] == NOT_TOLD, -item[1], item[0])))
    if len(steps) < _ENOUGH:
        return HoldCurve(kind, len(steps), len(ended), None, None, None, ended_by, ())
    days = np.array([step.days for step in steps], dtype=float)
    is_censored = np.array([step.held_until is None for step in steps])
    from scipy import stats  # slow to load, and few commands draw a curve

    curve = stats.ecdf(stats.CensoredData.right_censored(days, is_censored)).sf
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        band = curve.confidence_interval(confidence, method="log-log")
    median, low, high = (_first_at_half(side) for side in (curve, band.low, band.high))
    shares = tuple(
        _held_share(years, still, at=[_at(side, years) for side in (curve, band.low, band.high)], confidence=confidence)
        for years in _YEARS
        if (still := int((days >= years * _DAYS_A_YEAR).sum()))
    )
    return HoldCurve(kind, len(steps), len(ended), median, low, high, ended_by, shares)


def _at(side: Any, years: int) -> float:
    return float(side.evaluate(np.array([years * _DAYS_A_YEAR]))[0])


def _held_share(years: int, still: int, *, at: Sequence[float], confidence: float) -> HeldShare:
    share, low, high = at
    if share == 1.0:
        return HeldShare(years, 1.0, ((1 - confidence) / 2) ** (1 / still), 1.0, still)
    return HeldShare(years, share, low, high, still)


def _first_at_half(side: Any) -> float | None:
    """First day on which a falling function of days has come down to a half."""
    below = np.flatnonzero(side.probabilities <= 0.5)
    return float(side.quantiles[below[0]]) if len(below) else None
