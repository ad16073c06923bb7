"""What the brief says of contacts, posture and marked days, from the shipped record."""

import datetime as dt
from itertools import combinations, pairwise

import polars as pl
import pytest

from sixparty.service.situation import DEADLY_FROM, SILENCE_DAYS, contacts, milestones, posture, situation
from sixparty.vocabulary import PARTIES


@pytest.fixture(scope="module")
def found(look):
    return {row.parties: row for row in contacts(look("2025-06-30"))}


def in_days(rows, end, days):
    return rows.filter(pl.col("date").is_between(end - dt.timedelta(days=days - 1), end))


def test_every_pair_of_the_six_stands_once_and_so_do_the_two_threes(found):
    pairs = [set(parties) for parties in found if len(parties) == 2]
    assert len(pairs) == 15
    assert all(set(pair) in pairs for pair in combinations(PARTIES, 2))
    assert {frozenset(parties) for parties in found if len(parties) == 3} == {
        frozenset({"KOR", "CHN", "JPN"}),
        frozenset({"KOR", "USA", "JPN"}),
    }


@pytest.mark.parametrize("day", ["2001-04-30", "2018-05-28", "2025-06-30"])
def test_each_contact_among_the_six_counts_for_one_line_alone(look, day):
    seen = look(day)
    events = seen.chronicle["events"].filter(pl.col("event_type") == "contact").rename({"event_date": "date"})
    spells = seen.chronicle["spells"].filter(
        pl.col("spell_type").is_in(["inter_korean_talks", "us_prk_talks"])
        & (pl.col("outcome").fill_null("") != "not_held")
    )
    among = events.filter(~pl.col("actors").str.contains("OTH"))
    begun = pl.concat([among.select("date"), spells.select(pl.col("start_date").alias("date"))])
    for place, days in enumerate((91, 364)):
        counted = sum(row.counts[place].now or 0 for row in contacts(seen))
        assert counted == len(in_days(begun, seen.dates.reference_date, days))


def test_the_levels_add_up_to_the_count(found):
    for row in found.values():
        for count in row.counts:
            if count.now is not None:
                assert count.leaders + count.high + count.working == count.now


def test_a_visit_that_was_called_off_is_no_contact(look):
    rows = {row.parties: row for row in contacts(look("2018-05-28"))}
    names = [row.last.row_id for row in rows.values() if row.last]
    assert "us-2018-05-24" not in names
    assert rows["PRK", "USA"].last.row_id != "us-2018-05-24"


def test_pairs_that_the_record_does_not_follow_have_no_counts_rather_than_noughts(found):
    for parties in (("USA", "CHN"), ("CHN", "RUS"), ("USA", "RUS")):
        assert found[parties].scope == "none"
        assert all(count.now is None and count.before is None for count in found[parties].counts)
        assert found[parties].last is None


def test_days_before_coverage_are_not_compared(look):
    rows = {row.parties: row for row in contacts(look("2001-04-30"))}
    quarter, year = rows["PRK", "CHN"].counts
    assert (year.now, year.before) != (None, None)
    assert year.now is not None
    assert year.before is None
    assert quarter.now is not None
    assert quarter.before is not None


def test_the_latest_contact_is_a_row_of_the_pair_on_or_before_the_reference_date(look, found):
    events = look("2025-06-30").chronicle["events"]
    last = found["PRK", "RUS"].last
    assert last.date == dt.date(2025, 6, 17)
    assert events.filter(pl.col("id") == last.row_id)["actors"].item() == "RUS;PRK"


def test_posture_is_newest_first_and_names_rows_in_which_the_party_acts(look):
    seen = look("2025-06-30")
    actors = dict(seen.chronicle["events"].select("id", "actors").iter_rows())
    for party in posture(seen):
        assert [row.date for row in party.rows] == sorted((row.date for row in party.rows), reverse=True)
        assert all(party.party in actors[row.row_id].split(";") for row in party.rows)
    assert [party.party for party in posture(seen)] == list(PARTIES)


def test_all_six_nuclear_tests_are_marked_and_none_before_it_could_be_known(look):
    def days_of_tests(day):
        return [mark.on.date for mark in milestones(look(day)) if mark.kind == "test"]

    assert len(days_of_tests("2025-06-30")) == 6
    assert dt.date(2017, 9, 3) not in days_of_tests("2017-08-28")
    assert len(days_of_tests("2017-08-28")) == 5


def test_marked_days_follow_their_rule(look):
    marks = milestones(look("2025-06-30"))
    assert [mark.on.date for mark in marks] == sorted(mark.on.date for mark in marks)
    fire = [mark for mark in marks if mark.kind == "fire"]
    assert fire
    assert all(mark.deaths >= DEADLY_FROM for mark in fire)
    assert all(mark.deaths is None for mark in marks if mark.kind != "fire")
    launches = [mark.on.date for mark in marks if mark.kind == "launch"]
    assert all((later - earlier).days > SILENCE_DAYS for earlier, later in pairwise(launches))


def test_a_stop_that_another_takes_over_has_neither_end_nor_second_beginning(look):
    marks = [(mark.kind, mark.on.date) for mark in milestones(look("2025-06-30"))]
    assert ("stop", dt.date(2018, 3, 6)) in marks
    assert ("stop_ended", dt.date(2018, 4, 20)) not in marks
    assert ("stop", dt.date(2018, 4, 21)) not in marks
    assert ("stop_ended", dt.date(2022, 1, 20)) in marks


def test_the_rule_is_told_with_its_numbers_and_coverage(look):
    found = situation(look("2025-06-30"))
    assert (found.deadly_from, found.silence_days) == (DEADLY_FROM, SILENCE_DAYS)
    assert found.posture_from == dt.date(2005, 2, 10)
