"""Questions about promises: where each one stands, what is due, how far it was carried out, how long steps held."""

from __future__ import annotations

import datetime as dt
import difflib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import Chronicle
from sixparty.chronicle.schema_ledger import DOMAINS
from sixparty.errors import UsageError
from sixparty.ledger import (
    STATES,
    LedgerRow,
    agreements_seen,
    count_degrees_by_domain,
    count_degrees_by_side,
    count_domains,
    count_sides,
    held_steps,
    hold_curves,
    implementation_degrees,
    ledger_status,
    tally_of,
)
from sixparty.service.clock import Dates, resolve_dates
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer
from sixparty.vocabulary import OTHER_ACTORS, PARTIES

_MOST_DAYS = 3660
_NEAREST = 5


@dataclass(frozen=True)
class LedgerSpec:
    """Which promises to show, by what was known on `as_of`; None sets no bound.

    Parameters
    ----------
    agreement
        Name of one agreement, as `agr-2018-military`.
    obligor
        Code of one party: its promises alone.
    domain
        Promises of one domain.
    state
        Promises in one state, as `overdue`.
    year
        Say how far each promise was carried out in this calendar year.
    due_within
        How far ahead a term counts as due, days.
    """

    agreement: str | None = None
    obligor: str | None = None
    domain: str | None = None
    state: str | None = None
    as_of: str | None = None
    year: int | None = None
    due_within: int = 90

    def command(self) -> str:
        """Return the command that asks the same."""
        words = ["sixparty", "ledger", "show"]
        for option, value in (
            ("--agreement", self.agreement),
            ("--obligor", self.obligor),
            ("--domain", self.domain),
            ("--state", self.state),
            ("--year", self.year),
            ("--as-of", self.as_of),
            ("--due-within", self.due_within if self.due_within != LedgerSpec.due_within else None),
        ):
            words += [option, str(value)] if value is not None else []
        return shlex.join(words)

    def matches(self, row: LedgerRow) -> bool:
        """Whether a promise is among those asked for."""
        return (
            self.agreement in (None, row.agreement_id)
            and (self.obligor is None or self.obligor in row.obligors)
            and self.domain in (None, row.domain)
            and self.state in (None, row.state)
        )


def show_ledger(spec: LedgerSpec, *, home: Path | None = None) -> Result:
    """Return the promises asked for with their state, counts by side and domain, and how long steps held.

    With a year or an agreement the result also says how far each promise was carried out by year.

    Raises
    ------
    DateRefused
        If the day of the look back lies before the record or is no date.
    UsageError
        If the agreement, the party or the domain does not exist, or a number is out of range.
    """
    chronicle = open_record(home=home)
    agreements, commitments = chronicle["agreements"], chronicle["commitments"]
    _check_words(spec, names=agreements["id"].to_list())
    dates = resolve_dates(chronicle, spec.as_of)
    day = min(dates.as_of, dates.coverage_end)
    _check_numbers(spec, first=agreements["signed_date"].dt.year().to_list(), last=day.year)
    ledger = ledger_status(agreements, commitments, as_of=day, due_within_days=spec.due_within)
    rows = [row for row in ledger.rows if spec.matches(row)]
    asked = commitments.filter(pl.col("id").is_in([row.id for row in rows]))
    found = {
        "as_of": day,
        "agreements": ledger.agreements,
        "coded_by_clause": ledger.coded,
        "coded_in_part": ledger.coded_in_part,
        "texts": _texts(agreements_seen(agreements, as_of=day), rows, spec=spec),
        "every": tally_of(rows),
        "sides": count_sides(rows),
        "domains": count_domains(rows),
        "rows": rows,
        "held": hold_curves(asked, as_of=day),
        "steps": held_steps(asked, as_of=day),
        "implementation": _implementation(chronicle, asked, spec=spec, day=day),
    }
    return answer("ledger show", spec, found, record=chronicle, command=spec.command(), warnings=_warnings(dates))


def _warnings(dates: Dates) -> tuple[str, ...]:
    """Say that the ledger stands still at the record's end, where the day asked for lies after it."""
    told = f"the record ends on {dates.coverage_end}: the ledger is shown as of that day, not of {dates.as_of}"
    return (told,) if dates.as_of > dates.coverage_end else ()


def _texts(agreements: pl.DataFrame, rows: Sequence[LedgerRow], *, spec: LedgerSpec) -> list[dict[str, Any]]:
    """The agreements with their number of promises by state: all without a bound, else those of the promises found."""
    by_text: dict[str, list[LedgerRow]] = {}
    for row in rows:
        by_text.setdefault(row.agreement_id, []).append(row)
    is_bound = (spec.agreement, spec.obligor, spec.domain, spec.state) != (None, None, None, None)
    cells = ("id", "signed_date", "parties", "kind", "title_en", "title_ko", "coded", "status")
    return [
        {name: text[name] for name in cells} | {"promises": tally_of(by_text.get(text["id"], []))}
        for text in agreements.sort("signed_date", "id").iter_rows(named=True)
        if text["id"] in by_text or text["id"] == spec.agreement or not is_bound
    ]


def _implementation(
    chronicle: Chronicle, commitments: pl.DataFrame, *, spec: LedgerSpec, day: dt.date
) -> Mapping[str, Any] | None:
    if spec.year is None and spec.agreement is None:
        return None
    years = None if spec.year is None else [spec.year]
    coded = chronicle.tables.get("implementation")
    degrees = implementation_degrees(chronicle["agreements"], commitments, as_of=day, years=years, coded=coded)
    return {
        "degrees": degrees,
        "by_side": count_degrees_by_side(degrees),
        "by_domain": count_degrees_by_domain(degrees),
    }


def _check_words(spec: LedgerSpec, *, names: Sequence[str]) -> None:
    if spec.agreement is not None and spec.agreement not in names:
        near = difflib.get_close_matches(spec.agreement, names, n=_NEAREST, cutoff=0.5)
        hint = f"The nearest are {', '.join(near)}." if near else "`sixparty ledger show` prints them."
        raise UsageError(f"agreement must be the name of an agreement, got {spec.agreement!r}. {hint}")
    for name, value, known in (
        ("obligor", spec.obligor, PARTIES + OTHER_ACTORS),
        ("domain", spec.domain, DOMAINS),
        ("state", spec.state, STATES),
    ):
        if value is not None and value not in known:
            raise UsageError(f"{name} must be one of {', '.join(known)}, got {value!r}.")


def _check_numbers(spec: LedgerSpec, *, first: Sequence[int], last: int) -> None:
    if not 0 <= spec.due_within <= _MOST_DAYS:
        raise UsageError(f"due-within must be a number of days from 0 to {_MOST_DAYS}, got {spec.due_within}.")
    if spec.year is not None and not min(first) <= spec.year <= last:
        raise UsageError(
            f"year must lie between {min(first)}, the year of the oldest text, and {last}, that of the look back, "
            f"got {spec.year}."
        )
