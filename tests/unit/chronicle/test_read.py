import datetime as dt

import polars as pl
import pytest
from tests.conftest import drill, meeting, weapons_test, write_chronicle

from sixparty.chronicle import as_known, read_chronicle
from sixparty.errors import DateRefused, FileRefused, RecordRefused


def test_cells_are_typed_and_empty_cells_are_missing(make_chronicle):
    events = make_chronicle(events=[weapons_test("2025-05-08", range_km="800", deaths_kor="")])["events"]
    row = events.row(0, named=True)
    assert row["event_date"] == dt.date(2025, 5, 8)
    assert row["range_km"] == 800.0
    assert row["deaths_kor"] is None
    assert events.schema["objects"] == pl.Int64


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({"event_date": "2025-02-30"}, "event_date", "a date like 2025-06-28 or nothing"),
        ({"event_date": "2025-5-8"}, "event_date", "a date like 2025-06-28 or nothing"),
        ({"objects": "two"}, "objects", "a whole number or nothing"),
        ({"objects": "2.5"}, "objects", "a whole number or nothing"),
        ({"range_km": "far"}, "range_km", "a number or nothing"),
        ({"weapon_class": "Scud"}, "weapon_class", "one of nuclear, CRBM"),
        ({"actors": "PRK;DPRK"}, "actors", "one of PRK, KOR"),
        ({"source_ids": ""}, "source_ids", "a value"),
    ],
)
def test_a_cell_that_breaks_the_schema_is_named_with_file_line_and_column(tmp_path, cells, column, expected):
    write_chronicle(tmp_path, events=[weapons_test("2025-01-06"), weapons_test("2025-05-08") | cells])
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(tmp_path)
    assert (caught.value.file, caught.value.row, caught.value.column) == ("events.csv", 3, column)
    assert caught.value.expected.startswith(expected)
    assert "sixparty data validate" in str(caught.value)


def test_a_row_with_too_few_cells_is_refused_with_its_line(tmp_path):
    write_chronicle(tmp_path)
    with (tmp_path / "calendar.csv").open("a", encoding="utf-8") as file:
        file.write("only,three,cells\n")
    with pytest.raises(RecordRefused, match=r"calendar.csv, line 2, column \(whole row\): expected 12 cells, got 3"):
        read_chronicle(tmp_path)


def test_another_header_is_refused(tmp_path):
    write_chronicle(tmp_path)
    (tmp_path / "sources.csv").write_text("id,name\n", encoding="utf-8")
    with pytest.raises(FileRefused, match=r"sources.csv, line 1: expected the columns id, title"):
        read_chronicle(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    write_chronicle(tmp_path)
    (tmp_path / "spells.csv").unlink()
    with pytest.raises(FileRefused, match=r"must hold spells.csv"):
        read_chronicle(tmp_path)


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(tmp_path):
    write_chronicle(tmp_path)
    with (tmp_path / "events.csv").open("ab") as file:
        file.write(b"\xff\xfe broken\n")
    with pytest.raises(FileRefused, match=r"events.csv must be UTF-8 text, got other bytes in line 2"):
        read_chronicle(tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(FileRefused, match="which is no folder"):
        read_chronicle(tmp_path / "nowhere")


def test_the_digest_changes_with_one_letter(tmp_path):
    write_chronicle(tmp_path, events=[weapons_test("2025-05-08")])
    before = read_chronicle(tmp_path).digest
    assert read_chronicle(tmp_path).digest == before
    write_chronicle(tmp_path, events=[weapons_test("2025-05-08", label_en="Another label")])
    assert read_chronicle(tmp_path).digest != before


def test_what_was_not_yet_known_is_left_out(make_chronicle):
    chronicle = make_chronicle(
        events=[
            weapons_test("2025-05-08", known_date="2025-05-09"),
            weapons_test("2025-05-20", known_date="2025-06-20", weapon_class="SRBM"),
        ]
    )
    assert as_known(chronicle, dt.date(2025, 6, 1))["events"]["event_date"].to_list() == [dt.date(2025, 5, 8)]
    assert len(as_known(chronicle, dt.date(2025, 6, 20))["events"]) == 2


def test_a_moratorium_that_ends_later_reads_as_still_in_force(make_chronicle):
    row = {
        "id": "mo-1",
        "spell_type": "moratorium",
        "start_date": "2018-04-20",
        "end_date": "2022-03-24",
        "end_precision": "day",
        "known_date": "2018-04-21",
        "weapon_classes": "nuclear;ICBM",
        "ended_by": "a launch",
    }
    chronicle = make_chronicle(spells=[row, drill("2018-04-01", "2018-04-26")])
    then = as_known(chronicle, dt.date(2020, 1, 1))["spells"].sort("start_date")
    assert then["end_date"].to_list() == [dt.date(2018, 4, 26), None]
    assert then["ended_by"].to_list() == [None, None]
    now = as_known(chronicle, dt.date(2022, 3, 25))["spells"].sort("start_date")
    assert now["end_date"].to_list()[1] == dt.date(2022, 3, 24)


def test_a_day_before_the_record_is_refused(make_chronicle):
    with pytest.raises(DateRefused, match="must not lie before 1990-01-01"):
        as_known(make_chronicle(), dt.date(1989, 12, 31))


def test_what_came_of_a_spell_later_is_hidden(make_chronicle):
    chronicle = make_chronicle(
        spells=[
            meeting("2025-06-10", end_date="2025-06-20", outcome="agreement", known_date="2025-06-11"),
            drill("2025-06-25", "2025-06-27", known_date="2025-06-12"),
        ]
    )
    talks, exercise = as_known(chronicle, dt.date(2025, 6, 15))["spells"].sort("start_date").to_dicts()
    assert (talks["end_date"], talks["outcome"]) == (None, None)
    assert (exercise["end_date"], exercise["drill_status"]) == (dt.date(2025, 6, 27), "announced")
    talks, exercise = as_known(chronicle, dt.date(2025, 6, 30))["spells"].sort("start_date").to_dicts()
    assert talks["outcome"] == "agreement"
    assert exercise["drill_status"] == "held"


def test_an_answer_and_a_last_day_are_hidden_until_they_come(make_chronicle):
    offer = {"id": "ca-1", "event_date": "2025-06-02", "known_date": "2025-06-02", "event_type": "offer"}
    told = {"act_kind": "talks", "answer": "rejected", "answer_date": "2025-06-10", "end_date": "2025-06-12"}
    term = {
        "id": "ld-1",
        "party": "KOR",
        "start_date": "2022-05-10",
        "end_date": "2025-06-12",
        "known_date": "2022-05-10",
    }
    undated = offer | {"id": "ca-2", "act_kind": "aid", "answer": "ignored"}
    chronicle = make_chronicle(events=[offer | told, undated], leaders=[term])
    before = as_known(chronicle, dt.date(2025, 6, 9))
    assert before["events"].select("answer", "answer_date", "end_date").row(0) == (None, None, None)
    assert before["leaders"]["end_date"].to_list() == [None]
    between = as_known(chronicle, dt.date(2025, 6, 10))["events"].row(0, named=True)
    assert (between["answer"], between["end_date"]) == ("rejected", None)
    assert as_known(chronicle, dt.date(2025, 6, 30))["events"]["answer"].to_list() == ["rejected", None]
    assert as_known(chronicle, dt.date(2025, 6, 12))["leaders"]["end_date"].to_list() == [dt.date(2025, 6, 12)]
