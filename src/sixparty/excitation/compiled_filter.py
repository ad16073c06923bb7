"""The grid filter, compiled: the law of the log level given the counts so far, and the evidence of the counts.

The level x moves on an even grid of log rates. Between moves it is constant, so the weeks of one step are absorbed
together. Everything that does not depend on the grid point is taken out of the inner loops.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sixparty.excitation.compiled import compiled, inlined, uncounted

SMALLEST_WALK = 0.25
SMALLEST_REVERTING = 0.4
"""Smallest step, in grid cells, that the grid can carry; smaller steps are counted as this one."""
_PLAIN_CORRECTION = 1.2
_REACH = 7.0
_NEGLIGIBLE = 1e-16


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
    renewal: np.ndarray
    spread: np.ndarray
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
    low, high = 0.1, step + 0.1
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
def memory_path(link_counts: np.ndarray, memory: np.ndarray) -> np.ndarray:
    """Return E, one row for each period and one for the period after the last."""
    periods, links = link_counts.shape
    path = np.zeros((periods + 1, links))
    for t in range(periods):
        for k in range(links):
            path[t + 1, k] = memory[k] * path[t, k] + (1.0 - memory[k]) * link_counts[t, k]
    return path


class Filtering(NamedTuple):
    """One draw's filter: what its parameters fix for every period, and the law, which changes in place.

    Parameters
    ----------
    renewal, renewed
        Chance that a move draws the level anew, and the law that it is then drawn from.
    scaled, ratios, excited
        Rates of the grid points over the dispersion; rate ratio of each period; what excitation adds to the scaled
        rate of each period.
    spread, share
        Products over a chunk: of 1 + mean / dispersion, and of mean / (dispersion + mean) for each count.
    """

    law: np.ndarray
    moved: np.ndarray
    starts: np.ndarray
    rows: np.ndarray
    renewal: float
    renewed: np.ndarray
    scaled: np.ndarray
    ratios: np.ndarray
    excited: np.ndarray
    spread: np.ndarray
    share: np.ndarray


@compiled
def _ratios(exposures: np.ndarray, effects: np.ndarray, waves: np.ndarray, season: np.ndarray) -> np.ndarray:
    ratios = np.empty(exposures.shape[0])
    for t in range(ratios.size):
        linear = season[0] * waves[t, 0] + season[1] * waves[t, 1]
        for e in range(effects.size):
            linear += effects[e] * exposures[t, e]
        ratios[t] = 1.0 if linear == 0.0 else math.exp(linear)
    return ratios


@compiled
def _excited(path: np.ndarray, excitation: np.ndarray) -> np.ndarray:
    excited = np.zeros(path.shape[0])
    for t in range(path.shape[0]):
        for k in range(path.shape[1]):
            excited[t] += excitation[k] * path[t, k]
    return excited


@compiled
def _count_constants(counts: np.ndarray, covered: np.ndarray, dispersion: float) -> float:
    table = np.zeros(counts.max() + 1)
    for y in range(1, table.size):
        table[y] = table[y - 1] + math.log(dispersion + y - 1) - math.log(y)
    total = 0.0
    for t in range(counts.size):
        if covered[t]:
            total += table[counts[t]]
    return total


@inlined
def _move(now: Filtering) -> None:
    for i in range(now.law.size):
        now.moved[i] = 0.0
    for i in range(now.law.size):
        mass, start = now.law[i], now.starts[i]
        if mass == 0.0:
            continue
        for b in range(now.rows.shape[1]):
            now.moved[start + b] += mass * now.rows[i, b]
    for i in range(now.law.size):
        now.law[i] = now.moved[i] + now.renewal * (now.renewed[i] - now.moved[i])


@inlined
def _absorb(now: Filtering, t: int, count: int) -> None:
    ratio, excited = now.ratios[t], now.excited[t]
    for g in range(now.scaled.size):
        now.spread[g] *= 1.0 + (now.scaled[g] * ratio + excited)
    if count > 0:
        for g in range(now.scaled.size):
            scaled = now.scaled[g] * ratio + excited
            share = scaled / (1.0 + scaled)
            for _ in range(count):
                now.share[g] *= share


@uncounted
def _absorb_chunk(
    now: Filtering, first: int, beyond: int, counts: np.ndarray, covered: np.ndarray, dispersion: float, is_step: bool
) -> float:
    if is_step:
        _move(now)
    now.spread[:] = 1.0
    now.share[:] = 1.0
    for t in range(first, beyond):
        if covered[t]:
            _absorb(now, t, counts[t])
    total = 0.0
    for g in range(now.law.size):
        if now.law[g] < _NEGLIGIBLE:
            now.law[g] = 0.0
            continue
        now.law[g] *= now.share[g] * math.exp(-dispersion * math.log(now.spread[g]))
        total += now.law[g]
    if total <= 0.0:
        return -math.inf
    for g in range(now.law.size):
        now.law[g] /= total
    return math.log(total)


@compiled
def _picked(law: np.ndarray, u: float) -> int:
    reached = 0.0
    for g in range(law.size - 1):
        reached += law[g]
        if u <= reached:
            return g
    return int(law.size - 1)


@compiled
def _begin(series: FilterSeries, parameters: FilterParameters, draw: int, path: np.ndarray) -> Filtering:
    points = series.log_levels.size
    starts, rows = transition(
        series.log_levels, parameters.level_mean[draw], parameters.retention[draw], parameters.drift[draw]
    )
    dispersion = parameters.dispersion[draw]
    return Filtering(
        law=first_law(series.log_levels, parameters.first_mean[draw], parameters.first_sd[draw]),
        moved=np.empty(points),
        starts=starts,
        rows=rows,
        renewal=parameters.renewal[draw],
        renewed=first_law(series.log_levels, parameters.level_mean[draw], parameters.spread[draw]),
        scaled=np.exp(series.log_levels) / dispersion,
        ratios=_ratios(series.exposures, parameters.effects[draw], series.season, parameters.season[draw]),
        excited=_excited(path, parameters.excitation[draw]) / dispersion,
        spread=np.empty(points),
        share=np.empty(points),
    )


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
    path = memory_path(series.link_counts, parameters.memory[draw])
    now = _begin(series, parameters, draw, path)
    evidence = _count_constants(series.counts, series.covered, dispersion)
    first = 0
    for chunk in range(series.chunk_ends.size):
        beyond, is_step = series.chunk_ends[chunk], series.is_step[chunk]
        evidence += _absorb_chunk(now, first, beyond, series.counts, series.covered, dispersion, is_step)
        first = beyond
        record = series.records[chunk]
        if record >= 0:
            levels[record] = series.log_levels[_picked(now.law, uniforms[record])]
            memories[record] = path[beyond]
    return float(evidence)


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
