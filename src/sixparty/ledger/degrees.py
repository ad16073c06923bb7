"""How far each promise was carried out, year by year, on the scale of the Peace Accords Matrix.

Nothing is guessed: a degree follows from the days on which a step was carried out or from the promise's status and its
day, and is `unknown` where the record carries neither.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from sixparty.chronicle.known import last_day
from sixparty.ledger.rates import CONFIDENCE, Rate, rate_of
from sixparty.ledger.seen import agreements_seen, commitments_seen, is_end_told
from sixparty.vocabulary import OTHER_ACTORS, PARTIES

Grade = Literal["none", "minimal", "intermediate", "full", "in_part", "unknown"]
GRADES: tuple[Grade, ...] = ("none", "minimal", "intermediate", "full", "in_part", "unknown")
"""`none` 0, `minimal` 1, `intermediate` 2, `full` 3; `in_part`: 1 or 2, the record does not say which."""

_LEVELS: Mapping[Grade, int] = {"none": 0, "minimal": 1, "intermediate": 2, "full": 3}
_AID = "aid"
_HALF = 0.5


@dataclass(frozen=True)
class Degree:
    """How far one promise had been carried out in one year, as known on the day of the look back.

    Parameters
    ----------
    year, years_since
        Calendar year (KST), and years since that of the signature.
    grade, level
        One of `GRADES`; its number from 0 to 3, None for `in_part` and `unknown`.
    rule
        `coded`: from a row of the table of implementation; `days`: from the days on which the step was carried out;
        `status`: from the promise's status and its day; `no_record`: none of them says.
    basis
        How well that row or status is known: counted, sourced, recalled or inferred; None without one.
    """

    commitment_id: str
    agreement_id: str
    obligors: tuple[str, ...]
    domain: str
    year: int
    years_since: int
    grade: Grade
    level: int | None
    rule: Literal["coded", "days", "status", "no_record"]
    basis: str | None


@dataclass(frozen=True)
class DegreeCount:
    """The promises of one party or domain in one year, by grade.

    Parameters
    ----------
    group
        Code of the party, or the domain.
    grades
        Grade -> promises.
    full, nothing
        Carried out in full, and not at all, out of those whose degree is known (`in_part` counts as known).
    unknown
        Promises of unknown degree, out of all.
    """

    group: str
    year: int
    promises: int
    grades: Mapping[Grade, int]
    full: Rate
    nothing: Rate
    unknown: Rate


def implementation_degrees(
    agreements: pl.DataFrame,
    commitments: pl.DataFrame,
    *,
    as_of: dt.date,
    years: Sequence[int] | None = None,
    coded: pl.DataFrame | None = None,
) -> tuple[Degree, ...]:
    """Say for each promise and year how far it was carried out, as known on `as_of`.

    A row of `coded` for the promise and year comes first. A step that lasts has the share of the year's days on which
    it was carried out, from the signature on or from its term if that falls into the year: none 0, under half 1, half
    or more 2, all 3. A step that was kept in part is `in_part` in such years, unless that status dates from its end:
    then it held whole for a time. Any other promise is read from its status: `kept` is 3 and `lapsed` or `breached` 0
    from the year of that status on, `partly_kept` is `in_part`. A promise without end that was kept, wholly or in part,
    has a degree in the year of that status alone, since nothing says for how long it was kept.
    Aid that had begun and was kept later is `in_part` until then.
    Everything else is `unknown`; a promise that a later text replaced has no degree from that year on.

    Parameters
    ----------
    agreements, commitments
        Tables of the chronicle.
    as_of
        Day (KST); nothing that came later shows. The last year ends on it.
    years
        Calendar years; None is every year from each promise's signature to `as_of`.
    coded
        Table of implementation: degrees read from dated rows, series or reports; None where the record has none.

    References
    ----------
    Joshi, Quinn and Regan 2015, Annualized implementation data on comprehensive intrastate peace accords, 1989-2012,
    J. Peace Research 52, 551-562 (the scale; the rules are ours).
    """
    signed = agreements_seen(agreements, as_of=as_of).select(pl.col("id").alias("agreement_id"), "signed_date")
    seen = commitments_seen(commitments, as_of=as_of).join(signed, on="agreement_id", how="inner")
    seen = seen.with_columns(term=last_day("due_date", "due_precision"))
    told = _coded(coded, as_of=as_of)
    wanted = None if years is None else set(years)
    return tuple(
        _degree(clause, year, as_of=as_of, told=told.get((clause["id"], year)))
        for clause in seen.sort("signed_date", "agreement_id", maintain_order=True).to_dicts()
        for year in _years_owed(clause, as_of=as_of)
        if wanted is None or year in wanted
    )


def count_degrees_by_side(degrees: Iterable[Degree], *, confidence: float = CONFIDENCE) -> tuple[DegreeCount, ...]:
    """Count grades by party and year; a joint promise counts for each side, by the same rule."""
    found = list(degrees)
    groups = [(party, [one for one in found if party in one.obligors]) for party in (*PARTIES, *OTHER_ACTORS)]
    return tuple(_counts(groups, confidence=confidence))


def count_degrees_by_domain(degrees: Iterable[Degree], *, confidence: float = CONFIDENCE) -> tuple[DegreeCount, ...]:
    """Count grades by domain and year; each promise counts once."""
    found = list(degrees)
    domains = sorted({one.domain for one in found})
    groups = [(domain, [one for one in found if one.domain == domain]) for domain in domains]
    return tuple(_counts(groups, confidence=confidence))


def _years_owed(clause: Mapping[str, Any], *, as_of: dt.date) -> range:
    is_replaced = clause["status"] == "superseded"
    last = clause["status_date"].year - 1 if is_replaced else as_of.year
    return range(clause["signed_date"].year, last + 1)


def _coded(table: pl.DataFrame | None, *, as_of: dt.date) -> dict[tuple[str, int], tuple[Grade, str]]:
    """Grade and basis of each promise and year that a row known on the day gives."""
    if table is None:
        return {}
    known = table.filter(pl.col("known_date") <= as_of)
    return {
        (row["commitment_id"], row["year"]): (GRADES[int(row["level"])], row["basis"])
        for row in known.iter_rows(named=True)
    }


def _degree(clause: Mapping[str, Any], year: int, *, as_of: dt.date, told: tuple[Grade, str] | None) -> Degree:
    is_step = clause["held_from"] is not None and clause["step_kind"] != _AID
    derived = _grade_by_days(clause, year, as_of=as_of) if is_step else _grade_by_status(clause, year)
    grade, basis = told or (derived, clause["status_basis"])
    return Degree(
        commitment_id=clause["id"],
        agreement_id=clause["agreement_id"],
        obligors=tuple(clause["obligors"].split(";")),
        domain=clause["domain"],
        year=year,
        years_since=year - clause["signed_date"].year,
        grade=grade,
        level=_LEVELS.get(grade),
        rule="coded" if told else "no_record" if grade == "unknown" else "days" if is_step else "status",
        basis=basis,
    )


def _grade_by_days(clause: Mapping[str, Any], year: int, *, as_of: dt.date) -> Grade:
    """The share of the days of a year, from the signature or the term on, on which a step was carried out."""
    first = max(clause["signed_date"], dt.date(year, 1, 1))
    last = min(as_of, dt.date(year, 12, 31))
    held = _days_shared(clause["held_from"], clause["held_until"] or as_of, first=first, last=last)
    if held == 0:
        return "none"
    if clause["status"] == "partly_kept" and not is_end_told(clause):
        return "in_part"
    owed_from = max(first, clause["term"]) if clause["term"] and clause["term"].year == year else first
    owed = (last - owed_from).days + 1
    held = _days_shared(clause["held_from"], clause["held_until"] or as_of, first=owed_from, last=last)
    return "full" if held == owed else "intermediate" if held >= _HALF * owed else "minimal"


def _days_shared(start: dt.date, end: dt.date, *, first: dt.date, last: dt.date) -> int:
    return max(0, (min(end, last) - max(start, first)).days + 1)


def _grade_by_status(clause: Mapping[str, Any], year: int) -> Grade:
    """What a status says of a year: nothing before its own year, save that aid had begun."""
    status, changed = clause["status"], clause["status_date"]
    if changed is None or year < changed.year:
        begun = clause["held_from"]
        return "in_part" if begun is not None and begun.year <= year else "unknown"
    if status in ("lapsed", "breached"):
        return "none"
    is_told = year == changed.year or clause["duration"] == "once"
    if status == "kept" and is_told:
        return "full"
    return "in_part" if status == "partly_kept" and is_told else "unknown"


def _counts(groups: Iterable[tuple[str, list[Degree]]], *, confidence: float) -> Iterator[DegreeCount]:
    for group, degrees in groups:
        for year in sorted({one.year for one in degrees}):
            yield _count(group, [one.grade for one in degrees if one.year == year], year=year, confidence=confidence)


def _count(group: str, grades: list[Grade], *, year: int, confidence: float) -> DegreeCount:
    counted = {grade: grades.count(grade) for grade in GRADES}
    known = len(grades) - counted["unknown"]
    return DegreeCount(
        group=group,
        year=year,
        promises=len(grades),
        grades=counted,
        full=rate_of(counted["full"], known, confidence=confidence),
        nothing=rate_of(counted["none"], known, confidence=confidence),
        unknown=rate_of(counted["unknown"], len(grades), confidence=confidence),
    )
