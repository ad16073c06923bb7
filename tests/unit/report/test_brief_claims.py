"""Claims touched, on page two of the brief."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import sample_brief
from rich.console import Console

from sixparty.report import ClaimsStanding, ClaimTouched, brief_html, brief_markdown, brief_terminal

TOUCHED = ClaimTouched(
    claim="drills-raise-tests",
    label_en="Drills and weapons tests",
    label_ko="연합훈련과 무기 시험",
    verdict="no_evidence",
    ratio=1.18,
    low=0.91,
    high=1.53,
    role="exposure",
    rows=("drill-1", "drill-2"),
    command="sixparty evidence test drills-raise-tests",
)
STANDING = ClaimsStanding(None, 16, 0.8, (TOUCHED,), "sixparty evidence test all")


def pages(standing: ClaimsStanding | None) -> tuple[dict[str, Any], str, str]:
    document = sample_brief.envelope(claims=standing)
    return document, brief_html(document), brief_markdown(document)


def test_a_claim_touched_has_one_line_with_verdict_ratio_rows_and_command() -> None:
    _, html, markdown = pages(STANDING)
    line = "Drills and weapons tests: no evidence either way, 1.18 times as many (0.91 to 1.53)."
    assert f"- {line} The week adds to the exposure: drill-1, drill-2." in markdown.replace("\\", "")
    block = html.split('<section id="claims"')[1].split("</section>")[0]
    assert block.count("<li>") == 1
    assert 'href="#trace-claims"' in block
    assert "<code>sixparty evidence test drills-raise-tests</code>" in block
    assert 'id="trace-claims"' in html


def test_an_interval_without_upper_end_and_a_claim_without_an_estimate_are_said() -> None:
    boundless = replace(TOUCHED, high=None)
    untested = replace(TOUCHED, ratio=None, low=None, high=None, verdict="not_testable")
    _, _, markdown = pages(replace(STANDING, rows=(boundless, untested)))
    assert "(0.91 and up)" in markdown
    assert "Drills and weapons tests: not testable. The week adds" in markdown


def test_results_that_are_left_out_are_said_to_be_so_and_none_is_shown() -> None:
    left_out = replace(STANDING, left_out="other_record", rows=())
    _, html, markdown = pages(left_out)
    assert "No claim is shown: the results that ship were made from another record than this one;" in markdown
    assert "1.18" not in html.split('<section id="claims"')[1].split("</section>")[0]
    assert 'id="trace-claims"' not in html


def test_a_week_that_touches_no_claim_says_so() -> None:
    assert "The week adds no row" in pages(replace(STANDING, rows=()))[2]


def test_a_brief_without_claims_has_no_such_section() -> None:
    document, html, markdown = pages(None)
    assert document["result"]["claims"] is None
    assert 'id="claims"' not in html
    assert "Claims touched" not in markdown


def test_the_terminal_has_a_line_for_each_claim_touched_or_says_that_there_is_none() -> None:
    assert "Drills and weapons tests: no evidence either way" in terminal(STANDING)
    assert "The week adds no row" in terminal(replace(STANDING, rows=()))
    assert "No claim is shown" in terminal(replace(STANDING, left_out="other_record", rows=()))
    assert "Claims touched" not in terminal(None)


def terminal(standing: ClaimsStanding | None) -> str:
    out = io.StringIO()
    Console(width=200, file=out).print(brief_terminal(sample_brief.envelope(claims=standing)))
    return out.getvalue()
