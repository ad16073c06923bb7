"""A negative binomial regression with a log link, its trend held smooth by a penalty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sixparty.evidence.estimate import NotTestable

Counts = Float[np.ndarray, " bin"]
Terms = Float[np.ndarray, "bin term"]

_STEPS, _TOLERANCE = 60, 1e-8
_DISPERSION_ROUNDS = 4


@dataclass(frozen=True, eq=False)
class LogLinear:
    r"""A fitted regression: :math:`y_t` with mean :math:`\mu_t = D_t e^{x_t \beta}`, variance
    :math:`\mu_t + \alpha \mu_t^2`.

    Parameters
    ----------
    values
        The terms :math:`\beta`.
    means
        Fitted means :math:`\mu_t`.
    dispersion
        :math:`\alpha`, 0 for a Poisson law.
    weights
        :math:`\mu_t / (1 + \alpha \mu_t)`: what each bin adds to the information.
    """

    values: Float[np.ndarray, " term"]
    means: Counts
    dispersion: float
    weights: Counts

    def scores(self, counts: Counts, terms: Terms) -> Terms:
        """Return what each bin adds to the score."""
        return np.asarray(terms * ((counts - self.means) / (1.0 + self.dispersion * self.means))[:, None])


def fit_log_linear(
    counts: Counts, terms: Terms, *, exposure: Counts, penalty: Float[np.ndarray, "term term"]
) -> LogLinear:
    r"""Fit by iterated weighted least squares; the dispersion by moments in between.

    The dispersion solves :math:`\sum_t (y_t - \mu_t)^2 - \mu_t = \alpha \sum_t \mu_t^2` and is at least 0; the penalty
    :math:`\tfrac12 \beta^\top P \beta` is taken off the log likelihood (see designs-on-rates.md for references).

    Raises
    ------
    NotTestable
        If the fit does not settle.
    """
    values, dispersion = _start(counts, terms, exposure), 0.0
    for _ in range(_DISPERSION_ROUNDS):
        values = _settled(values, counts, terms, exposure=exposure, penalty=penalty, dispersion=dispersion)
        means = _means(values, terms, exposure)
        dispersion = max(0.0, float(((counts - means) ** 2 - means).sum() / (means**2).sum()))
    values = _settled(values, counts, terms, exposure=exposure, penalty=penalty, dispersion=dispersion)
    means = _means(values, terms, exposure)
    return LogLinear(values, means, dispersion, means / (1.0 + dispersion * means))


def _start(counts: Counts, terms: Terms, exposure: Counts) -> Float[np.ndarray, " term"]:
    level = np.full(len(counts), np.log(counts.sum() / exposure.sum()))
    return np.asarray(np.linalg.lstsq(terms, level, rcond=None)[0])


def _means(values: Float[np.ndarray, " term"], terms: Terms, exposure: Counts) -> Counts:
    return np.asarray(exposure * np.exp(np.clip(terms @ values, -40.0, 20.0)))


def _settled(
    values: Float[np.ndarray, " term"],
    counts: Counts,
    terms: Terms,
    *,
    exposure: Counts,
    penalty: Float[np.ndarray, "term term"],
    dispersion: float,
) -> Float[np.ndarray, " term"]:
    for _ in range(_STEPS):
        means = _means(values, terms, exposure)
        damped = 1.0 + dispersion * means
        score = terms.T @ ((counts - means) / damped) - penalty @ values
        information = (terms * (means / damped)[:, None]).T @ terms + penalty
        step = np.linalg.solve(information, score)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        values = values + step
        if np.abs(step).max() < _TOLERANCE:
            return values
    raise NotTestable(
        f"the regression must settle within {_STEPS} steps, got a last step of {np.abs(step).max():.2g}. "
        "Use fewer exposures apart or a wider window."
    )
