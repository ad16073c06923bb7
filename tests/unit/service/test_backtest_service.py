"""The backtest over the shipped record: made, broken off, gone on with, and the same whatever the workers."""

import datetime as dt
import json
import shutil
from dataclasses import replace
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from sixparty.errors import DateRefused, EnvironmentRefused, UsageError
from sixparty.excitation import OWN, MarkStructure
from sixparty.forecast import check_hub_table, nb36
from sixparty.forecast.backtest import LevelModel
from sixparty.forecast.reference.optional import OPTIONAL_RIVALS
from sixparty.service import BacktestSpec, Home, backtest, find_home, resolve_dates, run_backtest, verify_run
from sixparty.service.look import look_at

TWO = ("weapons_test_days", "nuclear_test")
SPEC = BacktestSpec(
    first_origin="2012-11",
    last_origin="2013-02",
    is_monthly_only=True,
    targets=TWO,
    models=("plain-nb36", "plain-trailing52"),
)
VARIANT = LevelModel(
    "sixparty-variant",
    {"weapons_test_days": MarkStructure(level="stationary", links=(OWN,))},
    draws=60,
    futures=200,
)


class Stopping:
    """Progress that breaks off after some steps, as Ctrl-C does."""

    def __init__(self, after: int | None = None):
        self.left, self.totals = after, {}

    def start(self, label, total):
        self.totals[label] = total

    def advance(self, steps=1):
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                raise KeyboardInterrupt

    def finish(self):
        pass


def chunks(home: Home) -> dict[str, float]:
    return {path.name: path.stat().st_mtime_ns for path in (home.cache / "backtest").glob("*/*.npz")}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    return find_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def made(home, tmp_path_factory):
    return run_backtest(SPEC, home=home, out=tmp_path_factory.mktemp("out"), workers=1)


def test_every_model_target_and_window_has_its_scores(made):
    scores = made.tables["scores"].filter(pl.col("period") == "all")
    assert set(scores["origins"]) == {"monthly"}
    cells = scores.select("target", "horizon", "model_id", "n")
    assert len(cells) == 2 * 5 * 2
    assert set(cells["n"]) == {4}


def test_the_answer_says_that_it_is_retrospective(made):
    found = made.result.document()
    assert found["result"]["dates"]["basis"] == "retrospective"
    assert any("retrospective" in warning for warning in found["warnings"])
    origins = {"first": "2012-11-03", "last": "2013-02-02", "weekly": 0, "monthly": 4, "thirteenth": 0}
    assert found["result"]["origins"] == origins


def test_the_files_are_those_of_the_run(made, home):
    assert verify_run(home, made.result.provenance.run_id) == []
    names = {path.name for path in made.files}
    assert {"backtest.json", "scores.csv", "differences.csv", "reliability.csv", "hub-plain-nb36.parquet"} <= names
    folder = made.files[0].parent
    assert json.loads((folder / "backtest.json").read_text())["result"] == made.result.document()["result"]
    assert len(check_hub_table(pl.read_parquet(folder / "hub-plain-nb36.parquet"))) == 0


def test_an_origin_sees_what_a_forecast_issued_on_its_day_sees(made, chronicle):
    look = look_at(chronicle, resolve_dates(chronicle, "2013-01-06"))
    assert look.dates.reference_date == dt.date(2013, 1, 5)
    chance = nb36(look.panel.counts[:, look.panel.column("weapons_test_days")], 13).at_least(1)
    (told,) = made.tables["forecasts"].filter(
        (pl.col("reference_date") == dt.date(2013, 1, 5))
        & (pl.col("target") == "weapons_test_days")
        & (pl.col("model_id") == "plain-nb36")
        & (pl.col("horizon") == 13)
    )["chance"]
    assert told == pytest.approx(chance, abs=1e-12)


def test_a_second_run_makes_no_chunk_again_and_finds_the_same(made, home):
    before = chunks(home)
    again = run_backtest(SPEC, home=home, workers=1)
    assert chunks(home) == before
    assert again.result.document()["result"] == made.result.document()["result"]


def test_broken_off_it_goes_on_from_what_is_done(made, tmp_path):
    home, spec = find_home(tmp_path), SPEC
    with pytest.raises(KeyboardInterrupt):
        run_backtest(spec, home=home, workers=1, progress=Stopping(after=1))
    done = chunks(home)
    assert len(done) == 4, "the two models and targets of one year"
    listener = Stopping()
    later = run_backtest(spec, home=home, workers=1, progress=listener)
    assert listener.totals["forecasting from the past"] == 1
    assert done.items() <= chunks(home).items()
    assert later.tables["scores"].equals(made.tables["scores"])


def test_a_file_that_cannot_be_read_is_made_again(made, tmp_path, home):
    shutil.copytree(home.cache / "backtest", tmp_path / "cache" / "backtest")
    broken = sorted((tmp_path / "cache" / "backtest" / "plain-nb36").glob("*.npz"))[0]
    broken.write_bytes(b"half a file")
    again = run_backtest(SPEC, home=find_home(tmp_path), workers=1)
    assert again.tables["scores"].equals(made.tables["scores"])


def test_a_row_known_later_changes_no_earlier_year(made, tmp_path):
    folder, home = tmp_path / "record", find_home(tmp_path / "home")
    shutil.copytree(Path(str(resources.files("sixparty") / "data")), folder)
    run_backtest(replace(SPEC, data=folder), home=home, workers=1)
    before = set(chunks(home))
    lines = (folder / "events.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if ",2012-12-12," not in line]
    assert len(kept) < len(lines)
    (folder / "events.csv").write_text("".join(kept), encoding="utf-8")
    run_backtest(replace(SPEC, data=folder), home=home, workers=1)
    fresh = {name.split("-")[1] for name in set(chunks(home)) - before}
    assert fresh == {"2013"}


def test_a_variant_is_set_beside_every_rival_and_workers_change_nothing(made, home, tmp_path):
    spec = replace(SPEC, targets=("weapons_test_days",), models=("sixparty-variant", "plain-trailing52"))
    one = run_backtest(spec, home=home, workers=1, variants=(VARIANT,))
    two = run_backtest(spec, home=find_home(tmp_path), workers=2, variants=(VARIANT,))
    assert one.result.document()["result"] == two.result.document()["result"]
    pairs = set(one.tables["differences"].select("model_id", "rival_id").unique().rows())
    assert ("sixparty-variant", "plain-nb36") in pairs
    assert ("sixparty-variant", "plain-trailing52") in pairs
    assert ("plain-trailing52", "plain-nb36") in pairs
    assert set(one.tables["fits"]["method"]) <= {"importance", "nuts"}


TSB = replace(SPEC, models=("plain-tsb", "plain-trailing52"), targets=("weapons_test_days",))


def test_beside_an_optional_rival_all_models_are_scored_every_13th_week(made, home):
    """The origins between November and February: 30 December alone, which is no first Sunday of a month."""
    beside = run_backtest(TSB, home=home, workers=1)
    scores = beside.tables["scores"].filter(pl.col("period") == "all")
    models = {"plain-tsb", "plain-trailing52", "plain-nb36"}
    counted = {(row["origins"], row["model_id"]): row["n"] for row in scores.to_dicts()}
    sparse = {("thirteenth", name): 1 for name in models}
    assert counted == sparse | {("monthly", name): 4 for name in models - {"plain-tsb"}}
    assert beside.result.result["origins"]["thirteenth"] == 1
    assert beside.result.result["rival_libraries"] == {}
    monthly = (pl.col("origins") == "monthly") & (pl.col("target") == "weapons_test_days")
    alone = made.tables["scores"].filter(monthly)
    assert beside.tables["scores"].filter(monthly).equals(alone)
    pairs = set(beside.tables["differences"].select("origins", "model_id", "rival_id").unique().rows())
    assert pairs == {
        ("monthly", "plain-trailing52", "plain-nb36"),
        ("thirteenth", "plain-trailing52", "plain-nb36"),
        ("thirteenth", "plain-tsb", "plain-nb36"),
    }
    assert "hub-plain-tsb.parquet" not in {path.name for path in beside.files}


def test_an_optional_rival_leaves_the_chunks_of_weekly_origins_as_they_are(tmp_path):
    """Every 13th week is among the weekly origins, so that nothing is made again."""
    home = find_home(tmp_path)
    weekly = replace(TSB, is_monthly_only=False, models=("plain-trailing52",))
    run_backtest(weekly, home=home, workers=1)
    before = chunks(home)
    run_backtest(replace(weekly, models=("plain-trailing52", "plain-tsb")), home=home, workers=1)
    new = set(chunks(home)) - set(before)
    assert before.items() <= chunks(home).items()
    assert {path.parent.name for path in (home.cache / "backtest").glob("*/*") if path.name in new} == {"plain-tsb"}


def test_a_missing_library_is_told_before_anything_is_made(tmp_path, monkeypatch):
    home = find_home(tmp_path)
    absent = replace(OPTIONAL_RIVALS["plain-boosting"], packages={"no-such-library": "no_such_library"})
    monkeypatch.setattr(backtest, "OPTIONAL_RIVALS", {**OPTIONAL_RIVALS, "plain-boosting": absent})
    with pytest.raises(EnvironmentRefused, match="no-such-library"):
        run_backtest(replace(SPEC, models=("plain-boosting",)), home=home, workers=1)
    assert not (home.cache / "backtest").exists()


@pytest.mark.skipif(
    not all(map(find_spec, ("statsforecast", "sklearn"))), reason="needs the extra `rivals` (make check-rivals)"
)
def test_every_optional_rival_stands_in_the_table(home):
    spec = replace(SPEC, targets=("border_kinetic",), models=("plain-nb12",), has_optional_rivals=True)
    made = run_backtest(spec, home=home, workers=1)
    assert set(made.result.result["rival_libraries"]) == {"statsforecast", "scikit-learn"}
    there = made.tables["scores"].filter((pl.col("origins") == "thirteenth") & (pl.col("period") == "all"))
    assert set(there["model_id"]) == {*OPTIONAL_RIVALS, "plain-nb36", "plain-nb12"}


def test_windows_that_close_after_until_are_not_scored(made, home):
    held = run_backtest(replace(SPEC, until="2013-03"), home=home, workers=1)
    closes = held.tables["forecasts"].select(pl.col("reference_date") + pl.duration(weeks=1) * pl.col("horizon"))
    assert closes.to_series().max() <= dt.date(2013, 3, 31)
    assert held.tables["left_out"].filter(pl.col("horizon") == 52)["not_over"].to_list() == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"models": ("plain-nothing",)}, UsageError, "model must be one of sixparty-level, plain-climatology"),
        ({"rival": "plain-nothing"}, UsageError, "got plain-nothing"),
        ({"rival": "plain-tsb"}, UsageError, "rival must be one of .*, which speak at every origin, got plain-tsb"),
        ({"models": ("plain-tsb",), "last_origin": "2012-11"}, DateRefused, "every 13th week, between first-origin"),
        ({"targets": ("war",)}, UsageError, "target must be one of"),
        ({"horizons": (5,)}, UsageError, "horizon must be one of"),
        ({"first_origin": "2012-13"}, DateRefused, "first-origin must be a day that exists"),
        ({"until": "2013-02-30"}, DateRefused, "until must be a day that exists"),
        ({"first_origin": "soon"}, DateRefused, "first-origin must be a date like"),
        ({"first_origin": "2013-03"}, DateRefused, "last-origin must leave a Sunday after first-origin"),
    ],
)
def test_a_specification_that_cannot_be_meant_is_refused(home, change, error, message):
    with pytest.raises(error, match=message):
        run_backtest(replace(SPEC, **change), home=home, workers=1)
