"""Series that a mark's model would have made: from its priors, from its fit, or year by year from where it stood."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation.condition import MarkState, condition_at
from sixparty.excitation.data import MarkData
from sixparty.excitation.diagnose import FitDiagnosis
from sixparty.excitation.drivers import Drivers
from sixparty.excitation.joint import assemble_marks
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.parameters import filter_parameters, parameters_of, to_natural
from sixparty.excitation.priors import MarkPriors, default_priors
from sixparty.excitation.simulate import simulate
from sixparty.excitation.structure import OWN, MarkStructure

_MARK = "mark"


def prior_draws(key: Key, structure: MarkStructure, *, number: int, priors: MarkPriors | None = None) -> MarkFit:
    """Draw a mark's parameters from their priors, in the form of a fit to nothing."""
    chosen = priors or default_priors(structure)
    parameters = parameters_of(structure, chosen)
    scores = key.child("prior").generator().standard_normal((number, len(parameters)))
    # the prior is its own proposal: all weights are equal, and their tail has shape 0
    exact = FitDiagnosis("importance", 0.0, float(number), None, None, True, "")
    names = tuple(parameter.name for parameter in parameters)
    return MarkFit(structure, chosen, names, to_natural(scores, parameters), None, exact)


def replicate_series(
    key: Key, fit: MarkFit, *, exposures: Float[np.ndarray, "time exposure"], year_fraction: Float[np.ndarray, " time"]
) -> Int[np.ndarray, "draw time"]:
    """Simulate one whole series of counts for every draw of a fit, its level drawn anew from the first period on.

    Nothing of the record but exposures and calendar enters: the level takes a path of its own, from the law that
    the model gives the first level. Rates stay below 500 counts a period, levels within their grid.
    """
    laid_out = filter_parameters(fit.structure, fit.priors, fit.draws)
    number = fit.draws.shape[0]
    first = laid_out.first_mean + laid_out.first_sd * key.child("first level").generator().standard_normal(number)
    ends = fit.structure.log_levels()[[0, -1]]
    state = MarkState(np.clip(first, *ends), np.zeros((number, len(fit.structure.links))), 0)
    return _simulated(key.child("counts"), fit, state, exposures=exposures, year_fraction=year_fraction)


def replicate_blocks(
    key: Key, fit: MarkFit, data: MarkData, *, periods: int, every: int | None = None
) -> Int[np.ndarray, "block draw time"]:
    """Simulate stretches of the record again, each from where the mark stood when the stretch began.

    Each stretch starts from the counts that came before it, so it shows what the model expects next, with
    parameters that have seen the whole record.

    Parameters
    ----------
    periods
        Length of a stretch.
    every
        Periods between the beginnings of stretches; as many as a stretch is long if None. The first begins that
        many periods into the record, the last a stretch before its end.
    """
    starts = block_starts(data.periods, length=periods, every=every)
    if not starts:
        raise ModelRefused(
            f"the record must hold two stretches of {periods} periods, got {data.periods} periods. Shorten them."
        )
    states = condition_at(key.child("condition"), fit, data, ends=starts)
    return np.stack(
        [
            _simulated(
                key.child("block", start),
                fit,
                state,
                exposures=data.exposures[start : start + periods],
                year_fraction=data.year_fraction[start : start + periods],
            )
            for start, state in zip(starts, states, strict=True)
        ]
    )


def block_starts(periods: int, *, length: int, every: int | None = None) -> tuple[int, ...]:
    """Return the numbers of periods seen before each stretch of `replicate_blocks`."""
    apart = every or length
    return tuple(range(apart, periods - length + 1, apart))


def _simulated(
    key: Key,
    fit: MarkFit,
    state: MarkState,
    *,
    exposures: Float[np.ndarray, "time exposure"],
    year_fraction: Float[np.ndarray, " time"],
) -> Int[np.ndarray, "draw time"]:
    _refuse_other_links(fit.structure)
    periods = exposures.shape[0]
    drivers = Drivers(exposures[:, None, :], np.zeros((periods, 1)), year_fraction)
    futures = simulate(key, assemble_marks({_MARK: fit}), {_MARK: state}, drivers=drivers, periods=periods)
    return futures.counts[:, :, 0].astype(np.int64)


def _refuse_other_links(structure: MarkStructure) -> None:
    others = [link for link in structure.links if link != OWN]
    if others:
        raise ModelRefused(
            f"a mark is replicated alone, got links to {', '.join(others)}. Simulate those marks together."
        )


def first_draws(fit: MarkFit, number: int) -> MarkFit:
    """Return a fit with its first `number` draws; their order is random, so these are as good as any."""
    return replace(fit, draws=fit.draws[:number])
