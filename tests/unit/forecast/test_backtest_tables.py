import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sixparty.compute import Key
from sixparty.errors import InputRefused, ModelRefused
from sixparty.forecast.backtest import PastForecasts, origin_dates
from sixparty.forecast.backtest_tables import (
    WITHOUT_TURN,
    hub_table,
    left_out_table,
    mean_scores,
    outcomes,
    score_differences,
    scored_forecasts,
    with_periods,
)
from sixparty.forecast.calibration import pit_table, reliability_table
from sixparty.forecast.hub import check_hub_table
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.targets import TARGETS
from sixparty.periods import HORIZONS
from sixparty.tension.panel import CountPanel

KEY = Key.from_seed(1)
DAYS = tuple(origin_dates(dt.date(2024, 3, 24), dt.date(2024, 6, 23)))


def said(model_id: str, *, mean: float, target: str = "weapons_test_days") -> PastForecasts:
    laws = {horizon: CountPredictive.negative_binomial(mean * horizon, np.inf) for horizon in HORIZONS}
    return PastForecasts(model_id, target, DAYS, (laws,) * len(DAYS))


def test_what_came_is_the_sum_of_the_weeks_after_the_reference_date(panel: CountPanel):
    came = outcomes(panel, TARGETS["weapons_test_days"], reference_dates=DAYS, horizon=4)
    first = int(np.searchsorted(panel.period_ends, np.datetime64(DAYS[0])))
    assert came.counts[0] == panel.counts[first + 1 : first + 5, 0].sum()


def test_windows_beyond_the_record_or_its_coverage_are_not_over(panel: CountPanel):
    came = outcomes(panel, TARGETS["weapons_test_days"], reference_dates=DAYS, horizon=4)
    assert came.is_over.sum() == sum(day + dt.timedelta(weeks=4) <= dt.date(2024, 6, 29) for day in DAYS)
    covered = panel.covered.copy()
    covered[-1] = False
    shorter = outcomes(replace(panel, covered=covered), TARGETS["weapons_test_days"], reference_dates=DAYS, horizon=4)
    assert shorter.is_over.sum() == came.is_over.sum() - 1


def test_unfinished_windows_are_counted_and_not_scored(panel: CountPanel):
    forecasts = [said("a-b", mean=0.3)]
    counted = left_out_table(forecasts, panel=panel)
    scored = scored_forecasts(KEY, forecasts, panel=panel)
    for row in counted.iter_rows(named=True):
        assert len(scored.filter(pl.col("horizon") == row["horizon"])) == row["made"] - row["not_over"]
    assert counted.filter(pl.col("horizon") == 52)["not_over"].to_list() == [len(DAYS)]


def test_scores_are_those_of_the_law(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.3)], panel=panel).filter(pl.col("horizon") == 4)
    law = stats.poisson(1.2)
    assert scored["log_score"].to_numpy() == pytest.approx(-law.logpmf(scored["observed"].to_numpy()))
    assert scored["brier"].to_numpy() == pytest.approx((1 - law.pmf(0) - (scored["observed"] > 0).to_numpy()) ** 2)
    assert scored["pit"].is_between(scored["below"], scored["up_to"]).all()


def test_a_binary_target_is_scored_by_yes_or_no(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.3, target="nuclear_test")], panel=panel)
    assert set(scored["observed"].unique()) <= {0, 1}
    assert scored["crps"].to_numpy() == pytest.approx(scored["brier"].to_numpy())


def test_models_share_the_random_part_of_the_pit(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.3), said("c-d", mean=0.3)], panel=panel)
    first, second = scored.partition_by("model_id", include_key=False)
    assert first.equals(second)


def test_a_score_that_is_no_number_is_an_error(panel: CountPanel):
    laws = {horizon: CountPredictive(np.array([0.0, 1.0]), 0.0, 0.0) for horizon in HORIZONS}
    wrong = PastForecasts("a-b", "border_kinetic", DAYS, (laws,) * len(DAYS))
    with (
        np.errstate(divide="ignore"),
        pytest.raises(ModelRefused, match="log_score must be finite, got inf for a-b, border_kinetic, 1 weeks"),
    ):
        scored_forecasts(KEY, [wrong], panel=panel)


def test_without_a_window_that_is_over_there_is_nothing_to_score(panel: CountPanel):
    none = PastForecasts("a-b", "border_kinetic", (), ())
    with pytest.raises(InputRefused, match="at least one window must be over by 2024-06-29"):
        scored_forecasts(KEY, [none], panel=panel)


def row(day: dt.date, horizon: int) -> dict[str, object]:
    return {"reference_date": day, "horizon": horizon, "is_monthly": False}


def test_windows_that_hold_a_day_of_the_turn_are_left_out():
    days = [dt.date(2017, 9, 30), dt.date(2017, 10, 7), dt.date(2019, 12, 28), dt.date(2020, 1, 4)]
    found = with_periods(pl.DataFrame([row(day, 4) for day in days]))
    kept = found.filter(pl.col("period") == WITHOUT_TURN)["reference_date"].to_list()
    assert kept == [dt.date(2017, 9, 30), dt.date(2020, 1, 4)]


def test_an_origin_belongs_to_the_year_in_which_it_was_known():
    found = with_periods(pl.DataFrame([row(dt.date(2011, 12, 31), 1)]))
    assert found.filter(pl.col("period") != "all")["period"].to_list() == [WITHOUT_TURN, "2012"]


def test_mean_scores_are_means_over_origins_that_are_over(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.3)], panel=panel)
    means = mean_scores(scored).filter((pl.col("origins") == "monthly") & (pl.col("period") == "all"))
    own = scored.filter(pl.col("is_monthly") & (pl.col("horizon") == 1))
    (got,) = means.filter(pl.col("horizon") == 1).to_dicts()
    assert got["n"] == len(own)
    assert got["log_score"] == pytest.approx(own["log_score"].mean())
    assert got["pit_coverage_50"] == pytest.approx(own["pit"].is_between(0.25, 0.75).mean())


def test_a_model_does_not_differ_from_its_equal(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.3), said("c-d", mean=0.3)], panel=panel)
    gaps = score_differences(KEY, scored, model_id="a-b", rivals=["c-d"])
    assert gaps.select("difference", "low", "high").to_numpy() == pytest.approx(0.0)


def test_differences_are_below_zero_where_the_model_is_the_better(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.35), said("c-d", mean=5.0)], panel=panel)
    gaps = score_differences(KEY, scored, model_id="a-b", rivals=["c-d"])
    weekly = gaps.filter((pl.col("origins") == "weekly") & (pl.col("period") == "all") & (pl.col("horizon") == 4))
    assert (weekly["high"] < 0).all()
    assert weekly["block"].to_list() == [13, 13, 13]
    assert (weekly["low"] <= weekly["difference"]).all()


def test_the_blocks_of_monthly_origins_are_as_long_as_the_window(panel: CountPanel):
    early = tuple(day - dt.timedelta(weeks=104) for day in DAYS)
    forecasts = [replace(said(name, mean=0.3), reference_dates=early) for name in ("a-b", "c-d")]
    gaps = score_differences(KEY, scored_forecasts(KEY, forecasts, panel=panel), model_id="a-b", rivals=["c-d"])
    blocks = dict(gaps.filter(pl.col("origins") == "monthly").select("horizon", "block").unique().rows())
    assert blocks == {1: 3, 4: 3, 13: 3, 26: 6, 52: 12}


def test_hub_rows_of_monthly_origins_keep_the_layout():
    rows = hub_table([said("a-b", mean=0.3), said("a-b", mean=0.01, target="nuclear_test")])
    assert len(check_hub_table(rows)) == 0
    assert rows["reference_date"].unique().sort().to_list() == [
        dt.date(2024, 4, 6),
        dt.date(2024, 5, 4),
        dt.date(2024, 6, 1),
    ]
    assert (rows["as_of"] > rows["reference_date"]).all()


def test_hub_quantiles_are_those_of_the_law():
    rows = hub_table([said("a-b", mean=0.3)]).filter(
        (pl.col("output_type") == "quantile") & (pl.col("horizon") == 26) & (pl.col("output_type_id") == "0.9")
    )
    assert rows["value"].to_list() == [stats.poisson(7.8).ppf(0.9)] * 3


def test_reliability_sets_the_mean_chance_beside_the_share_that_came(panel: CountPanel):
    scored = scored_forecasts(KEY, [said("a-b", mean=0.3)], panel=panel).filter(pl.col("horizon") == 1)
    (got,) = reliability_table(scored).to_dicts()
    assert got["bin"] == 0.2
    assert got["mean_chance"] == pytest.approx(1 - np.exp(-0.3))
    assert got["share_happened"] == pytest.approx((scored["observed"] > 0).mean())


def test_pit_shares_add_up_to_one(panel: CountPanel):
    shares = pit_table(scored_forecasts(KEY, [said("a-b", mean=0.3)], panel=panel))
    totals = shares.group_by("target", "horizon", "model_id").agg(pl.col("share").sum(), pl.col("n").sum())
    assert totals["share"].to_numpy() == pytest.approx(1.0)
