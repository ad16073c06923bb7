import numpy as np
import pytest
from scipy import stats
from tests.excitation_examples import seen, typical_series

from sixparty.excitation import LevelGrid, MarkStructure, default_priors
from sixparty.excitation.compiled_filter import first_law, lattice_sd, memory_path, transition
from sixparty.excitation.parameters import parameters_of, to_natural, to_scores
from sixparty.excitation.posterior import Posterior, chunks, filter_series

LEVELS = MarkStructure().log_levels()
WIDTH = LEVELS[1] - LEVELS[0]
COUNTS = np.array([0, 1, 0, 0, 2, 0, 0, 3, 1, 0, 0, 0])


def evidence(structure, data, natural):
    posterior = Posterior(structure, default_priors(structure), filter_series(data, structure))
    return float(posterior.log_likelihood(np.array([natural]))[0])


def law_after(step, *, mean=0.0, retention=1.0, start=32):
    starts, rows = transition(LEVELS, mean, retention, step)
    law = np.zeros(LEVELS.size)
    law[starts[start] : starts[start] + rows.shape[1]] = rows[start]
    return law


@pytest.mark.parametrize("step", [0.04, 0.06, 0.1, 0.25, 0.5, 0.8])
def test_a_walk_on_the_grid_has_the_variance_of_its_step(step):
    law = law_after(step)
    assert law.sum() == pytest.approx(1.0, abs=1e-12)
    mean = law @ LEVELS
    assert mean == pytest.approx(LEVELS[32], abs=1e-9)
    assert law @ (LEVELS - mean) ** 2 == pytest.approx(step**2, rel=2e-4)


@pytest.mark.parametrize("step", [0.1, 0.25, 0.5])
def test_a_returning_level_on_the_grid_has_the_right_moments_on_average(step):
    laws = np.array([law_after(step, mean=-1.0, retention=0.97, start=start) for start in range(20, 45)])
    means = laws @ LEVELS
    wanted = -1.0 + 0.97 * (LEVELS[20:45] + 1.0)
    variances = (laws * (LEVELS - means[:, None]) ** 2).sum(axis=1)
    assert np.abs(means - wanted).mean() < 0.03 * WIDTH
    assert variances.mean() == pytest.approx(step**2, rel=0.02)


def test_mass_that_would_leave_the_grid_stays_at_its_end():
    assert law_after(0.5, start=0)[0] > 0.5
    assert law_after(0.5, start=63).sum() == pytest.approx(1.0, abs=1e-12)


def test_steps_below_a_quarter_of_a_cell_count_as_a_quarter():
    assert lattice_sd(0.01, True) == lattice_sd(0.25, True)


def test_the_first_law_is_the_normal_cut_into_cells():
    law = first_law(LEVELS, -2.0, 1.5)
    assert law.sum() == pytest.approx(1.0)
    assert law @ LEVELS == pytest.approx(-2.0, abs=0.02)
    assert np.sqrt(law @ (LEVELS - law @ LEVELS) ** 2) == pytest.approx(1.5, rel=0.02)


def test_the_memory_forgets_at_the_stated_share_and_holds_nothing_of_its_own_period():
    path = memory_path(np.array([[1.0], [0.0], [2.0]]), np.array([0.25]))[:, 0]
    assert path == pytest.approx([0.0, 0.75, 0.1875, 0.25 * 0.1875 + 1.5])


def test_chunks_end_where_the_level_moves_and_where_something_is_kept():
    ends, is_step, records = chunks(10, 4, (3, 8))
    assert ends.tolist() == [3, 4, 8, 10]
    assert is_step.tolist() == [False, False, True, True]
    assert records.tolist() == [0, -1, 1, -1]


def test_without_drift_the_evidence_is_an_average_over_the_first_level():
    """Brute force: with steps too small to matter the counts are negative binomial given one level."""
    structure = MarkStructure(links=(), level_step=12, grid=LevelGrid(points=64))
    dispersion = 0.8
    data = seen(COUNTS)
    bare = type(data)(data.counts, np.zeros((12, 0), int), data.exposures, data.year_fraction, data.covered)
    prior = default_priors(structure).first_level
    levels = np.linspace(-12.0, 6.0, 20_001)
    mean = np.exp(levels)[:, None]
    likelihood = stats.nbinom.logpmf(COUNTS, dispersion, dispersion / (dispersion + mean)).sum(axis=1)
    weights = stats.norm.pdf(levels, prior.mean, prior.sd) * np.exp(likelihood)
    brute = np.log(weights.sum() * (levels[1] - levels[0]))
    assert evidence(structure, bare, [0.25, dispersion]) == pytest.approx(brute, abs=2e-3)


def test_the_evidence_with_drift_and_excitation_equals_a_sum_over_all_paths():
    """Brute force over every path of a coarse grid: 8^3 paths of three steps."""
    structure = MarkStructure(grid=LevelGrid(points=8, lowest=0.2, highest=8.0))
    drift, dispersion, excitation, memory = 0.5, 0.8, 0.3, 0.4
    levels = structure.log_levels()
    prior = default_priors(structure).first_level
    first = first_law(levels, prior.mean, prior.sd)
    starts, rows = transition(levels, 0.0, 1.0, drift)
    matrix = np.zeros((8, 8))
    for i in range(8):
        matrix[i, starts[i] : starts[i] + rows.shape[1]] = rows[i]
    remembered = memory_path(COUNTS[:, None].astype(float), np.array([memory]))[:-1, 0]
    mean = np.exp(levels)[:, None] + excitation * remembered
    weeks = stats.nbinom.pmf(COUNTS, dispersion, dispersion / (dispersion + mean))
    steps = weeks.reshape(8, 3, 4).prod(axis=2)
    paths = np.einsum("i,i,ij,j,jk,k->", first, steps[:, 0], matrix, steps[:, 1], matrix, steps[:, 2])
    ours = evidence(structure, seen(COUNTS), [drift, dispersion, excitation, memory])
    assert ours == pytest.approx(np.log(paths), abs=1e-10)


@pytest.mark.parametrize("level", ["walk", "stationary", "episodes"])
@pytest.mark.parametrize("drift", [0.1, 0.25, 0.6])
def test_a_finer_grid_changes_the_log_evidence_by_less_than_a_twentieth(level, drift):
    data = typical_series(3, periods=600)
    own = {"walk": [], "stationary": [np.log(0.2), 100.0], "episodes": [np.log(0.2), 0.05, 1.5]}
    natural = [drift, 0.7, *own[level], 0.2, 0.35]
    coarse = evidence(MarkStructure(level=level), data, natural)
    fine = evidence(MarkStructure(level=level, grid=LevelGrid(points=256)), data, natural)
    assert abs(coarse - fine) < 0.05


def test_periods_that_are_not_covered_say_nothing():
    structure = MarkStructure()
    data = seen(np.concatenate([COUNTS, [5, 5, 5, 5]]))
    covered = data.covered.copy()
    covered[12:] = False
    hidden = type(data)(data.counts, data.link_counts, data.exposures, data.year_fraction, covered)
    natural = [0.2, 0.8, 0.3, 0.4]
    assert evidence(structure, hidden, natural) == pytest.approx(evidence(structure, seen(COUNTS), natural))


def test_standard_scores_and_natural_units_are_inverse():
    structure = MarkStructure(level="stationary", links=("own", "talks"), exposures=("scheduled",), season=True)
    parameters = parameters_of(structure, default_priors(structure))
    scores = np.random.default_rng(0).standard_normal((5, len(parameters)))
    assert to_scores(to_natural(scores, parameters), parameters) == pytest.approx(scores)
