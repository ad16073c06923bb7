"""Score the forecasting models at past origins, each fitted on what came before.

    python benchmarks/rolling_origin.py --marks weapons_test_days,ballistic_days --first 2012 --last 2018

Origins are the last Saturdays of quarters; parameters are fitted at the first origin of each year, levels at each.
Windows close before the end of `--last`. Counts are today's record; drills are those announced by the origin.
Years after 2018 are for a report on the models that were chosen, made once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sixparty.chronicle import Chronicle, as_known, read_chronicle
from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation import OWN, MarkFit, MarkStructure, fit_mark
from sixparty.forecast import (
    CountPredictive,
    climatology,
    condition_panel,
    crps,
    log_score,
    mark_data,
    nb36,
    rolling_scores,
    simulate_panel,
)
from sixparty.periods import saturday_on_or_before
from sixparty.tension import CountPanel, count_panel, future_exposures

LEADERS = (dt.date(1990, 1, 1), dt.date(1994, 7, 8), dt.date(2011, 12, 17))
DRILLS = ("scheduled", "responsive", "moratorium")
STRUCTURES: Mapping[str, MarkStructure] = {
    "walk": MarkStructure(level="walk", links=(OWN,)),
    "stationary": MarkStructure(level="stationary", links=(OWN,)),
    "walk+drills": MarkStructure(level="walk", links=(OWN,), exposures=DRILLS),
    "stationary+drills": MarkStructure(level="stationary", links=(OWN,), exposures=DRILLS),
}
Predictives = dict[tuple[int, int], CountPredictive]


@dataclass(frozen=True)
class Setting:
    """What all models of a run share."""

    chronicle: Chronicle
    panel: CountPanel
    origins: tuple[int, ...]
    horizons: tuple[int, ...]
    draws: int
    futures: int


def quarter_ends(first: int, last: int) -> list[dt.date]:
    months = [(3, 31), (6, 30), (9, 30), (12, 31)]
    days = [dt.date(year, *month) for year in range(first - 1, last + 1) for month in months]
    return [saturday_on_or_before(day) for day in days if dt.date(first - 1, 12, 1) < day]


def setting(arguments: argparse.Namespace) -> Setting:
    chronicle = read_chronicle()
    horizons = tuple(int(text) for text in arguments.horizons.split(","))
    end = saturday_on_or_before(dt.date(arguments.last, 12, 31))
    panel = count_panel(chronicle, tuple(arguments.marks.split(",")), end=end)
    ends = [np.datetime64(day) for day in quarter_ends(arguments.first, arguments.last)]
    origins = tuple(int(np.searchsorted(panel.period_ends, day)) + 1 for day in ends)
    return Setting(chronicle, panel, origins, horizons, arguments.draws, arguments.futures)


def model_predictives(key: Key, shared: Setting, mark: str, structure: MarkStructure) -> Predictives:
    """Refit each year, warm, and forecast from each of its origins."""
    found: Predictives = {}
    fit: MarkFit | None = None
    usable = [origin for origin in shared.origins if origin + min(shared.horizons) <= len(shared.panel.period_ends)]
    for begin in range(0, len(usable), 4):
        origins = tuple(usable[begin : begin + 4])
        fit = refit(key.child("fit", origins[0]), shared, mark, structure, origins[0], fit)
        for origin, predictives in forecasts(key, shared, mark, fit, origins):
            found |= {(origin, horizon): law for horizon, law in predictives.items()}
    return found


def refit(
    key: Key, shared: Setting, mark: str, structure: MarkStructure, origin: int, before: MarkFit | None
) -> MarkFit:
    data = mark_data(shared.panel, mark, structure=structure).until(origin)
    try:
        return fit_mark(key, data, structure=structure, draws=shared.draws, warm_start=before)
    except ModelRefused:
        if before is None:
            raise
        print(f"    {mark}: refused at origin {origin}, the fit of the year before stands in")
        return before


def forecasts(
    key: Key, shared: Setting, mark: str, fit: MarkFit, origins: tuple[int, ...]
) -> Iterator[tuple[int, dict[int, CountPredictive]]]:
    fits, longest = {mark: fit}, max(shared.horizons)
    states = condition_panel(key, shared.panel, fits=fits, ends=origins)
    for origin, state in zip(origins, states, strict=True):
        day = shared.panel.period_ends[origin - 1].item()
        seen = shared.panel.until(day)
        exposures = future_exposures(as_known(shared.chronicle, day), seen, periods=longest)
        futures = simulate_panel(
            key, seen, fits=fits, exposures=exposures, periods=longest, futures=shared.futures, state=state
        )
        sums = np.cumsum(futures.counts[:, :, 0], axis=1, dtype=np.int64)
        yield origin, {h: CountPredictive.from_draws(sums[:, h - 1]) for h in shared.horizons}


def half_and_half(one: CountPredictive, other: CountPredictive) -> CountPredictive:
    """The equal mixture of two predictives."""
    length = max(len(one.pmf), len(other.pmf))
    pmf = (one.stretched(length) + other.stretched(length)) / 2
    tail = (one.at_least(length) + other.at_least(length)) / 2
    return replace(one, pmf=pmf, tail_mass=tail, tail_ratio=max(one.tail_ratio, other.tail_ratio))


def score_mark(shared: Setting, mark: str, structures: tuple[str, ...]) -> None:
    column = shared.panel.column(mark)
    counts, ends = shared.panel.counts[:, column], shared.panel.period_ends

    def climate(origin: int, horizon: int) -> CountPredictive:
        since = max(day for day in LEADERS if day < ends[origin - 1].item())
        return climatology(counts[:origin], horizon, period_ends=ends[:origin], since=since)

    forecasters = {"nb36": lambda origin, horizon: nb36(counts[:origin], horizon), "climatology": climate}
    for name in structures:
        started = time.perf_counter()
        found = model_predictives(Key.from_seed(1).child(mark), shared, mark, STRUCTURES[name])
        print(f"  {mark} {name}: {time.perf_counter() - started:.0f} s")
        forecasters[name] = lambda origin, horizon, found=found: found[origin, horizon]
        forecasters[f"{name} + nb36"] = lambda origin, horizon, found=found: half_and_half(
            found[origin, horizon], nb36(counts[:origin], horizon)
        )
    for row in rolling_scores(forecasters, counts, origins=shared.origins, horizons=shared.horizons):
        print(
            f"{mark:20s} {row.horizon:3d} weeks  n={row.number:3d}  {row.model_id:26s} log {row.log_score:6.3f}  "
            f"CRPS {row.crps:6.3f}  90 % covers {row.coverage:.2f}"
        )
    compare(shared, counts, forecasters, structures)


def compare(shared: Setting, counts: np.ndarray, forecasters: Mapping, structures: tuple[str, ...]) -> None:
    """Print the mean difference to nb36 with a standard error from blocks of four origins."""
    for horizon in shared.horizons:
        usable = [origin for origin in shared.origins if origin + horizon <= len(counts)]
        seen = [int(counts[origin : origin + horizon].sum()) for origin in usable]
        plain = [forecasters["nb36"](origin, horizon) for origin in usable]
        for name in structures:
            ours = [forecasters[name](origin, horizon) for origin in usable]
            for label, score in (("log", log_score), ("CRPS", crps)):
                gains = [score(p, y) - score(q, y) for p, q, y in zip(plain, ours, seen, strict=True)]
                blocks = [np.mean(gains[i : i + 4]) for i in range(0, len(gains) - 3, 4)]
                error = np.std(blocks, ddof=1) / np.sqrt(len(blocks))
                print(f"    {horizon} weeks, {label}: {name} beats nb36 by {np.mean(gains):.3f} (se {error:.3f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--marks", default="weapons_test_days,ballistic_days")
    parser.add_argument("--structures", default="walk+drills")
    parser.add_argument("--first", type=int, default=2012)
    parser.add_argument("--last", type=int, default=2018)
    parser.add_argument("--horizons", default="13,52")
    parser.add_argument("--draws", type=int, default=300)
    parser.add_argument("--futures", type=int, default=6000)
    arguments = parser.parse_args()
    shared = setting(arguments)
    for mark in shared.panel.marks:
        score_mark(shared, mark, tuple(arguments.structures.split(",")))


if __name__ == "__main__":
    main()
