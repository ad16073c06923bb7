"""What a brief says of promises: what became of them by party, what is due, and how long steps held."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class PromiseCounts:
    """Promises of one group by what became of them; the counts add up to `promises`.

    Parameters
    ----------
    open
        In force: binding, carried out, due or overdue.
    breached_own, breached_recalled
        Breaches by an act or statement of the party itself; breaches that rest on common knowledge not opened at a
        source.
    known
        Kept, kept in part, breached or lapsed.
    kept_share, low, high
        Kept out of `known`, with its interval; None where nothing is known.
    unknown_share
        Unknown out of `promises`.
    """

    promises: int
    kept: int
    partly_kept: int
    breached: int
    breached_own: int
    lapsed: int
    superseded: int
    open: int
    unknown: int
    breached_recalled: int
    known: int
    kept_share: float | None
    low: float | None
    high: float | None
    unknown_share: float | None


@dataclass(frozen=True)
class PartyPromises:
    """The promises of one party: all that bind it, and those that bind it alone."""

    party: str
    every: PromiseCounts
    alone: PromiseCounts


@dataclass(frozen=True)
class PromiseDue:
    """A promise whose term lies ahead or has passed without an outcome on record.

    Parameters
    ----------
    state
        `due` or `overdue`.
    label_en, label_ko
        What is promised.
    """

    row_id: str
    state: str
    obligors: tuple[str, ...]
    agreement_en: str
    agreement_ko: str
    label_en: str
    label_ko: str
    due_date: dt.date
    days_overdue: int


@dataclass(frozen=True)
class EndedBy:
    """How many steps ended by an act or statement of one party."""

    party: str
    steps: int


@dataclass(frozen=True)
class StepsHeld:
    """How long steps of one kind held, and whose act or statement ended them.

    Parameters
    ----------
    ended_by
        Party and number of steps that its act or statement ended, most first; a step that two ended counts for each,
        and `not_told` counts those of which no source tells, or on which the sides disagree.
    median_days, low_days, high_days
        Days after which half had ended, with its interval; None with fewer than three steps, while more than half still
        hold, or where an end cannot be told.
    """

    kind: str
    steps: int
    ended: int
    ended_by: tuple[EndedBy, ...]
    median_days: float | None
    low_days: float | None
    high_days: float | None


@dataclass(frozen=True)
class PromiseStanding:
    """The ledger as the brief shows it.

    Parameters
    ----------
    as_of
        Day to which the ledger was read: that of the brief, or the record's end if that came before.
    agreements, promises
        Texts and promises known then.
    without_term
        Promises in force whose text sets no day.
    known, recalled, inferred
        Promises whose outcome is known; those of them that rest on common knowledge, and on our reading of events.
    due_weeks
        How far ahead a term counts as due.
    command
        The command that shows the same figures.
    """

    as_of: dt.date
    agreements: int
    promises: int
    without_term: int
    known: int
    recalled: int
    inferred: int
    due_weeks: int
    sides: tuple[PartyPromises, ...]
    due: tuple[PromiseDue, ...]
    held: tuple[StepsHeld, ...]
    command: str
