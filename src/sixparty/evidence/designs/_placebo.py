"""What designs on dates share: the open days of a question, windows around dates, and one count against its placebos.

A *placebo* is a date on which nothing of the kind happened; what follows placebos says what to expect after any date.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import stats

from sixparty.evidence.estimate import POWER, SIGNIFICANCE, NotTestable, Ratio
from sixparty.evidence.question import Question

Days = Int[np.ndarray, "..."]
"""Places of days in the window of a question, the first day being 0."""

Whether = Bool[np.ndarray, "..."]
"""Something that holds or not at each of several places."""

_RATIOS = np.geomspace(0.01, 100.0, 401)
_FEWEST_EXPECTED = 3.0


@dataclass(frozen=True, eq=False)
class OpenDays:
    """The outcome day by day, and which days are looked at.

    Parameters
    ----------
    counts
        Outcomes on each day; 0 on days that are left out.
    is_open
        Whether a day is looked at.
    """

    counts: Int[np.ndarray, " day"]
    is_open: Bool[np.ndarray, " day"]

    def __len__(self) -> int:
        return self.counts.size

    @property
    def events(self) -> int:
        """Outcomes on the days looked at."""
        return int(self.counts.sum())

    def within(self, begins: Days, ends: Days, *, only: Bool[np.ndarray, " day"] | None = None) -> Days:
        """Count outcomes from `begins` to `ends`, both included, on the days `only` if these are given."""
        return _sums(self.counts if only is None else self.counts * only, begins, ends)

    def is_whole(self, begins: Days, ends: Days) -> Whether:
        """Return whether all days from `begins` to `ends` lie in the window and are looked at."""
        inside = (begins >= 0) & (ends < len(self))
        return np.asarray(inside & (_sums(~self.is_open, begins, ends) == 0))


def open_days(question: Question) -> OpenDays:
    """Return the outcome of `question` day by day, without the days that it leaves out."""
    counts = question.outcome.counts(question.first, question.last)
    is_open = np.ones(counts.size, dtype=np.bool_)
    for first, last in question.left_out:
        begin, beyond = (first - question.first).days, (last - question.first).days + 1
        is_open[max(begin, 0) : max(beyond, 0)] = False
    return OpenDays(counts * is_open, is_open)


def date_places(question: Question) -> Days:
    """Return the places of the exposure's first days, in order, each once.

    Days outside the window have places below 0 or beyond its end.

    Raises
    ------
    NotTestable
        If none lies in the window.
    """
    places = np.unique((question.exposure.starts - np.datetime64(question.first)).astype(np.int64))
    days = (question.last - question.first).days + 1
    if not ((places >= 0) & (places < days)).any():
        raise NotTestable(
            f"dates of the exposure must lie between {question.first} and {question.last}, got none. "
            "Widen the window or choose another exposure."
        )
    return places


def first_of_each_burst(places: Days, merge_days: int) -> Days:
    """Return the first date of each run of dates that follow one another within `merge_days` days."""
    return places[np.diff(places, prepend=places[0] - merge_days - 1) > merge_days]


def week_span(from_week: int, to_week: int) -> tuple[int, int]:
    """Return first and last day of the weeks from `from_week` to `to_week` after a date, the date being day 0.

    Week 1 holds days 1 to 7, week -1 days -7 to -1, week 0 the date itself.

    Raises
    ------
    NotTestable
        If the weeks run backwards.
    """
    if from_week > to_week:
        raise NotTestable(f"from_week must not lie after to_week, got {from_week} and {to_week}. Exchange them.")
    begin = 7 * from_week - 6 if from_week > 0 else 7 * from_week
    end = 7 * to_week if to_week >= 0 else 7 * to_week + 6
    return begin, end


@dataclass(frozen=True)
class Comparison:
    """One count against what placebos say it would have been.

    Parameters
    ----------
    ratio, p_value, minimum_detectable
        As in an estimate.
    expected
        Mean count over placebos.
    spread
        Standard deviation of the count over placebos, in outcomes.
    """

    ratio: Ratio
    p_value: float
    minimum_detectable: float
    expected: float
    spread: float


def compare(
    count: int, placebos: Float[np.ndarray, " draw"], *, expected: float, generator: np.random.Generator
) -> Comparison:
    r"""Set a count beside the counts that follow placebos.

    The ratio is :math:`(y + ½) / (e + ½)`, with :math:`e` the mean of placebos. With :math:`v` their variance a count
    under the ratio :math:`\rho` has the mean :math:`\rho e` and the variance
    :math:`\rho \min(e, v) + \rho^2 \max(v - e, 0)`: chance grows with the count, what outcomes share with its square.
    Below 1 each outcome of a placebo is kept with probability :math:`\rho`, which gives just that; above 1 the counts
    of placebos are moved and stretched to it. The interval holds every :math:`\rho` under which the count lies in
    neither outer 2.5 %, half the chance of an equal count being counted in each; the p-value is twice the smaller tail
    at :math:`\rho = 1`.

    Raises
    ------
    NotTestable
        If fewer than 3 outcomes are expected, or no ratio up to 100 would have been seen.
    """
    if expected < _FEWEST_EXPECTED:
        raise NotTestable(
            f"placebos must lead to at least {_FEWEST_EXPECTED:g} outcomes in all, got {expected:.1f}. "
            "Widen the weeks looked at or choose an outcome with more events."
        )
    law = _Law(np.sort(np.clip(placebos, 0.0, None) + generator.random(placebos.size) - 0.5), expected)
    below = law.below(count, _RATIOS)
    value = (count + 0.5) / (expected + 0.5)
    low, high = _first(_RATIOS, below <= 1 - SIGNIFICANCE / 2), _first(_RATIOS, below <= SIGNIFICANCE / 2)
    at_one = float(law.below(count, np.ones(1))[0])
    p_value = max(2.0 * min(at_one, 1.0 - at_one), 1.0 / (placebos.size + 1))
    ratio = Ratio(value, 0.0 if count == 0 else min(low, value), max(high, value))
    return Comparison(ratio, min(p_value, 1.0), _detectable(law), expected, float(placebos.std()))


@dataclass(frozen=True, eq=False)
class _Law:
    """The law of the count after placebos: counts in order, each spread evenly over the unit around it."""

    drawn: Float[np.ndarray, " draw"]
    mean: float

    def below(self, count: float, ratios: Float[np.ndarray, " ratio"]) -> Float[np.ndarray, " ratio"]:
        """Chance of fewer outcomes than `count` under each ratio, plus half the chance of as many."""
        return np.where(ratios < 1.0, self._thinned(count, ratios), self._stretched(count, ratios))

    def _thinned(self, count: float, ratios: Float[np.ndarray, " ratio"]) -> Float[np.ndarray, " ratio"]:
        values, number = np.unique(np.rint(np.maximum(self.drawn, 0.0)), return_counts=True)
        kept = np.minimum(ratios, 1.0)[:, None]
        tails = (stats.binom.cdf(np.ceil(count) - 1.0, values, kept) + stats.binom.cdf(count, values, kept)) / 2.0
        return np.asarray(tails @ (number / number.sum()))

    def _stretched(self, count: float, ratios: Float[np.ndarray, " ratio"]) -> Float[np.ndarray, " ratio"]:
        variance = max(float(self.drawn.var()), 1e-9)
        shared = max(variance - self.mean, 0.0)
        factor = np.sqrt((ratios * (variance - shared) + ratios**2 * shared) / variance)
        places = self.mean + (count - ratios * self.mean) / factor
        return np.asarray(np.searchsorted(self.drawn, places) / self.drawn.size)


def _detectable(law: _Law) -> float:
    above = _RATIOS[_RATIOS > 1.0]
    critical = math.ceil(np.quantile(law.drawn, 1.0 - SIGNIFICANCE / 2))
    found = _first(above, 1.0 - law.below(critical - 0.5, above) >= POWER)
    if math.isinf(found):
        raise NotTestable(
            f"a ratio up to {_RATIOS[-1]:g} must be visible with a chance of {POWER:.0%}, got none. "
            "Widen the weeks looked at or choose an exposure with more dates."
        )
    return found


def _first(ratios: Float[np.ndarray, " ratio"], holds: Bool[np.ndarray, " ratio"]) -> float:
    return float(ratios[holds.argmax()]) if holds.any() else math.inf


def _sums(counts: np.ndarray, begins: Days, ends: Days) -> Days:
    summed = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    begin, beyond = np.clip(begins, 0, counts.size), np.clip(ends + 1, 0, counts.size)
    return np.asarray(summed[np.maximum(beyond, begin)] - summed[begin])
