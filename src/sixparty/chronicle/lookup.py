"""Find a row by its name, what cites it, what words are kept for it, and on which line of its file it stands."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.failing import row_name
from sixparty.chronicle.parse import lines_of_rows
from sixparty.chronicle.read import Chronicle, table_file
from sixparty.chronicle.schema import TABLES

SHOWN: tuple[str, ...] = (
    "events",
    "spells",
    "calendar",
    "agreements",
    "commitments",
    "leaders",
    "sources",
    "coverage",
    "series",
    "recall_checks",
)
"""Tables whose rows have names that can be asked for, in the order in which they are searched."""
LABELS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "agreements": ("title_en", "title_ko"),
        "commitments": ("promise_en", "promise_ko"),
        **{name: ("label_en", "label_ko") for name in ("events", "spells", "calendar", "leaders")},
    }
)
"""Table -> its columns with a label, a title or a promise in English and in Korean."""


@dataclass(frozen=True)
class FoundRows:
    """Rows of one table that a name stands for: one, or the figures of a whole series."""

    table: str
    rows: pl.DataFrame


def find_rows(chronicle: Chronicle, name: str, *, tables: Sequence[str] = SHOWN) -> FoundRows | None:
    """Return what a name stands for: the id of a row, a family, a series, or a series and a period; None if nothing.

    Parameters
    ----------
    tables
        Where to look, in this order.

    Examples
    --------
    >>> find_rows(sixparty.read_chronicle(), "wt-2017-09-03-nuclear").table  # doctest: +SKIP
    'events'
    """
    for table in tables:
        rows = chronicle[table].filter(row_name(table) == name)
        if len(rows):
            return FoundRows(table, rows)
    figures = chronicle["series"].filter(pl.col("series") == name)
    return FoundRows("series", figures) if len(figures) and "series" in tables else None


def names_like(chronicle: Chronicle, name: str) -> list[str]:
    """Return up to three names that are written nearly like `name`."""
    names = {one for table in SHOWN for one in chronicle[table].select(row_name(table)).to_series().drop_nulls()}
    return difflib.get_close_matches(name, sorted(names), n=3, cutoff=0.75)


def sources_of(chronicle: Chronicle, rows: pl.DataFrame) -> pl.DataFrame:
    """Return the sources that rows cite."""
    if "source_ids" not in rows.columns:
        return chronicle["sources"].clear()
    cited = {one for ids in rows["source_ids"].drop_nulls() for one in ids.split(";")}
    return chronicle["sources"].filter(pl.col("id").is_in(list(cited)))


def rows_citing(chronicle: Chronicle, source: str) -> pl.DataFrame:
    """Return the rows that cite a source: table, id, label; words kept from it count as citing it too."""
    found = [pl.DataFrame(schema=dict.fromkeys(("table", "id", "label"), pl.String))]
    for name, schema in TABLES.items():
        names = {column.name for column in schema.columns}
        column = "source_ids" if "source_ids" in names else "source_id"
        if column in names:
            label = pl.col(LABELS[name][0]) if name in LABELS else pl.lit(None, dtype=pl.String)
            rows = chronicle[name].filter(pl.col(column).str.split(";").list.contains(source))
            found.append(rows.select(pl.lit(name).alias("table"), row_name(name).alias("id"), label.alias("label")))
    return pl.concat(found)


def words_for(chronicle: Chronicle, table: str, row_id: str) -> pl.DataFrame:
    """Return the words that are kept for a row, with where and when they were seen."""
    is_of_row = (pl.col("table") == table) & (pl.col("row_id") == row_id)
    return chronicle["verifications"].filter(is_of_row).drop("table", "row_id")


def lines_in_file(table: str, *, folder: Path | None = None) -> dict[str, int]:
    """Return on which line of its file each row of a table starts, by the row's name.

    Parameters
    ----------
    folder
        Folder with a chronicle's CSV files; None is the one installed.
    """
    return lines_of_rows(TABLES[table], table_file(TABLES[table], folder))
