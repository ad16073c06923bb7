"""How fast a stock grows in years under an exposure against other years."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from sixparty.compute import Key
from sixparty.evidence.designs._days import covered, windows
from sixparty.evidence.estimate import POWER, SIGNIFICANCE, Estimate, NotTestable, Ratio
from sixparty.evidence.question import Question, Stock

FEWEST_YEARS, FEWEST_ON_A_SIDE = 12, 4
"""Years of growth in all and on either side; below these no answer is given."""

FEWEST_PLACEMENTS = 40
"""Different ways in which the exposed years could have fallen; with fewer no p-value below 5 % can be relied on."""

PLACEMENTS = 2_000
_MORE_THAN = 0.5
_REACH, _TRIED, _FARTHEST = 6.0, 161, 7.0
_DECEMBER = 12


def growth(key: Key, question: Question) -> Estimate:
    r"""Return the ratio of yearly growth factors in years under the exposure and in other years.

    With :math:`g_t = \ln(v_t / v_{t-1})` the ratio is :math:`e^d`, *d* the mean of :math:`g` over years more than half
    under the exposure less the mean over the others. Chance is judged by setting the exposed runs of years down at
    random, in random order and at least a year apart, so that runs stay runs; the interval holds every *d* that this
    comparison does not reject once it is taken off.

    Parameters
    ----------
    key
        From which the placements follow.
    question
        With a `stock`. Options: `month` = 12 at whose end the figures of a year are counted (a figure of January, 1,
        tells of the year before), `control` (``level`` or ``trend``: a straight line in time is taken off growth and
        exposure), `from_week` and `to_week` for windows after dates.

    Raises
    ------
    NotTestable
        If there is no stock, fewer than 12 years of growth or 4 on either side, or fewer than 40 placements; the
        message tells what so few years could have shown.

    References
    ----------
    Ernst (2004), Permutation methods: a basis for exact inference, Statistical Science 19, 676-685, sections 2 and 3.
    """
    years = _growth_years(question)
    control = question.option("control", "level")
    if control not in ("level", "trend"):
        raise NotTestable(f"option control must be level or trend, got {control!r}. Correct the claim's file.")
    plan = _Plan(years.growth, years.times if control == "trend" else np.zeros(0))
    _require(key, years, plan)
    drawn = _placements(key, years.exposed)
    found = float(plan.differences(years.exposed[None])[0])
    return _estimate(years, found, plan=plan, drawn=drawn)


@dataclass(frozen=True, eq=False)
class _GrowthYears:
    times: Float[np.ndarray, " year"]
    growth: Float[np.ndarray, " year"]
    exposed: Bool[np.ndarray, " year"]
    exposed_days: int
    episodes: int


def _growth_years(question: Question) -> _GrowthYears:
    stock = question.stock
    if stock is None:
        raise NotTestable("a question on growth must have a stock, got none. Name a series in the claim's file.")
    month = question.whole("month", _DECEMBER)
    if not 1 <= month <= _DECEMBER:
        raise NotTestable(f"option month must be from 1 to 12, got {month}. Correct it in the claim's file.")
    counted = ((stock.years - 1970) * 12 + month).astype("datetime64[M]").astype("datetime64[D]")
    begins, ends = counted[:-1], counted[1:] - 1
    inside = (begins >= np.datetime64(question.first)) & (ends <= np.datetime64(question.last))
    for first, last in question.left_out:
        inside &= (ends < np.datetime64(first)) | (begins > np.datetime64(last))
    growth = _growth(stock, np.flatnonzero(inside))
    share, days, episodes = _exposure(question, begins[inside], ends[inside])
    return _GrowthYears(stock.years[1:][inside].astype(float), growth, share > _MORE_THAN, days, episodes)


def _growth(stock: Stock, places: Int[np.ndarray, " year"]) -> Float[np.ndarray, " year"]:
    """Growth from the figures at these places to the next ones, in logs a year."""
    used = np.union1d(places, places + 1)
    empty = stock.years[used][stock.values[used] <= 0]
    if len(empty):
        raise NotTestable(
            f"a stock must be above 0 in every year looked at, got none in {', '.join(map(str, empty))}. "
            "End the window before, or begin it after."
        )
    logs = np.zeros(len(stock.years))
    logs[used] = np.log(stock.values[used])
    return np.asarray((np.diff(logs) / np.diff(stock.years))[places])


def _exposure(
    question: Question, begins: Shaped[np.ndarray, " year"], ends: Shaped[np.ndarray, " year"]
) -> tuple[Float[np.ndarray, " year"], int, int]:
    """Share of each year under the exposure, exposed days and spells within all of them."""
    if not len(begins):
        return np.zeros(0), 0, 0
    dates, (starts, lasts) = np.arange(begins[0], ends[-1] + 1), windows(question.exposure, question)
    on = covered(dates, starts, lasts)
    total = np.concatenate([[0], np.cumsum(on)])
    days = total[(ends - dates[0]).astype(int) + 1] - total[(begins - dates[0]).astype(int)]
    reached = (starts <= ends[-1]) & (lasts >= begins[0])
    return days / ((ends - begins).astype(int) + 1), int(days.sum()), int(reached.sum())


def _require(key: Key, years: _GrowthYears, plan: _Plan) -> None:
    number, exposed, ways = len(years.growth), int(years.exposed.sum()), _ways(years.exposed)
    if number > 1 and not np.ptp(years.growth) > 0:
        raise NotTestable("growth must differ between years, got the same in all. Choose a series with figures.")
    if number < FEWEST_YEARS or min(exposed, number - exposed) < FEWEST_ON_A_SIDE:
        wanted = f"growth must be known for {FEWEST_YEARS} years, {FEWEST_ON_A_SIDE} of them on either side"
        got = f"{number} years, {exposed} of them under the exposure"
    elif ways < FEWEST_PLACEMENTS:
        wanted, got = f"the exposed years must have {FEWEST_PLACEMENTS} ways to fall", f"{ways}"
    else:
        return
    raise NotTestable(f"{wanted}, got {got}. {_could_show(key, years, plan)} Choose a longer series.")


def _ways(exposed: Bool[np.ndarray, " year"]) -> int:
    """In how many ways the runs of exposed years can fall, at least a year apart."""
    runs = _runs(exposed)
    if not len(runs) or exposed.all():
        return 0
    orders = math.factorial(len(runs))
    for alike in np.unique(runs, return_counts=True)[1]:
        orders //= math.factorial(int(alike))
    return orders * math.comb(int((~exposed).sum()) + 1, len(runs))


def _could_show(key: Key, years: _GrowthYears, plan: _Plan) -> str:
    """What years too few for an answer could have shown at best."""
    ways = _ways(years.exposed)
    if not ways:
        return "With years on one side alone nothing can be compared."
    if ways * SIGNIFICANCE < 1:
        return (
            f"These could fall in {ways} way{'s' * (ways > 1)}, so that no "
            f"difference, however large, would have had a p-value below {1 / ways:.2g}."
        )
    drawn = _placements(key, years.exposed)
    found, own = (
        float(plan.differences(years.exposed[None])[0]),
        plan.differences(drawn, of=years.exposed.astype(float)),
    )
    least = _detectable(plan.differences(drawn) - found * own, own)
    return (
        f"At best they could have shown yearly growth factors that are {least:.2f} times as large, "
        "or smaller by as much."
    )


@dataclass(frozen=True, eq=False)
class _Plan:
    """Differences of mean growth for any placement of exposed years, a trend taken off if `trend` has times."""

    growth: Float[np.ndarray, " year"]
    trend: Float[np.ndarray, " time"]

    def differences(
        self, exposed: Bool[np.ndarray, "draw year"], *, of: Float[np.ndarray, " year"] | None = None
    ) -> Float[np.ndarray, " draw"]:
        flags, values = self._detrended(exposed.astype(float)), self._detrended(self.growth if of is None else of)
        return np.asarray(flags @ values / (flags**2).sum(axis=1))

    def _detrended(self, rows: Float[np.ndarray, "... year"]) -> Float[np.ndarray, "... year"]:
        columns = [np.ones(len(self.growth)), *([self.trend] if len(self.trend) else [])]
        basis = np.linalg.qr(np.column_stack(columns))[0]
        return np.asarray(rows - rows @ basis @ basis.T)


def _runs(exposed: Bool[np.ndarray, " year"]) -> Int[np.ndarray, " run"]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], exposed.astype(int), [0]])))
    return np.asarray(edges[1::2] - edges[::2])


def _placements(key: Key, exposed: Bool[np.ndarray, " year"]) -> Bool[np.ndarray, "draw year"]:
    """Set the runs of exposed years down at random, at least a year apart."""
    generator, runs = key.generator(), _runs(exposed)
    free = int((~exposed).sum()) - (len(runs) - 1)
    gaps = np.sort(generator.permuted(np.tile(np.arange(free + len(runs)), (PLACEMENTS, 1)), axis=1)[:, : len(runs)])
    order = generator.permuted(np.tile(np.arange(len(runs)), (PLACEMENTS, 1)), axis=1)
    lengths = runs[order]
    starts = gaps + np.cumsum(lengths, axis=1) - lengths
    edges = np.zeros((PLACEMENTS, len(exposed) + 1), dtype=int)
    rows = np.arange(PLACEMENTS)[:, None]
    np.add.at(edges, (rows, starts), 1)
    np.add.at(edges, (rows, starts + lengths), -1)
    return np.asarray(np.cumsum(edges[:, :-1], axis=1) > 0)


def _estimate(years: _GrowthYears, found: float, *, plan: _Plan, drawn: Bool[np.ndarray, "draw year"]) -> Estimate:
    by_chance, own = plan.differences(drawn), plan.differences(drawn, of=years.exposed.astype(float))
    low, high = _not_rejected(by_chance, own, found)
    return Estimate(
        ratio=Ratio(float(np.exp(found)), float(np.exp(low)), float(np.exp(high))),
        p_value=float(_chance(by_chance, np.array([found]))[0]),
        episodes=years.episodes,
        exposed_days=years.exposed_days,
        events=len(years.growth),
        exposed_events=int(years.exposed.sum()),
        minimum_detectable=_detectable(by_chance - found * own, own),
        details=MappingProxyType(
            {
                "growth_exposed": float(years.growth[years.exposed].mean()),
                "growth_others": float(years.growth[~years.exposed].mean()),
                "years_exposed": float(years.exposed.sum()),
                "years_others": float((~years.exposed).sum()),
            }
        ),
    )


def _chance(
    by_chance: Shaped[np.ndarray, "*shape draw"], found: Shaped[np.ndarray, "*shape"]
) -> Shaped[np.ndarray, "*shape"]:
    """Two-sided p-value of each difference among those of the placements."""
    beyond = (np.abs(by_chance) >= np.abs(found)[..., None] - 1e-12).sum(axis=-1)
    return np.asarray((1 + beyond) / (1 + by_chance.shape[-1]))


def _not_rejected(
    by_chance: Float[np.ndarray, " draw"], own: Float[np.ndarray, " draw"], found: float
) -> tuple[float, float]:
    """Ends of the interval: taking `d` off the exposed years takes `d` times `own` off each placement's difference."""
    reach = _REACH * float(by_chance.std() + abs(found))
    tried = found + np.linspace(-reach, reach, _TRIED)
    kept = tried[_chance(by_chance - tried[:, None] * own, found - tried) >= SIGNIFICANCE]
    return float(min(kept.min(), found)), float(max(kept.max(), found))


def _detectable(rest: Float[np.ndarray, " draw"], own: Float[np.ndarray, " draw"]) -> float:
    """Smallest effect above 0 that, planted where the exposure is, is called different in 80 % of placements."""
    tried = np.linspace(0.0, _REACH * 2 * float(rest.std()), _TRIED)[1:]
    limits = np.quantile(np.abs(rest + tried[:, None] * own), 1 - SIGNIFICANCE, axis=1)
    power = (np.abs(rest + tried[:, None]) > limits[:, None]).mean(axis=1)
    return float(np.exp(tried[np.argmax(power >= POWER)])) if (power >= POWER).any() else float(np.exp(_FARTHEST))
