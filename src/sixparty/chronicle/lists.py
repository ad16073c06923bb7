"""Lists of dated events by others, read from CSV by a declared layout, so that they can be laid beside each other.

A list's own labels become sets of our words: a label that says less than ours ("short-range missile") allows several.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import groupby
from pathlib import Path

from sixparty.chronicle.schema import EVENTS, PRECISIONS
from sixparty.errors import FileRefused, InputRefused, UsageError
from sixparty.vocabulary import EVENT_TYPES, WEAPON_CLASSES

_KINDS = next(column.allowed for column in EVENTS.columns if column.name == "incident_kind")
INCIDENT_WORDS: tuple[str, ...] = (*(kind for kind in _KINDS if kind != "other"), "border_other")
"""Kinds of incident at the lines; ``other`` is a class of weapon, so an incident of no kind is ``border_other``."""

_GREY_ZONE = ("balloon_release", "gps_jamming")
WORDS: tuple[str, ...] = tuple(dict.fromkeys((*WEAPON_CLASSES, *INCIDENT_WORDS, *EVENT_TYPES, *_GREY_ZONE, "any")))
"""Words that a class may be: weapon classes, kinds of incident, and event types; ``any`` stands for every weapon."""

_KST = dt.timedelta(hours=9)
_CLOCK_FORMATS = ("%I:%M:%S %p", "%H:%M:%S", "%H:%M")
_DATE_FORMS = {"day": r"\d{4}-\d{2}-\d{2}", "month": r"\d{4}-\d{2}", "year": r"\d{4}"}
_EMPTY = frozenset({"", "unknown", "n/a"})
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class DatedEntry:
    """One act of a list.

    Parameters
    ----------
    id
        Its name in the list.
    date, precision
        First day of the period claimed, and how precise the claim is: day, month or year.
    classes
        Our words that the list's label allows; one word when the label says as much as ours.
    place, objects, label
        As the list has them; None or empty when it does not say.
    end
        Last day, where the act lasted.
    """

    id: str
    date: dt.date
    precision: str
    classes: frozenset[str]
    place: str | None = None
    objects: int | None = None
    label: str = ""
    end: dt.date | None = None

    @property
    def last(self) -> dt.date:
        """Last day of the period claimed."""
        if self.precision == "day":
            return self.date
        month = 12 if self.precision == "year" else self.date.month
        return dt.date(self.date.year, month, calendar.monthrange(self.date.year, month)[1])


@dataclass(frozen=True)
class DatedList:
    """A list of acts with what it sets out to hold.

    Parameters
    ----------
    covers
        Our words for what the list collects; an act of another class is not missing from it.
    first, last
        Days between which it collects.
    left_out
        Rows of the file that name something we have no word for.
    """

    name: str
    entries: tuple[DatedEntry, ...]
    covers: frozenset[str]
    first: dt.date
    last: dt.date
    left_out: int = 0


@dataclass(frozen=True)
class ListLayout:
    """How a CSV file says what happened: names of its columns, and what its labels mean.

    Parameters
    ----------
    date, classes
        Columns of the date (a day, or a month or year written as such) and of the label.
    rules
        Pairs (fragment, words), tried in order on the lower-case label; the first fragment found in it decides. Words
        joined by ``;`` are alternatives that the label leaves open, ``+`` joins several acts told in one row, and an
        empty text leaves the row out. Without rules a cell holds our words themselves.
    covers
        What the list collects, in our words joined by ``;``.
    id, precision, end, place, objects, label
        Columns of the rest, where the file has them.
    utc_time
        Column of the time of day in UTC, by which the date is turned into a Korean one. A row without an hour follows
        a row of the same printed date and label that has one, and is taken as printed when there is none.
    is_row_an_object
        One row a missile: rows of one day and class become one act with that many objects.
    encoding
        Of the file's text.
    """

    name: str
    date: str
    classes: str
    covers: str
    rules: tuple[tuple[str, str], ...] = ()
    id: str | None = None
    precision: str | None = None
    end: str | None = None
    place: str | None = None
    objects: str | None = None
    label: str | None = None
    utc_time: str | None = None
    is_row_an_object: bool = False
    encoding: str = "utf-8-sig"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns that a file must have."""
        optional = (self.id, self.precision, self.end, self.place, self.objects, self.label, self.utc_time)
        return (self.date, self.classes, *(name for name in optional if name is not None))


@dataclass(frozen=True)
class _Row:
    """A line of a file and how to refuse it."""

    file: str
    line: int
    cells: Mapping[str, str]

    def get(self, column: str | None) -> str:
        return "" if column is None else self.cells[column].strip()

    def refuse(self, column: str, expected: str) -> InputRefused:
        got = repr(self.cells[column]) if self.cells[column] else "nothing"
        return _refuse(self.file, self.line, column=column, expected=expected, got=got)


def read_list(path: Path, layout: ListLayout) -> DatedList:
    """Read a list of dated acts from a CSV file.

    Raises
    ------
    FileRefused
        If the file is missing, or its text is not in the encoding that the layout names.
    InputRefused
        If a column is missing or a cell cannot be read; the message gives file, line, column, expected and got.
    """
    korean_days = _korean_days(_rows(path, layout), layout) if layout.utc_time is not None else {}
    entries: list[DatedEntry] = []
    left_out = 0
    for row in _rows(path, layout):
        found = _entries_of(row, layout, korean_days=korean_days)
        left_out += not found
        entries += found
    if layout.is_row_an_object:
        entries = _grouped(entries)
    if not entries:
        raise InputRefused(f"{path.name} must hold at least one act that we have a word for, got none.")
    days = [entry.date for entry in entries]
    covers = words_of(layout.covers, name=f"covers of layout {layout.name}")
    return DatedList(layout.name, tuple(entries), covers, min(days), max(days), left_out)


def read_layout(path: Path) -> ListLayout:
    """Read a layout from a TOML file; its keys are the parameters of `ListLayout`.

    Raises
    ------
    FileRefused, InputRefused
        If the file is missing or no TOML, or a key is unknown, missing or of the wrong kind.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileRefused(f"{path} must be a TOML file with a layout, got: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FileRefused(f"{path} must be a TOML file with a layout, got: {error}.") from error
    known = [field.name for field in fields(ListLayout)]
    for key, value in told.items():
        if key not in known:
            raise InputRefused(f"{path.name}, key {key}: expected one of {', '.join(known)}, got {value!r}.")
        expected = _wrong_kind(key, value)
        if expected is not None:
            raise InputRefused(f"{path.name}, key {key}: expected {expected}, got {value!r}.")
    for key in ("name", "date", "classes", "covers"):
        if key not in told:
            raise InputRefused(f"{path.name}, key {key}: expected text, got nothing.")
    rules = tuple((fragment.lower(), words) for fragment, words in told.pop("rules", ()))
    return replace(ListLayout(**told), rules=rules)


def _wrong_kind(key: str, value: object) -> str | None:
    """Say what the value of a layout's key must be, if it is something else."""
    if key == "is_row_an_object":
        return None if isinstance(value, bool) else "true or false"
    if key != "rules":
        return None if isinstance(value, str) else "text"
    is_pairs = isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in value
    )
    return None if is_pairs else "pairs of texts"


def words_of(text: str, *, name: str) -> frozenset[str]:
    """Read our words from a text that joins them by ``;``.

    Raises
    ------
    InputRefused
        If one of them is no word of ours.
    """
    words = {word.strip() for word in text.split(";") if word.strip()}
    for word in sorted(words - set(WORDS)):
        raise InputRefused(f"{name}: expected words of {', '.join(WORDS)}, got {word!r}.")
    return frozenset((words - {"any"}) | (set(WEAPON_CLASSES) if "any" in words else set()))


def _rows(path: Path, layout: ListLayout) -> Iterator[_Row]:
    try:
        with path.open(encoding=layout.encoding, newline="") as file:
            yield from _rows_of(path.name, csv.reader(file, strict=True), layout=layout)
    except OSError as error:
        raise FileRefused(f"{path} must be a CSV file, got: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"{path.name} must be text in {layout.encoding}, got a byte that is not ({error.reason} at byte "
            f"{error.start}). Save it again in that encoding, or name its own in a layout."
        ) from error
    except csv.Error as error:
        raise FileRefused(f"{path.name} must be a CSV file, got: {error}.") from error


def _rows_of(file: str, reader: Iterator[list[str]], *, layout: ListLayout) -> Iterator[_Row]:
    header = next(reader, [])
    for column in sorted({name for name in header if header.count(name) > 1}):
        raise _refuse(file, 1, column=column, expected="one column of this name", got=str(header.count(column)))
    for column in layout.columns:
        if column not in header:
            raise _refuse(file, 1, column=column, expected="a column of this name", got=", ".join(header) or "nothing")
    line = 1
    for cells in reader:
        start, line = line + 1, int(getattr(reader, "line_num", line + 1))
        if not cells:
            continue
        if len(cells) != len(header):
            raise _refuse(file, start, column="all", expected=f"{len(header)} cells", got=f"{len(cells)} cells")
        yield _Row(file, start, dict(zip(header, cells, strict=True)))


def _refuse(file: str, line: int, *, column: str, expected: str, got: str) -> InputRefused:
    return InputRefused(
        f"{file}, line {line}, column {column}: expected {expected}, got {got}. Correct the file or the layout, "
        "then reconcile again."
    )


def _korean_days(rows: Iterable[_Row], layout: ListLayout) -> dict[tuple[str, str], dt.date]:
    """Find the Korean date of each printed date and label from the rows that give the hour."""
    timed = (row for row in rows if row.get(layout.utc_time).lower() not in _EMPTY)
    return {(row.get(layout.date), row.get(layout.classes)): _in_korea(row, layout) for row in timed}


def _entries_of(row: _Row, layout: ListLayout, *, korean_days: Mapping[tuple[str, str], dt.date]) -> list[DatedEntry]:
    acts = _acts(row, layout)
    if not acts:
        return []
    date, precision = _date_of(row, layout)
    if layout.utc_time is not None:
        is_timed = row.get(layout.utc_time).lower() not in _EMPTY
        same_rows = korean_days.get((row.get(layout.date), row.get(layout.classes)), date)
        date = _in_korea(row, layout) if is_timed else same_rows
    name = row.get(layout.id) or f"line {row.line}"
    entry = DatedEntry(
        id=name,
        date=date,
        precision=precision,
        classes=acts[0],
        place=_filled(row.get(layout.place)),
        objects=_count(row, layout),
        label=row.get(layout.label or layout.classes),
        end=_plain_day(row, layout.end) if row.get(layout.end) else None,
    )
    others = (replace(entry, id=f"{name}/{i}", classes=classes, objects=None) for i, classes in enumerate(acts[1:], 2))
    return [entry, *others]


def _acts(row: _Row, layout: ListLayout) -> list[frozenset[str]]:
    cell = row.get(layout.classes)
    if not layout.rules:
        if not cell:
            raise row.refuse(layout.classes, f"words of {', '.join(WORDS)} joined by ';'")
        return [words_of(cell, name=f"{row.file}, line {row.line}, column {layout.classes}")]
    for fragment, words in layout.rules:
        if fragment in cell.lower():
            parts = words.split("+") if words else []
            return [words_of(part, name=f"rule {fragment!r} of layout {layout.name}") for part in parts]
    raise row.refuse(layout.classes, f"a label that a rule of layout {layout.name} knows")


def _date_of(row: _Row, layout: ListLayout) -> tuple[dt.date, str]:
    text = row.get(layout.date)
    form = next((name for name, pattern in _DATE_FORMS.items() if re.fullmatch(pattern, text)), None)
    try:
        date = dt.date.fromisoformat(f"{text}-01-01"[:10]) if form else None
    except ValueError:
        date = None
    if date is None or form is None or date.year not in _YEARS:
        raise row.refuse(layout.date, "a day from 1900 to 2100, as 2025-06-28, or a month or year written as such")
    precision = row.get(layout.precision) or form
    if precision not in PRECISIONS or PRECISIONS.index(precision) < PRECISIONS.index(form):
        raise row.refuse(layout.precision or layout.date, f"one of {', '.join(PRECISIONS)} that the date can bear")
    return date, precision


def _in_korea(row: _Row, layout: ListLayout) -> dt.date:
    for form in _CLOCK_FORMATS:
        try:
            clock = dt.datetime.strptime(row.get(layout.utc_time), form).time()
        except ValueError:
            continue
        return (dt.datetime.combine(_date_of(row, layout)[0], clock) + _KST).date()
    raise row.refuse(layout.utc_time or "", "a time of day such as 8:33:00 PM or 20:33, or nothing")


def _plain_day(row: _Row, column: str | None) -> dt.date:
    text = row.get(column)
    try:
        if re.fullmatch(_DATE_FORMS["day"], text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise row.refuse(column or "", "a day that exists, as 2025-06-28, or nothing")


def _count(row: _Row, layout: ListLayout) -> int | None:
    text = row.get(layout.objects)
    if layout.is_row_an_object:
        return 1
    if layout.objects is None or text.lower() in _EMPTY:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        raise row.refuse(layout.objects, "a whole number or nothing")
    return int(text)


def _filled(text: str) -> str | None:
    return None if text.lower() in _EMPTY else text


def _grouped(entries: list[DatedEntry]) -> list[DatedEntry]:
    def day_and_class(entry: DatedEntry) -> tuple[dt.date, str, list[str]]:
        return entry.date, entry.precision, sorted(entry.classes)

    groups = (list(group) for _, group in groupby(sorted(entries, key=day_and_class), key=day_and_class))
    return [_merged(group) for group in groups]


def _merged(group: list[DatedEntry]) -> DatedEntry:
    places = dict.fromkeys(entry.place for entry in group if entry.place)
    labels = dict.fromkeys(entry.label for entry in group if entry.label)
    return replace(group[0], place="; ".join(places) or None, objects=len(group), label="; ".join(labels))


def layout_named(name: str, layouts: Mapping[str, ListLayout]) -> ListLayout:
    """Return the layout of that name, or read it if the name is that of a TOML file.

    Raises
    ------
    UsageError
        If it is neither.
    """
    if name.endswith(".toml"):
        return read_layout(Path(name))
    if name not in layouts:
        raise UsageError(f"layout must be one of {', '.join(layouts)} or a file ending in .toml, got {name!r}.")
    return layouts[name]
