"""The brief in a terminal: bottom line, where things stand, what is likely next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sixparty.report.messages import read_messages
from sixparty.report.page import Page, PlainPen

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table


def brief_terminal(document: Mapping[str, Any], language: str = "en") -> Group:
    """Return a short form of page one that `rich` can print; it fits a line of 80 signs."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    page = Page(document, messages=read_messages(language), pen=PlainPen())
    marking = page.get("result.header.marking")
    return Group(
        *([Text(marking, style="bold")] if marking else []),
        Text(page.say("mast.title"), style="bold"),
        Text(page.say("mast.week")),
        Text(_record(page), style="dim"),
        Padding(Text(bottom_line(page)), (1, 0)),
        _where_table(page),
        _next_table(page),
        Text(page.say("terminal.note"), style="dim"),
    )


def bottom_line(page: Page) -> str:
    """The sentences of the bottom line in one paragraph."""
    return " ".join(page.say(line["message"], line["base"]) for line in page.get("result.bottom"))


def _record(page: Page) -> str:
    past = page.say("mast.past") if page.get("result.header.days_past_coverage") else ""
    return page.say("mast.record") + past


def _where_table(page: Page) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(title=page.say("section.where"), title_justify="left", box=None, pad_edge=False)
    for head in ("where", "observed", "expected", "state"):
        table.add_column(page.say(f"terminal.{head}"), justify="right" if head == "observed" else "left")
    for place, standing in enumerate(page.get("result.where.classes")):
        base = f"result.where.classes.{place}"
        is_covered = standing["state"] != "not_covered"
        cells = [
            page.word("classes", standing["name"]),
            page.num(f"{base}.observed", "count") if is_covered else "",
            page.say("where.range", base) if is_covered else "",
            page.say(f"where.state.{standing['state']}", base),
        ]
        table.add_row(*(Text(cell) for cell in cells))
    return table


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
    if cell["kind"] == "range":
        return page.say("terminal.range" if cell["has_model"] else "terminal.base_range", base)
    return page.say("terminal.probability" if cell["has_model"] else "terminal.base_rate", base)
