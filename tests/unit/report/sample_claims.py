"""Results of claims with made-up figures, in the shape in which the service gives them."""

from __future__ import annotations

import math
from functools import cache
from types import MappingProxyType
from typing import Any

from sixparty.evidence import (
    TURN,
    VERIFIED,
    WITHOUT_TURN,
    Claim,
    ClaimResult,
    Estimate,
    Judgement,
    Ratio,
    expected_false_positives,
    judge,
)
from sixparty.service.evidence import claim_document, shipped_claims
from sixparty.service.result import answer

MADE_UP = (1.18, 1.62, 0.71, 1.31, 0.94, 2.4)


def estimate(
    value: float, *, reach: float = 1.3, lead: float | None = 1.05, least: float = 1.35, episodes: int = 105
) -> Estimate:
    """An estimate with an interval of `reach` times either way."""
    return Estimate(
        ratio=Ratio(value, value / reach, value * reach),
        p_value=0.21,
        episodes=episodes,
        exposed_days=1260,
        events=252,
        exposed_events=48,
        minimum_detectable=least,
        lead=None if lead is None else Ratio(lead, lead / 1.4, lead * 1.4),
        details=MappingProxyType({"dispersion": 1.42, "harmonics": 2.0}),
    )


def with_estimate(claim: Claim, main: Estimate, checks: dict[str, Estimate] | None = None) -> ClaimResult:
    """The result of a claim with this main estimate; checks are near it unless they are given."""
    assert claim.test is not None
    names = (WITHOUT_TURN, *claim.test.choices)
    near = {name: estimate(main.ratio.value * (0.97 + 0.02 * i), reach=1.36) for i, name in enumerate(names)}
    checks = near if checks is None else checks
    judgement = judge(main, checks, expects=claim.test.expects, smallest=claim.test.smallest)
    not_run = {VERIFIED: "the outcome must have 20 events, got 7. Choose one with more."}
    rows = tuple(f"spl-{number:04d}" for number in range(main.episodes))
    window = (TURN[0].replace(year=1990, month=1), TURN[1].replace(year=2024))
    return ClaimResult(claim, judgement, main, checks, not_run, rows, "B", window)


def untested(claim: Claim) -> ClaimResult:
    """The result of a claim that is not tested on numbers."""
    verdict: Any = "contradicted_by_the_text" if claim.standing == "from_text" else claim.standing
    return ClaimResult(claim, Judgement(verdict, (), None), rows=claim.rows)


def document(*results: ClaimResult, claims: tuple[str, ...] = ("all",)) -> dict[str, Any]:
    """The envelope that `sixparty evidence test` prints."""
    found = {
        "claims": [claim_document(result) for result in results],
        "expected_false_positives": expected_false_positives(results),
    }
    spec = {"claims": list(claims), "as_of": None, "seed": 1}
    command = "sixparty evidence test all"
    return answer("evidence test", spec, found, digest="0123456789abcdef", command=command).document()


@cache
def all_claims() -> dict[str, Any]:
    """Every claim of the product with made-up figures, one of them without an upper end."""
    results = []
    for place, claim in enumerate(shipped_claims().values()):
        if claim.test is None:
            results.append(untested(claim))
        else:
            value, least = MADE_UP[place % len(MADE_UP)], 1.2 + 0.3 * (place % 7)
            results.append(with_estimate(claim, estimate(value, reach=1.2 + 0.1 * (place % 5), least=least)))
    boundless = with_estimate(shipped_claims()["resolutions-stop-tests"], estimate(0.2, reach=9.0, least=math.inf))
    return document(*(boundless if each.claim.name == "resolutions-stop-tests" else each for each in results))


@cache
def one(name: str = "drills-raise-tests", value: float = 1.18) -> dict[str, Any]:
    """One claim with made-up figures."""
    return document(with_estimate(shipped_claims()[name], estimate(value)), claims=(name,))
