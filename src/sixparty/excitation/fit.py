"""Fit one mark: posterior mode, Laplace, importance sampling; NUTS where that does not hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation.data import MarkData
from sixparty.excitation.diagnose import LARGEST_K_HAT, diagnose_importance
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.nuts import nuts_reference
from sixparty.excitation.parameters import parameters_of, to_natural, to_scores
from sixparty.excitation.posterior import Posterior, filter_series
from sixparty.excitation.priors import MarkPriors, default_priors
from sixparty.excitation.structure import MarkStructure

_GRADIENT_STEP = 1e-4
_CURVATURE_STEP = 2e-2
_WIDEST_VARIANCE = 4.0
_DEGREES_OF_FREEDOM = 7.0
_ADAPTIVE_ROUNDS = 2
_PROPOSALS_A_DRAW = 2


@dataclass(frozen=True)
class _Proposal:
    centre: Float[np.ndarray, " parameter"]
    root: Float[np.ndarray, "parameter parameter"]

    def draw(
        self, generator: np.random.Generator, number: int
    ) -> tuple[Float[np.ndarray, "draw parameter"], Float[np.ndarray, " draw"]]:
        """Draw scores from a multivariate t and return them with their log density."""
        size = self.centre.size
        normal = generator.standard_normal((number, size))
        shrink = generator.chisquare(_DEGREES_OF_FREEDOM, number) / _DEGREES_OF_FREEDOM
        scaled = normal / np.sqrt(shrink)[:, None]
        half = 0.5 * (_DEGREES_OF_FREEDOM + size)
        constant = math.lgamma(half) - math.lgamma(0.5 * _DEGREES_OF_FREEDOM)
        constant -= 0.5 * size * np.log(_DEGREES_OF_FREEDOM * np.pi) + np.log(np.diag(self.root)).sum()
        density = constant - half * np.log1p((scaled**2).sum(axis=1) / _DEGREES_OF_FREEDOM)
        return self.centre + scaled @ self.root.T, density


@dataclass(frozen=True)
class _Weighted:
    scores: Float[np.ndarray, "draw parameter"]
    weights: Float[np.ndarray, " draw"]
    log_evidence: float
    k_hat: float

    @property
    def effective_draws(self) -> float:
        return float(1.0 / (self.weights**2).sum())


def fit_mark(
    key: Key,
    data: MarkData,
    *,
    structure: MarkStructure,
    priors: MarkPriors | None = None,
    draws: int = 1000,
    warm_start: MarkFit | None = None,
) -> MarkFit:
    """Fit the model of one mark to its counts.

    The level is integrated out by the grid filter. The remaining parameters are drawn from a t distribution around
    the posterior mode and weighted; weights are Pareto-smoothed. Where the weights have too heavy a tail the
    proposal is fitted to the weighted draws, twice at most, and after that the mark is fitted by NUTS.

    Parameters
    ----------
    draws
        Equal-weight draws to return; twice as many are proposed.
    warm_start
        An earlier fit of the same structure, from whose mean the search for the mode begins.

    Raises
    ------
    ModelRefused
        If neither way meets its limits; the message says what to change.

    References
    ----------
    Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto smoothed importance sampling", JMLR 25(72).
    """
    chosen = priors or default_priors(structure)
    fit = importance_fit(key, data, structure=structure, priors=chosen, draws=draws, warm_start=warm_start)
    if fit.diagnosis.is_accepted:
        return fit
    return nuts_reference(key.child("nuts"), data, structure=structure, priors=chosen, keep=draws)


def importance_fit(
    key: Key,
    data: MarkData,
    *,
    structure: MarkStructure,
    priors: MarkPriors | None = None,
    draws: int = 1000,
    warm_start: MarkFit | None = None,
) -> MarkFit:
    """Fit by mode, Laplace and importance sampling alone; the diagnosis says whether the fit may be used."""
    chosen = priors or default_priors(structure)
    posterior = Posterior(structure, chosen, filter_series(data, structure))
    begin = _begin(posterior, warm_start)
    generator = key.child("proposals").generator()
    sample = _sampled(generator, posterior, proposal=laplace(posterior, begin), number=_PROPOSALS_A_DRAW * draws)
    kept = sample.scores[equal_weight_places(generator, sample.weights, number=draws)]
    return MarkFit(
        structure=structure,
        priors=chosen,
        parameter_names=tuple(parameter.name for parameter in posterior.parameters),
        draws=to_natural(kept, posterior.parameters),
        log_evidence=sample.log_evidence,
        diagnosis=diagnose_importance(sample.k_hat, sample.effective_draws, proposals=sample.weights.size),
    )


def laplace(posterior: Posterior, begin: Float[np.ndarray, " parameter"]) -> _Proposal:
    """Return the normal approximation at the posterior mode, as the centre and root of a t proposal."""
    mode = minimize(
        lambda scores: _value_and_slope(posterior.log_density, scores),
        begin,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-6.0, 6.0)] * begin.size,
        options={"maxiter": 200, "ftol": 1e-10, "gtol": 1e-3},
    ).x
    precision = -_curvature(posterior.log_density, mode)
    values, vectors = np.linalg.eigh(precision)
    variances = 1.0 / np.maximum(values, 1.0 / _WIDEST_VARIANCE)
    return _Proposal(mode, np.linalg.cholesky((vectors * variances) @ vectors.T))


def equal_weight_places(
    generator: np.random.Generator, weights: Float[np.ndarray, " draw"], *, number: int
) -> Int[np.ndarray, " chosen"]:
    """Choose `number` draws by systematic resampling, in random order; a weight w is chosen about w x number times."""
    marks = (np.arange(number) + generator.random()) / number
    places = np.searchsorted(np.cumsum(weights) / weights.sum(), marks)
    return np.asarray(generator.permutation(np.minimum(places, weights.size - 1)))


def _begin(posterior: Posterior, warm_start: MarkFit | None) -> Float[np.ndarray, " parameter"]:
    if warm_start is None:
        return np.zeros(len(posterior.parameters))
    names = tuple(parameter.name for parameter in posterior.parameters)
    if warm_start.parameter_names != names:
        raise ModelRefused(
            f"warm_start must have the parameters {names}, got {warm_start.parameter_names}. Use a fit of the same "
            "structure."
        )
    earlier = to_scores(warm_start.draws, parameters_of(posterior.structure, posterior.priors))
    return np.asarray(np.clip(earlier.mean(axis=0), -5.0, 5.0))


def _sampled(generator: np.random.Generator, posterior: Posterior, *, proposal: _Proposal, number: int) -> _Weighted:
    sample = _weighted(generator, posterior, proposal=proposal, number=number)
    for _ in range(_ADAPTIVE_ROUNDS):
        if sample.k_hat < LARGEST_K_HAT:
            break
        sample = _weighted(generator, posterior, proposal=_refitted(sample), number=number)
    return sample


def _weighted(generator: np.random.Generator, posterior: Posterior, *, proposal: _Proposal, number: int) -> _Weighted:
    from arviz_stats.base import array_stats

    scores, proposed = proposal.draw(generator, number)
    ratios = posterior.log_density(scores) - proposed
    ratios = np.where(np.isfinite(ratios), ratios, -1e10)
    top = ratios.max()
    log_evidence = float(top + np.log(np.exp(ratios - top).mean()))
    smoothed, k_hat = array_stats.psislw(-ratios)
    weights = np.exp(smoothed - smoothed.max())
    return _Weighted(scores, weights / weights.sum(), log_evidence, float(k_hat))


def _refitted(sample: _Weighted) -> _Proposal:
    centre = sample.weights @ sample.scores
    away = sample.scores - centre
    covariance = (away * sample.weights[:, None]).T @ away
    ridge = 1e-3 * np.eye(centre.size)
    return _Proposal(centre, np.linalg.cholesky(1.2 * covariance + ridge))


def _value_and_slope(
    log_density: Callable[[Float[np.ndarray, "draw parameter"]], Float[np.ndarray, " draw"]],
    scores: Float[np.ndarray, " parameter"],
) -> tuple[float, Float[np.ndarray, " parameter"]]:
    steps = _GRADIENT_STEP * np.eye(scores.size)
    values = log_density(np.vstack([scores, scores + steps, scores - steps]))
    up, down = values[1 : scores.size + 1], values[scores.size + 1 :]
    return -float(values[0]), -(up - down) / (2.0 * _GRADIENT_STEP)


def _curvature(
    log_density: Callable[[Float[np.ndarray, "draw parameter"]], Float[np.ndarray, " draw"]],
    scores: Float[np.ndarray, " parameter"],
) -> Float[np.ndarray, "parameter parameter"]:
    size = scores.size
    steps = _CURVATURE_STEP * np.eye(size)
    pairs = [(i, j) for i in range(size) for j in range(i, size)]
    signs = ((1, 1), (1, -1), (-1, 1), (-1, -1))
    points = [scores + a * steps[i] + b * steps[j] for i, j in pairs for a, b in signs]
    values = log_density(np.array(points)).reshape(len(pairs), 4)
    answer = np.empty((size, size))
    for (i, j), (both, first, second, neither) in zip(pairs, values, strict=True):
        answer[i, j] = answer[j, i] = (both - first - second + neither) / (4.0 * _CURVATURE_STEP**2)
    return answer
