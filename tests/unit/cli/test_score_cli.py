"""`sixparty forecast score` and `sixparty forecast own` as a user meets them."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import COVERED, weapons_test, write_chronicle

from sixparty.chronicle.schema import FAMILIES
from sixparty.forecast.hub import hub_rows
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.rounds import Making, enter_round

SATURDAY = dt.date(2015, 1, 3)
MAKING = Making("issued", "2015-01-04T00:00:00+00:00", SATURDAY, "0", "0", 1, "sixparty forecast issue --seed 1")
OWN = ("forecast", "own", "inter_korean_talks", "--horizon", "13", "--model-id", "desk-kim")


@pytest.fixture
def hub(tmp_path) -> Path:
    """Three weekly rounds of two models; the record of the small chronicle ends within the third one's year."""
    folder = tmp_path / "home" / "hub"
    for week in range(3):
        day = SATURDAY + dt.timedelta(weeks=week)
        tables = [
            hub_rows(
                CountPredictive.negative_binomial(mean * horizon, 2.0),
                "ballistic_days",
                horizon=horizon,
                reference_date=day,
                model_id=model_id,
                as_of=day,
            )
            for model_id, mean in (("sixparty-level", 0.3), ("plain-nb12", 0.6))
            for horizon in (1, 52)
        ]
        enter_round(folder, pl.concat(tables), MAKING)
    return folder


@pytest.fixture
def record(tmp_path) -> str:
    """A small record with one launch, which ends in February 2015."""
    (tmp_path / "record").mkdir()
    coverage = [COVERED | {"family": family, "complete_through": "2015-02-28"} for family in FAMILIES]
    return str(write_chronicle(tmp_path / "record", events=[weapons_test("2015-01-14")], coverage=coverage))


def test_scores_are_a_table_with_the_count_of_questions_beside(sixparty, hub, record):
    ran = sixparty("forecast", "score", "--data", record)
    assert ran.code == 0
    assert [row[:5] for row in ran.rows] == [
        ["issued", "ballistic_days", "1", "plain-nb12", "3"],
        ["issued", "ballistic_days", "1", "sixparty-level", "3"],
    ]
    assert ran.rows[0][-2:] == ["", ""]
    assert float(ran.rows[1][-2]) == pytest.approx(float(ran.rows[1][5]) - float(ran.rows[0][5]), abs=0.0011)
    assert "issued: questions asked 6, open 3, resolved 3, void 0; answers 12" in ran.err


def test_the_json_of_scores_is_one_document(sixparty, hub, record):
    ran = sixparty("forecast", "score", "--data", record, "--json", "--quiet")
    document = json.loads(ran.out)
    assert set(document) == {"spec", "result", "provenance", "warnings"}
    assert document["result"]["next_close"] == "2016-01-02"
    assert document["result"]["rounds"] == [
        {"kind": "issued", "rounds": 3, "first": "2015-01-03", "last": "2015-01-17"}
    ]
    (log, *_) = [row for row in document["result"]["differences"] if row["score"] == "log_score"]
    assert (log["model_id"], log["rival_id"], log["n"]) == ("sixparty-level", "plain-nb12", 3)
    assert log["low"] is None


def test_with_nothing_resolved_it_says_when_the_first_window_closes(sixparty, hub, record):
    ran = sixparty("forecast", "score", "--data", record, "--horizon", "52")
    assert ran.code == 0
    assert ran.out.strip() == (
        "Nothing is resolved yet. The first window closes on 2016-01-02; the record ends on 2015-02-28."
    )
    assert "open 3" in ran.err


def test_an_empty_archive_says_how_to_fill_it(sixparty):
    ran = sixparty("forecast", "score")
    assert ran.code == 0
    assert "sixparty forecast issue" in ran.out


def test_a_file_changed_by_hand_is_told(sixparty, hub, record):
    path = next(hub.glob("model-output/sixparty-level/*.csv"))
    path.write_text(path.read_text().replace("ballistic_days", "us_prk_talks"))
    ran = sixparty("forecast", "score", "--data", record)
    assert path.name in ran.err
    assert ran.rows[1][4] == "2"


def test_a_kind_that_there_is_not_is_a_usage_error(sixparty):
    ran = sixparty("forecast", "score", "--kind", "good")
    assert ran.code == 2
    assert "kind must be one of issued, made_late, backfilled, after_seeing" in ran.err


def test_own_figures_are_shown_back_and_nothing_of_ours(sixparty):
    ran = sixparty(*OWN, "--chance", "0.2")
    assert ran.code == 0
    assert ran.rows == [["desk-kim", "inter_korean_talks", "13", "2025-09-27", "0.2", "brier score"]]
    assert "made late" in ran.err
    again = sixparty(*OWN, "--chance", "0.3")
    assert again.code == 3
    assert "never revised" in again.err
    open_now = json.loads(sixparty("forecast", "score", "--json").out)["result"]["coverage"]
    assert open_now[0]["open"] == 1


def test_the_sheet_is_printed_filled_and_entered(sixparty, tmp_path):
    sheet = sixparty("forecast", "own", "--template").out
    assert len(sheet.splitlines()) == 76
    path = tmp_path / "sheet.csv"
    path.write_text(sheet.replace("meet in the window?,,", "meet in the window?,0.05,"))
    ran = sixparty("forecast", "own", "--file", str(path), "--model-id", "desk-kim", "--json")
    found = json.loads(ran.out)["result"]["figures"]
    assert len(found) == 20
    assert {row["chance"] for row in found} == {0.05}


def test_a_figure_without_a_window_is_a_usage_error(sixparty):
    ran = sixparty("forecast", "own", "inter_korean_talks", "--chance", "0.2")
    assert ran.code == 2
    assert "--horizon" in ran.err
