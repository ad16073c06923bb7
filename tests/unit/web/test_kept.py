"""What is kept stays below its bound, and of several who ask at once one makes it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.web.kept import Kept


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 60)), max_size=60))
def test_the_weight_of_what_is_kept_never_passes_the_bound(asked):
    kept = Kept(100, weight=len)
    for key, size in asked:
        found = kept.find((key, size), lambda size=size: size * b"x")
        assert len(found) == size
        assert kept.weight <= 100


def test_what_was_used_last_stays():
    kept = Kept(40, weight=len)
    for key in "abcd":
        kept.find(key, lambda: 10 * "x")
    kept.get("a")
    kept.find("e", lambda: 10 * "x")
    assert kept.get("a") is not None
    assert kept.get("b") is None


def test_what_is_made_as_nothing_is_asked_for_again():
    kept, tries = Kept(100, weight=len), iter([None, "there"])
    assert kept.find("a", lambda: next(tries)) is None
    assert kept.find("a", lambda: next(tries)) == "there"


def test_of_many_who_ask_at_once_one_makes_it():
    kept, made, together = Kept(100, weight=len), [], Barrier(8)

    def ask() -> str:
        together.wait()
        return kept.find("a", lambda: made.append(1) or Event().wait(0.05) or "x")

    with ThreadPoolExecutor(8) as pool:
        found = [future.result() for future in [pool.submit(ask) for _ in range(8)]]
    assert found == ["x"] * 8
    assert len(made) == 1


def test_an_error_reaches_who_asked_and_is_not_kept():
    kept = Kept(100, weight=len)
    with pytest.raises(ZeroDivisionError):
        kept.find("a", lambda: 1 // 0)
    assert kept.find("a", lambda: "x") == "x"


def test_forgetting_leaves_nothing():
    kept = Kept(100, weight=len)
    kept.find("a", lambda: "x")
    kept.clear()
    assert (kept.get("a"), kept.weight) == (None, 0)
