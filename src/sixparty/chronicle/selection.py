"""Choosing rows by what their cells say: the way in which claims name what they look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

import polars as pl

from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import TABLES
from sixparty.errors import UsageError

SelectedTable = Literal["events", "spells"]
"""Tables whose rows have days and can be chosen."""

_FIRST_DAY: Mapping[str, str] = MappingProxyType({"events": "event_date", "spells": "start_date"})
_PRECISION: Mapping[str, str] = MappingProxyType({"events": "date_precision", "spells": "start_precision"})


_NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Selection:
    """Rows of one table: those whose cells hold one of the listed words in every named column.

    Parameters
    ----------
    table
        ``events`` or ``spells``.
    where
        By column the words that a cell may hold. In a column of several words (parted by semicolons) one of them
        suffices.
    actors
        Parties that must all stand among a row's actors and recipients.
    at_least
        By column of numbers the smallest value; a blank cell does not reach it.

    Raises
    ------
    UsageError
        If the table has no rows with days or lacks a column, if a column may not hold a word, or if a smallest value
        is asked of a column without numbers.

    Examples
    --------
    >>> Selection("events", where={"event_type": ("nuclear_test",)}).table
    'events'
    """

    table: SelectedTable
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    actors: tuple[str, ...] = ()
    at_least: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.table not in _FIRST_DAY:
            raise UsageError(f"table must be one of {', '.join(_FIRST_DAY)}, got {self.table!r}. Correct the name.")
        columns = {column.name: column for column in TABLES[self.table].columns}
        _refuse_unless_among(f"columns of {self.table}", [*self.where, *self.at_least], tuple(columns))
        numbers = tuple(name for name, column in columns.items() if column.kind in _NUMBERS)
        _refuse_unless_among(f"columns of {self.table} with a smallest value", self.at_least, numbers)
        for name, words in (*self.where.items(), ("actors", self.actors)):
            _refuse_unless_among(f"{name} of {self.table}", words, columns[name].allowed or words)


def select_rows(chronicle: Chronicle, selection: Selection) -> pl.DataFrame:
    """Return the rows that `selection` chooses and whose first day is known, by first day."""
    table = chronicle[selection.table]
    for column, words in selection.where.items():
        table = table.filter(_holds_one(column, words))
    for column, smallest in selection.at_least.items():
        table = table.filter(pl.col(column) >= smallest)
    for party in selection.actors:
        named = pl.concat_str(pl.col("actors"), pl.col("recipients"), separator=";", ignore_nulls=True)
        table = table.filter(named.str.split(";").list.contains(party))
    first = _FIRST_DAY[selection.table]
    return table.filter(pl.col(_PRECISION[selection.table]) == "day").sort(first, "id")


def verified_alone(chronicle: Chronicle) -> Chronicle:
    """Return the chronicle with the rows of events and spells that are verified, and all other tables as they are."""
    kept = {name: chronicle[name].filter(pl.col("confidence") == "verified") for name in _FIRST_DAY}
    tables = MappingProxyType(dict(chronicle.tables) | kept)
    return replace(chronicle, tables=tables, digest=f"{chronicle.digest}-verified")


def _holds_one(column: str, words: tuple[str, ...]) -> pl.Expr:
    cells = pl.col(column).cast(pl.String).fill_null("").str.split(";")
    return cells.list.eval(pl.element().is_in(list(words))).list.any()


def _refuse_unless_among(what: str, words: Iterable[str], known: tuple[str, ...]) -> None:
    unknown = sorted(set(words) - set(known))
    if unknown:
        raise UsageError(f"{what} must be among {', '.join(known)}, got {', '.join(unknown)}. Correct the word.")
