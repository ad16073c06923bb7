"""Read an event from one line of text, in English or Korean, and say what is still missing.

    2025-06-12 PRK ballistic_launch SRBM 2 Sunan https://example.org/page "North Korea launched two missiles"

Quoted text is the label, ``http...`` the source, ``A>B`` an actor and a recipient, ``@Place`` a place that the record
does not know yet. Words that mean nothing else become the label where none is quoted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sixparty.chronicle.coding import (
    CLASS_OF_TYPE,
    KOREAN_PLACES,
    TYPE_OF_CLASS,
    TYPE_OF_INCIDENT,
    USUAL_ACTORS,
    label_of,
)
from sixparty.chronicle.schema import EVENTS
from sixparty.errors import UsageError
from sixparty.vocabulary import (
    ACT_KINDS,
    CBM_DOMAINS,
    CBM_STEPS,
    CONTACT_LEVELS,
    EVENT_TYPES,
    OTHER_ACTORS,
    PARTIES,
    POSTURE_DOMAINS,
    WEAPON_CLASSES,
    Language,
    party_name,
)

LONGEST_LINE = 2_000
_LONGEST_PHRASE = 5
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”')
_ADDRESS = re.compile(r"https?://[^\s\"”]+")
_DATES = (
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)년\s*(\d{1,2})월\s*(\d{1,2})일"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})(?![\d-])"),
    re.compile(r"(?<!\d)((?:19|20)\d\d)년\s*(\d{1,2})월"),
    re.compile(r"(?<![\d-])((?:19|20)\d\d)(?![\d-])년?"),
)
_COUNT = re.compile(r"(\d{1,6})(?:발|개|기|x)?")
_RANGE = re.compile(r"(\d{1,5}(?:\.\d+)?)\s?km\b", re.IGNORECASE)
_FILLERS = frozenset(
    {"from", "at", "near", "in", "off", "on", "to", "by", "of", "the", "a", "an", "and", "test"}
    | {"missile", "missiles", "rocket", "rockets", "에서", "발사"}
)

_ACTOR_NAMES: Mapping[str, str] = {
    **{party_name(code).casefold(): code for code in PARTIES},
    **{party_name(code, language="ko"): code for code in PARTIES},
    "dprk": "PRK",
    "조선": "PRK",
    "rok": "KOR",
    "남한": "KOR",
    "대한민국": "KOR",
    "united states of america": "USA",
    "u.s": "USA",
    "un": "UNSC",
    "prc": "CHN",
    "security council": "UNSC",
    "안보리": "UNSC",
    "un command": "UNC",
    "유엔사": "UNC",
    "australia": "AUS",
    "호주": "AUS",
    "한미": "USA;KOR",
    "한미일": "USA;KOR;JPN",
    "남북": "PRK;KOR",
    "북러": "RUS;PRK",
    "북중": "CHN;PRK",
    "북미": "USA;PRK",
}
_TYPE_NAMES: Mapping[str, str] = {
    **{name.replace("_", " "): name for name in EVENT_TYPES},
    "핵실험": "nuclear_test",
    "탄도미사일": "ballistic_launch",
    "탄도미사일 발사": "ballistic_launch",
    "ballistic missile": "ballistic_launch",
    "ballistic missiles": "ballistic_launch",
    "위성 발사": "space_launch",
    "우주발사체": "space_launch",
    "satellite launch": "space_launch",
    "순항미사일": "cruise_launch",
    "순항미사일 발사": "cruise_launch",
    "cruise missile": "cruise_launch",
    "cruise missiles": "cruise_launch",
    "방사포": "rocket_artillery_launch",
    "방사포 발사": "rocket_artillery_launch",
    "rocket artillery": "rocket_artillery_launch",
    "지대공미사일": "air_defence_launch",
    "엔진 시험": "engine_test",
    "경고사격": "warning_shots",
    "교전": "border_clash",
    "월선": "border_crossing",
    "전파 교란": "gps_jamming",
    "jamming": "gps_jamming",
    "풍선": "balloon_release",
    "balloons": "balloon_release",
    "확성기": "loudspeaker_broadcast",
    "확성기 방송": "loudspeaker_broadcast",
    "loudspeakers": "loudspeaker_broadcast",
    "사이버": "cyber_operation",
    "해킹": "cyber_operation",
    "cyber": "cyber_operation",
    "제안": "offer",
    "친서": "leader_letter",
    "letter": "leader_letter",
    "송환": "release",
    "유감": "regret_said",
    "지원 전달": "aid_delivered",
    "접촉": "contact",
    "수교": "relations_opened",
    "파병": "military_support",
    "제재": "sanction_imposed",
    "제재 완화": "sanction_eased",
    "훈련 연기": "drill_put_off",
    "시험 중지": "test_stop",
    "resolution": "unsc_resolution",
    "안보리 결의": "unsc_resolution",
}
_CLASS_WORDS: Mapping[str, str] = {
    **{name.casefold(): name for name in WEAPON_CLASSES if name not in ("other", "unknown", "engine", "nuclear")},
    "근거리": "CRBM",
    "close-range": "CRBM",
    "단거리": "SRBM",
    "short-range": "SRBM",
    "준중거리": "MRBM",
    "medium-range": "MRBM",
    "중거리": "IRBM",
    "intermediate-range": "IRBM",
    "대륙간": "ICBM",
    "대륙간탄도미사일": "ICBM",
    "intercontinental": "ICBM",
    "극초음속": "HGV",
    "hypersonic": "HGV",
    "대함": "ASCM",
    "anti-ship": "ASCM",
    "land-attack": "LACM",
    "무인기": "aerial_drone",
    "수중 무인정": "underwater_drone",
}
_OUTCOMES = {"success": "success", "성공": "success", "failure": "failure", "failed": "failure", "실패": "failure"}
_KOREAN = re.compile("[가-힣]")


@dataclass(frozen=True)
class Told:
    """What has been told of an event.

    Parameters
    ----------
    cells
        Columns of events.csv that are known, as text.
    address, source_id
        Where it stands; an address, or the name of a row of sources.csv.
    unread
        Words that were put to no use.
    """

    cells: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    address: str = ""
    source_id: str = ""
    unread: tuple[str, ...] = ()

    def with_cells(self, cells: Mapping[str, str]) -> Told:
        """Return it with more cells; they win over those read before."""
        return replace(self, cells=MappingProxyType(_implied({**self.cells, **cells})))


@dataclass(frozen=True)
class Question:
    """Something still to be told.

    Parameters
    ----------
    name
        The column, or `source`.
    words
        What is asked.
    default
        The answer proposed; empty where none can be.
    choices
        The words that may be answered; empty means any.
    """

    name: str
    words: str
    default: str = ""
    choices: tuple[str, ...] = ()


class _Line:
    """The words of a line, taken out one phrase after another."""

    def __init__(self, text: str) -> None:
        self.words = [word for word in re.split(r"\s+", text) if word]
        self.is_taken = [False] * len(self.words)

    def take(self, meaning: Mapping[str, str] | Callable[[str], str | None], *, most: int = 1) -> list[tuple[int, str]]:
        """Take the phrases that have a meaning, the longest first, and return them with their places."""
        look_up = meaning.get if isinstance(meaning, Mapping) else meaning
        found: list[tuple[int, str]] = []
        for length in range(min(_LONGEST_PHRASE, len(self.words)), 0, -1):
            for start in range(len(self.words) - length + 1):
                span = range(start, start + length)
                value = look_up(" ".join(self.words[i].strip(",.;") for i in span).casefold())
                if value is not None and len(found) < most and not any(self.is_taken[i] for i in span):
                    found.append((start, value))
                    for i in span:
                        self.is_taken[i] = True
        return sorted(found)

    def take_one(self, meaning: Mapping[str, str] | Callable[[str], str | None]) -> str:
        """Take the first phrase that has a meaning; nothing where none has."""
        found = self.take(meaning)
        return found[0][1] if found else ""

    def rest(self) -> list[str]:
        """Return the words that nothing was made of."""
        return [word for word, is_taken in zip(self.words, self.is_taken, strict=True) if not is_taken]


def read_line(line: str, *, places: Iterable[str] = (), source_ids: Collection[str] = ()) -> Told:
    """Read what a line of text says of an event.

    Parameters
    ----------
    places, source_ids
        Places and sources that the record knows.

    Raises
    ------
    UsageError
        If the line is longer than 2,000 characters or names a day that does not exist.
    """
    if len(line) > LONGEST_LINE:
        raise UsageError(f"line must have at most {LONGEST_LINE} characters, got {len(line)}.")
    cells: dict[str, str] = {}
    text = _quoted_labels(line, cells)
    address = next(iter(_ADDRESS.findall(text)), "")
    text = _dates(_ADDRESS.sub(" ", text), cells)
    if reached := _RANGE.search(text):
        cells["range_km"] = reached[1]
        text = _RANGE.sub(" ", text, count=1)
    words = _Line(re.sub(r"->|>|→", " > ", text))
    source_id = words.take_one(lambda word: next((one for one in source_ids if one.casefold() == word), None))
    _kinds(words, cells)
    _actors(words, cells)
    _place(words, cells, places)
    if count := words.take_one(lambda word: found[1] if (found := _COUNT.fullmatch(word)) else None):
        cells["objects"] = count
    unread = _label_from_rest(words.rest(), cells)
    return Told(MappingProxyType(_implied(cells)), address, source_id, unread)


def _quoted_labels(line: str, cells: dict[str, str]) -> str:
    for found in _QUOTED.finditer(line):
        text = (found[1] or found[2] or "").strip()
        column = "label_ko" if _KOREAN.search(text) else "label_en"
        if text:
            cells.setdefault(column, text)
    return _QUOTED.sub(" ", line)


def date_cells(text: str) -> dict[str, str]:
    """Read a day, a month or a year into the two cells of a date.

    Raises
    ------
    UsageError
        If the text is no date, or a day that does not exist.
    """
    cells: dict[str, str] = {}
    if _dates(text.strip(), cells).strip() or not cells:
        raise UsageError(f"date must be a day, a month or a year as 2025-06-12, 2025-06 or 2025, got {text!r}.")
    return cells


def _dates(text: str, cells: dict[str, str]) -> str:
    """Find the date, in the most precise form that stands there, and cut it out."""
    for pattern in _DATES:
        found = pattern.search(text)
        if found is None:
            continue
        parts = [int(part) for part in found.groups()]
        precision = ("year", "month", "day")[len(parts) - 1]
        try:
            date = dt.date(*[*parts, 1, 1][:3])
        except ValueError:
            raise UsageError(f"line must name a day that exists, got {found[0]!r}.") from None
        cells |= {"event_date": date.isoformat(), "date_precision": precision}
        return text[: found.start()] + " " + text[found.end() :]
    return text


def _actors(words: _Line, cells: dict[str, str]) -> None:
    """Find who acted, and after `>` on whom."""
    arrows = [i for i, word in enumerate(words.words) if word == ">"]
    for i in arrows:
        words.is_taken[i] = True
    words.words = ["USA" if word == "US" else word for word in words.words]  # "us" is no party
    found = words.take(_actor_codes, most=12)
    sides = {
        "actors": [codes for place, codes in found if not arrows or place < arrows[0]],
        "recipients": [codes for place, codes in found if arrows and place > arrows[0]],
    }
    for column, codes in sides.items():
        told = dict.fromkeys(code for one in codes for code in one.split(";"))
        if told:
            cells[column] = ";".join(told)


def _actor_codes(phrase: str) -> str | None:
    if phrase in _ACTOR_NAMES:
        return _ACTOR_NAMES[phrase]
    codes = [code.upper() for code in re.split(r"[;,/·+]", phrase)]
    return ";".join(codes) if all(code in PARTIES + OTHER_ACTORS for code in codes) else None


def _kinds(words: _Line, cells: dict[str, str]) -> None:
    """Find the type, the class of weapon, and the words that belong to the type alone."""
    names = {**{name: name for name in EVENT_TYPES}, **_TYPE_NAMES}
    kind = words.take_one(names)
    if weapon := words.take_one(_CLASS_WORDS):
        cells["weapon_class"] = weapon
        kind = kind or TYPE_OF_CLASS[weapon]
    if not kind and (incident := words.take_one({one.replace("_", " "): one for one in _INCIDENTS} | _INCIDENTS)):
        cells["incident_kind"] = incident
        kind = TYPE_OF_INCIDENT[incident]
    if not kind:
        return
    cells["event_type"] = kind
    for column, choices in choices_of(kind).items():
        if column not in cells:
            told = words.take_one({**{one.replace("_", " "): one for one in choices}, **{one: one for one in choices}})
            cells |= {column: told} if told else {}
    if EVENT_TYPES[kind].family == "weapons_tests" and (outcome := words.take_one(_OUTCOMES)):
        cells["outcome"] = outcome


_INCIDENTS = {name: name for name in TYPE_OF_INCIDENT if name not in ("other", "declaration", "mine")}


def _place(words: _Line, cells: dict[str, str], places: Iterable[str]) -> None:
    """Find a place marked with `@`, else one that the record or our list of Korean names knows."""
    marked = next((i for i, word in enumerate(words.words) if word.startswith("@") and len(word) > 1), None)
    if marked is not None:
        words.is_taken[marked] = True
        cells["place"] = words.words[marked][1:].replace("_", " ").strip(",.; ")
        return
    known = {place.casefold(): place for place in places if len(place) > 2} | dict(KOREAN_PLACES)
    known |= {f"{korean}에서": place for korean, place in KOREAN_PLACES.items()}
    if place := words.take_one(known):
        cells["place"] = place


def _label_from_rest(rest: Sequence[str], cells: dict[str, str]) -> tuple[str, ...]:
    """Make a label of the words left, where none is quoted; return the words put to no use."""
    is_filler = [word.casefold().strip(",.;") in _FILLERS for word in rest]
    if all(is_filler):
        return ()
    telling = rest[is_filler.index(False) : len(rest) - is_filler[::-1].index(False)]
    text = " ".join(telling)
    column = "label_ko" if _KOREAN.search(text) else "label_en"
    if column in cells:
        return tuple(telling)
    cells[column] = text
    return ()


def choices_of(kind: str) -> dict[str, tuple[str, ...]]:
    """Return the columns that an event of this type must fill beside those of every event, with their words.

    A text that is no type has none.
    """
    found: dict[str, tuple[str, ...]] = {}
    family = EVENT_TYPES[kind].family if kind in EVENT_TYPES else ""
    if family == "weapons_tests":
        found["weapon_class"] = tuple(name for name in WEAPON_CLASSES if TYPE_OF_CLASS[name] == kind)
        found["weapon_class"] += ("unknown",) if kind == "ballistic_launch" else ()
    if family == "border_incidents":
        found["incident_kind"] = EVENTS.column("incident_kind").allowed
    if family in ("cbms", "posture"):
        found["domain"] = CBM_DOMAINS if family == "cbms" else POSTURE_DOMAINS
    if kind in ACT_KINDS or family == "cbms":
        found["act_kind"] = CBM_STEPS if family == "cbms" else ACT_KINDS[kind]
    if kind == "contact":
        found["level"] = CONTACT_LEVELS
    return found


def _implied(cells: Mapping[str, str]) -> dict[str, str]:
    """Fill in what follows from the cells: the type from the class, the class or the kind from the type."""
    known = {name: cell for name, cell in cells.items() if cell}
    if "event_type" not in known and known.get("weapon_class") in TYPE_OF_CLASS:
        known["event_type"] = TYPE_OF_CLASS[known["weapon_class"]]
    if "event_type" not in known and known.get("incident_kind") in TYPE_OF_INCIDENT:
        known["event_type"] = TYPE_OF_INCIDENT[known["incident_kind"]]
    kind = known.get("event_type", "")
    if kind in CLASS_OF_TYPE:
        known.setdefault("weapon_class", CLASS_OF_TYPE[kind])
    if kind == "warning_shots":
        known.setdefault("incident_kind", "warning_shots")
    return known


def questions(told: Told) -> tuple[Question, ...]:
    """Say what is still missing, in the order in which it is asked; what depends on the type comes after the type."""
    cells = told.cells
    kind = cells.get("event_type", "")
    asked = []
    if "event_date" not in cells:
        asked.append(Question("event_date", "Day (KST), month or year, as 2025-06-12"))
    if not kind:
        asked.append(Question("event_type", "Type of event", choices=tuple(EVENT_TYPES)))
    if "actors" not in cells:
        asked.append(Question("actors", "Who acted, codes joined by ;", USUAL_ACTORS.get(kind, "")))
    for column, choices in choices_of(kind).items():
        if column not in cells:
            asked.append(Question(column, EVENTS.column(column).meaning.rstrip("."), choices=choices))
    is_worded = not asked
    if not told.address and not told.source_id:
        asked.append(Question("source", "Address of the source, or its name in the record"))
    return (*asked, *(_label_questions(cells) if is_worded else ()))


def _label_questions(cells: Mapping[str, str]) -> list[Question]:
    """Propose the labels that are missing, made from the cells."""
    words: tuple[tuple[Language, str], ...] = (("en", "Label in English"), ("ko", "Label in Korean"))
    return [
        Question(f"label_{language}", asked, label_of(cells, language))
        for language, asked in words
        if f"label_{language}" not in cells
    ]
