"""What pages on claims share: their words with the parties named as everywhere else, and figures that can be traced."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from sixparty.report.evidence_words import (
    Claim,
    answer_key,
    check_words,
    counted,
    episode_noun,
    missed_words,
    read_claim_words,
    reason,
    relation,
    verdict_words,
)
from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.site import Document

_TEXTS = ("title", "text", "made_by", "doubted_by", "reason", "exposure", "outcome")
_NEVER_SHOWN = 0.001
_SHORT = 0.1


def claim_words(messages: Messages) -> Messages:
    """Return the words of the claims in the language of a page, with the parties named as on that page."""
    words = read_claim_words(messages.language)
    return Messages(words.language, {key: messages.names.apply(text) for key, text in words.table.items()})


def named_claims(document: Document, messages: Messages) -> list[Claim]:
    """Return the claims of a document with the parties named as on a page."""
    return [
        {**claim, **{key: _named(claim[key], messages) for key in _TEXTS}} for claim in document["result"]["claims"]
    ]


def _named(text: Mapping[str, str] | None, messages: Messages) -> Mapping[str, str] | None:
    return text and {language: messages.names.apply(words) for language, words in text.items()}


def ratio_cell(page: Page, key: str, words: Messages) -> Marked:
    """Write a ratio: two decimals, fewer where it is large; one without bound is said to be so."""
    value = page.get(key)
    if value is None:
        return Marked(html.escape(words["number.unbounded"]))
    return page.num(key, "decimal:2" if value < 10 else "decimal:1" if value < 100 else "count")


def interval_cell(page: Page, base: str, words: Messages) -> Marked:
    """Write the two ends of an interval, or its lower one where it has no upper one."""
    low = ratio_cell(page, f"{base}.low", words)
    if page.get(f"{base}.high") is None:
        return filled(words["number.interval_unbounded"], {"low": low})
    return filled(words["number.interval"], {"low": low, "high": ratio_cell(page, f"{base}.high", words)})


def least_cell(page: Page, base: str, words: Messages) -> Marked:
    """Write the smallest ratio that would have been seen; none where no ratio would."""
    key = f"{base}.minimum_detectable"
    return Marked(html.escape(words["number.missing"])) if page.get(key) is None else ratio_cell(page, key, words)


def p_cell(page: Page, base: str) -> Marked:
    """Write a p-value; one below one in a thousand is said to be so."""
    value = page.get(f"{base}.p_value")
    if value < _NEVER_SHOWN:
        return Marked("&lt; 0.001")
    return page.num(f"{base}.p_value", "decimal:3" if value < _SHORT else "decimal:2")


def flips_cell(claim: Claim, words: Messages) -> str:
    """Name the checks under which the verdict would be another one."""
    return ", ".join(check_words(name, words) for name in claim["flips"])


def answer_cell(page: Page, base: str, *, claim: Claim, words: Messages) -> Marked:
    """Write the answer as `evidence_words.answer` does, each figure traced."""
    if claim["estimate"] is None:
        said = {"verdict": verdict_words(claim, words), "reason": reason(claim, words)}
        return filled(words["answer.no_estimate"], said)
    told = claim["estimate"]
    numbers = {name: page.num(f"{base}.estimate.{name}", "count") for name in ("episodes", "events", "exposed_events")}
    said = {
        "verdict": verdict_words(claim, words),
        "outcome": claim["outcome"][words.language],
        "relation": relation(claim, words),
        "ratio": ratio_cell(page, f"{base}.estimate.ratio.value", words),
        "interval": interval_cell(page, f"{base}.estimate.ratio", words),
        "episodes": _counted(episode_noun(claim), told["episodes"], numbers["episodes"], words),
        "events": _counted("outcome", told["events"], numbers["events"], words),
        "years": numbers["events"],
        "exposed": numbers["exposed_events"],
        "missed": missed_words(claim, words),
    }
    return filled(words[answer_key(claim)], said)


def filled(sentence: str, values: Mapping[str, Any]) -> Marked:
    """Fill a sentence with values, each made safe for HTML unless a pen has set it down."""
    safe = {name: value if isinstance(value, Marked) else html.escape(str(value)) for name, value in values.items()}
    said = html.escape(sentence, quote=False).format(**safe)
    return Marked(said[:1].upper() + said[1:])


def _counted(noun: str, number: int, shown: Marked, words: Messages) -> Marked:
    """A number with its noun, the number traced."""
    plain = counted(noun, number, words)
    return Marked(html.escape(plain).replace(f"{number:,}", shown, 1))
