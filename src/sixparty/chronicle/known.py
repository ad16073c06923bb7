"""Tables as they could be known on a day: later rows are left out, and what a row tells of later days is hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from sixparty.chronicle.schema_assurance import CHECKED_TABLES

_STATUS_CELLS = ("status_date", "status_precision", "status_by")
_REMARKS = ("ended_by", "contested", "note")
_YEAR = r"\b(?:19|20)[0-9]{2}\b"
_RETOLD = {"events": ("note", "attributed_by"), "spells": ("note",), "calendar": ("note",), "leaders": ("note",)}
"""Cells in words of ours that may look ahead; labels and titles name the act as it was told then."""
_TOTALS = ("objects", "deaths_kor", "deaths_prk", "deaths_other")
"""Counts over the whole of an event."""
_OF_ROWS = {"verifications": "columns", "second_codings": "column"}
"""Tables that speak of rows, and their column that names the cells they speak of."""


def known_tables(tables: Mapping[str, pl.DataFrame], day: dt.date) -> dict[str, pl.DataFrame]:
    """Return every table as it could be known on `day`.

    Rows whose `known_date` is later are left out, and with them the sources that they alone cite, the words kept for
    them and their second codings. Of recall and completeness stays what speaks of acts and periods before the day;
    coverage speaks of the record itself and stays.
    """
    known = {
        name: table.filter(pl.col("known_date") <= day) if "known_date" in table.columns else table
        for name, table in tables.items()
    }
    hidden = _hidden(day)
    seen = known | {name: known[name].with_columns(*cells) for name, cells in hidden.items()}
    cells = {name: [one.meta.output_name() for one in hidden.get(name, ())] for name in CHECKED_TABLES}
    shown, gone = _row_names(seen), _hidden_cells(known, seen, cells)
    for name, named in _OF_ROWS.items():
        seen[name] = _of_known_rows(known[name], named, shown=shown, gone=gone)
    seen["recall_checks"] = _recall(seen, day)
    seen["completeness"] = seen["completeness"].filter(pl.col("last") < day)
    return seen | {"sources": _cited(seen)}


def known_rows(table: pl.DataFrame, name: str, *, day: dt.date) -> pl.DataFrame:
    """Return the rows of the table called `name` that could be known on `day`, without what they tell of later days."""
    return table.filter(pl.col("known_date") <= day).with_columns(*_hidden(day).get(name, ()))


def last_day(date: str, precision: str) -> pl.Expr:
    """Last day of the period that a date with its precision claims: the day itself, its month's or its year's last."""
    day, claimed = pl.col(date), pl.col(precision)
    return (
        pl.when(claimed == "month")
        .then(day.dt.month_end())
        .when(claimed == "year")
        .then(pl.date(day.dt.year(), 12, 31))
        .otherwise(day)
    )


def _hidden(day: dt.date) -> dict[str, list[pl.Expr]]:
    """Expressions by table that leave empty what lies ahead of `day`."""
    looks_ahead = {name: [_without_later_years(cell, day) for cell in cells] for name, cells in _RETOLD.items()}
    has_answer, has_ended = pl.col("answer_date") <= day, pl.col("end_date") <= day
    return {
        "events": [
            *looks_ahead["events"],
            *_kept_where(has_answer, "answer", "answer_date"),
            *_kept_where(has_ended, "end_date"),
            *_kept_where(has_ended | pl.col("end_date").is_null(), *_TOTALS),
        ],
        "spells": [*looks_ahead["spells"], *_spell_cells(day)],
        "calendar": looks_ahead["calendar"],
        "leaders": [*looks_ahead["leaders"], *_kept_where(has_ended, "end_date")],
        "agreements": [
            *_status_cells(day, remarks=("note",)),
            *_kept_where(pl.col("in_force_date") <= day, "in_force_date"),
        ],
        "commitments": [
            *_status_cells(day, remarks=_REMARKS),
            *(pl.when(pl.col(name) < day).then(pl.col(name)) for name in ("held_from", "held_until")),
        ],
    }


def _kept_where(is_known: pl.Expr, *names: str) -> list[pl.Expr]:
    return [pl.when(is_known).then(pl.col(name)) for name in names]


def _without_later_years(name: str, day: dt.date) -> pl.Expr:
    """A text, empty where it names a year after that of `day`."""
    latest = pl.col(name).str.extract_all(_YEAR).list.eval(pl.element().cast(pl.Int32)).list.max()
    return pl.when(latest.fill_null(0) <= day.year).then(pl.col(name))


def _spell_cells(day: dt.date) -> list[pl.Expr]:
    """Hide the end of a spell, what came of it, and that an announced drill was held."""
    is_drill = pl.col("spell_type") == "joint_drill"
    is_known = is_drill | pl.col("end_date").is_null() | (pl.col("end_date") <= day)
    is_unheld = is_drill & (pl.col("start_date") > day) & pl.col("drill_status").is_in(["held", "scaled_down"])
    status = pl.when(is_unheld).then(pl.lit("announced")).otherwise(pl.col("drill_status")).alias("drill_status")
    return [*_kept_where(is_known, "end_date", "end_precision", "ended_by", "outcome"), status]


def _status_cells(day: dt.date, *, remarks: tuple[str, ...]) -> list[pl.Expr]:
    """Hide a status until the day after the period that its date claims, and remarks until all they say is known.

    Until then the row reads `in_force`, inferred from the absence of news.
    """
    is_dated = pl.col("status_date").is_not_null()
    is_known = ~is_dated | (last_day("status_date", "status_precision") < day)
    is_told = pl.coalesce(pl.col("remarks_from") <= day, is_dated) & is_known
    unknown = {"status": "in_force", "status_basis": "inferred"}
    status = [
        pl.when(is_known).then(pl.col(name)).otherwise(pl.lit(word)).alias(name) for name, word in unknown.items()
    ]
    told_from = pl.when(pl.col("remarks_from") <= day).then(pl.col("remarks_from"))
    return [*status, *_kept_where(is_known, *_STATUS_CELLS), *_kept_where(is_told, *remarks), told_from]


def _row_names(seen: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Table and name of every row that shows."""
    return pl.concat(
        seen[name].select(pl.lit(name).alias("table"), pl.col("id").alias("row_id")) for name in CHECKED_TABLES
    )


def _hidden_cells(
    known: Mapping[str, pl.DataFrame], seen: Mapping[str, pl.DataFrame], cells: Mapping[str, list[str]]
) -> pl.DataFrame:
    """Table, row and column of every cell that was hidden."""
    found = []
    for name, columns in cells.items():
        is_hidden = [pl.col(column).ne_missing(seen[name][column]).alias(column) for column in columns]
        changed = known[name].select(pl.col("id").alias("row_id"), *is_hidden)
        long = changed.unpivot(index="row_id", variable_name="cell", value_name="is_hidden").filter("is_hidden")
        found.append(long.select(pl.lit(name).alias("table"), "row_id", "cell"))
    return pl.concat(found)


def _of_known_rows(lines: pl.DataFrame, named: str, *, shown: pl.DataFrame, gone: pl.DataFrame) -> pl.DataFrame:
    """Keep what is said of rows that show, and of no cell that is hidden; `named` names the cells that it is about."""
    of_rows = lines.join(shown, on=["table", "row_id"], how="semi", maintain_order="left").with_row_index("at")
    by_cell = of_rows.select("at", "table", "row_id", pl.col(named).str.split(";").alias("cell")).explode("cell")
    told_ahead = by_cell.join(gone, on=["table", "row_id", "cell"], how="semi")
    return of_rows.join(told_ahead, on="at", how="anti", maintain_order="left").drop("at")


def _recall(seen: Mapping[str, pl.DataFrame], day: dt.date) -> pl.DataFrame:
    """Recall checks of acts before the day whose rows, where they name one, are known."""
    known = {one for table in seen.values() if "id" in table.columns for one in table["id"]}
    is_known = pl.col("row_id").is_null() | pl.col("row_id").is_in(list(known))
    return seen["recall_checks"].filter((pl.col("date") < day) & is_known)


def _cited(seen: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Sources that a row which is shown cites."""
    cited = pl.concat(
        table["source_ids"].drop_nulls().unique() for table in seen.values() if "source_ids" in table.columns
    )
    ids = {one for cell in cited.unique() for one in cell.split(";")} | set(seen["verifications"]["source_id"])
    return seen["sources"].filter(pl.col("id").is_in(list(ids)))
