"""The small figures of the brief, drawn from the document as vector graphics that stand inside the page.

All are drawn at the width at which they are shown, so that their text keeps its size on a narrow screen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import vl_convert

WIDTH = 236
INK, GREY, PALE, ACCENT = "#1b1b1b", "#595959", "#c9cdd2", "#1d4f7c"
_FONT = (
    "Helvetica Neue, Arial, Noto Sans, Liberation Sans, Noto Sans CJK KR, Apple SD Gothic Neo, Malgun Gothic, "
    "sans-serif"
)
_EVERY_WEEKS = 4
_SQUARE = 88
_DRAWINGS_KEPT = 64


def figure_svg(chart: alt.LayerChart | alt.Chart, *, name: str, title: str) -> str:
    """Return the chart as an SVG element with a title for readers who do not see it.

    Parameters
    ----------
    name
        Unique on the page: ids inside the drawing are prefixed with it, so that figures do not share them.
    """
    spec = chart.configure(font=_FONT, background="transparent", padding=1, view=alt.ViewConfig(stroke=None))
    drawn = _drawn(json.dumps(spec.to_dict(validate=False)))
    drawn = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', drawn)
    drawn = re.sub(r'url\("?#([^")]+)"?\)', rf"url(#{name}-\1)", drawn)
    drawn = re.sub(r' (?:aria-\w+|role|aria-roledescription)="[^"]*"', "", drawn)
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)


@lru_cache(maxsize=_DRAWINGS_KEPT)
def _drawn(spec: str) -> str:
    """Draw a specification; pages in two languages share most drawings."""
    return str(vl_convert.vegalite_to_svg(spec))


def phase_strip(phase: Mapping[str, Any]) -> alt.LayerChart:
    """Weeks in this phase (dot) against the shortest, median and longest earlier phase of its kind."""
    own = phase["own"] or {}
    limit = 1.08 * max(phase["weeks"], own.get("longest", 0), 1)
    return _strip(
        low=own.get("shortest"), high=own.get("longest"), tick=own.get("median"), dot=phase["weeks"], limit=limit
    )


def class_strip(standing: Mapping[str, Any], *, limit: float) -> alt.LayerChart:
    """Observed days of one class (dot) against the expected range (bar); an empty line if not covered."""
    if standing["state"] == "not_covered":
        return _strip(low=None, high=None, tick=None, dot=None, limit=limit)
    return _strip(low=standing["low"], high=standing["high"], tick=None, dot=standing["observed"], limit=limit)


def class_limit(classes: Sequence[Mapping[str, Any]]) -> float:
    """Right end of the scale that all classes share, so that their bars can be compared."""
    ends = [row[end] for row in classes for end in ("observed", "high") if row[end] is not None]
    return 1.08 * float(max([*ends, 5]))


def day_axis(limit: float) -> alt.LayerChart:
    """The scale below the class strips."""
    axis = alt.Axis(tickCount=5, tickMinStep=1, format="d", labelColor=GREY, labelFontSize=9, **_QUIET_AXIS)
    scale = alt.X("x:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, limit], nice=False))
    chart = alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_point(opacity=0).encode(x=scale)
    return alt.LayerChart(layer=[chart], width=WIDTH, height=1)


_QUIET_AXIS: dict[str, Any] = {
    "grid": False,
    "domain": False,
    "ticks": True,
    "tickSize": 3,
    "tickColor": GREY,
    "labelPadding": 2,
}


def index_strip(history: Mapping[str, Sequence[Any]]) -> alt.LayerChart:
    """The index every fourth week since the start of its history, with its band; the last week is a dot."""
    places = range((len(history["date"]) - 1) % _EVERY_WEEKS, len(history["date"]), _EVERY_WEEKS)
    rows = [{name: history[name][i] for name in ("date", "value", "low", "high")} for i in places]
    years = [int(history["date"][0][:4]), int(history["date"][-1][:4])] if rows else [1990, 1990]
    ticks = [alt.DateTime(year=year, utc=True) for year in range(-(-years[0] // 10) * 10, years[1] + 1, 10)]
    axis = alt.Axis(
        values=ticks,
        format="%Y",
        labelColor=GREY,
        labelFontSize=9,
        **_QUIET_AXIS,
    )
    x = alt.X("date:T", title=None, axis=axis, scale=alt.Scale(type="utc"))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    y = alt.Y("value:Q", title=None, axis=None)
    band = base.mark_area(color=PALE).encode(y=alt.Y("low:Q", title=None, axis=None), y2="high:Q")
    line = base.mark_line(color=INK, strokeWidth=0.8).encode(y=y)
    last = alt.Chart(alt.InlineData(values=rows[-1:])).mark_point(color=ACCENT, filled=True, size=34, opacity=1)
    return alt.LayerChart(layer=[band, line, last.encode(x=x, y=y)], width=WIDTH, height=40)


def monthly_bars(
    counts: Sequence[Mapping[str, Any]], *, class_name: str, top: int, month: str = "%b %y"
) -> alt.LayerChart:
    """Days with an event by month for one class, on the scale that all classes share.

    Parameters
    ----------
    month
        How a month is written on the axis, in the signs of D3.
    """
    rows = [{"month": row["month"], "count": row["count"]} for row in counts if row["class_name"] == class_name]
    axis = alt.Axis(format=month, tickCount=4, labelColor=GREY, labelFontSize=9, **_QUIET_AXIS)
    y_axis = alt.Axis(tickCount=3, format="d", labelColor=GREY, labelFontSize=9, **_QUIET_AXIS)
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(color=ACCENT, width=6)
        .encode(
            x=alt.X("month:T", title=None, axis=axis, scale=alt.Scale(type="utc")),
            y=alt.Y("count:Q", title=None, axis=y_axis, scale=alt.Scale(domain=[0, top])),
        )
    )
    return alt.LayerChart(layer=[bars], width=WIDTH, height=80)


def reliability_dots(bins: Sequence[Mapping[str, Any]]) -> alt.LayerChart:
    """What was said (across) and how often it came (up); a dot a tenth of chance, its area the number of forecasts."""
    axis = alt.Axis(values=[0, 0.5, 1], format=".0%", labelColor=GREY, labelFontSize=9, labelFlush=True, **_QUIET_AXIS)
    scale = alt.Scale(domain=[0, 1], nice=False)

    x, y = alt.X("x:Q", title=None, axis=axis, scale=scale), alt.Y("y:Q", title=None, axis=axis, scale=scale)
    ends = alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
    line = ends.mark_line(color=PALE, strokeWidth=1.5).encode(x=x, y=y)
    values = [{"x": one["mean_chance"], "y": one["share_happened"], "n": one["n"]} for one in bins]
    dots = (
        alt.Chart(alt.InlineData(values=values))
        .mark_point(color=ACCENT, filled=True, opacity=0.75)
        .encode(
            x=x,
            y=y,
            size=alt.Size("n:Q", legend=None, scale=alt.Scale(domain=[0, 60], range=[12, 160])),
        )
    )
    return alt.LayerChart(layer=[line, dots], width=_SQUARE, height=_SQUARE)


def _strip(
    *, low: float | None, high: float | None, tick: float | None, dot: float | None, limit: float
) -> alt.LayerChart:
    """A line from zero to `limit` with a bar from `low` to `high`, a tick and a dot, each left out if None."""
    scale = alt.Scale(domain=[0, limit], nice=False)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=None, axis=None, scale=scale)

    line = alt.Chart(alt.InlineData(values=[{"a": 0, "b": limit}]))
    dash = [2, 3] if dot is None else [1, 0]
    layers = [line.mark_rule(color=PALE, strokeWidth=1, strokeDash=dash).encode(x=x("a"), x2="b")]
    if low is not None and high is not None:
        bar = alt.Chart(alt.InlineData(values=[{"a": low, "b": high}]))
        layers.append(bar.mark_rule(color=PALE, strokeWidth=9, strokeCap="round").encode(x=x("a"), x2="b"))
    if tick is not None:
        mark = alt.Chart(alt.InlineData(values=[{"a": tick}])).mark_tick(color=GREY, thickness=1.5, height=13)
        layers.append(mark.encode(x=x("a")))
    if dot is not None:
        point = alt.Chart(alt.InlineData(values=[{"a": dot}]))
        layers.append(point.mark_point(color=ACCENT, filled=True, size=70, opacity=1).encode(x=x("a")))
    return alt.LayerChart(layer=layers, width=WIDTH, height=16)
