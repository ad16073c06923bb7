import datetime as dt
import math

import numpy as np
import pytest
from scipy.stats import binom, binomtest, hypergeom
from tests.conftest import COVERED, FAMILIES, SOURCE, meeting, weapons_test

from sixparty.chronicle.completeness import (
    UNITS,
    bands,
    chapman,
    count_of,
    counts_not_as_stated,
    recall,
    two_lists,
    wilson,
)
from sixparty.chronicle.lists import DatedEntry, DatedList
from sixparty.chronicle.reconcile import reconcile
from sixparty.errors import UsageError

FIRST, LAST = dt.date(2022, 1, 1), dt.date(2022, 12, 31)
CHECK = {"date": "2022-05-04", "family": "weapons_tests", "what_en": "A launch", "source_ids": "a-source"}
CHECK |= {"words": "fired on 4 May"}
BAND = {"family": "weapons_tests", "unit": "days with ballistic or space launches", "first": "2022-01-01"}
BAND |= {"last": "2022-12-31", "basis": "outside_count", "found": "2", "expected_low": "2", "expected_high": "3"}
BAND |= {"source_ids": "a-source"}
SHARES = np.linspace(0.05, 0.99, 95)
SHOT = {"event_type": "warning_shots", "incident_kind": "warning_shots"}


def checks(*results, **cells):
    return [CHECK | {"id": f"rc-{place}", "result": result} | cells for place, result in enumerate(results)]


@pytest.mark.parametrize(("held", "checked"), [(46, 50), (0, 6), (6, 6), (1, 1), (255, 266)])
def test_wilsons_interval_is_that_of_scipy(held, checked):
    theirs = binomtest(held, checked).proportion_ci(0.95, method="wilson")
    ours = wilson(held, checked)
    assert ours.low == pytest.approx(theirs.low, abs=1e-12)
    assert ours.high == pytest.approx(theirs.high, abs=1e-12)


@pytest.mark.parametrize(("held", "checked"), [(0, 0), (3, 2), (-1, 5)])
def test_a_share_of_nothing_or_more_than_all_is_refused(held, checked):
    with pytest.raises(UsageError, match="no more held than checked"):
        wilson(held, checked)


@pytest.mark.parametrize(("number", "first", "second"), [(60, 40, 30), (100, 80, 55), (12, 7, 6)])
def test_chapmans_estimate_is_unbiased_where_the_lists_hold_at_least_all_acts_between_them(number, first, second):
    law = hypergeom(number, first, second)
    shared = range(max(0, first + second - number), min(first, second) + 1)
    mean = sum(law.pmf(both) * chapman(first, second, both=both).estimate for both in shared)
    assert mean == pytest.approx(number, rel=1e-9)


def test_chapmans_interval_is_the_log_normal_one():
    band = chapman(50, 40, both=30)
    variance = 51 * 41 * 20 * 10 / (31**2 * 32)
    unseen = 51 * 41 / 31 - 1 - 60
    spread = math.exp(1.959963984540054 * math.sqrt(math.log(1 + variance / unseen**2)))
    assert (band.low, band.high) == pytest.approx((60 + unseen / spread, 60 + unseen * spread))


def test_two_lists_of_which_one_holds_the_other_leave_no_width():
    assert chapman(50, 30, both=30) == chapman(30, 50, both=30)
    assert chapman(50, 30, both=30).low == chapman(50, 30, both=30).high == 50


def test_more_in_both_than_in_one_is_refused():
    with pytest.raises(UsageError, match="at most what the shorter holds"):
        chapman(3, 5, both=4)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_that_is_no_share_is_refused(level):
    with pytest.raises(UsageError, match="level must lie between 0 and 1"):
        wilson(1, 2, level=level)


def a_list(name, *days, classes=("SRBM",), covers=("SRBM", "MRBM")):
    entries = tuple(
        DatedEntry(f"{name} {day}", dt.date(2022, 3, day), "day", frozenset(classes)) for day in sorted(days)
    )
    return DatedList(name, entries, frozenset(covers), FIRST, LAST)


def test_two_lists_are_counted_by_what_they_share():
    both = reconcile(a_list("a", 1, 8, 15, 22), a_list("b", 1, 8, 29), window_days=0)
    assert two_lists(both) == chapman(4, 3, both=2)


def test_recall_counts_covered_acts_together_and_others_apart(make_chronicle):
    outside = checks("missing", date="1985-01-01")
    chronicle = make_chronicle(
        recall_checks=[*checks("found", "misdated", "missing", "out_of_scope"), outside[0] | {"id": "rc-old"}]
    )
    together, inside, before = recall(chronicle)
    assert (together.family, together.held, together.misdated, together.checked) == ("all", 2, 1, 3)
    assert (inside.family, inside.is_covered, inside.checked) == ("weapons_tests", True, 3)
    assert (before.is_covered, before.held, before.checked) == (False, 0, 1)
    assert together.share == wilson(2, 3)


def test_a_record_without_recall_checks_has_no_recall(make_chronicle):
    assert recall(make_chronicle()) == ()


def test_days_are_counted_once_and_rows_each(make_chronicle):
    day = "2022-05-04"
    chronicle = make_chronicle(
        events=[
            *(weapons_test(day, weapon_class=name) for name in ("SRBM", "ICBM")),
            *(SHOT | {"id": f"bi-{place}", "event_date": day, "known_date": day} for place in (1, 2)),
            weapons_test("2023-01-01"),
        ],
        spells=[meeting("2022-06-01")],
    )
    assert count_of(chronicle, "days with ballistic or space launches", first=FIRST, last=LAST) == 1
    assert count_of(chronicle, "incidents at the lines", first=FIRST, last=LAST) == 2
    assert count_of(chronicle, "inter-Korean talks", first=FIRST, last=LAST) == 1


def test_an_unknown_unit_is_refused(make_chronicle):
    with pytest.raises(UsageError, match="unit must be one of"):
        count_of(make_chronicle(), "quarrels", first=FIRST, last=LAST)


def test_bands_are_read_in_order(make_chronicle):
    later = BAND | {"first": "2023-01-01", "last": "2023-12-31"}
    found = bands(make_chronicle(completeness=[later, BAND]))
    assert [(band.first.year, band.found, band.low, band.high) for band in found] == [(2022, 2, 2, 3), (2023, 2, 2, 3)]


def test_a_band_whose_count_is_not_the_records_fails(make_chronicle):
    launches = [weapons_test("2022-05-04"), weapons_test("2022-05-25")]
    chronicle = make_chronicle(events=launches, completeness=[BAND, BAND | {"unit": "quarrels"}])
    assert counts_not_as_stated(chronicle)["column"].to_list() == ["unit"]
    lists = BAND | {"unit": "what two lists share", "basis": "two_lists"}
    short = make_chronicle(events=launches[:1], completeness=[BAND, lists])
    assert counts_not_as_stated(short)["reason"].to_list() == ["the record holds 1"]


def test_every_band_of_the_package_counts_what_the_record_holds(chronicle):
    assert counts_not_as_stated(chronicle).is_empty()


def test_units_name_columns_that_exist(chronicle):
    for name in UNITS:
        assert count_of(chronicle, name, first=FIRST, last=LAST) >= 0, name


def test_recall_asks_only_families_that_the_coverage_names(make_chronicle):
    coverage = [COVERED | {"family": family} for family in FAMILIES]
    chronicle = make_chronicle(coverage=coverage, sources=[SOURCE], recall_checks=checks("found", family="nothing"))
    assert recall(chronicle) == ()


@pytest.mark.parametrize(("number", "first", "second"), [(60, 50, 45), (60, 40, 30), (130, 120, 110)])
def test_chapmans_interval_in_whole_acts_holds_their_number_nearly_as_often_as_it_says(number, first, second):
    law = hypergeom(number, first, second)
    intervals = {both: chapman(first, second, both=both) for both in range(first + second - number, second + 1)}
    held = sum(law.pmf(both) for both, band in intervals.items() if math.floor(band.low) <= number <= band.high)
    assert held > 0.9


def test_wilsons_interval_holds_the_share_as_often_as_it_says_on_average():
    law, shares = binom(50, SHARES), [wilson(held, 50) for held in range(51)]
    inside = sum(law.pmf(held) * ((share.low <= SHARES) & (share.high >= SHARES)) for held, share in enumerate(shares))
    assert inside.mean() == pytest.approx(0.95, abs=0.01)
    assert inside.min() > 0.85
