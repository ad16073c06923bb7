"""Dates of becoming known that were set by rule: how many there are, and the record with them moved."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.read import Chronicle
from sixparty.errors import UsageError

LONGEST_SHIFT_DAYS = 366


@dataclass(frozen=True)
class RuleShare:
    """How many rows of a table became known on a day that was set by rule."""

    table: str
    by_rule: int
    rows: int


def shift_rule_dates(chronicle: Chronicle, days: int) -> Chronicle:
    """Return the chronicle with every `known_date` that was set by rule moved `days` days later.

    Dates that a source gives stay, and so do rows without a known date. The rows are the same: only what a look back
    would have seen changes.

    Parameters
    ----------
    chronicle
        The whole record, not one cut to what was known.
    days
        From 0 to 366.

    Raises
    ------
    UsageError
        If `days` lies outside that, or the record has been cut already.
    """
    if not 0 <= days <= LONGEST_SHIFT_DAYS:
        raise UsageError(f"days must be 0 to {LONGEST_SHIFT_DAYS}, got {days}.")
    if chronicle.known_by is not None:
        raise UsageError(f"rule dates are moved in the whole record, got one cut to {chronicle.known_by}.")
    if days == 0:
        return chronicle
    moved = pl.col("known_date") + pl.duration(days=days)
    date = pl.when(pl.col("known_basis") == "rule").then(moved).otherwise(pl.col("known_date")).alias("known_date")
    tables = {
        name: table.with_columns(date) if "known_basis" in table.columns else table
        for name, table in chronicle.tables.items()
    }
    digest = hashlib.sha256(f"{chronicle.digest} rule dates {days} days later".encode()).hexdigest()[:16]
    return replace(chronicle, tables=MappingProxyType(tables), digest=digest)


def rule_shares(chronicle: Chronicle) -> tuple[RuleShare, ...]:
    """Return for each table with known dates how many of them were set by rule, in the tables' order."""
    return tuple(
        RuleShare(name, int((table["known_basis"] == "rule").sum()), table.height)
        for name, table in chronicle.tables.items()
        if "known_basis" in table.columns
    )
