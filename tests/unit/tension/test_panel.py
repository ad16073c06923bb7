import datetime as dt

import numpy as np
import pytest
from tests.conftest import COVERED, FAMILIES, drill, meeting, weapons_test

from sixparty.chronicle import as_known
from sixparty.errors import DateRefused, UsageError
from sixparty.tension import count_panel, future_exposures

END = dt.date(2025, 6, 28)


def last_counts(chronicle, mark, weeks=3):
    panel = count_panel(chronicle, (mark,), end=END)
    return panel.counts[-weeks:, 0].tolist()


def test_several_tests_on_a_day_are_one_day(make_chronicle):
    chronicle = make_chronicle(
        events=[
            weapons_test("2025-06-24"),
            weapons_test("2025-06-24", kind="cruise_launch", weapon_class="LACM"),
            weapons_test("2025-06-26"),
        ]
    )
    assert last_counts(chronicle, "weapons_test_days") == [0, 0, 2]
    assert last_counts(chronicle, "ballistic_days") == [0, 0, 2]


def test_a_week_closes_on_saturday(make_chronicle):
    chronicle = make_chronicle(events=[weapons_test("2025-06-21"), weapons_test("2025-06-22")])
    assert last_counts(chronicle, "weapons_test_days") == [0, 1, 1]


def test_engine_tests_on_a_stand_are_no_weapons_tests_days_and_warning_shots_no_border_fire(make_chronicle):
    shots = {"id": "bi-1", "event_date": "2025-06-24", "known_date": "2025-06-24", "event_type": "warning_shots"}
    chronicle = make_chronicle(
        events=[
            weapons_test("2025-06-24", kind="engine_test", weapon_class="engine"),
            shots | {"incident_kind": "warning_shots"},
        ]
    )
    assert last_counts(chronicle, "weapons_test_days") == [0, 0, 0]
    assert last_counts(chronicle, "border_kinetic") == [0, 0, 0]


def test_meetings_are_counted_by_their_first_day_unless_they_were_not_held(make_chronicle):
    chronicle = make_chronicle(
        spells=[
            meeting("2025-06-16", end_date="2025-06-25"),
            meeting("2025-06-24"),
            meeting("2025-06-25", outcome="not_held"),
        ]
    )
    assert last_counts(chronicle, "inter_korean_talks") == [0, 1, 1]


def test_only_incidents_with_a_death_are_fatal(make_chronicle):
    row = {"event_date": "2025-06-24", "known_date": "2025-06-24", "event_type": "border_clash"}
    clash = row | {"incident_kind": "exchange_of_fire"}
    unknown = make_chronicle(events=[clash | {"id": "bi-1"}])
    assert last_counts(unknown, "fatal_clash") == [0, 0, 0]
    fatal = make_chronicle(events=[clash | {"id": "bi-1", "deaths_prk": "1"}])
    assert last_counts(fatal, "fatal_clash") == [0, 0, 1]


def test_weeks_outside_coverage_are_marked_not_covered(make_chronicle):
    coverage = [COVERED | {"family": family} for family in FAMILIES]
    coverage[0] = coverage[0] | {"complete_from": "2000-01-05", "complete_through": "2025-06-20"}
    panel = count_panel(make_chronicle(coverage=coverage), ("weapons_test_days", "border_kinetic"), end=END)
    ends = panel.period_ends.astype(str).tolist()
    covered = panel.covered[:, 0]
    assert not covered[ends.index("2000-01-08")]
    assert covered[ends.index("2000-01-15")]
    assert covered[ends.index("2025-06-14")]
    assert covered[-2:].tolist() == [False, False]
    assert panel.covered[:, 1].all()


def test_the_share_of_a_week_under_drills_counts_days_once(make_chronicle):
    chronicle = make_chronicle(
        spells=[
            drill("2025-06-25", "2025-07-10"),
            drill("2025-06-26", "2025-06-27", id="jd-2"),
            drill("2025-06-17", "2025-06-20", id="jd-3", status="suspended"),
            drill("2025-06-10", "2025-06-10", id="jd-4", scale="strategic_asset"),
            drill("2025-06-10", "2025-06-11", id="jd-5", actors="KOR"),
            drill("2025-06-01", "2025-06-30", id="jd-6", start_precision="month"),
            drill("2025-06-18", "2025-06-18", id="jd-7", kind="responsive"),
        ]
    )
    panel = count_panel(chronicle, ("weapons_test_days",), end=END)
    scheduled, responsive = (
        panel.exposures[-3:, 0, panel.exposure_names.index(n)] for n in ("scheduled", "responsive")
    )
    assert scheduled.tolist() == pytest.approx([0, 0, 4 / 7])
    assert responsive.tolist() == pytest.approx([0, 1 / 7, 0])


def test_a_moratorium_exposes_a_mark_by_the_share_of_its_classes_that_it_names(make_chronicle):
    row = {"id": "mo-1", "spell_type": "moratorium", "start_date": "2025-06-22", "known_date": "2025-06-22"}
    chronicle = make_chronicle(spells=[row | {"weapon_classes": "nuclear;ICBM"}])
    marks = ("ballistic_days", "nuclear_test", "icbm_launch", "border_kinetic")
    panel = count_panel(chronicle, marks, end=END)
    assert panel.exposures[-1, :, 3].tolist() == pytest.approx([1 / 7, 1, 1, 0])
    assert panel.exposures[-2, :, 3].tolist() == [0, 0, 0, 0]
    ahead = future_exposures(chronicle, panel, periods=52)
    assert np.allclose(ahead[:, 1, 3], 1.0)


def test_future_drills_are_those_announced_and_else_those_of_the_year_before(make_chronicle):
    chronicle = make_chronicle(
        spells=[
            drill("2024-08-18", "2024-08-31"),
            drill("2025-03-09", "2025-03-15", id="jd-2"),
            drill("2025-08-24", "2025-09-06", id="jd-3", status="announced", known_date="2025-06-20"),
            drill("2025-10-05", "2025-10-11", id="jd-4", status="announced", known_date="2025-09-20"),
        ]
    )
    known = as_known(chronicle, dt.date(2025, 6, 30))
    panel = count_panel(known, ("weapons_test_days",), end=END)
    ahead = future_exposures(known, panel, periods=52)[:, 0, 0]
    on = {str(END + dt.timedelta(weeks=int(week) + 1)) for week in np.flatnonzero(ahead)}
    assert on == {"2025-08-30", "2025-09-06", "2026-03-14"}


def test_four_week_panels_add_up_to_weekly_ones(make_chronicle):
    chronicle = make_chronicle(
        events=[weapons_test(f"2025-0{month}-1{day}") for month in (3, 4, 5) for day in (1, 3, 7)]
    )
    weekly = count_panel(chronicle, ("weapons_test_days",), end=END)
    monthly = count_panel(chronicle, ("weapons_test_days",), end=END, weeks=4)
    assert monthly.counts[:, 0].tolist() == weekly.counts[-4 * len(monthly.counts) :, 0].reshape(-1, 4).sum(1).tolist()


def test_a_panel_cut_earlier_equals_the_panel_counted_to_that_day(chronicle):
    day = dt.date(2017, 9, 2)
    whole = count_panel(chronicle, end=END).until(day)
    counted = count_panel(chronicle, end=day)
    assert np.array_equal(whole.counts, counted.counts)
    assert np.allclose(whole.exposures, counted.exposures)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ({"end": dt.date(2025, 6, 30)}, DateRefused, "end must be a Saturday"),
        ({"end": dt.date(1989, 12, 30)}, DateRefused, "at least one period"),
        ({"end": END, "marks": ("rockets",)}, UsageError, "marks must be among"),
    ],
)
def test_impossible_panels_are_refused(make_chronicle, call, error, words):
    with pytest.raises(error, match=words):
        count_panel(make_chronicle(), **call)


def test_an_unknown_mark_is_refused_with_the_ones_there_are(make_chronicle):
    with pytest.raises(UsageError, match="mark must be one of weapons_test_days, got 'rockets'"):
        count_panel(make_chronicle(), ("weapons_test_days",), end=END).column("rockets")


def test_summits_are_meetings_of_leaders_that_were_held(make_chronicle):
    chronicle = make_chronicle(
        spells=[
            meeting("2025-06-10", level="leaders"),
            meeting("2025-06-17", level="high"),
            meeting("2025-06-24", level="leaders", outcome="not_held"),
        ]
    )
    assert last_counts(chronicle, "inter_korean_summit") == [1, 0, 0]
    assert last_counts(chronicle, "us_prk_summit") == [0, 0, 0]


def test_leaders_meet_when_both_parties_are_among_the_actors(make_chronicle):
    row = {"known_date": "2025-06-27", "event_type": "contact", "act_kind": "meeting"}
    chronicle = make_chronicle(
        events=[
            row | {"id": "a", "event_date": "2025-06-10", "actors": "RUS;PRK", "level": "leaders"},
            row | {"id": "b", "event_date": "2025-06-17", "actors": "RUS;PRK", "level": "ministers"},
            row | {"id": "c", "event_date": "2025-06-24", "actors": "CHN;RUS", "level": "leaders"},
        ]
    )
    assert last_counts(chronicle, "prk_rus_leaders") == [1, 0, 0]
    assert last_counts(chronicle, "prk_chn_leaders") == [0, 0, 0]


def test_a_resolution_that_only_extends_a_panel_brings_no_measures(make_chronicle):
    row = {"known_date": "2025-06-27", "event_type": "unsc_resolution", "actors": "UNSC"}
    chronicle = make_chronicle(
        events=[
            row | {"id": "a", "event_date": "2025-06-17", "act_kind": "panel"},
            row | {"id": "b", "event_date": "2025-06-24", "act_kind": "measures"},
        ]
    )
    assert last_counts(chronicle, "unsc_resolution") == [0, 0, 1]


def test_broadcasts_and_cyber_operations_are_no_grey_zone_days(make_chronicle):
    row = {"known_date": "2025-06-27", "event_date": "2025-06-24"}
    chronicle = make_chronicle(
        events=[
            row | {"id": "a", "event_type": "loudspeaker_broadcast"},
            row | {"id": "b", "event_type": "cyber_operation", "act_kind": "theft"},
            row | {"id": "c", "event_type": "balloon_release", "act_kind": "leaflets"},
            row | {"id": "d", "event_type": "gps_jamming"},
        ]
    )
    assert last_counts(chronicle, "grey_zone_days") == [0, 0, 1]
