"""The designs on dates: worked examples, what they leave out, and what they refuse."""

import datetime as dt

import numpy as np
import pytest
from scipy import stats
from tests.dates_examples import CLUSTERED, DAYS, FIRST, PLAIN, question, scattered_dates, simulated, yearly_dates

from sixparty.compute import Key
from sixparty.evidence.designs._breaks import around_break, counts_along, excess, gains
from sixparty.evidence.designs._unbroken import fit_wandering, whole_logs
from sixparty.evidence.designs.before_after import before_after
from sixparty.evidence.designs.break_point import break_point
from sixparty.evidence.designs.event_study import event_study
from sixparty.evidence.designs.hazard import hazard
from sixparty.evidence.designs.registry import design_called
from sixparty.evidence.estimate import NotTestable

KEY = Key.from_seed(4)
DESIGNS = {"event_study": event_study, "before_after": before_after, "break_point": break_point, "hazard": hazard}
RANDOM = np.random.default_rng(6)
COUNTS = simulated(RANDOM, CLUSTERED, runs=1)[0]
DATES = scattered_dates(RANDOM, 16)
EVEN = np.ones(DAYS, dtype=int)


def test_the_registry_finds_each_design_under_its_name():
    for name, design in DESIGNS.items():
        assert design_called(name) is design


@pytest.mark.parametrize("name", DESIGNS)
def test_the_same_key_gives_the_same_answer(name):
    ends = DATES + 27
    first, again = (
        DESIGNS[name](KEY, question(COUNTS, DATES, ends=ends, weeks=13, match_within=1.5)) for _ in range(2)
    )
    assert first.ratio == again.ratio
    assert dict(first.details) == dict(again.details)
    assert first.p_value == again.p_value
    assert first.minimum_detectable > 1.0


@pytest.mark.parametrize("name", DESIGNS)
def test_an_outcome_that_hardly_occurs_is_refused_with_what_to_do(name):
    few = np.zeros(DAYS, dtype=int)
    few[::2500] = 1
    with pytest.raises(NotTestable, match=r"got .*\. .*(Widen|Look|Set|Choose)"):
        DESIGNS[name](KEY, question(few, DATES))


@pytest.mark.parametrize("name", ["event_study", "before_after", "hazard"])
def test_an_exposure_outside_the_window_is_refused(name):
    with pytest.raises(NotTestable, match="got"):
        DESIGNS[name](KEY, question(COUNTS, np.array([DAYS + 50])))


@pytest.mark.parametrize("name", DESIGNS)
def test_a_record_left_out_whole_is_refused(name):
    asked = question(COUNTS, DATES).without(FIRST, FIRST + dt.timedelta(DAYS))
    with pytest.raises(NotTestable):
        DESIGNS[name](KEY, asked)


def test_a_steady_outcome_is_the_same_after_dates_and_after_placebos():
    found = event_study(KEY, question(EVEN, DATES))
    assert found.ratio.value == 1.0
    assert found.lead is not None
    assert found.lead.value == 1.0
    assert found.exposed_days == found.exposed_events == 28 * found.episodes


def test_days_that_follow_two_dates_count_once():
    dates = np.array([1000, 1040, 3000, 5000, 7000, 9000])
    found = event_study(KEY, question(EVEN, dates, to_week=8))
    assert found.episodes == 6
    assert found.exposed_days == found.exposed_events == 5 * 56 + 40
    assert found.details["blocks"] == 5


def test_dates_close_together_are_one_episode_unless_they_are_not_merged():
    dates = np.concatenate([DATES, DATES + 9])
    assert (
        event_study(KEY, question(EVEN, dates)).episodes
        < event_study(KEY, question(EVEN, dates, merge_days=0)).episodes
    )


def test_weeks_before_dates_have_no_lead():
    found = event_study(KEY, question(EVEN, DATES, from_week=-4, to_week=-1))
    assert found.lead is None
    assert set(found.details) >= {"week_-4", "week_-1"}


def test_a_date_whose_weeks_touch_a_span_left_out_is_dropped():
    touched = FIRST + dt.timedelta(int(DATES[5]) + 20)
    found = event_study(KEY, question(EVEN, DATES).without(touched, touched))
    assert found.episodes == event_study(KEY, question(EVEN, DATES)).episodes - 1


def test_placebos_keep_to_the_season_so_that_a_season_is_no_effect():
    """All outcomes lie in March, and so do all dates: compared with the whole year the ratio would be about 12."""
    day_of_year = (np.arange(DAYS) % 365.25).astype(int)
    counts = ((day_of_year > 55) & (day_of_year < 105)).astype(int)
    dates = np.arange(3, 26, 2) * 365 + 77
    assert 0.6 < event_study(KEY, question(counts, dates, to_week=1)).ratio.value < 1.6


def test_yearly_dates_without_room_for_placebos_are_refused():
    with pytest.raises(NotTestable, match="placebos beside them"):
        event_study(KEY, question(COUNTS, np.arange(1, 27) * 365, apart_days=40))


def test_windows_too_long_for_their_neighbouring_years_are_refused():
    with pytest.raises(NotTestable, match="set more years"):
        event_study(KEY, question(COUNTS, DATES, from_week=13, to_week=52))


def test_a_steady_outcome_has_no_change_after_dates():
    found = before_after(KEY, question(np.arange(DAYS) % 2, np.array([5000])))
    assert found.ratio.value == pytest.approx(1.0, abs=0.02)
    assert found.details["plain_ratio"] == pytest.approx(1.0, abs=0.02)
    assert found.episodes == 1


def test_a_fall_after_a_burst_is_told_from_the_fall_that_bursts_have_anyway():
    """Dates at bursts: the plain ratio lies far below 1, the ratio against matched placebos does not."""
    counts = simulated(np.random.default_rng(3), CLUSTERED, runs=6)
    plain, against = [], []
    for row in counts:
        before = np.convolve(row, np.ones(91))[:DAYS]
        burst = 300 + np.argsort(before[300:-300])[-600:][::200]
        found = before_after(
            KEY, question(row, np.sort(burst), weeks=13, match_within=1.5, merge_days=200, apart_days=10)
        )
        plain.append(np.log(found.details["plain_ratio"]))
        against.append(np.log(found.ratio.value))
    assert np.mean(plain) < -0.5
    assert np.mean(against) > np.mean(plain) + 0.3


def test_a_burst_without_its_like_is_refused():
    counts = COUNTS.copy()
    counts[4900:5000] += 1
    with pytest.raises(NotTestable, match="separate placebo dates"):
        before_after(KEY, question(counts, np.array([5000])))


def test_a_plain_break_is_found_in_its_week():
    counts = simulated(np.random.default_rng(8), PLAIN, runs=1, on=np.arange(DAYS) >= 6000, ratio=5.0)[0]
    found = break_point(KEY, question(counts, np.array([5000])))
    day = FIRST.toordinal() + 6000
    assert found.p_value < 0.05
    assert found.ratio.low > 1.5
    assert found.details["first_week"] - 7 <= day <= found.details["last_week"] + 7
    assert abs(found.details["best_week"] - day) < 120
    assert found.details["weeks_after_exposure"] == pytest.approx(
        (found.details["best_week"] - FIRST.toordinal() - 5000) / 7
    )


def test_the_gain_of_a_break_is_twice_the_poisson_log_likelihood_that_it_adds():
    counts = np.array([[0, 2, 0, 1, 5, 0, 7, 3], [0, 0, 0, 0, 0, 0, 0, 4]])
    found = gains(counts, whole_logs(counts))
    for row, gained in zip(counts, found, strict=True):
        flat = stats.poisson.logpmf(row, row.mean()).sum()
        for place in range(1, len(row)):
            means = np.repeat([row[:place].mean(), row[place:].mean()], [place, len(row) - place])
            assert gained[place] == pytest.approx(2 * (stats.poisson.logpmf(row, means).sum() - flat), abs=1e-9)


def test_simulated_counts_are_quantiles_of_their_rates_with_the_mean_and_the_break_asked_for():
    random = np.random.default_rng(2)
    rates, chances = random.gamma(1.0, size=(3, 40)), random.random((3, 40))
    broken = rates * np.where(np.arange(40) >= 25, 3.0, 1.0)
    wanted = stats.poisson.ppf(chances, 2.5 * broken / broken.mean(axis=1, keepdims=True))
    assert np.array_equal(counts_along(rates, chances, 2.5, 25, float(np.log(3.0))), wanted)


def test_counts_that_follow_their_means_on_both_sides_have_no_excess():
    counts = np.repeat([[2, 6]], [9, 12], axis=1)
    before, after = around_break(counts, np.array([9]))
    assert (before[0], after[0]) == (2.0, 6.0)
    assert excess(counts, np.array([9]), 3)[0] == pytest.approx(0.02)
    blocks = counts.reshape(-1, 3).sum(axis=1)
    apart = excess(counts, np.array([0]), 3)[0]
    assert apart == pytest.approx(((blocks - blocks.mean()) ** 2).sum() / blocks.sum())


def test_a_steady_record_is_held_to_rest_and_one_that_multiplies_and_falls_to_wander():
    steady = np.random.default_rng(3).poisson(0.6, 365)
    waves = np.random.default_rng(3).poisson(np.exp(1.8 * np.sin(np.arange(365) / 20)))
    for counts, low, high in ((steady, 0.0, 0.12), (waves, 0.15, 0.41)):
        law = fit_wandering(KEY, counts)
        assert law.weights.sum() == pytest.approx(1.0)
        assert low < law.weights @ law.steps < high


def test_a_break_asked_for_where_none_is_gives_way_to_the_larger_one_elsewhere():
    counts = simulated(np.random.default_rng(8), PLAIN, runs=1, on=np.arange(DAYS) >= 7500, ratio=6.0)[0]
    at = str(FIRST + dt.timedelta(3500))
    found = break_point(KEY, question(counts, np.array([3500]), at=at))
    assert abs(found.details["cut_at"] - FIRST.toordinal() - 7500) < 120
    assert found.ratio.holds_one


def test_a_break_asked_for_outside_the_window_is_refused():
    with pytest.raises(NotTestable, match="weeks near 1990-01-01"):
        break_point(KEY, question(COUNTS, DATES, at="1990-01-01"))


def test_the_hazard_of_an_outcome_without_memory_is_the_same_under_random_spells():
    counts = simulated(np.random.default_rng(5), PLAIN, runs=1)[0]
    dates = yearly_dates(np.random.default_rng(5))
    found = hazard(KEY, question(counts, dates, ends=dates + 20))
    assert found.ratio.holds_one
    assert found.details["weeks_at_risk"] > 1400
    assert found.lead is not None


@pytest.mark.parametrize("control", ["drift", "years", "none"])
def test_a_doubled_hazard_is_seen_under_every_control(control):
    """Planted ratio 3 on a third of all days."""
    dates = np.arange(30, DAYS - 400, 347)
    on = np.zeros(DAYS, dtype=bool)
    for date in dates:
        on[date : date + 120] = True
    counts = simulated(np.random.default_rng(5), PLAIN, runs=1, on=on, ratio=3.0)[0]
    found = hazard(KEY, question(counts, dates, ends=dates + 119, control=control))
    assert found.p_value < 0.001
    assert found.ratio.low < 3.0 < found.ratio.high


def test_a_control_that_does_not_exist_is_refused():
    with pytest.raises(NotTestable, match="control must be one of drift, years, none"):
        hazard(KEY, question(COUNTS, DATES, ends=DATES + 60, control="mood"))


def test_all_outcomes_outside_the_exposure_are_separation_and_refused():
    dates = np.arange(200, DAYS - 400, 700)
    counts = COUNTS.copy()
    for date in dates:
        counts[date : date + 200] = 0
    with pytest.raises(NotTestable, match="outcomes on exposed and on other days"):
        hazard(KEY, question(counts, dates, ends=dates + 199))
