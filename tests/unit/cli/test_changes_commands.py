"""`sixparty data add, import, apply, diff, undo`, from the line that is typed to the record that every verb reads."""

import json
import os
import pty
import subprocess
import sys

import pytest
from tests.conftest import SOURCE, weapons_test, write_chronicle

from sixparty.chronicle import FAMILIES, read_chronicle
from sixparty.chronicle.card import END, START, with_fresh_counts
from sixparty.chronicle.changes import CHANGE_FILE
from sixparty.service import describe, record, revise

LINE = '2003-02-01 PRK SRBM 2 Sunan https://example.org/a "North Korea launched two missiles"'
KEY = "wt-2003-02-01-srbm"
CSIS_HEADER = "date,csis_type,csis_event_label,event_code,weapon_class,source,url\n"


def result(ran):
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["result"]


SOURCES = ("csis-beyond-parallel", "cns-missile-db", "recalled-reference")


@pytest.fixture
def small(sixparty, monkeypatch, tmp_path):
    """The command line over a small shipped record that ends with 2005 and holds one test of 2002."""
    cited = ";".join(("a-source", *SOURCES))
    ends = {"complete_from": "1990-01-01", "complete_through": "2005-12-31", "source_ids": cited}
    folder = tmp_path / "shipped"
    folder.mkdir()
    write_chronicle(
        folder,
        sources=[SOURCE, *({"id": name, "title": "A list"} for name in SOURCES)],
        coverage=[ends | {"family": family} for family in FAMILIES],
        events=[weapons_test("2002-03-01", place="Sunan")],
    )
    shipped = read_chronicle(folder)
    for module in (record, revise):
        monkeypatch.setattr(module, "shipped_record", lambda: shipped)
    return sixparty


def counts(small):
    return result(small("data", "diff", "--json"))["counts"]


@pytest.fixture
def csis(tmp_path):
    """A list with two acts on days on which the record has none, and one of a month."""
    path = tmp_path / "csis.csv"
    rows = ("2003-02-01,x,Nuclear Test", "2003-02-08,x,Underwater Nuclear Attack Drone", "1995-02,x,Cruise Missile")
    path.write_bytes((CSIS_HEADER + "".join(f"{row},,,,\r\n" for row in rows)).encode("cp1252"))
    return path


def test_a_line_becomes_a_row_with_its_source_and_every_verb_shows_it(sixparty):
    rows = result(sixparty("data", "add", LINE, "--json"))["rows"]
    assert [(row["table"], row["key"]) for row in rows] == [("sources", "example-2003-02-01"), ("events", KEY)]
    source, event = (row["row"] for row in rows)
    assert source["address"] == "https://example.org/a"
    assert source["title"] == 'example.org: page cited for "North Korea launched two missiles"'
    assert event["confidence"] == "attested"
    assert (event["known_date"], event["known_basis"]) == ("2003-02-02", "rule")
    assert event["label_ko"] == "북한, 순안에서 단거리 탄도미사일 2발 발사"
    shown = json.loads(sixparty("data", "show", KEY, "--json").out)
    assert shown["result"]["row"]["objects"] == 2
    assert shown["provenance"]["own_rows"] == 2
    assert shown["warnings"][0].startswith("2 rows of the overlay are in force")
    assert KEY in sixparty("data", "list", "--family", "weapons_tests").out
    assert sixparty("data", "validate").code == 0
    weeks = result(sixparty("tension", "show", "--from", "2003-01-26", "--to", "2003-02-01", "--json"))["weeks"]
    assert weeks[-1]["week_end"] == "2003-02-01"


def test_the_warning_is_told_on_stderr_and_quiet_keeps_it_back(small):
    small("data", "add", LINE)
    assert "2 rows of the overlay are in force" in small("data", "describe").err
    assert small("data", "describe", "--quiet").err == ""


def test_a_record_of_ones_own_has_nothing_laid_over_it(small, tmp_path):
    small("data", "add", LINE)
    own = tmp_path / "own"
    own.mkdir()
    write_chronicle(own)
    assert json.loads(small("data", "list", "--data", own, "--json").out)["provenance"]["own_rows"] == 0


def test_the_data_card_tells_of_the_shipped_rows_alone(small, tmp_path, monkeypatch):
    monkeypatch.setattr(describe, "shipped_record", record.shipped_record)
    card = tmp_path / "card.md"
    card.write_text(with_fresh_counts(f"A card.\n\n{START}{END}\n", record.shipped_record()), encoding="utf-8")
    small("data", "add", LINE)
    assert small("data", "describe", "--check", "--card", card).code == 0


def test_another_home_has_another_overlay(small, tmp_path):
    small("data", "add", LINE, "--home", tmp_path / "other")
    assert counts(small) == {"add": 0, "change": 0, "withdraw": 0}
    found = result(small("data", "show", KEY, "--home", tmp_path / "other", "--json"))
    assert found["row"]["id"] == KEY


def test_a_row_like_one_that_stands_is_refused_and_shown_unless_insisted(small):
    small("data", "add", LINE)
    ran = small("data", "add", LINE.replace("02-01", "02-02"))
    assert ran.code == 3
    assert f"{KEY}  2003-02-01  North Korea launched two missiles" in ran.err
    assert "--another" in ran.err
    assert counts(small)["add"] == 2
    assert small("data", "add", LINE.replace("02-01", "02-02"), "--another").code == 0
    assert small("data", "add", LINE, "--another").code == 0
    assert counts(small)["add"] == 4
    assert small("data", "add", LINE.replace("02-01", "02-09")).code == 0


def test_a_known_address_is_cited_again_and_no_source_is_added(small):
    small("data", "add", LINE)
    rows = result(small("data", "add", "2003-02-20 PRK ICBM https://example.org/a/", "--json"))["rows"]
    assert [row["table"] for row in rows] == ["events"]
    assert rows[0]["row"]["source_ids"] == "example-2003-02-01"


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["2003-02-01 PRK SRBM"], 2, "Address of the source, or its name in the record (--source)"),
        ([""], 2, "Day (KST), month or year, as 2025-06-12 (--date)"),
        (["2003-02-01 https://example.org/a"], 2, "(--type: nuclear_test, ballistic_launch"),
        (["2003-02-01 contact CHN;PRK https://example.org/a"], 2, "(--level: leaders, ministers, envoys, working)"),
        (["2003-02-30 PRK SRBM https://example.org/a"], 2, "a day that exists, got '2003-02-30'"),
        ([LINE, "--date", "soon"], 2, "date must be a day, a month or a year"),
        ([LINE, "--type", "a_party"], 2, "--type must be one of nuclear_test"),
        ([LINE, "--actors", "PRK;XYZ"], 2, "--actors must be one of PRK"),
        ([LINE, "--class", "LACM"], 3, "a ballistic launch has a ballistic class"),
        ([LINE, "--objects", "many"], 3, "objects: expected a whole number or nothing, got 'many'"),
        ([LINE, "--known", "2003-01-01"], 3, "known before it happened"),
        ([LINE, "--source", "a book"], 3, "an address that begins with http"),
        ([LINE, "--source", "ftp://example.org/a"], 3, "an address that begins with http"),
        ([LINE, "--label-en", "A provocation"], 3, "uses a word that takes a side"),
        ([LINE, "--label-ko", "no Korean"], 3, "Hangul"),
        (["2990-01-01 PRK SRBM https://example.org/a"], 2, ""),
        (["2099-01-01 PRK SRBM https://example.org/a"], 3, "must not lie after today"),
        ([LINE, "--words", "two missiles", "--words-carry", "votes"], 2, "--words-carry must name columns"),
        ([LINE, "--words", "two missiles", "--seen-as", "dream"], 3, "seen_as: expected one of"),
        ([LINE, "--unknown"], 2, "No such option"),
        ([LINE, "--cell", "confidence=verified"], 2, "--cell must name one of event_date"),
        ([LINE, "--cell", "nothing"], 2, "--cell must name one of event_date"),
        ([LINE, "--cell", "end_date=2003-01-31"], 3, "ends before it starts"),
        ([LINE, "--cell", "votes=\x07"], 3, "votes: expected text without control characters"),
        ([LINE.replace("two", "\udcff")], 2, "must be told in UTF-8"),
    ],
)
def test_what_cannot_be_added_is_said_and_nothing_is_written(small, words, code, message):
    ran = small("data", "add", *words)
    assert ran.code == code, ran.err
    assert message in ran.err
    assert ran.out == ""
    assert counts(small) == {"add": 0, "change": 0, "withdraw": 0}


def test_words_of_the_source_make_a_row_verified(small):
    rows = result(small("data", "add", LINE, "--words", "fired two missiles on 1 February", "--json"))["rows"]
    assert [row["table"] for row in rows] == ["sources", "events", "verifications"]
    assert rows[1]["row"]["confidence"] == "verified"
    words = rows[2]["row"]
    assert (words["row_id"], words["columns"]) == (KEY, "event_date;event_type;actors")
    assert words["words"] == "fired two missiles on 1 February"
    assert words["carries"] == "not weapon_class, objects, place"
    assert small("data", "validate").code == 0


def test_a_source_of_general_knowledge_leaves_a_row_recalled(small):
    line = "2003-02-01 PRK SRBM recalled-reference"
    rows = result(small("data", "add", line, "--json"))["rows"]
    assert rows[0]["row"]["confidence"] == "recalled"
    assert small("data", "add", line, "--another", "--words", "x").code == 3


def test_options_win_over_the_line(small):
    options = ["--cell", "end_date=2003-03-02", "--cell", "apogee_km=50.0", "--date", "2003-03", "--class", "MRBM"]
    options += ["--place", "Wonsan", "--label-ko", "표지", "--note", "A note."]
    (_, event) = (row["row"] for row in result(small("data", "add", LINE, *options, "--json"))["rows"])
    assert (event["event_date"], event["date_precision"], event["known_date"]) == ("2003-03-01", "month", "2003-04-01")
    assert (event["weapon_class"], event["place"], event["label_ko"]) == ("MRBM", "Wonsan", "표지")
    assert (event["end_date"], event["apogee_km"]) == ("2003-03-02", "50.0")


def test_words_put_to_no_use_are_told(small):
    assert "words not used: stray words" in small("data", "add", f"{LINE} stray words").err


def move_coverage(path, *, old: str, new: str):
    """Write a change file that moves the end of every family."""
    change = '[[change]]\nnumber = {n}\naction = "change"\ntable = "coverage"\nkey = "{key}"\nreason = "gone through"\n'
    change += "accept = true\n[change.old]\ncomplete_through = {old}\n[change.new]\ncomplete_through = {new}\n"
    moves = (change.format(n=n, key=key, old=old, new=new) for n, key in enumerate(FAMILIES, start=1))
    path.write_text(f'format = "{CHANGE_FILE}"\n' + "".join(moves))
    return path


def test_a_row_after_the_records_end_is_kept_and_waits_until_coverage_is_moved(small, tmp_path):
    ran = small("data", "add", LINE.replace("2003", "2006"))
    assert ran.code == 0
    assert "wt-2006-02-01-srbm: after the record's end (2005-12-31), so kept but not counted" in ran.err
    assert small("data", "validate").code == 0
    assert small("data", "apply", move_coverage(tmp_path / "a.toml", old="2005-12-31", new="2006-02-28")).code == 0
    assert small("data", "add", "2006-02-20 PRK ICBM https://example.org/a", "--quiet").err == ""
    ran = small("data", "add", "2006-02-21 PRK MRBM https://example.org/a", "--another")
    assert "after the record's end" not in ran.err


def test_the_records_end_cannot_be_moved_before_a_shipped_row(small, tmp_path):
    ran = small("data", "apply", move_coverage(tmp_path / "a.toml", old="2005-12-31", new="2001-12-31"))
    assert ran.code == 3
    assert "events wt-2002-03-01-SRBM: after the record's end" in ran.err
    assert counts(small) == {"add": 0, "change": 0, "withdraw": 0}


def test_an_import_is_reviewed_applied_and_proposes_nothing_the_second_time(small, csis, tmp_path):
    out = tmp_path / "changes.toml"
    ran = small("data", "import", "csis", csis, "--out", out)
    assert ran.code == 0
    assert "3 changes proposed from 3 acts." in ran.err
    assert [row[1] for row in ran.rows] == ["add"] * 3
    assert out.read_text(encoding="utf-8").count("accept = false") == 3
    ran = small("data", "apply", out, "--accept", "1,3")
    assert ran.code == 0, ran.err
    assert [row[0] for row in ran.rows] == ["1", "3"]
    assert counts(small)["add"] == 2
    again = small("data", "import", "csis", csis, "--json")
    assert result(again)["changes"] == []
    assert "0 changes proposed from 3 acts, 1 decided on before." in again.err
    shown = result(small("data", "import", "csis", csis, "--all", "--json"))["changes"]
    assert len(shown) == 1
    assert small("data", "validate").code == 0


def test_refusing_all_is_remembered_too_and_can_be_undone(small, csis, tmp_path):
    out = tmp_path / "changes.toml"
    small("data", "import", "csis", csis, "--out", out)
    ran = small("data", "apply", out)
    assert ran.code == 2
    assert "--accept none" in ran.err
    ran = small("data", "apply", out, "--accept", "none")
    assert ran.out == "3 changes refused, none made.\n"
    assert result(small("data", "import", "csis", csis, "--json"))["changes"] == []
    assert small("data", "undo").code == 0
    assert len(result(small("data", "import", "csis", csis, "--json"))["changes"]) == 3


def test_a_file_may_say_itself_what_is_accepted(small, csis, tmp_path):
    out = tmp_path / "changes.toml"
    out.write_text(small("data", "import", "csis", csis).out.replace("accept = false", "accept = true", 1))
    assert len(result(small("data", "apply", out, "--json"))["applied"]) == 1


def test_a_file_that_stands_already_is_not_overwritten(small, csis, tmp_path):
    out = tmp_path / "changes.toml"
    out.write_text("mine")
    ran = small("data", "import", "csis", csis, "--out", out)
    assert ran.code == 2
    assert "must be a file that does not exist yet" in ran.err
    assert out.read_text() == "mine"


def test_a_file_is_applied_whole_or_not_at_all(small, csis, tmp_path):
    out = tmp_path / "changes.toml"
    text = small("data", "import", "csis", csis).out
    out.write_text(text.replace('source_ids = "csis-beyond-parallel"', 'source_ids = "nowhere"', 1))
    ran = small("data", "apply", out, "--accept", "all")
    assert ran.code == 3
    assert "cites a source that sources.csv does not hold (unknown_sources)" in ran.err
    assert counts(small)["add"] == 0
    assert len(result(small("data", "import", "csis", csis, "--json"))["changes"]) == 3


def test_a_change_made_from_an_older_record_is_refused(small, tmp_path):
    key = "wt-2002-03-01-SRBM"
    path = tmp_path / "changes.toml"
    path.write_text(
        f'format = "{CHANGE_FILE}"\n[[change]]\nnumber = 1\naccept = true\naction = "change"\ntable = "events"\n'
        f'key = "{key}"\nreason = "r"\n[change.old]\nnote = "what never stood there"\n[change.new]\nnote = "A note."\n'
    )
    ran = small("data", "apply", path)
    assert ran.code == 3
    assert "which the record holds, got 'what never stood there'" in ran.err
    path.write_text(path.read_text().replace("what never stood there", ""))
    assert small("data", "apply", path).code == 0
    (row,) = result(small("data", "diff", "--json"))["rows"]
    assert row["reason"] == "r"
    assert [cell["column"] for cell in row["cells"]] == ["note"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["import", "gdelt", "{csis}"], 2, "list must be one of csis, cns, got 'gdelt'"),
        (["import", "cns", "{csis}"], 3, "column missile_type: expected a column of this name"),
        (["import", "csis", "/nowhere.csv"], 3, "must be a CSV file"),
        (["apply", "/nowhere.toml"], 3, "must be a change file"),
        (["apply", "{csis}"], 3, "csis.csv must be a change file in TOML"),
        (["diff", "nowhere"], 2, "record must be shipped, overlay"),
        (["diff", "7"], 3, "generation must be one that"),
        (["undo"], 2, "undo must have a change to take back"),
    ],
)
def test_what_cannot_be_done_is_said(small, csis, words, code, message):
    ran = small("data", *(word.format(csis=csis) for word in words))
    assert ran.code == code, ran.err
    assert message in ran.err
    assert ran.out == ""


def test_diff_compares_generations_and_folders(small, tmp_path):
    small("data", "add", LINE)
    small("data", "add", "2003-02-20 PRK ICBM https://example.org/a")
    assert [row[2] for row in small("data", "diff", "1", "2").rows] == ["wt-2003-02-20-icbm"]
    for name, place in (("a", "Sunan"), ("b", "Wonsan")):
        (tmp_path / name).mkdir()
        write_chronicle(tmp_path / name, events=[weapons_test("2020-03-01", place=place)])
    ran = small("data", "diff", tmp_path / "a", tmp_path / "b")
    assert ran.rows == [["change", "events", "wt-2020-03-01-SRBM", "place", "Sunan", "Wonsan"]]
    assert small("data", "diff", tmp_path / "a", tmp_path / "a").out == "The two records hold the same rows.\n"


def test_undo_goes_back_one_change_after_another(small):
    small("data", "add", LINE)
    small("data", "add", "2003-02-20 PRK ICBM https://example.org/a")
    assert small("data", "undo").rows == [["events", "wt-2003-02-20-icbm"]]
    assert counts(small)["add"] == 2
    assert small("data", "undo").rows == [["events", KEY], ["sources", "example-2003-02-01"]]
    assert counts(small)["add"] == 0
    assert small("data", "undo").code == 2


def test_an_overlay_that_cannot_be_written_to_is_named(small, tmp_path):
    (tmp_path / "home").write_text("a file stands in the way")
    ran = small("data", "add", LINE)
    assert ran.code == 6
    assert "--home" in ran.err


def on_a_terminal(words, *, home, answers):
    """Run a verb with a terminal as its stdin, which answers question after question."""
    ours, theirs = pty.openpty()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    command = [sys.executable, "-m", "sixparty", *words]
    env = os.environ | {"SIXPARTY_HOME": str(home)}
    done = subprocess.run(command, stdin=theirs, capture_output=True, text=True, env=env, timeout=60, check=False)
    os.close(ours)
    os.close(theirs)
    return done


def test_on_a_terminal_what_is_missing_is_asked_and_a_wrong_answer_asked_again(tmp_path):
    answers = ["2003-02-01", "a_party", "contact", "CHN;PRK", "visit", "leaders", "https://example.org/a", "", "표지"]
    done = on_a_terminal(["data", "add", "--json"], home=tmp_path, answers=answers)
    assert done.returncode == 0, done.stderr
    event = json.loads(done.stdout)["result"]["rows"][1]["row"]
    assert (event["event_type"], event["level"], event["label_ko"]) == ("contact", "leaders", "표지")
    assert event["label_en"] == "China and North Korea met"
    assert "--type must be one of" in done.stderr


def test_a_full_line_is_asked_for_nothing_but_its_label(tmp_path):
    done = on_a_terminal(["data", "add", LINE], home=tmp_path, answers=[""])
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("Label in Korean [북한, 순안에서 단거리 탄도미사일 2발 발사]")
