"""The shipped agreements and commitments, and small tables with only the cells that matter to a test."""

import csv
from importlib import resources
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from sixparty.chronicle.columns import TableSchema
from sixparty.chronicle.parse import read_table
from sixparty.chronicle.schema_ledger import AGREEMENTS, COMMITMENTS

AGREEMENT = {
    "id": "agr-1",
    "signed_date": "2000-06-15",
    "known_date": "2000-06-16",
    "known_basis": "rule",
    "parties": "PRK;KOR",
    "kind": "declaration",
    "title_en": "An agreement",
    "title_ko": "합의서",
    "coded": "clauses",
    "status": "in_force",
    "status_basis": "inferred",
    "source_ids": "a-source",
    "confidence": "attested",
}
COMMITMENT = {
    "id": "cmt-1",
    "agreement_id": "agr-1",
    "clause": "1",
    "known_date": "2000-06-16",
    "known_basis": "rule",
    "obligors": "PRK;KOR",
    "domain": "military",
    "promise_en": "Stop loudspeakers",
    "promise_ko": "확성기를 끈다",
    "automaticity": "automatic",
    "duration": "open",
    "exit": "none_stated",
    "status": "in_force",
    "status_basis": "inferred",
    "source_ids": "a-source",
    "confidence": "attested",
}


def table_of(schema: TableSchema, rows: list[dict[str, str]]) -> pl.DataFrame:
    """Type rows of text as the chronicle's reader does."""
    names = [column.name for column in schema.columns]
    assert all(set(row) <= set(names) for row in rows)
    text = StringIO()
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return read_table(schema, text.getvalue().encode())


def agreements_of(*rows: dict[str, str]) -> pl.DataFrame:
    return table_of(AGREEMENTS, [AGREEMENT | row for row in rows or ({},)])


def commitments_of(*rows: dict[str, str]) -> pl.DataFrame:
    return table_of(COMMITMENTS, [COMMITMENT | {"id": f"cmt-{number}"} | row for number, row in enumerate(rows, 1)])


def read_ledger_tables(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read agreements.csv and commitments.csv of a folder."""
    agreements, commitments = (
        read_table(schema, (folder / schema.file).read_bytes()) for schema in (AGREEMENTS, COMMITMENTS)
    )
    return agreements, commitments


@pytest.fixture(scope="session")
def shipped() -> tuple[pl.DataFrame, pl.DataFrame]:
    return read_ledger_tables(Path(str(resources.files("sixparty") / "data")))
