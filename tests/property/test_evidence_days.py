"""Arrays of days against a loop over every day."""

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.evidence import NotTestable, Question, Ratio
from sixparty.tension import DaySeries, listed_days

ORIGIN = dt.date(2000, 1, 1)
offsets = st.integers(-40, 80)


def after(days):
    return ORIGIN + dt.timedelta(days=days)


def series_of(spans, *, covered=(-40, 200)):
    ordered = sorted(spans)
    return DaySeries(
        ids=tuple(f"row {place}" for place in range(len(ordered))),
        starts=np.array([after(first) for first, _ in ordered], dtype="datetime64[D]"),
        ends=np.array([after(first + length) for first, length in ordered], dtype="datetime64[D]"),
        covered_from=after(covered[0]),
        covered_through=after(covered[1]),
    )


spans = st.lists(st.tuples(offsets, st.integers(0, 30)), max_size=12)
windows = st.tuples(offsets, st.integers(0, 60))


@given(spans, windows)
def test_a_day_is_on_if_and_only_if_some_occurrence_lasts_on_it(spans, window):
    first, length = window
    found = series_of(spans).is_on(after(first), after(first + length))
    days = range(first, first + length + 1)
    assert found.tolist() == [any(begin <= day <= begin + long for begin, long in spans) for day in days]


@given(spans, windows)
def test_occurrences_are_counted_on_the_day_on_which_they_begin(spans, window):
    first, length = window
    found = series_of(spans).counts(after(first), after(first + length))
    assert found.tolist() == [sum(begin == day for begin, _ in spans) for day in range(first, first + length + 1)]


@given(spans, windows)
def test_between_keeps_what_begins_within_and_never_widens_the_coverage(spans, window):
    first, length = window
    whole = series_of(spans, covered=(-10, 60))
    kept = whole.between(after(first), after(first + length))
    inside = [
        row
        for row, begin in zip(whole.ids, whole.starts, strict=True)
        if after(first) <= begin <= after(first + length)
    ]
    assert list(kept.ids) == inside
    assert len(kept) == len(kept.starts) == len(kept.ends)
    assert kept.covered_from >= whole.covered_from
    assert kept.covered_through <= whole.covered_through
    assert kept.counts(after(first), after(first + length)).sum() == len(kept)


@given(spans, windows)
def test_rows_within_a_window_are_those_that_share_a_day_with_it(spans, window):
    first, length = window
    series = series_of(spans)
    found = series.ids_within(after(first), after(first + length))
    ordered = sorted(spans)
    expected = [
        row
        for row, (begin, long) in zip(series.ids, ordered, strict=True)
        if set(range(begin, begin + long + 1)) & set(range(first, first + length + 1))
    ]
    assert list(found) == expected


@given(st.sets(st.dates(dt.date(1990, 1, 1), dt.date(2025, 6, 30)), min_size=1))
def test_listed_days_hold_each_day_once_in_order(days):
    series = listed_days(sorted(days, reverse=True))
    first, last = min(days), max(days)
    assert series.counts(first, last).sum() == series.is_on(first, last).sum() == len(days)
    assert list(series.starts) == sorted(series.starts)


@given(st.dates(dt.date(1980, 1, 1), dt.date(2030, 1, 1)), st.dates(dt.date(1980, 1, 1), dt.date(2030, 1, 1)))
def test_a_question_lies_within_what_is_covered_and_asked_or_is_refused(first, last):
    exposure, outcome = series_of([], covered=(0, 4000)), series_of([], covered=(500, 5000))
    try:
        question = Question.covered(exposure, outcome, first=first, last=last)
    except NotTestable:
        assert (min(last, after(4000)) - max(first, after(500))).days < 364
    else:
        assert question.first == max(first, after(500))
        assert question.last == min(last, after(4000))


@given(st.floats(), st.floats(), st.floats())
def test_no_ratio_lies_outside_its_interval_or_has_no_end(value, low, high):
    if math.isfinite(value) and 0 <= low <= value <= high:
        assert Ratio(value, low, high).holds_one == (low <= 1 <= high)
    else:
        with pytest.raises(NotTestable):
            Ratio(value, low, high)
