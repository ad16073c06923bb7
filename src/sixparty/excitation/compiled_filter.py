"""The grid filter, compiled: the law of the log level given the counts so far, and the evidence of the counts.

The level x moves on an even grid of log rates. Between moves it is constant, so the weeks of one step are absorbed
together. Everything that does not depend on the grid point is taken out of the inner loops.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sixparty.excitation.compiled import compiled

SMALLEST_WALK = 0.25
SMALLEST_REVERTING = 0.4
"""Smallest step, in grid cells, that the grid can carry; smaller steps are counted as this one."""
_PLAIN_CORRECTION = 1.2
_REACH = 7.0


class FilterSeries(NamedTuple):
    """What was seen: one row a period, and how the periods are cut into chunks with one level each.

    Parameters
    ----------
    chunk_ends, is_step, records
        Period after the last of each chunk; whether the level moves before it; the row of the answer in which the
        law after it is kept, or -1.
    """

    counts: np.ndarray
    link_counts: np.ndarray
    exposures: np.ndarray
    season: np.ndarray
    covered: np.ndarray
    chunk_ends: np.ndarray
    is_step: np.ndarray
    records: np.ndarray
    log_levels: np.ndarray


class FilterParameters(NamedTuple):
    """Parameters of many draws, natural scale, the draw first."""

    drift: np.ndarray
    dispersion: np.ndarray
    level_mean: np.ndarray
    retention: np.ndarray
    first_mean: np.ndarray
    first_sd: np.ndarray
    excitation: np.ndarray
    memory: np.ndarray
    effects: np.ndarray
    season: np.ndarray


@compiled
def _below(z: float) -> float:
    return 0.5 * math.erfc(-z * 0.7071067811865476)


@compiled
def _rounded_variance(sd: float) -> float:
    total = 0.0
    for cell in range(1, 12):
        total += 2.0 * (2 * cell - 1) * _below(-(cell - 0.5) / sd)
    return total


@compiled
def lattice_sd(step: float, is_walk: bool) -> float:
    """Return the sd of a normal whose rounding to the grid has sd `step` (both in cells).

    Sheppard: rounding adds 1/12. A walk always starts from the middle of a cell, where that is too much once the
    step is short, so there the rounded variance 2 sum_j (2j - 1) Q((j - 1/2) / sd) is solved for sd.
    """
    step = max(step, SMALLEST_WALK if is_walk else SMALLEST_REVERTING)
    plain = math.sqrt(max(step * step - 1.0 / 12.0, 1e-4))
    if not is_walk or step > _PLAIN_CORRECTION:
        return plain
    low, high = 0.1, step
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _rounded_variance(middle) < step * step:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@compiled
def first_law(log_levels: np.ndarray, mean: float, sd: float) -> np.ndarray:
    """Return the probability of each cell under a normal; the outer cells reach to infinity."""
    width = log_levels[1] - log_levels[0]
    n = log_levels.size
    inner = lattice_sd(sd / width, False) * width
    law = np.empty(n)
    lower = 0.0
    for j in range(n):
        upper = 1.0 if j == n - 1 else _below((log_levels[j] + 0.5 * width - mean) / inner)
        law[j] = upper - lower
        lower = upper
    return law


@compiled
def transition(log_levels: np.ndarray, mean: float, retention: float, drift: float) -> tuple[np.ndarray, np.ndarray]:
    """Return for each grid point the first cell that it can reach and the probabilities of the cells from there."""
    width = log_levels[1] - log_levels[0]
    n = log_levels.size
    sd = lattice_sd(drift / width, retention == 1.0) * width
    reach = math.ceil(_REACH * sd / width) + 1
    band = min(2 * reach + 1, n)
    starts = np.empty(n, np.int64)
    rows = np.empty((n, band))
    for i in range(n):
        centre = mean + retention * (log_levels[i] - mean)
        nearest = math.floor((centre - log_levels[0]) / width + 0.5)
        start = min(max(nearest - reach, 0), n - band)
        starts[i] = start
        lower = 0.0 if start == 0 else _below((log_levels[start] - 0.5 * width - centre) / sd)
        for b in range(band):
            j = start + b
            upper = 1.0 if j == n - 1 else _below((log_levels[j] + 0.5 * width - centre) / sd)
            rows[i, b] = upper - lower
            lower = upper
    return starts, rows


@compiled
def _moved(law: np.ndarray, starts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    answer = np.zeros(law.size)
    for i in range(law.size):
        mass = law[i]
        start = starts[i]
        for b in range(rows.shape[1]):
            answer[start + b] += mass * rows[i, b]
    return answer


@compiled
def memory_path(link_counts: np.ndarray, memory: np.ndarray) -> np.ndarray:
    """Return E, one row for each period and one for the period after the last."""
    periods, links = link_counts.shape
    path = np.zeros((periods + 1, links))
    for t in range(periods):
        for k in range(links):
            path[t + 1, k] = memory[k] * path[t, k] + (1.0 - memory[k]) * link_counts[t, k]
    return path


@compiled
def _multiplier(series: FilterSeries, effects: np.ndarray, season: np.ndarray, t: int) -> float:
    linear = season[0] * series.season[t, 0] + season[1] * series.season[t, 1]
    for e in range(effects.size):
        linear += effects[e] * series.exposures[t, e]
    return math.exp(linear)


@compiled
def _count_constants(largest: int, dispersion: float) -> np.ndarray:
    table = np.zeros(largest + 1)
    for y in range(1, largest + 1):
        table[y] = table[y - 1] + math.log(dispersion + y - 1) - math.log(y)
    return table


@compiled
def _absorb(
    rates: np.ndarray,
    multiplier: float,
    excited: float,
    count: int,
    dispersion: float,
    spread: np.ndarray,
    ratio: np.ndarray,
) -> None:
    for g in range(rates.size):
        spread[g] *= 1.0 + (rates[g] * multiplier + excited) / dispersion
    if count > 0:
        for g in range(rates.size):
            mean = rates[g] * multiplier + excited
            share = mean / (dispersion + mean)
            for _ in range(count):
                ratio[g] *= share


@compiled
def _picked(law: np.ndarray, u: float) -> int:
    reached = 0.0
    for g in range(law.size - 1):
        reached += law[g]
        if u <= reached:
            return g
    return int(law.size - 1)


@compiled
def filter_level(
    series: FilterSeries,
    parameters: FilterParameters,
    draw: int,
    uniforms: np.ndarray,
    levels: np.ndarray,
    memories: np.ndarray,
) -> float:
    """Return the log evidence of the counts under one draw; keep a level and the memory at each recorded end."""
    dispersion = parameters.dispersion[draw]
    effects, season = parameters.effects[draw], parameters.season[draw]
    log_levels = series.log_levels
    rates = np.exp(log_levels)
    law = first_law(log_levels, parameters.first_mean[draw], parameters.first_sd[draw])
    starts, rows = transition(
        log_levels, parameters.level_mean[draw], parameters.retention[draw], parameters.drift[draw]
    )
    path = memory_path(series.link_counts, parameters.memory[draw])
    constants = _count_constants(series.counts.max(), dispersion)
    spread, ratio = np.empty(rates.size), np.empty(rates.size)
    evidence = 0.0
    t = 0
    for chunk in range(series.chunk_ends.size):
        if series.is_step[chunk]:
            law = _moved(law, starts, rows)
        spread[:] = 1.0
        ratio[:] = 1.0
        while t < series.chunk_ends[chunk]:
            if series.covered[t]:
                excited = 0.0
                for k in range(path.shape[1]):
                    excited += parameters.excitation[draw, k] * path[t, k]
                evidence += constants[series.counts[t]]
                multiplier = _multiplier(series, effects, season, t)
                _absorb(rates, multiplier, excited, series.counts[t], dispersion, spread, ratio)
            t += 1
        total = 0.0
        for g in range(rates.size):
            law[g] *= ratio[g] * math.exp(-dispersion * math.log(spread[g]))
            total += law[g]
        evidence += math.log(total) if total > 0.0 else -math.inf
        law /= total if total > 0.0 else 1.0
        record = series.records[chunk]
        if record >= 0:
            levels[record] = log_levels[_picked(law, uniforms[record])]
            memories[record] = path[t]
    return evidence


@compiled
def filter_draws(
    series: FilterSeries,
    parameters: FilterParameters,
    uniforms: np.ndarray,
    levels: np.ndarray,
    memories: np.ndarray,
) -> np.ndarray:
    """Run the filter for every draw; rows of `uniforms`, `levels`, `memories` belong to draws, then to records."""
    evidence = np.empty(parameters.drift.size)
    for draw in range(evidence.size):
        evidence[draw] = filter_level(series, parameters, draw, uniforms[draw], levels[draw], memories[draw])
    return evidence
