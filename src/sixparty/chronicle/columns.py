"""What a column and a table of the chronicle are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnKind = Literal["text", "date", "integer", "number", "category", "list"]
"""`list` is text with its members joined by ``;``."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        As it stands in the CSV header.
    kind
        How the text of a cell is read.
    meaning
        One sentence for the data dictionary, units included.
    required
        Whether an empty cell is refused.
    allowed
        For `category` and `list`: the words that may stand there; empty means any.
    """

    name: str
    kind: ColumnKind
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableSchema:
    """A table: its file, its meaning, its columns in order and its primary key.

    Parameters
    ----------
    name
        As the file is called, without its ending.
    meaning
        One sentence for the data dictionary.
    columns
        In the order of the file's header.
    key
        Columns that name a row.
    is_optional
        Whether a chronicle may lack the file; it then reads as a table without rows.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    is_optional: bool = False

    @property
    def file(self) -> str:
        """Name of the CSV file in the data package."""
        return f"{self.name}.csv"

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)
