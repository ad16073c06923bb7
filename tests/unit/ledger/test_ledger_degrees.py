import datetime as dt

import polars as pl
import pytest
from tests.unit.ledger.conftest import agreements_of, commitments_of

from sixparty.ledger import (
    GRADES,
    count_degrees_by_domain,
    count_degrees_by_side,
    implementation_degrees,
)

DAY = dt.date(2010, 12, 31)
STEP = {"step_kind": "hotline", "held_from": "2001-01-01", "held_until": "2004-06-30"}
ENDED = {"status_date": "2004-07-01", "status_precision": "day", "status_basis": "recalled"}


def grades_of(day=DAY, years=None, **cells):
    degrees = implementation_degrees(agreements_of(), commitments_of(cells), as_of=day, years=years)
    return {degree.year: degree.grade for degree in degrees}


def test_a_year_counts_from_the_signature_to_the_day_of_the_look_back():
    assert list(grades_of(dt.date(2003, 2, 1))) == [2000, 2001, 2002, 2003]
    assert list(grades_of(years=[1999, 2002])) == [2002]


def test_the_days_of_a_step_give_the_degree_of_each_year():
    found = grades_of(**STEP)
    assert [found[year] for year in (2000, 2001, 2003, 2004, 2005)] == ["none", "full", "full", "minimal", "none"]


@pytest.mark.parametrize(("last", "grade"), [("2004-07-01", "intermediate"), ("2004-06-30", "minimal")])
def test_half_of_the_days_is_where_minimal_becomes_intermediate(last, grade):
    """2004 has 366 days: 183 of them are half."""
    assert grades_of(**STEP | {"held_until": last})[2004] == grade


def test_the_year_of_signature_counts_its_days_from_the_signature_on():
    assert grades_of(**STEP | {"held_from": "2000-06-15"})[2000] == "full"
    assert grades_of(**STEP | {"held_from": "2000-09-24"})[2000] == "minimal"


def test_in_the_year_of_its_term_a_step_is_owed_from_the_term_on():
    due = {"due_date": "2000-12-01", "due_precision": "day", "due_basis": "text"}
    assert grades_of(**STEP | due | {"held_from": "2000-12-01"})[2000] == "full"
    assert grades_of(**STEP | due | {"held_from": "2000-12-30"})[2000] == "minimal"
    assert grades_of(**STEP | due | {"held_from": "2000-12-30", "due_precision": "month"})[2000] == "full"


def coded_of(level, known="2004-01-01"):
    """One row of the table of implementation for 2003."""
    row = {"commitment_id": "cmt-1", "year": 2003, "level": str(level), "known_date": known, "basis": "counted"}
    return pl.DataFrame([row]).with_columns(pl.col("known_date").str.to_date())


def test_a_coded_row_comes_before_what_is_derived():
    tables = (agreements_of(), commitments_of(STEP))
    (degree,) = implementation_degrees(*tables, as_of=DAY, years=[2003], coded=coded_of(1))
    assert (degree.grade, degree.level, degree.rule, degree.basis) == ("minimal", 1, "coded", "counted")


def test_a_coded_row_is_not_seen_before_it_is_known():
    tables = (agreements_of(), commitments_of(STEP))
    (degree,) = implementation_degrees(*tables, as_of=dt.date(2003, 12, 31), years=[2003], coded=coded_of(1))
    assert (degree.grade, degree.rule) == ("full", "days")


def test_a_step_that_still_holds_is_full_in_the_year_of_the_look_back():
    assert grades_of(dt.date(2003, 3, 1), **STEP)[2003] == "full"


def test_partly_kept_at_the_end_means_that_the_whole_step_held_for_a_time():
    ended = STEP | ENDED | {"status": "partly_kept", "ended_by": "An act"}
    assert grades_of(**ended)[2003] == "full"
    assert grades_of(**ended | {"status_date": "2001-01-01"})[2003] == "in_part"


@pytest.mark.parametrize(
    ("status", "duration", "grades"),
    [
        ("kept", "once", ("unknown", "full", "full")),
        ("kept", "open", ("unknown", "full", "unknown")),
        ("partly_kept", "once", ("unknown", "in_part", "in_part")),
        ("partly_kept", "open", ("unknown", "in_part", "unknown")),
        ("lapsed", "open", ("unknown", "none", "none")),
        ("breached", "open", ("unknown", "none", "none")),
    ],
)
def test_a_status_speaks_of_its_own_year_and_of_later_ones_only_where_it_can(status, duration, grades):
    found = grades_of(**ENDED | {"status": status, "duration": duration, "ended_by": "An act"})
    assert (found[2003], found[2004], found[2005]) == grades


@pytest.mark.parametrize("status", ["in_force", "unknown"])
def test_without_a_dated_status_nothing_is_guessed(status):
    assert set(grades_of(status=status).values()) == {"unknown"}


def test_a_promise_that_was_replaced_has_no_degree_from_that_year_on():
    assert max(grades_of(**ENDED | {"status": "superseded"})) == 2003


def test_aid_under_way_is_in_part_until_it_is_complete():
    aid = STEP | ENDED | {"step_kind": "aid", "status": "kept", "duration": "once"}
    assert [grades_of(**aid)[year] for year in (2000, 2001, 2003, 2004, 2009)] == [
        "unknown",
        "in_part",
        "in_part",
        "full",
        "full",
    ]


def test_a_later_status_does_not_show_in_a_look_back():
    ended = ENDED | {"status": "lapsed"}
    assert grades_of(dt.date(2004, 7, 1), **ended)[2004] == "unknown"
    assert grades_of(dt.date(2004, 7, 2), **ended)[2004] == "none"


def test_counts_add_up_and_unknown_stands_apart(shipped):
    degrees = implementation_degrees(*shipped, as_of=dt.date(2025, 6, 30))
    for count in (*count_degrees_by_side(degrees), *count_degrees_by_domain(degrees)):
        assert sum(count.grades.values()) == count.promises == count.unknown.n
        assert tuple(count.grades) == GRADES
        assert count.full.n == count.nothing.n == count.promises - count.grades["unknown"]


def test_each_promise_has_one_degree_a_year(shipped):
    degrees = implementation_degrees(*shipped, as_of=dt.date(2025, 6, 30))
    assert len({(one.commitment_id, one.year) for one in degrees}) == len(degrees)
    by_domain = sum(count.promises for count in count_degrees_by_domain(degrees))
    assert by_domain == len(degrees)


def test_the_posts_withdrawn_in_2018_stood_empty_until_2023(shipped):
    degrees = implementation_degrees(*shipped, as_of=dt.date(2025, 6, 30), years=range(2018, 2026))
    levels = [one.level for one in degrees if one.commitment_id == "cmt-2018-military-2-1"]
    assert levels == [3, 3, 3, 3, 3, 2, 0, 0]
