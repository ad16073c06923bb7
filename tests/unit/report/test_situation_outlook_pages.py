"""Situation, Outlook and a target's page, from made-up documents of the right shape."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import sample_brief
import sample_situation
import test_explain_terminal
from reading import Reading, landmarks, read

from sixparty.report import look_up, read_messages
from sixparty.report.messages import FOLDER, read_table
from sixparty.report.pages import Chart, Here, chart_csv, chart_figure, render, site_page
from sixparty.report.wording import write_value
from sixparty.vocabulary import FORBIDDEN_WORDS

LANGUAGES = ("en", "ko")
LATER = "shared"


def explained(**changed: Any) -> dict[str, Any]:
    question = {"question": "Do official talks begin?", "unit": "meeting", "model_id": "sixparty-level"}
    provenance = {"command": "sixparty forecast explain inter_korean_talks"}
    found = test_explain_terminal.result(**question, **changed)
    return {"spec": {}, "result": found, "provenance": provenance, "warnings": []}


def base_rate() -> dict[str, Any]:
    parts = [test_explain_terminal.part("weeks", -0.0001, -0.0001), test_explain_terminal.part("record", 0.0, 0.0)]
    change = explained()["result"]["change"] | {"parts": parts, "old_chance": 0.0771, "new_chance": 0.077}
    errors = {"chance_error": 0.0, "mean_error": 0.0}
    quiet = {"has_model": False, "sources": None, "episodes": 4, "weeks": 706, "observations": []}
    return explained(change=change | errors, **quiet)


PAGES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "situation": ("situation", sample_situation.envelope),
    "situation without contacts": ("situation", sample_brief.envelope),
    "situation in an empty week": ("situation", sample_brief.empty_week),
    "situation of a stale record": ("situation", sample_brief.stale),
    "situation in a busy week": ("situation", lambda: sample_brief.busy(n_unusual=1)),
    "outlook": ("outlook", sample_situation.envelope),
    "outlook without a track record": ("outlook", lambda: sample_brief.envelope(past=None)),
    "outlook in a busy week": ("outlook", sample_brief.busy),
    "outlook in an empty week": ("outlook", sample_brief.empty_week),
    "target": ("target", explained),
    "target of days": ("target", lambda: explained(is_range=True, target="weapons_test_days")),
    "target with a base rate": ("target", base_rate),
}


@cache
def document(case: str) -> dict[str, Any]:
    return PAGES[case][1]()


@cache
def shown(case: str, language: str = "en") -> str:
    return render(site_page(PAGES[case][0]), document(case), here=Here("/", language=language))


@cache
def charts(case: str, language: str = "en") -> dict[str, Chart]:
    made = site_page(PAGES[case][0]).charts(document(case), read_messages(language))
    return {chart.name: chart for chart in made}


def reading(case: str, language: str = "en") -> Reading:
    return read(shown(case, language))


@pytest.mark.parametrize("case", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_that_of_the_document_in_the_style_it_names(case: str, language: str) -> None:
    figures = reading(case, language).figures
    assert figures
    for figure in figures:
        value = look_up(document(case), figure.key)
        if not figure.style.endswith(LATER):
            assert figure.text == write_value(value, figure.style, messages=read_messages(language)), figure.key


@pytest.mark.parametrize("case", PAGES)
def test_every_figure_leads_to_a_block_that_stands_on_the_page(case: str) -> None:
    found = reading(case)
    assert len(found.ids) == len(set(found.ids))
    for figure in found.figures:
        assert figure.href.startswith("#")
        assert figure.href.removeprefix("#") in found.ids, figure.key


@pytest.mark.parametrize("case", PAGES)
def test_links_within_a_page_lead_somewhere(case: str) -> None:
    found = reading(case)
    inner = [table["href"] for tag, table in found.tags if tag == "a" and str(table.get("href", "")).startswith("#")]
    assert {str(link).removeprefix("#") for link in inner} <= set(found.ids)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", PAGES)
def test_no_two_landmarks_have_one_name(case: str, language: str) -> None:
    names = landmarks(shown(case, language))
    assert len(names) == len(set(names)) > 3


@pytest.mark.parametrize("case", PAGES)
def test_no_link_stands_inside_a_summary(case: str) -> None:
    inside = re.findall(r"<summary>.*?</summary>", shown(case), flags=re.S)
    assert all("<a " not in summary for summary in inside)


@pytest.mark.parametrize("case", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_chart_has_rows_heads_and_words_and_can_be_drawn_at_both_widths(case: str, language: str) -> None:
    for chart in charts(case, language).values():
        assert chart.rows
        assert list(chart.heads) == list(chart.rows[0])
        assert all(chart.heads.values())
        assert all(text and "{" not in text for text in (chart.title, chart.caption, chart.alt, chart.command))
        assert len(chart_csv(chart).splitlines()) == len(chart.rows) + 1
        json.dumps(chart.spec, allow_nan=False)


@pytest.mark.parametrize("case", ["situation", "outlook in a busy week", "target"])
def test_drawings_fit_their_widths(case: str) -> None:
    for chart in charts(case).values():
        for is_narrow, limit in ((False, 800), (True, 328)):
            svg = chart_figure(chart, is_narrow=is_narrow)
            width = float(re.search(r'<svg [^>]*?width="([\d.]+)"', svg)[1])  # type: ignore[index]
            assert width <= limit, (chart.name, is_narrow)


def test_a_pair_that_is_not_followed_is_named_and_never_counted_as_nought() -> None:
    text = reading("situation").text
    assert "Not covered, and so not counted: United States – China." in text
    contacts = charts("situation")["contacts"]
    assert [row["pair"] for row in contacts.rows] == ["North Korea – Russia", "South Korea – China – Japan"]
    assert contacts.rows[0]["before"] is None
    assert "North Korea – Russia 5 (not available)" in contacts.alt


def test_levels_of_contacts_are_named_before_their_counts_so_that_one_needs_no_singular() -> None:
    row = document("situation")["result"]["situation"]["contacts"][0]["counts"][-1]
    words = {"leaders": "leaders", "high": "ministers, envoys", "working": "working level"}
    levels = ", ".join(f"{words[name]} {row[name]}" for name in words if row[name])
    assert levels
    assert levels in reading("situation").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_drawing_is_set_in_italics(language: str) -> None:
    for chart in charts("situation", language).values():
        assert "italic" not in chart_figure(chart)


def test_a_class_outside_the_record_is_said_to_be_so() -> None:
    classes = tuple(row for row in sample_brief.classes() if row.name != "grey_zone")
    found = sample_brief.envelope(classes=classes)
    page = read(render(site_page("situation"), found, here=Here("/")))
    assert "not covered" in page.text
    assert all(word not in page.text.lower() for word in ("calm", "quiet", "no events"))
    chart = next(c for c in site_page("situation").charts(found, read_messages("en")) if c.name == "classes")
    assert "Grey-zone days not covered" in chart.alt
    assert [row["observed"] for row in chart.rows if row["class"] == "Grey-zone days"] == [None]


def test_marked_days_stand_in_the_drawing_and_in_the_list_with_their_rows() -> None:
    html = shown("situation")
    assert all(f'href="/data/row/{name}"' in html for name in ("wt-2017", "bi-2010", "mor-2018"))
    lower = charts("situation")["index"].spec["vconcat"][1]["data"]["values"]
    assert len(lower) == 3
    assert [row["is_hollow"] for row in lower] == [row["date"].startswith("2022") for row in lower]


def test_labels_of_the_record_are_made_safe() -> None:
    html = shown("situation")
    assert "An envoy &lt;met&gt; &amp; left" in html
    assert "<met>" not in html


def test_the_index_is_drawn_every_fourth_week_and_tabled_every_week() -> None:
    chart = charts("situation")["index"]
    history = document("situation")["result"]["where"]["index"]["history"]
    assert [row["date"] for row in chart.rows] == history["date"]
    drawn = chart.spec["vconcat"][0]["data"]["values"]
    assert drawn[-1]["date"] == history["date"][-1]
    assert 0 < len(drawn) <= len(chart.rows) // 4 + 1


def test_the_figure_to_use_comes_first_and_the_other_below() -> None:
    html = shown("outlook")
    row = html[html.index('id="target-inter_korean_talks"') :].split("</tr>")[0]
    year = row.split("<td")[5]
    assert "plain rate first" in year
    cell = document("outlook")["result"]["forecasts"]["inter_korean_talks"]["52"]
    first, second = re.findall(r'data-key="([^"]+)"', year)
    assert (first.split(".")[-1], second.split(".")[-1]) == ("plain", "model")
    assert cell["lead"] == "plain"


def test_parts_of_moves_in_the_drawing_add_up_to_the_moves() -> None:
    found = document("outlook in a busy week")["result"]["changed"]["forecast"]["rows"]
    rows = charts("outlook in a busy week")["moves"].rows
    assert found
    for move in found:
        scale = 100.0 if move["unit"] == "probability" else 10.0
        parts = [row["part"] for row in rows if (row["old"], row["new"]) == (move["old"], move["new"])]
        assert sum(parts) == pytest.approx(scale * (move["new"] - move["old"]))
    assert "moves" not in charts("outlook in an empty week")


def test_a_record_without_past_scores_says_so() -> None:
    assert "is left out" in reading("outlook without a track record").text
    assert not {"skill", "reliability"} & set(charts("outlook without a track record"))


def test_parts_of_a_target_add_up_as_printed() -> None:
    figures = [figure for figure in reading("target").figures if figure.href == "#how-change"]
    parts = [figure for figure in figures if re.fullmatch(r"result\.change\.parts\.\d+\.chance", figure.key)]
    whole = [float(figure.text.replace("−", "-")) for figure in parts]
    total = next(
        figure for figure in figures if figure.key == "result.change.new_chance" and figure.style.endswith(LATER)
    )
    assert sum(whole) == float(total.text) == 7


def test_a_move_too_small_to_be_seen_is_not_drawn() -> None:
    assert charts("target with a base rate") == {}
    text = reading("target with a base rate").text
    assert "The chance of at least one is as before, 8 %." in text
    assert "4 episodes in 706 covered weeks" in text


@pytest.mark.parametrize("name", ["situation", "outlook"])
def test_neither_language_uses_words_that_the_house_forbids(name: str) -> None:
    for language in LANGUAGES:
        text = " ".join(read_table(FOLDER / language / f"{name}.toml").values()).lower()
        assert not [word for word in FORBIDDEN_WORDS[language] if word in text]  # type: ignore[index]


@pytest.mark.parametrize("case", ["situation", "outlook", "target"])
def test_the_korean_page_has_the_same_figures(case: str) -> None:
    keys = [{figure.key for figure in reading(case, language).figures} for language in LANGUAGES]
    assert keys[0] == keys[1]
