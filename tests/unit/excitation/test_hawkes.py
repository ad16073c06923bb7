import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from tests.hawkes_examples import intensity_by_pairs, log_likelihood_by_pairs, record

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.excitation import EventTimes, Hawkes, hawkes_counts
from sixparty.excitation.hawkes_loops import LARGEST_NUMBER

KEY = Key.from_seed(5)
ONE = Hawkes(baseline=0.03, excitation=0.6, decay=0.08)
TIMES = np.array([2.5, 10.5, 10.5, 11.5, 40.5, 40.5, 40.5, 77.5])
TENTHS = st.lists(st.integers(1, 20_000), min_size=0, max_size=60)
RATES = st.floats(1e-4, 3.0)


@settings(max_examples=150, deadline=None)
@given(TENTHS, RATES, st.floats(0.0, 1.5), RATES)
def test_the_likelihood_of_one_pass_equals_the_sum_over_all_pairs(tenths, baseline, excitation, decay):
    one, times = Hawkes(baseline, excitation, decay), np.sort(np.array(tenths, dtype=float)) / 10.0
    assert one.log_likelihood(record(times, until=2000.0))[0] == pytest.approx(
        log_likelihood_by_pairs(one, times, until=2000.0), rel=1e-12, abs=1e-9
    )


def test_the_compensator_is_the_integral_of_the_rate():
    whole, _ = integrate.quad(
        lambda at: intensity_by_pairs(ONE, TIMES, at), 0.0, 100.0, points=np.unique(TIMES), limit=200, epsabs=1e-11
    )
    rates = [intensity_by_pairs(ONE, TIMES, at) for at in TIMES]
    assert ONE.log_likelihood(record(TIMES, until=100.0))[0] == pytest.approx(np.log(rates).sum() - whole, abs=1e-9)


def test_events_of_the_same_time_do_not_excite_one_another():
    """Two events at once are two factors of the same rate; a moment apart the second sees the first."""
    together, apart = (record([10.0, second], until=30.0) for second in (10.0, 10.0 + 1e-9))
    gap = ONE.log_likelihood(apart) - ONE.log_likelihood(together)
    assert gap == pytest.approx(np.log(1.0 + ONE.excitation * ONE.decay / ONE.baseline), abs=1e-6)


def test_events_of_the_same_time_excite_later_ones_together():
    two, one = (ONE.excess(record(times, until=30.0)) for times in ([10.0, 10.0], [10.0]))
    assert two == pytest.approx(2 * one)


def test_the_order_in_which_the_days_of_events_are_listed_changes_nothing():
    days = np.array(["2017-05-14", "2017-05-21", "2017-05-14", "2017-08-29"], dtype="datetime64[D]")
    first, last = np.datetime64("2017-01-01"), np.datetime64("2017-12-30")
    told, turned = (EventTimes.of_days(each, first=first, last=last) for each in (days, days[::-1]))
    assert np.array_equal(told.times, turned.times)
    assert told.numbers.tolist() == [2, 1, 1]


def test_a_day_is_its_noon_and_the_record_ends_with_its_last_day():
    days = np.array(["2016-12-31", "2017-01-01", "2017-01-07", "2017-01-08"], dtype="datetime64[D]")
    seen = EventTimes.of_days(days, first=np.datetime64("2017-01-01"), last=np.datetime64("2017-01-07"))
    assert seen.times.tolist() == [0.5, 6.5]
    assert seen.until == 7.0


def test_the_excess_is_what_the_rate_has_above_its_baseline_at_the_end():
    at_the_end = intensity_by_pairs(ONE, TIMES, 100.0)
    assert ONE.baseline + ONE.excess(record(TIMES, until=100.0))[0] == pytest.approx(at_the_end, rel=1e-12)


def test_the_chance_of_none_is_that_of_a_rate_without_further_events():
    excess = ONE.excess(record(TIMES, until=100.0))[0]
    whole, _ = integrate.quad(lambda at: intensity_by_pairs(ONE, TIMES, at), 100.0, 128.0)
    assert ONE.chance_of_none(excess, days=28.0)[0] == pytest.approx(np.exp(-whole), rel=1e-9)


@pytest.mark.parametrize("excitation", [0.0, 0.6, 1.0 - 1e-7, 1.0, 1.0 + 1e-7, 1.3])
def test_the_expected_count_solves_its_differential_equation(excitation):
    """x' = -decay (1 - a) x + a decay mu for the mean excess x; the mean count is the integral of mu + x."""
    mu, decay, start = 0.03, 0.08, 0.1

    def slope(_, y):
        return [-decay * (1.0 - excitation) * y[0] + excitation * decay * mu, mu + y[0]]

    end = integrate.solve_ivp(slope, (0.0, 364.0), [start, 0.0], rtol=1e-10, atol=1e-12, method="DOP853").y[1, -1]
    assert Hawkes(mu, excitation, decay).expected_count(start, days=364.0)[0] == pytest.approx(end, rel=1e-7)


def exact_law(one: Hawkes, *, excess: float, days: float, size: int = 1024) -> np.ndarray:
    """The law of the number of events, from its generating function on a circle.

    E z**N = exp(A + B x) with B' = -decay B + z e**(a decay B) - 1 and A' = mu (z e**(a decay B) - 1).
    """
    z = np.exp(2j * np.pi * np.arange(size) / size)

    def slope(_, y):
        born = z * np.exp(one.excitation * one.decay * y[:size]) - 1.0
        return np.concatenate([-one.decay * y[:size] + born, one.baseline * born])

    start = np.zeros(2 * size, dtype=complex)
    end = integrate.solve_ivp(slope, (0.0, days), start, rtol=1e-9, atol=1e-11).y[:, -1]
    return np.fft.fft(np.exp(end[size:] + end[:size] * excess)).real / size


@pytest.mark.parametrize("excitation", [0.6, 1.1])
def test_simulated_counts_have_the_exact_law(excitation):
    """Cells of 30 or more of 100,000 futures, chi-squared at .0005 for each of two windows: false alarms .1 %."""
    one = Hawkes(0.03, excitation, 0.08)
    counts = hawkes_counts(KEY, one, np.array([0.1]), days=(28.0, 91.0), futures=100_000)
    for place, days in enumerate((28.0, 91.0)):
        law = exact_law(one, excess=0.1, days=days)
        assert law[0] == pytest.approx(one.chance_of_none(0.1, days=days)[0], abs=1e-8)
        assert law @ np.arange(law.size) == pytest.approx(one.expected_count(0.1, days=days)[0], rel=1e-6)
        last = int(np.flatnonzero(law * 100_000 >= 30)[-1])
        seen = np.bincount(np.minimum(counts[:, place], last), minlength=last + 1)
        wanted = 100_000 * np.append(law[:last], 1.0 - law[:last].sum())
        assert stats.chisquare(seen, wanted).pvalue > 0.0005


def test_futures_that_begin_again_at_the_last_event_hold_thirty_per_cent_too_many():
    """The example of the documentation: eight events in eight weeks, then four weeks of silence."""
    one, times = Hawkes(baseline=0.05, excitation=0.6, decay=0.05), np.arange(0.5, 64.0, 8.0)
    now, then = (one.excess(record(times, until=end))[0] for end in (times[-1] + 28.0, times[-1]))
    assert now == pytest.approx(then * np.exp(-28.0 * 0.05))
    right, restarted = (one.expected_count(excess, days=91.0)[0] for excess in (now, then))
    assert right == pytest.approx(9.13, abs=0.01)
    assert restarted == pytest.approx(11.89, abs=0.01)
    assert restarted / right == pytest.approx(1.30, abs=0.01)
    assert [one.chance_of_none(excess, days=7.0)[0] for excess in (now, then)] == pytest.approx([0.62, 0.42], abs=0.005)


def test_a_longer_silence_raises_the_chance_of_none():
    ends = (80.0, 100.0, 150.0, 400.0)
    chances = [ONE.chance_of_none(ONE.excess(record(TIMES, until=end)), days=28.0)[0] for end in ends]
    assert np.diff(chances).min() > 0
    assert chances[-1] == pytest.approx(np.exp(-ONE.baseline * 28.0), abs=1e-6)


def test_a_future_depends_on_its_own_number_alone():
    many, few = (hawkes_counts(KEY, ONE, np.array([0.2]), days=(364.0,), futures=n) for n in (500, 40))
    longer = hawkes_counts(KEY, ONE, np.array([0.2]), days=(7.0, 364.0), futures=500)
    assert np.array_equal(many[:40], few)
    assert np.array_equal(many[:, 0], longer[:, 1])
    assert (longer[:, 0] <= longer[:, 1]).all()


def test_super_critical_draws_are_told_and_their_futures_end():
    wild = Hawkes(np.full(3, 0.03), np.array([0.5, 1.0, 4.0]), np.full(3, 0.5))
    assert wild.is_super_critical.tolist() == [False, True, True]
    counts = hawkes_counts(KEY, wild, np.zeros(3), days=(364.0,), futures=3)[:, 0]
    assert counts.max() == LARGEST_NUMBER


def test_parameters_of_many_draws_answer_each_for_themselves():
    seen = record(TIMES, until=100.0)
    both = Hawkes(np.array([0.03, 0.1]), np.array([0.6, 0.2]), np.array([0.08, 0.3]))
    alone = [Hawkes(0.03, 0.6, 0.08), Hawkes(0.1, 0.2, 0.3)]
    assert both.log_likelihood(seen) == pytest.approx([one.log_likelihood(seen)[0] for one in alone])
    assert both.expected_count(both.excess(seen), days=91.0) == pytest.approx(
        [one.expected_count(one.excess(seen), days=91.0)[0] for one in alone]
    )


@pytest.mark.parametrize(
    ("times", "numbers", "until"),
    [([2.0, 1.0], [1, 1], 5.0), ([1.0, 1.0], [1, 1], 5.0), ([1.0], [0], 5.0), ([6.0], [1], 5.0), ([-1.0], [1], 5.0)],
)
def test_times_out_of_order_or_outside_the_record_are_refused(times, numbers, until):
    with pytest.raises(ModelRefused, match="times must be distinct, rise and lie"):
        EventTimes(np.array(times), np.array(numbers), until)


@pytest.mark.parametrize("values", [(0.0, 0.5, 0.1), (0.1, -0.5, 0.1), (0.1, 0.5, 0.0), (np.nan, 0.5, 0.1)])
def test_rates_that_cannot_be_are_refused(values):
    with pytest.raises(ModelRefused, match="baseline and decay must be above 0"):
        Hawkes(*values)
