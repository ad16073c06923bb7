from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sample_brief
from reading import page_one, read
from rich.console import Console

import sixparty.report
from sixparty.report import (
    TrackRecord,
    brief_html,
    brief_markdown,
    brief_terminal,
    look_up,
    read_messages,
)
from sixparty.report.budget import PAGE_ONE_WORDS, count_words
from sixparty.report.render import SECTIONS
from sixparty.report.wording import write_value
from sixparty.vocabulary import FORBIDDEN_WORDS

WEEKS: dict[str, Callable[[], dict[str, Any]]] = {
    "ordinary": sample_brief.envelope,
    "empty": sample_brief.empty_week,
    "stale": sample_brief.stale,
    "busy": sample_brief.busy,
    "busy and unusual": lambda: sample_brief.busy(n_unusual=1),
    "fullest": sample_brief.fullest,
}
STYLES = Path(sixparty.report.__file__).parent / "styles" / "brief.css"


@cache
def rendered(week: str) -> str:
    return brief_html(WEEKS[week]())


def test_every_figure_of_page_one_stands_in_the_document(brief: dict[str, Any], html: str) -> None:
    figures = read(page_one(html)).figures
    assert len(figures) > 80
    for figure in figures:
        value = look_up(brief, figure.key)
        assert figure.text == write_value(value, figure.style, messages=read_messages("en")), figure.key


@pytest.mark.parametrize("week", WEEKS)
def test_no_figure_of_page_one_stands_without_a_key(week: str) -> None:
    assert read(page_one(rendered(week))).unkeyed == []


@pytest.mark.parametrize("week", WEEKS)
def test_every_link_leads_to_a_place_on_the_page(week: str) -> None:
    html = rendered(week)
    reading = read(html)
    links = {str(table["href"])[1:] for tag, table in reading.tags if tag == "a" and table["href"][0] == "#"}
    known = {id for id in links if not id.startswith(("row-", "source-"))}
    assert known <= set(reading.ids)


def test_rows_and_sources_cited_in_the_sample_are_on_the_page(html: str) -> None:
    reading = read(html)
    links = {str(table["href"])[1:] for tag, table in reading.tags if tag == "a" and table["href"][0] == "#"}
    assert links <= set(reading.ids)


@pytest.mark.parametrize("week", WEEKS)
def test_page_one_keeps_to_its_words(week: str) -> None:
    marking = count_words(str(WEEKS[week]()["result"]["header"]["marking"] or ""))
    assert count_words(read(page_one(rendered(week))).text) - 2 * marking <= PAGE_ONE_WORDS


@pytest.mark.parametrize("week", WEEKS)
def test_sections_stand_in_their_fixed_order(week: str) -> None:
    assert tuple(read(page_one(rendered(week))).sections) == SECTIONS


def test_the_end_of_the_record_comes_before_any_finding(html: str) -> None:
    text = read(page_one(html)).text
    assert text.index("Record complete through 30 June 2025") < text.index("Bottom line")


def test_a_stale_record_shows_the_banner_and_no_finding_above_the_tables() -> None:
    text = read(page_one(rendered("stale"))).text
    bottom = text[text.index("Bottom line") : text.index("Changed since")]
    assert "The record ends on 14 May 2025, 45 days before this brief." in bottom
    assert "usual" not in bottom


def test_an_empty_week_says_so() -> None:
    text = read(page_one(rendered("empty"))).text
    assert text.count("Nothing was added or revised, and no forecast moved by more than its own noise.") == 2
    assert "No dated event is known for these weeks." in text
    assert "No single event of the coming weeks would move a forecast" in text


def test_dates_ahead_of_a_week_before_their_record_are_not_covered_and_never_none() -> None:
    document = sample_brief.envelope(ahead=(), is_ahead_covered=False)
    text = read(page_one(brief_html(document))).text
    assert text.count("Dates ahead of this week are not covered.") == 2
    assert "No dated event is known" not in text


def test_a_class_not_covered_is_never_given_a_count() -> None:
    document = sample_brief.envelope(classes=sample_brief.classes()[:1])
    html = page_one(brief_html(document))
    assert read(html).text.count("not covered") == 3
    assert "classes.1.observed" not in html


@pytest.mark.parametrize("week", WEEKS)
def test_no_page_uses_words_that_are_not_ours(week: str) -> None:
    shown = (rendered(week) + brief_markdown(WEEKS[week]())).lower()
    words = (*FORBIDDEN_WORDS["en"], "calm", "quiet", "no events")
    assert [word for word in words if re.search(rf"\b{word}", shown)] == []


def test_page_one_has_no_figure_for_war_and_none_of_the_engine_room(html: str) -> None:
    text = read(page_one(html)).text.lower()
    assert [word for word in ("war ", "nuclear use", "branching", "r-hat", "k-hat", "ess ") if word in text] == []


def test_the_page_is_one_document_with_a_language_and_one_main_heading(html: str) -> None:
    tags = read(html).tags
    assert [table["lang"] for tag, table in tags if tag == "html"] == ["en"]
    assert sum(tag == "h1" for tag, _ in tags) == 1
    ids = read(html).ids
    assert len(ids) == len(set(ids))


def test_the_page_needs_nothing_from_outside(html: str) -> None:
    tags = read(html).tags
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe", "object")]
    assert not [table["src"] for _, table in tags if "src" in table]
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)


def test_every_table_has_a_caption_or_a_name_and_scoped_heads(html: str) -> None:
    tags = read(html).tags
    named = [tag == "caption" or bool(table.get("aria-label")) for tag, table in tags if tag in ("table", "caption")]
    assert sum(named) == sum(tag == "table" for tag, _ in tags) >= 8
    assert all(table.get("scope") for tag, table in tags if tag == "th")


def test_page_one_has_two_tables_and_every_drawing_has_a_title(html: str) -> None:
    tags = read(page_one(html)).tags
    assert sum(tag == "table" for tag, _ in tags) == 2
    drawings = [table for tag, table in tags if tag == "svg"]
    assert drawings
    assert all(table["role"] == "img" and table["aria-label"] for table in drawings)


def test_nothing_is_wider_than_a_narrow_screen(html: str) -> None:
    widths = [float(str(table["width"])) for tag, table in read(html).tags if tag == "svg"]
    assert max(widths) <= 328
    css = STYLES.read_text(encoding="utf-8")
    assert not re.findall(r"min-width:\s*[1-9]", css)
    assert "white-space: pre" not in css


def test_text_colours_reach_the_contrast_of_level_aa() -> None:
    colours = dict(re.findall(r"--(ink|soft|accent|paper): (#\w+)", STYLES.read_text(encoding="utf-8")))
    for name in ("ink", "soft", "accent"):
        assert _contrast(colours[name], colours["paper"]) >= 4.5, name


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    full = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(full[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_marking_stands_at_top_and_foot_of_page_one_and_of_the_rest() -> None:
    html = rendered("fullest")
    assert html.count('class="marking"') == 4
    assert '@top-center { content: "Official' in html
    assert 'class="marking"' not in rendered("ordinary")


def test_a_marking_cannot_break_out_of_the_style_sheet() -> None:
    marked = sample_brief.envelope(header=sample_brief.header(marking='</style><b>"x'))
    html = brief_html(marked)
    assert html.count("</style>") == 1
    assert "<b>&quot;" not in html.replace("&lt;b&gt;", "")


def test_labels_are_escaped() -> None:
    change = replace(sample_brief.changes()[0], label="<script>alert(1)</script> | *x*")
    document = sample_brief.envelope(changes=(change,))
    assert "<script>" not in brief_html(document)
    assert "\\<script\\>alert(1)\\</script\\> \\| \\*x\\*" in brief_markdown(document)


def test_a_saved_document_renders_to_the_same_page(brief: dict[str, Any], html: str) -> None:
    assert brief_html(json.loads(json.dumps(brief))) == html


def test_a_target_without_a_model_shows_its_base_rate_once(html: str) -> None:
    keys = [figure.key for figure in read(page_one(html)).figures]
    assert "result.forecasts.nuclear_test.13.model" not in keys
    assert keys.count("result.forecasts.nuclear_test.13.plain") == 1


def test_a_missing_window_is_said_to_be_missing() -> None:
    cells = tuple(
        cell for cell in sample_brief.forecasts() if not (cell.target == "us_prk_talks" and cell.horizon == 13)
    )
    assert "not available" in read(page_one(brief_html(sample_brief.envelope(forecasts=cells)))).text


def test_the_track_record_decides_which_sentence_is_said() -> None:
    since = sample_brief.AS_OF.replace(year=2024)
    better = sample_brief.envelope(record=TrackRecord(120, since, 6.0, low=1.0, high=11.0))
    tie = sample_brief.envelope(record=TrackRecord(120, since, 2.0, low=-3.0, high=7.0))
    assert "better than the plain rate by 6 % (1 to 11)" in read(page_one(brief_html(better))).text
    assert "no better than the plain rate (2 %, −3 to 7). Use the plain rate." in read(page_one(brief_html(tie))).text


@pytest.mark.parametrize("week", WEEKS)
def test_markdown_has_the_sections_of_page_one_in_order(week: str) -> None:
    document = WEEKS[week]()
    heads = re.findall(r"^## (.*)$", brief_markdown(document), flags=re.M)
    assert [head.split(" since")[0].split(" (")[0] for head in heads[:7]] == [
        "Bottom line",
        "Changed",
        "Dates ahead",
        "Where things stand",
        "What is likely next",
        "What would change this view",
        "How far to trust it",
    ]


def test_markdown_tables_have_as_many_cells_in_each_row(brief: dict[str, Any]) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", brief_markdown(brief), flags=re.M):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, table


@pytest.mark.parametrize("week", WEEKS)
def test_the_terminal_form_fits_eighty_signs(week: str) -> None:
    out = io.StringIO()
    Console(width=80, file=out).print(brief_terminal(WEEKS[week]()))
    text = out.getvalue()
    assert "What is likely next" in text
    assert max(len(line) for line in text.splitlines()) <= 80


def test_a_signpost_about_its_own_target_says_again() -> None:
    first = replace(sample_brief.signposts()[0], mark="border_kinetic", at_least=1)
    text = read(page_one(brief_html(sample_brief.envelope(signposts=(first,))))).text
    assert "Border clash with fire by 26 Jul: again within 13 weeks after: 19 % → 24 %" in text


def test_a_refused_fit_is_named_on_page_one() -> None:
    refused = tuple(replace(fit, is_accepted=False) for fit in sample_brief.fits())
    assert "Not all fits were accepted." in read(page_one(brief_html(sample_brief.envelope(fits=refused)))).text


def test_warnings_stand_on_page_two() -> None:
    document = {**sample_brief.envelope(), "warnings": ["the record of drills is <thin>"]}
    assert "the record of drills is &lt;thin&gt;" in brief_html(document)
    assert "the record of drills is \\<thin\\>" in brief_markdown(document)


def test_two_drawings_share_no_identifier() -> None:
    ids = re.findall(r'\bid="([^"]+)"', rendered("ordinary"))
    assert len(ids) == len(set(ids))


def test_importing_the_room_loads_no_drawing_or_templating_library() -> None:
    heavy = "[name for name in ('altair', 'vl_convert', 'jinja2', 'rich') if name in sys.modules]"
    code = f"import sys; import sixparty.report; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
