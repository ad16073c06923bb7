"""False alarms, power and coverage of the designs on dates in simulated records, as the rows of their page's table.

Run from the repository: ``python -m benchmarks.date_designs``, which takes about a quarter of an hour on one core; with
names of designs after it, such as ``break_point`` (five minutes), for these alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from tests.dates_examples import (
    DAYS,
    FIRST,
    WORLDS,
    World,
    days_after,
    question,
    scattered_dates,
    simulated,
    yearly_dates,
)

from sixparty.compute import Key
from sixparty.evidence.designs.registry import design_called
from sixparty.evidence.estimate import Estimate, NotTestable

SINGLE = World(spread=1.0, excitation=0.0, dispersion=1e6)
HERE = 6000
AT = str(np.datetime64(FIRST) + HERE)
HEADING = "| design | record | exposure | planted | alarms | answered | ratio | coverage | detectable |"

Spells = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Case:
    """One row: a design, a simulated world, how the exposure falls, and what is planted."""

    design: str
    world: str
    exposure: str
    ratio: float = 1.0
    runs: int = 200
    options: dict[str, float | str] = field(default_factory=dict)


def cases() -> Iterator[Case]:
    """All rows of the table."""
    for world in WORLDS:
        yield Case("event_study", world, "16 scattered")
        yield Case("event_study", world, "yearly")
    for world in ("clustered", "drifting"):
        yield Case("event_study", world, "16 scattered", options={"to_week": 13, "years": 2})
        yield Case("event_study", world, "16 scattered", options={"from_week": 13, "to_week": 52, "years": 3})
    yield Case("event_study", "clustered", "16 scattered", 4.0)
    yield Case("event_study", "drifting", "16 scattered", 3.4)
    yield Case("event_study", "drifting", "yearly", 2.2)
    yield Case("event_study", "drifting", "yearly", 0.5)
    for world in WORLDS:
        for exposure in ("1 scattered", "1 after a burst", "4 scattered"):
            yield Case("before_after", world, exposure, runs=300)
    yield Case("before_after", "drifting", "4 scattered", 7.5, 300)
    yield Case("before_after", "drifting", "4 scattered", 0.25, 300)
    yield Case("before_after", "plain", "4 scattered", 2.4, 300)
    for world in WORLDS:
        yield Case("hazard", world, "yearly spells")
        yield Case("hazard", world, "long spells")
    yield Case("hazard", "single", "yearly spells", 2.3)
    yield Case("hazard", "single", "yearly spells", 0.5)
    yield Case("hazard", "drifting", "yearly spells", 2.0)
    for world in WORLDS:
        yield Case("break_point", world, "a week", runs=100)
        yield Case("break_point", world, "a week", runs=100, options={"at": AT})
    yield Case("break_point", "plain", "a week", 2.5, 60)
    yield Case("break_point", "plain", "a week", 0.4, 60)
    yield Case("break_point", "plain", "a week", 2.5, 60, {"at": AT})
    yield Case("break_point", "clustered", "a week", 4.0, 60)
    yield Case("break_point", "clustered", "a week", 4.0, 60, {"at": AT})
    yield Case("break_point", "drifting", "a week", 4.0, 60, {"at": AT})
    yield Case("break_point", "wandering", "a week", 4.0, 60, {"at": AT})


def answers(case: Case) -> list[Estimate]:
    """What the design answers in each run; refusals are left out."""
    world = SINGLE if case.world == "single" else WORLDS[case.world]
    first = EXPOSURES[case.exposure](np.random.default_rng(7), np.zeros(DAYS))
    on = _on(case, first)
    counts = simulated(np.random.default_rng(8), world, runs=case.runs, on=on, ratio=case.ratio)
    found = []
    for run, row in enumerate(counts):
        dates, ends = EXPOSURES[case.exposure](np.random.default_rng(run), row) if case.ratio == 1.0 else first
        try:
            found.append(
                design_called(case.design)(Key.from_seed(run), question(row, dates, ends=ends, **case.options))
            )
        except NotTestable:
            continue
    return found


def told(case: Case) -> str:
    """One row of the table."""
    found = answers(case)
    options = ", ".join(f"{name} {value}" for name, value in case.options.items())
    exposure = f"{case.exposure} ({options})" if options else case.exposure
    alarms = sum(each.p_value < 0.05 for each in found) / len(found)
    held = np.mean([each.ratio.low <= case.ratio <= each.ratio.high for each in found])
    ratio, least = (
        np.median(values) for values in zip(*((e.ratio.value, e.minimum_detectable) for e in found), strict=True)
    )
    return (
        f"| {case.design} | {case.world} | {exposure} | {case.ratio:g} | {alarms:.1%} | {len(found)} of {case.runs} | "
        f"{ratio:.2f} | {held:.0%} | {least:.1f} |"
    )


def _on(case: Case, spells: Spells) -> np.ndarray:
    dates, ends = spells
    if case.design == "break_point":
        return np.arange(DAYS) >= HERE
    if case.design == "event_study":
        return days_after(dates, 1, 28)
    if case.design == "before_after":
        return days_after(dates, 1, 182)
    on = np.zeros(DAYS, dtype=bool)
    for date, end in zip(dates, ends, strict=True):
        on[date : end + 1] = True
    return on


def _scattered(number: int) -> Callable[[np.random.Generator, np.ndarray], Spells]:
    def dates(generator: np.random.Generator, counts: np.ndarray) -> Spells:
        found = scattered_dates(generator, number)
        return found, found

    return dates


def _after_a_burst(generator: np.random.Generator, counts: np.ndarray) -> Spells:
    before = np.convolve(counts, np.ones(182))[:DAYS]
    days = np.arange(400, DAYS - 400)
    chance = before[days] ** 2 + 1e-9
    found = generator.choice(days, size=1, p=chance / chance.sum())
    return found, found


def _yearly(generator: np.random.Generator, counts: np.ndarray) -> Spells:
    dates = yearly_dates(generator)
    return dates, dates + 13


def _long(generator: np.random.Generator, counts: np.ndarray) -> Spells:
    dates = np.sort(generator.choice(np.arange(300, DAYS - 800, 360), size=6, replace=False))
    return dates, dates + generator.integers(120, 350, 6)


EXPOSURES: dict[str, Callable[[np.random.Generator, np.ndarray], Spells]] = {
    "16 scattered": _scattered(16),
    "4 scattered": _scattered(4),
    "1 scattered": _scattered(1),
    "a week": _scattered(1),
    "1 after a burst": _after_a_burst,
    "yearly": _yearly,
    "yearly spells": _yearly,
    "long spells": _long,
}


def main() -> None:
    """Print the table."""
    print(HEADING)
    print("|---" * HEADING.count(" | ") + "|---|")
    wanted = sys.argv[1:]
    for case in cases():
        if not wanted or case.design in wanted:
            print(told(case), flush=True)


if __name__ == "__main__":
    main()
