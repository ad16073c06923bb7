import datetime as dt

import pytest

from sixparty.chronicle.coding import (
    TYPE_OF_CLASS,
    TYPE_OF_INCIDENT,
    known_by_rule,
    label_of,
    row_id,
)
from sixparty.chronicle.one_line import LONGEST_LINE, choices_of, date_cells, questions, read_line
from sixparty.chronicle.schema import EVENTS
from sixparty.errors import UsageError
from sixparty.vocabulary import EVENT_TYPES, FORBIDDEN_WORDS, WEAPON_CLASSES

PLACES = ("Sunan", "Hodo Peninsula", "Pyongyang", "DMZ")
SOURCES = ("csis-beyond-parallel",)


def cells(line: str) -> dict[str, str]:
    return dict(read_line(line, places=PLACES, source_ids=SOURCES).cells)


def test_a_full_line_leaves_nothing_open_but_the_korean_label():
    told = read_line(
        '2024-06-12 PRK ballistic_launch SRBM 2 Sunan https://example.org/a "North Korea launched two missiles"',
        places=PLACES,
    )
    assert told.cells == {
        "event_date": "2024-06-12",
        "date_precision": "day",
        "actors": "PRK",
        "event_type": "ballistic_launch",
        "weapon_class": "SRBM",
        "objects": "2",
        "place": "Sunan",
        "label_en": "North Korea launched two missiles",
    }
    assert told.address == "https://example.org/a"
    assert [(one.name, one.default) for one in questions(told)] == [
        ("label_ko", "북한, 순안에서 단거리 탄도미사일 2발 발사")
    ]


def test_the_order_of_the_words_does_not_matter():
    words = ["https://example.org/a", "Sunan", "SRBM", "2024-06-12", '"A label"', "PRK"]
    first = read_line(" ".join(words), places=PLACES)
    assert read_line(" ".join(reversed(words)), places=PLACES) == first


@pytest.mark.parametrize(
    ("text", "date", "precision"),
    [
        ("2024-06-12", "2024-06-12", "day"),
        ("2024.6.2", "2024-06-02", "day"),
        ("2024/06/12", "2024-06-12", "day"),
        ("2024년 6월 12일", "2024-06-12", "day"),
        ("2024-06", "2024-06-01", "month"),
        ("2024년 6월", "2024-06-01", "month"),
        ("2024", "2024-01-01", "year"),
        ("2024년", "2024-01-01", "year"),
    ],
)
def test_a_date_is_a_day_a_month_or_a_year(text, date, precision):
    assert date_cells(text) == {"event_date": date, "date_precision": precision}
    assert cells(f"PRK SRBM {text} 3")["event_date"] == date
    assert cells(f"PRK SRBM {text} 3")["objects"] == "3"


@pytest.mark.parametrize("text", ["2024-02-30", "2024-13", "2024-00-10"])
def test_a_day_that_does_not_exist_is_refused(text):
    with pytest.raises(UsageError, match="a day that exists"):
        read_line(f"{text} PRK SRBM")


@pytest.mark.parametrize("text", ["", "soon", "24-06-12", "2024-06-12 and more", "12 June"])
def test_a_text_that_is_no_date_is_refused(text):
    with pytest.raises(UsageError, match="a day, a month or a year"):
        date_cells(text)


@pytest.mark.parametrize(
    ("text", "actors", "recipients"),
    [
        ("PRK", "PRK", None),
        ("North Korea", "PRK", None),
        ("북한", "PRK", None),
        ("DPRK", "PRK", None),
        ("US and South Korea", "USA;KOR", None),
        ("USA;KOR", "USA;KOR", None),
        ("usa/kor", "USA;KOR", None),
        ("한미일", "USA;KOR;JPN", None),
        ("KOR > PRK", "KOR", "PRK"),
        ("KOR>PRK", "KOR", "PRK"),
        ("the United States -> China, Russia", "USA", "CHN;RUS"),
        ("UN Command", "UNC", None),
    ],
)
def test_parties_are_told_by_code_or_by_name(text, actors, recipients):
    found = cells(f"2024-06-12 offer {text}")
    assert found["actors"] == actors
    assert found.get("recipients") == recipients


def test_us_in_small_letters_is_no_party():
    assert cells("2024-06-12 PRK threat they told us")["actors"] == "PRK"


@pytest.mark.parametrize(
    ("text", "kind", "weapon"),
    [
        ("nuclear_test", "nuclear_test", "nuclear"),
        ("nuclear test", "nuclear_test", "nuclear"),
        ("핵실험", "nuclear_test", "nuclear"),
        ("ICBM", "ballistic_launch", "ICBM"),
        ("단거리 탄도미사일", "ballistic_launch", "SRBM"),
        ("cruise missiles LACM", "cruise_launch", "LACM"),
        ("방사포", "rocket_artillery_launch", "MLRS"),
        ("satellite launch", "space_launch", "SLV"),
        ("수중 무인정", "other_weapon_test", "underwater_drone"),
        ("엔진 시험", "engine_test", "engine"),
        ("warning shots", "warning_shots", None),
        ("확성기 방송", "loudspeaker_broadcast", None),
        ("안보리 결의", "unsc_resolution", None),
    ],
)
def test_types_are_told_in_english_and_korean_or_follow_from_the_class(text, kind, weapon):
    found = cells(f"2024-06-12 {text}")
    assert found["event_type"] == kind
    assert found.get("weapon_class") == weapon


def test_every_type_can_be_told_by_its_own_name():
    for kind in EVENT_TYPES:
        assert cells(f"2024-06-12 PRK {kind}")["event_type"] == kind
        assert cells(f"2024-06-12 PRK {kind.replace('_', ' ')}")["event_type"] == kind


def test_words_of_the_type_are_read_where_they_belong():
    found = cells("2024-06-12 RUS>PRK contact visit ministers Pyongyang")
    assert (found["act_kind"], found["level"], found["place"]) == ("visit", "ministers", "Pyongyang")
    found = cells("2024-06-12 KOR>PRK offer talks")
    assert found["act_kind"] == "talks"
    assert cells("2024-06-12 PRK line_crossing")["event_type"] == "border_crossing"
    assert cells("2024-06-12 PRK;KOR cbm_on military hotline")["domain"] == "military"


def test_a_place_is_one_that_the_record_knows_or_is_marked():
    assert cells("2024-06-12 SRBM from Hodo Peninsula")["place"] == "Hodo Peninsula"
    assert cells("2024-06-12 SRBM @New_Place")["place"] == "New Place"
    assert cells("2024-06-12 SRBM 순안에서")["place"] == "Sunan"
    assert "place" not in cells("2024-06-12 SRBM Nowhere")


def test_figures_are_read():
    found = cells("2024-06-12 북한 방사포 10발 420.5 km")
    assert (found["objects"], found["range_km"]) == ("10", "420.5")
    assert cells("2024-06-12 PRK SRBM 1 failed")["outcome"] == "failure"


def test_the_words_left_are_the_label_unless_one_is_quoted():
    assert cells("2024-06-12 PRK threat said a line may be moved")["label_en"] == "said a line may be moved"
    assert cells("2024-06-12 북한 threat 경고 발언")["label_ko"] == "경고 발언"
    told = read_line('2024-06-12 PRK threat stray words "A label" “표지”')
    assert (told.cells["label_en"], told.cells["label_ko"]) == ("A label", "표지")
    assert told.unread == ("stray", "words")


def test_a_source_is_an_address_or_one_that_the_record_knows():
    assert read_line("2024 csis-beyond-parallel", source_ids=SOURCES).source_id == "csis-beyond-parallel"
    assert read_line("2024 https://example.org/a?b=c#d").address == "https://example.org/a?b=c#d"


def test_an_address_is_no_date_and_no_party():
    told = read_line("https://example.org/2019/05/04/PRK-SRBM PRK nuclear_test 2024-06-12")
    assert told.cells["event_date"] == "2024-06-12"
    assert told.cells["event_type"] == "nuclear_test"


def test_a_line_that_is_too_long_is_refused():
    with pytest.raises(UsageError, match=str(LONGEST_LINE)):
        read_line("x" * (LONGEST_LINE + 1))


def test_what_is_missing_is_asked_and_nothing_else():
    assert [one.name for one in questions(read_line(""))] == ["event_date", "event_type", "actors", "source"]
    asked = questions(read_line("2024-06-12 contact CHN>PRK https://example.org/a"))
    assert [one.name for one in asked] == ["act_kind", "level"]
    assert asked[0].choices == ("meeting", "talks", "visit", "mediation")
    told = read_line("2024-06-12 SRBM https://example.org/a")
    assert [(one.name, one.default) for one in questions(told)] == [("actors", "PRK")]


def test_cells_told_later_win_and_imply_others():
    told = read_line("2024-06-12 SRBM https://example.org/a").with_cells({"actors": "PRK", "weapon_class": "ICBM"})
    assert told.cells["weapon_class"] == "ICBM"
    assert [one.name for one in questions(told)] == ["label_en", "label_ko"]


def test_every_type_has_labels_in_both_languages_without_words_that_take_a_side():
    for kind in EVENT_TYPES:
        row = {"event_type": kind, "actors": "PRK;KOR", "recipients": "USA", "objects": "3", "place": "Sunan"}
        row |= {column: words[0] for column, words in choices_of(kind).items()}
        for language in ("en", "ko"):
            label = label_of(row, language)
            assert label.strip()
            assert "{" not in label
            for words in FORBIDDEN_WORDS.values():
                assert not [word for word in words if word in label.casefold()], label
        assert any("가" <= letter <= "힣" for letter in label_of(row, "ko"))


@pytest.mark.parametrize(
    ("row", "english", "korean"),
    [
        (
            {"event_type": "ballistic_launch", "actors": "PRK", "weapon_class": "ICBM"},
            "North Korea launched an intercontinental ballistic missile",
            "북한, 대륙간탄도미사일 발사",
        ),
        (
            {"event_type": "ballistic_launch", "actors": "PRK", "weapon_class": "unknown", "objects": "2"},
            "North Korea launched 2 ballistic missiles",
            "북한, 탄도미사일 2발 발사",
        ),
        (
            {"event_type": "other_weapon_test", "actors": "PRK", "weapon_class": "other"},
            "North Korea tested a weapon",
            "북한, 무기 시험",
        ),
        (
            {"event_type": "nuclear_test", "actors": "PRK", "weapon_class": "nuclear", "place": "Punggye-ri"},
            "North Korea held a nuclear test at Punggye-ri",
            "북한, 풍계리에서 핵실험",
        ),
        (
            {"event_type": "contact", "actors": "RUS", "recipients": "PRK", "place": "Pyongyang"},
            "Russia and North Korea met (Pyongyang)",
            "러시아·북한 접촉 (평양)",
        ),
        (
            {"event_type": "offer", "actors": "USA;KOR", "recipients": "PRK"},
            "United States and South Korea made an offer to North Korea",
            "미국·한국, 대북한 제안",
        ),
    ],
)
def test_labels_say_what_the_cells_say(row, english, korean):
    assert (label_of(row, "en"), label_of(row, "ko")) == (english, korean)


def test_every_class_and_every_incident_has_its_type():
    assert set(TYPE_OF_CLASS) == set(WEAPON_CLASSES)
    assert set(TYPE_OF_CLASS.values()) <= set(EVENT_TYPES)
    assert set(TYPE_OF_INCIDENT) == set(EVENTS.column("incident_kind").allowed)
    assert {EVENT_TYPES[kind].family for kind in TYPE_OF_INCIDENT.values()} == {"border_incidents"}


@pytest.mark.parametrize(
    ("date", "precision", "known"),
    [
        (dt.date(2024, 2, 29), "day", dt.date(2024, 3, 1)),
        (dt.date(2024, 11, 1), "month", dt.date(2024, 12, 1)),
        (dt.date(2024, 12, 1), "month", dt.date(2025, 1, 1)),
        (dt.date(2024, 1, 1), "year", dt.date(2025, 1, 1)),
    ],
)
def test_a_row_is_known_after_the_period_that_it_claims(date, precision, known):
    assert known_by_rule(date, precision) == known


def test_a_new_row_is_named_as_the_record_names_rows():
    row = {"event_type": "ballistic_launch", "event_date": "2024-06-12", "date_precision": "day", "actors": "PRK"}
    row["weapon_class"] = "SRBM"
    assert row_id(row, ()) == "wt-2024-06-12-srbm"
    assert row_id(row, {"wt-2024-06-12-srbm", "wt-2024-06-12-srbm-2"}) == "wt-2024-06-12-srbm-3"
    assert row_id(row | {"date_precision": "month"}, ()) == "wt-2024-06-srbm"
    talks = {"event_type": "contact", "event_date": "2024-06-12", "date_precision": "day", "actors": "RUS;PRK"}
    assert row_id(talks | {"act_kind": "visit"}, ()) == "ct-2024-06-12-rus-prk-visit"
