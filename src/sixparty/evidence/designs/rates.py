"""The rate inside spells against the rate outside, with as much doubt as the outcome's own wandering asks for."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped
from scipy import stats

from sixparty.compute import Key
from sixparty.evidence.designs._days import Days, covered, lay_out, require_answerable
from sixparty.evidence.designs._wander import Wander, fit_wander
from sixparty.evidence.estimate import POWER, SIGNIFICANCE, Estimate, Ratio
from sixparty.evidence.question import Question

FEWEST_EVENTS, FEWEST_EXPECTED = 8, 2.0
"""Outcomes in all, and expected on either side at the common rate, below which nothing is estimated."""

LEAD_MONTHS = 6
"""Months before a spell that serve as falsification, unless the claim says otherwise."""

_DAYS_A_MONTH, _DAYS_A_YEAR, _CELL_DAYS = 30, 365.25, 91
_FARTHEST, _CANDIDATES = 7.0, 1401
_FEWEST_PIECES, _HALF = 1.5, 0.5
_NORMAL = float(stats.norm.ppf(1 - SIGNIFICANCE / 2))


def rates(key: Key, question: Question) -> Estimate:
    r"""Return the ratio of the rate inside spells and outside them.

    Given their sum the outcomes inside are binomial with odds :math:`\rho\,D_1/D_0`, :math:`\rho` the ratio and
    :math:`D_1, D_0` the days inside and outside; interval and p-value are those of Jeffreys after both counts are
    divided by a *design effect*: how much more than a Poisson process the outcome moves by itself over such spells, in
    bursts and by a level that wanders over years.

    Parameters
    ----------
    key
        Not used: nothing is drawn.
    question
        Options: `compare_years` = 0: days farther from every spell are left out (0: none are), `lead_months` = 6 (0:
        none), `from_week` and `to_week` for windows after dates.

    Raises
    ------
    NotTestable
        If fewer than 8 outcomes, or fewer than 2 expected on either side, are there, or none outside.

    References
    ----------
    Korn and Graubard (1998), Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data, Survey Methodology 24, 193-201, section 2; Franco, Little, Louis and Slud (2019),
    Journal of Survey Statistics and Methodology 7, 334-364, for Jeffreys' interval with effective counts.
    """
    lead_days = _DAYS_A_MONTH * question.whole("lead_months", LEAD_MONTHS)
    days = _near(question, lay_out(question, lead_days=lead_days))
    require_answerable(days, fewest_events=FEWEST_EVENTS, fewest_expected=FEWEST_EXPECTED, empty_inside=True)
    main = _compare(days, days.exposed)
    return Estimate(
        ratio=main.ratio,
        p_value=main.p_value,
        episodes=days.episodes,
        exposed_days=int(days.exposed.sum()),
        events=days.events,
        exposed_events=days.exposed_events,
        minimum_detectable=main.detectable(),
        lead=_lead(days),
        details=MappingProxyType(main.details()),
    )


@dataclass(frozen=True, eq=False)
class _Doubt:
    """Variance of the log ratio under each law: bursts, which fade as outcomes grow many, and the level, which stays.

    Parameters
    ----------
    wander
        The laws and their weights.
    level
        What the level adds under each law.
    widening
        By how much the variance is widened because the level is seen over few independent stretches.
    """

    wander: Wander
    level: Float[np.ndarray, " law"]
    widening: float

    def effects(self, poisson: Shaped[np.ndarray, "*shape"] | float) -> Shaped[np.ndarray, "*shape law"]:
        """Return the variance over that of a Poisson process (`poisson`) under each law; at least 1."""
        return np.asarray(np.maximum(1.0, self.wander.bursts + self.level / np.asarray(poisson)[..., None]))

    def held(self, poisson: Shaped[np.ndarray, "*shape"] | float) -> Shaped[np.ndarray, "*shape"]:
        """Return the design effect that an interval is made with: the mean over laws, widened."""
        return np.asarray(self.effects(poisson) @ self.wander.weights * self.widening)


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Outcomes and days inside (first) and outside (second), and by how much their counts are worth less."""

    events: Float[np.ndarray, " side"]
    days: Float[np.ndarray, " side"]
    design_effect: float
    doubt: _Doubt

    @property
    def ratio(self) -> Ratio:
        inside, outside = self.events / self.design_effect
        law = stats.beta(inside + _HALF, outside + _HALF)
        low = float(law.ppf(SIGNIFICANCE / 2)) if inside > 0 else 0.0
        high = float(law.ppf(1 - SIGNIFICANCE / 2))
        value = float(self.events[0] / self.days[0] / (self.events[1] / self.days[1]))
        return Ratio(value, min(value, self._as_ratio(low)), max(value, self._as_ratio(high)))

    def _as_ratio(self, share: float) -> float:
        return float(share / (1 - share) * self.days[1] / self.days[0])

    @property
    def p_value(self) -> float:
        """Twice the smaller tail, at the share of days inside."""
        inside, outside = self.events / self.design_effect
        share = float(self.days[0] / self.days.sum())
        below = float(stats.beta.cdf(share, inside + _HALF, outside + _HALF))
        return min(1.0, 2 * min(below, 1 - below))

    def detectable(self, *, above: bool = True) -> float:
        """Return the ratio above (or below) 1 that is seen with 80 % power, over all laws; 0 if none below is."""
        logs = np.linspace(0.0, _FARTHEST, _CANDIDATES)[1:]
        expected = self.events.sum() / self.days.sum() * self.days
        inside, outside = expected[0] * np.exp(logs if above else -logs), expected[1]
        poisson = 1 / inside + 1 / outside
        held, true = self.doubt.held(poisson), self.doubt.effects(poisson).T
        critical = _NORMAL * np.sqrt(1 / (inside / held + _HALF) + 1 / (outside / held + _HALF))
        errors = np.sqrt(1 / (inside / true + _HALF) + 1 / (outside / true + _HALF))
        # The log of a mean of log-normal levels lies below the log of its expectation by about half its variance.
        skew = 0.5 * np.log1p(self.doubt.level)[:, None] * (1 if above else -1)
        seen = self.doubt.wander.weights @ stats.norm.cdf((logs - skew - critical) / errors) >= POWER
        if not seen.any():
            return float(np.exp(_FARTHEST)) if above else 0.0
        return float(np.exp(logs[np.argmax(seen)] * (1 if above else -1)))

    def details(self) -> dict[str, float]:
        wander = self.doubt.wander
        return {
            "design_effect": self.design_effect,
            "bursts": wander.mean(wander.bursts),
            "level_variance": wander.mean(wander.strengths),
            "half_life_years": wander.half_life_years,
            "detectable_below_one": self.detectable(above=False),
        }


@dataclass(frozen=True, eq=False)
class _Cells:
    """Quarters, each split into its days inside (side 0) and outside (side 1)."""

    counts: Float[np.ndarray, " cell"]
    days: Float[np.ndarray, " cell"]
    years: Float[np.ndarray, " cell"]
    sides: Int[np.ndarray, " cell"]

    def by_side(self, values: Float[np.ndarray, " cell"]) -> Float[np.ndarray, " side"]:
        return np.bincount(self.sides, weights=values, minlength=2)


def _cells(days: Days, inside: Bool[np.ndarray, " day"]) -> _Cells:
    since = (days.dates - days.dates[0]).astype(np.int64)
    labels, place = np.unique(since // _CELL_DAYS * 2 + ~inside, return_inverse=True)
    length = np.bincount(place).astype(float)
    return _Cells(
        counts=np.bincount(place, weights=days.counts),
        days=length,
        years=np.bincount(place, weights=since) / length / _DAYS_A_YEAR,
        sides=labels % 2,
    )


def _compare(days: Days, inside: Bool[np.ndarray, " day"]) -> _Comparison:
    cells = _cells(days, inside)
    events, spent = cells.by_side(cells.counts), cells.by_side(cells.days)
    common = events.sum() / spent.sum()
    # One outcome more on either side at the common rate, so that a side without any still has a rate.
    means = ((events + 1) / (spent + 1 / common))[cells.sides] * cells.days
    wander = fit_wander(cells.counts, means, years=cells.years, sides=cells.sides, weights=cells.days)
    doubt = _doubt(cells, means, wander)
    poisson = float((1 / cells.by_side(means)).sum())
    return _Comparison(events, spent, float(doubt.held(poisson)), doubt)


def _doubt(cells: _Cells, means: Float[np.ndarray, " cell"], wander: Wander) -> _Doubt:
    expected = cells.by_side(means)
    contrast = np.where(cells.sides == 0, 1 / expected[0], -1 / expected[1])
    variances, poisson = wander.variances(contrast), float((1 / expected).sum())
    level = np.maximum(0.0, variances - wander.bursts * poisson)
    return _Doubt(wander, level, _widening(cells, wander, share=wander.mean(level) / wander.mean(variances)))


def _widening(cells: _Cells, wander: Wander, *, share: float) -> float:
    """Student's over the normal law, squared, for a level that makes up this share of the variance.

    The level shows one independent stretch in twice the time after which a departure has shrunk to 1/e.
    """
    pieces = max(_FEWEST_PIECES, float(np.ptp(cells.years)) / (2 * wander.correlation_years))
    freedom = pieces / max(share, 1e-3) ** 2
    return (float(stats.t.ppf(1 - SIGNIFICANCE / 2, freedom)) / _NORMAL) ** 2


def _near(question: Question, days: Days) -> Days:
    """Keep the days within `compare_years` years of a spell."""
    reach = int(question.number("compare_years", 0.0) * _DAYS_A_YEAR)
    if not reach:
        return days
    window = np.datetime64(question.first) + np.arange((question.last - question.first).days + 1)
    near = covered(window, question.exposure.starts - reach, question.exposure.ends + reach)
    return days.kept(near[(days.dates - window[0]).astype(int)])


def _lead(days: Days) -> Ratio | None:
    """Months before spells against the other days outside."""
    before = days.kept(~days.exposed)
    if not before.has_lead or not before.counts[~before.lead].sum():
        return None
    return _compare(before, before.lead).ratio
