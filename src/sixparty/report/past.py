"""The track record as a page shows it: scores at past origins, beside the plain rate and the strongest rival."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Word = Literal["better", "tie", "worse"]
Lead = Literal["model", "plain", "rival"]


@dataclass(frozen=True)
class Against:
    """One rival at one target and window, at the same origins.

    Parameters
    ----------
    log_score
        Its mean log score.
    difference, low, high
        Our mean log score minus its, with the 90 % interval of a block bootstrap; below zero ours is the better.
    word
        Better, worse, or a tie where the interval holds zero; of ours.
    """

    model_id: str
    log_score: float
    difference: float
    low: float
    high: float
    word: Word


@dataclass(frozen=True)
class PastCell:
    """How our figure fared at one target and window.

    Parameters
    ----------
    n
        Past forecasts scored.
    model_id
        The model that is ours here: the product's own, or the base rate.
    log_score, crps, brier
        Mean scores, lower is better; the Brier score is of the chance of at least one.
    coverage_50, coverage_90
        Shares of randomised PIT values in the central half and nine tenths.
    plain
        The plain rate; None where that is our figure.
    rival
        The rival with the lowest mean log score, the plain rate left out.
    lead
        The figure that page one shows first; None where our figure is a base rate.
    """

    target: str
    horizon: int
    n: int
    model_id: str
    log_score: float
    crps: float
    brier: float
    coverage_50: float
    coverage_90: float
    plain: Against | None
    rival: Against | None
    lead: Lead | None


@dataclass(frozen=True)
class PastPeriod:
    """Past forecasts of one period: `kept` for the years not used for choosing, `all`, or `without_turn`."""

    name: Literal["kept", "all", "without_turn"]
    cells: tuple[PastCell, ...]


@dataclass(frozen=True)
class ReliabilityBin:
    """Past forecasts whose chance lay in one tenth: how many, their mean chance, and how often any event came."""

    n: int
    mean_chance: float
    share_happened: float


@dataclass(frozen=True)
class Reliability:
    """Chances of at least one event of a target within `horizon` weeks, beside how often one came."""

    target: str
    horizon: int
    bins: tuple[ReliabilityBin, ...]


@dataclass(frozen=True)
class Tally:
    """Windows of the modelled targets, counted by how ours compares with the plain rate in the years kept apart.

    Parameters
    ----------
    shown_first
        Windows in which page one shows another figure than ours first.
    """

    windows: int
    better: int
    tie: int
    worse: int
    shown_first: int


@dataclass(frozen=True)
class PastStanding:
    """The shipped track record.

    Parameters
    ----------
    data_version, structures
        Version of the record, and digest of the models' structures, that it was made from.
    first_origin, last_origin, last_outcome
        First and last Sunday forecast from, and the last day whose events were looked up.
    kept_from
        First day of the years not used for choosing.
    origins
        Number of monthly origins.
    rows, rows_by_rule
        Rows of the record with a day of knowledge, and those that carry it by rule.
    command
        The command that makes the scores again.
    tally
        None where the record holds no year that was kept apart.
    """

    data_version: str
    structures: str
    first_origin: dt.date
    last_origin: dt.date
    last_outcome: dt.date
    kept_from: dt.date
    origins: int
    rows: int
    rows_by_rule: int
    command: str
    tally: Tally | None
    periods: tuple[PastPeriod, ...]
    reliability: tuple[Reliability, ...]


@dataclass(frozen=True)
class TrackRecord:
    """Issued forecasts whose windows are over: how many, and whether ours were better than the plain rate.

    Parameters
    ----------
    n_resolved
        Questions that ours and the plain rate answered and that came to a count.
    since
        Reference date of the first.
    better_by_percent, low, high
        By how many per cent our mean log score is below the plain rate's (negative: above), with its 90 % interval;
        the interval is None while there are too few weeks to give one.
    """

    n_resolved: int
    since: dt.date
    better_by_percent: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ArchivedKind:
    """Questions of one kind of round in the archive of this home, by what became of them."""

    kind: str
    asked: int
    open: int
    resolved: int
    void: int


@dataclass(frozen=True)
class ArchiveStanding:
    """What the archive of this home holds; kinds are never added together.

    Parameters
    ----------
    next_close
        Day on which the next open window closes.
    """

    kinds: tuple[ArchivedKind, ...]
    next_close: dt.date | None
