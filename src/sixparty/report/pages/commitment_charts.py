"""Drawings of the ledger: what became of promises by party, how long steps held, clauses by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sixparty.report.ledger_terminal import outcome_counts
from sixparty.report.messages import Messages
from sixparty.report.pages.chart import ACCENT, GREY, INK, NARROW, PALE, WARM, WIDE, Chart
from sixparty.report.pages.site import Document
from sixparty.report.wording import whole_percent, write_value

Spec = dict[str, Any]

OUTCOMES: Mapping[str, str] = {
    "kept": ACCENT,
    "partly_kept": "#8fabc4",
    "open": PALE,
    "superseded": "#b4b0a6",
    "unknown": "#eef0f2",
    "lapsed": "#dfb394",
    "breached": WARM,
}
"""States as they stand from left to right, each with its colour."""

GRADES: Mapping[str, str] = {
    "none": "#dfb394",
    "minimal": "#cfdbe6",
    "in_part": "#a9bfd3",
    "intermediate": "#7699ba",
    "full": ACCENT,
    "unknown": "#eef0f2",
}

_DAYS_A_YEAR = 365.25
_NO_AXIS: Spec = {"grid": False, "domain": False, "ticks": False}
_TWO_LINES: Spec = {
    "labelExpr": r"split(replace(datum.label, /^(\S+) (.{13,})$/, '$1\n$2'), '\n')",
    "labelOffset": {"condition": {"test": r"test(/^\S+ .{13,}$/, datum.label)", "value": -7}, "value": 0},
}
"""Sets a long name of a party on two lines, after its first word."""

_LANE, _GAP, _LEAST_HIGH = 6, 8, 14


def ledger_charts(document: Document, messages: Messages) -> tuple[Chart, ...]:
    """Return the charts of an answer of the ledger: those for which it has figures."""
    found = document["result"]
    charts = [sides_chart(document, messages)] if found["sides"] else []
    charts += [held_chart(document, messages)] if _medians(found["held"]) else []
    charts += [steps_chart(document, messages)] if found["steps"] else []
    charts += [degrees_chart(document, messages)] if _is_whole_text(document) else []
    return tuple(charts)


def day_words(document: Document, messages: Messages) -> str:
    """Return the day to which the ledger was read, in words."""
    return write_value(document["result"]["as_of"], "date", messages=messages)


def sides_chart(document: Document, messages: Messages) -> Chart:
    """Shares of each party's promises by what became of them."""
    rows = [row for side in document["result"]["sides"] for row in _side_rows(side, messages)]
    shares = [
        messages["commitments.sides_share"].format(
            party=messages.word("parties", side["party"]),
            percent=whole_percent(side["every"]["kept"]["share"]),
            n=side["every"]["kept"]["n"],
        )
        for side in document["result"]["sides"]
        if side["every"]["kept"]["n"]
    ]
    return Chart(
        name="sides",
        spec=_sides_spec(rows, messages, width=WIDE),
        narrow=_sides_spec(rows, messages, width=NARROW),
        rows=tuple(_without(rows, ("order", "of"))),
        heads={
            "party": messages["commitments.party"],
            "state": messages["commitments.stands"],
            "count": messages["commitments.promises"],
            "share": "%",
        },
        title=messages["commitments.sides_chart"],
        caption=messages["commitments.sides_chart_caption"].format(day=day_words(document, messages)),
        alt=messages["commitments.sides_alt"].format(shares="; ".join(shares)),
        sources=("agreements", "commitments"),
        command=document["provenance"]["command"],
    )


def _side_rows(side: Mapping[str, Any], messages: Messages) -> Iterable[Mapping[str, Any]]:
    counts, total = outcome_counts(side["every"]["states"]), side["every"]["promises"]
    for order, name in enumerate(OUTCOMES):
        yield {
            "party": messages.word("parties", side["party"]),
            "state": messages[f"commitments.{name}"],
            "count": counts[name],
            "share": round(100.0 * counts[name] / total, 1),
            "order": order,
            "of": total,
        }


def _sides_spec(rows: Sequence[Mapping[str, Any]], messages: Messages, *, width: int) -> Spec:
    is_wide = width == WIDE
    names, parties = [messages[f"commitments.{name}"] for name in OUTCOMES], _once(rows, "party")
    colour = {
        "field": "state",
        "type": "nominal",
        "scale": {"domain": names, "range": list(OUTCOMES.values())},
        "legend": {"title": None, "columns": 7 if is_wide else 3, "symbolType": "square", "symbolStrokeWidth": 0},
    }
    axis = {**_NO_AXIS, "labelLimit": 150} if is_wide else {**_NO_AXIS, "labelLimit": 112, **_TWO_LINES}
    y = {"field": "party", "type": "nominal", "sort": parties, "title": None, "axis": axis}
    x = {
        "field": "share",
        "type": "quantitative",
        "title": None,
        "stack": True,
        "scale": {"domain": [0, 100], "nice": False},
        "axis": {"values": [0, 25, 50, 75, 100], "labelExpr": "datum.label + '%'", "grid": False},
    }
    order = {"field": "order", "type": "quantitative"}
    bars = {"mark": {"type": "bar", "height": 17}, "encoding": {"x": x, "y": y, "color": colour, "order": order}}
    inner = width - (170 if is_wide else 150)
    totals = {
        "transform": [{"filter": "datum.order == 0"}],
        "mark": {"type": "text", "align": "right", "color": GREY},
        "encoding": {"y": y, "x": {"value": inner + 34}, "text": {"field": "of", "format": ",d"}},
    }
    return {
        "data": {"values": list(rows)},
        "width": inner,
        "height": {"step": 26},
        "layer": [bars, totals],
    }


def held_chart(document: Document, messages: Messages) -> Chart:
    """Medians of how long steps held, with their intervals."""
    curves = sorted(_medians(document["result"]["held"]), key=lambda curve: (curve["kind"] == "all", -curve["steps"]))
    rows = [_held_row(curve, messages) for curve in curves]
    medians = ", ".join(f"{row['kind']} {row['median']:.1f}" for row in rows)
    return Chart(
        name="held",
        spec=_held_spec(rows, width=WIDE),
        narrow=_held_spec(rows, width=NARROW),
        rows=tuple(_without(rows, ("label", "to", "is_open", "is_all"))),
        heads={
            "kind": messages["commitments.kind"],
            "steps": messages["commitments.steps"],
            "ended": messages["commitments.ended"],
            "median": messages["commitments.median"],
            "low": messages["commitments.year_low"],
            "high": messages["commitments.year_high"],
        },
        title=messages["commitments.held_chart"],
        caption=messages["commitments.held_chart_caption"].format(day=day_words(document, messages)),
        alt=messages["commitments.held_alt"].format(medians=medians),
        sources=("agreements", "commitments"),
        command=document["provenance"]["command"],
    )


def _medians(curves: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [curve for curve in curves if curve["median_days"] is not None]


def _held_row(curve: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    median, low, high = (_years(curve[f"median_{name}days"]) for name in ("", "low_", "high_"))
    kind = messages.word("step_kinds", curve["kind"])
    return {
        "kind": kind,
        "steps": curve["steps"],
        "ended": curve["ended"],
        "median": median,
        "low": low,
        "high": high,
        "label": f"{kind} ({curve['steps']})",
        "to": high,
        "is_open": high is None,
        "is_all": curve["kind"] == "all",
    }


def _held_spec(rows: Sequence[Mapping[str, Any]], *, width: int) -> Spec:
    end = 1.12 * max([row[name] for row in rows for name in ("median", "high") if row[name] is not None])
    values = [{**row, "to": end if row["is_open"] else row["to"]} for row in rows]
    y = {
        "field": "label",
        "type": "nominal",
        "sort": [row["label"] for row in rows],
        "title": None,
        "axis": {**_NO_AXIS, "labelLimit": 190 if width == WIDE else 128},
    }
    scale = {"domain": [0, end], "nice": False}
    x = {"type": "quantitative", "title": None, "scale": scale, "axis": {"grid": False, "tickMinStep": 1}}
    bars = {
        "mark": {"type": "rule", "strokeWidth": 8, "color": PALE},
        "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "to"}},
    }
    heads = {
        "transform": [{"filter": "datum.is_open"}],
        "mark": {"type": "point", "shape": "triangle-right", "color": GREY, "size": 44},
        "encoding": {"y": y, "x": {"field": "to", **x}},
    }
    colour = {"condition": {"test": "datum.is_all", "value": INK}, "value": ACCENT}
    dots = {
        "mark": {"type": "point", "size": 62, "opacity": 1},
        "encoding": {"y": y, "x": {"field": "median", **x}, "color": colour},
    }
    inner = width - (230 if width == WIDE else 150)
    return {"data": {"values": values}, "width": inner, "height": {"step": 24}, "layer": [bars, heads, dots]}


def steps_chart(document: Document, messages: Messages) -> Chart:
    """Every step as a bar from its first to its last day, by kind."""
    found = document["result"]
    rows = [_step_row(step, found, messages) for step in found["steps"]]
    holding = sum(row["until"] is None for row in rows)
    told = {"n": len(rows), "year": rows[0]["from"][:4], "holding": holding, "day": day_words(document, messages)}
    return Chart(
        name="steps",
        spec=_steps_spec(rows, end=found["as_of"], width=WIDE),
        narrow=_steps_spec(rows, end=found["as_of"], width=NARROW),
        rows=tuple(rows),
        heads={name: messages[f"commitments.{name}"] for name in ("kind", "text", "who", "from", "until", "days")},
        title=messages["commitments.steps_title"],
        caption=messages["commitments.steps_chart_caption"].format(day=told["day"]),
        alt=messages["commitments.steps_alt"].format(**told),
        sources=("agreements", "commitments"),
        command=document["provenance"]["command"],
    )


def _step_row(step: Mapping[str, Any], found: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    titles = {text["id"]: text[f"title_{messages.language}"] for text in found["texts"]}
    return {
        "kind": messages.word("step_kinds", step["kind"]),
        "text": messages.names.apply(titles.get(step["agreement_id"], step["agreement_id"])),
        "who": ", ".join(messages.word("parties", party) for party in step["obligors"]),
        "from": step["held_from"],
        "until": step["held_until"],
        "days": step["days"],
    }


def _steps_spec(rows: Sequence[Mapping[str, Any]], *, end: str, width: int) -> Spec:
    """Bars in lanes, kind below kind, the commonest kind first."""
    values: list[Spec] = []
    heads: list[Spec] = []
    top = 0.0
    for kind in sorted(_once(rows, "kind"), key=lambda kind: -sum(row["kind"] == kind for row in rows)):
        bars = _in_lanes([row for row in rows if row["kind"] == kind], top=top, end=end)
        high = max(_LANE + max(bar["y"] for bar in bars) - top, _LEAST_HIGH)
        values += bars
        heads.append({"kind": kind, "y": top + high / 2 - _LANE / 2})
        top += high + _GAP
    return _lanes_spec(values, heads, height=top - _GAP, width=width)


def _in_lanes(rows: Sequence[Mapping[str, Any]], *, top: float, end: str) -> list[Spec]:
    """Each bar in the first lane that is free on its first day."""
    lanes: list[str] = []
    bars = []
    for row in rows:
        lane = next((place for place, last in enumerate(lanes) if last < row["from"]), len(lanes))
        last = row["until"] or end
        lanes[lane : lane + 1] = [last]
        bars.append({**row, "to": last, "y": top + _LANE * lane, "is_on": row["until"] is None})
    return bars


def _lanes_spec(values: list[Spec], heads: list[Spec], *, height: float, width: int) -> Spec:
    left, size = (190, 12) if width == WIDE else (144, 11)
    scale = {"domain": [-4, height], "range": [0, height + 4], "nice": False}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": scale}
    axis = {"format": "%Y", "grid": True, "tickCount": 8 if width == WIDE else 4}
    x = {"type": "temporal", "title": None, "axis": axis, "scale": {"type": "utc", "range": [left, width - 4]}}
    colour = {"condition": {"test": "datum.is_on", "value": ACCENT}, "value": "#9aa1a8"}
    bars = {
        "data": {"values": values},
        "mark": {"type": "rule", "strokeWidth": _LANE - 1.5},
        "encoding": {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": y, "color": colour},
    }
    names = {
        "data": {"values": heads},
        "mark": {"type": "text", "align": "left", "limit": left - 8, "fontSize": size},
        "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "kind"}},
    }
    return {"width": width - 6, "height": height + 4, "layer": [bars, names]}


def degrees_chart(document: Document, messages: Messages) -> Chart:
    """How far each clause of one text was carried out, year by year."""
    found = document["result"]
    clauses = {row["id"]: row for row in found["rows"]}
    degrees = found["implementation"]["degrees"]
    rows = [_degree_row(clauses[each["commitment_id"]], each, messages) for each in degrees]
    known = [each for each in degrees if each["grade"] != "unknown"]
    told = {
        "n": len({each["commitment_id"] for each in degrees}),
        "years": len({each["year"] for each in degrees}),
        "known": len(known),
        "full": sum(each["grade"] == "full" for each in known),
    }
    return Chart(
        name="degrees",
        spec=_degrees_spec(rows, messages, width=WIDE),
        narrow=_degrees_spec(rows, messages, width=NARROW),
        rows=tuple(rows),
        heads={name: messages[f"commitments.{name}"] for name in ("clause", "promise", "year", "grade")},
        title=messages["commitments.degrees_title"],
        caption=messages["commitments.degrees_caption"].format(day=day_words(document, messages)),
        alt=messages["commitments.degrees_alt"].format(**told),
        sources=("agreements", "commitments", "implementation"),
        command=document["provenance"]["command"],
    )


def _degree_row(row: Mapping[str, Any], degree: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    return {
        "clause": row["clause"],
        "promise": messages.names.apply(row[f"promise_{messages.language}"]),
        "year": degree["year"],
        "grade": messages[f"commitments.grades.{degree['grade']}"],
    }


def _degrees_spec(rows: Sequence[Mapping[str, Any]], messages: Messages, *, width: int) -> Spec:
    is_wide, years = width == WIDE, sorted({row["year"] for row in rows})
    names = [messages[f"commitments.grades.{name}"] for name in GRADES]
    every = max(1, round(len(years) / (12 if is_wide else 5)))
    x = {
        "field": "year",
        "type": "ordinal",
        "title": None,
        "scale": {"domain": years, "paddingInner": 0.08},
        "axis": {**_NO_AXIS, "values": years[::every], "labelAngle": 0},
    }
    left = 330 if is_wide else 92
    values = [{**row, "label": f"{row['clause']}  {row['promise']}"} for row in rows]
    axis = {**_NO_AXIS, "labelLimit": left, "labelAlign": "left", "labelPadding": left}
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": axis}
    colour = {
        "field": "grade",
        "type": "nominal",
        "scale": {"domain": names, "range": list(GRADES.values())},
        "legend": {"title": None, "columns": 6 if is_wide else 3, "symbolType": "square", "symbolStrokeWidth": 0},
    }
    return {
        "data": {"values": values},
        "width": min(width - left - 14, 34 * len(years)),
        "height": {"step": 19},
        "mark": {"type": "rect", "height": 16},
        "encoding": {"x": x, "y": y, "color": colour},
    }


def _is_whole_text(document: Document) -> bool:
    """Whether one text was asked for, and the record says how far its clauses were carried out."""
    found = document["result"]
    is_whole = document["spec"]["agreement"] is not None and document["spec"]["year"] is None
    return bool(is_whole and found["implementation"] and found["implementation"]["degrees"])


def _once(rows: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    return list(dict.fromkeys(row[name] for row in rows))


def _without(rows: Iterable[Mapping[str, Any]], names: tuple[str, ...]) -> list[Mapping[str, Any]]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def _years(days: float | None) -> float | None:
    return None if days is None else round(days / _DAYS_A_YEAR, 2)
