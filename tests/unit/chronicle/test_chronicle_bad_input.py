"""Files as they come from editors and spreadsheets: read, or refused by file, line, column, expected and got."""

import os
import threading

import pytest
from tests.conftest import drill, weapons_test, write_chronicle

from sixparty.chronicle import TABLES, failing_rows, read_chronicle
from sixparty.chronicle.parse import FAULTS_TOLD, parse_table, read_table
from sixparty.errors import FileRefused, RecordRefused

EVENTS = [weapons_test("2025-01-06"), weapons_test("2025-05-08")]
SOURCES_HEADER = "id,title,publisher,address,archived_url,date_seen,origin,licence,note\n"


@pytest.fixture
def folder(tmp_path):
    return write_chronicle(tmp_path, events=EVENTS)


def rewrite(path, change):
    path.write_bytes(change(path.read_bytes()))


def sources(text):
    return read_table(TABLES["sources"], text.encode())


def test_a_byte_order_mark_is_passed_over(folder):
    before = read_chronicle(folder)["events"]
    rewrite(folder / "events.csv", lambda raw: b"\xef\xbb\xbf" + raw)
    assert read_chronicle(folder)["events"].equals(before)


def test_lines_that_end_in_crlf_read_the_same(folder):
    before = read_chronicle(folder)["events"]
    rewrite(folder / "events.csv", lambda raw: raw.replace(b"\n", b"\r\n"))
    assert read_chronicle(folder)["events"].equals(before)


def test_lines_that_end_in_cr_alone_read_the_same(folder):
    before = read_chronicle(folder)["events"]
    rewrite(folder / "events.csv", lambda raw: raw.replace(b"\n", b"\r"))
    assert read_chronicle(folder)["events"].equals(before)


def test_a_last_line_without_its_end_is_read(folder):
    rewrite(folder / "events.csv", lambda raw: raw.rstrip(b"\n"))
    assert len(read_chronicle(folder)["events"]) == 2


def test_empty_lines_are_passed_over_and_counted(folder):
    rewrite(
        folder / "events.csv", lambda raw: raw.replace(b"\n", b"\n\n").replace(b"2025-05-08,day", b"2025-05-99,day")
    )
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(folder)
    assert caught.value.row == 5


def test_a_quoted_newline_stays_in_its_cell_and_counts_as_a_line():
    text = SOURCES_HEADER + 'a,"One title\nin two lines",,,,,,,\nb,,,,,,,,\n'
    parsed = parse_table(TABLES["sources"], text.encode())
    assert parsed.table["title"].to_list() == ["One title\nin two lines", None]
    assert [(fault.row, fault.column) for fault in parsed.faults] == [(4, "title")]


def test_a_quoted_newline_of_a_spreadsheet_counts_as_one_line():
    text = SOURCES_HEADER.replace("\n", "\r\n") + 'a,"One title\r\nin two lines",,,,,,,\r\nb,,,,,,,,\r\n'
    assert [fault.row for fault in parse_table(TABLES["sources"], text.encode()).faults] == [4]


@pytest.mark.parametrize(
    ("encoding", "line"), [("cp949", 2), ("cp1252", 2), ("utf-16", 1), ("utf-16-le", 2), ("utf-32", 1)]
)
def test_another_encoding_is_refused_with_the_line_where_it_shows(folder, encoding, line):
    word = "é" if encoding == "cp1252" else "북한"
    path = folder / "sources.csv"
    path.write_bytes((SOURCES_HEADER + f"a-source,{word},,,,,,,\n").encode(encoding))
    with pytest.raises(FileRefused, match=r"sources.csv") as caught:
        read_chronicle(folder)
    if encoding != "utf-16-le":
        assert f"must be UTF-8 text, got other bytes in line {line}. Save it as UTF-8." in str(caught.value)


def test_a_file_divided_by_semicolons_is_refused_with_the_columns_expected(folder):
    rewrite(folder / "events.csv", lambda raw: raw.replace(b",", b";"))
    with pytest.raises(
        FileRefused, match=r"events.csv, line 1: expected the columns id, event_date.*got id;event_date"
    ):
        read_chronicle(folder)


@pytest.mark.parametrize("raw", [b"", b"\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(folder, raw):
    (folder / "events.csv").write_bytes(raw)
    with pytest.raises(FileRefused, match=r"events.csv, line 1: expected the columns"):
        read_chronicle(folder)


def test_columns_in_another_order_are_refused(folder):
    rewrite(folder / "sources.csv", lambda raw: raw.replace(b"id,title", b"title,id"))
    with pytest.raises(FileRefused, match=r"got title, id, publisher"):
        read_chronicle(folder)


def test_a_folder_in_place_of_a_file_is_refused(folder):
    (folder / "events.csv").unlink()
    (folder / "events.csv").mkdir()
    with pytest.raises(FileRefused, match=r"events.csv must be readable, got: Is a directory"):
        read_chronicle(folder)


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x7f"])
def test_a_control_character_is_refused_by_line_and_column(sign):
    with pytest.raises(RecordRefused, match=r"line 2, column title: expected text without control characters"):
        sources(SOURCES_HEADER + f"a,Ti{sign}tle,,,,,,,\n")


def test_a_quotation_mark_that_is_never_closed_is_refused_where_it_opens_and_swallows_nothing():
    text = SOURCES_HEADER + 'a,One,,,,,,,\nb,Two,,,,,,,"a note\nc,Three,,,,,,,\n'
    parsed = parse_table(TABLES["sources"], text.encode())
    assert [(fault.row, fault.column, fault.got) for fault in parsed.faults] == [
        (3, "(whole row)", "unexpected end of data")
    ]


def test_words_after_a_closed_quotation_mark_are_refused():
    with pytest.raises(RecordRefused, match=r"line 2, column \(whole row\): expected cells divided by commas"):
        sources(SOURCES_HEADER + 'a,"One" title,,,,,,,\n')


def test_a_cell_of_more_characters_than_a_cell_may_have_is_refused_by_line():
    with pytest.raises(RecordRefused, match=r"line 2, column \(whole row\).*field larger than field limit"):
        sources(SOURCES_HEADER + f"a,{'x' * 200_000},,,,,,,\n")


def test_a_file_that_is_one_endless_line_is_refused():
    with pytest.raises(RecordRefused, match=r"line 2, column \(whole row\).*got a line of 6,000,000 letters"):
        sources(SOURCES_HEADER + "junk, " * 1_000_000)


def test_a_long_cell_is_shortened_in_the_message():
    with pytest.raises(RecordRefused) as caught:
        sources(SOURCES_HEADER + f"a,One,,,,{'2025' * 1000},,,\n")
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2017-05", "; for a month write its first day, 2017-05-01, with date_precision month"),
        ("2017", "; for a year write its first day, 2017-01-01, with date_precision year"),
        ("2017-13", ""),
        ("2025-02-30", ""),
        ("2025-2-03", ""),
        ("+2025-2-03", ""),
        ("20250203", ""),
        ("2025/02/03", ""),
        ("2025-02-03 ", None),
        ("0000-01-01", ""),
        ("9999-12-31", ""),
        ("2025-02-03T00:00", ""),
        ("２０２５-02-03", ""),
        ("45691", ""),
    ],
)
def test_a_day_is_read_or_the_message_says_how_to_write_it(tmp_path, cell, words):
    write_chronicle(tmp_path, events=[weapons_test("2025-02-03") | {"event_date": cell}])
    if words is None:
        assert len(read_chronicle(tmp_path)["events"]) == 1
        return
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(tmp_path)
    assert (caught.value.row, caught.value.column) == (2, "event_date")
    assert caught.value.expected == f"a date like 2025-06-28 or nothing{words}"
    assert caught.value.got == repr(cell)


def test_a_month_in_a_column_of_whole_days_is_told_to_stay_empty(tmp_path):
    write_chronicle(tmp_path, spells=[drill("2025-03-10", "2025-03-21", announced_date="2025-03")])
    with pytest.raises(RecordRefused, match="a month alone cannot stand here: give the day, or leave the cell empty"):
        read_chronicle(tmp_path)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"actors": "PRK;"}, "actors"),
        ({"actors": "PRK; KOR"}, "actors"),
        ({"actors": "PRK;PRK"}, "actors"),
        ({"actors": "prk"}, "actors"),
        ({"actors": "북한"}, "actors"),
        ({"source_ids": "a-source;"}, "source_ids"),
        ({"source_ids": "a-source;a-source"}, "source_ids"),
        ({"event_type": "missile"}, "event_type"),
        ({"weapon_class": "srbm"}, "weapon_class"),
        ({"objects": "1,000"}, "objects"),
        ({"objects": "99999999999999999999"}, "objects"),
        ({"objects": "٣"}, "objects"),
        ({"range_km": "nan"}, "range_km"),
        ({"range_km": "inf"}, "range_km"),
        ({"range_km": "1e999"}, "range_km"),
        ({"range_km": "1_000"}, "range_km"),
        ({"confidence": "Verified"}, "confidence"),
        ({"known_date": ""}, "known_date"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_by_its_column(tmp_path, cells, column):
    write_chronicle(tmp_path, events=[weapons_test("2025-05-08") | cells])
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(tmp_path)
    assert (caught.value.file, caught.value.row, caught.value.column) == ("events.csv", 2, column)
    assert caught.value.number == 1


def test_a_name_that_stands_twice_is_refused_with_both_lines(tmp_path):
    write_chronicle(tmp_path, events=[*EVENTS, EVENTS[0]])
    with pytest.raises(
        RecordRefused, match=r"events.csv, line 4, column id: expected a name that no other row has; line 2"
    ):
        read_chronicle(tmp_path)


def test_a_figure_that_stands_twice_is_refused_by_series_and_period(tmp_path):
    figure = {"series": "trade", "period": "2024-05", "value": "1", "unit": "USD", "known_date": "2024-07-01"}
    figure |= {"known_basis": "rule", "source_ids": "a-source", "confidence": "attested"}
    write_chronicle(tmp_path, series=[figure, figure | {"value": "2"}])
    with pytest.raises(RecordRefused, match=r"line 3, column period: .*\(series and period together\); line 2 has it"):
        read_chronicle(tmp_path)


def test_faults_of_several_files_are_told_together(tmp_path):
    write_chronicle(
        tmp_path, events=[weapons_test("2025-05-08", objects="two")], spells=[drill("2025-03-10", "2025-13-01")]
    )
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(tmp_path)
    assert [(fault.file, fault.column) for fault in caught.value.faults] == [
        ("events.csv", "objects"),
        ("spells.csv", "end_date"),
    ]
    assert "got 2 faults:" in str(caught.value)


def test_the_first_faults_are_told_by_line_and_the_others_counted(tmp_path):
    rows = [weapons_test("2025-05-08", id=f"wt-{at}", objects="two", range_km="far") for at in range(30)]
    write_chronicle(tmp_path, events=rows)
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(tmp_path)
    assert caught.value.number == 60
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (line, column) for line in range(2, 2 + FAULTS_TOLD // 2) for column in ("objects", "range_km")
    ]
    assert str(caught.value).splitlines()[-2:] == [
        "  and 40 more.",
        "Correct the rows, then run `sixparty data validate`.",
    ]


def test_ten_thousand_rows_of_junk_are_counted_and_the_first_told(folder):
    cells = len(TABLES["events"].columns)
    junk = b"".join(b"%d,%s\n" % (at, b",".join([b"junk"] * (cells - 1))) for at in range(10_000))
    rewrite(folder / "events.csv", lambda raw: raw + junk)
    with pytest.raises(RecordRefused) as caught:
        read_chronicle(folder)
    assert caught.value.number > 100_000
    assert len(caught.value.faults) == FAULTS_TOLD
    assert {fault.row for fault in caught.value.faults} == {4}


def test_random_bytes_are_refused(folder):
    (folder / "events.csv").write_bytes(bytes(range(256)) * 64)
    with pytest.raises(FileRefused, match=r"events.csv"):
        read_chronicle(folder)


def test_a_spell_that_ends_before_it_starts_and_a_source_that_is_none_fail_their_checks(tmp_path):
    rows = [drill("2025-03-21", "2025-03-10", source_ids="nobody")]
    failing = failing_rows(read_chronicle(write_chronicle(tmp_path, spells=rows)))
    assert set(failing["check"]) == {"ends_before_start", "unknown_sources"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_like_a_file(folder):
    raw = (folder / "events.csv").read_bytes()
    (folder / "events.csv").unlink()
    os.mkfifo(folder / "events.csv")
    writer = threading.Thread(target=(folder / "events.csv").write_bytes, args=(raw,))
    writer.start()
    assert len(read_chronicle(folder)["events"]) == 2
    writer.join()
