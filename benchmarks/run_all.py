"""Time every job that has a budget and write benchmarks/RESULTS.md.

    python benchmarks/run_all.py

Each job runs in a process of its own; the brief runs in an empty home, then again. Ratios are measured side by side
in one run. The figures hold for the machine that the page names.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Timing:
    """Wall-clock seconds and peak memory (MiB) of one process."""

    seconds: float
    peak_mib: float


def timed(words: list[str], **env: str) -> Timing:
    """Run a command to its end and measure it; its own children are counted too."""
    started = time.perf_counter()
    with subprocess.Popen(words, env=os.environ | env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed with {process.returncode}")
    return Timing(time.perf_counter() - started, usage.ru_maxrss / 1024)


def best(words: list[str], *, times: int = 5) -> float:
    """Shortest of several runs, in seconds."""
    return min(timed(words).seconds for _ in range(times))


def script(name: str) -> dict[str, float]:
    """Run a benchmark script and read the JSON it prints."""
    done = subprocess.run([sys.executable, FOLDER / name], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def machine() -> str:
    """Processor, cores and memory, as the system tells them."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def main() -> None:
    """Measure and write."""
    python = sys.executable
    rows = [
        ("`import sixparty`, with the interpreter", f"{best([python, '-c', 'import sixparty']):.2f} s", "0.3 s"),
        ("`sixparty --help`", f"{best([python, '-m', 'sixparty', '--help']):.2f} s", "0.6 s"),
    ]
    with tempfile.TemporaryDirectory() as home:
        brief = [python, "-m", "sixparty", "brief", "--quiet"]
        cold = timed(brief, SIXPARTY_HOME=home, NUMBA_CACHE_DIR=f"{home}/numba")
        again = timed(brief, SIXPARTY_HOME=home, NUMBA_CACHE_DIR=f"{home}/numba")
    rows.append(("brief from nothing: compile, fit, forecast, draw", f"{cold.seconds:.0f} s", "90 s"))
    rows.append(("the same brief again", f"{again.seconds:.1f} s", "8 s"))
    rows.append(("peak memory of the brief", f"{max(cold.peak_mib, again.peak_mib):.0f} MiB", "2 GB"))
    fit = script("fit.py")
    rows.append(("routine fit, five marks, 1,850 weeks, two threads", f"{fit['five_marks_seconds']:.1f} s", "30 s"))
    simulator = script("simulator.py")
    two, one = simulator["two_threads_seconds"], simulator["one_thread_seconds"]
    rows.append(("10,000 ten-year weekly futures, 12 marks, two threads", f"{two:.2f} s", "1.5 s"))
    rows.append(("the same on one thread", f"{one:.2f} s", ""))
    rows.append(("times vectorised NumPy in the same run", f"{simulator['times_numpy_two_threads']:.1f}", "at least 4"))
    lines = ["# Timings", "", f"{machine()}. `make benchmarks` writes this page.", "", "| job | measured | budget |"]
    lines += ["|---|---|---|", *(f"| {job} | {figure} | {budget} |" for job, figure, budget in rows)]
    (FOLDER / "RESULTS.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
