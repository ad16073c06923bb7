"""What a row of the record is counted in: series that forecasts resolve by, the index, exposures, claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from sixparty.chronicle import Chronicle, Selection, select_rows
from sixparty.chronicle.lookup import FoundRows
from sixparty.periods import saturday_on_or_after

if TYPE_CHECKING:
    from sixparty.evidence.claim import Claim, Series

_COUNTED = ("events", "spells")
_OF_INDEX = frozenset({"weapons_test_days", "border_kinetic"})
_DRILL_KINDS = ("scheduled", "responsive", "political")


def uses_of(record: Chronicle, found: FoundRows) -> list[dict[str, Any]]:
    """Return what counts the row, each with a kind, a name and a role.

    Kinds: ``target`` (a forecast resolves by it), ``index`` (it weighs in the tension index), ``exposure`` (it bends
    rates while it lasts) and ``claim`` (as exposure, outcome, held_apart or text). A row is counted where the rule,
    asked of this row alone, counts it.
    """
    if found.table in _COUNTED:
        alone = _alone(record, found)
        marks = _marks_of(alone)
        claims = _claims_with(alone, found.rows["id"][0], marks=marks)
        return [*_counted_in(marks), *_exposures_of(alone, found), *claims]
    if found.table == "series":
        return list(_claims_on_figures(found.rows["series"][0]))
    name = found.rows["id"][0] if "id" in found.rows.columns else ""
    return list(_claims_from_text(str(name)))


def _alone(record: Chronicle, found: FoundRows) -> Chronicle:
    """The record with this one row alone among events and spells."""
    kept = {name: found.rows if name == found.table else record[name].clear() for name in _COUNTED}
    return replace(record, tables=MappingProxyType(dict(record.tables) | kept))


def _marks_of(alone: Chronicle) -> tuple[str, ...]:
    # the room of measures loads arrays, which most questions about rows need not
    from sixparty.tension import MARKS

    return tuple(name for name, mark in MARKS.items() if len(mark.days(alone)))


def _counted_in(marks: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    yield from (_use("target", name, "counted") for name in marks)
    if _OF_INDEX & set(marks):
        yield _use("index", "tension_index", "weighed")


def _exposures_of(alone: Chronicle, found: FoundRows) -> Iterator[dict[str, Any]]:
    from sixparty.tension import drill_shares

    row = found.rows.row(0, named=True)
    kind = row.get("spell_type")
    if kind == "moratorium":
        yield _use("exposure", "moratorium", "declared")
    if kind == "joint_drill":
        closing = np.array([saturday_on_or_after(row["start_date"])], dtype="datetime64[D]")
        names = (name for name in _DRILL_KINDS if drill_shares(alone, name, closing).any())
        yield from (_use("exposure", name, "held") for name in names)


def _claims_with(alone: Chronicle, row_id: str, *, marks: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for claim in _claims():
        if row_id in claim.rows:
            yield _claim(claim, "text")
        if claim.test is None:
            continue
        series = {"exposure": claim.test.exposure, "outcome": claim.test.outcome}
        for role, one in series.items():
            if _is_counted(alone, one, marks=marks):
                yield _claim(claim, role)
        if any(_is_counted(alone, one, marks=marks) for one in claim.test.apart.values()):
            yield _claim(claim, "held_apart")


def _is_counted(alone: Chronicle, series: Series, *, marks: tuple[str, ...]) -> bool:
    if series.mark is not None:
        return series.mark in marks
    return series.selection is not None and _is_chosen(alone, series.selection)


def _is_chosen(alone: Chronicle, selection: Selection) -> bool:
    # most questions are settled by the table, which asks no frame
    return len(alone[selection.table]) > 0 and len(select_rows(alone, selection)) > 0


def _claims_on_figures(name: str) -> Iterator[dict[str, Any]]:
    for claim in _claims():
        if claim.test is not None and claim.test.outcome.figures == name:
            yield _claim(claim, "outcome")


def _claims_from_text(row_id: str) -> Iterator[dict[str, Any]]:
    yield from (_claim(claim, "text") for claim in _claims() if row_id in claim.rows)


@cache
def _claims() -> tuple[Claim, ...]:
    # the room of claims loads slowly; its files do not change while the process runs
    from sixparty.service.evidence import shipped_claims

    return tuple(shipped_claims().values())


def _claim(claim: Claim, role: str) -> dict[str, Any]:
    return _use("claim", claim.name, role) | {"title_en": claim.title["en"], "title_ko": claim.title["ko"]}


def _use(kind: str, name: str, role: str) -> dict[str, Any]:
    return {"kind": kind, "name": name, "role": role}


def checks_of(record: Chronicle, table: str, row_id: str) -> dict[str, list[dict[str, Any]]]:
    """Return how the row was checked: what a second coder read, and lookups from third sources that it answered."""
    is_row = pl.col("row_id") == row_id
    second = record["second_codings"].filter(is_row & (pl.col("table") == table)).drop("table", "row_id")
    recall = record["recall_checks"].filter(is_row).select("id", "date", "what_en", "result")
    return {"second_codings": second.to_dicts(), "recall_checks": recall.to_dicts()}
