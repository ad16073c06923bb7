"""Reconciliation: the report that ships, on the two public lists and the chronicle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sixparty.report.messages import Messages
from sixparty.report.page import Page
from sixparty.report.pages.chart import Chart
from sixparty.report.pages.site import SitePage

_NUMERIC = {"by_kind": (1, 2, 3), "by_year": (1, 2, 3, 4, 5, 6)}
_WHOLE = {"misdated": (1, 2, 3, 4), "classed": (1,), "in_one_alone": (1,)}


def reconciliation_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: heads, titles, columns of numbers and days."""
    tables = document["result"]["tables"]
    return {
        "numeric": {one["name"]: _NUMERIC.get(one["name"], ()) for one in tables},
        "whole": {one["name"]: _WHOLE.get(one["name"], ()) for one in tables},
        "heads": {one["name"]: [head[:1].upper() + head[1:] for head in one["heads"]] for one in tables},
        "titles": {one["name"]: _title(one, page.messages) for one in tables},
    }


def _title(table: Mapping[str, Any], messages: Messages) -> str:
    return messages.table.get(f"reconcile.titles.{table['name']}", table["title"])


def reconciliation_trace(key: str) -> str:
    """Return the address that tells how a figure came about."""
    return "/method/reconciliation"


def _no_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    return ()


PAGE = SitePage(
    name="reconciliation",
    template="pages/reconciliation.html.j2",
    charts=_no_charts,
    context=reconciliation_context,
    trace=reconciliation_trace,
)
