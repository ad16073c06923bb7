"""Random numbers by address: Philox4x32-10, a normal quantile and a negative binomial quantile, compiled.

A draw has no history: it is a function of the key and of its address (future, period, mark, stream). Two policies
therefore share every draw, and the number of workers changes nothing.

References
----------
Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC '11, section 3.
Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37(3),
routine PPND7 (accurate to one part in 10 million, finer than the 32-bit uniform that goes in).
"""

from __future__ import annotations

import math

import numpy as np

from sixparty.excitation.compiled import compiled

STREAM_COUNT = np.uint64(0)
STREAM_LEVEL = np.uint64(1)
STREAM_BREACH = np.uint64(2)

LARGEST_RATE = 500.0
"""Expected counts per period are cut here: e**-500 is still a number, and no series of ours comes near."""
LARGEST_COUNT = 32_000

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_WORD = 1.0 / 4294967296.0


@compiled
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return four random 32-bit words for a counter of four words and a key of two (each held in 64 bits)."""
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c2 = (product_1 >> _SHIFT) ^ c1 ^ k0, (product_0 >> _SHIFT) ^ c3 ^ k1
        c1, c3 = product_1 & _MASK, product_0 & _MASK
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@compiled
def uniform(word: np.uint64) -> float:
    """Return the middle of the word's cell in (0, 1): never 0, never 1."""
    return (np.float64(word) + 0.5) * _WORD


@compiled
def normal_quantile(p: float) -> float:
    """Return z with P(Z <= z) = p for a standard normal Z."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((5.9109374720e1 * r + 1.5929113202e2) * r + 5.0434271938e1) * r + 3.3871327179
        return q * top / (((6.7187563600e1 * r + 7.8757757664e1) * r + 1.7895169469e1) * r + 1.0)
    r = math.sqrt(-math.log(p if q < 0.0 else 1.0 - p))
    if r <= 5.0:
        r -= 1.6
        top = ((1.7023821103e-1 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        z = top / ((1.2021132975e-1 * r + 7.3700164250e-1) * r + 1.0)
    else:
        r -= 5.0
        top = ((1.7337203997e-2 * r + 4.2868294337e-1) * r + 3.0812263860) * r + 6.6579051150
        z = top / ((1.2258202635e-2 * r + 2.4197894225e-1) * r + 1.0)
    return -z if q < 0.0 else z


@compiled
def _is_surely_zero(u: float, mean: float, dispersion: float) -> bool:
    """Decide most zeros without a logarithm, from lower bounds of P(0) = (1 + mean / dispersion)**-dispersion.

    Bernoulli's inequality bounds the power by 1 + mean for a dispersion up to 1, and by
    (1 + y)(1 + (dispersion - 1) y) with y = mean / dispersion up to 2; beyond, P(0) >= 1 - mean.
    """
    if dispersion <= 1.0:
        return u * (1.0 + mean) <= 1.0
    if dispersion <= 2.0:
        y = mean / dispersion
        return u * (1.0 + y) * (1.0 + (dispersion - 1.0) * y) <= 1.0
    return u <= 1.0 - mean


@compiled
def negative_binomial_quantile(u: float, mean: float, dispersion: float) -> int:
    """Return the smallest count whose cumulative probability reaches `u`.

    The answer never falls when `u` or `mean` rises, which keeps the draws of two policies in order.
    """
    if _is_surely_zero(u, mean, dispersion):
        return 0
    mean = min(mean, LARGEST_RATE)
    probability = math.exp(-dispersion * math.log(1.0 + mean / dispersion))
    ratio = mean / (dispersion + mean)
    reached = probability
    count = 0
    while u > reached and count < LARGEST_COUNT:
        probability *= ratio * (count + dispersion) / (count + 1)
        count += 1
        reached += probability
        if probability < 1e-17 and count > mean:
            break
    return count
