"""Where a mark stands after the last period seen: one level and one memory for every draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation.compiled_filter import filter_draws
from sixparty.excitation.data import MarkData
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.parameters import filter_parameters
from sixparty.excitation.posterior import filter_series


@dataclass(frozen=True)
class MarkState:
    """The state of one mark after its last period, from which futures begin.

    Parameters
    ----------
    level
        Log rate per period, drawn from the filtered law of each draw: the silence since the last event counts.
    memory
        What each link remembers, in counts.
    periods_into_level_step
        Periods already spent at this level, from 1 to the structure's `level_step`.
    """

    level: Float[np.ndarray, " draw"]
    memory: Float[np.ndarray, "draw link"]
    periods_into_level_step: int


def condition(key: Key, fit: MarkFit, data: MarkData) -> MarkState:
    """Filter to the last period for every draw of `fit` and draw one level from each filtered law."""
    return condition_at(key, fit, data, ends=(data.periods,))[0]


def condition_at(key: Key, fit: MarkFit, data: MarkData, *, ends: tuple[int, ...]) -> list[MarkState]:
    """Return the state after each of several numbers of periods, from one pass of the filter.

    Parameters
    ----------
    ends
        Numbers of periods seen, from 1 to all of them, rising. Each state uses nothing after its end and is the
        same whether it is asked for alone or among others.
    """
    if list(ends) != sorted(set(ends)) or not ends or not 1 <= ends[0] <= ends[-1] <= data.periods:
        raise ModelRefused(
            f"ends must rise and lie from 1 to {data.periods}, got {ends}. Count the periods seen, not their index."
        )
    seen = data.until(ends[-1])
    series = filter_series(seen, fit.structure, ends=ends)
    parameters = filter_parameters(fit.structure, fit.priors, fit.draws)
    number = fit.draws.shape[0]
    # one uniform a draw serves all ends, so that the states of two weeks differ by what was seen and not by chance
    uniforms = np.tile(key.child("level").generator().random((number, 1)), (1, len(ends)))
    levels = np.empty((number, len(ends)))
    memories = np.empty((number, len(ends), len(fit.structure.links)))
    filter_draws(series, parameters, uniforms, levels, memories)
    step = fit.structure.level_step
    return [
        MarkState(levels[:, place].copy(), memories[:, place].copy(), (end - 1) % step + 1)
        for place, end in enumerate(ends)
    ]
