"""A command that is killed while it enters a round loses nothing that was entered and leaves nothing half."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests import archive_writer
from tests.archive_writer import MAKING, enter_round, own_table, round_table

from sixparty.forecast.rounds import digest_of_text, read_archive, read_rounds

AHEAD = 2


def start(hub: Path) -> subprocess.Popen[str]:
    command = [sys.executable, archive_writer.__file__, str(hub)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def kill_at_a_random_moment(writer: subprocess.Popen[str], rng: random.Random) -> int:
    """Let a writer begin, kill it a moment after its first round, and return the last one that it told."""
    writer.stdin.write("go\n")
    writer.stdin.flush()
    first = writer.stdout.readline()
    time.sleep(rng.uniform(0, 0.05))
    writer.send_signal(signal.SIGKILL)
    rest = writer.stdout.read().split()
    writer.wait()
    writer.stdin.close()
    writer.stdout.close()
    assert writer.returncode == -signal.SIGKILL
    return int([first.strip(), *rest][-1])


def check_kills(hub: Path, *, kills: int, seed: int) -> int:
    rng, before, told = random.Random(seed), "", 0
    waiting = [start(hub) for _ in range(min(AHEAD, kills))]
    for done in range(1, kills + 1):
        writer = waiting.pop(0)
        if done + len(waiting) < kills:
            waiting.append(start(hub))
        told = kill_at_a_random_moment(writer, rng)
        book = (hub / "rounds.csv").read_text()
        assert book.startswith(before)
        before = book
        archive = read_archive(hub)
        assert archive.unlisted == ()
        assert len(archive.missing) <= 2
        entered = archive.forecasts.filter(archive.forecasts["model_id"] == "desk-kim")
        assert len(entered) // 2 in (told, told + 1)
    return told


def test_four_kills_at_random_moments_lose_nothing_that_was_entered(tmp_path):
    told = check_kills(tmp_path, kills=4, seed=4)
    for number in (told, told + 1):
        enter_round(tmp_path, round_table(number), MAKING)
    enter_round(tmp_path, own_table(told), MAKING, is_growing=True)
    assert read_archive(tmp_path).missing == ()


@pytest.mark.slow
def test_forty_kills_at_random_moments_lose_nothing_that_was_entered(tmp_path):
    check_kills(tmp_path, kills=40, seed=100)


def test_a_line_without_its_file_is_told_and_the_same_round_completes_it(tmp_path):
    (path, _) = enter_round(tmp_path, round_table(0), MAKING)
    digest = digest_of_text(path.read_text())
    path.unlink()
    assert [line.split(" for ")[0] for line in read_archive(tmp_path).missing] == [path.parent.name]
    enter_round(tmp_path, round_table(0), MAKING)
    assert read_archive(tmp_path).missing == ()
    assert read_rounds(tmp_path)["digest"].to_list().count(digest) == 1
