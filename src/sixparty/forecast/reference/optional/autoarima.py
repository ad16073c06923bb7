r"""AutoARIMA: orders chosen by AICc, as is common for series of any kind, and carried over to counts.

.. math:: \phi(B)\,(1 - B)^d\,(y_t - m_t) = \theta(B)\,\varepsilon_t

with a mean or a drift in :math:`m_t`, orders up to 5, no season. The search and the fit are those of `statsforecast`.

References
----------
Hyndman and Khandakar (2008), Automatic time series forecasting: the forecast package for R, Journal of Statistical
Software 27(3).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy import signal

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._excited import FUTURES
from sixparty.periods import HORIZONS


@dataclass(frozen=True, eq=False)
class Arima:
    r"""A fitted ARIMA as a forecast needs it.

    Parameters
    ----------
    order
        p, d, q.
    means
        Point forecasts of the next weeks; they may lie below zero.
    weights
        :math:`\psi_0 = 1, \psi_1, ...`: what a surprise adds to the weeks after it.
    residuals
        One-step errors over the record, less their mean.
    """

    order: tuple[int, int, int]
    means: Float[np.ndarray, " week"]
    weights: Float[np.ndarray, " week"]
    residuals: Float[np.ndarray, " time"]


def fit_arima(counts: Int[np.ndarray, " time"], *, weeks: int = max(HORIZONS)) -> Arima:
    """Choose and fit an ARIMA to weekly counts, by stepwise search on AICc, with differences decided by a KPSS test.

    Candidates are judged by their conditional sums of squares, as R does with records of this length; the chosen one is
    fitted by maximum likelihood.

    Parameters
    ----------
    counts
        A record without a gap, oldest first, with at least one event.
    weeks
        How far ahead it is to be used.

    Raises
    ------
    ModelRefused
        If nothing happened, or the forecasts are not finite.
    """
    from statsforecast.models import AutoARIMA

    if counts.sum() == 0:
        raise ModelRefused("plain-autoarima needs a record with at least one event, got none. Use a plain rate.")
    with warnings.catch_warnings():
        # a candidate whose search ends early is judged by the likelihood that it reached
        warnings.filterwarnings("ignore", message="possible convergence problem")
        fitted = AutoARIMA(season_length=1, seasonal=False, approximation=True).fit(counts.astype(float))
    means = np.asarray(fitted.predict(weeks)["mean"], dtype=float)
    order, weights = _order_and_weights(fitted.model_, weeks)
    residuals = np.asarray(fitted.model_["residuals"], dtype=float)
    if not (np.isfinite(means).all() and np.isfinite(weights).all() and np.isfinite(residuals).all()):
        raise ModelRefused(f"ARIMA{order} gives forecasts that are not finite. Leave the model out for this target.")
    return Arima(order, means, weights, residuals - residuals.mean())


def _order_and_weights(model: Mapping[str, Any], weeks: int) -> tuple[tuple[int, int, int], Float[np.ndarray, " week"]]:
    p, q, *_, d, _ = model["arma"]
    moving = [1.0, *(float(model["coef"][f"ma{lag}"]) for lag in range(1, q + 1))]
    own = [1.0, *(-float(model["coef"][f"ar{lag}"]) for lag in range(1, p + 1))]
    for _ in range(d):
        own = np.convolve(own, [1.0, -1.0]).tolist()
    impulse = np.zeros(weeks)
    impulse[0] = 1.0
    return (p, d, q), np.asarray(signal.lfilter(moving, own, impulse))


def arima_laws(key: Key, fit: Arima, *, horizons: Sequence[int]) -> dict[int, CountPredictive]:
    r"""Return the predictive of each window from 4,000 futures whose surprises are drawn from the residuals.

    .. math:: S_h = \sum_{k=1}^{h} \hat y_{n+k} + \sum_{k=1}^{h} \varepsilon_k \sum_{j=0}^{h-k} \psi_j,
        \qquad Y_h = \max(0, \lfloor S_h + U \rfloor)

    with U uniform between 0 and 1, one for each future: rounding at random keeps the mean, where rounding to the
    nearest number would turn every sum of .5 into one event. Sums below zero become zero, since the model knows
    nothing of counts; so the chance of any event can be lower over a longer window. Parameters are taken as known.
    """
    generator = key.generator()
    surprises = generator.choice(fit.residuals, size=(FUTURES, max(horizons)))
    uniform = generator.random(FUTURES)
    reach, means = np.cumsum(fit.weights), np.cumsum(fit.means)
    found = {}
    for horizon in horizons:
        sums = means[horizon - 1] + surprises[:, :horizon] @ reach[:horizon][::-1]
        found[horizon] = CountPredictive.from_draws(np.maximum(np.floor(sums + uniform), 0).astype(np.int64))
    return found
