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
    "spells_without_their_attributes": {"spells": [meeting(DAY, level="")]},
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
