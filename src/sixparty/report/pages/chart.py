"""A chart with all that goes with it: drawing for the page, drawing to forward, table, caption, sources, command."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

WIDE, NARROW = 760, 320
"""Widths in pixels at which charts are drawn for a desk's screen and for a telephone's."""

INK, GREY, PALE, ACCENT, WARM = "#1b1b1b", "#595959", "#c9cdd2", "#1d4f7c", "#a4511f"
"""Colours of all charts: text, axes, bands, our figures, and the one thing that stands against them."""

FONT = "Helvetica Neue, Arial, Noto Sans, Liberation Sans, sans-serif"
KOREAN_FONT = "Apple SD Gothic Neo, Malgun Gothic, Noto Sans CJK KR, Noto Sans KR, sans-serif"
"""Fonts of charts; where a text holds Hangul or Chinese signs, the Korean ones, so that no renderer mixes typefaces."""

THEME: Mapping[str, Any] = {
    "background": "transparent",
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelColor": GREY,
        "titleColor": GREY,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": PALE,
        "tickColor": PALE,
        "gridColor": "#e6e8eb",
        "labelPadding": 4,
    },
    "legend": {"labelColor": INK, "titleColor": GREY, "labelFontSize": 12, "titleFontSize": 12, "orient": "top"},
    "header": {"labelColor": INK, "titleColor": GREY, "labelFontSize": 12, "titleFontSize": 12},
    "text": {"color": INK, "fontSize": 12},
    "line": {"color": ACCENT, "strokeWidth": 1.6},
    "bar": {"color": ACCENT},
    "point": {"color": ACCENT, "filled": True},
    "area": {"color": PALE},
    "range": {"category": [ACCENT, WARM, "#6b7f2a", "#6d4a86", GREY, "#9a8a2c"]},
}
"""What all charts share; a chart's own specification names no fonts."""

_PNG_SCALE = 2.0
_EDGE, _LINE, _TITLE = 16, 17, 22
_WIDE_SIGNS = re.compile("[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]")
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True)
class Chart:
    """What a page shows as one figure.

    Parameters
    ----------
    name
        Last step of its address, unique on the page: lower-case words joined by ``-``.
    spec
        Vega-Lite with its data inside and no fonts; its width about `WIDE`.
    rows
        The table behind it, columns in the order of the first row; raw values, as a spreadsheet takes them.
    heads
        Head of each column in the reader's language.
    title, caption
        In the reader's language; the caption names source and date.
    alt
        What a reader who does not see it must know: the finding, not the shape.
    sources
        Ids of sources or names of our tables.
    command
        That makes the numbers.
    narrow
        Specification for a narrow screen; without one, `spec` at the width `NARROW` if it is a single view.
    """

    name: str
    spec: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    heads: Mapping[str, str]
    title: str
    caption: str
    alt: str
    sources: tuple[str, ...]
    command: str
    narrow: Mapping[str, Any] | None = None


def chart_figure(chart: Chart, *, is_narrow: bool = False, marking: str | None = None) -> str:
    """Return the drawing that stands in a page, which writes title and caption itself."""
    drawn = _drawn(narrow_spec(chart) if is_narrow else chart.spec)
    return _framed(drawn, above=[], below=[], marking=marking) if marking else drawn


def chart_svg(chart: Chart, *, marking: str | None = None) -> str:
    """Return the drawing to forward: with title, caption and marking inside, on white."""
    return _framed(_drawn(chart.spec), above=[chart.title], below=[chart.caption], marking=marking)


def chart_png(chart: Chart, *, marking: str | None = None) -> bytes:
    """Return the drawing to forward as pixels, twice as dense as on a plain screen."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(chart_svg(chart, marking=marking), scale=_PNG_SCALE))


def chart_csv(chart: Chart, *, marking: str | None = None) -> str:
    """Return the table behind the chart; a marking is a column of its own, so that the file stays a plain table."""
    columns = list(chart.rows[0]) if chart.rows else list(chart.heads)
    extra = {"marking": marking} if marking else {}
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns, *extra], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, **extra} for row in chart.rows)
    return out.getvalue()


def narrow_spec(chart: Chart) -> Mapping[str, Any]:
    """Return the specification for a narrow screen."""
    if chart.narrow is not None:
        return chart.narrow
    width = chart.spec.get("width")
    is_wide = isinstance(width, int | float) and width > NARROW
    return {**chart.spec, "width": NARROW - 30} if is_wide else chart.spec


def _drawn(spec: Mapping[str, Any]) -> str:
    import vl_convert

    own = spec.get("config", {})
    font = _font_of(json.dumps(spec, ensure_ascii=False))
    whole = {**spec, "config": _merged({**THEME, "font": font}, own)}
    return str(vl_convert.vegalite_to_svg(json.dumps(whole), allowed_base_urls=[]))


def _font_of(text: str) -> str:
    return KOREAN_FONT if _WIDE_SIGNS.search(text) else FONT


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(dict(base))
    for name, value in own.items():
        is_both = isinstance(value, Mapping) and isinstance(made.get(name), Mapping)
        made[name] = _merged(made[name], value) if is_both else value
    return made


def _framed(drawn: str, *, above: list[str], below: list[str], marking: str | None) -> str:
    """Set lines of text above and below a drawing, and the marking at head and foot."""
    found = _SIZE.search(drawn)
    width, height = (float(found[1]), float(found[2])) if found else (float(WIDE), 300.0)
    full = max(width, 300.0) + 2 * _EDGE
    titles = [line for text in above for line in wrapped(text, width=full - 2 * _EDGE, size=17)]
    notes = [line for text in below for line in wrapped(text, width=full - 2 * _EDGE, size=12)]
    parts, y = [], float(_EDGE)
    if marking:
        parts.append(_text(marking, x=full / 2, y=y + 4, kind="marking"))
        y += _LINE
    for line in titles:
        parts.append(_text(line, x=_EDGE, y=y + 12, kind="title"))
        y += _TITLE
    y += 4 if titles else 0
    parts.append(drawn.replace("<svg ", f'<svg x="{_EDGE}" y="{y:g}" ', 1))
    y += height + 8
    for line in notes:
        parts.append(_text(line, x=_EDGE, y=y + 10, kind="note"))
        y += _LINE
    if marking:
        parts.append(_text(marking, x=full / 2, y=y + 12, kind="marking"))
        y += _LINE
    y += _EDGE / 2
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{full:g}" height="{y:g}" viewBox="0 0 {full:g} {y:g}">'
    return f'{head}<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'


_LOOK = {
    "marking": f'font-size="12" font-weight="700" letter-spacing="1.2" text-anchor="middle" fill="{INK}"',
    "title": f'font-size="17" font-weight="700" fill="{INK}"',
    "note": f'font-size="12" fill="{GREY}"',
}


def _text(words: str, *, x: float, y: float, kind: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-family="{_font_of(words)}" {_LOOK[kind]}>{escape(words)}</text>'


def wrapped(text: str, *, width: float, size: float) -> list[str]:
    """Cut a text into lines of at most about this width in pixels; Korean signs count double."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and _length(joined) * size <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _length(text: str) -> float:
    return 0.54 * len(text) + 0.44 * len(_WIDE_SIGNS.findall(text))
