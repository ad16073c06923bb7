"""Every reference model under one interface: what was known at past origins in, a predictive for each window out."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from sixparty.compute import Key
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import BLOCK_WEEKS, excess_variance, rate_predictive
from sixparty.forecast.reference.climatology import climatology
from sixparty.forecast.reference.hawkes import event_times, fit_hawkes, hawkes
from sixparty.forecast.reference.history import History
from sixparty.forecast.reference.ingarch import fit_ingarch, ingarch
from sixparty.forecast.reference.nb12 import nb12
from sixparty.forecast.reference.nb36 import nb36
from sixparty.forecast.reference.persistence import persistence
from sixparty.forecast.reference.seasonal import seasonal
from sixparty.forecast.reference.self_exciting import fit_self_exciting, self_exciting
from sixparty.forecast.reference.trailing52 import trailing52
from sixparty.periods import HORIZONS

Predictives = Mapping[int, CountPredictive]
"""By horizon in weeks, what a model said at one origin."""

Forecaster = Callable[[Key, Sequence[History]], list[Predictives]]
"""From the histories at rising origins to what is said at each of them."""

Fit = TypeVar("Fit")


@dataclass(frozen=True)
class Rival:
    """A reference model as a backtest runs it.

    Parameters
    ----------
    model_id
        Its name in hub tables.
    label
        What it does, in a few words.
    is_fitted
        Whether it has parameters to fit, which rare events do not carry; then it is run where our model is.
    """

    model_id: str
    label: str
    forecast: Forecaster
    is_fitted: bool = False


def quarters(histories: Sequence[History]) -> Iterator[list[History]]:
    """Cut rising origins where a calendar quarter begins; an origin belongs to the quarter of the day after it."""
    for _, block in itertools.groupby(histories, key=_quarter):
        yield list(block)


def _quarter(history: History) -> int:
    month = (history.period_ends[-1] + np.timedelta64(1, "D")).astype("datetime64[M]").astype(int)
    return int(month) // 3


def _by_rule(rule: Callable[[History, int], CountPredictive]) -> Forecaster:
    """A model that looks at each history afresh."""

    def forecast(key: Key, histories: Sequence[History]) -> list[Predictives]:
        return [{horizon: rule(history, horizon) for horizon in HORIZONS} for history in histories]

    return forecast


def _refitted(fit: Callable[[Key, History], Fit], law: Callable[[Key, Fit, History], Predictives]) -> Forecaster:
    """A model whose parameters are fitted at the first origin of each quarter."""

    def forecast(key: Key, histories: Sequence[History]) -> list[Predictives]:
        found: list[Predictives] = []
        for block in quarters(histories):
            fitted = fit(key.child("fit", str(block[0].period_ends[-1])), block[0])
            found += [law(key.child("simulate", str(one.period_ends[-1])), fitted, one) for one in block]
        return found

    return forecast


def _base_rate(past: History, horizon: int) -> CountPredictive:
    """The law of `base_rate` or `base_count` without their intervals, which cost more than the law."""
    recent = past.under_leader
    excess = 0.0 if past.is_binary else excess_variance(recent, min(horizon, BLOCK_WEEKS))
    return rate_predictive(int(recent.sum()), len(recent), horizon=horizon, excess=excess)


def _climatology(past: History, horizon: int) -> CountPredictive:
    return climatology(past.counts, horizon, period_ends=past.period_ends, since=past.leader_since)


_RIVALS = (
    Rival("plain-climatology", "all weeks under the present leader", _by_rule(_climatology)),
    Rival("plain-nb36", "the last 36 months", _by_rule(lambda past, horizon: nb36(past.counts, horizon))),
    Rival("plain-nb12", "the last 12 months", _by_rule(lambda past, horizon: nb12(past.counts, horizon))),
    Rival(
        "plain-trailing52",
        "the pace of the last 52 weeks",
        _by_rule(lambda past, horizon: trailing52(past.counts, horizon)),
    ),
    Rival(
        "plain-seasonal",
        "the same weeks of the last ten years",
        _by_rule(lambda past, horizon: seasonal(past.counts, horizon)),
    ),
    Rival(
        "plain-persistence", "the window just past", _by_rule(lambda past, horizon: persistence(past.counts, horizon))
    ),
    Rival("plain-base_rate", "Jeffreys rate under the present leader", _by_rule(_base_rate)),
    Rival(
        "plain-ingarch",
        "INGARCH(1,1)",
        _refitted(
            lambda key, past: fit_ingarch(past.counts),
            lambda key, fit, past: ingarch(key, fit, counts=past.counts, horizons=HORIZONS),
        ),
        is_fitted=True,
    ),
    Rival(
        "plain-self_exciting",
        "self-excitation with a fixed level",
        _refitted(
            lambda key, past: fit_self_exciting(key, past.counts),
            lambda key, fit, past: self_exciting(key, fit, counts=past.counts, horizons=HORIZONS),
        ),
        is_fitted=True,
    ),
    Rival(
        "plain-hawkes",
        "self-exciting point process on the days of events",
        _refitted(
            lambda key, past: fit_hawkes(key, event_times(past)),
            lambda key, fit, past: hawkes(key, fit, events=event_times(past), horizons=HORIZONS),
        ),
        is_fitted=True,
    ),
)

RIVALS: Mapping[str, Rival] = MappingProxyType({rival.model_id: rival for rival in _RIVALS})
"""Every reference model by its name in hub tables."""
