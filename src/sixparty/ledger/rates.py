"""Shares with their interval: a count out of a number, and how far chance alone could move it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.8
"""Probability that the intervals of the ledger are meant to hold, unless another is asked for."""


@dataclass(frozen=True)
class Rate:
    """`count` out of `n`, as a share with its interval; all three are None where `n` is zero."""

    count: int
    n: int
    share: float | None
    low: float | None
    high: float | None


def rate_of(count: int, n: int, *, confidence: float = CONFIDENCE) -> Rate:
    """Return a share with its Wilson score interval.

    With $p = k/n$ and $z$ the normal quantile of the confidence,

    $$ \\frac{p + z^2/2n \\pm z\\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}. $$

    It treats the promises as independent, though one statement often ends many: it is too narrow then.

    References
    ----------
    Wilson 1927, J. Am. Stat. Assoc. 22, 209-212; Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133.

    Examples
    --------
    >>> rate = rate_of(3, 10)
    >>> round(rate.low, 3), round(rate.high, 3)
    (0.154, 0.503)
    """
    if n == 0:
        return Rate(count, n, None, None, None)
    z, share = NormalDist().inv_cdf((1 + confidence) / 2), count / n
    middle = share + z**2 / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    whole = 1 + z**2 / n
    low, high = (middle - reach) / whole, (middle + reach) / whole
    # rounding may carry an end of 0 or 1 past the share
    return Rate(count, n, share, min(share, max(0.0, low)), max(share, min(1.0, high)))
