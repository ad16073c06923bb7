"""Which figure comes first, by rule, and the summary of past scores that the rule reads."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from sixparty.compute import Key
from sixparty.errors import InputRefused
from sixparty.forecast.track_record import (
    COLUMNS,
    Comparison,
    Difference,
    comparisons,
    has_skill,
    leading_model,
    our_model,
    track_record_table,
)

OURS, PLAIN, OTHER = "sixparty-level", "plain-nb12", "plain-ingarch"
KEPT_FROM = dt.date(2016, 1, 1)


def difference(mean, *, half=0.05):
    return Difference(mean, mean - half, mean + half, n=80)


def compared(every, kept, *, half=0.05):
    return Comparison(difference(every, half=half), difference(kept, half=half))


def first(**against):
    names = {"plain": PLAIN, "other": OTHER, "third": "plain-climatology"}
    return leading_model({names[name]: one for name, one in against.items()}, ours=OURS, plain_id=PLAIN)


@pytest.mark.parametrize(
    ("mean", "word"), [(-0.2, "better"), (-0.04, "tie"), (0.0, "tie"), (0.04, "tie"), (0.2, "worse")]
)
def test_an_interval_that_holds_zero_is_a_tie(mean, word):
    assert difference(mean).word == word


@pytest.mark.parametrize(
    ("every", "kept", "skill"),
    [(-0.1, -0.1, True), (-0.01, -0.01, True), (-0.1, 0.01, False), (0.01, -0.1, False), (-0.1, 0.0, False)],
)
def test_skill_needs_a_lower_mean_over_all_origins_and_in_the_years_kept_apart(every, kept, skill):
    assert has_skill(compared(every, kept)) is skill


def test_ours_comes_first_where_it_has_skill():
    assert first(plain=compared(-0.1, -0.1), other=compared(-0.2, -0.2)) == OURS


def test_a_lead_that_chance_could_have_made_keeps_ours_first():
    assert first(plain=compared(-0.01, -0.01)) == OURS


def test_the_plain_rate_comes_first_where_ours_has_no_skill_against_it():
    assert first(plain=compared(-0.1, 0.02), other=compared(-0.2, -0.2)) == PLAIN
    assert first(plain=compared(0.02, -0.1)) == PLAIN


def test_a_rival_that_is_clearly_better_comes_first():
    assert first(plain=compared(-0.1, -0.1), other=compared(0.2, 0.1)) == OTHER


def test_a_rival_whose_lead_chance_could_have_made_does_not_come_first():
    assert first(plain=compared(-0.1, -0.1), other=compared(0.04, 0.04)) == OURS


def test_a_rival_that_led_before_but_not_in_the_years_kept_apart_does_not_come_first():
    assert first(plain=compared(-0.1, -0.1), other=compared(0.3, -0.01)) == OURS


def test_of_several_that_are_better_the_best_comes_first():
    assert first(plain=compared(0.3, 0.3), other=compared(0.2, 0.2)) == PLAIN
    assert first(plain=compared(0.1, 0.1), other=compared(0.2, 0.2), third=compared(0.4, 0.4)) == "plain-climatology"


def test_nothing_is_said_without_the_plain_rate_and_a_base_rate_is_its_own():
    assert first(other=compared(0.3, 0.3)) is None
    assert leading_model({OTHER: compared(0.3, 0.3)}, ours="plain-base_rate", plain_id="plain-base_rate") == (
        "plain-base_rate"
    )


def test_ours_is_the_model_or_for_rare_events_the_base_rate():
    assert our_model("ballistic_days") == OURS
    assert our_model("nuclear_test") == "plain-base_rate"


def scored(*, years=range(2012, 2019), target="ballistic_days", models=(OURS, PLAIN, OTHER)):
    """Monthly forecasts of one target over 13 weeks; ours scores 1, each rival .1 more than the one before."""
    days = [dt.date(year, month, 2) for year in years for month in range(1, 13)]
    rows = {
        "reference_date": days,
        "is_monthly": [True] * len(days),
        "target": [target] * len(days),
        "horizon": [13] * len(days),
        "observed": [1] * len(days),
        "chance": [0.5] * len(days),
        "brier": [0.25] * len(days),
        "crps": [0.4] * len(days),
        "pit": list(np.linspace(0.01, 0.99, len(days))),
        "below": [0.2] * len(days),
        "up_to": [0.7] * len(days),
    }
    wave = np.sin(np.arange(len(days)))
    frames = [
        pl.DataFrame(rows).with_columns(model_id=pl.lit(name), log_score=pl.Series(1 + 0.1 * place + 0.2 * wave))
        for place, name in enumerate(models)
    ]
    return pl.concat(frames)


def test_the_summary_gives_our_difference_from_each_rival_in_each_period():
    table = track_record_table(Key.from_seed(1), scored(), kept_from=KEPT_FROM)
    assert table.columns == list(COLUMNS)
    assert table["period"].unique(maintain_order=True).to_list() == ["kept", "all", "without_turn"]
    rows = {(row["period"], row["model_id"]): row for row in table.iter_rows(named=True)}
    assert rows["all", PLAIN]["difference"] == pytest.approx(-0.1)
    assert rows["kept", OTHER]["difference"] == pytest.approx(-0.2)
    assert rows["all", OTHER]["low"] <= rows["all", OTHER]["difference"] <= rows["all", OTHER]["high"]
    assert rows["all", OURS]["difference"] is None
    assert (rows["all", OURS]["n"], rows["kept", OURS]["n"]) == (84, 36)


def test_windows_that_hold_a_day_of_the_turn_are_left_out_of_its_period():
    table = track_record_table(Key.from_seed(1), scored(), kept_from=KEPT_FROM)
    without = table.filter((pl.col("period") == "without_turn") & (pl.col("model_id") == OURS))
    # of 2017 those from January to July close before November
    assert without["n"].to_list() == [5 * 12 + 7]


def test_a_period_without_an_origin_has_no_rows_and_then_nothing_can_be_compared():
    table = track_record_table(Key.from_seed(1), scored())
    assert set(table["period"]) == {"all", "without_turn"}
    assert comparisons(table) == {}


def test_comparisons_hold_what_the_table_says():
    table = track_record_table(Key.from_seed(1), scored(), kept_from=KEPT_FROM)
    found = comparisons(table)["ballistic_days", 13]
    assert set(found) == {PLAIN, OTHER}
    assert found[PLAIN].every.mean == pytest.approx(-0.1)
    assert (found[PLAIN].every.n, found[PLAIN].kept.n) == (84, 36)


def test_a_table_without_our_model_or_without_monthly_origins_is_refused():
    with pytest.raises(InputRefused, match="must be among the models of ballistic_days"):
        track_record_table(Key.from_seed(1), scored(models=(PLAIN, OTHER)))
    with pytest.raises(InputRefused, match="monthly origins"):
        track_record_table(Key.from_seed(1), scored().with_columns(is_monthly=pl.lit(value=False)))
