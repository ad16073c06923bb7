"""Checks of what is said on how far the record was checked: words kept, second codings, recall, completeness."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.failing import NOTHING_FAILS, found
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import FAMILIES, TABLES

DATUM: Mapping[str, str] = MappingProxyType(
    {
        "events": "event_date",
        "spells": "start_date",
        "calendar": "date",
        "agreements": "signed_date",
        "commitments": "promise_en",
        "leaders": "start_date",
    }
)
"""Table -> the column that words must carry before its row is `verified`: the first day, or the promise."""


def verified_rows_without_words(chronicle: Chronicle) -> pl.DataFrame:
    """Verified rows for which no words are kept that carry their datum."""
    carried = _carried(chronicle)
    failing = []
    for name, datum in DATUM.items():
        verified = chronicle[name].filter(pl.col("confidence") == "verified")
        bare = verified.filter(~pl.col("id").is_in(sorted(carried[name])))
        reason = f"verified without a line of verifications.csv whose words carry {datum}"
        failing.append(found(bare, name, "confidence", reason=reason))
    return pl.concat(failing)


def words_of_rows_not_verified(chronicle: Chronicle) -> pl.DataFrame:
    """Rows whose datum is carried by words that are kept, and that are not called verified."""
    carried = _carried(chronicle)
    failing = []
    for name in DATUM:
        others = chronicle[name].filter(pl.col("confidence") != "verified")
        waiting = others.filter(pl.col("id").is_in(sorted(carried[name])))
        reason = "words that carry it stand in verifications.csv: call it verified"
        failing.append(found(waiting, name, "confidence", reason=reason))
    return pl.concat(failing)


def _carried(chronicle: Chronicle) -> dict[str, set[str]]:
    """Rows by table whose datum is carried by words, as far as a second opening did not find otherwise."""
    lines = chronicle["verifications"].filter(pl.col("second_result").fill_null("") != "not_carried")
    carried: dict[str, set[str]] = {name: set() for name in DATUM}
    for name, row_id, columns in lines.select("table", "row_id", "columns").iter_rows():
        if DATUM[name] in columns.split(";"):
            carried[name].add(row_id)
    return carried


def words_of_no_row(chronicle: Chronicle) -> pl.DataFrame:
    """Words kept for a row or a column that does not exist."""
    lines = chronicle["verifications"]
    columns = {name: {column.name for column in TABLES[name].columns} for name in DATUM}
    is_stray = [
        not set(cells.split(";")) <= columns[name] for name, cells in lines.select("table", "columns").iter_rows()
    ]
    stray = lines.filter(pl.Series(is_stray, dtype=pl.Boolean))
    return pl.concat(
        [
            found(_of_no_row(chronicle, lines), "verifications", "row_id", reason="there is no such row"),
            found(stray, "verifications", "columns", reason="the row's table has no such column"),
        ]
    )


def second_codings_of_no_row(chronicle: Chronicle) -> pl.DataFrame:
    """Second codings of a row or a family that does not exist."""
    codings = chronicle["second_codings"]
    other = codings.filter(~pl.col("family").is_in(FAMILIES))
    return pl.concat(
        [
            found(_of_no_row(chronicle, codings), "second_codings", "row_id", reason="there is no such row"),
            found(other, "second_codings", "family", reason="there is no such family"),
        ]
    )


def _of_no_row(chronicle: Chronicle, lines: pl.DataFrame) -> pl.DataFrame:
    known = {(name, row_id) for name in DATUM for row_id in chronicle[name]["id"]}
    is_stray = [pair not in known for pair in lines.select("table", "row_id").iter_rows()]
    return lines.filter(pl.Series(is_stray, dtype=pl.Boolean))


def recall_of_no_row(chronicle: Chronicle) -> pl.DataFrame:
    """Recall checks of a family or a row that does not exist, or that found an act and name no row."""
    recall = chronicle["recall_checks"]
    known = {row_id for name in DATUM for row_id in chronicle[name]["id"]}
    is_stray = pl.Series([row_id is not None and row_id not in known for row_id in recall["row_id"]], dtype=pl.Boolean)
    is_nameless = pl.col("result").is_in(["found", "misdated"]) & pl.col("row_id").is_null()
    return pl.concat(
        [
            found(recall.filter(is_stray), "recall_checks", "row_id", reason="there is no such row"),
            found(recall.filter(is_nameless), "recall_checks", "row_id", reason="an act that was found names its row"),
            found(
                recall.filter(~pl.col("family").is_in(FAMILIES)),
                "recall_checks",
                "family",
                reason="there is no such family",
            ),
        ]
    )


def bands_upside_down(chronicle: Chronicle) -> pl.DataFrame:
    """Bands of completeness whose ends are the wrong way round, and those of a family that does not exist."""
    bands = chronicle["completeness"]
    rules = (
        (pl.col("last") < pl.col("first"), "last", "ends before it starts"),
        (pl.col("expected_high") < pl.col("expected_low"), "expected_high", "the upper end lies below the lower"),
        (pl.col("found") < 0, "found", "must not be below zero"),
        (~pl.col("family").is_in(FAMILIES), "family", "there is no such family"),
    )
    failing = [found(bands.filter(is_wrong), "completeness", name, reason=words) for is_wrong, name, words in rules]
    return pl.concat([NOTHING_FAILS, *failing])
