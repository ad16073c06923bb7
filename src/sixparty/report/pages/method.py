"""Method: the list of the texts that ship, by what a reader looks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sixparty.report.messages import Messages
from sixparty.report.page import Page
from sixparty.report.pages.chart import Chart
from sixparty.report.pages.site import SitePage

_GROUPS: Mapping[str, tuple[str, ...]] = {
    "computed": ("index", "model", "forecasts", "ledger", "evidence", "designs-on-dates", "designs-on-rates"),
    "tested": ("model-card", "backtest", "track-record", "model-checks", "evidence-and-literature"),
    "record": ("data-card", "completeness", "second-coding", "known-dates", "reconciliation"),
    "rules": ("glossary", "codebook", "data-dictionary", "targets"),
}
_NUMBER = re.compile(r"^\d+\.? ")
_FOLDERS = {"how-to": "howto", "tutorial": "howto", "decisions": "decisions"}


def method_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: the texts by group."""
    texts = {text["name"]: text for text in document["result"]["texts"]}
    groups = {
        group: [_line(texts[name], page.messages) for name in names if name in texts]
        for group, names in _GROUPS.items()
    }
    placed = {name for names in _GROUPS.values() for name in names}
    for name, text in texts.items():
        if name not in placed:
            groups.setdefault(_FOLDERS.get(text["folder"], "other"), []).append(_line(text, page.messages))
    return {"groups": groups}


def _line(text: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    """A text with what it is about, in the reader's language where we know it, else in its own first sentence."""
    known = messages.table.get(f"method.about.{text['name']}")
    return {
        "at": f"/method/{text['name']}",
        "title": _NUMBER.sub("", text["title"]) if text["folder"] == "decisions" else text["title"],
        "about": known or text["summary"],
        "is_own": known is None,
    }


def method_trace(key: str) -> str:
    """Return the address that tells how a figure came about."""
    return "/method"


def _no_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    return ()


PAGE = SitePage(
    name="method",
    template="pages/method.html.j2",
    charts=_no_charts,
    context=method_context,
    trace=method_trace,
)
