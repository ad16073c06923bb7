"""What the brief says of promises and of the grey zone, from the shipped record."""

import pytest

from sixparty.ledger import ledger_status
from sixparty.service.ledger import LedgerSpec, show_ledger
from sixparty.service.promises import promise_changes, promise_rows, promise_standing
from sixparty.service.standing import grey_zone, row_changes, rows_used, trust


def test_the_counts_of_a_party_add_up_to_its_promises(look):
    for side in promise_standing(look("2025-06-30")).sides:
        for group in (side.every, side.alone):
            ended = group.kept + group.partly_kept + group.breached + group.lapsed
            assert ended == group.known
            assert ended + group.superseded + group.open + group.unknown == group.promises
            assert group.breached_own <= group.breached >= group.breached_recalled


def test_the_command_of_the_block_shows_the_same_figures(look):
    found = promise_standing(look("2025-06-30"))
    assert found.command == "sixparty ledger show --as-of 2025-06-30 --due-within 364"
    shown = show_ledger(LedgerSpec(as_of="2025-06-30", due_within=364)).document()["result"]
    sides = {side["party"]: side["every"] for side in shown["sides"]}
    for side in found.sides:
        assert side.every.kept_share == pytest.approx(sides[side.party]["kept"]["share"])
        assert side.every.low == pytest.approx(sides[side.party]["kept"]["low"])
    medians = {curve["kind"]: curve["median_days"] for curve in shown["held"]}
    assert {row.kind: row.median_days for row in found.held} == {k: v for k, v in medians.items() if k != "aid"}
    assert (found.promises, found.agreements) == (len(shown["rows"]), shown["agreements"])


def test_after_the_record_s_end_the_ledger_stands_still(look):
    at_its_end, later = (promise_standing(look(day)) for day in ("2025-06-30", "2026-11-22"))
    assert later == at_its_end
    document = show_ledger(LedgerSpec(as_of="2026-11-22")).document()
    assert document["result"]["as_of"] == "2025-06-30"
    assert "the record ends on 2025-06-30" in document["warnings"][0]


def test_what_is_due_lies_within_a_year_and_what_is_overdue_behind(look):
    found = promise_standing(look("2018-11-15"))
    assert found.due
    for row in found.due:
        days = (row.due_date - found.as_of).days
        assert (0 <= days <= 364) if row.state == "due" else days == -row.days_overdue < 0
    assert [row.due_date for row in found.due] == sorted(row.due_date for row in found.due)


def test_a_promise_that_changed_in_the_week_is_told_with_both_states(look):
    changes = {
        change.row_id: (change.old, change.new) for change in promise_changes(look("2024-06-08"), look("2024-06-15"))
    }
    assert changes["cmt-2018-panmunjom-2-1-2"] == ("carried_out", "partly_kept")
    assert promise_changes(look("2024-06-15"), look("2024-06-15")) == ()


def test_promises_that_changed_or_are_due_are_among_the_rows_used(look, chronicle):
    before, now = look("2024-06-08"), look("2024-06-15")
    changes, found = promise_changes(before, now), promise_standing(now)
    rows = {row.row_id for row in promise_rows(now, changes, found)}
    assert rows == {change.row_id for change in changes} | {row.row_id for row in found.due}
    assert rows <= set(chronicle["commitments"]["id"])


def test_a_record_without_promises_has_no_block(look, chronicle):
    now = look("2025-06-30")
    bare = {**now.chronicle.tables, "commitments": now.chronicle["commitments"].clear()}
    assert promise_standing(type(now)(type(now.chronicle)(bare, "x"), now.dates, now.panel, now.exposures)) is None


def test_the_grey_zone_is_counted_without_a_range_while_it_is_covered(look):
    found = grey_zone(look("2025-06-30"))
    assert (found.is_covered, found.observed, found.low, found.high) == (True, 0, None, None)
    assert str(found.covered_from) == "2024-05-10"
    assert found.lasting == 2


def test_the_grey_zone_counts_the_days_of_its_target(look):
    found = grey_zone(look("2024-10-05"))
    assert (found.observed, found.is_covered) == (15, True)
    assert str(found.last_date) == "2024-09-22"


@pytest.mark.parametrize("day", ["2019-06-01", "2024-08-01"])
def test_before_thirteen_covered_weeks_the_grey_zone_is_not_covered(look, day):
    found = grey_zone(look(day))
    assert (found.is_covered, found.observed) == (False, None)


def test_what_cannot_be_seen_follows_the_coverage(look):
    always = ("intentions", "unannounced_tests", "secret_contacts")
    assert trust(look("2025-06-30")).cannot_see == ("recent_rhetoric", *always)
    assert trust(look("2024-10-05")).cannot_see == always
    assert trust(look("2019-06-01")).cannot_see == ("recent_grey_zone", *always)


def test_rows_of_every_family_are_among_what_changed(look):
    families = {change.family for change in row_changes(look("2024-09-28"), look("2024-10-05"))}
    assert {"grey_zone", "rhetoric", "posture"} <= families


def test_acts_that_lasted_into_the_window_are_among_the_rows_used(look):
    rows = {row.label for row in rows_used(look("2025-06-30"), ()) if row.class_name == "grey_zone"}
    assert any("loudspeaker" in label for label in rows)


def test_the_ledger_s_answer_follows_its_bounds(chronicle):
    found = show_ledger(LedgerSpec(agreement="agr-2018-military", year=2019)).document()["result"]
    clauses = chronicle["commitments"]["agreement_id"].to_list().count("agr-2018-military")
    assert len(found["rows"]) == len(found["implementation"]["degrees"]) == clauses
    assert {row["year"] for row in found["implementation"]["degrees"]} == {2019}
    assert [text["id"] for text in found["texts"]] == ["agr-2018-military"]
    assert {side["party"] for side in found["sides"]} == {"PRK", "KOR"}
    assert {step["agreement_id"] for step in found["steps"]} == {"agr-2018-military"}


def test_without_a_year_or_an_agreement_no_degrees_are_listed():
    assert show_ledger(LedgerSpec(obligor="USA")).document()["result"]["implementation"] is None


def test_a_text_that_stands_by_title_alone_is_listed_without_promises(chronicle):
    bare = chronicle["agreements"].filter(chronicle["agreements"]["coded"] == "title_only")["id"][0]
    found = show_ledger(LedgerSpec(agreement=bare)).document()["result"]
    assert (found["rows"], [text["id"] for text in found["texts"]]) == ([], [bare])


def test_the_root_offers_the_ledger(chronicle):
    import sixparty

    assert sixparty.ledger_status is ledger_status
