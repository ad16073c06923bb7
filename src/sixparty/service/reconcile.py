"""Two lists of dated acts laid beside each other."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sixparty.chronicle import Chronicle
from sixparty.chronicle.layouts import LAYOUTS, list_of_chronicle
from sixparty.chronicle.lists import DatedEntry, DatedList, layout_named, read_list
from sixparty.chronicle.reconcile import KINDS, Finding, reconcile
from sixparty.errors import DateRefused, FileRefused, UsageError
from sixparty.periods import parse_date
from sixparty.service.files import sha256
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer, digest_of

CHRONICLE = "chronicle"
REPORT = "reconciliation.json"
"""File of the report that ships with the product: the two public lists and the chronicle."""


@dataclass(frozen=True)
class ReconcileSpec:
    """Which two lists to lay beside each other.

    Parameters
    ----------
    a, b
        ``chronicle``, the path of a CSV file in the plain layout, or ``LAYOUT:FILE`` where the layout is ``csis``,
        ``cns`` or a TOML file of one's own.
    window_days
        Days by which two dates of one act may lie apart.
    first, last
        First and last day of the findings; None sets no bound.
    kind
        Kind of finding to return; None returns those of every kind but agreed and beyond. Counts are of all.
    data
        Folder with a chronicle's CSV files; None is the one installed.
    """

    a: str
    b: str
    window_days: int = 3
    first: str | None = None
    last: str | None = None
    kind: str | None = None
    data: Path | None = None


def reconcile_lists(spec: ReconcileSpec, *, home: Path | None = None) -> Result:
    """Say what two lists have in common, what each lacks, and what they date or class differently.

    Raises
    ------
    UsageError
        If the kind, the window or a layout is none that there is.
    InputRefused
        If a list cannot be read.
    """
    if spec.kind is not None and spec.kind not in KINDS:
        raise UsageError(f"kind must be one of {', '.join(KINDS)}, got {spec.kind!r}.")
    record = open_record(spec.data, home=home) if CHRONICLE in (spec.a, spec.b) else None
    (list_a, digest_a), (list_b, digest_b) = (_list_named(name, record) for name in (spec.a, spec.b))
    found = reconcile(list_a, list_b, window_days=spec.window_days).between(*_bounds(spec))
    result = {
        "lists": {"a": _described(list_a, digest_a), "b": _described(list_b, digest_b)},
        "counts": found.counts(),
        "counts_by_year": [{"year": year} | counts for year, counts in found.counts_by_year().items()],
        "share_of_b_in_a": found.share_of_b_in_a,
        "share_of_a_in_b": found.share_of_a_in_b,
        "findings": [_row(one) for one in found.findings if _is_asked(one, spec.kind)],
    }
    return answer("data reconcile", spec, result, record=record, digest=digest_of(digest_a, digest_b))


def shipped_reconciliation(*, home: Path | None = None) -> Result:
    """Return the report that ships: the two public lists against each other and against the chronicle.

    The lists themselves are their makers' and do not ship. A report made from another record than the one in force
    says so in a warning.

    Raises
    ------
    FileRefused
        If the file of the report cannot be read.
    """
    record = open_record(home=home)
    path = Path(str(resources.files("sixparty") / "results" / REPORT))
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        found = {"made_from": held["made_from"], "tables": held["tables"]}
    except (OSError, ValueError, KeyError) as error:
        raise FileRefused(f"{path} must hold made_from and tables, got: {error!r}. Install sixparty anew.") from error
    made_of = found["made_from"]["data_digest"]
    is_other = made_of != record.digest
    told = f"this report was made from the record {made_of}, the record in force is {record.digest}"
    return answer("data reconcile", {}, found, record=record, warnings=(told,) if is_other else ())


def _list_named(name: str, record: Chronicle | None) -> tuple[DatedList, str]:
    if record is not None and name == CHRONICLE:
        return list_of_chronicle(record), record.digest
    layout, _, file = name.rpartition(":")
    read = read_list(Path(file), layout_named(layout or "plain", LAYOUTS))
    return read, sha256(Path(file).read_bytes())[:16]


def _bounds(spec: ReconcileSpec) -> tuple[dt.date, dt.date]:
    first = parse_date(spec.first, name="from") if spec.first else dt.date.min
    last = parse_date(spec.last, name="to") if spec.last else dt.date.max
    if last < first:
        raise DateRefused(f"to must not lie before from, got from {first} to {last}.")
    return first, last


def _described(one: DatedList, digest: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "acts": len(one.entries),
        "rows_left_out": one.left_out,
        "first": one.first,
        "last": one.last,
        "digest": digest,
    }


def _is_asked(found: Finding, kind: str | None) -> bool:
    return found.kind == kind if kind is not None else found.kind not in ("agreed", "beyond_a", "beyond_b")


def _row(found: Finding) -> Mapping[str, Any]:
    return {
        "kind": found.kind,
        "days": found.days,
        "reading": found.reading,
        "is_classed_alike": found.is_classed_alike,
        "has_other_objects": found.has_other_objects,
        "beside": list(found.beside),
        **_cells("a", found.a),
        **_cells("b", found.b),
    }


def _cells(side: str, entry: DatedEntry | None) -> dict[str, Any]:
    return {
        f"{side}_id": entry.id if entry else None,
        f"{side}_date": entry.date if entry else None,
        f"{side}_precision": entry.precision if entry else None,
        f"{side}_classes": ";".join(sorted(entry.classes)) if entry else None,
        f"{side}_objects": entry.objects if entry else None,
        f"{side}_place": entry.place if entry else None,
        f"{side}_label": entry.label if entry else None,
    }
