"""The record as every command sees it: the shipped rows with the user's own over them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from sixparty.chronicle import Chronicle, failing_rows, read_chronicle
from sixparty.chronicle.overlay import read_overlay
from sixparty.chronicle.read import overlaid
from sixparty.chronicle.revision import is_row_waiting
from sixparty.service.home import named_home


def open_record(data: Path | None = None, *, home: Path | None = None) -> Chronicle:
    """Read the record: the one installed with the user's own rows over it, or a folder as it is.

    Parameters
    ----------
    data
        Folder with a chronicle's CSV files: a record of one's own, over which nothing is laid. None is the one
        installed.
    home
        Folder that holds ``overlay``; None is the one that the environment names.

    Raises
    ------
    FileRefused, RecordRefused
        If a file is missing or a cell breaks the schema.
    """
    if data is not None:
        return read_chronicle(data)
    return overlaid(shipped_record(), read_overlay(named_home(home).overlay))


@cache
def shipped_record() -> Chronicle:
    """Read the record that is installed with sixparty; it does not change while the process runs."""
    return read_chronicle()


def failing_rows_of(record: Chronicle) -> pl.DataFrame:
    """Run the checks of the record and of its ledger and return all failing rows: check, table, id, column, reason.

    Rows of the user's after the record's end are no fault: they wait until coverage is moved.
    """
    # the ledger's room loads slowly, and most commands check nothing
    from sixparty.ledger import failing_implementation_rows, failing_ledger_rows

    agreements, commitments = record["agreements"], record["commitments"]
    found = [
        failing_rows(record),
        failing_ledger_rows(agreements, commitments),
        failing_implementation_rows(record["implementation"], agreements, commitments),
    ]
    rows = pl.concat(found, how="diagonal")
    is_waiting = [is_row_waiting(record, row) for row in rows.iter_rows(named=True)]
    return rows.filter(~pl.Series(is_waiting, dtype=pl.Boolean))
