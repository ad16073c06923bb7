import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent


def test_the_tables_of_the_page_on_the_ledger_are_fresh():
    done = subprocess.run(
        [sys.executable, "docs/make_ledger.py", "--check"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, f"run docs/make_ledger.py anew. {done.stderr}"
