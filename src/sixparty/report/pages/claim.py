"""One claim: the answer, its figures under every check, what may be said of it in public, and what it rests on."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.report.evidence_sheet import detail_words, sheet_command, sheet_heads
from sixparty.report.evidence_words import (
    Claim,
    chance_words,
    check_words,
    flip_words,
    interval_words,
    lead_words,
    not_run_words,
    public_sentence,
    ratio_words,
    reason,
    verdict_words,
)
from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.chart import Chart
from sixparty.report.pages.claim_cells import (
    answer_cell,
    claim_words,
    filled,
    interval_cell,
    least_cell,
    named_claims,
    p_cell,
    ratio_cell,
)
from sixparty.report.pages.evidence import chart_heads
from sixparty.report.pages.site import Document, SitePage
from sixparty.report.trace import Block
from sixparty.report.wording import write_value

_BASE = "result.claims.0"
_COLUMNS = 9
_ON_RATES = ("count_regression", "case_series", "rates", "growth")
_COUNTS = ("episodes", "events", "exposed_events")


def charts(document: Document, messages: Messages) -> tuple[Chart, ...]:
    """Return the drawing of the estimate and its checks; none where there is no estimate."""
    from sixparty.report.evidence_figures import NARROW, WIDE, claim_chart

    words, claim = claim_words(messages), named_claims(document, messages)[0]
    if not claim["estimate"]:
        return ()
    ratio = claim["estimate"]["ratio"]
    days = {end: write_value(claim["window"][end], "date", messages=messages) for end in ("first", "last")}
    return (
        Chart(
            name="checks",
            spec=claim_chart(claim, words, WIDE),
            narrow=claim_chart(claim, words, NARROW),
            rows=tuple(_chart_rows(claim, words)),
            heads=chart_heads(words) | {"question": words["page.csv_question"]},
            title=f"{claim['title'][words.language]}: {verdict_words(claim, words)}",
            caption=words[f"page.checks_caption{'_growth' if claim['design'] == 'growth' else ''}"].format(
                smallest=ratio_words(claim["smallest"], words), **days
            ),
            alt=words["page.checks_alt"].format(
                ratio=ratio_words(ratio["value"], words),
                interval=interval_words(ratio, words),
                flips=flip_words(claim, words),
            ),
            sources=("events", "spells", "claims"),
            command=sheet_command(document["spec"], claim["claim"]),
        ),
    )


def context(document: Document, page: Page) -> Mapping[str, Any]:
    """Return what the template shows of the claim."""
    words, claim = claim_words(page.messages), named_claims(document, page.messages)[0]
    return {
        "words": words,
        "title": claim["title"][words.language],
        "verdict": verdict_words(claim, words),
        "answer": answer_cell(page, _BASE, claim=claim, words=words),
        "public": public_sentence(claim, words),
        "said": [(words[f"sheet.{head}"], claim[name][words.language]) for head, name in _SAID],
        "heads": sheet_heads(words, claim["design"]),
        "rows": _rows(page, claim, words),
        "notes": _notes(page, claim, words),
        "not_run": not_run_words(claim, words),
        "block": _how(document, page, claim=claim, words=words),
        "method": _method(claim),
    }


_SAID = (("claim", "text"), ("made_by", "made_by"), ("doubted_by", "doubted_by"))


def _rows(page: Page, claim: Claim, words: Messages) -> list[list[Any]]:
    """The table: the main estimate, the time before it, and every check."""
    if claim["estimate"] is None:
        return []
    readings = claim.get("readings") or {}
    rows = [_row(page, f"{_BASE}.estimate", words, name=words["sheet.main"], says=readings.get("main"))]
    if claim["estimate"]["lead"]:
        base = f"{_BASE}.estimate.lead"
        lead = [ratio_cell(page, f"{base}.value", words), interval_cell(page, base, words)]
        rows.append([words["sheet.lead"], *lead, *[""] * (_COLUMNS - 3)])
    for name in claim["checks"]:
        says = readings.get(name)
        rows.append(_row(page, f"{_BASE}.checks.{name}", words, name=check_words(name, words), says=says))
    return rows


def _row(page: Page, base: str, words: Messages, *, name: str, says: str | None) -> list[Any]:
    return [
        name,
        ratio_cell(page, f"{base}.ratio.value", words),
        interval_cell(page, f"{base}.ratio", words),
        p_cell(page, base),
        *(page.num(f"{base}.{count}", "count") for count in _COUNTS),
        least_cell(page, base, words),
        words[f"reading.{says}"] if says else "",
    ]


def _notes(page: Page, claim: Claim, words: Messages) -> list[tuple[str, Any]]:
    """What stands beside the figures, each under its name."""
    notes: list[tuple[str, Any]] = []
    if claim["estimate"]:
        notes.append((words["sheet.checks"], f"{flip_words(claim, words)} {lead_words(claim, words)}"))
    if claim["design"]:
        notes.append((words["sheet.design"], f"{words.word('design', claim['design'])}."))
    if claim["window"]:
        days = {end: page.num(f"{_BASE}.window.{end}", "date") for end in ("first", "last")}
        notes.append((words["page.window"], filled(words["page.window_days"], days)))
    if claim["grade"]:
        notes.append((words["sheet.grade"], words[f"grades.{claim['grade']}"]))
    if claim["estimate"] and claim["estimate"]["details"]:
        notes.append((words["sheet.details"], detail_words(claim["estimate"]["details"], words)))
    return notes


def _how(document: Document, page: Page, *, claim: Claim, words: Messages) -> Block:
    said = _estimated(document, claim, words) if claim["estimate"] else _not_estimated(claim, words)
    seen, known, sure, otherwise = (Marked(html.escape(text)) for text in said)
    return Block(
        id="how",
        title=Marked(html.escape(verdict_words(claim, words))),
        seen=(seen,),
        known=known,
        sure=sure,
        otherwise=otherwise,
        command=sheet_command(document["spec"], claim["claim"]),
        row_ids=tuple(claim["rows"]),
    )


def _estimated(document: Document, claim: Claim, words: Messages) -> Sequence[str]:
    """What we see, how we know, how sure, what else it could be."""
    smallest = ratio_words(claim["smallest"], words)
    exposure = claim["exposure"][words.language]
    return (
        words["page.seen_checks"].format(n=len(claim["checks"])),
        words["page.how_known"],
        f"{words['sheet.rule'].format(smallest=smallest)} {chance_words(document['result'], words)}",
        f"{lead_words(claim, words)} {words['page.otherwise'].format(exposure=exposure)}",
    )


def _not_estimated(claim: Claim, words: Messages) -> Sequence[str]:
    is_text = claim["standing"] == "from_text"
    known = words["page.known_text"] if is_text else words["page.known_reason"].format(reason=reason(claim, words))
    otherwise = words["page.otherwise_text" if is_text else "page.otherwise_open"]
    return words[f"meaning.{claim['verdict']}"], known, words["page.sure_none"], otherwise


def _method(claim: Claim) -> str:
    """Address of the formulas and proofs of a claim's design."""
    if claim["design"] is None:
        return "/method/evidence"
    return f"/method/designs-on-{'rates' if claim['design'] in _ON_RATES else 'dates'}"


def _chart_rows(claim: Claim, words: Messages) -> list[dict[str, Any]]:
    estimate = claim["estimate"]
    questions = [(words["sheet.main"], estimate)]
    questions += [(check_words(name, words), check) for name, check in claim["checks"].items()]
    rows = [_chart_row(name, each["ratio"], counted=each) for name, each in questions]
    if estimate["lead"]:
        rows.insert(1, _chart_row(words["sheet.lead"], estimate["lead"], counted=None))
    return rows


def _chart_row(name: str, ratio: Mapping[str, Any], *, counted: Mapping[str, Any] | None) -> dict[str, Any]:
    counts = {key: counted[key] if counted else None for key in ("episodes", "events")}
    return {"question": name, "ratio": ratio["value"], "low": ratio["low"], "high": ratio["high"], **counts}


def trace(key: str) -> str:
    """Return where the figure under `key` is explained."""
    return "#how"


PAGE = SitePage("claim", "pages/claim.html.j2", charts, context, trace)
