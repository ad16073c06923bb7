import dataclasses
import subprocess
import sys

import numpy as np
import pytest
from tests.excitation_examples import TYPICAL, known_fit, quiet_drivers, seen, state_at, two_marks, typical_series

from sixparty.compute import Key, run_tasks
from sixparty.errors import ModelRefused
from sixparty.excitation import (
    OWN,
    MarkStructure,
    assemble_marks,
    branching_ratio,
    condition,
    condition_at,
    default_priors,
    expected_counts,
    fit_mark,
)
from sixparty.excitation.diagnose import diagnose_chains, diagnose_importance
from sixparty.excitation.fit import equal_weight_places
from sixparty.excitation.jax_model import jax_log_likelihood
from sixparty.excitation.parameters import parameters_of, to_natural
from sixparty.excitation.posterior import Posterior, filter_series

KEY = Key.from_seed(5)
STRUCTURE = MarkStructure()


@pytest.fixture(scope="module")
def data():
    return typical_series(2)


@pytest.fixture(scope="module")
def fit(data):
    return fit_mark(KEY, data, structure=STRUCTURE, draws=200)


def test_a_fit_has_the_draws_asked_for_and_is_accepted(fit):
    assert fit.draws.shape == (200, 4)
    assert fit.parameter_names == ("drift", "dispersion", "excitation:own", "memory:own")
    assert fit.diagnosis.is_accepted
    assert fit.diagnosis.k_hat < 0.7
    assert (fit.draws > 0.0).all()
    assert fit.values("excitation:own").max() < 1.0


def test_the_same_key_gives_the_same_fit_in_any_thread(data, fit):
    def again(seed):
        return fit_mark(Key.from_seed(seed), data, structure=STRUCTURE, draws=200)

    fits = run_tasks(again, [5, 6, 5], workers=2)
    assert np.array_equal(fits[0].draws, fit.draws)
    assert np.array_equal(fits[2].draws, fit.draws)
    assert not np.array_equal(fits[1].draws, fit.draws)
    assert fits[1].log_evidence == pytest.approx(fit.log_evidence, abs=0.2)


def test_a_warm_start_finds_the_same_posterior(data, fit):
    warm = fit_mark(KEY, data, structure=STRUCTURE, draws=200, warm_start=fit)
    assert warm.log_evidence == pytest.approx(fit.log_evidence, abs=0.05)
    assert warm.draws.mean(axis=0) == pytest.approx(fit.draws.mean(axis=0), rel=0.05)


def test_a_warm_start_of_another_structure_is_refused(data, fit):
    with pytest.raises(ModelRefused, match="warm_start must have the parameters"):
        fit_mark(KEY, data, structure=MarkStructure(season=True), warm_start=fit)


def test_an_unknown_parameter_is_refused_with_the_known_names(fit):
    with pytest.raises(ModelRefused, match="must be one of drift, dispersion"):
        fit.values("slope")


def test_equal_weights_choose_every_draw_in_proportion():
    generator = KEY.generator()
    places = equal_weight_places(generator, np.array([0.5, 0.25, 0.25, 0.0]), number=400)
    assert np.bincount(places, minlength=4).tolist() == pytest.approx([200, 100, 100, 0], abs=1)


@pytest.mark.parametrize("level", ["walk", "stationary", "episodes"])
def test_both_implementations_have_the_same_log_likelihood(level):
    structure = MarkStructure(level=level, links=(OWN, "talks"), exposures=("scheduled", "other"), season=True)
    generator = np.random.default_rng(4)
    plain = seen(generator.poisson(0.4, 121), generator.random((121, 2)))
    both = np.column_stack([plain.counts, generator.poisson(0.2, 121)])
    covered = np.ones(121, bool)
    covered[50:60] = False
    data = dataclasses.replace(plain, link_counts=both, covered=covered)
    priors = default_priors(structure)
    parameters = parameters_of(structure, priors)
    natural = to_natural(generator.standard_normal((6, len(parameters))), parameters)
    ours = Posterior(structure, priors, filter_series(data, structure)).log_likelihood(natural)
    theirs = jax_log_likelihood(data, natural, structure=structure, priors=priors)
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_the_room_is_imported_without_jax():
    check = "import sys, sixparty.excitation; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_silence_lowers_the_level(data, fit):
    silent = seen(np.concatenate([data.counts, np.zeros(60, int)]))
    before, after = condition(KEY, fit, data), condition(KEY, fit, silent)
    assert after.level.mean() < before.level.mean() - 0.3
    assert (after.memory < 1e-6).all()
    assert (before.periods_into_level_step, after.periods_into_level_step) == (4, 4)


def test_a_state_knows_nothing_after_its_end(data, fit):
    alone = condition(KEY, fit, data.until(203))
    among = condition_at(KEY, fit, data, ends=(100, 203, 350))[1]
    assert np.array_equal(alone.level, among.level)
    assert np.array_equal(alone.memory, among.memory)
    assert alone.periods_into_level_step == among.periods_into_level_step == 3


@pytest.mark.parametrize("ends", [(), (0,), (5, 5), (9, 5), (401,)])
def test_ends_outside_the_record_are_refused(data, fit, ends):
    with pytest.raises(ModelRefused, match="ends must rise and lie from 1 to 400"):
        condition_at(KEY, fit, data, ends=ends)


def test_heavy_weights_and_short_chains_are_not_accepted():
    assert diagnose_importance(0.5, 900.0, proposals=1000).advice == ""
    assert "Fit this mark by NUTS" in diagnose_importance(0.9, 900.0, proposals=1000).advice
    assert "Draw longer chains" in diagnose_chains(1.02, 900.0, divergences=0).advice
    assert not diagnose_chains(1.0, 900.0, divergences=1).is_accepted


def test_the_branching_ratio_is_the_spectral_radius():
    model, _ = two_marks()
    assert branching_ratio(model) == pytest.approx([0.3])


def test_marks_that_run_away_together_are_refused():
    values = TYPICAL | {"excitation:own": 0.6}
    one = known_fit(MarkStructure(links=(OWN, "two")), values | {"excitation:two": 0.6, "memory:two": 0.5})
    two = known_fit(MarkStructure(links=(OWN, "one")), values | {"excitation:one": 0.6, "memory:one": 0.5})
    with pytest.raises(ModelRefused, match="branching ratio must be below 1"):
        assemble_marks({"one": one, "two": two})


def test_a_link_to_a_mark_that_is_not_there_is_refused():
    values = TYPICAL | {"excitation:talks": 0.1, "memory:talks": 0.5}
    with pytest.raises(ModelRefused, match="links of 'tests' must name one of tests, got talks"):
        assemble_marks({"tests": known_fit(MarkStructure(links=(OWN, "talks")), values)})


def test_fits_with_different_numbers_of_draws_are_refused():
    fits = {"one": known_fit(STRUCTURE, TYPICAL, draws=3), "two": known_fit(STRUCTURE, TYPICAL, draws=4)}
    with pytest.raises(ModelRefused, match="same number of draws"):
        assemble_marks(fits)


def test_exact_moments_are_refused_where_the_level_moves():
    model = assemble_marks({"tests": known_fit(STRUCTURE, TYPICAL | {"drift": 0.1})})
    with pytest.raises(ModelRefused, match="drift 0"):
        expected_counts(model, {"tests": state_at(0.3)}, drivers=quiet_drivers(model, 5), periods=5)
