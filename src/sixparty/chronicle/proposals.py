"""Make proposed changes to the record out of a list by others: what it has and the record lacks, dates or classes.

Nothing is withdrawn because a list lacks it, a day that a list put in for a month is not taken over, and a cell that
kept words of a source carry is left as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sixparty.chronicle.changes import Change, cell_text, fingerprint_of
from sixparty.chronicle.coding import TYPE_OF_CLASS, TYPE_OF_INCIDENT, known_by_rule, label_of, row_id
from sixparty.chronicle.layouts import CNS, CSIS, list_of_chronicle
from sixparty.chronicle.lists import INCIDENT_WORDS, DatedEntry, DatedList, ListLayout, read_list
from sixparty.chronicle.overlay import Row
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.reconcile import Finding, reconcile
from sixparty.chronicle.revision import text_rows
from sixparty.chronicle.schema import EVENTS, PRECISIONS
from sixparty.errors import FileRefused, UsageError
from sixparty.vocabulary import BALLISTIC_CLASSES, WEAPON_CLASSES

_READINGS = {
    "next_day": "one day apart: the later may be the day of the report, the earlier the day by another clock",
    "first_of_month": "the record may have put in the first of the month for an act known by its month",
    "may_repeat": "the list has such an act a day before or after, so this may be the same one",
    "perhaps_beyond": "the label also allows a class that the record does not collect",
}


@dataclass(frozen=True)
class PublicList:
    """A public list that can be imported: its layout, and the source that its rows cite."""

    name: str
    layout: ListLayout
    source_id: str


PUBLIC_LISTS: Mapping[str, PublicList] = {
    "csis": PublicList("csis", CSIS, "csis-beyond-parallel"),
    "cns": PublicList("cns", CNS, "cns-missile-db"),
}


@dataclass(frozen=True)
class Proposals:
    """Changes that a list gives reason to propose.

    Parameters
    ----------
    changes
        Numbered from 1, none accepted.
    decided
        How many more there are on which the user has decided before.
    kept
        How many more rows the list would have otherwise in cells that kept words of a source carry.
    acts, left_out
        Acts that the list holds, and rows of the file for which we have no word.
    digest
        Names this list beside this record: once it is decided on, the two give no reason to propose anything.
    """

    changes: tuple[Change, ...]
    decided: int
    kept: int
    acts: int
    left_out: int
    digest: str


def public_list(name: str) -> PublicList:
    """Return the public list of that name.

    Raises
    ------
    UsageError
        If it is none that can be imported.
    """
    if name not in PUBLIC_LISTS:
        raise UsageError(f"list must be one of {', '.join(PUBLIC_LISTS)}, got {name!r}.")
    return PUBLIC_LISTS[name]


def read_public_list(path: Path, public: PublicList) -> DatedList:
    """Read a public list as its publisher gives it; acts are named by their line in the file.

    Raises
    ------
    FileRefused
        If the file is missing or is no text in UTF-8 or Windows-1252.
    InputRefused
        If a column is missing or a cell cannot be read; the message gives file, line, column, expected and got.
    """
    return read_list(path, replace(public.layout, id=None, encoding=_encoding(path)))


def _encoding(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FileRefused(f"{path} must be a CSV file, got: {error.strerror}.") from error
    for name in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return name
    raise FileRefused(
        f"{path.name} must be text in UTF-8 or Windows-1252, got bytes that are neither. Save it as CSV in UTF-8."
    )


def propose(
    public: PublicList,
    told: DatedList,
    record: Chronicle,
    *,
    file: str,
    decided: Collection[str] = (),
    shipped: str = "",
) -> Proposals:
    """Reconcile a list with the record and propose changes to the record, none of them accepted.

    Parameters
    ----------
    told
        What the list says.
    file
        Name of the file, told with each change.
    decided
        Fingerprints of what need not be proposed again.
    shipped
        Digest of the record without the user's own rows.
    """
    rows = text_rows(record, "events")
    carried = _carried_cells(record)
    fingerprints = _fingerprints(public, told)
    taken = set(rows)
    found: list[Change] = []
    kept = 0
    for finding in reconcile(told, list_of_chronicle(record)).findings:
        change = _change(finding, rows, taken=taken, public=public, end=record.coverage_end.isoformat())
        if change is None:
            continue
        if change.action == "change" and carried.get(change.key, frozenset()) & change.new.keys():
            kept += 1
            continue
        entry = finding.a
        source = _place_in(file, entry) if entry is not None else public.layout.name
        mark = fingerprints[entry.id] if entry is not None else fingerprint_of(public.name, change.key, "twice")
        taken.add(change.key)
        found.append(replace(change, source=source, fingerprint=mark))
    digest = fingerprint_of(public.name, shipped, *sorted(fingerprints.values()))
    fresh = [change for change in found if change.fingerprint not in decided and digest not in decided]
    numbered = tuple(replace(change, number=number) for number, change in enumerate(fresh, start=1))
    return Proposals(numbered, len(found) - len(fresh), kept, len(told.entries), told.left_out, digest)


def _carried_cells(record: Chronicle) -> dict[str, frozenset[str]]:
    """Return the columns of each event that kept words of a source carry."""
    found: dict[str, set[str]] = {}
    for row in text_rows(record, "verifications").values():
        if row["table"] == "events":
            found.setdefault(row["row_id"], set()).update(row["columns"].split(";"))
    return {key: frozenset(columns) for key, columns in found.items()}


def _fingerprints(public: PublicList, told: DatedList) -> dict[str, str]:
    """Name what the list says of each act, so that the same words in a later file are known again."""
    seen: Counter[tuple[object, ...]] = Counter()
    found = {}
    for entry in told.entries:
        words = (entry.date, entry.precision, *sorted(entry.classes), entry.label, entry.place, entry.objects)
        seen[words] += 1
        found[entry.id] = fingerprint_of(public.name, *words, seen[words])
    return found


def _place_in(file: str, entry: DatedEntry) -> str:
    more = f" and {entry.objects - 1} more of that day" if entry.objects is not None and entry.objects > 1 else ""
    return f"{file}, {entry.id}{more}"


def _change(
    finding: Finding, rows: Mapping[str, Row], *, taken: Collection[str], public: PublicList, end: str
) -> Change | None:
    """Make of one finding the change that it gives reason for, if any."""
    if finding.a is None:
        return _withdrawal(finding.b) if finding.kind == "duplicated_in_b" and finding.b is not None else None
    if finding.b is None:
        is_after = finding.kind == "beyond_b" and finding.a.date.isoformat() > end
        return _addition(finding, taken, public) if finding.kind == "missing_in_b" or is_after else None
    row = rows[finding.b.id]
    new = {name: cell for name, cell in _new_cells(finding, row) if cell != row[name]}
    old = {name: row[name] for name in new}
    if not new:
        return None
    return Change(0, "change", "events", finding.b.id, new=new, old=old, reason=_reason(finding, public))


def _withdrawal(entry: DatedEntry) -> Change:
    reason = "the record has this act twice: another row of that day and class stands beside it"
    return Change(0, "withdraw", "events", entry.id, reason=reason)


def _addition(finding: Finding, taken: Collection[str], public: PublicList) -> Change | None:
    entry = finding.a
    coded = _coded(entry) if entry is not None else {}
    if entry is None or not coded:
        return None
    cells = {
        "event_date": entry.date.isoformat(),
        "date_precision": entry.precision,
        "end_date": cell_text(entry.end),
        "known_date": known_by_rule(entry.date, entry.precision).isoformat(),
        "known_basis": "rule",
        "actors": "PRK",
        "objects": cell_text(entry.objects),
        "place": entry.place or "",
        "source_ids": public.source_id,
        "confidence": "attested",
        **coded,
    }
    cells |= {"label_en": label_of(cells, "en"), "label_ko": label_of(cells, "ko")}
    row = {"id": row_id(cells, taken), **{name: cell for name, cell in cells.items() if cell}}
    ordered = {column.name: row[column.name] for column in EVENTS.columns if column.name in row}
    return Change(0, "add", "events", row["id"], new=ordered, reason=_reason(finding, public))


def _reason(finding: Finding, public: PublicList) -> str:
    """Say in words what the list has and what to beware of."""
    a, b = finding.a, finding.b
    if a is None:
        return ""
    date = a.date.isoformat()[: {"day": 10, "month": 7, "year": 4}[a.precision]]
    parts = [f"{public.layout.name} has on {date}: {' '.join(a.label.split()) or 'no label'}"]
    if b is not None:
        parts.append(f"the record has on {b.date}: {b.label}")
    if len(a.classes) > 1:
        parts.append(f"the label leaves open which of {', '.join(sorted(a.classes))}")
    if finding.beside:
        parts.append(f"the record has that day: {', '.join(finding.beside)}")
    if b is not None and not finding.is_classed_alike:
        parts.append("look at the labels too")
    parts += [_READINGS[finding.reading]] if finding.reading in _READINGS else []
    return "; ".join(parts)


def _new_cells(finding: Finding, row: Row) -> Iterator[tuple[str, str]]:
    """Yield the cells of the record's row that the list would have otherwise."""
    a, b = finding.a, finding.b
    if a is None or b is None:
        return
    if finding.kind == "misdated" and not _is_coarser(a, b):
        yield "event_date", a.date.isoformat()
        yield "date_precision", a.precision
        if row["known_basis"] == "rule":
            yield "known_date", known_by_rule(a.date, a.precision).isoformat()
    if not finding.is_classed_alike:
        coded = _coded(a)
        is_told = coded.get("weapon_class") != "unknown" and "weapon_class" in coded and row["weapon_class"]
        yield from coded.items() if is_told else ()
    if a.objects is not None and a.objects != b.objects:
        yield "objects", str(a.objects)


def _is_coarser(a: DatedEntry, b: DatedEntry) -> bool:
    """Whether the list's date says less than the record's: a month for a day, or a first of the month put in."""
    is_put_in = a.date.day == 1 and (a.date.year, a.date.month) == (b.date.year, b.date.month)
    return PRECISIONS.index(a.precision) > PRECISIONS.index(b.precision) or is_put_in


def _coded(entry: DatedEntry) -> dict[str, str]:
    """Code what the list's label says in the record's columns, and no more: an incident of an open kind is `other`."""
    weapons = [name for name in WEAPON_CLASSES if name in entry.classes]
    incidents = [name for name in INCIDENT_WORDS if name in entry.classes]
    if incidents:
        kind = incidents[0] if len(entry.classes) == 1 and incidents[0] != "border_other" else "other"
        return {"event_type": TYPE_OF_INCIDENT[kind], "incident_kind": kind}
    if weapons:
        return _coded_weapon(weapons)
    if "balloon_release" in entry.classes:
        return {"event_type": "balloon_release", "act_kind": "refuse"}
    return {"event_type": "gps_jamming"} if "gps_jamming" in entry.classes else {}


def _coded_weapon(weapons: list[str]) -> dict[str, str]:
    types = {TYPE_OF_CLASS[name] for name in weapons}
    if set(weapons) <= BALLISTIC_CLASSES | {"unknown"} and len(weapons) > 2:
        return {"event_type": "ballistic_launch", "weapon_class": "unknown"}
    if len(types) == 1 or set(weapons) == {"MLRS", "other"}:
        chosen = "SRBM" if "SRBM" in weapons else weapons[0]
        return {"event_type": TYPE_OF_CLASS[chosen], "weapon_class": chosen}
    return {"event_type": "other_weapon_test", "weapon_class": "unknown"}
