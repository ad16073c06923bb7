"""What holds of every reference model whatever the counts."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sixparty.compute import Key
from sixparty.forecast.reference import RIVALS, History
from sixparty.forecast.reference._excited import drawn_counts
from sixparty.forecast.scores import StackedPredictives, block_bootstrap_means
from sixparty.periods import HORIZONS

RECORDS = arrays(np.int64, st.integers(1, 400), elements=st.integers(0, 5))
BY_RULE = [rival for rival in RIVALS.values() if not rival.is_fitted]


def history(counts: np.ndarray, *, is_binary: bool) -> History:
    ends = np.datetime64("2020-01-04") - 7 * np.arange(len(counts))[::-1]
    return History(counts, ends, dt.date(2011, 12, 17), is_binary)


@settings(max_examples=40, deadline=None)
@given(RECORDS, st.booleans())
def test_every_rival_gives_probabilities_and_a_positive_mean(counts: np.ndarray, is_binary: bool):
    for rival in BY_RULE:
        (said,) = rival.forecast(Key.from_seed(1), [history(counts, is_binary=is_binary)])
        for horizon in HORIZONS:
            law = said[horizon]
            assert law.pmf.sum() + law.tail_mass == pytest.approx(1, abs=1e-9)
            assert law.mean > 0
            assert np.isfinite(law.log_probability(7 * horizon))


@settings(max_examples=40, deadline=None)
@given(RECORDS)
def test_more_events_never_lower_a_rivals_mean(counts: np.ndarray):
    for rival in BY_RULE:
        less, more = (rival.forecast(Key.from_seed(1), [history(c, is_binary=True)])[0] for c in (counts, counts + 1))
        assert all(less[horizon].mean < more[horizon].mean for horizon in HORIZONS)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.floats(0.01, 60), st.floats(0.2, 20))
def test_drawn_counts_have_their_mean(seed: int, mean: float, size: float):
    """Five standard errors: fewer than one seed in a million."""
    drawn = drawn_counts(Key.from_seed(seed).generator(), np.full(20_000, mean), np.full(20_000, size))
    assert drawn.mean() == pytest.approx(mean, abs=6 * ((mean + mean**2 / size) / 20_000) ** 0.5)


@settings(max_examples=40, deadline=None)
@given(arrays(np.int64, st.integers(1, 60), elements=st.integers(0, 40)))
def test_no_score_is_below_its_least(observed: np.ndarray):
    counts = np.arange(120) % 7
    (said,) = BY_RULE[0].forecast(Key.from_seed(1), [history(counts, is_binary=False)])
    stacked = StackedPredictives.of([said[13]] * len(observed), at_least=int(observed.max()))
    below, up_to = stacked.below_and_up_to(observed)
    assert (stacked.log_scores(observed) >= 0).all()
    assert (stacked.crps(observed) >= 0).all()
    assert ((below >= 0) & (below <= up_to) & (up_to <= 1)).all()


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, st.integers(1, 80), elements=st.floats(-5, 5)), st.integers(1, 100))
def test_resampled_means_stay_within_the_values(values: np.ndarray, block: int):
    means = block_bootstrap_means(Key.from_seed(1), values[:, None], block=block, replicates=50)
    assert values.min() - 1e-9 <= means.min()
    assert means.max() <= values.max() + 1e-9
