"""What follows a few dates against what went before, beside matched placebos: bursts are followed by less anyway."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from jaxtyping import Float
from scipy import stats

from sixparty.compute import Key
from sixparty.evidence.designs._placebo import Days, OpenDays, date_places, first_of_each_burst, open_days
from sixparty.evidence.estimate import POWER, SIGNIFICANCE, Estimate, NotTestable, Ratio
from sixparty.evidence.question import Question

_DRAWS = 4_000
_FEWEST_EVENTS = 20
_FEWEST_EXPECTED = 2.0


def before_after(key: Key, question: Question) -> Estimate:
    r"""Compare the change after the exposure's dates with the change at placebo dates after as much.

    With *a* outcomes in the weeks after and *b* in the weeks before all dates, :math:`L = \ln\frac{a + ½}{b + ½}`; the
    ratio is :math:`e^{L - \bar L}`, :math:`\bar L` being the mean of the same at placebo dates, drawn one for each date
    from those with about as many outcomes before (square roots within `match_within` of one another).

    Parameters
    ----------
    key
        Addresses the draws of placebos.
    question
        Options: `weeks` = 26 before and after; `merge_days` = 28 as in the event study; `apart_days` = the weeks, in
        days: how far a placebo keeps from every date; `match_within` = 0.5; `fewest` = 8 separate placebos are asked
        for. The lead is the same one length of the weeks earlier: a change that came already before the dates.

    Raises
    ------
    NotTestable
        If no date has its weeks within the days looked at, separate matched placebos are too few, fewer than 20
        outcomes lie in the window, or placebos lead to fewer than 2.

    References
    ----------
    Barnett, van der Pols and Dobson, "Regression to the mean: what it is and how to deal with it", *International
    Journal of Epidemiology* 34 (2005), 215-220, https://doi.org/10.1093/ije/dyh299.
    """
    record = open_days(question)
    if record.events < _FEWEST_EVENTS:
        raise NotTestable(
            f"at least {_FEWEST_EVENTS} outcomes must lie in the window, got {record.events}. Widen it or choose an "
            "outcome with more events."
        )
    settings = _settings(question)
    everything = date_places(question)
    inside = everything[(everything >= 0) & (everything < len(record))]
    dates = first_of_each_burst(inside, question.whole("merge_days", 28))
    change = _change(key.child("after"), record, dates, settings=settings, every_date=everything)
    return Estimate(
        change.ratio,
        change.p_value,
        episodes=change.dates,
        exposed_days=change.dates * settings.length,
        events=record.events,
        exposed_events=change.after,
        minimum_detectable=change.minimum_detectable,
        lead=_lead(key.child("lead"), record, dates - settings.length, settings=settings, every_date=everything),
        details=MappingProxyType(change.details()),
    )


@dataclass(frozen=True)
class _Settings:
    """Days before and after, and how placebos are chosen."""

    length: int
    apart_days: int
    match_within: float
    fewest: int


@dataclass(frozen=True)
class _Change:
    """A change after against before, set beside the same at placebos."""

    before: int
    after: int
    dates: int
    log_ratio: float
    usual: float
    standard_error: float
    separate: int

    @property
    def ratio(self) -> Ratio:
        """The change over the usual change, with its interval."""
        log, reach = self.log_ratio - self.usual, self._quantile(1 - SIGNIFICANCE / 2) * self.standard_error
        return Ratio(math.exp(log), math.exp(log - reach), math.exp(min(log + reach, 700.0)))

    @property
    def p_value(self) -> float:
        """Two-sided, by Student's law: the spread is known from the separate placebos alone."""
        away = abs(self.log_ratio - self.usual) / self.standard_error
        return float(min(2.0 * stats.t.sf(away, self.separate - 1), 1.0))

    @property
    def minimum_detectable(self) -> float:
        """Smallest ratio seen with a chance of 80 %."""
        reach = self._quantile(1 - SIGNIFICANCE / 2) + self._quantile(POWER)
        return math.exp(min(reach * self.standard_error, 700.0))

    def details(self) -> dict[str, float]:
        """Further figures by name."""
        return {
            "before": float(self.before),
            "after": float(self.after),
            "plain_ratio": math.exp(self.log_ratio),
            "usual_ratio": math.exp(self.usual),
            "standard_error": self.standard_error,
            "separate_placebos": float(self.separate),
        }

    def _quantile(self, chance: float) -> float:
        return float(stats.t.ppf(chance, self.separate - 1))


def _settings(question: Question) -> _Settings:
    length = 7 * question.whole("weeks", 26)
    return _Settings(
        length,
        question.whole("apart_days", length),
        question.number("match_within", 0.5),
        question.whole("fewest", 8),
    )


def _change(key: Key, record: OpenDays, dates: Days, *, settings: _Settings, every_date: Days) -> _Change:
    length = settings.length
    used = dates[record.is_whole(dates - length, dates + length)]
    if used.size == 0:
        raise NotTestable(
            f"{length // 7} weeks before and after a date must lie within the days looked at, got no such date. "
            "Set fewer weeks."
        )
    pools = _matched(record, used, settings=settings, every_date=every_date)
    separate = min(_separate(pool, length) for pool in pools)
    _require_placebos(separate, settings)
    drawn = _drawn(key, pools)
    before, after = (
        record.within(drawn - length, drawn - 1).sum(axis=1),
        record.within(drawn + 1, drawn + length).sum(axis=1),
    )
    _require_outcomes(float(after.mean()))
    logs = _log_ratio(after, before)
    # Outcomes spaced more evenly than chance are held to chance: the future need not be as even.
    spread = max(float(logs.std()) * math.sqrt(separate / (separate - 1.0)), 1.0 / math.sqrt(float(after.mean())))
    first, then = int(record.within(used - length, used - 1).sum()), int(record.within(used + 1, used + length).sum())
    return _Change(
        before=first,
        after=then,
        dates=used.size,
        log_ratio=float(_log_ratio(np.array([then]), np.array([first]))[0]),
        usual=float(logs.mean()),
        standard_error=spread * math.sqrt(1.0 + used.size / separate),
        separate=separate,
    )


def _lead(key: Key, record: OpenDays, dates: Days, *, settings: _Settings, every_date: Days) -> Ratio | None:
    try:
        return _change(key, record, dates, settings=settings, every_date=every_date).ratio
    except NotTestable:
        return None


def _matched(record: OpenDays, dates: Days, *, settings: _Settings, every_date: Days) -> list[Days]:
    """For each date the days that are whole, apart from every date, and have about as many outcomes before."""
    length, days = settings.length, np.arange(len(record))
    nearest = np.abs(days[:, None] - every_date[None, :]).min(axis=1)
    allowed = days[record.is_whole(days - length, days + length) & (nearest >= settings.apart_days)]
    before = np.sqrt(record.within(allowed - length, allowed - 1))
    wanted = np.sqrt(record.within(dates - length, dates - 1))
    return [allowed[np.abs(before - each) <= settings.match_within] for each in wanted]


def _separate(pool: Days, length: int) -> int:
    """How many placebos of a pool lie at least one length apart."""
    number, last = 0, -length
    for place in pool:
        if place - last >= length:
            number, last = number + 1, int(place)
    return number


def _drawn(key: Key, pools: list[Days]) -> Days:
    generator = key.generator()
    return np.stack([pool[generator.integers(0, pool.size, _DRAWS)] for pool in pools], axis=1)


def _log_ratio(after: Days, before: Days) -> Float[np.ndarray, " draw"]:
    return np.log((after + 0.5) / (before + 0.5))


def _require_placebos(separate: int, settings: _Settings) -> None:
    fewest = max(settings.fewest, 3)
    if separate < fewest:
        raise NotTestable(
            f"at least {fewest} separate placebo dates must follow about as many outcomes as the dates do, got "
            f"{separate}. Set fewer weeks, a wider match_within, or a longer window."
        )


def _require_outcomes(expected: float) -> None:
    if expected < _FEWEST_EXPECTED:
        raise NotTestable(
            f"placebos must lead to at least {_FEWEST_EXPECTED:g} outcomes on average, got {expected:.1f}. "
            "Set more weeks or choose an outcome with more events."
        )
