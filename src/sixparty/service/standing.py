"""What the brief says of the record itself: phase, index, dates ahead, what changed, what it rests on."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter
from typing import Any

import polars as pl

from sixparty.chronicle.listing import rows_by_family
from sixparty.chronicle.read import COUNTED_FAMILIES
from sixparty.compute import Key
from sixparty.report import (
    Change,
    ClassStanding,
    Coverage,
    DateAhead,
    IndexPoint,
    IndexStanding,
    MonthlyCount,
    PhaseLength,
    PhaseStanding,
    RowUsed,
    SourceUsed,
    Trust,
)
from sixparty.report.inputs import ClassName
from sixparty.service.look import Look
from sixparty.tension import HALF_LIFE_WEEKS, MARKS, past_lengths, phase_spells, tension_index
from sixparty.vocabulary import EVENT_TYPES

WINDOW_DAYS = 91
AHEAD_WEEKS = 6
CLASS_MARKS: dict[ClassName, tuple[str, ...]] = {
    "weapons_test_days": ("weapons_test_days",),
    "border_kinetic": ("border_kinetic",),
    "official_talks": ("inter_korean_talks", "us_prk_talks"),
}
"""Classes of the brief's first page and the marks that they add up."""

_CLASS_OF_FAMILY = {MARKS[mark].family: name for name, marks in CLASS_MARKS.items() for mark in marks}
_CLASS_OF_FAMILY["grey_zone"] = "grey_zone"
_SEEN_WHILE_COVERED = {"grey_zone": "recent_grey_zone", "rhetoric": "recent_rhetoric"}
_GREY_ZONE_MARK = "grey_zone_days"
_NEVER_SEEN = ("intentions", "unannounced_tests", "secret_contacts")


def coverage(look: Look) -> tuple[Coverage, ...]:
    """From when to when each family is complete, with its number of rows."""
    counted = dict(rows_by_family(look.chronicle).group_by("family").len().rows())
    return tuple(
        Coverage(
            row["family"],
            row["complete_from"],
            row["complete_through"],
            row["thin"] or "",
            counted.get(row["family"], 0),
        )
        for row in look.chronicle["coverage"].iter_rows(named=True)
    )


def phase(look: Look) -> PhaseStanding:
    """The phase in force by rule, and how long such phases lasted."""
    spells = phase_spells(look.panel)
    lengths = {name: weeks for name, weeks in past_lengths(spells).items() if weeks}
    past = {
        name: PhaseLength(weeks[0], statistics.median(weeks), weeks[-1], len(weeks)) for name, weeks in lengths.items()
    }
    return PhaseStanding(spells[-1].phase, spells[-1].weeks, spells[-1].start, past)


def index(key: Key, look: Look) -> IndexStanding:
    """The tension index with its history."""
    computed = tension_index(key, look.chronicle, end=look.dates.reference_date)
    history = tuple(
        IndexPoint(dt.date.fromisoformat(str(day)), float(value), float(low), float(high))
        for day, value, low, high in zip(computed.week_ends, computed.value, computed.low, computed.high, strict=True)
    )
    last = history[-1]
    return IndexStanding(last.value, last.low, last.high, computed.share_lower, history, HALF_LIFE_WEEKS)


def ahead(look: Look) -> tuple[DateAhead, ...]:
    """Dates known beforehand in the six weeks after the reference date, announced drills among them."""
    first = look.dates.reference_date + dt.timedelta(days=1)
    last = look.dates.reference_date + dt.timedelta(weeks=AHEAD_WEEKS)
    dates = look.chronicle["calendar"].filter(pl.col("date").is_between(first, last))
    drills = look.chronicle["spells"].filter(
        pl.col("start_date").is_between(first, last) & pl.col("drill_status").is_in(["announced", "planned"])
    )
    rows = [
        DateAhead(row["date"], row["end_date"], row["label_en"], row["label_ko"], row["basis"], row["id"])
        for row in dates.iter_rows(named=True)
    ] + [
        DateAhead(row["start_date"], row["end_date"], row["label_en"], row["label_ko"], "announced", row["id"])
        for row in drills.iter_rows(named=True)
    ]
    return tuple(sorted(rows, key=lambda row: (row.date, row.row_id)))


def is_ahead_covered(look: Look) -> bool:
    """Whether the record of dates known beforehand reaches back to the reference date."""
    covered = look.chronicle["coverage"].filter(pl.col("family") == "calendar")
    return bool((covered["complete_from"] <= look.dates.reference_date).any())


def row_changes(before: Look, now: Look) -> tuple[Change, ...]:
    """Rows that could be known now and not a week ago: events and spells added."""
    known = set(rows_by_family(before.chronicle)["id"])
    fresh = rows_by_family(now.chronicle).filter((pl.col("family") != "calendar") & ~pl.col("id").is_in(list(known)))
    return tuple(
        Change(
            kind="added",
            family=row["family"],
            date=row["date"],
            label=row["label_en"],
            label_ko=row["label_ko"],
            row_id=row["id"],
            source_ids=tuple(row["source_ids"].split(";")),
        )
        for row in fresh.iter_rows(named=True)
    )


def trust(look: Look) -> Trust:
    """What the brief rests on and what it cannot see."""
    thin = _thinnest(look)
    unseen = [word for family, word in _SEEN_WHILE_COVERED.items() if covered_from(look, family) is None]
    return Trust(look.n_rows, len(look.sources_cited), thin[0], thin[1], (*unseen, *_NEVER_SEEN))


def covered_from(look: Look, family: str) -> dt.date | None:
    """First day from which a family is complete, if the last 13 weeks lie within its coverage; else None."""
    first, last = window(look)
    covered = look.chronicle["coverage"].filter(
        (pl.col("family") == family) & (pl.col("complete_from") <= first) & (pl.col("complete_through") >= last)
    )
    days: list[dt.date] = covered["complete_from"].to_list()
    return days[0] if days else None


def window(look: Look) -> tuple[dt.date, dt.date]:
    """First and last day of the weeks that page one counts."""
    last = look.dates.reference_date
    return last - dt.timedelta(days=WINDOW_DAYS - 1), last


def grey_zone(look: Look) -> ClassStanding:
    """Days of the last 13 weeks on which an act in the grey zone began, without an expected range.

    The family is complete for too short a time to learn what is usual. Acts that began earlier and lasted into these
    weeks are counted apart.
    """
    since = covered_from(look, "grey_zone")
    if since is None:
        return ClassStanding(name="grey_zone", is_covered=False)
    first, last = window(look)
    days = [day for day in MARKS[_GREY_ZONE_MARK].days(look.chronicle).to_list() if day <= last]
    acts = _grey_zone_acts(look).filter(pl.col("event_date") == max(days, default=None)).to_dicts()
    return ClassStanding(
        name="grey_zone",
        is_covered=True,
        observed=sum(day >= first for day in days),
        lasting=len(_lasting(look)),
        covered_from=since,
        last_date=acts[0]["event_date"] if acts else None,
        last_label=acts[0]["label_en"] if acts else None,
        last_label_ko=acts[0]["label_ko"] if acts else None,
        last_row_id=acts[0]["id"] if acts else None,
    )


def _grey_zone_acts(look: Look) -> pl.DataFrame:
    types = [kind.name for kind in EVENT_TYPES.values() if kind.family == "grey_zone"]
    return look.chronicle["events"].filter(pl.col("event_type").is_in(types))


def _lasting(look: Look) -> list[str]:
    """Acts in the grey zone that began before the weeks counted and ran into them."""
    first, _ = window(look)
    acts = _grey_zone_acts(look).filter((pl.col("event_date") < first) & (pl.col("end_date") >= first))
    return acts["id"].to_list()


def _thinnest(look: Look) -> tuple[str | None, float | None]:
    """Of the families counted, the one with the largest share of rows that no source was opened for."""
    rows = rows_by_family(look.chronicle).filter(pl.col("family").is_in(COUNTED_FAMILIES))
    shares = (
        rows.group_by("family").agg((pl.col("confidence") == "recalled").mean().alias("share")).sort("share", "family")
    )
    if not len(shares):
        return None, None
    family, share = shares.row(-1)
    return family, share


def last_event(look: Look, name: ClassName) -> dict[str, Any] | None:
    """The latest row of a class: its id, date and labels."""
    days = [day for mark in CLASS_MARKS[name] for day in MARKS[mark].days(look.chronicle).to_list()]
    past = [day for day in days if day <= look.dates.reference_date]
    if not past:
        return None
    families = {MARKS[mark].family for mark in CLASS_MARKS[name]}
    rows = rows_by_family(look.chronicle).filter((pl.col("date") == max(past)) & pl.col("family").is_in(list(families)))
    return rows.row(0, named=True)


def monthly(look: Look, *, months: int = 24) -> tuple[MonthlyCount, ...]:
    """Event days of each class in each of the last months, the month of the reference date included."""
    firsts = _months_back(look.dates.reference_date, months)
    found = []
    for name, marks in CLASS_MARKS.items():
        days = [day for mark in marks for day in MARKS[mark].days(look.chronicle).to_list()]
        counted = Counter(day.replace(day=1) for day in days if day <= look.dates.reference_date)
        found += [MonthlyCount(first, name, counted[first]) for first in firsts]
    return tuple(found)


def _months_back(day: dt.date, months: int) -> list[dt.date]:
    place = day.year * 12 + day.month - 1
    return [dt.date((place - back) // 12, (place - back) % 12 + 1, 1) for back in range(months - 1, -1, -1)]


def rows_used(look: Look, changes: tuple[Change, ...]) -> tuple[RowUsed, ...]:
    """Rows of the window that page one counts, the dates ahead, and the rows that changed."""
    first = window(look)[0]
    last = look.dates.reference_date + dt.timedelta(weeks=AHEAD_WEEKS)
    named = [change.row_id for change in changes if change.row_id is not None] + _lasting(look)
    is_used = pl.col("date").is_between(first, last) | pl.col("id").is_in(named)
    return tuple(
        RowUsed(
            row_id=row["id"],
            date=row["date"],
            label=row["label_en"],
            label_ko=row["label_ko"],
            source_ids=tuple(row["source_ids"].split(";")),
            confidence=row["confidence"],
            class_name=_CLASS_OF_FAMILY.get(row["family"]),
        )
        for row in rows_by_family(look.chronicle).filter(is_used).iter_rows(named=True)
    )


def sources_used(look: Look, rows: tuple[RowUsed, ...], changes: tuple[Change, ...]) -> dict[str, SourceUsed]:
    """The sources that these rows and changes cite."""
    cited = {one for row in rows for one in row.source_ids} | {one for change in changes for one in change.source_ids}
    table = look.chronicle["sources"].filter(pl.col("id").is_in(list(cited)))
    return {row["id"]: SourceUsed(row["title"], row["address"] or "") for row in table.iter_rows(named=True)}
