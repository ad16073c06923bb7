"""Commitments: by agreement and by side, what is due, how long steps held; counts lead to the promises behind them."""

from __future__ import annotations

import copy
import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from reading import landmarks, read

from sixparty.report import look_up, read_messages
from sixparty.report.pages import Chart, Here, chart_csv, chart_figure, render, row_link, site_page
from sixparty.report.pages.chart import NARROW
from sixparty.report.pages.commitment_cells import ASKED
from sixparty.report.wording import write_value
from sixparty.service.ledger import LedgerSpec, show_ledger
from sixparty.vocabulary import FORBIDDEN_WORDS, Language

LANGUAGES: tuple[Language, ...] = ("en", "ko")
MOST_BYTES = 1_500_000
MILITARY = "agr-2018-military"
QUESTIONS: dict[str, LedgerSpec] = {
    "everything": LedgerSpec(),
    "one text": LedgerSpec(agreement=MILITARY),
    "the oldest text": LedgerSpec(agreement="agr-1953-armistice"),
    "the longest answer": LedgerSpec(obligor="PRK"),
    "breaches": LedgerSpec(state="breached", due_within=100),
    "nothing": LedgerSpec(obligor="RUS", state="breached"),
}


@cache
def document(question: str) -> dict[str, Any]:
    return show_ledger(QUESTIONS[question]).document()


@cache
def page(question: str, language: Language = "en") -> str:
    return render(site_page("commitments"), document(question), here=Here("/commitments", language=language))


def charts(question: str, language: Language = "en") -> dict[str, Chart]:
    found = site_page("commitments").charts(document(question), read_messages(language))
    return {chart.name: chart for chart in found}


def width_of(drawn: str) -> float:
    found = re.search(r'width="([\d.]+)"', drawn)
    assert found is not None
    return float(found[1])


def text_of(html: str) -> str:
    return " ".join("".join(read(html).words).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_is_small_enough_and_its_links_within_it_lead_somewhere(question: str, language: Language) -> None:
    html = page(question, language)
    assert len(html.encode()) < MOST_BYTES
    found = read(html)
    assert len(found.ids) == len(set(found.ids))
    assert len(landmarks(html)) == len(set(landmarks(html)))
    anchors = {figure.href[1:] for figure in found.figures if figure.href.startswith("#")}
    assert anchors <= set(found.ids)
    shown = text_of(html).lower()
    assert not [word for word in FORBIDDEN_WORDS[language] if word in shown]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_figure_is_that_of_the_document(question: str, language: Language) -> None:
    messages = read_messages(language)
    for figure in read(page(question, language)).figures:
        if figure.key:
            value = look_up(document(question), figure.key)
            assert figure.text.strip() == write_value(value, figure.style, messages=messages), figure


@pytest.mark.parametrize("party", ["KOR", "USA"])
def test_a_count_leads_to_as_many_promises(party: str) -> None:
    sides = document("everything")["result"]["sides"]
    place = next(place for place, side in enumerate(sides) if side["party"] == party)
    figures = [
        figure
        for figure in read(page("everything")).figures
        if figure.key.startswith(f"result.sides.{place}.every.states.")
    ]
    assert len(figures) == 10
    for figure in figures:
        asked = dict(parse_qsl(urlsplit(figure.href).query))
        assert set(asked) == {"obligor", "state"}
        assert len(show_ledger(LedgerSpec(obligor=asked["obligor"], state=asked["state"])).result["rows"]) == int(
            figure.text
        ), figure


def test_without_a_question_every_text_is_listed_with_its_address_and_no_promise() -> None:
    html = page("everything")
    for text in document("everything")["result"]["texts"]:
        assert f'href="/commitments?agreement={text["id"]}"' in html
    assert "<details class=" not in html
    assert "cmt-" not in html


@pytest.mark.parametrize("question", ["one text", "breaches", "the longest answer"])
def test_every_promise_found_stands_once_with_its_row_obligors_and_state(question: str) -> None:
    html = page(question)
    for row in document(question)["result"]["rows"]:
        lines = html.split(f'<a href="{row_link(row["id"])}">')
        assert len(lines) == 2, row["id"]
        line = lines[1].split("</tr>")[0]
        assert read_messages("en").word("parties", row["obligors"][0]) in line
        assert read_messages("en").word("states", row["state"]) in line


def test_all_parties_have_the_same_columns_in_the_same_words() -> None:
    part = page("everything").split('aria-labelledby="sides"')[1].split("</section>")[0]
    labels = [
        tuple(re.findall(r'data-label="([^"]+)"', line)) for line in part.split("<tr role")[2:] if "data-label" in line
    ]
    assert len(labels) >= 9
    assert len(set(labels)) == 1


def test_the_form_keeps_what_was_asked_and_offers_days_that_are_not_on_its_list() -> None:
    html = page("breaches")
    assert '<option value="breached" selected>' in html
    assert '<option value="100" selected>' in html
    for name in ASKED:
        assert f'name="{name}"' in html


def test_nothing_due_is_said_and_what_is_overdue_is_listed_with_its_days() -> None:
    assert "No promise is overdue or falls due within 90 days" in text_of(page("everything"))
    late = copy.deepcopy(document("one text"))
    row = late["result"]["rows"][0]
    row |= {"state": "overdue", "due_date": "2025-06-01", "days_overdue": 29}
    html = render(site_page("commitments"), late, here=Here("/commitments"))
    part = html.split('aria-labelledby="due"')[1].split("</section>")[0]
    assert "overdue by 29 days" in text_of(part)
    assert row["promise_en"] in part


def test_a_question_without_an_answer_says_so_and_a_bare_text_too() -> None:
    assert "No promise answers to this question." in text_of(page("nothing"))
    bare = next(text["id"] for text in document("everything")["result"]["texts"] if text["coded"] == "title_only")
    html = render(
        site_page("commitments"), show_ledger(LedgerSpec(agreement=bare)).document(), here=Here("/commitments")
    )
    assert "by title alone" in text_of(html)


def test_the_drawing_by_year_has_a_line_for_every_clause() -> None:
    chart = charts("one text")["degrees"]
    clauses = {value["label"] for value in chart.spec["data"]["values"]}
    assert len(clauses) == len(document("one text")["result"]["rows"])
    assert "degrees" not in charts("breaches")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", ["everything", "one text", "the oldest text"])
def test_charts_are_drawn_at_both_widths_with_table_and_words(question: str, language: Language) -> None:
    found = charts(question, language)
    assert {"sides", "steps"} <= set(found)
    for chart in found.values():
        for is_narrow in (False, True):
            drawn = chart_figure(chart, is_narrow=is_narrow)
            assert "NaN" not in drawn
            limit = NARROW + 24 if is_narrow else 800
            assert width_of(drawn) <= limit, chart.name
        assert len(chart_csv(chart).splitlines()) == 1 + len(chart.rows)
        assert set(chart.rows[0]) <= set(chart.heads)
        assert re.search(r"\d", chart.alt)


def test_shares_of_a_party_add_up_to_all_its_promises() -> None:
    rows = charts("everything")["sides"].rows
    for party in {row["party"] for row in rows}:
        assert sum(row["share"] for row in rows if row["party"] == party) == pytest.approx(100, abs=0.4)


def test_no_two_steps_of_a_kind_lie_over_one_another() -> None:
    bars = charts("everything")["steps"].spec["layer"][0]["data"]["values"]
    assert len(bars) == len(document("everything")["result"]["steps"])
    lanes: dict[float, str] = {}
    for bar in sorted(bars, key=lambda bar: bar["from"]):
        assert lanes.get(bar["y"], "") < bar["from"]
        lanes[bar["y"]] = bar["to"]
