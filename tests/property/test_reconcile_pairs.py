"""Laying lists beside each other: what must hold for any two lists."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sixparty.chronicle.layouts import CNS, CSIS, PLAIN
from sixparty.chronicle.lists import DatedEntry, DatedList, read_list
from sixparty.chronicle.reconcile import reconcile
from sixparty.errors import InputRefused

FIRST, LAST = dt.date(2012, 1, 1), dt.date(2023, 12, 31)
WORDS = ("SRBM", "MRBM", "MLRS", "LACM", "ASCM", "SAM", "exchange_of_fire", "warning_shots")
PLACES = (None, "Wonsan", "Sunan", "off Wonsan")


@st.composite
def entries(draw, *, gap=0):
    """Acts in any order of days; `gap` is the least number of days between two of them."""
    steps = draw(st.lists(st.integers(gap, gap + 12), max_size=12))
    days = [FIRST + dt.timedelta(days=40 + sum(steps[: i + 1])) for i in range(len(steps))]
    return tuple(
        DatedEntry(
            id=f"row {i}",
            date=day,
            precision="day",
            classes=frozenset(draw(st.sets(st.sampled_from(WORDS), min_size=1, max_size=3))),
            place=draw(st.sampled_from(PLACES)),
            objects=draw(st.none() | st.integers(1, 9)),
        )
        for i, day in enumerate(days)
    )


def listed(acts, name="a list"):
    return DatedList(name, tuple(acts), frozenset(WORDS), FIRST, LAST)


@given(entries(), st.integers(0, 7))
def test_a_list_agrees_wholly_with_itself(acts, window):
    found = reconcile(listed(acts), listed(acts), window_days=window)
    assert found.counts()["agreed"] == len(acts) == len(found.findings)


@given(entries(), entries(), st.integers(0, 7))
def test_exchanging_the_lists_exchanges_the_report(acts, others, window):
    a, b = listed(acts, "a"), listed(others, "b")
    there, back = reconcile(a, b, window_days=window), reconcile(b, a, window_days=window)
    assert sorted(map(repr, there.findings)) == sorted(repr(found.swapped()) for found in back.findings)


@given(entries(gap=16), st.integers(1, 7), st.data())
def test_acts_moved_within_the_window_are_misdated_by_that_many_days(acts, window, data):
    days = data.draw(st.sampled_from([*range(-window, 0), *range(1, window + 1)]))
    moved = [replace(act, date=act.date + dt.timedelta(days=days)) for act in acts]
    found = reconcile(listed(acts), listed(moved), window_days=window)
    assert [(one.kind, one.days) for one in found.findings] == [("misdated", days)] * len(acts)


@given(entries(gap=16), st.integers(0, 6))
def test_acts_moved_beyond_the_window_are_missing_on_both_sides(acts, window):
    moved = [replace(act, date=act.date + dt.timedelta(days=window + 1)) for act in acts]
    counts = reconcile(listed(acts), listed(moved), window_days=window).counts()
    assert counts["missing_in_a"] == counts["missing_in_b"] == len(acts)


@given(entries(), entries(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(acts, others, random):
    found = reconcile(listed(acts), listed(others)).findings
    shuffled = random.sample(acts, len(acts)), random.sample(others, len(others))
    assert reconcile(listed(shuffled[0]), listed(shuffled[1])).findings == found


@given(entries(), entries())
def test_every_act_stands_in_exactly_one_finding(acts, others):
    found = reconcile(listed(acts), listed(others)).findings
    assert sorted(one.a.id for one in found if one.a) == sorted(act.id for act in acts)
    assert sorted(one.b.id for one in found if one.b) == sorted(act.id for act in others)


@given(entries(), entries(), st.integers(2, 6))
def test_a_wider_window_never_loses_a_pair(acts, others, window):
    def pairs(days):
        counts = reconcile(listed(acts), listed(others), window_days=days).counts()
        return counts["agreed"] + counts["misdated"] + counts["differently_classed"]

    assert pairs(window) <= pairs(window + 1)


@given(entries(gap=16), st.data())
def test_a_row_taken_out_is_missing_there_and_a_row_put_in_twice_is_a_duplicate(acts, data):
    if not acts:
        return
    chosen = data.draw(st.sampled_from(acts))
    without = [act for act in acts if act != chosen]
    assert reconcile(listed(acts), listed(without)).counts()["missing_in_b"] == 1
    twice = [*acts, replace(chosen, id="again")]
    assert reconcile(listed(twice), listed(acts)).counts()["duplicated_in_a"] == 1


@st.composite
def files(draw, layout):
    """Files that are nearly of a layout: some cells good, some anything."""
    good = ["2017-07-04", "1992-06", "SRBM", "Satellite Launch", "8:33:00 PM", "day", "3", "Wonsan", "Unknown", ""]
    cell = st.sampled_from(good) | st.text(max_size=6)
    rows = draw(st.lists(st.lists(cell, min_size=len(layout.columns), max_size=len(layout.columns)), max_size=5))
    lines = [",".join(layout.columns), *(",".join(row) for row in rows)]
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines).encode("utf-8", "surrogatepass")


def read_or_refusal(path, layout):
    try:
        return read_list(path, layout)
    except InputRefused as refused:
        return str(refused)


@pytest.mark.parametrize("layout", [PLAIN, CSIS, CNS], ids=lambda layout: layout.name)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_file_is_read_or_refused_in_words(layout, tmp_path, data):
    path = tmp_path / "list.csv"
    path.write_bytes(data.draw(files(layout) | st.binary(max_size=200)))
    found = read_or_refusal(path, layout)
    if isinstance(found, str):
        assert "expected" in found or "must" in found
    else:
        assert reconcile(found, found).counts()["agreed"] == len(found.entries)
