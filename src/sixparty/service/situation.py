"""What the brief says of the parties beside the counts: contacts, posture, and the days marked on the index."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from sixparty.report.situation import (
    ContactCount,
    Milestone,
    MilestoneKind,
    Occasion,
    PartyContacts,
    PartyPosture,
    Scope,
    SituationStanding,
)
from sixparty.service.look import Look
from sixparty.tension import FIRST_DAY
from sixparty.vocabulary import PARTIES

SPANS_DAYS: tuple[int, ...] = (91, 364)
"""Spans over which contacts are counted; both are whole weeks."""
YEAR_DAYS = 364
DEADLY_FROM = 4
SILENCE_DAYS = 364
POSTURE_ROWS = 3

_LEVELS = {"leaders": "leaders", "high": "high", "ministers": "high", "envoys": "high", "working": "working"}
_FIRE_TYPES = ("border_clash", "border_fire")
_SUMMITS = ("inter_korean_talks", "us_prk_talks")


@dataclass(frozen=True)
class _Group:
    """Parties that meet, the family that holds their contacts, and how much of them it means to hold."""

    parties: tuple[str, ...]
    family: str | None
    scope: Scope


_HELD: tuple[_Group, ...] = (
    _Group(("PRK", "KOR"), "inter_korean_talks", "talks"),
    _Group(("PRK", "USA"), "us_prk_talks", "talks"),
    _Group(("PRK", "CHN"), "contacts", "leaders"),
    _Group(("PRK", "RUS"), "contacts", "leaders"),
    _Group(("PRK", "JPN"), "contacts", "leaders"),
    _Group(("KOR", "CHN", "JPN"), "contacts", "leaders"),
    _Group(("KOR", "USA", "JPN"), "contacts", "main"),
    _Group(("KOR", "CHN"), "contacts", "main"),
    _Group(("KOR", "RUS"), "contacts", "main"),
    _Group(("KOR", "JPN"), "contacts", "main"),
)


def situation(look: Look) -> SituationStanding:
    """Contacts by pair, the latest posture of each party, and the days marked on the index."""
    covered = _coverage(look, "posture")
    return SituationStanding(
        contacts=contacts(look),
        posture=posture(look) if covered else (),
        milestones=milestones(look),
        deadly_from=DEADLY_FROM,
        silence_days=SILENCE_DAYS,
        posture_from=covered[0] if covered else None,
        posture_through=covered[1] if covered else None,
    )


def contacts(look: Look) -> tuple[PartyContacts, ...]:
    """Official contacts of every pair of parties, and of the two threes that meet, counted and compared.

    A contact counts once: for the parties that took part, or for the three if they met as three. Visits called off
    do not count. Pairs that the record does not follow stay in the list, with nothing counted.
    """
    held = {group.parties for group in _HELD}
    pairs = ((one, other) for place, one in enumerate(PARTIES) for other in PARTIES[place + 1 :])
    unseen = (_Group(pair, None, "none") for pair in pairs if pair not in held)
    rows = _meetings(look)
    return tuple(_contacts_of(group, rows, look=look) for group in (*_HELD, *unseen))


def posture(look: Look) -> tuple[PartyPosture, ...]:
    """The latest rows in which each party declared or enacted posture, newest first."""
    last = look.dates.reference_date
    rows = look.chronicle["events"].filter(
        pl.col("event_type").is_in(["posture_declared", "posture_enacted"]) & (pl.col("event_date") <= last)
    )
    found = []
    for party in PARTIES:
        own = rows.filter(pl.col("actors").str.split(";").list.contains(party)).sort("event_date", "id")
        newest = own.reverse().head(POSTURE_ROWS).to_dicts()
        found.append(PartyPosture(party, tuple(_occasion(row, level=row["domain"]) for row in newest)))
    return tuple(found)


def milestones(look: Look) -> tuple[Milestone, ...]:
    """The days that are marked on the index, by rule, from 1990 to the reference date.

    Marked are: every nuclear test; an ICBM-class launch with none in the 364 days before; fire at the lines with at
    least four deaths; every meeting of the leaders of North Korea with those of South Korea or the United States; a
    declared stop to tests begun, or ended with no other begun the day after; a law or treaty step of North Korea
    filed as posture; a new leader of North Korea.
    """
    last = look.dates.reference_date
    found = [
        *_marks("test", _events(look, pl.col("event_type") == "nuclear_test")),
        *_marks("launch", _after_silence(_events(look, pl.col("weapon_class") == "ICBM"))),
        *_deadly(look),
        *_marks("summit", _summits(look)),
        *_stops(look),
        *_marks("law", _events(look, (pl.col("domain") == "law") & (pl.col("actors") == "PRK"))),
        *_marks("leader", _leaders(look)),
    ]
    within = [mark for mark in found if FIRST_DAY <= mark.on.date <= last]
    return tuple(sorted(within, key=lambda mark: (mark.on.date, mark.on.row_id)))


def _meetings(look: Look) -> list[dict[str, Any]]:
    """Contacts and talks begun by the reference date, oldest first: date, parties, family, level and labels."""
    events = look.chronicle["events"].filter(pl.col("event_type") == "contact")
    spells = look.chronicle["spells"].filter(
        pl.col("spell_type").is_in(_SUMMITS) & (pl.col("outcome").fill_null("") != "not_held")
    )
    named = ("id", "actors", "level", "label_en", "label_ko")
    both = [
        *events.select(pl.col("event_date").alias("date"), pl.lit("contacts").alias("family"), *named).to_dicts(),
        *spells.select(pl.col("start_date").alias("date"), pl.col("spell_type").alias("family"), *named).to_dicts(),
    ]
    past = [row for row in both if row["date"] <= look.dates.reference_date]
    return sorted(past, key=lambda row: (row["date"], row["id"]))


def _contacts_of(group: _Group, rows: list[dict[str, Any]], *, look: Look) -> PartyContacts:
    covered = _coverage(look, group.family)
    own = [row for row in rows if covered and _belongs(row, group)]
    last = _occasion(own[-1], level=_LEVELS.get(own[-1]["level"])) if own else None
    counts = tuple(_counted(own, days, covered=covered, end=look.dates.reference_date) for days in SPANS_DAYS)
    start, end = covered or (None, None)
    scope = group.scope if covered else "none"
    return PartyContacts(group.parties, group.family if covered else None, scope, start, end, counts, last)


def _belongs(row: dict[str, Any], group: _Group) -> bool:
    """Whether a contact is of these parties; talks belong to their family, a meeting of three to the three."""
    if row["family"] != group.family:
        return False
    if group.scope == "talks":
        return True
    present = set(row["actors"].split(";"))
    threes = [set(other.parties) for other in _HELD if len(other.parties) == 3]
    return present == set(group.parties) if present in threes else set(group.parties) <= present


def _counted(
    rows: list[dict[str, Any]], days: int, *, covered: tuple[dt.date, dt.date] | None, end: dt.date
) -> ContactCount:
    earlier_end = end - dt.timedelta(days=YEAR_DAYS)
    now, before = (_within(rows, days, end=day) for day in (end, earlier_end))
    is_now, is_before = (_reaches(covered, days, end=day) for day in (end, earlier_end))
    levels = [_LEVELS.get(row["level"]) for row in now]
    parts = (levels.count(level) if is_now else None for level in ("leaders", "high", "working"))
    return ContactCount(days, len(now) if is_now else None, len(before) if is_before else None, *parts)


def _within(rows: list[dict[str, Any]], days: int, *, end: dt.date) -> list[dict[str, Any]]:
    return [row for row in rows if end - dt.timedelta(days=days) < row["date"] <= end]


def _reaches(covered: tuple[dt.date, dt.date] | None, days: int, *, end: dt.date) -> bool:
    return covered is not None and covered[0] <= end - dt.timedelta(days=days - 1) and covered[1] >= end


def _coverage(look: Look, family: str | None) -> tuple[dt.date, dt.date] | None:
    rows = look.chronicle["coverage"].filter(pl.col("family") == (family or ""))
    return (rows["complete_from"].item(), rows["complete_through"].item()) if len(rows) else None


def _events(look: Look, is_chosen: pl.Expr) -> list[dict[str, Any]]:
    rows = look.chronicle["events"].filter(is_chosen).sort("event_date", "id")
    return rows.rename({"event_date": "date"}).to_dicts()


def _after_silence(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with none of their kind in the days before."""
    befores = [None, *(row["date"] for row in rows)]
    return [
        row
        for row, before in zip(rows, befores, strict=False)
        if before is None or (row["date"] - before).days > SILENCE_DAYS
    ]


def _deadly(look: Look) -> list[Milestone]:
    deaths = pl.sum_horizontal("deaths_kor", "deaths_prk", "deaths_other")
    rows = _events(look, pl.col("event_type").is_in(_FIRE_TYPES) & (deaths >= DEADLY_FROM))
    told = [sum(row[f"deaths_{side}"] or 0 for side in ("kor", "prk", "other")) for row in rows]
    return [Milestone("fire", _occasion(row), deaths=number) for row, number in zip(rows, told, strict=True)]


def _summits(look: Look) -> list[dict[str, Any]]:
    return [row for row in _meetings(look) if row["family"] in _SUMMITS and row["level"] == "leaders"]


def _stops(look: Look) -> list[Milestone]:
    """Declared stops to tests, and their ends; one that another takes over has no end of its own."""
    spells = look.chronicle["spells"].filter(pl.col("spell_type") == "moratorium").sort("start_date").to_dicts()
    begun = [row | {"date": row["start_date"]} for row in spells]
    taken_over = {row["start_date"] - dt.timedelta(days=1) for row in spells}
    ended = [row | {"date": row["end_date"]} for row in spells if row["end_date"] and row["end_date"] not in taken_over]
    follows = {row["end_date"] + dt.timedelta(days=1) for row in spells if row["end_date"]}
    fresh = [row for row in begun if row["date"] not in follows]
    return [*_marks("stop", fresh), *_marks("stop_ended", ended)]


def _leaders(look: Look) -> list[dict[str, Any]]:
    rows = look.chronicle["leaders"].filter((pl.col("party") == "PRK") & (pl.col("role") == "leader"))
    return rows.rename({"start_date": "date"}).to_dicts()


def _marks(kind: MilestoneKind, rows: Iterable[dict[str, Any]]) -> list[Milestone]:
    return [Milestone(kind, _occasion(row)) for row in rows]


def _occasion(row: dict[str, Any], *, level: str | None = None) -> Occasion:
    day = row["date"] if "date" in row else row["event_date"]
    return Occasion(day, row["id"], row["label_en"], row["label_ko"], level)
