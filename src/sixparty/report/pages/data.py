"""Data: rows that were searched for or listed, or counts of all families, and what can be taken along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sixparty.chronicle import FAMILIES, TABLES
from sixparty.chronicle.schema import CONFIDENCES
from sixparty.report.messages import Messages
from sixparty.report.page import Page
from sixparty.report.pages.chart import ACCENT, PALE, Chart
from sixparty.report.pages.record_words import family_word, kind_word, party_words, row_label, value_word
from sixparty.report.pages.site import SitePage, row_link
from sixparty.report.wording import write_value
from sixparty.vocabulary import EVENT_TYPES, PARTIES, SPELL_TYPES

BESIDE: tuple[str, ...] = ("leaders", "agreements", "commitments", "series", "sources")
_ASKED = {"family": "family", "type": "kind", "party": "party", "confidence": "confidence"}
_ASKED |= {"from": "first", "to": "last", "sort": "sort"}
_FIRST_YEAR = 1990
_HEADS = ("day", "row", "kind", "parties", "confidence")


def data_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: the form, the rows or the families, the files."""
    spec, result = document["spec"], document["result"]
    is_listed = "found" in result
    return {
        "fields": _fields(spec, page.messages),
        "is_listed": is_listed,
        "is_asked": is_listed or any(spec.get(name) for name in ("first", "last")),
        "heads": [page.messages[f"data.head_{name}"] for name in _HEADS],
        "rows": _rows(page) if is_listed else [],
        "pages": _pages(spec, result) if is_listed else {},
        "csv_query": _query(spec, page=None),
        "families": [] if is_listed else _families(page),
        "beside": [(name, family_word(name, page.messages)) for name in BESIDE],
        "tables": [(name, page.messages.word("data.tables", name)) for name in TABLES],
    }


def data_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    """Return the chart of all families by year; a list of rows has none."""
    result = document["result"]
    rows = [row for row in result["rows"] if "found" not in result and row["year"] >= _FIRST_YEAR]
    return (_years(rows, messages, command=document["provenance"]["command"]),) if rows else ()


def data_trace(key: str) -> str:
    """Return the address on the page that tells how a figure came about."""
    return "/method/codebook" if key.startswith("families") else "#rows"


def _fields(spec: Mapping[str, Any], messages: Messages) -> list[tuple[str, str, Any, Any]]:
    kinds = dict.fromkeys((*EVENT_TYPES, *SPELL_TYPES, *filter(None, (spec.get("kind"),))))
    families = [(name, family_word(name, messages)) for name in (*FAMILIES, *BESIDE)]
    sorts = ("best", "latest", "earliest", "name") if spec.get("words") else ("latest", "earliest", "name")
    options: dict[str, Any] = {
        "family": families,
        "type": [(name, value_word(name, messages)) for name in kinds],
        "party": [(name, messages.word("parties", name)) for name in PARTIES],
        "confidence": [(name, messages.word("data.confidences", name)) for name in CONFIDENCES],
        "from": None,
        "to": None,
        "sort": [(name, messages[f"data.sorts.{name}"]) for name in sorts],
    }
    words = ("q", messages["data.search"], " ".join(spec.get("words", ())), None)
    return [words, *((name, messages[f"data.{name}"], spec.get(_ASKED[name]), options[name]) for name in _ASKED)]


def _query(spec: Mapping[str, Any], *, page: int | None) -> str:
    """The query that asks the same, of this page or of all."""
    words = {"q": " ".join(spec.get("words", ()))} | {name: spec.get(field) for name, field in _ASKED.items()}
    asked = {name: value for name, value in words.items() if value}
    return urlencode(asked | ({"page": page} if page is not None else {}))


def _pages(spec: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, str | None]:
    number, last = result["page"], result["pages"]
    return {
        "previous": _query(spec, page=number - 1) if number > 1 else None,
        "next": _query(spec, page=number + 1) if number < last else None,
    }


def _rows(page: Page) -> list[dict[str, Any]]:
    messages = page.messages
    return [
        {
            # the row's own page, to which its label leads, tells where its day comes from
            "day": write_value(row["date"], "date", messages=messages) if row["date"] else messages["data.undated"],
            "address": row_link(row["id"]),
            "label": row_label(row, messages),
            "kind": kind_word(row["family"], row.get("kind", row.get("type")), messages),
            "parties": party_words(row["parties"], messages),
            "confidence": messages.word("data.confidences", row["confidence"]) if row["confidence"] else "",
        }
        for row in page.get("result.rows")
    ]


def _families(page: Page) -> list[dict[str, Any]]:
    """Each family with its rows and the years between which they lie."""
    rows = page.get("result.rows")
    return [_family(name, [row for row in rows if row["family"] == name], page.messages) for name in FAMILIES]


def _family(name: str, rows: Sequence[Mapping[str, Any]], messages: Messages) -> dict[str, Any]:
    years = [row["year"] for row in rows]
    number = sum(row["rows"] for row in rows)
    return {
        "name": name,
        "word": family_word(name, messages),
        "rows": write_value(number, "count", messages=messages),
        "first": min(years, default=None),
        "last": max(years, default=None),
    }


def _years(rows: Sequence[Mapping[str, Any]], messages: Messages, *, command: str) -> Chart:
    heads = {name: messages[f"data.chart_{name}"] for name in ("family", "year", "rows")}
    told = [
        {"family": family_word(row["family"], messages), "year": row["year"], "rows": row["rows"]}
        for row in sorted(rows, key=lambda row: (FAMILIES.index(row["family"]), row["year"]))
    ]
    fullest = max(told, key=lambda row: row["rows"])
    return Chart(
        name="years",
        spec=_field_of(told, messages),
        rows=tuple(told),
        heads=heads,
        title=messages["data.chart_years"],
        caption=messages["data.chart_years_caption"],
        alt=messages["data.chart_years_alt"].format(**fullest),
        sources=("events", "spells", "calendar"),
        command=command,
        narrow=_field_of(told, messages, width=190, limit=120, step=19),
    )


def _field_of(
    rows: Sequence[Mapping[str, Any]], messages: Messages, *, width: int = 560, limit: int = 220, step: int = 21
) -> dict[str, Any]:
    order = list(dict.fromkeys(row["family"] for row in rows))
    y_axis = {"labelLimit": limit, "ticks": False, "domain": False}
    y = {"field": "family", "type": "nominal", "sort": order, "title": None, "axis": y_axis}
    years = {"values": list(range(_FIRST_YEAR, 2026, 5)), "format": "d", "grid": False, "labelOverlap": True}
    scale = {"range": [PALE, ACCENT, "#0d2438"], "type": "sqrt"}
    return {
        "data": {"values": [dict(row) for row in rows]},
        "width": width,
        "height": {"step": step},
        "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "title": None, "axis": years | {"labelAngle": 0}},
            "y": y,
            "color": {
                "field": "rows",
                "type": "quantitative",
                "scale": scale,
                "legend": {"title": messages["data.chart_rows"], "gradientLength": 120, "tickCount": 3},
            },
        },
    }


PAGE = SitePage(name="data", template="pages/data.html.j2", charts=data_charts, context=data_context, trace=data_trace)
