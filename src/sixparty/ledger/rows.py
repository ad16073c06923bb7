"""One promise as it stood on a day, and the states that it can be in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

STATES: tuple[str, ...] = (
    "overdue",
    "due",
    "carried_out",
    "in_force",
    "kept",
    "partly_kept",
    "lapsed",
    "breached",
    "superseded",
    "unknown",
)
"""`overdue`: its day has passed with no status recorded; `due`: its day lies ahead within the days asked for;
`carried_out`: a step that lasts, begun and not ended."""


@dataclass(frozen=True)
class LedgerRow:
    """One promise as it stood on a day.

    Parameters
    ----------
    state
        One of `STATES`.
    since
        Day from which that state holds: of its status, or the day after the term of what is overdue.
    due_date
        Last day of the term; None where the text sets none.
    days_overdue
        Days since the term passed; 0 unless `overdue`.
    status_by, ended_by, contested
        Whose act or statement brought the status, which it was, and who says what where parties differ. A joint promise
        that one side ended stands with both obligors and with that side in `status_by`.
    """

    id: str
    agreement_id: str
    agreement_en: str
    agreement_ko: str
    clause: str
    obligors: tuple[str, ...]
    domain: str
    promise_en: str
    promise_ko: str
    automaticity: str
    state: str
    since: dt.date | None
    due_date: dt.date | None
    days_overdue: int
    status_by: tuple[str, ...]
    ended_by: str | None
    contested: str | None
    status_basis: str | None
    confidence: str
    source_ids: tuple[str, ...]
