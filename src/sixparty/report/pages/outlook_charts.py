"""The drawings of the Outlook page: chances and numbers by window, parts of moves, past scores, reliability."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from sixparty.report.wording import write_value

_HORIZONS = (1, 4, 13, 26, 52)
_BASE_WEEKS = (13, 52)
_DASH = [5, 3]
_WORD_COLOURS = {"better": ACCENT, "tie": GREY, "worse": WARM}


def outlook_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    """Return the charts of the page; those of moves and past scores only where there are any."""
    page, found = plain_page(document, messages), document["result"]
    charts = [_chances(page, found), _fans(page, found), _base(page, found)]
    if found["changed"]["forecast"]["rows"]:
        charts.append(_moves(page, found))
    if found.get("past"):
        charts += [_skill(page, found), _reliability(page, found)]
    return tuple(chart for chart in charts if chart.rows)


def cells_of(found: Row, *, kind: str, has_model: bool) -> Iterator[tuple[str, Row]]:
    """Yield target and cell for every target of one kind whose longest window has, or lacks, a model."""
    for target, cells in found["forecasts"].items():
        last = cells[max(cells, key=int)]
        if last["kind"] == kind and last["has_model"] == has_model:
            for cell in cells.values():
                yield target, cell


def _chart(
    page: Page,
    name: str,
    *,
    specs: tuple[Spec, Spec],
    rows: Sequence[Row],
    heads: Sequence[str],
    alt: str,
    past: bool = False,
) -> Chart:
    key, source = f"outlook.chart_{name}", "outlook.past_source" if past else "outlook.source"
    columns = list(rows[0]) if rows else []
    return Chart(
        name=name,
        spec=specs[0],
        rows=tuple(rows),
        heads={column: page.messages[f"outlook.table.{head}"] for column, head in zip(columns, heads, strict=True)}
        if rows
        else {},
        title=page.say(f"{key}.title"),
        caption=f"{page.say(f'{key}.caption')} {page.say(source)}",
        alt=alt,
        sources=("events", "spells"),
        command=page.get("result.past.command" if past else "result.header.command"),
        narrow=specs[1],
    )


def _chances(page: Page, found: Row) -> Chart:
    m = page.messages
    rows = [
        {
            "target": m.word("targets", target),
            "weeks": cell["horizon"],
            **{name: cell[name] for name in ("model", "low", "high", "plain")},
        }
        for target, cell in cells_of(found, kind="probability", has_model=True)
    ]
    longest = [row for row in rows if row["weeks"] == max(_HORIZONS)]
    parts = [
        m["outlook.chart_chances.alt_target"].format(
            target=row["target"], model=_chance(row["model"], m), plain=_chance(row["plain"], m)
        )
        for row in longest
    ]
    specs = (
        _lines(rows, columns=3, size=(210, 170), messages=m, is_share=True),
        _lines(rows, columns=1, size=(NARROW_WIDTH - 60, 130), messages=m, is_share=True),
    )
    heads = ("target", "weeks", "model", "low", "high", "plain")
    alt = listed(page.say("outlook.chart_chances.alt"), parts, between="; ")
    return _chart(page, "chances", specs=specs, rows=rows, heads=heads, alt=alt)


def _fans(page: Page, found: Row) -> Chart:
    m = page.messages
    names = ("model", "low", "high", "plain", "plain_low", "plain_high")
    rows = [
        {"target": m.word("targets", target), "weeks": cell["horizon"], **{name: cell[name] for name in names}}
        for target, cell in cells_of(found, kind="range", has_model=True)
    ]
    longest = [row for row in rows if row["weeks"] == max(_HORIZONS)]
    parts = [m["outlook.chart_fans.alt_target"].format(**row) for row in longest]
    starts = [{"target": row["target"], "weeks": 0, **dict.fromkeys(names, 0)} for row in longest]
    drawn = [*starts, *rows]
    specs = (
        _lines(drawn, columns=2, size=(330, 230), messages=m, is_share=False),
        _lines(drawn, columns=1, size=(NARROW_WIDTH - 60, 170), messages=m, is_share=False),
    )
    heads = ("target", "weeks", "model", "low", "high", "plain", "plain_low", "plain_high")
    alt = listed(page.say("outlook.chart_fans.alt"), parts, between="; ")
    return _chart(page, "fans", specs=specs, rows=rows, heads=heads, alt=alt)


def _chance(value: float, messages: Messages) -> str:
    return write_value(value, "chance:short", messages=messages)


def _lines(rows: Sequence[Row], *, columns: int, size: tuple[int, int], messages: Messages, is_share: bool) -> Spec:
    """Small multiples over the length of the window: model with its band, plain rate broken."""
    ticks = {"values": [1, 4, 13, 26, 52], "grid": False, "format": "d", "labelOverlap": False}
    scale = {"type": "sqrt", "domain": [0, 54], "nice": False} if is_share else {"domain": [0, 53], "nice": False}
    kept = ticks if is_share else ticks | {"values": [4, 13, 26, 52]}
    x = axis("weeks", axis=kept, scale=scale)
    x["title"] = messages["outlook.chart_chances.axis" if is_share else "outlook.chart_fans.axis"]
    y_axis = {"format": ".0%" if is_share else "d", "tickCount": 5, "domain": False}
    domain = {"domain": [0, 1]} if is_share else None

    def y(field: str) -> Spec:
        return axis(field, axis=y_axis, scale=domain)

    def line(field: str, mark: Mapping[str, Any]) -> Spec:
        return {"mark": {"type": "line", **mark}, "encoding": {"x": x, "y": y(field)}}

    broken = {"color": INK, "strokeDash": _DASH, "strokeWidth": 1.3}
    rivals = [line("plain", broken)] if is_share else [line(f"plain_{end}", broken) for end in ("low", "high")]
    dots = {"mark": {"type": "point", "filled": True, "size": 40, "color": ACCENT, "opacity": 1}}
    layers = [
        {"mark": {"type": "area", "color": "#bfd0e0"}, "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}}},
        *rivals,
        line("model", {"color": ACCENT, "strokeWidth": 2}),
        dots | {"encoding": {"x": x, "y": y("model")}},
    ]
    return multiples(layers, rows=rows, field="target", columns=columns, size=size)


def _base(page: Page, found: Row) -> Chart:
    m = page.messages
    rows = [
        {
            "target": m.word("targets", target),
            "weeks": cell["horizon"],
            "plain": cell["plain"],
            "low": cell["plain_low"],
            "high": cell["plain_high"],
            "episodes": cell["episodes"],
        }
        for target, cell in cells_of(found, kind="probability", has_model=False)
    ]
    longest = sorted((row for row in rows if row["weeks"] == max(_HORIZONS)), key=lambda row: -row["plain"])
    words = m["outlook.chart_base.alt_target"]
    parts = [words.format(target=row["target"], plain=_chance(row["plain"], m)) for row in longest]
    order = [row["target"] for row in longest]
    drawn = [
        row | {"window": m["outlook.chart_base.weeks"].format(row["weeks"])}
        for row in rows
        if row["weeks"] in _BASE_WEEKS
    ]
    short = {m.word("targets", name): m.word("targets_short", name) for name in found["forecasts"]}
    few = [row | {"target": short[row["target"]]} for row in drawn]
    specs = (
        _base_spec(drawn, order, WIDE_WIDTH, messages=m),
        _base_spec(few, [short[name] for name in order], NARROW_WIDTH, messages=m),
    )
    heads = ("target", "weeks", "plain", "low", "high", "episodes")
    alt = listed(page.say("outlook.chart_base.alt"), parts, between="; ")
    return _chart(page, "base", specs=specs, rows=rows, heads=heads, alt=alt)


def _base_spec(rows: Sequence[Row], order: Sequence[str], width: int, *, messages: Messages) -> Spec:
    is_narrow = width < WIDE_WIDTH
    y = axis("target", "nominal", sort=list(order), axis=names_axis(122 if is_narrow else 260, is_narrow=is_narrow))
    windows = [messages["outlook.chart_base.weeks"].format(weeks) for weeks in _BASE_WEEKS]
    offset = {"field": "window", "type": "nominal", "sort": windows, "scale": {"paddingOuter": 0.9}}
    scale = {"domain": windows, "range": [GREY, ACCENT]}
    colour = {"field": "window", "type": "nominal", "scale": scale, "legend": {"orient": "top", "title": None}}
    ticks = {"format": ".0%", "tickCount": 3 if is_narrow else 6, "domain": False}
    shared = {"y": y, "yOffset": offset, "color": colour}
    x = {"type": "quantitative", "title": None, "axis": ticks, "scale": {"domain": [0, 1]}}
    return layered(
        [
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": shared | {"x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": shared | {"x": {"field": "plain", **x}},
            },
        ],
        rows=rows,
        width=width,
        height=32 * len(order) + 56,
    )


def _moves(page: Page, found: Row) -> Chart:
    """A bar a move, its parts by cause; points and days times ten share one scale, as in the list."""
    m = page.messages
    rows = [
        {
            "target": f"{m.word('targets_short', row['target'])}, {row['horizon']}",
            "cause": m.word("reasons", reason["code"]),
            "part": reason["points"] * (100.0 if row["unit"] == "probability" else 10.0),
            "old": row["old"],
            "new": row["new"],
        }
        for row in found["changed"]["forecast"]["rows"]
        for reason in row["reasons"]
    ]
    specs = tuple(_move_spec(rows, width) for width in (WIDE_WIDTH, NARROW_WIDTH))
    heads = ("target", "cause", "part", "old", "new")
    return _chart(
        page, "moves", specs=(specs[0], specs[1]), rows=rows, heads=heads, alt=page.say("outlook.chart_moves.alt")
    )


def _move_spec(rows: Sequence[Row], width: int) -> Spec:
    is_narrow = width < WIDE_WIDTH
    order = list(dict.fromkeys(row["target"] for row in rows))
    causes = list(dict.fromkeys(row["cause"] for row in rows))
    y = axis("target", "nominal", sort=order, axis=names_axis(130 if is_narrow else 240, is_narrow=is_narrow))
    colour = axis("cause", "nominal", sort=causes) | {
        "legend": {"orient": "top", "title": None, "columns": 2 if is_narrow else 4}
    }
    bar = {"mark": {"type": "bar", "height": 14}, "encoding": {"y": y, "x": axis("part"), "color": colour}}
    return layered([bar], rows=rows, width=width, height=28 * len(order) + 60)


def _skill(page: Page, found: Row) -> Chart:
    m = page.messages
    kept = next((one for one in found["past"]["periods"] if one["name"] == "kept"), found["past"]["periods"][0])
    rows = [
        {
            "target": m.word("targets_short", cell["target"]),
            "weeks": cell["horizon"],
            "difference": cell["plain"]["difference"],
            "low": cell["plain"]["low"],
            "high": cell["plain"]["high"],
            "word": m.word("past.words", cell["plain"]["word"]),
        }
        for cell in kept["cells"]
        if cell["plain"] is not None
    ]
    specs = (
        _skill_spec(rows, columns=2, size=(300, 92), messages=m),
        _skill_spec(rows, columns=1, size=(NARROW_WIDTH - 46, 84), messages=m),
    )
    alt = page.say("outlook.chart_skill.alt") if found["past"]["tally"] else page.say("outlook.chart_skill.title")
    heads = ("target", "weeks", "difference", "low", "high", "word")
    return _chart(page, "skill", specs=specs, rows=rows, heads=heads, alt=alt, past=True)


def _skill_spec(rows: Sequence[Row], *, columns: int, size: tuple[int, int], messages: Messages) -> Spec:
    words = {messages.word("past.words", name): colour for name, colour in _WORD_COLOURS.items()}
    colour = axis("word", "nominal", scale={"domain": list(words), "range": list(words.values())})
    colour["legend"] = {"orient": "top", "title": None}
    y = axis("weeks", "ordinal", axis={"domain": False, "ticks": False, "labelPadding": 8})
    ticks = {"tickCount": 5, "domain": False}
    x = {"type": "quantitative", "title": messages["outlook.chart_skill.axis"], "axis": ticks}
    layers = [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": INK},
            "encoding": {"x": {"field": "zero", **x}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1},
            "encoding": {"y": y, "x": {"field": "difference", **x}, "color": colour},
        },
    ]
    return multiples(layers, rows=rows, field="target", columns=columns, size=size)


def _reliability(page: Page, found: Row) -> Chart:
    m = page.messages
    rows = [
        {
            "target": m.word("targets_short", one["target"]),
            "said": tenth["mean_chance"],
            "came": tenth["share_happened"],
            "number": tenth["n"],
        }
        for one in found["past"]["reliability"]
        for tenth in one["bins"]
    ]
    words = m["outlook.chart_reliability.alt_target"]
    parts = [
        words.format(target=name, **_overall(rows, name, m)) for name in dict.fromkeys(row["target"] for row in rows)
    ]
    specs = (_dots(rows, columns=5, side=116, messages=m), _dots(rows, columns=2, side=108, messages=m))
    alt = listed(page.say("outlook.chart_reliability.alt"), parts, between="; ")
    heads = ("target", "chance", "came", "number")
    return _chart(page, "reliability", specs=specs, rows=rows, heads=heads, alt=alt, past=True)


def _overall(rows: Sequence[Row], name: str, messages: Messages) -> dict[str, str]:
    """Over all forecasts of a target: the mean chance said, and the share in which it came."""
    own = [row for row in rows if row["target"] == name]
    total = sum(row["number"] for row in own)
    means = {end: sum(row[end] * row["number"] for row in own) / total for end in ("said", "came")}
    return {end: write_value(mean, "percent", messages=messages) for end, mean in means.items()}


def _dots(rows: Sequence[Row], *, columns: int, side: int, messages: Messages) -> Spec:
    ticks = {"values": [0, 0.5, 1], "format": ".0%", "domain": False, "labelFlush": True, "labelFontSize": 11}
    scale = {"domain": [0, 1], "nice": False}
    x = axis("said", axis=ticks, scale=scale) | {"title": messages["outlook.chart_reliability.said"]}
    y = axis("came", axis=ticks, scale=scale) | {"title": messages["outlook.chart_reliability.came"]}
    size = axis("number", scale={"domain": [0, 60], "range": [14, 190]}) | {"legend": None}
    ends = {"data": inline([{"said": 0, "came": 0}, {"said": 1, "came": 1}])}
    line = ends | {"mark": {"type": "line", "color": PALE, "strokeWidth": 1.5}, "encoding": {"x": x, "y": y}}
    dots = {
        "mark": {"type": "point", "filled": True, "color": ACCENT, "opacity": 0.75},
        "encoding": {"x": x, "y": y, "size": size},
    }
    return multiples([line, dots], rows=rows, field="target", columns=columns, size=(side, side))
