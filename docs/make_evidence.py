"""Write the page on claims from the results that ship; with --run, test every claim first.

`python docs/make_evidence.py [--run | --check]`: --run tests all claims on the shipped record (some minutes) and writes
src/sixparty/results/evidence.json and effects.csv; --check compares the page and the results with what they rest on.
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pages import refresh, table

from sixparty.report.evidence_sheet import verdict_line
from sixparty.report.evidence_words import (
    by_verdict,
    check_words,
    interval_words,
    least_words,
    ratio_words,
    read_claim_words,
    reason,
)
from sixparty.service import EvidenceSpec, test_claims, to_json, write_whole
from sixparty.service.evidence_results import EFFECTS, RESULTS, evidence_folder, shipped_evidence, shipped_form
from sixparty.service.record import shipped_record

PAGE = Path(__file__).parent / "explanation" / "evidence.md"
WORDS = read_claim_words("en")
HEAD = ("Claim", "Ratio (95 % interval)", "Episodes", "Outcomes", "Seen from", "Changes with", "Grade")
Claim = Mapping[str, Any]


def main() -> int:
    """Run if asked, then write or compare the page."""
    if "--run" in sys.argv:
        run(evidence_folder())
    shipped = shipped_evidence()
    record = shipped_record()
    stale = shipped.reason_to_leave_out(record.digest, as_of=record.coverage_end, record_end=record.coverage_end)
    if stale and "--check" in sys.argv:
        sys.stderr.write(f"{RESULTS} is not fresh: {stale}. Run python docs/make_evidence.py --run.\n")
        return 4
    return refresh(PAGE, page_parts(shipped.claims, expected=shipped.expected_false_positives))


def run(folder: Path) -> None:
    """Test every claim on the shipped record alone, and write the results and the effects into the folder."""
    with tempfile.TemporaryDirectory() as home:
        result = test_claims(EvidenceSpec(), home=Path(home), effects=folder / EFFECTS)
    write_whole(folder / RESULTS, to_json(shipped_form(result)))


def page_parts(claims: tuple[Claim, ...], *, expected: float) -> dict[str, str]:
    """Return the generated parts of the page by name."""
    return {"summary": summary(claims, expected=expected), "estimates": estimates(claims), "others": others(claims)}


def summary(claims: tuple[Claim, ...], *, expected: float) -> str:
    """Say how many claims there are by verdict, and how many finds chance alone would bring."""
    tested = sum(claim["estimate"] is not None for claim in claims)
    counts = "; ".join(
        f"{WORDS[f'verdict.{verdict}'].lower()} {len(members)}" for verdict, members in by_verdict(claims)
    )
    if not claims:
        return "No results ship with this version."
    return (
        f"{len(claims)} claims: {counts}. {tested} have an estimate; chance alone would call about {expected:.1f} of "
        "these different from no difference."
    )


def estimates(claims: tuple[Claim, ...]) -> str:
    """Write a table of claims for each verdict that rests on an estimate."""
    parts = []
    for verdict, members in by_verdict([claim for claim in claims if claim["estimate"]]):
        parts.append(f"### {WORDS[f'verdict.{verdict}']}\n\n{table(HEAD, [cells(claim) for claim in members])}\n")
    return "\n".join(parts)


def cells(claim: Claim) -> list[str]:
    """Return one claim's cells."""
    estimate = claim["estimate"]
    flips = ", ".join(check_words(name, WORDS) for name in claim["flips"])
    return [
        f"{claim['title']['en']} (`{claim['claim']}`): {claim['text']['en']}",
        f"{ratio_words(estimate['ratio']['value'], WORDS)} ({interval_words(estimate['ratio'], WORDS)})",
        f"{estimate['episodes']:,}",
        f"{estimate['events']:,}",
        least_words(estimate, WORDS),
        flips or "none",
        claim["grade"],
    ]


def others(claims: tuple[Claim, ...]) -> str:
    """List the claims without an estimate, with the reason."""
    chosen = [claim for claim in claims if claim["estimate"] is None]
    rows = [
        [f"{one['title']['en']} (`{one['claim']}`)", verdict_line(one, WORDS), reason(one, WORDS)] for one in chosen
    ]
    return table(("Claim", "Verdict", "Why"), rows)


if __name__ == "__main__":
    sys.exit(main())
