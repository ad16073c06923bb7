"""Results of claims that ship were made from the record, the claims and the designs that ship; the page shows them."""

import subprocess
import sys
from pathlib import Path

from sixparty.service.evidence import shipped_claims
from sixparty.service.evidence_results import EFFECTS, RESULTS, evidence_folder, shipped_evidence
from sixparty.service.record import shipped_record

ROOT = Path(__file__).parent.parent.parent
MAKE = "Run `python docs/make_evidence.py --run`."


def test_the_results_are_of_this_record_these_claims_and_these_designs():
    record = shipped_record()
    reason = shipped_evidence().reason_to_leave_out(
        record.digest, as_of=record.coverage_end, record_end=record.coverage_end
    )
    assert reason is None, f"{reason}. {MAKE}"


def test_they_hold_every_claim_and_the_effects_lie_beside_them():
    assert (evidence_folder() / RESULTS).exists(), MAKE
    assert (evidence_folder() / EFFECTS).exists(), MAKE
    assert {claim["claim"] for claim in shipped_evidence().claims} == set(shipped_claims())


def test_the_page_on_claims_is_fresh():
    done = subprocess.run(
        [sys.executable, "docs/make_evidence.py", "--check"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
