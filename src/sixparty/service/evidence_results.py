"""The results of all claims that ship with the product, and what they were made from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sixparty.chronicle import DATA_VERSION
from sixparty.errors import FileRefused
from sixparty.service.files import sha256
from sixparty.service.result import Result

RESULTS, EFFECTS = "evidence.json", "effects.csv"
"""Files of the results that ship: every claim, and the effects that others may use."""

_DIGEST_SIGNS = 16
_RULES = ("evidence", "tension/days.py", "tension/panel.py", "chronicle/selection.py")


@dataclass(frozen=True)
class ShippedEvidence:
    """Results of claims as they ship.

    Parameters
    ----------
    claims
        One entry for each claim, as `evidence test` gives it.
    expected_false_positives
        Main estimates that chance alone would call different from no difference.
    passport
        What they were made from: digests of the record, the claims' files and the designs; seed, versions, command.
    """

    claims: tuple[Mapping[str, Any], ...]
    expected_false_positives: float
    passport: Mapping[str, Any]

    @property
    def is_of_these_rules(self) -> bool:
        """Whether the claims' files and the designs are still those it was made from."""
        told = self.passport.get("claims"), self.passport.get("designs")
        return told == (claims_digest(), designs_digest())

    def fits(self, digest: str, *, seed: int) -> bool:
        """Whether a test of the claims on the record with this digest would find the same."""
        told = self.passport.get("data_digest"), self.passport.get("seed")
        return bool(self.claims) and self.is_of_these_rules and told == (digest, seed)

    def reason_to_leave_out(self, digest: str, *, as_of: dt.date, record_end: dt.date) -> str | None:
        """Say by a key of `claims_left_out` why a brief on the record with this digest cannot show them, or nothing."""
        if not self.claims:
            return "none_shipped"
        if not self.is_of_these_rules:
            return "other_rules"
        if self.passport.get("data_digest") != digest:
            return "other_record"
        return "later_record" if as_of < record_end else None


def shipped_evidence(folder: Path | None = None) -> ShippedEvidence:
    """Read the results that ship with the product, or those of another folder; none if there is no such file.

    Raises
    ------
    FileRefused
        If the file cannot be read.
    """
    path = (folder or evidence_folder()) / RESULTS
    if not path.exists():
        return ShippedEvidence((), 0.0, {})
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return ShippedEvidence(tuple(held["claims"]), held["expected_false_positives"], held["passport"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileRefused(f"{path} must hold claims, expected_false_positives and passport: {error}.") from error


def shipped_form(result: Result) -> dict[str, Any]:
    """Return what `test_claims` found in the form in which it ships: without times."""
    document, told = result.document(), result.provenance
    return {
        "passport": {
            "data_version": DATA_VERSION,
            "data_digest": told.data_digest,
            "package_version": told.package_version,
            "claims": claims_digest(),
            "designs": designs_digest(),
            "seed": told.seed,
            "command": told.command,
        },
        "expected_false_positives": document["result"]["expected_false_positives"],
        "claims": document["result"]["claims"],
    }


def evidence_folder() -> Path:
    """Return the folder of results that ship with the product."""
    return _package() / "results"


def claims_digest() -> str:
    """Return the digest of the claims' files."""
    return _digest((_package() / "claims").glob("*.toml"))


def designs_digest() -> str:
    """Return the digest of the code that turns a claim and a record into a verdict."""
    places = [_package() / name for name in _RULES]
    return _digest(file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place]))


def _digest(files: Iterable[Path]) -> str:
    parts = [path.relative_to(_package()).as_posix().encode() + b"\0" + path.read_bytes() for path in sorted(files)]
    return sha256(b"\0".join(parts))[:_DIGEST_SIGNS]


def _package() -> Path:
    return Path(str(resources.files("sixparty")))
