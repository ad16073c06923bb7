"""How much of what happened the record holds: recall against third sources, two lists that overlap, outside counts.

Nothing here is fitted, and no count is corrected by it: a band stands beside what was found.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.failing import NOTHING_FAILS, found
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.reconcile import Reconciliation
from sixparty.errors import UsageError

HELD = ("found", "misdated")
"""Results of a recall check that say that the record held the act."""


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Recall:
    """How many acts of third sources the record held, and the share with its 95 % interval.

    Parameters
    ----------
    family
        Family of the chronicle, or ``all``.
    is_covered
        Whether the acts lie within the days for which the family is meant to be complete; acts outside are examples.
    held, misdated, checked
        Acts that the record held when they were first looked for; how many of those it held on another day; how many
        were looked for. Acts out of the code book's scope are in none.
    """

    family: str
    is_covered: bool
    held: int
    misdated: int
    checked: int
    share: Interval


@dataclass(frozen=True)
class Band:
    """How many acts there were in a period, beside how many the record holds.

    Parameters
    ----------
    unit
        What is counted.
    basis
        ``outside_count`` or ``two_lists``.
    found
        How many the record holds.
    low, high
        Ends of the band; by two lists that copy the same statements both are too low.
    """

    family: str
    unit: str
    first: dt.date
    last: dt.date
    basis: str
    found: int
    low: float
    high: float
    note: str | None


@dataclass(frozen=True)
class Unit:
    """Something that is counted in the record.

    Parameters
    ----------
    table, day
        Table of the chronicle and its column with the day.
    is_counted
        Which rows count.
    is_days
        Whether days are counted on which there was one, rather than rows.
    """

    table: str
    day: str
    is_counted: pl.Expr
    is_days: bool = False


_LAUNCHES = ("ballistic_launch", "space_launch")
_FLOWN = (*_LAUNCHES, "nuclear_test", "cruise_launch", "rocket_artillery_launch", "air_defence_launch")
_IS_PATROL_SHOT = (pl.col("event_type") == "warning_shots") & pl.col("label_en").str.contains("NLL")
_IS_REFUSE = (pl.col("event_type") == "balloon_release") & (pl.col("act_kind") == "refuse")
UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "days with ballistic or space launches": Unit(
            "events", "event_date", pl.col("event_type").is_in(_LAUNCHES), is_days=True
        ),
        "days with launches or nuclear tests": Unit(
            "events", "event_date", pl.col("event_type").is_in(_FLOWN), is_days=True
        ),
        "warning shots at the NLL": Unit("events", "event_date", _IS_PATROL_SHOT),
        "incidents at the lines": Unit("events", "event_date", pl.col("incident_kind").is_not_null()),
        "waves of balloons with refuse": Unit("events", "event_date", _IS_REFUSE),
        "inter-Korean talks": Unit("spells", "start_date", pl.col("spell_type") == "inter_korean_talks"),
    }
)
"""What completeness.csv counts in the record, by its words; what two lists share is counted from them alone."""


def wilson(held: int, checked: int, *, level: float = 0.95) -> Interval:
    r"""Return a share with Wilson's score interval.

    With :math:`p = k/n` and the normal quantile :math:`z`,

    .. math:: \frac{p + z^2/2n \pm z \sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}.

    Parameters
    ----------
    held, checked
        Successes and trials; at least one trial.
    level
        Confidence level, between 0 and 1.

    References
    ----------
    E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal of the American
    Statistical Association 22 (1927), 209-212.

    Examples
    --------
    >>> share = wilson(46, 50)
    >>> round(share.low, 2), round(share.high, 2)
    (0.81, 0.97)
    """
    if not 0 <= held <= checked or checked == 0:
        raise UsageError(f"a share needs at least one check and no more held than checked, got {held} of {checked}.")
    z, share = _quantile(level), held / checked
    middle = share + z**2 / (2 * checked)
    half = z * math.sqrt(share * (1 - share) / checked + z**2 / (4 * checked**2))
    scale = 1 + z**2 / checked
    return Interval(share, max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale))


def chapman(first: int, second: int, *, both: int, level: float = 0.95) -> Interval:
    r"""Estimate how many acts there were from two lists of which `both` acts stand in both.

    Chapman's estimator, with Seber's variance and Chao's log-normal interval, whose lower end is never below what the
    lists hold between them. For lists of :math:`n_1` and :math:`n_2` acts and :math:`m` in both,

    .. math::

        \hat N = \frac{(n_1+1)(n_2+1)}{m+1} - 1, \quad
        \operatorname{var} = \frac{(n_1+1)(n_2+1)(n_1-m)(n_2-m)}{(m+1)^2(m+2)}, \quad
        \hat f = \hat N - (n_1+n_2-m),

    and the interval is :math:`n_1+n_2-m + \hat f / c` to :math:`n_1+n_2-m + \hat f c` with
    :math:`c = \exp(z \sqrt{\log(1 + \operatorname{var} / \hat f^2)})`. It holds if the lists find acts independently.
    Where both copy the same statements an act that neither could see is missed by both, and the estimate is too low;
    where one holds all that the other holds it adds nothing, and the interval has no width. In whole acts the interval
    runs from the lower end rounded down to the upper end rounded up.

    References
    ----------
    D. G. Chapman, Some properties of the hypergeometric distribution with applications to zoological sample censuses,
    University of California Publications in Statistics 1 (1951), 131-160. G. A. F. Seber, The effects of trap response
    on tag recapture estimates, Biometrics 26 (1970), 13-22. A. Chao, Estimating the population size for
    capture-recapture data with unequal catchability, Biometrics 43 (1987), 783-791.

    Examples
    --------
    >>> band = chapman(50, 40, both=30)
    >>> round(band.low, 1), round(band.estimate, 1), round(band.high, 1)
    (62.3, 66.5, 78.3)
    """
    if not 0 <= both <= min(first, second):
        raise UsageError(f"two lists share at most what the shorter holds, got {both} of {first} and {second}.")
    seen = first + second - both
    unseen = (first - both) * (second - both) / (both + 1)
    if unseen == 0:
        return Interval(seen, seen, seen)
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    factor = math.exp(_quantile(level) * math.sqrt(math.log1p(variance / unseen**2)))
    return Interval(seen + unseen, seen + unseen / factor, seen + unseen * factor)


def _quantile(level: float) -> float:
    if not 0 < level < 1:
        raise UsageError(f"level must lie between 0 and 1, got {level}.")
    return NormalDist().inv_cdf((1 + level) / 2)


def two_lists(found_in: Reconciliation, *, level: float = 0.95) -> Interval:
    """Estimate how many acts there were that both lists set out to hold.

    Acts of one list that lie beyond what the other collects, or perhaps do by their label, are left out on both sides.
    """
    kept = [one for one in found_in.findings if one.reading != "perhaps_beyond"]
    both = sum(one.a is not None and one.b is not None for one in kept)
    only_a = sum(one.kind == "missing_in_b" for one in kept)
    only_b = sum(one.kind == "missing_in_a" for one in kept)
    return chapman(both + only_a, both + only_b, both=both, level=level)


def recall(chronicle: Chronicle) -> tuple[Recall, ...]:
    """Return the share of acts of third sources that the record held: all covered families, then each family.

    Families come in their alphabetical order, within the days for which each is meant to be complete and then outside.
    """
    scope = chronicle["coverage"].select("family", "complete_from", "complete_through")
    checks = chronicle["recall_checks"].filter(pl.col("result") != "out_of_scope").join(scope, on="family", how="left")
    checks = checks.with_columns(
        pl.col("date").is_between("complete_from", "complete_through").fill_null(False).alias("is_covered")
    )
    covered = checks.filter("is_covered")
    if covered.is_empty():
        return ()
    parts = [_recall("all", covered)]
    for (family, is_covered), rows in sorted(
        checks.group_by("family", "is_covered"), key=lambda part: (not part[0][1], part[0][0])
    ):
        parts.append(_recall(str(family), rows, is_covered=bool(is_covered)))
    return tuple(parts)


def _recall(family: str, checks: pl.DataFrame, *, is_covered: bool = True) -> Recall:
    results = checks["result"].to_list()
    held, misdated = sum(result in HELD for result in results), results.count("misdated")
    return Recall(family, is_covered, held, misdated, len(results), wilson(held, len(results)))


def bands(chronicle: Chronicle) -> tuple[Band, ...]:
    """Return every band of completeness.csv, in the order of family, unit and period."""
    table = chronicle["completeness"].sort("family", "unit", "first", "last", "basis")
    return tuple(
        Band(
            family=row["family"],
            unit=row["unit"],
            first=row["first"],
            last=row["last"],
            basis=row["basis"],
            found=row["found"],
            low=row["expected_low"],
            high=row["expected_high"],
            note=row["note"],
        )
        for row in table.iter_rows(named=True)
    )


def count_of(chronicle: Chronicle, unit: str, *, first: dt.date, last: dt.date) -> int:
    """Count a unit in the record from `first` to `last`.

    Raises
    ------
    UsageError
        If `unit` is not one of `UNITS`.
    """
    if unit not in UNITS:
        raise UsageError(f"unit must be one of {', '.join(UNITS)}, got {unit!r}.")
    meant = UNITS[unit]
    rows = chronicle[meant.table].filter(meant.is_counted & pl.col(meant.day).is_between(first, last))
    return rows[meant.day].n_unique() if meant.is_days else rows.height


def counts_not_as_stated(chronicle: Chronicle) -> pl.DataFrame:
    """Outside counts whose unit nothing counts, or whose number found is not what the record holds."""
    failing = [NOTHING_FAILS]
    for row in chronicle["completeness"].filter(pl.col("basis") == "outside_count").iter_rows(named=True):
        line = pl.DataFrame([row], schema=chronicle["completeness"].schema)
        if row["unit"] not in UNITS:
            failing.append(found(line, "completeness", "unit", reason="nothing in the record is counted by this name"))
            continue
        now = count_of(chronicle, row["unit"], first=row["first"], last=row["last"])
        if now != row["found"]:
            failing.append(found(line, "completeness", "found", reason=f"the record holds {now}"))
    return pl.concat(failing)
