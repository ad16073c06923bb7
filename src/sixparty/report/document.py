"""From the results of the other rooms to the `result` part of brief.json: what is said, in which order, about what.

The document holds every figure that a page shows. Sentences are named by message key and the place of their
figures, never written out, so that each language renders the same result.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from sixparty.periods import window_end
from sixparty.report.budget import count_words, shown_entries
from sixparty.report.evidence_standing import ClaimsStanding
from sixparty.report.inputs import (
    CLASS_ORDER,
    BriefInputs,
    Change,
    ClassStanding,
    DateAhead,
    ForecastCell,
    IndexStanding,
    PhaseStanding,
)
from sixparty.report.promises import PromiseStanding
from sixparty.report.situation import SituationStanding
from sixparty.report.wording import short_label

PAGE_ONE_TARGETS: tuple[str, ...] = (
    "icbm_launch",
    "nuclear_test",
    "border_kinetic",
    "inter_korean_talks",
    "us_prk_talks",
    "weapons_test_days",
)
PAGE_ONE_HORIZONS: tuple[int, ...] = (4, 13, 52)
FAMILY_ORDER: tuple[str, ...] = (
    "weapons_tests",
    "border_incidents",
    "unsc_resolutions",
    "grey_zone",
    "joint_drills",
    "moratoria",
    "inter_korean_talks",
    "us_prk_talks",
    "contacts",
    "sanctions",
    "conciliatory_acts",
    "cbms",
    "posture",
    "rhetoric",
    "calendar",
)
"""Order in which rows of the week and families are listed: arms and fire first, words last."""
WEEKS_AHEAD = 6
INTERVAL = 0.8
"""Probability that the ranges of the brief are meant to hold."""
PREPARE_WEEKS = 4
_UNUSUAL_WORDS = 18
_LAST_LABEL_WORDS = 8


def brief_document(inputs: BriefInputs) -> dict[str, Any]:
    """Return the `result` part of brief.json.

    Everything in it is text, number, truth value, null, list or table; dates are ISO text; what is missing is
    null. A figure keeps its full precision here and is rounded only where it is shown.
    """
    where = {
        "days": inputs.days,
        "phase": _phase(inputs.phase),
        "classes": [_standing(row) for row in _in_order(inputs.classes)],
        "unusual_rule": inputs.unusual_rule,
        "index": _index(inputs.index),
    }
    listings = _listings(inputs, used=_words_beyond(inputs.classes))
    changed = {kind: listings[kind] for kind in ("added", "revised", "forecast", "spell")}
    result = {
        "interval": INTERVAL,
        "header": inputs.header,
        "bottom": _bottom_line(inputs, changed=changed, where=where),
        "changed": {**changed, "is_empty": not any(rows["count"] for rows in changed.values())},
        "ahead": {"weeks": WEEKS_AHEAD, "is_covered": inputs.is_ahead_covered, **listings["ahead"]},
        "where": where,
        "next": {
            "targets": _present(inputs.forecasts),
            "plain_id": _one_rival(inputs.forecasts),
            "leads": _leads(inputs.forecasts),
            "horizons": [_horizon(inputs.header.reference_date, weeks) for weeks in PAGE_ONE_HORIZONS],
        },
        "record": inputs.record,
        "past": inputs.past,
        "archive": inputs.archive,
        "signposts": listings["signposts"],
        "trust": inputs.trust,
        "promises": _promises(inputs.promises),
        "claims": _claims(inputs.claims),
        "situation": _situation(inputs.situation),
        "forecasts": _by_target(inputs.forecasts),
        "coverage": sorted(inputs.coverage, key=lambda row: (family_rank(row.family), row.family)),
        "expectation": {row.name: row for row in inputs.expectation},
        "fits": inputs.fits,
        "monthly": inputs.monthly,
        "rows": [_with_label(row) for row in sorted(inputs.rows, key=lambda row: (row.date, row.row_id))],
        "sources": dict(sorted(inputs.sources.items())),
    }
    ready = json_ready(result)
    assert isinstance(ready, dict)
    return ready


def json_ready(value: Any) -> Any:
    """Return the value as JSON knows it: dates as ISO text, dataclasses as tables, NaN and infinity as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: json_ready(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): json_ready(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [json_ready(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def look_up(document: Any, key: str) -> Any:
    """Return what stands in the document under a dotted key such as ``result.where.classes.0.observed``.

    Raises
    ------
    KeyError
        If nothing stands there.
    """
    place = document
    for step in key.split("."):
        try:
            place = place[int(step)] if isinstance(place, list) else place[step]
        except (KeyError, IndexError, ValueError, TypeError):
            raise KeyError(key) from None
    return place


def whole_points(parts: Sequence[float], *, total: int) -> list[int]:
    """Round parts to whole numbers that add up to `total` (largest remainder, earlier part first in a tie).

    Examples
    --------
    >>> whole_points([2.6, 0.7, 0.4], total=4)
    [3, 1, 0]
    """
    whole = [math.floor(part + 0.5) for part in parts]
    while parts and sum(whole) != total:
        step = 1 if sum(whole) < total else -1
        furthest = max(range(len(parts)), key=lambda i: (step * (parts[i] - whole[i]), -i))
        whole[furthest] += step
    return whole


def family_rank(family: str | None) -> int:
    """Place of a family in `FAMILY_ORDER`; one that is not in it comes last."""
    return FAMILY_ORDER.index(family) if family in FAMILY_ORDER else len(FAMILY_ORDER)


def _promises(found: PromiseStanding | None) -> dict[str, Any] | None:
    """The ledger as a table; what is due is counted and carries its labels in both languages."""
    if found is None:
        return None
    table: dict[str, Any] = json_ready(found)
    for row in table["due"]:
        row["label"] = {"en": row.pop("label_en"), "ko": row.pop("label_ko")}
        row["agreement"] = {"en": row.pop("agreement_en"), "ko": row.pop("agreement_ko")}
    late = sum(row.state == "overdue" for row in found.due)
    table["due"] = {"count": len(found.due) - late, "overdue": late, "rows": table["due"]}
    return table


def _claims(found: ClaimsStanding | None) -> dict[str, Any] | None:
    """The claims touched as a table; titles hold both languages."""
    if found is None:
        return None
    table: dict[str, Any] = json_ready(found)
    for row in table["rows"]:
        row["label"] = {"en": row.pop("label_en"), "ko": row.pop("label_ko")}
        row["rows"] = ", ".join(row["rows"])
    return table


def _situation(found: SituationStanding | None) -> dict[str, Any] | None:
    """Contacts, posture and milestones as a table; labels hold both languages."""
    if found is None:
        return None
    table: dict[str, Any] = json_ready(found)
    for row in table["contacts"]:
        row["last"] = _occasion(row["last"]) if row["last"] else None
    for row in table["posture"]:
        row["rows"] = [_occasion(one) for one in row["rows"]]
    table["milestones"] = [
        {"kind": row["kind"], "deaths": row["deaths"], **_occasion(row["on"])} for row in table["milestones"]
    ]
    return table


def _occasion(row: dict[str, Any]) -> dict[str, Any]:
    label = {"en": row["label_en"], "ko": row["label_ko"]}
    return {"date": row["date"], "row_id": row["row_id"], "level": row["level"], "label": label}


def _words_beyond(classes: Iterable[ClassStanding]) -> int:
    """Words that the classes take beyond an ordinary week, in which one of them names its latest event."""
    rows = [row for row in classes if row.is_covered and row.low is not None]
    named = [short_label(row.last_label) for row in rows if row.last_label and not row.observed]
    last = max(0, count_words(" ".join(named)) - _LAST_LABEL_WORDS)
    return last + _UNUSUAL_WORDS * sum(row.is_unusual for row in rows)


def _leads(cells: Iterable[ForecastCell]) -> list[str]:
    """Whose figures come first on page one where the model's do not."""
    found = {cell.lead for cell in cells if cell.target in PAGE_ONE_TARGETS and cell.horizon in PAGE_ONE_HORIZONS}
    return [lead for lead in ("plain", "rival") if lead in found]


def _listings(inputs: BriefInputs, *, used: int) -> dict[str, Any]:
    """The lists of page one: all entries, how many page one shows, how many it leaves to page two."""
    entries: dict[str, list[Any]] = {
        **{kind: _changes(inputs.changes, kind) for kind in ("added", "revised", "spell")},
        "forecast": _moves(inputs),
        "ahead": [_date_ahead(row) for row in sorted(inputs.ahead, key=lambda row: row.date)],
        "signposts": list(inputs.signposts),
    }
    shown = shown_entries(entries, used=used)
    return {
        kind: {"count": len(rows), "shown": shown[kind], "rest": len(rows) - shown[kind], "rows": rows}
        for kind, rows in entries.items()
    }


def _with_label(row: Any) -> dict[str, Any]:
    """The row as a table whose label holds both languages."""
    table: dict[str, Any] = json_ready(row)
    table["label"] = {"en": table.pop("label"), "ko": table.pop("label_ko")}
    return table


def _date_ahead(row: DateAhead) -> dict[str, Any]:
    table: dict[str, Any] = json_ready(row)
    table["label"] = {"en": table.pop("label_en"), "ko": table.pop("label_ko")}
    return table


def _changes(changes: Iterable[Change], kind: str) -> list[dict[str, Any]]:
    chosen = [change for change in changes if change.kind == kind]
    chosen.sort(key=lambda change: (change.date, change.row_id or ""), reverse=True)
    chosen.sort(key=lambda change: family_rank(change.family))
    return [_with_label(change) for change in chosen]


def _moves(inputs: BriefInputs) -> list[dict[str, Any]]:
    """Forecasts that moved, the largest move first; those whose figure does not come first on page one are left out."""
    led = {(cell.target, cell.horizon) for cell in inputs.forecasts if cell.lead != "model"}
    chosen = [row for row in inputs.changes if row.kind == "forecast" and _is_seen(row)]
    chosen = [row for row in chosen if (row.target, row.horizon) not in led]
    return [_forecast_change(row) for row in sorted(chosen, key=lambda row: -abs(_move(row)))]


def _is_seen(change: Change) -> bool:
    """Whether a forecast's move shows in the figures: whole days must differ."""
    return change.unit != "days" or round(float(change.old or 0.0)) != round(float(change.new or 0.0))


def _move(change: Change) -> float:
    """Size of a forecast's move, in points or, for days, in days times ten so that both sort in one list."""
    difference = float(change.new or 0.0) - float(change.old or 0.0)
    return difference * (100.0 if change.unit == "probability" else 10.0)


def _forecast_change(change: Change) -> dict[str, Any]:
    """A forecast's move with its parts in whole points that add up to the difference of the two figures shown."""
    scale = 100.0 if change.unit == "probability" else 1.0
    old, new = (math.floor(scale * float(end or 0.0) + 0.5) for end in (change.old, change.new))
    whole = whole_points([scale * reason.points for reason in change.reasons], total=new - old)
    table = _with_label(change)
    for reason, points in zip(table["reasons"], whole, strict=True):
        reason["whole"] = points
    largest = max(change.reasons, key=lambda reason: abs(reason.points), default=None)
    table["main_reason"] = largest.code if largest else None
    table["is_whole"] = bool(whole) and (change.unit == "days" or all(5 <= end <= 95 for end in (old, new)))
    return table


def _phase(phase: PhaseStanding) -> dict[str, Any]:
    table: dict[str, Any] = json_ready(phase)
    table["own"] = table["past"].get(phase.phase)
    return table


def _in_order(classes: Sequence[ClassStanding]) -> list[ClassStanding]:
    """All classes of page one in their order; one that did not come is one that is not covered."""
    by_name = {row.name: row for row in classes}
    return [by_name.get(name, ClassStanding(name=name, is_covered=False)) for name in CLASS_ORDER]


def _standing(row: ClassStanding) -> dict[str, Any]:
    table: dict[str, Any] = json_ready(row)
    label, korean = table.pop("last_label"), table.pop("last_label_ko")
    table["last_label"] = {"en": label, "ko": korean} if label else None
    table["state"] = _state(row)
    return table


def _state(row: ClassStanding) -> str:
    if not row.is_covered or row.observed is None:
        return "not_covered"
    if row.low is None:
        return "counted"
    if not row.is_unusual:
        return "within" if _is_inside(row) else "edge"
    return "above" if 2 * row.observed > row.low + (row.high or row.low) else "below"


def _is_inside(row: ClassStanding) -> bool:
    ends = (row.low, row.observed, row.high)
    low, observed, high = (float("nan") if end is None else float(end) for end in ends)
    return low <= observed <= high


def _index(index: IndexStanding) -> dict[str, Any]:
    history = sorted(index.history, key=lambda point: point.date)
    years = sorted({point.date.year for point in history})
    return {
        **{name: getattr(index, name) for name in ("value", "low", "high", "percentile", "half_life_weeks")},
        "first_year": years[0] if years else None,
        "last_year": years[-1] if years else None,
        "history": {
            "date": [point.date for point in history],
            **{name: [round(getattr(p, name), 4) for p in history] for name in ("value", "low", "high")},
        },
        "by_year": [_year(year, [p.value for p in history if p.date.year == year]) for year in years],
    }


def _year(year: int, values: Sequence[float]) -> dict[str, Any]:
    return {"year": year, "mean": sum(values) / len(values), "highest": max(values)}


def _one_rival(cells: Iterable[ForecastCell]) -> str | None:
    """The plain rate's name, if one rival serves all targets that have a model."""
    names = {cell.plain_id for cell in cells if cell.has_model}
    return names.pop() if len(names) == 1 else None


def _horizon(reference_date: dt.date, weeks: int) -> dict[str, Any]:
    return {"weeks": weeks, "end": window_end(reference_date, weeks)}


def _by_target(cells: Iterable[ForecastCell]) -> dict[str, dict[str, ForecastCell]]:
    table: dict[str, dict[str, ForecastCell]] = {}
    for cell in cells:
        table.setdefault(cell.target, {})[str(cell.horizon)] = cell
    return table


def _present(cells: Iterable[ForecastCell]) -> list[str]:
    present = {cell.target for cell in cells}
    return [target for target in PAGE_ONE_TARGETS if target in present]


def _bottom_line(inputs: BriefInputs, *, changed: Mapping[str, Any], where: Mapping[str, Any]) -> list[Any]:
    """The sentences of the bottom line: message key and the place of the figures. A stale record has one.

    When several classes are unusual, what changed is left to the list below it.
    """
    if inputs.header.is_stale:
        return [_sentence("bottom.stale", "result.header")]
    return [
        _sentence("bottom.phase", "result.where.phase"),
        *_class_sentences(where["classes"]),
        *([] if sum(row["is_unusual"] for row in where["classes"]) > 1 else [_change_sentence(changed)]),
        _date_sentence(inputs),
    ]


def _sentence(message: str, base: str) -> dict[str, str]:
    return {"message": message, "base": base}


def _class_sentences(classes: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The most unusual class in full, others by name; in an ordinary week the weapons-test days."""
    unusual = [place for place, row in enumerate(classes) if row["state"] in ("above", "below")]
    if unusual:
        first, *others = sorted(unusual, key=lambda place: (classes[place]["tail"], place))
        lead = _sentence(f"bottom.{classes[first]['state']}", f"result.where.classes.{first}")
        also = [
            _sentence(f"bottom.also_{classes[place]['state']}", f"result.where.classes.{place}") for place in others
        ]
        return [lead, *(also or [_sentence("bottom.others", "result.where")])]
    message = "bottom.not_covered" if classes[0]["state"] == "not_covered" else "bottom.usual"
    return [_sentence(message, "result.where.classes.0")]


def _change_sentence(changed: Mapping[str, Any]) -> dict[str, str]:
    """The one change that matters most: a forecast that moved, else what was added, revised or changed status."""
    if changed["forecast"]["count"]:
        unit = changed["forecast"]["rows"][0]["unit"]
        return _sentence(f"bottom.moved.{unit}", "result.changed.forecast.rows.0")
    for kind in ("spell", "added", "revised"):
        if changed[kind]["count"]:
            return _sentence(f"bottom.{kind}", f"result.changed.{kind}")
    return _sentence("changed.nothing", "result.changed")


def _date_sentence(inputs: BriefInputs) -> dict[str, str]:
    """The first date of the next four weeks that someone has set; else the first that recurs every year."""
    if not inputs.is_ahead_covered:
        return _sentence("ahead.not_covered", "result.ahead")
    last = inputs.header.reference_date + dt.timedelta(weeks=PREPARE_WEEKS)
    ahead = sorted(inputs.ahead, key=lambda row: row.date)
    within = [place for place, row in enumerate(ahead) if row.date <= last]
    if not within:
        return _sentence("bottom.no_date", "result.ahead")
    first = min(within, key=lambda place: (ahead[place].basis == "fixed", place))
    return _sentence("bottom.prepare", f"result.ahead.rows.{first}")
