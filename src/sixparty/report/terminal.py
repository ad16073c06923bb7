"""The brief in a terminal: bottom line, where things stand, what is likely next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sixparty.report.messages import read_messages
from sixparty.report.page import Page, PlainPen
from sixparty.report.render import claim_line

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

_TALLIED = ("promises", "kept", "partly_kept", "breached", "lapsed", "superseded", "open", "unknown")
_HEADS = {"promises": "all", "partly_kept": "short_part", "open": "short_open"}


def brief_terminal(document: Mapping[str, Any], language: str = "en", *, party_names: str | None = None) -> Group:
    """Return a short form of page one that `rich` can print; it fits a line of 80 signs."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    page = Page(document, messages=read_messages(language, party_names), pen=PlainPen())
    marking = page.get("result.header.marking")
    return Group(
        *([Text(marking, style="bold")] if marking else []),
        Text(page.say("mast.title"), style="bold"),
        Text(page.say("mast.week")),
        *([Text(page.messages.names.note, style="dim")] if page.messages.names.note else []),
        Text(_record(page), style="dim"),
        Padding(Text(bottom_line(page)), (1, 0)),
        _where_table(page),
        _next_table(page),
        *(Text(page.say(note), style="dim") for note in _notes(page)),
        *_promise_lines(page),
        *_claim_lines(page),
    )


def bottom_line(page: Page) -> str:
    """The sentences of the bottom line in one paragraph."""
    return " ".join(page.say(line["message"], line["base"]) for line in page.get("result.bottom"))


def _record(page: Page) -> str:
    past = page.say("mast.past") if page.get("result.header.days_past_coverage") else ""
    return page.say("mast.record") + past


def _notes(page: Page) -> list[str]:
    """What the signs in the table of forecasts mean, and how past forecasts fared."""
    past = page.get("result").get("past")
    tally = past and past["tally"]
    return [
        "terminal.note",
        *(["terminal.note_lead"] if tally and tally["shown_first"] else []),
        *(["next.past"] if tally else []),
    ]


def _where_table(page: Page) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=page.say("section.where"), title_justify="left", box=None, pad_edge=False)
    for head in ("where", "observed", "expected", "state"):
        table.add_column(page.say(f"terminal.{head}"), justify="right" if head == "observed" else "left")
    for place, standing in enumerate(page.get("result.where.classes")):
        base = f"result.where.classes.{place}"
        is_covered = standing["state"] != "not_covered"
        is_ranged = is_covered and standing["state"] != "counted"
        cells = [
            page.word("classes", standing["name"]),
            page.num(f"{base}.observed", "count") if is_covered else "",
            page.say("where.range", base) if is_ranged else "",
            page.say(f"where.state.{standing['state']}", base),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _promise_lines(page: Page) -> list[Table | Text]:
    """Promises by party, what is due, and how long steps of all kinds held."""
    from rich.table import Table
    from rich.text import Text

    found = page.get("result").get("promises")
    if found is None:
        return []
    table = Table(title=page.say("promises.title"), title_justify="left", box=None, padding=(0, 1, 0, 0))
    for head in ("party", *_TALLIED, "short_share"):
        table.add_column(page.say(f"promises.{_HEADS.get(head, head)}"), justify="left" if head == "party" else "right")
    for place, side in enumerate(found["sides"]):
        for group in ("every", "alone"):
            if side[group]["promises"]:
                table.add_row(*(Text(cell) for cell in _tally(page, f"result.promises.sides.{place}", group=group)))
    every = [place for place, row in enumerate(found["held"]) if row["kind"] == "all" and row["high_days"]]
    held = [Text(page.say("promises.terminal_held", f"result.promises.held.{place}")) for place in every]
    notes = Text(page.say("promises.terminal_note"), style="dim")
    return [table, notes, Text(page.say("promises.due_none")), *held]


def _claim_lines(page: Page) -> list[Text]:
    """A line for each claim that the week touches, or that there is none."""
    from rich.text import Text

    found = page.get("result").get("claims")
    if found is None:
        return []
    if found["left_out"] or not found["rows"]:
        return [Text(""), Text(page.say("claims.left_out" if found["left_out"] else "claims.none"))]
    lines = (
        page.say(f"claims.{claim_line(row)}", f"result.claims.rows.{place}") for place, row in enumerate(found["rows"])
    )
    return [Text(""), Text(page.say("claims.title"), style="italic"), *(Text(line) for line in lines)]


def _tally(page: Page, base: str, *, group: str) -> list[str]:
    """One line of the table of promises: a party, or what binds it alone."""
    counts, at = page.get(f"{base}.{group}"), f"{base}.{group}"
    cells = {name: page.num(f"{at}.{name}", "count") for name in _TALLIED}
    cells["unknown"] = page.say("promises.short_unknown", at)
    if counts["breached_recalled"]:
        cells["breached"] = page.say("promises.short_breached", at)
    name = (
        page.word("parties_short", page.get(f"{base}.party")) if group == "every" else page.say("promises.short_alone")
    )
    share = page.say("promises.short_share_cell", at) if counts["known"] else page.say("promises.nothing_known")
    return [name, *cells.values(), share]


def _next_table(page: Page) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=page.say("section.next"), title_justify="left", box=None, pad_edge=False)
    table.add_column(page.say("next.target"))
    for place in range(len(page.get("result.next.horizons"))):
        table.add_column(page.say("next.weeks", f"result.next.horizons.{place}"), justify="right")
    for target in page.get("result.next.targets"):
        cells = [_cell(page, target, horizon=window["weeks"]) for window in page.get("result.next.horizons")]
        table.add_row(Text(page.word("targets", target)), *(Text(cell) for cell in cells))
    return table


def _cell(page: Page, target: str, *, horizon: int) -> str:
    """Model and plain rate in one cell, or the base rate alone."""
    base = f"result.forecasts.{target}.{horizon}"
    cell = page.get(f"result.forecasts.{target}").get(str(horizon))
    if cell is None:
        return page.say("missing")
    kind, lead = cell["kind"], cell.get("lead", "model")
    if cell["has_model"] and lead != "model":
        return page.say(f"terminal.{'lead' if lead == 'plain' else 'rival'}_{kind}", base)
    if kind == "range":
        return page.say("terminal.range" if cell["has_model"] else "terminal.base_range", base)
    return page.say("terminal.probability" if cell["has_model"] else "terminal.base_rate", base)
