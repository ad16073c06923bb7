import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from sixparty.errors import FileRefused, InputRefused
from sixparty.forecast.archive import read_forecasts, write_forecasts
from sixparty.forecast.hub import HUB_SCHEMA, hub_rows
from sixparty.forecast.predictive import CountPredictive

SATURDAY = dt.date(2024, 6, 29)


def table(mean: float = 3.0, *, model_id: str = "sixparty-level", as_of: dt.date = SATURDAY) -> pl.DataFrame:
    predictive = CountPredictive.negative_binomial(mean, 2.0)
    return hub_rows(predictive, "border_kinetic", horizon=4, reference_date=SATURDAY, model_id=model_id, as_of=as_of)


def test_a_forecast_is_found_under_its_model_and_date(tmp_path: Path):
    (path,) = write_forecasts(tmp_path, table())
    expected = "model-output/sixparty-level/2024-06-29-sixparty-level.csv"
    assert path.relative_to(tmp_path).as_posix() == expected


def test_what_is_read_is_what_was_written(tmp_path: Path):
    both = pl.concat([table(), table(model_id="plain-nb36")])
    write_forecasts(tmp_path, both)
    got = read_forecasts(tmp_path)
    assert got.sort(got.columns).equals(both.sort(both.columns))


def test_writing_the_same_again_changes_nothing(tmp_path: Path):
    (path,) = write_forecasts(tmp_path, table())
    before = path.stat().st_mtime_ns
    write_forecasts(tmp_path, table())
    assert path.stat().st_mtime_ns == before


def test_another_forecast_for_the_same_date_is_refused_and_nothing_is_lost(tmp_path: Path):
    (path,) = write_forecasts(tmp_path, table())
    before = path.read_bytes()
    with pytest.raises(InputRefused, match="never revised"):
        write_forecasts(tmp_path, pl.concat([table(4.0), table(model_id="plain-nb36")]))
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.rglob("*.*")] == [path.name]


def test_a_forecast_from_later_knowledge_has_a_file_of_its_own(tmp_path: Path):
    write_forecasts(tmp_path, table())
    (later,) = write_forecasts(tmp_path, table(4.0, as_of=dt.date(2024, 7, 6)))
    assert later.name == "2024-06-29-sixparty-level-as_of-2024-07-06.csv"
    assert read_forecasts(tmp_path)["as_of"].n_unique() == 2


def test_a_table_with_faults_is_not_written(tmp_path: Path):
    with pytest.raises(InputRefused, match="hub layout"):
        write_forecasts(tmp_path, table().with_columns(target=pl.lit("summits")))
    assert list(tmp_path.iterdir()) == []


def test_an_absent_folder_holds_no_forecast(tmp_path: Path):
    got = read_forecasts(tmp_path / "nowhere")
    assert got.is_empty()
    assert got.columns == list(HUB_SCHEMA)


def test_a_file_with_other_columns_is_refused_by_name(tmp_path: Path):
    folder = tmp_path / "model-output" / "desk-own"
    folder.mkdir(parents=True)
    (folder / "2024-06-29-desk-own.csv").write_text("date,value\n2024-06-29,1\n")
    with pytest.raises(FileRefused, match=r"2024-06-29-desk-own\.csv"):
        read_forecasts(tmp_path)
