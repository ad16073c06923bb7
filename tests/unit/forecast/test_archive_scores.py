import datetime as dt
import math

import polars as pl
import pytest

from sixparty.compute import Key
from sixparty.errors import ModelRefused
from sixparty.forecast.archive_scores import (
    LEAST_WRITTEN,
    archive_differences,
    archive_means,
    first_answers,
    scored_archive,
    written_laws,
)
from sixparty.forecast.hub import HUB_SCHEMA, hub_rows
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.scores import crps, log_score

KEY = Key.from_seed(1)
SATURDAY = dt.date(2015, 1, 3)
WEEK = dt.timedelta(weeks=1)


def said(
    pmf: dict[str, float],
    *,
    model_id: str = "desk-kim",
    target: str = "us_prk_talks",
    horizon: int = 1,
    day: dt.date = SATURDAY,
    kind: str = "issued",
    place: int = 0,
) -> pl.DataFrame:
    end = day + horizon * WEEK
    rows = [(day, horizon, target, end, "pmf", name, value, model_id, day) for name, value in pmf.items()]
    return pl.DataFrame(rows, schema=dict(HUB_SCHEMA), orient="row").with_columns(
        kind=pl.lit(kind), place=pl.lit(place)
    )


def came(
    count: int | None,
    *,
    target: str = "us_prk_talks",
    horizon: int = 1,
    day: dt.date = SATURDAY,
    state: str = "resolved",
) -> pl.DataFrame:
    row = (target, horizon, day, day + horizon * WEEK, state, count, count is not None, "")
    columns = ["target", "horizon", "reference_date", "closes", "state", "observed", "is_final", "reason"]
    return pl.DataFrame([row], schema=columns, orient="row", schema_overrides={"observed": pl.Int64})


def scored(forecasts: pl.DataFrame, *outcomes: pl.DataFrame) -> pl.DataFrame:
    return scored_archive(KEY, written_laws(forecasts), pl.concat(outcomes))


WHOLE = {"0": 0.5, "1": 0.2, "2": 0.1, "3": 0.1, "4": 0.04, "5": 0.03, "6": 0.02, "7+": 0.01}


def test_a_fixed_pmf_has_the_scores_of_the_hand():
    (row,) = scored(said(WHOLE), came(2)).to_dicts()
    cumulative = [0.5, 0.7, 0.8, 0.9, 0.94, 0.97, 0.99, 1.0]
    by_hand = sum((value - (count >= 2)) ** 2 for count, value in enumerate(cumulative))
    assert row["log_score"] == pytest.approx(-math.log(0.1))
    assert row["crps"] == pytest.approx(by_hand)
    assert row["brier"] == pytest.approx((0.5 - 1) ** 2)
    assert row["chance"] == pytest.approx(0.5)
    assert 0.7 <= row["pit"] <= 0.8


def test_a_count_of_k_or_more_is_scored_by_the_last_category():
    seven, twelve = (scored(said(WHOLE), came(count)).to_dicts()[0] for count in (7, 12))
    assert seven["log_score"] == twelve["log_score"] == pytest.approx(-math.log(0.01))
    assert seven["crps"] == twelve["crps"]
    assert twelve["observed"] == 12


def test_a_finer_law_is_scored_in_the_same_categories():
    finer = {name: value for name, value in WHOLE.items() if name != "7+"} | {"7": 0.006, "8": 0.003, "9+": 0.001}
    one, other = (scored(said(pmf), came(9)).to_dicts()[0] for pmf in (WHOLE, finer))
    assert one["log_score"] == pytest.approx(other["log_score"])
    assert one["crps"] == pytest.approx(other["crps"])


def test_scores_of_our_own_hub_rows_are_those_of_the_law_behind_them():
    law = CountPredictive.negative_binomial(2.0, 1.5)
    rows = hub_rows(
        law, "ballistic_days", horizon=13, reference_date=SATURDAY, model_id="sixparty-level", as_of=SATURDAY
    ).with_columns(kind=pl.lit("issued"), place=pl.lit(0))
    (row,) = scored(rows, came(5, target="ballistic_days", horizon=13)).to_dicts()
    assert row["log_score"] == pytest.approx(log_score(law, 5), abs=1e-6)
    assert row["crps"] == pytest.approx(crps(law, 5), abs=1e-6)


def test_a_probability_that_was_written_as_zero_counts_as_what_rounding_can_hide():
    pmf = WHOLE | {"6": 0.0, "7+": 0.03}
    (row,) = scored(said(pmf), came(6)).to_dicts()
    assert row["log_score"] == pytest.approx(-math.log(LEAST_WRITTEN))


@pytest.mark.parametrize("pmf", [{"0": 0.8, "1+": 0.2}, {"0": 0.8, "1": 0.15, "2+": 0.05}])
def test_a_mere_chance_of_a_count_has_a_brier_score_alone(pmf):
    (row,) = scored(said(pmf), came(3)).to_dicts()
    assert row["law"] == "chance"
    assert row["brier"] == pytest.approx(0.64)
    assert {row[name] for name in ("log_score", "crps", "pit")} == {None}


def test_a_question_of_yes_or_no_has_every_score():
    forecast = said({"0": 0.9, "1+": 0.1}, target="nuclear_test")
    (row,) = scored(forecast, came(1, target="nuclear_test")).to_dicts()
    assert row["law"] == "full"
    assert row["log_score"] == pytest.approx(-math.log(0.1))
    assert row["brier"] == pytest.approx(0.81)
    assert row["crps"] == pytest.approx(0.81)


@pytest.mark.parametrize("state", ["open", "void"])
def test_an_open_or_void_question_is_scored_for_nobody(state):
    assert scored(said(WHOLE), came(None, state=state)).is_empty()


def test_of_two_answers_to_one_question_the_first_entered_counts():
    both = pl.concat([said({"0": 0.2, "1+": 0.8}, place=4), said({"0": 0.6, "1+": 0.4}, place=2)])
    assert first_answers(both)["value"].to_list() == [0.6, 0.4]


def test_kinds_and_laws_are_never_in_one_mean():
    days = [SATURDAY + week * WEEK for week in range(4)]
    kinds = ("issued", "made_late", "backfilled", "after_seeing")
    whole = [said(WHOLE, day=day, kind=kind) for day, kind in zip(days, kinds, strict=True)]
    mere = [said({"0": 0.8, "1+": 0.2}, day=days[0] - WEEK)]
    outcomes = [came(0, day=day) for day in [days[0] - WEEK, *days]]
    means = archive_means(scored(pl.concat(whole + mere), *outcomes))
    assert means.select("kind", "law", "n").sort("kind", "law").rows() == [
        ("after_seeing", "full", 1),
        ("backfilled", "full", 1),
        ("issued", "chance", 1),
        ("issued", "full", 1),
        ("made_late", "full", 1),
    ]


def test_means_are_those_of_the_scores_and_no_more():
    forecasts = pl.concat([said(WHOLE, day=SATURDAY), said(WHOLE, day=SATURDAY + WEEK)])
    (row,) = archive_means(scored(forecasts, came(0), came(3, day=SATURDAY + WEEK))).to_dicts()
    assert row["n"] == 2
    assert row["log_score"] == pytest.approx(-(math.log(0.5) + math.log(0.1)) / 2)
    assert row["brier"] == pytest.approx(0.25)
    assert 0 <= row["pit_coverage_90"] <= 1


def pairs(number: int, *, plain_kind: str = "issued", own_kind: str = "issued") -> pl.DataFrame:
    flat = dict.fromkeys(WHOLE, 0.125)
    forecasts, outcomes = [], []
    for week in range(number):
        day = SATURDAY + week * WEEK
        forecasts += [said(flat, model_id="plain-nb12", day=day, kind=plain_kind), said(WHOLE, day=day, kind=own_kind)]
        outcomes.append(came(week % 2, day=day))
    return scored(pl.concat(forecasts), *outcomes)


def test_a_difference_is_given_against_the_plain_rate_and_an_interval_once_five_blocks_are_full():
    few = archive_differences(KEY, pairs(64)).filter(pl.col("score") == "log_score").to_dicts()
    many = archive_differences(KEY, pairs(66)).filter(pl.col("score") == "log_score").to_dicts()
    for (row,) in (few, many):
        assert (row["model_id"], row["rival_id"]) == ("desk-kim", "plain-nb12")
        assert row["difference"] == pytest.approx((math.log(0.125 / 0.5) + math.log(0.125 / 0.2)) / 2)
    assert few[0]["low"] is None
    assert many[0]["low"] <= many[0]["difference"] <= many[0]["high"]


def test_rounds_of_another_kind_are_no_rival_but_for_figures_entered_after_seeing():
    assert archive_differences(KEY, pairs(3, plain_kind="backfilled")).is_empty()
    beside = archive_differences(KEY, pairs(3, plain_kind="made_late", own_kind="after_seeing"))
    assert set(beside["kind"]) == {"after_seeing"}
    assert set(beside["n"]) == {3}


def test_of_a_mere_chance_the_brier_score_alone_is_compared():
    forecasts = pl.concat([said(WHOLE, model_id="plain-nb12"), said({"0": 0.8, "1+": 0.2})])
    (row,) = archive_differences(KEY, scored(forecasts, came(0))).to_dicts()
    assert (row["law"], row["score"]) == ("chance", "brier")
    assert row["difference"] == pytest.approx(0.04 - 0.25)


def test_a_score_that_is_not_finite_stops_everything():
    with pytest.raises(ModelRefused, match="crps must be finite, got nan for desk-kim, us_prk_talks, 1 weeks"):
        scored(said(WHOLE | {"3": math.nan}), came(0))
