"""Checks of the chronicle: each is one function that returns the rows that fail; an empty answer means pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

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


def _found(table: pl.DataFrame, name: str, reason: str) -> pl.DataFrame:
    key = pl.concat_str([pl.col(column) for column in TABLES[name].key], separator=" ")
    return table.select(pl.lit(name).alias("table"), key.alias("id"), pl.lit(reason).alias("reason"))


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={"table": pl.String, "id": pl.String, "reason": pl.String})


def repeated_keys(chronicle: Chronicle) -> pl.DataFrame:
    """Rows that share their primary key with another row."""
    return pl.concat(
        _found(chronicle[name].filter(pl.struct(schema.key).is_duplicated()), name, "key stands twice")
        for name, schema in TABLES.items()
    )


def unknown_sources(chronicle: Chronicle) -> pl.DataFrame:
    """Rows that cite a source which sources.csv does not hold."""
    known = set(chronicle["sources"]["id"])
    found = [_nothing()]
    for name, schema in TABLES.items():
        if any(column.name == "source_ids" for column in schema.columns):
            table = chronicle[name]
            cited = table["source_ids"].str.split(";").to_list()
            is_unknown = pl.Series([any(one not in known for one in ids or []) for ids in cited], dtype=pl.Boolean)
            found.append(_found(table.filter(is_unknown), name, "cites a source that sources.csv does not hold"))
    return pl.concat(found)


def unused_sources(chronicle: Chronicle) -> pl.DataFrame:
    """Sources that no row cites."""
    cited: set[str] = set()
    for name, schema in TABLES.items():
        if any(column.name == "source_ids" for column in schema.columns):
            for ids in chronicle[name]["source_ids"].str.split(";").to_list():
                cited.update(ids or [])
    return _found(chronicle["sources"].filter(~pl.col("id").is_in(list(cited))), "sources", "no row cites it")


def ends_before_start(chronicle: Chronicle) -> pl.DataFrame:
    """Rows whose last day lies before their first."""
    firsts = {"events": "event_date", "spells": "start_date", "calendar": "date", "leaders": "start_date"}
    return pl.concat(
        _found(chronicle[name].filter(pl.col("end_date") < pl.col(first)), name, "ends before it starts")
        for name, first in firsts.items()
    )


def known_before_event(chronicle: Chronicle) -> pl.DataFrame:
    """Events that are said to be known before the first day they claim."""
    events = chronicle["events"]
    return _found(events.filter(pl.col("known_date") < pl.col("event_date")), "events", "known before it happened")


def known_before_announcement(chronicle: Chronicle) -> pl.DataFrame:
    """Spells that are said to be known before the day on which they were announced."""
    spells = chronicle["spells"]
    early = spells.filter(pl.col("known_date") < pl.col("announced_date"))
    return _found(early, "spells", "known before it was announced")


def after_coverage(chronicle: Chronicle) -> pl.DataFrame:
    """Events and spells that begin after the record's end."""
    end = chronicle.coverage_end
    return pl.concat(
        [
            _found(chronicle["events"].filter(pl.col("event_date") > end), "events", "after the record's end"),
            _found(
                chronicle["spells"].filter(pl.col("known_date") > end),
                "spells",
                "known after the record's end",
            ),
            _found(
                chronicle["calendar"].filter(pl.col("known_date") > end),
                "calendar",
                "known after the record's end",
            ),
        ]
    )


def families_without_coverage(chronicle: Chronicle) -> pl.DataFrame:
    """Families for which coverage.csv says nothing, and rows there for families that do not exist."""
    stated = set(chronicle["coverage"]["family"])
    missing = sorted(set(FAMILIES) ^ stated)
    reason = "family and coverage.csv must match one to one"
    return pl.DataFrame(
        {"table": ["coverage"] * len(missing), "id": missing, "reason": [reason] * len(missing)},
        schema=_nothing().schema,
    )


def attributes_of_another_type(chronicle: Chronicle) -> pl.DataFrame:
    """Events whose attributes do not belong to their type, or lack the one that their type needs."""
    events = chronicle["events"]
    is_weapon = pl.col("event_type").is_in(_WEAPONS_TYPES)
    is_border = pl.col("event_type").is_in(_BORDER_TYPES)
    return pl.concat(
        [
            _found(
                events.filter(is_weapon != pl.col("weapon_class").is_not_null()),
                "events",
                "a weapons test has a weapon class, nothing else has",
            ),
            _found(
                events.filter(is_border != pl.col("incident_kind").is_not_null()),
                "events",
                "an incident at a line has an incident kind, nothing else has",
            ),
            _found(
                events.filter(
                    (pl.col("event_type") == "ballistic_launch") & ~pl.col("weapon_class").is_in(_BALLISTIC_CLASSES)
                ),
                "events",
                "a ballistic launch has a ballistic class",
            ),
        ]
    )


def acts_without_their_kind(chronicle: Chronicle) -> pl.DataFrame:
    """Events whose domain, kind of act or level does not belong to their type, or is missing where it belongs."""
    found = [_nothing()]
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
            found.append(pl.DataFrame({"table": ["events"], "id": [row["id"]], "reason": [reason]}))
    return pl.concat(found)


def answers_out_of_order(chronicle: Chronicle) -> pl.DataFrame:
    """Answers that come before the act, days of an answer without one, and answers to what is no conciliatory act."""
    events = chronicle["events"]
    types = [kind.name for kind in EVENT_TYPES.values() if kind.family in ("conciliatory_acts", "sanctions")]
    is_early = pl.col("answer_date") < pl.col("event_date")
    is_empty = pl.col("answer_date").is_not_null() & pl.col("answer").is_null()
    is_stray = pl.col("answer").is_not_null() & ~pl.col("event_type").is_in(types)
    return _found(events.filter(is_early | is_empty | is_stray), "events", "answer does not fit the act")


def two_leaders_at_once(chronicle: Chronicle) -> pl.DataFrame:
    """Leaders whose term begins before that of the one before them in the same party has ended."""
    terms = chronicle["leaders"].filter(pl.col("role") == "leader").sort("party", "start_date")
    before = terms.with_columns(pl.col("end_date").shift(1).over("party").alias("end_before"))
    is_second = pl.int_range(pl.len()).over("party") > 0
    overlaps = pl.col("end_before").is_null() | (pl.col("start_date") < pl.col("end_before"))
    return _found(before.filter(is_second & overlaps), "leaders", "begins before the one before has ended")


def spells_without_their_attributes(chronicle: Chronicle) -> pl.DataFrame:
    """Drills without kind or status, talks without level, moratoria without a class, measures without a name."""
    spells = chronicle["spells"]
    kind = pl.col("spell_type")
    lacks_drill = (kind == "joint_drill") & (pl.col("drill_kind").is_null() | pl.col("drill_status").is_null())
    lacks_talks = kind.is_in(["inter_korean_talks", "us_prk_talks"]) & pl.col("level").is_null()
    lacks_class = (kind == "moratorium") & pl.col("weapon_classes").is_null()
    is_in_force = kind.is_in(["cbm_in_force", "sanction_in_force"])
    lacks_name = is_in_force & (pl.col("series").is_null() | pl.col("area").is_null())
    lacks = lacks_drill | lacks_talks | lacks_class | lacks_name
    return _found(spells.filter(lacks), "spells", "lacks an attribute of its type")


def channels_open_twice(chronicle: Chronicle) -> pl.DataFrame:
    """Channels and measures that are said to be in force while an earlier spell of them still is."""
    kinds = ["cbm_in_force", "sanction_in_force"]
    spells = chronicle["spells"].filter(pl.col("spell_type").is_in(kinds)).sort("series", "start_date")
    end_before = pl.col("end_date").shift(1).over("series")
    is_second = pl.int_range(pl.len()).over("series") > 0
    overlaps = end_before.is_null() | (pl.col("start_date") < end_before)
    return _found(spells.filter(is_second & overlaps), "spells", "in force while an earlier spell still is")


def forbidden_words(chronicle: Chronicle) -> pl.DataFrame:
    """Labels and notes with words that take a side."""
    found = [_nothing()]
    for name in _LABELLED:
        table = chronicle[name]
        text = pl.concat_str([pl.col("label_en"), pl.col("label_ko"), pl.col("note").fill_null("")], separator=" ")
        words = [re.escape(word) for language in FORBIDDEN_WORDS.values() for word in language]
        pattern = "(?i)" + "|".join(words)
        found.append(_found(table.filter(text.str.contains(pattern)), name, "uses a word that takes a side"))
    return pl.concat(found)


def korean_labels_without_hangul(chronicle: Chronicle) -> pl.DataFrame:
    """Rows whose Korean label holds no Korean."""
    return pl.concat(
        _found(
            chronicle[name].filter(~pl.col("label_ko").str.contains("[가-힣]")),
            name,
            "Korean label has no Hangul",
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
        )
    }
)


def failing_rows(chronicle: Chronicle) -> pl.DataFrame:
    """Run every check and return all failing rows: check, table, id, reason."""
    return pl.concat(
        check(chronicle).select(pl.lit(name).alias("check"), "table", "id", "reason") for name, check in CHECKS.items()
    )
