"""Pieces of drawings that pages share: axes, layers and small multiples as Vega-Lite, the words of alt texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sixparty.report.messages import Messages
from sixparty.report.page import Page, PlainPen
from sixparty.report.pages.chart import INK

Spec = dict[str, Any]
Row = Mapping[str, Any]

WIDE_WIDTH, NARROW_WIDTH = 760, 300
"""Whole widths of a drawing, labels included."""


def plain_page(document: Mapping[str, Any], messages: Messages) -> Page:
    """Return the document as plain text, for titles, captions and alt texts."""
    return Page(document, messages=messages, pen=PlainPen())


def inline(rows: Iterable[Row]) -> Spec:
    """Return rows as data that stand inside the specification."""
    return {"values": [dict(row) for row in rows]}


def axis(
    field: str,
    kind: str = "quantitative",
    *,
    axis: Mapping[str, Any] | None = None,
    scale: Mapping[str, Any] | None = None,
    sort: Sequence[str] | None = None,
    time_unit: str | None = None,
) -> Spec:
    """Return one channel of an encoding without a title; what is None is left to the drawing library."""
    told = {"axis": axis, "scale": scale, "sort": sort, "timeUnit": time_unit}
    return {"field": field, "type": kind, "title": None, **{name: one for name, one in told.items() if one is not None}}


def names_axis(limit: int, *, is_narrow: bool = False) -> Spec:
    """Return an axis of names without ticks, cut at `limit` pixels."""
    size = 11.5 if is_narrow else 13
    own = {"labelColor": INK, "labelFontSize": size, "labelLimit": limit, "labelPadding": 10}
    return {"domain": False, "ticks": False, **own}


def layered(layers: Sequence[Spec], *, width: int, height: int, rows: Iterable[Row] = ()) -> Spec:
    """Return one view of several layers whose labels and plot together are `width` wide."""
    return {
        "data": inline(rows),
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "layer": list(layers),
    }


def multiples(layers: Sequence[Spec], *, rows: Iterable[Row], field: str, columns: int, size: tuple[int, int]) -> Spec:
    """Return small multiples, one for each value of `field` in the order in which values come; `size` is of each."""
    found = [dict(row) for row in rows]
    order = list(dict.fromkeys(row[field] for row in found))
    head = {"title": None, "labelAnchor": "start", "labelFontSize": 13, "labelFontWeight": "bold", "labelPadding": 4}
    return {
        "data": {"values": found},
        "facet": {"field": field, "type": "nominal", "sort": order, "header": head},
        "columns": columns,
        "spacing": 22,
        "resolve": {"axis": {"x": "independent"}} if columns > 1 and len(order) % columns else {},
        "spec": {"width": size[0], "height": size[1], "layer": list(layers)},
    }


def listed(head: str, parts: Sequence[str], *, between: str) -> str:
    """Return a sentence that ends in a list, as alt texts do."""
    return f"{head} {between.join(parts)}."
