"""Read files of 100 MB: a sound one, one of junk, one of a single line; say how long it takes and how much memory.

.venv/bin/python benchmarks/big_files.py [MEGABYTES]

Each is read in a process of its own, so that the peak of memory is that of the reader.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sixparty.chronicle import TABLES, read_chronicle
from sixparty.chronicle.export import table_bytes
from sixparty.chronicle.parse import parse_table
from sixparty.errors import FileRefused

MILLION = 1_000_000
KINDS = ("sound", "junk", "one line", "one cell", "other bytes")


def main() -> int:
    """Make each file, read it, and print a line."""
    if len(sys.argv) == 3:
        print(measured(Path(sys.argv[2])))
        return 0
    size = int(sys.argv[1]) * MILLION if len(sys.argv) > 1 else 100 * MILLION
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            path = Path(folder) / "events.csv"
            write(path, kind, size)
            done = subprocess.run(
                [sys.executable, __file__, "read", str(path)], capture_output=True, text=True, check=True
            )
            print(f"{kind}, {path.stat().st_size / MILLION:.0f} MB: {done.stdout.strip()}")
    return 0


def measured(path: Path) -> str:
    """Read a file and say what came of it, in what time, and the peak of memory of this process."""
    schema, raw = TABLES["events"], path.read_bytes()
    started = time.perf_counter()
    try:
        parsed = parse_table(schema, raw)
        outcome = f"{len(parsed.table):,} rows, {parsed.number:,} faults"
    except FileRefused as refused:
        outcome = f"refused: {str(refused)[:70]}"
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{outcome}; {seconds:.1f} s, peak {peak:,.0f} MB"


def write(path: Path, kind: str, size: int) -> None:
    """Write a file of about `size` bytes under the header of events.csv."""
    header, body = table_bytes(read_chronicle()["events"], form="csv").split(b"\n", 1)
    with path.open("wb") as file:
        file.write(header + b"\n")
        if kind == "sound":
            for number in range(size // len(body) + 1):
                lines = (b"%d-%s" % (number, line) for line in body.splitlines(keepends=True))
                file.writelines(lines)
        elif kind == "other bytes":
            file.write(body * (size // len(body)) + b"\xff\n")
        else:
            unit = {"junk": b",".join([b"junk"] * len(TABLES["events"].columns)) + b"\n", "one line": b"junk,"}.get(
                kind, b"junk"
            )
            file.write(unit * (size // len(unit)))


if __name__ == "__main__":
    sys.exit(main())
