"""A regression of whether something happens in a week, with a complementary log-log link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sixparty.evidence.estimate import NotTestable

_STEPS, _TOLERANCE = 60, 1e-8


@dataclass(frozen=True, eq=False)
class AtRisk:
    """Weeks in which the outcome could happen, and the terms that bear on it.

    Parameters
    ----------
    happened
        Whether it did.
    terms
        By week.
    """

    happened: Bool[np.ndarray, " week"]
    terms: Float[np.ndarray, "week term"]


@dataclass(frozen=True, eq=False)
class HazardFit:
    """A fitted hazard.

    Parameters
    ----------
    values
        The terms, in logs of the hazard.
    residuals, weights
        What each week adds to the score and to the expected information at the fit, for each unit of its terms.
    """

    values: Float[np.ndarray, " term"]
    residuals: Float[np.ndarray, " week"]
    weights: Float[np.ndarray, " week"]

    def by_piece(
        self, risk: AtRisk, pieces: Int[np.ndarray, " week"]
    ) -> tuple[Float[np.ndarray, "piece term"], Float[np.ndarray, "piece term term"]]:
        """Return what each piece of the record adds to the score and to the information."""
        scores, informations = [], []
        for name in np.unique(pieces):
            mine = risk.terms[pieces == name]
            scores.append(mine.T @ self.residuals[pieces == name])
            informations.append((mine * self.weights[pieces == name, None]).T @ mine)
        return np.stack(scores), np.stack(informations)


def fit_hazard(risk: AtRisk, *, penalty: Float[np.ndarray, "term term"]) -> HazardFit:
    r"""Fit :math:`P(\text{happened}) = 1 - \exp(-e^{x \beta})` by Fisher scoring.

    With :math:`r = e^{x\beta}` a week adds :math:`x\, r / (e^r - 1)` to the score if it happened and :math:`-x\, r` if
    not, and :math:`x x^\top r^2 / (e^r - 1)` to the information; :math:`\tfrac12 \beta^\top P \beta` is taken off the
    log likelihood.

    Raises
    ------
    NotTestable
        If the fit does not settle.
    """
    values = _start(risk)
    for _ in range(_STEPS):
        weight, residual = _working(risk, values)
        information = (risk.terms * weight[:, None]).T @ risk.terms + penalty
        step = np.linalg.lstsq(information, risk.terms.T @ residual - penalty @ values, rcond=None)[0]
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        values = values + step
        if np.abs(step).max() < _TOLERANCE:
            weight, residual = _working(risk, values)
            return HazardFit(values, residual, weight)
    raise NotTestable(
        f"the hazard must settle within {_STEPS} steps, got a last step of {np.abs(step).max():.2g}. "
        "Use fewer exposures apart, fewer harmonics or a wider window."
    )


def _working(risk: AtRisk, values: Float[np.ndarray, " term"]) -> tuple[np.ndarray, np.ndarray]:
    rate = np.exp(np.clip(risk.terms @ values, -20.0, 3.0))
    share = rate / np.expm1(rate)
    return rate * share, np.where(risk.happened, share, -rate)


def _start(risk: AtRisk) -> Float[np.ndarray, " term"]:
    level = np.full(risk.happened.size, np.log(-np.log1p(-min(float(risk.happened.mean()), 0.99))))
    return np.asarray(np.linalg.lstsq(risk.terms.T @ risk.terms, risk.terms.T @ level, rcond=None)[0])
