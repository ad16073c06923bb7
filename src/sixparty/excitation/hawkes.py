r"""Events at given times that excite one another: the exponential Hawkes process, written out exactly.

.. math:: \lambda(t) = \mu + \sum_{t_i < t} a \beta e^{-\beta (t - t_i)}

The product's own model counts by the week. This one knows the times themselves and has closed answers, so it anchors
what the room says of excitation and of silence, and stands as a rival beside the forecasts.

References
----------
Ozaki (1979), Maximum likelihood estimation of Hawkes' self-exciting point processes, Annals of the Institute of
Statistical Mathematics 31, 145-155.
Dassios and Zhao (2013), Exact simulation of Hawkes process with exponentially decaying intensity, Electronic
Communications in Probability 18(62).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation.hawkes_loops import count_futures, pass_over

_NOON = 0.5
_SMALL = 1e-4


@dataclass(frozen=True)
class EventTimes:
    """Times of events in a record that runs from 0 to `until`, in days.

    Events at the same time do not excite one another: each sees only what came strictly before.

    Parameters
    ----------
    times
        Distinct times, rising.
    numbers
        Events that stand at each time, 1 or more.
    until
        End of the record; no event came after the last of `times`.

    Examples
    --------
    >>> days = np.array(["2017-07-28", "2017-07-04", "2017-07-28"], dtype="datetime64[D]")
    >>> seen = EventTimes.of_days(days, first=np.datetime64("2017-07-02"), last=np.datetime64("2017-08-05"))
    >>> seen.times.tolist(), seen.numbers.tolist(), seen.until
    ([2.5, 26.5], [1, 2], 35.0)
    """

    times: Float[np.ndarray, " event"]
    numbers: Int[np.ndarray, " event"]
    until: float

    def __post_init__(self) -> None:
        inside = np.concatenate([[0.0], self.times, [self.until]])
        is_rising = (np.diff(self.times) > 0).all() and (np.diff(inside) >= 0).all()
        if not is_rising or (self.numbers < 1).any() or not self.until > 0:
            raise ModelRefused(
                f"times must be distinct, rise and lie from 0 to the end of the record, with one event or more at "
                f"each, got {len(self.times)} times and an end of {self.until}. Sort them and add up those that are "
                "equal."
            )

    @classmethod
    def of_days(
        cls, days: Shaped[np.ndarray, " occurrence"], *, first: np.datetime64, last: np.datetime64
    ) -> EventTimes:
        """Place each event at noon (KST) of its day, in a record from the start of `first` to the end of `last`.

        Only days are known, so all events of one day stand at its noon.
        """
        inside = days[(days >= first) & (days <= last)]
        distinct, numbers = np.unique(inside, return_counts=True)
        times = (distinct - first).astype("timedelta64[D]").astype(np.float64) + _NOON
        return cls(times, numbers, float((last - first).astype("timedelta64[D]").astype(np.int64) + 1))


@dataclass(frozen=True)
class Hawkes:
    """Parameters of the process, one value each or one for each draw.

    Parameters
    ----------
    baseline
        Events a day that nothing calls forth.
    excitation
        Further events that one event calls forth directly; from 1 on the process is super-critical and its
        futures grow without end.
    decay
        Share of the excitation that fades a day; 1 / decay is the mean lag in days.

    Examples
    --------
    >>> one = Hawkes(baseline=0.02, excitation=0.5, decay=0.05)
    >>> one.chance_of_none(0.0, days=7).round(3), one.expected_count(0.0, days=7).round(3)
    (array([0.869]), array([0.151]))
    """

    baseline: float | Float[np.ndarray, " draw"]
    excitation: float | Float[np.ndarray, " draw"]
    decay: float | Float[np.ndarray, " draw"]

    def __post_init__(self) -> None:
        table = self.table
        if not (np.isfinite(table).all() and (table[:, [0, 2]] > 0).all() and (table[:, 1] >= 0).all()):
            raise ModelRefused(
                f"baseline and decay must be above 0 and excitation 0 or more, got {table.min(axis=0)} at the least. "
                "Give rates a day."
            )

    @cached_property
    def table(self) -> Float[np.ndarray, "draw parameter"]:
        """Baseline, excitation and decay side by side."""
        columns = np.broadcast_arrays(*(np.atleast_1d(v) for v in (self.baseline, self.excitation, self.decay)))
        return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.float64)

    @property
    def is_super_critical(self) -> Bool[np.ndarray, " draw"]:
        """Whether one event calls forth one or more on average; such draws are kept, and told."""
        return np.asarray(self.table[:, 1] >= 1.0)

    def log_likelihood(self, events: EventTimes) -> Float[np.ndarray, " draw"]:
        r"""Return the log density of `events` in a record that began without excitation.

        .. math:: \sum_i \ln \lambda(t_i) - \mu T - a \sum_i \big(1 - e^{-\beta (T - t_i)}\big)
        """
        return np.asarray(self._passed(events)[:, 0])

    def excess(self, events: EventTimes) -> Float[np.ndarray, " draw"]:
        r"""Return by how many events a day the rate stands above the baseline at the end of the record.

        The silence since the last event counts: :math:`x = a \beta \sum_i e^{-\beta (T - t_i)}`, T being the end of
        the record and not the last event.
        """
        return np.asarray(self.table[:, 1] * self.table[:, 2] * self._passed(events)[:, 1])

    def chance_of_none(self, excess: float | Float[np.ndarray, " draw"], *, days: float) -> Float[np.ndarray, " draw"]:
        r"""Return the probability of no event in the next `days` days.

        .. math:: P = \exp\big(-\mu h - x (1 - e^{-\beta h}) / \beta\big)
        """
        baseline, _, decay = self.table.T
        return np.asarray(np.exp(-baseline * days + excess * np.expm1(-decay * days) / decay))

    def expected_count(self, excess: float | Float[np.ndarray, " draw"], *, days: float) -> Float[np.ndarray, " draw"]:
        r"""Return the mean number of events in the next `days` days, those that they call forth included.

        With :math:`\kappa = \beta (1 - a)`, of either sign, :math:`\varphi_1(z) = (1 - e^{-z}) / z` and
        :math:`\varphi_2(z) = (1 - \varphi_1(z)) / z`,

        .. math:: E[N] = \mu h + x h\, \varphi_1(\kappa h) + a \beta \mu h^2\, \varphi_2(\kappa h)
        """
        baseline, excitation, decay = self.table.T
        first, second = _phi(decay * (1.0 - excitation) * days)
        own = baseline * days * (1.0 + excitation * decay * days * second)
        return np.asarray(own + excess * days * first)

    def _passed(self, events: EventTimes) -> Float[np.ndarray, "draw answer"]:
        numbers = events.numbers.astype(np.float64)
        return np.asarray(pass_over(self.table, events.times, numbers, events.until))


def hawkes_counts(
    key: Key,
    hawkes: Hawkes,
    excess: Float[np.ndarray, " draw"],
    *,
    days: Sequence[float],
    futures: int,
) -> Int[np.ndarray, "future horizon"]:
    """Simulate futures of the process and return how many events each holds within the first `days`.

    Future i uses draw i (beginning again after the last) and its own random numbers, whatever the others do.

    Parameters
    ----------
    excess
        Where each draw stands now, from `Hawkes.excess`.
    days
        Lengths of the windows, rising.
    futures
        How many. A future is cut at 32,000 events, which only super-critical draws reach.
    """
    counts = np.empty((futures, len(days)), dtype=np.int64)
    words = np.array(key.words(), dtype=np.uint64)
    standing = np.ascontiguousarray(np.broadcast_to(excess, len(hawkes.table)), dtype=np.float64)
    count_futures(words, hawkes.table, standing, np.asarray(days, dtype=np.float64), counts)
    return counts


def _phi(z: Float[np.ndarray, " draw"]) -> tuple[Float[np.ndarray, " draw"], Float[np.ndarray, " draw"]]:
    """Return (1 - e**-z) / z and (1 - that) / z, by their series near 0."""
    is_small = np.abs(z) < _SMALL
    safe = np.where(is_small, 1.0, z)
    first = np.where(is_small, 1.0 - z / 2.0 + z**2 / 6.0, -np.expm1(-safe) / safe)
    second = np.where(is_small, 0.5 - z / 6.0 + z**2 / 24.0, (1.0 - first) / safe)
    return first, second
