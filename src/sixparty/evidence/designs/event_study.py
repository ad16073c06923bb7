"""Counts in the weeks after dates, against the weeks after placebo dates of the same season and year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import stats

from sixparty.compute import Key
from sixparty.evidence.designs._placebo import (
    Comparison,
    Days,
    OpenDays,
    compare,
    date_places,
    first_of_each_burst,
    open_days,
    week_span,
)
from sixparty.evidence.estimate import SIGNIFICANCE, Estimate, NotTestable, Ratio
from sixparty.evidence.question import Question

_DRAWS = 4_000
_YEAR = 365
_FEWEST_DATES = 4
_FEWEST_SHIFTS = 10
_FEWEST_SEPARATE, _LEAST_WORTH = 1.5, 1.25
_FEWEST_FREEDOM = 3.0
_SMALLEST = 1e-6
_LONGEST_PROFILE = 26


def event_study(key: Key, question: Question) -> Estimate:
    """Compare the weeks after the exposure's dates with the weeks after placebo dates.

    Parameters
    ----------
    key
        Addresses the draws of placebos.
    question
        Options: `from_week` = 1, `to_week` = 4: the weeks looked at, week 1 holding days 1 to 7 after a date, week -1
        the seven days before it; `merge_days` = 28: dates that follow within so many days belong to one episode, for
        which its first date stands; `season_days` = 30, `years` = 1: how far a placebo lies from its date within the
        year and in years; `apart_days` = 14: how far it keeps from every date of the exposure. The lead is the same for
        as many weeks before.

    Raises
    ------
    NotTestable
        If fewer than four dates have their weeks within the days looked at and placebos beside them, or too few
        outcomes are expected.

    References
    ----------
    Placebo dates are a randomisation test: Ding, *A First Course in Causal Inference* (2023), chapter 3,
    https://arxiv.org/abs/2305.18793.
    """
    record, plan = open_days(question), _plan(question)
    first_week, last_week = question.whole("from_week", 1), question.whole("to_week", 4)
    placed = _place(record, replace(plan, span=week_span(first_week, last_week)))
    found = _compared(key.child("after"), record, placed)
    details = {
        "expected": found.expected,
        "spread": found.spread,
        "dates_dropped": float(plan.dates.size - placed.begins.size),
        "blocks": float(placed.blocks.max() + 1),
        "fewest_placebos": float(placed.is_valid.sum(axis=1).min()),
        **_profile(record, plan, first_week, last_week),
    }
    return Estimate(
        found.ratio,
        found.p_value,
        episodes=placed.begins.size,
        exposed_days=placed.days,
        events=record.events,
        exposed_events=int(record.within(placed.begins, placed.ends).sum()),
        minimum_detectable=found.minimum_detectable,
        lead=_lead(key.child("lead"), record, plan, first_week, last_week),
        details=MappingProxyType(details),
    )


@dataclass(frozen=True, eq=False)
class _Plan:
    """What is compared: the dates, days around them, and where placebos may lie."""

    dates: Days
    all_dates: Days
    shifts: Days
    apart_days: int
    span: tuple[int, int] = (1, 28)


@dataclass(frozen=True, eq=False)
class _Placed:
    """Windows of the dates that can be used, in blocks that are shifted together, and the shifts open to each block."""

    begins: Days
    ends: Days
    blocks: Days
    is_valid: Bool[np.ndarray, "block shift"]
    counts: Int[np.ndarray, "block shift"]
    free_days: Int[np.ndarray, "block shift"]
    weights: Float[np.ndarray, "block day"]

    @property
    def days(self) -> int:
        """Days that follow a date."""
        return int((self.ends - self.begins + 1).sum())

    @property
    def separate(self) -> Float[np.ndarray, " block"]:
        """How many separate windows the placebos of each block are worth: their mean varies as that of so many."""
        worth = self.weights.sum(axis=1) / np.maximum((self.weights**2).sum(axis=1), _SMALLEST)
        return np.asarray(np.maximum(worth, _LEAST_WORTH))

    @property
    def shared(self) -> float:
        """Variance of what placebos lead to on average over that of one window; blocks may share placebos."""
        return float((self.weights.sum(axis=0) ** 2).sum() / self.days)


def _plan(question: Question) -> _Plan:
    dates = date_places(question)
    inside = dates[(dates >= 0) & (dates <= (question.last - question.first).days)]
    season, years = question.whole("season_days", 30), question.whole("years", 1)
    shifts = (_YEAR * np.arange(-years, years + 1)[:, None] + np.arange(-season, season + 1)[None, :]).ravel()
    bursts = first_of_each_burst(inside, question.whole("merge_days", 28))
    return _Plan(bursts, dates, shifts, question.whole("apart_days", 14))


def _place(record: OpenDays, plan: _Plan) -> _Placed:
    """Cut overlapping windows, join their dates to blocks, and find the shifts that each block may take."""
    begins, ends = plan.dates + plan.span[0], plan.dates + plan.span[1]
    is_used = record.is_whole(begins, ends)
    for _ in range(2):
        _require_dates(is_used, plan)
        placed = _shifted(record, plan, plan.dates[is_used])
        has_placebos = placed.is_valid.sum(axis=1) >= _FEWEST_SHIFTS
        if has_placebos.all():
            return placed
        is_used[np.flatnonzero(is_used)[~has_placebos[placed.blocks]]] = False
    raise NotTestable(_no_placebos(plan))


def _shifted(record: OpenDays, plan: _Plan, dates: Days) -> _Placed:
    begins, ends = _without_overlap(dates, plan.span)
    blocks = _blocks(dates, plan.span)
    follows = np.zeros(len(record), dtype=np.bool_)
    for begin, end in zip(begins, ends, strict=True):
        follows[begin : end + 1] = True
    free = ~follows
    places, moved, until = (each[:, None] + plan.shifts[None, :] for each in (dates, begins, ends))
    free_days = _per_block(OpenDays(free.astype(np.int64), free).within(moved, until), blocks)
    needed = np.bincount(blocks, weights=ends - begins + 1)[:, None] / 2.0
    is_apart = _distance(places, plan.all_dates) > plan.apart_days
    is_valid = _per_block(~(is_apart & record.is_whole(moved, until)), blocks) == 0
    is_valid &= free_days >= needed
    counts = _per_block(record.within(moved, until, only=free), blocks)
    weights = _weights(begins, ends, blocks, shifts=plan.shifts, is_valid=is_valid, free=free)
    return _Placed(begins, ends, blocks, is_valid, counts, free_days, weights)


def _compared(key: Key, record: OpenDays, placed: _Placed) -> Comparison:
    """Draw one shift a block, many times, and set the real count beside the counts so found."""
    fewest = float(np.median(placed.separate))
    if fewest < _FEWEST_SEPARATE:
        raise NotTestable(
            f"half of the dates must have placebos that cover at least {_FEWEST_SEPARATE:g} separate windows, got "
            f"{fewest:.1f}. Look at fewer weeks or set more years."
        )
    generator = key.generator()
    allowed = placed.is_valid.sum(axis=1)
    order = np.argsort(~placed.is_valid, axis=1, kind="stable")
    pick = (generator.random((_DRAWS, allowed.size)) * allowed).astype(np.int64)
    rows = np.arange(allowed.size)
    shift = order[rows[None, :], pick]
    days = placed.free_days[rows, shift].sum(axis=1)
    drawn = placed.counts[rows, shift].sum(axis=1) * (placed.days / days)
    expected = float(drawn.mean())
    # Counts of bursts are skewed: on the scale of logs what few windows leave unknown is about even.
    middle = np.log(expected + 0.5)
    widened = np.exp(middle + (np.log(drawn + 0.5) - middle) * _widening(placed)) - 0.5
    count = int(record.within(placed.begins, placed.ends).sum())
    return compare(count, widened, expected=expected, generator=generator)


def _widening(placed: _Placed) -> float:
    """By how much the spread of placebos falls short, each block's mean and spread being known from few windows.

    Student's law replaces the normal one, its degrees of freedom by Satterthwaite's rule.
    """
    spreads = (
        np.array([count[valid].var() for count, valid in zip(placed.counts, placed.is_valid, strict=True)]) + _SMALLEST
    )
    free = placed.separate - 1.0
    freedom = spreads.sum() ** 2 / (spreads**2 / free).sum()
    if freedom < _FEWEST_FREEDOM:
        raise NotTestable(
            f"placebos must rest on at least {_FEWEST_FREEDOM:g} degrees of freedom, got {freedom:.1f}: too few "
            "separate windows hold nearly all outcomes. Look at fewer weeks, set more years, or widen the window."
        )
    student = stats.t.ppf(1.0 - SIGNIFICANCE / 2, freedom) / stats.norm.ppf(1.0 - SIGNIFICANCE / 2)
    missing = (spreads * (free + 1.0) / free).sum() / spreads.sum()
    return float(student * np.sqrt(missing * (1.0 + placed.shared)))


def _lead(key: Key, record: OpenDays, plan: _Plan, first_week: int, last_week: int) -> Ratio | None:
    """The same for as many weeks before the dates; None where the weeks looked at lie before them already."""
    if first_week < 1:
        return None
    try:
        return _compared(key, record, _place(record, replace(plan, span=week_span(-last_week, -first_week)))).ratio
    except NotTestable:
        return None


def _profile(record: OpenDays, plan: _Plan, first_week: int, last_week: int) -> dict[str, float]:
    """Ratio of each single week, without intervals."""
    if last_week - first_week >= _LONGEST_PROFILE:
        return {}
    found = {}
    for week in range(first_week, last_week + 1):
        placed = _place(record, replace(plan, span=week_span(week, week)))
        rate = np.where(placed.is_valid, placed.counts, 0).sum(axis=1) / np.maximum(
            np.where(placed.is_valid, placed.free_days, 0).sum(axis=1), 1
        )
        days = np.bincount(placed.blocks, weights=placed.ends - placed.begins + 1)
        count = record.within(placed.begins, placed.ends).sum()
        found[f"week_{week}"] = float((count + 0.5) / ((rate * days).sum() + 0.5))
    return found


def _without_overlap(dates: Days, span: tuple[int, int]) -> tuple[Days, Days]:
    """Windows around dates; where two overlap, the earlier ends before the later begins."""
    begins, ends = dates + span[0], dates + span[1]
    ends[:-1] = np.minimum(ends[:-1], begins[1:] - 1)
    return begins, ends


def _blocks(dates: Days, span: tuple[int, int]) -> Days:
    """Number the blocks: dates less than two windows apart share what wanders, so that they are shifted together."""
    length, blocks, first = span[1] - span[0] + 1, np.zeros(dates.size, dtype=np.int64), dates[0]
    longest = max(_YEAR, 3 * length)
    for place in range(1, dates.size):
        follows = dates[place] - dates[place - 1] < 2 * length and dates[place] - first < longest
        first = first if follows else dates[place]
        blocks[place] = blocks[place - 1] + (not follows)
    return blocks


def _per_block(values: np.ndarray, blocks: Days) -> Int[np.ndarray, "block shift"]:
    return np.asarray(np.add.reduceat(values.astype(np.int64), np.flatnonzero(np.diff(blocks, prepend=-1)), axis=0))


def _distance(places: Days, dates: Days) -> Days:
    """Days to the nearest of `dates`."""
    after = np.clip(np.searchsorted(dates, places), 0, dates.size - 1)
    return np.asarray(np.minimum(np.abs(places - dates[after]), np.abs(places - dates[np.maximum(after - 1, 0)])))


def _weights(
    begins: Days, ends: Days, blocks: Days, *, shifts: Days, is_valid: Bool[np.ndarray, "block shift"], free: np.ndarray
) -> Float[np.ndarray, "block day"]:
    """Return how much each day counts among the placebos of a block; the weights add up to the days of the block."""
    edges = np.zeros((len(is_valid), free.size + 1))
    for block, allowed in enumerate(is_valid):
        mine, moves = blocks == block, shifts[allowed]
        np.add.at(edges[block], begins[mine][:, None] + moves, 1.0)
        np.add.at(edges[block], ends[mine][:, None] + moves + 1, -1.0)
    used = np.cumsum(edges[:, :-1], axis=1) * free
    days = np.bincount(blocks, weights=ends - begins + 1)
    return np.asarray(used * (days / np.maximum(used.sum(axis=1), 1.0))[:, None])


def _require_dates(is_used: Bool[np.ndarray, " date"], plan: _Plan) -> None:
    if is_used.sum() < _FEWEST_DATES:
        raise NotTestable(_no_placebos(plan))


def _no_placebos(plan: _Plan) -> str:
    return (
        f"at least {_FEWEST_DATES} dates must have their weeks within the days looked at and placebos beside them, "
        f"got fewer of {plan.dates.size}. Widen season_days or years, lower apart_days, or look at fewer weeks."
    )
