"""The words of the house: parties, event types, weapon classes, kinds of drill, and how they map to other code books.

One word has one meaning. A party is an ISO 3166 alpha-3 code; an event type is snake_case and has a PLOVER type, a
CAMEO code and a quad code, so that the chronicle can be laid beside machine-coded feeds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Language = Literal["en", "ko"]

PARTIES: tuple[str, ...] = ("PRK", "KOR", "USA", "CHN", "RUS", "JPN")
"""The six parties, in the one order in which the house lists them."""

OTHER_ACTORS: tuple[str, ...] = ("UNC", "UNSC", "IGO", "AUS", "OTH")
"""Actors beside the six: UN Command, Security Council, other international bodies, Australia, others."""

QUAD_CODES: Mapping[int, str] = MappingProxyType(
    {1: "verbal cooperation", 2: "material cooperation", 3: "verbal conflict", 4: "material conflict"}
)


@dataclass(frozen=True)
class EventType:
    """A type of event and its place in the code books of others.

    Parameters
    ----------
    name
        Our own word, snake_case.
    family
        The family of the chronicle that it belongs to; families are never pooled.
    plover, cameo, quad_code
        PLOVER event type, CAMEO code, and quad code (1 to 4).
    """

    name: str
    family: str
    plover: str
    cameo: str
    quad_code: int


_EVENT_TYPES = (
    EventType("nuclear_test", "weapons_tests", "THREATEN", "154", 3),
    EventType("ballistic_launch", "weapons_tests", "THREATEN", "154", 3),
    EventType("space_launch", "weapons_tests", "THREATEN", "154", 3),
    EventType("cruise_launch", "weapons_tests", "THREATEN", "154", 3),
    EventType("air_defence_launch", "weapons_tests", "THREATEN", "154", 3),
    EventType("rocket_artillery_launch", "weapons_tests", "THREATEN", "154", 3),
    EventType("engine_test", "weapons_tests", "THREATEN", "154", 3),
    EventType("other_weapon_test", "weapons_tests", "THREATEN", "154", 3),
    EventType("border_clash", "border_incidents", "ASSAULT", "190", 4),
    EventType("border_fire", "border_incidents", "ASSAULT", "190", 4),
    EventType("warning_shots", "border_incidents", "COERCE", "175", 4),
    EventType("border_crossing", "border_incidents", "MOBILIZE", "152", 3),
    EventType("border_other", "border_incidents", "COERCE", "170", 4),
    EventType("unsc_resolution", "unsc_resolutions", "SANCTION", "163", 4),
    EventType("unsc_draft_vetoed", "unsc_resolutions", "REJECT", "129", 3),
)
EVENT_TYPES: Mapping[str, EventType] = MappingProxyType({kind.name: kind for kind in _EVENT_TYPES})

SPELL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "joint_drill": "joint_drills",
        "inter_korean_talks": "inter_korean_talks",
        "us_prk_talks": "us_prk_talks",
        "moratorium": "moratoria",
    }
)
"""Spell type -> family."""

WEAPON_CLASSES: tuple[str, ...] = (
    "nuclear",
    "CRBM",
    "SRBM",
    "MRBM",
    "IRBM",
    "ICBM",
    "SLBM",
    "HGV",
    "SLV",
    "LACM",
    "ASCM",
    "SAM",
    "MLRS",
    "engine",
    "underwater_drone",
    "aerial_drone",
    "other",
    "unknown",
)
BALLISTIC_CLASSES: frozenset[str] = frozenset({"CRBM", "SRBM", "MRBM", "IRBM", "ICBM", "SLBM", "HGV"})
LONG_RANGE_CLASSES: frozenset[str] = frozenset({"SRBM", "MRBM", "IRBM", "ICBM", "SLBM", "HGV", "SLV"})

DRILL_KINDS: tuple[str, ...] = ("scheduled", "responsive", "political")
"""`scheduled`: held or changed by the yearly plan; `responsive`: called after an act of another party;
`political`: put off, suspended or scaled for the sake of talks. Never pooled."""

DRILL_STATUSES: tuple[str, ...] = ("announced", "planned", "held", "postponed", "scaled_down", "suspended")
TALKS_LEVELS: tuple[str, ...] = ("leaders", "high", "working")
Phase = Literal["testing", "talks", "pause"]
PHASES: tuple[Phase, ...] = ("testing", "talks", "pause")

_PARTY_NAMES: dict[str, dict[Language, str]] = {
    "PRK": {"en": "North Korea", "ko": "북한"},
    "KOR": {"en": "South Korea", "ko": "한국"},
    "USA": {"en": "United States", "ko": "미국"},
    "CHN": {"en": "China", "ko": "중국"},
    "RUS": {"en": "Russia", "ko": "러시아"},
    "JPN": {"en": "Japan", "ko": "일본"},
}


def party_name(code: str, *, language: Language = "en") -> str:
    """Return the short name of a party in one language; other codes come back as they are."""
    return _PARTY_NAMES.get(code, {}).get(language, code)


FORBIDDEN_WORDS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "en": (
            "regime",
            "provocation",
            "provoke",
            "rogue",
            "blackmail",
            "surgical",
            "the model believes",
            "the north wants",
        ),
        "ko": ("도발", "괴뢰", "불량국가", "협박", "정권의 야욕"),
    }
)
"""Words that labels and pages may not use; a test searches both languages."""
