"""What an address asks: names known for the page, each once, of bounded length, numbers within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sixparty.errors import UsageError

LONGEST = 2000
"""Signs of a whole query."""

_MOST_NAMES = 20


@dataclass(frozen=True)
class Field:
    """A name that a page can be asked by.

    Parameters
    ----------
    longest
        Signs of its value.
    low, high
        Bounds of a whole number; None where the value is text.
    """

    name: str
    longest: int = 200
    low: int | None = None
    high: int | None = None

    def read(self, text: str) -> str:
        """Return the value without blanks around it.

        Raises
        ------
        UsageError
            If it is too long, holds control signs, or is no number within the bounds.
        """
        value = text.strip()
        if len(value) > self.longest:
            raise UsageError(f"{self.name} must have at most {self.longest} signs, got {len(value)}.")
        if not value.isprintable():
            raise UsageError(f"{self.name} must be text without control signs, got {value[:20]!r}.")
        if value and self.low is not None and self.high is not None:
            is_number = value.isascii() and value.isdigit() and len(value) <= len(str(self.high))
            if not is_number or not self.low <= int(value) <= self.high:
                raise UsageError(f"{self.name} must be a whole number from {self.low} to {self.high}, got {value!r}.")
        return value


def read_query(raw: str, fields: Sequence[Field]) -> dict[str, str]:
    """Return the values asked for, in the order of `fields`; empty ones, as a form sends them, are left out.

    Raises
    ------
    UsageError
        If the query is too long, holds a name that the page does not know or one twice, or a value that cannot be
        meant.
    """
    if len(raw) > LONGEST:
        raise UsageError(f"the query must have at most {LONGEST} signs, got {len(raw)}.")
    try:
        pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=_MOST_NAMES)
    except ValueError as error:
        raise UsageError(f"the query must be names and values in UTF-8, at most {_MOST_NAMES}: {error}.") from error
    names = [name for name, _ in pairs]
    _require_known(names, fields)
    given = dict(pairs)
    read = {field.name: field.read(given[field.name]) for field in fields if field.name in given}
    return {name: value for name, value in read.items() if value}


def _require_known(names: Sequence[str], fields: Sequence[Field]) -> None:
    known = [field.name for field in fields]
    strange = sorted({name[:40] for name in names if name not in known})
    if strange:
        told = f"by {', '.join(known)}" if known else "by no name"
        raise UsageError(f"this page can be asked {told}, got {', '.join(strange)}. Leave it out.")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"each name can be asked once, got {', '.join(twice)} more often.")


def number(query: Mapping[str, str], name: str) -> int | None:
    """Return a whole number of a query that was read, or None."""
    return int(query[name]) if name in query else None
