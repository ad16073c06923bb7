"""Self-excitation alone: the product's own equations and priors with a level that never moves.

What it lacks against the product's model is drift, drills and declared moratoria; what it has beyond INGARCH, whose
equations are the same, are priors and the uncertainty of its parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import special
from scipy.optimize import minimize

from sixparty.compute import Key
from sixparty.excitation import Normal, default_priors
from sixparty.excitation.structure import MarkStructure
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._excited import FUTURES, CountRecord, Excited, memory_after, window_draws

_PROPOSALS = 1000
_DRAWS = 250
_DEGREES_OF_FREEDOM = 7.0
_STEP = 1e-2
_FARTHEST = 6.0
_PRIORS = default_priors(MarkStructure())
_NORMALS: tuple[Normal, ...] = (
    _PRIORS.first_level,
    _PRIORS.logit_own_excitation,
    _PRIORS.logit_own_memory,
    _PRIORS.log_dispersion,
)

LogDensity = Callable[[Float[np.ndarray, " parameter"]], float]


@dataclass(frozen=True)
class SelfExciting:
    """Equal-weight posterior draws of the model.

    Parameters
    ----------
    draws
        250 values of each parameter.
    effective_draws
        Independent draws that the thousand weighted proposals are worth.
    """

    draws: Excited
    effective_draws: float


def fit_self_exciting(key: Key, counts: Int[np.ndarray, " time"]) -> SelfExciting:
    """Fit the model to `counts` of covered weeks, oldest first, with the priors of the product's model.

    Proposals from a t law around the posterior mode are weighted by the posterior and drawn again by their weight.
    """
    record = CountRecord.of(counts)

    def log_density(scores: Float[np.ndarray, " parameter"]) -> float:
        return record.log_likelihood(_excited(scores)) - 0.5 * float(scores @ scores)

    generator = key.generator()
    scores, weights = _weighted(generator, log_density)
    marks = (np.arange(_DRAWS) + generator.random()) / _DRAWS
    places = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    return SelfExciting(_excited(scores[places].T), float(1 / (weights**2).sum()))


def self_exciting(
    key: Key, fit: SelfExciting, *, counts: Int[np.ndarray, " time"], horizons: Sequence[int]
) -> dict[int, CountPredictive]:
    """Return the predictive of each window after `counts`, from 4,000 futures, sixteen of each parameter draw."""
    shares = (np.asarray(v) for v in (fit.draws.level, fit.draws.excitation, fit.draws.memory, fit.draws.dispersion))
    level, excitation, kept, dispersion = (np.resize(values, FUTURES) for values in shares)
    memory = memory_after(counts, kept[:_DRAWS])
    futures = Excited(level, excitation, kept, dispersion)
    sums = window_draws(key, futures, np.resize(memory, FUTURES), horizons=horizons)
    return {horizon: CountPredictive.from_draws(draws) for horizon, draws in sums.items()}


def _excited(scores: Float[np.ndarray, "parameter ..."]) -> Excited:
    """Turn standard scores (the prior of each is a standard normal) into parameters."""
    level, excitation, memory, dispersion = (
        prior.mean + prior.sd * score for prior, score in zip(_NORMALS, scores, strict=True)
    )
    return Excited(np.exp(level), special.expit(excitation), special.expit(memory), np.exp(dispersion))


def _weighted(
    generator: np.random.Generator, log_density: LogDensity
) -> tuple[Float[np.ndarray, "draw parameter"], Float[np.ndarray, " draw"]]:
    size = len(_NORMALS)
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
