"""Claims put to the test: which there are, what the record says of each, and the effects that others may use."""

from __future__ import annotations

import datetime as dt
import difflib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sixparty.chronicle import as_known
from sixparty.compute import Key, Progress, SilentProgress
from sixparty.errors import UsageError
from sixparty.evidence import (
    Claim,
    ClaimResult,
    Estimate,
    effects_table,
    expected_false_positives,
    read_claim,
    reading,
    test_claim,
)
from sixparty.service.clock import resolve_dates
from sixparty.service.files import write_whole
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer

ALL = "all"
"""Word that asks for every claim."""

_NEAREST = 5
_DIGITS = 6


@dataclass(frozen=True)
class EvidenceSpec:
    """Which claims to test, by what was known on `as_of`.

    Parameters
    ----------
    claims
        Names of claims, or files of one's own (``question.toml``); ``all`` is every claim of the product, beside which
        files may be named.
    as_of
        Day of the look back; None is the record's end.
    seed
        Whole number that every random draw follows from.
    """

    claims: tuple[str, ...] = (ALL,)
    as_of: str | None = None
    seed: int = 1

    def command(self) -> str:
        """Return the command that asks the same."""
        words = ["sixparty", "evidence", "test", *self.claims]
        words += ["--as-of", self.as_of] if self.as_of else []
        words += ["--seed", str(self.seed)] if self.seed != EvidenceSpec.seed else []
        return shlex.join(words)


def shipped_claims() -> dict[str, Claim]:
    """Return every claim of the product by name."""
    folder = resources.files("sixparty") / "claims"
    with resources.as_file(folder) as path:
        found = [read_claim(file) for file in sorted(path.glob("*.toml"))]
    return {claim.name: claim for claim in found}


def list_claims() -> Result:
    """Return every claim in one line: its mechanisms, its title and how it is dealt with."""
    rows = [
        {
            "claim": claim.name,
            "mechanisms": list(claim.mechanisms),
            "standing": claim.standing,
            "design": claim.test.design if claim.test else None,
            "title_en": claim.title["en"],
            "title_ko": claim.title["ko"],
        }
        for claim in shipped_claims().values()
    ]
    return answer("evidence list", {}, {"claims": rows}, record=None, command="sixparty evidence list")


def test_claims(
    spec: EvidenceSpec, *, home: Path | None = None, effects: Path | None = None, progress: Progress | None = None
) -> Result:
    """Test the claims asked for and, if a file is named, write the effects that were estimated.

    Raises
    ------
    UsageError
        If a claim does not exist, or names a design, a mark or words that do not.
    FileRefused
        If a claim's file cannot be read.
    """
    listener = progress or SilentProgress()
    claims = _chosen(spec.claims)
    chronicle = open_record(home=home)
    dates = resolve_dates(chronicle, spec.as_of)
    record = as_known(chronicle, min(dates.as_of, dates.coverage_end)) if spec.as_of else chronicle
    key = Key.from_seed(spec.seed)
    listener.start("testing claims", len(claims))
    results = []
    for claim in claims:
        results.append(test_claim(key.child("evidence"), record, claim))
        listener.advance()
    listener.finish()
    found = {
        "claims": [claim_document(result) for result in results],
        "expected_false_positives": expected_false_positives(results),
        "verdicts": _tally(results),
    }
    made = answer("evidence test", spec, found, record=record, command=spec.command(), seed=spec.seed)
    if effects is not None:
        write_whole(effects, effects_table(results, digest=record.digest).write_csv())
    return made


def claim_document(result: ClaimResult) -> dict[str, Any]:
    """Return one claim's result as plain data."""
    claim, test = result.claim, result.claim.test
    return {
        "claim": claim.name,
        "mechanisms": list(claim.mechanisms),
        "title": dict(claim.title),
        "text": dict(claim.text),
        "made_by": dict(claim.made_by),
        "doubted_by": dict(claim.doubted_by),
        "standing": claim.standing,
        "reason": dict(claim.reason) if claim.reason else None,
        "verdict": result.judgement.verdict,
        "flips": list(result.judgement.flips),
        "lead_passes": result.judgement.lead_passes,
        "grade": result.grade,
        "design": test.design if test else None,
        "expects": test.expects if test else None,
        "smallest": test.smallest if test else None,
        "options": dict(test.options) if test else {},
        "exposure": dict(test.exposure.words) if test else None,
        "outcome": dict(test.outcome.words) if test else None,
        "window": _window(result),
        "estimate": _numbers(result.estimate),
        "checks": {name: _numbers(check) for name, check in result.checks.items()},
        "readings": _readings(result),
        "not_run": dict(result.not_run),
        "rows": list(result.rows),
    }


def _readings(result: ClaimResult) -> dict[str, str]:
    """What the interval of the main estimate and of each check says of the claim."""
    test, estimate = result.claim.test, result.estimate
    if test is None or estimate is None:
        return {}
    return {
        name: reading(each, expects=test.expects, smallest=test.smallest)
        for name, each in {"main": estimate, **result.checks}.items()
    }


def _window(result: ClaimResult) -> dict[str, dt.date] | None:
    return None if result.window is None else {"first": result.window[0], "last": result.window[1]}


def _numbers(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    ratios = {"ratio": asdict(estimate.ratio), "lead": asdict(estimate.lead) if estimate.lead else None}
    found = {**vars(estimate), "details": dict(estimate.details)} | ratios
    return {name: _rounded(value) for name, value in found.items()}


def _rounded(found: Any) -> Any:
    """Figures to six digits: the last ones of sixteen are not the same on every machine, and nobody needs them."""
    if isinstance(found, Mapping):
        return {name: _rounded(value) for name, value in found.items()}
    return float(f"{found:.{_DIGITS}g}") if isinstance(found, float) else found


def _tally(results: Sequence[ClaimResult]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for result in results:
        counts[result.judgement.verdict] = counts.get(result.judgement.verdict, 0) + 1
    return counts


def _chosen(names: Sequence[str]) -> list[Claim]:
    """The claims in the order asked, each once."""
    known = shipped_claims()
    asked = dict.fromkeys(each for name in names for each in (known if name == ALL else (name,)))
    return [_named(name, known) for name in asked]


def _named(name: str, known: Mapping[str, Claim]) -> Claim:
    if name.endswith(".toml"):
        return read_claim(Path(name))
    if name not in known:
        near = difflib.get_close_matches(name, known, n=_NEAREST, cutoff=0.4)
        hint = f"The nearest are {', '.join(near)}." if near else "`sixparty evidence list` prints them."
        raise UsageError(f"claim must be the name of a claim or a .toml file, got {name!r}. {hint}")
    return known[name]
