"""`sixparty data`: what each verb prints, and how it ends when it is asked for what cannot be."""

import csv
import json
from io import StringIO

import polars as pl
import pytest
from tests.conftest import drill, weapons_test, write_chronicle

from sixparty.chronicle import TABLES, read_chronicle
from sixparty.chronicle.card import END, START, with_fresh_counts
from sixparty.chronicle.export import PASSPORT, README

DAY = "2025-05-08"


@pytest.fixture
def record(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    return write_chronicle(folder, events=[weapons_test(DAY)], spells=[drill("2025-03-10", "2025-03-21")])


def answer(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["result"]


def test_validate_runs_the_checks_of_the_record_and_of_the_ledger(sixparty):
    ran = sixparty("data", "validate")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("All ")
    assert ran.out.endswith(" checks passed.\n")
    checks = answer(sixparty("data", "validate", "--json"))["checks"]
    assert {"forbidden_words", "ledger_words_that_take_a_side", "verified_rows_without_words"} <= set(checks)


def test_validate_names_check_table_row_line_column_reason_and_cell(sixparty, record):
    write_chronicle(record, spells=[drill("2025-03-10", "2025-03-11"), drill("2025-03-21", "2025-03-12")])
    ran = sixparty("data", "validate", "--data", record)
    assert ran.code == 4
    reason = "ends before it starts: end_date must not lie before start_date"
    assert ran.rows == [["ends_before_start", "spells", "jd-2025-03-21", "3", "end_date", reason, "2025-03-12"]]
    assert "1 row fails a check" in ran.err


def test_validate_finds_a_promise_whose_agreement_does_not_exist(sixparty, record):
    promise = {"id": "cmt-1", "agreement_id": "agr-none", "clause": "1", "known_date": DAY, "known_basis": "rule"}
    promise |= {
        "obligors": "PRK",
        "domain": "military",
        "promise_en": "Stop",
        "promise_ko": "멈춘다",
        "exit": "none_stated",
    }
    promise |= {"automaticity": "automatic", "duration": "once", "status": "in_force", "status_basis": "recalled"}
    promise |= {"source_ids": "a-source", "confidence": "recalled"}
    write_chronicle(record, commitments=[promise])
    ran = sixparty("data", "validate", "--data", record)
    assert ran.code == 4
    assert ["commitments_of_no_agreement", "commitments", "cmt-1", "2"] in [row[:4] for row in ran.rows]


def test_validate_refuses_cells_that_break_the_schema(sixparty, record):
    write_chronicle(record, events=[weapons_test(DAY, objects="two"), weapons_test("2025-05-09", event_date="2017-05")])
    ran = sixparty("data", "validate", "--data", record)
    assert (ran.code, ran.out) == (3, "")
    assert "got 2 faults:" in ran.err
    assert "events.csv, line 2, column objects: expected a whole number or nothing, got 'two'." in ran.err
    assert "for a month write its first day, 2017-05-01, with date_precision month, got '2017-05'." in ran.err


def test_list_counts_rows_by_family_and_year(sixparty, record):
    ran = sixparty("data", "list", "--data", record)
    assert ran.rows == [["joint_drills", "2025", "1"], ["weapons_tests", "2025", "1"]]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--type", "ballistic_launch"], [f"wt-{DAY}-SRBM"]),
        (["--type", "nuclear_test"], []),
        (["--confidence", "attested"], ["jd-2025-03-10", f"wt-{DAY}-SRBM"]),
        (["--confidence", "recalled"], []),
        (["--family", "joint_drills", "--confidence", "attested"], ["jd-2025-03-10"]),
        (["--confidence", "attested", "--from", "2025-04-01"], [f"wt-{DAY}-SRBM"]),
        (["--confidence", "attested", "--as-of", "2025-04-01"], ["jd-2025-03-10"]),
    ],
)
def test_list_keeps_to_what_is_asked(sixparty, record, words, ids):
    ran = sixparty("data", "list", "--data", record, *words)
    assert ran.code == 0
    assert [row[0] for row in ran.rows] == ids


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["list", "--family", "rockets"], 2, "family must be one of weapons_tests"),
        (["list", "--type", "balistic_launch"], 2, "Perhaps ballistic_launch"),
        (["list", "--confidence", "sure"], 2, "confidence must be one of verified, attested, recalled, got 'sure'"),
        (["list", "--from", "2025-02-30"], 3, "from must be a day that exists"),
        (["list", "--from", "2025-02-02", "--to", "2025-02-01"], 3, "to must not lie before from"),
        (["list", "--as-of", "1980-01-01"], 3, "as-of must not lie before"),
        (["list", "--format", "xlsx"], 2, "format must be one of csv, json, parquet, got 'xlsx'"),
        (["list", "--format", "parquet"], 2, "--format parquet needs --out FILE"),
        (["list", "--out", "rows.csv"], 2, "--out needs --format"),
        (["list", "--json", "--format", "csv"], 2, "expected --json or --format with --out, got both"),
        (["search"], 2, "Missing argument"),
        (["search", " "], 2, "words must hold at least one word to look for, got none"),
        (["search", "x", "--limit", "0"], 2, "limit must be a number of rows from 1 to 10000, got 0"),
        (["search", "x", "--family", "nothing"], 2, "family must be one of weapons_tests"),
        (["search", "x", "--type", "nothing"], 2, "type must be one of nuclear_test"),
        (["search", "x", "--to", "soon"], 3, "to must be a date like 2025-06-28"),
        (["show"], 2, "Missing argument"),
        (["show", "wt-2017-09-03-nuclea"], 2, "Perhaps wt-2017-09-03-nuclear"),
        (["show", "xyzzy"], 2, "`sixparty data search WORDS` finds rows"),
        (["show", "wt-2017-09-03-nuclear", "--as-of", "2017-09-03"], 2, "must be the name of a row"),
        (["export"], 2, "Missing argument"),
        (["export", "out", "--format", "xlsx"], 2, "format must be one of csv, json, parquet"),
        (["export", "out", "--as-of", "yesterday"], 3, "as-of must be a date like 2025-06-28"),
        (["describe", "--check", "--card", "/nowhere/card.md"], 3, "the data card must be a page that can be read"),
        (["validate", "--data", "/nowhere"], 3, "which is no folder"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_exit_code(sixparty, monkeypatch, tmp_path, words, code, message):
    monkeypatch.chdir(tmp_path)
    ran = sixparty("data", *words)
    assert ran.code == code
    assert message in ran.err
    assert ran.out == ""
    assert not (tmp_path / "out").exists()


def test_rows_are_printed_as_csv_and_as_json(sixparty, record):
    text = sixparty("data", "list", "--data", record, "--type", "ballistic_launch", "--format", "csv").out
    (row,) = csv.DictReader(StringIO(text))
    assert (row["id"], row["date"], row["label_ko"]) == (f"wt-{DAY}-SRBM", DAY, "표지")
    (same,) = json.loads(
        sixparty("data", "list", "--data", record, "--type", "ballistic_launch", "--format", "json").out
    )
    assert same == row


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_rows_are_written_to_a_file(sixparty, record, tmp_path, form):
    file = tmp_path / f"rows.{form}"
    ran = sixparty("data", "search", "label", "--data", record, "--format", form, "--out", file)
    assert (ran.code, ran.out) == (0, "")
    read = {"csv": pl.read_csv, "json": pl.read_json, "parquet": pl.read_parquet}[form](file)
    assert sorted(read["id"]) == ["jd-2025-03-10", f"wt-{DAY}-SRBM"]


def test_no_rows_are_a_file_with_its_header_alone(sixparty, record):
    assert (
        sixparty("data", "search", "zebra", "--data", record, "--format", "csv").out
        == "id,date,family,label_en,label_ko\n"
    )
    assert sixparty("data", "search", "zebra", "--data", record, "--format", "json").out == "[]\n"
    assert sixparty("data", "search", "zebra", "--data", record).out.startswith("No row holds all these words.")


def test_search_says_how_many_more_there_are(sixparty):
    ran = sixparty("data", "search", "nuclear", "--limit", "2")
    assert len(ran.rows) == 2
    assert "rows found, 2 shown" in ran.err
    assert sixparty("data", "search", "nuclear", "--limit", "2", "--quiet").err == ""


@pytest.mark.parametrize(
    ("name", "table", "beside"),
    [
        ("wt-2017-09-03-nuclear", "events", None),
        ("us-2019-02-27", "spells", None),
        ("ld-prk-1948-kim-il-sung", "leaders", None),
        ("agr-2018-military", "agreements", "clauses"),
        ("cmt-1953-armistice-1", "commitments", "agreement"),
        ("csis-beyond-parallel", "sources", "cited_by"),
        ("weapons_tests", "coverage", None),
        ("gpr_korea 2017-09", "series", None),
        ("gpr_korea", "series", "figures"),
    ],
)
def test_show_finds_a_row_of_every_table_with_what_belongs_to_it(sixparty, name, table, beside):
    shown = answer(sixparty("data", "show", *name.split(" "), "--json"))
    assert shown["table"] == table
    always = {"table", "row", "sources", "words", "uses", "second_codings", "recall_checks", "revisions"}
    assert set(shown) - always == {
        *([beside] if beside else []),
        *(["implementation"] if table == "commitments" else []),
    }
    assert beside is None or shown[beside]
    assert table in ("sources",) or shown["sources"]


def test_show_prints_cells_and_sources(sixparty):
    ran = sixparty("data", "show", "gpr_korea", "2017-09")
    assert ["value", "1.6128"] in ran.rows
    assert "gpr-caldara-iacoviello" in ran.out


def test_show_gives_the_words_that_are_kept(sixparty, record):
    words = {"table": "events", "row_id": f"wt-{DAY}-SRBM", "columns": "event_date", "source_id": "a-source"}
    words |= {"address": "https://example.org", "seen_date": "2025-06-30", "seen_as": "stored_page", "carries": "all"}
    words |= {"words": "fired on 8 May"}
    write_chronicle(record, events=[weapons_test(DAY, confidence="verified")], verifications=[words])
    ran = sixparty("data", "show", f"wt-{DAY}-SRBM", "--data", record)
    assert "fired on 8 May" in ran.out
    (line,) = answer(sixparty("data", "show", f"wt-{DAY}-SRBM", "--data", record, "--json"))["words"]
    assert (line["words"], line["seen_date"]) == ("fired on 8 May", "2025-06-30")
    cited = answer(sixparty("data", "show", "a-source", "--data", record, "--json"))["cited_by"]
    assert {"events", "verifications", "coverage"} <= {row["table"] for row in cited}


def test_show_hides_what_came_later(sixparty):
    then = answer(sixparty("data", "show", "cmt-2018-panmunjom-1-3", "--as-of", "2019-01-01", "--json"))["row"]
    now = answer(sixparty("data", "show", "cmt-2018-panmunjom-1-3", "--json"))["row"]
    assert (then["held_until"], then["ended_by"]) == (None, None)
    assert now["held_until"] is not None


def test_an_export_carries_its_marking_beside_the_tables(sixparty, record, tmp_path):
    assert sixparty("data", "export", tmp_path / "out", "--data", record, "--marking", "Official use").code == 0
    assert (tmp_path / "out" / README).read_text(encoding="utf-8").startswith("**Official use**")
    assert json.loads((tmp_path / "out" / PASSPORT).read_text(encoding="utf-8"))["marking"] == "Official use"
    assert "Official use" not in (tmp_path / "out" / "events.csv").read_text(encoding="utf-8")


def test_list_keeps_to_a_party_and_gives_one_page(sixparty):
    ran = sixparty("data", "list", "--party", "JPN", "--sort", "latest", "--limit", "5", "--page", "2")
    assert len(ran.rows) == 5
    found = answer(
        sixparty("data", "list", "--party", "JPN", "--sort", "latest", "--limit", "5", "--page", "2", "--json")
    )
    assert (found["page"], len(found["rows"])) == (2, 5)
    assert all("JPN" in row["parties"].split(";") for row in found["rows"])


def test_list_lists_tables_beside_the_families(sixparty, chronicle):
    assert len(sixparty("data", "list", "--family", "agreements").rows) == len(chronicle["agreements"])


def test_describe_prints_a_text_on_method(sixparty):
    assert sixparty("data", "describe", "--text", "glossary").out.startswith("# Glossary\n")
    assert sixparty("data", "describe", "--text", "glosary").code == 2


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_export_writes_every_table_and_a_passport(sixparty, record, tmp_path, form):
    folder = tmp_path / "out"
    ran = sixparty("data", "export", folder, "--format", form, "--data", record)
    assert ran.code == 0, ran.err
    assert {path.name for path in folder.iterdir()} == {f"{name}.{form}" for name in TABLES} | {PASSPORT, README}
    assert next(row[0] for row in ran.rows) == f"events.{form}"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_export_reads_back_as_the_record(sixparty, tmp_path, chronicle):
    sixparty("data", "export", tmp_path / "out")
    again = read_chronicle(tmp_path / "out")
    assert all(again[name].equals(chronicle[name]) for name in TABLES)
    assert sixparty("data", "validate", "--data", tmp_path / "out").code == 0


def test_an_export_takes_the_place_of_an_earlier_one(sixparty, record, tmp_path):
    sixparty("data", "export", tmp_path / "out", "--data", record, "--format", "json")
    assert sixparty("data", "export", tmp_path / "out", "--data", record, "--as-of", "2025-04-01").code == 0
    passport = json.loads((tmp_path / "out" / PASSPORT).read_text(encoding="utf-8"))
    assert passport["known_by"] == "2025-04-01"
    assert not list((tmp_path / "out").glob("*.json"))[1:]
    assert pl.read_csv(tmp_path / "out" / "events.csv").is_empty()
    assert len(pl.read_csv(tmp_path / "out" / "spells.csv")) == 1


@pytest.mark.parametrize("there", ["notes.txt", PASSPORT])
def test_export_leaves_a_folder_alone_that_holds_something_else(sixparty, record, tmp_path, there):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / there).write_text('{"name": "mine"}', encoding="utf-8")
    ran = sixparty("data", "export", tmp_path / "out", "--data", record)
    assert ran.code == 3
    assert f"must be empty or hold an earlier export and nothing else, got {there}" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [there]


def test_export_leaves_a_file_among_an_earlier_export_alone(sixparty, record, tmp_path):
    sixparty("data", "export", tmp_path / "out", "--data", record)
    (tmp_path / "out" / "thesis.txt").write_text("mine", encoding="utf-8")
    assert sixparty("data", "export", tmp_path / "out", "--data", record).code == 3
    assert (tmp_path / "out" / "thesis.txt").exists()


def test_export_to_a_file_or_a_link_is_refused(sixparty, record, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        assert sixparty("data", "export", tmp_path / name, "--data", record).code == 3
    assert sixparty("data", "export", tmp_path / "file" / "below", "--data", record).code == 6


def test_an_export_that_fails_half_way_leaves_the_earlier_one(sixparty, record, tmp_path, monkeypatch):
    sixparty("data", "export", tmp_path / "out", "--data", record)
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}

    def fail(path, raw):
        if path.name == "series.json":
            raise OSError(28, "No space left on device")
        path.write_bytes(raw)

    monkeypatch.setattr("sixparty.service.export._write_through", fail)
    ran = sixparty("data", "export", tmp_path / "out", "--data", record, "--format", "json")
    assert ran.code == 6
    assert "No space left on device" in ran.err
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_describe_gives_rows_by_confidence_for_every_family(sixparty, chronicle):
    described = answer(sixparty("data", "describe", "--json"))
    for row in [*described["families"], *described["tables"]]:
        assert row["rows"] == row["verified"] + row["attested"] + row["recalled"]
    assert described["rows"] == sum(len(chronicle[name]) for name in ("events", "spells", "calendar"))
    assert {row["table"] for row in described["tables"]} == {"leaders", "agreements", "commitments", "series"}
    ran = sixparty("data", "describe")
    assert ran.out.splitlines()[0].split("\t")[3:7] == ["rows", "verified", "attested", "recalled"]


def test_describe_check_passes_a_fresh_card_and_fails_a_stale_one(sixparty, record, tmp_path):
    fresh = with_fresh_counts(f"A card.\n\n{START}{END}\n\nIt holds 1 events and 1 sources.\n", read_chronicle(record))
    (tmp_path / "card.md").write_text(fresh, encoding="utf-8")
    words = ["data", "describe", "--check", "--card", tmp_path / "card.md", "--data", record]
    assert sixparty(*words).out == "Every count of the data card is that of the rows.\n"
    write_chronicle(record, events=[weapons_test(DAY), weapons_test("2025-05-09")])
    ran = sixparty(*words)
    assert ran.code == 4
    assert ["text", "1 events", "2 events"] in ran.rows
    assert any(row[0] == "table, `weapons_tests`" for row in ran.rows)


def test_describe_check_refuses_a_page_that_is_no_data_card(sixparty, tmp_path):
    (tmp_path / "card.md").write_text("A page.", encoding="utf-8")
    ran = sixparty("data", "describe", "--check", "--card", tmp_path / "card.md")
    assert ran.code == 3
    assert "the data card must hold the lines" in ran.err
