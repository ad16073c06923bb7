"""Questions about promises: where each one stands, what is due, and how long steps held."""

from __future__ import annotations

from dataclasses import dataclass

from sixparty.chronicle import read_chronicle
from sixparty.errors import UsageError
from sixparty.ledger import hold_curves, ledger_status
from sixparty.service.clock import resolve_dates
from sixparty.service.result import Result, answer
from sixparty.vocabulary import OTHER_ACTORS, PARTIES

_MOST_DAYS = 3660


@dataclass(frozen=True)
class LedgerSpec:
    """Which promises to show, by what was known on `as_of`; None sets no bound.

    Parameters
    ----------
    agreement
        Name of one agreement, as `agr-2018-military`.
    obligor
        Code of one party: its promises alone.
    due_within
        How far ahead a term counts as due, days.
    """

    agreement: str | None = None
    obligor: str | None = None
    as_of: str | None = None
    due_within: int = 90


def show_ledger(spec: LedgerSpec) -> Result:
    """Return every promise with its state, counts by side, and how long steps of each kind held.

    Raises
    ------
    UsageError
        If the agreement or the party does not exist, or the days ahead are out of range.
    """
    chronicle = read_chronicle()
    agreements, commitments = chronicle["agreements"], chronicle["commitments"]
    _check(spec, names=set(agreements["id"].to_list()))
    day = resolve_dates(chronicle, spec.as_of).as_of
    ledger = ledger_status(agreements, commitments, as_of=day, due_within_days=spec.due_within)
    rows = [
        row
        for row in ledger.rows
        if spec.agreement in (None, row.agreement_id) and (spec.obligor is None or spec.obligor in row.obligors)
    ]
    found = {
        "as_of": day,
        "agreements": ledger.agreements,
        "coded_by_clause": ledger.coded,
        "coded_in_part": ledger.coded_in_part,
        "sides": ledger.sides,
        "rows": rows,
        "held": hold_curves(commitments, as_of=day),
    }
    return answer("ledger show", spec, found, digest=chronicle.digest)


def _check(spec: LedgerSpec, *, names: set[str]) -> None:
    if spec.agreement is not None and spec.agreement not in names:
        raise UsageError(
            f"agreement must be the name of an agreement, got {spec.agreement!r}. `sixparty ledger show` prints them."
        )
    codes = PARTIES + OTHER_ACTORS
    if spec.obligor is not None and spec.obligor not in codes:
        raise UsageError(f"obligor must be one of {', '.join(codes)}, got {spec.obligor!r}.")
    if not 0 <= spec.due_within <= _MOST_DAYS:
        raise UsageError(f"due-within must be a number of days from 0 to {_MOST_DAYS}, got {spec.due_within}.")
