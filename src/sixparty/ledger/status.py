"""Where every promise stands on a day, by one rule for all sides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from sixparty.chronicle.known import last_day
from sixparty.ledger.rates import CONFIDENCE
from sixparty.ledger.rows import LedgerRow
from sixparty.ledger.seen import agreements_seen, commitments_seen
from sixparty.ledger.sides import DomainCount, SideCount, count_domains, count_sides


@dataclass(frozen=True)
class Ledger:
    """All promises that could be known on `as_of`, oldest agreement first.

    Parameters
    ----------
    rows
        One row a promise.
    sides
        Counts by party, in the order of the parties; both sides of a promise are counted by the same rule.
    domains
        Counts by domain.
    agreements
        How many agreements could be known; `coded` of them stand here clause by clause, `coded_in_part` with their
        main clauses, the rest by title alone.
    due_within_days
        How far ahead a term counts as `due`.
    """

    as_of: dt.date
    due_within_days: int
    agreements: int
    coded: int
    coded_in_part: int
    rows: tuple[LedgerRow, ...]
    sides: tuple[SideCount, ...]
    domains: tuple[DomainCount, ...]

    def in_state(self, state: str) -> tuple[LedgerRow, ...]:
        """Return the rows in one state."""
        return tuple(row for row in self.rows if row.state == state)


def ledger_status(
    agreements: pl.DataFrame,
    commitments: pl.DataFrame,
    *,
    as_of: dt.date,
    due_within_days: int = 90,
    confidence: float = CONFIDENCE,
) -> Ledger:
    """Say of every promise where it stood on a day.

    A promise with a status that could be known on `as_of` has that status. One without is `carried_out` if it is a step
    that was begun and still holds, `overdue` if its term has passed, `due` if its term lies within `due_within_days`,
    and `in_force` otherwise. Only a promise that is owed as it stands can be overdue: one that waits for its trigger,
    or is to be striven for, stays in force.

    Parameters
    ----------
    agreements, commitments
        Tables of the chronicle.
    as_of
        Day (KST); nothing that came later shows.
    due_within_days
        How far ahead a term counts as due, days.
    confidence
        Probability that the intervals of shares are meant to hold.

    Examples
    --------
    >>> import sixparty
    >>> chronicle = sixparty.read_chronicle()  # doctest: +SKIP
    >>> ledger_status(chronicle["agreements"], chronicle["commitments"], as_of=day).in_state("due")  # doctest: +SKIP
    """
    signed = agreements_seen(agreements, as_of=as_of)
    titles = signed.select(pl.col("id").alias("agreement_id"), "title_en", "title_ko", "signed_date")
    seen = commitments_seen(commitments, as_of=as_of).with_columns(term=last_day("due_date", "due_precision"))
    joined = seen.join(titles, on="agreement_id", how="inner").sort("signed_date", "agreement_id", maintain_order=True)
    rows = tuple(_row(cells, as_of=as_of, ahead=due_within_days) for cells in joined.to_dicts())
    coded = signed["coded"].to_list()
    return Ledger(
        as_of=as_of,
        due_within_days=due_within_days,
        agreements=signed.height,
        coded=coded.count("clauses"),
        coded_in_part=coded.count("in_part"),
        rows=rows,
        sides=count_sides(rows, confidence=confidence),
        domains=count_domains(rows, confidence=confidence),
    )


def _row(cells: Mapping[str, Any], *, as_of: dt.date, ahead: int) -> LedgerRow:
    state = _state(cells, as_of=as_of, ahead=ahead)
    late = (as_of - cells["term"]).days if state == "overdue" else 0
    return LedgerRow(
        id=cells["id"],
        agreement_id=cells["agreement_id"],
        agreement_en=cells["title_en"],
        agreement_ko=cells["title_ko"],
        clause=cells["clause"],
        obligors=tuple(cells["obligors"].split(";")),
        domain=cells["domain"],
        promise_en=cells["promise_en"],
        promise_ko=cells["promise_ko"],
        automaticity=cells["automaticity"],
        state=state,
        since=as_of - dt.timedelta(days=late - 1) if late else cells["status_date"],
        due_date=cells["term"],
        days_overdue=late,
        status_by=tuple(cells["status_by"].split(";")) if cells["status_by"] else (),
        ended_by=cells["ended_by"],
        contested=cells["contested"],
        status_basis=cells["status_basis"],
        confidence=cells["confidence"],
        source_ids=tuple(cells["source_ids"].split(";")),
    )


def _state(cells: Mapping[str, Any], *, as_of: dt.date, ahead: int) -> str:
    status, term = str(cells["status"]), cells["term"]
    if status == "unknown" and term is not None and term >= as_of:
        status = "in_force"
    if status == "in_force" and cells["held_from"] is not None and cells["held_until"] is None:
        return "carried_out"
    if status != "in_force" or term is None or cells["automaticity"] != "automatic":
        return status
    if term < as_of:
        return "overdue"
    return "due" if (term - as_of).days <= ahead else status
