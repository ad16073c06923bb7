"""Series that a model would have made, and fitting without the reference sampler."""

import numpy as np
import pytest
from tests.excitation_examples import TYPICAL, known_fit, seen, typical_series, years

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation import (
    MarkStructure,
    fit_mark,
    importance_fit,
    prior_draws,
    replicate_blocks,
    replicate_series,
)
from sixparty.excitation.replicate import block_starts, first_draws

KEY = Key.from_seed(6)
WALK = MarkStructure(level="walk", links=())


def test_draws_from_the_priors_have_their_medians_and_widths():
    fit = prior_draws(KEY, MarkStructure(level="episodes", links=()), number=4_000)
    assert np.median(fit.values("drift")) == pytest.approx(0.25, rel=0.06)
    assert np.quantile(fit.values("level_spread"), 0.975) == pytest.approx(1.5 * np.exp(1.96 * 0.4), rel=0.06)
    assert fit.diagnosis.is_accepted


def test_a_replicated_series_starts_from_the_law_of_the_first_level():
    """2,000 series without drift, median first rate one eighth a week, dispersion .7; 4 standard errors."""
    fit = known_fit(WALK, {"drift": 0.0, "dispersion": 0.7}, draws=2_000)
    counts = replicate_series(KEY, fit, exposures=np.zeros((8, 0)), year_fraction=years(8))
    silent = (counts[:, 0] == 0).mean()
    levels = np.log(0.125) + 1.5 * np.random.default_rng(1).standard_normal(200_000)
    expected = ((0.7 / (0.7 + np.exp(levels))) ** 0.7).mean()
    assert silent == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 2_000))


def test_replicated_series_answer_to_their_exposures():
    structure = MarkStructure(level="walk", links=(), exposures=("scheduled",))
    fit = known_fit(structure, {"drift": 0.0, "dispersion": 5.0, "effect:scheduled": 2.0}, draws=400)
    exposed = np.zeros((40, 1))
    exposed[20:] = 1.0
    counts = replicate_series(KEY, fit, exposures=exposed, year_fraction=years(40))
    assert counts[:, 20:].sum() > 4 * counts[:, :20].sum()


def test_a_stretch_is_simulated_from_what_came_before_it_alone():
    data = typical_series(3, periods=104)
    fit = known_fit(MarkStructure(), TYPICAL, draws=20)
    before = replicate_blocks(KEY, fit, data, periods=26)
    later = data.counts.copy()
    later[60:] += 3
    after = replicate_blocks(KEY, fit, seen(later), periods=26)
    assert block_starts(104, length=26) == (26, 52, 78)
    assert np.array_equal(before[:2], after[:2])
    assert after[2].sum() > before[2].sum()


def test_stretches_may_overlap():
    assert block_starts(20, length=8, every=4) == (4, 8, 12)


def test_a_record_shorter_than_two_stretches_is_refused():
    with pytest.raises(ModelRefused, match="two stretches of 52 periods, got 100"):
        replicate_blocks(KEY, known_fit(MarkStructure(), TYPICAL), typical_series(1, periods=100), periods=52)


def test_a_mark_that_others_excite_is_not_replicated_alone():
    structure = MarkStructure(links=("tests",))
    fit = known_fit(structure, TYPICAL | {"excitation:tests": 0.1, "memory:tests": 0.5})
    with pytest.raises(ModelRefused, match="links to tests"):
        replicate_series(KEY, fit, exposures=np.zeros((8, 0)), year_fraction=years(8))


def test_the_routine_fit_is_the_importance_fit_where_that_is_accepted():
    data = typical_series(2, periods=120)
    one = fit_mark(KEY, data, structure=MarkStructure(), draws=100)
    other = importance_fit(KEY, data, structure=MarkStructure(), draws=100)
    assert one.diagnosis.method == "importance"
    assert np.array_equal(one.draws, other.draws)
    assert first_draws(one, 7).draws.shape[0] == 7
