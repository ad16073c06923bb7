"""Small marks, fits and drivers for the tests of the room `excitation`."""

from collections.abc import Mapping

import numpy as np

from sixparty.compute import Key
from sixparty.excitation import (
    OWN,
    Drivers,
    FitDiagnosis,
    JointModel,
    MarkData,
    MarkFit,
    MarkState,
    MarkStructure,
    assemble_marks,
    default_priors,
    simulate,
    undisturbed,
)
from sixparty.excitation.parameters import filter_parameters, parameters_of, to_natural

WEEKS = 52.1775
MANUAL = FitDiagnosis("importance", 0.1, 100.0, None, None, True, "")
TYPICAL = {"drift": 0.0, "dispersion": 0.7, "excitation:own": 0.3, "memory:own": 0.35}


def years(periods: int) -> np.ndarray:
    return (np.arange(periods) / WEEKS) % 1.0


def known_fit(structure: MarkStructure, values: Mapping[str, float], *, draws: int = 1) -> MarkFit:
    priors = default_priors(structure)
    names = tuple(parameter.name for parameter in parameters_of(structure, priors))
    return MarkFit(structure, priors, names, np.tile([values[name] for name in names], (draws, 1)), None, MANUAL)


def state_at(rate: float, *, draws: int = 1, memory: tuple[float, ...] = (0.0,)) -> MarkState:
    return MarkState(np.full(draws, np.log(rate)), np.tile(memory, (draws, 1)), 4)


def quiet_drivers(model: JointModel, periods: int) -> Drivers:
    return undisturbed(periods, marks=len(model.marks), exposures=len(model.exposures), year_fraction=years(periods))


def two_marks(*, draws: int = 1) -> tuple[JointModel, dict[str, MarkState]]:
    """Tests that excite themselves, and talks that answer tests."""
    tests = known_fit(MarkStructure(), TYPICAL, draws=draws)
    answer = TYPICAL | {"excitation:tests": 0.15, "memory:tests": 0.7}
    talks = known_fit(MarkStructure(links=(OWN, "tests")), answer, draws=draws)
    states = {"tests": state_at(0.4, draws=draws), "talks": state_at(0.1, draws=draws, memory=(0.0, 0.5))}
    return assemble_marks({"tests": tests, "talks": talks}), states


def drawn_from_prior(
    key: Key, structure: MarkStructure, *, number: int, periods: int
) -> tuple[MarkFit, list[MarkData]]:
    """Draw parameters from their priors and one series of counts for each of them."""
    generator = key.child("prior").generator()
    priors = default_priors(structure)
    parameters = parameters_of(structure, priors)
    truths = to_natural(generator.standard_normal((number, len(parameters))), parameters)
    fit = MarkFit(structure, priors, tuple(each.name for each in parameters), truths, None, MANUAL)
    laid_out = filter_parameters(structure, priors, truths)
    first = laid_out.first_mean + laid_out.first_sd * generator.standard_normal(number)
    ends = structure.log_levels()[[0, -1]]
    state = MarkState(np.clip(first, *ends), np.zeros((number, 1)), 0)
    model = assemble_marks({"mark": fit})
    exposures = (generator.random((periods, 1, len(structure.exposures))) < 0.15).astype(float)
    drivers = Drivers(exposures, np.zeros((periods, 1)), years(periods))
    futures = simulate(key.child("counts"), model, {"mark": state}, drivers=drivers, periods=periods)
    return fit, [seen(series[:, 0].astype(np.int64), exposures[:, 0]) for series in futures.counts]


def seen(counts: np.ndarray, exposures: np.ndarray | None = None) -> MarkData:
    periods = counts.size
    return MarkData(
        counts=counts,
        link_counts=counts[:, None].copy(),
        exposures=np.zeros((periods, 0)) if exposures is None else exposures,
        year_fraction=years(periods),
        covered=np.ones(periods, dtype=bool),
    )


def typical_series(seed: int, *, periods: int = 400, rate: float = 0.3) -> MarkData:
    """Counts of one mark with known parameters and no drift."""
    model = assemble_marks({"mark": known_fit(MarkStructure(), TYPICAL)})
    futures = simulate(
        Key.from_seed(seed),
        model,
        {"mark": state_at(rate)},
        drivers=quiet_drivers(model, periods),
        periods=periods,
    )
    return seen(futures.counts[0, :, 0].astype(np.int64))
