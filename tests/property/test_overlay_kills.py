"""A command that is killed leaves the overlay as it was before or as it is after, never between."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests import overlay_writer
from tests.conftest import write_chronicle
from tests.kill_examples import killed_writers

from sixparty.chronicle import failing_rows, read_chronicle
from sixparty.chronicle.overlay import Overlay, read_overlay
from sixparty.chronicle.read import overlaid
from sixparty.chronicle.schema import TABLES


def contents(overlay: Overlay) -> tuple[object, ...]:
    """What an overlay holds, written out."""
    tables = tuple(overlay.table_bytes(schema) for schema in TABLES.values())
    return tables, overlay.withdrawn, overlay.revisions, overlay.dismissed


def check_kills(folder: Path, *, kills: int, seed: int) -> set[bool]:
    """Kill writers and check what is left after each; return whether old states were left, new ones, or both."""
    shipped, overlay = read_chronicle(write_chronicle(folder)), folder / "overlay"
    found = set()
    for told in killed_writers(overlay_writer.__file__, overlay, kills=kills, ahead=3, longest=0.03, seed=seed):
        left = read_overlay(overlay)
        number = overlay_writer.number_of(left)
        assert number in (told, told + 1)
        assert contents(left) == contents(overlay_writer.state(number))
        chronicle = overlaid(shipped, left)
        assert set(failing_rows(chronicle)["id"]) <= {"a-source"}  # which no row of the small record cites
        assert chronicle["events"]["label_en"].unique().to_list() == [f"state {number}"]
        found.add(number == told)
    return found


def test_twenty_kills_at_random_moments_leave_the_old_or_the_new_state(tmp_path):
    check_kills(tmp_path, kills=20, seed=20)


@pytest.mark.slow
def test_two_hundred_kills_at_random_moments_leave_the_old_or_the_new_state(tmp_path):
    assert check_kills(tmp_path, kills=200, seed=200) == {True, False}


@pytest.mark.slow
def test_the_command_itself_killed_at_random_moments_leaves_a_whole_event_or_none(tmp_path):
    """`sixparty data add`: after each kill an event has its source and the record passes every check."""
    rng = random.Random(16)
    overlay, done = tmp_path / "overlay", 0
    failing_before = failing_rows(read_chronicle()).height
    for number in range(16):
        line = f"2003-0{number // 4 + 1}-{number % 4 * 7 + 1:02} PRK SRBM https://example.org/{number}"
        command = [sys.executable, "-m", "sixparty", "data", "add", line, "--home", str(tmp_path)]
        writer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_for_the_lock(overlay, writer)
        time.sleep(rng.uniform(0, 1.0))
        writer.kill()
        writer.communicate()
        record = read_chronicle(overlay=overlay)
        events, sources = (len(record.revised.get(name, ())) for name in ("events", "sources"))
        assert events == sources
        assert events in (done, done + 1)
        assert failing_rows(record).height == failing_before
        done = events


def wait_for_the_lock(overlay: Path, writer: subprocess.Popen[bytes]) -> None:
    """Wait until the command begins to change the overlay, told by the time on its lock, or has ended."""
    lock = overlay / "LOCK"
    before = lock.stat().st_mtime_ns if lock.exists() else 0
    while writer.poll() is None and (not lock.exists() or lock.stat().st_mtime_ns == before):
        time.sleep(0.01)
