"""Random bytes in the shipped files; the long run with its counts is `benchmarks/fuzz_reader.py`."""

import pytest
from benchmarks.fuzz_reader import fuzz


def test_shipped_files_with_changed_bytes_are_read_or_refused():
    counts = fuzz(400, seed=20250630)
    assert sum(counts.values()) == 400
    assert min(counts["read"], counts["rows refused"], counts["file refused"]) > 20


@pytest.mark.slow
def test_two_thousand_more_changed_files_are_read_or_refused():
    assert sum(fuzz(2_000, seed=1).values()) == 2_000
