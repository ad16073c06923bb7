"""Who met whom, what each party last declared, and which days are marked on the index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Scope = Literal["talks", "leaders", "main", "none"]
MilestoneKind = Literal["test", "launch", "fire", "summit", "stop", "stop_ended", "law", "leader"]

MILESTONE_LANES: Mapping[str, tuple[MilestoneKind, ...]] = {
    "tests": ("test", "launch"),
    "fire": ("fire",),
    "summits": ("summit",),
    "stops": ("stop", "stop_ended"),
    "state": ("law", "leader"),
}
"""Kinds of marked days by the line of the drawing in which they stand, from top to bottom."""


@dataclass(frozen=True)
class Occasion:
    """A row of the chronicle as a line names it: day, row, labels, and for a contact its level."""

    date: dt.date
    row_id: str
    label_en: str
    label_ko: str | None
    level: str | None = None


@dataclass(frozen=True)
class ContactCount:
    """Contacts begun in a span of days up to the reference date, and in the same span a year (52 weeks) before.

    Parameters
    ----------
    days
        Length of the span.
    now, before
        Contacts in the span, and in the earlier one; None where the record does not cover it.
    leaders, high, working
        Parts of `now` by level: leaders; ministers and envoys; directors-general and below.
    """

    days: int
    now: int | None
    before: int | None
    leaders: int | None
    high: int | None
    working: int | None


@dataclass(frozen=True)
class PartyContacts:
    """Official contacts among two parties, or three that meet as three.

    Parameters
    ----------
    scope
        What the record means to hold: all official `talks`; all meetings of `leaders`, and those of ministers and
        envoys that became widely known; `main` meetings alone; `none`.
    covered_from, covered_through
        The family's coverage; None where the record holds nothing of this kind.
    last
        The latest contact on record, whatever its day.
    """

    parties: tuple[str, ...]
    family: str | None
    scope: Scope
    covered_from: dt.date | None
    covered_through: dt.date | None
    counts: tuple[ContactCount, ...]
    last: Occasion | None


@dataclass(frozen=True)
class PartyPosture:
    """The latest rows in which a party declared or enacted posture, newest first."""

    party: str
    rows: tuple[Occasion, ...]


@dataclass(frozen=True)
class Milestone:
    """A day that the rule of milestones marks on the index.

    Parameters
    ----------
    deaths
        Deaths told, for fire at the lines.
    """

    kind: MilestoneKind
    on: Occasion
    deaths: int | None = None


@dataclass(frozen=True)
class SituationStanding:
    """Contacts, posture and milestones, each with what the choice rests on.

    Parameters
    ----------
    deadly_from
        Deaths from which fire at the lines is marked.
    silence_days
        Days without an ICBM-class launch after which the next one is marked.
    posture_from, posture_through
        Coverage of posture; None where the record does not cover it.
    """

    contacts: tuple[PartyContacts, ...]
    posture: tuple[PartyPosture, ...]
    milestones: tuple[Milestone, ...]
    deadly_from: int
    silence_days: int
    posture_from: dt.date | None
    posture_through: dt.date | None
