"""Days gathered into weeks, with season and drift as terms of a regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped
from scipy.interpolate import BSpline

from sixparty.evidence.designs._days import Days, calendar_years

_FIRST_SUNDAY = np.datetime64("1970-01-04")
_DAYS_A_YEAR = 365.25
_CUBIC = 3


@dataclass(frozen=True, eq=False)
class Weeks:
    """Weeks from Sunday to Saturday with at least one day that is looked at.

    Parameters
    ----------
    middles
        The Wednesday of each.
    days
        Days of each that are looked at, 1 to 7.
    counts
        Outcomes on these.
    years
        Calendar year of the Wednesday.
    """

    middles: Shaped[np.ndarray, " week"]
    days: Float[np.ndarray, " week"]
    counts: Float[np.ndarray, " week"]
    years: Int[np.ndarray, " week"]
    _place: Int[np.ndarray, " day"]

    def share(self, flags: Shaped[np.ndarray, " day"]) -> Float[np.ndarray, " week"]:
        """Return the share of each week's days that are flagged."""
        return np.asarray(np.bincount(self._place, weights=flags, minlength=len(self.days)) / self.days)


def gather(days: Days) -> Weeks:
    """Gather days into weeks."""
    number = (days.dates - _FIRST_SUNDAY).astype(np.int64) // 7
    weeks, place = np.unique(number, return_inverse=True)
    middles = _FIRST_SUNDAY + weeks * 7 + 3
    return Weeks(
        middles=middles,
        days=np.bincount(place).astype(float),
        counts=np.bincount(place, weights=days.counts),
        years=calendar_years(middles),
        _place=place,
    )


def season(dates: Shaped[np.ndarray, " day"], *, harmonics: int) -> Float[np.ndarray, "day term"]:
    r"""Return :math:`\sin` and :math:`\cos` of :math:`2\pi k a / 365.25`, *a* the day of the year, by harmonic."""
    day = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(float)
    angles = 2 * np.pi * np.outer(day, np.arange(1, harmonics + 1)) / _DAYS_A_YEAR
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def drift(dates: Shaped[np.ndarray, " day"], *, knot_years: float) -> Float[np.ndarray, "day term"]:
    """Return cubic B-splines with a knot about every `knot_years` years; they add up to 1."""
    time = (dates - dates[0]).astype(float)
    pieces = max(1, round(time[-1] / _DAYS_A_YEAR / knot_years))
    inner = np.linspace(0.0, time[-1], pieces + 1)
    knots = np.concatenate([np.full(_CUBIC, inner[0]), inner, np.full(_CUBIC, inner[-1])])
    return np.asarray(BSpline.design_matrix(time, knots, _CUBIC).toarray())


def steps(labels: Int[np.ndarray, " day"]) -> Float[np.ndarray, "day term"]:
    """Return one column for each label, 1 where it holds."""
    return np.asarray(labels[:, None] == np.unique(labels), dtype=float)


def smoothness(terms: int, *, spread: float) -> Float[np.ndarray, "term term"]:
    """Return the penalty under which neighbouring spline values differ by a normal law with this spread (in logs)."""
    differences = np.diff(np.eye(terms), axis=0)
    return np.asarray(differences.T @ differences / spread**2)
