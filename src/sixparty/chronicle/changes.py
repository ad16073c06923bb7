"""Changes to the record: what they are, and the reviewable TOML file that holds them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from sixparty.chronicle.overlay import Row
from sixparty.errors import FileRefused, InputRefused, UsageError

Action = Literal["add", "change", "withdraw"]
ACTIONS: tuple[Action, ...] = ("add", "change", "withdraw")
CHANGE_FILE = "sixparty changes 1"
"""First line of meaning in a change file: what it is and in which form."""

_CELLS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({"add": ("row",), "change": ("old", "new"), "withdraw": ()})
_TEXTS = ("action", "table", "key", "reason", "source", "fingerprint")
_HOW_TO = """\
# Proposed changes to the record. Look at each, set accept = true where you agree, then run
# `sixparty data apply FILE`. Changes that you do not accept are remembered and not proposed again.
"""
NO_CELLS: Row = MappingProxyType({})


@dataclass(frozen=True)
class Change:
    """One proposed change to one row.

    Parameters
    ----------
    number
        Its number in the file that it came from.
    action
        ``add`` a row, ``change`` cells of one, ``withdraw`` one.
    table, key
        Which row; the key is the text of the table's key columns, joined by a blank.
    new
        Cells of the row to add, or the cells as they are to be.
    old
        The cells to change as they are now; a change of other cells than these is refused.
    reason
        Why, in words.
    source
        The list and line, or the address, that it rests on.
    fingerprint
        Digest of what a list says there; empty for a change that came from no list.
    is_accepted
        Whether the reader has said yes.
    """

    number: int
    action: Action
    table: str
    key: str
    new: Row = field(default_factory=lambda: NO_CELLS)
    old: Row = field(default_factory=lambda: NO_CELLS)
    reason: str = ""
    source: str = ""
    fingerprint: str = ""
    is_accepted: bool = False


def cell_text(value: Any) -> str:
    """Write a cell as it stands in a file: missing is empty, a whole number has no point, a date is ISO."""
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, dt.date) else str(value).strip()


def fingerprint_of(*parts: object) -> str:
    """Return a digest (16 hexadecimal digits) of what a list says of an act."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class ChangeFile:
    """A reviewable file of proposed changes.

    Parameters
    ----------
    list
        Name of the list that they were made from; empty for a file written by hand.
    digest
        Names the list as a whole beside the record that it was reconciled with.
    """

    list: str
    changes: tuple[Change, ...]
    digest: str = ""

    def to_toml(self) -> str:
        """Write the file: one table a change, every cell as text."""
        parts = [f"{_HOW_TO}format = {_quoted(CHANGE_FILE)}\nlist = {_quoted(self.list)}\n"]
        parts += [f"digest = {_quoted(self.digest)}\n"] if self.digest else []
        return "\n".join([*parts, *map(_change_to_toml, self.changes)])


def _change_to_toml(change: Change) -> str:
    lines = ["[[change]]", f"number = {change.number}", f"accept = {str(change.is_accepted).lower()}"]
    lines += [f"{name} = {_quoted(getattr(change, name))}" for name in _TEXTS if getattr(change, name)]
    cells = {"row": change.new, "new": change.new, "old": change.old}
    for name in _CELLS_OF[change.action]:
        lines += [f"[change.{name}]", *(f"{column} = {_quoted(cell)}" for column, cell in cells[name].items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def read_changes(path: Path) -> ChangeFile:
    """Read a change file.

    Raises
    ------
    FileRefused
        If it is missing, no TOML, or no change file.
    InputRefused
        If a change lacks something or has something that no change has; the message names it by its place.
    """
    try:
        told = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise FileRefused(f"{path} must be a change file, got: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileRefused(f"{path.name} must be a change file in TOML, got: {error}.") from error
    if told.get("format") != CHANGE_FILE:
        raise FileRefused(
            f"{path.name} must be a change file with format = {_quoted(CHANGE_FILE)}, got {told.get('format')!r}. "
            "`sixparty data import` writes one."
        )
    rows, name, digest = told.get("change", []), told.get("list", ""), told.get("digest", "")
    is_plain = isinstance(rows, list) and isinstance(name, str) and isinstance(digest, str)
    if not is_plain or set(told) - {"format", "list", "digest", "change"}:
        raise FileRefused(f"{path.name} must hold format, list, digest and [[change]] alone, got {', '.join(told)}.")
    changes = tuple(_change_of(row, place=f"{path.name}, change in place {i}") for i, row in enumerate(rows, start=1))
    numbers = [change.number for change in changes]
    if len(set(numbers)) != len(numbers):
        raise InputRefused(f"{path.name}: expected every change to have its own number, got one twice.")
    return ChangeFile(name, changes, digest)


def _change_of(row: Any, *, place: str) -> Change:
    action = row.get("action") if isinstance(row, dict) else None
    if action not in ACTIONS:
        raise InputRefused(f"{place}, action: expected one of {', '.join(ACTIONS)}, got {action!r}.")
    known = {"number", "accept", *_TEXTS, *_CELLS_OF[action]}
    for name in row:
        if name not in known:
            raise InputRefused(f"{place}, {name}: expected one of {', '.join(sorted(known))}, got {name!r}.")
    number, accept = row.get("number"), row.get("accept", False)
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise InputRefused(f"{place}, number: expected a whole number from 1, got {number!r}.")
    if not isinstance(accept, bool):
        raise InputRefused(f"{place}, accept: expected true or false, got {accept!r}.")
    texts = {name: _text(row.get(name, ""), place=f"{place}, {name}") for name in _TEXTS}
    cells = {name: _cells(row.get(name, {}), place=f"{place}, {name}") for name in _CELLS_OF[action]}
    new = cells.get("row", cells.get("new", NO_CELLS))
    return Change(
        number=number,
        action=action,
        table=texts["table"],
        key=texts["key"],
        new=new,
        old=cells.get("old", NO_CELLS),
        reason=texts["reason"],
        source=texts["source"],
        fingerprint=texts["fingerprint"],
        is_accepted=accept,
    )


def _cells(told: Any, *, place: str) -> Row:
    if not isinstance(told, dict):
        raise InputRefused(f"{place}: expected cells by column, got {told!r}.")
    return MappingProxyType({column: _text(cell, place=f"{place}.{column}") for column, cell in told.items()})


def _text(value: Any, *, place: str) -> str:
    """Read a cell; numbers and dates may stand without quotation marks."""
    if isinstance(value, bool | list | dict | dt.datetime | dt.time):
        raise InputRefused(f"{place}: expected text, a number or a date, got {value!r}.")
    return cell_text(value)


def accepted(changes: Sequence[Change], choice: str | None) -> tuple[Change, ...]:
    """Mark which changes are accepted.

    Parameters
    ----------
    choice
        ``all``, ``none``, or numbers and spans such as ``1,3-7``; None keeps what the file says.

    Raises
    ------
    UsageError
        If the choice is none of these or names a change that the file does not hold.
    """
    if choice is None:
        return tuple(changes)
    every = {change.number for change in changes}
    chosen = every if choice == "all" else set() if choice == "none" else _numbers(choice)
    if chosen - every:
        raise UsageError(f"accept must name changes of the file, got {min(chosen - every)}, which it does not hold.")
    return tuple(replace(change, is_accepted=change.number in chosen) for change in changes)


def _numbers(choice: str) -> set[int]:
    found: set[int] = set()
    for part in choice.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if not first.isdecimal() or (dash and not last.isdecimal()) or len(first + last) > 12:
            raise UsageError(f"accept must be all, none, or numbers and spans such as 1,3-7, got {choice!r}.")
        found.update(range(int(first), min(int(last or first), int(first) + 100_000) + 1))
    return found
