"""Changes to the record: one event from a line of text, a list's proposals, a reviewed file, what differs, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sixparty.chronicle import Chronicle, read_chronicle
from sixparty.chronicle.changes import Change, ChangeFile, accepted, read_changes
from sixparty.chronicle.overlay import (
    Revision,
    generation_before,
    generation_in_force,
    keys_that_differ,
    only_writer,
    read_overlay,
    write_overlay,
)
from sixparty.chronicle.proposals import propose, public_list, read_public_list
from sixparty.chronicle.read import overlaid
from sixparty.chronicle.revision import checked_record, differences, remember, revise, waiting_rows
from sixparty.errors import UsageError
from sixparty.service.clock import now
from sixparty.service.files import write_whole
from sixparty.service.home import Home, named_home
from sixparty.service.record import failing_rows_of, open_record, shipped_record
from sixparty.service.result import Result, answer

SHIPPED, OVERLAY = "shipped", "overlay"


@dataclass(frozen=True)
class ImportSpec:
    """Which public list to propose changes from.

    Parameters
    ----------
    list
        ``csis`` or ``cns``.
    file
        The list as its publisher gives it.
    out
        Where to write the change file; None returns its text alone.
    has_decided
        Whether to propose again what was decided on before.
    """

    list: str
    file: Path
    out: Path | None = None
    has_decided: bool = False


@dataclass(frozen=True)
class ApplySpec:
    """Which changes of a file to make: `accept` is ``all``, ``none`` or numbers such as ``1,3-7``.

    None takes those that the file itself accepts.
    """

    file: Path
    accept: str | None = None


@dataclass(frozen=True)
class DiffSpec:
    """Two records to compare: ``shipped``, ``overlay`` (the record in force), a generation's number, or a folder."""

    a: str = SHIPPED
    b: str = OVERLAY


@dataclass(frozen=True)
class Written:
    """The record after a change, and the number of the generation that holds it."""

    record: Chronicle
    generation: int
    waiting: tuple[str, ...] = field(default=())

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say which of the new rows are not counted yet."""
        if not self.waiting:
            return ()
        return (
            f"{', '.join(self.waiting)}: after the record's end ({self.record.coverage_end}), so kept but not counted "
            "until a change moves complete_through in coverage.csv",
        )


def write_changes(changes: Sequence[Change], *, home: Home, command: str, decided: ChangeFile | None = None) -> Written:
    """Lay changes over the record, check the whole, and put it in force; all or nothing.

    Parameters
    ----------
    decided
        A list's proposals that are accepted or refused herewith, to be remembered.

    Raises
    ------
    InputRefused
        If a change cannot be made or a row of the record then fails a check; nothing is written.
    EnvironmentRefused
        If another command is writing, or the folder cannot be written to.
    """
    time = now()
    with only_writer(home.overlay):
        shipped, before = shipped_record(), read_overlay(home.overlay)
        after = revise(shipped, before, changes, command=command, time=time)
        record = checked_record(shipped, before, after, failing=failing_rows_of)
        after = remember(after, decided, date=time[:10]) if decided is not None else after
        number = write_overlay(home.overlay, after, command=command, time=time)
    mine = {change.key for change in changes}
    return Written(record, number, tuple(key for key in waiting_rows(record) if key in mine))


def import_list(spec: ImportSpec, *, home: Path | None = None) -> Result:
    """Reconcile a public list with the record and propose changes, none of them accepted.

    Raises
    ------
    UsageError
        If the list is none that can be imported, or the file to write stands already.
    InputRefused
        If the list cannot be read.
    """
    public = public_list(spec.list)
    if spec.out is not None and spec.out.exists():
        raise UsageError(f"out must be a file that does not exist yet, got {spec.out}. Name another, or remove it.")
    record = open_record(home=home)
    told = read_public_list(spec.file, public)
    known = read_overlay(named_home(home).overlay).dismissed
    decided = frozenset() if spec.has_decided else {one.fingerprint for one in known if one.list == public.name}
    shipped = shipped_record().digest
    found = propose(public, told, record, file=spec.file.name, decided=decided, shipped=shipped)
    text = ChangeFile(public.name, found.changes, found.digest).to_toml()
    if spec.out is not None:
        write_whole(spec.out, text)
    result = {
        "acts": found.acts,
        "rows_left_out": found.left_out,
        "decided_before": found.decided,
        "kept_by_words": found.kept,
        "out": spec.out,
        "changes": [_change_row(change) for change in found.changes],
        "toml": text,
    }
    return answer("data import", spec, result, record=record)


def apply_file(spec: ApplySpec, *, home: Path | None = None) -> Result:
    """Make the accepted changes of a change file, all or none of them, and remember what was decided.

    Raises
    ------
    UsageError
        If nothing is accepted, or `accept` names a change that the file does not hold.
    InputRefused
        If the file cannot be read, a change cannot be made, or a row of the record then fails a check.
    """
    file = read_changes(spec.file)
    changes = accepted(file.changes, spec.accept)
    chosen = [change for change in changes if change.is_accepted]
    if not chosen and spec.accept != "none":
        raise UsageError(
            f"at least one change of {spec.file.name} must be accepted, got none of {len(changes)}. Set accept = true "
            "in the file or name them with --accept; `--accept none` refuses them all for good."
        )
    written = write_changes(
        chosen,
        home=named_home(home),
        command=f"data apply {spec.file.name}",
        decided=replace(file, changes=changes) if file.list else None,
    )
    result = {
        "generation": written.generation,
        "applied": [_change_row(change) for change in chosen],
        "refused": len(changes) - len(chosen),
    }
    return answer("data apply", spec, result, record=written.record, warnings=written.warnings)


def show_differences(spec: DiffSpec, *, home: Path | None = None) -> Result:
    """List the rows that one record adds to another, changes cell by cell, and withdraws.

    Raises
    ------
    UsageError
        If a name is none of a record.
    """
    folder = named_home(home).overlay
    shipped = shipped_record()
    before, after = (_record_named(name, shipped, folder) for name in (spec.a, spec.b))
    reasons = {(one.table, one.key): one.reason for one in read_overlay(folder).revisions}
    rows = [
        {
            "action": one.action,
            "table": one.table,
            "key": one.key,
            "cells": [{"column": column, "before": old, "after": new} for column, old, new in one.cells],
            "reason": reasons.get((one.table, one.key)),
        }
        for one in differences(before, after)
    ]
    counts = {action: sum(row["action"] == action for row in rows) for action in ("add", "change", "withdraw")}
    return answer("data diff", spec, {"counts": counts, "rows": rows}, digest=after.digest)


def _record_named(name: str, shipped: Chronicle, folder: Path) -> Chronicle:
    if name == SHIPPED:
        return shipped
    if name == OVERLAY:
        return overlaid(shipped, read_overlay(folder))
    if name.isdecimal():
        return overlaid(shipped, read_overlay(folder, int(name)))
    if Path(name).is_dir():
        return read_chronicle(Path(name))
    raise UsageError(
        f"record must be {SHIPPED}, {OVERLAY}, the number of a generation or a folder with a chronicle's CSV files, "
        f"got {name!r}."
    )


def undo_change(*, home: Path | None = None) -> Result:
    """Put the state before the last change in force again; the history keeps both.

    Raises
    ------
    UsageError
        If there is nothing to undo, or the state before is no longer kept.
    """
    folder = named_home(home).overlay
    time = now()
    with only_writer(folder):
        current = generation_in_force(folder)
        target = generation_before(folder, current) if current else 0
        now_in_force, former = read_overlay(folder), read_overlay(folder, target)
        if not target and not now_in_force.size and not now_in_force.dismissed:
            raise UsageError(f"undo must have a change to take back, got an overlay without any ({folder}).")
        undone = keys_that_differ(now_in_force, former)
        lines = [Revision(time, "data undo", table, key, "undo", "taken back", "") for table, key in undone]
        history = (*now_in_force.revisions, *lines)
        before = generation_before(folder, target) if target else 0
        overlay = replace(former, revisions=history)
        number = write_overlay(folder, overlay, command="data undo", time=time, before=before)
    result = {
        "generation": number,
        "as_in_generation": target,
        "undone": [{"table": table, "key": key} for table, key in undone],
    }
    return answer("data undo", {}, result, record=overlaid(shipped_record(), overlay))


def _change_row(change: Change) -> Mapping[str, Any]:
    return {
        "number": change.number,
        "action": change.action,
        "table": change.table,
        "key": change.key,
        "old": dict(change.old),
        "new": dict(change.new),
        "reason": change.reason,
        "source": change.source,
    }
