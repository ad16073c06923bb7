"""The brief as a self-contained HTML page and as Markdown, both from the document alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sixparty.report.messages import Messages, read_messages
from sixparty.report.page import LinkPen, MarkdownPen, Marked, Page
from sixparty.report.past_rows import (
    BASE_HEADS,
    PAST_HEADS,
    RELIABILITY_HEADS,
    past_heads,
    past_tables,
    reliability_rows,
)
from sixparty.report.promise_rows import DUE_HEADS, HELD_HEADS, SIDE_HEADS, due_rows, heads, held_rows, side_rows
from sixparty.report.trace import trace_blocks

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent
SECTIONS: tuple[str, ...] = ("bottom", "changed", "ahead", "where", "next", "signposts", "trust")
"""Sections of page one in their fixed order."""


def brief_html(
    document: Mapping[str, Any],
    language: str = "en",
    *,
    party_names: str | None = None,
    twins: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the brief as one HTML page that needs nothing from outside, not even a script.

    Parameters
    ----------
    document
        The whole envelope of brief.json: spec, result, provenance, warnings.
    language
        A language that has a message file.
    party_names
        How parties are named: one of `PARTY_NAMES`, or None for the language's own choice.
    twins
        Addresses of the same page in other languages, by language.
    """
    messages = read_messages(language, party_names)
    front = Page(document, messages=messages, pen=LinkPen())
    back = Page(document, messages=messages, pen=LinkPen(is_linked=False))
    blocks = trace_blocks(back)
    template = environment(is_html=True).get_template("brief.html.j2")
    return template.render(
        page=front,
        back=back,
        r=document["result"],
        warnings=warning_lines(back),
        twins=twins,
        options=command_options(messages),
        names_note=messages.names.note,
        blocks=blocks,
        note_numbers={block.id: number for number, block in enumerate(blocks, 1)},
        figures=_figures(document["result"], messages),
        promises=_promises(front) if document["result"].get("promises") else None,
        past=_past(front) if document["result"].get("past") else None,
        style=(_FOLDER / "styles" / "brief.css").read_text(encoding="utf-8"),
        marking_css=_css_text(document["result"]["header"]["marking"] or ""),
    )


def brief_markdown(document: Mapping[str, Any], language: str = "en", *, party_names: str | None = None) -> str:
    """Return the brief as Markdown: page one whole, of page two the tables."""
    messages = read_messages(language, party_names)
    page = Page(document, messages=messages, pen=MarkdownPen())
    template = environment(is_html=False).get_template("brief.md.j2")
    promises = _promises(page) if document["result"].get("promises") else None
    past = _past(page) if document["result"].get("past") else None
    text = template.render(
        page=page,
        r=document["result"],
        warnings=warning_lines(page),
        options=command_options(messages),
        names_note=messages.names.note,
        promises=promises,
        past=past,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def environment(*, is_html: bool) -> Environment:
    """Return the room's templates, with text made safe for HTML or left as it is."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=is_html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["claim_line"] = claim_line
    made.globals["language_of"] = language_of
    return made


def language_of(text: str) -> str:
    """Return the language of a title by its script: ``ko`` if it holds Hangul, else ``en``.

    Examples
    --------
    >>> language_of("남북 정상회담"), language_of("Yonhap: report")
    ('ko', 'en')
    """
    return "ko" if re.search("[\uac00-\ud7a3]", text) else "en"


def claim_line(row: Mapping[str, Any]) -> str:
    """Return the name of the sentence that a claim of the brief is written in."""
    if row["ratio"] is None:
        return "no_estimate"
    return "unbounded" if row["high"] is None else "estimated"


def warning_lines(page: Page) -> list[Marked]:
    """Return what a reader must beware of: the notices of the result in the reader's language, then other warnings."""
    notices = page.get("result").get("notices", ())
    said = [page.say(f"notices.{notice['message']}", f"result.notices.{i}") for i, notice in enumerate(notices)]
    others = page.document["warnings"][len(notices) :]
    return said + [Marked(page.pen.text(warning)) for warning in others]


def command_options(messages: Messages) -> str:
    """Return the options by which the command of the document makes this page: none for the plain English one."""
    language = "" if messages.language == "en" else f" --language {messages.language}"
    is_usual = messages.names.setting == read_messages(messages.language).names.setting
    return language if is_usual else f"{language} --party-names {messages.names.setting}"


def _promises(page: Page) -> dict[str, list[Any]]:
    """The tables of promises: heads and rows of ready cells."""
    return {
        "side_heads": heads(page, SIDE_HEADS),
        "sides": side_rows(page),
        "due_heads": heads(page, DUE_HEADS),
        "due": due_rows(page),
        "held_heads": heads(page, HELD_HEADS),
        "held": held_rows(page),
    }


def _past(page: Page) -> dict[str, Any]:
    """The tables of the track record: heads and rows of ready cells."""
    return {
        "heads": past_heads(page, PAST_HEADS),
        "base_heads": past_heads(page, BASE_HEADS),
        "tables": past_tables(page),
        "reliability_heads": past_heads(page, RELIABILITY_HEADS),
        "reliability": reliability_rows(page),
    }


def _figures(result: Mapping[str, Any], messages: Messages) -> dict[str, Any]:
    """All drawings of the page by place; a class strip by its number."""
    from sixparty.report import figures as draw

    where = result["where"]
    limit = draw.class_limit(where["classes"])
    top = max((row["count"] for row in result["monthly"]), default=1)
    names = list(dict.fromkeys(row["class_name"] for row in result["monthly"]))
    charts = {
        "phase": (draw.phase_strip(where["phase"]), messages["where.alt_phase"]),
        "axis": (draw.day_axis(limit), messages["where.axis_days"]),
        "index": (draw.index_strip(where["index"]["history"]), messages["where.alt_index"]),
    }
    for place, standing in enumerate(where["classes"]):
        charts[f"class-{place}"] = (draw.class_strip(standing, limit=limit), messages["where.alt_class"])
    for name in names:
        chart = draw.monthly_bars(result["monthly"], class_name=name, top=top, month=messages["figures.month"])
        charts[f"monthly-{name}"] = (chart, messages.word("class_days", name))
    for found in (result.get("past") or {}).get("reliability", ()):
        title = messages["past.alt_reliability"]
        charts[f"reliability-{found['target']}"] = (draw.reliability_dots(found["bins"]), title)
    return {name: draw.figure_svg(chart, name=f"figure-{name}", title=title) for name, (chart, title) in charts.items()}


def _css_text(text: str) -> str:
    """Text as it may stand inside a quoted string of a style sheet."""
    return "".join(sign if sign.isalnum() and sign.isascii() else f"\\{ord(sign):06x}" for sign in text)
