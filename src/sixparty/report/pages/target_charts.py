"""The drawings of a target's page: what moved its forecast, what its number is made of, what would move it most."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sixparty.report.explain_terminal import observation_words, written_parts
from sixparty.report.messages import Messages
from sixparty.report.pages.chart import ACCENT, GREY, INK, WARM, Chart
from sixparty.report.pages.drawing import NARROW_WIDTH, WIDE_WIDTH, Row, Spec, axis, layered, names_axis
from sixparty.report.wording import write_value

POINT_DIGITS, NUMBER_DIGITS = (0, 1, 2), (1, 2)
_SMALLEST_DRAWN = {"chance": 0.0005, "mean": 0.005}
_FEW_POINTS = 0.1


def target_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    """Return the charts of the page; one without rows is left out."""
    found, command = document["result"], document["provenance"]["command"]
    charts = (_change(found, messages), _sources(found, messages), _seen(found, messages))
    made = [Chart(**chart, sources=("events", "spells"), command=command) for chart in charts if chart]
    return tuple(made)


def told_rows(found: Row) -> list[Row]:
    """Return signs that the simulation can tell from none: of several numbers one."""
    kept: list[Row] = []
    for row in found["observations"]:
        is_first = not any(row["kind"] == other["kind"] and row["subject"] == other["subject"] for other in kept)
        if row["is_told"] and (row["kind"] != "at_least" or row["at_least"] == 1 or is_first):
            kept.append(row)
    return kept


def figure_name(found: Row) -> str:
    """Return which of the two figures the target is about: ``mean`` of days, or ``chance`` of any."""
    return "mean" if found["is_range"] else "chance"


def ends_written(found: Row, messages: Messages) -> tuple[str, str]:
    """Return the figure before and now as they are shown."""
    return _written(found["change"]["old_" + figure_name(found)], found, messages), _written(
        found["change"]["new_" + figure_name(found)], found, messages
    )


def _written(value: float, found: Row, messages: Messages) -> str:
    style = "decimal:1" if found["is_range"] else "chance:short"
    return write_value(value, style, messages=messages)


def change_parts(found: Row) -> tuple[list[Row], list[str], int]:
    """Return the parts of the move that are in the model, as they are written so that they add up, and the decimals."""
    change, figure = found["change"], figure_name(found)
    scale, digits = (1.0, NUMBER_DIGITS) if found["is_range"] else (100.0, POINT_DIGITS)
    parts = [part for part in change["parts"] if part["is_read"]]
    ends = (scale * change[f"{end}_{figure}"] for end in ("old", "new"))
    written, chosen = written_parts(*ends, parts=[scale * part[figure] for part in parts], digits=digits)
    return parts, written, chosen


def _change(found: Row, m: Messages) -> dict[str, Any] | None:
    figure, scale = figure_name(found), 1.0 if found["is_range"] else 100.0
    parts, written, _ = change_parts(found)
    if not any(abs(part[figure]) >= _SMALLEST_DRAWN[figure] for part in parts):
        return None
    rows = [
        {
            "cause": m[f"explain.causes.{part['name']}"],
            "part": scale * part[figure],
            "low": scale * (part[figure] - 2 * part[f"{figure}_error"]),
            "high": scale * (part[figure] + 2 * part[f"{figure}_error"]),
        }
        for part in parts
    ]
    old, new = ends_written(found, m)
    largest = max(range(len(parts)), key=lambda place: abs(parts[place][figure]))
    told = {"old": old, "new": new, "cause": rows[largest]["cause"], "part": written[largest]}
    since = write_value(found["since"], "date", messages=m)
    return {
        "name": "change",
        "rows": tuple(rows),
        "heads": _heads(m, ("cause", "part", "low", "high")),
        "title": m["target.chart_change.title"].format(since=since),
        "caption": f"{m[_caption_of_change(found)].format(**told)} {_source(found, m)}",
        "alt": m["target.chart_change.alt"].format(**told),
        **_both(_bars, rows),
    }


def _caption_of_change(found: Row) -> str:
    """Only what is simulated has an error of simulation."""
    return f"target.chart_change.caption_{figure_name(found)}{'' if found['has_model'] else '_base'}"


def _sources(found: Row, m: Messages) -> dict[str, Any] | None:
    if not found["sources"]:
        return None
    rows = [
        {"cause": m[f"explain.made_of.{row['name']}"], "part": row["number"], "low": row["low"], "high": row["high"]}
        for row in found["sources"]
        if row["is_read"]
    ]
    largest = max(rows, key=lambda row: abs(row["part"]))
    mean = write_value(found["change"]["model_mean"], "decimal:2", messages=m)
    part = write_value(largest["part"], "decimal:2", messages=m)
    return {
        "name": "sources",
        "rows": tuple(rows),
        "heads": _heads(m, ("cause", "part", "low", "high")),
        "title": m["target.chart_sources.title"],
        "caption": f"{m['target.chart_sources.caption'].format(mean=mean)} {_source(found, m)}",
        "alt": m["target.chart_sources.alt"].format(mean=mean, cause=largest["cause"], part=part),
        **_both(_bars, rows),
    }


def _seen(found: Row, m: Messages) -> dict[str, Any] | None:
    figure = figure_name(found)
    rows = [
        {"sign": observation_words(row, m), "old": row[f"from_{figure}"], "new": row[f"to_{figure}"]}
        for row in told_rows(found)
    ]
    if not rows:
        return None
    ends = {name: _written(rows[0][name], found, m) for name in ("old", "new")}
    caption = m[f"target.chart_seen.caption_{figure}"].format(horizon=found["horizon"])
    return {
        "name": "seen",
        "rows": tuple(rows),
        "heads": _heads(m, ("sign", "old", "new")),
        "title": m["target.chart_seen.title"].format(weeks=found["watch_weeks"]),
        "caption": f"{caption} {_source(found, m)}",
        "alt": m["target.chart_seen.alt"].format(sign=rows[0]["sign"], **ends),
        **_both(partial(_pairs, is_share=figure == "chance"), rows),
    }


def _heads(m: Messages, names: Sequence[str]) -> dict[str, str]:
    return {name: m[f"outlook.table.{name}"] for name in names}


def _source(found: Row, m: Messages) -> str:
    days = {name: write_value(found[name], "date", messages=m) for name in ("as_of", "reference_date")}
    return m["target.source"].format(**days)


def _both(draw: Callable[[Sequence[Row], int], Spec], rows: Sequence[Row]) -> dict[str, Spec]:
    return {"spec": draw(rows, WIDE_WIDTH), "narrow": draw(rows, NARROW_WIDTH)}


def _bars(rows: Sequence[Row], width: int) -> Spec:
    """A bar a cause, to the right or to the left of zero, with the range of each."""
    is_narrow = width < WIDE_WIDTH
    names = names_axis(128 if is_narrow else 240, is_narrow=is_narrow)
    y = axis("cause", "nominal", sort=[row["cause"] for row in rows], axis=names)
    x = {"type": "quantitative", "title": None, "axis": {"tickCount": 3 if is_narrow else 6, "domain": False}}
    colour = {"condition": {"test": "datum.part < 0", "value": "#7d9dbb"}, "value": ACCENT}
    zero = {"data": {"values": [{"zero": 0}]}, "mark": {"type": "rule", "color": INK}}
    whisker = {"mark": {"type": "rule", "color": WARM, "strokeWidth": 1.6}}
    return layered(
        [
            {"mark": {"type": "bar", "height": 14}, "encoding": {"y": y, "x": {"field": "part", **x}, "color": colour}},
            whisker | {"encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}}},
            zero | {"encoding": {"x": {"field": "zero", **x}}},
        ],
        rows=rows,
        width=width,
        height=28 * len(rows) + 44,
    )


def _pairs(rows: Sequence[Row], width: int, *, is_share: bool) -> Spec:
    """A line a sign, from the figure of all futures to that of futures with the sign."""
    is_narrow = width < WIDE_WIDTH
    names = names_axis(168 if is_narrow else 330, is_narrow=is_narrow)
    y = axis("sign", "nominal", sort=[row["sign"] for row in rows], axis=names)
    ends = [row[name] for row in rows for name in ("old", "new")]
    pattern = ".1%" if max(ends) - min(ends) < _FEW_POINTS else ".0%"
    ticks = {"tickCount": 3 if is_narrow else 6, "domain": False, **({"format": pattern} if is_share else {})}
    x = {"type": "quantitative", "title": None, "axis": ticks, "scale": {"zero": False, "padding": 14}}
    point = {"type": "point", "size": 80, "opacity": 1, "color": ACCENT}
    return layered(
        [
            {
                "mark": {"type": "rule", "color": GREY},
                "encoding": {"y": y, "x": {"field": "old", **x}, "x2": {"field": "new"}},
            },
            {
                "mark": {**point, "filled": True, "fill": "#fff", "stroke": ACCENT},
                "encoding": {"y": y, "x": {"field": "old", **x}},
            },
            {"mark": {**point, "filled": True}, "encoding": {"y": y, "x": {"field": "new", **x}}},
        ],
        rows=rows,
        width=width,
        height=30 * len(rows) + 44,
    )
