"""Change bytes of the shipped files at random and read them: each must be read or refused, never raise otherwise.

.venv/bin/python benchmarks/fuzz_reader.py [TRIES] [SEED]

Each try takes some lines of one file below its header, changes 1 to 4 places (letters, bytes, a sign that CSV and
Unicode care about, a piece of another file), and reads it. What was read must read back the same once written.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from importlib import resources
from pathlib import Path

from sixparty.chronicle import TABLES
from sixparty.chronicle.export import table_bytes
from sixparty.chronicle.parse import parse_table, read_table
from sixparty.errors import FileRefused

DATA = Path(str(resources.files("sixparty") / "data"))
MOST_LINES = 12
SIGNS = [
    b'"',
    b'""',
    b",",
    b";",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xe2\x80\xa8",
]
SIGNS += [b"\x1a", b"\x85", b"-", b"1e999", b"nan", b"2025-02-30", "한".encode(), "́".encode(), b"=1+1", b"\t", b"\\"]


def main() -> int:
    """Fuzz, and print how many tries were read, refused by row, or refused as a file."""
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    started = time.perf_counter()
    counts = fuzz(tries, seed=seed)
    print(f"{tries} tries, seed {seed}, {time.perf_counter() - started:.0f} s: {dict(sorted(counts.items()))}")
    return 0


def fuzz(tries: int, *, seed: int) -> Counter[str]:
    """Read `tries` changed files and count the outcomes; an error of another kind ends the run with what caused it."""
    draw = random.Random(seed)
    files = {name: (DATA / schema.file).read_bytes() for name, schema in TABLES.items()}
    counts: Counter[str] = Counter()
    for number in range(tries):
        name = draw.choice([name for name, raw in files.items() if raw.count(b"\n") > 1])
        raw = changed(some_lines(files[name], draw), files, draw)
        try:
            counts[outcome(name, raw)] += 1
        except Exception as error:
            raise AssertionError(f"try {number} of seed {seed}, {name}.csv: {raw!r}") from error
    return counts


def outcome(name: str, raw: bytes) -> str:
    """Read a file and say what came of it; what was read must read back the same."""
    schema = TABLES[name]
    try:
        parsed = parse_table(schema, raw)
    except FileRefused:
        return "file refused"
    if parsed.number:
        assert all(fault.file == schema.file and (fault.row or 0) > 1 and fault.got for fault in parsed.faults)
        return "rows refused"
    assert read_table(schema, table_bytes(parsed.table, form="csv")).equals(parsed.table)
    return "read"


def some_lines(raw: bytes, draw: random.Random) -> bytes:
    """Return the header and some consecutive lines."""
    header, *lines = raw.splitlines(keepends=True)
    first = draw.randrange(len(lines))
    return header + b"".join(lines[first : first + draw.randint(1, MOST_LINES)])


def changed(raw: bytes, files: dict[str, bytes], draw: random.Random) -> bytes:
    """Change 1 to 4 places, seldom in the header."""
    for _ in range(draw.randint(1, 4)):
        body = raw.find(b"\n") if draw.random() < 0.98 else 0
        at = draw.randint(min(body, len(raw)), len(raw))
        length = draw.choice([0, 0, 1, 1, 2, 5, 40])
        raw = raw[:at] + new_bytes(files, draw) + raw[at + length :]
    return raw


def new_bytes(files: dict[str, bytes], draw: random.Random) -> bytes:
    """Return nothing, letters, random bytes, a sign that matters, or a piece of a shipped file."""
    kind = draw.random()
    if kind < 0.2:
        return b""
    if kind < 0.45:
        return "".join(chr(draw.randint(32, 126)) for _ in range(draw.choice([1, 1, 1, 3, 20]))).encode()
    if kind < 0.5:
        return draw.randbytes(draw.choice([1, 1, 3]))
    if kind < 0.8:
        return draw.choice(SIGNS)
    piece = draw.choice(list(files.values()))
    start = draw.randrange(len(piece))
    return piece[start : start + draw.randint(1, 60)]


if __name__ == "__main__":
    sys.exit(main())
