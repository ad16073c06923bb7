"""The track record that ships was made from the record and the models that ship."""

import subprocess
import sys
from pathlib import Path

import polars as pl

from sixparty.chronicle import DATA_VERSION
from sixparty.forecast import MODEL_ID, MODELLED_TARGETS, PLAIN_RATE, RIVALS, TARGETS
from sixparty.forecast.track_record import COLUMNS, our_model
from sixparty.periods import HORIZONS
from sixparty.service.track_record import shipped_track_record, structures_digest

ROOT = Path(__file__).parent.parent.parent
MAKE = "Run `sixparty forecast backtest --out DIR`, then `python docs/make_track_record.py DIR`."


def test_it_was_made_from_this_version_of_the_record():
    assert shipped_track_record().passport["data_version"] == DATA_VERSION, MAKE


def test_it_was_made_from_these_structures_shares_and_plain_rates():
    assert shipped_track_record().passport["structures"] == structures_digest(), MAKE


def test_it_holds_every_model_that_the_backtest_runs():
    assert set(shipped_track_record().passport["models"]) == {MODEL_ID, *RIVALS}, MAKE


def test_it_has_our_line_and_the_plain_rate_s_for_every_window_of_a_modelled_target():
    table = shipped_track_record().table.filter(pl.col("period") == "all")
    there = set(table.select("target", "horizon", "model_id").iter_rows())
    for target in MODELLED_TARGETS:
        for horizon in HORIZONS:
            assert {(target, horizon, MODEL_ID), (target, horizon, PLAIN_RATE[target])} <= there


def test_every_line_has_its_scores_and_every_rival_its_difference():
    table = shipped_track_record().table
    assert table.columns == list(COLUMNS)
    assert set(table["target"]) <= set(TARGETS)
    assert table.select(pl.col("log_score", "crps", "brier").is_finite().all()).row(0) == (True, True, True)
    is_ours = pl.col("model_id") == pl.col("target").replace_strict({name: our_model(name) for name in TARGETS})
    assert table.filter(is_ours)["difference"].null_count() == len(table.filter(is_ours))
    assert table.filter(~is_ours).select("difference", "low", "high").null_count().row(0) == (0, 0, 0)


def test_the_script_that_makes_it_says_what_it_needs():
    done = subprocess.run(
        [sys.executable, "docs/make_track_record.py", "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert "files of the backtest" in done.stdout
