"""Looking back: on no day does the record tell of a later one."""

import datetime as dt
import re
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sixparty.chronicle import TABLES, as_known, read_chronicle
from sixparty.chronicle.assurance import DATUM
from sixparty.chronicle.export import table_bytes
from sixparty.chronicle.failing import row_name
from sixparty.chronicle.parse import read_table
from sixparty.ledger import ledger_status

RECORD = read_chronicle()
FIRST, LAST = RECORD.coverage_start, RECORD.coverage_end
DAYS = st.dates(FIRST, LAST)
DATED = [name for name, schema in TABLES.items() if any(column.name == "known_date" for column in schema.columns)]
PLANNED = {
    ("spells", "start_date"),
    ("spells", "end_date"),
    ("calendar", "date"),
    ("calendar", "end_date"),
    ("commitments", "due_date"),
}
"""Days that may lie ahead because they were announced or promised."""
OF_THE_RECORD = {"coverage", "sources", "verifications"}
"""Tables whose dates are those of the record or of whoever read a source."""
VERIFICATION = {
    "table": "spells",
    "row_id": "",
    "columns": "start_date",
    "source_id": "",
    "address": "https://example.org",
    "seen_date": LAST,
    "seen_as": "stored_page",
    "words": "words",
    "carries": "all",
    "second_seen_date": None,
    "second_result": None,
}


def names(chronicle, table):
    return set(chronicle[table].select(row_name(table)).to_series())


def with_lines(chronicle, lines):
    """The record with these words kept and no others."""
    schema = chronicle["verifications"].schema
    tables = dict(chronicle.tables) | {"verifications": pl.DataFrame(lines, schema=schema)}
    return replace(chronicle, tables=tables)


@settings(max_examples=40, deadline=None)
@given(DAYS)
@example(FIRST)
@example(LAST)
def test_no_date_lies_ahead_unless_it_was_announced_or_promised(day):
    then = as_known(RECORD, day)
    for name, schema in TABLES.items():
        for column in schema.columns:
            if column.kind == "date" and name not in OF_THE_RECORD and (name, column.name) not in PLANNED:
                assert then[name].filter(pl.col(column.name) > day).is_empty(), (name, column.name)


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_of_spells_only_what_was_announced_begins_later_and_only_drills_end_later(day):
    spells = as_known(RECORD, day)["spells"]
    ahead = spells.filter(pl.col("start_date") > day)
    assert ahead.filter(pl.col("drill_status").is_in(["held", "scaled_down"])).is_empty()
    assert ahead["outcome"].null_count() == len(ahead)
    assert set(spells.filter(pl.col("end_date") > day)["spell_type"]) <= {"joint_drill"}


@settings(max_examples=40, deadline=None)
@given(DAYS)
@example(dt.date(1996, 10, 1))
def test_nothing_is_counted_of_an_event_that_lasts_beyond_the_day(day):
    lasting = RECORD["events"].filter(pl.col("end_date") > day)["id"].to_list()
    shown = as_known(RECORD, day)["events"].filter(pl.col("id").is_in(lasting))
    counts = shown.select("objects", "deaths_kor", "deaths_prk", "deaths_other")
    assert all(column.null_count() == len(shown) for column in counts)


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_what_is_known_on_a_day_is_known_on_the_next(day):
    today, tomorrow = as_known(RECORD, day), as_known(RECORD, day + dt.timedelta(days=1))
    for name in TABLES:
        assert names(today, name) <= names(tomorrow, name), name


@settings(max_examples=30, deadline=None)
@given(DAYS, DAYS)
def test_looking_back_from_a_later_day_shows_the_same_as_from_the_whole_record(one, other):
    """What a row says on a day follows from what could be known on any later day."""
    early, late = sorted((one, other))
    direct, through = as_known(RECORD, early), as_known(as_known(RECORD, late), early)
    for name in TABLES:
        assert direct[name].equals(through[name]), name


@settings(max_examples=30, deadline=None)
@given(DAYS)
def test_statuses_that_came_later_do_not_show(day):
    then = as_known(RECORD, day)
    for name in ("agreements", "commitments"):
        later = RECORD[name].filter((pl.col("status_date") >= day) & (pl.col("known_date") <= day))
        shown = then[name].filter(pl.col("id").is_in(later["id"].to_list()))
        assert set(shown["status"]) <= {"in_force"}
        hidden = ["status_date", "status_by", "note"] + ([] if name == "agreements" else ["ended_by", "contested"])
        assert all(shown[column].null_count() == len(shown) for column in hidden)
    assert then["commitments"].filter((pl.col("held_until") >= day) | (pl.col("held_from") >= day)).is_empty()


@settings(max_examples=10, deadline=None)
@given(DAYS)
def test_the_record_as_known_on_a_day_keeps_to_its_schema(day):
    then = as_known(RECORD, day)
    for name, schema in TABLES.items():
        assert read_table(schema, table_bytes(then[name], form="csv")).equals(then[name]), name


@settings(max_examples=15, deadline=None)
@given(DAYS)
def test_the_ledger_reads_the_same_from_the_record_as_known_then(day):
    then, whole = (
        ledger_status(record["agreements"], record["commitments"], as_of=day)
        for record in (as_known(RECORD, day), RECORD)
    )
    assert replace(then, rows=()) == replace(whole, rows=())
    for one, other in zip(then.rows, whole.rows, strict=True):
        assert one == replace(other, status_basis=other.status_basis or "inferred")


@settings(max_examples=40, deadline=None)
@given(DAYS)
def test_no_note_names_a_later_year(day):
    then = as_known(RECORD, day)
    for name, cells in {
        "events": ["note", "attributed_by"],
        "spells": ["note", "ended_by"],
        "leaders": ["note"],
    }.items():
        for cell in cells:
            years = re.findall(r"\b(?:19|20)\d\d\b", " ".join(then[name][cell].drop_nulls()))
            assert max(map(int, years), default=0) <= day.year, (name, cell)


@settings(max_examples=20, deadline=None)
@given(DAYS)
def test_every_source_that_shows_is_cited_by_a_row_that_shows(day):
    then = as_known(RECORD, day)
    cited = ";".join(";".join(then[name]["source_ids"]) for name in TABLES if "source_ids" in then[name].columns)
    assert set(then["sources"]["id"]) == set(cited.split(";")) - {""} | set(then["verifications"]["source_id"])


@settings(max_examples=20, deadline=None)
@given(DAYS)
def test_words_show_only_with_the_row_and_the_cells_that_they_carry(day):
    source = RECORD["sources"]["id"][0]
    lines = [
        VERIFICATION | {"table": name, "row_id": row_id, "columns": columns, "source_id": source}
        for name, columns in (
            ("spells", "start_date;end_date"),
            ("events", "event_date;answer_date"),
            ("leaders", "end_date"),
        )
        for row_id in RECORD[name]["id"]
    ]
    then = as_known(with_lines(RECORD, lines), day)
    for name, last in (("spells", "end_date"), ("events", "answer_date"), ("leaders", "end_date")):
        shown = set(then["verifications"].filter(pl.col("table") == name)["row_id"])
        whole = RECORD[name].filter(pl.col("id").is_in(then[name]["id"].to_list()))
        told = then[name].filter(pl.col(last).is_not_null())["id"].to_list()
        never = whole.filter(pl.col(last).is_null())["id"].to_list()
        assert shown == {*told, *never}


def test_every_table_with_a_datum_can_be_looked_back_on():
    assert set(DATUM) <= set(DATED)


@pytest.mark.parametrize("name", DATED)
def test_every_row_is_known_by_the_record_s_end_or_left_out(name):
    then = as_known(RECORD, LAST)
    assert names(then, name) == set(
        RECORD[name].filter(pl.col("known_date") <= LAST).select(row_name(name)).to_series()
    )


def test_the_same_day_gives_the_same_bytes():
    day = dt.date(2018, 5, 1)
    one, other = as_known(RECORD, day), as_known(RECORD, day)
    assert all(table_bytes(one[name], form="csv") == table_bytes(other[name], form="csv") for name in TABLES)
