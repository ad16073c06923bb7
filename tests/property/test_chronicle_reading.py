"""Whatever the chronicle writes reads back the same, and whatever it reads is refused by name or read."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sixparty.chronicle import TABLES, read_chronicle
from sixparty.chronicle.export import table_bytes
from sixparty.chronicle.parse import parse_table, read_table
from sixparty.errors import InputRefused, RecordRefused

RECORD = read_chronicle()
DTYPES = {"date": pl.Date, "integer": pl.Int64, "number": pl.Float64}
WORDS = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from('\n",;한\t'), max_size=30)
    .map(str.strip)
    .map(lambda text: text or None)
)
NAMES = st.text(st.characters(categories=["L", "N"], codec="utf-8"), min_size=1, max_size=8)
CELLS = {
    "date": st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    "integer": st.integers(-(10**17), 10**17),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "text": WORDS,
    "list": st.lists(NAMES, min_size=1, max_size=4, unique=True).map(";".join),
}
ODD_CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["2025-02-30", "2017-05", '"', '""', "\0", "\n", "\r", ",", ";", "nan", "-0", "1e999", "\ufeff"]),
    st.binary(max_size=20).map(lambda raw: raw.decode("utf-8", errors="ignore")),
)


def cells_of(column):
    if column.allowed and column.kind == "list":
        words = st.lists(st.sampled_from(column.allowed), min_size=1, max_size=3, unique=True).map(";".join)
    else:
        words = st.sampled_from(column.allowed) if column.allowed else CELLS[column.kind]
    if column.required:
        return words.filter(lambda cell: cell is not None)
    return st.none() | words


@st.composite
def tables(draw, schema):
    rows = draw(st.lists(st.tuples(*map(cells_of, schema.columns)), max_size=4))
    names = [column.name for column in schema.columns]
    kinds = {column.name: DTYPES.get(column.kind, pl.String) for column in schema.columns}
    table = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=kinds)
    return table.unique(schema.key, maintain_order=True)


def outcome(schema, raw):
    """Read, and return the table and None, or None and the refusal."""
    try:
        return read_table(schema, raw), None
    except InputRefused as refused:
        return None, refused


@pytest.mark.parametrize("name", list(TABLES))
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_table_that_was_written_reads_back_the_same(name, data):
    table = data.draw(tables(TABLES[name]))
    read = read_table(TABLES[name], table_bytes(table, form="csv"))
    assert read.schema == table.schema
    assert read.equals(table)


@pytest.mark.parametrize("name", list(TABLES))
def test_the_shipped_files_read_back_the_same(name):
    assert read_table(TABLES[name], table_bytes(RECORD[name], form="csv")).equals(RECORD[name])


@pytest.mark.parametrize("name", ["events", "spells", "series", "commitments", "sources"])
@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 2), place=st.integers(0, 99), odd=ODD_CELLS)
def test_a_cell_that_was_changed_is_read_or_refused_by_file_line_and_column(name, at, place, odd):
    schema, rows = TABLES[name], RECORD[name].head(3)
    column = schema.columns[place % len(schema.columns)].name
    cell = pl.when(pl.int_range(pl.len()) == at).then(pl.lit(odd)).otherwise(pl.col(column).cast(pl.String))
    changed = rows.with_columns(cell.alias(column))
    read, refused = outcome(schema, table_bytes(changed, form="csv"))
    if refused is None:
        assert read.drop(column).equals(rows.drop(column))
        return
    assert isinstance(refused, RecordRefused)
    assert (refused.file, refused.number) == (schema.file, 1)
    assert refused.column == column
    assert refused.row == 2 + at


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["alone", "after the header", "inside a row"]))
def test_any_bytes_are_read_or_refused_and_never_raise_another_error(raw, where):
    schema = TABLES["sources"]
    header = ",".join(column.name for column in schema.columns).encode() + b"\n"
    whole = {"alone": raw, "after the header": header + raw, "inside a row": header + b"a,Title,,," + raw + b",,,,\n"}
    read, refused = outcome(schema, whole[where])
    assert refused is None or "sources.csv" in str(refused)
    assert read is None or read.columns == [column.name for column in schema.columns]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=6), max_size=12), max_size=8))
def test_every_row_is_read_or_has_its_fault(rows):
    """No row is lost in silence: the rows read and those refused for their number of cells are all there were."""
    schema = TABLES["sources"]
    header = ",".join(column.name for column in schema.columns)
    quoted = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    parsed = parse_table(schema, "\n".join([header, *quoted]).encode())
    odd = sum(len(row) not in (0, len(schema.columns)) for row in rows)
    assert len(parsed.table) == sum(len(row) == len(schema.columns) for row in rows)
    assert parsed.number >= odd
