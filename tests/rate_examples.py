"""Simulated outcomes and exposures of 35 years for designs on rates: drift, bursts, season, a planted effect."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy import signal, stats

from sixparty.compute import Key
from sixparty.evidence.designs.registry import Design
from sixparty.evidence.estimate import NotTestable
from sixparty.evidence.question import Option, Question, Stock
from sixparty.tension.days import DaySeries

FIRST, LAST = dt.date(1990, 1, 7), dt.date(2024, 12, 28)
START = np.datetime64(FIRST)
NONE: Mapping[str, Option] = MappingProxyType({})
WEEKS = ((LAST - FIRST).days + 1) // 7
SEASON = np.cos(2 * np.pi * (np.arange(WEEKS) * 7.0 + 3.5) / 365.25)


def series(starts, ends=None) -> DaySeries:
    """Occurrences from arrays of days."""
    starts = np.asarray(starts, dtype="datetime64[D]")
    ends = starts if ends is None else np.asarray(ends, dtype="datetime64[D]")
    order = np.argsort(starts, kind="stable")
    names = tuple(f"row-{number}" for number in range(len(starts)))
    return DaySeries(names, starts[order], ends[order], FIRST, LAST)


def drills(generator: np.random.Generator, *, first_year: int = 1990) -> DaySeries:
    """Two blocks a year in fixed months, one long and one short, their first days moved by up to ten days."""
    starts, ends = [], []
    for year in range(first_year, 2025):
        for month, length in ((3, 45), (8, 12)):
            start = np.datetime64(f"{year}-{month:02d}-01") + int(generator.integers(0, 20))
            starts.append(start)
            ends.append(start + length - 1)
    return series(starts, ends)


def random_dates(generator: np.random.Generator, *, number: int) -> DaySeries:
    """Dates anywhere in the record."""
    return series(START + np.sort(generator.choice(WEEKS * 7, number, replace=False)))


def zones(generator: np.random.Generator, *, number: int) -> DaySeries:
    """Spells of one to four years."""
    lengths = generator.integers(365, 4 * 365, number)
    starts = START + np.sort(generator.integers(0, WEEKS * 7 - 365, number))
    return series(starts, np.minimum(starts + lengths, np.datetime64(LAST)))


@dataclass(frozen=True)
class World:
    """How an outcome comes about.

    The log rate of a week moves by `drift` every four weeks, back to its mean with `half_life_years` (infinite: a
    random walk), and by `season` times a yearly wave; each outcome brings `excitation` further ones within the next
    weeks on average; `mean` outcomes are expected in 35 years where nothing is planted. The rate on exposed days is
    `ratio` times what it would be. `exposure` is drills, dates, or zones with their number.
    """

    exposure: str = "drills"
    ratio: float = 1.0
    mean: float = 250.0
    drift: float = 0.2
    half_life_years: float = 3.0
    excitation: float = 0.4
    season: float = 0.3


def outcomes(generator: np.random.Generator, world: World, *, on: np.ndarray) -> DaySeries:
    """Days of an outcome; the effect is planted by thinning, so that it is exactly the ratio."""
    ratio, mean, excitation, season = world.ratio, world.mean, world.excitation, world.season
    level = drawn_level(generator, drift=world.drift, half_life_years=world.half_life_years)
    base = np.exp(level + season * SEASON)
    base *= mean * max(ratio, 1.0) * (1.0 - excitation) / base.sum()
    counts, memory = np.zeros(WEEKS, dtype=int), 0.0
    for week in range(WEEKS):
        counts[week] = min(7, generator.poisson(base[week] + excitation * memory))
        memory = 0.4 * memory + 0.6 * counts[week]
    days = _days_of(generator, counts)
    kept = generator.random(len(days)) < np.where(on[days], ratio, 1.0) / max(ratio, 1.0)
    return series(START + days[kept])


def drawn_level(generator: np.random.Generator, *, drift: float, half_life_years: float) -> np.ndarray:
    """Log level by week: a random walk, or an autoregression with this half-life whose steps have the same spread."""
    keep = 0.5 ** (1 / (half_life_years * 52)) if np.isfinite(half_life_years) else 1.0
    first = generator.normal(0.0, drift / 2 / np.sqrt(1 - keep**2)) if keep < 1.0 else 0.0
    steps = generator.normal(0.0, drift / 2, WEEKS - 1)
    return signal.lfilter([1.0], [1.0, -keep], np.concatenate([[first], steps]))


def _days_of(generator: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    """That many different days in each week."""
    order = np.argsort(generator.random((WEEKS, 7)), axis=1)
    week, place = np.nonzero(np.arange(7) < counts[:, None])
    return np.sort(7 * week + order[week, place])


def flags(exposure: DaySeries) -> np.ndarray:
    """Whether each day of the record is exposed."""
    return exposure.is_on(FIRST, LAST)


def ask(exposure: DaySeries, outcome: DaySeries, *, options: Mapping[str, Option] = NONE) -> Question:
    """The question over the whole record."""
    return Question(exposure, outcome, FIRST, LAST, options=options)


def drawn_question(world: World, *, seed: int, again: int = 0, options: Mapping[str, Option] = NONE) -> Question:
    """One simulated question: the exposure follows from `seed`, the outcome from `seed` and `again`.

    Dates act in the four weeks that follow them.
    """
    generator = np.random.default_rng(seed)
    if world.exposure == "dates":
        exposure = random_dates(generator, number=30)
        options = {"from_week": 1, "to_week": 4, **options}
        on = flags(series(exposure.starts + 1, exposure.starts + 28))
    else:
        number = int(world.exposure.removeprefix("zones") or 0) if world.exposure != "drills" else 0
        exposure = zones(generator, number=number) if number else drills(generator)
        on = flags(exposure)
    outcome = outcomes(np.random.default_rng([seed, again]), world, on=on)
    return ask(exposure, outcome, options=options)


def drawn_growth(*, seed: int, number: int, effect: float = 0.0, memory: float = 0.3) -> Question:
    """A question on growth: zones in force, and a stock that grows by `effect` (in logs) more in years under them."""
    generator = np.random.default_rng(seed)
    exposure = zones(generator, number=number)
    years = (np.datetime64(FIRST) + np.arange(WEEKS * 7)).astype("datetime64[Y]").astype(int) + 1970
    share = np.bincount(years - 1990, weights=flags(exposure)) / np.bincount(years - 1990)
    stock = grown_stock(generator, on=share[1:] > 0.5, effect=effect, memory=memory)
    return replace(ask(exposure, series([])), stock=stock)


def grown_stock(generator: np.random.Generator, *, on: np.ndarray, effect: float = 0.0, memory: float = 0.3) -> Stock:
    """A stock by year that grows by 6 % with an autoregressive spread of 5 %, and by `effect` more where `on`."""
    spread = np.zeros(len(on))
    for year in range(1, len(on)):
        spread[year] = memory * spread[year - 1] + generator.normal(0.0, 0.05)
    values = np.exp(np.cumsum(0.06 + spread + effect * on))
    return Stock(np.arange(2024 - len(on), 2025), np.concatenate([[1.0], values]))


@dataclass(frozen=True)
class Study:
    """What a design said of many simulated questions whose true log ratio is known."""

    log_ratios: np.ndarray
    p_values: np.ndarray
    covered: np.ndarray
    detectable: np.ndarray
    lead_found: np.ndarray
    refused: int

    @property
    def called(self) -> float:
        """Share in which the ratio was called different from 1."""
        return float((self.p_values < 0.05).mean())

    def is_centred_on(self, ratio: float) -> bool:
        """Whether the median log ratio is off by less than .1 and four of its standard errors (1 case in 15,000)."""
        error = 1.2533 * self.log_ratios.std() / np.sqrt(len(self.log_ratios))
        return bool(abs(np.median(self.log_ratios) - np.log(ratio)) < 0.1 + 4 * error)


def studied(design: Design, questions: Iterable[Question], *, ratio: float = 1.0) -> Study:
    """Put all questions to a design."""
    rows, refused = [], 0
    for number, question in enumerate(questions):
        try:
            found = design(Key.from_seed(number), question)
        except NotTestable:
            refused += 1
            continue
        lead = np.nan if found.lead is None else not found.lead.holds_one
        within = found.ratio.low <= ratio <= found.ratio.high
        rows.append((np.log(max(found.ratio.value, 1e-3)), found.p_value, within, found.minimum_detectable, lead))
    table = np.array(rows, dtype=float)
    return Study(*table.T, refused)


def seen_at_stated(
    design: Design, world: World, *, seeds: Iterable[int], options: Mapping[str, Option] = NONE
) -> float:
    """Share in which the ratio that a null record states as detectable is called, planted in another such record."""
    called = []
    for seed in seeds:
        try:
            stated = design(Key.from_seed(seed), drawn_question(world, seed=seed, options=options)).minimum_detectable
            planted = replace(world, ratio=min(stated, 30.0))
            found = design(Key.from_seed(seed), drawn_question(planted, seed=seed, again=1, options=options))
        except NotTestable:
            continue
        called.append(found.p_value < 0.05 and found.ratio.value > 1)
    return float(np.mean(called))


_OF_REGRESSIONS = {
    "drills, steady rate": World(drift=0.0, excitation=0.0),
    "drills, level of half-life 3 years, bursts": World(),
    "drills, level a random walk, bursts": World(half_life_years=np.inf),
    "drills, the same with 100 outcomes": World(half_life_years=np.inf, drift=0.1, mean=100.0),
    "30 dates, level of half-life 3 years, bursts": World("dates"),
}
_OF_RATES = {
    "4 zones, steady rate, 50 outcomes": World("zones4", drift=0.0, excitation=0.0, season=0.0, mean=50.0),
    "4 zones, level of half-life 1 year, bursts, 50 outcomes": World("zones4", half_life_years=1.0, mean=50.0),
    "4 zones, level of half-life 3 years, bursts": World("zones4"),
    "1 zone, level of half-life 1 year, bursts": World("zones1", half_life_years=1.0),
    "1 zone, level of half-life 3 years, bursts": World("zones1"),
    "drills, level of half-life 3 years, bursts": World(season=0.0),
    "4 zones, level a random walk, bursts": World("zones4", half_life_years=np.inf),
}
NULLS = {"count_regression": _OF_REGRESSIONS, "case_series": _OF_REGRESSIONS, "rates": _OF_RATES}
"""By design the simulated records without an effect on which it is proven."""


def beyond(name: str, share: float, *, low: float = 0.0, high: float = 1.0, runs: int) -> list[str]:
    """Say that a share of `runs` lies where a true share from `low` to `high` leads in fewer than 1 case of 1,000."""
    least, most = unlikely(low, runs=runs)[0], unlikely(high, runs=runs)[1]
    return [] if least <= share <= most else [f"{name}: {share:.3f} of {runs} runs, not {least:.3f} to {most:.3f}"]


def faults_without_effect(design: Design, *, runs: int) -> list[str]:
    """What is amiss on the records of `NULLS`, all together: true shares of 2.5 to 8 % are meant."""
    worlds = NULLS[design.__name__]
    studies = {
        words: studied(design, (drawn_question(world, seed=seed) for seed in range(runs)))
        for words, world in worlds.items()
    }
    called = np.concatenate([study.p_values for study in studies.values()]) < 0.05
    lead = np.concatenate([study.lead_found for study in studies.values()])
    return [
        *beyond("answered", len(called) / (runs * len(worlds)), low=0.98, runs=runs * len(worlds)),
        *beyond("called", float(called.mean()), low=0.025, high=0.08, runs=len(called)),
        *beyond("lead called", float(np.nanmean(lead)), high=0.08, runs=len(called)),
        *(f"{words}: off centre" for words, study in studies.items() if not study.is_centred_on(1.0)),
    ]


def faults_with_effect(design: Design, *, ratio: float, runs: int) -> list[str]:
    """What is amiss with the intervals where a ratio is planted: 90 % of them are meant to hold it."""
    questions = (drawn_question(World(ratio=ratio), seed=seed) for seed in range(runs))
    planted = studied(design, questions, ratio=ratio)
    found = beyond("hold the ratio", float(planted.covered.mean()), low=0.9, runs=len(planted.covered))
    return found if planted.is_centred_on(ratio) else [*found, "off centre"]


def faults_of_power(design: Design, world: World, *, runs: int, options: Mapping[str, Option] = NONE) -> list[str]:
    """What is amiss where the stated ratio is planted: it is meant to be seen in 70 to 90 %."""
    seen = seen_at_stated(design, world, seeds=range(runs), options=options)
    return beyond("seen", seen, low=0.7, high=0.9, runs=runs)


def unlikely(share: float, *, runs: int) -> tuple[float, float]:
    """Shares of `runs` between which all but 1 in 1,000 lie where the true share is `share`."""
    low, high = stats.binom.ppf([0.0005, 0.9995], runs, share) / runs
    return float(low), float(high)
