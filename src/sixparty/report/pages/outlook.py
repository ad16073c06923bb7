"""Outlook: chances and numbers by window beside plain rates, why they moved, what would move them, past scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sixparty.report.page import Marked, Page, block_of
from sixparty.report.pages.drawing import plain_page
from sixparty.report.pages.outlook_charts import outlook_charts
from sixparty.report.pages.site import SitePage
from sixparty.report.past_rows import (
    BASE_HEADS,
    PAST_HEADS,
    past_heads,
    past_tables,
)
from sixparty.report.trace import Block, trace_blocks

_BLOCKS: tuple[str, ...] = (
    "trace-header",
    "trace-changed",
    "trace-next",
    "trace-signposts",
    "trace-past",
    "trace-trust",
)


def outlook_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: tables of windows, scores, and blocks that explain."""
    forecasts = page.get("result.forecasts")
    modelled = [target for target, cells in forecasts.items() if _has_model(cells)]
    rest = [target for target in forecasts if target not in modelled]
    return {
        "windows": _windows(document, page),
        "modelled": [_line(page, target) for target in modelled],
        "base": [_line(page, target) for target in rest],
        "fit_words": fit_words,
        "past": _past(page) if document["result"].get("past") else None,
        "blocks": [*_brief_blocks(page), *(_forecast_block(page, target) for target in forecasts)],
    }


def outlook_trace(key: str) -> str:
    """Return the address on the page that tells how a figure came about."""
    part = key.removeprefix("result.").split(".")[0]
    sections = {"fits": "#fits", "archive": "#record", "record": "#record"}
    return sections.get(part, f"#{block_of(key)}")


def fit_words(page: Page, row: Mapping[str, Any]) -> Marked:
    """Return how a model is built: its level, what excites it, what moves it."""
    parts = [page.word("fit_levels", row["level"])]
    parts += [page.word(f"fit_{group}", name) for group in ("links", "exposures") for name in row[group]]
    return Marked(", ".join(parts))


def _has_model(cells: Mapping[str, Any]) -> bool:
    return any(cell["has_model"] for cell in cells.values())


def _windows(document: Mapping[str, Any], page: Page) -> list[str]:
    """The lengths of the windows as heads of columns, in words."""
    plain = plain_page(document, page.messages)
    first = next(iter(page.get("result.forecasts").items()), None)
    return (
        [str(plain.say("outlook.window", f"result.forecasts.{first[0]}.{weeks}")) for weeks in first[1]]
        if first
        else []
    )


def _line(page: Page, target: str) -> dict[str, Any]:
    """A target over all windows: its name, and a ready cell for each."""
    cells = page.get(f"result.forecasts.{target}")
    return {
        "target": target,
        "name": page.word("targets", target),
        "kind": page.word("outlook.kinds", next(iter(cells.values()))["kind"]),
        "cells": [_cell(page, f"result.forecasts.{target}.{weeks}", cell) for weeks, cell in cells.items()],
        "episodes": page.num(f"result.forecasts.{target}.{max(cells, key=int)}.episodes", "count"),
    }


def _cell(page: Page, base: str, cell: Mapping[str, Any]) -> dict[str, Any]:
    """The figure to use, its range, and the other one below; `note` says whose figure comes first if not ours."""
    if not cell["has_model"]:
        return {
            "first": _plain(page, base, cell),
            "range": _interval(page, base, cell, "plain_"),
            "second": "",
            "note": "",
        }
    if cell["lead"] == "model":
        second = _worded(page, "outlook.plain", _plain(page, base, cell))
        return {"first": _own(page, base, cell), "range": _interval(page, base, cell, ""), "second": second, "note": ""}
    second = _worded(page, "outlook.model", _own(page, base, cell))
    first = _plain(page, base, cell) if cell["lead"] == "plain" else _rival(page, base, cell)
    note = page.say(f"outlook.lead_{cell['lead']}", base)
    return {"first": first, "range": "", "second": second, "note": note}


def _own(page: Page, base: str, cell: Mapping[str, Any]) -> Marked:
    return page.say("where.range", base) if cell["kind"] == "range" else page.num(f"{base}.model", "chance:short")


def _plain(page: Page, base: str, cell: Mapping[str, Any]) -> Marked:
    return page.say("next.plain_range", base) if cell["kind"] == "range" else page.num(f"{base}.plain", "chance:short")


def _rival(page: Page, base: str, cell: Mapping[str, Any]) -> Marked:
    return page.say("next.rival_range", base) if cell["kind"] == "range" else page.num(f"{base}.rival", "chance:short")


def _interval(page: Page, base: str, cell: Mapping[str, Any], prefix: str) -> Marked | str:
    return page.interval(base, prefix) if cell["kind"] == "probability" else ""


def _worded(page: Page, message: str, figure: Marked) -> Marked:
    """A message with one place for a ready figure."""
    before, _, after = page.messages[message].partition("{}")
    return Marked(f"{page.pen.text(before)}{figure}{page.pen.text(after)}")


def _past(page: Page) -> dict[str, Any]:
    return {
        "heads": past_heads(page, PAST_HEADS),
        "base_heads": past_heads(page, BASE_HEADS),
        "tables": past_tables(page),
    }


def _brief_blocks(page: Page) -> list[Block]:
    return [block for block in trace_blocks(page) if block.id in _BLOCKS]


def _forecast_block(page: Page, target: str) -> Block:
    """How the figures of one target came about, window by window."""
    cells = page.get(f"result.forecasts.{target}")
    first = f"result.forecasts.{target}.{next(iter(cells))}"
    suffix = "" if _has_model(cells) else "_base"
    told = "_record" if page.get("result.record") else "_past" if page.get("result").get("past") else ""
    return Block(
        id=f"trace-forecast-{target}",
        title=page.say("trace.forecast.title", first),
        seen=tuple(_seen(page, target)),
        known=page.say(f"trace.forecast.known{suffix}", first),
        sure=page.say(f"trace.forecast.sure{suffix or told}", first),
        otherwise=page.say("trace.forecast.else", first),
        command=f"sixparty forecast explain {target}",
    )


def _seen(page: Page, target: str) -> Iterator[Marked]:
    for weeks, cell in page.get(f"result.forecasts.{target}").items():
        suffix = "" if cell["has_model"] else "_base"
        yield page.say(f"trace.forecast.seen_{cell['kind']}{suffix}", f"result.forecasts.{target}.{weeks}")


PAGE = SitePage(
    name="outlook",
    template="pages/outlook.html.j2",
    charts=outlook_charts,
    context=outlook_context,
    trace=outlook_trace,
)
