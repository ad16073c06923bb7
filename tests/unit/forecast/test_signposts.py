import numpy as np
import pytest

from sixparty.errors import UsageError
from sixparty.forecast.signposts import Condition, signposts

MARKS = ("talks", "tests")


def futures(number: int = 4000) -> np.ndarray:
    """Talks in week 1 in half of the futures; a test in week 10 in 30 % of those and in 70 % of the others."""
    out = np.zeros((number, 20, 2), dtype=np.int64)
    half = number // 2
    out[:half, 0, 0] = 1
    out[: int(0.3 * half), 9, 1] = 1
    out[half : half + int(0.7 * half), 9, 1] = 1
    return out


def test_a_signpost_is_the_share_among_the_futures_that_pass_it():
    (row,) = signposts(futures(), MARKS, conditions=[Condition("talks", 1)], targets=["tests"])
    assert (row.from_probability, row.to_probability) == pytest.approx((0.5, 0.3))
    assert (row.futures, row.first_week, row.last_week) == (2000, 5, 17)
    assert row.is_told


def test_none_means_no_event_in_the_first_four_weeks():
    (row,) = signposts(futures(), MARKS, conditions=[Condition("talks", 0)], targets=["tests"])
    assert row.to_probability == pytest.approx(0.7)


def test_a_condition_that_few_futures_meet_is_left_out():
    assert signposts(futures(300), MARKS, conditions=[Condition("talks", 1)], targets=["tests"]) == ()


def test_events_of_the_watched_weeks_do_not_count_for_the_target():
    rows = signposts(futures(), MARKS, conditions=[Condition("talks", 1)], targets=["talks"])
    assert rows[0].to_probability == 0
    assert not rows[0].is_told


def test_the_largest_difference_stands_first():
    conditions = [Condition("talks", 1), Condition("tests", 0)]
    rows = signposts(futures(), MARKS, conditions=conditions, targets=["tests"])
    assert [row.condition.mark for row in rows] == ["talks", "tests"]


def test_short_futures_are_refused():
    with pytest.raises(UsageError, match="must reach 17 weeks, got 10"):
        signposts(futures()[:, :10], MARKS, conditions=[], targets=[])
