"""Questions about the chronicle itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sixparty.chronicle import CHECKS, FAMILIES, Chronicle, as_known, failing_rows, read_chronicle
from sixparty.errors import DateRefused, UsageError
from sixparty.periods import parse_date
from sixparty.service.result import Result, answer
from sixparty.vocabulary import EVENT_TYPES, SPELL_TYPES

_FIRST_DAYS = {"events": "event_date", "spells": "start_date", "calendar": "date"}


@dataclass(frozen=True)
class ListSpec:
    """Which rows to list; None sets no bound.

    Parameters
    ----------
    family
        One family; without it, rows are counted by family and year.
    first, last
        First and last day of the rows' first days.
    as_of
        Leave out what could not be known on this day.
    data
        Folder with a chronicle's CSV files; None is the one installed.
    """

    family: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: str | None = None
    data: Path | None = None


def validate_data(data: Path | None = None) -> Result:
    """Run every check of the chronicle and return the failing rows."""
    chronicle = read_chronicle(data)
    found = {"checks": list(CHECKS), "failing_rows": failing_rows(chronicle).to_dicts()}
    return answer("data validate", {"data": data}, found, digest=chronicle.digest)


def list_data(spec: ListSpec) -> Result:
    """List the rows of one family, or count rows by family and year."""
    chronicle = read_chronicle(spec.data)
    if spec.as_of is not None:
        chronicle = as_known(chronicle, parse_date(spec.as_of, name="as-of"))
    rows = _between(rows_by_family(chronicle), spec)
    if spec.family is None:
        counted = rows.group_by("family", pl.col("date").dt.year().alias("year")).len("rows").sort("family", "year")
        return answer("data list", spec, {"rows": counted.to_dicts()}, digest=chronicle.digest)
    if spec.family not in FAMILIES:
        raise UsageError(f"family must be one of {', '.join(FAMILIES)}, got {spec.family!r}.")
    chosen = rows.filter(pl.col("family") == spec.family).drop("family")
    return answer("data list", spec, {"rows": chosen.to_dicts()}, digest=chronicle.digest)


def show_row(row_id: str, *, data: Path | None = None) -> Result:
    """Return one row with its sources.

    Raises
    ------
    UsageError
        If no row has that name.
    """
    chronicle = read_chronicle(data)
    for name in (*_FIRST_DAYS, "sources"):
        found = chronicle[name].filter(pl.col("id") == row_id)
        if len(found):
            row = found.to_dicts()[0]
            cited = str(row.get("source_ids") or "").split(";")
            sources = chronicle["sources"].filter(pl.col("id").is_in(cited)).to_dicts()
            result = {"table": name, "row": row, "sources": sources}
            return answer("data show", {"row": row_id, "data": data}, result, digest=chronicle.digest)
    raise UsageError(
        f"row must be the name of a row of the chronicle, got {row_id!r}. `sixparty data list` prints them."
    )


def describe_data(data: Path | None = None) -> Result:
    """Say for each family how many rows it has, from when to when it is complete and where it is thin."""
    chronicle = read_chronicle(data)
    counted = dict(rows_by_family(chronicle).group_by("family").len().rows())
    families = [row | {"rows": counted.get(row["family"], 0)} for row in chronicle["coverage"].to_dicts()]
    totals = {"rows": sum(counted.values()), "sources": len(chronicle["sources"])}
    return answer("data describe", {"data": data}, {"families": families, **totals}, digest=chronicle.digest)


def rows_by_family(chronicle: Chronicle) -> pl.DataFrame:
    """Events, spells and dates ahead in one table: family, id, date, labels, confidence, sources."""
    families = {
        "events": pl.col("event_type").replace_strict({kind.name: kind.family for kind in EVENT_TYPES.values()}),
        "spells": pl.col("spell_type").replace_strict(dict(SPELL_TYPES)),
        "calendar": pl.lit("calendar"),
    }
    parts = [
        chronicle[name].select(
            families[name].alias("family"),
            "id",
            pl.col(first).alias("date"),
            "known_date",
            "label_en",
            "label_ko",
            "confidence",
            "source_ids",
        )
        for name, first in _FIRST_DAYS.items()
    ]
    return pl.concat(parts).sort("date", "id")


def _between(rows: pl.DataFrame, spec: ListSpec) -> pl.DataFrame:
    first = parse_date(spec.first, name="from") if spec.first else dt.date.min
    last = parse_date(spec.last, name="to") if spec.last else dt.date.max
    if last < first:
        raise DateRefused(f"to must not lie before from, got from {first} to {last}.")
    return rows.filter(pl.col("date").is_between(first, last))
