"""Add one event to the record from a line of text; what the line does not say is asked, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import Chronicle
from sixparty.chronicle.changes import Change, cell_text
from sixparty.chronicle.coding import known_by_rule, row_id
from sixparty.chronicle.one_line import Question, Told, date_cells, questions, read_line
from sixparty.chronicle.schema import EVENTS
from sixparty.chronicle.schema_assurance import VERIFICATIONS
from sixparty.errors import DateRefused, InputRefused, UsageError
from sixparty.service.clock import now
from sixparty.service.home import named_home
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer
from sixparty.service.revise import write_changes

_ADDRESS = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+(:\d+)?(/\S*)?")
_OPTION_NAMES = {
    "event_date": "date",
    "event_type": "type",
    "weapon_class": "class",
    "incident_kind": "incident",
    "act_kind": "kind",
    "known_date": "known",
    "label_en": "label-en",
    "label_ko": "label-ko",
}
_OPTIONS = ("actors", "recipients", "domain", "level", "objects", "place", "outcome", "note", "source")
_TOLD_COLUMNS = tuple(
    column.name for column in EVENTS.columns if column.name not in ("id", "known_basis", "source_ids", "confidence")
)
_MAIN_COLUMNS = ("event_date", "event_type", "actors")


@dataclass(frozen=True)
class AddSpec:
    """An event to add.

    Parameters
    ----------
    line
        What is told in one line.
    cells
        Columns of events.csv told beside the line; they win over it. `event_date` may be a month or a year.
    source
        An address, or the name of a row of sources.csv; wins over the line's.
    source_title
        What a new source is; without one, its host and the label.
    words
        Words of the source that carry the datum; with them the row is verified, without them attested.
    words_carry
        Columns that these words carry, joined by ``;``.
    seen_as
        In what form they were seen, as in verifications.csv.
    is_another
        Whether to add the event although one like it stands.
    """

    line: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    source: str | None = None
    source_title: str | None = None
    words: str | None = None
    words_carry: str = ";".join(_MAIN_COLUMNS)
    seen_as: str = VERIFICATIONS.column("seen_as").allowed[0]
    is_another: bool = False

    def answered(self, name: str, text: str) -> AddSpec:
        """Return it with the answer to a question."""
        return replace(self, source=text) if name == "source" else replace(self, cells={**self.cells, name: text})


@dataclass(frozen=True)
class Draft:
    """An event as far as it is told.

    Parameters
    ----------
    open
        What is still missing; those with a default need not be asked.
    similar
        Rows of the same type and actors a day before or after, or on the day.
    """

    told: Told
    open: tuple[Question, ...]
    similar: tuple[Mapping[str, Any], ...]


def option_name(column: str) -> str:
    """Return the option of `sixparty data add` that fills a column."""
    if column in _OPTIONS:
        return f"--{column}"
    return f"--{_OPTION_NAMES[column]}" if column in _OPTION_NAMES else f"--cell {column}="


def draft_event(spec: AddSpec, *, home: Path | None = None) -> Draft:
    """Read what is told of an event and say what is missing and whether one like it stands.

    Raises
    ------
    UsageError
        If an option holds what its column does not allow, or the line names a day that does not exist.
    InputRefused
        If the source is neither an address nor one that the record knows.
    """
    return _draft(spec, open_record(home=home))


def _draft(spec: AddSpec, record: Chronicle) -> Draft:
    _require_text(spec)
    places = record["events"]["place"].drop_nulls().unique().to_list()
    told = read_line(spec.line, places=places, source_ids=record["sources"]["id"].to_list())
    told = _with_source(told.with_cells(_option_cells(spec)), spec, record)
    missing = questions(told)
    proposed = {one.name: one.default for one in missing if one.default}
    return Draft(told, missing, _similar({**proposed, **told.cells}, record))


def _require_text(spec: AddSpec) -> None:
    """Refuse bytes that are no UTF-8, which a shell hands over as they are."""
    for text in (spec.line, *spec.cells.values(), spec.source or "", spec.source_title or "", spec.words or ""):
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise UsageError(f"an event must be told in UTF-8, got other bytes in {text!a}.")


def _option_cells(spec: AddSpec) -> dict[str, str]:
    """Check the cells told by options, and part a date from its precision."""
    for name in spec.cells:
        if name not in _TOLD_COLUMNS:
            raise UsageError(f"--cell must name one of {', '.join(_TOLD_COLUMNS)}, got {name!r}.")
    cells = {name: cell.strip() for name, cell in spec.cells.items() if cell.strip()}
    for name, cell in cells.items():
        column = EVENTS.column(name)
        members = cell.split(";") if column.kind == "list" else [cell]
        if column.allowed and not set(members) <= set(column.allowed):
            raise UsageError(f"{option_name(name)} must be one of {', '.join(column.allowed)}, got {cell!r}.")
    if "event_date" in cells:
        cells |= date_cells(cells["event_date"])
    if "known_date" in cells:
        cells |= {"known_basis": "sourced"}
    return cells


def _with_source(told: Told, spec: AddSpec, record: Chronicle) -> Told:
    """Settle whether the source is one that the record knows."""
    text = (spec.source if spec.source is not None else told.address or told.source_id).strip()
    known = dict(record["sources"].select("id", "address").iter_rows())
    if text in known or not text:
        return replace(told, address="", source_id=text)
    text = text.rstrip(").,;")
    if not _ADDRESS.fullmatch(text):
        raise InputRefused(
            "source must be an address that begins with http:// or https://, or the name of a row of sources.csv "
            f"(`sixparty data list` and `sixparty data show` print them), got {text!r}."
        )
    same = (name for name, address in known.items() if address and address.rstrip("/") == text.rstrip("/"))
    found = next(same, "")
    return replace(told, address="" if found else text, source_id=found)


def _similar(cells: Mapping[str, str], record: Chronicle) -> tuple[Mapping[str, Any], ...]:
    """Find events of the same type and actors a day before or after, or on the day."""
    if not {"event_date", "event_type", "actors"} <= cells.keys():
        return ()
    day, near = dt.date.fromisoformat(cells["event_date"]), dt.timedelta(days=1)
    events = record["events"].filter(
        (pl.col("event_type") == cells["event_type"]) & pl.col("event_date").is_between(day - near, day + near)
    )
    actors = set(cells["actors"].split(";"))
    rows = events.select("id", "event_date", "actors", "weapon_class", "place", "label_en").iter_rows(named=True)
    return tuple(row for row in rows if set(row["actors"].split(";")) == actors)


def add_event(spec: AddSpec, *, home: Path | None = None) -> Result:
    """Add an event, its source where it is new, and the words that carry it where they are given.

    Raises
    ------
    UsageError
        If something is missing that has no default.
    InputRefused
        If an event like it stands already, the source is none, or the record then fails a check.
    DateRefused
        If the event lies after today.
    """
    record = open_record(home=home)
    draft = _draft(spec, record)
    if draft.similar and not spec.is_another:
        raise InputRefused(_similar_words(draft.similar))
    told = draft.told.with_cells({one.name: one.default for one in draft.open if one.default})
    told = told.with_cells({one.name: one.default for one in questions(told) if one.default})
    _require_told(questions(told))
    today = now()[:10]
    if told.cells["event_date"] > today:
        raise DateRefused(f"date must not lie after today ({today}), got {told.cells['event_date']}.")
    changes = _changes(told, spec, record, today=today)
    written = write_changes(changes, home=named_home(home), command="data add")
    rows = [{"table": change.table, "key": change.key, "row": dict(change.new)} for change in changes]
    unread = (f"words not used: {' '.join(told.unread)}",) if told.unread else ()
    result = {"generation": written.generation, "rows": rows}
    return answer("data add", spec, result, record=written.record, warnings=written.warnings + unread)


def _require_told(missing: Sequence[Question]) -> None:
    if not missing:
        return
    parts = [
        f"{one.words} ({option_name(one.name)}" + (f": {', '.join(one.choices)})" if one.choices else ")")
        for one in missing
    ]
    raise UsageError(f"an event must tell also: {'; '.join(parts)}. Write it into the line, or give the option.")


def _similar_words(similar: Sequence[Mapping[str, Any]]) -> str:
    rows = [f"  {row['id']}  {row['event_date']}  {row['label_en']}" for row in similar]
    first = "an event must not stand in the record already, got one like:"
    last = "Look at it with `sixparty data show`; if yours is another one, add it with --another."
    return "\n".join([first, *rows, last])


def _changes(told: Told, spec: AddSpec, record: Chronicle, *, today: str) -> list[Change]:
    """Make the changes that add the event: its source first where it is new."""
    changes = []
    source_id = told.source_id
    address = told.address or _address_of(record, source_id)
    if told.address:
        source = _source_row(told, spec, record, today=today)
        source_id = source["id"]
        changes.append(Change(1, "add", "sources", source_id, new=source, reason="cited by an added event"))
    row = _event_row(told, record, source_id=source_id, has_words=bool(spec.words), address=address)
    changes.append(
        Change(len(changes) + 1, "add", "events", row["id"], new=row, reason="added by hand", source=source_id)
    )
    if spec.words:
        words = _words_row(row, spec, source_id=source_id, address=address, today=today)
        key = " ".join(words[name] for name in VERIFICATIONS.key)
        changes.append(
            Change(len(changes) + 1, "add", "verifications", key, new=words, reason="words of the source kept")
        )
    return changes


def _address_of(record: Chronicle, source_id: str) -> str:
    found = record["sources"].filter(pl.col("id") == source_id)["address"].to_list()
    return cell_text(found[0]) if found else ""


def _event_row(told: Told, record: Chronicle, *, source_id: str, has_words: bool, address: str) -> dict[str, str]:
    cells = dict(told.cells)
    date = dt.date.fromisoformat(cells["event_date"])
    cells.setdefault("known_date", known_by_rule(date, cells["date_precision"]).isoformat())
    cells.setdefault("known_basis", "rule")
    if has_words and not address:
        raise InputRefused(f"words must have an address at which they stand, got a source without one: {source_id}.")
    cells["confidence"] = "verified" if has_words else "attested" if address else "recalled"
    cells |= {"id": row_id(cells, set(record["events"]["id"])), "source_ids": source_id}
    return {column.name: cells[column.name] for column in EVENTS.columns if cells.get(column.name)}


def _source_row(told: Told, spec: AddSpec, record: Chronicle, *, today: str) -> dict[str, str]:
    host = told.address.split("/")[2].removeprefix("www.")
    stem = f"{re.sub('[^a-z0-9]+', '', host.rsplit('.', 1)[0].lower())}-{told.cells['event_date']}"
    taken = set(record["sources"]["id"])
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    title = (spec.source_title or "").strip() or f'{host}: page cited for "{told.cells["label_en"]}"'
    return {
        "id": next(name for name in names if name not in taken),
        "title": title,
        "publisher": host,
        "address": told.address,
        "date_seen": today,
    }


def _words_row(row: Mapping[str, str], spec: AddSpec, *, source_id: str, address: str, today: str) -> dict[str, str]:
    carried = [name.strip() for name in spec.words_carry.split(";") if name.strip()]
    missing = [name for name in carried if not row.get(name)]
    if missing or not carried:
        raise UsageError(f"--words-carry must name columns that the event fills, got {', '.join(missing) or 'none'}.")
    told = [column.name for column in EVENTS.columns if row.get(column.name) and not column.required]
    left = [name for name in told if name not in carried and name not in ("note", "label_en", "label_ko")]
    return {
        "table": "events",
        "row_id": row["id"],
        "columns": ";".join(carried),
        "source_id": source_id,
        "address": address,
        "seen_date": today,
        "seen_as": spec.seen_as,
        "words": (spec.words or "").strip(),
        "carries": f"not {', '.join(left)}" if left else "all",
    }
