r"""INGARCH(1,1): the classical model of counts in bursts, fitted by maximum likelihood.

.. math:: \lambda_t = \omega + \alpha y_{t-1} + \beta \lambda_{t-1}, \qquad y_t \sim NB(\lambda_t, \phi)

References
----------
Ferland, Latour and Oraichi (2006), Integer-valued GARCH process, J. Time Series Analysis 27, 923-942.
Christou and Fokianos (2014), Quasi-likelihood inference for negative binomial time series models, J. Time Series
Analysis 35, 55-78.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._excited import FUTURES, CountRecord, Excited, memory_path, window_draws

_BOUNDS = ((-14.0, 4.0), (-7.0, 7.0), (-7.0, 7.0), (-5.0, 8.0))
_STARTS = ((0.3, 0.5), (0.2, 0.9), (0.1, 0.1))


@dataclass(frozen=True)
class Ingarch:
    """A fitted INGARCH(1,1).

    Parameters
    ----------
    omega, alpha, beta
        Constant, weight of the last count, weight of the last mean; alpha + beta is below 1.
    dispersion
        Variance of a count given the past is its mean plus the square of it divided by this.
    first_mean
        Mean of the first count; the mean of the record that was fitted.
    log_likelihood
        At the maximum.
    """

    omega: float
    alpha: float
    beta: float
    dispersion: float
    first_mean: float
    log_likelihood: float

    @property
    def mean(self) -> float:
        r"""Long-run mean count, :math:`\omega / (1 - \alpha - \beta)`."""
        return self.omega / (1 - self.alpha - self.beta)

    @property
    def variance(self) -> float:
        r"""Long-run variance.

        .. math:: \frac{(m + m^2/\phi)(1 - (\alpha+\beta)^2 + \alpha^2)}{1 - (\alpha+\beta)^2 - \alpha^2/\phi}

        Infinite where the denominator is not above zero. Without extra variance it is that of Ferland, Latour and
        Oraichi (2006), section 3.
        """
        own = self.mean + self.mean**2 / self.dispersion
        kept = 1 - (self.alpha + self.beta) ** 2
        left = kept - self.alpha**2 / self.dispersion
        return own * (kept + self.alpha**2) / left if left > 0 else float("inf")

    @property
    def as_excited(self) -> Excited:
        """The same model with the past means written out as a weighted mean of past counts."""
        rest = 1 - self.beta
        return Excited(self.omega / rest, self.alpha / rest, self.beta, self.dispersion)

    def memory_after(self, counts: Int[np.ndarray, " time"]) -> float:
        """Return the weighted mean of past counts on which the next mean rests."""
        return float(memory_path(counts, self.beta, first=_first_memory(self.as_excited, self.first_mean))[-1])


def fit_ingarch(counts: Int[np.ndarray, " time"]) -> Ingarch:
    """Fit an INGARCH(1,1) with negative binomial counts by maximum likelihood, from three starting points.

    The first mean is the mean of the record. alpha + beta stays below .999, and the bounds of the search keep a record
    without bursts from running off.

    Parameters
    ----------
    counts
        A record without a gap, oldest first, with at least one event.

    Raises
    ------
    ModelRefused
        If no search ends at a finite likelihood.
    """
    if counts.sum() == 0:
        raise ModelRefused("INGARCH needs a record with at least one event, got none. Use a plain rate.")
    record, mean = CountRecord.of(counts), float(counts.mean())

    def minus_log_likelihood(point: Float[np.ndarray, " parameter"]) -> float:
        one = _excited(point)
        return -record.log_likelihood(one, first_memory=_first_memory(one, mean)) / len(counts)

    ends = [
        minimize(minus_log_likelihood, _start(mean, *start), method="L-BFGS-B", bounds=_BOUNDS) for start in _STARTS
    ]
    best = min(ends, key=lambda end: float(end.fun))
    if not np.isfinite(best.fun):
        raise ModelRefused("INGARCH found no finite likelihood for this record. Leave the model out for this target.")
    one = _excited(best.x)
    rest = 1 - float(one.memory)
    return Ingarch(
        omega=float(one.level) * rest,
        alpha=float(one.excitation) * rest,
        beta=float(one.memory),
        dispersion=float(one.dispersion),
        first_mean=mean,
        log_likelihood=-float(best.fun) * len(counts),
    )


def ingarch(
    key: Key, fit: Ingarch, *, counts: Int[np.ndarray, " time"], horizons: Sequence[int]
) -> dict[int, CountPredictive]:
    """Return the predictive of each window after `counts`, from 4,000 simulated futures.

    Parameters are taken as known: this is how the model is commonly used.
    """
    one, memory = fit.as_excited, np.full(FUTURES, fit.memory_after(counts))
    sums = window_draws(key, one, memory, horizons=horizons)
    return {horizon: CountPredictive.from_draws(draws) for horizon, draws in sums.items()}


def _excited(point: Float[np.ndarray, " parameter"]) -> Excited:
    """Read log level, logit excitation (up to .999), logit memory and log dispersion."""
    level, excitation, memory, dispersion = point
    return Excited(
        float(np.exp(level)),
        float(0.999 / (1 + np.exp(-excitation))),
        float(1 / (1 + np.exp(-memory))),
        float(np.exp(dispersion)),
    )


def _start(mean: float, excitation: float, memory: float) -> Float[np.ndarray, " parameter"]:
    level = np.log(mean * (1 - excitation))
    return np.array([level, np.log(excitation / (1 - excitation)), np.log(memory / (1 - memory)), 0.0])


def _first_memory(one: Excited, first_mean: float) -> float:
    """The memory that gives the first count this mean."""
    return (first_mean - float(one.level)) / float(one.excitation)
