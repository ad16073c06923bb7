"""The drawings of the Situation page: classes, months, the index with its marked days, contacts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.report.messages import Messages
from sixparty.report.page import Page
from sixparty.report.pages.chart import ACCENT, GREY, INK, PALE, WARM, Chart
from sixparty.report.pages.drawing import (
    NARROW_WIDTH,
    WIDE_WIDTH,
    Row,
    Spec,
    axis,
    inline,
    layered,
    listed,
    multiples,
    names_axis,
    plain_page,
)
from sixparty.report.situation import MILESTONE_LANES
from sixparty.report.wording import write_value

_EVERY_WEEKS = 4
_WIDE_LANE, _NARROW_LANE = 92, 74
_LANE_OF = {kind: lane for lane, kinds in MILESTONE_LANES.items() for kind in kinds}
_SHAPES = {
    "test": "circle",
    "launch": "triangle-up",
    "fire": "cross",
    "summit": "circle",
    "stop": "circle",
    "stop_ended": "circle",
    "law": "square",
    "leader": "diamond",
}
_LEVELS: tuple[str, ...] = ("leaders", "high", "working")
_LEVEL_COLOURS = ("#123552", "#4d82b3", "#b9cde0")


def situation_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    """Return the charts of the page; those of contacts and marks only where the record tells of them."""
    page, found = plain_page(document, messages), document["result"]
    charts = [_classes(page, found), _monthly(page, found), _index(page, found)]
    if found.get("situation"):
        charts.append(_contacts(page, found))
    return tuple(charts)


def pair_name(parties: Sequence[str], messages: Messages, *, group: str = "parties") -> str:
    """Return the parties to a contact as one name; in ``parties_short`` for a narrow drawing."""
    return messages["situation.between"].join(messages.word(group, party) for party in parties)


def _chart(
    page: Page, name: str, *, spec: Spec, narrow: Spec, rows: Sequence[Row], heads: Sequence[str], alt: str
) -> Chart:
    key = f"situation.chart_{name}"
    columns = list(rows[0]) if rows else []
    return Chart(
        name=name,
        spec=spec,
        rows=tuple(rows),
        heads=dict(zip(columns, heads, strict=True)) if columns else {},
        title=page.say(f"{key}.title"),
        caption=f"{page.say(f'{key}.caption')} {page.say('situation.source')}",
        alt=alt,
        sources=("events", "spells"),
        command=page.get("result.header.command"),
        narrow=narrow,
    )


def _classes(page: Page, found: Row) -> Chart:
    """One line a class: the expected range as a bar, what was observed as a dot."""
    m, standings = page.messages, found["where"]["classes"]
    rows = [
        {
            "class": m.word("class_days", row["name"]),
            "observed": None if row["state"] == "not_covered" else row["observed"],
            "low": row["low"],
            "high": row["high"],
            "state": m[f"situation.states.{row['state']}"],
        }
        for row in standings
    ]
    drawn = [
        row | {"is_out": standing["state"] in ("above", "below"), "told": _told(page, standing, place)}
        for place, (row, standing) in enumerate(zip(rows, standings, strict=True))
    ]
    heads = [m[f"situation.table.{name}"] for name in ("class", "observed", "low", "high", "state")]
    base = m["situation.chart_classes.axis"]
    wide, narrow = (_class_spec(drawn, width, axis_title=base) for width in (WIDE_WIDTH, NARROW_WIDTH))
    parts = [_class_words(page, row, place) for place, row in enumerate(standings)]
    alt = listed(page.say("situation.chart_classes.alt"), parts, between=m["situation.and_so"])
    return _chart(page, "classes", spec=wide, narrow=narrow, rows=rows, heads=heads, alt=alt)


def _told(page: Page, standing: Row, place: int) -> str:
    """What stands in the drawing where there is no bar."""
    if standing["state"] not in ("not_covered", "counted"):
        return ""
    return page.say(f"situation.states.{standing['state']}", f"result.where.classes.{place}")


def _class_words(page: Page, standing: Row, place: int) -> str:
    kind = standing["state"] if standing["state"] in ("not_covered", "counted") else "range"
    return page.say(f"situation.chart_classes.alt_{kind}", f"result.where.classes.{place}")


def _class_spec(rows: Sequence[Row], width: int, *, axis_title: str) -> Spec:
    top = max([5, *(row[name] or 0 for row in rows for name in ("observed", "high"))])
    order = [row["class"] for row in rows]
    is_narrow = width < WIDE_WIDTH
    y = axis("class", "nominal", sort=order, axis=names_axis(130 if is_narrow else 200, is_narrow=is_narrow))
    x = {"type": "quantitative", "title": axis_title, "scale": {"domain": [0, 1.06 * top], "nice": False}}
    ticks = {"tickMinStep": 1, "format": "d", "domain": False, "tickCount": 5 if is_narrow else 10}
    bar = {"mark": {"type": "bar", "height": 14, "cornerRadius": 7, "color": PALE}}
    colour = {"condition": {"test": "datum.is_out", "value": WARM}, "value": ACCENT}
    dot = {"mark": {"type": "point", "filled": True, "size": 110, "opacity": 1}}
    told = {"mark": {"type": "text", "align": "left", "dx": 12, "color": GREY, "fontSize": 11.5}}
    place = {"field": "observed", **x, "axis": ticks}
    return layered(
        [
            bar | {"encoding": {"y": y, "x": {"field": "low", **x, "axis": ticks}, "x2": {"field": "high"}}},
            dot | {"encoding": {"y": y, "x": place, "color": colour}},
            told | {"encoding": {"y": y, "x": place, "text": axis("told", "nominal")}},
        ],
        rows=[row if row["observed"] is not None or not row["told"] else {**row, "observed": 0} for row in rows],
        width=width,
        height=36 * len(rows) + 44,
    )


def _monthly(page: Page, found: Row) -> Chart:
    m = page.messages
    rows = [
        {"month": row["month"], "class": m.word("class_days", row["class_name"]), "days": row["count"]}
        for row in found["monthly"]
    ]
    heads = [m[f"situation.table.{name}"] for name in ("month", "class", "days")]
    wide, narrow = (_monthly_spec(rows, width, pattern=m["figures.month"]) for width in (WIDE_WIDTH, NARROW_WIDTH))
    names = list(dict.fromkeys(row["class"] for row in rows))
    most = [max((row for row in rows if row["class"] == name), key=lambda row: row["days"]) for name in names]
    parts = [
        m["situation.chart_monthly.most"].format(
            **{
                "class": row["class"],
                "count": row["days"],
                "month": write_value(row["month"], "date:month", messages=m),
            }
        )
        for row in most
    ]
    alt = listed(page.say("situation.chart_monthly.alt"), parts, between=m["situation.and_so"])
    return _chart(page, "monthly", spec=wide, narrow=narrow, rows=rows, heads=heads, alt=alt)


def _monthly_spec(rows: Sequence[Row], width: int, *, pattern: str) -> Spec:
    is_narrow = width < WIDE_WIDTH
    plot = width - 36
    ticks = {"format": pattern, "tickCount": 4 if is_narrow else 8, "grid": False, "labelFlush": True}
    x = axis("month", "temporal", time_unit="utcyearmonth", axis=ticks, scale={"type": "utc"})
    y = axis("days", axis={"tickCount": 3, "tickMinStep": 1, "format": "d", "domain": False})
    bars = {
        "mark": {"type": "bar", "width": {"band": 0.74}, "color": ACCENT},
        "encoding": {"x": x, "y": y},
    }
    return multiples([bars], rows=rows, field="class", columns=1, size=(plot, 72))


def _index(page: Page, found: Row) -> Chart:
    """The index with its band, and below it lines of marked days on the same time."""
    m, history = page.messages, found["where"]["index"]["history"]
    rows = [
        {"date": day, "value": value, "low": low, "high": high}
        for day, value, low, high in zip(*(history[name] for name in ("date", "value", "low", "high")), strict=True)
    ]
    heads = [m[f"situation.{name}"] for name in ("table.week_end", "table.value", "table.low", "table.high")]
    marks = (found.get("situation") or {}).get("milestones", ())
    wide, narrow = (_index_spec(rows, marks, width, messages=m) for width in (WIDE_WIDTH, NARROW_WIDTH))
    highest = sorted(found["where"]["index"]["by_year"], key=lambda row: -row["mean"])[:1]
    told = [m["situation.chart_index.alt_year"].format(year=one["year"], mean=f"{one['mean']:.1f}") for one in highest]
    alt = listed(page.say("situation.chart_index.alt"), told, between=m["situation.and_so"])
    return _chart(page, "index", spec=wide, narrow=narrow, rows=rows, heads=heads, alt=alt)


def _index_spec(rows: Sequence[Row], marks: Sequence[Row], width: int, *, messages: Messages) -> Spec:
    is_narrow = width < WIDE_WIDTH
    lane_width = _NARROW_LANE if is_narrow else _WIDE_LANE
    plot = width - lane_width - 12
    drawn = rows[(len(rows) - 1) % _EVERY_WEEKS :: _EVERY_WEEKS]
    time = _time_scale(rows)
    upper = _index_view(drawn, marks, scale=time, lane=lane_width) | {
        "width": plot,
        "height": 170 if is_narrow else 210,
    }
    if not marks:
        return upper
    lower = _lanes_view(marks, scale=time, lane=lane_width, messages=messages)
    return {"vconcat": [upper, lower | {"width": plot, "height": 18 * len(MILESTONE_LANES)}], "spacing": 6}


def _time_scale(rows: Sequence[Row]) -> Spec:
    last = dt.date.fromisoformat(rows[-1]["date"]) + dt.timedelta(days=120)
    return {"type": "utc", "domain": [f"{rows[0]['date'][:4]}-01-01", last.isoformat()]}


def _years(*, is_shown: bool) -> Spec:
    return {"format": "%Y", "tickCount": 8, "grid": False, "labels": is_shown, "ticks": is_shown, "domain": is_shown}


def _index_view(rows: Sequence[Row], marks: Sequence[Row], *, scale: Spec, lane: int) -> Spec:
    x = axis("date", "temporal", scale=scale, axis=_years(is_shown=not marks))
    y_axis = {"tickCount": 4, "minExtent": lane, "maxExtent": lane, "domain": False}
    y = axis("value", axis=y_axis)
    rule = {
        "data": inline({"date": row["date"]} for row in marks),
        "mark": {"type": "rule", "color": "#e3e6ea", "strokeWidth": 1},
        "encoding": {"x": x},
    }
    one = {"data": {"values": [{"y": 1}]}, "mark": {"type": "rule", "color": GREY, "strokeDash": [2, 3]}}
    return {
        "data": inline(rows),
        "layer": [
            rule,
            {
                "mark": {"type": "area", "color": PALE, "opacity": 0.8},
                "encoding": {"x": x, "y": axis("low", axis=y_axis), "y2": {"field": "high"}},
            },
            one | {"encoding": {"y": axis("y", axis=y_axis)}},
            {"mark": {"type": "line", "color": INK, "strokeWidth": 1.2}, "encoding": {"x": x, "y": y}},
            {
                "data": inline(rows[-1:]),
                "mark": {"type": "point", "filled": True, "size": 60, "color": ACCENT, "opacity": 1},
                "encoding": {"x": x, "y": y},
            },
        ],
    }


def _lanes_view(marks: Sequence[Row], *, scale: Spec, lane: int, messages: Messages) -> Spec:
    lanes = {name: messages[f"situation.lanes.{name}"] for name in MILESTONE_LANES}
    rows = [
        {
            "date": row["date"],
            "lane": lanes[_LANE_OF[row["kind"]]],
            "shape": _SHAPES[row["kind"]],
            "is_hollow": row["kind"] == "stop_ended",
            "is_fire": row["kind"] == "fire",
        }
        for row in marks
    ]
    names = names_axis(lane, is_narrow=lane == _NARROW_LANE) | {"minExtent": lane, "maxExtent": lane, "grid": True}
    x = axis("date", "temporal", scale=scale, axis=_years(is_shown=True))
    colour = {"condition": {"test": "datum.is_fire", "value": WARM}, "value": ACCENT}
    fill = {"condition": {"test": "datum.is_hollow", "value": "#ffffff"}, "value": ACCENT}
    return {
        "data": inline(rows),
        "mark": {"type": "point", "size": 46, "opacity": 1, "filled": False, "strokeWidth": 1.4},
        "encoding": {
            "x": x,
            "y": axis("lane", "nominal", sort=list(lanes.values()), scale={"domain": list(lanes.values())}, axis=names),
            "shape": {"field": "shape", "type": "nominal", "scale": None},
            "stroke": colour,
            "fill": {**fill, "condition": [fill["condition"], {"test": "datum.is_fire", "value": WARM}]},
        },
    }


def _contacts(page: Page, found: Row) -> Chart:
    m = page.messages
    held = [row for row in found["situation"]["contacts"] if row["counts"][-1]["now"] is not None]
    rows = [
        {
            "pair": pair_name(row["parties"], m),
            **{level: row["counts"][-1][level] for level in _LEVELS},
            "now": row["counts"][-1]["now"],
            "before": row["counts"][-1]["before"],
        }
        for row in held
    ]
    levels = [m[f"situation.levels.{level}"] for level in _LEVELS]
    heads = [m["situation.table.pair"], *levels, m["situation.table.days"], m["situation.table.before"]]
    heads[-2] = m["situation.table.last_year"]
    short = [
        row | {"pair": pair_name(one["parties"], m, group="parties_short")} for row, one in zip(rows, held, strict=True)
    ]
    wide, narrow = _contact_spec(rows, WIDE_WIDTH, messages=m), _contact_spec(short, NARROW_WIDTH, messages=m)
    words = m["situation.chart_contacts.alt_pair"]
    parts = [
        words.format(**{**row, "before": m["missing"] if row["before"] is None else row["before"]}) for row in rows
    ]
    alt = listed(page.say("situation.chart_contacts.alt"), parts, between=m["situation.and_so"])
    return _chart(page, "contacts", spec=wide, narrow=narrow, rows=rows, heads=heads, alt=alt)


def _contact_spec(rows: Sequence[Row], width: int, *, messages: Messages) -> Spec:
    is_narrow = width < WIDE_WIDTH
    names = {level: messages[f"situation.levels.{level}"] for level in _LEVELS}
    parts = [
        {"pair": row["pair"], "level": names[level], "place": place, "count": row[level]}
        for row in rows
        for place, level in enumerate(_LEVELS)
    ]
    y = axis(
        "pair",
        "nominal",
        sort=[row["pair"] for row in rows],
        axis=names_axis(126 if is_narrow else 260, is_narrow=is_narrow),
    )
    ticks = {"tickMinStep": 1, "format": "d", "tickCount": 4 if is_narrow else 8, "domain": False}
    x = {"type": "quantitative", "title": messages["situation.chart_contacts.axis"], "axis": ticks}
    legend = {"orient": "top", "title": None, "columns": 1 if is_narrow else 3}
    colour = {"field": "level", "type": "nominal", "sort": list(names.values()), "legend": legend}
    colour["scale"] = {"domain": list(names.values()), "range": list(_LEVEL_COLOURS)}
    bar = {
        "data": inline(parts),
        "mark": {"type": "bar", "height": 13},
        "encoding": {
            "y": y,
            "x": {"field": "count", "aggregate": "sum", **x},
            "color": colour,
            "order": {"field": "place"},
        },
    }
    before = {
        "data": inline({"pair": row["pair"], "before": row["before"]} for row in rows if row["before"]),
        "mark": {"type": "tick", "color": WARM, "thickness": 2.5, "height": 20, "opacity": 1},
        "encoding": {"y": y, "x": {"field": "before", **x}},
    }
    return layered([bar, before], width=width, height=25 * len(rows) + 70)
