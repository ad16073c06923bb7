import numpy as np
import pytest
from scipy import stats

from sixparty.excitation.compiled_random import (
    LARGEST_COUNT,
    LARGEST_RATE,
    negative_binomial_quantile,
    normal_quantile,
    uniform,
)


def test_a_uniform_is_never_zero_and_never_one():
    assert 0.0 < uniform(np.uint64(0)) < uniform(np.uint64(0xFFFFFFFF)) < 1.0


@pytest.mark.parametrize("p", [1e-9, 1e-4, 0.05, 0.4, 0.5, 0.62, 0.99, 1.0 - 1e-9])
def test_the_normal_quantile_is_accurate_to_one_part_in_a_million(p):
    assert normal_quantile(p) == pytest.approx(stats.norm.ppf(p), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("mean", [0.003, 0.2, 1.0, 7.0, 60.0, 400.0])
@pytest.mark.parametrize("dispersion", [0.2, 0.7, 1.5, 4.0, 50.0])
def test_the_count_quantile_agrees_with_scipy(mean, dispersion):
    levels = (np.arange(400) + 0.5) / 400
    ours = [negative_binomial_quantile(u, mean, dispersion) for u in levels]
    theirs = stats.nbinom.ppf(levels, dispersion, dispersion / (dispersion + mean))
    assert ours == theirs.tolist()


def test_an_enormous_rate_is_cut_and_still_ends():
    count = negative_binomial_quantile(1.0 - 1e-10, 1e9, 0.5)
    assert LARGEST_RATE < count <= LARGEST_COUNT
