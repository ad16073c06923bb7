"""Self-excitation alone: the product's own equations and priors with a level that never moves.

What it lacks against the product's model is drift, drills and declared moratoria; what it has beyond INGARCH, whose
equations are the same, are priors and the uncertainty of its parameters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy import special

from sixparty.compute import Key
from sixparty.excitation import Normal, default_priors
from sixparty.excitation.structure import MarkStructure
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._excited import FUTURES, CountRecord, Excited, memory_after, window_draws
from sixparty.forecast.reference._importance import DRAWS, posterior_scores

_PRIORS = default_priors(MarkStructure())
_NORMALS: tuple[Normal, ...] = (
    _PRIORS.first_level,
    _PRIORS.logit_own_excitation,
    _PRIORS.logit_own_memory,
    _PRIORS.log_dispersion,
)


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

    scores, effective = posterior_scores(key.generator(), log_density, parameters=len(_NORMALS))
    return SelfExciting(_excited(scores.T), effective)


def self_exciting(
    key: Key, fit: SelfExciting, *, counts: Int[np.ndarray, " time"], horizons: Sequence[int]
) -> dict[int, CountPredictive]:
    """Return the predictive of each window after `counts`, from 4,000 futures, sixteen of each parameter draw."""
    shares = (np.asarray(v) for v in (fit.draws.level, fit.draws.excitation, fit.draws.memory, fit.draws.dispersion))
    level, excitation, kept, dispersion = (np.resize(values, FUTURES) for values in shares)
    memory = memory_after(counts, kept[:DRAWS])
    futures = Excited(level, excitation, kept, dispersion)
    sums = window_draws(key, futures, np.resize(memory, FUTURES), horizons=horizons)
    return {horizon: CountPredictive.from_draws(draws) for horizon, draws in sums.items()}


def _excited(scores: Float[np.ndarray, "parameter ..."]) -> Excited:
    """Turn standard scores (the prior of each is a standard normal) into parameters."""
    level, excitation, memory, dispersion = (
        prior.mean + prior.sd * score for prior, score in zip(_NORMALS, scores, strict=True)
    )
    return Excited(np.exp(level), special.expit(excitation), special.expit(memory), np.exp(dispersion))
