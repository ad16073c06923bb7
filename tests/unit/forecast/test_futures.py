from dataclasses import replace

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import MarkFit, MarkStructure
from sixparty.forecast import (
    condition_panel,
    expected_classes,
    mark_data,
    observed_classes,
    simulate_panel,
)
from sixparty.tension.panel import CountPanel

CLASSES = {"tests": ("weapons_test_days",), "all": ("weapons_test_days", "border_kinetic")}


def test_the_data_of_a_mark_are_its_columns_of_the_panel(panel: CountPanel):
    structure = MarkStructure(links=("own", "nuclear_test"), exposures=("moratorium", "scheduled"))
    data = mark_data(panel, "weapons_test_days", structure=structure)
    assert np.array_equal(data.counts, panel.counts[:, 0])
    assert np.array_equal(data.link_counts, panel.counts[:, [0, 2]])
    assert np.array_equal(data.exposures, panel.exposures[:, 0, [3, 0]])


def test_an_exposure_that_the_panel_lacks_is_named(panel: CountPanel):
    with pytest.raises(UsageError, match="must hold the exposures weather, got scheduled"):
        mark_data(panel, "border_kinetic", structure=MarkStructure(exposures=("weather",)))


def test_weeks_need_a_level_that_moves_every_fourth(panel: CountPanel):
    with pytest.raises(UsageError, match="every four weeks"):
        mark_data(panel, "border_kinetic", structure=MarkStructure(level_step=1))


def test_exposures_act_on_the_weeks_in_which_they_stand(panel: CountPanel, fits: dict[str, MarkFit]):
    """The same draws with and without drills differ in no week before the first drill."""
    off = np.zeros((20, *panel.exposures.shape[1:]))
    on = off.copy()
    on[10:, :, 0] = 5.0
    counts = [
        simulate_panel(Key.from_seed(1), panel, fits=fits, exposures=e, periods=20, futures=400).counts
        for e in (off, on)
    ]
    assert np.array_equal(counts[0][:, :10], counts[1][:, :10])
    assert not np.array_equal(counts[0][:, 10:], counts[1][:, 10:])


def test_the_expectation_does_not_look_at_the_weeks_it_is_about(panel: CountPanel, fits: dict[str, MarkFit]):
    changed = panel.counts.copy()
    changed[-13:] += 4
    loud = replace(panel, counts=changed)
    quiet, other = (
        expected_classes(Key.from_seed(2), p, fits=fits, classes=CLASSES, draws=1000)["tests"].pmf
        for p in (panel, loud)
    )
    assert np.array_equal(quiet, other)


def test_states_from_one_pass_give_the_same_figures(panel: CountPanel, fits: dict[str, MarkFit]):
    key, seen = Key.from_seed(2), len(panel.period_ends)
    before, _ = condition_panel(key, panel, fits=fits, ends=(seen - 13, seen), workers=2)
    alone, shared = (
        expected_classes(key, panel, fits=fits, classes=CLASSES, draws=1000, state=state)["all"].pmf
        for state in (None, before)
    )
    assert np.array_equal(alone, shared)


def test_a_class_of_several_marks_expects_their_sum(panel: CountPanel, fits: dict[str, MarkFit]):
    got = expected_classes(Key.from_seed(2), panel, fits=fits, classes=CLASSES, draws=1000)
    assert got["all"].mean > got["tests"].mean
    observed = observed_classes(panel, classes=CLASSES)
    assert observed == {"tests": panel.counts[-13:, 0].sum(), "all": panel.counts[-13:, :2].sum()}
