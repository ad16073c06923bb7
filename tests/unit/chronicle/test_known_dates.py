import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import meeting, weapons_test

from sixparty.chronicle import as_known
from sixparty.chronicle.known_dates import rule_shares, shift_rule_dates
from sixparty.errors import UsageError


@pytest.fixture
def small(make_chronicle):
    return make_chronicle(
        events=[
            weapons_test("2022-05-04", known_date="2022-05-05"),
            weapons_test("2022-05-25", known_date="2022-05-26", known_basis="sourced"),
        ],
        spells=[meeting("2022-06-01", known_date="2022-06-02")],
    )


def test_dates_by_rule_move_and_sourced_ones_stay(small):
    moved = shift_rule_dates(small, 14)
    assert moved["events"]["known_date"].to_list() == [dt.date(2022, 5, 19), dt.date(2022, 5, 26)]
    assert moved["spells"]["known_date"].to_list() == [dt.date(2022, 6, 16)]
    assert moved["events"].drop("known_date").equals(small["events"].drop("known_date"))


def test_a_row_by_rule_is_seen_as_much_later_as_its_date_moved(small):
    moved = shift_rule_dates(small, 3)
    assert as_known(small, dt.date(2022, 5, 5))["events"].height == 1
    assert as_known(moved, dt.date(2022, 5, 7))["events"].height == 0
    assert as_known(moved, dt.date(2022, 5, 8))["events"].height == 1


def test_moving_by_nothing_is_the_same_record(small):
    assert shift_rule_dates(small, 0) is small


def test_a_record_moved_is_another_record_to_a_cache(small):
    digests = {shift_rule_dates(small, days).digest for days in (0, 3, 14)}
    assert len(digests) == 3
    assert shift_rule_dates(small, 3).digest == shift_rule_dates(small, 3).digest


@pytest.mark.parametrize("days", [-1, 367])
def test_a_shift_out_of_bounds_is_refused(small, days):
    with pytest.raises(UsageError, match="days must be 0 to 366"):
        shift_rule_dates(small, days)


def test_a_record_already_cut_is_refused(small):
    with pytest.raises(UsageError, match="moved in the whole record"):
        shift_rule_dates(as_known(small, dt.date(2022, 6, 30)), 3)


def test_shares_count_rules_by_table(small):
    found = {share.table: (share.by_rule, share.rows) for share in rule_shares(small)}
    assert found["events"] == (1, 2)
    assert found["spells"] == (1, 1)
    assert "sources" not in found


@settings(max_examples=30, deadline=None)
@given(day=st.dates(dt.date(1993, 1, 1), dt.date(2025, 6, 30)), days=st.integers(0, 60))
def test_moving_rule_dates_never_makes_a_row_known_earlier(chronicle, day, days):
    before, after = as_known(chronicle, day), as_known(shift_rule_dates(chronicle, days), day)
    for table in ("events", "spells", "series", "commitments"):
        key = ["series", "period"] if table == "series" else ["id"]
        assert after[table].join(before[table], on=key, how="anti").is_empty()


def test_every_table_with_known_dates_is_moved(chronicle):
    moved = shift_rule_dates(chronicle, 1)
    for name, table in chronicle.tables.items():
        if "known_basis" in table.columns:
            late = (moved[name]["known_date"] - table["known_date"]).dt.total_days()
            is_rule = table["known_basis"] == "rule"
            assert late.to_list() == is_rule.cast(pl.Int64).to_list(), name
