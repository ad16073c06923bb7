"""Breaks in many simulated series of counts at once, compiled: what is drawn, where each breaks best, how it varies."""

from __future__ import annotations

import math

import numpy as np

from sixparty.excitation.compiled import compiled

_LARGEST_RATE = 600.0
"""Above it chance is left out: what a rate varies by is far more than the Poisson law adds."""
_SMALLEST = 1e-9
_LEAST_EXCESS = 0.02


@compiled
def counts_along(rates: np.ndarray, chances: np.ndarray, mean: float, place: int, log_ratio: float) -> np.ndarray:
    """Draw Poisson counts with `mean` over all bins, the rate from bin `place` on being higher by `log_ratio`.

    `chances` are even in [0, 1): each count is the quantile of its own, so that series which share them differ by their
    rates alone.
    """
    runs, bins = rates.shape
    counts, ratio = np.zeros((runs, bins), dtype=np.int64), math.exp(log_ratio)
    for run in range(runs):
        total = 0.0
        for at in range(bins):
            total += rates[run, at] * (ratio if at >= place else 1.0)
        before = mean * bins / total
        for at in range(bins):
            rate = rates[run, at] * (before * ratio if at >= place else before)
            counts[run, at] = _quantile(rate, chances[run, at])
    return counts


@compiled
def _quantile(rate: float, chance: float) -> int:
    if rate > _LARGEST_RATE:
        return int(rate + 0.5)
    count, here = 0, math.exp(-rate)
    below = here
    while chance > below and here > 0.0:
        count += 1
        here *= rate / count
        below += here
    return count


@compiled
def gains(counts: np.ndarray, logs: np.ndarray) -> np.ndarray:
    r"""Twice the Poisson log likelihood gained by a break before each bin; 0 before the first.

    :math:`2\left(S_1 \ln\frac{S_1}{n_1} + S_2 \ln\frac{S_2}{n_2} - S \ln\frac{S}{n}\right)`; `logs` are those of the
    whole numbers, with 0 for that of 0.
    """
    runs, bins = counts.shape
    found = np.zeros((runs, bins))
    for run in range(runs):
        before, after = 0, 0
        for at in range(bins):
            after += counts[run, at]
        level = after * (logs[after] - logs[bins])
        for at in range(1, bins):
            before += counts[run, at - 1]
            after -= counts[run, at - 1]
            split = before * (logs[before] - logs[at]) + after * (logs[after] - logs[bins - at])
            found[run, at] = max(2.0 * (split - level), 0.0)
    return found


@compiled
def around_break(counts: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each run the mean of a bin before and from its break on."""
    runs, bins = counts.shape
    before, after = np.zeros(runs), np.zeros(runs)
    for run in range(runs):
        place = places[run]
        early, late = 0, 0
        for at in range(place):
            early += counts[run, at]
        for at in range(place, bins):
            late += counts[run, at]
        before[run], after[run] = early / max(place, 1), late / max(bins - place, 1)
    return before, after


@compiled
def excess(counts: np.ndarray, places: np.ndarray, block: int) -> np.ndarray:
    """Return variance over mean of sums over `block` bins around the means on both sides of the break."""
    runs, bins = counts.shape
    before, after = around_break(counts, places)
    found = np.zeros(runs)
    for run in range(runs):
        squared, expected = 0.0, 0.0
        for begin in range(0, bins // block * block, block):
            early = min(max(places[run] - begin, 0), block)
            mean = early * before[run] + (block - early) * after[run]
            count = 0
            for at in range(begin, begin + block):
                count += counts[run, at]
            squared += (count - mean) * (count - mean)
            expected += mean
        found[run] = max(squared / max(expected, _SMALLEST), _LEAST_EXCESS)
    return found
