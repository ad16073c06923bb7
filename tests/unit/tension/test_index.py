import datetime as dt

import numpy as np
import pytest
from tests.conftest import weapons_test

from sixparty.compute import Key
from sixparty.tension import HALF_LIFE_WEEKS, SEVERITY, tension_index

END = dt.date(2025, 6, 28)
KEY = Key.from_seed(1)


def test_the_index_follows_its_formula_for_a_single_event(make_chronicle):
    index = tension_index(KEY, make_chronicle(events=[weapons_test("2025-06-10")]), end=END, draws=20)
    weeks = len(index.value)
    decay = 0.5 ** (1 / HALF_LIFE_WEEKS)
    mean = SEVERITY["other_test"] / weeks
    memory = SEVERITY["other_test"] * decay**2
    length = (1 - decay**weeks) / (1 - decay)
    expected = (memory + 2 * mean) / ((length + 2) * mean)
    assert index.by_class[-1, 0] == pytest.approx(expected, rel=1e-9)


def test_later_events_do_not_change_how_earlier_weeks_compare(make_chronicle):
    events = [weapons_test("2016-01-06", kind="nuclear_test", weapon_class="nuclear"), weapons_test("2012-04-13")]
    early = tension_index(KEY, make_chronicle(events=events), end=END, draws=5).by_class[:, 0]
    late = [*events, weapons_test("2025-06-24")]
    shifted = tension_index(KEY, make_chronicle(events=late), end=END, draws=5).by_class[:, 0]
    settled = slice(600, -1)
    floor = 2 / (1 / (1 - 0.5 ** (1 / HALF_LIFE_WEEKS)) + 2)
    ratio = (early[settled] - floor)[early[settled] > floor + 1e-6] / (shifted[settled] - floor)[
        early[settled] > floor + 1e-6
    ]
    assert np.allclose(ratio, ratio[0], rtol=1e-3)


def test_a_severer_event_moves_the_index_more(make_chronicle):
    base = [weapons_test(f"20{year}-05-01") for year in range(10, 25)]
    values = [
        tension_index(KEY, make_chronicle(events=[*base, weapons_test("2025-06-24", **cells)]), end=END, draws=5).value[
            -1
        ]
        for cells in (
            {"weapon_class": "SRBM"},
            {"weapon_class": "IRBM"},
            {"weapon_class": "ICBM"},
            {"kind": "nuclear_test", "weapon_class": "nuclear"},
        )
    ]
    assert values == sorted(values)
    assert len(set(values)) == 4


def test_the_band_holds_the_value_nearly_always_and_does_not_hang_on_the_seed(chronicle):
    index = tension_index(KEY, chronicle, end=END)
    other = tension_index(Key.from_seed(2), chronicle, end=END)
    assert np.mean((index.low <= index.value) & (index.value <= index.high)) > 0.95
    assert np.array_equal(index.value, other.value)
    assert np.median(np.abs(np.log(index.high / other.high))) < 0.05


def test_without_events_the_index_is_still_a_number(make_chronicle):
    index = tension_index(KEY, make_chronicle(), end=END, draws=5)
    assert np.isfinite(index.value).all()


def test_the_index_is_highest_in_the_record_when_the_record_says_so(chronicle):
    index = tension_index(KEY, chronicle, end=END)
    top = index.week_ends[np.argmax(index.by_class[:, 0])]
    assert str(top)[:4] in {"2022", "2023", "2024", "2017"}
    quiet = (index.week_ends > np.datetime64("2018-04-01")) & (index.week_ends < np.datetime64("2019-04-01"))
    assert index.value[quiet].max() < np.quantile(index.value, 0.9)
