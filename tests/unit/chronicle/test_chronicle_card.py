import pytest
from tests.conftest import drill, weapons_test

from sixparty.chronicle.card import END, START, card_tables, family_counts, stale_counts, with_fresh_counts
from sixparty.errors import FileRefused

DAY = "2025-05-08"
CARD = f"# A card\n\nOf 1 events and 1 sources, 2 of 3 drills were held.\n\n{START}{END}\n\nThe end.\n"


@pytest.fixture
def small(make_chronicle):
    rows = [weapons_test(DAY), weapons_test("2025-05-09", confidence="recalled")]
    return make_chronicle(events=rows, spells=[drill("2025-03-10", "2025-03-21")])


def test_rows_are_counted_by_family_and_confidence(small):
    counts = {count.name: count for count in family_counts(small)}
    tests, drills, posture = (counts[name] for name in ("weapons_tests", "joint_drills", "posture"))
    assert (tests.rows, tests.verified, tests.attested, tests.recalled) == (2, 0, 1, 1)
    assert (drills.rows, drills.share_verified) == (1, 0.0)
    assert (posture.rows, posture.share_verified) == (0, None)
    assert tests.complete_from == "1990-01-01"


def test_the_counts_of_the_shipped_record_add_up(chronicle):
    counts = {count.name: count.rows for count in family_counts(chronicle)}
    tables = ("leaders", "agreements", "commitments", "series")
    assert all(counts[name] == len(chronicle[name]) for name in tables)
    families = sum(rows for name, rows in counts.items() if name not in tables)
    assert families == sum(len(chronicle[name]) for name in ("events", "spells", "calendar"))


def test_fresh_counts_leave_the_rest_of_the_card_as_it_is(small):
    fresh = with_fresh_counts(CARD, small)
    assert fresh.replace(card_tables(small), "") == CARD
    assert with_fresh_counts(fresh, small) == fresh


def test_a_fresh_card_has_no_stale_count_but_those_in_its_words(small):
    fresh = with_fresh_counts(CARD, small)
    assert [(one.where, one.stated, one.counted) for one in stale_counts(fresh, small)] == [
        ("text", "1 events", "2 events")
    ]
    assert stale_counts(fresh.replace("1 events", "2 events"), small) == []


def test_counts_with_thousands_are_read(small):
    card = with_fresh_counts(CARD, small).replace("1 events", "1,002 events")
    assert [one.stated for one in stale_counts(card, small)] == ["1,002 events"]


def test_a_line_that_was_changed_taken_out_or_put_in_is_stale(small):
    fresh = with_fresh_counts(CARD.replace("1 events", "2 events"), small)
    line = next(line for line in fresh.splitlines() if "weapons_tests" in line)
    (changed,) = stale_counts(fresh.replace(line, line.replace("| 2 |", "| 3 |")), small)
    assert (changed.where, changed.counted) == ("table, `weapons_tests`", line)
    (gone,) = stale_counts(fresh.replace(line + "\n", ""), small)
    assert (gone.stated, gone.counted) == ("", line)
    (more,) = stale_counts(fresh.replace(line, f"{line}\n| `rockets` | 7 |"), small)
    assert (more.stated, more.counted) == ("| `rockets` | 7 |", "")


@pytest.mark.parametrize("card", ["", START, END, END + START])
def test_a_page_without_a_place_for_counts_is_refused(small, card):
    with pytest.raises(FileRefused, match="the data card must hold the lines"):
        with_fresh_counts(card, small)
    with pytest.raises(FileRefused, match="Name the data card with --card"):
        stale_counts(card, small)
