import math
from dataclasses import replace

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import MarkFit
from sixparty.forecast import (
    Observation,
    Standpoint,
    base_rate,
    base_rate_observations,
    condition_panel,
    observations,
)
from sixparty.forecast.signposts import Condition, signposts
from sixparty.tension.panel import CountPanel

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


def test_a_condition_on_a_mark_that_the_target_s_model_does_not_read_is_left_out():
    conditions = [Condition("talks", 1), Condition("tests", 0)]
    rows = signposts(futures(), MARKS, conditions=conditions, targets=["tests"], feeding={"tests": ["tests"]})
    assert [row.condition.mark for row in rows] == ["tests"]


TESTS, FIRE = "weapons_test_days", "border_kinetic"


def seen(panel: CountPanel, fits: dict[str, MarkFit], target: str, *, number: int = 4000) -> tuple[Observation, ...]:
    key = Key.from_seed(6)
    (state,) = condition_panel(key, panel, fits=fits, ends=(len(panel.period_ends),))
    exposures = np.zeros((17, *panel.exposures.shape[1:]))
    exposures[6:8, :, 0] = 1.0
    now = Standpoint(panel, exposures, state)
    return observations(key, target, now, fits=fits, horizon=13, futures=number)


def test_only_the_own_mark_and_what_the_model_reads_are_searched(panel, fits):
    rows = seen(panel, fits, TESTS)
    assert {row.subject for row in rows if row.share is not None} == {TESTS}
    others = {(row.kind, row.subject) for row in rows if row.share is None}
    assert others == {
        ("announced", "scheduled"),
        ("called_off", "scheduled"),
        ("announced", "responsive"),
        ("declared", "moratorium"),
    }
    assert {row.subject for row in seen(panel, fits, FIRE)} == {FIRE}


def test_the_largest_move_stands_first_and_shares_are_of_all_futures(panel, fits):
    rows = seen(panel, fits, TESTS)
    moves = [abs(row.to_chance - row.from_chance) for row in rows]
    assert moves == sorted(moves, reverse=True)
    none = next(row for row in rows if row.kind == "none")
    any_seen = next(row for row in rows if row.at_least == 1)
    assert none.share + any_seen.share == pytest.approx(1)
    assert none.futures == none.share * 4000
    assert none.to_mean < none.from_mean < any_seen.to_mean


def test_the_mean_over_all_is_the_mixture_of_none_and_some(panel, fits):
    rows = seen(panel, fits, TESTS)
    none = next(row for row in rows if row.kind == "none")
    some = next(row for row in rows if row.at_least == 1)
    mixed = none.share * none.to_chance + some.share * some.to_chance
    assert mixed == pytest.approx(none.from_chance, abs=1e-9)


def test_drills_that_raise_the_rate_lower_the_forecast_when_called_off(panel, fits):
    fit = fits[TESTS]
    draws = fit.draws.copy()
    draws[:, fit.parameter_names.index("effect:scheduled")] = math.log(3.0)
    rows = seen(panel, {**fits, TESTS: replace(fit, draws=draws)}, TESTS)
    off = next(row for row in rows if row.kind == "called_off")
    on = next(row for row in rows if row.kind == "announced" and row.subject == "scheduled")
    assert off.to_mean < off.from_mean < on.to_mean


def test_of_a_base_rate_one_more_and_none_are_the_closed_form():
    counts = np.zeros(500, dtype=np.int64)
    counts[[10, 200]] = 1
    one, none = base_rate_observations("nuclear_test", counts, horizon=13)
    assert (one.kind, none.kind) == ("one", "none")
    assert one.from_chance == pytest.approx(base_rate(counts, 13).probability, abs=1e-9)
    assert one.to_chance == pytest.approx(base_rate(np.append(counts, [1, 0, 0, 0]), 13).probability, abs=1e-9)
    assert none.to_chance == pytest.approx(base_rate(np.append(counts, [0] * 4), 13).probability, abs=1e-9)
    assert one.share + none.share < 1
    assert one.is_told
    assert not one.futures
