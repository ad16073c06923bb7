"""What would change the view: how a forecast differs between futures that begin one way or another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import MarkFit, SimulatedFutures
from sixparty.forecast.explain import DRILLS, STATUS, Standpoint, feeding_marks
from sixparty.forecast.futures import simulate_panel
from sixparty.forecast.pool import LAST_YEAR_SHARE
from sixparty.forecast.reference._moments import BLOCK_WEEKS, excess_variance, rate_predictive
from sixparty.forecast.reference.nb12 import nb12
from sixparty.forecast.targets import require_target

FEWEST_FUTURES = 200
"""A signpost that fewer simulated futures pass is left out."""

SMALLEST_SHARE = 0.05
"""Two or more of a mark count as an observation if at least this share of the futures reaches them."""

WATCH_WEEKS = 4
"""Weeks after the reference date in which something is watched for."""

_THEN_WEEKS = 13
_DRILL_WEEKS = 2


@dataclass(frozen=True)
class Condition:
    """Something that can be watched for in the first weeks after the reference date.

    Parameters
    ----------
    mark
        The mark that is watched.
    at_least
        How many are needed; 0 means that none comes.
    """

    mark: str
    at_least: int


@dataclass(frozen=True)
class Signpost:
    """The chance of at least one of a target later, over all futures and over those that meet a condition.

    Parameters
    ----------
    weeks
        Weeks in which the condition is watched.
    first_week, last_week
        Weeks after the reference date in which the target is looked for.
    from_probability, to_probability
        Chance over all futures; chance over those that meet the condition.
    futures
        Number of futures that meet it.
    standard_error
        Monte Carlo error of `to_probability`.
    """

    condition: Condition
    weeks: int
    target: str
    first_week: int
    last_week: int
    from_probability: float
    to_probability: float
    futures: int
    standard_error: float

    @property
    def is_told(self) -> bool:
        """Whether the difference is more than twice its Monte Carlo error."""
        return abs(self.to_probability - self.from_probability) > 2 * self.standard_error


@dataclass(frozen=True)
class Observation:
    """Something that may be seen in the next four weeks, and what the forecast after them would then be.

    Parameters
    ----------
    kind
        ``none``, ``one`` or ``at_least``: so many of a mark; ``announced``, ``called_off``: a drill of a
        kind; ``declared``, ``ended``: a moratorium.
    subject
        The mark, the kind of drill, or ``moratorium``.
    at_least
        How many; None where nothing is counted.
    share
        Share of all futures that make it; None where the model gives no chance of it.
    futures
        Number of futures behind `to_chance`; 0 where it is worked out without simulation.
    from_chance, to_chance, from_mean, to_mean
        Chance of at least one, and expected number, in the window after the four weeks: over all futures, and given
        the observation.
    chance_error, mean_error
        Monte Carlo standard errors of the differences.
    """

    kind: str
    subject: str
    at_least: int | None
    share: float | None
    futures: int
    from_chance: float
    to_chance: float
    from_mean: float
    to_mean: float
    chance_error: float
    mean_error: float

    @property
    def is_told(self) -> bool:
        """Whether chance or expected number differ by more than twice their Monte Carlo error."""
        chance, mean = abs(self.to_chance - self.from_chance), abs(self.to_mean - self.from_mean)
        return chance > 2 * self.chance_error or mean > 2 * self.mean_error


def signposts(
    futures: Int[np.ndarray, "draw time mark"],
    marks: Sequence[str],
    *,
    conditions: Sequence[Condition],
    targets: Sequence[str],
    feeding: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Signpost, ...]:
    """Return a signpost for each condition and target, the largest difference first.

    The condition is watched in weeks 1 to 4, the target looked for in weeks 5 to 17, so that a condition on the target
    itself says something about what follows. It is what simulated futures have in common, not what one event does to
    another.

    Parameters
    ----------
    futures
        Weekly counts of simulated futures, at least 17 weeks.
    marks
        Names along the last axis; targets are marks too.
    feeding
        By target the marks that its model reads; conditions on others are left out, for what they seem to say is
        chance. None: every condition is kept.
    """
    last = WATCH_WEEKS + _THEN_WEEKS
    if futures.shape[1] < last:
        raise UsageError(f"futures must reach {last} weeks, got {futures.shape[1]}. Simulate further.")
    early = futures[:, :WATCH_WEEKS].sum(axis=1)
    late = futures[:, WATCH_WEEKS:last].sum(axis=1) > 0
    found = [
        _signpost(
            condition, target, _meets(early[:, marks.index(condition.mark)], condition), late[:, marks.index(target)]
        )
        for condition in conditions
        for target in targets
        if feeding is None or condition.mark in feeding[target]
    ]
    kept = [signpost for signpost in found if signpost is not None]
    return tuple(sorted(kept, key=lambda s: -abs(s.to_probability - s.from_probability)))


def _meets(counts: Int[np.ndarray, " draw"], condition: Condition) -> Bool[np.ndarray, " draw"]:
    return np.asarray(counts == 0 if condition.at_least == 0 else counts >= condition.at_least)


def _signpost(
    condition: Condition, target: str, meets: Bool[np.ndarray, " draw"], happens: Bool[np.ndarray, " draw"]
) -> Signpost | None:
    futures = int(meets.sum())
    if futures < FEWEST_FUTURES:
        return None
    probability = float(happens[meets].mean())
    return Signpost(
        condition=condition,
        weeks=WATCH_WEEKS,
        target=target,
        first_week=WATCH_WEEKS + 1,
        last_week=WATCH_WEEKS + _THEN_WEEKS,
        from_probability=float(happens.mean()),
        to_probability=probability,
        futures=futures,
        standard_error=float(np.sqrt(probability * (1 - probability) / futures)),
    )


def observations(
    key: Key,
    target: str,
    now: Standpoint,
    *,
    fits: Mapping[str, MarkFit],
    horizon: int,
    futures: int = 20_000,
    workers: int = 1,
) -> tuple[Observation, ...]:
    """Return every observation of a fixed list that could move the forecast of `target`, the largest move first.

    The list: of each mark that the target's model reads, none, one or more, and *n* or more in the next four weeks for
    every *n* that at least 5 % of the futures reach, each with at least 200 futures; for each kind of drill that the
    model reads, two weeks of it announced for the weeks after, and those announced called off; a moratorium declared or
    ended, where the model reads one. What is compared is the window of `horizon` weeks after the four. Counts are
    conditions on the same futures: they are what futures have in common. Drills and moratoria are changes of what the
    futures are exposed to, with the same random draws.

    Parameters
    ----------
    now
        The date from which one looks ahead; its exposures reach four weeks past the window.
    """
    asked = _Ahead(key, target, now, fits, horizon, futures, workers)
    plain = asked.simulate(now.exposures)
    found = [row for mark in feeding_marks(fits, target) for row in _counts_seen(plain, mark, asked)]
    for kind, subject, exposures in _exposed_otherwise(asked):
        found.append(_exposure_seen(plain, asked.simulate(exposures), asked, kind=kind, subject=subject))
    return tuple(sorted(found, key=_size, reverse=True))


@dataclass(frozen=True)
class _Ahead:
    """What is the same in every look ahead."""

    key: Key
    target: str
    now: Standpoint
    fits: Mapping[str, MarkFit]
    horizon: int
    futures: int
    workers: int

    @property
    def draws(self) -> int:
        return int(self.fits[self.target].draws.shape[0])

    def simulate(self, exposures: Float[np.ndarray, "future mark exposure"]) -> SimulatedFutures:
        return simulate_panel(
            self.key,
            self.now.panel,
            fits=self.fits,
            exposures=exposures,
            periods=WATCH_WEEKS + self.horizon,
            futures=self.futures,
            state=self.now.state,
            workers=self.workers,
        )

    def figures(self, made: SimulatedFutures) -> Float[np.ndarray, "figure future"]:
        """Of each future: whether any comes in the window, and how many; the last year pooled where it is."""
        after = made.counts[:, WATCH_WEEKS:, made.marks.index(self.target)].sum(axis=1, dtype=np.int64)
        seen, share = np.stack([after > 0, after]).astype(float), LAST_YEAR_SHARE.get(self.target, 0.0)
        if not share:
            return seen
        early = _early(made, self.target)
        table = np.stack([self._last_year(number) for number in range(int(early.max()) + 1)], axis=1)
        return (1 - share) * seen + share * table[:, early]

    def _last_year(self, number: int) -> Float[np.ndarray, " figure"]:
        """Chance and mean by the last year as it will be, if so many come in the four weeks, spread evenly."""
        column = self.now.panel.column(self.target)
        counts = self.now.panel.counts[self.now.panel.covered[:, column], column]
        weekly = (number + np.arange(WATCH_WEEKS)) // WATCH_WEEKS
        law = nb12(np.concatenate([counts, weekly]), self.horizon)
        return np.array([law.at_least(1), law.mean])


def _size(row: Observation) -> tuple[float, float]:
    """How far the chance moves; then the expected number."""
    return abs(row.to_chance - row.from_chance), abs(row.to_mean - row.from_mean)


def _counts_seen(plain: SimulatedFutures, mark: str, asked: _Ahead) -> list[Observation]:
    early = _early(plain, mark)
    fewest = SMALLEST_SHARE * early.size
    numbers = [n for n in range(1, int(early.max()) + 1) if n == 1 or (early >= n).sum() >= fewest]
    met = [("none", None, early == 0), *(("at_least", n, early >= n) for n in numbers)]
    figures = asked.figures(plain)
    return [
        _observation(kind, mark, figures, is_met, at_least=n, draws=asked.draws)
        for kind, n, is_met in met
        if FEWEST_FUTURES <= is_met.sum() < is_met.size
    ]


def _early(made: SimulatedFutures, mark: str) -> Int[np.ndarray, " future"]:
    return np.asarray(made.counts[:, :WATCH_WEEKS, made.marks.index(mark)].sum(axis=1, dtype=np.int64))


def _observation(
    kind: str,
    mark: str,
    figures: Float[np.ndarray, "figure future"],
    is_met: Bool[np.ndarray, " future"],
    *,
    at_least: int | None,
    draws: int,
) -> Observation:
    every, given = figures.mean(axis=1), figures[:, is_met].mean(axis=1)
    # what each future adds to the difference of the two means, to first order
    shares = is_met / is_met.mean() * (figures - given[:, None]) - (figures - every[:, None])
    return Observation(
        kind=kind,
        subject=mark,
        at_least=at_least,
        share=float(is_met.mean()),
        futures=int(is_met.sum()),
        from_chance=float(every[0]),
        to_chance=float(given[0]),
        from_mean=float(every[1]),
        to_mean=float(given[1]),
        chance_error=_error(shares[0], draws),
        mean_error=_error(shares[1], draws),
    )


def _error(values: Float[np.ndarray, " future"], draws: int) -> float:
    """Standard error of a mean over futures; those of one parameter draw are not independent."""
    by_draw = values.reshape(-1, draws).mean(axis=0)
    return float(by_draw.std(ddof=1) / np.sqrt(draws))


def _exposed_otherwise(asked: _Ahead) -> list[tuple[str, str, Float[np.ndarray, "future mark exposure"]]]:
    """Exposures as they would be after each announcement that the target's model reads."""
    marks = feeding_marks(asked.fits, asked.target)
    read = {name for mark in marks for name in asked.fits[mark].structure.exposures}
    found = []
    for place, name in enumerate(asked.now.panel.exposure_names):
        if name in read and name in DRILLS:
            first = slice(WATCH_WEEKS, WATCH_WEEKS + _DRILL_WEEKS)
            found.append(("announced", name, _with(asked.now.exposures, first, place, 1.0)))
            found.append(("called_off", name, _with(asked.now.exposures, slice(WATCH_WEEKS, None), place, 0.0)))
        if name in read and name in STATUS:
            found.append(("declared", name, _with(asked.now.exposures, slice(WATCH_WEEKS, None), place, 1.0)))
            found.append(("ended", name, _with(asked.now.exposures, slice(WATCH_WEEKS, None), place, 0.0)))
    return [row for row in found if not np.array_equal(row[2], asked.now.exposures)]


def _with(
    exposures: Float[np.ndarray, "future mark exposure"], weeks: slice, column: int, share: float
) -> Float[np.ndarray, "future mark exposure"]:
    changed = exposures.copy()
    changed[weeks, :, column] = share
    return changed


def _exposure_seen(
    plain: SimulatedFutures, changed: SimulatedFutures, asked: _Ahead, *, kind: str, subject: str
) -> Observation:
    before, after = asked.figures(plain), asked.figures(changed)
    every, given = before.mean(axis=1), after.mean(axis=1)
    return Observation(
        kind=kind,
        subject=subject,
        at_least=None,
        share=None,
        futures=after.shape[1],
        from_chance=float(every[0]),
        to_chance=float(given[0]),
        from_mean=float(every[1]),
        to_mean=float(given[1]),
        chance_error=_error((after - before)[0], asked.draws),
        mean_error=_error((after - before)[1], asked.draws),
    )


def base_rate_observations(target: str, counts: Int[np.ndarray, " time"], *, horizon: int) -> tuple[Observation, ...]:
    """Return what one day with the event, or none, in the next four weeks would make of a base rate.

    Parameters
    ----------
    counts
        Weekly counts behind the base rate, oldest first.
    """
    is_binary = require_target(target).kind == "binary"
    excess = 0.0 if is_binary else excess_variance(counts, min(horizon, BLOCK_WEEKS))
    episodes, weeks = int(counts.sum()), len(counts)
    law = rate_predictive(episodes, weeks, horizon=horizon, excess=excess)
    soon = rate_predictive(episodes, weeks, horizon=WATCH_WEEKS, excess=excess)
    found = []
    for kind, more in (("one", 1), ("none", 0)):
        given = rate_predictive(episodes + more, weeks + WATCH_WEEKS, horizon=horizon, excess=excess)
        found.append(
            Observation(
                kind=kind,
                subject=target,
                at_least=None,
                share=soon.probability(more),
                futures=0,
                from_chance=law.at_least(1),
                to_chance=given.at_least(1),
                from_mean=law.mean,
                to_mean=given.mean,
                chance_error=0.0,
                mean_error=0.0,
            )
        )
    return tuple(sorted(found, key=_size, reverse=True))
