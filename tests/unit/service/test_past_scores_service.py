"""The track record that ships: read, refused, laid over the forecasts of a brief, and shown."""

import datetime as dt
import json
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from sixparty.compute import Key
from sixparty.errors import FileRefused
from sixparty.forecast import MODEL_ID, PLAIN_RATE, CountPredictive
from sixparty.forecast.reference.seasonal import seasonal
from sixparty.forecast.track_record import COLUMNS
from sixparty.report import ArchivedKind, ForecastCell
from sixparty.service.home import find_home
from sixparty.service.issued_record import archive_standing, issued_record, scores_of_home
from sixparty.service.track_record import (
    ShippedRecord,
    leading_models,
    led_cells,
    past_standing,
    shipped_track_record,
    structures_digest,
)
from sixparty.tension import count_panel

BALLISTIC, TALKS = "ballistic_days", "inter_korean_talks"


def rows(target, horizon, **differences):
    """Rows of both periods: ours scores 1, a rival by how much ours lies above (positive) or below it."""
    names = {"plain": PLAIN_RATE[target], "other": "plain-ingarch", "seasonal": "plain-seasonal"}
    ours = (target, horizon, MODEL_ID, 70, 1.0, 0.5, 0.1, 0.5, 0.9, None, None, None)
    rivals = [
        (target, horizon, names[name], 70, 1.0 - mean, 0.6, 0.2, 0.4, 0.8, mean, mean - 0.05, mean + 0.05)
        for name, mean in differences.items()
    ]
    return [(period, *row) for period in ("kept", "all") for row in (ours, *rivals)]


def record(*parts, **told):
    schema = {name: pl.String if name in ("period", "target", "model_id") else pl.Float64 for name in COLUMNS}
    table = pl.DataFrame([row for part in parts for row in part], schema=schema, orient="row")
    bins = {"target": [BALLISTIC] * 2, "horizon": [13] * 2, "bin": [0.1, 0.5], "n": [9, 3]}
    reliability = pl.DataFrame(bins | {"mean_chance": [0.15, 0.52], "share_happened": [0.2, 0.6]})
    passport = {
        "data_version": "0.3.0",
        "structures": structures_digest(),
        "command": "sixparty forecast backtest --seed 1",
        "first_origin": "2012-01-01",
        "last_origin": "2018-12-02",
        "last_outcome": "2018-12-29",
        "kept_from": "2016-01-01",
        "origins": 84,
        "rows": 2000,
        "rows_by_rule": 1900,
    }
    return ShippedRecord(table.with_columns(pl.col("horizon", "n").cast(pl.Int64)), reliability, passport | told)


def cell(target, horizon, *, kind="probability"):
    return ForecastCell(
        target, horizon, kind, 0.4, 0.3, 0.2, 0.6, None, None, MODEL_ID, PLAIN_RATE[target], has_model=True, episodes=0
    )


@pytest.fixture(scope="module")
def look(chronicle):
    day = dt.date(2018, 12, 29)
    panel = count_panel(chronicle, end=day)
    exposures = np.zeros((52, len(panel.marks), len(panel.exposure_names)))
    return SimpleNamespace(
        dates=SimpleNamespace(reference_date=day), panel=panel, exposures=exposures, leader_since=dt.date(2011, 12, 17)
    )


def test_the_one_that_ships_is_read_and_belongs_to_these_models():
    shipped = shipped_track_record()
    assert shipped.is_of_these_models
    assert set(shipped.table["target"]) >= {BALLISTIC, TALKS, "nuclear_test"}
    assert shipped.table.filter(pl.col("log_score").is_null()).is_empty()


def test_a_folder_without_its_files_is_refused(tmp_path):
    with pytest.raises(FileRefused, match=r"must hold track_record\.csv, reliability\.csv and passport\.json"):
        shipped_track_record(tmp_path)


def test_a_table_without_a_column_is_refused(tmp_path):
    (tmp_path / "passport.json").write_text(json.dumps({"last_outcome": "2018-12-29"}), encoding="utf-8")
    for name in ("track_record.csv", "reliability.csv"):
        (tmp_path / name).write_text("period,target\nall,ballistic_days\n", encoding="utf-8")
    with pytest.raises(FileRefused, match="missing: horizon, model_id"):
        shipped_track_record(tmp_path)


def test_scores_of_other_models_are_left_out_and_said_to_be():
    other = record(rows(BALLISTIC, 13, plain=-0.1), structures="0000000000000000")
    assert other.reason_to_leave_out(dt.date(2025, 6, 30)) == "other_models"


def test_a_brief_of_a_day_before_the_last_outcome_does_not_see_the_scores():
    one = record(rows(BALLISTIC, 13, plain=-0.1))
    assert one.reason_to_leave_out(dt.date(2018, 12, 28)) == "later_events"
    assert one.reason_to_leave_out(dt.date(2018, 12, 29)) is None


def test_leading_models_are_those_of_the_rule():
    one = record(
        rows(BALLISTIC, 13, plain=-0.1, other=-0.2),
        rows(BALLISTIC, 52, plain=0.1, other=-0.2),
        rows(TALKS, 52, plain=0.1, other=0.3),
    )
    assert leading_models(one) == {
        (BALLISTIC, 13): MODEL_ID,
        (BALLISTIC, 52): PLAIN_RATE[BALLISTIC],
        (TALKS, 52): "plain-ingarch",
    }


def test_a_cell_without_past_scores_keeps_the_model_first(look):
    issued = SimpleNamespace(predictive={})
    found = led_cells(
        Key.from_seed(1), record(rows(BALLISTIC, 13, plain=0.1)), (cell(TALKS, 13),), issued=issued, look=look
    )
    assert found[0] == cell(TALKS, 13)


def test_a_rival_among_the_issued_forecasts_is_shown_with_the_figure_issued(look):
    law = CountPredictive.from_draws(np.array([0, 0, 1, 3]))
    one = record(rows(BALLISTIC, 13, plain=-0.1, other=0.3))
    issued = SimpleNamespace(predictive={("plain-ingarch", BALLISTIC, 13): law})
    (found,) = led_cells(Key.from_seed(1), one, (cell(BALLISTIC, 13, kind="range"),), issued=issued, look=look)
    assert (found.lead, found.rival_id) == ("rival", "plain-ingarch")
    assert (found.rival, found.rival_low, found.rival_high) == (law.mean, law.quantile(0.1), law.quantile(0.9))


def test_a_rival_that_was_not_issued_is_computed_from_the_same_weeks(look):
    one = record(rows(BALLISTIC, 13, plain=-0.1, seasonal=0.3))
    issued = SimpleNamespace(predictive={})
    (found,) = led_cells(Key.from_seed(1), one, (cell(BALLISTIC, 13),), issued=issued, look=look)
    assert found.rival_id == "plain-seasonal"
    column = look.panel.column(BALLISTIC)
    counts = look.panel.counts[look.panel.covered[:, column], column]
    assert found.rival == seasonal(counts, 13).at_least(1)


def test_the_standing_counts_windows_of_the_years_kept_apart():
    one = record(
        rows(BALLISTIC, 13, plain=-0.1, other=-0.2), rows(BALLISTIC, 52, plain=0.02), rows(TALKS, 4, plain=0.1)
    )
    tally = past_standing(one).tally
    assert tally is not None
    assert (tally.windows, tally.better, tally.tie, tally.worse, tally.shown_first) == (3, 1, 1, 1, 2)


def test_the_standing_shows_the_plain_rate_and_the_strongest_other_rival():
    one = past_standing(record(rows(BALLISTIC, 13, plain=-0.1, other=-0.2, seasonal=0.04)))
    (found,) = one.periods[0].cells
    assert found.plain is not None
    assert (found.plain.model_id, found.plain.word) == (PLAIN_RATE[BALLISTIC], "better")
    assert found.rival is not None
    assert (found.rival.model_id, found.rival.word) == ("plain-seasonal", "tie")
    assert found.lead == "model"
    assert one.reliability[0].bins[1].share_happened == 0.6


def test_without_years_kept_apart_nothing_is_counted_and_nothing_led():
    every = [row for row in rows(BALLISTIC, 13, plain=0.1) if row[0] == "all"]
    one = past_standing(record(every))
    assert one.tally is None
    assert one.periods[0].cells[0].lead is None


def archived(*, weeks=2, kind="issued"):
    """Two models' scores of one question a week: ours 1.0 and the plain rate 2.0."""
    first = dt.date(2016, 1, 2)
    table = {"kind": kind, "law": "full", "target": BALLISTIC, "horizon": 4}
    return pl.DataFrame(
        [
            table | {"model_id": name, "reference_date": first + dt.timedelta(weeks=week), "log_score": score}
            for week in range(weeks)
            for name, score in ((MODEL_ID, 1.0), (PLAIN_RATE[BALLISTIC], 2.0))
        ]
    )


def test_issued_forecasts_are_compared_with_the_plain_rate_in_per_cent():
    found = issued_record(Key.from_seed(1), {"forecasts": archived()})
    assert found is not None
    assert (found.n_resolved, found.since, found.better_by_percent) == (2, dt.date(2016, 1, 2), 50.0)
    assert (found.low, found.high) == (None, None)


def test_five_years_of_issued_forecasts_have_an_interval():
    found = issued_record(Key.from_seed(1), {"forecasts": archived(weeks=260)})
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(50.0), pytest.approx(50.0))


@pytest.mark.parametrize("kind", ["made_late", "backfilled", "after_seeing"])
def test_rounds_of_other_kinds_never_enter_the_record_of_issued_ones(kind):
    assert issued_record(Key.from_seed(1), {"forecasts": archived(kind=kind)}) is None


def test_no_archive_and_an_empty_one_tell_nothing(tmp_path):
    home = find_home(tmp_path)
    assert scores_of_home(home, until=dt.date(2018, 12, 29), seed=1) is None
    assert issued_record(Key.from_seed(1), {}) is None


def test_the_archive_s_questions_are_counted_by_kind():
    kinds = [{"kind": "issued", "asked": 4, "open": 2, "resolved": 1, "void": 1, "answers": 8}]
    made = SimpleNamespace(result=SimpleNamespace(result={"coverage": kinds, "next_close": dt.date(2019, 1, 5)}))
    found = archive_standing(made)
    assert found is not None
    assert found.kinds == (ArchivedKind("issued", 4, 2, 1, 1),)
    assert found.next_close == dt.date(2019, 1, 5)
