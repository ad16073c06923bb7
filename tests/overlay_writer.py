"""A process that changes an overlay again and again until it is killed; it prints each state once that is in force.

Run as ``python overlay_writer.py OVERLAY``, it begins when it is sent a line. State n holds the same number of events
and of sources, each told with n.
"""

import sys
import types
from pathlib import Path

import sixparty

if __name__ == "__main__":
    # the room without its own __init__, which loads tables that no writer needs: two hundred writers start faster
    room = types.ModuleType("sixparty.chronicle")
    room.__path__ = [str(Path(sixparty.__file__).parent / "chronicle")]
    sys.modules["sixparty.chronicle"] = room

from sixparty.chronicle.overlay import Overlay, Revision, only_writer, read_overlay, write_overlay

MOST_ROWS = 7
EVENT = {
    "event_date": "2020-01-01",
    "date_precision": "day",
    "known_date": "2020-01-02",
    "known_basis": "rule",
    "event_type": "nuclear_test",
    "actors": "PRK",
    "weapon_class": "nuclear",
    "confidence": "attested",
    "label_ko": "표지",
}


def state(number: int) -> Overlay:
    """The overlay in its n-th state."""
    events, sources = {}, {}
    for i in range(number % MOST_ROWS + 1):
        events[f"e{i}"] = {**EVENT, "id": f"e{i}", "source_ids": f"s{i}", "label_en": f"state {number}"}
        sources[f"s{i}"] = {"id": f"s{i}", "title": f"state {number}"}
    told = (Revision(str(number), "test", "events", "e0", "change", "a test", ""),)
    return Overlay({"events": events, "sources": sources}, revisions=told)


def number_of(overlay: Overlay) -> int:
    """The number of the state that an overlay claims to be in."""
    return int(overlay.revisions[0].time) if overlay.revisions else 0


def main(folder: Path) -> None:
    """Change the overlay until killed."""
    number = number_of(read_overlay(folder))
    while True:
        number += 1
        with only_writer(folder):
            write_overlay(folder, state(number), command="test", time="2020-01-01")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.stdin.readline()
    main(Path(sys.argv[1]))
