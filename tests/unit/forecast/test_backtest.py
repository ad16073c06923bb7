import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.errors import ModelRefused, UsageError
from sixparty.excitation import OWN, MarkFit, MarkStructure
from sixparty.forecast import TARGET_STRUCTURE, condition_panel
from sixparty.forecast import backtest as module
from sixparty.forecast.backtest import (
    FIRST_ORIGIN,
    LAST_ORIGIN,
    LevelModel,
    Origin,
    block_states,
    is_monthly,
    joined,
    origin_dates,
    packed,
    rival_forecasts,
    unpacked,
)
from sixparty.forecast.reference import RIVALS
from sixparty.forecast.targets import TARGETS
from sixparty.periods import HORIZONS
from sixparty.tension.panel import CountPanel

KEY = Key.from_seed(1)
LEADER = dt.date(2011, 12, 17)
DAYS = tuple(origin_dates(dt.date(2024, 3, 24), dt.date(2024, 4, 21)))
SMALL = LevelModel("sixparty-small", dict(TARGET_STRUCTURE), draws=60, futures=300)


def origin(panel: CountPanel, day: dt.date) -> Origin:
    seen = panel.until(day)
    return Origin(day, seen, np.zeros((52, *seen.exposures.shape[1:])), LEADER)


def origins(panel: CountPanel) -> list[Origin]:
    return [origin(panel, day) for day in DAYS]


def test_there_are_162_monthly_origins_among_701_weeks():
    days = origin_dates(FIRST_ORIGIN, LAST_ORIGIN)
    assert (len(days), sum(map(is_monthly, days))) == (701, 162)
    assert {day.weekday() for day in days} == {5}


def test_an_origin_counts_by_the_day_after_its_reference_date():
    assert origin_dates(dt.date(2018, 12, 1), dt.date(2018, 12, 31))[-1] == dt.date(2018, 12, 29)
    assert origin_dates(dt.date(2019, 1, 1), dt.date(2019, 1, 5)) == []


@pytest.mark.parametrize("model_id", ["plain-nb36", "plain-seasonal", "plain-ingarch"])
def test_what_comes_later_changes_no_rivals_forecast(panel: CountPanel, model_id: str):
    later = replace(panel, counts=np.where(panel.period_ends[:, None] > np.datetime64(DAYS[1]), 9, panel.counts))
    said = [
        rival_forecasts(KEY, RIVALS[model_id], target="weapons_test_days", origins=origins(record)).predictives
        for record in (panel, later)
    ]
    for place in (0, 1):
        assert all(np.array_equal(said[0][place][h].pmf, said[1][place][h].pmf) for h in HORIZONS)
    assert not np.array_equal(said[0][2][52].pmf, said[1][2][52].pmf)


def test_what_comes_later_changes_no_forecast_of_the_level_model(panel: CountPanel):
    later = replace(panel, counts=np.where(panel.period_ends[:, None] > np.datetime64(DAYS[1]), 9, panel.counts))
    said = [SMALL.forecasts(KEY, target="border_kinetic", origins=origins(one)).predictives for one in (panel, later)]
    assert all(np.array_equal(said[0][1][h].pmf, said[1][1][h].pmf) for h in HORIZONS)
    assert not np.array_equal(said[0][2][52].pmf, said[1][2][52].pmf)


def test_the_level_model_is_fitted_once_a_quarter(panel: CountPanel):
    said = SMALL.forecasts(KEY, target="border_kinetic", origins=origins(panel))
    assert [fit.reference_date for fit in said.fits] == [dt.date(2024, 3, 23), dt.date(2024, 4, 6)]
    assert said.reference_dates == DAYS
    assert all(sorted(laws) == list(HORIZONS) for laws in said.predictives)


def test_a_forecast_does_not_depend_on_other_origins_than_the_first_of_the_quarters(panel: CountPanel):
    every = origins(panel)
    some = [every[0], every[2], every[-1]]
    assert some[1].reference_date == dt.date(2024, 4, 6)
    full, part = (SMALL.forecasts(KEY, target="border_kinetic", origins=asked).predictives for asked in (every, some))
    for one, other in zip((full[0], full[2], full[-1]), part, strict=True):
        assert all(np.array_equal(one[horizon].pmf, other[horizon].pmf) for horizon in HORIZONS)


def test_after_a_refused_fit_the_quarter_before_serves_on(panel: CountPanel, monkeypatch: pytest.MonkeyPatch):
    real, calls = module.fit_mark, []

    def refusing(key, data, *, structure, draws, warm_start):
        calls.append(warm_start)
        if warm_start is not None:
            raise ModelRefused("no")
        return real(key, data, structure=structure, draws=draws)

    monkeypatch.setattr(module, "fit_mark", refusing)
    said = SMALL.forecasts(KEY, target="border_kinetic", origins=origins(panel))
    assert [fit.is_stand_in for fit in said.fits] == [False, True]


def test_a_first_fit_that_is_refused_three_times_is_an_error(panel: CountPanel, monkeypatch: pytest.MonkeyPatch):
    keys = []

    def refusing(key, *_, **__):
        keys.append(key)
        raise ModelRefused("no")

    monkeypatch.setattr(module, "fit_mark", refusing)
    with pytest.raises(ModelRefused):
        SMALL.forecasts(KEY, target="border_kinetic", origins=origins(panel))
    assert len(set(keys)) == 3


def test_states_of_a_block_are_those_of_each_origin_alone(panel: CountPanel, fits: dict[str, MarkFit]):
    panels = [panel.until(day) for day in DAYS]
    late = panels[1].counts.copy()
    late[-3] += 2
    panels[1] = replace(panels[1], counts=late)
    together = block_states(KEY, panels, fits=fits)
    for one, state in zip(panels, together, strict=True):
        (alone,) = condition_panel(KEY, one, fits=fits, ends=(len(one.period_ends),))
        for mark in fits:
            assert np.array_equal(alone[mark].level, state[mark].level)
            assert np.array_equal(alone[mark].memory, state[mark].memory)


def test_nothing_is_forecast_before_a_year_of_record(panel: CountPanel):
    covered = panel.covered.copy()
    covered[: len(covered) - 60] = False
    young = replace(panel, covered=covered)
    assert not origin(young, DAYS[0]).is_ready(TARGETS["nuclear_test"])
    assert origin(young, dt.date(2024, 6, 29)).is_ready(TARGETS["nuclear_test"])
    assert rival_forecasts(KEY, RIVALS["plain-nb36"], target="nuclear_test", origins=origins(young)).predictives == ()


def test_a_history_holds_the_covered_weeks_up_to_the_origin(panel: CountPanel):
    covered = panel.covered.copy()
    covered[:100] = False
    past = origin(replace(panel, covered=covered), DAYS[0]).history(TARGETS["nuclear_test"])
    assert len(past.counts) == len(panel.until(DAYS[0]).period_ends) - 100
    assert past.period_ends[-1] == np.datetime64(DAYS[0])
    assert past.is_binary


def test_a_model_needs_the_marks_that_it_is_linked_to():
    linked = MarkStructure(links=(OWN, "border_kinetic"))
    both = LevelModel("a-b", {"weapons_test_days": linked, "border_kinetic": MarkStructure()})
    assert both.marks("weapons_test_days") == ("weapons_test_days", "border_kinetic")
    with pytest.raises(UsageError, match="border_kinetic"):
        LevelModel("a-b", {"weapons_test_days": linked}).marks("weapons_test_days")


def test_kept_forecasts_read_as_they_were_made(panel: CountPanel):
    said = rival_forecasts(KEY, RIVALS["plain-ingarch"], target="weapons_test_days", origins=origins(panel))
    again = unpacked(packed(said), model_id=said.model_id, target=said.target, fits=())
    assert again.reference_dates == said.reference_dates
    for one, other in zip(said.predictives, again.predictives, strict=True):
        for horizon in HORIZONS:
            assert np.array_equal(one[horizon].pmf, other[horizon].pmf)
            assert one[horizon].tail_mass == other[horizon].tail_mass


def test_forecasts_of_no_origin_are_kept_too(panel: CountPanel):
    none = rival_forecasts(KEY, RIVALS["plain-nb36"], target="weapons_test_days", origins=[])
    assert unpacked(packed(none), model_id="plain-nb36", target="weapons_test_days", fits=()) == none


def test_years_are_joined_in_their_order(panel: CountPanel):
    parts = [
        rival_forecasts(KEY, RIVALS[name], target="weapons_test_days", origins=[one])
        for one in origins(panel)
        for name in ("plain-nb36", "plain-nb12")
    ]
    both = joined(parts)
    assert [said.model_id for said in both] == ["plain-nb36", "plain-nb12"]
    assert [said.reference_dates for said in both] == [DAYS, DAYS]
