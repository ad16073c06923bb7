"""Split the file of a table into rows and type its cells: every fault is counted, the first ones are told."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper

import polars as pl

from sixparty.chronicle.columns import Column, TableSchema
from sixparty.errors import Fault, FileRefused, RecordRefused

FAULTS_TOLD = 20
"""How many faults are told one by one; beyond that their number is."""

_ROWS_AT_ONCE = 20_000
_GOT_LENGTH = 80
_MOST_LETTERS = 5_000_000
"""In a line: more than a row of the longest cells that the csv module reads."""
_WHOLE_ROW = "(whole row)"
_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_DATE = r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
_HALF_DATE = re.compile(r"(19|20)[0-9]{2}(-(0[1-9]|1[0-2]))?")
_INTEGER = r"^-?[0-9]{1,18}$"
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"


@dataclass(frozen=True)
class Parsed:
    """A table as its file gives it.

    Parameters
    ----------
    table
        The rows with as many cells as the schema has columns; a cell that breaks the schema is missing.
    faults
        The first faults, by line.
    number
        How many there are.
    """

    table: pl.DataFrame
    faults: tuple[Fault, ...]
    number: int


@dataclass(frozen=True)
class _Rule:
    """What the cells of a column must keep to: an expression that is true where they do not, and what is expected."""

    column: str
    is_broken: pl.Expr
    expected: Callable[[str | None], str]


class _Faults:
    """The first faults and the number of all of them."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.told: list[Fault] = []
        self.number = 0

    def add_row(self, line: int, expected: str, got: str) -> None:
        """Count a fault of a whole row, and tell it if there is room."""
        self._add(line, _WHOLE_ROW, expected, got)

    def add_cells(self, text: pl.DataFrame, rules: Sequence[_Rule], *, lines: Sequence[int]) -> None:
        """Count the cells that break a rule, and tell the first of them by line."""
        masks = text.select(rule.is_broken.fill_null(False).alias(str(at)) for at, rule in enumerate(rules))
        number = sum(masks.sum().row(0)) if len(masks) else 0
        room = FAULTS_TOLD - len(self.told)
        self.number += number
        if not number or room <= 0:
            return
        broken = [(int(at), rule) for rule, mask in zip(rules, masks, strict=True) for at in mask.arg_true().head(room)]
        for at, rule in sorted(broken, key=lambda pair: pair[0])[:room]:
            cell = text[rule.column][at]
            self.told.append(Fault(self._file, lines[at], rule.column, rule.expected(cell), _got(cell)))

    def _add(self, line: int, column: str, expected: str, got: str) -> None:
        self.number += 1
        if len(self.told) < FAULTS_TOLD:
            self.told.append(Fault(self._file, line, column, expected, got))


def parse_table(schema: TableSchema, raw: bytes) -> Parsed:
    """Read the bytes of a table's file.

    UTF-8 with or without a byte order mark, lines that end in LF, CRLF or CR, and quoted cells with newlines are read;
    a newline in a cell becomes LF. Empty lines are passed over. Line numbers are those of the file, where a quoted
    newline counts too.

    Raises
    ------
    FileRefused
        If the bytes are no UTF-8 text or the first line does not name the columns of the schema.
    """
    faults = _Faults(schema.file)
    lines: list[int] = []
    chunks: list[pl.DataFrame] = []
    names = [column.name for column in schema.columns]
    rules = _rules(schema)
    for chunk_lines, rows in _chunks(schema, raw, faults):
        columns = zip(*rows, strict=True) if rows else ([] for _ in names)
        cells = {name: [cell.strip() or None for cell in column] for name, column in zip(names, columns, strict=True)}
        text = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String))
        faults.add_cells(text, rules, lines=chunk_lines)
        chunks.append(text.select(_typed(column) for column in schema.columns))
        lines += chunk_lines
    table = pl.concat(chunks, rechunk=True)
    _add_repeated_keys(faults, schema, table, lines=lines)
    told = sorted(faults.told, key=lambda fault: fault.row or 0)
    return Parsed(table, tuple(told), faults.number)


def read_table(schema: TableSchema, raw: bytes) -> pl.DataFrame:
    """Read the bytes of a table's file that must be without a fault.

    Raises
    ------
    FileRefused
        If the bytes are no UTF-8 text or the first line does not name the columns of the schema.
    RecordRefused
        If a row breaks the schema.
    """
    parsed = parse_table(schema, raw)
    if parsed.number:
        raise RecordRefused.for_faults(parsed.faults, number=parsed.number)
    return parsed.table


def lines_of_rows(schema: TableSchema, raw: bytes) -> dict[str, int]:
    """Return the line of the file on which each row starts, by the cells of its key joined by a space."""
    at = [[column.name for column in schema.columns].index(name) for name in schema.key]
    rows = _rows(schema, raw, _Faults(schema.file))
    return {" ".join(row[place].strip() for place in at): line for line, row in rows if len(row) == len(schema.columns)}


def _chunks(schema: TableSchema, raw: bytes, faults: _Faults) -> Iterator[tuple[list[int], list[list[str]]]]:
    """Yield rows with as many cells as there are columns and the lines on which they start, some thousand at once."""
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, row in _rows(schema, raw, faults):
        if len(row) != len(schema.columns):
            faults.add_row(line, f"{len(schema.columns)} cells", f"{len(row)} cells")
            continue
        lines.append(line)
        rows.append(row)
        if len(rows) == _ROWS_AT_ONCE:
            yield lines, rows
            lines, rows = [], []
    yield lines, rows


def _rows(schema: TableSchema, raw: bytes, faults: _Faults) -> Iterator[tuple[int, list[str]]]:
    """Yield every row below the header with the line on which it starts."""
    _check_encoding(schema, raw)
    reader = csv.reader(_lines(raw), strict=True)
    line = 1
    try:
        _check_header(schema, next(reader, None))
        line = reader.line_num + 1
        for row in reader:
            if row:
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        if line == 1:
            raise FileRefused(f"{schema.file}, line 1: expected the names of the columns; got {error}.") from None
        faults.add_row(line, "cells divided by commas, a quoted cell closed by a quotation mark", str(error))


def _lines(raw: bytes) -> Iterator[str]:
    for line in TextIOWrapper(BytesIO(raw), encoding="utf-8-sig"):
        if len(line) > _MOST_LETTERS:
            raise csv.Error(f"a line of {len(line):,} letters")
        yield line


def _check_header(schema: TableSchema, header: list[str] | None) -> None:
    expected = [column.name for column in schema.columns]
    if header != expected:
        got = _shortened(", ".join(header), 10 * _GOT_LENGTH) if header else "an empty file"
        raise FileRefused(f"{schema.file}, line 1: expected the columns {', '.join(expected)}; got {got}.")


def _check_encoding(schema: TableSchema, raw: bytes) -> None:
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            f"{schema.file} must be UTF-8 text, got other bytes in line {line}. Save it as UTF-8."
        ) from None


def _typed(column: Column) -> pl.Expr:
    """Type the cells of one column; a cell that cannot be typed is missing."""
    text = pl.col(column.name)
    if column.kind == "date":
        return pl.when(text.str.contains(_DATE)).then(text).str.to_date("%Y-%m-%d", strict=False).alias(column.name)
    if column.kind in ("integer", "number"):
        pattern, dtype = (_INTEGER, pl.Int64) if column.kind == "integer" else (_NUMBER, pl.Float64)
        return pl.when(text.str.contains(pattern)).then(text).cast(dtype, strict=False).alias(column.name)
    return text


def _rules(schema: TableSchema) -> list[_Rule]:
    rules = []
    for column in schema.columns:
        text = pl.col(column.name)
        is_odd = text.str.contains(_CONTROL)
        rules.append(_Rule(column.name, is_odd, lambda cell: "text without control characters"))
        if column.required:
            rules.append(_Rule(column.name, text.is_null(), lambda cell: "a value"))
        rules.append(_Rule(column.name, ~is_odd & _is_wrong(column), _expected_words(schema, column)))
    return rules


def _is_wrong(column: Column) -> pl.Expr:
    text, typed = pl.col(column.name), _typed(column)
    if column.kind == "list":
        word = "|".join(re.escape(one) for one in column.allowed) or r"[^;\s]([^;]*[^;\s])?"
        members = text.str.split(";")
        return ~text.str.contains(f"^({word})(;({word}))*$") | (members.list.n_unique() != members.list.len())
    if column.kind == "number":
        return typed.is_null() | typed.is_infinite()
    if column.kind in ("date", "integer"):
        return typed.is_null() & text.is_not_null()
    return ~text.is_in(list(column.allowed)) if column.allowed else pl.lit(False)


def _expected_words(schema: TableSchema, column: Column) -> Callable[[str | None], str]:
    allowed = ", ".join(column.allowed)
    if column.kind == "date":
        return lambda cell: "a date like 2025-06-28 or nothing" + _half_date_words(schema, column, cell or "")
    if column.kind == "list":
        words = (
            f"one of {allowed}; several are joined by ';', each once" if allowed else "names joined by ';', each once"
        )
        return lambda cell: words
    plain = {"integer": "a whole number or nothing", "number": "a number or nothing"}
    return lambda cell: plain.get(column.kind, f"one of {allowed}")


def _half_date_words(schema: TableSchema, column: Column, cell: str) -> str:
    """Say how a month or a year is written, where one stands for a day."""
    half = _HALF_DATE.fullmatch(cell)
    if half is None:
        return ""
    claimed = "month" if half[2] else "year"
    precision = _precision_column(schema, column)
    if precision is None:
        return f"; a {claimed} alone cannot stand here: give the day, or leave the cell empty"
    return f"; for a {claimed} write its first day, {f'{cell}-01-01'[:10]}, with {precision} {claimed}"


def _precision_column(schema: TableSchema, column: Column) -> str | None:
    names = {one.name for one in schema.columns}
    own = column.name.removesuffix("_date") + "_precision"
    if own in names:
        return own
    return "date_precision" if column.name == "event_date" else None


def _add_repeated_keys(faults: _Faults, schema: TableSchema, table: pl.DataFrame, *, lines: Sequence[int]) -> None:
    """Count the rows whose key an earlier row has."""
    key = pl.concat_str([pl.col(name).cast(pl.String) for name in schema.key], separator=" ")
    name = schema.key[-1]
    keys = table.select(key.alias(name))
    if not keys[name].drop_nulls().is_duplicated().any():
        return
    first: dict[str, int] = {}
    for line, one in zip(lines, keys[name].to_list(), strict=True):
        first.setdefault(one, line)
    together = "" if len(schema.key) == 1 else f" ({' and '.join(schema.key)} together)"
    is_repeated = ~pl.col(name).is_first_distinct() & pl.col(name).is_not_null()
    words = f"a name that no other row has{together}; line {{}} has it"
    faults.add_cells(keys, [_Rule(name, is_repeated, lambda cell: words.format(first[cell or ""]))], lines=lines)


def _got(cell: str | None) -> str:
    return "nothing" if cell is None else repr(_shortened(cell, _GOT_LENGTH))


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[:length]}…"
