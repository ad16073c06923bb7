import datetime as dt

import numpy as np
import polars as pl
import pytest

from sixparty.errors import DateRefused, UsageError
from sixparty.forecast.hub import HUB_SCHEMA, QUANTILE_LEVELS, check_hub_table, hub_rows
from sixparty.forecast.predictive import CountPredictive

SATURDAY = dt.date(2024, 6, 29)


def table(target: str = "weapons_test_days", *, mean: float = 3.0, as_of: dt.date = SATURDAY) -> pl.DataFrame:
    predictive = CountPredictive.negative_binomial(mean, 2.0)
    return hub_rows(predictive, target, horizon=13, reference_date=SATURDAY, model_id="sixparty-level", as_of=as_of)


def test_a_forecast_has_exactly_the_hub_columns():
    assert table().schema == pl.Schema(dict(HUB_SCHEMA))


def test_a_count_forecast_has_categories_quantiles_and_a_mean():
    kinds = dict(table().group_by("output_type").len().iter_rows())
    assert kinds == {"pmf": 41, "quantile": len(QUANTILE_LEVELS), "mean": 1}
    assert len(QUANTILE_LEVELS) == 23


def test_a_binary_forecast_has_two_categories_alone():
    rows = table("nuclear_test", mean=0.1)
    assert rows["output_type_id"].to_list() == ["0", "1+"]
    assert rows["value"].sum() == pytest.approx(1)


def test_the_window_closes_on_the_saturday_at_its_end():
    assert set(table()["target_end_date"]) == {dt.date(2024, 9, 28)}


def test_a_table_of_ours_has_no_failing_row():
    assert check_hub_table(pl.concat([table(), table("nuclear_test")])).is_empty()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (pl.lit("summits").alias("target"), "target is not one of ours"),
        (pl.lit(5, dtype=pl.Int64).alias("horizon"), "horizon is not a forecast window"),
        (pl.lit(dt.date(2024, 6, 28)).alias("reference_date"), "reference_date is no Saturday"),
        (pl.lit(dt.date(2024, 9, 27)).alias("target_end_date"), "target_end_date does not close the window"),
        (pl.lit(dt.date(2024, 6, 22)).alias("as_of"), "as_of lies before reference_date"),
        (pl.lit("sample").alias("output_type"), "output_type is not pmf, quantile or mean"),
        (pl.lit("level").alias("model_id"), "model_id is not team-model"),
        (pl.lit(-1.0).alias("value"), "value is no finite number of 0 or more"),
        (pl.lit(None, dtype=pl.Float64).alias("value"), "a cell is empty"),
        ((pl.col("value") / 2).alias("value"), "pmf does not add up to 1"),
    ],
)
def test_a_broken_row_is_returned_with_its_fault(change: pl.Expr, fault: str):
    assert fault in set(check_hub_table(table().with_columns(change))["fault"])


def test_crossing_quantiles_are_returned():
    crossed = table().with_columns(
        value=pl.when((pl.col("output_type") == "quantile") & (pl.col("output_type_id") == "0.99"))
        .then(0.0)
        .otherwise(pl.col("value"))
    )
    assert check_hub_table(crossed)["fault"].to_list() == ["quantile falls as its level rises"]


def test_the_same_forecast_twice_is_returned():
    assert "the same forecast stands twice" in set(check_hub_table(pl.concat([table(), table()]))["fault"])


def test_wrong_columns_are_said():
    assert "columns must be" in check_hub_table(table().drop("as_of"))["fault"][0]


def test_a_reference_date_on_a_weekday_is_refused():
    predictive = CountPredictive.negative_binomial(1.0, np.inf)
    day = dt.date(2024, 6, 28)
    with pytest.raises(DateRefused, match="Use 2024-06-22"):
        hub_rows(predictive, "icbm_launch", horizon=4, reference_date=day, model_id="a-b", as_of=day)


def test_a_horizon_of_five_weeks_is_refused():
    predictive = CountPredictive.negative_binomial(1.0, np.inf)
    with pytest.raises(UsageError, match="got 5"):
        hub_rows(predictive, "icbm_launch", horizon=5, reference_date=SATURDAY, model_id="a-b", as_of=SATURDAY)
