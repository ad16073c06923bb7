"""The rows of every family and table in one form: family, type, name, day, labels, parties, confidence, sources."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.lookup import LABELS
from sixparty.chronicle.read import Chronicle
from sixparty.vocabulary import EVENT_TYPES, PARTIES, SPELL_TYPES

FIRST_DAYS: Mapping[str, str] = MappingProxyType(
    {
        "events": "event_date",
        "spells": "start_date",
        "calendar": "date",
        "leaders": "start_date",
        "agreements": "signed_date",
        "commitments": "known_date",
    }
)
"""Table -> its column with the first day of a row; for promises the day after signature."""
KIND_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "events": "event_type",
        "spells": "spell_type",
        "calendar": "basis",
        "leaders": "role",
        "agreements": "kind",
        "commitments": "domain",
    }
)
"""Table -> its column with what kind of row it is."""
PARTY_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "events": ("actors", "recipients"),
        "spells": ("actors", "recipients"),
        "calendar": ("actors",),
        "leaders": ("party",),
        "agreements": ("parties",),
        "commitments": ("obligors",),
    }
)
"""Table -> its columns with the parties of a row: who acted, on whom, who is bound."""
BESIDE: tuple[str, ...] = ("leaders", "agreements", "commitments", "series", "sources")
"""Tables whose rows belong to no family."""
_OF_FAMILIES = ("events", "spells", "calendar")
_NAME_OF = {"series": "series"}
_ENGLISH_OF = {"series": "series", "sources": "title"}


def rows_by_family(chronicle: Chronicle) -> pl.DataFrame:
    """Events, spells and dates ahead in one table: family, type, id, date, labels, confidence, sources, parties."""
    return pl.concat([_listed(chronicle, name) for name in _OF_FAMILIES]).sort("date", "id")


def rows_beside(chronicle: Chronicle, table: str) -> pl.DataFrame:
    """Rows of a table that belong to no family, in the same form; a series is one row under its name.

    Parameters
    ----------
    table
        One of `BESIDE`; what a table does not hold is empty.
    """
    return _listed(chronicle, table).sort("date", "id", nulls_last=True)


def _listed(chronicle: Chronicle, table: str) -> pl.DataFrame:
    rows = chronicle[table]
    if table == "series":
        rows = rows.unique("series", keep="last", maintain_order=True)
    english, korean = LABELS.get(table, (_ENGLISH_OF.get(table, ""), ""))
    return rows.select(
        _family(table).alias("family"),
        _cell(rows, KIND_COLUMNS.get(table)).alias("type"),
        pl.col(_NAME_OF.get(table, "id")).alias("id"),
        _cell(rows, FIRST_DAYS.get(table), kind=pl.Date()).alias("date"),
        _cell(rows, "known_date" if table != "series" else None, kind=pl.Date()).alias("known_date"),
        _cell(rows, english).alias("label_en"),
        _cell(rows, korean).alias("label_ko"),
        _cell(rows, "confidence").alias("confidence"),
        _cell(rows, "source_ids").alias("source_ids"),
        _parties(table).alias("parties"),
    )


def _family(table: str) -> pl.Expr:
    if table == "events":
        return pl.col("event_type").replace_strict({kind.name: kind.family for kind in EVENT_TYPES.values()})
    return pl.col("spell_type").replace_strict(dict(SPELL_TYPES)) if table == "spells" else pl.lit(table)


def _cell(rows: pl.DataFrame, column: str | None, *, kind: pl.DataType | None = None) -> pl.Expr:
    is_there = column is not None and column in rows.columns
    return pl.col(column) if is_there and column else pl.lit(None, dtype=kind or pl.String())


def _parties(table: str) -> pl.Expr:
    """The six parties of a row, each once, in the order in which the row names them, joined by ``;``."""
    columns = PARTY_COLUMNS.get(table)
    if columns is None:
        return pl.lit(None, dtype=pl.String)
    named = pl.concat_str([pl.col(name) for name in columns], separator=";", ignore_nulls=True).str.split(";")
    of_six = named.list.eval(pl.element().filter(pl.element().is_in(list(PARTIES))))
    return of_six.list.unique(maintain_order=True).list.join(";")
