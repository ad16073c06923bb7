"""The reference sampler: the same model as a NumPyro function, its level filter written a second time in JAX.

Nothing here is shared with the compiled filter but the structure, the priors and the data: full transition matrix,
likelihoods in logs with the gamma function, all periods at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from jax.scipy.special import gammaln, ndtr
from jaxtyping import Float
from numpyro import distributions
from numpyro.infer import MCMC, NUTS

from sixparty.compute import Key
from sixparty.excitation.compiled_filter import SMALLEST_REVERTING, SMALLEST_WALK
from sixparty.excitation.data import MarkData, linked_counts, require_fitting, season_terms
from sixparty.excitation.diagnose import FitDiagnosis, diagnose_chains
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.parameters import Parameter, parameters_of
from sixparty.excitation.priors import MarkPriors
from sixparty.excitation.structure import WEEKS_A_STEP, MarkStructure

JaxArray = Any
_WAVES = tuple(range(1, 7))


@dataclass(frozen=True)
class _Reference:
    """One mark's data and structure, ready for the NumPyro function."""

    data: MarkData
    structure: MarkStructure
    priors: MarkPriors

    def log_likelihood(self, natural: dict[str, JaxArray]) -> JaxArray:
        """Return the log evidence of the counts, the level summed out over the grid."""
        grid = jnp.asarray(self.structure.log_levels())
        by_step = self._log_weights(natural, grid)
        law = _cell_law(grid, *self._first(natural))
        matrix = _transition(grid, natural, self.structure)

        def absorb(law: JaxArray, weights: JaxArray) -> tuple[JaxArray, JaxArray]:
            top = weights.max()
            joint = law * jnp.exp(weights - top)
            total = joint.sum()
            return (joint / total) @ matrix, top + jnp.log(total)

        return jax.lax.scan(absorb, law, by_step)[1].sum()

    def _first(self, natural: dict[str, JaxArray]) -> tuple[JaxArray, JaxArray]:
        if self.structure.level == "walk":
            return jnp.asarray(self.priors.first_level.mean), jnp.asarray(self.priors.first_level.sd)
        if self.structure.level == "episodes":
            return natural["level_mean"], natural["level_spread"]
        retention = 0.5 ** (WEEKS_A_STEP / natural["half_life_weeks"])
        return natural["level_mean"], natural["drift"] / jnp.sqrt(1.0 - retention**2)

    def _log_weights(self, natural: dict[str, JaxArray], grid: JaxArray) -> JaxArray:
        counts, covered = jnp.asarray(self.data.counts), jnp.asarray(self.data.covered)
        linear = self._linear(natural)
        mean = jnp.exp(grid[None] + linear[:, None]) + self._excited(natural)[:, None]
        size = natural["dispersion"]
        constant = gammaln(counts + size) - gammaln(size) - gammaln(counts + 1.0)
        probability = jnp.log(mean) * counts[:, None] - jnp.log(size + mean) * (counts[:, None] + size)
        weights = constant[:, None] + size * jnp.log(size) + probability
        weights = jnp.where(covered[:, None], weights, 0.0)
        missing = -weights.shape[0] % self.structure.level_step
        padded = jnp.concatenate([weights, jnp.zeros((missing, grid.size))])
        return padded.reshape(-1, self.structure.level_step, grid.size).sum(axis=1)

    def _linear(self, natural: dict[str, JaxArray]) -> JaxArray:
        linear = jnp.zeros(self.data.periods)
        for place, name in enumerate(self.structure.exposures):
            linear = linear + natural[f"effect:{name}"] * jnp.asarray(self.data.exposures[:, place])
        if self.structure.season:
            waves = season_terms(self.data.year_fraction)
            linear = linear + natural["season:sin"] * waves[:, 0] + natural["season:cos"] * waves[:, 1]
        return linear

    def _excited(self, natural: dict[str, JaxArray]) -> JaxArray:
        total = jnp.zeros(self.data.periods)
        for place, link in enumerate(self.structure.links):
            kept = natural[f"memory:{link}"]
            seen = jnp.asarray(linked_counts(self.data, self.structure)[:, place])
            total = total + natural[f"excitation:{link}"] * _memory(kept, seen)
        return total


def mark_model(data_mark: _Reference) -> None:
    """State the priors and the likelihood of one mark."""
    natural = {}
    for parameter in parameters_of(data_mark.structure, data_mark.priors):
        prior = distributions.Normal(parameter.prior.mean, parameter.prior.sd)
        natural[parameter.name] = _natural(parameter, numpyro.sample(parameter.name, prior))
    numpyro.factor("counts", data_mark.log_likelihood(natural))


def reference_model(data: MarkData, *, structure: MarkStructure, priors: MarkPriors) -> Callable[[], None]:
    """Return the NumPyro function of one mark with its data bound."""
    require_fitting(data, structure)
    bound = _Reference(data, structure, priors)
    return lambda: mark_model(bound)


def jax_log_likelihood(
    data: MarkData, natural: Float[np.ndarray, "draw parameter"], *, structure: MarkStructure, priors: MarkPriors
) -> Float[np.ndarray, " draw"]:
    """Return the log evidence of the counts for draws in natural units, to check the compiled filter against."""
    names = [parameter.name for parameter in parameters_of(structure, priors)]
    bound = _Reference(data, structure, priors)
    with jax.enable_x64(True):
        one = jax.jit(lambda row: bound.log_likelihood({name: row[place] for place, name in enumerate(names)}))
        return np.array([float(one(jnp.asarray(row))) for row in natural])


def sample_mark(
    key: Key,
    data: MarkData,
    *,
    structure: MarkStructure,
    priors: MarkPriors,
    chains: int,
    warmup: int,
    draws: int,
    keep: int | None,
) -> MarkFit:
    """Sample one mark's parameters and judge the chains; the caller refuses."""
    with jax.enable_x64(True):
        sampler = MCMC(
            NUTS(reference_model(data, structure=structure, priors=priors), target_accept_prob=0.9),
            num_warmup=warmup,
            num_samples=draws,
            num_chains=chains,
            chain_method="vectorized",
            progress_bar=False,
        )
        sampler.run(jax.random.key(key.jax_seed()), extra_fields=("diverging",))
        chained = {name: np.asarray(each) for name, each in sampler.get_samples(group_by_chain=True).items()}
        divergences = int(np.asarray(sampler.get_extra_fields()["diverging"]).sum())
    parameters = parameters_of(structure, priors)
    joined = np.column_stack([_natural_numpy(each, chained[each.name].reshape(-1)) for each in parameters])
    kept = np.linspace(0, joined.shape[0] - 1, keep or joined.shape[0]).round().astype(int)
    names = tuple(parameter.name for parameter in parameters)
    return MarkFit(structure, priors, names, joined[kept], None, _diagnosed(chained, divergences))


def _diagnosed(chained: dict[str, Float[np.ndarray, "chain draw"]], divergences: int) -> FitDiagnosis:
    from arviz_stats.base import array_stats

    r_hat = max(float(array_stats.rhat(each)) for each in chained.values())
    effective = min(float(array_stats.ess(each)) for each in chained.values())
    return diagnose_chains(r_hat, effective, divergences=divergences)


def _natural(parameter: Parameter, value: JaxArray) -> JaxArray:
    if parameter.scale == "log":
        return jnp.exp(value)
    return jax.nn.sigmoid(value) if parameter.scale == "logit" else value


def _natural_numpy(parameter: Parameter, value: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    return np.asarray(_natural(parameter, value))


def _memory(kept: JaxArray, seen: JaxArray) -> JaxArray:
    def remember(before: JaxArray, count: JaxArray) -> tuple[JaxArray, JaxArray]:
        return kept * before + (1.0 - kept) * count, before

    return jax.lax.scan(remember, jnp.zeros_like(kept), seen)[1]


def _transition(grid: JaxArray, natural: dict[str, JaxArray], structure: MarkStructure) -> JaxArray:
    width = grid[1] - grid[0]
    if structure.level in ("walk", "episodes"):
        sd = _walk_sd(natural["drift"] / width) * width
        walked = jax.vmap(lambda level: _cells(grid, level, sd))(grid)
        if structure.level == "walk":
            return walked
        renewed = _cell_law(grid, natural["level_mean"], natural["level_spread"])
        return walked + natural["renewal"] * (renewed[None] - walked)
    retention = 0.5 ** (WEEKS_A_STEP / natural["half_life_weeks"])
    centres = natural["level_mean"] + retention * (grid - natural["level_mean"])
    sd = _sheppard(natural["drift"] / width) * width
    return jax.vmap(lambda centre: _cells(grid, centre, sd))(centres)


def _cell_law(grid: JaxArray, mean: JaxArray, sd: JaxArray) -> JaxArray:
    width = grid[1] - grid[0]
    return _cells(grid, mean, _sheppard(sd / width) * width)


def _cells(grid: JaxArray, centre: JaxArray, sd: JaxArray) -> JaxArray:
    below = ndtr((grid[:-1] + 0.5 * (grid[1] - grid[0]) - centre) / sd)
    return jnp.diff(jnp.concatenate([jnp.zeros(1), below, jnp.ones(1)]))


def _sheppard(step: JaxArray) -> JaxArray:
    return jnp.sqrt(jnp.maximum(step, SMALLEST_REVERTING) ** 2 - 1.0 / 12.0)


def _rounded_variance(sd: JaxArray) -> JaxArray:
    """Return the variance of a rounded normal by Poisson summation; the compiled filter sums tail areas."""
    total = sd**2 + 1.0 / 12.0
    for k in _WAVES:
        angle = (k * jnp.pi) ** 2
        total = total + (-1) ** k * jnp.exp(-2.0 * angle * sd**2) * (4.0 * sd**2 + 1.0 / angle)
    return total


def _walk_sd(step: JaxArray) -> JaxArray:
    """Solve for the sd by bisection, then one Newton step that carries the derivative."""
    wanted = jnp.maximum(step, SMALLEST_WALK) ** 2
    fixed = jax.lax.stop_gradient(wanted)

    def halve(_: JaxArray, ends: tuple[JaxArray, JaxArray]) -> tuple[JaxArray, JaxArray]:
        middle = 0.5 * (ends[0] + ends[1])
        is_low = _rounded_variance(middle) < fixed
        return jnp.where(is_low, middle, ends[0]), jnp.where(is_low, ends[1], middle)

    low, high = jax.lax.fori_loop(0, 60, halve, (jnp.full_like(fixed, 0.2), jnp.sqrt(fixed) + 0.1))
    found = jax.lax.stop_gradient(0.5 * (low + high))
    slope = jax.lax.stop_gradient(jax.grad(_rounded_variance)(found))
    return found - (_rounded_variance(found) - wanted) / slope
