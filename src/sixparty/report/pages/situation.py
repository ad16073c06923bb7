"""Situation: where things stand by class, what changed, the index since 1990, contacts, posture, dates ahead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sixparty.report.inputs import CLASS_ORDER
from sixparty.report.page import Marked, Page, block_of
from sixparty.report.pages.site import SitePage
from sixparty.report.pages.situation_charts import pair_name, situation_charts
from sixparty.report.trace import Block, trace_blocks

_BLOCKS: tuple[str, ...] = ("header", "changed", "ahead", "phase", "class-", "index", "trust", "claims")
_CLASSES: tuple[str, ...] = CLASS_ORDER
_OWN: Mapping[str, str] = {"contacts": "contacts", "posture": "posture", "posture_from": "posture"}


def situation_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: tiles, tables and the blocks that explain them."""
    found = document["result"].get("situation")
    return {
        "classes": [_tile(page, place, row) for place, row in enumerate(page.get("result.where.classes"))],
        "contacts": _contact_rows(page) if found else [],
        "contact_heads": _contact_heads(page) if found else [],
        "uncovered": _uncovered(page) if found else "",
        "marks": _mark_rows(page) if found else [],
        "blocks": [*_brief_blocks(page), *(_own_blocks(page) if found else ())],
    }


def situation_trace(key: str) -> str:
    """Return the address on the page that tells how a figure came about."""
    part, _, rest = key.removeprefix("result.").partition(".")
    first = rest.split(".")[0]
    match part:
        case "situation":
            return f"#trace-{_OWN.get(first, 'milestones')}"
        case "expectation":
            return f"#trace-class-{_CLASSES.index(first)}"
        case "interval":
            return "#trace-class-0"
    return f"#{block_of(key)}"


def _tile(page: Page, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """A class in a tile: its figure, what was expected, and the latest event."""
    base = f"result.where.classes.{place}"
    kind = row["state"] if row["state"] in ("counted", "not_covered") else "expected"
    return {
        "name": page.word("class_days", row["name"]),
        "figure": page.say("missing") if kind == "not_covered" else page.num(f"{base}.observed", "count"),
        "is_covered": kind != "not_covered",
        "is_out": row["state"] in ("above", "below"),
        "expected": page.say(f"situation.class_{kind}", base),
        "state": page.say(f"situation.states.{row['state']}", base) if kind == "expected" else "",
        "last": row if row["last_date"] else None,
        "base": base,
    }


def _contact_heads(page: Page) -> list[Marked]:
    first = "result.situation.contacts.0.counts"
    heads = [page.say("situation.table.pair")]
    for place, name in enumerate(("days_91", "year")):
        heads += [page.say(f"situation.table.{name}", f"{first}.{place}"), page.say("situation.table.before")]
    return [
        *heads,
        page.say("situation.table.level"),
        page.say("situation.table.latest"),
        page.say("situation.table.scope"),
    ]


def _contact_rows(page: Page) -> list[dict[str, Any]]:
    """A row for each pair that the record follows: ready cells, and the latest contact to be linked."""
    return [
        {
            "name": pair_name(row["parties"], page.messages),
            "cells": [
                page.num(f"result.situation.contacts.{place}.counts.{span}.{name}", "count")
                for span in range(len(row["counts"]))
                for name in ("now", "before")
            ],
            "levels": _levels(page, place, row),
            "last": row["last"],
            "base": f"result.situation.contacts.{place}.last",
            "scope": page.word("situation.scopes", row["scope"]),
        }
        for place, row in enumerate(page.get("result.situation.contacts"))
        if row["scope"] != "none"
    ]


def _levels(page: Page, place: int, row: Mapping[str, Any]) -> Marked:
    base = f"result.situation.contacts.{place}.counts.{len(row['counts']) - 1}"
    parts = [
        f"{page.word('situation.levels', level)} {page.num(f'{base}.{level}', 'count')}"
        for level in ("leaders", "high", "working")
        if row["counts"][-1][level]
    ]
    return Marked(", ".join(parts)) if parts else page.say("situation.table.none")


def _uncovered(page: Page) -> str:
    pairs = [row["parties"] for row in page.get("result.situation.contacts") if row["scope"] == "none"]
    listed = ", ".join(pair_name(pair, page.messages) for pair in pairs)
    return page.messages["situation.contacts.not_covered"].format(listed) if pairs else ""


def _mark_rows(page: Page) -> list[dict[str, Any]]:
    """Marked days, the latest first."""
    marks = list(enumerate(page.get("result.situation.milestones")))
    return [
        {
            "date": page.num(f"result.situation.milestones.{place}.date", "date"),
            "kind": page.word("situation.milestones", row["kind"]),
            "row_id": row["row_id"],
            "label": page.num(f"result.situation.milestones.{place}.label", "label"),
            "deaths": page.num(f"result.situation.milestones.{place}.deaths", "count") if row["deaths"] else "",
        }
        for place, row in reversed(marks)
    ]


def _brief_blocks(page: Page) -> list[Block]:
    return [block for block in trace_blocks(page) if block.id.removeprefix("trace-").startswith(_BLOCKS)]


def _own_blocks(page: Page) -> list[Block]:
    number = len(page.get("result.situation.milestones"))
    seen = Marked(page.messages["situation.how.milestones.seen"].format(number))
    return [
        _own_block(page, "contacts"),
        _own_block(page, "posture"),
        _own_block(page, "milestones", seen=seen),
    ]


def _own_block(page: Page, name: str, *, seen: Marked | None = None) -> Block:
    key = f"situation.how.{name}"
    return Block(
        id=f"trace-{name}",
        title=page.say(f"{key}.title"),
        seen=(seen or page.say(f"{key}.seen"),),
        known=page.say(f"{key}.known"),
        sure=page.say(f"{key}.sure"),
        otherwise=page.say(f"{key}.else"),
        command=page.get("result.header.command"),
    )


PAGE = SitePage(
    name="situation",
    template="pages/situation.html.j2",
    charts=situation_charts,
    context=situation_context,
    trace=situation_trace,
)
