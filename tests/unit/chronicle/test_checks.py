import pytest
from tests.conftest import COVERED, FAMILIES, SOURCE, drill, meeting, weapons_test

from sixparty.chronicle import CHECKS, failing_rows

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
OPEN |= {"series": "A line", "area": "political", "end_date": "2020-06-09"}
PLANTED = {
    "repeated_keys": {"events": [weapons_test(DAY), weapons_test(DAY)]},
    "unknown_sources": {"events": [weapons_test(DAY, source_ids="a-source;nobody")]},
    "unused_sources": {"sources": [SOURCE, {"id": "idle", "title": "Unread"}]},
    "ends_before_start": {"spells": [drill("2025-03-21", "2025-03-10")]},
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
}


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
    assert set(CHECKS) == set(PLANTED)
