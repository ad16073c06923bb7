"""Simulated records for the designs on dates: clustered, drifting, seasonal outcomes, and dates in fixed months."""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from sixparty.compute import Key
from sixparty.evidence.estimate import Estimate, NotTestable
from sixparty.evidence.question import Question
from sixparty.tension.days import DaySeries
from tests.rate_examples import unlikely

FIRST, LAST = dt.date(1991, 1, 1), dt.date(2018, 12, 31)
DAYS = (LAST - FIRST).days + 1
WEEKS = DAYS // 7


@dataclass(frozen=True)
class World:
    """How a simulated outcome arises.

    Parameters
    ----------
    yearly
        Outcomes a year on average.
    spread, half_life
        Standard deviation of the log level and its half-life in weeks; the level moves every four weeks.
    walk
        Standard deviation of the moves of a level that wanders without return, beside the above.
    excitation
        Further outcomes that one calls forth, mean lag two weeks.
    dispersion
        Of the weekly negative binomial.
    season
        Half the swing of the log rate over the year, highest in April.
    """

    yearly: float = 8.0
    spread: float = 0.7
    half_life: float = 104.0
    walk: float = 0.0
    excitation: float = 0.3
    dispersion: float = 1.0
    season: float = 0.0


PLAIN = World(spread=0.0, excitation=0.0, dispersion=1e6)
CLUSTERED = World(spread=0.3, excitation=0.5, dispersion=0.5)
DRIFTING = World(spread=1.0, excitation=0.3)
WANDERING = World(spread=0.0, walk=0.15, excitation=0.3)
SEASONAL = World(season=0.7)
WORLDS = {"plain": PLAIN, "clustered": CLUSTERED, "drifting": DRIFTING, "wandering": WANDERING, "seasonal": SEASONAL}


def simulated(
    generator: np.random.Generator, world: World, *, runs: int, on: np.ndarray | None = None, ratio: float = 1.0
) -> np.ndarray:
    """Outcomes a day (runs, days); on the days `on` their rate, with all it owes to the past, is `ratio` times as high.

    What is planted calls forth nothing itself, so that the planted ratio is the true one.
    """
    exposed = np.zeros(WEEKS * 7) if on is None else on[: WEEKS * 7].astype(float)
    level = _levels(generator, world, runs)
    memory, fade = np.zeros(runs), 0.5
    counts = np.zeros((runs, DAYS), dtype=np.int64)
    for week in range(WEEKS):
        mean = level[:, week] * world.yearly / 52.18 * (1.0 - world.excitation) + world.excitation * memory
        gamma = generator.gamma(world.dispersion, 1.0 / world.dispersion, size=runs)
        drawn = generator.poisson(mean * gamma)
        memory = fade * memory + (1 - fade) * drawn
        span = slice(7 * week, 7 * week + 7)
        daily = generator.multinomial(drawn, np.full(7, 1 / 7))
        if ratio < 1:
            daily = generator.binomial(daily, np.where(exposed[span] > 0, ratio, 1.0)[None, :])
        elif ratio > 1 and exposed[span].any():
            more = (ratio - 1.0) * exposed[span]
            daily = daily + generator.poisson((mean * gamma)[:, None] * more[None, :] / 7.0)
        counts[:, span] = daily
    return counts


def _levels(generator: np.random.Generator, world: World, runs: int) -> np.ndarray:
    steps = WEEKS // 4 + 1
    keep = 2.0 ** (-4.0 / world.half_life)
    log = np.zeros((runs, steps))
    here, wander = world.spread * generator.standard_normal(runs), np.zeros(runs)
    for step in range(steps):
        log[:, step] = here + wander
        here = keep * here + world.spread * np.sqrt(1 - keep**2) * generator.standard_normal(runs)
        wander = wander + world.walk * generator.standard_normal(runs)
    weekly = np.repeat(log, 4, axis=1)[:, :WEEKS]
    season = world.season * np.cos(2 * np.pi * (np.arange(WEEKS) * 7 / 365.25 - 0.29))
    rate = np.exp(weekly + season[None, :])
    return rate / rate.mean(axis=1, keepdims=True)


def series(places: np.ndarray, ends: np.ndarray | None = None) -> DaySeries:
    """Days at `places` from the first day on (to `ends`)."""
    starts = np.datetime64(FIRST) + np.asarray(places).astype("timedelta64[D]")
    last = starts if ends is None else np.datetime64(FIRST) + np.asarray(ends).astype("timedelta64[D]")
    return DaySeries(tuple(f"r{i}" for i in range(len(starts))), starts, last, FIRST, LAST)


def outcome(counts: np.ndarray) -> DaySeries:
    """One day by day count as occurrences."""
    return series(np.repeat(np.arange(counts.size), counts))


def question(counts: np.ndarray, dates: np.ndarray, *, ends: np.ndarray | None = None, **options: object) -> Question:
    """Ask what follows `dates` (or lies in spells to `ends`) in a day by day count."""
    return Question.covered(series(dates, ends), outcome(counts), options=options)  # type: ignore[arg-type]


def scattered_dates(generator: np.random.Generator, number: int) -> np.ndarray:
    """Dates anywhere."""
    return np.sort(generator.choice(np.arange(400, DAYS - 400), size=number, replace=False))


def yearly_dates(generator: np.random.Generator) -> np.ndarray:
    """Dates like those of drills: each March and August, give or take two weeks, in three years of four."""
    years = np.arange(WEEKS * 7 // 365)
    days = np.concatenate([years * 365.25 + 69, years * 365.25 + 231]) + generator.integers(-14, 15, 2 * years.size)
    return np.sort(days[generator.random(days.size) < 0.75]).astype(np.int64)


def days_after(dates: np.ndarray, begin: int, end: int) -> np.ndarray:
    """Whether a day is `begin` to `end` days after one of `dates`."""
    on = np.zeros(DAYS, dtype=bool)
    for date in dates:
        on[max(date + begin, 0) : max(date + end + 1, 0)] = True
    return on


def asked(design, counts, dates, **options):
    """What a design answers run by run; questions that it refuses are left out. Dates are made anew or are the same."""
    found = []
    for run, row in enumerate(counts):
        try:
            these = dates(run) if callable(dates) else dates
            found.append(design(Key.from_seed(run), question(row, these, **options)))
        except NotTestable:
            continue
    return found


def asked_with_stated(design, world, *, on, dates, ends=None, runs, seed=0, **options):
    """Plant in each record the ratio that it states as detectable, and ask again: pairs of that ratio and the answer.

    Records that state 30 or more, or that are refused, are left out.
    """

    def answer(run, ratio):
        counts = simulated(np.random.default_rng([seed, run]), world, runs=1, on=on, ratio=ratio)[0]
        return design(Key.from_seed(run), question(counts, dates, ends=ends, **options))

    found = []
    for run in range(runs):
        try:
            ratio = answer(run, 1.0).minimum_detectable
            if ratio < 30.0:
                found.append((ratio, answer(run, ratio)))
        except NotTestable:
            continue
    return found


def share_seen(pairs):
    """Share of the answers that call a ratio above 1 different from it."""
    return float(np.mean([each.p_value < 0.05 and each.ratio.value > 1.0 for _, each in pairs]))


def share_held(pairs):
    """Share of the intervals that hold the ratio planted."""
    return float(np.mean([each.ratio.low <= ratio <= each.ratio.high for ratio, each in pairs]))


def most_alarms(runs, share=0.05):
    """Share of alarms that a true share of `share` exceeds in fewer than 1 of 1,000 seeds."""
    return unlikely(share, runs=runs)[1]


def least_held(runs, share=0.93):
    """Share of intervals that hold what was planted which a true `share` falls below in fewer than 1 of 1,000 seeds."""
    return unlikely(share, runs=runs)[0]


def power_as_stated(runs):
    """Shares between which all but 1 in 1,000 seeds lie where the power stated as 80 % is truly 75 to 87 %."""
    return unlikely(0.75, runs=runs)[0], unlikely(0.87, runs=runs)[1]


def share_below(estimates: list[Estimate], level=0.05):
    """Share of the answers whose p-value lies below `level`."""
    return float(np.mean([each.p_value < level for each in estimates]))


def coverage(estimates: list[Estimate], ratio):
    """Share of the intervals that hold `ratio`."""
    return float(np.mean([each.ratio.low <= ratio <= each.ratio.high for each in estimates]))
