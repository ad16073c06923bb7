import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import MarkFit, SimulatedFutures
from sixparty.forecast import (
    LAST_YEAR_SHARE,
    MODEL_ID,
    change_from_values,
    forecast_changes,
    issue_forecasts,
    shapley_parts,
    simulate_panel,
)
from sixparty.forecast.reference.nb12 import nb12
from sixparty.tension.panel import CountPanel


def futures(weekly: list[list[int]]) -> SimulatedFutures:
    counts = np.array(weekly)[:, :, None]
    return SimulatedFutures(counts, np.zeros((*counts.shape[:2], 0), dtype=bool), ("border_kinetic",), ())


QUIET = futures([[0, 0, 0]] * 3 + [[0, 0, 1]])
LOUD = futures([[1, 0, 0]] * 2 + [[0, 0, 1]] * 2)


def test_parts_add_up_to_the_change():
    change = change_from_values(0.11, revised=0.125, rolled=0.12, new=0.15)
    assert change.old + sum(size for _, size in change.parts) == pytest.approx(change.new)
    assert [name for name, _ in change.parts] == ["record", "calendar", "news"]


def test_a_record_that_was_not_revised_has_no_part():
    change = forecast_changes(QUIET, LOUD, revised=QUIET, horizons=[2])["border_kinetic", 2]
    assert change.record == 0
    assert change.calendar == pytest.approx(0.25, abs=0.1)
    assert change.news == pytest.approx(0.25, abs=0.1)


def test_late_rows_show_as_record():
    change = forecast_changes(QUIET, LOUD, revised=LOUD, horizons=[2])["border_kinetic", 2]
    assert change.record == pytest.approx(0.5, abs=0.2)
    assert change.calendar == pytest.approx(0, abs=0.1)


def test_revised_futures_that_end_with_the_horizon_are_refused():
    with pytest.raises(UsageError, match="must reach 4 weeks, got 3"):
        forecast_changes(QUIET, QUIET, revised=QUIET, horizons=[3])


def test_a_week_with_many_tests_raises_the_forecast_as_news(panel: CountPanel, fits: dict[str, MarkFit]):
    """The new forecast is the figure that is issued, and the parts lead to it from the old one."""
    key, counts = Key.from_seed(3), panel.counts.copy()
    counts[-1, 0] = 6
    today = replace(panel, counts=counts)
    week_ago = panel.until(panel.period_ends[-2].item())
    none = np.zeros((53, *panel.exposures.shape[1:]))
    before = simulate_panel(key, week_ago, fits=fits, exposures=none, periods=53, futures=2000)
    day = dt.date(2024, 6, 29)
    issued = issue_forecasts(
        key,
        today,
        fits=fits,
        exposures=none,
        reference_date=day,
        as_of=day,
        leader_since=dt.date(2018, 1, 1),
        draws=2000,
    )
    change = forecast_changes(before, issued.futures, revised=before, horizons=[4])["weapons_test_days", 4]
    share, law = LAST_YEAR_SHARE["weapons_test_days"], issued.predictive[MODEL_ID, "weapons_test_days", 4]
    pooled = (1 - share) * change.new + share * nb12(today.counts[:, 0], 4).at_least(1)
    assert pooled == pytest.approx(law.at_least(1), abs=1e-9)
    assert change.record == 0
    assert change.news > 0.05
    assert abs(change.calendar) < 0.03


def test_a_switch_in_two_steps_has_a_part_for_each_and_their_sum_is_the_switch():
    worth = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("ab"): 4.0, frozenset("c"): 2.0}
    worth |= {frozenset("ac"): 5.0, frozenset("abc"): 9.0}
    parts = shapley_parts(lambda thrown: np.array(worth[thrown]), [("a", "b"), ("c",)])
    assert {name: float(part) for name, part in parts.items()} == {"a": 2.0, "b": 3.5, "c": 3.5}


def test_each_set_of_steps_is_valued_once():
    asked = []

    def value(thrown: frozenset[str]) -> np.ndarray:
        asked.append(thrown)
        return np.array([len(thrown), 0.0])

    shapley_parts(value, [("a", "b"), ("c",), ("d",)])
    assert len(asked) == len(set(asked)) == 12
