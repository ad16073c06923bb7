import datetime as dt
import hashlib
import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from tests.conftest import drill, weapons_test

from sixparty.chronicle import TABLES, as_known
from sixparty.chronicle.export import FORMATS, PASSPORT, README, export_files, exported_names, table_bytes

DAY = "2025-05-08"


@pytest.fixture
def small(make_chronicle):
    return make_chronicle(events=[weapons_test(DAY, range_km="800", apogee_km="60.5")], spells=[drill(DAY, DAY)])


def test_whole_numbers_are_written_without_decimals(small):
    header, row = table_bytes(small["events"], form="csv").decode().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    assert (cells["range_km"], cells["apogee_km"], cells["objects"]) == ("800", "60.5", "")


def test_json_holds_dates_as_text_and_missing_cells_as_null(small):
    (row,) = json.loads(table_bytes(small["events"], form="json"))
    assert (row["event_date"], row["range_km"], row["objects"], row["label_ko"]) == (DAY, 800.0, None, "표지")


def test_parquet_keeps_the_types(small):
    read = pl.read_parquet(BytesIO(table_bytes(small["events"], form="parquet")))
    assert read.equals(small["events"])
    assert read.schema["event_date"] == pl.Date


@pytest.mark.parametrize("form", FORMATS)
def test_the_passport_names_every_file_with_its_size_and_digest(small, form):
    files = export_files(small, form=form)
    passport = json.loads(files[PASSPORT])
    assert set(files) == {f"{name}.{form}" for name in TABLES} | {PASSPORT, README}
    for resource in passport["resources"]:
        raw = files[resource["path"]]
        assert resource["bytes"] == len(raw)
        assert resource["hash"] == f"sha256:{hashlib.sha256(raw).hexdigest()}"
    assert (passport["digest"], passport["known_by"]) == (small.digest, None)


def test_the_passport_says_by_which_day_the_rows_could_be_known(small):
    then = as_known(small, dt.date(2025, 5, 7))
    assert json.loads(export_files(then, form="csv")[PASSPORT])["known_by"] == "2025-05-07"


def test_the_same_record_gives_the_same_bytes(small):
    assert all(export_files(small, form=form) == export_files(small, form=form) for form in FORMATS)


def test_an_export_is_told_from_another_package(small):
    files = export_files(small, form="csv")
    assert exported_names(files[PASSPORT]) == set(files)
    for other in (
        b"",
        b"[]",
        b"{}",
        b'{"created_by": "another hand"}',
        b'{"created_by": "sixparty data export"}',
        b"\xff",
    ):
        assert exported_names(other) is None


def test_the_shipped_package_is_no_export():
    from importlib import resources

    assert exported_names((resources.files("sixparty") / "data" / PASSPORT).read_bytes()) is None


VALIDATOR = Path(sys.prefix) / "frictionless" / "bin" / "frictionless"


@pytest.mark.skipif(not VALIDATOR.exists(), reason="`make check-package` installs the validator")
def test_the_public_validator_finds_nothing_in_an_export(small, tmp_path):
    for name, raw in export_files(small, form="csv").items():
        (tmp_path / name).write_bytes(raw)
    words = [VALIDATOR, "validate", PASSPORT]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout
