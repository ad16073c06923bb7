import numpy as np
import pytest

from sixparty.errors import ModelRefused
from sixparty.excitation import DeclaredState, Drivers, Trigger


@pytest.mark.parametrize("hazard", [-0.1, 1.5, float("nan")])
def test_a_hazard_outside_zero_to_one_is_refused(hazard):
    with pytest.raises(ModelRefused, match="breach_hazard of 'pause' must lie from 0 to 1"):
        DeclaredState("pause", np.zeros(2), breach_hazard=hazard)


def test_an_infinite_effect_is_refused_in_favour_of_zero_marks():
    with pytest.raises(ModelRefused, match="zero_marks"):
        DeclaredState("pause", np.array([-np.inf]))


@pytest.mark.parametrize("watched", [{}, {"mark": "tests", "ended_state": "pause"}])
def test_a_trigger_watches_exactly_one_thing(watched):
    with pytest.raises(ModelRefused, match="exactly one"):
        Trigger(**watched)


def test_offsets_of_a_trigger_need_a_duration():
    with pytest.raises(ModelRefused, match="lasting_periods"):
        Trigger(mark="tests", log_rate_offsets=np.zeros(1))


def test_offsets_must_have_the_periods_of_the_exposures():
    with pytest.raises(ModelRefused, match="must end in 5 periods and 2 marks"):
        Drivers(np.zeros((5, 2, 1)), np.zeros((4, 2)), np.zeros(5))


def test_year_fractions_must_have_the_periods_of_the_exposures():
    with pytest.raises(ModelRefused, match="year_fraction must hold 5 periods"):
        Drivers(np.zeros((5, 2, 1)), np.zeros((5, 2)), np.zeros(4))


def test_two_states_cannot_share_a_name():
    twice = (DeclaredState("pause", np.zeros(2)), DeclaredState("pause", np.zeros(2)))
    with pytest.raises(ModelRefused, match="different names"):
        Drivers(np.zeros((5, 2, 1)), np.zeros((5, 2)), np.zeros(5), declared_states=twice)
