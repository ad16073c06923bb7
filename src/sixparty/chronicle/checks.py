"""Checks of the chronicle: each is one function that returns the rows that fail; an empty answer means pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.assurance import (
    bands_upside_down,
    recall_of_no_row,
    second_codings_of_no_row,
    verified_rows_without_words,
    words_of_no_row,
    words_of_rows_not_verified,
)
from sixparty.chronicle.failing import NOTHING_FAILS, found
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import FAMILIES, TABLES
from sixparty.vocabulary import (
    ACT_KINDS,
    CBM_DOMAINS,
    CBM_STEPS,
    EVENT_TYPES,
    FORBIDDEN_WORDS,
    POSTURE_DOMAINS,
)

Check = Callable[[Chronicle], pl.DataFrame]

_WEAPONS_TYPES = [kind.name for kind in EVENT_TYPES.values() if kind.family == "weapons_tests"]
_BORDER_TYPES = [kind.name for kind in EVENT_TYPES.values() if kind.family == "border_incidents"]
_BALLISTIC_CLASSES = ["CRBM", "SRBM", "MRBM", "IRBM", "ICBM", "SLBM", "HGV", "unknown"]
_KINDS_OF_TYPE = dict(ACT_KINDS) | {"cbm_on": CBM_STEPS, "cbm_off": CBM_STEPS}
_DOMAINS_OF_FAMILY = {"cbms": CBM_DOMAINS, "posture": POSTURE_DOMAINS}
_LABELLED = ("events", "spells", "calendar", "leaders")
_OWN_WORDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "events": ("label_en", "label_ko", "note", "attributed_by", "weapon_name", "place"),
        "spells": ("label_en", "label_ko", "note", "series", "ended_by", "place"),
        "calendar": ("label_en", "label_ko", "note"),
        "leaders": ("label_en", "label_ko", "note", "camp"),
        "coverage": ("thin",),
        "series": ("series", "unit", "note"),
        "recall_checks": ("what_en", "note"),
        "completeness": ("unit", "note"),
        "second_codings": ("note",),
    }
)
"""Columns in our own words; titles of sources and quoted words are those of others."""
_PERIODS = (("events", "event_date", "date_precision"), ("spells", "start_date", "start_precision"))
_COUNTS = {
    "events": ("objects", "range_km", "apogee_km", "deaths_kor", "deaths_prk", "deaths_other"),
    "spells": ("personnel",),
}


def repeated_keys(chronicle: Chronicle) -> pl.DataFrame:
    """Rows that share their primary key with another row."""
    return pl.concat(
        found(
            chronicle[name].filter(pl.struct(schema.key).is_duplicated()),
            name,
            schema.key[-1],
            reason="key stands twice",
        )
        for name, schema in TABLES.items()
    )


def unknown_sources(chronicle: Chronicle) -> pl.DataFrame:
    """Rows that cite a source which sources.csv does not hold."""
    known = set(chronicle["sources"]["id"])
    reason = "cites a source that sources.csv does not hold"
    failing = [NOTHING_FAILS]
    for name, column in _citing():
        cited = chronicle[name][column].str.split(";").to_list()
        is_unknown = pl.Series([any(one not in known for one in ids or []) for ids in cited], dtype=pl.Boolean)
        failing.append(found(chronicle[name].filter(is_unknown), name, column, reason=reason))
    return pl.concat(failing)


def unused_sources(chronicle: Chronicle) -> pl.DataFrame:
    """Sources that no row cites."""
    cited: set[str] = set()
    for name, column in _citing():
        cited.update(chronicle[name][column].drop_nulls().str.split(";").explode(empty_as_null=True).to_list())
    unused = chronicle["sources"].filter(~pl.col("id").is_in(list(cited)))
    return found(unused, "sources", "id", reason="no row cites it")


def _citing() -> list[tuple[str, str]]:
    """Tables and their columns that name rows of sources.csv."""
    return [
        (name, column.name)
        for name, schema in TABLES.items()
        for column in schema.columns
        if column.name in ("source_ids", "source_id")
    ]


def ends_before_start(chronicle: Chronicle) -> pl.DataFrame:
    """Rows whose last day lies before their first."""
    firsts = {"events": "event_date", "spells": "start_date", "calendar": "date", "leaders": "start_date"}
    return pl.concat(
        found(
            chronicle[name].filter(pl.col("end_date") < pl.col(first)),
            name,
            "end_date",
            reason=f"ends before it starts: end_date must not lie before {first}",
        )
        for name, first in firsts.items()
    )


def dates_without_precision(chronicle: Chronicle) -> pl.DataFrame:
    """Spells whose last day has no precision, or a precision without a last day."""
    half = chronicle["spells"].filter(pl.col("end_date").is_null() != pl.col("end_precision").is_null())
    return found(half, "spells", "end_precision", reason="end_date and end_precision stand together or not at all")


def dates_inside_their_period(chronicle: Chronicle) -> pl.DataFrame:
    """Rows that claim a month or a year and whose first day is not its first."""
    failing = []
    for name, date, precision in _PERIODS:
        day, claimed = pl.col(date), pl.col(precision)
        is_inside = (claimed == "month") & (day.dt.day() != 1) | (claimed == "year") & (day.dt.ordinal_day() != 1)
        reason = f"a month or a year in {precision} is claimed by its first day"
        failing.append(found(chronicle[name].filter(is_inside), name, date, reason=reason))
    return pl.concat(failing)


def figures_below_zero(chronicle: Chronicle) -> pl.DataFrame:
    """Counts, distances and heights that are negative."""
    return pl.concat(
        found(chronicle[name].filter(pl.col(column) < 0), name, column, reason="must not be below zero")
        for name, columns in _COUNTS.items()
        for column in columns
    )


def periods_that_are_none(chronicle: Chronicle) -> pl.DataFrame:
    """Figures of a series whose period is neither a month nor a year."""
    odd = chronicle["series"].filter(~pl.col("period").str.contains(r"^(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?$"))
    return found(odd, "series", "period", reason="a month as 2025-06 or a year as 2025")


def known_before_event(chronicle: Chronicle) -> pl.DataFrame:
    """Events that are said to be known before the first day they claim."""
    early = chronicle["events"].filter(pl.col("known_date") < pl.col("event_date"))
    return found(early, "events", "known_date", reason="known before it happened")


def known_before_announcement(chronicle: Chronicle) -> pl.DataFrame:
    """Spells that are said to be known before the day on which they were announced."""
    early = chronicle["spells"].filter(pl.col("known_date") < pl.col("announced_date"))
    return found(early, "spells", "known_date", reason="known before it was announced")


def after_coverage(chronicle: Chronicle) -> pl.DataFrame:
    """Events that begin, and rows of any other table that became known, after the record's end."""
    end = chronicle.coverage_end
    dated = [name for name in TABLES if "known_date" in chronicle[name].columns]
    columns = dict.fromkeys(dated, "known_date") | {"events": "event_date"}
    return pl.concat(
        found(chronicle[name].filter(pl.col(column) > end), name, column, reason=f"after the record's end, {end}")
        for name, column in columns.items()
    )


def families_without_coverage(chronicle: Chronicle) -> pl.DataFrame:
    """Families for which coverage.csv says nothing, and rows there for families that do not exist."""
    stated = set(chronicle["coverage"]["family"])
    missing = pl.DataFrame({"family": sorted(set(FAMILIES) ^ stated)}, schema={"family": pl.String})
    return found(missing, "coverage", "family", reason="family and coverage.csv must match one to one")


def attributes_of_another_type(chronicle: Chronicle) -> pl.DataFrame:
    """Events whose attributes do not belong to their type, or lack the one that their type needs."""
    events = chronicle["events"]
    kind, weapon_class = pl.col("event_type"), pl.col("weapon_class")
    is_weapon, is_border = kind.is_in(_WEAPONS_TYPES), kind.is_in(_BORDER_TYPES)
    is_other_class = (kind == "ballistic_launch") & ~weapon_class.is_in(_BALLISTIC_CLASSES)
    rules = (
        (
            is_weapon != weapon_class.is_not_null(),
            "weapon_class",
            "a weapons test has a weapon class, nothing else has",
        ),
        (
            is_border != pl.col("incident_kind").is_not_null(),
            "incident_kind",
            "an incident at a line has an incident kind, nothing else has",
        ),
        (is_other_class, "weapon_class", "a ballistic launch has a ballistic class"),
    )
    return pl.concat(
        found(events.filter(is_wrong), "events", column, reason=reason) for is_wrong, column, reason in rules
    )


def acts_without_their_kind(chronicle: Chronicle) -> pl.DataFrame:
    """Events whose domain, kind of act or level does not belong to their type, or is missing where it belongs."""
    failing = [NOTHING_FAILS]
    for row in chronicle["events"].select("id", "event_type", "domain", "act_kind", "level").iter_rows(named=True):
        kind = EVENT_TYPES[row["event_type"]]
        allowed = {
            "domain": _DOMAINS_OF_FAMILY.get(kind.family, (None,)),
            "act_kind": _KINDS_OF_TYPE.get(kind.name, (None,)),
        }
        wrong = [column for column, words in allowed.items() if row[column] not in words]
        if (kind.name == "contact") != (row["level"] is not None):
            wrong.append("level")
        if wrong:
            reason = f"{', '.join(wrong)} must fit the type {kind.name}"
            failing.append(found(pl.DataFrame({"id": [row["id"]]}), "events", wrong[0], reason=reason))
    return pl.concat(failing)


def answers_out_of_order(chronicle: Chronicle) -> pl.DataFrame:
    """Answers that come before the act, days of an answer without one, and answers to what is no conciliatory act."""
    events = chronicle["events"]
    types = [kind.name for kind in EVENT_TYPES.values() if kind.family in ("conciliatory_acts", "sanctions")]
    is_early = pl.col("answer_date") < pl.col("event_date")
    is_empty = pl.col("answer_date").is_not_null() & pl.col("answer").is_null()
    is_stray = pl.col("answer").is_not_null() & ~pl.col("event_type").is_in(types)
    misfits = events.filter(is_early | is_empty | is_stray)
    return found(misfits, "events", "answer", reason="answer does not fit the act")


def two_leaders_at_once(chronicle: Chronicle) -> pl.DataFrame:
    """Leaders whose term begins before that of the one before them in the same party has ended."""
    terms = chronicle["leaders"].filter(pl.col("role") == "leader").sort("party", "start_date")
    before = terms.with_columns(pl.col("end_date").shift(1).over("party").alias("end_before"))
    is_second = pl.int_range(pl.len()).over("party") > 0
    overlaps = pl.col("end_before").is_null() | (pl.col("start_date") < pl.col("end_before"))
    early = before.filter(is_second & overlaps)
    return found(early, "leaders", "start_date", reason="begins before the one before has ended")


def spells_without_their_attributes(chronicle: Chronicle) -> pl.DataFrame:
    """Drills without kind or status, talks without level, moratoria without a class, measures without a name."""
    needed = {
        ("joint_drill",): ("drill_kind", "drill_status"),
        ("inter_korean_talks", "us_prk_talks"): ("level",),
        ("moratorium",): ("weapon_classes",),
        ("cbm_in_force", "sanction_in_force"): ("series", "area"),
    }
    return pl.concat(
        found(
            chronicle["spells"].filter(pl.col("spell_type").is_in(kinds) & pl.col(column).is_null()),
            "spells",
            column,
            reason=f"lacks an attribute of its type: {column}",
        )
        for kinds, columns in needed.items()
        for column in columns
    )


def channels_open_twice(chronicle: Chronicle) -> pl.DataFrame:
    """Channels and measures that are said to be in force while an earlier spell of them still is."""
    kinds = ["cbm_in_force", "sanction_in_force"]
    spells = chronicle["spells"].filter(pl.col("spell_type").is_in(kinds)).sort("series", "start_date")
    end_before = pl.col("end_date").shift(1).over("series")
    is_second = pl.int_range(pl.len()).over("series") > 0
    overlaps = end_before.is_null() | (pl.col("start_date") < end_before)
    twice = spells.filter(is_second & overlaps)
    return found(twice, "spells", "start_date", reason="in force while an earlier spell still is")


def forbidden_words(chronicle: Chronicle) -> pl.DataFrame:
    """Cells in our own words that take a side."""
    pattern = "(?i)" + "|".join(re.escape(word) for words in FORBIDDEN_WORDS.values() for word in words)
    return pl.concat(
        found(
            chronicle[name].filter(pl.col(column).str.contains(pattern)),
            name,
            column,
            reason="uses a word that takes a side",
        )
        for name, columns in _OWN_WORDS.items()
        for column in columns
    )


def korean_labels_without_hangul(chronicle: Chronicle) -> pl.DataFrame:
    """Rows whose Korean label holds no Korean."""
    return pl.concat(
        found(
            chronicle[name].filter(~pl.col("label_ko").str.contains("[가-힣]")),
            name,
            "label_ko",
            reason="Korean label has no Hangul",
        )
        for name in _LABELLED
    )


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            repeated_keys,
            unknown_sources,
            unused_sources,
            ends_before_start,
            dates_without_precision,
            dates_inside_their_period,
            figures_below_zero,
            periods_that_are_none,
            known_before_event,
            known_before_announcement,
            after_coverage,
            families_without_coverage,
            attributes_of_another_type,
            acts_without_their_kind,
            answers_out_of_order,
            two_leaders_at_once,
            spells_without_their_attributes,
            channels_open_twice,
            forbidden_words,
            korean_labels_without_hangul,
            verified_rows_without_words,
            words_of_rows_not_verified,
            words_of_no_row,
            second_codings_of_no_row,
            recall_of_no_row,
            bands_upside_down,
        )
    }
)


def failing_rows(chronicle: Chronicle) -> pl.DataFrame:
    """Run every check and return all failing rows: check, table, id, column, reason."""
    return pl.concat(
        check(chronicle).select(pl.lit(name).alias("check"), "table", "id", "column", "reason")
        for name, check in CHECKS.items()
    )
