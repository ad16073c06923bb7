"""The simulator, compiled: `step` advances one future by one period, and nothing else in the house does.

All loops run in place and in order. What a future draws depends on its address alone, see `compiled_random`. The
loop over periods counts no references to arrays, which would cost more than the draws, and therefore allocates nothing;
each thread works on arrays of its own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sixparty.excitation.compiled import compiled, inlined, uncounted
from sixparty.excitation.compiled_random import (
    LARGEST_RATE,
    STREAM_BREACH,
    STREAM_COUNT,
    STREAM_LEVEL,
    negative_binomial_quantile,
    normal_quantile,
    philox,
    uniform,
)

DRIFT, RETENTION, LEVEL_MEAN, RENEWAL, SPREAD, DISPERSION, LOWEST, HIGHEST, LEVEL_STEP, FIRST_LINK = range(10)
"""Rows of the parameters, one column a mark; from `FIRST_LINK` on come excitation and memory of each link in turn."""

LEVEL, RATE, WAITED, RATIO, MEAN, FIRST_MEMORY = range(6)
"""Rows of the standing, one column a mark; from `FIRST_MEMORY` on comes what each link remembers."""

STARTS_AT, ENDS_AT, ADDRESS = range(3)
"""Columns of the table of declared states; -1 stands for "never"."""

IN_FORCE, HAS_ENDED = range(2)
"""Columns of the standing of declared states."""

MARK, STATE, AT_LEAST, WITHIN, ENDS, STARTS, LASTING = range(7)
"""Columns of the table of triggers; -1 stands for "none"."""

_LANES = 4
_SMALLEST = 1e-11
_ZERO = np.uint64(0)


class ModelArrays(NamedTuple):
    """Parameters and first standing of all marks, draw first; effects of exposures, then the two season terms."""

    parameters: np.ndarray
    sources: np.ndarray
    effects: np.ndarray
    standing: np.ndarray


class DriverArrays(NamedTuple):
    """Drivers; axes that may be uncertain have 1 or all draws. Exposures end in the two season terms."""

    exposures: np.ndarray
    offsets: np.ndarray
    state_table: np.ndarray
    hazards: np.ndarray
    state_ratios: np.ndarray
    triggers: np.ndarray
    trigger_ratios: np.ndarray


class Future(NamedTuple):
    """One future: what its draw fixes, and where it stands (`marks`, `states`, `lasting`, `counts`, in place)."""

    parameters: np.ndarray
    sources: np.ndarray
    exposed: np.ndarray
    offsets: np.ndarray
    state_table: np.ndarray
    hazards: np.ndarray
    state_ratios: np.ndarray
    triggers: np.ndarray
    trigger_ratios: np.ndarray
    marks: np.ndarray
    states: np.ndarray
    lasting: np.ndarray
    counts: np.ndarray


@compiled
def _expose(exposed: np.ndarray, effects: np.ndarray, exposures: np.ndarray) -> None:
    for e in range(effects.shape[0]):
        for t in range(exposed.shape[0]):
            for m in range(exposed.shape[1]):
                exposed[t, m] += effects[e, m] * exposures[e, t, m]
    for t in range(exposed.shape[0]):
        for m in range(exposed.shape[1]):
            exposed[t, m] = 1.0 if exposed[t, m] == 0.0 else math.exp(exposed[t, m])


@inlined
def _move_states(
    k0: np.uint64,
    k1: np.uint64,
    future: int,
    period: int,
    table: np.ndarray,
    hazards: np.ndarray,
    states: np.ndarray,
) -> None:
    for k in range(states.shape[0]):
        states[k, HAS_ENDED] = 0
        if table[k, STARTS_AT] == period:
            states[k, IN_FORCE] = 1
        if states[k, IN_FORCE] == 0:
            continue
        is_over = table[k, ENDS_AT] == period
        if hazards[k] > 0.0 and not is_over:
            address = np.uint64(table[k, ADDRESS])
            words = philox(np.uint64(future), np.uint64(period), address, STREAM_BREACH, k0, k1)
            is_over = uniform(words[0]) < hazards[k]
        if is_over:
            states[k, IN_FORCE] = 0
            states[k, HAS_ENDED] = 1


@inlined
def _gather_ratios(
    period: int,
    offsets: np.ndarray,
    marks: np.ndarray,
    states: np.ndarray,
    state_ratios: np.ndarray,
    lasting: np.ndarray,
    trigger_ratios: np.ndarray,
) -> None:
    for m in range(marks.shape[1]):
        marks[RATIO, m] = offsets[period, m]
    for k in range(states.shape[0]):
        if states[k, IN_FORCE] == 1:
            for m in range(marks.shape[1]):
                marks[RATIO, m] *= state_ratios[k, m]
    for r in range(lasting.size):
        if lasting[r] > 0:
            lasting[r] -= 1
            for m in range(marks.shape[1]):
                marks[RATIO, m] *= trigger_ratios[r, m]


@inlined
def _move_levels(
    k0: np.uint64, k1: np.uint64, future: int, period: int, parameters: np.ndarray, marks: np.ndarray
) -> None:
    words, held = (_ZERO, _ZERO, _ZERO, _ZERO), -1
    for m in range(marks.shape[1]):
        marks[WAITED, m] += 1.0
        if marks[WAITED, m] <= parameters[LEVEL_STEP, m]:
            continue
        marks[WAITED, m] = 1.0
        drift, retention, mean = parameters[DRIFT, m], parameters[RETENTION, m], parameters[LEVEL_MEAN, m]
        renewal = parameters[RENEWAL, m]
        if drift == 0.0 and retention == 1.0 and renewal == 0.0:
            continue
        if m // _LANES != held:
            held = m // _LANES
            words = philox(np.uint64(future), np.uint64(period), np.uint64(held), STREAM_LEVEL, k0, k1)
        u = uniform(words[m % _LANES])
        if u < renewal:
            level = mean + parameters[SPREAD, m] * normal_quantile(u / renewal)
        else:
            z = normal_quantile(max((u - renewal) / (1.0 - renewal), _SMALLEST))
            level = mean + retention * (marks[LEVEL, m] - mean) + drift * z
        marks[LEVEL, m] = min(max(level, parameters[LOWEST, m]), parameters[HIGHEST, m])
        marks[RATE, m] = math.exp(marks[LEVEL, m])


@inlined
def _gather_means(period: int, parameters: np.ndarray, exposed: np.ndarray, marks: np.ndarray) -> None:
    for m in range(marks.shape[1]):
        marks[MEAN, m] = marks[RATE, m] * exposed[period, m]
    for k in range(marks.shape[0] - FIRST_MEMORY):
        for m in range(marks.shape[1]):
            marks[MEAN, m] += parameters[FIRST_LINK + 2 * k, m] * marks[FIRST_MEMORY + k, m]
    for m in range(marks.shape[1]):
        marks[MEAN, m] = min(marks[MEAN, m] * marks[RATIO, m], LARGEST_RATE)


@inlined
def _draw_counts(
    k0: np.uint64,
    k1: np.uint64,
    future: int,
    period: int,
    parameters: np.ndarray,
    marks: np.ndarray,
    counts: np.ndarray,
) -> None:
    for first in range(0, marks.shape[1], _LANES):
        group = np.uint64(first // _LANES)
        words = philox(np.uint64(future), np.uint64(period), group, STREAM_COUNT, k0, k1)
        for lane in range(min(_LANES, marks.shape[1] - first)):
            m = first + lane
            u, mean = uniform(words[lane]), marks[MEAN, m]
            counts[period, m] = negative_binomial_quantile(u, mean, parameters[DISPERSION, m])


@inlined
def _remember(period: int, parameters: np.ndarray, sources: np.ndarray, marks: np.ndarray, counts: np.ndarray) -> None:
    for k in range(sources.shape[0]):
        for m in range(sources.shape[1]):
            kept = parameters[FIRST_LINK + 2 * k + 1, m]
            seen = counts[period, sources[k, m]]
            marks[FIRST_MEMORY + k, m] = kept * marks[FIRST_MEMORY + k, m] + (1.0 - kept) * seen


@inlined
def _pull_triggers(
    period: int, triggers: np.ndarray, states: np.ndarray, lasting: np.ndarray, counts: np.ndarray
) -> None:
    for r in range(triggers.shape[0]):
        if triggers[r, STATE] >= 0:
            is_fired = states[triggers[r, STATE], HAS_ENDED] == 1
        else:
            total = 0
            for t in range(max(0, period - triggers[r, WITHIN] + 1), period + 1):
                total += counts[t, triggers[r, MARK]]
            is_fired = total >= triggers[r, AT_LEAST]
        if not is_fired:
            continue
        ends, starts = triggers[r, ENDS], triggers[r, STARTS]
        if ends >= 0 and states[ends, IN_FORCE] == 1:
            states[ends, IN_FORCE] = 0
            states[ends, HAS_ENDED] = 1
        if starts >= 0:
            states[starts, IN_FORCE] = 1
        lasting[r] = max(lasting[r], triggers[r, LASTING])


@inlined
def step(k0: np.uint64, k1: np.uint64, future: int, period: int, now: Future) -> None:
    """Advance one future by one period: states, levels, counts, memories, triggers, in this order."""
    _move_states(k0, k1, future, period, now.state_table, now.hazards, now.states)
    _gather_ratios(period, now.offsets, now.marks, now.states, now.state_ratios, now.lasting, now.trigger_ratios)
    _move_levels(k0, k1, future, period, now.parameters, now.marks)
    _gather_means(period, now.parameters, now.exposed, now.marks)
    _draw_counts(k0, k1, future, period, now.parameters, now.marks, now.counts)
    _remember(period, now.parameters, now.sources, now.marks, now.counts)
    _pull_triggers(period, now.triggers, now.states, now.lasting, now.counts)


@uncounted
def _run_one(k0: np.uint64, k1: np.uint64, future: int, now: Future, in_force: np.ndarray) -> None:
    for period in range(now.counts.shape[0]):
        step(k0, k1, future, period, now)
        for k in range(now.states.shape[0]):
            in_force[period, k] = now.states[k, IN_FORCE] == 1


@compiled
def run_futures(
    key: np.ndarray,
    first: int,
    beyond: int,
    model: ModelArrays,
    drivers: DriverArrays,
    counts: np.ndarray,
    in_force: np.ndarray,
) -> None:
    """Run every future of the parameter draws from `first` to before `beyond`: d, d + draws, d + 2 draws, ..."""
    draws = model.parameters.shape[0]
    for draw in range(first, beyond):
        now = Future(
            parameters=model.parameters[draw].copy(),
            sources=model.sources.copy(),
            exposed=np.zeros(counts.shape[1:]),
            offsets=drivers.offsets[draw % drivers.offsets.shape[0]].copy(),
            state_table=drivers.state_table.copy(),
            hazards=drivers.hazards[draw % drivers.hazards.shape[0]].copy(),
            state_ratios=drivers.state_ratios[draw % drivers.state_ratios.shape[0]].copy(),
            triggers=drivers.triggers.copy(),
            trigger_ratios=drivers.trigger_ratios.copy(),
            marks=model.standing[draw].copy(),
            states=np.zeros((drivers.state_table.shape[0], 2), np.int64),
            lasting=np.zeros(drivers.triggers.shape[0], np.int64),
            counts=np.zeros(counts.shape[1:], counts.dtype),
        )
        _expose(now.exposed, model.effects[draw], drivers.exposures)
        for future in range(draw, counts.shape[0], draws):
            now.marks[:] = model.standing[draw]
            now.states[:] = 0
            now.lasting[:] = 0
            _run_one(key[0], key[1], future, now, in_force[future])
            counts[future] = now.counts
