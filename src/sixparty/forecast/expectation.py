"""What the record would have led one to expect, and when a count departs from it enough to be called unusual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import MarkFit
from sixparty.forecast.futures import PanelState, simulate_panel
from sixparty.forecast.predictive import CountPredictive
from sixparty.tension.panel import CountPanel

WEEKS = 13
"""Length of the window that is laid beside its expectation."""

FALSE_ALARM_CHANCE = 1 / 12
"""Largest chance that an ordinary week shows any class as unusual: about one week in a quarter of a year."""

_WINDOWS_A_YEAR = 52 // WEEKS
_FORESEEABLE = ("scheduled", "moratorium")
_NEGLIGIBLE = 1e-12


@dataclass(frozen=True)
class ClassExpectation:
    """One class of events over a window, beside what was to be expected.

    Parameters
    ----------
    observed
        What came.
    low, high
        Central range that was expected, at least 80 %.
    tail
        Two-sided tail probability of the observed count: min(1, 2 min(P(X <= y), P(X >= y))).
    is_unusual
        Whether `tail` is at or below the threshold of the rule.
    once_in_years
        In how many years of ordinary windows so extreme a count comes once; None where `tail` is above 1/2.
    """

    name: str
    observed: int
    low: int
    high: int
    tail: float
    is_unusual: bool
    once_in_years: float | None


@dataclass(frozen=True)
class TailRule:
    """The threshold by which classes are called unusual, and the false-alarm chance it comes to.

    Parameters
    ----------
    threshold
        A class is unusual when its two-sided tail probability is at or below this; 0 when no threshold serves.
    false_alarm_chance
        Chance that at least one class is called unusual in an ordinary week; at most `FALSE_ALARM_CHANCE`.
    classes
        Names of the classes that the rule looks at.
    """

    threshold: float
    false_alarm_chance: float
    classes: tuple[str, ...]


def expected_classes(
    key: Key,
    panel: CountPanel,
    *,
    fits: Mapping[str, MarkFit],
    classes: Mapping[str, tuple[str, ...]],
    draws: int = 20_000,
    state: PanelState | None = None,
    workers: int = 1,
) -> Mapping[str, CountPredictive]:
    """Return what the record of 13 weeks ago would have led one to expect of each class up to the panel's end.

    The level is that of 13 weeks ago, drawn from the counts up to then; the parameters are those of `fits`, which may
    have seen the weeks since. Scheduled drills and moratoria enter as they took place, other drills do not enter.

    Parameters
    ----------
    classes
        By name, the fitted marks whose counts are added up.
    state
        Where the marks stood 13 weeks before the panel's end, by `condition_panel` with the same key; made here if
        None.
    """
    before = panel.until(panel.period_ends[-1 - WEEKS].item())
    is_foreseeable = np.array([name in _FORESEEABLE for name in panel.exposure_names])
    simulated = simulate_panel(
        key,
        before,
        fits=fits,
        exposures=panel.exposures[-WEEKS:] * is_foreseeable,
        periods=WEEKS,
        futures=draws,
        state=state,
        workers=workers,
    )
    totals = simulated.counts.sum(axis=1, dtype=np.int64)
    columns = {name: [simulated.marks.index(mark) for mark in marks] for name, marks in classes.items()}
    return {name: CountPredictive.from_draws(totals[:, places].sum(axis=1)) for name, places in columns.items()}


def observed_classes(panel: CountPanel, *, classes: Mapping[str, tuple[str, ...]]) -> Mapping[str, int]:
    """Return what came of each class in the last 13 weeks of the panel."""
    recent = panel.counts[-WEEKS:]
    return {name: int(recent[:, [panel.column(mark) for mark in marks]].sum()) for name, marks in classes.items()}


def tail_probability(predictive: CountPredictive, observed: int) -> float:
    """Return the two-sided tail probability of `observed`: twice the smaller tail, at most 1."""
    tails, _ = _tails(predictive)
    return float(tails[min(observed, len(tails) - 1)])


def chance_of_tail(predictive: CountPredictive, threshold: float) -> float:
    """Return the chance that a count has a two-sided tail probability of `threshold` or less.

    Counts are whole numbers, so this is usually well below `threshold` itself.
    """
    tails, weights = _tails(predictive)
    return float(weights[tails <= threshold].sum())


def tail_rule(predictives: Mapping[str, CountPredictive], *, chance: float = FALSE_ALARM_CHANCE) -> TailRule:
    r"""Return the largest threshold that keeps false alarms at or below `chance`.

    With :math:`F_c(\tau)` the chance that class c shows a tail probability of :math:`\tau` or less in an ordinary week,

    .. math:: 1 - \prod_c (1 - F_c(\tau)) \le 1/12 .

    It is computed from the predictive probabilities themselves over the values that tails can take, and takes the
    classes as independent given the past.

    Parameters
    ----------
    predictives
        What was expected of each class that the record covers.
    """
    if not predictives:
        raise UsageError("an unusual rule needs at least one class that the record covers, got none.")
    laws = [_tails(predictive) for predictive in predictives.values()]
    candidates = np.unique(np.concatenate([tails for tails, _ in laws]))
    alarms = 1 - np.prod([1 - _cumulative(law, candidates) for law in laws], axis=0)
    good = int(np.searchsorted(alarms, chance, side="right"))
    if good == 0:
        return TailRule(0.0, 0.0, tuple(predictives))
    return TailRule(float(candidates[good - 1]), float(alarms[good - 1]), tuple(predictives))


def class_expectation(name: str, predictive: CountPredictive, *, observed: int, rule: TailRule) -> ClassExpectation:
    """Lay `observed` beside what was expected of the class `name`."""
    tail = tail_probability(predictive, observed)
    chance = chance_of_tail(predictive, tail)
    return ClassExpectation(
        name=name,
        observed=observed,
        low=predictive.quantile(0.1),
        high=predictive.quantile(0.9),
        tail=tail,
        is_unusual=tail <= rule.threshold,
        once_in_years=1 / chance / _WINDOWS_A_YEAR if tail <= 0.5 and chance > 0 else None,
    )


def _tails(
    predictive: CountPredictive,
) -> tuple[Float[np.ndarray, " count"], Float[np.ndarray, " count"]]:
    """Two-sided tail probability of every count, and the chance of that count; far counts are lumped into the last."""
    length = len(predictive.pmf)
    while predictive.at_least(length) > _NEGLIGIBLE:
        length += 16
    weights = np.append(predictive.stretched(length), predictive.at_least(length))
    below = np.cumsum(weights)
    above = np.cumsum(weights[::-1])[::-1]
    return np.minimum(1.0, 2 * np.minimum(below, above)), weights


def _cumulative(
    law: tuple[Float[np.ndarray, " count"], Float[np.ndarray, " count"]], candidates: Float[np.ndarray, " value"]
) -> Float[np.ndarray, " value"]:
    tails, weights = law
    order = np.argsort(tails)
    total = np.concatenate([[0.0], np.cumsum(weights[order])])
    return np.asarray(total[np.searchsorted(tails[order], candidates, side="right")])
