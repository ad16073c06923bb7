"""What the brief says of promises: by party, what is due, how long steps held, and what changed in the week."""

from __future__ import annotations

import datetime as dt

import polars as pl

from sixparty.ledger import Ledger, LedgerRow, SideCount, Tally, hold_curves, ledger_status
from sixparty.report import (
    Change,
    EndedBy,
    PartyPromises,
    PromiseCounts,
    PromiseDue,
    PromiseStanding,
    RowUsed,
    StepsHeld,
)
from sixparty.service.ledger import LedgerSpec
from sixparty.service.look import Look
from sixparty.vocabulary import PARTIES

DUE_WEEKS = 52
_OPEN = ("overdue", "due", "carried_out", "in_force")
_LATE = ("overdue", "due")


def promise_standing(look: Look) -> PromiseStanding | None:
    """The ledger as known on the day of the look, or at the record's end if that came before; None without promises."""
    ledger = _ledger(look)
    if not ledger.rows:
        return None
    outcomes = [row for row in ledger.rows if row.state in ("kept", "partly_kept", "lapsed", "breached")]
    spec = LedgerSpec(as_of=look.known_through.isoformat(), due_within=7 * DUE_WEEKS)
    return PromiseStanding(
        as_of=look.known_through,
        agreements=ledger.agreements,
        promises=len(ledger.rows),
        without_term=sum(row.state in _OPEN and row.due_date is None for row in ledger.rows),
        known=len(outcomes),
        recalled=sum(row.status_basis == "recalled" for row in outcomes),
        inferred=sum(row.status_basis == "inferred" for row in outcomes),
        due_weeks=DUE_WEEKS,
        sides=tuple(_party(side) for side in ledger.sides if side.party in PARTIES),
        due=tuple(_due(row, row.due_date) for row in _late(ledger) if row.due_date is not None),
        held=_held(look),
        command=spec.command(),
    )


def promise_changes(before: Look, now: Look) -> tuple[Change, ...]:
    """Promises whose state differs from a week ago."""
    old = {row.id: row.state for row in _ledger(before).rows}
    return tuple(
        Change(
            kind="spell",
            family="commitments",
            date=row.since or now.dates.reference_date,
            label=row.promise_en,
            label_ko=row.promise_ko,
            row_id=row.id,
            source_ids=row.source_ids,
            old=old[row.id],
            new=row.state,
        )
        for row in _ledger(now).rows
        if row.id in old and old[row.id] != row.state
    )


def promise_rows(look: Look, changes: tuple[Change, ...], found: PromiseStanding | None) -> tuple[RowUsed, ...]:
    """The promises that changed, are due or are overdue, as rows that the brief rests on."""
    named = {change.row_id for change in changes if change.family == "commitments"}
    named |= {row.row_id for row in found.due} if found is not None else set()
    known = look.chronicle["commitments"].filter(pl.col("id").is_in(sorted(named)))
    return tuple(
        RowUsed(
            row_id=row["id"],
            date=row["known_date"],
            label=row["promise_en"],
            label_ko=row["promise_ko"],
            source_ids=tuple(row["source_ids"].split(";")),
            confidence=row["confidence"],
        )
        for row in known.iter_rows(named=True)
    )


def _ledger(look: Look) -> Ledger:
    tables = (look.chronicle["agreements"], look.chronicle["commitments"])
    return ledger_status(*tables, as_of=look.known_through, due_within_days=7 * DUE_WEEKS)


def _late(ledger: Ledger) -> list[LedgerRow]:
    return sorted((row for row in ledger.rows if row.state in _LATE), key=lambda row: row.due_date or dt.date.max)


def _party(side: SideCount) -> PartyPromises:
    return PartyPromises(side.party, every=_counts(side.every), alone=_counts(side.alone))


def _counts(tally: Tally) -> PromiseCounts:
    return PromiseCounts(
        promises=tally.promises,
        kept=tally.states["kept"],
        partly_kept=tally.states["partly_kept"],
        breached=tally.states["breached"],
        breached_own=tally.breached_own or 0,
        lapsed=tally.states["lapsed"],
        superseded=tally.states["superseded"],
        open=sum(tally.states[state] for state in _OPEN),
        unknown=tally.states["unknown"],
        breached_recalled=tally.breached_recalled,
        known=tally.kept.n,
        kept_share=tally.kept.share,
        low=tally.kept.low,
        high=tally.kept.high,
        unknown_share=tally.unknown.share,
    )


def _due(row: LedgerRow, day: dt.date) -> PromiseDue:
    return PromiseDue(
        row_id=row.id,
        state=row.state,
        obligors=row.obligors,
        agreement_en=row.agreement_en,
        agreement_ko=row.agreement_ko,
        label_en=row.promise_en,
        label_ko=row.promise_ko,
        due_date=day,
        days_overdue=row.days_overdue,
    )


def _held(look: Look) -> tuple[StepsHeld, ...]:
    """How long steps held, the kinds with most steps first and all kinds together last."""
    curves = hold_curves(look.chronicle["commitments"], as_of=look.known_through)
    ordered = sorted(curves, key=lambda curve: (curve.kind == "all", -curve.steps, curve.kind))
    return tuple(
        StepsHeld(
            kind=curve.kind,
            steps=curve.steps,
            ended=curve.ended,
            ended_by=tuple(EndedBy(party, count) for party, count in curve.ended_by.items()),
            median_days=curve.median_days,
            low_days=curve.median_low_days,
            high_days=curve.median_high_days,
        )
        for curve in ordered
        if curve.steps
    )
