import datetime as dt

import pytest
from tests.conftest import DEFAULTS, SOURCE, weapons_test

from sixparty.chronicle.changes import CHANGE_FILE, Change, ChangeFile, accepted, cell_text, read_changes
from sixparty.chronicle.overlay import Overlay
from sixparty.chronicle.read import overlaid
from sixparty.chronicle.revision import checked_record, differences, remember, revise, text_rows, waiting_rows
from sixparty.chronicle.schema import FAMILIES
from sixparty.errors import FileRefused, InputRefused, UsageError

KEY = "wt-2020-03-02-SRBM"
NEW = DEFAULTS["events"] | weapons_test("2020-03-05")
TIME = "2020-04-01T00:00:00"
EMPTY = Overlay()


@pytest.fixture
def shipped(make_chronicle):
    """A record of two tests in March 2020."""
    return make_chronicle(events=[weapons_test("2020-03-02"), weapons_test("2020-03-03", range_km="410.0")])


def add(row=NEW, number=1, **parts) -> Change:
    return Change(number, "add", "events", row["id"], new=row, reason="a source tells it", **parts)


def change(new, old, *, number=1, key=KEY, **parts) -> Change:
    return Change(number, "change", "events", key, new=new, old=old, reason="a better source", **parts)


def withdraw(key=KEY, number=1) -> Change:
    return Change(number, "withdraw", "events", key, reason="it stands twice")


def revised(shipped, *changes, overlay=EMPTY) -> Overlay:
    return revise(shipped, overlay, changes, command="a test", time=TIME)


def test_a_row_is_added_changed_and_withdrawn(shipped):
    overlay = revised(
        shipped, add(), change({"place": "Sunan"}, {"place": ""}, number=2), withdraw("wt-2020-03-03-SRBM", number=3)
    )
    events = overlaid(shipped, overlay)["events"]
    assert dict(events.select("id", "place").iter_rows()) == {KEY: "Sunan", NEW["id"]: None}
    assert [(line.action, line.key, line.time) for line in overlay.revisions] == [
        ("add", NEW["id"], TIME),
        ("change", KEY, TIME),
        ("withdraw", "wt-2020-03-03-SRBM", TIME),
    ]


def test_changes_follow_each_other_on_one_row(shipped):
    overlay = revised(
        shipped, change({"place": "Sunan"}, {"place": ""}), change({"place": "Wonsan"}, {"place": "Sunan"}, number=2)
    )
    assert overlay.rows["events"][KEY]["place"] == "Wonsan"


def test_a_row_that_is_as_shipped_again_leaves_the_overlay(shipped):
    overlay = revised(shipped, change({"place": "Sunan"}, {"place": ""}))
    overlay = revised(shipped, change({"place": ""}, {"place": "Sunan"}), overlay=overlay)
    assert overlay.size == 0
    assert len(overlay.revisions) == 2


def test_a_withdrawn_row_can_be_added_again(shipped):
    overlay = revised(shipped, withdraw())
    assert overlay.size == 1
    row = text_rows(shipped, "events")[KEY]
    assert revised(shipped, add(row), overlay=overlay).size == 0


def test_withdrawing_a_row_of_the_users_own_forgets_it(shipped):
    overlay = revised(shipped, add())
    assert revised(shipped, withdraw(NEW["id"]), overlay=overlay).size == 0


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (add(NEW | {"id": KEY}), "a row that events does not hold"),
        (change({"place": "Sunan"}, {"place": ""}, key="wt-nowhere"), "the key of a row of events"),
        (withdraw("wt-nowhere"), "the key of a row of events"),
        (change({"place": "Sunan"}, {"place": "Wonsan"}), "old.place: expected ''"),
        (
            change({"range_km": "5"}, {"range_km": "4"}),
            "old.range_km: expected '', which the record holds, got '4'",
        ),
        (change({"unheard_of": "x"}, {}), "'unheard_of'"),
        (change({}, {}), "at least one cell"),
        (change({"id": "another"}, {"id": KEY}), "cells of the key"),
        (Change(1, "withdraw", "events", KEY), "words that say why"),
        (Change(1, "withdraw", "parties", KEY, reason="x"), "one of events, spells"),
        (add(NEW | {"event_type": "a_party"}), "event_type: expected one of nuclear_test"),
        (add(NEW | {"event_date": "2020-02-30"}), "event_date: expected a date"),
        (add({"id": "wt-1"}), "expected a value"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_by_its_number(shipped, one, message):
    with pytest.raises(InputRefused, match="change 1") as told:
        revised(shipped, one)
    assert message in str(told.value)
    assert "Nothing was changed" in str(told.value)


def test_equal_numbers_are_equal_however_they_are_written(shipped):
    overlay = revised(shipped, change({"range_km": "420.50"}, {"range_km": "410.00"}, key="wt-2020-03-03-SRBM"))
    assert overlay.rows["events"]["wt-2020-03-03-SRBM"]["range_km"] == "420.5"


def test_a_record_that_would_fail_a_check_is_refused_with_its_rows(shipped):
    overlay = revised(shipped, add(NEW | {"source_ids": "nowhere", "end_date": "2020-03-01"}))
    with pytest.raises(InputRefused) as told:
        checked_record(shipped, Overlay(), overlay)
    assert f"events {NEW['id']}: cites a source that sources.csv does not hold" in str(told.value)
    assert f"events {NEW['id']}: ends before it starts" in str(told.value)


def test_what_failed_before_does_not_stand_in_the_way(make_chronicle):
    shipped = make_chronicle(events=[weapons_test("2020-03-02", end_date="2020-03-01")])
    record = checked_record(shipped, Overlay(), revised(shipped, add()))
    assert len(record["events"]) == 2


def test_a_row_after_the_records_end_waits_until_coverage_is_moved(make_chronicle):
    ends = {"complete_from": "1990-01-01", "complete_through": "2020-03-31", "source_ids": "a-source"}
    shipped = make_chronicle(
        events=[weapons_test("2020-03-02")], coverage=[ends | {"family": family} for family in FAMILIES]
    )
    late = DEFAULTS["events"] | weapons_test("2020-04-02", known_date="2020-04-03")
    overlay = revised(shipped, add(late))
    record = checked_record(shipped, Overlay(), overlay)
    assert waiting_rows(record) == (late["id"],)
    moves = [
        Change(
            i,
            "change",
            "coverage",
            family,
            new={"complete_through": "2020-04-30"},
            old={"complete_through": "2020-03-31"},
            reason="the family was gone through",
        )
        for i, family in enumerate(FAMILIES, start=1)
    ]
    moved = revised(shipped, *moves, overlay=overlay)
    assert waiting_rows(checked_record(shipped, overlay, moved)) == ()


WORDS = {
    "table": "events",
    "row_id": KEY,
    "columns": "event_date;actors",
    "source_id": SOURCE["id"],
    "address": "https://example.org/a",
    "seen_date": "2020-04-01",
    "seen_as": "stored_page",
    "words": "on 2 March",
    "carries": "all",
}


def test_a_cell_that_kept_words_carry_changes_only_together_with_them(make_chronicle):
    shipped = make_chronicle(events=[weapons_test("2020-03-02", confidence="verified")], verifications=[WORDS])
    moved = change({"event_date": "2020-03-03"}, {"event_date": "2020-03-02"})
    with pytest.raises(InputRefused, match=r"event_date: expected cells that no kept words carry.*'on 2 March'"):
        revised(shipped, moved)
    assert revised(shipped, change({"place": "Sunan"}, {"place": ""})).size == 1
    words_key = f"events {KEY} {SOURCE['id']}"
    again = Change(
        2, "change", "verifications", words_key, new={"words": "on 3 March"}, old={"words": "on 2 March"}, reason="r"
    )
    assert revised(shipped, moved, again).size == 2


def test_what_is_about_a_row_goes_with_it(make_chronicle):
    shipped = make_chronicle(events=[weapons_test("2020-03-02", confidence="verified")], verifications=[WORDS])
    record = checked_record(shipped, EMPTY, revised(shipped, withdraw()))
    assert record["events"].is_empty()
    assert record["verifications"].is_empty()


def test_two_records_differ_cell_by_cell(shipped):
    changes = [add(), change({"place": "Sunan"}, {"place": ""}, number=2), withdraw("wt-2020-03-03-SRBM", number=3)]
    after = overlaid(shipped, revised(shipped, *changes))
    found = {one.key: one for one in differences(shipped, after)}
    assert found[KEY].cells == (("place", "", "Sunan"),)
    assert found[KEY].action == "change"
    assert found[NEW["id"]].action == "add"
    assert ("event_date", "", "2020-03-05") in found[NEW["id"]].cells
    assert found["wt-2020-03-03-SRBM"].action == "withdraw"
    assert differences(shipped, shipped) == ()


def test_decisions_are_kept_once_for_each_thing_that_a_list_says():
    asked = [add(fingerprint="f1"), add(number=2, fingerprint="f2", is_accepted=True), add(number=3)]
    overlay = remember(EMPTY, ChangeFile("csis", tuple(asked)), date="2020-04-01")
    assert [(one.fingerprint, one.decision) for one in overlay.dismissed] == [("f1", "refused"), ("f2", "accepted")]
    again = remember(overlay, ChangeFile("csis", (add(fingerprint="f1", is_accepted=True),)), date="2020-05-01")
    assert [(one.fingerprint, one.decision) for one in again.dismissed] == [("f2", "accepted"), ("f1", "accepted")]
    other = remember(overlay, ChangeFile("cns", (add(fingerprint="f1"),), "whole"), date="2020-05-01")
    assert [one.decision for one in other.dismissed] == ["refused", "accepted", "refused", "gone through"]


def test_cells_are_written_as_files_have_them():
    assert [cell_text(cell) for cell in (None, 410.0, 410.5, 2, dt.date(2020, 3, 1), " x ")] == [
        "",
        "410",
        "410.5",
        "2",
        "2020-03-01",
        "x",
    ]


def test_a_change_file_reads_back_as_it_was_written(tmp_path):
    odd = 'a "quoted" word, a \\ and\nanother line\tand 북한 \x7f'
    file = ChangeFile(
        "csis",
        (
            add(NEW | {"note": odd}, source="a list, line 3", fingerprint="f1"),
            change({"place": "Sunan"}, {"place": ""}, number=2, is_accepted=True),
            withdraw(number=7),
        ),
        "0123",
    )
    path = tmp_path / "changes.toml"
    path.write_text(file.to_toml(), encoding="utf-8")
    assert read_changes(path) == file


def test_a_file_written_by_hand_may_hold_plain_numbers_and_dates(tmp_path):
    path = tmp_path / "changes.toml"
    path.write_bytes(
        f'\ufeffformat = "{CHANGE_FILE}"\r\n[[change]]\r\nnumber = 1\r\naction = "change"\r\ntable = "events"\r\n'
        f'key = "{KEY}"\r\nreason = "r"\r\n[change.old]\r\nobjects = ""\r\n[change.new]\r\nobjects = 2\r\n'
        "range_km = 410.5\r\nend_date = 2020-03-03\r\n".encode()
    )
    assert dict(read_changes(path).changes[0].new) == {"objects": "2", "range_km": "410.5", "end_date": "2020-03-03"}


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", FileRefused, "must be a change file with format"),
        ("not toml", FileRefused, "change file in TOML"),
        ('format = "another"', FileRefused, "got 'another'"),
        ('name = "a layout"', FileRefused, "got None"),
        ("{head}\nchange = 3", FileRefused, "[[change]] alone"),
        ("{head}\nunheard = 3", FileRefused, "[[change]] alone"),
        ("{head}\nlist = 3", FileRefused, "[[change]] alone"),
        ("{head}\nchange = [3]", InputRefused, "place 1, action"),
        ("{head}\n[[change]]\nnumber = 1", InputRefused, "action: expected one of add, change, withdraw, got None"),
        ('{head}\n[[change]]\naction = "add"', InputRefused, "number: expected a whole number"),
        ('{head}\n[[change]]\naction = "add"\nnumber = true', InputRefused, "number: expected a whole number"),
        ('{head}\n[[change]]\naction = "add"\nnumber = 0', InputRefused, "number: expected a whole number"),
        ('{head}\n[[change]]\naction = "add"\nnumber = 1\naccept = "yes"', InputRefused, "accept: expected true"),
        ('{head}\n[[change]]\naction = "add"\nnumber = 1\nwho = "me"', InputRefused, "who: expected one of"),
        ('{head}\n[[change]]\naction = "withdraw"\nnumber = 1\nrow = {{}}', InputRefused, "row: expected one of"),
        ('{head}\n[[change]]\naction = "add"\nnumber = 1\nrow = 3', InputRefused, "row: expected cells by column"),
        ('{head}\n[[change]]\naction = "add"\nnumber = 1\nrow = {{id = [1]}}', InputRefused, "row.id: expected text"),
    ],
)
def test_a_file_that_is_no_change_file_is_refused_with_the_place(tmp_path, text, error, message):
    path = tmp_path / "changes.toml"
    path.write_text(text.replace("{head}", f'format = "{CHANGE_FILE}"').replace("{{", "{").replace("}}", "}"))
    with pytest.raises(error) as told:
        read_changes(path)
    assert message in str(told.value)


def test_a_number_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "changes.toml"
    path.write_text(ChangeFile("", (add(), add())).to_toml())
    with pytest.raises(InputRefused, match="its own number"):
        read_changes(path)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", 'format = "é"'.encode("cp1252")])
def test_a_change_file_in_another_encoding_is_refused(tmp_path, content):
    path = tmp_path / "changes.toml"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match="change file in TOML"):
        read_changes(path)


def test_a_missing_change_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(FileRefused, match="must be a change file"):
            read_changes(path)


@pytest.mark.parametrize(
    ("choice", "chosen"),
    [("all", {1, 2, 3}), ("none", set()), ("1,3", {1, 3}), ("2-3", {2, 3}), (" 1 , 2 - 2", {1, 2}), (None, {2})],
)
def test_changes_are_accepted_by_number_or_as_the_file_says(choice, chosen):
    changes = [add(), add(number=2, is_accepted=True), add(number=3)]
    assert {one.number for one in accepted(changes, choice) if one.is_accepted} == chosen


@pytest.mark.parametrize("choice", ["", "some", "1-", "-3", "1;2", "1.5", "9", "1-99999999999999"])
def test_a_choice_that_names_no_change_is_refused(choice):
    with pytest.raises(UsageError, match="accept must"):
        accepted([add(), add(number=2)], choice)


def test_the_small_record_of_these_tests_passes_every_check(shipped):
    assert SOURCE["id"] in shipped["sources"]["id"].to_list()
    assert checked_record(shipped, Overlay(), Overlay()) is shipped
