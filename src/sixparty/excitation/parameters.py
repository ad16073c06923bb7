"""The parameters of one mark: their names, their scales, their priors in one line each.

Fitting works on *standard scores*: the prior of every parameter becomes a standard normal, so that steps, curvature
and convergence mean the same for all of them. Everything outside a fit sees natural units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.special import expit, logit

from sixparty.excitation.compiled_filter import FilterParameters
from sixparty.excitation.priors import MarkPriors, Normal
from sixparty.excitation.structure import OWN, WEEKS_A_STEP, MarkStructure

Scale = Literal["log", "logit", "plain"]


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name in natural units, the scale on which its prior is normal, and that prior."""

    name: str
    scale: Scale
    prior: Normal


def parameters_of(structure: MarkStructure, priors: MarkPriors) -> tuple[Parameter, ...]:
    """List the parameters of a structure in the one order in which draws hold them."""
    listed = [
        Parameter("drift", "log", priors.log_drift),
        Parameter("dispersion", "log", priors.log_dispersion),
    ]
    if structure.level == "stationary":
        listed.append(Parameter("level_mean", "plain", priors.level_mean))
        listed.append(Parameter("half_life_weeks", "log", priors.log_half_life_weeks))
    if structure.level == "episodes":
        listed.append(Parameter("level_mean", "plain", priors.level_mean))
        listed.append(Parameter("renewal", "logit", priors.logit_renewal))
        listed.append(Parameter("level_spread", "log", priors.log_level_spread))
    for link in structure.links:
        listed += _link_parameters(link, priors)
    listed += [Parameter(f"effect:{name}", "plain", priors.effects[name]) for name in structure.exposures]
    if structure.season:
        listed += [Parameter(f"season:{wave}", "plain", priors.season) for wave in ("sin", "cos")]
    return tuple(listed)


def _link_parameters(link: str, priors: MarkPriors) -> list[Parameter]:
    if link == OWN:
        excitation = Parameter(f"excitation:{link}", "logit", priors.logit_own_excitation)
        return [excitation, Parameter(f"memory:{link}", "logit", priors.logit_own_memory)]
    excitation = Parameter(f"excitation:{link}", "log", priors.log_cross_excitation)
    return [excitation, Parameter(f"memory:{link}", "logit", priors.logit_cross_memory)]


def to_natural(
    scores: Float[np.ndarray, "draw parameter"], parameters: tuple[Parameter, ...]
) -> Float[np.ndarray, "draw parameter"]:
    """Turn standard scores into natural units."""
    natural = np.empty_like(scores)
    for column, parameter in enumerate(parameters):
        value = parameter.prior.mean + parameter.prior.sd * scores[:, column]
        natural[:, column] = {"log": np.exp, "logit": expit, "plain": np.asarray}[parameter.scale](value)
    return natural


def to_scores(
    natural: Float[np.ndarray, "draw parameter"], parameters: tuple[Parameter, ...]
) -> Float[np.ndarray, "draw parameter"]:
    """Turn natural units into standard scores."""
    scores = np.empty_like(natural)
    for column, parameter in enumerate(parameters):
        value = {"log": np.log, "logit": logit, "plain": np.asarray}[parameter.scale](natural[:, column])
        scores[:, column] = (value - parameter.prior.mean) / parameter.prior.sd
    return scores


def filter_parameters(
    structure: MarkStructure, priors: MarkPriors, draws: Float[np.ndarray, "draw parameter"]
) -> FilterParameters:
    """Lay draws in natural units out as the compiled code wants them."""
    names = [parameter.name for parameter in parameters_of(structure, priors)]
    columns = {name: np.ascontiguousarray(draws[:, place]) for place, name in enumerate(names)}
    number = draws.shape[0]
    level = _level_parameters(structure, priors, columns, number)
    return FilterParameters(
        drift=columns["drift"],
        dispersion=columns["dispersion"],
        level_mean=level.mean,
        retention=level.retention,
        first_mean=level.first_mean,
        first_sd=level.first_sd,
        renewal=level.renewal,
        spread=level.spread,
        excitation=_side_by_side(columns, [f"excitation:{link}" for link in structure.links], number),
        memory=_side_by_side(columns, [f"memory:{link}" for link in structure.links], number),
        effects=_side_by_side(columns, [f"effect:{name}" for name in structure.exposures], number),
        season=_side_by_side(columns, ["season:sin", "season:cos"], number)
        if structure.season
        else np.zeros((number, 2)),
    )


class _LevelParameters(NamedTuple):
    mean: Float[np.ndarray, " draw"]
    retention: Float[np.ndarray, " draw"]
    first_mean: Float[np.ndarray, " draw"]
    first_sd: Float[np.ndarray, " draw"]
    renewal: Float[np.ndarray, " draw"]
    spread: Float[np.ndarray, " draw"]


def _level_parameters(
    structure: MarkStructure, priors: MarkPriors, columns: dict[str, Float[np.ndarray, " draw"]], number: int
) -> _LevelParameters:
    never, ones = np.zeros(number), np.ones(number)
    if structure.level == "stationary":
        mean, retention = columns["level_mean"], retention_per_step(columns["half_life_weeks"])
        return _LevelParameters(mean, retention, mean, columns["drift"] / np.sqrt(1.0 - retention**2), never, ones)
    if structure.level == "episodes":
        mean, spread = columns["level_mean"], columns["level_spread"]
        return _LevelParameters(mean, ones, mean, spread, columns["renewal"], spread)
    first = priors.first_level
    return _LevelParameters(never, ones, first.mean * ones, first.sd * ones, never, ones)


def retention_per_step(half_life_weeks: Float[np.ndarray, " draw"]) -> Float[np.ndarray, " draw"]:
    """Return the share of the distance from the mean that is left after one four-weekly step."""
    return np.asarray(0.5 ** (WEEKS_A_STEP / half_life_weeks))


def _side_by_side(
    columns: dict[str, Float[np.ndarray, " draw"]], names: list[str], number: int
) -> Float[np.ndarray, "draw column"]:
    if not names:
        return np.zeros((number, 0))
    return np.column_stack([columns[name] for name in names])
