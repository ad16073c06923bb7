"""How far the rate of an outcome wanders by itself: in bursts, and by a level that moves over years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.linalg import solve_triangular

Cells = Float[np.ndarray, " cell"]
Matrix = Float[np.ndarray, "cell cell"]
Laws = Float[np.ndarray, " law"]

HALF_LIVES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Half-lives of the level, in years, that are weighed."""

_STRENGTHS = (0.0, *np.geomspace(0.03, 4.0, 8))


@dataclass(frozen=True, eq=False)
class Wander:
    """Laws of counts around a rate that stays the same within each side, and how likely each is.

    Parameters
    ----------
    bursts
        Variance over mean of a count whose level stands still; at least 1.
    strengths
        Relative variance of the level.
    half_lives
        Years in which half of a departure of the level is gone.
    weights
        How likely each law is; they add up to 1.
    covariances
        Of all cells, under each.
    """

    bursts: Laws
    strengths: Laws
    half_lives: Laws
    weights: Laws
    covariances: Float[np.ndarray, "law cell cell"]

    def variances(self, contrast: Cells) -> Laws:
        """Return the variance of a contrast of counts under each law."""
        return np.asarray(self.covariances @ contrast @ contrast)

    def mean(self, values: Laws) -> float:
        """Return the mean over laws by their weights."""
        return float(self.weights @ values)

    @property
    def half_life_years(self) -> float:
        """Geometric mean of the half-lives."""
        return float(np.exp(self.mean(np.log(self.half_lives))))

    @property
    def correlation_years(self) -> float:
        """Years after which a departure of the level has shrunk to 1/e of itself."""
        return self.half_life_years / float(np.log(2.0))


def fit_wander(counts: Cells, means: Cells, *, years: Cells, sides: Int[np.ndarray, " cell"], weights: Cells) -> Wander:
    r"""Weigh how much of the movement is bursts and how much level, after each side's own rate is taken off.

    The covariance of cells *i* and *j* is :math:`\kappa (m_i 1_{i=j} + \theta m_i m_j 2^{-|t_i - t_j| / h})`. Every
    :math:`\theta, h` of a grid is weighed by its restricted Gaussian likelihood, :math:`\kappa` in closed form.

    Parameters
    ----------
    counts, means
        By cell; the means are of the fitted rates.
    years
        Time of each cell.
    sides, weights
        Which rate each cell belongs to, and its days.
    """
    design = weights[:, None] * (sides[:, None] == np.unique(sides))
    apart = np.abs(years[:, None] - years)
    grid = [(half_life, strength) for half_life in HALF_LIVES for strength in _STRENGTHS]
    shapes = np.concatenate([_shapes(means, apart, half_life) for half_life in HALF_LIVES])
    fits = _fits(counts, design, shapes)
    likely = np.exp(fits[:, 0] - fits[:, 0].max())
    bursts, law = np.maximum(1.0, fits[:, 1]), np.array(grid)
    return Wander(
        bursts=bursts,
        strengths=bursts * law[:, 1],
        half_lives=law[:, 0],
        weights=likely / likely.sum(),
        covariances=bursts[:, None, None] * shapes,
    )


def _shapes(means: Cells, apart: Matrix, half_life: float) -> Float[np.ndarray, "strength cell cell"]:
    level = np.outer(means, means) * np.exp2(-apart / half_life)
    return np.asarray(np.diag(means) + np.multiply.outer(_STRENGTHS, level))


def _fits(
    counts: Cells, design: Float[np.ndarray, "cell side"], shapes: Float[np.ndarray, "law cell cell"]
) -> Float[np.ndarray, "law 2"]:
    """Likelihood and scale of each law; those without a level are one and the same for every half-life."""
    steady = _restricted(counts, design, shapes[0])
    has_level = [law % len(_STRENGTHS) > 0 for law in range(len(shapes))]
    return np.array(
        [
            _restricted(counts, design, shape) if wanders else steady
            for shape, wanders in zip(shapes, has_level, strict=True)
        ]
    )


def _restricted(counts: Cells, design: Float[np.ndarray, "cell side"], shape: Matrix) -> tuple[float, float]:
    """Restricted log likelihood without constants, and the scale that goes with it."""
    root = np.linalg.cholesky(shape)
    white = solve_triangular(root, np.column_stack([design, counts]), lower=True)
    basis, triangle = np.linalg.qr(white[:, :-1])
    rest = white[:, -1] - basis @ (basis.T @ white[:, -1])
    freedom = len(counts) - design.shape[1]
    scale = float(rest @ rest) / freedom
    determinants = np.log(np.diag(root)).sum() + np.log(np.abs(np.diag(triangle))).sum()
    return float(-0.5 * freedom * np.log(max(scale, 1e-12)) - determinants), scale
