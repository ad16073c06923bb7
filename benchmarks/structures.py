"""Score every structure of the model at monthly origins of the years kept for choosing, 2005 to 2018.

    python benchmarks/structures.py --marks weapons_test_days --structures walk+own,episodes --out /tmp/scores

A structure is written as its parts: `walk`, `stationary` or `episodes`, then `+own` (excitation), `+drills` (scheduled
and responsive drills and declared moratoria), `+season`. Parameters are fitted at the first origin of each year on what
came before, levels at every origin; drills are those announced by then. Counts are today's record. No window reaches
beyond the end of 2018: later years are for one report on what was chosen. Each answer is kept in `--out` and not made
again, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from sixparty.chronicle import Chronicle, as_known, read_chronicle
from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation import OWN, MarkFit, MarkStructure, fit_mark
from sixparty.forecast import CountPredictive, condition_panel, crps, log_score, mark_data, simulate_panel
from sixparty.periods import saturday_on_or_before
from sixparty.tension import CountPanel, count_panel, future_exposures

FIRST_YEAR, LAST_YEAR = 2005, 2018
HORIZONS = (1, 4, 13, 26, 52)
LEVELS = ("walk", "stationary", "episodes")
PARTS = ("own", "drills", "season")
DRILLS = ("scheduled", "responsive", "moratorium")
DRAWS, FUTURES = 200, 4_000
LONGEST_COUNT = 200


def structure_called(name: str) -> MarkStructure:
    level, *parts = name.split("+")
    if level not in LEVELS or not set(parts) <= set(PARTS):
        raise SystemExit(f"a structure is one of {LEVELS} and parts of {PARTS} joined by '+', got {name!r}")
    return MarkStructure(
        level=level,  # type: ignore[arg-type]
        links=(OWN,) if "own" in parts else (),
        exposures=DRILLS if "drills" in parts else (),
        season="season" in parts,
    )


@dataclass(frozen=True)
class Years:
    """The record, counted by week to the end of the years kept for choosing."""

    chronicle: Chronicle

    @cached_property
    def panel(self) -> CountPanel:
        return count_panel(self.chronicle, end=saturday_on_or_before(dt.date(LAST_YEAR, 12, 31)))

    @cached_property
    def origins(self) -> tuple[int, ...]:
        """Weeks seen at the last Saturday before each month."""
        firsts = [dt.date(year, month, 1) for year in range(FIRST_YEAR, LAST_YEAR + 1) for month in range(1, 13)]
        ends = [np.datetime64(saturday_on_or_before(day - dt.timedelta(days=1))) for day in firsts]
        return tuple(int(np.searchsorted(self.panel.period_ends, day)) + 1 for day in ends)

    def observed(self, mark: str, origin: int, horizon: int) -> int | None:
        """What came, or None where the window is not over."""
        counts = self.panel.counts[:, self.panel.column(mark)]
        return int(counts[origin : origin + horizon].sum()) if origin + horizon <= len(counts) else None


def refit(key: Key, years: Years, mark: str, structure: MarkStructure, origin: int, before: MarkFit | None) -> MarkFit:
    data = mark_data(years.panel, mark, structure=structure).until(origin)
    try:
        return fit_mark(key, data, structure=structure, draws=DRAWS, warm_start=before)
    except ModelRefused:
        if before is None:
            raise
        return before


def probabilities(years: Years, mark: str, structure: MarkStructure) -> np.ndarray:
    """Return the predictive probabilities by origin, horizon and count."""
    key = Key.from_seed(1).child(mark)
    found = np.zeros((len(years.origins), len(HORIZONS), LONGEST_COUNT))
    fit: MarkFit | None = None
    for begin in range(0, len(years.origins), 12):
        ends = years.origins[begin : begin + 12]
        fit = refit(key.child("fit", ends[0]), years, mark, structure, ends[0], fit)
        states = condition_panel(key, years.panel, fits={mark: fit}, ends=ends)
        for place, (origin, state) in enumerate(zip(ends, states, strict=True)):
            day = years.panel.period_ends[origin - 1].item()
            seen = years.panel.until(day)
            futures = simulate_panel(
                key,
                seen,
                fits={mark: fit},
                exposures=future_exposures(as_known(years.chronicle, day), seen, periods=max(HORIZONS)),
                periods=max(HORIZONS),
                futures=FUTURES,
                state=state,
            )
            sums = np.cumsum(futures.counts[:, :, 0], axis=1, dtype=np.int64)
            for column, horizon in enumerate(HORIZONS):
                law = CountPredictive.from_draws(sums[:, horizon - 1])
                found[begin + place, column] = law.stretched(LONGEST_COUNT)
    return found


def kept_probabilities(years: Years, mark: str, name: str, folder: Path) -> np.ndarray:
    path = folder / f"{years.chronicle.digest}-{mark}-{name}.npy"
    if path.exists():
        return np.asarray(np.load(path))
    started = time.perf_counter()
    found = probabilities(years, mark, structure_called(name))
    folder.mkdir(parents=True, exist_ok=True)
    np.save(path, found)
    print(f"  {mark} {name}: {time.perf_counter() - started:.0f} s", flush=True)
    return found


def scores(years: Years, mark: str, laws: np.ndarray) -> np.ndarray:
    """Return log score and CRPS by origin and horizon; nan where the window is not over."""
    found = np.full((*laws.shape[:2], 2), np.nan)
    for place, origin in enumerate(years.origins):
        for column, horizon in enumerate(HORIZONS):
            seen = years.observed(mark, origin, horizon)
            if seen is not None:
                pmf = laws[place, column]
                law = CountPredictive(pmf, max(0.0, 1.0 - float(pmf.sum())), 0.9)
                found[place, column] = log_score(law, seen), crps(law, seen)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--marks", required=True)
    parser.add_argument("--structures", required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    years = Years(read_chronicle())
    print(f"{'mark':20s} {'structure':28s}" + "".join(f" log {h:>2d} CRPS{h:>2d}" for h in HORIZONS))
    for mark in arguments.marks.split(","):
        for name in arguments.structures.split(","):
            means = np.nanmean(scores(years, mark, kept_probabilities(years, mark, name, arguments.out)), axis=0)
            print(f"{mark:20s} {name:28s}" + "".join(f" {a:6.3f} {b:6.3f}" for a, b in means), flush=True)


if __name__ == "__main__":
    main()
