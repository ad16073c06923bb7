"""Promises on page two, the grey zone without a range, and the order of what changed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
import sample_brief
from reading import page_one, read
from rich.console import Console

from sixparty.report import brief_document, brief_html, brief_markdown, brief_terminal, look_up, read_messages
from sixparty.report.document import FAMILY_ORDER, family_rank
from sixparty.report.wording import write_value


def block(html: str) -> str:
    """The section of promises on page two."""
    return html.split('<section id="promises"')[1].split("</section>")[0]


def terminal(document: dict[str, Any]) -> str:
    out = io.StringIO()
    Console(width=80, file=out).print(brief_terminal(document))
    return out.getvalue()


def test_page_two_opens_with_promises(html: str) -> None:
    assert html.index('id="page-two"') < html.index('id="promises"') < html.index('id="behind-title"')
    assert "page two: promises, track record, notes" in read(page_one(html)).text


def test_every_figure_of_the_block_is_the_document_s_and_leads_to_its_note(brief: dict[str, Any], html: str) -> None:
    figures = read(block(html)).figures
    assert len(figures) > 60
    for figure in figures:
        value = look_up(brief, figure.key)
        assert figure.text == write_value(value, figure.style, messages=read_messages("en")), figure.key
        assert figure.href in {"#trace-promises-sides", "#trace-promises-due", "#trace-promises-held", "#trace-next"}
        assert f'id="{figure.href[1:]}"' in html


def test_each_table_names_its_note_and_the_command_that_shows_it_again(html: str) -> None:
    command = "<code>sixparty ledger show --as-of 2025-06-28 --due-within 364</code>"
    assert block(html).count(command) == 3
    notes = re.findall(r'note <a href="#trace-promises-(\w+)">(\d+)</a>', block(html))
    assert [part for part, _ in notes] == ["sides", "due", "held"]
    numbers = [int(number) for _, number in notes]
    assert numbers == list(range(numbers[0], numbers[0] + 3))


def test_a_party_stands_with_what_binds_it_alone(html: str) -> None:
    text = read(block(html)).text
    assert "North Korea, alone" in text
    assert "South Korea" in text
    assert "South Korea, alone" not in text


def test_breaches_from_memory_are_marked_wherever_they_are_counted(brief: dict[str, Any], html: str) -> None:
    assert "5 (2 m)" in read(block(html)).text
    assert "5 (2 m)" in brief_markdown(brief)
    assert "5 (2 m)" in terminal(brief)


def test_a_share_without_known_outcomes_is_a_dash() -> None:
    nothing = replace(sample_brief.promises().sides[1], every=sample_brief._counts(5))
    document = sample_brief.envelope(promises=replace(sample_brief.promises(), sides=(nothing,)))
    assert "–" in read(block(brief_html(document))).text
    assert "–" in terminal(document)


def test_what_is_overdue_says_by_how_many_days(brief: dict[str, Any], html: str) -> None:
    assert "overdue by 27 days" in read(block(html)).text
    assert brief["result"]["promises"]["due"] | {"rows": []} == {"count": 1, "overdue": 1, "rows": []}
    assert "Overdue: 1. Due within 52 weeks: 1." in terminal(brief)


def test_nothing_due_is_said_in_figures() -> None:
    document = sample_brief.envelope(promises=replace(sample_brief.promises(), due=()))
    sentence = "Overdue: 0. Due within 52 weeks: 0. 7 promises in force have no term."
    assert sentence in read(block(brief_html(document))).text
    assert sentence in brief_markdown(document)


def test_a_median_says_which_ends_of_its_range_can_be_told(html: str) -> None:
    text = re.sub(r"\s+", " ", read(block(html)).text)
    assert "4.0 ( 1.6 –…)" in text or "4.0 (1.6–…)" in text
    assert "cannot be told" in text
    assert "South Korea 2, North Korea 2, not told 2" in text


def test_a_brief_without_a_ledger_has_no_block_anywhere() -> None:
    document = sample_brief.envelope(promises=None)
    html = brief_html(document)
    assert 'id="promises"' not in html
    assert "trace-promises" not in html
    assert "## Promises" not in brief_markdown(document)
    assert "Overdue" not in terminal(document)


def test_a_document_from_before_the_ledger_still_renders() -> None:
    document = sample_brief.envelope()
    del document["result"]["promises"]
    assert 'id="promises"' not in brief_html(document)
    assert brief_markdown(document)
    assert terminal(document)


def test_grey_zone_days_have_a_count_and_no_range(brief: dict[str, Any], html: str) -> None:
    assert brief["result"]["where"]["classes"][2]["state"] == "counted"
    text = read(page_one(html)).text
    assert "0 begun, 2 lasting; no range: covered since May 2024" in text
    assert "result.where.classes.2.low" not in page_one(html)


def test_the_note_on_grey_zone_days_says_from_when_and_why(html: str) -> None:
    text = re.sub(r"<[^>]+>", "", html.split('id="trace-class-2"')[1].split("</section>")[0])
    assert "meant to be complete from 10 May 2024 only" in text
    assert "neither high nor low" in text
    assert "Began earlier and lasted into these weeks: 2." in text


def test_grey_zone_days_never_lead_the_bottom_line() -> None:
    rows = [replace(row, observed=40) if row.name == "grey_zone" else row for row in sample_brief.classes()]
    bottom = sample_brief.envelope(classes=tuple(rows))["result"]["bottom"]
    assert "result.where.classes.2" not in {line["base"] for line in bottom}


def test_rows_of_the_week_list_arms_first_and_words_last() -> None:
    plain = sample_brief.changes()[0]
    families = ("rhetoric", "contacts", "grey_zone", "weapons_tests", "border_incidents")
    added = tuple(replace(plain, family=name, row_id=name) for name in families)
    rows = brief_document(sample_brief.inputs(changes=added))["changed"]["added"]["rows"]
    assert [row["family"] for row in rows] == [
        "weapons_tests",
        "border_incidents",
        "grey_zone",
        "contacts",
        "rhetoric",
    ]


def test_rows_of_one_family_list_the_latest_first() -> None:
    plain = replace(sample_brief.changes()[0], family="weapons_tests")
    older = replace(plain, date=plain.date.replace(day=1), row_id="older")
    rows = brief_document(sample_brief.inputs(changes=(older, plain)))["changed"]["added"]["rows"]
    assert [row["row_id"] for row in rows] == ["w-2025-06-19", "older"]


def test_every_family_of_the_record_has_its_place_and_its_name() -> None:
    from sixparty.chronicle import FAMILIES

    assert set(FAMILIES) <= set(FAMILY_ORDER)
    assert all(f"families.{family}" in read_messages("en") for family in FAMILIES)
    assert family_rank("no_such_family") == family_rank(None) == len(FAMILY_ORDER)


def test_a_promise_that_changed_is_told_in_words() -> None:
    change = replace(
        sample_brief.changes()[0],
        kind="spell",
        family="commitments",
        row_id="p-1",
        old="carried_out",
        new="partly_kept",
    )
    text = read(page_one(brief_html(sample_brief.envelope(changes=(change,))))).text
    assert "carried out → kept in part" in text


@pytest.mark.parametrize(("old", "new", "count"), [(6.6, 7.4, 0), (6.4, 7.4, 1)])
def test_a_move_in_days_that_does_not_show_is_not_listed(old: float, new: float, count: int) -> None:
    change = replace(sample_brief.changes()[2], unit="days", target="weapons_test_days", old=old, new=new)
    found = brief_document(sample_brief.inputs(changes=(change,)))["changed"]["forecast"]
    assert found["count"] == count


def test_every_code_of_the_ledger_has_a_reader_s_word() -> None:
    from sixparty.chronicle.schema_ledger import DOMAINS, STEP_KINDS
    from sixparty.ledger import GRADES, STATES
    from sixparty.vocabulary import OTHER_ACTORS, PARTIES

    words = read_messages("en")
    groups = {
        "states": STATES,
        "domains": DOMAINS,
        "step_kinds": (*STEP_KINDS, "all"),
        "grades": GRADES,
        "parties": PARTIES + OTHER_ACTORS,
    }
    assert [
        f"{group}.{code}" for group, codes in groups.items() for code in codes if f"{group}.{code}" not in words
    ] == []
