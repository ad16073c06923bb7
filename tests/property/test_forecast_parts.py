"""Parts of a change always add up, and switches that do nothing have no part."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.forecast import explain_base_rate, shapley_parts
from sixparty.report.explain_terminal import share_out, written_parts

NUMBERS = st.floats(-50, 50, allow_nan=False)
COUNTS = st.lists(st.integers(0, 3), min_size=1, max_size=60).map(lambda counts: np.array(counts, dtype=np.int64))


@given(st.lists(NUMBERS, min_size=16, max_size=16), st.integers(1, 4))
def test_the_parts_of_any_game_add_up(values, number):
    names = [(name,) for name in "abcd"[:number]]

    def value(thrown: frozenset[str]) -> np.ndarray:
        return np.array(values[sum(1 << "abcd".index(name) for name in thrown)])

    parts = shapley_parts(value, names)
    total = value(frozenset("abcd"[:number])) - value(frozenset())
    assert sum(parts.values()) == pytest.approx(total, abs=1e-9)


@given(st.lists(NUMBERS, min_size=3, max_size=3))
def test_switches_that_do_not_meet_have_their_own_effect_and_an_idle_one_none(effects):
    worth = dict(zip("abc", effects, strict=True)) | {"idle": 0.0}
    parts = shapley_parts(lambda thrown: np.array(sum(worth[name] for name in thrown)), [(name,) for name in worth])
    assert {name: float(part) for name, part in parts.items()} == pytest.approx(worth, abs=1e-9)


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.integers(-1, 1))
def test_shared_out_parts_add_up_and_lie_near_their_values(parts, off):
    total = round(sum(parts)) + off
    shared = share_out(parts, total)
    assert sum(shared) == total
    assert all(abs(whole - part) < 2.5 for whole, part in zip(shared, parts, strict=True))


@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=8))
def test_a_change_as_written_adds_up(old, parts):
    new = old + sum(parts)
    texts, digits = written_parts(old, new, parts=parts, digits=(0, 1, 2))
    numbers = [round(float(text.replace("−", "-")) * 10**digits) for text in texts]
    assert sum(numbers[:-1]) == numbers[-1]


@given(COUNTS, COUNTS, st.sampled_from(["nuclear_test", "grey_zone_days"]), st.sampled_from([1, 13, 52]))
def test_the_parts_of_any_base_rate_add_up(past, since, target, horizon):
    change = explain_base_rate(
        target, horizon=horizon, old=past, revised=past, new=np.concatenate([past, since]).astype(np.int64)
    )
    assert change.old_chance + sum(part.chance for part in change.parts) == pytest.approx(change.new_chance, abs=1e-9)
    assert change.old_mean + sum(part.mean for part in change.parts) == pytest.approx(change.new_mean, abs=1e-9)
