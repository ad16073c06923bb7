"""Results of claims that are known already, for pages: a request may not wait for a design, so nothing is tested here.

The results that ship fit the shipped record. For any other record, or after a change of claims or designs,
`keep_claims` tests every claim once (some tens of seconds) and keeps what it found in the home's cache.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sixparty import __version__
from sixparty.chronicle import Chronicle
from sixparty.compute import Progress
from sixparty.errors import FileRefused, UsageError
from sixparty.evidence import SIGNIFICANCE
from sixparty.service.evidence import ALL, EvidenceSpec, shipped_claims, test_claims
from sixparty.service.evidence_results import (
    RESULTS,
    ShippedEvidence,
    claims_digest,
    designs_digest,
    shipped_evidence,
    shipped_form,
)
from sixparty.service.files import write_whole
from sixparty.service.home import named_home
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer, digest_of, to_json


def kept_claims(spec: EvidenceSpec, *, home: Path | None = None) -> Result | None:
    """Return what `test_claims` finds for the same question, without testing anything; None if it is not known yet.

    Raises
    ------
    UsageError
        If a claim is none of the product's, or an earlier day is asked for.
    """
    _require_shipped(spec)
    record = open_record(home=home)
    held = _held(record, seed=spec.seed, home=home)
    if held is None:
        return None
    chosen = [claim for claim in held.claims if ALL in spec.claims or claim["claim"] in spec.claims]
    return answer("evidence test", spec, _found(chosen), record=record, command=spec.command(), seed=spec.seed)


def keep_claims(*, seed: int = 1, home: Path | None = None, progress: Progress | None = None) -> None:
    """Test every claim and keep the results in the home's cache, unless they are known for this record already."""
    spec = EvidenceSpec(seed=seed)
    record = open_record(home=home)
    if _held(record, seed=spec.seed, home=home) is None:
        form = shipped_form(test_claims(spec, home=home, progress=progress))
        write_whole(_folder(record, seed=spec.seed, home=home) / RESULTS, to_json(form))


def _require_shipped(spec: EvidenceSpec) -> None:
    known = shipped_claims()
    strange = [name for name in spec.claims if name != ALL and name not in known]
    if strange:
        raise UsageError(f"claim must be one of {', '.join(known)}, got {', '.join(strange)}.")
    if spec.as_of is not None:
        raise UsageError(
            f"results are kept for the whole record alone, got as-of {spec.as_of}. Use `{spec.command()}`."
        )


def _held(record: Chronicle, *, seed: int, home: Path | None) -> ShippedEvidence | None:
    """Results that fit this record, the claims' files, the designs and the seed: those that ship, else those kept."""
    for folder in (None, _folder(record, seed=seed, home=home)):
        try:
            found = shipped_evidence(folder)
        except FileRefused:  # a cache that was cut off is as good as none
            continue
        if found.fits(record.digest, seed=seed):
            return found
    return None


def _folder(record: Chronicle, *, seed: int, home: Path | None) -> Path:
    made_from = digest_of(record.digest, claims_digest(), designs_digest(), __version__, seed)
    return named_home(home).cache / "evidence" / made_from


def _found(claims: list[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "claims": claims,
        "expected_false_positives": SIGNIFICANCE * sum(claim["estimate"] is not None for claim in claims),
        "verdicts": dict(Counter(claim["verdict"] for claim in claims)),
    }
