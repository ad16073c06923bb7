"""Drawings of the claims: one claim with its checks, and all claims together; every label stands above its line.

Labels inside the drawing keep it as narrow as a telephone, so that its text is never scaled down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from sixparty.report.evidence_words import (
    Claim,
    by_verdict,
    check_words,
    interval_words,
    ratio_words,
)
from sixparty.report.figures import ACCENT, GREY, INK, PALE, figure_svg
from sixparty.report.messages import Messages

WIDTH = 318
_ROW, _LABEL_SIZE = 31, 11
_WIDEST = 16.0
_NARROWEST = 2.0
_TICKS = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_HEADING_SHARE = 0.75
_HALO: dict[str, Any] = {"color": "#fff", "stroke": "#fff", "strokeWidth": 4}
_PLAIN: dict[str, Any] = {"color": INK}

Position = Callable[[str], alt.X]
"""The place across of a column, on the scale that all layers share."""


@dataclass(frozen=True)
class Line:
    """One line of a drawing: a label, and a ratio with its interval unless it is a heading.

    Parameters
    ----------
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


def claim_figure(claim: Claim, words: Messages) -> str:
    """Return one claim's drawing: the main estimate, the time before, each check, the smallest effect worth naming."""
    estimate = claim["estimate"]
    lines = [_line(words["sheet.main"], estimate["ratio"], words, is_main=True)]
    if estimate["lead"]:
        lines.append(_line(words["sheet.lead"], estimate["lead"], words))
    lines += [_line(check_words(name, words), check["ratio"], words) for name, check in claim["checks"].items()]
    chart = _drawing(lines, reference=float(claim["smallest"]))
    return figure_svg(chart, name=f"claim-{claim['claim']}", title=words["sheet.figure_alt"])


def forest_figure(claims: Sequence[Claim], words: Messages) -> str:
    """Return the drawing of every claim with an estimate, grouped by verdict; right of 1 is as the claim says."""
    lines = list(_forest_lines(claims, words))
    return figure_svg(_drawing(lines), name="forest", title=words["index.forest_alt"])


def oriented_interval(claim: Claim) -> tuple[float, float, float]:
    """Return ratio, low and high as if the claim expected more: one over them where it expects fewer."""
    ratio = claim["estimate"]["ratio"]
    value, low, high = ratio["value"], ratio["low"], math.inf if ratio["high"] is None else ratio["high"]
    if claim["expects"] == "more":
        return value, low, high
    return _one_over(value), _one_over(high), _one_over(low)


def _forest_lines(claims: Sequence[Claim], words: Messages) -> Iterator[Line]:
    for verdict, members in by_verdict([claim for claim in claims if claim["estimate"]]):
        yield Line(words[f"verdict.{verdict}"])
        for claim in members:
            value, low, high = oriented_interval(claim)
            worth = float(claim["smallest"])
            worth = worth if claim["expects"] == "more" else _one_over(worth)
            yield Line(claim["title"][words.language], value, low, high, worth=worth, is_main=True)


def _line(label: str, ratio: Mapping[str, Any], words: Messages, *, is_main: bool = False) -> Line:
    high = math.inf if ratio["high"] is None else float(ratio["high"])
    shown = f"{label}: {ratio_words(ratio['value'], words)} ({interval_words(ratio, words)})"
    return Line(shown, float(ratio["value"]), float(ratio["low"]), high, is_main=is_main)


def _drawing(lines: Sequence[Line], *, reference: float | None = None) -> alt.LayerChart:
    """Draw the lines from top to bottom on one log scale, with an upright line at 1 and a dashed one at `reference`."""
    low, high = _ends(lines, reference)
    places = _places(lines)
    height = places[-1] + _ROW * 0.4
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    axis = alt.Axis(
        values=ticks, format="~r", labelColor=GREY, labelFontSize=10, grid=False, domain=False, tickColor=GREY
    )

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=None, axis=axis, scale=scale)

    y = alt.Y("y:Q", title=None, axis=None, scale=alt.Scale(domain=[height, 0], nice=False))
    layers = [_upright(1.0, x, height=height, colour=GREY, dash=[1, 0])]
    if reference is not None and low <= reference <= high:
        layers.append(_upright(reference, x, height=height, colour=ACCENT, dash=[3, 3]))
    layers += _intervals(lines, places, ends=(low, high), x=x, y=y)
    layers += _labels(lines, places, y=y)
    return alt.LayerChart(layer=layers, width=WIDTH, height=height)


def _intervals(
    lines: Sequence[Line], places: Sequence[float], *, ends: tuple[float, float], x: Position, y: alt.Y
) -> list[alt.Chart]:
    """Bars from low to high with a dot each; an end beyond the scale stops there with an arrowhead."""
    low, high = ends
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
    base = alt.Chart(alt.InlineData(values=rows))
    colour = alt.condition("datum.main", alt.value(ACCENT), alt.value(GREY))
    drawn = [
        base.mark_rule(strokeWidth=7, color=PALE, strokeCap="butt").encode(x=x("x"), x2="to", y=y),
        base.mark_point(filled=True, size=58, opacity=1).encode(x=x("dot"), y=y, color=colour),
    ]
    worth = alt.Chart(alt.InlineData(values=[row for row in rows if row["worth"] and low <= row["worth"] <= high]))
    drawn.append(worth.mark_tick(color=INK, thickness=1.5, height=14).encode(x=x("worth"), y=y))
    arrows = alt.Chart(alt.InlineData(values=heads))
    angle = alt.Angle("angle:Q", scale=None)
    drawn.append(
        arrows.mark_point(shape="triangle", filled=True, size=52, color=GREY, opacity=1).encode(
            x=x("x"), y=y, angle=angle
        )
    )
    return drawn


def _labels(lines: Sequence[Line], places: Sequence[float], *, y: alt.Y) -> list[alt.Chart]:
    """Each label at the left above its line, on white where an upright line crosses it; headings in bold."""
    texts = [
        (line.value is None, {"y": place - (0.0 if line.value is None else 0.45 * _ROW), "label": line.label})
        for line, place in zip(lines, places, strict=True)
    ]
    return [
        alt.Chart(alt.InlineData(values=[row for is_head, row in texts if is_head == heads]))
        .mark_text(align="left", fontSize=_LABEL_SIZE, limit=WIDTH, fontWeight="bold" if heads else "normal", **ink)
        .encode(x=alt.value(0), y=y, text="label:N")
        for ink in (_HALO, _PLAIN)
        for heads in (False, True)
    ]


def _upright(at: float, x: Position, *, height: float, colour: str, dash: list[int]) -> alt.Chart:
    place = alt.Chart(alt.InlineData(values=[{"x": at}]))
    drawn: alt.Chart = place.mark_rule(color=colour, strokeWidth=1, strokeDash=dash)
    return drawn.encode(x=x("x"), y=alt.value(0), y2=alt.value(height))


def _places(lines: Sequence[Line]) -> list[float]:
    """Height of each line's middle, from the top."""
    places, at = [], 0.0
    for line in lines:
        step = _ROW * (_HEADING_SHARE if line.value is None else 1.0)
        places.append(at + (0.6 * step if line.value is None else 0.72 * step))
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
