import datetime as dt
import itertools
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sixparty.compute import Key
from sixparty.errors import EnvironmentRefused, ModelRefused
from sixparty.forecast.backtest import Origin, origin_dates, rival_forecasts
from sixparty.forecast.backtest_tables import scored_forecasts
from sixparty.forecast.reference import RIVALS
from sixparty.forecast.reference._excited import FUTURES
from sixparty.forecast.reference.optional import (
    OPTIONAL_RIVALS,
    THIRTEENTH,
    Arima,
    Intermittent,
    arima_laws,
    boosted_laws,
    fit_arima,
    fit_intermittent,
    intermittent_laws,
    is_thirteenth,
    thirteenth_differences,
    thirteenth_scores,
)
from sixparty.forecast.reference.optional.intermittent import smoothed
from sixparty.periods import HORIZONS

KEY = Key.from_seed(1)
NAMES = list(OPTIONAL_RIVALS)
SILENT = np.zeros(500, dtype=np.int64)
COUNTS = np.random.default_rng(8).negative_binomial(0.6, 0.7, 700)
YEAR = (np.arange(700) / 52.18) % 1
INSTALLED = {name: all(map(find_spec, rival.packages.values())) for name, rival in OPTIONAL_RIVALS.items()}
needs_arima = pytest.mark.skipif(not INSTALLED["plain-autoarima"], reason="needs statsforecast (make check-rivals)")
needs_trees = pytest.mark.skipif(not INSTALLED["plain-boosting"], reason="needs scikit-learn (make check-rivals)")


def steady(residuals: np.ndarray, *, mean: float, weights: np.ndarray | None = None) -> Arima:
    """An ARIMA with the same point forecast in every week; without weights a surprise passes at once."""
    alone = np.eye(1, 52)[0]
    return Arima((0, 0, 0), np.full(52, mean), alone if weights is None else weights, residuals)


def chances(law, last: int = 60) -> np.ndarray:
    return np.array([law.probability(count) for count in range(last)])


# intermittent demand


def test_smoothing_is_the_recursion_written_out():
    level, expected = 0.3, [0.3]
    for value in (1.0, 0.0, 0.0, 1.0):
        level += 0.2 * (value - level)
        expected.append(level)
    assert smoothed(np.array([1.0, 0.0, 0.0, 1.0]), 0.2, first=0.3) == pytest.approx(expected)


def test_a_record_of_one_pace_is_given_that_pace():
    """Tolerances are four standard errors of 3,000 weeks with the smallest weight: one seed in 16,000."""
    generator = np.random.default_rng(2)
    counts = np.where(generator.random(3000) < 0.2, generator.geometric(0.5, 3000), 0)
    fit = fit_intermittent(counts)
    assert fit.chance_weight <= 0.01
    assert fit.chance == pytest.approx(0.2, abs=4 * np.sqrt(0.16 * fit.chance_weight / 2))
    assert fit.size == pytest.approx(2.0, abs=4 * np.sqrt(2 * max(fit.size_weight, 1 / 600) / 2))


def test_a_pace_that_shifts_asks_for_a_larger_weight():
    generator = np.random.default_rng(2)
    pace = np.repeat([0.02, 0.6, 0.02, 0.6], 150)
    counts = (generator.random(600) < pace).astype(np.int64)
    assert fit_intermittent(counts).chance_weight >= 0.04


def test_one_week_ahead_is_the_law_that_was_fitted():
    """Four standard errors of 4,000 draws for each of five counts: one seed in 3,000."""
    law = intermittent_laws(KEY, Intermittent(0.3, 1.8, 0.1, 0.1), horizons=(1,))[1]
    expected = np.array([0.7, *(0.3 * stats.geom(1 / 1.8).pmf(range(1, 5)))])
    assert chances(law, 5) == pytest.approx(expected, abs=4 * np.sqrt(0.21 / FUTURES) + 1 / FUTURES)


def test_the_mean_stays_and_the_spread_grows_as_futures_go_on_learning():
    """Smoothing leaves the chance its mean: four standard errors, one seed in 16,000."""
    learning = intermittent_laws(KEY, Intermittent(0.3, 1.01, 0.2, 0.01), horizons=(52,))[52]
    fixed = intermittent_laws(KEY, Intermittent(0.3, 1.01, 1e-9, 1e-9), horizons=(52,))[52]
    spread = np.sqrt(chances(learning, 200) @ (np.arange(200) - learning.mean) ** 2)
    assert learning.mean == pytest.approx(52 * 0.3 * 1.01, abs=4 * spread / np.sqrt(FUTURES) + 0.1)
    assert spread > 2 * np.sqrt(52 * 0.3 * 0.7)
    assert fixed.at_most(26) - fixed.at_most(5) > 0.99


@needs_arima
def test_the_point_forecast_is_that_of_the_library_after_its_start_is_forgotten():
    from statsforecast.models import TSB

    fit = fit_intermittent(COUNTS)
    chance = smoothed((COUNTS > 0).astype(float), 0.1, first=0.5)[-1]
    size = smoothed(COUNTS[COUNTS > 0].astype(float), 0.2, first=1.5)[-1]
    theirs = TSB(alpha_d=0.2, alpha_p=0.1).forecast(COUNTS.astype(float), h=1)["mean"][0]
    assert chance * size == pytest.approx(theirs, rel=1e-6)
    assert 0 < fit.chance < 1 < fit.size


# AutoARIMA


def test_without_surprises_a_whole_mean_is_certain():
    law = arima_laws(KEY, steady(np.zeros(10), mean=1.0), horizons=(4,))[4]
    assert law.probability(4) > 0.999


def test_rounding_at_random_keeps_the_mean_and_the_chance():
    """A mean of .3 with no surprise is one event in three of ten futures: four standard errors, one seed in 16,000."""
    law = arima_laws(KEY, steady(np.zeros(10), mean=0.3), horizons=(1,))[1]
    assert law.at_least(1) == pytest.approx(0.3, abs=4 * np.sqrt(0.21 / FUTURES) + 1 / FUTURES)
    assert law.at_least(2) < 1 / FUTURES


def test_sums_below_zero_are_no_events():
    law = arima_laws(KEY, steady(np.array([-1.0, 1.0]), mean=-5.0), horizons=(13,))[13]
    assert law.probability(0) > 0.999


def test_a_surprise_that_stays_spreads_as_a_random_walk_does():
    """With weights of 1 the variance of a window is the sum of squares 1..h: five in a hundred off, one seed in 900."""
    residuals = np.random.default_rng(3).normal(size=5000)
    law = arima_laws(KEY, steady(residuals, mean=20.0, weights=np.ones(52)), horizons=(4,))[4]
    counts = np.arange(400)
    variance = chances(law, 400) @ (counts - law.mean) ** 2
    # a draw of 80 is smoothed over 8 to either side
    assert variance - 1 / 12 - 8 * 10 / 6 == pytest.approx(residuals.var() * (1 + 4 + 9 + 16), rel=0.08)


@needs_arima
def test_a_record_of_independent_weeks_is_given_its_mean_in_the_end():
    """The KPSS test asks for differences in one such record of twenty, whose mean is then not kept."""
    counts = np.random.default_rng(1).poisson(0.3, 1200)
    fit = fit_arima(counts)
    assert fit.order[1] == 0
    assert fit.means[-1] == pytest.approx(counts.mean(), abs=0.02)
    assert fit.weights[0] == 1
    assert np.abs(fit.weights[1:]).max() < 0.3
    assert fit.residuals.mean() == pytest.approx(0, abs=1e-12)


@needs_arima
@pytest.mark.filterwarnings("ignore:possible convergence problem")
def test_the_weights_carry_the_library_s_own_variance():
    from statsforecast.models import AutoARIMA

    generator = np.random.default_rng(4)
    walk = np.maximum(np.cumsum(generator.normal(scale=0.5, size=400)) + 10, 0).round().astype(np.int64)
    fit = fit_arima(walk)
    theirs = AutoARIMA(season_length=1, seasonal=False, approximation=True).fit(walk.astype(float))
    said = theirs.predict(8, level=[95])
    spread = (said["hi-95"] - said["mean"]) / stats.norm.isf(0.025) / np.sqrt(theirs.model_["sigma2"])
    assert fit.order[1] == 1
    assert np.sqrt(np.cumsum(fit.weights[:8] ** 2)) == pytest.approx(spread, rel=1e-3)


# boosting


@needs_trees
def test_trees_find_a_season():
    """Events in one half of the year alone: the trees tell the two halves apart."""
    generator = np.random.default_rng(5)
    counts = generator.poisson(np.where(YEAR < 0.5, 1.5, 0.05))
    said = {
        weeks: boosted_laws(counts[:weeks], np.zeros(weeks + 52), year_fraction=YEAR[:weeks], horizons=(4,))[4].mean
        for weeks in (int(12.1 * 52.18), int(12.6 * 52.18))
    }
    early, late = said.values()
    assert early > 2 * late


@needs_trees
def test_trees_read_the_drills_that_are_expected():
    generator, weeks = np.random.default_rng(6), 700
    drills = (generator.random(weeks + 52) < 0.3).astype(float)
    counts = generator.poisson(np.where(drills[:weeks] > 0, 2.0, 0.1))
    drills[weeks] = 1.0
    with_drill = boosted_laws(counts, drills, year_fraction=YEAR, horizons=(1,))[1].mean
    drills[weeks] = 0.0
    without = boosted_laws(counts, drills, year_fraction=YEAR, horizons=(1,))[1].mean
    assert with_drill > 3 * without


@needs_trees
def test_nothing_after_the_origin_but_the_drills_enters():
    laws = [
        boosted_laws(COUNTS[:600], np.zeros(length), year_fraction=YEAR[:600], horizons=(1, 13))
        for length in (652, 700)
    ]
    for horizon in (1, 13):
        assert laws[0][horizon].pmf.tolist() == laws[1][horizon].pmf.tolist()


@needs_trees
def test_a_record_without_pattern_is_given_nearly_its_mean():
    """Trees of 700 noisy weeks may stray by a third; one seed in fifty strays further."""
    mean = boosted_laws(COUNTS, np.zeros(752), year_fraction=YEAR, horizons=(13,))[13].mean
    assert mean == pytest.approx(13 * COUNTS.mean(), rel=0.34)


@needs_trees
def test_no_mean_falls_below_that_of_a_silent_record():
    counts = np.concatenate([np.ones(5, dtype=np.int64), SILENT])
    for horizon, law in boosted_laws(counts, np.zeros(557), year_fraction=YEAR[:505], horizons=HORIZONS).items():
        assert law.mean >= 0.5 * horizon / 505 - 1e-9


@needs_trees
def test_a_record_too_short_for_a_window_is_refused():
    with pytest.raises(ModelRefused, match="needs 156 covered weeks for windows of 52 weeks, got 140"):
        boosted_laws(COUNTS[:140], np.zeros(192), year_fraction=YEAR[:140], horizons=(52,))


# all of them


@pytest.mark.parametrize("fit", [fit_intermittent, pytest.param(fit_arima, marks=needs_arima)])
def test_a_record_without_events_is_refused(fit):
    with pytest.raises(ModelRefused, match="at least one event, got none"):
        fit(SILENT)


def test_a_missing_library_is_named_with_the_command_that_installs_it():
    absent = replace(OPTIONAL_RIVALS["plain-boosting"], packages={"no-such-library": "no_such_library"})
    with pytest.raises(EnvironmentRefused, match=r"needs no-such-library.*pip install 'sixparty\[rivals\]'"):
        absent.require()
    assert EnvironmentRefused.exit_code == 6


def test_the_intermittent_rival_needs_nothing_more():
    OPTIONAL_RIVALS["plain-tsb"].require()
    assert OPTIONAL_RIVALS["plain-tsb"].versions() == {}


def test_no_name_is_that_of_another_rival():
    assert not set(OPTIONAL_RIVALS) & set(RIVALS)


def test_their_origins_are_thirteen_weeks_apart_and_begin_with_the_backtest():
    days = list(filter(is_thirteenth, origin_dates(dt.date(2012, 1, 1), dt.date(2025, 6, 1))))
    assert days[0] == dt.date(2011, 12, 31)
    assert {(later - day).days for day, later in itertools.pairwise(days)} == {91}
    assert len(days) == 54


@pytest.fixture(scope="module")
def origins(panel) -> list[Origin]:
    ends = panel.period_ends[[-92, -79, -66]].astype(dt.date)
    exposures = np.zeros((52, len(panel.marks), len(panel.exposure_names)))
    return [Origin(day, panel.until(day), exposures, dt.date(2011, 12, 17)) for day in ends]


@pytest.mark.parametrize(
    "name",
    [
        "plain-tsb",
        pytest.param("plain-autoarima", marks=needs_arima),
        pytest.param("plain-boosting", marks=needs_trees),
    ],
)
def test_every_window_has_a_law_that_depends_on_its_own_origin_alone(name, origins):
    rival = OPTIONAL_RIVALS[name]
    all_of_them = rival.forecasts(KEY, target="weapons_test_days", origins=origins[:2])
    alone = rival.forecasts(KEY, target="weapons_test_days", origins=origins[1:2])
    assert all_of_them.reference_dates == tuple(origin.reference_date for origin in origins[:2])
    for horizon in HORIZONS:
        one, other = all_of_them.predictives[1][horizon], alone.predictives[0][horizon]
        assert one.pmf.tolist() == other.pmf.tolist()
        assert one.at_least(0) == pytest.approx(1)


# the table


@pytest.fixture(scope="module")
def scored(panel) -> pl.DataFrame:
    exposures = np.zeros((52, len(panel.marks), len(panel.exposure_names)))
    days = panel.period_ends[-180:-60].astype(dt.date)
    origins = [Origin(day, panel.until(day), exposures, dt.date(2011, 12, 17)) for day in days]
    sparse = [origin for origin in origins if is_thirteenth(origin.reference_date)]
    said = [rival_forecasts(KEY, RIVALS[name], target="weapons_test_days", origins=origins) for name in PLAIN]
    said.append(OPTIONAL_RIVALS["plain-tsb"].forecasts(KEY, target="weapons_test_days", origins=sparse))
    return scored_forecasts(KEY, said, panel=panel)


PLAIN = ("plain-nb36", "plain-nb12")


def test_all_models_are_scored_at_the_same_origins(scored):
    table = thirteenth_scores(scored)
    assert set(table["origins"]) == {THIRTEENTH}
    whole = table.filter(pl.col("period") == "all")
    assert whole["n"].n_unique() == 1
    assert set(whole["model_id"]) == {*PLAIN, "plain-tsb"}
    days = scored.filter((pl.col("model_id") == "plain-tsb") & (pl.col("horizon") == 13))["reference_date"]
    own = scored.filter(pl.col("reference_date").is_in(days.to_list()) & (pl.col("model_id") == "plain-nb36"))
    expected = own.filter(pl.col("horizon") == 13)["crps"].mean()
    cell = (pl.col("model_id") == "plain-nb36") & (pl.col("horizon") == 13)
    assert whole.filter(cell)["crps"].item() == pytest.approx(expected)


def test_differences_are_those_of_the_means_and_blocks_are_as_long_as_windows(scored):
    found = thirteenth_differences(KEY, scored, pairs=[("plain-tsb", "plain-nb36"), ("plain-nb12", "plain-nb36")])
    assert set(found["origins"]) == {THIRTEENTH}
    assert dict(found.select("horizon", "block").unique().rows()) == {1: 1, 4: 1, 13: 1, 26: 2, 52: 4}
    assert (found["low"] <= found["difference"]).all()
    assert (found["difference"] <= found["high"]).all()
    means = thirteenth_scores(scored).filter((pl.col("period") == "all") & (pl.col("horizon") == 26))
    crps = dict(means.select("model_id", "crps").rows())
    row = found.filter(
        (pl.col("period") == "all")
        & (pl.col("horizon") == 26)
        & (pl.col("score") == "crps")
        & (pl.col("model_id") == "plain-tsb")
    )
    assert row["difference"].item() == pytest.approx(crps["plain-tsb"] - crps["plain-nb36"])
    assert row["rival_id"].item() == "plain-nb36"
