"""One claim in a terminal: the answer, its figures, what would change it, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sixparty.report.evidence_sheet import claim_footnotes, claim_notes, estimate_rows, sheet_heads
from sixparty.report.evidence_words import answer, not_run_words, public_sentence, read_claim_words

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from sixparty.report.messages import Messages

_FIRST_FIGURE = 1


def evidence_terminal(document: Mapping[str, Any], language: str = "en") -> Group:
    """Return what `sixparty evidence test` found as text and tables that `rich` can print.

    Parameters
    ----------
    document
        The whole envelope: spec, result, provenance, warnings.
    language
        ``en`` or ``ko``.
    """
    from rich.console import Group
    from rich.text import Text

    words = read_claim_words(language)
    parts: list[Table | Text] = []
    for claim in document["result"]["claims"]:
        figures: list[Table | Text] = [
            _estimates(estimate_rows(claim, words), sheet_heads(words, claim["design"])),
            Text(""),
        ]
        parts += [
            Text(claim["title"][language], style="bold"),
            Text(answer(claim, words)),
            Text(""),
            Text(f"{words['public.title']}: {public_sentence(claim, words)}"),
            Text(""),
            _pairs([(words[f"sheet.{name}"], text) for name, text in _said(claim, language)]),
            Text(""),
            *(figures if claim["estimate"] else ()),
            _pairs([*claim_notes(document, claim, words), *_not_run(claim, words)]),
            *(Text(text, style="dim") for text in claim_footnotes(document, claim, words)),
            Text(""),
        ]
    return Group(*parts)


def _said(claim: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    names = (("claim", "text"), ("made_by", "made_by"), ("doubted_by", "doubted_by"))
    return [(head, claim[name][language]) for head, name in names]


def _not_run(claim: Mapping[str, Any], words: Messages) -> list[tuple[str, str]]:
    found = not_run_words(claim, words)
    heads = [words["sheet.not_run"], *("" for _ in found[1:])]
    return [(head, f"{name}: {why}") for head, (name, why) in zip(heads, found, strict=False)]


def _pairs(rows: Sequence[tuple[str, str]]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", min_width=10, max_width=18)
    table.add_column(overflow="fold")
    for name, text in rows:
        table.add_row(Text(name), Text(text))
    return table


def _estimates(rows: Sequence[Sequence[str]], heads: Sequence[str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads):
        is_number = _FIRST_FIGURE <= place < len(heads) - 1
        table.add_column(head, justify="right" if is_number else "left", no_wrap=place == 1)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
