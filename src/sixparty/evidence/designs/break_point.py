"""Whether the rate of an outcome changed once, and when, the week of the change being unknown."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.evidence.designs._breaks import around_break, excess, gains
from sixparty.evidence.designs._placebo import OpenDays, open_days
from sixparty.evidence.designs._unbroken import Counts, Paths, fit_wandering, trimmed, whole_logs
from sixparty.evidence.estimate import POWER, SIGNIFICANCE, Estimate, NotTestable, Ratio
from sixparty.evidence.question import Question
from sixparty.periods import parse_date

_BIN = 4
_RUNS = 500
_PLANTED_RUNS = 200
_LOG_RATIOS = np.linspace(-4.0, 4.0, 13)
_FEWEST_EVENTS = 20
_FEWEST_BINS = 26
_QUARTER = 3
_BINS_A_YEAR = 365.25 / 28


def break_point(key: Key, question: Question) -> Estimate:
    r"""Look for the week in which the rate changed once, and hold the change against a rate that wanders.

    Counts of four weeks are used for the test, of one week for the date. The gain of a break at :math:`\tau` is
    :math:`2 (S_1 \ln\frac{S_1}{n_1} + S_2 \ln\frac{S_2}{n_2} - S \ln\frac{S}{n})`, with *S* outcomes in *n* bins
    before, after and in all, over the variance over mean of quarters around the best break. Its root, signed by the
    direction of the change, is compared with the same in simulated series without a break whose level wanders as much
    as that of the record; the interval holds every planted ratio under which it would not stand out.

    `details` give the date of the change and its 95 % range as ordinal days (`best_week`, `first_week`, `last_week`),
    `p_at` (small: the largest change lies elsewhere) and the weeks from the exposure's first date to the change, which
    tell sequence from cause. There is no lead.

    Parameters
    ----------
    key
        Addresses the simulated series.
    question
        Options: `trim` = 0.1: share of the bins left free of a break on both sides; `at`, a date such as
        ``2019-02-28``: the change is looked for within `near_weeks` = 13 of it alone. Where the record shows that a
        larger change lies elsewhere, the window then ends (or begins) at that change.

    Raises
    ------
    NotTestable
        If fewer than 20 outcomes or 104 weeks are looked at, or the date lies too near to an end.

    References
    ----------
    Andrews, "Tests for parameter instability and structural change with unknown change point", *Econometrica* 61
    (1993), 821-856; bootstrap by simulation as in Davison and Hinkley (1997), chapter 4.
    """
    series = _series(question)
    search = _search(question, series)
    found = _found(key, series, search)
    if search.at is not None and found.details["p_at"] < SIGNIFICANCE:
        series, cut = _cut_at_larger(series, search)
        search = _search(question, series)
        found = _found(key.child("cut"), series, search)
        found = replace(found, details={**found.details, "cut_at": float(cut)})
    return _told(question, series, found)


@dataclass(frozen=True, eq=False)
class _Series:
    """Counts of weeks that are looked at wholly, and the ordinal day on which each begins."""

    weekly: Int[np.ndarray, " week"]
    begins: Int[np.ndarray, " week"]

    @property
    def binned(self) -> Int[np.ndarray, " bin"]:
        """Counts of four weeks; the remainder falls away at the beginning."""
        whole = self.weekly.size // _BIN * _BIN
        return np.asarray(self.weekly[self.weekly.size - whole :].reshape(-1, _BIN).sum(axis=1))

    @property
    def bin_begins(self) -> Int[np.ndarray, " bin"]:
        """Ordinal day on which each four weeks begin."""
        return self.begins[self.weekly.size % _BIN :: _BIN]


@dataclass(frozen=True)
class _Search:
    """Bins before which a break may lie: anywhere, and where it is looked for."""

    anywhere: tuple[int, int]
    near: tuple[int, int]
    at: int | None


@dataclass(frozen=True)
class _Found:
    """What the search found."""

    ratio: Ratio
    p_value: float
    minimum_detectable: float
    place: int
    details: dict[str, float]


def _series(question: Question) -> _Series:
    record = open_days(question)
    weeks = len(record) // 7
    begins = len(record) - 7 * np.arange(weeks, 0, -1)
    is_whole = record.is_whole(begins, begins + 6)
    counts = record.within(begins, begins + 6)
    series = _Series(counts[is_whole], question.first.toordinal() + begins[is_whole])
    _require(series, record)
    return series


def _require(series: _Series, record: OpenDays | None = None) -> None:
    events, bins = int(series.weekly.sum()), series.weekly.size // _BIN
    if events < _FEWEST_EVENTS or bins < _FEWEST_BINS:
        raise NotTestable(
            f"at least {_FEWEST_EVENTS} outcomes in {_FEWEST_BINS * _BIN} weeks must be looked at for a break, got "
            f"{events} in {series.weekly.size}. Widen the window or choose an outcome with more events."
        )


def _search(question: Question, series: _Series) -> _Search:
    anywhere = trimmed(series.binned.size, question.number("trim", 0.1))
    at = question.option("at", "")
    if not at:
        return _Search(anywhere, anywhere, None)
    day, near = parse_date(str(at), name="option at").toordinal(), question.whole("near_weeks", 13)
    distance = np.abs(series.bin_begins - day)
    allowed = np.flatnonzero(distance <= 7 * near)
    allowed = allowed[(allowed >= anywhere[0]) & (allowed <= anywhere[1])]
    if allowed.size == 0:
        raise NotTestable(
            f"weeks near {at} must lie within the window and off its ends by {question.number('trim', 0.1):.0%}, got "
            "none. Widen the window or lower trim."
        )
    return _Search(anywhere, (int(allowed[0]), int(allowed[-1])), day)


def _found(key: Key, series: _Series, search: _Search) -> _Found:
    counts = series.binned[None, :]
    law = fit_wandering(key.child("law"), counts[0])
    paths = law.drawn(key.child("paths"), _RUNS, bins=counts.shape[1])
    place, signed = _best(counts, search.near)
    here, middle, mean = int(place[0]), sum(search.near) // 2, float(counts.mean())
    unbroken = np.sort(_best(paths.counts(mean), search.near)[1])
    planted = _planted(paths, mean, place=here, span=search.near, log_ratios=_LOG_RATIOS)
    above = _planted(paths, mean, place=middle, span=search.near, log_ratios=_LOG_RATIOS[6:])
    ratio = _ratio(float(signed[0]), planted)
    log_ratio = float(np.clip(math.log(max(ratio.value, 1e-3)), -4.0, 4.0))
    broken = paths.counts(mean, place=here, log_ratio=log_ratio)
    first, best, last = _dates(series, search, _band(broken, search, here=here))
    before, after = around_break(counts, place)
    details = {
        "best_week": float(best),
        "first_week": float(first),
        "last_week": float(last),
        "p_at": _elsewhere(broken, counts, search=search),
        "plain_ratio": float((after[0] + 0.5 / len(counts[0])) / (before[0] + 0.5 / len(counts[0]))),
        "before_a_year": float(before[0] * 365.25 / 28),
        "after_a_year": float(after[0] * 365.25 / 28),
        "wandering": float(law.weights @ law.steps) * math.sqrt(_BINS_A_YEAR),
        "mean_four_weeks": mean,
    }
    return _Found(ratio, _two_sided(float(signed[0]), unbroken), _detectable(unbroken, above), here, details)


def _best(counts: Counts, span: tuple[int, int]) -> tuple[Int[np.ndarray, " run"], Float[np.ndarray, " run"]]:
    """Return the best break of each run within `span`, and its signed root gain."""
    found = gains(counts, whole_logs(counts))[:, span[0] : span[1] + 1]
    place = span[0] + found.argmax(axis=1)
    before, after = around_break(counts, place)
    scaled = found.max(axis=1) / excess(counts, place, _QUARTER)
    return place, np.sign(after - before) * np.sqrt(scaled)


def _planted(
    paths: Paths, mean: float, *, place: int, span: tuple[int, int], log_ratios: Float[np.ndarray, " ratio"]
) -> Float[np.ndarray, "ratio run"]:
    """Signed root gains under each planted ratio, in order."""
    drawn = (paths.first(_PLANTED_RUNS).counts(mean, place=place, log_ratio=float(each)) for each in log_ratios)
    return np.stack([np.sort(_best(each, span)[1]) for each in drawn])


def _ratio(signed: float, planted: Float[np.ndarray, "ratio run"]) -> Ratio:
    """The ratio under which the change is the middle one, and those under which it lies at the outer 2.5 %."""
    tail = SIGNIFICANCE / 2
    low, middle, high = (_crossing(signed, np.quantile(planted, chance, axis=1)) for chance in (1.0 - tail, 0.5, tail))
    low, high = min(low, middle), max(high, middle)
    top = _LOG_RATIOS[-1]
    return Ratio(math.exp(middle), 0.0 if low <= -top else math.exp(low), math.inf if high >= top else math.exp(high))


def _crossing(signed: float, quantiles: Float[np.ndarray, " ratio"]) -> float:
    rising = np.maximum.accumulate(quantiles) + 1e-9 * np.arange(quantiles.size)
    return float(np.interp(signed, rising, _LOG_RATIOS[-quantiles.size :]))


def _two_sided(signed: float, unbroken: Float[np.ndarray, " run"]) -> float:
    above = (1 + (unbroken >= signed).sum()) / (unbroken.size + 1)
    below = (1 + (unbroken <= signed).sum()) / (unbroken.size + 1)
    return float(min(1.0, 2.0 * min(above, below)))


def _detectable(unbroken: Float[np.ndarray, " run"], planted: Float[np.ndarray, "ratio run"]) -> float:
    """The ratio above 1 that is seen with a chance of 80 % in the middle of the weeks searched; 55 is 55 or more."""
    critical = np.quantile(unbroken, 1.0 - SIGNIFICANCE / 2)
    log_ratio = _crossing(float(critical), np.quantile(planted, 1.0 - POWER, axis=1))
    return math.exp(max(log_ratio, 0.01))


def _elsewhere(broken: Counts, counts: Counts, *, search: _Search) -> float:
    """How often a break like the one found leaves as large a gain elsewhere."""
    missing, seen = _shortfall(broken, search), float(_shortfall(counts, search)[0])
    return float((1 + (missing >= seen - 1e-12).sum()) / (missing.size + 1))


def _band(broken: Counts, search: _Search, *, here: int) -> float:
    """The gain that the true place may lack (95 %)."""
    lacks = _all_gains(broken, search.near)
    return float(np.quantile(lacks.max(axis=1) - lacks[:, here - search.near[0]], 0.95))


def _shortfall(counts: Counts, search: _Search) -> Float[np.ndarray, " run"]:
    return np.asarray(_all_gains(counts, search.anywhere).max(axis=1) - _all_gains(counts, search.near).max(axis=1))


def _all_gains(counts: Counts, span: tuple[int, int]) -> Float[np.ndarray, "run bin"]:
    place, _ = _best(counts, span)
    return np.asarray(
        gains(counts, whole_logs(counts))[:, span[0] : span[1] + 1] / excess(counts, place, _QUARTER)[:, None]
    )


def _dates(series: _Series, search: _Search, band: float) -> tuple[int, int, int]:
    """First, best and last week in which the change may lie, as ordinal days."""
    offset = series.weekly.size % _BIN
    span = (offset + _BIN * search.near[0], offset + _BIN * search.near[1])
    binned, weekly = series.binned[None, :], series.weekly[None, :]
    scale = excess(binned, _best(binned, search.near)[0], _QUARTER)[0]
    found = gains(weekly, whole_logs(weekly))[0, span[0] : span[1] + 1] / scale
    close = np.flatnonzero(found >= found.max() - band)
    weeks = series.begins[span[0] : span[1] + 1]
    return int(weeks[close[0]]), int(weeks[found.argmax()]), int(weeks[close[-1]])


def _cut_at_larger(series: _Series, search: _Search) -> tuple[_Series, int]:
    """End (or begin) the series at the larger change elsewhere, on the side that holds the date."""
    place, _ = _best(series.binned[None, :], search.anywhere)
    day = int(series.bin_begins[place[0]])
    keep = series.begins < day if search.at is not None and search.at < day else series.begins >= day
    cut = _Series(series.weekly[keep], series.begins[keep])
    try:
        _require(cut)
    except NotTestable as error:
        raise NotTestable(f"a larger change lies at {dt.date.fromordinal(day)}, and beside it {error}") from None
    return cut, day


def _told(question: Question, series: _Series, found: _Found) -> Estimate:
    is_after = series.begins >= found.details["best_week"]
    exposure = question.exposure.between(question.first, question.last).starts
    details = dict(found.details)
    if len(exposure):
        first = exposure.min().astype(dt.date).toordinal()
        details["weeks_after_exposure"] = (details["best_week"] - first) / 7.0
    return Estimate(
        found.ratio,
        found.p_value,
        episodes=1,
        exposed_days=int(7 * is_after.sum()),
        events=int(series.weekly.sum()),
        exposed_events=int(series.weekly[is_after].sum()),
        minimum_detectable=found.minimum_detectable,
        details=MappingProxyType(details),
    )
