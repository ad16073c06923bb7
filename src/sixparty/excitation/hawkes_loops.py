"""The exponential Hawkes process, compiled: its likelihood in one pass, and futures event by event.

Not among the sources `compiled_*`, whose digest stands for the product's own model: nothing here bears on it.
"""

from __future__ import annotations

import math

import numpy as np

from sixparty.excitation.compiled import compiled
from sixparty.excitation.compiled_random import philox, uniform

BASELINE, EXCITATION, DECAY = range(3)
"""Columns of the parameters."""

STREAM_WAIT = np.uint64(3)
LARGEST_NUMBER = 32_000
"""A future that runs away is cut at this many events."""

_ZERO = np.uint64(0)


@compiled
def pass_over(parameters: np.ndarray, times: np.ndarray, numbers: np.ndarray, until: float) -> np.ndarray:
    """Return for each draw the log likelihood and what is left at `until` of all events, each counted as e**-age.

    `times` are distinct and rise; `numbers` events stand at each. One sum runs along, so the work is that of the
    number of times and not of its square.
    """
    found = np.empty((parameters.shape[0], 2))
    for draw in range(parameters.shape[0]):
        baseline, excitation, decay = parameters[draw, BASELINE], parameters[draw, EXCITATION], parameters[draw, DECAY]
        left, before, happened, total = 0.0, 0.0, 0.0, 0.0
        for k in range(times.size):
            left *= math.exp(-decay * (times[k] - before))
            total += numbers[k] * math.log(baseline + excitation * decay * left)
            left += numbers[k]
            happened += numbers[k]
            before = times[k]
        left *= math.exp(-decay * (until - before))
        found[draw, 0] = total - baseline * until - excitation * (happened - left)
        found[draw, 1] = left
    return found


@compiled
def count_futures(
    key: np.ndarray, parameters: np.ndarray, excess: np.ndarray, horizons: np.ndarray, counts: np.ndarray
) -> None:
    """Write how many events each future holds up to each horizon (rising, in days).

    The wait for the next event is the shorter of two: for one of the baseline, and for one of the excess, which dies
    out and may bring none (Dassios and Zhao 2013, algorithm 3.1). Nothing is rejected and nothing approximated.
    """
    draws = parameters.shape[0]
    for future in range(counts.shape[0]):
        draw = future % draws
        baseline, excitation, decay = parameters[draw, BASELINE], parameters[draw, EXCITATION], parameters[draw, DECAY]
        rate, now, number, place = excess[draw], 0.0, 0, 0
        while place < horizons.size:
            words = philox(np.uint64(future), np.uint64(number), _ZERO, STREAM_WAIT, key[0], key[1])
            wait = -math.log(uniform(words[0])) / baseline
            share = 1.0 + decay * math.log(uniform(words[1])) / max(rate, 1e-300)
            if share > 0.0:
                wait = min(wait, -math.log(share) / decay)
            while place < horizons.size and (now + wait > horizons[place] or number == LARGEST_NUMBER):
                counts[future, place] = number
                place += 1
            now += wait
            number += 1
            rate = rate * math.exp(-decay * wait) + excitation * decay
