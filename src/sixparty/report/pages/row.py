"""A row's own page: what it says, its sources and what each carries, where it counts, how it was checked, revisions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.chronicle import TABLES
from sixparty.report.messages import Messages
from sixparty.report.page import Page
from sixparty.report.pages.chart import ACCENT, Chart
from sixparty.report.pages.record_words import (
    cell_text,
    column_meaning,
    column_word,
    family_word,
    kind_word,
    party_words,
    row_label,
    value_word,
)
from sixparty.report.pages.site import SitePage, row_link
from sixparty.report.render import language_of
from sixparty.report.wording import write_value
from sixparty.vocabulary import EVENT_TYPES, SPELL_TYPES

_LONG = ("note", "thin", "contested", "ended_by", "trigger")
_COUNTED_TABLES = ("events", "spells", "series", "agreements", "commitments")
_OF_COVERAGE = ("coverage", "recall_checks")
_CITED_SHOWN = 120
_LINKED = ("agreement_id", "row_id", "source_ids", "commitment_id")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_KINDS = {"leaders": "role", "agreements": "kind", "commitments": "domain"}


def row_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: cells with their meaning, sources, uses, checks."""
    found, messages = document["result"], page.messages
    table, row = found["table"], found["row"]
    cells = [_cell(table, name, row[name], messages) for name in row if row[name] is not None]
    return {
        "label": family_word(row["family"], messages) if table == "coverage" else row_label(row, messages),
        "kicker": _kicker(table, row, messages),
        "crumb": "/data/coverage" if table in _OF_COVERAGE else f"/data?family={_family(table, row)}",
        "family_word": family_word(_family(table, row), messages),
        "cells": cells,
        "empty": [column_word(name, messages) for name in row if row[name] is None],
        "sources": [_source(one, found["words"]) for one in found["sources"]],
        "uses": [_use(one, messages) for one in found.get("uses", ())],
        "can_count": table in _COUNTED_TABLES,
        "second": [_second(one, messages) for one in found.get("second_codings", ())],
        "recall": [(one["what_en"], value_word(one["result"], messages)) for one in found.get("recall_checks", ())],
        "clauses": [_clause(one, messages) for one in found.get("clauses", ())],
        "ledger": _ledger(table, row),
        "agreements": [(row_link(one["id"]), row_label(one, messages)) for one in found.get("agreement", ())],
        "years": [_year(one, messages) for one in found.get("implementation", ())],
        "cited": [_cited(one) for one in found.get("cited_by", ())[:_CITED_SHOWN]],
        "cited_rest": max(0, len(found.get("cited_by", ())) - _CITED_SHOWN),
        "action": lambda name: value_word(name, messages),
        "column": lambda name: column_word(name, messages),
        "tongue": _tongue,
    }


def row_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    """Return the line of a series; other rows have no chart."""
    found = document["result"]
    figures = sorted(found.get("figures", ()), key=lambda one: one["period"])
    return (_line(found["row"], figures, messages, document["provenance"]["command"]),) if len(figures) > 1 else ()


def row_trace(key: str) -> str:
    """Return the address on the page that tells how a figure came about."""
    return "#sources"


def _kicker(table: str, row: Mapping[str, Any], messages: Messages) -> str:
    kind = row.get(_KINDS.get(table, "")) or row.get("event_type") or row.get("spell_type")
    parties = row.get("party") or row.get("parties") or row.get("obligors") or row.get("actors")
    parts = [kind_word(_family(table, row), kind, messages), party_words(parties, messages)]
    return " · ".join(part for part in parts if part)


def _family(table: str, row: Mapping[str, Any]) -> str:
    if table == "events":
        return EVENT_TYPES[row["event_type"]].family
    return SPELL_TYPES[row["spell_type"]] if table == "spells" else table


def _cell(table: str, name: str, value: Any, messages: Messages) -> dict[str, Any]:
    known = {column.name: column for column in TABLES[table].columns}
    column = known.get(name)
    text = cell_text(column, value, messages) if column is not None else str(value)
    return {
        "name": name,
        "word": column_word(name if column is not None else f"series_{name}", messages),
        "text": text,
        "meaning": column_meaning(table, name, messages),
        "links": [(row_link(one), one) for one in str(value).split(";")] if name in _LINKED else [],
        "address": value if name in ("address", "archived_url") else None,
        "is_english": name in _LONG or name.endswith("_en"),
        "is_korean": name.endswith("_ko"),
    }


def _ledger(table: str, row: Mapping[str, Any]) -> str | None:
    """Where the promises of an agreement stand together with what became of them."""
    agreement = {"agreements": row.get("id"), "commitments": row.get("agreement_id")}.get(table)
    return f"/commitments?agreement={agreement}" if agreement else None


def _source(source: Mapping[str, Any], words: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "row": source,
        "page": row_link(source["id"]),
        "words": [one for one in words if one["source_id"] == source["id"]],
    }


def _tongue(text: str) -> str:
    """Return the language of a source's own words by their script."""
    written = language_of(text)
    return "ja" if written == "en" and _KANA.search(text) else written


def _use(use: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    """A line that says what counts the row, with where that is explained."""
    kind, name = use["kind"], use["name"]
    if kind == "target":
        return {
            "said": messages["row.counted_in"],
            "name": messages.word("targets", name),
            "at": f"/outlook/{name}",
            "role": "",
        }
    if kind == "index":
        return {"said": messages["row.weighs"], "name": messages["row.index"], "at": "/method/index", "role": ""}
    if kind == "exposure":
        return {
            "said": messages["row.bends"],
            "name": messages.word("row.exposures", name),
            "at": "/method/model",
            "role": "",
        }
    title = use.get(f"title_{messages.language}") or use["title_en"]
    role = messages.word("row.roles", use["role"])
    return {
        "said": messages["row.in_claim"],
        "name": messages.names.apply(title),
        "at": f"/evidence/{name}",
        "role": role,
    }


def _second(one: Mapping[str, Any], messages: Messages) -> list[str]:
    cells = (one["first"], one["second"])
    decision = value_word(one["decision"], messages)
    return [column_word(one["column"], messages), *(str(cell or "–") for cell in cells), decision, one["note"] or ""]


def _clause(one: Mapping[str, Any], messages: Messages) -> dict[str, str]:
    day = write_value(one["status_date"], "date", messages=messages) if one["status_date"] else ""
    status = value_word(one["status"], messages)
    return {
        "clause": one["clause"],
        "at": row_link(one["id"]),
        "label": row_label(one, messages),
        "status": f"{status}, {day}" if day else status,
    }


def _year(one: Mapping[str, Any], messages: Messages) -> list[str]:
    return [str(one["year"]), one["level"], value_word(one["basis"], messages), one["note"]]


def _cited(one: Mapping[str, Any]) -> dict[str, Any]:
    has_page = one["table"] not in ("verifications", "implementation", "completeness")
    return {
        "at": row_link(one["id"]) if has_page else None,
        "label": one["label"] or one["id"],
        "id": one["id"],
        "table": one["table"],
    }


def _line(row: Mapping[str, Any], figures: Sequence[Mapping[str, Any]], messages: Messages, command: str) -> Chart:
    told = [{"period": one["period"], "value": one["value"]} for one in figures]
    top, last = max(told, key=lambda one: float(one["value"])), told[-1]
    names = {"first": told[0]["period"], "last": last["period"], "unit": row["unit"], "series": row["series"]}
    more = {"number": len(told), "value": last["value"], "top": top["value"], "top_period": top["period"]}
    return Chart(
        name="figures",
        spec=_line_spec(told),
        rows=tuple(told),
        heads={name: messages[f"row.chart_{name}"] for name in ("period", "value")},
        title=messages["row.chart_figures"].format(**names),
        caption=messages["row.chart_figures_caption"].format(**names),
        alt=messages["row.chart_figures_alt"].format(**names, **more),
        sources=("series",),
        command=command,
    )


def _line_spec(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    marks = [{"day": f"{row['period']}-01-01"[:10], "value": row["value"]} for row in rows]
    return {
        "data": {"values": marks},
        "width": 700,
        "height": 220,
        "mark": {"type": "line", "color": ACCENT, "point": {"size": 12} if len(marks) < 60 else False},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "grid": False}},
            "y": {"field": "value", "type": "quantitative", "title": None, "axis": {"tickCount": 5}},
        },
    }


PAGE = SitePage(name="row", template="pages/row.html.j2", charts=row_charts, context=row_context, trace=row_trace)
