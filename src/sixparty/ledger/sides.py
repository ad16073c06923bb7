"""Promises counted by party and by domain, every party by the same rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sixparty.ledger.rates import CONFIDENCE, Rate, rate_of
from sixparty.ledger.rows import STATES, LedgerRow
from sixparty.vocabulary import OTHER_ACTORS, PARTIES

_OUTCOMES = ("kept", "partly_kept", "lapsed", "breached")
_ENDED = ("lapsed", "breached")


@dataclass(frozen=True)
class Tally:
    """How many promises of a group stand in each state, and how many were kept.

    Parameters
    ----------
    states
        State -> promises.
    kept
        Kept whole, out of those whose outcome is known: kept, kept in part, lapsed or breached.
    unknown
        Promises of which nobody whom we read says what became of them, out of all.
    recalled
        Known outcomes that rest on common knowledge not opened at a source; `inferred`: on our reading of events.
    breached_recalled
        Breaches among the former.
    breached_own
        Breaches by an act or statement of the party whose promises are counted; None where they are not one party's.
    """

    promises: int
    states: Mapping[str, int]
    kept: Rate
    unknown: Rate
    recalled: int
    inferred: int
    breached_recalled: int
    breached_own: int | None


@dataclass(frozen=True)
class SideCount:
    """The promises of one party.

    Parameters
    ----------
    every
        All promises that bind it. A joint promise counts for each side, whoever ended it.
    alone
        Those that bind it alone: parties gave unequal numbers of them, so that only their shares can be compared.
    ended_by_own_act
        How many of all lapsed or were breached by an act or statement of this party.
    own_acts
        On how many different days such an act or statement fell: one statement may end many promises.
    """

    party: str
    every: Tally
    alone: Tally
    ended_by_own_act: int
    own_acts: int


@dataclass(frozen=True)
class DomainCount:
    """The promises of one domain, of all parties together; each promise counts once."""

    domain: str
    every: Tally


def count_sides(rows: Sequence[LedgerRow], *, confidence: float = CONFIDENCE) -> tuple[SideCount, ...]:
    """Count the promises of each party, in the order of the parties."""
    sides = []
    for party in (*PARTIES, *OTHER_ACTORS):
        own = [row for row in rows if party in row.obligors]
        ended = [row.since for row in own if row.state in _ENDED and party in row.status_by]
        if own:
            sole = [row for row in own if len(row.obligors) == 1]
            every, alone = (tally_of(some, party=party, confidence=confidence) for some in (own, sole))
            sides.append(SideCount(party, every, alone, len(ended), len(set(ended))))
    return tuple(sides)


def count_domains(rows: Sequence[LedgerRow], *, confidence: float = CONFIDENCE) -> tuple[DomainCount, ...]:
    """Count the promises of each domain, in alphabetical order."""
    domains = sorted({row.domain for row in rows})
    return tuple(
        DomainCount(domain, tally_of((row for row in rows if row.domain == domain), confidence=confidence))
        for domain in domains
    )


def tally_of(rows: Iterable[LedgerRow], *, party: str | None = None, confidence: float = CONFIDENCE) -> Tally:
    """Count promises by state, with the share kept and the share unknown; `party` is whose promises they are."""
    counted = list(rows)
    states = [row.state for row in counted]
    told = [row for row in counted if row.state in _OUTCOMES]
    on_memory = [row.state for row in told if row.status_basis == "recalled"]
    return Tally(
        promises=len(counted),
        states={state: states.count(state) for state in STATES},
        kept=rate_of(states.count("kept"), len(told), confidence=confidence),
        unknown=rate_of(states.count("unknown"), len(counted), confidence=confidence),
        recalled=len(on_memory),
        inferred=sum(row.status_basis == "inferred" for row in told),
        breached_recalled=on_memory.count("breached"),
        breached_own=sum(row.state == "breached" and party in row.status_by for row in told) if party else None,
    )
