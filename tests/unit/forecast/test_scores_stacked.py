import numpy as np
import pytest
import scoringrules

from sixparty.compute import Key
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.scores import (
    StackedPredictives,
    block_bootstrap_means,
    brier_score,
    crps,
    is_inside,
    log_score,
)

LAWS = [
    CountPredictive.negative_binomial(0.02, 0.5),
    CountPredictive.negative_binomial(4.0, 2.5),
    CountPredictive.from_draws(np.array([0, 0, 1, 2, 2, 3, 5, 14])),
    CountPredictive.negative_binomial(20.0, np.inf),
]
OBSERVED = np.array([0, 7, 60, 12])
STACKED = StackedPredictives.of(LAWS, at_least=60)


def test_stacked_scores_are_those_of_each_law():
    pairs = list(zip(LAWS, OBSERVED.tolist(), strict=True))
    assert STACKED.log_scores(OBSERVED) == pytest.approx([log_score(p, y) for p, y in pairs])
    assert STACKED.crps(OBSERVED) == pytest.approx([crps(p, y) for p, y in pairs], abs=1e-9)
    assert STACKED.chance == pytest.approx([p.at_least(1) for p in LAWS])


def test_the_pit_lies_between_the_chance_of_less_and_of_no_more():
    below, up_to = STACKED.below_and_up_to(OBSERVED)
    assert below == pytest.approx([p.at_most(y - 1) for p, y in zip(LAWS, OBSERVED.tolist(), strict=True)], abs=1e-9)
    assert up_to == pytest.approx([p.at_most(y) for p, y in zip(LAWS, OBSERVED.tolist(), strict=True)], abs=1e-9)


@pytest.mark.parametrize("observed", range(12))
def test_an_outcome_is_inside_when_its_step_meets_the_interval(observed: int):
    one = StackedPredictives.of([LAWS[1]], at_least=20)
    below, up_to = one.below_and_up_to(np.array([observed]))
    assert bool((up_to >= 0.05)[0] and (below < 0.95)[0]) == is_inside(LAWS[1], observed)


def test_a_question_of_yes_or_no_is_scored_as_one():
    asked = STACKED.any_alone()
    happened = np.minimum(OBSERVED, 1)
    chances = np.array([p.at_least(1) for p in LAWS])
    brier = [brier_score(float(p), happened=bool(y)) for p, y in zip(chances, happened, strict=True)]
    assert asked.crps(happened) == pytest.approx(brier)
    assert brier == pytest.approx(scoringrules.brier_score(happened, chances).tolist())
    assert asked.log_scores(happened) == pytest.approx(-np.log(np.where(happened == 1, chances, 1 - chances)))


def test_crps_agrees_with_the_ranked_probability_score_of_scoringrules():
    got = StackedPredictives.of([LAWS[3]], at_least=200).crps(np.array([12]))[0]
    pmf = LAWS[3].stretched(201)
    assert got == pytest.approx(float(scoringrules.rps_score(13, pmf)), abs=1e-9)


def test_blocks_as_long_as_the_series_keep_its_mean():
    values = np.arange(20.0).reshape(10, 2)
    means = block_bootstrap_means(Key.from_seed(1), values, block=10, replicates=50)
    assert means == pytest.approx(np.tile(values.mean(axis=0), (50, 1)))


@pytest.mark.parametrize(("number", "block"), [(10, 3), (7, 7), (11, 4), (5, 1), (4, 9)])
def test_resampled_means_are_those_of_series_written_out(number: int, block: int):
    key, values = Key.from_seed(3), np.random.default_rng(1).normal(size=(number, 2))
    length = min(block, number)
    whole, rest = divmod(number, length)
    begins = key.generator().integers(0, number, size=(20, whole + 1))
    written = []
    for row in begins:
        places = [(begin + step) % number for begin in row[:whole] for step in range(length)]
        places += [(row[whole] + step) % number for step in range(rest)]
        written.append(values[places].mean(axis=0))
    assert block_bootstrap_means(key, values, block=block, replicates=20) == pytest.approx(np.array(written))


def test_every_value_is_drawn_as_often_as_any_other():
    for place in range(7):
        values = np.zeros((7, 1))
        values[place] = 7.0
        means = block_bootstrap_means(Key.from_seed(2), values, block=3, replicates=4000)
        assert means.mean() == pytest.approx(1.0, abs=0.06)


def test_blocks_give_a_series_that_stays_above_or_below_a_wider_interval():
    """The sd of the mean of 20 runs of ten equal signs is 10 / 200 * 20 ** .5; single draws give a third of it."""
    signs = np.repeat(np.where(np.random.default_rng(7).random(20) < 0.5, -1.0, 1.0), 10)[:, None]
    signs -= signs.mean()
    wide = block_bootstrap_means(Key.from_seed(3), signs, block=20).std()
    narrow = block_bootstrap_means(Key.from_seed(3), signs, block=1).std()
    assert wide > 2 * narrow
