"""Explaining a forecast from the shipped record, as the command line and a page would."""

import json

import pytest

from sixparty.cli.progress import progress_listener
from sixparty.errors import DateRefused, InputRefused, UsageError
from sixparty.forecast import BASE_RATE_ID, MODEL_ID
from sixparty.service import ExplainSpec, ForecastSpec, explain_forecast, find_home, issue, to_json
from sixparty.service.own import OwnSpec, enter_own

QUIET = progress_listener(quiet=True)
DAY = "2017-09-10"


def asked(home, target: str, **options) -> dict:
    spec = ExplainSpec(target, **({"as_of": DAY} | options))
    return json.loads(to_json(explain_forecast(spec, home=home, progress=QUIET).document()))


def adds_up(change: dict) -> bool:
    return all(
        change[f"old_{figure}"] + sum(part[figure] for part in change["parts"])
        == pytest.approx(change[f"new_{figure}"], abs=1e-9)
        for figure in ("chance", "mean")
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with a round of 2 September 2017, made from few draws."""
    home = find_home(tmp_path_factory.mktemp("home"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sixparty.service.fits.FIT_DRAWS", 200)
        patch.setattr("sixparty.service.forecast.FUTURES", 4000)
        patch.setattr("sixparty.service.explain.FUTURES", 4000)
        issue(ForecastSpec(as_of="2017-09-04"), home=home, progress=QUIET)
        yield home


def test_the_change_since_a_round_in_the_archive_begins_with_what_it_said(home):
    found = asked(home, "weapons_test_days")["result"]
    issued = issue(ForecastSpec(as_of="2017-09-04"), home=home, progress=QUIET).result["summary"]
    row = next(
        row for row in issued if (row["target"], row["horizon"], row["model_id"]) == ("weapons_test_days", 13, MODEL_ID)
    )
    assert found["issued"]["kind"] == "backfilled"
    assert found["change"]["old_chance"] == pytest.approx(row["at_least_one"], abs=1e-4)
    assert found["change"]["parts"][0]["name"] == "fit"
    assert adds_up(found["change"])


def test_the_present_forecast_is_the_one_that_is_issued(home):
    found = asked(home, "inter_korean_talks", horizon=26)["result"]
    issued = issue(ForecastSpec(as_of=DAY), home=home, progress=QUIET).result["summary"]
    row = next(
        row
        for row in issued
        if (row["target"], row["horizon"], row["model_id"]) == ("inter_korean_talks", 26, MODEL_ID)
    )
    assert found["change"]["new_chance"] == pytest.approx(row["at_least_one"], abs=1e-4)
    assert found["change"]["new_mean"] == pytest.approx(row["mean"], abs=1e-3)
    assert sum(source["number"] for source in found["sources"]) == pytest.approx(found["change"]["model_mean"])


def test_without_a_round_of_that_date_the_last_one_is_named(home):
    found = asked(home, "border_kinetic", since="2017-08-19", as_of="2017-09-17")["result"]
    assert found["issued"] is None
    assert found["last_issued"]["reference_date"] < "2017-09-16"
    assert found["since"] == "2017-08-19"
    assert "fit" not in {part["name"] for part in found["change"]["parts"]}
    assert adds_up(found["change"])


def test_a_window_of_a_year_reaches_past_its_end_for_the_observations(home):
    found = asked(home, "us_prk_talks", horizon=52)["result"]
    assert adds_up(found["change"])
    assert {row["subject"] for row in found["observations"]} == {"us_prk_talks"}


def test_a_base_rate_needs_no_model_and_moves_by_its_episodes(tmp_path):
    found = asked(find_home(tmp_path), "nuclear_test")["result"]
    parts = {part["name"]: part["chance"] for part in found["change"]["parts"]}
    assert adds_up(found["change"])
    assert parts["episodes"] > 0 > parts["weeks"]
    assert found["model_id"] == BASE_RATE_ID
    assert [row["kind"] for row in found["observations"]] == ["one", "none"]


def test_an_explanation_shows_our_figures_so_that_own_ones_come_too_late(tmp_path):
    home = find_home(tmp_path)
    asked(home, "nuclear_test", as_of=None)
    with pytest.raises(InputRefused, match="must be entered before ours are shown"):
        enter_own(OwnSpec("nuclear_test", 13, chance=0.1), home=home)


def test_the_same_question_has_the_same_answer(tmp_path):
    one, other = (asked(find_home(tmp_path), "icbm_launch")["result"] for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("spec", "error", "message"),
    [
        (ExplainSpec("war"), UsageError, "target must be one of weapons_test_days"),
        (ExplainSpec("nuclear_test", horizon=12), UsageError, "horizon must be one of 1, 4, 13, 26, 52 weeks, got 12"),
        (ExplainSpec("nuclear_test", since="2025-06-20"), DateRefused, "since must be a Saturday"),
        (ExplainSpec("nuclear_test", since="2025-06-28"), DateRefused, "since must be a Saturday before 2025-06-28"),
        (ExplainSpec("nuclear_test", since="soon"), DateRefused, "since must be a date like"),
        (ExplainSpec("nuclear_test", since="1950-01-07"), DateRefused, "must be"),
        (ExplainSpec("grey_zone_days", as_of=DAY), DateRefused, "the record covers grey_zone_days, got 2017-09-02"),
    ],
)
def test_what_cannot_be_explained_is_refused(tmp_path, spec, error, message):
    with pytest.raises(error, match=message):
        explain_forecast(spec, home=find_home(tmp_path), progress=QUIET)


def test_the_command_repeats_the_question():
    spec = ExplainSpec("border_kinetic", as_of=DAY, since="2017-08-19", horizon=26, seed=4)
    assert spec.command() == (
        "sixparty forecast explain border_kinetic --as-of 2017-09-10 --since 2017-08-19 --horizon 26 --seed 4"
    )
