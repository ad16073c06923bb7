"""The one declaration of the chronicle's tables: every column with its type, meaning and rule.

`datapackage.json`, the data dictionary and the checks are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sixparty import vocabulary
from sixparty.chronicle.columns import Column, TableSchema
from sixparty.chronicle.schema_assurance import COMPLETENESS, RECALL_CHECKS, SECOND_CODINGS, VERIFICATIONS
from sixparty.chronicle.schema_ledger import AGREEMENTS, COMMITMENTS, IMPLEMENTATION

PRECISIONS = ("day", "month", "year")
CONFIDENCES = ("verified", "attested", "recalled")
KNOWN_BASES = ("sourced", "rule")
_ACTORS = vocabulary.PARTIES + vocabulary.OTHER_ACTORS
_ACT_KINDS = tuple(
    dict.fromkeys(kind for kinds in (*vocabulary.ACT_KINDS.values(), vocabulary.CBM_STEPS) for kind in kinds)
)

_ID = Column("id", "text", "Stable name of the row.", required=True)
_ACTOR = Column("actors", "list", "Who acted: party codes joined by ';'.", required=True, allowed=_ACTORS)
_RECIPIENT = Column("recipients", "list", "On whom, where the act has a recipient.", allowed=_ACTORS)
_KNOWN = (
    Column("known_date", "date", "Day (KST) on which the row could first be known in public.", required=True),
    Column(
        "known_basis",
        "category",
        "`sourced`: a source gives that day; `rule`: set by the rule of the family.",
        required=True,
        allowed=KNOWN_BASES,
    ),
)
_TAIL = (
    Column("place", "text", "Place in one romanisation; empty when no source gives it."),
    Column("source_ids", "list", "Rows of sources.csv that carry the datum.", required=True),
    Column("note", "text", "What a reader must know to use the row; open conflicts in words."),
    Column(
        "confidence",
        "category",
        "`verified`: a source was opened and its words are kept; `attested`: the named source was opened and shows "
        "the datum, its words are not yet kept; `recalled`: common knowledge not yet opened at a source.",
        required=True,
        allowed=CONFIDENCES,
    ),
    Column("label_en", "text", "Short neutral label in English, our own words.", required=True),
    Column("label_ko", "text", "The same in Korean.", required=True),
)

EVENTS = TableSchema(
    "events",
    "What happened on a day: tests, incidents at the lines, votes, and acts and words of the six parties by family.",
    (
        _ID,
        Column("event_date", "date", "First day (KST) of the period that the source claims.", required=True),
        Column(
            "date_precision",
            "category",
            "Precision that the source claims.",
            required=True,
            allowed=PRECISIONS,
        ),
        Column("end_date", "date", "Last day (KST), where the event lasted."),
        *_KNOWN,
        Column(
            "event_type",
            "category",
            "What kind of event.",
            required=True,
            allowed=tuple(vocabulary.EVENT_TYPES),
        ),
        _ACTOR,
        _RECIPIENT,
        Column("weapon_class", "category", "Class of the weapon tested.", allowed=vocabulary.WEAPON_CLASSES),
        Column("weapon_name", "text", "Name of the weapon as sources give it."),
        Column(
            "objects", "integer", "Objects launched or released, or devices set off; empty when no source gives it."
        ),
        Column("range_km", "number", "Distance flown (the largest where several flew), km."),
        Column("apogee_km", "number", "Greatest height, km."),
        Column(
            "outcome",
            "category",
            "Outcome of a test.",
            allowed=("success", "failure", "mixed", "disputed", "unknown"),
        ),
        Column(
            "incident_kind",
            "category",
            "What happened at a line, by the code book.",
            allowed=(
                "exchange_of_fire",
                "one_sided_fire",
                "buffer_zone_fire",
                "naval_clash",
                "ship_sunk",
                "mine",
                "killing",
                "warning_shots",
                "infiltration",
                "line_crossing",
                "air_approach",
                "drone",
                "seizure",
                "demolition",
                "defection",
                "declaration",
                "other",
            ),
        ),
        Column("first_mover", "category", "Who acted first where sources agree.", allowed=(*_ACTORS, "disputed")),
        Column("deaths_kor", "integer", "Deaths on the side of KOR; empty is unknown, not zero."),
        Column("deaths_prk", "integer", "Deaths on the side of PRK; empty is unknown, not zero."),
        Column("deaths_other", "integer", "Deaths of others; empty is unknown, not zero."),
        Column("votes", "text", "Votes for-against-abstaining in the Security Council, as 15-0-0."),
        Column("document", "text", "Number of the resolution or draft."),
        Column(
            "domain",
            "category",
            "Domain of a step of confidence building or of a posture.",
            allowed=vocabulary.CBM_DOMAINS + vocabulary.POSTURE_DOMAINS,
        ),
        Column("act_kind", "category", "Finer kind of the act, by the code book.", allowed=_ACT_KINDS),
        Column("level", "category", "Highest level at a contact.", allowed=vocabulary.CONTACT_LEVELS),
        Column("attributed_by", "text", "Who says that the actor did it, where the actor does not."),
        Column("answer", "category", "What the other side answered.", allowed=vocabulary.ANSWERS),
        Column("answer_date", "date", "Day (KST) of the answer."),
        *_TAIL,
    ),
)

SPELLS = TableSchema(
    "spells",
    "What lasted from a day to a day: drills, talks, declared moratoria, channels and measures in force.",
    (
        _ID,
        Column(
            "spell_type",
            "category",
            "What kind of spell.",
            required=True,
            allowed=tuple(vocabulary.SPELL_TYPES),
        ),
        Column("start_date", "date", "First day (KST).", required=True),
        Column("start_precision", "category", "Precision of the first day.", required=True, allowed=PRECISIONS),
        Column("end_date", "date", "Last day (KST); empty means that no source gives it, or still in force."),
        Column("end_precision", "category", "Precision of the last day.", allowed=PRECISIONS),
        Column("announced_date", "date", "Day on which the spell was announced, where a source gives it."),
        *_KNOWN,
        _ACTOR,
        _RECIPIENT,
        Column(
            "series",
            "text",
            "Name of the series, channel or measure that the spell belongs to (Team Spirit, Panmunjom line, ...).",
        ),
        Column("drill_kind", "category", "Kind of drill.", allowed=vocabulary.DRILL_KINDS),
        Column("drill_status", "category", "What became of the drill.", allowed=vocabulary.DRILL_STATUSES),
        Column(
            "scale",
            "category",
            "Form of a drill.",
            allowed=("major", "command_post", "field", "air", "naval", "trilateral", "strategic_asset"),
        ),
        Column("personnel", "integer", "People taking part where one figure is given."),
        Column("level", "category", "Highest level at the table.", allowed=vocabulary.TALKS_LEVELS),
        Column(
            "area",
            "category",
            "Matter of the talks, the channel or the measure.",
            allowed=(
                "political",
                "military",
                "economic",
                "humanitarian",
                "red_cross",
                "sports",
                "social_cultural",
                "nuclear",
                "other",
            ),
        ),
        Column(
            "format",
            "category",
            "Who sat at the table.",
            allowed=("bilateral", "trilateral", "four_party", "six_party", "private_envoy", "other"),
        ),
        Column(
            "outcome",
            "category",
            "What came of the talks, a first reading by the code book.",
            allowed=("agreement", "progress", "none", "breakdown", "not_held"),
        ),
        Column("weapon_classes", "list", "Classes that a moratorium names.", allowed=vocabulary.WEAPON_CLASSES),
        Column("ended_by", "text", "How a moratorium, a channel or a measure ended: act or statement."),
        *_TAIL,
    ),
)

CALENDAR = TableSchema(
    "calendar",
    "Dates known beforehand: drills, sessions, anniversaries, elections.",
    (
        _ID,
        Column("date", "date", "First day (KST).", required=True),
        Column("end_date", "date", "Last day (KST), where it lasts."),
        Column(
            "basis",
            "category",
            "`fixed`: same day every year or by law; `announced`: by a source; `expected`: by past years' pattern.",
            required=True,
            allowed=("fixed", "announced", "expected"),
        ),
        *_KNOWN,
        _ACTOR,
        Column("source_ids", "list", "Rows of sources.csv that carry the date.", required=True),
        Column("note", "text", "What a reader must know."),
        Column("confidence", "category", "As in events.", required=True, allowed=CONFIDENCES),
        Column("label_en", "text", "Short neutral label in English.", required=True),
        Column("label_ko", "text", "The same in Korean.", required=True),
    ),
)

COVERAGE = TableSchema(
    "coverage",
    "For each family, the days between which it is meant to be complete. Outside them no row means *not covered*.",
    (
        Column("family", "text", "Family of the chronicle.", required=True),
        Column("complete_from", "date", "First day from which the family is meant to be complete.", required=True),
        Column("complete_through", "date", "Last such day.", required=True),
        Column("thin", "text", "Periods and kinds known to be thin, in words."),
        Column("source_ids", "list", "Sources that the statement rests on.", required=True),
    ),
    key=("family",),
)

SOURCES = TableSchema(
    "sources",
    "Every document or list that a row cites.",
    (
        _ID,
        Column("title", "text", "What it is.", required=True),
        Column("publisher", "text", "Who published it."),
        Column("address", "text", "Where it was found; empty for material cited from general knowledge."),
        Column("archived_url", "text", "Copy in a public archive."),
        Column("date_seen", "date", "Day on which it was last opened, where recorded."),
        Column(
            "origin",
            "text",
            "Whom the source itself relies on; two sources of one origin do not confirm each other.",
        ),
        Column("licence", "text", "Terms as stated by the publisher."),
        Column("note", "text", "What a reader must know."),
    ),
)

SERIES = TableSchema(
    "series",
    "Numbers by period from other producers.",
    (
        Column("series", "text", "Name of the series.", required=True),
        Column("period", "text", "Month as 2025-06 or year as 2025.", required=True),
        Column("value", "number", "The figure.", required=True),
        Column("unit", "text", "Its unit.", required=True),
        *_KNOWN,
        Column("source_ids", "list", "Sources.", required=True),
        Column("note", "text", "What a reader must know."),
        Column("confidence", "category", "As in events.", required=True, allowed=CONFIDENCES),
    ),
    key=("series", "period"),
)

LEADERS = TableSchema(
    "leaders",
    "Who led each party, from when to when.",
    (
        _ID,
        Column("party", "category", "Whom they led.", required=True, allowed=vocabulary.PARTIES),
        Column(
            "role",
            "category",
            "`leader`: held power, as Archigos counts it; `acting`: held it for another; `office`: held a high office "
            "beside the leader.",
            required=True,
            allowed=("leader", "acting", "office"),
        ),
        Column("start_date", "date", "First day (KST or local) in the role.", required=True),
        Column("end_date", "date", "Last day; empty means in the role at the record's end."),
        *_KNOWN,
        Column("camp", "text", "Party or camp, a first reading by the code book."),
        *_TAIL[1:],
    ),
)

TABLES: Mapping[str, TableSchema] = MappingProxyType(
    {
        table.name: table
        for table in (
            EVENTS,
            SPELLS,
            CALENDAR,
            COVERAGE,
            SOURCES,
            SERIES,
            LEADERS,
            AGREEMENTS,
            COMMITMENTS,
            IMPLEMENTATION,
            VERIFICATIONS,
            SECOND_CODINGS,
            RECALL_CHECKS,
            COMPLETENESS,
        )
    }
)
FAMILIES: tuple[str, ...] = (
    "weapons_tests",
    "border_incidents",
    "unsc_resolutions",
    "joint_drills",
    "inter_korean_talks",
    "us_prk_talks",
    "moratoria",
    "grey_zone",
    "conciliatory_acts",
    "cbms",
    "contacts",
    "posture",
    "rhetoric",
    "sanctions",
    "calendar",
)
