"""The form in which a check returns the rows that fail."""

from __future__ import annotations

import polars as pl

from sixparty.chronicle.schema import TABLES

NOTHING_FAILS = pl.DataFrame(schema=dict.fromkeys(("table", "id", "column", "reason"), pl.String))
"""What a check returns that passes."""


def found(rows: pl.DataFrame, table: str, column: str, *, reason: str) -> pl.DataFrame:
    """Return failing rows of a table with the column that is at fault and what is wrong with it.

    Parameters
    ----------
    rows
        Rows with at least the columns of the table's key.
    reason
        What is wrong, in a few words.
    """
    return rows.select(
        pl.lit(table).alias("table"),
        row_name(table).alias("id"),
        pl.lit(column).alias("column"),
        pl.lit(reason).alias("reason"),
    )


def row_name(table: str) -> pl.Expr:
    """Name of a row: the columns of its table's key, joined by a space."""
    return pl.concat_str([pl.col(column).cast(pl.String) for column in TABLES[table].key], separator=" ")
