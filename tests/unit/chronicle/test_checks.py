import dataclasses

import polars as pl
import pytest
from tests.conftest import COVERED, FAMILIES, SOURCE, drill, meeting, weapons_test

from sixparty.chronicle import CHECKS, failing_rows
from sixparty.vocabulary import FORBIDDEN_WORDS

DAY = "2025-05-08"
BORDER = {
    "id": "bi-1",
    "event_date": DAY,
    "known_date": DAY,
    "event_type": "border_fire",
    "incident_kind": "one_sided_fire",
}
OFFER = {"id": "ca-1", "event_date": DAY, "known_date": DAY, "event_type": "offer", "act_kind": "talks"}
TERM = {"id": "ld-1", "party": "KOR", "start_date": "2013-02-25", "end_date": "2017-03-10", "known_date": "2013-02-25"}
NEXT_TERM = TERM | {"id": "ld-2", "start_date": "2017-03-09", "end_date": ""}
OPEN = {"id": "cf-1", "spell_type": "cbm_in_force", "start_date": "2018-01-03", "known_date": "2018-01-04"}
OPEN |= {"series": "A line", "area": "political", "end_date": "2020-06-09", "end_precision": "day"}
FIGURE = {"series": "trade", "period": "2024-05", "value": "7", "unit": "persons", "known_date": "2024-07-01"}
FIGURE |= {"known_basis": "rule", "source_ids": "a-source", "confidence": "attested"}
WORDS = {"table": "events", "row_id": f"wt-{DAY}-SRBM", "columns": "event_date;weapon_class", "source_id": "a-source"}
WORDS |= {"address": "https://example.org/a", "seen_date": "2025-06-30", "seen_as": "stored_page"}
WORDS |= {"words": "fired on 8 May", "carries": "all"}
VERIFIED = weapons_test(DAY, confidence="verified")
CODING = {"table": "events", "row_id": f"wt-{DAY}-SRBM", "family": "weapons_tests", "column": "event_date"}
CODING |= {"first": DAY, "second": DAY, "decision": "agreed"}
RECALL = {"id": "rc-1", "date": DAY, "family": "weapons_tests", "what_en": "A launch", "source_ids": "a-source"}
RECALL |= {"words": "fired on 8 May", "result": "missing"}
BAND = {"family": "weapons_tests", "unit": "days", "first": "2024-01-01", "last": "2024-12-31", "found": "5"}
BAND |= {"basis": "outside_count", "expected_low": "5", "expected_high": "7", "source_ids": "a-source"}
PLANTED = {
    "unknown_sources": {"events": [weapons_test(DAY, source_ids="a-source;nobody")]},
    "unused_sources": {"sources": [SOURCE, {"id": "idle", "title": "Unread"}]},
    "ends_before_start": {"spells": [drill("2025-03-21", "2025-03-10")]},
    "dates_without_precision": {"spells": [drill("2025-03-10", "2025-03-21", end_precision="")]},
    "dates_inside_their_period": {"events": [weapons_test(DAY, date_precision="month", known_date="2025-06-01")]},
    "figures_below_zero": {"events": [weapons_test(DAY, objects="-1")]},
    "periods_that_are_none": {"series": [FIGURE | {"period": "2024-13"}]},
    "known_before_event": {"events": [weapons_test(DAY, known_date="2025-05-07")]},
    "known_before_announcement": {"spells": [drill("2025-03-10", "2025-03-21", announced_date="2025-03-12")]},
    "after_coverage": {"events": [weapons_test("2025-07-01")]},
    "families_without_coverage": {"coverage": [COVERED | {"family": family} for family in FAMILIES[1:]]},
    "attributes_of_another_type": {"events": [BORDER | {"weapon_class": "SRBM"}]},
    "acts_without_their_kind": {"events": [OFFER | {"act_kind": "refuse"}]},
    "answers_out_of_order": {"events": [OFFER | {"answer": "accepted", "answer_date": "2025-05-07"}]},
    "two_leaders_at_once": {"leaders": [TERM, NEXT_TERM]},
    "spells_without_their_attributes": {"spells": [meeting(DAY, level="")]},
    "channels_open_twice": {"spells": [OPEN, OPEN | {"id": "cf-2", "start_date": "2020-06-08"}]},
    "forbidden_words": {"events": [weapons_test(DAY, label_en="Another Provocation")]},
    "korean_labels_without_hangul": {"spells": [drill("2025-03-10", "2025-03-21", label_ko="Label")]},
    "verified_rows_without_words": {"events": [VERIFIED]},
    "words_of_rows_not_verified": {"events": [weapons_test(DAY)], "verifications": [WORDS]},
    "words_of_no_row": {"verifications": [WORDS]},
    "second_codings_of_no_row": {"second_codings": [CODING]},
    "recall_of_no_row": {"recall_checks": [RECALL | {"row_id": "wt-nothing"}]},
    "bands_upside_down": {"completeness": [BAND | {"expected_high": "4"}]},
}


@pytest.fixture
def twice_the_same(make_chronicle):
    """A chronicle whose one test stands twice; the reader refuses such a file."""
    once = make_chronicle(events=[weapons_test(DAY)])
    return dataclasses.replace(once, tables=dict(once.tables) | {"events": pl.concat([once["events"]] * 2)})


def test_a_row_that_stands_twice_is_found(twice_the_same):
    assert set(failing_rows(twice_the_same)["check"]) == {"repeated_keys"}


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_a_planted_fault_is_found_by_its_check_and_by_no_other(make_chronicle, name):
    found = failing_rows(make_chronicle(**PLANTED[name]))
    assert set(found["check"]) == {name}


def test_a_ballistic_launch_of_a_cruise_missile_is_found(make_chronicle):
    found = failing_rows(make_chronicle(events=[weapons_test(DAY, weapon_class="LACM")]))
    assert found["reason"].to_list() == ["a ballistic launch has a ballistic class"]


@pytest.mark.parametrize(
    "cells",
    [
        {"event_type": "contact", "act_kind": "visit"},
        {"event_type": "gps_jamming", "act_kind": "", "level": "leaders"},
        {"event_type": "cbm_on", "act_kind": "hotline", "domain": "doctrine"},
        {"event_type": "posture_declared", "act_kind": "", "domain": "cultural"},
        {"domain": "military"},
    ],
)
def test_an_act_with_the_attributes_of_another_is_found(make_chronicle, cells):
    assert failing_rows(make_chronicle(events=[OFFER | cells]))["check"].to_list() == ["acts_without_their_kind"]


@pytest.mark.parametrize(
    "cells", [{"answer_date": DAY}, {"event_type": "gps_jamming", "act_kind": "", "answer": "rejected"}]
)
def test_an_answer_without_its_act_is_found(make_chronicle, cells):
    assert failing_rows(make_chronicle(events=[OFFER | cells]))["check"].to_list() == ["answers_out_of_order"]


def test_a_channel_without_a_name_is_found(make_chronicle):
    found = failing_rows(make_chronicle(spells=[OPEN | {"series": ""}]))
    assert found["check"].to_list() == ["spells_without_their_attributes"]


def test_two_channels_may_be_open_at_once(make_chronicle):
    assert failing_rows(make_chronicle(spells=[OPEN, OPEN | {"id": "cf-2", "series": "Another line"}])).is_empty()


def test_a_leader_may_follow_on_the_last_day_of_the_one_before(make_chronicle):
    next_term = NEXT_TERM | {"start_date": TERM["end_date"]}
    assert failing_rows(make_chronicle(leaders=[TERM, next_term, TERM | {"id": "ld-3", "party": "PRK"}])).is_empty()


def test_a_korean_word_that_takes_a_side_is_found(make_chronicle):
    found = failing_rows(make_chronicle(events=[weapons_test(DAY, label_ko="북한의 도발")]))
    assert found["check"].to_list() == ["forbidden_words"]


def test_a_sound_chronicle_fails_no_check(make_chronicle):
    sound = make_chronicle(events=[weapons_test(DAY), BORDER], spells=[drill("2025-03-10", "2025-03-21"), meeting(DAY)])
    assert failing_rows(sound).is_empty()


def test_the_chronicle_that_is_shipped_fails_no_check(chronicle):
    assert failing_rows(chronicle).to_dicts() == []


def test_every_check_has_a_planted_fault():
    assert set(CHECKS) == {*PLANTED, "repeated_keys"}


def test_a_failing_row_names_its_table_its_column_and_what_is_wrong(make_chronicle):
    (row,) = failing_rows(make_chronicle(spells=[drill("2025-03-21", "2025-03-10")])).to_dicts()
    assert row == {
        "check": "ends_before_start",
        "table": "spells",
        "id": "jd-2025-03-21",
        "column": "end_date",
        "reason": "ends before it starts: end_date must not lie before start_date",
    }


def test_a_figure_that_fails_is_named_by_its_series_and_period(make_chronicle):
    failing = failing_rows(make_chronicle(series=[FIGURE | {"period": "May"}]))
    assert failing["id"].to_list() == ["trade May"]


def test_a_row_whose_day_is_carried_by_words_may_be_called_verified(make_chronicle):
    assert failing_rows(make_chronicle(events=[VERIFIED], verifications=[WORDS])).is_empty()


@pytest.mark.parametrize("cells", [{"columns": "weapon_class"}, {"second_result": "not_carried"}])
def test_words_that_leave_the_day_open_do_not_verify_it(make_chronicle, cells):
    failing = failing_rows(make_chronicle(events=[VERIFIED], verifications=[WORDS | cells]))
    assert failing["check"].to_list() == ["verified_rows_without_words"]


def test_words_for_a_column_that_the_table_lacks_are_found(make_chronicle):
    failing = failing_rows(
        make_chronicle(events=[VERIFIED], verifications=[WORDS | {"columns": "event_date;start_date"}])
    )
    assert failing.select("check", "column").rows() == [("words_of_no_row", "columns")]


def test_words_of_a_source_that_does_not_exist_are_found(make_chronicle):
    failing = failing_rows(make_chronicle(events=[VERIFIED], verifications=[WORDS | {"source_id": "nobody"}]))
    assert failing.select("check", "table").rows() == [("unknown_sources", "verifications")]


def test_an_act_that_was_found_names_its_row(make_chronicle):
    failing = failing_rows(make_chronicle(recall_checks=[RECALL | {"result": "found"}]))
    assert failing["check"].to_list() == ["recall_of_no_row"]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("spells", meeting(DAY, note="A provocation")),
        ("spells", meeting(DAY, ended_by="A provocation")),
        ("coverage", COVERED | {"family": "calendar", "thin": "Blackmail is thin"}),
        ("recall_checks", RECALL | {"what_en": "도발"}),
        ("series", FIGURE | {"note": "A rogue figure"}),
    ],
)
def test_every_column_in_our_own_words_is_searched(make_chronicle, table, row):
    rows = {"coverage": [COVERED | {"family": family} for family in FAMILIES if family != "calendar"] + [row]}
    rows = rows if table == "coverage" else {table: [row]}
    assert failing_rows(make_chronicle(**rows))["check"].to_list() == ["forbidden_words"]


@pytest.mark.parametrize("word", [word for words in FORBIDDEN_WORDS.values() for word in words])
def test_each_word_that_takes_a_side_is_found_in_either_language(make_chronicle, word):
    english = failing_rows(make_chronicle(events=[weapons_test(DAY, label_en=f"They said {word.upper()} again")]))
    korean = failing_rows(make_chronicle(events=[weapons_test(DAY, label_ko=f"북한 {word}")]))
    assert english["column"].to_list() == ["label_en"]
    assert korean["column"].to_list() == ["label_ko"]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("series", FIGURE | {"known_date": "2025-07-01"}),
        ("leaders", TERM | {"known_date": "2025-07-01"}),
        ("spells", drill("2025-06-10", "2025-06-12", known_date="2025-07-01")),
    ],
)
def test_a_row_of_any_table_that_became_known_after_the_records_end_is_found(make_chronicle, table, row):
    found = CHECKS["after_coverage"](make_chronicle(**{table: [row]}))
    assert found["table"].to_list() == [table]
