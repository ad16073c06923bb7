import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.conftest import SOURCE, weapons_test

from sixparty.chronicle import FAMILIES
from sixparty.chronicle.changes import Change, ChangeFile
from sixparty.chronicle.overlay import Overlay
from sixparty.chronicle.proposals import PUBLIC_LISTS, propose, public_list, read_public_list
from sixparty.chronicle.revision import checked_record, remember, revise
from sixparty.compute import Key
from sixparty.errors import FileRefused, InputRefused, UsageError

CSIS_HEADER = "date,csis_type,csis_event_label,event_code,weapon_class,source,url\n"
CNS_HEADER = (
    "cns_id,date,launch_time_utc,missile_name,missile_type,facility,facility_latitude,facility_longitude,apogee,"
    "distance_travelled,landing,confirmation,outcome,source\n"
)
SRBM = "Short-range Ballistic Missile Launch"
SOURCES = [SOURCE, *({"id": public.source_id, "title": "A list"} for public in PUBLIC_LISTS.values())]
ENDS = {"complete_from": "1990-01-01", "complete_through": "2020-12-31", "source_ids": "a-source"}
COVERAGE = [ENDS | {"family": family} for family in FAMILIES]


def csis(folder, *rows: tuple[str, str]) -> Path:
    path = folder / "csis.csv"
    text = CSIS_HEADER + "".join(f'{date},kind,"{label}",,,,\n' for date, label in rows)
    path.write_text(text, encoding="utf-8")
    return path


def cns(folder, *rows: tuple[str, str, str, str]) -> Path:
    path = folder / "cns.csv"
    lines = (f"{i},{date},{clock},Scud,{kind},{place},,,,,,,,\n" for i, (date, clock, kind, place) in enumerate(rows))
    path.write_text(CNS_HEADER + "".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def record(make_chronicle):
    """A record of five acts in 2020, complete through that year."""

    def make(*rows):
        events = rows or tuple(weapons_test(f"2020-0{month}-10", objects="2") for month in range(1, 6))
        return make_chronicle(sources=SOURCES, coverage=COVERAGE, events=list(events))

    return make


def proposals(path, chronicle, *, name="csis", decided=(), shipped=""):
    public = public_list(name)
    told = read_public_list(path, public)
    return propose(public, told, chronicle, file=path.name, decided=decided, shipped=shipped)


def test_an_act_that_the_record_lacks_is_proposed_and_never_accepted(tmp_path, record):
    found = proposals(csis(tmp_path, ("2020-01-10", SRBM), ("2020-07-04", SRBM)), record())
    (change,) = found.changes
    assert (change.action, change.key, change.is_accepted) == ("add", "wt-2020-07-04-srbm", False)
    assert change.new == {
        "id": "wt-2020-07-04-srbm",
        "event_date": "2020-07-04",
        "date_precision": "day",
        "known_date": "2020-07-05",
        "known_basis": "rule",
        "event_type": "ballistic_launch",
        "actors": "PRK",
        "weapon_class": "SRBM",
        "source_ids": "csis-beyond-parallel",
        "confidence": "attested",
        "label_en": "North Korea launched a short-range ballistic missile",
        "label_ko": "북한, 단거리 탄도미사일 발사",
    }
    assert change.source == "csis.csv, line 3"
    assert SRBM in change.reason
    assert "leaves open" in change.reason


def test_a_month_is_proposed_as_a_month(tmp_path, record):
    (change,) = proposals(csis(tmp_path, ("2020-08", "Nuclear Test")), record()).changes
    assert (change.new["event_date"], change.new["date_precision"]) == ("2020-08-01", "month")
    assert change.new["known_date"] == "2020-09-01"
    assert change.key == "wt-2020-08-nuclear"


def test_another_day_is_proposed_with_the_old_one_and_the_rule_date(tmp_path, record):
    row = weapons_test("2020-01-10", known_date="2020-01-11")
    (change,) = proposals(csis(tmp_path, ("2020-01-12", SRBM)), record(row)).changes
    assert change.action == "change"
    assert change.new == {"event_date": "2020-01-12", "known_date": "2020-01-13"}
    assert change.old == {"event_date": "2020-01-10", "known_date": "2020-01-11"}


def test_a_sourced_day_of_knowledge_is_left_alone(tmp_path, record):
    row = weapons_test("2020-01-10", known_basis="sourced", known_date="2020-01-20")
    (change,) = proposals(csis(tmp_path, ("2020-01-12", SRBM)), record(row)).changes
    assert set(change.new) == {"event_date"}


def test_a_first_of_the_month_that_the_list_put_in_is_not_taken_over(tmp_path, record):
    row = weapons_test("2020-01-03")
    assert proposals(csis(tmp_path, ("2020-01-01", SRBM)), record(row)).changes == ()
    month = weapons_test("2020-01-01", date_precision="month", known_date="2020-02-01")
    assert proposals(csis(tmp_path, ("2020-01-01", SRBM)), record(month)).changes == ()
    assert proposals(csis(tmp_path, ("2020-01", SRBM)), record(row)).changes == ()


def test_a_day_that_the_list_knows_of_an_act_known_by_its_month_is_proposed(tmp_path, record):
    row = weapons_test("2020-01-01", known_date="2020-01-02")
    (change,) = proposals(csis(tmp_path, ("2020-01-03", SRBM)), record(row)).changes
    assert change.new["event_date"] == "2020-01-03"


def test_another_class_is_proposed_where_the_label_says_one(tmp_path, record):
    (change,) = proposals(csis(tmp_path, ("2020-01-10", "Medium-range Ballistic Missile Launch")), record()).changes
    assert (change.old, change.new) == ({"weapon_class": "SRBM"}, {"weapon_class": "MRBM"})


def test_a_label_that_leaves_the_class_open_changes_none(tmp_path, record):
    path = csis(tmp_path, ("2020-01-10", "Ballistic Missile Launch"), ("2020-02-10", "Short-range Missile Launch"))
    assert proposals(path, record()).changes == ()


def test_a_cell_that_kept_words_carry_is_left_and_counted(tmp_path, make_chronicle):
    words = {"table": "events", "row_id": "wt-2020-01-10-SRBM", "columns": "event_date", "source_id": "a-source"}
    words |= {"address": "https://example.org/a", "seen_date": "2020-04-01", "seen_as": "stored_page"}
    words |= {"words": "on 10 January", "carries": "all"}
    events = [weapons_test("2020-01-10", confidence="verified")]
    chronicle = make_chronicle(sources=SOURCES, coverage=COVERAGE, events=events, verifications=[words])
    found = proposals(csis(tmp_path, ("2020-01-12", SRBM)), chronicle)
    assert (found.changes, found.kept) == ((), 1)


def test_nothing_is_withdrawn_because_a_list_lacks_it(tmp_path, record):
    assert proposals(csis(tmp_path, ("2020-01-10", SRBM)), record()).changes == ()


def test_a_row_that_stands_twice_is_proposed_for_withdrawal(tmp_path, record):
    rows = [weapons_test("2020-01-10"), weapons_test("2020-01-10", id="wt-again")]
    (change,) = proposals(csis(tmp_path, ("2020-01-10", SRBM)), record(*rows)).changes
    assert change.action == "withdraw"
    assert change.key in {"wt-again", "wt-2020-01-10-SRBM"}


@pytest.mark.parametrize(
    ("label", "kind", "cell"),
    [
        ("Exchange of Fire at DMZ", "border_other", "other"),
        ("Infiltration", "border_other", "other"),
        ("Airplane over the line", "border_crossing", "air_approach"),
        ("Seizure of boat", "border_other", "seizure"),
        ("GPS jamming", "gps_jamming", None),
        ("Balloon-floating", "balloon_release", "refuse"),
        ("Multiple Rocket System Test", "rocket_artillery_launch", "MLRS"),
        ("Underwater Nuclear Attack Drone", "other_weapon_test", "underwater_drone"),
        ("Joint Missile Test", "other_weapon_test", "unknown"),
        ("Ballistic Missile Launch", "ballistic_launch", "unknown"),
        ("Cruise Missile Launch", "cruise_launch", "LACM"),
    ],
)
def test_every_kind_of_label_is_coded_so_that_the_record_passes_every_check(tmp_path, record, label, kind, cell):
    chronicle = record()
    found = proposals(csis(tmp_path, ("2020-09-09", label)), chronicle).changes
    (change,) = found
    assert change.new["event_type"] == kind
    assert cell is None or cell in change.new.values()
    overlay = revise(chronicle, Overlay(), found, command="a test", time="2021-01-01")
    after = checked_record(chronicle, Overlay(), overlay)
    assert proposals(csis(tmp_path, ("2020-09-09", label)), after).changes == ()


def test_acts_after_the_records_end_are_proposed_and_those_before_its_start_are_not(tmp_path, record):
    path = csis(tmp_path, ("2021-02-03", SRBM), ("1985-02-03", SRBM))
    (change,) = proposals(path, record()).changes
    assert change.new["event_date"] == "2021-02-03"


def test_one_row_a_missile_becomes_one_act_a_day_and_class(tmp_path, record):
    rows = [("2020-07-04", "", "SRBM", "Sunan")] * 3 + [("2020-07-04", "", "MRBM", "Sunan")]
    first, second = proposals(cns(tmp_path, *rows), record(), name="cns").changes
    cells = {change.new["weapon_class"]: change.new["objects"] for change in (first, second)}
    assert cells == {"SRBM": "3", "MRBM": "1"}
    assert "cns.csv, line 2 and 2 more of that day" in {first.source, second.source}
    assert first.new["source_ids"] == "cns-missile-db"


def test_a_launch_in_the_evening_by_utc_is_of_the_next_day_in_korea(tmp_path, record):
    (change,) = proposals(cns(tmp_path, ("2020-07-04", "20:33", "SRBM", "Sunan")), record(), name="cns").changes
    assert change.new["event_date"] == "2020-07-05"


def test_another_number_of_missiles_is_proposed(tmp_path, record):
    rows = [("2020-01-10", "", "SRBM", "Sunan")] * 3
    (change,) = proposals(cns(tmp_path, *rows), record(), name="cns").changes
    assert (change.old, change.new) == ({"objects": "2"}, {"objects": "3"})


def encoded(path: Path, encoding: str, *, newline: str = "\n") -> Path:
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", newline).encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_are_read_as_their_publishers_give_them(tmp_path, record, encoding, newline):
    path = csis(tmp_path, ("2020-07-04", f"{SRBM} – “two”\nfrom the coast"), ("2020-08", "Nuclear Test"))
    found = proposals(encoded(path, encoding, newline=newline), record())
    assert [change.source for change in found.changes] == ["csis.csv, line 2", "csis.csv, line 4"]
    assert "– “two” from the coast" in found.changes[0].reason


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", InputRefused, "expected a column of this name, got nothing"),
        (b"a,b\n1,2\n", InputRefused, "column date"),
        (CSIS_HEADER.encode("utf-16"), FileRefused, "UTF-8 or Windows-1252"),
        (b"\x81\x8d\x8f\n", FileRefused, "UTF-8 or Windows-1252"),
        (CSIS_HEADER.encode() + b"2020-02-30,kind,Nuclear Test,,,,\n", InputRefused, "line 2, column date"),
        (CSIS_HEADER.encode() + b"2020-02-03,kind,Nuclear Test\n", InputRefused, "expected 7 cells, got 3"),
        (CSIS_HEADER.encode() + b'2020-02-03,"kind,Nuclear Test,,,,\n', FileRefused, "must be a CSV file"),
        (CSIS_HEADER.encode(), InputRefused, "at least one act"),
        (b"%PDF-1.4\n\x00\x01", FileRefused, "UTF-8 or Windows-1252"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_line_and_column(tmp_path, content, error, message):
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(error) as told:
        read_public_list(path, public_list("csis"))
    assert message in str(told.value)
    assert "list.csv" in str(told.value)


def test_a_missing_list_a_folder_and_an_unknown_layout_are_refused(tmp_path):
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(FileRefused, match="must be a CSV file"):
            read_public_list(path, public_list("cns"))
    with pytest.raises(UsageError, match="one of csis, cns"):
        public_list("gdelt")


def test_what_was_decided_is_not_proposed_again_and_is_counted(tmp_path, record):
    path = csis(tmp_path, ("2020-07-04", SRBM), ("2020-08-04", SRBM))
    first = proposals(path, record())
    again = proposals(path, record(), decided={first.changes[0].fingerprint})
    assert [change.fingerprint for change in again.changes] == [first.changes[1].fingerprint]
    assert (again.decided, again.changes[0].number) == (1, 1)


def test_an_act_keeps_its_name_when_lines_move(tmp_path, record):
    (before,) = proposals(csis(tmp_path, ("2020-07-04", SRBM)), record()).changes
    path = csis(tmp_path, ("2020-01-10", SRBM), ("2020-02-10", SRBM), ("2020-07-04", SRBM))
    (after,) = proposals(path, record()).changes
    assert (before.fingerprint, before.source) == (after.fingerprint, "csis.csv, line 2")
    assert after.source == "csis.csv, line 4"


def check_that_the_same_import_twice_proposes_nothing(path, name, chronicle, *, seed):
    """Accept each proposal with a chance of one half, and import again."""
    proposed = proposals(path, chronicle, name=name, shipped=chronicle.digest)
    first = proposed.changes
    draws = Key.from_seed(seed).generator().random(len(first))
    changes = [replace(change, is_accepted=bool(draw < 0.5)) for change, draw in zip(first, draws, strict=True)]
    chosen: list[Change] = [change for change in changes if change.is_accepted]
    overlay = revise(chronicle, Overlay(), chosen, command="a test", time="2021-01-01")
    after = checked_record(chronicle, Overlay(), overlay)
    overlay = remember(overlay, ChangeFile(name, tuple(changes), proposed.digest), date="2021-01-01")
    decided = {one.fingerprint for one in overlay.dismissed}
    assert proposals(path, after, name=name, decided=decided, shipped=chronicle.digest).changes == ()
    return len(first)


@pytest.mark.parametrize("seed", range(8))
def test_the_same_import_twice_proposes_nothing_whatever_was_accepted(tmp_path, record, seed):
    labels = (SRBM, "Nuclear Test", "Exchange of Fire at DMZ", "Ballistic Missile Launch", "Balloon-floating")
    rows = [(f"2020-0{month}-{day}", label) for month in range(1, 7) for day in (10, 12) for label in labels]
    assert check_that_the_same_import_twice_proposes_nothing(csis(tmp_path, *rows), "csis", record(), seed=seed) > 20


@pytest.mark.skipif("SIXPARTY_FACTS" not in os.environ, reason="needs the two public lists")
@pytest.mark.parametrize(("name", "file"), [("csis", "provocations_csis.csv"), ("cns", "missile_tests_cns.csv")])
@pytest.mark.parametrize("seed", range(3))
def test_the_real_lists_propose_nothing_twice(chronicle, name, file, seed):
    path = Path(os.environ["SIXPARTY_FACTS"]) / file
    check_that_the_same_import_twice_proposes_nothing(path, name, chronicle, seed=seed)
