"""The coder's habits as rules: which type a class of weapon has, when an act became known, how a row is named and told.

A label made here is a first wording for a reader to keep or to better; it says what the cells say and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from types import MappingProxyType

from sixparty.vocabulary import EVENT_TYPES, Language, party_name

TYPE_OF_CLASS: Mapping[str, str] = MappingProxyType(
    {
        "nuclear": "nuclear_test",
        **dict.fromkeys(("CRBM", "SRBM", "MRBM", "IRBM", "ICBM", "SLBM", "HGV"), "ballistic_launch"),
        "SLV": "space_launch",
        "LACM": "cruise_launch",
        "ASCM": "cruise_launch",
        "SAM": "air_defence_launch",
        "MLRS": "rocket_artillery_launch",
        "engine": "engine_test",
        **dict.fromkeys(("underwater_drone", "aerial_drone", "other", "unknown"), "other_weapon_test"),
    }
)
"""Weapon class -> event type."""

CLASS_OF_TYPE: Mapping[str, str] = MappingProxyType(
    {
        "nuclear_test": "nuclear",
        "space_launch": "SLV",
        "air_defence_launch": "SAM",
        "rocket_artillery_launch": "MLRS",
        "engine_test": "engine",
    }
)
"""Event type -> its weapon class, for the types that have one."""

TYPE_OF_INCIDENT: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("exchange_of_fire", "naval_clash", "killing", "mine"), "border_clash"),
        **dict.fromkeys(("one_sided_fire", "buffer_zone_fire"), "border_fire"),
        "warning_shots": "warning_shots",
        **dict.fromkeys(("infiltration", "line_crossing", "air_approach", "drone", "defection"), "border_crossing"),
        **dict.fromkeys(("ship_sunk", "seizure", "demolition", "declaration", "other"), "border_other"),
    }
)
"""Kind of incident -> the event type that it most often has."""

USUAL_ACTORS: Mapping[str, str] = MappingProxyType(
    {
        **{kind.name: "PRK" for kind in EVENT_TYPES.values() if kind.family == "weapons_tests"},
        "unsc_resolution": "UNSC",
        "unsc_draft_vetoed": "UNSC",
    }
)
"""Event type -> who acted, where every row of the record has the same."""

_PREFIXES = {
    "weapons_tests": "wt",
    "border_incidents": "bi",
    "unsc_resolutions": "sc",
    "grey_zone": "gz",
    "conciliatory_acts": "ca",
    "contacts": "ct",
    "sanctions": "sa",
    "cbms": "cb",
    "rhetoric": "rh",
    "posture": "po",
}
_DATE_LENGTHS = {"day": 10, "month": 7, "year": 4}

_CLASS_NAMES: Mapping[str, tuple[str, str, str]] = {
    "CRBM": ("close-range ballistic missile", "close-range ballistic missiles", "근거리 탄도미사일"),
    "SRBM": ("short-range ballistic missile", "short-range ballistic missiles", "단거리 탄도미사일"),
    "MRBM": ("medium-range ballistic missile", "medium-range ballistic missiles", "준중거리 탄도미사일"),
    "IRBM": ("intermediate-range ballistic missile", "intermediate-range ballistic missiles", "중거리 탄도미사일"),
    "ICBM": ("intercontinental ballistic missile", "intercontinental ballistic missiles", "대륙간탄도미사일"),
    "SLBM": ("submarine-launched ballistic missile", "submarine-launched ballistic missiles", "잠수함발사탄도미사일"),
    "HGV": ("missile with a glide vehicle", "missiles with a glide vehicle", "극초음속 미사일"),
    "SLV": ("satellite launch vehicle", "satellite launch vehicles", "위성 운반 로켓"),
    "LACM": ("land-attack cruise missile", "land-attack cruise missiles", "지상공격 순항미사일"),
    "ASCM": ("anti-ship cruise missile", "anti-ship cruise missiles", "대함 순항미사일"),
    "SAM": ("surface-to-air missile", "surface-to-air missiles", "지대공미사일"),
    "MLRS": ("rocket", "rockets", "방사포"),
    "underwater_drone": ("underwater drone", "underwater drones", "수중 무인정"),
    "aerial_drone": ("aerial drone", "aerial drones", "무인기"),
}
_PLACES_KO: Mapping[str, str] = {
    "Sunan": "순안",
    "Wonsan": "원산",
    "Sohae": "서해위성발사장",
    "Sinpo": "신포",
    "Punggye-ri": "풍계리",
    "Pyongyang": "평양",
    "Hwangju": "황주",
    "Hodo Peninsula": "호도반도",
    "Kusong": "구성",
    "Kaechon": "개천",
    "Sunchon": "순천",
    "Sondok": "선덕",
    "Hamhung": "함흥",
    "Hungnam": "흥남",
    "Onchon": "온천",
    "Mupyong-ni": "무평리",
    "Kittaeryong": "깃대령",
    "Samsok": "삼석",
    "Chunghwa": "중화",
    "Seoul": "서울",
    "Panmunjom": "판문점",
    "Kaesong": "개성",
    "Beijing": "베이징",
    "Moscow": "모스크바",
    "Vladivostok": "블라디보스토크",
    "Tokyo": "도쿄",
    "Washington": "워싱턴",
    "New York": "뉴욕",
}
KOREAN_PLACES: Mapping[str, str] = MappingProxyType({korean: name for name, korean in _PLACES_KO.items()})
"""Korean name of a place -> its name in the record's romanisation."""

_PHRASES: Mapping[str, tuple[str, str]] = {
    "border_clash": ("{who} in a clash at the line", "{whom}, 접경 교전"),
    "border_fire": ("{who} fired near the line", "{whom}, 접경 사격"),
    "warning_shots": ("Warning shots at the line: {who}", "접경 경고사격: {whom}"),
    "border_crossing": ("{who} crossed the line", "{whom}, 경계선 월선"),
    "border_other": ("An incident at the line: {who}", "접경 사건: {whom}"),
    "unsc_resolution": ("The Security Council voted for a resolution", "안보리 표결, 결의 채택"),
    "unsc_draft_vetoed": (
        "The Security Council voted on a draft, which failed by veto",
        "안보리 표결, 거부권으로 부결",
    ),
    "gps_jamming": ("{who} jammed satellite navigation", "{whom}, 위성항법(GPS) 전파 교란"),
    "balloon_release": ("{who} released {n}balloons", "{whom}, 풍선 {n개}날림"),
    "leaflet_drone": ("{who} dropped leaflets from a drone", "{whom}, 무인기로 전단 살포"),
    "loudspeaker_broadcast": ("{who} broadcast by loudspeaker at the line", "{whom}, 군사분계선 확성기 방송"),
    "cyber_operation": ("{who} ran an operation against computers", "{whom}, 사이버 활동"),
    "assassination": ("{who} had a person killed or planned to", "{whom}, 인명 살해 또는 계획"),
    "offer": ("{who} made an offer{to}", "{whom}, {toward}제안"),
    "offer_withdrawn": ("{who} took back an offer", "{whom}, 제안 철회"),
    "leader_letter": ("The leader of {who} wrote a letter{to}", "{whom} 정상, {toward}친서"),
    "test_stop": ("{who} said it stops tests", "{whom}, 시험 중지 발표"),
    "site_closing": ("{who} closed a site", "{whom}, 시설 폐쇄"),
    "drill_put_off": ("{who} put off a drill", "{whom}, 훈련 연기"),
    "release": ("{who} let people, remains or a vessel go", "{whom}, 송환"),
    "regret_said": ("{who} said it regrets", "{whom}, 유감 표명"),
    "aid_delivered": ("{who} delivered aid{to}", "{whom}, {toward}지원 전달"),
    "contact": ("{who} met", "{whom} 접촉"),
    "relations_opened": ("{who} opened diplomatic relations", "{whom} 수교"),
    "military_support": ("{who} gave military support{to}", "{whom}, {toward}군사 지원"),
    "sanction_imposed": ("{who} imposed a sanction{on}", "{whom}, {toward}제재 부과"),
    "sanction_eased": ("{who} eased a sanction{on}", "{whom}, {toward}제재 완화"),
    "sanction_easing_proposed": ("{who} proposed to ease sanctions", "{whom}, 제재 완화 제안"),
    "sanction_monitoring": ("A body that watches sanctions: {who}", "제재 감시 기구: {whom}"),
    "cbm_on": ("{who} took a step of confidence building", "{whom}, 신뢰구축 조치 시행"),
    "cbm_off": ("{who} ended a step of confidence building", "{whom}, 신뢰구축 조치 중단"),
    "threat": ("{who} said that harm may follow", "{whom}, 경고 발언"),
    "nuclear_threat": ("{who} said that nuclear arms may be used", "{whom}, 핵 사용 언급"),
    "ultimatum": ("{who} made a demand with a deadline", "{whom}, 시한부 요구"),
    "accord_renounced": ("{who} said an accord is void", "{whom}, 합의 무효 선언"),
    "war_footing": ("{who} declared a state of war or semi-war", "{whom}, 전시 또는 준전시 선포"),
    "posture_declared": ("{who} declared a policy", "{whom}, 정책 발표"),
    "posture_enacted": ("{who} put a policy in force", "{whom}, 정책 시행"),
}


def known_by_rule(date: dt.date, precision: str) -> dt.date:
    """Return the first public day by rule: the day after, the first of the next month, or of the next year.

    Examples
    --------
    >>> known_by_rule(dt.date(2025, 5, 1), "month")
    datetime.date(2025, 6, 1)
    """
    if precision == "day":
        return date + dt.timedelta(days=1)
    month = date.month if precision == "month" else 12
    return dt.date(date.year + month // 12, month % 12 + 1, 1)


def row_id(cells: Mapping[str, str], taken: Container[str]) -> str:
    """Make the name of a new event as the record makes them: family, date, what; a number where it is taken."""
    kind = EVENT_TYPES[cells["event_type"]]
    date = cells["event_date"][: _DATE_LENGTHS[cells["date_precision"]]]
    what = cells.get("weapon_class") or cells.get("act_kind") or kind.name
    parties = f"-{cells['actors'].replace(';', '-')}" if kind.family in ("contacts", "rhetoric", "sanctions") else ""
    name = f"{_PREFIXES[kind.family]}-{date}{parties}-{what}".lower().replace("_", "-")
    numbers = (f"{name}-{number}" for number in range(2, 10_000))
    return name if name not in taken else next(one for one in numbers if one not in taken)


def label_of(cells: Mapping[str, str], language: Language) -> str:
    """Word a label for an event from its cells."""
    kind, place = cells["event_type"], cells.get("place", "")
    if EVENT_TYPES[kind].family == "weapons_tests":
        return _test_label_ko(cells) if language == "ko" else _test_label_en(cells)
    both = ";".join(filter(None, (cells.get("actors"), cells.get("recipients"))))
    actors = both if kind in ("contact", "relations_opened") else cells.get("actors", "")
    who, whom = _joined(actors, "en"), _joined(actors, "ko")
    to, toward = _joined(cells.get("recipients", ""), "en"), _joined(cells.get("recipients", ""), "ko")
    objects = cells.get("objects", "")
    words = {
        "{who}": who,
        "{whom}": whom,
        "{to}": f" to {to}" if to else "",
        "{on}": f" on {to}" if to else "",
        "{toward}": f"대{toward} " if toward else "",
        "{n}": f"{objects} " if objects else "",
        "{n개}": f"{objects}개 " if objects else "",
    }
    text = _PHRASES[kind][0 if language == "en" else 1]
    for mark, word in words.items():
        text = text.replace(mark, word)
    if language == "en":
        return text + (f" ({place})" if place else "")
    return text + (f" ({_PLACES_KO[place]})" if place in _PLACES_KO else "")


def _joined(codes: str, language: Language) -> str:
    names = [party_name(code, language=language) for code in codes.split(";") if code]
    if language == "ko" or len(names) < 2:
        return "·".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _test_label_en(cells: Mapping[str, str]) -> str:
    who, place, kind = _joined(cells.get("actors", ""), "en"), cells.get("place", ""), cells["event_type"]
    if kind == "nuclear_test":
        return f"{who} held a nuclear test" + (f" at {place}" if place else "")
    if kind == "engine_test":
        return f"{who} tested a rocket engine on the ground" + (f" at {place}" if place else "")
    usual = "a ballistic missile" if kind == "ballistic_launch" else "a weapon"
    one, many, _ = _CLASS_NAMES.get(cells.get("weapon_class", ""), (usual.removeprefix("a "), f"{usual[2:]}s", ""))
    objects = cells.get("objects", "")
    article = "an" if one[0] in "aeiou" else "a"
    what = f"{article} {one}" if objects in ("", "1") else f"{objects} {many}"
    verb = "tested" if kind == "other_weapon_test" else "launched"
    return f"{who} {verb} {what}" + (f" from {place}" if place else "")


def _test_label_ko(cells: Mapping[str, str]) -> str:
    who, kind = _joined(cells.get("actors", ""), "ko"), cells["event_type"]
    place = _PLACES_KO.get(cells.get("place", ""), "")
    where = f"{place}에서 " if place else ""
    if kind == "nuclear_test":
        return f"{who}, {where}핵실험"
    if kind == "engine_test":
        return f"{who}, {where}로켓 엔진 지상 시험"
    usual = "탄도미사일" if kind == "ballistic_launch" else "무기"
    what = _CLASS_NAMES.get(cells.get("weapon_class", ""), ("", "", usual))[2]
    objects = cells.get("objects", "")
    count = f" {objects}발" if objects else ""
    return f"{who}, {where}{what}{count} {'시험' if kind == 'other_weapon_test' else '발사'}"
