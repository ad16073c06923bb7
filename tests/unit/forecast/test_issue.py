import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import DateRefused, UsageError
from sixparty.excitation import MarkFit
from sixparty.forecast import (
    BASE_RATE_ID,
    CLIMATOLOGY_ID,
    MODEL_ID,
    NB12_ID,
    NB36_ID,
    IssuedForecasts,
    check_hub_table,
    issue_forecasts,
    read_forecasts,
    write_forecasts,
)
from sixparty.forecast.issue import chance_range
from sixparty.periods import HORIZONS
from sixparty.tension.panel import CountPanel

SATURDAY = dt.date(2024, 6, 29)
MODELLED = ("weapons_test_days", "border_kinetic")

Issue = Callable[..., IssuedForecasts]


@pytest.fixture(scope="module")
def issue(panel: CountPanel, fits: dict[str, MarkFit]) -> Issue:
    def issued(
        *, seed: int = 3, day: dt.date = SATURDAY, draws: int = 2000, workers: int = 1, weeks: int = 52
    ) -> IssuedForecasts:
        return issue_forecasts(
            Key.from_seed(seed),
            panel,
            fits=fits,
            exposures=np.zeros((weeks, *panel.exposures.shape[1:])),
            reference_date=day,
            as_of=day,
            leader_since=dt.date(2018, 1, 1),
            draws=draws,
            workers=workers,
        )

    return issued


@pytest.fixture(scope="module")
def issued(issue: Issue) -> IssuedForecasts:
    return issue()


def test_the_issued_table_is_in_hub_layout(issued: IssuedForecasts):
    assert check_hub_table(issued.table).is_empty()


def test_every_target_stands_beside_its_reference_models(issued: IssuedForecasts):
    expected = {(model, target) for model in (MODEL_ID, NB36_ID, NB12_ID, CLIMATOLOGY_ID) for target in MODELLED}
    assert {cell[:2] for cell in issued.predictive} == expected | {(BASE_RATE_ID, "nuclear_test")}


def test_the_chance_of_at_least_one_never_falls_with_a_longer_window(issued: IssuedForecasts):
    for model, target in {cell[:2] for cell in issued.predictive}:
        chances = [issued.predictive[model, target, weeks].at_least(1) for weeks in HORIZONS]
        assert chances == sorted(chances)


def test_the_range_across_draws_holds_the_chance(issued: IssuedForecasts):
    for cell, (low, high) in issued.at_least_one_range.items():
        assert 0 <= low <= issued.predictive[cell].at_least(1) <= high <= 1


def test_the_model_expects_about_the_pace_of_a_steady_record(issued: IssuedForecasts):
    assert issued.predictive[MODEL_ID, "weapons_test_days", 13].mean == pytest.approx(13 * 0.35, rel=0.5)


def test_base_rates_say_how_many_episodes_they_rest_on(issued: IssuedForecasts, panel: CountPanel):
    recent = panel.period_ends > np.datetime64("2018-01-01")
    assert issued.episodes == {"nuclear_test": int(panel.counts[recent, 2].sum())}


def test_the_same_key_issues_the_same_forecasts_with_any_number_of_workers(issued: IssuedForecasts, issue: Issue):
    assert issue(workers=2).table.equals(issued.table)
    assert not issue(seed=4).table.equals(issued.table)


def test_issued_forecasts_are_archived_and_read_again(issued: IssuedForecasts, issue: Issue, tmp_path: Path):
    assert len(write_forecasts(tmp_path, issued.table)) == 5
    assert write_forecasts(tmp_path, issue().table)
    assert len(read_forecasts(tmp_path)) == len(issued.table)


def test_futures_are_taken_up_to_a_whole_number_for_each_draw(issue: Issue):
    assert issue(draws=250).futures.counts.shape == (400, 52, 2)


def test_a_panel_that_ends_on_another_day_is_refused(issue: Issue):
    with pytest.raises(DateRefused, match="must end on the reference date 2024-06-22"):
        issue(day=dt.date(2024, 6, 22))


def test_exposures_that_end_early_are_refused(issue: Issue):
    with pytest.raises(UsageError, match="must cover 52 periods"):
        issue(weeks=51)


def test_the_range_does_not_count_the_noise_of_few_futures():
    happens = np.random.default_rng(1).random((20, 4000)) < 0.3
    low, high = chance_range(happens)
    assert high - low < 0.05


def test_the_range_shows_what_the_draws_disagree_about():
    chance = np.random.default_rng(2).beta(4, 4, 4000)
    low, high = chance_range(np.random.default_rng(3).random((20, 4000)) < chance)
    assert (low, high) == pytest.approx(tuple(np.quantile(chance, [0.1, 0.9])), abs=0.03)
