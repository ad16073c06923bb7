"""The pages on completeness, second coding, promises and dates of becoming known show what the record holds now."""

import subprocess
import sys
from pathlib import Path

import pytest

from sixparty.chronicle.completeness import counts_not_as_stated

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    "script",
    [
        "make_completeness.py",
        "make_ledger.py",
        "make_model_checks.py",
        "make_second_coding.py",
        pytest.param("make_sensitivity.py", marks=pytest.mark.slow),
    ],
)
def test_the_page_is_fresh(script):
    done = subprocess.run(
        [sys.executable, f"docs/{script}", "--check"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr


def test_outside_counts_state_what_the_record_holds(chronicle):
    assert counts_not_as_stated(chronicle).is_empty()
