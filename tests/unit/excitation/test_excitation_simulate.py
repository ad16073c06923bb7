import dataclasses

import numpy as np
import pytest
from tests.excitation_examples import TYPICAL, known_fit, quiet_drivers, state_at, two_marks, years

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation import (
    DeclaredState,
    Drivers,
    MarkStructure,
    Trigger,
    assemble_marks,
    expected_counts,
    simulate,
)

KEY = Key.from_seed(11)
PERIODS = 60


def run(drivers=None, *, draws=200, futures=None, workers=1, periods=PERIODS, key=KEY):
    model, states = two_marks(draws=draws)
    drivers = drivers or quiet_drivers(model, periods)
    return simulate(key, model, states, drivers=drivers, periods=periods, futures=futures, workers=workers)


def declared(*states, triggers=()):
    model, _ = two_marks()
    return dataclasses.replace(quiet_drivers(model, PERIODS), declared_states=states, triggers=triggers)


def pause(**changes):
    given = {"name": "pause", "log_rate_effects": np.zeros(2), "zero_marks": ("tests",)} | changes
    return DeclaredState(**given)


@pytest.mark.parametrize("workers", [1, 2])
def test_simulated_moments_agree_with_the_exact_recursion(workers):
    """240 figures, each within 4.5 Monte Carlo errors: false alarms below .2 %."""
    futures, periods = 40_000, 60
    model, states = two_marks()
    drivers = quiet_drivers(model, periods)
    mean, variance = expected_counts(model, states, drivers=drivers, periods=periods)
    counts = simulate(
        KEY, model, states, drivers=drivers, periods=periods, futures=futures, workers=workers
    ).counts.astype(float)
    fourth = ((counts - counts.mean(axis=0)) ** 4).mean(axis=0)
    error_of_variance = np.sqrt((fourth - variance**2) / futures)
    assert np.abs(counts.mean(axis=0) - mean).max() > 0.0
    assert (np.abs(counts.mean(axis=0) - mean) < 4.5 * np.sqrt(variance / futures)).all()
    assert (np.abs(counts.var(axis=0) - variance) < 4.5 * error_of_variance).all()
    total = counts.mean(axis=(0, 1)) - mean.mean(axis=0)
    assert np.abs(total / mean.mean(axis=0)).max() < 0.01


def test_the_number_of_workers_changes_no_digit():
    one, three = run(futures=301), run(futures=301, workers=3)
    assert np.array_equal(one.counts, three.counts)


def test_another_key_gives_other_futures():
    assert not np.array_equal(run().counts, run(key=Key.from_seed(12)).counts)


def test_a_future_does_not_depend_on_how_many_are_asked_for():
    assert np.array_equal(run(futures=500).counts[:150], run(futures=150).counts)


def test_futures_of_one_draw_differ_from_one_another():
    futures = run(draws=1, futures=2)
    assert not np.array_equal(futures.counts[0], futures.counts[1])


def test_a_policy_that_changes_nothing_differs_by_exactly_zero():
    idle = declared(pause(starts_at=None), triggers=(Trigger(mark="tests", at_least=999, ends="pause"),))
    assert np.array_equal(run().counts, run(idle).counts)


def test_an_offset_acts_from_its_period_on_and_nowhere_before():
    model, _ = two_marks()
    offsets = np.zeros((PERIODS, 2))
    offsets[20:, 0] = -50.0
    futures = run(dataclasses.replace(quiet_drivers(model, PERIODS), log_rate_offsets=offsets))
    assert np.array_equal(futures.counts[:, :20], run().counts[:, :20])
    assert futures.counts[:, 20:, 0].sum() == 0


def test_offsets_may_differ_from_draw_to_draw():
    model, _ = two_marks()
    offsets = np.zeros((200, PERIODS, 2))
    offsets[::2] = -50.0
    futures = run(dataclasses.replace(quiet_drivers(model, PERIODS), log_rate_offsets=offsets))
    assert futures.counts[::2].sum() == 0
    assert np.array_equal(futures.counts[1::2], run().counts[1::2])


def test_a_lower_offset_never_raises_a_count_without_excitation():
    values = TYPICAL | {"drift": 0.2, "excitation:own": 1e-9}
    model = assemble_marks({"tests": known_fit(MarkStructure(), values, draws=100)})
    drivers = quiet_drivers(model, PERIODS)
    lower = dataclasses.replace(drivers, log_rate_offsets=np.full((PERIODS, 1), -0.4))
    states = {"tests": state_at(0.5, draws=100)}
    before, after = (simulate(KEY, model, states, drivers=each, periods=PERIODS).counts for each in (drivers, lower))
    assert (after <= before).all()
    assert after.sum() < before.sum()


def test_a_state_that_is_kept_makes_its_marks_zero_and_leaves_the_rest():
    futures = run(declared(pause()))
    assert futures.counts[:, :, 0].sum() == 0
    assert futures.counts[:, :, 1].sum() > 0
    assert futures.state_in_force.all()


def test_a_breach_comes_at_the_rate_of_its_hazard():
    """Share still in force after 20 of 60 weeks within 4.5 standard errors: false alarms below .001 %."""
    futures = run(declared(pause(breach_hazard=0.03)), draws=4000)
    standing = futures.state_in_force[:, 19, 0]
    expected = 0.97**20
    assert abs(standing.mean() - expected) < 4.5 * np.sqrt(expected * (1 - expected) / 4000)
    assert (np.diff(futures.state_in_force[:, :, 0].astype(int), axis=1) <= 0).all()


def test_breaches_follow_from_the_name_and_not_from_the_place_in_the_list():
    other = pause(name="channel", zero_marks=(), breach_hazard=0.1)
    first = run(declared(pause(breach_hazard=0.05), other))
    second = run(declared(other, pause(breach_hazard=0.05)))
    assert np.array_equal(first.state_in_force[:, :, 0], second.state_in_force[:, :, 1])
    assert np.array_equal(first.counts, second.counts)


def test_a_state_starts_and_ends_as_declared():
    futures = run(declared(pause(starts_at=5, ends_at=9)))
    assert futures.state_in_force[0, :, 0].nonzero()[0].tolist() == [5, 6, 7, 8]
    assert futures.counts[:, 5:9, 0].sum() == 0


def test_hazards_and_effects_may_differ_from_draw_to_draw():
    hazards = np.tile([0.0, 1.0], 100)
    effects = np.zeros((200, 2))
    effects[:, 1] = -50.0
    futures = run(declared(pause(breach_hazard=hazards, log_rate_effects=effects)))
    assert futures.state_in_force[::2].all()
    assert not futures.state_in_force[1::2].any()
    assert futures.counts[::2].sum() == 0


def test_a_trigger_on_a_mark_ends_a_state_in_the_next_period():
    relief = pause(name="relief", zero_marks=())
    futures = run(declared(relief, triggers=(Trigger(mark="tests", at_least=2, within_periods=3, ends="relief"),)))
    window = np.lib.stride_tricks.sliding_window_view(np.pad(futures.counts[:, :, 0], ((0, 0), (2, 0))), 3, axis=1).sum(
        axis=2
    )
    expected = np.cumsum(window >= 2, axis=1) == 0
    assert np.array_equal(futures.state_in_force[:, :, 0], expected)


def test_the_end_of_one_state_starts_another_and_brings_offsets_for_a_while():
    snap_back = Trigger(
        ended_state="pause", starts="sanctions", log_rate_offsets=np.array([-50.0, -50.0]), lasting_periods=4
    )
    sanctions = pause(name="sanctions", starts_at=None, zero_marks=())
    futures = run(declared(pause(ends_at=10), sanctions, triggers=(snap_back,)))
    assert futures.state_in_force[0, :, 1].nonzero()[0].tolist() == list(range(10, PERIODS))
    assert futures.counts[:, 11:15].sum() == 0
    assert futures.counts[:, 15:].sum() > 0


def test_the_level_stays_on_its_grid():
    values = TYPICAL | {"drift": 3.0, "excitation:own": 1e-9}
    model = assemble_marks({"tests": known_fit(MarkStructure(), values, draws=300)})
    futures = simulate(KEY, model, {"tests": state_at(0.5, draws=300)}, drivers=quiet_drivers(model, 400), periods=400)
    assert futures.counts.mean() < MarkStructure().grid.highest / 4


def test_the_level_moves_every_four_weeks_counted_from_its_last_move():
    values = TYPICAL | {"drift": 1.0, "excitation:own": 1e-9, "dispersion": 1e6}
    model = assemble_marks({"tests": known_fit(MarkStructure(), values, draws=20_000)})
    state = dataclasses.replace(state_at(1.0, draws=20_000), periods_into_level_step=2)
    counts = simulate(KEY, model, {"tests": state}, drivers=quiet_drivers(model, 8), periods=8).counts[:, :, 0]
    spread = counts.astype(float).var(axis=0)
    assert (spread[:2] < 1.2).all()
    assert (spread[2:] > 3.0).all()


def test_an_episode_begins_anew_with_its_chance_at_every_move():
    """8 means of 20,000 futures, each within 4.5 Monte Carlo errors: false alarms below .01 %."""
    values = TYPICAL | {"drift": 1e-9, "excitation:own": 1e-9, "dispersion": 1e6}
    values |= {"level_mean": np.log(2.0), "renewal": 0.2, "level_spread": 1e-3}
    model = assemble_marks({"talks": known_fit(MarkStructure(level="episodes"), values)})
    state = dataclasses.replace(state_at(1e-3), periods_into_level_step=4)
    counts = simulate(KEY, model, {"talks": state}, drivers=quiet_drivers(model, 8), periods=8, futures=20_000).counts
    renewed = np.repeat([0.2, 1 - 0.8**2], 4)
    expected = 2.0 * renewed + 1e-3 * (1 - renewed)
    error = np.sqrt((2.0 * renewed + 4.0 * renewed * (1 - renewed)) / 20_000)
    assert (np.abs(counts[:, :, 0].mean(axis=0) - expected) < 4.5 * error).all()


def test_exact_moments_refuse_levels_that_begin_anew():
    values = TYPICAL | {"level_mean": 0.0, "renewal": 0.2, "level_spread": 1.0}
    model = assemble_marks({"talks": known_fit(MarkStructure(level="episodes"), values)})
    with pytest.raises(ModelRefused, match="need drift 0"):
        expected_counts(model, {"talks": state_at(0.1)}, drivers=quiet_drivers(model, 8), periods=8)


def test_season_and_exposure_act_on_the_expected_counts():
    structure = MarkStructure(exposures=("scheduled",), season=True)
    values = TYPICAL | {"effect:scheduled": 0.5, "season:sin": 0.3, "season:cos": -0.2}
    model = assemble_marks({"tests": known_fit(structure, values)})
    exposures = (np.arange(PERIODS) % 5 == 0).astype(float)[:, None, None]
    drivers = Drivers(exposures, np.full((PERIODS, 1), 0.1), years(PERIODS))
    states = {"tests": state_at(0.4)}
    mean, variance = expected_counts(model, states, drivers=drivers, periods=PERIODS)
    counts = simulate(KEY, model, states, drivers=drivers, periods=PERIODS, futures=20_000).counts
    assert (np.abs(counts.mean(axis=0) - mean) < 4.5 * np.sqrt(variance / 20_000)).all()
    assert mean[5, 0] > 1.2 * mean[6, 0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"periods": 0}, "periods and futures must be 1 or more"),
        ({"periods": PERIODS + 1}, "drivers must describe at least 61 periods, got 60"),
    ],
)
def test_asking_for_too_little_or_too_much_is_refused(changes, words):
    model, states = two_marks()
    with pytest.raises(ModelRefused, match=words):
        simulate(KEY, model, states, drivers=quiet_drivers(model, PERIODS), **changes)


def test_a_missing_state_is_refused():
    model, states = two_marks()
    with pytest.raises(ModelRefused, match="none for talks"):
        simulate(KEY, model, {"tests": states["tests"]}, drivers=quiet_drivers(model, 5), periods=5)


def test_an_unknown_mark_of_a_trigger_is_refused():
    with pytest.raises(ModelRefused, match="mark of a trigger must be one of tests, talks, got 'drills'"):
        run(declared(triggers=(Trigger(mark="drills", ends=None),)))


def test_offsets_with_the_wrong_number_of_draws_are_refused():
    model, _ = two_marks()
    offsets = np.zeros((7, PERIODS, 2))
    with pytest.raises(ModelRefused, match="must have 1 or 200 draws, got 7"):
        run(dataclasses.replace(quiet_drivers(model, PERIODS), log_rate_offsets=offsets))
