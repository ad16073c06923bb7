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
        PLOVER event type (NONE where PLOVER has none), CAMEO code, and quad code (1 to 4).
    """

    name: str
    family: str
    plover: str
    cameo: str
    quad_code: int


_EVENT_TYPES = (
    EventType("nuclear_test", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("ballistic_launch", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("space_launch", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("cruise_launch", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("air_defence_launch", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("rocket_artillery_launch", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("engine_test", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("other_weapon_test", "weapons_tests", "MOBILIZE", "150", 4),
    EventType("border_clash", "border_incidents", "ASSAULT", "190", 4),
    EventType("border_fire", "border_incidents", "ASSAULT", "190", 4),
    EventType("warning_shots", "border_incidents", "COERCE", "175", 4),
    EventType("border_crossing", "border_incidents", "MOBILIZE", "152", 4),
    EventType("border_other", "border_incidents", "COERCE", "170", 4),
    EventType("unsc_resolution", "unsc_resolutions", "SANCTION", "163", 4),
    EventType("unsc_draft_vetoed", "unsc_resolutions", "REJECT", "129", 3),
    EventType("gps_jamming", "grey_zone", "COERCE", "170", 4),
    EventType("balloon_release", "grey_zone", "COERCE", "170", 4),
    EventType("leaflet_drone", "grey_zone", "COERCE", "170", 4),
    EventType("loudspeaker_broadcast", "grey_zone", "ACCUSE", "110", 3),
    EventType("cyber_operation", "grey_zone", "COERCE", "176", 4),
    EventType("assassination", "grey_zone", "ASSAULT", "185", 4),
    EventType("offer", "conciliatory_acts", "AGREE", "036", 1),
    EventType("offer_withdrawn", "conciliatory_acts", "REJECT", "125", 3),
    EventType("leader_letter", "conciliatory_acts", "CONSULT", "040", 1),
    EventType("test_stop", "conciliatory_acts", "AGREE", "035", 1),
    EventType("site_closing", "conciliatory_acts", "RETREAT", "087", 2),
    EventType("drill_put_off", "conciliatory_acts", "RETREAT", "087", 2),
    EventType("release", "conciliatory_acts", "RETREAT", "084", 2),
    EventType("regret_said", "conciliatory_acts", "SUPPORT", "055", 1),
    EventType("aid_delivered", "conciliatory_acts", "AID", "073", 2),
    EventType("contact", "contacts", "CONSULT", "040", 1),
    EventType("relations_opened", "contacts", "SUPPORT", "050", 1),
    EventType("military_support", "contacts", "AID", "072", 2),
    EventType("sanction_imposed", "sanctions", "SANCTION", "163", 4),
    EventType("sanction_eased", "sanctions", "RETREAT", "085", 2),
    EventType("sanction_easing_proposed", "sanctions", "REQUEST", "025", 1),
    EventType("sanction_monitoring", "sanctions", "SANCTION", "160", 4),
    EventType("cbm_on", "cbms", "COOPERATE", "060", 2),
    EventType("cbm_off", "cbms", "SANCTION", "160", 4),
    EventType("threat", "rhetoric", "THREATEN", "138", 3),
    EventType("nuclear_threat", "rhetoric", "THREATEN", "138", 3),
    EventType("ultimatum", "rhetoric", "THREATEN", "139", 3),
    EventType("accord_renounced", "rhetoric", "REJECT", "120", 3),
    EventType("war_footing", "rhetoric", "MOBILIZE", "152", 4),
    EventType("posture_declared", "posture", "NONE", "010", 1),
    EventType("posture_enacted", "posture", "MOBILIZE", "150", 4),
)
EVENT_TYPES: Mapping[str, EventType] = MappingProxyType({kind.name: kind for kind in _EVENT_TYPES})

SPELL_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "joint_drill": "joint_drills",
        "inter_korean_talks": "inter_korean_talks",
        "us_prk_talks": "us_prk_talks",
        "moratorium": "moratoria",
        "cbm_in_force": "cbms",
        "sanction_in_force": "sanctions",
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

ACT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unsc_resolution": ("call", "measures", "panel"),
        "balloon_release": ("refuse", "leaflets"),
        "cyber_operation": ("denial_of_service", "destruction", "intrusion", "ransom", "theft"),
        "assassination": ("carried_out", "planned", "suspected"),
        "offer": ("aid", "contact", "envoy", "mutual_halt", "summit", "talks", "terms"),
        "release": ("detainee", "remains", "vessel"),
        "contact": ("meeting", "talks", "visit", "mediation"),
        "military_support": ("arms", "troops"),
    }
)
"""Event type -> finer kinds of act, for the types that have them."""

CBM_DOMAINS: tuple[str, ...] = ("military", "diplomatic", "economic", "political", "cultural")
POSTURE_DOMAINS: tuple[str, ...] = ("doctrine", "law", "command", "capability", "policy", "alliance")
CBM_STEPS: tuple[str, ...] = (
    "armistice",
    "asset",
    "aid",
    "border",
    "buffer_zone",
    "condolence",
    "drill",
    "estuary",
    "exchange",
    "family_reunion",
    "guard_posts",
    "hotline",
    "industrial_zone",
    "joint_march",
    "joint_security_area",
    "joint_sport",
    "joint_team",
    "leaflets",
    "liaison_office",
    "loudspeakers",
    "mine_clearance",
    "nuclear_weapons",
    "participation",
    "prisoners",
    "rail_road",
    "tourism",
    "un_entry",
    "unification_bodies",
    "visit",
)
"""What a step of confidence building is about; the five domains sort them."""

CONTACT_LEVELS: tuple[str, ...] = ("leaders", "ministers", "envoys", "working")
"""`leaders`: heads of state, government or party; `ministers`; `envoys`: special envoys and other members of a
leadership; `working`: directors-general and below."""

ANSWERS: tuple[str, ...] = ("accepted", "rejected", "ignored", "welcomed", "matched", "answered")

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
