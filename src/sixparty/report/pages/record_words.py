"""How rows of the record are named to a reader: labels, families, types, parties, values of a column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sixparty.chronicle import TABLES
from sixparty.chronicle.columns import Column
from sixparty.report.messages import Messages
from sixparty.report.wording import write_value
from sixparty.vocabulary import EVENT_TYPES

_TABLES_WITH_WORDS = ("leaders", "agreements", "commitments", "series", "sources", "coverage", "recall_checks")
_LABELS = ("label", "title", "promise")


def row_label(row: Mapping[str, Any], messages: Messages) -> str:
    """Return a row's label, title or promise in the reader's language, parties named as the reader chose.

    A title stays as it is; a row without any is called by its name.
    """
    for kind in _LABELS:
        text = row.get(f"{kind}_{messages.language}") or row.get(f"{kind}_en")
        if text:
            return str(text) if kind == "title" else messages.names.apply(str(text))
    names = ("title", "what_en", "series", "family", "id")
    return next((str(row[name]) for name in names if row.get(name)), "")


def family_word(name: str, messages: Messages) -> str:
    """Return what a family, or a table beside the families, is called."""
    return messages.word("data.tables" if name in _TABLES_WITH_WORDS else "families", name)


def kind_word(family: str, kind: str | None, messages: Messages) -> str:
    """Return family and type of a row as one line, the type only where it says more than the family."""
    named = family_word(family, messages)
    own = kind if kind in EVENT_TYPES or (kind is not None and family in _TABLES_WITH_WORDS) else None
    return f"{named}, {value_word(own, messages)}" if own else named


def party_words(parties: str | None, messages: Messages) -> str:
    """Return parties as a reader's list."""
    codes = [code for code in (parties or "").split(";") if code]
    return ", ".join(messages.word("parties", code) for code in codes)


def value_word(value: str, messages: Messages) -> str:
    """Return the reader's word for a code of a column."""
    return messages.word("row.word", value)


def column_word(name: str, messages: Messages) -> str:
    """Return what a column is called."""
    return messages.word("row.column", name)


def column_meaning(table: str, name: str, messages: Messages) -> str:
    """Return what a column means: the schema's sentence, or the reader's language's own."""
    key = f"row.meaning.{name}"
    if key in messages:
        return messages[key]
    known = {column.name: column.meaning for column in TABLES[table].columns}
    return known.get(name, "").replace("`", "")


def cell_text(column: Column, value: Any, messages: Messages) -> str:
    """Return a cell as a reader reads it: dates in words, codes as words, lists parted by commas."""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if column.kind == "date" and _is_day(value):
        return write_value(str(value), "date", messages=messages)
    if column.kind in ("category", "list") and column.allowed:
        return ", ".join(_code_word(code, messages) for code in str(value).split(";"))
    return str(value).replace(";", ", ") if column.kind == "list" else str(value)


def _code_word(code: str, messages: Messages) -> str:
    return messages["parties." + code] if f"parties.{code}" in messages else value_word(code, messages)


def _is_day(value: Any) -> bool:
    try:
        return bool(dt.date.fromisoformat(str(value)))
    except ValueError:
        return False
