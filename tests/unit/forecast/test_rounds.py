import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from sixparty.errors import EnvironmentRefused, FileRefused, InputRefused
from sixparty.forecast.hub import hub_rows
from sixparty.forecast.own_figures import OwnRound
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.rounds import (
    ROUND_SCHEMA,
    Making,
    enter_round,
    latest_reference_date,
    read_archive,
    read_rounds,
    round_kind,
)

SATURDAY = dt.date(2024, 6, 29)
MAKING = Making("issued", "2024-07-01T00:00:00+00:00", SATURDAY, "0.3.0", "abc", 1, "sixparty forecast issue --seed 1")


def table(mean: float = 3.0, *, model_id: str = "sixparty-level", as_of: dt.date = SATURDAY) -> pl.DataFrame:
    law = CountPredictive.negative_binomial(mean, 2.0)
    return hub_rows(law, "border_kinetic", horizon=4, reference_date=SATURDAY, model_id=model_id, as_of=as_of)


@pytest.mark.parametrize(
    ("record_end", "made_on", "kind"),
    [
        ("2024-06-30", "2024-07-01T09:00:00+00:00", "issued"),
        ("2024-07-06", "2024-07-07T00:00:00+00:00", "issued"),
        ("2024-06-30", "2024-07-13T14:59:59+00:00", "issued"),
        ("2024-06-30", "2024-07-13T15:00:00+00:00", "made_late"),
        ("2024-06-30", "2026-01-01T00:00:00+00:00", "made_late"),
        ("2024-07-07", "2024-07-08T00:00:00+00:00", "backfilled"),
        ("2025-06-30", "2026-01-01T00:00:00+00:00", "backfilled"),
    ],
)
def test_a_round_is_of_the_kind_that_record_and_clock_make_it(record_end, made_on, kind):
    assert round_kind(SATURDAY, record_end=dt.date.fromisoformat(record_end), made_on=made_on) == kind


def test_a_clock_before_the_reference_date_is_refused():
    with pytest.raises(EnvironmentRefused, match="clock must not stand before"):
        round_kind(SATURDAY, record_end=SATURDAY, made_on="2024-06-28T00:00:00+00:00")


def test_a_saturday_is_known_on_the_day_after():
    assert latest_reference_date(SATURDAY) == SATURDAY - dt.timedelta(weeks=1)
    assert latest_reference_date(SATURDAY + dt.timedelta(days=1)) == SATURDAY


def test_the_book_tells_of_every_file(tmp_path: Path):
    paths = enter_round(tmp_path, pl.concat([table(), table(model_id="plain-nb36")]), MAKING)
    book = read_rounds(tmp_path)
    assert book.columns == list(ROUND_SCHEMA)
    assert book["model_id"].to_list() == ["sixparty-level", "plain-nb36"]
    assert set(book["kind"]) == {"issued"}
    assert book["seed"].to_list() == [1, 1]
    assert [path.relative_to(tmp_path).parts[0] for path in paths] == ["model-output"] * 2
    archive = read_archive(tmp_path)
    assert archive.unlisted == archive.missing == ()
    assert archive.forecasts.group_by("model_id").agg(pl.col("place").unique()).sort("model_id").rows() == [
        ("plain-nb36", [1]),
        ("sixparty-level", [0]),
    ]


@pytest.mark.parametrize("kind", ["made_late", "backfilled", "after_seeing"])
def test_each_kind_lies_in_a_folder_of_its_own(tmp_path: Path, kind):
    enter_round(tmp_path, table(), MAKING)
    (path,) = enter_round(tmp_path, table(4.0), replace(MAKING, kind=kind))
    assert path.relative_to(tmp_path).parts[:2] == (kind, "model-output")
    forecasts = read_archive(tmp_path).forecasts
    assert set(forecasts["kind"]) == {"issued", kind}


def test_entering_the_same_again_changes_nothing_even_later(tmp_path: Path):
    (path,) = enter_round(tmp_path, table(), MAKING)
    before = (tmp_path / "rounds.csv").read_bytes()
    later = replace(MAKING, kind="made_late", made_on="2026-01-01T00:00:00+00:00")
    assert enter_round(tmp_path, table(), later) == [path]
    assert (tmp_path / "rounds.csv").read_bytes() == before
    assert not (tmp_path / "made_late" / "model-output").exists()


def test_another_forecast_of_the_kind_is_refused_and_the_book_stays(tmp_path: Path):
    (path,) = enter_round(tmp_path, table(), MAKING)
    before = (tmp_path / "rounds.csv").read_bytes(), path.read_bytes()
    with pytest.raises(InputRefused, match="never revised"):
        enter_round(tmp_path, pl.concat([table(4.0), table(model_id="plain-nb36")]), MAKING)
    assert ((tmp_path / "rounds.csv").read_bytes(), path.read_bytes()) == before
    assert len(list(tmp_path.rglob("*.csv"))) == 2


def test_a_file_changed_by_hand_is_told_and_not_read(tmp_path: Path):
    (path, other) = enter_round(tmp_path, pl.concat([table(), table(model_id="plain-nb36")]), MAKING)
    path.write_text(table(5.0).write_csv(null_value="NA"))
    archive = read_archive(tmp_path)
    assert archive.unlisted == (path.relative_to(tmp_path).as_posix(),)
    assert archive.missing == ("sixparty-level for 2024-06-29, issued, as of 2024-06-29",)
    assert set(archive.forecasts["model_id"]) == {other.parent.name}


def test_figures_entered_one_by_one_grow_a_file_and_change_none_of_it(tmp_path: Path):
    entry = OwnRound(SATURDAY, SATURDAY, "desk-kim")
    (path,) = enter_round(tmp_path, entry.chance_rows("nuclear_test", 13, chance=0.1), MAKING, is_growing=True)
    first = path.read_text().splitlines()
    enter_round(tmp_path, entry.chance_rows("us_prk_talks", 4, chance=0.2), MAKING, is_growing=True)
    second = path.read_text().splitlines()
    assert set(first) < set(second)
    assert len(second) == len(first) + 2
    with pytest.raises(InputRefused, match="other figures for nuclear_test, 13 weeks"):
        enter_round(tmp_path, entry.chance_rows("nuclear_test", 13, chance=0.3), MAKING, is_growing=True)
    assert path.read_text().splitlines() == second
    enter_round(tmp_path, entry.chance_rows("nuclear_test", 13, chance=0.1), MAKING, is_growing=True)
    assert len(read_rounds(tmp_path)) == 2
    assert len(read_archive(tmp_path).forecasts) == 4


def test_a_file_of_bytes_that_are_no_text_is_told(tmp_path: Path):
    (path,) = enter_round(tmp_path, table(), MAKING)
    path.write_bytes(b"\xff\xfe half")
    assert len(read_archive(tmp_path).unlisted) == 1
    with pytest.raises(InputRefused, match="never revised"):
        enter_round(tmp_path, table(), MAKING)


def test_a_folder_where_a_file_should_be_is_refused_as_such(tmp_path: Path):
    (tmp_path / "model-output").write_text("")
    with pytest.raises(EnvironmentRefused, match="written to"):
        enter_round(tmp_path, table(), MAKING)


def test_an_empty_archive_is_empty(tmp_path: Path):
    archive = read_archive(tmp_path / "nowhere")
    assert archive.forecasts.is_empty()
    assert archive.rounds.is_empty()


@pytest.mark.parametrize(
    "text", ["", "a,b\n1,2\n", ",".join(ROUND_SCHEMA) + "\n2024-06-29,2024-06-29,a-b,maybe,,2024-06-29,,,,1,x\n"]
)
def test_a_book_that_is_none_is_refused(tmp_path: Path, text):
    (tmp_path / "rounds.csv").write_text(text)
    with pytest.raises(FileRefused, match=r"rounds\.csv must"):
        read_rounds(tmp_path)
