"""Chosen rows as arrays of days."""

import datetime as dt

import pytest
from tests.conftest import COVERED, drill, meeting, weapons_test

from sixparty.chronicle import Selection, as_known
from sixparty.errors import UsageError
from sixparty.tension import leader_changes, listed_days, mark_days, selected_days
from sixparty.tension.days import listed_spans

DRILLS = Selection("spells", {"spell_type": ("joint_drill",)})
TALK = "inter_korean_talks"
TALKS = Selection("spells", {"spell_type": ("inter_korean_talks",)})
MORATORIA = Selection("spells", {"spell_type": ("moratorium",)})
LAUNCHES = Selection("events", {"event_type": ("ballistic_launch",)})


def day(text):
    return dt.date.fromisoformat(text)


def test_a_spell_lasts_from_its_first_to_its_last_day(make_chronicle):
    series = selected_days(make_chronicle(spells=[drill("2017-03-08", "2017-03-10")]), DRILLS)
    assert series.is_on(day("2017-03-07"), day("2017-03-11")).tolist() == [False, True, True, True, False]
    assert series.counts(day("2017-03-07"), day("2017-03-11")).tolist() == [0, 1, 0, 0, 0]


def test_a_meeting_without_a_last_day_was_one_of_a_day(make_chronicle):
    series = selected_days(make_chronicle(spells=[meeting("2000-06-13"), meeting("2007-10-02")]), TALKS)
    assert series.is_on(series.covered_from, series.covered_through).sum() == 2


def test_a_declaration_without_a_last_day_is_still_in_force(make_chronicle):
    spell = meeting("2025-06-01", kind="moratorium", actors="PRK", weapon_classes="ICBM")
    series = selected_days(make_chronicle(spells=[spell]), MORATORIA)
    assert series.is_on(day("2025-05-31"), day("2025-06-30")).sum() == 30


def test_an_event_lasts_a_day_unless_its_last_day_is_given(make_chronicle):
    rows = [weapons_test("2017-05-14"), weapons_test("2017-06-01", end_date="2017-06-03")]
    series = selected_days(make_chronicle(events=rows), LAUNCHES)
    assert series.is_on(day("2017-05-01"), day("2017-06-30")).sum() == 4
    assert series.counts(day("2017-05-01"), day("2017-06-30")).sum() == 2


def test_coverage_is_that_of_all_families_chosen(make_chronicle):
    coverage = [
        COVERED | {"family": "weapons_tests", "complete_from": "1998-01-01"},
        COVERED | {"family": "border_incidents", "complete_through": "2024-12-31"},
    ]
    both = Selection("events", {"event_type": ("ballistic_launch", "border_clash")})
    series = selected_days(make_chronicle(coverage=[*_others(coverage), *coverage]), both)
    assert (series.covered_from, series.covered_through) == (day("1998-01-01"), day("2024-12-31"))


def _others(coverage):
    from sixparty.chronicle.schema import FAMILIES

    told = {row["family"] for row in coverage}
    return [COVERED | {"family": family} for family in FAMILIES if family not in told]


def test_a_look_back_covers_no_day_whose_news_had_not_come(make_chronicle):
    record = as_known(make_chronicle(events=[weapons_test("2017-05-14")]), day("2016-12-31"))
    for series in (selected_days(record, LAUNCHES), mark_days(record, "ballistic_days")):
        assert len(series) == 0
        assert series.covered_through == day("2016-12-30")


def test_a_mark_gives_one_occurrence_a_day(make_chronicle):
    rows = [weapons_test("2017-05-14"), weapons_test("2017-05-14", weapon_class="IRBM"), weapons_test("2017-05-21")]
    series = mark_days(make_chronicle(events=rows), "ballistic_days")
    assert series.counts(day("2017-05-14"), day("2017-05-21")).tolist() == [1, 0, 0, 0, 0, 0, 0, 1]


def test_between_keeps_what_begins_then_and_cuts_the_coverage(make_chronicle):
    rows = [drill(f"{year}-03-01", f"{year}-03-10") for year in (2015, 2016, 2017)]
    series = selected_days(make_chronicle(spells=rows), DRILLS).between(day("2015-03-02"), day("2016-12-31"))
    assert series.ids == ("jd-2016-03-01",)
    assert (series.covered_from, series.covered_through) == (day("2015-03-02"), day("2016-12-31"))


def test_rows_within_a_window_are_those_that_last_into_it(make_chronicle):
    rows = [drill(f"{year}-03-01", f"{year}-03-10") for year in (2015, 2016, 2017)]
    series = selected_days(make_chronicle(spells=rows), DRILLS)
    assert series.ids_within(day("2015-03-10"), day("2017-02-28")) == ("jd-2015-03-01", "jd-2016-03-01")


def test_listed_days_are_sorted_and_taken_as_all_there_are():
    series = listed_days([day("2020-11-03"), day("2016-11-08")])
    assert series.ids == ("2016-11-08", "2020-11-03")
    assert (series.covered_from, series.covered_through) == (dt.date.min, dt.date.max)


def test_changes_of_leader_come_in_order_and_only_of_those_who_lead(make_chronicle):
    rows = [("KOR", "2017-05-10", "leader"), ("PRK", "2011-12-17", "leader"), ("KOR", "2016-12-09", "acting")]
    leaders = [
        {"id": f"{party}-{first}", "party": party, "start_date": first, "known_date": first, "role": role}
        for party, first, role in [*rows, ("JPN", "2012-12-26", "leader")]
    ]
    assert leader_changes(make_chronicle(leaders=leaders), ("PRK", "KOR")) == (day("2011-12-17"), day("2017-05-10"))


@pytest.mark.parametrize("table", ["events", "spells"])
def test_a_selection_that_names_no_types_has_no_coverage(make_chronicle, table):
    with pytest.raises(UsageError, match=f"must name the {table.removesuffix('s')}_type"):
        selected_days(make_chronicle(), Selection(table, actors=("PRK",)))


def test_a_mark_that_does_not_exist_is_refused(make_chronicle):
    with pytest.raises(UsageError, match=r"mark must be one of weapons_test_days, .* got 'calm'"):
        mark_days(make_chronicle(), "calm")


def test_spans_listed_by_hand_last_from_their_first_to_their_last_day():
    later, earlier = (day("2017-05-10"), day("2022-05-09")), (day("1998-02-25"), day("2008-02-24"))
    series = listed_spans([later, earlier])
    assert series.ids == ("1998-02-25 to 2008-02-24", "2017-05-10 to 2022-05-09")
    assert series.is_on(day("2008-02-23"), day("2008-02-26")).tolist() == [True, True, False, False]
    assert (series.covered_from, series.covered_through) == (dt.date.min, dt.date.max)


def test_what_became_known_late_after_its_last_day_can_be_left_out(make_chronicle):
    trip = meeting("2000-05-29", end_date="2000-05-31", end_precision="day", known_date="2000-06-01")
    secret = meeting("2000-03-09", known_date="2000-04-10")
    record = make_chronicle(spells=[trip, secret, meeting("2000-06-13", known_date="2000-06-14")])
    for named in (selected_days(record, TALKS, known_within_days=1), mark_days(record, TALK, known_within_days=1)):
        assert [str(first) for first in named.starts] == ["2000-05-29", "2000-06-13"]
    assert len(selected_days(record, TALKS, known_within_days=0)) == 0
    assert len(selected_days(record, TALKS)) == len(mark_days(record, TALK)) == 3


def test_events_told_late_are_left_out_of_a_mark_of_days(make_chronicle):
    rows = [weapons_test("2017-05-14"), weapons_test("2017-06-01", known_date="2017-07-01")]
    record = make_chronicle(events=rows)
    assert mark_days(record, "ballistic_days", known_within_days=29).ids == ("2017-05-14",)
    assert len(mark_days(record, "ballistic_days", known_within_days=30)) == 2
