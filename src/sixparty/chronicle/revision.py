"""Lay changes over the shipped record: every one is checked against the rows as they are, and then the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import polars as pl

from sixparty.chronicle.changes import Action, Change, ChangeFile, cell_text
from sixparty.chronicle.checks import failing_rows
from sixparty.chronicle.columns import TableSchema
from sixparty.chronicle.overlay import Dismissal, Overlay, Revision, Row, Withdrawal, csv_bytes, key_of, plain_newlines
from sixparty.chronicle.parse import parse_table
from sixparty.chronicle.read import Chronicle, overlaid
from sixparty.chronicle.schema import TABLES
from sixparty.errors import Fault, InputRefused

Checker = Callable[[Chronicle], pl.DataFrame]
"""Returns failing rows: check, table, id, reason."""

_MOST_NAMED = 20
_ABOUT_ROWS = ("verifications", "second_codings")
"""Tables whose rows are about a row of another, named by `table` and `row_id`; they go when it goes."""


@dataclass(frozen=True)
class Difference:
    """A row in which two records differ; `cells` are (column, before, after) of those that differ."""

    action: Action
    table: str
    key: str
    cells: tuple[tuple[str, str, str], ...]


def text_rows(chronicle: Chronicle, name: str) -> dict[str, Row]:
    """Return the rows of a table by key, every cell as text."""
    schema = TABLES[name]
    rows = ({column: cell_text(cell) for column, cell in row.items()} for row in chronicle[name].iter_rows(named=True))
    return {key_of(schema, row): row for row in rows}


def differences(before: Chronicle, after: Chronicle) -> tuple[Difference, ...]:
    """List the rows that were added, changed or withdrawn between two records, by table and key."""
    found: list[Difference] = []
    for name in TABLES:
        if before[name].equals(after[name]):
            continue
        old, new = text_rows(before, name), text_rows(after, name)
        for key in sorted(old.keys() | new.keys()):
            one, other = old.get(key), new.get(key)
            action: Action = "add" if one is None else "withdraw" if other is None else "change"
            cells = tuple(
                (column.name, (one or {}).get(column.name, ""), (other or {}).get(column.name, ""))
                for column in TABLES[name].columns
            )
            cells = tuple(cell for cell in cells if cell[1] != cell[2])
            found += [Difference(action, name, key, cells)] if cells else []
    return tuple(found)


@dataclass(frozen=True)
class _Draft:
    """The user's rows and withdrawals while changes are made to them."""

    shipped: Mapping[str, Mapping[str, Row]]
    rows: dict[str, dict[str, Row]]
    withdrawn: dict[tuple[str, str], Withdrawal]
    about_shipped: Mapping[str, Mapping[tuple[str, str], list[str]]]

    def present(self, table: str, key: str) -> Row | None:
        """Return the row as the record has it now; None where it has none."""
        own = self.rows.get(table, {}).get(key)
        if own is not None or (table, key) in self.withdrawn:
            return own
        return self.shipped[table].get(key)

    def put(self, table: str, row: Row) -> None:
        """Lay a row over the shipped one; a row equal to it needs no place."""
        key = key_of(TABLES[table], row)
        self.withdrawn.pop((table, key), None)
        if self.shipped[table].get(key) == row:
            self.rows.get(table, {}).pop(key, None)
        else:
            self.rows.setdefault(table, {})[key] = row

    def withdraw(self, change: Change, *, date: str) -> None:
        """Take a row out: the user's own is forgotten, a shipped one is left out."""
        self.rows.get(change.table, {}).pop(change.key, None)
        if change.key in self.shipped[change.table]:
            self.withdrawn[change.table, change.key] = Withdrawal(change.table, change.key, change.reason, date)

    def about(self, name: str, change: Change) -> list[str]:
        """Return the keys of a table's rows that are about the row that a change names."""
        named = (change.table, change.key)
        own = _by_row(self.rows.get(name, {})).get(named, [])
        keys = sorted({*self.about_shipped[name].get(named, []), *own})
        return [key for key in keys if self.present(name, key) is not None]


def _by_row(rows: Mapping[str, Row]) -> dict[tuple[str, str], list[str]]:
    """Sort the keys of rows that are about other rows by what they are about."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, row in rows.items():
        found.setdefault((row["table"], row["row_id"]), []).append(key)
    return found


def revise(shipped: Chronicle, overlay: Overlay, changes: Sequence[Change], *, command: str, time: str) -> Overlay:
    """Return the overlay with changes made to it.

    Parameters
    ----------
    shipped
        The record without the overlay.
    command, time
        What makes them and when (ISO, UTC); each change leaves a line of history.

    Raises
    ------
    InputRefused
        If a row to add stands already, a row to change or withdraw does not, its cells are no longer what the change
        says, or a cell breaks the schema; the message names the change.
    """
    tables = {change.table for change in changes} & set(TABLES) | {*_ABOUT_ROWS}
    shipped_rows = {name: text_rows(shipped, name) for name in tables}
    draft = _Draft(
        shipped_rows,
        {name: dict(rows) for name, rows in overlay.rows.items()},
        {(one.table, one.key): one for one in overlay.withdrawn},
        {name: _by_row(shipped_rows[name]) for name in _ABOUT_ROWS},
    )
    put = [(change, _make(draft, change, date=time[:10])) for change in changes]
    _check_cells([(change, row) for change, row in put if row is not None])
    _check_words(draft, changes)
    history = [
        Revision(time, command, one.table, one.key, one.action, one.reason.strip(), one.source) for one in changes
    ]
    return replace(
        overlay,
        rows=MappingProxyType({name: MappingProxyType(rows) for name, rows in draft.rows.items() if rows}),
        withdrawn=tuple(draft.withdrawn.values()),
        revisions=(*overlay.revisions, *history),
    )


def _make(draft: _Draft, change: Change, *, date: str) -> Row | None:
    """Make one change and return the row that it puts in place."""
    if change.table not in TABLES:
        raise _refuse(change, "table", f"one of {', '.join(TABLES)}", repr(change.table))
    if not change.reason.strip():
        raise _refuse(change, "reason", "words that say why", "nothing")
    present = draft.present(change.table, change.key)
    if change.action == "add":
        if present is not None:
            raise _refuse(change, "key", f"a row that {change.table} does not hold", f"{change.key!r}, which it holds")
    elif present is None:
        raise _refuse(change, "key", f"the key of a row of {change.table}", repr(change.key))
    if change.action == "withdraw":
        draft.withdraw(change, date=date)
        for name in _ABOUT_ROWS:
            for key in draft.about(name, change):
                draft.withdraw(replace(change, table=name, key=key), date=date)
        return None
    row = _row_of(change, present)
    draft.put(change.table, row)
    return row


def _row_of(change: Change, present: Row | None) -> Row:
    """Return the row that the change puts in place."""
    schema = TABLES[change.table]
    names = [column.name for column in schema.columns]
    for name in (*change.new, *change.old):
        if name not in names:
            raise _refuse(change, "row", f"columns of {change.table} ({', '.join(names)})", repr(name))
    if not change.new:
        raise _refuse(change, "row", "at least one cell", "none")
    for name in change.new if present is not None else ():
        now, told = (present or {})[name], _plain(schema, name, change.old.get(name, ""))
        if now != told:
            raise _refuse(change, f"old.{name}", f"{now!r}, which the record holds", repr(told))
    start = present or dict.fromkeys(names, "")
    row = {**start, **{name: _plain(schema, name, cell) for name, cell in change.new.items()}}
    if key_of(schema, row) != change.key:
        raise _refuse(change, "row", f"cells of the key {change.key!r}", repr(key_of(schema, row)))
    return row


def _plain(schema: TableSchema, name: str, cell: str) -> str:
    """Write a cell as the record writes it, so that equal numbers are equal texts."""
    if schema.column(name).kind != "number":
        return plain_newlines(cell).strip()
    try:
        return cell_text(float(cell)) if cell.strip() else ""
    except ValueError:
        return cell.strip()


def _check_cells(put: Sequence[tuple[Change, Row]]) -> None:
    """Refuse the first change whose row breaks the schema."""
    by_table: dict[str, list[tuple[Change, Row]]] = {}
    for change, row in put:
        by_table.setdefault(change.table, []).append((change, row))
    for name, pairs in by_table.items():
        if not _parsed_faults(TABLES[name], {key_of(TABLES[name], row): row for _, row in pairs}.values()):
            continue
        for change, row in pairs:
            for fault in _parsed_faults(TABLES[name], [row]):
                raise _refuse(change, fault.column, fault.expected, fault.got)


def _check_words(draft: _Draft, changes: Sequence[Change]) -> None:
    """Refuse to change a cell that kept words of a source carry, unless what is said of the words changes with it."""
    touched = {change.key for change in changes if change.table == "verifications"}
    for change in changes:
        for key in draft.about("verifications", change) if change.action == "change" else ():
            words = draft.present("verifications", key) or {}
            both = sorted(change.new.keys() & set(words["columns"].split(";")))
            if both and key not in touched:
                raise _refuse(
                    change,
                    ", ".join(both),
                    f"cells that no kept words carry, or a change of verifications {key} beside it",
                    f"cells carried by {words['words']!r}",
                )


def _parsed_faults(schema: TableSchema, rows: Iterable[Row]) -> tuple[Fault, ...]:
    names = [column.name for column in schema.columns]
    return parse_table(schema, csv_bytes(names, ([row[name] for name in names] for row in rows))).faults


def _refuse(change: Change, place: str, expected: str, got: str) -> InputRefused:
    return InputRefused(
        f"change {change.number} ({change.action} {change.table} {change.key}), {place}: expected {expected}, got "
        f"{got}. Nothing was changed; correct the change or leave it out, then apply again."
    )


def checked_record(
    shipped: Chronicle, before: Overlay, after: Overlay, *, failing: Checker = failing_rows
) -> Chronicle:
    """Return the record with the overlay `after`, once every check has passed on it.

    Rows of the user's after the record's end are no fault: they wait until coverage is moved. What failed before the
    change does not stand in its way.

    Raises
    ------
    InputRefused
        If a row fails a check that no row failed before; the message names the rows.
    """
    record = overlaid(shipped, after)
    found = [row for row in failing(record).iter_rows(named=True) if not is_row_waiting(record, row)]
    if found:
        failed = {tuple(row.values()) for row in failing(overlaid(shipped, before)).iter_rows(named=True)}
        found = [row for row in found if tuple(row.values()) not in failed]
    if found:
        lines = [f"  {row['table']} {row['id']}: {row['reason']} ({row['check']})" for row in found[:_MOST_NAMED]]
        lines += [f"  and {len(found) - _MOST_NAMED} more."] if len(found) > _MOST_NAMED else []
        raise InputRefused(
            "\n".join(["the record must pass every check with the change in it, got rows that fail:", *lines])
            + "\nNothing was changed; correct the change, then apply again."
        )
    return record


def is_row_waiting(record: Chronicle, failure: Mapping[str, Any]) -> bool:
    """Whether a failing row is one of the user's after the record's end, which waits until coverage is moved."""
    return failure["check"] == "after_coverage" and failure["id"] in record.revised.get(failure["table"], ())


def waiting_rows(record: Chronicle) -> tuple[str, ...]:
    """Name the user's rows that are not counted yet: events and spells that begin after the record's end."""
    end = record.coverage_end
    return tuple(
        str(key)
        for name, first in (("events", "event_date"), ("spells", "start_date"))
        for key in record[name]
        .filter((pl.col(first) > end) & pl.col("id").is_in(sorted(record.revised.get(name, ()))))
        .get_column("id")
    )


def remember(overlay: Overlay, file: ChangeFile, *, date: str) -> Overlay:
    """Return the overlay with every decision on a list's proposals kept, so that none is proposed again."""
    decided = [
        Dismissal(file.list, one.fingerprint, one.table, one.key, "accepted" if one.is_accepted else "refused", date)
        for one in file.changes
        if one.fingerprint
    ]
    decided += [Dismissal(file.list, file.digest, "", "", "gone through", date)] if file.digest else []
    forgotten = {one.fingerprint for one in decided}
    kept = [one for one in overlay.dismissed if one.list != file.list or one.fingerprint not in forgotten]
    return replace(overlay, dismissed=(*kept, *decided))
