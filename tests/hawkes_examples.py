"""Brute force for the exponential Hawkes process: sums over all pairs, and whole histories grown as families."""

from dataclasses import dataclass

import numpy as np

from sixparty.excitation import EventTimes, Hawkes


def record(times, *, until):
    distinct, numbers = np.unique(np.asarray(times, dtype=np.float64), return_counts=True)
    return EventTimes(distinct, numbers, float(until))


def intensity_by_pairs(one: Hawkes, times: np.ndarray, at: float) -> float:
    """The rate at a time, from every event strictly before it."""
    before = times[times < at]
    return one.baseline + (one.excitation * one.decay * np.exp(-one.decay * (at - before))).sum()


def log_likelihood_by_pairs(one: Hawkes, times: np.ndarray, *, until: float) -> float:
    """The log density by its definition: for each event a sum over all earlier ones."""
    rates = np.array([intensity_by_pairs(one, times, at) for at in times])
    called_forth = one.excitation * (1.0 - np.exp(-one.decay * (until - times)))
    return float(np.log(rates).sum() - one.baseline * until - called_forth.sum())


@dataclass(frozen=True)
class Histories:
    """Events of many histories in one heap: whose each is, and when it came."""

    owner: np.ndarray
    times: np.ndarray
    number: int

    def counts(self, first: float, last: float) -> np.ndarray:
        """Events of each history after `first`, up to `last`."""
        inside = (self.times > first) & (self.times <= last)
        return np.bincount(self.owner[inside], minlength=self.number)

    def faded(self, at: float, decay: float) -> np.ndarray:
        """Sum over the events of each history up to a time, each counted as e**(-decay * age)."""
        before = self.times <= at
        weights = np.exp(-decay * (at - self.times[before]))
        return np.bincount(self.owner[before], weights, minlength=self.number)

    def last_before(self, at: float) -> np.ndarray:
        """Time of the last event of each history up to a time; minus infinity where none came."""
        last = np.full(self.number, -np.inf)
        before = self.times <= at
        np.maximum.at(last, self.owner[before], self.times[before])
        return last


def grown_histories(generator: np.random.Generator, one: Hawkes, *, until: float, number: int) -> Histories:
    """Grow histories as families: founders at the baseline, each event with its own children after random lags.

    Hawkes and Oakes (1974), A cluster process representation of a self-exciting process. No rate is ever computed.
    """
    owner = np.repeat(np.arange(number), generator.poisson(one.baseline * until, number))
    times = generator.uniform(0.0, until, owner.size)
    owners, all_times = [owner], [times]
    while owner.size:
        children = generator.poisson(one.excitation, owner.size)
        owner, times = np.repeat(owner, children), np.repeat(times, children)
        times = times + generator.exponential(1.0 / one.decay, times.size)
        owner, times = owner[times <= until], times[times <= until]
        owners.append(owner)
        all_times.append(times)
    return Histories(np.concatenate(owners), np.concatenate(all_times), number)
