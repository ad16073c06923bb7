"""Time the backtest: from nothing, and again with every chunk kept. Prints JSON; shows no score.

    python benchmarks/backtest.py [--last-origin 2018-12] [--workers 2]

A home folder of its own is made and thrown away; compiled code is made once before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from sixparty.service import BacktestSpec, Home, find_home, run_backtest


def seconds(spec: BacktestSpec, *, home: Home, workers: int) -> float:
    """Run a backtest and return how long it took."""
    started = time.perf_counter()
    run_backtest(spec, home=home, workers=workers)
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first-origin")
    parser.add_argument("--last-origin")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    spec = BacktestSpec(first_origin=arguments.first_origin, last_origin=arguments.last_origin)
    with tempfile.TemporaryDirectory() as folder:
        home = find_home(Path(folder))
        compiled = replace(spec, first_origin="2012-01", last_origin="2012-01", is_monthly_only=True)
        seconds(compiled, home=home, workers=1)
        first = seconds(spec, home=home, workers=arguments.workers)
        again = seconds(spec, home=home, workers=arguments.workers)
    found = {
        "origins": len(spec.days()),
        "workers": arguments.workers,
        "from_nothing_seconds": first,
        "again_seconds": again,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
