"""Forecasts from past origins, each from what was known there: the reference models and the product's own model.

An *origin* is a reference date (a Saturday) and the day after it, on which its events were known by the rule of the
record. Nothing dated or told later enters a forecast; what came is looked up only when forecasts are scored.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float, Shaped

from sixparty.compute import Key
from sixparty.errors import ModelRefused, UsageError
from sixparty.excitation import OWN, FitDiagnosis, MarkFit, MarkStructure, fit_mark
from sixparty.forecast.futures import PanelState, condition_panel, simulate_panel
from sixparty.forecast.pool import with_last_year
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference.history import History
from sixparty.forecast.reference.rivals import Predictives, Rival
from sixparty.forecast.structure import mark_data
from sixparty.forecast.targets import Target, require_target
from sixparty.periods import HORIZONS, saturday_on_or_after
from sixparty.tension.panel import CountPanel

FIRST_ORIGIN = dt.date(2012, 1, 1)
"""First Sunday of the backtest: the present leader had just taken office."""

LAST_ORIGIN = dt.date(2025, 6, 1)
"""Last Sunday of the backtest, the 162nd first Sunday of a month."""

WEEKS_NEEDED = 52
"""Covered weeks that a target needs before its first forecast."""

DRAWS = 200
_ATTEMPTS = 3
FUTURES = 4000


@dataclass(frozen=True)
class Origin:
    """What was known at one origin.

    Parameters
    ----------
    reference_date
        The Saturday from which windows run.
    panel
        Weekly counts up to it, as known on the day after.
    exposures
        What the next 52 weeks are exposed to, as known on that day.
    leader_since
        Day on which the leader of North Korea in office took office.
    """

    reference_date: dt.date
    panel: CountPanel
    exposures: Float[np.ndarray, "future mark exposure"]
    leader_since: dt.date

    def history(self, target: Target) -> History:
        """Return the counts of the weeks that the record covers for `target`."""
        columns = [self.panel.column(mark) for mark in target.marks]
        is_covered = self.panel.covered[:, columns].all(axis=1)
        return History(
            counts=self.panel.counts[:, columns].sum(axis=1)[is_covered],
            period_ends=self.panel.period_ends[is_covered],
            leader_since=self.leader_since,
            is_binary=target.kind == "binary",
            days=self._event_days(columns, self.panel.period_ends[is_covered]),
        )

    def _event_days(self, columns: list[int], ends: Shaped[np.ndarray, " time"]) -> Shaped[np.ndarray, " event"] | None:
        if not self.panel.event_days or len(ends) == 0:
            return None
        days = np.sort(np.concatenate([self.panel.event_days[column] for column in columns]))
        return np.asarray(days[(days > ends[0] - np.timedelta64(7, "D")) & (days <= ends[-1])])

    def is_ready(self, target: Target) -> bool:
        """Whether the record covers the last 52 weeks for `target`; else nothing is forecast."""
        columns = [self.panel.column(mark) for mark in target.marks]
        recent = self.panel.covered[-WEEKS_NEEDED:, columns]
        return len(recent) == WEEKS_NEEDED and bool(recent.all())


@dataclass(frozen=True)
class FitRecord:
    """How one fit of a backtest went; `is_stand_in` where it was refused and the quarter before served instead."""

    target: str
    reference_date: dt.date
    diagnosis: FitDiagnosis
    is_stand_in: bool


@dataclass(frozen=True)
class PastForecasts:
    """What one model said of one target at rising origins.

    Parameters
    ----------
    predictives
        For each reference date the predictive of every window.
    fits
        Fits behind them, where the model has any worth telling.
    """

    model_id: str
    target: str
    reference_dates: tuple[dt.date, ...]
    predictives: tuple[Predictives, ...]
    fits: tuple[FitRecord, ...] = ()

    def followed_by(self, later: PastForecasts) -> PastForecasts:
        """Return these forecasts and those of later origins as one."""
        return replace(
            self,
            reference_dates=self.reference_dates + later.reference_dates,
            predictives=self.predictives + later.predictives,
            fits=self.fits + later.fits,
        )


def joined(parts: Iterable[PastForecasts]) -> list[PastForecasts]:
    """Put parts that speak of the same model and target together; each comes with rising origins."""
    found: dict[tuple[str, str], PastForecasts] = {}
    for part in parts:
        cell = part.model_id, part.target
        before = found.get(cell)
        found[cell] = part if before is None else before.followed_by(part)
    return list(found.values())


def origin_dates(first: dt.date, last: dt.date) -> list[dt.date]:
    """List the reference dates whose following Sunday lies from `first` to `last`.

    Examples
    --------
    >>> [day.isoformat() for day in origin_dates(dt.date(2012, 1, 1), dt.date(2012, 1, 10))]
    ['2011-12-31', '2012-01-07']
    """
    day = saturday_on_or_after(first - dt.timedelta(days=1))
    number = (last - day - dt.timedelta(days=1)).days // 7 + 1
    return [day + dt.timedelta(weeks=week) for week in range(max(number, 0))]


def is_monthly(reference_date: dt.date) -> bool:
    """Whether the day after is the first Sunday of its month."""
    return (reference_date + dt.timedelta(days=1)).day <= 7


def rival_forecasts(key: Key, rival: Rival, *, target: str, origins: Sequence[Origin]) -> PastForecasts:
    """Return what a reference model said of `target` at each of `origins` at which the record was ready."""
    question = require_target(target)
    ready = [origin for origin in origins if origin.is_ready(question)]
    said = rival.forecast(key.child(rival.model_id, target), [origin.history(question) for origin in ready])
    days = tuple(origin.reference_date for origin in ready)
    return PastForecasts(rival.model_id, target, days, tuple(said))


@dataclass(frozen=True)
class LevelModel:
    """The product's model as a backtest runs it: fitted at the first origin of each quarter, conditioned at each.

    Parameters
    ----------
    model_id
        Its name in hub tables.
    structures
        Structure of each target's mark; marks that a structure links to must have one too.
    draws
        Parameter draws of a fit.
    futures
        Simulated futures of a forecast.
    shares
        Weight of the last year in the forecasts of a target; none where a target is not named.
    """

    model_id: str
    structures: Mapping[str, MarkStructure]
    draws: int = DRAWS
    futures: int = FUTURES
    shares: Mapping[str, float] = field(default_factory=dict)

    def forecasts(self, key: Key, *, target: str, origins: Sequence[Origin]) -> PastForecasts:
        """Return what the model said of `target` at each origin.

        The search for the mode begins where the quarter before ended; the first fit begins from the prior.

        Raises
        ------
        ModelRefused
            If the first fit is refused three times, each with draws of its own. After a later refusal the fit of the
            quarter before serves on, and is recorded.
        """
        question, run = require_target(target), key.child(self.model_id, target)
        ready = [origin for origin in origins if origin.is_ready(question)]
        fits: dict[str, MarkFit] = {}
        said: list[Predictives] = []
        records: list[FitRecord] = []
        for block in _quarters(ready):
            fits, new = self._refitted(
                run.child("fit", block[0].reference_date.isoformat()), block[0], target=target, before=fits
            )
            records += new
            said += self._laws(run, block, target=target, fits=fits)
        days = tuple(origin.reference_date for origin in ready)
        return PastForecasts(self.model_id, target, days, tuple(said), tuple(records))

    def marks(self, target: str) -> tuple[str, ...]:
        """Return the target's mark and every mark that it is linked to, at whatever remove."""
        found, waiting = [], [target]
        while waiting:
            mark = waiting.pop()
            if mark not in self.structures:
                raise UsageError(f"structures must hold {mark!r}, which {target!r} needs, got {list(self.structures)}.")
            found.append(mark)
            links = self.structures[mark].links
            waiting += [link for link in links if link != OWN and link not in (*found, *waiting)]
        return tuple(found)

    def _refitted(
        self, key: Key, origin: Origin, *, target: str, before: Mapping[str, MarkFit]
    ) -> tuple[dict[str, MarkFit], list[FitRecord]]:
        fits, records = {}, []
        for mark in self.marks(target):
            fits[mark], is_stand_in = self._fit(key.child(mark), origin, mark=mark, before=before.get(mark))
            records.append(FitRecord(mark, origin.reference_date, fits[mark].diagnosis, is_stand_in))
        return fits, records

    def _fit(
        self, key: Key, origin: Origin, *, mark: str, before: MarkFit | None, attempts: int = _ATTEMPTS
    ) -> tuple[MarkFit, bool]:
        structure = self.structures[mark]
        data = mark_data(origin.panel, mark, structure=structure)
        try:
            return fit_mark(key, data, structure=structure, draws=self.draws, warm_start=before), False
        except ModelRefused:
            if before is not None:
                return before, True
            if attempts == 1:
                raise
        return self._fit(key.child("again"), origin, mark=mark, before=before, attempts=attempts - 1)

    def _laws(
        self, key: Key, block: Sequence[Origin], *, target: str, fits: Mapping[str, MarkFit]
    ) -> Iterator[Predictives]:
        states = block_states(key, [origin.panel for origin in block], fits=fits)
        for origin, state in zip(block, states, strict=True):
            futures = simulate_panel(
                key.child("futures", origin.reference_date.isoformat()),
                origin.panel,
                fits=fits,
                exposures=origin.exposures,
                periods=max(HORIZONS),
                futures=self.futures,
                state=state,
            )
            sums = np.cumsum(futures.counts[:, :, futures.marks.index(target)], axis=1, dtype=np.int64)
            counts, share = origin.history(require_target(target)).counts, self.shares.get(target, 0.0)
            yield {
                horizon: with_last_year(
                    CountPredictive.from_draws(sums[:, horizon - 1]), counts, horizon=horizon, share=share
                )
                for horizon in HORIZONS
            }


def block_states(key: Key, panels: Sequence[CountPanel], *, fits: Mapping[str, MarkFit]) -> list[PanelState]:
    """Return where the marks stood at the end of each panel, from one pass over those that tell the same past.

    A row that became known late makes the pasts of two origins differ; each past is then filtered by itself.
    """
    states: dict[int, PanelState] = {}
    for longest in reversed(range(len(panels))):
        if longest in states:
            continue
        alike = [
            place
            for place in range(longest + 1)
            if place not in states and is_beginning(panels[place], panels[longest], marks=tuple(fits))
        ]
        ends = tuple(len(panels[place].period_ends) for place in alike)
        found = condition_panel(key, panels[longest], fits=fits, ends=ends)
        states |= dict(zip(alike, found, strict=True))
    return [states[place] for place in range(len(panels))]


def is_beginning(earlier: CountPanel, later: CountPanel, *, marks: tuple[str, ...]) -> bool:
    """Whether the earlier panel tells of `marks` what the later one tells of the same weeks."""
    weeks, columns = len(earlier.period_ends), [later.column(mark) for mark in marks]
    return all(
        np.array_equal(getattr(earlier, name)[:, columns], getattr(later, name)[:weeks, columns])
        for name in ("counts", "covered", "exposures")
    )


def _quarters(origins: Sequence[Origin]) -> Iterator[list[Origin]]:
    for _, block in itertools.groupby(origins, key=lambda origin: _quarter(origin.reference_date)):
        yield list(block)


def _quarter(reference_date: dt.date) -> tuple[int, int]:
    known = reference_date + dt.timedelta(days=1)
    return known.year, (known.month - 1) // 3


def packed(forecasts: PastForecasts) -> dict[str, np.ndarray]:
    """Lay the predictives of past forecasts out as flat arrays, to be kept; `unpacked` reads them."""
    found: dict[str, np.ndarray] = {
        "days": np.array([day.isoformat() for day in forecasts.reference_dates], dtype="U10")
    }
    for horizon in HORIZONS:
        laws = [said[horizon] for said in forecasts.predictives]
        found[f"pmf_{horizon}"] = np.concatenate([np.zeros(0), *(law.pmf for law in laws)])
        found[f"length_{horizon}"] = np.array([len(law.pmf) for law in laws], dtype=np.int64)
        found[f"tail_{horizon}"] = np.array([(law.tail_mass, law.tail_ratio) for law in laws]).reshape(-1, 2)
    return found


def unpacked(
    arrays: Mapping[str, np.ndarray], *, model_id: str, target: str, fits: tuple[FitRecord, ...]
) -> PastForecasts:
    """Return the forecasts that `packed` laid out."""
    days = tuple(dt.date.fromisoformat(str(day)) for day in arrays["days"])
    laws = {horizon: _laws_of(arrays, horizon) for horizon in HORIZONS}
    said = tuple({horizon: laws[horizon][place] for horizon in HORIZONS} for place in range(len(days)))
    return PastForecasts(model_id, target, days, said, fits)


def _laws_of(arrays: Mapping[str, np.ndarray], horizon: int) -> list[CountPredictive]:
    cuts = np.cumsum(arrays[f"length_{horizon}"])[:-1]
    pmfs = np.split(arrays[f"pmf_{horizon}"], cuts) if len(arrays["days"]) else []
    tails = arrays[f"tail_{horizon}"]
    return [CountPredictive(pmf, float(mass), float(ratio)) for pmf, (mass, ratio) in zip(pmfs, tails, strict=True)]
