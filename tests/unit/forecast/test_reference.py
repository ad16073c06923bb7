import datetime as dt

import numpy as np
import pytest
from scipy import integrate, stats

from sixparty.errors import InputRefused
from sixparty.forecast.reference import base_count, base_rate, climatology, nb36
from sixparty.forecast.reference._moments import excess_variance, window_sums


def test_window_sums_close_with_the_last_week():
    assert window_sums(np.arange(1, 9), 3).tolist() == [3 + 4 + 5, 6 + 7 + 8]


def test_counts_of_a_steady_pace_have_no_excess_variance():
    assert excess_variance(np.ones(156, dtype=np.int64), 13) == 0.0


def test_excess_variance_is_that_of_the_block_sums():
    counts = np.repeat([0, 4], 13)
    assert excess_variance(counts, 13) == pytest.approx((52**2 / 2 - 26) / 26**2)


def test_without_excess_the_plain_rate_is_the_exact_gamma_poisson_predictive():
    counts = np.tile([1, 0, 0], 52)
    law = stats.nbinom(52.5, 156 / (156 + 13))
    assert nb36(counts, 13).pmf[:10] == pytest.approx(law.pmf(range(10)))


def test_the_plain_rate_looks_at_the_last_156_weeks_alone():
    recent = np.tile([0, 0, 1], 52)
    assert nb36(np.concatenate([np.full(300, 9), recent]), 4).mean == nb36(recent, 4).mean


def test_a_record_without_events_leaves_a_small_chance():
    assert nb36(np.zeros(156, dtype=np.int64), 52).at_least(1) == pytest.approx(1 - (156 / 208) ** 0.5)


def test_bursts_widen_the_plain_rate():
    steady, bursts = np.ones(156, dtype=np.int64), np.repeat([0, 3, 0], 52)
    assert nb36(bursts, 13).mean == pytest.approx(nb36(steady, 13).mean)
    assert nb36(bursts, 13).quantile(0.95) > nb36(steady, 13).quantile(0.95)


def test_climatology_uses_the_weeks_under_the_present_leader():
    ends = np.datetime64("2011-12-03") + 7 * np.arange(4)
    got = climatology(np.array([50, 50, 50, 2]), 1, period_ends=ends, since=dt.date(2011, 12, 17))
    assert got.mean == pytest.approx(2.5)


def test_a_leader_without_a_covered_week_is_refused():
    with pytest.raises(InputRefused, match="at least one covered week"):
        climatology(np.array([1]), 1, period_ends=np.array(["2011-12-03"], "M8[D]"), since=dt.date(2011, 12, 17))


def test_the_base_rate_is_one_minus_the_expected_chance_of_none():
    counts = np.zeros(700, dtype=np.int64)
    counts[[10, 200, 420, 600]] = 1
    rate = stats.gamma(4.5, scale=1 / 700)
    none, _ = integrate.quad(lambda r: rate.pdf(r) * np.exp(-26 * r), 0, 0.1)
    got = base_rate(counts, 26)
    assert got.probability == pytest.approx(1 - none, rel=1e-6)
    assert (got.low, got.high) == pytest.approx(tuple(1 - np.exp(-26 * rate.ppf([0.1, 0.9]))))
    assert (got.episodes, got.weeks) == (4, 700)


def test_the_base_rate_interval_holds_its_probability():
    got = base_rate(np.zeros(520, dtype=np.int64), 13)
    assert got.low < got.probability < got.high


def test_a_count_that_comes_in_runs_keeps_a_wider_base_rate_than_one_that_does_not():
    steady = np.tile([0, 1], 39)
    runs = np.concatenate([np.zeros(39, dtype=np.int64), np.ones(39, dtype=np.int64)])
    even, lumpy = base_count(steady, 26), base_count(runs, 26)
    assert even.predictive.mean == pytest.approx(lumpy.predictive.mean)
    assert lumpy.probability < even.probability
    assert lumpy.high - lumpy.low > even.high - even.low


def test_the_base_rate_of_a_count_without_extra_variance_is_exact():
    counts = np.zeros(700, dtype=np.int64)
    counts[[10, 200, 420, 600]] = 1
    assert base_count(counts, 26).probability == pytest.approx(base_rate(counts, 26).probability, rel=1e-9)
