"""Questions about where things stand: index, phases and counts by week."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sixparty.chronicle import as_known
from sixparty.compute import Key
from sixparty.errors import DateRefused
from sixparty.periods import parse_date
from sixparty.service.clock import resolve_dates
from sixparty.service.home import Home
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer, library_versions
from sixparty.tension import FIRST_DAY, count_panel, phase_spells, tension_index


@dataclass(frozen=True)
class TensionSpec:
    """Which weeks to show, by what was known on `as_of`; None sets no bound."""

    first: str | None = None
    last: str | None = None
    as_of: str | None = None
    seed: int = 1


def show_tension(spec: TensionSpec, *, home: Path | None = None) -> Result:
    """Return the index with its band, the phases, and the counts of each mark, by week."""
    chronicle = open_record(home=home)
    dates = resolve_dates(chronicle, spec.as_of)
    known = as_known(chronicle, dates.as_of)
    panel = count_panel(known, end=dates.reference_date)
    index = tension_index(Key.from_seed(spec.seed), known, end=dates.reference_date)
    first = parse_date(spec.first, name="from") if spec.first else FIRST_DAY
    last = parse_date(spec.last, name="to") if spec.last else dates.reference_date
    if last < first:
        raise DateRefused(f"to must not lie before from, got from {first} to {last}.")
    inside = (panel.period_ends >= np.datetime64(first)) & (panel.period_ends <= np.datetime64(last))
    weeks: list[dict[str, Any]] = [
        {
            "week_end": str(panel.period_ends[week]),
            "index": round(float(index.value[week]), 3),
            "index_low": round(float(index.low[week]), 3),
            "index_high": round(float(index.high[week]), 3),
            **{mark: int(panel.counts[week, column]) for column, mark in enumerate(panel.marks)},
        }
        for week in np.flatnonzero(inside)
    ]
    phases = [spell for spell in phase_spells(panel) if spell.end >= first and spell.start <= last]
    found = {"reference_date": dates.reference_date, "weeks": weeks, "phases": phases}
    return answer("tension show", spec, found, record=chronicle, seed=spec.seed)


def show_config(home: Home) -> Result:
    """Return folders and versions in force."""
    chronicle = open_record(home=home.folder)
    found = {
        "home": str(home.folder),
        "runs": str(home.runs),
        "hub": str(home.hub),
        "overlay": str(home.overlay),
        "cache": str(home.cache),
        "coverage_end": chronicle.coverage_end,
        **{f"{name}_version": version for name, version in library_versions().items()},
    }
    return answer("config show", {}, found, record=chronicle)
