"""Exact mean and variance of future counts where the model is linear: no drift, no declared states."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from sixparty.errors import ModelRefused
from sixparty.excitation.condition import MarkState
from sixparty.excitation.data import season_terms
from sixparty.excitation.drivers import Drivers
from sixparty.excitation.joint import JointModel


def expected_counts(
    model: JointModel, states: Mapping[str, MarkState], *, drivers: Drivers, periods: int, draw: int = 0
) -> tuple[Float[np.ndarray, "time mark"], Float[np.ndarray, "time mark"]]:
    """Return mean and variance of the counts of every period under one draw whose levels do not move.

    With memories E (mean e, covariance V), rates mu = g * (b + A E) and counts y of variance mu + mu^2 / phi given
    the past:

        E[y] = g * (b + A e),      Cov[y] = G A V A' G + diag(E[y] + (E[y]^2 + diag(G A V A' G)) / phi),
        e' = C e + (I - C) S E[y], V' = C V C + K Cov[y] K' + C V A' G K' + (C V A' G K')',  K = (I - C) S,

    where g are the offsets, C the shares kept and S picks the mark that feeds each link. The simulator is checked
    against it.

    Raises
    ------
    ModelRefused
        If a level moves or a state is declared: the recursion is not exact then.
    """
    is_moving = (model.drift[draw] != 0.0).any() or (model.renewal[draw] != 0.0).any()
    if is_moving or drivers.declared_states or drivers.triggers:
        raise ModelRefused(
            "exact moments need drift 0 and no declared states or triggers, got a moving level or a state. "
            "Simulate instead."
        )
    feed, kept, memory = _links(model, states, draw)
    base, gain = _rates(model, states, drivers, draw)
    pick = _picks(model) * (1.0 - kept)[:, None]
    covariance = np.zeros((kept.size, kept.size))
    means, variances = np.empty((2, periods, len(model.marks)))
    for t in range(periods):
        pull = gain[t][:, None] * feed
        means[t] = gain[t] * base[t] + pull @ memory
        shared = pull @ covariance @ pull.T
        noise = means[t] + (means[t] ** 2 + np.diag(shared)) / model.dispersion[draw]
        spread = shared + np.diag(noise)
        variances[t] = np.diag(spread)
        crossed = kept[:, None] * (covariance @ pull.T) @ pick.T
        covariance = kept[:, None] * covariance * kept + pick @ spread @ pick.T + crossed + crossed.T
        memory = kept * memory + pick @ means[t]
    return means, variances


def _links(
    model: JointModel, states: Mapping[str, MarkState], draw: int
) -> tuple[Float[np.ndarray, "mark slot"], Float[np.ndarray, " slot"], Float[np.ndarray, " slot"]]:
    marks, links = model.sources.shape
    feed = np.zeros((marks, marks * links))
    memory = np.zeros((marks, links))
    for m, mark in enumerate(model.marks):
        feed[m, m * links : (m + 1) * links] = model.excitation[draw, m]
        held = states[mark].memory[draw]
        memory[m, : held.size] = held
    return feed, model.memory[draw].reshape(-1), memory.reshape(-1)


def _picks(model: JointModel) -> Float[np.ndarray, "slot mark"]:
    sources = model.sources.reshape(-1)
    pick = np.zeros((sources.size, len(model.marks)))
    pick[np.arange(sources.size), np.maximum(sources, 0)] = sources >= 0
    return pick


def _rates(
    model: JointModel, states: Mapping[str, MarkState], drivers: Drivers, draw: int
) -> tuple[Float[np.ndarray, "time mark"], Float[np.ndarray, "time mark"]]:
    levels = np.array([states[mark].level[draw] for mark in model.marks])
    exposed = (drivers.exposures * model.effects[draw]).sum(axis=-1)
    season = season_terms(drivers.year_fraction) @ model.season[draw].T
    offsets = drivers.log_rate_offsets
    offsets = offsets if offsets.ndim == 2 else offsets[draw % offsets.shape[0]]
    return np.exp(levels + exposed + season), np.exp(offsets)
