"""The pages on claims: every claim with its verdict, and one claim with its figures, checks and rows."""

from __future__ import annotations

import copy
import re
from functools import cache
from html import unescape
from typing import Any

import pytest
import sample_claims as sample
from reading import Reading, landmarks, read

from sixparty.report import look_up, read_messages
from sixparty.report.evidence_words import answer, check_words, public_sentence
from sixparty.report.pages import Chart, Here, chart_csv, chart_figure, render, row_link, site_page
from sixparty.report.pages.chart import NARROW, narrow_spec
from sixparty.report.pages.claim_cells import claim_words, named_claims
from sixparty.report.wording import write_value
from sixparty.vocabulary import FORBIDDEN_WORDS, Language

LANGUAGES: tuple[Language, ...] = ("en", "ko")
ALL = sample.all_claims()
NAMES = [claim["claim"] for claim in ALL["result"]["claims"]]
ESTIMATED = [claim["claim"] for claim in ALL["result"]["claims"] if claim["estimate"]]


def one(name: str) -> dict[str, Any]:
    """The answer on one claim, as the verb gives it."""
    chosen = [claim for claim in ALL["result"]["claims"] if claim["claim"] == name]
    return {**ALL, "spec": {**ALL["spec"], "claims": [name]}, "result": {**ALL["result"], "claims": chosen}}


@cache
def page(name: str, language: Language) -> str:
    document, path = (ALL, "/evidence") if name == "evidence" else (one(name), f"/evidence/{name}")
    kind = site_page("evidence" if name == "evidence" else "claim")
    return render(kind, document, here=Here(path, language=language, command="sixparty evidence test all"))


def charts(name: str, language: Language) -> tuple[Chart, ...]:
    document = ALL if name == "evidence" else one(name)
    return site_page("evidence" if name == "evidence" else "claim").charts(document, read_messages(language))


def width_of(drawn: str) -> float:
    found = re.search(r'width="([\d.]+)"', drawn)
    assert found is not None
    return float(found[1])


def text_of(html: str) -> str:
    return " ".join("".join(read(html).words).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["evidence", *ESTIMATED])
def test_every_figure_is_that_of_the_document_and_leads_to_how_it_came_about(name: str, language: Language) -> None:
    document, found = (ALL if name == "evidence" else one(name)), read(page(name, language))
    messages = read_messages(language)
    keyed = [figure for figure in found.figures if figure.key]
    assert len(keyed) > 10
    for figure in keyed:
        shown = write_value(look_up(document, figure.key), figure.style, messages=messages)
        assert figure.text.strip() == shown, figure
        place, _, anchor = figure.href.partition("#")
        assert anchor == "how"
        assert not place or place.removeprefix("/ko").removeprefix("/evidence/") in NAMES
    assert "how" in found.ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_is_listed_under_its_verdict_with_a_link_to_its_page(language: Language) -> None:
    html, prefix = page("evidence", language), "" if language == "en" else "/ko"
    for claim in ALL["result"]["claims"]:
        part = html.split(f'<section id="{claim["verdict"]}"')[1].split("</section>")[0]
        assert part.count(f'href="{prefix}/evidence/{claim["claim"]}"') == 1, claim["claim"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_the_answer_and_the_sentence_of_the_printed_sheet(name: str, language: Language) -> None:
    messages = read_messages(language)
    words, (claim,) = claim_words(messages), named_claims(one(name), messages)
    shown = text_of(page(name, language)).replace(" ", "")
    assert answer(claim, words).replace(" ", "") in shown
    assert public_sentence(claim, words).replace(" ", "") in shown


@pytest.mark.parametrize("name", ESTIMATED)
def test_a_page_shows_every_check_and_links_every_row(name: str) -> None:
    html, (claim,) = page(name, "en"), one(name)["result"]["claims"]
    words = claim_words(read_messages("en"))
    for check in claim["checks"]:
        assert check_words(check, words) in text_of(html)
    for row in claim["rows"]:
        assert f'href="{row_link(row)}"' in html
    assert "Verified rows alone" in html


def test_a_claim_without_an_estimate_has_its_reason_and_no_figure() -> None:
    html = page("summit-ended-the-war", "en")
    assert "<img" not in html
    assert 'class="n"' not in html
    assert "Clause 3.3 of the Panmunjom Declaration" in text_of(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["evidence", "drills-raise-tests", "resolutions-stop-tests"])
def test_a_chart_has_two_widths_a_table_a_caption_and_words_for_who_does_not_see_it(
    name: str, language: Language
) -> None:
    (chart,) = charts(name, language)
    for is_narrow in (False, True):
        drawn = chart_figure(chart, is_narrow=is_narrow)
        assert "NaN" not in drawn
        assert not is_narrow or width_of(drawn) <= NARROW + 12
    table = chart_csv(chart).splitlines()
    assert len(table) == 1 + len(chart.rows) > 3
    assert set(chart.rows[0]) <= set(chart.heads)
    assert re.search(r"\d", chart.alt)
    assert (max(chart.alt) >= "가") == (language == "ko")
    assert chart.caption.rstrip().endswith(".")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["evidence", "drills-raise-tests"])
def test_a_caption_writes_dates_as_the_rest_of_the_page_does(name: str, language: Language) -> None:
    (chart,) = charts(name, language)
    last = max(claim["window"]["last"] for claim in ALL["result"]["claims"] if claim["estimate"])
    assert write_value(last, "date", messages=read_messages(language)) in chart.caption
    assert not re.search(r"\d{4}-\d\d-\d\d", chart.caption)


@pytest.mark.parametrize("name", ["evidence", "drills-raise-tests"])
def test_on_a_telephone_no_upright_line_runs_through_a_label(name: str) -> None:
    (chart,) = charts(name, "en")
    layers = narrow_spec(chart)["layer"]
    labels = [row["y"] for layer in layers if layer["mark"]["type"] == "text" for row in layer["data"]["values"]]
    uprights = [layer["data"]["values"] for layer in layers if "y2" in layer["encoding"]]
    size = next(layer["mark"]["fontSize"] for layer in layers if layer["mark"]["type"] == "text")
    assert uprights
    assert labels
    for row in (row for rows in uprights for row in rows):
        assert not [y for y in labels if row["y"] - 0.5 * size < y < row["to"] + 0.5 * size]


def test_the_forest_s_words_count_the_claims_and_those_that_hold_no_difference() -> None:
    (chart,) = charts("evidence", "en")
    rows = chart.rows
    is_open = sum(row["low"] <= 1 <= (row["high"] or 99) for row in rows)
    assert chart.alt.startswith(f"{len(ESTIMATED)} claims with an estimate.")
    assert f"holds no difference for {is_open} of them" in chart.alt


def test_labels_are_escaped() -> None:
    document = copy.deepcopy(one("drills-raise-tests"))
    claim = document["result"]["claims"][0]
    for name in ("title", "text", "exposure"):
        claim[name] = {"en": "<script>alert(1)</script> & {x}", "ko": "<b>"}
    html = render(site_page("claim"), document, here=Here("/evidence/x"))
    assert "<script>alert" not in html
    assert "alert(1)" in unescape(html)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["evidence", *NAMES])
def test_no_page_uses_words_that_are_not_ours_or_names_an_id_twice(name: str, language: Language) -> None:
    html = page(name, language)
    found: Reading = read(html)
    assert len(found.ids) == len(set(found.ids))
    assert len(landmarks(html)) == len(set(landmarks(html)))
    shown = re.sub("|".join(NAMES), "", text_of(html).lower())
    assert not [word for word in FORBIDDEN_WORDS[language] if word in shown]


def test_the_korean_pages_name_parties_by_the_setting() -> None:
    own = render(site_page("evidence"), ALL, here=Here("/evidence", language="ko", party_names="own"))
    common = render(site_page("evidence"), ALL, here=Here("/evidence", language="ko", party_names="common"))
    assert "조러" in own
    assert "북러" in common
    assert "북러" not in own
