"""The user's own rows beside the shipped record: what they add, change and withdraw, kept whole in one folder.

    CURRENT              number of the generation in force
    generations/7/       events.csv ... (the user's rows, the shipped header), withdrawn.csv, revisions.csv,
                         dismissed.csv, generation.json

A generation is never edited. A change writes a whole new one, makes sure that it is on the disk, and only then lets
CURRENT name it; a reader follows CURRENT once, so it finds the state before or the state after, never a mixture.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, fields
from io import StringIO
from pathlib import Path
from types import MappingProxyType

from sixparty.chronicle.columns import TableSchema
from sixparty.chronicle.schema import TABLES
from sixparty.errors import EnvironmentRefused, FileRefused, RecordRefused

Row = Mapping[str, str]
"""Cells of one row as text, by column."""

KEPT_GENERATIONS = 20
_POINTER = "CURRENT"
_ABOUT = "generation.json"


@dataclass(frozen=True)
class Withdrawal:
    """A shipped row that the user has taken out of their record."""

    table: str
    key: str
    reason: str
    date: str


@dataclass(frozen=True)
class Revision:
    """One line of the overlay's history: when, by which command, which row, what became of it, why, after whom."""

    time: str
    command: str
    table: str
    key: str
    action: str
    reason: str
    source: str


@dataclass(frozen=True)
class Dismissal:
    """Something proposed that the user has decided on, so that it is not proposed again.

    Parameters
    ----------
    list
        Name of the list that it came from.
    fingerprint
        Digest of what the list says there, or of the whole list beside the record.
    decision
        ``accepted`` or ``refused``; ``gone through`` for a whole list.
    """

    list: str
    fingerprint: str
    table: str
    key: str
    decision: str
    date: str


@dataclass(frozen=True)
class Overlay:
    """One state of the user's own rows.

    Parameters
    ----------
    rows
        Table -> key -> row; they win over shipped rows of the same key.
    withdrawn
        Shipped rows that are left out.
    revisions
        Every change ever made, in order.
    dismissed
        Proposals decided on.
    """

    rows: Mapping[str, Mapping[str, Row]] = field(default_factory=lambda: MappingProxyType({}))
    withdrawn: tuple[Withdrawal, ...] = ()
    revisions: tuple[Revision, ...] = ()
    dismissed: tuple[Dismissal, ...] = ()

    @property
    def size(self) -> int:
        """Rows in force: added, changed or withdrawn."""
        return sum(len(rows) for rows in self.rows.values()) + len(self.withdrawn)

    def keys_revised(self) -> dict[str, frozenset[str]]:
        """Return the keys of rows added, changed or withdrawn, by table."""
        found = {name: set(rows) for name, rows in self.rows.items() if rows}
        for one in self.withdrawn:
            found.setdefault(one.table, set()).add(one.key)
        return {name: frozenset(keys) for name, keys in found.items()}

    def table_bytes(self, schema: TableSchema) -> bytes:
        """Write the user's rows of one table as CSV with the shipped header."""
        names = [column.name for column in schema.columns]
        own = self.rows.get(schema.name, {})
        return csv_bytes(names, ([row.get(name, "") for name in names] for row in own.values()))


def key_of(schema: TableSchema, row: Row) -> str:
    """Return the text that names a row: the cells of its key, joined by a blank."""
    return " ".join(row[name] for name in schema.key)


def keys_that_differ(one: Overlay, other: Overlay) -> tuple[tuple[str, str], ...]:
    """List (table, key) of the rows that one state has otherwise than the other, withdrawn ones included."""
    found = set()
    for name in TABLES:
        rows, others = one.rows.get(name, {}), other.rows.get(name, {})
        found |= {(name, key) for key in rows.keys() | others.keys() if rows.get(key) != others.get(key)}
    withdrawn = {(row.table, row.key) for row in one.withdrawn} ^ {(row.table, row.key) for row in other.withdrawn}
    return tuple(sorted(found | withdrawn))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Write a table as UTF-8 CSV; every line ends in LF, and a newline in a cell is LF too."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([plain_newlines(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def plain_newlines(cell: str) -> str:
    """Write the newlines of a cell as LF, which is the one form in which files hold them."""
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def generation_in_force(folder: Path) -> int:
    """Return the number of the generation in force; 0, the empty overlay, where nothing was ever written.

    Raises
    ------
    FileRefused
        If CURRENT holds no number.
    """
    try:
        text = (folder / _POINTER).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return 0
    except (OSError, UnicodeDecodeError) as error:
        raise FileRefused(f"{folder / _POINTER} must hold the number of a generation, got: {error}.") from error
    if not text.isdecimal():
        raise FileRefused(
            f"{folder / _POINTER} must hold the number of a generation, got {text!r}. Write the largest number "
            "that stands in generations/ into it."
        )
    return int(text)


def generations(folder: Path) -> tuple[int, ...]:
    """List the generations that are kept, oldest first."""
    current = generation_in_force(folder)
    if not current:
        return ()
    names = (entry.name for entry in (folder / "generations").iterdir())
    return tuple(sorted(number for number in map(int, filter(str.isdecimal, names)) if number <= current))


def read_overlay(folder: Path, number: int | None = None) -> Overlay:
    """Read the generation in force, or the one with that number; number 0 is an empty overlay.

    Raises
    ------
    FileRefused
        If the generation is missing or one of its files is no CSV file with the declared columns.
    RecordRefused
        If two rows of a table have one key.
    """
    chosen = generation_in_force(folder) if number is None else number
    if not chosen:
        return Overlay()
    home = generation_folder(folder, chosen)
    if not (home / _ABOUT).is_file():
        kept = ", ".join(map(str, generations(folder))) or "none"
        raise FileRefused(f"generation must be one that {folder} keeps ({kept}), got {chosen}.")
    rows = {name: _rows_by_key(home, schema) for name, schema in TABLES.items()}
    return Overlay(
        MappingProxyType({name: found for name, found in rows.items() if found}),
        _withdrawals(home / "withdrawn.csv"),
        tuple(Revision(**row) for row in _lines(home / "revisions.csv", _names(Revision))),
        tuple(Dismissal(**row) for row in _lines(home / "dismissed.csv", _names(Dismissal))),
    )


def generation_folder(folder: Path, number: int) -> Path:
    """Return where a generation lies."""
    return folder / "generations" / str(number)


def generation_before(folder: Path, number: int) -> int:
    """Return the number of the generation that `undo` goes back to from this one.

    Raises
    ------
    FileRefused
        If the generation's own file does not say.
    """
    path = generation_folder(folder, number) / _ABOUT
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["before"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise FileRefused(f"{path} must say which generation came before, got: {error!r}.") from error


def _names(kind: type[Withdrawal] | type[Revision] | type[Dismissal]) -> list[str]:
    return [one.name for one in fields(kind)]


def _rows_by_key(home: Path, schema: TableSchema) -> dict[str, Row]:
    found: dict[str, Row] = {}
    names = [column.name for column in schema.columns]
    for number, row in enumerate(_lines(home / schema.file, names), start=2):
        key = key_of(schema, row)
        if key in found:
            raise RecordRefused(
                file=str(home / schema.file),
                row=number,
                column=", ".join(schema.key),
                expected="a key that stands once",
                got=f"{key!r} twice",
            )
        found[key] = row
    return found


def _withdrawals(path: Path) -> tuple[Withdrawal, ...]:
    rows = tuple(Withdrawal(**row) for row in _lines(path, _names(Withdrawal)))
    for number, row in enumerate(rows, start=2):
        if row.table not in TABLES:
            raise RecordRefused(
                file=str(path), row=number, column="table", expected=f"one of {', '.join(TABLES)}", got=repr(row.table)
            )
    return rows


def _lines(path: Path, names: Sequence[str]) -> list[dict[str, str]]:
    """Read the rows of a file; columns that were declared after it was written are empty, an absent file has none."""
    try:
        rows = list(csv.reader(StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileRefused(f"{path} must be a CSV file in UTF-8, got: {error}.") from error
    header = rows[0] if rows else []
    if not header or set(header) - set(names) or len(set(header)) != len(header):
        raise FileRefused(
            f"{path}, line 1: expected columns of {', '.join(names)}; got {', '.join(header) or 'an empty file'}."
        )
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise FileRefused(f"{path}, row {number}: expected {len(header)} cells, got {len(row)}.")
    return [dict.fromkeys(names, "") | dict(zip(header, row, strict=True)) for row in rows[1:]]


@contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Keep other commands from writing to the overlay while one does; a command that dies lets go of it.

    Raises
    ------
    EnvironmentRefused
        If the folder cannot be written to, or another command is writing.
    """
    import fcntl  # here, since a system without it can still read

    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / "LOCK").open("w")
    except OSError as error:
        raise _cannot_write(folder, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EnvironmentRefused(
                f"{folder} must have one writer at a time, got a second. Wait until the other command has ended, "
                "then run this one again."
            ) from None
        yield


def write_overlay(folder: Path, overlay: Overlay, *, command: str, time: str, before: int | None = None) -> int:
    """Make a new generation and put it in force; call it as the `only_writer`.

    Parameters
    ----------
    command, time
        What made it and when (UTC).
    before
        The generation that `undo` goes back to; None is the one in force.

    Returns
    -------
    int
        Its number.

    Raises
    ------
    EnvironmentRefused
        If the folder cannot be written to or the disk is full; the generation in force stays.
    """
    current = generation_in_force(folder)
    number = current + 1
    about = {"number": number, "before": current if before is None else before, "command": command, "time": time}
    files = {name: content for name, content in _files(overlay)} | {_ABOUT: json.dumps(about).encode()}
    home = generation_folder(folder, number)
    try:
        shutil.rmtree(home, ignore_errors=True)  # of a command that died before CURRENT named it
        home.mkdir(parents=True)
        for name, content in files.items():
            _write_down(home / name, content)
        _flush_folder(home)
        _flush_folder(home.parent)
        _write_down(folder / f"{_POINTER}.new", f"{number}\n".encode())
        (folder / f"{_POINTER}.new").replace(folder / _POINTER)
        _flush_folder(folder)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    for old in generations(folder)[:-KEPT_GENERATIONS]:
        shutil.rmtree(generation_folder(folder, old), ignore_errors=True)
    return number


def _files(overlay: Overlay) -> Iterator[tuple[str, bytes]]:
    for name, schema in TABLES.items():
        if overlay.rows.get(name):
            yield schema.file, overlay.table_bytes(schema)
    yield "withdrawn.csv", csv_bytes(_names(Withdrawal), map(astuple, overlay.withdrawn))
    yield "revisions.csv", csv_bytes(_names(Revision), map(astuple, overlay.revisions))
    yield "dismissed.csv", csv_bytes(_names(Dismissal), map(astuple, overlay.dismissed))


def _write_down(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_write(folder: Path, error: OSError) -> EnvironmentRefused:
    return EnvironmentRefused(
        f"{folder} must be a folder that can be written to, got: {error.strerror}. Choose another with --home."
    )
