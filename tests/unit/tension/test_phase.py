import datetime as dt
import itertools

from tests.conftest import meeting, weapons_test

from sixparty.tension import count_panel, past_lengths, phase_spells

END = dt.date(2025, 6, 28)


def spells_of(chronicle, end=END):
    return phase_spells(count_panel(chronicle, end=end))


def test_phases_cover_the_record_without_gap_or_overlap(chronicle):
    spells = spells_of(chronicle)
    for one, following in itertools.pairwise(spells):
        assert following.start == one.end + dt.timedelta(days=1)
        assert following.phase != one.phase
    assert spells[-1].end == END
    assert all((spell.end - spell.start).days + 1 == 7 * spell.weeks for spell in spells)


def test_two_meetings_in_a_quarter_make_talks_even_while_tests_go_on(make_chronicle):
    tests = [weapons_test(f"2025-0{month}-05") for month in range(1, 7)]
    talks = [meeting("2025-05-06"), meeting("2025-05-20", kind="us_prk_talks")]
    assert spells_of(make_chronicle(events=tests))[-1].phase == "testing"
    assert spells_of(make_chronicle(events=tests, spells=talks))[-1].phase == "talks"


def test_half_a_year_without_test_or_talks_is_a_pause(make_chronicle):
    assert spells_of(make_chronicle(events=[weapons_test("2024-06-05")]))[-1].phase == "pause"


def test_a_phase_changes_only_after_four_weeks_of_the_new_one_and_never_backwards(make_chronicle):
    chronicle = make_chronicle(events=[weapons_test("2025-06-17")])
    assert spells_of(chronicle)[-1].phase == "pause"
    chronicle = make_chronicle(events=[weapons_test("2025-06-05")])
    last = spells_of(chronicle)[-1]
    assert (last.phase, last.weeks) == ("testing", 4)


def test_past_lengths_leave_out_the_running_and_the_first_phase(make_chronicle):
    chronicle = make_chronicle(events=[weapons_test("2010-03-03"), weapons_test("2025-06-03")])
    lengths = past_lengths(spells_of(chronicle))
    assert lengths["testing"] == (26,)
    assert len(lengths["pause"]) == 1
    assert lengths["talks"] == ()
