"""Draws from the posterior of a few parameters whose priors are standard normals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from scipy.optimize import minimize

DRAWS = 250
"""Equal-weight draws that a fit keeps."""

_PROPOSALS = 1000
_DEGREES_OF_FREEDOM = 7.0
_STEP = 1e-2
_FARTHEST = 6.0

LogDensity = Callable[[Float[np.ndarray, " parameter"]], float]


def posterior_scores(
    generator: np.random.Generator, log_density: LogDensity, *, parameters: int
) -> tuple[Float[np.ndarray, "draw parameter"], float]:
    """Return 250 equal-weight draws of the scores, and how many independent ones the proposals are worth.

    A thousand proposals from a t law with 7 degrees of freedom around the mode are weighted by the density and drawn
    again by their weight.
    """
    scores, weights = _weighted(generator, log_density, parameters)
    marks = (np.arange(DRAWS) + generator.random()) / DRAWS
    places = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    return scores[places], float(1 / (weights**2).sum())


def _weighted(
    generator: np.random.Generator, log_density: LogDensity, size: int
) -> tuple[Float[np.ndarray, "draw parameter"], Float[np.ndarray, " draw"]]:
    bounds = [(-_FARTHEST, _FARTHEST)] * size
    mode = minimize(lambda scores: -log_density(scores), np.zeros(size), method="L-BFGS-B", bounds=bounds).x
    root = np.linalg.cholesky(np.linalg.inv(_precision(log_density, mode)))
    shrink = generator.chisquare(_DEGREES_OF_FREEDOM, _PROPOSALS) / _DEGREES_OF_FREEDOM
    away = generator.standard_normal((_PROPOSALS, size)) / np.sqrt(shrink)[:, None]
    proposed = -0.5 * (_DEGREES_OF_FREEDOM + size) * np.log1p((away**2).sum(axis=1) / _DEGREES_OF_FREEDOM)
    scores = mode + away @ root.T
    ratios = np.array([log_density(one) for one in scores]) - proposed
    weights = np.exp(ratios - ratios.max())
    return scores, weights / weights.sum()


def _precision(log_density: LogDensity, mode: Float[np.ndarray, " parameter"]) -> Float[np.ndarray, "row column"]:
    """Minus the curvature at the mode, at least the prior's share of it in every direction."""
    steps = _STEP * np.eye(len(mode))
    curvature = np.array(
        [
            [
                log_density(mode + a + b)
                - log_density(mode + a - b)
                - log_density(mode - a + b)
                + log_density(mode - a - b)
                for b in steps
            ]
            for a in steps
        ]
    )
    values, vectors = np.linalg.eigh(-(curvature + curvature.T) / (8 * _STEP**2))
    return np.asarray((vectors * np.maximum(values, 0.5)) @ vectors.T)
