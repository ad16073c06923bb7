"""The classical self-exciting point process on the days of events, forecast from today's silence.

What it knows beyond the other rivals are the days themselves, not weekly counts. Its baseline never moves and its
counts have no further spread than excitation gives them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sixparty.compute import Key
from sixparty.excitation import EventTimes, Hawkes, Normal, hawkes_counts
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._excited import FUTURES
from sixparty.forecast.reference._importance import posterior_scores
from sixparty.forecast.reference.history import History

_DAYS = 7
_LOG_BASELINE = Normal(float(np.log(0.5 / 28)), 1.5)
_LOG_EXCITATION = Normal(float(np.log(0.2)), 0.8)
_LOG_MEAN_LAG_DAYS = Normal(float(np.log(21.0)), 1.0)
_NORMALS = (_LOG_BASELINE, _LOG_EXCITATION, _LOG_MEAN_LAG_DAYS)


@dataclass(frozen=True)
class HawkesFit:
    """Equal-weight posterior draws of the process.

    Parameters
    ----------
    draws
        250 values of each parameter.
    effective_draws
        Independent draws that the thousand weighted proposals are worth.
    super_critical_share
        Share of the draws in which one event calls forth one or more; they are kept.
    """

    draws: Hawkes
    effective_draws: float
    super_critical_share: float


def fit_hawkes(key: Key, events: EventTimes) -> HawkesFit:
    """Fit the process to the times of events.

    Priors: the logs of the baseline (median one event in eight weeks, sd 1.5), of the excitation (median .2, sd .8:
    2 % above 1) and of the mean lag (median three weeks, sd 1) are normal.
    """

    def log_density(scores: Float[np.ndarray, " parameter"]) -> float:
        return float(_hawkes(scores).log_likelihood(events)[0]) - 0.5 * float(scores @ scores)

    scores, effective = posterior_scores(key.generator(), log_density, parameters=len(_NORMALS))
    draws = _hawkes(scores.T)
    return HawkesFit(draws, effective, float(draws.is_super_critical.mean()))


def hawkes(key: Key, fit: HawkesFit, *, events: EventTimes, horizons: Sequence[int]) -> dict[int, CountPredictive]:
    """Return the predictive of each window (in weeks) after `events`, from 4,000 futures, sixteen of each draw."""
    days = [float(_DAYS * horizon) for horizon in horizons]
    counts = hawkes_counts(key, fit.draws, fit.draws.excess(events), days=days, futures=FUTURES)
    return {horizon: CountPredictive.from_draws(counts[:, place]) for place, horizon in enumerate(horizons)}


def event_times(past: History) -> EventTimes:
    """Return the times of the events of a history, whose weeks follow one another."""
    first, last = past.period_ends[0] - np.timedelta64(_DAYS - 1, "D"), past.period_ends[-1]
    return EventTimes.of_days(past.event_days, first=first, last=last)


def _hawkes(scores: Float[np.ndarray, "parameter ..."]) -> Hawkes:
    """Turn standard scores (the prior of each is a standard normal) into parameters."""
    baseline, excitation, mean_lag = (
        np.exp(prior.mean + prior.sd * score) for prior, score in zip(_NORMALS, scores, strict=True)
    )
    return Hawkes(baseline, excitation, 1.0 / mean_lag)
