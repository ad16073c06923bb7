"""What must hold of the user's rows whatever they say and in whatever order they are changed."""

import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import DEFAULTS, weapons_test, write_chronicle

from sixparty.chronicle import Chronicle, read_chronicle
from sixparty.chronicle.changes import Change, ChangeFile, read_changes
from sixparty.chronicle.one_line import Told, choices_of, questions, read_line
from sixparty.chronicle.overlay import Overlay, keys_that_differ, plain_newlines, read_overlay, write_overlay
from sixparty.chronicle.read import overlaid
from sixparty.chronicle.revision import differences, revise, text_rows
from sixparty.chronicle.schema import EVENTS, TABLES
from sixparty.errors import InputRefused, UsageError
from sixparty.vocabulary import EVENT_TYPES

KEYS = [f"wt-{number}" for number in range(6)]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30).map(str.strip)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def shipped():
    """A record that holds three of the six keys."""
    with tempfile.TemporaryDirectory() as folder:
        return read_chronicle(write_chronicle(Path(folder), events=[row(key, "") for key in KEYS[:3]]))


def row(key: str, note: str) -> dict[str, str]:
    return DEFAULTS["events"] | weapons_test("2020-03-01", id=key, note=note)


@quick
@given(notes=st.lists(TEXT, max_size=6))
def test_any_text_is_written_and_read_back(tmp_path_factory, notes):
    folder = tmp_path_factory.mktemp("overlay")
    overlay = Overlay({"events": {key: row(key, note) for key, note in zip(KEYS, notes, strict=False)}})
    write_overlay(folder, overlay, command="a test", time="2020-01-01")
    read = read_overlay(folder)
    assert read.table_bytes(EVENTS) == overlay.table_bytes(EVENTS)
    found = [cells["note"] for cells in read.rows.get("events", {}).values()]
    assert found == [plain_newlines(note) for note in notes]


@quick
@given(texts=st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=5), name=TEXT, digest=TEXT)
def test_any_text_survives_a_change_file(tmp_path_factory, texts, name, digest):
    changes = [
        Change(i, "change", key, other, new={"note": text}, old={"note": key}, reason=text, source=other)
        for i, (key, other, text) in enumerate(texts, start=1)
    ]
    path = tmp_path_factory.mktemp("changes") / "changes.toml"
    path.write_bytes(ChangeFile(name, tuple(changes), digest).to_toml().encode())
    read = read_changes(path)
    assert (read.list, read.digest, len(read.changes)) == (name, digest, len(changes))
    for one, other in zip(read.changes, changes, strict=True):
        assert (one.table, one.key) == (other.table.strip(), other.key.strip())
        assert (one.reason, one.new["note"]) == (other.reason.strip(), other.new["note"].strip())


class Model:
    """What the notes of the record are, kept in the simplest way."""

    def __init__(self) -> None:
        self.notes = dict.fromkeys(KEYS[:3], "")

    def change(self, action: str, key: str, note: str) -> Change:
        """Return a change that can be made to the record as it is, and make it to the model."""
        now = self.notes.get(key)
        if now is None:
            self.notes[key] = note
            return Change(1, "add", "events", key, new=row(key, note), reason="a test")
        if action == "withdraw":
            del self.notes[key]
            return Change(1, "withdraw", "events", key, reason="a test")
        self.notes[key] = note
        return Change(1, "change", "events", key, new={"note": note}, old={"note": now}, reason="a test")


STEPS = st.lists(st.tuples(st.sampled_from(["change", "withdraw"]), st.sampled_from(KEYS), PLAIN), max_size=12)


def notes_of(record: Chronicle) -> dict[str, str]:
    return {key: cells["note"] for key, cells in text_rows(record, "events").items()}


@quick
@given(steps=STEPS)
def test_the_record_is_what_the_changes_made_of_it_one_by_one_or_all_at_once(shipped, steps):
    model, overlay = Model(), Overlay()
    changes = [model.change(*step) for step in steps]
    for change in changes:
        overlay = revise(shipped, overlay, [change], command="a test", time="2020-01-01")
    assert notes_of(overlaid(shipped, overlay)) == model.notes
    at_once = revise(shipped, Overlay(), changes, command="a test", time="2020-01-01")
    assert keys_that_differ(overlay, at_once) == ()
    assert len(overlay.revisions) == len(steps)


@quick
@given(steps=STEPS)
def test_differences_made_as_changes_give_the_same_record_and_back_give_the_shipped_one(shipped, steps):
    model = Model()
    changes = [model.change(*step) for step in steps]
    record = overlaid(shipped, revise(shipped, Overlay(), changes, command="a test", time="2020-01-01"))
    there = [as_change(one) for one in differences(shipped, record)]
    overlay = revise(shipped, Overlay(), there, command="a test", time="2020-01-01")
    assert notes_of(overlaid(shipped, overlay)) == notes_of(record)
    back = [as_change(one) for one in differences(record, shipped)]
    assert revise(shipped, overlay, back, command="a test", time="2020-01-01").size == 0


def as_change(one) -> Change:
    """The difference as a change that brings it about."""
    old = {column: before for column, before, _ in one.cells}
    new = {column: after for column, _, after in one.cells}
    parts = {"add": {"new": new}, "change": {"new": new, "old": old}, "withdraw": {}}[one.action]
    return Change(1, one.action, one.table, one.key, reason="a test", **parts)


@quick
@given(
    action=st.sampled_from(["add", "change", "withdraw"]),
    table=st.sampled_from([*TABLES, "parties"]),
    key=st.sampled_from([*KEYS, "", "x"]),
    cells=st.dictionaries(st.sampled_from([*(column.name for column in EVENTS.columns), "x"]), TEXT, max_size=4),
    old=st.dictionaries(st.sampled_from(["note", "range_km", "x"]), TEXT, max_size=2),
    reason=TEXT,
)
def test_a_change_is_made_or_refused_by_its_number_and_nothing_else_happens(
    shipped, action, table, key, cells, old, reason
):
    change = Change(7, action, table, key, new=cells, old=old, reason=reason)
    overlay, refused = Overlay(), "change 7"
    try:
        overlay = revise(shipped, overlay, [change], command="a test", time="2020-01-01")
    except InputRefused as error:
        refused = str(error)
    assert "change 7" in refused
    overlaid(shipped, overlay)


STRAY_WORDS = (
    'PRK 북한 US > 2024-06-12 2024-02-30 2024 SRBM 2발 " https://a.org/b Sunan @ @Here leaders km 500km ; PRK;KOR ->'
)
WORDS = st.sampled_from([*EVENT_TYPES, *STRAY_WORDS.split(" ")])


@quick
@given(line=st.one_of(TEXT, st.lists(st.one_of(WORDS, TEXT), max_size=12).map(" ".join)))
def test_any_line_is_read_or_refused_in_words(line):
    told, refused = Told(), "a day that exists"
    try:
        told = read_line(line, places=["Sunan"], source_ids=["a-source"])
    except UsageError as error:
        refused = str(error)
    assert "a day that exists" in refused
    assert set(told.cells) <= {column.name for column in EVENTS.columns}
    for column, cell in told.cells.items():
        allowed = EVENTS.column(column).allowed
        members = cell.split(";") if EVENTS.column(column).kind == "list" else [cell]
        assert not allowed or set(members) <= set(allowed), (column, cell)
    if "event_date" in told.cells:
        dt.date.fromisoformat(told.cells["event_date"])
    asked = questions(told)
    assert {one.name for one in asked}.isdisjoint(told.cells)


@quick
@given(kind=st.sampled_from(sorted(EVENT_TYPES)), data=st.data())
def test_answering_every_question_leaves_none_open(kind, data):
    told = read_line("2024-06-12 PRK https://a.org/b").with_cells({"event_type": kind})
    for _ in range(8):
        asked = questions(told)
        if not asked:
            break
        first = asked[0]
        answer = data.draw(st.sampled_from(first.choices)) if first.choices else first.default
        assert answer, first
        told = told.with_cells({first.name: answer})
    assert questions(told) == ()
    assert choices_of(kind).keys() <= told.cells.keys()
