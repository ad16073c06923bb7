"""Forecasts from today's silence against brute force: whole histories, of which those that fit the record are kept."""

import dataclasses

import numpy as np
import pytest
from scipy import stats
from tests.excitation_examples import known_fit, quiet_drivers, seen
from tests.hawkes_examples import grown_histories

from sixparty.compute import Key
from sixparty.excitation import (
    Hawkes,
    LevelGrid,
    MarkState,
    MarkStructure,
    assemble_marks,
    condition,
    default_priors,
    simulate,
)
from sixparty.excitation.compiled_filter import first_law, memory_path, transition

DRAWS = 20_000
WEEKS_AHEAD = 8
HISTORY = np.array([2, 0, 0, 0, 0])
VALUES = {"drift": 0.4, "dispersion": 0.9, "excitation:own": 0.4, "memory:own": 0.6}
MORE = {"walk": {}, "episodes": {"level_mean": np.log(0.2), "renewal": 0.15, "level_spread": 1.0}}


def silent_histories(one: Hawkes, *, silence: float, ahead: float):
    """Where 200,000 histories stand after 300 days, for those with such a silence, and what came then."""
    grown = grown_histories(np.random.default_rng(2), one, until=300.0 + ahead, number=200_000)
    faded = one.excitation * one.decay * grown.faded(300.0, one.decay)
    since = 300.0 - grown.last_before(300.0)
    kept = (since > silence) & (since < np.inf)
    return faded[kept], since[kept], grown.counts(300.0, 300.0 + ahead)[kept]


@pytest.mark.parametrize(
    ("one", "silence"),
    [(Hawkes(0.02, 0.6, 0.05), 28.0), (Hawkes(0.05, 0.3, 0.2), 10.0), (Hawkes(0.01, 1.05, 0.02), 40.0)],
)
def test_after_a_silence_whole_histories_go_on_as_the_closed_forms_say(one: Hawkes, silence: float):
    """Mean and chance of none within 4 Monte Carlo errors, in all silent histories and in their busier half.

    Twelve figures in all: false alarms below .1 %.
    """
    excess, _, came = silent_histories(one, silence=silence, ahead=91.0)
    for group in (excess >= 0, excess > np.median(excess)):
        wanted = one.expected_count(excess[group], days=91.0)
        error = (came[group] - wanted).std() / group.sum() ** 0.5
        assert group.sum() > 3_000
        assert abs(came[group].mean() - wanted.mean()) < 4 * error
        none = one.chance_of_none(excess[group], days=91.0)
        assert abs((came[group] == 0).mean() - none.mean()) < 4 * 0.5 / group.sum() ** 0.5


def test_futures_from_the_last_event_on_hold_too_many_in_whole_histories():
    """The same histories: a forecast that begins again at the last event is a quarter or more too high."""
    one = Hawkes(0.02, 0.6, 0.05)
    excess, since, came = silent_histories(one, silence=28.0, ahead=91.0)
    restarted = one.expected_count(excess * np.exp(one.decay * np.minimum(since, 300.0)), days=91.0)
    assert restarted.mean() / came.mean() > 1.25


def fit_and_model(level: str, *, draws: int = DRAWS, structure: MarkStructure | None = None):
    fit = known_fit(structure or MarkStructure(level=level), VALUES | MORE[level], draws=draws)
    return fit, assemble_marks({"mark": fit})


def kept_histories(level: str) -> np.ndarray:
    """Grow 800,000 histories from the first week on; keep those that begin as the record does."""
    fit, model = fit_and_model(level)
    priors = default_priors(fit.structure)
    first = priors.first_level if level == "walk" else dataclasses.replace(priors.first_level, mean=np.log(0.2), sd=1.0)
    levels = first.mean + first.sd * np.random.default_rng(3).standard_normal(DRAWS)
    ends = fit.structure.log_levels()[[0, -1]]
    start = MarkState(np.clip(levels, *ends), np.zeros((DRAWS, 1)), 0)
    periods = len(HISTORY) + WEEKS_AHEAD
    drivers = quiet_drivers(model, periods)
    grown = simulate(
        Key.from_seed(4), model, {"mark": start}, drivers=drivers, periods=periods, futures=40 * DRAWS
    ).counts[:, :, 0]
    return grown[(grown[:, : len(HISTORY)] == HISTORY).all(axis=1), len(HISTORY) :].astype(float)


def futures_after(history: np.ndarray, level: str) -> np.ndarray:
    fit, model = fit_and_model(level)
    state = condition(Key.from_seed(5), fit, seen(history))
    drivers = quiet_drivers(model, WEEKS_AHEAD)
    return (
        simulate(Key.from_seed(6), model, {"mark": state}, drivers=drivers, periods=WEEKS_AHEAD, futures=10 * DRAWS)
        .counts[:, :, 0]
        .astype(float)
    )


def gap_in_errors(one: np.ndarray, other: np.ndarray, *, shared: int = 1) -> float:
    """Difference of two means in standard errors; `shared` futures of a draw begin at the same level."""
    spread = one.var() / one.size + shared * other.var() / other.size
    return abs(one.mean() - other.mean()) / spread**0.5


@pytest.mark.slow
@pytest.mark.parametrize("level", ["walk", "episodes"])
def test_futures_after_a_silence_are_those_of_all_histories_that_were_as_silent(level: str):
    """Means and chances of none of 1, 4 and 8 weeks, each within 4 Monte Carlo errors: false alarms below .1 %.

    The weeks after the last event count: futures from where the mark stood in the week of that event are told apart.
    """
    brute, ours = kept_histories(level), futures_after(HISTORY, level)
    restarted = futures_after(HISTORY[:1], level)
    assert len(brute) > 2_500
    for weeks in (1, 4, 8):
        sums, theirs, again = (each[:, :weeks].sum(axis=1) for each in (brute, ours, restarted))
        assert gap_in_errors(sums, theirs, shared=10) < 4
        assert gap_in_errors((sums == 0).astype(float), (theirs == 0).astype(float), shared=10) < 4
        assert again.mean() > 1.3 * theirs.mean()


def test_levels_after_a_silence_have_the_law_of_the_sum_over_all_paths():
    """Brute force over 8^2 paths of a coarse grid; chi-squared of 20,000 levels at .001."""
    structure = MarkStructure(grid=LevelGrid(points=8, lowest=0.2, highest=8.0))
    levels, prior = structure.log_levels(), default_priors(structure).first_level
    starts, rows = transition(levels, 0.0, 1.0, VALUES["drift"])
    matrix = np.zeros((8, 8))
    for i in range(8):
        matrix[i, starts[i] : starts[i] + rows.shape[1]] = rows[i]
    remembered = memory_path(HISTORY[:, None].astype(float), np.array([VALUES["memory:own"]]))[:-1, 0]
    mean, size = np.exp(levels)[:, None] + VALUES["excitation:own"] * remembered, VALUES["dispersion"]
    weeks = stats.nbinom.pmf(HISTORY, size, size / (size + mean))
    before, after = weeks[:, :4].prod(axis=1), weeks[:, 4:].prod(axis=1)
    law = np.einsum("i,i,ij,j->j", first_law(levels, prior.mean, prior.sd), before, matrix, after)
    fit, _ = fit_and_model("walk", structure=structure)
    drawn = condition(Key.from_seed(7), fit, seen(HISTORY)).level
    counted = (np.abs(drawn[:, None] - levels) < 1e-9).sum(axis=0)
    wanted = DRAWS * law / law.sum()
    common = wanted > 5
    assert counted.sum() == DRAWS
    assert stats.chisquare(counted[common], wanted[common] * counted[common].sum() / wanted[common].sum()).pvalue > 1e-3
