"""Killing a process that writes, at a random moment after its first change."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path


def killed_writers(script: str, folder: Path, *, kills: int, ahead: int, longest: float, seed: int) -> Iterator[int]:
    """Start writers of `folder`, kill each up to `longest` seconds after its first change; give what it told last.

    `ahead` of them are started before their turn, so that the time of importing is not waited for. The next one is let
    go only once the caller has looked at what the last one left.
    """
    rng = random.Random(seed)
    waiting = [_started(script, folder) for _ in range(min(ahead, kills))]
    for done in range(1, kills + 1):
        writer = waiting.pop(0)
        if done + len(waiting) < kills:
            waiting.append(_started(script, folder))
        yield _killed(writer, rng, longest=longest)


def _started(script: str, folder: Path) -> subprocess.Popen[str]:
    """Start a writer that waits for a line before it begins."""
    command = [sys.executable, script, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _killed(writer: subprocess.Popen[str], rng: random.Random, *, longest: float) -> int:
    writer.stdin.write("go\n")
    writer.stdin.flush()
    first = writer.stdout.readline()
    time.sleep(rng.uniform(0, longest))
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait()
    writer.stdin.close()
    writer.stdout.close()
    assert writer.returncode == -signal.SIGKILL
    return int([first.strip(), *rest][-1])
