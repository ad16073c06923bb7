"""The track record: which figure comes first on page one, the tables behind it, and what is said without one."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
import sample_brief
from reading import page_one, read
from rich.console import Console

from sixparty.report import TrackRecord, brief_html, brief_markdown, brief_terminal, look_up, read_messages
from sixparty.report.wording import write_value


def block(html: str) -> str:
    """The section of the track record."""
    return html.split('<section id="track-record"')[1].split("</section>")[0]


def terminal(document: dict[str, Any]) -> str:
    out = io.StringIO()
    Console(width=80, file=out).print(brief_terminal(document))
    return out.getvalue()


def plain_text(text: str) -> str:
    return " ".join(text.split())


def test_the_plain_rate_comes_first_where_past_scores_put_it_first(html: str) -> None:
    keys = [figure.key for figure in read(page_one(html)).figures]
    base = "result.forecasts.inter_korean_talks.52"
    assert keys.index(f"{base}.plain") < keys.index(f"{base}.model")
    text = read(page_one(html)).text
    assert "21 %† 22 %" in text
    assert "† Plain, then model: use the plain rate." in text


def test_a_rival_comes_first_with_its_own_figure(html: str) -> None:
    text = read(page_one(html)).text
    assert "8 %‡ 13 %" in text
    assert "12–33‡ 14–41" in text
    assert "‡ Rival named behind, then model." in text


def test_the_note_behind_a_figure_names_the_rival_and_the_reason(html: str) -> None:
    notes = [
        html.split(f'id="trace-forecast-{name}"')[1].split("</section>")[0]
        for name in ("us_prk_talks", "weapons_test_days", "inter_korean_talks")
    ]
    texts = [plain_text(re.sub(r"<[^>]+>", "", note)) for note in notes]
    assert "Page one shows a rival first, INGARCH: 8 %. At past origins it was the better one here." in texts[0]
    assert "a rival first, climatology: 12 to 33 days (mean 21.5)" in texts[1]
    assert "at past origins the model was no better here. Use the plain rate." in texts[2]


def test_the_model_alone_first_needs_no_sign() -> None:
    text = read(page_one(brief_html(sample_brief.envelope(forecasts=sample_brief.unled_forecasts())))).text
    assert "†" not in text
    assert "‡" not in text
    assert "Retrospective since 2016: better than plain in 3 of 4, tied in 1, worse in 0." in text


def test_a_move_of_a_forecast_that_does_not_come_first_is_not_told() -> None:
    moved = sample_brief.changes()[2]
    away = replace(moved, target="us_prk_talks")
    found = sample_brief.envelope(changes=(moved, away))["result"]["changed"]
    assert [row["target"] for row in found["forecast"]["rows"]] == ["border_kinetic"]
    alone = sample_brief.envelope(changes=(away,))["result"]
    assert alone["changed"]["is_empty"]
    assert "changed.nothing" in {line["message"] for line in alone["bottom"]}


def test_every_figure_of_the_block_is_the_document_s_and_leads_to_its_note(brief: dict[str, Any], html: str) -> None:
    figures = read(block(html)).figures
    assert len(figures) > 100
    for figure in figures:
        value = look_up(brief, figure.key)
        assert figure.text == write_value(value, figure.style, messages=read_messages("en")), figure.key
        assert figure.href == "#trace-past"
    assert 'id="trace-past"' in html


def test_no_figure_of_the_block_stands_without_a_key(html: str) -> None:
    ours = ("note", "90 %", "50, 90", "1 November 2017", "November 2017 to December 2019", "backtest --seed 1")
    unkeyed = [text for text in read(block(html)).unkeyed if not text.strip().isdigit()]
    assert [text for text in unkeyed if not any(words in text for words in ours)] == []


def test_the_block_says_retrospective_its_years_and_its_command(html: str) -> None:
    text = read(block(html)).text
    assert "84 past Sundays, Jan 2012 to Dec 2018" in text
    assert "Retrospective: 1,900 of 2,000 rows carry the day on which they were known by rule." in text
    assert "Structures were chosen on years before 2016." in text
    assert "sixparty forecast backtest --seed 1" in text


def test_each_line_gives_difference_interval_word_coverage_number_and_what_comes_first(html: str) -> None:
    text = read(block(html)).text
    assert (
        "Inter-Korean talks 52 1.23 1.31 −0.08 (−0.12 to −0.03) better INGARCH 1.20 0.03 (−0.01 to 0.08) tie "
        "51, 87 78 plain rate"
    ) in text
    assert text.index("Years not used for choosing: origins from Jan 2016 on") < text.index(
        "All origins from Jan 2012 on"
    )


def test_targets_with_a_base_rate_stand_in_a_table_of_their_own(html: str) -> None:
    assert "Nuclear test" in block(html).split("Targets with a base rate alone, all origins")[2]
    assert "Nuclear test" not in block(html).split("Targets with a base rate alone")[0]


def test_a_drawing_of_reliability_has_its_table(html: str) -> None:
    assert block(html).count("<svg") == 2
    text = plain_text(re.sub(r"<[^>]+>", " ", block(html)))
    assert "Weapons-test days 93 % 95 % 42" in text


def test_issued_forecasts_are_counted_by_kind_and_never_added_together(brief: dict[str, Any], html: str) -> None:
    sentence = (
        "issued: 40 questions, 38 open, 1 resolved, 1 void; made late: 75 questions, 75 open, 0 resolved, 0 void. "
        "The next window closes on 28 June 2025."
    )
    assert sentence in read(block(html)).text
    assert sentence in brief_markdown(brief)


def test_a_home_without_an_archive_says_so() -> None:
    text = read(block(brief_html(sample_brief.envelope(archive=None)))).text
    assert "Forecasts issued from this home: none so far." in text


@pytest.mark.parametrize(
    ("ends", "page", "behind"),
    [
        (
            (None, None),
            "40 forecasts resolved since 28 June 2024, too few weeks to compare.",
            "in 40 since 28 June 2024.",
        ),
        ((1.0, 9.0), "better than the plain rate by 6 % (1 to 9)", "in 40 since 28 June 2024 (1 to 9)."),
    ],
)
def test_resolved_forecasts_are_compared_only_when_weeks_suffice(
    ends: tuple[float | None, float | None], page: str, behind: str
) -> None:
    found = TrackRecord(40, sample_brief.AS_OF.replace(year=2024), 6.0, *ends)
    html = brief_html(sample_brief.envelope(record=found))
    assert page in read(page_one(html)).text
    assert behind in read(block(html)).text


def test_markdown_and_the_terminal_show_what_comes_first(brief: dict[str, Any]) -> None:
    text = brief_markdown(brief)
    assert "| model 22 % | **21 %** |" in text
    assert "**INGARCH 8 %**" in text
    assert "## Track record" in text
    shown = terminal(brief)
    assert "21 % † (22 %)" in shown
    assert "8 % ‡ (13 %)" in shown
    assert "use the first." in plain_text(shown)


def test_a_brief_without_past_scores_has_neither_signs_nor_tables() -> None:
    document = sample_brief.envelope(past=None, archive=None, forecasts=sample_brief.unled_forecasts())
    html = brief_html(document)
    for text in (html, brief_markdown(document), terminal(document)):
        assert "†" not in text
        assert "Retrospective" not in text
    assert "trace-past" not in html
    assert 'id="track-record"' not in html


def test_a_document_from_before_the_track_record_still_renders() -> None:
    document = sample_brief.envelope()
    for name in ("past", "archive"):
        del document["result"][name]
    del document["result"]["next"]["leads"]
    for cells in document["result"]["forecasts"].values():
        for cell in cells.values():
            del cell["lead"]
    assert 'id="track-record"' not in brief_html(document)
    assert brief_markdown(document)
    assert terminal(document)


def test_without_years_kept_apart_the_tables_stand_and_page_one_claims_nothing() -> None:
    past = sample_brief.past()
    cells = tuple(replace(cell, lead=None) for cell in past.periods[1].cells)
    document = sample_brief.envelope(
        past=replace(past, tally=None, periods=(replace(past.periods[1], cells=cells),)),
        forecasts=sample_brief.unled_forecasts(),
    )
    html = brief_html(document)
    assert "Retrospective since" not in read(page_one(html)).text
    assert "All origins from Jan 2012 on" in read(block(html)).text
    assert "In the years not used for choosing" not in block(html)
    assert brief_markdown(document)
    assert terminal(document)
