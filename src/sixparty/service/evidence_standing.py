"""Which claims the week's rows touch, for the brief; nothing is tested anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sixparty.chronicle import Chronicle
from sixparty.evidence import Series, Test
from sixparty.report import ClaimsStanding, ClaimTouched
from sixparty.service.evidence import shipped_claims
from sixparty.service.evidence_results import ShippedEvidence
from sixparty.service.look import Look
from sixparty.tension.days import mark_days, selected_days

COMMAND = "sixparty evidence test all"


def claims_standing(shipped: ShippedEvidence, before: Look, now: Look, *, digest: str) -> ClaimsStanding:
    """Return the claims to which the week adds rows of exposure or outcome, with the verdicts that ship.

    Parameters
    ----------
    shipped
        Results that ship.
    before, now
        The record as known a week ago and now.
    digest
        Digest of the whole record that the brief reads.
    """
    dates = now.dates
    left_out = shipped.reason_to_leave_out(digest, as_of=dates.as_of, record_end=dates.coverage_end)
    rows = () if left_out else _touched(shipped, before.chronicle, now.chronicle)
    tested = sum(claim["estimate"] is not None for claim in shipped.claims)
    return ClaimsStanding(left_out, tested, shipped.expected_false_positives, rows, COMMAND)


def _touched(shipped: ShippedEvidence, before: Chronicle, now: Chronicle) -> tuple[ClaimTouched, ...]:
    tests = {name: claim.test for name, claim in shipped_claims().items() if claim.test is not None}
    results = {claim["claim"]: claim for claim in shipped.claims}
    found = (_one(results[name], test, before, now) for name, test in tests.items() if name in results)
    return tuple(row for row in found if row is not None)


def _one(claim: Mapping[str, Any], test: Test, before: Chronicle, now: Chronicle) -> ClaimTouched | None:
    exposure, outcome = (_fresh(series, before, now) for series in (test.exposure, test.outcome))
    if not exposure and not outcome:
        return None
    ratio = claim["estimate"]["ratio"] if claim["estimate"] else dict.fromkeys(("value", "low", "high"))
    return ClaimTouched(
        claim=claim["claim"],
        label_en=claim["title"]["en"],
        label_ko=claim["title"]["ko"],
        verdict=claim["verdict"],
        ratio=ratio["value"],
        low=ratio["low"],
        high=ratio["high"],
        role="both" if exposure and outcome else "exposure" if exposure else "outcome",
        rows=tuple(dict.fromkeys((*exposure, *outcome))),
        command=f"sixparty evidence test {claim['claim']}",
    )


def _fresh(series: Series, before: Chronicle, now: Chronicle) -> tuple[str, ...]:
    """Rows (or days) of a series that are known now and were not a week ago."""
    known = set(_names(before, series))
    return tuple(name for name in _names(now, series) if name not in known)


def _names(chronicle: Chronicle, series: Series) -> tuple[str, ...]:
    """Names of a series' rows, or its days; days that a claim's file lists are never new."""
    if series.mark is not None:
        return mark_days(chronicle, series.mark).ids
    return selected_days(chronicle, series.selection).ids if series.selection is not None else ()
