"""Results of claims that pages may show without testing anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sixparty.errors import UsageError
from sixparty.service import evidence, evidence_kept
from sixparty.service.evidence import EvidenceSpec, shipped_claims
from sixparty.service.evidence_kept import keep_claims, kept_claims
from sixparty.service.evidence_results import ShippedEvidence, shipped_evidence
from sixparty.service.result import Result

NAMES = ("drills-raise-tests", "summit-ended-the-war", "danger-of-nuclear-war")


@pytest.fixture(autouse=True)
def few_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three claims, and none that ship tested."""
    few = {name: shipped_claims()[name] for name in NAMES}
    monkeypatch.setattr(evidence, "shipped_claims", lambda: few)
    monkeypatch.setattr(evidence_kept, "shipped_claims", lambda: few)
    monkeypatch.setattr(evidence_kept, "shipped_evidence", in_homes_alone)


def in_homes_alone(folder: Path | None = None) -> ShippedEvidence:
    return ShippedEvidence((), 0.0, {}) if folder is None else shipped_evidence(folder)


def timeless(result: Result | None) -> dict[str, Any]:
    assert result is not None
    document = result.document()
    del document["provenance"]["generated_at"]
    return document


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_nothing_is_known_of_a_new_home(tmp_path: Path) -> None:
    assert kept_claims(EvidenceSpec(), home=tmp_path) is None


@pytest.mark.parametrize("claims", [("all",), ("drills-raise-tests",), ("danger-of-nuclear-war",)])
def test_what_is_kept_is_what_a_test_finds(home: Path, claims: tuple[str, ...]) -> None:
    keep_claims(home=home)
    spec = EvidenceSpec(claims)
    assert timeless(kept_claims(spec, home=home)) == timeless(evidence.test_claims(spec, home=home))


def test_claims_are_tested_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_claims(home=home)
    monkeypatch.setattr(evidence_kept, "test_claims", None)
    keep_claims(home=home)
    assert kept_claims(EvidenceSpec(), home=home) is not None


def test_another_seed_or_other_designs_are_another_question(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_claims(home=home)
    assert kept_claims(EvidenceSpec(seed=2), home=home) is None
    monkeypatch.setattr(evidence_kept, "designs_digest", lambda: "0")
    assert kept_claims(EvidenceSpec(), home=home) is None


def test_a_file_that_was_cut_off_counts_as_none(home: Path) -> None:
    keep_claims(home=home)
    (path,) = home.rglob("evidence.json")
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:500], encoding="utf-8")
    assert kept_claims(EvidenceSpec(), home=home) is None
    path.write_text(whole, encoding="utf-8")


def test_only_claims_of_the_product_on_the_whole_record_are_kept(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="claim must be one of"):
        kept_claims(EvidenceSpec(("mine.toml",)), home=tmp_path)
    with pytest.raises(UsageError, match="whole record alone"):
        kept_claims(EvidenceSpec(as_of="2019-01-01"), home=tmp_path)


def test_figures_are_given_to_six_digits(home: Path) -> None:
    keep_claims(home=home)
    document = timeless(kept_claims(EvidenceSpec(("drills-raise-tests",)), home=home))
    ratio = document["result"]["claims"][0]["estimate"]["ratio"]
    assert all(value == float(f"{value:.6g}") for value in ratio.values())
