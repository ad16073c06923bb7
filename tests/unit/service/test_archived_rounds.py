"""Rounds issued, figures of one's own, and what came of them, over the shipped record and a home of one's own."""

import datetime as dt
import json
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest

from sixparty.compute import SilentProgress
from sixparty.errors import InputRefused, UsageError
from sixparty.forecast.hub import hub_rows
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.rounds import Making, enter_round, read_archive, read_rounds
from sixparty.service import (
    AddSpec,
    ForecastSpec,
    Home,
    OwnSpec,
    ScoreSpec,
    add_event,
    clock,
    enter_own,
    find_home,
    forecast,
    issue,
    own_sheet,
    score_archive,
)
from sixparty.service.own import note_shown
from sixparty.service.runs import list_runs

PAST = dt.date(2015, 1, 3)
LATEST = dt.date(2025, 6, 28)
ON_TIME = "2025-07-05T00:00:00+00:00"
TALKS = OwnSpec(target="inter_korean_talks", horizon=13, chance=0.2, model_id="desk-kim")
MODELS = ("sixparty-level", "plain-nb12")


@pytest.fixture
def home(tmp_path) -> Home:
    return find_home(tmp_path)


@pytest.fixture
def set_clock(monkeypatch):
    def at(time: str) -> None:
        monkeypatch.setattr(clock, "now", lambda: time)

    at(ON_TIME)
    return at


def ours(day: dt.date, *, targets: tuple[str, ...] = ("ballistic_days",), as_of: dt.date | None = None) -> pl.DataFrame:
    return pl.concat(
        hub_rows(
            CountPredictive.negative_binomial(0.2 * horizon * (1 + place), 1.0),
            target,
            horizon=horizon,
            reference_date=day,
            model_id=model_id,
            as_of=as_of or day,
        )
        for place, model_id in enumerate(MODELS)
        for target in targets
        for horizon in (1, 4)
    )


def making(kind: str = "backfilled") -> Making:
    return Making(
        kind, "2025-07-05T00:00:00+00:00", dt.date(2025, 6, 30), "0", "0", 1, "sixparty forecast issue --seed 1"
    )


@pytest.fixture
def made_quickly(monkeypatch):
    """Issue forecasts without a fit."""

    def quick(key, panel, *, reference_date, as_of, **others):
        return SimpleNamespace(
            futures=SimpleNamespace(super_critical_share=0.0), table=ours(reference_date, as_of=as_of)
        )

    monkeypatch.setattr(forecast, "fit_marks", lambda *args, **others: {})
    monkeypatch.setattr(forecast, "issue_forecasts", quick)
    monkeypatch.setattr(forecast, "hub_summary", lambda issued: [])


@pytest.mark.parametrize(
    ("as_of", "time", "kind"),
    [
        (None, ON_TIME, "issued"),
        (None, "2025-07-12T14:59:00+00:00", "issued"),
        (None, "2025-07-12T15:01:00+00:00", "made_late"),
        ("2025-06-23", ON_TIME, "backfilled"),
        ("2015-01-05", ON_TIME, "backfilled"),
    ],
)
def test_a_round_is_entered_as_what_it_is(home, set_clock, made_quickly, as_of, time, kind):
    set_clock(time)
    result = issue(ForecastSpec(as_of=as_of), home=home, progress=SilentProgress())
    assert result.result["kind"] == kind
    assert any("kept and scored apart" in told for told in result.warnings) == (kind != "issued")
    book = read_rounds(home.hub)
    assert set(book["kind"]) == {kind}
    assert set(book["command"]) == {ForecastSpec(as_of=as_of).command()}
    assert set(book["record_end"]) == {LATEST + dt.timedelta(days=2)}
    assert read_archive(home.hub).unlisted == ()


def test_issuing_again_changes_nothing(home, set_clock, made_quickly):
    first = issue(ForecastSpec(), home=home, progress=SilentProgress()).result["files"]
    set_clock("2026-01-01T00:00:00+00:00")
    again = issue(ForecastSpec(), home=home, progress=SilentProgress()).result
    assert again["files"] == first
    assert again["kind"] == "issued"
    assert len(read_rounds(home.hub)) == len(MODELS)


def test_scores_are_told_by_kind_with_every_question_counted(home):
    enter_round(home.hub, ours(PAST), making())
    enter_round(home.hub, ours(LATEST), making("made_late"))
    found = score_archive(ScoreSpec(until="2018-12-31"), home=home).result.result
    counts = {row["kind"]: row for row in found["coverage"]}
    assert counts["backfilled"] == {
        "kind": "backfilled",
        "asked": 2,
        "open": 0,
        "resolved": 2,
        "void": 0,
        "answers": 4,
    }
    assert counts["made_late"]["open"] == 2
    assert {row["kind"] for row in found["scores"]} == {"backfilled"}
    assert found["next_close"] == LATEST + dt.timedelta(weeks=1)
    rivals = {(row["model_id"], row["rival_id"]) for row in found["differences"]}
    assert rivals == {("sixparty-level", "plain-nb12")}


def test_one_model_alone_still_has_its_difference_from_the_plain_rate(home):
    enter_round(home.hub, ours(PAST), making())
    spec = ScoreSpec(models=("sixparty-level",), horizons=(4,), kinds=("backfilled",), until="2018-12-31")
    found = score_archive(spec, home=home).result.result
    assert [row["model_id"] for row in found["scores"]] == ["sixparty-level"]
    assert {row["score"] for row in found["differences"]} == {"log_score", "crps", "brier"}
    assert found["coverage"][0]["answers"] == 1


def test_a_row_of_the_overlay_changes_what_came(home):
    enter_round(home.hub, ours(PAST), making())
    spec = ScoreSpec(horizons=(1,), until="2018-12-31")
    before = score_archive(spec, home=home).tables["forecasts"]["observed"].unique().to_list()
    add_event(AddSpec("2015-01-08 PRK SRBM https://example.org/1"), home=home.folder)
    made = score_archive(spec, home=home)
    assert before == [0]
    assert made.tables["forecasts"]["observed"].unique().to_list() == [1]
    assert any("overlay" in told for told in made.result.warnings)


def test_a_ruling_voids_a_question_for_everybody(home):
    enter_round(home.hub, ours(PAST), making())
    (home.hub / "voids.csv").write_text("target,day,reason\nballistic_days,2015-01-20,one side denies it\n")
    found = score_archive(ScoreSpec(until="2018-12-31"), home=home).result.result
    assert [(row["horizon"], row["reason"]) for row in found["void"]] == [(4, "2015-01-20: one side denies it")]
    assert {row["horizon"] for row in found["scores"]} == {1}


def test_a_second_answer_to_a_question_is_told_and_not_scored(home):
    enter_round(home.hub, ours(PAST), making())
    enter_round(home.hub, ours(PAST, as_of=PAST + dt.timedelta(days=2)), making())
    found = score_archive(ScoreSpec(until="2018-12-31"), home=home).result.result
    assert found["asked_again"] == 4
    assert {row["n"] for row in found["scores"]} == {1}


def test_an_empty_archive_has_no_scores_and_no_fault(home):
    found = score_archive(ScoreSpec(), home=home).result.result
    assert (found["scores"], found["coverage"], found["next_close"]) == ([], [], None)


def test_a_file_without_its_line_is_told_and_not_scored(home):
    enter_round(home.hub, ours(PAST), making())
    (home.hub / "rounds.csv").unlink()
    made = score_archive(ScoreSpec(until="2018-12-31"), home=home)
    assert made.result.result["scores"] == []
    assert len(made.result.result["not_entered"]) == 2
    assert any("no line in rounds.csv" in told for told in made.result.warnings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": ("war",)}, "target must be one of"),
        ({"horizons": (5,)}, "horizon must be one of"),
        ({"kinds": ("good",)}, "kind must be one of issued, made_late"),
        ({"models": ("desk-nobody",)}, "model must be one that the archive holds"),
    ],
)
def test_a_name_that_cannot_be_meant_is_refused(home, change, message):
    with pytest.raises(UsageError, match=message):
        score_archive(replace(ScoreSpec(), **change), home=home)


def test_the_tables_are_written_where_one_asks(home, tmp_path):
    enter_round(home.hub, ours(PAST), making())
    made = score_archive(ScoreSpec(until="2018-12-31"), home=home, out=tmp_path / "out")
    assert [path.name for path in made.files] == ["questions.csv", "scores.csv", "differences.csv", "forecasts.csv"]
    json.dumps(made.result.document(), allow_nan=False)


def test_figures_of_ones_own_are_entered_under_ones_own_name_before_ours(home, set_clock):
    result = enter_own(TALKS, home=home)
    assert result.result["kind"] == "issued"
    (figure,) = result.result["figures"]
    assert (figure["chance"], figure["scored_by"], figure["model_id"]) == (0.2, "brier score", "desk-kim")
    assert "sixparty-level" not in str(result.document()["result"])
    enter_own(replace(TALKS, target="nuclear_test", chance=0.05), home=home)
    assert len(read_archive(home.hub).forecasts) == 4


def test_a_figure_once_entered_is_not_revised(home, set_clock):
    enter_own(TALKS, home=home)
    with pytest.raises(InputRefused, match="never revised"):
        enter_own(replace(TALKS, chance=0.3), home=home)


@pytest.mark.parametrize("day", [LATEST, LATEST + dt.timedelta(weeks=1)])
def test_figures_entered_after_ours_were_issued_are_refused_or_kept_apart(home, set_clock, day):
    enter_round(home.hub, ours(day), making("issued"))
    with pytest.raises(InputRefused, match="before ours are shown, got them after `sixparty forecast issue"):
        enter_own(TALKS, home=home)
    result = enter_own(replace(TALKS, is_after_seeing=True), home=home)
    assert result.result["kind"] == "after_seeing"
    assert "hub/after_seeing/" in result.result["files"][0]


def test_ours_of_an_earlier_week_hinder_nobody(home, set_clock):
    enter_round(home.hub, ours(LATEST - dt.timedelta(weeks=1)), making("issued"))
    assert enter_own(TALKS, home=home).result["kind"] == "issued"


def test_a_brief_or_an_explanation_has_shown_ours_too(home, set_clock):
    note_shown(home, LATEST, command="sixparty forecast explain ballistic_days")
    note_shown(home, LATEST, command="sixparty forecast explain ballistic_days")
    assert len((home.hub / "shown.tsv").read_text().splitlines()) == 2
    with pytest.raises(InputRefused, match="got them after `sixparty forecast explain ballistic_days`"):
        enter_own(TALKS, home=home)


def test_a_run_that_shows_ours_is_found(home, set_clock):
    folder = home.runs / "a-brief"
    folder.mkdir(parents=True)
    manifest = {
        "verb": "brief",
        "spec": {"reference_date": LATEST.isoformat()},
        "provenance": {"run_id": "a-brief", "command": "sixparty brief --seed 1"},
        "files": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert len(list_runs(home)) == 1
    with pytest.raises(InputRefused, match="got them after `sixparty brief --seed 1`"):
        enter_own(TALKS, home=home)


def test_figures_are_refused_once_the_record_reaches_into_the_window(home, set_clock, monkeypatch):
    monkeypatch.setattr(forecast, "record_end", lambda chronicle: LATEST + dt.timedelta(days=20))
    with pytest.raises(InputRefused, match="before their window is on record"):
        enter_own(TALKS, home=home)
    assert not (home.hub / "rounds.csv").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"chance": None}, "got none"),
        ({"quantiles": "0.1=0,0.5=1,0.9=2"}, "got chance and quantiles"),
        ({"horizon": None}, "needs a TARGET and a --horizon"),
        ({"horizon": 5}, "horizon must be one of"),
        ({"target": "war"}, "target must be one of"),
        ({"model_id": "kim"}, "team-model"),
    ],
)
def test_figures_that_cannot_be_meant_are_refused(home, set_clock, change, message):
    with pytest.raises(UsageError, match=message):
        enter_own(replace(TALKS, **change), home=home)


def test_a_whole_law_by_quantiles_and_a_sheet_are_entered(home, set_clock, tmp_path):
    law = replace(TALKS, chance=None, quantiles="0.05=0,0.5=0,0.95=3")
    assert enter_own(law, home=home).result["figures"][0]["scored_by"] == "every score"
    path = tmp_path / "sheet.csv"
    asked = own_sheet(home=home, targets=("nuclear_test",), horizons=(13, 52))
    asked.with_columns(chance=pl.lit("0.1")).write_csv(path)
    found = enter_own(OwnSpec(file=path, model_id="desk-kim"), home=home).result["figures"]
    assert [(row["target"], row["horizon"], row["scored_by"]) for row in found] == [
        ("nuclear_test", 13, "every score"),
        ("nuclear_test", 52, "every score"),
    ]


@pytest.mark.slow
def test_two_real_rounds_of_the_past_are_made_kept_and_scored(home):
    for as_of in ("2015-01-05", "2015-02-02"):
        result = issue(ForecastSpec(as_of=as_of), home=home, progress=SilentProgress())
        assert result.result["kind"] == "backfilled"
    before = (home.hub / "rounds.csv").read_bytes()
    issue(ForecastSpec(as_of="2015-02-02"), home=home, progress=SilentProgress())
    assert (home.hub / "rounds.csv").read_bytes() == before
    found = score_archive(ScoreSpec(until="2018-12-31"), home=home).result.result
    (counted,) = found["coverage"]
    assert (counted["asked"], counted["open"]) == (2 * 14 * 5, 0)
    modelled = [row for row in found["scores"] if row["model_id"] == "sixparty-level"]
    assert len(modelled) == 5 * 5
    assert {row["n"] for row in modelled} == {2}
