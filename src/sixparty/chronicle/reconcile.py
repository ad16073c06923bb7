"""Lay two lists of dated acts beside each other: what both have, what one lacks, dates otherwise, has twice.

Each act of one list is paired with at most one of the other. A pair costs, in days,

    cost = days apart + 0, 0.75 or 2 (classes shared, near, far) + 0, 0.25 or 0.5 (place same, not told, other)
           + 0.2 (1 - classes in common / classes in either, where any is shared),

and is allowed when the days apart do not exceed the window (near classes: 1 day; far classes: the same day; incidents
at the lines are never paired with weapons tests unless a label leaves both open). The pairs chosen have the least total
when a pair forgone costs window + 1 days, at least 3 (H. W. Kuhn, The Hungarian method for the assignment problem,
Naval Research Logistics Quarterly 2, 1955).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sixparty.chronicle.lists import INCIDENT_WORDS, DatedEntry, DatedList
from sixparty.errors import InputRefused, UsageError
from sixparty.vocabulary import BALLISTIC_CLASSES, WEAPON_CLASSES

Kind = Literal[
    "agreed",
    "misdated",
    "differently_classed",
    "duplicated_in_a",
    "duplicated_in_b",
    "missing_in_a",
    "missing_in_b",
    "beyond_a",
    "beyond_b",
]
KINDS: tuple[Kind, ...] = (
    "agreed",
    "misdated",
    "differently_classed",
    "duplicated_in_a",
    "duplicated_in_b",
    "missing_in_a",
    "missing_in_b",
    "beyond_a",
    "beyond_b",
)
"""`beyond_a`: an act of B of a class or time that A does not set out to hold; the others say what they are."""

Reading = Literal["next_day", "first_of_month", "may_repeat", "perhaps_beyond"]

LONGEST_WINDOW_DAYS = 31
MOST_PAIRS = 2_000_000
"""Pairs of acts that two lists may have within the window of each other."""

_SHORTEST_REACH = 2
_OPEN_COST, _NEAR_COST, _FAR_COST = 0.2, 0.75, 2.0
_NEAR_DAYS, _FAR_DAYS = 1, 0
_PLACE_COSTS = {True: 0.0, None: 0.25, False: 0.5}
_GENERIC = frozenset({"the", "off", "and", "near", "airport", "airbase", "base", "air", "international", "missile"})
_NEAR_CLASSES = (BALLISTIC_CLASSES | {"SLV", "MLRS"}, frozenset({"LACM", "ASCM"}), frozenset(INCIDENT_WORDS))
_SWAPPED: Mapping[str, Kind] = {
    "duplicated_in_a": "duplicated_in_b",
    "duplicated_in_b": "duplicated_in_a",
    "missing_in_a": "missing_in_b",
    "missing_in_b": "missing_in_a",
    "beyond_a": "beyond_b",
    "beyond_b": "beyond_a",
}


@dataclass(frozen=True)
class Finding:
    """One act as the two lists have it.

    Parameters
    ----------
    a, b
        The act in each list; None where the list lacks it.
    days
        How many days later B dates it than A; None for an act of one list alone.
    is_classed_alike
        Whether the two labels allow a class in common.
    reading
        What the difference may come from. ``next_day``: one day apart, so the later may be the day of the report and
        the earlier the day by another clock. ``first_of_month``: a day put in for an act known by its month.
        ``may_repeat``: the list has an act of that class a day before or after, or the other tells them as one that
        lasted. ``perhaps_beyond``: the label also allows a class that the other list does not collect.
    beside
        Names of acts that the other list has on that day, for an act that it lacks.
    """

    kind: Kind
    a: DatedEntry | None
    b: DatedEntry | None
    days: int | None = None
    is_classed_alike: bool = True
    reading: Reading | None = None
    beside: tuple[str, ...] = ()

    @property
    def date(self) -> dt.date:
        """The earlier of the two dates."""
        return min(entry.date for entry in (self.a, self.b) if entry is not None)

    @property
    def has_other_objects(self) -> bool:
        """Whether both lists count objects and the counts differ."""
        if self.a is None or self.b is None or self.a.objects is None or self.b.objects is None:
            return False
        return self.a.objects != self.b.objects

    def swapped(self) -> Finding:
        """Return the finding with A and B exchanged."""
        days = None if self.days is None else -self.days
        return replace(self, kind=_SWAPPED.get(self.kind, self.kind), a=self.b, b=self.a, days=days)


@dataclass(frozen=True)
class Reconciliation:
    """Two lists beside each other; findings are in the order of their dates."""

    name_a: str
    name_b: str
    window_days: int
    findings: tuple[Finding, ...]

    def between(self, first: dt.date, last: dt.date) -> Reconciliation:
        """Keep the findings that one list or the other dates within [first, last]."""
        kept = tuple(
            found
            for found in self.findings
            if any(first <= entry.date <= last for entry in (found.a, found.b) if entry is not None)
        )
        return replace(self, findings=kept)

    def of(self, kind: Kind) -> tuple[Finding, ...]:
        """Return the findings of one kind."""
        return tuple(found for found in self.findings if found.kind == kind)

    def counts(self) -> dict[str, int]:
        """Count findings by kind; every kind has its count."""
        counted = Counter(found.kind for found in self.findings)
        return {kind: counted[kind] for kind in KINDS}

    def counts_by_year(self) -> dict[int, dict[str, int]]:
        """Count findings by year and kind."""
        years = sorted({found.date.year for found in self.findings})
        return {
            year: replace(self, findings=tuple(f for f in self.findings if f.date.year == year)).counts()
            for year in years
        }

    @property
    def share_of_b_in_a(self) -> float | None:
        """Share of B's acts, of those that A sets out to hold, that A has; None when there are none."""
        return _share(self.counts(), lacking=("missing_in_a",))

    @property
    def share_of_a_in_b(self) -> float | None:
        """Share of A's acts, of those that B sets out to hold, that B has; None when there are none."""
        return _share(self.counts(), lacking=("missing_in_b",))


def _share(counts: Mapping[str, int], *, lacking: tuple[str, ...]) -> float | None:
    both = sum(counts[kind] for kind in ("agreed", "misdated", "differently_classed"))
    total = both + sum(counts[kind] for kind in lacking)
    return both / total if total else None


def reconcile(list_a: DatedList, list_b: DatedList, *, window_days: int = 3) -> Reconciliation:
    """Find what two lists of dated acts have in common and where they differ.

    Parameters
    ----------
    window_days
        Days (0 to 31) by which two dates of one act may lie apart.

    Raises
    ------
    UsageError
        If the window is longer or negative.
    InputRefused
        If the lists have more than two million pairs of acts within the window of each other.

    Examples
    --------
    >>> from sixparty.chronicle.lists import DatedEntry, DatedList
    >>> words = frozenset({"SLV"})
    >>> def one_launch(day: int) -> DatedList:
    ...     date = dt.date(2023, 5, day)
    ...     return DatedList("a list", (DatedEntry("x", date, "day", words),), words, date, date)
    >>> [(found.kind, found.days) for found in reconcile(one_launch(30), one_launch(31)).findings]
    [('misdated', 1)]
    """
    if not 0 <= window_days <= LONGEST_WINDOW_DAYS:
        raise UsageError(f"window must be 0 to {LONGEST_WINDOW_DAYS} days, got {window_days}.")
    rows, columns = sorted(list_a.entries, key=_order), sorted(list_b.entries, key=_order)
    is_swapped = [_order(entry) for entry in rows] > [_order(entry) for entry in columns]
    if is_swapped:
        pairs = [(i, j) for j, i in _pairs(columns, rows, window=window_days)]
    else:
        pairs = _pairs(rows, columns, window=window_days)
    findings = [_paired(rows[i], columns[j]) for i, j in pairs]
    findings += _left(rows, {i for i, _ in pairs}, other=list_b)
    findings += [found.swapped() for found in _left(columns, {j for _, j in pairs}, other=list_a)]
    return Reconciliation(list_a.name, list_b.name, window_days, tuple(sorted(findings, key=_finding_order)))


def _order(entry: DatedEntry) -> tuple[str, ...]:
    objects = "" if entry.objects is None else f"{entry.objects:06d}"
    words = ";".join(sorted(entry.classes))
    return entry.date.isoformat(), entry.precision, words, entry.place or "", objects, entry.label, entry.id


def _finding_order(found: Finding) -> tuple[object, ...]:
    entries = sorted(_order(entry) for entry in (found.a, found.b) if entry is not None)
    return found.date, entries, KINDS.index(found.kind)


def _pairs(rows: Sequence[DatedEntry], columns: Sequence[DatedEntry], *, window: int) -> list[tuple[int, int]]:
    """Choose the pairs with the least total cost, one group of acts that can touch each other at a time."""
    costs = _allowed(rows, columns, window=window)
    chosen: list[tuple[int, int]] = []
    for group in _groups(costs):
        chosen += _assigned({pair: costs[pair] for pair in group}, alone=max(window, _SHORTEST_REACH) + 1.0)
    return sorted(chosen)


def _allowed(rows: Sequence[DatedEntry], columns: Sequence[DatedEntry], *, window: int) -> dict[tuple[int, int], float]:
    days = [entry.date for entry in columns]
    longest = max(((entry.last - entry.date).days for entry in columns), default=0)
    costs = {}
    for i, entry in enumerate(rows):
        first = bisect_left(days, entry.date - dt.timedelta(days=window + longest))
        for j in range(first, bisect_right(days, entry.last + dt.timedelta(days=window))):
            cost = _cost(entry, columns[j], window=window)
            if cost is not None:
                costs[i, j] = cost
        if len(costs) > MOST_PAIRS:
            raise InputRefused(
                f"two lists must have at most {MOST_PAIRS} pairs of acts within the window of each other, got more. "
                "Narrow the window, or look whether one list holds the same day many times over."
            )
    return costs


def _cost(a: DatedEntry, b: DatedEntry, *, window: int) -> float | None:
    gap = abs(_days_apart(a, b))
    classes, reach = _class_gap(a.classes, b.classes)
    if classes is None or gap > min(window, reach):
        return None
    return gap + classes + _PLACE_COSTS[_is_same_place(a, b)]


def _days_apart(a: DatedEntry, b: DatedEntry) -> int:
    """Count the days by which B lies after A; zero when the periods that they claim touch."""
    if b.date > a.last:
        return (b.date - a.last).days
    return -(a.date - b.last).days if a.date > b.last else 0


def _class_gap(a: frozenset[str], b: frozenset[str]) -> tuple[float | None, int]:
    if a & b:
        return _OPEN_COST * (1 - len(a & b) / len(a | b)), LONGEST_WINDOW_DAYS
    if any(a & near and b & near for near in _NEAR_CLASSES):
        return _NEAR_COST, _NEAR_DAYS
    weapons = frozenset(WEAPON_CLASSES)
    return (_FAR_COST, _FAR_DAYS) if a & weapons and b & weapons else (None, 0)


def _is_same_place(a: DatedEntry, b: DatedEntry) -> bool | None:
    words_a, words_b = _place_words(a.place), _place_words(b.place)
    return bool(words_a & words_b) if words_a and words_b else None


def _place_words(place: str | None) -> set[str]:
    words = (word.strip("().,;").lower() for word in (place or "").replace("-", " ").split())
    return {word for word in words if len(word) > 2} - _GENERIC


def _groups(costs: Iterable[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Part the allowed pairs into groups that share no act."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(act: tuple[str, int]) -> tuple[str, int]:
        root.setdefault(act, act)
        while root[act] != act:
            root[act] = root[root[act]]
            act = root[act]
        return act

    pairs = list(costs)
    for i, j in pairs:
        root[find(("a", i))] = find(("b", j))
    groups: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for i, j in pairs:
        groups.setdefault(find(("a", i)), []).append((i, j))
    return list(groups.values())


def _assigned(costs: Mapping[tuple[int, int], float], *, alone: float) -> list[tuple[int, int]]:
    """Solve one group; an act of the side with fewer acts may stay alone at the price `alone`."""
    from scipy.optimize import linear_sum_assignment

    sides = [sorted({pair[side] for pair in costs}) for side in (0, 1)]
    few = 0 if len(sides[0]) <= len(sides[1]) else 1
    rows, columns = ({act: place for place, act in enumerate(sides[side])} for side in (few, 1 - few))
    matrix = np.full((len(rows), len(columns) + len(rows)), alone)
    matrix[:, : len(columns)] = 2 * alone
    for pair, cost in costs.items():
        matrix[rows[pair[few]], columns[pair[1 - few]]] = cost
    chosen = [(row, column) for row, column in zip(*linear_sum_assignment(matrix), strict=True)]
    found = [(sides[few][row], sides[1 - few][column]) for row, column in chosen if column < len(columns)]
    return found if few == 0 else [(j, i) for i, j in found]


def _paired(a: DatedEntry, b: DatedEntry) -> Finding:
    days = _days_apart(a, b)
    is_alike = bool(a.classes & b.classes)
    reading = _reading(a, b, days=days)
    is_misdated = days != 0 or reading is not None
    kind: Kind = "misdated" if is_misdated else "agreed" if is_alike else "differently_classed"
    return Finding(kind, a, b, days=days, is_classed_alike=is_alike, reading=reading)


def _reading(a: DatedEntry, b: DatedEntry, *, days: int) -> Reading | None:
    if abs(days) == 1:
        return "next_day"
    return "first_of_month" if _is_put_in(a, b) or _is_put_in(b, a) else None


def _is_put_in(entry: DatedEntry, other: DatedEntry) -> bool:
    """Whether a list gives the first of a month for what the other dates by the month or later in it."""
    is_first = entry.precision == "day" and entry.date.day == 1
    is_same_month = (entry.date.year, entry.date.month) == (other.date.year, other.date.month)
    return is_first and is_same_month and (other.precision == "month" or other.date > entry.date)


@dataclass(frozen=True)
class _Around:
    """What lies around an act without a pair: paired acts of its own list, and the other list."""

    kept: Mapping[dt.date, list[DatedEntry]]
    other: DatedList
    other_days: Mapping[dt.date, list[DatedEntry]]
    lasting: tuple[DatedEntry, ...]


def _left(entries: Sequence[DatedEntry], paired: set[int], *, other: DatedList) -> list[Finding]:
    """Say of each act without a pair whether the other list lacks it, does not collect it, or it stands twice."""
    kept = _by_date(entries[i] for i in sorted(paired))
    lasting = tuple(entry for entry in other.entries if entry.end is not None)
    around = _Around(kept, other, _by_date(other.entries), lasting)
    found: list[Finding] = []
    for entry in (entry for i, entry in enumerate(entries) if i not in paired):
        finding = _alone(entry, around)
        is_second = finding.kind == "missing_in_b" and bool(found) and _is_same_act(found[-1].a, entry)
        found.append(Finding("duplicated_in_a", entry, None) if is_second else finding)
    return found


def _by_date(entries: Iterable[DatedEntry]) -> dict[dt.date, list[DatedEntry]]:
    days: dict[dt.date, list[DatedEntry]] = {}
    for entry in entries:
        days.setdefault(entry.date, []).append(entry)
    return days


def _is_same_act(one: DatedEntry | None, entry: DatedEntry) -> bool:
    if one is None or (one.date, one.precision, one.classes) != (entry.date, entry.precision, entry.classes):
        return False
    return _is_same_place(one, entry) is not False


def _alone(entry: DatedEntry, around: _Around) -> Finding:
    same_day = around.kept.get(entry.date, [])
    if any(one.classes & entry.classes and _is_same_place(one, entry) is not False for one in same_day):
        return Finding("duplicated_in_a", entry, None)
    other = around.other
    if not entry.classes & other.covers or entry.last < other.first or entry.date > other.last:
        return Finding("beyond_b", entry, None)
    reading: Reading | None = "perhaps_beyond" if entry.classes - other.covers else None
    beside = tuple(sorted(one.id for one in around.other_days.get(entry.date, [])))
    return Finding(
        "missing_in_b", entry, None, reading="may_repeat" if _repeats(entry, around) else reading, beside=beside
    )


def _repeats(entry: DatedEntry, around: _Around) -> bool:
    """Whether its list has such an act a day before or after, or the other tells of one that lasted over its date."""
    days = (entry.date - dt.timedelta(days=1), entry.date + dt.timedelta(days=1))
    neighbours = [one for day in days for one in around.kept.get(day, [])]
    return any(_class_gap(one.classes, entry.classes)[1] >= _NEAR_DAYS for one in neighbours) or any(
        one.date <= entry.date <= (one.end or one.date) and one.classes & entry.classes for one in around.lasting
    )
