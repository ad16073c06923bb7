"""Fifty readers on loopback for a minute: how long they wait, whether any answer fails, how much memory it takes.

    python benchmarks/readers.py [--home DIR] [--readers 50] [--seconds 60] [--pause 0.2]

Starts `sixparty serve` on a home (its brief is made first if there is none) and waits until what is made in the
background is there. Each reader then asks for one thing after another: mostly the pages of both languages, else a
drawing, a twin, a row, or a search that nobody made before; between two requests it pauses. Prints JSON.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from sixparty.service import open_record

PAGES = ("/", "/outlook", "/evidence", "/commitments", "/data", "/data/coverage", "/method", "/outlook/nuclear_test")
TWINS = ("/index.json", "/data/coverage.json", "/outlook/nuclear_test.json")
WORDS = ("missile", "summit", "panmunjom", "border", "sanctions", "연평도", "하노이", "russia", "drill", "hotline")
BAD = ("/nothing", "/data?colour=red", "/data?page=-1", "/data/row/none", "/../../etc/passwd", "/data?q=" + "x" * 1900)


@dataclass
class Heard:
    """What one reader met: seconds waited by kind of request, answers that failed, answers of a wrong status."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    bytes: int = 0


def requests(rng: random.Random, rows: list[str], charts: list[str]) -> tuple[str, str, tuple[int, ...]]:
    """Choose what to ask next: its kind, its address, the statuses that are right."""
    draw = rng.random()
    prefix = rng.choice(("", "/ko"))
    if draw < 0.55:
        page = rng.choice(PAGES)
        return "page", f"{prefix}{page}" if page != "/" or not prefix else prefix, (200,)
    if draw < 0.70:
        return "drawing", prefix + rng.choice(charts), (200,)
    if draw < 0.80:
        return "row", f"{prefix}/data/row/{quote(rng.choice(rows))}", (200,)
    if draw < 0.88:
        return "search", f"{prefix}/data?q={quote(rng.choice(WORDS))}&page=1", (200,)
    if draw < 0.95:
        return "twin", rng.choice(TWINS), (200,)
    return "bad", rng.choice(BAD), (400, 404, 414)


def read(port: int, seed: int, *, until: float, pause: float, rows: list[str], charts: list[str], heard: Heard) -> None:
    """Ask for one thing after another until the time is over."""
    rng = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    time.sleep(rng.random() * pause)
    while time.perf_counter() < until:
        kind, address, right = requests(rng, rows, charts)
        started = time.perf_counter()
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            heard.bytes += len(answer.read())
            if answer.status not in right:
                heard.failed.append(f"{answer.status} {address[:80]}")
        except (OSError, http.client.HTTPException) as error:
            heard.failed.append(f"{type(error).__name__} {address[:80]}")
            connection.close()
        heard.waits.setdefault(kind, []).append(time.perf_counter() - started)
        time.sleep(pause * rng.uniform(0.5, 1.5))


def memory_mib(pid: int) -> float:
    """Memory of a process now."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def get(port: int, address: str) -> tuple[int, str]:
    """Ask once; return status and text."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", address)
    answer = connection.getresponse()
    return answer.status, answer.read().decode("utf-8", "replace")


def started(home: str | None) -> tuple[subprocess.Popen[str], int, float]:
    """Start the server; return it, its port, and the seconds until it took requests."""
    words = [sys.executable, "-m", "sixparty", "serve", "--port", "0", "--quiet"] + (["--home", home] if home else [])
    begun = time.perf_counter()
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"})
    assert server.stdout is not None
    line = server.stdout.readline()
    if not line:
        raise SystemExit("the server did not start")
    return server, int(line.rsplit(":", 1)[1].strip("/\n")), time.perf_counter() - begun


def ready(port: int, most: float) -> float | None:
    """Wait until what is made in the background is there; return the seconds it took, None if it took too long."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < most:
        if all(get(port, address)[0] == 200 for address in ("/evidence", "/outlook/nuclear_test")):
            return time.perf_counter() - begun
        time.sleep(2)
    return None


def charts_of(port: int) -> list[str]:
    """Addresses of the drawings of the first pages, without a language."""
    found: list[str] = []
    for page in ("/", "/outlook", "/commitments"):
        text = get(port, page)[1]
        found += [part.split('"')[0] for part in text.split('src="')[1:] if part.startswith("/charts/")]
    for address in found:
        get(port, address)
        get(port, f"/ko{address}")
    return found


def told(waits: list[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    cuts = statistics.quantiles(waits, n=20) if len(waits) > 1 else waits * 19
    return {
        "n": len(waits),
        "p50_ms": 1000 * statistics.median(waits),
        "p95_ms": 1000 * cuts[18],
        "max_ms": 1000 * max(waits),
    }


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--home")
    asked.add_argument("--readers", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--pause", type=float, default=0.2)
    asked.add_argument("--wait", type=float, default=600, help="seconds to wait for what is made in the background")
    args = asked.parse_args()
    started(args.home)[0].send_signal(signal.SIGINT)  # the brief of this home is there from now on
    server, port, start_s = started(args.home)
    try:
        background_s = ready(port, args.wait)
        charts = charts_of(port)
        rows = [row for name in ("events", "spells") for row in open_record()[name]["id"]]
        before, heard = memory_mib(server.pid), [Heard() for _ in range(args.readers)]
        until = time.perf_counter() + args.seconds
        readers = [
            threading.Thread(
                target=read,
                args=(port, seed),
                kwargs={"until": until, "pause": args.pause, "rows": rows, "charts": charts, "heard": one},
            )
            for seed, one in enumerate(heard)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
        after = memory_mib(server.pid)
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(20)
    kinds = sorted({kind for one in heard for kind in one.waits})
    every = {kind: [wait for one in heard for wait in one.waits.get(kind, [])] for kind in kinds}
    failed = [line for one in heard for line in one.failed]
    print(
        json.dumps(
            {
                "start_s": start_s,
                "background_s": background_s,
                "readers": args.readers,
                "seconds": args.seconds,
                "requests": sum(map(len, every.values())),
                "megabytes": sum(one.bytes for one in heard) / 1e6,
                "all": told([wait for waits in every.values() for wait in waits]),
                **{kind: told(waits) for kind, waits in every.items()},
                "failed": len(failed),
                "failures": dict(Counter(failed).most_common(10)),
                "memory_before_mib": before,
                "memory_after_mib": after,
                "exit_code": code,
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
