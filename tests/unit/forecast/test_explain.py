import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import OWN, MarkFit, MarkStructure, fit_mark
from sixparty.forecast import (
    MODEL_ID,
    Standpoint,
    base_count,
    base_rate,
    condition_panel,
    explain_base_rate,
    explain_change,
    feeding_marks,
    issue_forecasts,
    mark_data,
    simulate_panel,
)
from sixparty.forecast.predictive import CountPredictive
from sixparty.tension.panel import CountPanel

KEY = Key.from_seed(3)
TESTS, FIRE = "weapons_test_days", "border_kinetic"
SEASONAL = MarkStructure(level="walk", links=(OWN,), exposures=("scheduled", "responsive", "moratorium"), season=True)


@pytest.fixture(scope="module")
def seasonal(panel: CountPanel, fits: dict[str, MarkFit]) -> dict[str, MarkFit]:
    """Fits in which the model of tests reads all that a model can read; drills multiply its rate by three."""
    fit = fit_mark(KEY, mark_data(panel, TESTS, structure=SEASONAL), structure=SEASONAL, draws=200)
    draws = fit.draws.copy()
    draws[:, fit.parameter_names.index("effect:scheduled")] = math.log(3.0)
    return {**fits, TESTS: replace(fit, draws=draws)}


@pytest.fixture(scope="module")
def today(panel: CountPanel) -> CountPanel:
    """The panel with a week of five test days at its end."""
    counts = panel.counts.copy()
    counts[-1, 0] = 5
    return replace(panel, counts=counts)


def ahead(panel: CountPanel, drills: slice = slice(0, 0)) -> np.ndarray:
    exposures = np.zeros((56, *panel.exposures.shape[1:]))
    exposures[drills, :, 0] = 1.0
    return exposures


def states(panel: CountPanel, fits: dict[str, MarkFit], *ends: int):
    return condition_panel(KEY, panel, fits=fits, ends=ends)


def explained(today: CountPanel, fits: dict[str, MarkFit], *, target: str = TESTS, horizon: int = 13, **changed):
    """The change of the last week, or what it is with some inputs replaced."""
    weeks = len(today.period_ends)
    before = today.until(today.period_ends[-2].item())
    revised, state = states(today, fits, weeks - 1, weeks)
    covered = today.covered.copy()
    covered[-1] = False
    (unseen,) = states(replace(today, covered=covered), fits, weeks)
    inputs = {
        "old": Standpoint(before, ahead(today, slice(5, 8)), revised),
        "new": Standpoint(today, ahead(today, slice(4, 7)), state),
        "revised": revised,
        "unseen": unseen,
    }
    return explain_change(KEY, target, fits=fits, horizon=horizon, futures=1000, **(inputs | changed))


def sizes(change, figure: str = "chance") -> dict[str, float]:
    return {part.name: getattr(part, figure) for part in change.parts}


@pytest.mark.parametrize("horizon", [1, 13, 52])
def test_the_parts_add_up_to_the_change(today, seasonal, horizon):
    change = explained(today, seasonal, horizon=horizon)
    assert change.old_chance + sum(sizes(change).values()) == pytest.approx(change.new_chance, abs=1e-9)
    assert change.old_mean + sum(sizes(change, "mean").values()) == pytest.approx(change.new_mean, abs=1e-9)


def test_both_ends_are_the_figures_that_are_issued(today, seasonal):
    change = explained(today, seasonal)
    for panel, exposures, chance, mean in (
        (today.until(today.period_ends[-2].item()), ahead(today, slice(5, 8)), change.old_chance, change.old_mean),
        (today, ahead(today, slice(4, 7)), change.new_chance, change.new_mean),
    ):
        day = panel.period_ends[-1].item()
        issued = issue_forecasts(
            KEY,
            panel,
            fits=seasonal,
            exposures=exposures,
            reference_date=day,
            as_of=day,
            leader_since=dt.date(2018, 1, 1),
            draws=1000,
        )
        law = issued.predictive[MODEL_ID, TESTS, 13]
        assert (chance, mean) == pytest.approx((law.at_least(1), law.mean), abs=1e-8)


def test_a_week_with_many_tests_moves_the_forecast_by_excitation_and_drift(today, seasonal):
    change = explained(today, seasonal, horizon=4)
    parts = sizes(change)
    assert parts["excitation"] > 0.01
    assert parts["counts"] > 0.01
    assert parts["record"] == 0
    assert parts["last_year"] > 0


def test_what_the_model_does_not_read_has_no_part(today, fits):
    change = explained(today, fits, target=FIRE)
    unread = {part.name for part in change.parts if not part.is_read}
    assert unread == {"season", "drills", "status", "excitation", "last_year"}
    assert all(part.chance == part.mean == part.chance_error == 0 for part in change.parts if not part.is_read)


def test_a_drill_that_was_announced_moves_drills_alone(today, seasonal):
    weeks = len(today.period_ends)
    (state,) = states(today, seasonal, weeks)
    same = {"old": Standpoint(today, ahead(today), state), "revised": state, "unseen": state}
    change = explained(today, seasonal, **same, new=Standpoint(today, ahead(today, slice(0, 4)), state))
    parts = sizes(change, "mean")
    assert parts.pop("drills") > 0.3
    assert set(parts.values()) == {0.0}


def test_a_moratorium_moves_status_alone(today, seasonal):
    (state,) = states(today, seasonal, len(today.period_ends))
    declared = ahead(today)
    declared[:, :, 3] = 1.0
    same = {"old": Standpoint(today, ahead(today), state), "revised": state, "unseen": state}
    parts = sizes(explained(today, seasonal, **same, new=Standpoint(today, declared, state)), "mean")
    assert parts.pop("status") != 0
    assert set(parts.values()) == {0.0}


def test_a_memory_alone_moves_excitation_alone(today, seasonal):
    (state,) = states(today, seasonal, len(today.period_ends))
    full = {mark: replace(each, memory=each.memory + 2.0) for mark, each in state.items()}
    standing = Standpoint(today, ahead(today), state)
    same = {"old": standing, "revised": state, "unseen": state}
    parts = sizes(explained(today, seasonal, **same, new=replace(standing, state=full)))
    assert parts.pop("excitation") > 0
    assert set(parts.values()) == {0.0}


def test_late_rows_move_the_record(today, seasonal, panel):
    """The old record lacked the tests of two weeks ago, which today's holds."""
    counts = today.counts.copy()
    counts[-2, 0] = 6
    late = replace(today, counts=counts)
    weeks = len(late.period_ends)
    revised, state = states(late, seasonal, weeks - 1, weeks)
    before = today.until(today.period_ends[-2].item())
    (known,) = states(before, seasonal, weeks - 1)
    change = explained(
        today,
        seasonal,
        old=Standpoint(before, ahead(today), known),
        new=Standpoint(late, ahead(today), state),
        revised=revised,
    )
    assert sizes(change, "mean")["record"] > 0.2
    assert change.old_mean + sum(sizes(change, "mean").values()) == pytest.approx(change.new_mean, abs=1e-9)


def test_the_record_and_the_last_year_are_what_the_pool_says(today, seasonal):
    """Of the issued change the model has seven tenths, the one-year rate three."""
    change = explained(today, seasonal)
    (state,) = states(today, seasonal, len(today.period_ends))
    alone = simulate_panel(
        KEY, today, fits=seasonal, exposures=ahead(today, slice(4, 7)), periods=13, futures=1000, state=state
    )
    law = CountPredictive.from_draws(alone.counts[:, :, 0].sum(axis=1, dtype=np.int64))
    assert change.model_mean == pytest.approx(law.mean, abs=1e-9)
    assert change.new_mean != pytest.approx(law.mean, abs=1e-3)


def test_a_round_that_said_something_else_shows_as_the_parameters(today, seasonal):
    change = explained(today, seasonal).since_said(0.5, 2.0)
    assert (change.old_chance, change.old_mean) == (0.5, 2.0)
    assert change.parts[0].name == "fit"
    assert change.parts[0].chance_error > 0
    assert 0.5 + sum(sizes(change).values()) == pytest.approx(change.new_chance, abs=1e-9)


def test_marks_that_feed_a_target_are_found_through_others(fits):
    chained = {
        "a": replace(fits[FIRE], structure=MarkStructure(links=(OWN, "b"))),
        "b": replace(fits[FIRE], structure=MarkStructure(links=("c",))),
        "c": replace(fits[FIRE], structure=MarkStructure(links=())),
        "d": replace(fits[FIRE], structure=MarkStructure(links=("a",))),
    }
    assert feeding_marks(chained, "a") == ("a", "b", "c")
    assert feeding_marks(chained, "c") == ("c",)
    with pytest.raises(UsageError, match="target must be one of a, b, c, d, got 'e'"):
        feeding_marks(chained, "e")


@pytest.mark.parametrize(("target", "rate"), [("nuclear_test", base_rate), ("grey_zone_days", base_count)])
def test_the_parts_of_a_base_rate_add_up_and_its_ends_are_the_closed_form(target, rate):
    counts = np.zeros(400, dtype=np.int64)
    counts[[20, 90, 91, 92, 300]] = [1, 3, 2, 2, 1]
    new = np.append(counts, [0, 2])
    late = counts.copy()
    late[398] = 1
    change = explain_base_rate(target, horizon=13, old=counts, revised=late, new=np.append(late, [0, 2]))
    assert change.old_chance == pytest.approx(rate(counts, 13).probability, abs=1e-9)
    assert change.new_chance == pytest.approx(rate(np.append(late, [0, 2]), 13).probability, abs=1e-9)
    assert change.old_chance + sum(sizes(change).values()) == pytest.approx(change.new_chance, abs=1e-12)
    assert change.old_mean + sum(sizes(change, "mean").values()) == pytest.approx(change.new_mean, abs=1e-12)
    parts = sizes(change)
    assert parts["record"] > 0
    assert parts["weeks"] < 0 < parts["episodes"]
    assert sizes(explain_base_rate(target, horizon=13, old=counts, revised=counts, new=new))["record"] == 0


def test_quiet_weeks_lower_a_base_rate_by_the_weeks_alone():
    counts = np.zeros(400, dtype=np.int64)
    counts[7] = 1
    change = explain_base_rate("nuclear_test", horizon=13, old=counts, revised=counts, new=np.append(counts, 0))
    parts = sizes(change)
    assert parts["episodes"] == parts["record"] == parts["clustering"] == 0
    assert parts["weeks"] < 0
    assert not change.parts[-1].is_read
