import dataclasses

import numpy as np
import pytest
from tests.excitation_examples import seen

from sixparty.errors import ModelRefused
from sixparty.excitation import LevelGrid, MarkStructure, Normal, default_priors
from sixparty.excitation.data import linked_counts, require_fitting

DATA = seen(np.array([0, 1, 2, 0]))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"covered": np.ones(3, bool)}, "covered must have 1 axes and 4 periods"),
        ({"exposures": np.zeros((3, 1))}, "exposures must have 2 axes and 4 periods"),
        ({"counts": np.array([0, -1, 0, 0])}, "counts must be 0 or more, got -1"),
        ({"exposures": np.full((4, 1), np.nan)}, "exposures must be finite"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(changes, words):
    with pytest.raises(ModelRefused, match=words):
        dataclasses.replace(DATA, **changes)


def test_columns_must_be_those_of_the_structure():
    with pytest.raises(ModelRefused, match=r"exposures must have 1 columns \('scheduled',\), got 0"):
        require_fitting(DATA, MarkStructure(exposures=("scheduled",)))


def test_the_own_link_must_hold_the_own_counts():
    other = dataclasses.replace(DATA, link_counts=DATA.link_counts + 1)
    with pytest.raises(ModelRefused, match="must equal counts"):
        require_fitting(other, MarkStructure())


def test_own_counts_outside_the_record_feed_no_memory():
    hidden = dataclasses.replace(DATA, covered=np.array([True, True, False, True]))
    assert linked_counts(hidden, MarkStructure())[:, 0].tolist() == [0.0, 1.0, 0.0, 0.0]


def test_until_keeps_the_first_periods():
    assert DATA.until(2).counts.tolist() == [0, 1]


def test_the_grid_is_stated_for_four_weeks_whatever_the_period():
    weekly, monthly = MarkStructure(level_step=4).log_levels(), MarkStructure(level_step=1).log_levels()
    assert monthly - weekly == pytest.approx(np.log(4.0))
    assert np.exp(monthly[[0, -1]]) == pytest.approx([0.002, 40.0])


@pytest.mark.parametrize(
    "build",
    [
        lambda: MarkStructure(level="spline"),
        lambda: MarkStructure(level_step=0),
        lambda: MarkStructure(links=("own", "own")),
        lambda: LevelGrid(lowest=0.0),
        lambda: Normal(0.0, 0.0),
    ],
)
def test_parts_that_make_no_model_are_refused(build):
    with pytest.raises(ModelRefused):
        build()


def test_every_exposure_has_a_prior_and_drills_are_expected_to_raise_rates():
    effects = default_priors(MarkStructure(exposures=("scheduled", "moratorium", "other"))).effects
    assert (effects["scheduled"].mean, effects["moratorium"].mean, effects["other"].mean) == (0.3, -0.3, 0.0)
