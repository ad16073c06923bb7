"""Coverage: from when to when each family is complete, how well it is known, where it is thin, how that was checked."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.chart import ACCENT, Chart
from sixparty.report.pages.record_words import column_word, family_word
from sixparty.report.pages.site import SitePage, row_link
from sixparty.report.wording import write_value

_GRADES = ("verified", "attested", "recalled")
_FIRST = "1990-01-01"
_LIGHT = "#9fb8cf"


def coverage_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: ready rows of every table of the page."""
    found = document["result"]
    second = found["second_coding"]
    return {
        "families": [_family(page, place, row) for place, row in enumerate(found["families"])],
        "tables": [_table(page, place, row) for place, row in enumerate(found["tables"])],
        "recall": [_recall(page, place, row) for place, row in enumerate(found["recall"])],
        "bands": [_band(row, page.messages) for row in found["completeness"]],
        "coded": [_coded(row, page.messages) for row in second["columns"]],
        "has_misdated": "misdated" in second,
        "has_reopened": "failed_second_opening" in second,
    }


def coverage_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    """Return the bars of complete days."""
    families = document["result"]["families"]
    return (_bars(families, messages, command=document["provenance"]["command"]),) if families else ()


def coverage_trace(key: str) -> str:
    """Return the address that tells how a figure came about."""
    part = key.removeprefix("result.").partition(".")[0]
    pages = {"recall": "/method/completeness", "completeness": "/method/completeness"}
    return pages.get(part, "/method/second-coding" if part == "second_coding" else "/method/data-card")


def _family(page: Page, place: int, row: Mapping[str, Any]) -> dict[str, Any]:
    base, messages = f"result.families.{place}", page.messages
    return {
        "at": f"/data?family={row['family']}",
        "word": family_word(row["family"], messages),
        "days": [page.num(f"{base}.{name}", "date") for name in ("complete_from", "complete_through")],
        "counts": _counts(page, base, row),
        "thin": messages.known("thin", row["family"], text=row["thin"]) if row["thin"] else messages["cover.no_thin"],
        "is_known": bool(row["thin"]) and f"thin.{row['family']}" in messages,
        "row": row_link(row["family"]),
    }


def _counts(page: Page, base: str, row: Mapping[str, Any]) -> list[Marked | str]:
    counts: list[Marked | str] = [page.num(f"{base}.{name}", "count") for name in ("rows", *_GRADES)]
    return [*counts, _share(row["share_verified"], page.messages)]


def _share(share: float | None, messages: Messages) -> str:
    """Whole per cent, rounded down as on the data card, so that only all is all."""
    return "" if share is None else write_value(math.floor(100 * share) / 100, "percent", messages=messages)


def _table(page: Page, place: int, row: Mapping[str, Any]) -> list[Any]:
    return [family_word(row["table"], page.messages), *_counts(page, f"result.tables.{place}", row)]


def _recall(page: Page, place: int, row: Mapping[str, Any]) -> list[Any]:
    messages, base = page.messages, f"result.recall.{place}"
    name = messages["site.any"] if row["family"] == "all" else family_word(row["family"], messages)
    side = messages["cover.recall_inside" if row["is_covered"] else "cover.recall_outside"]
    counts = [page.num(f"{base}.{one}", "count") for one in ("held", "checked", "misdated")]
    share = Marked(f"{page.num(f'{base}.share.estimate', 'percent')} ({_range(row['share'], messages)})")
    return [f"{name}, {side}", *counts, share]


def _range(share: Mapping[str, Any], messages: Messages) -> str:
    low, high = (write_value(share[end], "percent:bare", messages=messages) for end in ("low", "high"))
    return f"{low}–{high}"


def _band(row: Mapping[str, Any], messages: Messages) -> list[Marked | str]:
    period = "–".join(sorted({str(row[end])[:4] for end in ("first", "last")}))
    band = "–".join(dict.fromkeys(write_value(row[end], "count", messages=messages) for end in ("low", "high")))
    found = write_value(row["found"], "count", messages=messages)
    basis = messages.word("cover.bases", row["basis"])
    unit, note = (_english(row[name] or "", messages) for name in ("unit", "note"))
    return [unit, period, found, band, basis, note]


def _english(text: str, messages: Messages) -> Marked | str:
    """Say of a text of the record that it is English where the page is not."""
    is_foreign = text and messages.language != "en"
    return Marked(f'<span lang="en">{html.escape(text)}</span>') if is_foreign else text


def _coded(row: Mapping[str, Any], messages: Messages) -> list[str]:
    kappa = row["kappa"]
    told = "–" if kappa is None else f"{kappa['estimate']:.2f} ({kappa['low']:.2f}–{kappa['high']:.2f})"
    return [column_word(row["name"], messages), str(row["cells"]), str(row["agreed"]), told]


def _bars(families: Sequence[Mapping[str, Any]], messages: Messages, *, command: str) -> Chart:
    told = [
        {
            "family": family_word(row["family"], messages),
            "first": str(row["complete_from"]),
            "last": str(row["complete_through"]),
            "share": row["share_verified"],
        }
        for row in families
    ]
    latest = max(told, key=lambda row: row["first"])
    day = write_value(latest["first"], "date", messages=messages)
    return Chart(
        name="coverage",
        spec=_bar_spec(told, messages, width=520, limit=220),
        rows=tuple(told),
        heads={name: messages[f"cover.chart_{name}"] for name in ("family", "first", "last", "share")},
        title=messages["cover.chart"],
        caption=messages["cover.chart_caption"],
        alt=messages["cover.chart_alt"].format(family=latest["family"], first=day),
        sources=("coverage",),
        command=command,
        narrow=_bar_spec(told, messages, width=170, limit=125),
    )


def _bar_spec(rows: Sequence[Mapping[str, Any]], messages: Messages, *, width: int, limit: int) -> dict[str, Any]:
    shown = [dict(row) | {"begin": max(row["first"], _FIRST)} for row in rows]
    order = [row["family"] for row in rows]
    y_axis = {"labelLimit": limit, "ticks": False, "domain": False}
    y = {"field": "family", "type": "nominal", "sort": order, "title": None, "axis": y_axis}
    x = {"field": "begin", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": 5}}
    share = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1], "range": [_LIGHT, ACCENT]}}
    legend = {"title": messages["cover.chart_share"], "format": "%", "gradientLength": 110, "tickCount": 3}
    return {
        "data": {"values": shown},
        "width": width,
        "height": {"step": 20},
        "mark": {"type": "bar", "height": 11},
        "encoding": {"x": x, "x2": {"field": "last"}, "y": y, "color": share | {"legend": legend}},
    }


PAGE = SitePage(
    name="coverage",
    template="pages/coverage.html.j2",
    charts=coverage_charts,
    context=coverage_context,
    trace=coverage_trace,
)
