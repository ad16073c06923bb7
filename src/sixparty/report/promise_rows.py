"""The tables of promises as rows of ready cells, the same for every kind of page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sixparty.report.page import Marked, Page

SIDE_HEADS: tuple[str, ...] = (
    "party",
    "all",
    "kept",
    "partly_kept",
    "breached",
    "breached_own",
    "lapsed",
    "superseded",
    "open",
    "unknown",
    "share",
    "unknown_share",
)
DUE_HEADS: tuple[str, ...] = ("term", "state", "who", "promise", "text")
HELD_HEADS: tuple[str, ...] = ("kind", "steps", "ended", "median", "ended_by")
_COUNTS = ("promises", "kept", "partly_kept", "breached", "breached_own", "lapsed", "superseded", "open", "unknown")


def heads(page: Page, names: tuple[str, ...]) -> list[Marked]:
    """Return the heads of a table."""
    return [page.say(f"promises.{name}") for name in names]


def side_rows(page: Page) -> list[list[Marked]]:
    """Return a row for each party, and a second for what binds it alone if there is any."""
    rows = []
    for place, side in enumerate(page.get("result.promises.sides")):
        for group in ("every", "alone"):
            if side[group]["promises"]:
                base = f"result.promises.sides.{place}.{group}"
                name = page.word("parties", side["party"])
                label = name if group == "every" else Marked(f"{name}, {page.say('promises.alone')}")
                rows.append([label, *_tally(page, base, side[group])])
    return rows


def _tally(page: Page, base: str, counts: Mapping[str, Any]) -> list[Marked]:
    cells = {name: page.num(f"{base}.{name}", "count") for name in _COUNTS}
    if counts["breached_recalled"]:
        cells["breached"] = Marked(cells["breached"] + page.say("promises.from_memory", base))
    share = page.say("promises.share_cell", base) if counts["known"] else page.say("promises.nothing_known")
    return [*cells.values(), share, page.say("promises.unknown_cell", base)]


def due_rows(page: Page) -> list[list[Marked]]:
    """Return a row for each promise that is due or overdue, the earliest first."""
    rows = []
    for place, row in enumerate(page.get("result.promises.due.rows")):
        base = f"result.promises.due.rows.{place}"
        is_late = row["state"] == "overdue"
        rows.append(
            [
                page.num(f"{base}.due_date", "date"),
                page.say("promises.overdue_by", base) if is_late else page.word("states", row["state"]),
                Marked(", ".join(page.word("parties", party) for party in row["obligors"])),
                page.num(f"{base}.label", "label"),
                page.num(f"{base}.agreement", "label:title"),
            ]
        )
    return rows


def held_rows(page: Page) -> list[list[Marked]]:
    """Return a row for each kind of step: how many were begun, how many ended, and the median."""
    rows = []
    for place, row in enumerate(page.get("result.promises.held")):
        base = f"result.promises.held.{place}"
        counts = [page.num(f"{base}.{name}", "count") for name in ("steps", "ended")]
        rows.append(
            [page.word("step_kinds", row["kind"]), *counts, page.say(_median(row), base), _ended_by(page, base)]
        )
    return rows


def _ended_by(page: Page, base: str) -> Marked:
    """Whose act ended steps, and how many."""
    ended = page.get(f"{base}.ended_by")
    names = (
        page.word("ended_by" if row["party"] == "not_told" else "parties", row["party"])
        + " "
        + page.num(f"{base}.ended_by.{place}.steps", "count")
        for place, row in enumerate(ended)
    )
    return Marked(", ".join(names))


def _median(row: Mapping[str, Any]) -> str:
    """The sentence for a median, by which ends of its interval can be told."""
    if row["median_days"] is None:
        return "promises.median_none"
    if row["low_days"] is None:
        return "promises.median_alone"
    return "promises.median_open" if row["high_days"] is None else "promises.median_cell"
