"""The data package is described so that the public validator finds what is wrong with a file."""

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sixparty.chronicle import TABLES, data_package

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "src" / "sixparty" / "data"
VALIDATOR = ROOT / ".venv" / "frictionless" / "bin" / "frictionless"
needs_validator = pytest.mark.skipif(not VALIDATOR.exists(), reason="`make check-package` installs the validator")
RESOURCES = {resource["name"]: resource for resource in data_package()["resources"]}


def report(folder):
    done = subprocess.run(
        [VALIDATOR, "validate", "datapackage.json", "--json"], capture_output=True, text=True, cwd=folder, check=False
    )
    found = json.loads(done.stdout)
    errors = {
        (task["name"], error["type"], error.get("fieldName")) for task in found["tasks"] for error in task["errors"]
    }
    return found["valid"], errors


def rows(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_every_table_is_a_resource_whose_file_exists():
    assert {f"{name}.csv" for name in RESOURCES} == {path.name for path in DATA.glob("*.csv")}
    for name, resource in RESOURCES.items():
        assert resource["path"] == TABLES[name].file


def test_the_passport_names_licence_sources_and_contributors():
    package = data_package()
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert all(source["title"] and source["path"] for source in package["sources"])
    assert all(contributor["title"] for contributor in package["contributors"])


@pytest.mark.parametrize("name", list(RESOURCES))
def test_lists_keep_to_their_pattern(name):
    patterns = {
        field["name"]: re.compile(field["constraints"]["pattern"])
        for field in RESOURCES[name]["schema"]["fields"]
        if "pattern" in field.get("constraints", {})
    }
    assert set(patterns) == {column.name for column in TABLES[name].columns if column.kind == "list"}
    for row in rows(name):
        for column, pattern in patterns.items():
            assert not row[column] or pattern.fullmatch(row[column]), row


def test_a_list_with_another_word_or_a_stray_separator_breaks_its_pattern():
    fields = {field["name"]: field for field in RESOURCES["events"]["schema"]["fields"]}
    pattern = fields["actors"]["constraints"]["pattern"]
    assert re.fullmatch(pattern, "PRK;KOR")
    for text in ("PRK;", ";PRK", "PRK;;KOR", "PRK,KOR", "DPRK", "PRK;XXX"):
        assert not re.fullmatch(pattern, text), text


def test_foreign_keys_name_columns_that_exist_and_hold():
    for name, resource in RESOURCES.items():
        for key in resource["schema"].get("foreignKeys", []):
            other = key["reference"]["resource"]
            known = {row[key["reference"]["fields"][0]] for row in rows(other)}
            assert {row[key["fields"][0]] for row in rows(name)} <= known, name


@needs_validator
def test_the_public_validator_accepts_the_package():
    assert report(DATA) == (True, set())


PLANTED = (
    ("events", "event_date", "2022-02-30", "type-error"),
    ("events", "event_type", "quarrel", "constraint-error"),
    ("events", "actors", "PRK;XXX", "constraint-error"),
    ("events", "label_en", "", "constraint-error"),
    ("spells", "id", "the first row's", "primary-key"),
    ("commitments", "agreement_id", "ag-none", "foreign-key"),
)


@needs_validator
def test_the_public_validator_finds_every_kind_of_fault(tmp_path):
    folder = shutil.copytree(DATA, tmp_path / "data")
    (folder / "datapackage.json").write_text(json.dumps(data_package()), encoding="utf-8")
    for name in {name for name, *_ in PLANTED}:
        table = list(rows(name))
        for place, (_, column, cell, kind) in enumerate((plant for plant in PLANTED if plant[0] == name), start=1):
            table[place][column] = table[0][column] if kind == "primary-key" else cell
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, table[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table)
    is_valid, errors = report(folder)
    assert not is_valid
    for name, column, _, kind in PLANTED:
        assert (name, kind, column if kind in ("type-error", "constraint-error") else None) in errors, (name, column)
