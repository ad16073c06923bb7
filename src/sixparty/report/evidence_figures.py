"""Drawings of the claims: one claim with its checks, and all claims together.

On a narrow drawing every label stands above its line, which keeps it as narrow as a telephone, so that its text is
never scaled down. On a wide one labels stand at the left and figures at the right, as in a forest plot on paper.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sixparty.report.evidence_words import (
    Claim,
    by_verdict,
    check_words,
    interval_words,
    ratio_words,
)
from sixparty.report.figures import ACCENT, GREY, INK, PALE, figure_svg
from sixparty.report.messages import Messages

if TYPE_CHECKING:
    import altair as alt

_LABEL_SIZE = 11.5
_WIDEST = 16.0
_NARROWEST = 2.0
_TICKS = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_HEADING_SHARE = 0.75
_GAP = 28

Spec = dict[str, Any]
"""A drawing, or a part of one, as Vega-Lite has it."""


@dataclass(frozen=True)
class Layout:
    """Where things stand in a drawing, in pixels.

    Parameters
    ----------
    width
        Of the whole drawing.
    left, right
        Between which the scale lies.
    row
        Height of a line.
    label_size
        Size of the text.
    """

    width: int
    left: int
    right: int
    row: int
    label_size: float

    @property
    def is_wide(self) -> bool:
        """Whether labels stand beside their lines, and figures too."""
        return self.left > 0


NARROW = Layout(width=302, left=0, right=302, row=33, label_size=_LABEL_SIZE)
WIDE = Layout(width=752, left=352, right=612, row=25, label_size=12)


@dataclass(frozen=True)
class Line:
    """One line of a drawing: a label, and a ratio with its interval unless it is a heading.

    Parameters
    ----------
    figures
        The ratio with its interval in words; empty where a drawing has no room for it.
    worth
        Smallest effect worth naming, as a short upright mark; None draws none.
    is_main
        Whether it is drawn strongly.
    """

    label: str
    value: float | None = None
    low: float = 0.0
    high: float = math.inf
    worth: float | None = None
    is_main: bool = False
    figures: str = ""


def claim_figure(claim: Claim, words: Messages) -> str:
    """Return one claim's drawing: the main estimate, the time before, each check, the smallest effect worth naming."""
    chart = _altair(claim_chart(claim, words))
    return figure_svg(chart, name=f"claim-{claim['claim']}", title=words["sheet.figure_alt"])


def claim_chart(claim: Claim, words: Messages, layout: Layout = NARROW) -> Spec:
    """Return one claim's drawing as a specification."""
    estimate = claim["estimate"]
    ratios = [(words["sheet.main"], estimate["ratio"])]
    ratios += [(words["sheet.lead"], estimate["lead"])] if estimate["lead"] else []
    ratios += [(check_words(name, words), check["ratio"]) for name, check in claim["checks"].items()]
    lines = [_line(label, ratio, words, layout=layout) for label, ratio in ratios]
    lines[0] = replace(lines[0], is_main=True)
    return _drawing(lines, layout, reference=float(claim["smallest"]))


def forest_figure(claims: Sequence[Claim], words: Messages) -> str:
    """Return the drawing of every claim with an estimate, grouped by verdict; right of 1 is as the claim says."""
    return figure_svg(_altair(forest_chart(claims, words)), name="forest", title=words["index.forest_alt"])


def forest_chart(claims: Sequence[Claim], words: Messages, layout: Layout = NARROW) -> Spec:
    """Return the drawing of every claim with an estimate as a specification."""
    return _drawing(list(_forest_lines(claims, words, is_wide=layout.is_wide)), layout)


def _altair(spec: Spec) -> alt.LayerChart:
    """The drawing in the form that stands inside a printed sheet."""
    import altair as alt

    drawn: alt.LayerChart = alt.LayerChart.from_dict(spec, validate=False)
    return drawn


def oriented_interval(claim: Claim) -> tuple[float, float, float]:
    """Return ratio, low and high as if the claim expected more: one over them where it expects fewer."""
    ratio = claim["estimate"]["ratio"]
    value, low, high = ratio["value"], ratio["low"], math.inf if ratio["high"] is None else ratio["high"]
    if claim["expects"] == "more":
        return value, low, high
    return _one_over(value), _one_over(high), _one_over(low)


def _forest_lines(claims: Sequence[Claim], words: Messages, *, is_wide: bool) -> Iterator[Line]:
    for verdict, members in by_verdict([claim for claim in claims if claim["estimate"]]):
        yield Line(words[f"verdict.{verdict}"])
        for claim in members:
            value, low, high = oriented_interval(claim)
            worth = float(claim["smallest"])
            worth = worth if claim["expects"] == "more" else _one_over(worth)
            ratio = {"value": value, "low": low, "high": high}
            figures = f"{ratio_words(value, words)} ({interval_words(ratio, words)})" if is_wide else ""
            title = claim["title"][words.language]
            yield Line(title, value, low, high, worth=worth, is_main=True, figures=figures)


def _line(label: str, ratio: Mapping[str, Any], words: Messages, *, layout: Layout) -> Line:
    high = math.inf if ratio["high"] is None else float(ratio["high"])
    figures = f"{ratio_words(ratio['value'], words)} ({interval_words(ratio, words)})"
    shown, beside = (label, figures) if layout.is_wide else (f"{label}: {figures}", "")
    return Line(shown, float(ratio["value"]), float(ratio["low"]), high, figures=beside)


def _drawing(lines: Sequence[Line], layout: Layout, *, reference: float | None = None) -> Spec:
    """Draw the lines from top to bottom on one log scale, with an upright line at 1 and a dashed one at `reference`."""
    layout = _fitted(layout, lines)
    low, high = _ends(lines, reference)
    places = _places(lines, layout)
    height = places[-1] + layout.row * 0.4
    axes = _Axes(low, high, height, layout)
    spans = _spans(lines, places, axes)
    bars, *marks = _intervals(lines, places, axes)
    layers = [bars, _upright(1.0, spans, axes, colour=GREY, dash=[1, 0])]
    if reference is not None and low <= reference <= high:
        layers.append(_upright(reference, spans, axes, colour=ACCENT, dash=[3, 3]))
    layers += [*marks, *_labels(lines, places, axes)]
    return {"layer": layers, "width": layout.width, "height": height}


def _fitted(layout: Layout, lines: Sequence[Line]) -> Layout:
    """Bring the scale up to the labels where all of them are short, as they are in Korean."""
    if not layout.is_wide:
        return layout
    longest = max(_length(line.label) for line in lines if line.value is not None)
    return replace(layout, left=min(layout.left, round(longest * layout.label_size) + _GAP))


def _length(text: str) -> float:
    """About how long a text is, in heights of its signs; Korean ones are as wide as high."""
    return sum(1.0 if sign >= "\u1100" else 0.56 for sign in text)


@dataclass(frozen=True)
class _Axes:
    """The scales that all layers share: from `low` to `high` across, from 0 to `height` downwards."""

    low: float
    high: float
    height: float
    layout: Layout

    def x(self, field: str) -> Spec:
        """Return the place across of a column."""
        ends = [self.layout.left, self.layout.right]
        scale = {"type": "log", "domain": [self.low, self.high], "range": ends, "nice": False}
        axis = {
            "values": [tick for tick in _TICKS if self.low <= tick <= self.high],
            "format": "~r",
            "labelColor": GREY,
            "labelFontSize": 12,
            "grid": False,
            "domain": False,
            "tickColor": GREY,
        }
        return {"field": field, "type": "quantitative", "title": None, "axis": axis, "scale": scale}

    @property
    def y(self) -> Spec:
        """The place downwards, in pixels."""
        scale = {"domain": [self.height, 0], "nice": False}
        return {"field": "y", "type": "quantitative", "title": None, "axis": None, "scale": scale}


def _layer(rows: Sequence[Mapping[str, Any]], mark: Spec, encoding: Spec) -> Spec:
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": encoding}


def _intervals(lines: Sequence[Line], places: Sequence[float], axes: _Axes) -> list[Spec]:
    """Bars from low to high with a dot each; an end beyond the scale stops there with an arrowhead."""
    low, high, y = axes.low, axes.high, axes.y
    rows: list[dict[str, Any]] = [
        {
            "y": place,
            "x": min(max(line.low, low), high),
            "to": max(min(line.high, high), low),
            "dot": min(max(line.value, low), high),
            "worth": line.worth,
            "main": line.is_main,
        }
        for line, place in zip(lines, places, strict=True)
        if line.value is not None
    ]
    heads = [{"y": row["y"], "x": low, "angle": 270} for row in rows if row["x"] <= low]
    heads += [{"y": row["y"], "x": high, "angle": 90} for row in rows if row["to"] >= high]
    worth = [row for row in rows if row["worth"] and low <= row["worth"] <= high]
    colour = {"condition": {"test": "datum.main", "value": ACCENT}, "value": GREY}
    bar = {"type": "rule", "strokeWidth": 7, "color": PALE, "strokeCap": "butt"}
    dot = {"type": "point", "filled": True, "size": 58, "opacity": 1}
    head = {**dot, "shape": "triangle", "size": 52, "color": GREY}
    angle = {"field": "angle", "type": "quantitative", "scale": None}
    tick = {"type": "tick", "color": INK, "thickness": 1.5, "height": 14}
    return [
        _layer(rows, bar, {"x": axes.x("x"), "x2": {"field": "to"}, "y": y}),
        _layer(rows, dot, {"x": axes.x("dot"), "y": y, "color": colour}),
        _layer(worth, tick, {"x": axes.x("worth"), "y": y}),
        _layer(heads, head, {"x": axes.x("x"), "y": y, "angle": angle}),
    ]


def _labels(lines: Sequence[Line], places: Sequence[float], axes: _Axes) -> list[Spec]:
    """Each label above its line, or beside it; headings in bold."""
    layout = axes.layout
    above = 0.0 if layout.is_wide else 0.45 * layout.row
    texts = [
        (line.value is None, {"y": place - (0.0 if line.value is None else above), "label": line.label})
        for line, place in zip(lines, places, strict=True)
    ]
    drawn = [
        _texts([row for is_head, row in texts if is_head == heads], axes, _label_mark(layout, is_head=heads), at=0)
        for heads in (False, True)
    ]
    figures = [{"y": place, "label": line.figures} for line, place in zip(lines, places, strict=True) if line.figures]
    mark = {"align": "right", "fontSize": layout.label_size, "color": INK}
    return [*drawn, _texts(figures, axes, mark, at=layout.width)] if figures else drawn


def _label_mark(layout: Layout, *, is_head: bool) -> Spec:
    return {
        "align": "left",
        "fontSize": layout.label_size,
        "limit": layout.left - 12 if layout.is_wide and not is_head else layout.width,
        "fontWeight": "bold" if is_head else "normal",
        "color": INK,
    }


def _texts(rows: list[dict[str, Any]], axes: _Axes, mark: Spec, *, at: int) -> Spec:
    text = {"field": "label", "type": "nominal"}
    return _layer(rows, {"type": "text", **mark}, {"x": {"value": at}, "y": axes.y, "text": text})


def _spans(lines: Sequence[Line], places: Sequence[float], axes: _Axes) -> list[tuple[float, float]]:
    """From where to where upright lines run: the whole height, or beside each bar where labels stand above it."""
    layout = axes.layout
    if layout.is_wide:
        return [(0.0, axes.height)]
    above, below = 0.24 * layout.row, 0.35 * layout.row
    return [
        (place - above, min(place + below, axes.height))
        for line, place in zip(lines, places, strict=True)
        if line.value is not None
    ]


def _upright(at: float, spans: Sequence[tuple[float, float]], axes: _Axes, *, colour: str, dash: list[int]) -> Spec:
    mark = {"type": "rule", "color": colour, "strokeWidth": 1, "strokeDash": dash}
    rows = [{"x": at, "y": first, "to": last} for first, last in spans]
    return _layer(rows, mark, {"x": axes.x("x"), "y": axes.y, "y2": {"field": "to"}})


def _places(lines: Sequence[Line], layout: Layout) -> list[float]:
    """Height of each line's middle, from the top."""
    places, at = [], 0.0
    for line in lines:
        is_head = line.value is None
        step = layout.row * (1.0 if layout.is_wide or not is_head else _HEADING_SHARE)
        places.append(at + (0.6 if layout.is_wide or is_head else 0.72) * step)
        at += step
    return places


def _ends(lines: Sequence[Line], reference: float | None) -> tuple[float, float]:
    """Ends of the scale: all intervals, 1 and the reference, at least 2 times and at most 16 times either way."""
    found = [end for line in lines if line.value is not None for end in (line.low, line.high)]
    found += [reference] if reference is not None else []
    low = min([end for end in found if end > 0] + [1.0 / _NARROWEST])
    high = max([end for end in found if math.isfinite(end)] + [_NARROWEST])
    return max(low / 1.08, 1.0 / _WIDEST), min(high * 1.08, _WIDEST)


def _one_over(value: float) -> float:
    return math.inf if value == 0.0 else 0.0 if math.isinf(value) else 1.0 / value
