import multiprocessing

import pytest
from tests.conftest import COVERED, DEFAULTS, weapons_test, write_chronicle

from sixparty.chronicle import failing_rows, read_chronicle
from sixparty.chronicle.overlay import (
    KEPT_GENERATIONS,
    Dismissal,
    Overlay,
    Revision,
    Withdrawal,
    generation_before,
    generation_folder,
    generation_in_force,
    generations,
    key_of,
    keys_that_differ,
    only_writer,
    read_overlay,
    write_overlay,
)
from sixparty.chronicle.read import as_known, overlaid
from sixparty.chronicle.schema import TABLES
from sixparty.errors import EnvironmentRefused, FileRefused, RecordRefused

ROW = DEFAULTS["events"] | weapons_test("2020-03-01")


def overlay_of(*rows, **parts) -> Overlay:
    return Overlay({"events": {row["id"]: row for row in rows}}, **parts)


def write(folder, overlay, **parts) -> int:
    return write_overlay(folder, overlay, command="a test", time="2020-04-01T00:00:00", **parts)


@pytest.fixture
def record(tmp_path):
    """A folder with a small record of one event on 2 March 2020."""
    folder = tmp_path / "record"
    folder.mkdir()
    return write_chronicle(folder, events=[weapons_test("2020-03-02")])


def test_a_folder_without_generations_is_an_empty_overlay(tmp_path):
    assert read_overlay(tmp_path / "nowhere") == Overlay()
    assert generation_in_force(tmp_path) == 0
    assert generations(tmp_path) == ()


def test_what_is_written_is_read_back(tmp_path):
    overlay = overlay_of(
        ROW | {"note": 'a comma, a "quotation"\nand a second line', "label_ko": "북한, 시험 발사"},
        withdrawn=(Withdrawal("events", "wt-1", "it stands twice", "2020-04-01"),),
        revisions=(Revision("2020-04-01", "a test", "events", ROW["id"], "add", "why", "whence"),),
        dismissed=(Dismissal("csis", "0123", "events", "wt-2", "refused", "2020-04-01"),),
    )
    assert write(tmp_path, overlay) == 1
    read = read_overlay(tmp_path)
    assert read.table_bytes(TABLES["events"]) == overlay.table_bytes(TABLES["events"])
    assert (read.withdrawn, read.revisions, read.dismissed) == (
        overlay.withdrawn,
        overlay.revisions,
        overlay.dismissed,
    )
    assert read.size == 2


def test_the_users_rows_are_added_and_win_by_key(tmp_path, record):
    changed = DEFAULTS["events"] | weapons_test("2020-03-02", label_en="A better label")
    write(tmp_path, overlay_of(ROW, changed))
    chronicle = read_chronicle(record, overlay=tmp_path)
    labels = dict(chronicle["events"].select("id", "label_en").iter_rows())
    assert labels == {"wt-2020-03-02-SRBM": "A better label", "wt-2020-03-01-SRBM": "A label"}
    assert chronicle.revised == {"events": {"wt-2020-03-01-SRBM", "wt-2020-03-02-SRBM"}}
    assert not len(failing_rows(chronicle))


def test_a_row_that_the_user_withdrew_is_gone(tmp_path, record):
    write(tmp_path, Overlay(withdrawn=(Withdrawal("events", "wt-2020-03-02-SRBM", "why", "2020-04-01"),)))
    chronicle = read_chronicle(record, overlay=tmp_path)
    assert chronicle["events"].is_empty()
    assert chronicle.revised == {"events": {"wt-2020-03-02-SRBM"}}


def test_rows_of_tables_with_several_key_columns_win_too(tmp_path, record):
    moved = COVERED | {"family": "rhetoric", "complete_through": "2025-05-31"}
    write(tmp_path, Overlay({"coverage": {"rhetoric": moved}}))
    coverage = read_chronicle(record, overlay=tmp_path)["coverage"]
    ends = dict(coverage.select("family", "complete_through").iter_rows())
    assert str(ends["rhetoric"]) == "2025-05-31"
    assert str(ends["weapons_tests"]) == "2025-06-30"
    assert key_of(TABLES["series"], {"series": "a", "period": "2020-01"}) == "a 2020-01"


def test_the_digest_tells_the_overlay_and_an_empty_one_leaves_it_alone(tmp_path, record):
    shipped = read_chronicle(record).digest
    assert read_chronicle(record, overlay=tmp_path).digest == shipped
    write(tmp_path, overlay_of(ROW))
    with_row = read_chronicle(record, overlay=tmp_path).digest
    write(tmp_path, Overlay(withdrawn=(Withdrawal("events", ROW["id"], "why", "2020-04-01"),)))
    assert len({shipped, with_row, read_chronicle(record, overlay=tmp_path).digest}) == 3
    write(tmp_path, Overlay(revisions=(Revision("", "", "", "", "", "", ""),)))
    assert read_chronicle(record, overlay=tmp_path).digest == shipped


def test_a_look_back_hides_the_users_rows_that_were_not_known(tmp_path, record):
    write(tmp_path, overlay_of(ROW | {"known_date": "2020-05-01"}))
    chronicle = read_chronicle(record, overlay=tmp_path)
    known = as_known(chronicle, chronicle["events"]["event_date"].max())
    assert known["events"]["id"].to_list() == ["wt-2020-03-02-SRBM"]


def test_a_cell_of_the_overlay_that_breaks_the_schema_is_refused_by_file_and_column(tmp_path, record):
    write(tmp_path, overlay_of(ROW | {"event_type": "a_party"}))
    with pytest.raises(RecordRefused, match=r"overlay/events\.csv, line 2, column event_type.*'a_party'"):
        read_chronicle(record, overlay=tmp_path)


def test_only_the_last_generations_are_kept_and_numbers_go_on(tmp_path):
    for _ in range(KEPT_GENERATIONS + 3):
        write(tmp_path, Overlay())
    assert generations(tmp_path) == tuple(range(4, KEPT_GENERATIONS + 4))
    with pytest.raises(FileRefused, match="generation must be one that"):
        read_overlay(tmp_path, 2)


def test_a_generation_knows_the_one_before(tmp_path):
    write(tmp_path, Overlay())
    write(tmp_path, overlay_of(ROW))
    assert generation_before(tmp_path, 2) == 1
    assert read_overlay(tmp_path, 1).size == 0
    assert write(tmp_path, Overlay(), before=0) == 3
    assert generation_before(tmp_path, 3) == 0


def test_what_a_dead_command_left_behind_is_not_seen_and_is_overwritten(tmp_path):
    write(tmp_path, overlay_of(ROW))
    left = generation_folder(tmp_path, 2)
    left.mkdir()
    (left / "events.csv").write_text("half a fi")
    (tmp_path / "CURRENT.new").write_text("2")
    assert read_overlay(tmp_path).size == 1
    assert generations(tmp_path) == (1,)
    assert write(tmp_path, Overlay()) == 2
    assert read_overlay(tmp_path).size == 0


@pytest.mark.parametrize("text", ["", "seven", "-1", "1.5"])
def test_a_pointer_without_a_number_is_refused(tmp_path, text):
    write(tmp_path, Overlay())
    (tmp_path / "CURRENT").write_text(text)
    with pytest.raises(FileRefused, match="must hold the number of a generation"):
        read_overlay(tmp_path)


def test_a_pointer_to_a_generation_that_is_gone_names_those_that_are_kept(tmp_path):
    write(tmp_path, Overlay())
    (tmp_path / "CURRENT").write_text("5")
    with pytest.raises(FileRefused, match=r"keeps \(1\), got 5"):
        read_overlay(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "an empty file"),
        (b"id,event_date,unheard_of\n", "unheard_of"),
        (b"id,id\n", "id, id"),
        (b"id,event_date\na\n", "expected 2 cells, got 1"),
        (b"id,event_date\n\xff\xfe,2020\n", "CSV file in UTF-8"),
        (b'id,event_date\n"a,2020\n', "CSV file in UTF-8"),
    ],
)
def test_a_file_of_the_overlay_that_is_no_table_is_refused(tmp_path, content, message):
    write(tmp_path, overlay_of(ROW))
    (generation_folder(tmp_path, 1) / "events.csv").write_bytes(content)
    with pytest.raises(FileRefused, match=message):
        read_overlay(tmp_path)


def test_a_key_that_stands_twice_is_refused(tmp_path):
    write(tmp_path, overlay_of(ROW))
    file = generation_folder(tmp_path, 1) / "events.csv"
    header, row = file.read_text().splitlines()
    file.write_text("\n".join([header, row, row]) + "\n")
    with pytest.raises(RecordRefused, match="twice"):
        read_overlay(tmp_path)


def test_a_withdrawal_from_a_table_that_there_is_not_is_refused(tmp_path):
    write(tmp_path, Overlay(withdrawn=(Withdrawal("parties", "x", "why", "2020-04-01"),)))
    with pytest.raises(RecordRefused, match="column table"):
        read_overlay(tmp_path)


def test_columns_declared_after_a_file_was_written_are_empty(tmp_path):
    write(tmp_path, overlay_of(ROW))
    (generation_folder(tmp_path, 1) / "events.csv").write_text(f"id,event_date\r\n{ROW['id']},2020-03-01\r\n")
    row = read_overlay(tmp_path).rows["events"][ROW["id"]]
    assert row["event_date"] == "2020-03-01"
    assert row["label_ko"] == ""


def test_two_states_differ_in_rows_and_in_withdrawals():
    one = overlay_of(ROW)
    other = overlay_of(ROW | {"note": "x"}, withdrawn=(Withdrawal("spells", "tk-1", "why", "2020-04-01"),))
    assert keys_that_differ(one, one) == ()
    assert keys_that_differ(one, other) == (("events", ROW["id"]), ("spells", "tk-1"))


def hold(folder, is_held, may_end):
    with only_writer(folder):
        is_held.set()
        may_end.wait(30)


def test_a_second_writer_is_turned_away_until_the_first_has_ended(tmp_path):
    context = multiprocessing.get_context("spawn")
    is_held, may_end = context.Event(), context.Event()
    first = context.Process(target=hold, args=(tmp_path, is_held, may_end))
    first.start()
    assert is_held.wait(30)
    with pytest.raises(EnvironmentRefused, match="one writer at a time"), only_writer(tmp_path):
        pass
    may_end.set()
    first.join()
    with only_writer(tmp_path):
        assert write(tmp_path, Overlay()) == 1


def test_a_writer_that_was_killed_leaves_no_lock_behind(tmp_path):
    context = multiprocessing.get_context("spawn")
    is_held, may_end = context.Event(), context.Event()
    first = context.Process(target=hold, args=(tmp_path, is_held, may_end))
    first.start()
    assert is_held.wait(30)
    first.kill()
    first.join()
    with only_writer(tmp_path):
        assert write(tmp_path, Overlay()) == 1


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path):
    (tmp_path / "overlay").write_text("a file stands in the way")
    with pytest.raises(EnvironmentRefused, match="--home"), only_writer(tmp_path / "overlay"):
        pass


def test_a_full_disk_leaves_the_state_before_in_force(tmp_path, monkeypatch):
    write(tmp_path, overlay_of(ROW))

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(EnvironmentRefused, match="No space left"):
        write(tmp_path, Overlay())
    assert read_overlay(tmp_path).size == 1


def test_an_empty_overlay_gives_the_same_chronicle(make_chronicle):
    chronicle = make_chronicle()
    assert overlaid(chronicle, Overlay()) is chronicle
