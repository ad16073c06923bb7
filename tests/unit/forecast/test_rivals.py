import datetime as dt

import numpy as np
import pytest
from scipy import stats

from sixparty.compute import Key
from sixparty.errors import InputRefused, ModelRefused
from sixparty.forecast.issue import BASE_RATE_ID, CLIMATOLOGY_ID, NB36_ID
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference import (
    RIVALS,
    History,
    Ingarch,
    base_count,
    base_rate,
    fit_ingarch,
    fit_self_exciting,
    ingarch,
    nb12,
    nb36,
    persistence,
    seasonal,
    self_exciting,
    trailing52,
)
from sixparty.forecast.reference._excited import CountRecord, Excited, memory_after, memory_path
from sixparty.forecast.reference._moments import negative_binomial
from sixparty.forecast.reference.rivals import quarters
from sixparty.periods import HORIZONS

COUNTS = np.random.default_rng(3).negative_binomial(0.5, 0.6, 700)
ENDS = np.datetime64("2015-01-03") - 7 * np.arange(700)[::-1]


def history(counts: np.ndarray = COUNTS, ends: np.ndarray = ENDS) -> History:
    return History(counts, ends, leader_since=dt.date(2011, 12, 17))


@pytest.mark.parametrize(("mean", "size"), [(1e-4, 0.5), (5.0, 1.3), (13.0, 0.5), (300.0, 40.0)])
def test_the_fast_negative_binomial_is_the_plain_one(mean: float, size: float):
    fast, plain = negative_binomial(mean, size), CountPredictive.negative_binomial(mean, size)
    assert fast.pmf == pytest.approx(plain.pmf, abs=1e-13)
    assert (fast.tail_mass, fast.tail_ratio) == pytest.approx((plain.tail_mass, plain.tail_ratio))


def test_the_trailing_year_is_the_exact_gamma_poisson_predictive():
    counts = np.concatenate([np.full(100, 7), np.tile([1, 0, 0, 0], 13)])
    law = stats.nbinom(13.5, 52 / (52 + 13))
    assert trailing52(counts, 13).pmf[:10] == pytest.approx(law.pmf(range(10)))


def test_twelve_months_look_at_the_last_52_weeks_alone():
    recent = np.tile([0, 0, 0, 2], 13)
    assert nb12(np.concatenate([np.full(300, 9), recent]), 4).mean == nb12(recent, 4).mean


def test_twelve_months_are_36_months_of_a_record_that_repeats_itself():
    year = np.repeat([0, 2, 0, 1], 13)
    short, long = nb12(year, 26), nb36(np.tile(year, 3), 26)
    assert short.mean == pytest.approx(26 * 39.5 / 52)
    assert long.mean == pytest.approx(26 * 117.5 / 156)


@pytest.mark.parametrize("horizon", HORIZONS)
def test_persistence_after_silence_is_one_minus_the_root_of_a_half(horizon: int):
    assert persistence(np.zeros(100, dtype=np.int64), horizon).at_least(1) == pytest.approx(1 - 0.5**0.5)


def test_persistence_repeats_the_window_just_past():
    counts = np.concatenate([np.full(100, 5), [1, 0, 2, 0]])
    assert persistence(counts, 4).mean == pytest.approx(3.5)


def test_the_season_repeats_the_same_weeks_of_earlier_years():
    counts = np.zeros(522, dtype=np.int64)
    counts[[522 - round(back * 365.25 / 7) for back in range(1, 11)]] = 3
    assert seasonal(counts, 1).mean == pytest.approx(30.5 / 10)
    assert seasonal(np.roll(counts, 1), 1).mean == pytest.approx(0.5 / 10)


def test_years_that_differ_widen_the_season():
    counts = np.zeros(522, dtype=np.int64)
    counts[[522 - round(back * 365.25 / 7) for back in range(1, 6)]] = 8
    sums = np.array([8] * 5 + [0] * 5)
    excess = (sums.var(ddof=1) - 4) / 16
    law = stats.nbinom(1 / (excess + 1 / 40.5), 1 / (1 + 4.05 * (excess + 1 / 40.5)))
    assert seasonal(counts, 1).pmf[:5] == pytest.approx(law.pmf(range(5)))


def test_a_season_without_a_year_of_record_is_its_pace():
    assert seasonal(np.tile([1, 0], 20), 4).mean == pytest.approx(4 * 20.5 / 40)


def test_the_likelihood_of_excited_counts_is_that_of_the_written_recursion():
    one, counts = Excited(0.2, 0.4, 0.6, 1.5), np.array([0, 2, 0, 0, 5, 1])
    memory, total = 0.3, 0.0
    for count in counts:
        mean = 0.2 + 0.4 * memory
        total += stats.nbinom(1.5, 1.5 / (1.5 + mean)).logpmf(count)
        memory = 0.6 * memory + 0.4 * count
    assert CountRecord.of(counts).log_likelihood(one, first_memory=0.3) == pytest.approx(total)
    assert memory_path(counts, 0.6, first=0.3)[-1] == pytest.approx(memory)


def test_the_memory_of_many_draws_is_that_of_each():
    kept = np.array([0.0, 0.3, 0.95])
    assert memory_after(COUNTS, kept) == pytest.approx([memory_path(COUNTS, one)[-1] for one in kept])


def test_ingarch_is_its_own_recursion_written_as_a_memory():
    fit = Ingarch(omega=0.1, alpha=0.3, beta=0.5, dispersion=2.0, first_mean=0.7, log_likelihood=0.0)
    counts, mean = np.array([1, 0, 4, 0]), 0.7
    for count in counts:
        mean = 0.1 + 0.3 * count + 0.5 * mean
    one = fit.as_excited
    assert one.level + one.excitation * fit.memory_after(counts) == pytest.approx(mean)


def test_ingarch_without_extra_variance_has_the_published_variance():
    """Ferland, Latour and Oraichi (2006): variance m (1 - (a + b)^2 + a^2) / (1 - (a + b)^2)."""
    fit = Ingarch(omega=1.0, alpha=0.4, beta=0.3, dispersion=1e12, first_mean=1.0, log_likelihood=0.0)
    assert fit.mean == pytest.approx(10 / 3)
    assert fit.variance == pytest.approx(10 / 3 * (1 - 0.49 + 0.16) / (1 - 0.49))


def test_ingarch_forecasts_the_next_mean_and_tends_to_the_long_run():
    fit = Ingarch(omega=0.1, alpha=0.3, beta=0.5, dispersion=2.0, first_mean=0.5, log_likelihood=0.0)
    counts = np.array([0, 0, 6, 5])
    one = fit.as_excited
    mean = one.level + one.excitation * fit.memory_after(counts)
    expected = sum(fit.mean + 0.8**ahead * (mean - fit.mean) for ahead in range(52))
    laws = ingarch(Key.from_seed(4), fit, counts=counts, horizons=(1, 52))
    assert laws[1].mean == pytest.approx(mean, abs=4 * (mean + mean**2 / 2) ** 0.5 / 4000**0.5)
    assert laws[52].mean == pytest.approx(expected, rel=0.05)


def test_ingarch_refuses_a_record_without_events():
    with pytest.raises(ModelRefused, match="at least one event"):
        fit_ingarch(np.zeros(100, dtype=np.int64))


def test_self_excitation_starts_from_the_memory_of_the_last_counts():
    fit = fit_self_exciting(Key.from_seed(5), COUNTS)
    busy = np.concatenate([COUNTS, [9, 9, 9, 9]])
    calm = np.concatenate([COUNTS, [0, 0, 0, 0]])
    after = [self_exciting(Key.from_seed(6), fit, counts=c, horizons=(1,))[1].mean for c in (busy, calm)]
    assert after[0] > after[1]
    assert fit.effective_draws > 100


def test_every_rival_answers_for_every_window_at_every_origin():
    past = [history(COUNTS[:end], ENDS[:end]) for end in (660, 680, 700)]
    for rival in RIVALS.values():
        said = rival.forecast(Key.from_seed(1), past)
        assert [sorted(one) for one in said] == [list(HORIZONS)] * 3


def test_a_rival_says_the_same_whatever_comes_later():
    past = [history(COUNTS[:end], ENDS[:end]) for end in (688, 692, 700)]
    for rival in RIVALS.values():
        alone, among = rival.forecast(Key.from_seed(1), past[:1])[0], rival.forecast(Key.from_seed(1), past)[0]
        for horizon in HORIZONS:
            assert np.array_equal(alone[horizon].pmf, among[horizon].pmf), rival.model_id


@pytest.mark.parametrize(("is_binary", "rate"), [(True, base_rate), (False, base_count)])
def test_the_base_rate_of_a_backtest_is_the_one_that_is_issued(is_binary: bool, rate):
    past = History(COUNTS, ENDS, dt.date(2011, 12, 17), is_binary)
    (said,) = RIVALS[BASE_RATE_ID].forecast(Key.from_seed(1), [past])
    for horizon in HORIZONS:
        issued = rate(COUNTS[np.datetime64("2011-12-17") < ENDS], horizon).predictive
        assert said[horizon].pmf == pytest.approx(issued.pmf, abs=1e-12)


def test_the_rivals_bear_the_names_of_issued_forecasts():
    assert {NB36_ID, CLIMATOLOGY_ID, BASE_RATE_ID} <= set(RIVALS)


def test_a_quarter_begins_with_the_day_after_the_reference_date():
    ends = np.array(["2014-09-27", "2014-12-27", "2015-01-03"], dtype="datetime64[D]")
    past = [History(np.array([1]), ends[place : place + 1], dt.date(2011, 12, 17)) for place in range(3)]
    assert [len(block) for block in quarters(past)] == [1, 1, 1]
    early = History(np.array([1]), np.array(["2014-12-31"], dtype="datetime64[D]"), dt.date(2011, 12, 17))
    assert [len(block) for block in quarters([early, past[2]])] == [2]


def test_a_history_without_a_week_is_refused():
    with pytest.raises(InputRefused, match="at least one covered week"):
        History(np.array([], dtype=np.int64), np.array([], dtype="datetime64[D]"), dt.date(2011, 12, 17))
