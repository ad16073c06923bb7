"""Forecasts: targets that resolve, models and reference models in one form, hub files, scores, and what is unusual."""

from sixparty.forecast.archive import read_forecasts, write_forecasts
from sixparty.forecast.backtest import (
    LevelModel,
    Origin,
    PastForecasts,
    is_monthly,
    origin_dates,
    rival_forecasts,
)
from sixparty.forecast.backtest_tables import (
    hub_table,
    left_out_table,
    mean_scores,
    outcomes,
    score_differences,
    scored_forecasts,
)
from sixparty.forecast.calibration import pit_table, reliability_table
from sixparty.forecast.change import ForecastChange, change_from_values, forecast_changes
from sixparty.forecast.expectation import (
    FALSE_ALARM_CHANCE,
    ClassExpectation,
    TailRule,
    class_expectation,
    expected_classes,
    observed_classes,
    tail_rule,
)
from sixparty.forecast.futures import PanelState, condition_panel, simulate_panel
from sixparty.forecast.hub import HUB_SCHEMA, QUANTILE_LEVELS, check_hub_table, hub_rows
from sixparty.forecast.issue import (
    BASE_RATE_ID,
    CLIMATOLOGY_ID,
    MODEL_ID,
    NB12_ID,
    NB36_ID,
    PLAIN_RATE,
    IssuedForecasts,
    issue_forecasts,
)
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference import RIVALS, BaseRate, History, Rival, base_count, base_rate, climatology, nb36
from sixparty.forecast.scores import (
    StackedPredictives,
    block_bootstrap_means,
    brier_score,
    crps,
    is_inside,
    log_score,
    randomised_pit,
)
from sixparty.forecast.signposts import Condition, Signpost, signposts
from sixparty.forecast.structure import TARGET_STRUCTURE, mark_data
from sixparty.forecast.targets import MODELLED_TARGETS, TARGETS, Target, require_target

__all__ = [
    "BASE_RATE_ID",
    "CLIMATOLOGY_ID",
    "FALSE_ALARM_CHANCE",
    "HUB_SCHEMA",
    "MODELLED_TARGETS",
    "MODEL_ID",
    "NB12_ID",
    "NB36_ID",
    "PLAIN_RATE",
    "QUANTILE_LEVELS",
    "RIVALS",
    "TARGETS",
    "TARGET_STRUCTURE",
    "BaseRate",
    "ClassExpectation",
    "Condition",
    "CountPredictive",
    "ForecastChange",
    "History",
    "IssuedForecasts",
    "LevelModel",
    "Origin",
    "PanelState",
    "PastForecasts",
    "Rival",
    "Signpost",
    "StackedPredictives",
    "TailRule",
    "Target",
    "base_count",
    "base_rate",
    "block_bootstrap_means",
    "brier_score",
    "change_from_values",
    "check_hub_table",
    "class_expectation",
    "climatology",
    "condition_panel",
    "crps",
    "expected_classes",
    "forecast_changes",
    "hub_rows",
    "hub_table",
    "is_inside",
    "is_monthly",
    "issue_forecasts",
    "left_out_table",
    "log_score",
    "mark_data",
    "mean_scores",
    "nb36",
    "observed_classes",
    "origin_dates",
    "outcomes",
    "pit_table",
    "randomised_pit",
    "read_forecasts",
    "reliability_table",
    "require_target",
    "rival_forecasts",
    "score_differences",
    "scored_forecasts",
    "signposts",
    "simulate_panel",
    "tail_rule",
    "write_forecasts",
]
