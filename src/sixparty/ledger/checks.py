"""Checks of agreements and commitments: each returns the rows that fail; an empty answer means pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from sixparty.chronicle.known import last_day
from sixparty.vocabulary import FORBIDDEN_WORDS

LedgerCheck = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]

_DATED = ("kept", "partly_kept", "lapsed", "breached", "superseded")
_TEXTS = {
    "agreements": ("title_en", "title_ko", "note"),
    "commitments": ("promise_en", "promise_ko", "ended_by", "contested", "note"),
}


def _found(table: pl.DataFrame, name: str, reason: str) -> pl.DataFrame:
    return table.select(pl.lit(name).alias("table"), pl.col("id"), pl.lit(reason).alias("reason"))


def _with_agreement(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    signed = agreements.select(pl.col("id").alias("agreement_id"), "signed_date", "parties", "coded")
    return commitments.join(signed, on="agreement_id", how="left", maintain_order="left")


def commitments_of_no_agreement(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Commitments whose agreement does not exist."""
    stray = commitments.filter(~pl.col("agreement_id").is_in(agreements["id"].to_list()))
    return _found(stray, "commitments", "agreements.csv holds no such agreement")


def obligors_outside_the_agreement(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Commitments of a party that the agreement does not bind."""
    joined = _with_agreement(agreements, commitments).filter(pl.col("parties").is_not_null())
    outside = pl.col("obligors").str.split(";").list.set_difference(pl.col("parties").str.split(";")).list.len() > 0
    return _found(joined.filter(outside), "commitments", "an obligor is no party to the agreement")


def due_before_signed(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Commitments whose term ends before the agreement was signed."""
    early = _with_agreement(agreements, commitments).filter(
        last_day("due_date", "due_precision") < pl.col("signed_date")
    )
    return _found(early, "commitments", "due before it was signed")


def status_before_signed(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Rows whose status is older than the agreement."""
    is_early = last_day("status_date", "status_precision") < pl.col("signed_date")
    joined = _with_agreement(agreements, commitments)
    return pl.concat(
        [
            _found(agreements.filter(is_early), "agreements", "status older than signature"),
            _found(joined.filter(is_early), "commitments", "status older than signature"),
        ]
    )


def known_before_signed(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Rows that are said to be known before the agreement was signed."""
    is_early = pl.col("known_date") < pl.col("signed_date")
    joined = _with_agreement(agreements, commitments)
    return pl.concat(
        [
            _found(agreements.filter(is_early), "agreements", "known before it was signed"),
            _found(joined.filter(is_early), "commitments", "known before it was signed"),
        ]
    )


def statuses_without_a_date(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Commitments that ended on no day, and statuses or terms whose date and precision do not go together."""
    undated = commitments.filter(pl.col("status").is_in(_DATED) & pl.col("status_date").is_null())
    found = [_found(undated, "commitments", "a status that ends a promise needs its day")]
    pairs = (("status_date", "status_precision"), ("due_date", "due_precision"))
    for name, table in (("agreements", agreements), ("commitments", commitments)):
        for date, precision in pairs:
            if date in table.columns:
                half = table.filter(pl.col(date).is_null() != pl.col(precision).is_null())
                found.append(_found(half, name, f"{date} and {precision} stand together or not at all"))
    return pl.concat(found)


def remarks_without_a_day(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Rows whose remarks could be known from no stated day: without it a look back would tell of what came later."""
    found = []
    for name, table in (("agreements", agreements), ("commitments", commitments)):
        is_told = pl.any_horizontal(pl.col(cell).is_not_null() for cell in _TEXTS[name][2:])
        has_no_day = pl.col("status_date").is_null() & pl.col("remarks_from").is_null()
        found.append(_found(table.filter(is_told & has_no_day), name, "remarks need the day from which they are known"))
    return pl.concat(found)


def breaches_without_an_act(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Breaches that name no act, or rest on our own reading."""
    is_bare = pl.col("ended_by").is_null() | (pl.col("status_basis") == "inferred")
    bare = commitments.filter((pl.col("status") == "breached") & is_bare)
    return _found(bare, "commitments", "a breach names its act and rests on a source, not on our reading")


def sourced_from_memory(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Rows said to rest on a source that was opened, and that cite general knowledge alone."""
    is_recalled = pl.col("source_ids").str.split(";").list.eval(pl.element().str.starts_with("recalled-")).list.all()
    claims_source = (pl.col("confidence") != "recalled") | (pl.col("status_basis") == "sourced")
    return pl.concat(
        _found(table.filter(is_recalled & claims_source), name, "cites no source that was opened")
        for name, table in (("agreements", agreements), ("commitments", commitments))
    )


def conditions_without_a_trigger(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Conditional commitments that do not say on what, and triggers of promises that have no condition."""
    is_odd = (pl.col("automaticity") == "conditional") != pl.col("trigger").is_not_null()
    return _found(commitments.filter(is_odd), "commitments", "a conditional promise has a trigger, no other has")


def steps_that_end_before_they_begin(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Steps that end before they begin, or end without a beginning or a kind."""
    is_odd = (
        (pl.col("held_until") < pl.col("held_from"))
        | (pl.col("held_until").is_not_null() & pl.col("held_from").is_null())
        | (pl.col("held_from").is_not_null() & pl.col("step_kind").is_null())
    )
    return _found(commitments.filter(is_odd), "commitments", "a step has a kind and begins before it ends")


def coded_without_clauses(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Agreements said to be coded by clause that have none, and the reverse."""
    has_clauses = pl.col("id").is_in(commitments["agreement_id"].unique().to_list())
    odd = agreements.filter((pl.col("coded") != "title_only") != has_clauses)
    return _found(odd, "agreements", "stands by title alone if and only if commitments.csv has no clause")


def ledger_words_that_take_a_side(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Rows with words that take a side."""
    words = [re.escape(word) for language in FORBIDDEN_WORDS.values() for word in language]
    pattern = "(?i)" + "|".join(words)
    found = []
    for name, table in (("agreements", agreements), ("commitments", commitments)):
        text = pl.concat_str([pl.col(cell).fill_null("") for cell in _TEXTS[name]], separator=" ")
        found.append(_found(table.filter(text.str.contains(pattern)), name, "uses a word that takes a side"))
    return pl.concat(found)


def ledger_korean_without_hangul(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Rows whose Korean text holds no Korean."""
    bare_titles = agreements.filter(~pl.col("title_ko").str.contains("[가-힣]"))
    bare = commitments.filter(~pl.col("promise_ko").str.contains("[가-힣]"))
    return pl.concat(
        [_found(bare_titles, "agreements", "no Hangul"), _found(bare, "commitments", "Korean has no Hangul")]
    )


LEDGER_CHECKS: Mapping[str, LedgerCheck] = MappingProxyType(
    {
        check.__name__: check
        for check in (
            commitments_of_no_agreement,
            obligors_outside_the_agreement,
            due_before_signed,
            status_before_signed,
            known_before_signed,
            statuses_without_a_date,
            remarks_without_a_day,
            breaches_without_an_act,
            sourced_from_memory,
            conditions_without_a_trigger,
            steps_that_end_before_they_begin,
            coded_without_clauses,
            ledger_words_that_take_a_side,
            ledger_korean_without_hangul,
        )
    }
)


def failing_implementation_rows(
    implementation: pl.DataFrame, agreements: pl.DataFrame, commitments: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows of the table of implementation that cannot be: check, table, id, reason.

    A row must be about a promise of the record, and about a year not before its signature that was over when it became
    known.
    """
    clauses = commitments.select(pl.col("id").alias("commitment_id"), "agreement_id")
    signed = agreements.select(pl.col("id").alias("agreement_id"), "signed_date")
    joined = implementation.join(clauses, on="commitment_id", how="left", maintain_order="left").join(
        signed, on="agreement_id", how="left", maintain_order="left"
    )
    faults = {
        "degrees_of_no_promise": (pl.col("agreement_id").is_null(), "commitments.csv holds no such promise"),
        "degrees_before_signature": (pl.col("year") < pl.col("signed_date").dt.year(), "a year before the signature"),
        "degrees_known_too_early": (pl.col("known_date").dt.year() <= pl.col("year"), "known before the year was over"),
    }
    named = pl.concat_str("commitment_id", "year", separator=" ").alias("id")
    return pl.concat(
        joined.filter(is_odd).select(
            pl.lit(name).alias("check"), pl.lit("implementation").alias("table"), named, pl.lit(reason).alias("reason")
        )
        for name, (is_odd, reason) in faults.items()
    )


def failing_ledger_rows(agreements: pl.DataFrame, commitments: pl.DataFrame) -> pl.DataFrame:
    """Run every check and return all failing rows: check, table, id, reason.

    Repeated keys, unknown parties and sources that do not exist are found by the schema and the chronicle's own checks.
    """
    return pl.concat(
        check(agreements, commitments).select(pl.lit(name).alias("check"), "table", "id", "reason")
        for name, check in LEDGER_CHECKS.items()
    )
