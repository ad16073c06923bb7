"""Draws under which marks excite one another without end: they are kept, told, and their futures end."""

import numpy as np
import pytest
from tests.excitation_examples import TYPICAL, known_fit, quiet_drivers, state_at

from sixparty.compute import Key
from sixparty.excitation import OWN, MarkFit, MarkStructure, assemble_marks, branching_ratio, simulate
from sixparty.excitation.compiled_random import LARGEST_COUNT, LARGEST_RATE


def answering(other: str, strengths: tuple[float, ...]) -> MarkFit:
    """A mark that answers another, one draw for each strength."""
    values = TYPICAL | {f"excitation:{other}": 0.0, f"memory:{other}": 0.5}
    fit = known_fit(MarkStructure(links=(OWN, other)), values, draws=len(strengths))
    fit.draws[:, fit.parameter_names.index(f"excitation:{other}")] = strengths
    return fit


def joint(*strengths: float):
    return assemble_marks({"one": answering("two", strengths), "two": answering("one", strengths)})


def test_super_critical_draws_are_kept_and_their_share_is_told():
    model = joint(0.1, 0.2, 0.3, 0.9)
    assert branching_ratio(model) == pytest.approx(0.3 + np.array([0.1, 0.2, 0.3, 0.9]))
    assert model.draws == 4
    assert model.super_critical_share == 0.25
    assert joint(0.1, 0.2).super_critical_share == 0.0


def test_futures_of_super_critical_draws_grow_and_are_cut():
    model = joint(0.1, 0.2, 0.3, 0.9)
    states = {name: state_at(0.4, draws=4, memory=(0.0, 0.0)) for name in ("one", "two")}
    futures = simulate(Key.from_seed(3), model, states, drivers=quiet_drivers(model, 300), periods=300, futures=400)
    means = futures.counts[:, -50:].reshape(100, 4, -1).mean(axis=(0, 2))
    assert futures.super_critical_share == 0.25
    assert means[:3].max() < 5
    assert 20 < means[3] < LARGEST_RATE
    assert futures.counts.max() < LARGEST_COUNT
