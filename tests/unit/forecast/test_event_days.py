"""The days behind weekly counts, on their way from the record to the one rival that reads them."""

import datetime as dt

import numpy as np
import pytest

from sixparty.compute import Key
from sixparty.forecast.backtest import Origin
from sixparty.forecast.reference import RIVALS, History
from sixparty.forecast.reference.hawkes import event_times
from sixparty.forecast.targets import TARGETS
from sixparty.tension.panel import CountPanel, count_panel

END, LEADER = dt.date(2016, 12, 31), dt.date(2011, 12, 17)
ENDS = np.datetime64("2016-12-31") - 7 * np.arange(300)[::-1]


@pytest.fixture(scope="module")
def panel(chronicle) -> CountPanel:
    return count_panel(chronicle, end=END)


def history(panel: CountPanel, target: str) -> History:
    exposures = np.zeros((52, len(panel.marks), len(panel.exposure_names)))
    return Origin(END, panel, exposures, LEADER).history(TARGETS[target])


def test_the_days_of_a_panel_are_those_that_it_counts(panel: CountPanel):
    for mark, days in zip(panel.marks, panel.event_days, strict=True):
        weeks = np.searchsorted(panel.period_ends, days)
        counted = np.bincount(weeks, minlength=len(panel.period_ends))
        assert np.array_equal(counted, panel.counts[:, panel.column(mark)])
        assert (np.diff(days) >= np.timedelta64(0, "D")).all()


def test_a_panel_that_is_cut_holds_no_later_day(panel: CountPanel):
    cut = panel.until(dt.date(2010, 12, 25))
    assert sum(len(days) for days in cut.event_days) == cut.counts.sum()
    assert max(days.max() for days in cut.event_days if len(days)) <= np.datetime64("2010-12-25")


@pytest.mark.parametrize("target", ["weapons_test_days", "inter_korean_talks", "unsc_resolution"])
def test_a_history_holds_the_days_of_its_covered_weeks(panel: CountPanel, target: str):
    past = history(panel, target)
    assert len(past.event_days) == past.counts.sum()
    seen = event_times(past)
    assert seen.numbers.sum() == past.counts.sum()
    assert seen.until == 7 * len(past.counts)


def test_meetings_that_begin_on_one_day_stand_at_one_time(panel: CountPanel):
    seen = event_times(history(panel, "inter_korean_talks"))
    assert seen.numbers.max() > 1
    assert (seen.times % 1 == 0.5).all()


def test_where_only_counts_are_known_an_event_stands_on_the_wednesday_of_its_week():
    past = History(np.array([0, 2, 1]), ENDS[:3], LEADER)
    assert past.event_days.tolist() == [(ENDS[1] - 3).item()] * 2 + [(ENDS[2] - 3).item()]
    assert past.event_days[0].item().weekday() == 2
    assert event_times(past).numbers.tolist() == [2, 1]


def test_silence_since_the_last_event_lowers_the_forecast_of_the_process():
    """One fit serves both origins, which lie in one quarter: the second has seen ten silent weeks more."""
    counts = np.zeros(300, dtype=np.int64)
    counts[[40, 41, 43, 100, 101, 102, 104, 200, 201, 203, 283, 284, 286, 287]] = 1
    early, late = (History(counts[:end], ENDS[:end], LEADER) for end in (288, 298))
    said = RIVALS["plain-hawkes"].forecast(Key.from_seed(2), [early, late])
    assert said[1][4].mean < 0.7 * said[0][4].mean
    assert said[1][4].at_least(1) < said[0][4].at_least(1)
