"""The tables that say how far the record was checked: words kept, second codings, recall and completeness."""

from __future__ import annotations

from sixparty.chronicle.columns import Column, TableSchema

CHECKED_TABLES = ("events", "spells", "calendar", "agreements", "commitments", "leaders")
SEEN_AS = ("stored_page", "list_file", "text_file")
_TABLE = Column("table", "category", "Table of the row.", required=True, allowed=CHECKED_TABLES)
_ROW = Column("row_id", "text", "Name of the row.", required=True)

VERIFICATIONS = TableSchema(
    "verifications",
    "Words of a source that carry a row's datum, with the address and the day on which they were seen.",
    (
        _TABLE,
        _ROW,
        Column("columns", "list", "Columns of the row that the words carry.", required=True),
        Column("source_id", "text", "Row of sources.csv that was opened.", required=True),
        Column("address", "text", "Where the words stand.", required=True),
        Column("seen_date", "date", "Day on which they were seen.", required=True),
        Column(
            "seen_as",
            "category",
            "`stored_page`: a stored copy of a public page; `list_file`: a row of a public list or data set; "
            "`text_file`: an official text.",
            required=True,
            allowed=SEEN_AS,
        ),
        Column("words", "text", "The words, in the source's language, no more than carry the datum.", required=True),
        Column("carries", "text", "`all`, or what the words leave open.", required=True),
        Column("second_seen_date", "date", "Day of a second, independent opening."),
        Column(
            "second_result",
            "category",
            "What the second opening found: `confirmed`, `corrected` (the row was wrong and has been mended) or "
            "`not_carried` (the words do not carry the datum).",
            allowed=("confirmed", "corrected", "not_carried"),
        ),
    ),
    key=("table", "row_id", "source_id"),
    is_optional=True,
)

SECOND_CODINGS = TableSchema(
    "second_codings",
    "Rows drawn at random and coded a second time from their sources, blind to the first coding, cell by cell.",
    (
        _TABLE,
        _ROW,
        Column("family", "text", "Family of the row.", required=True),
        Column("column", "text", "Column that was coded.", required=True),
        Column("first", "text", "What the record held when the row was drawn."),
        Column("second", "text", "What the second coder wrote."),
        Column(
            "decision",
            "category",
            "`agreed`; else which coding stands after both were looked at: `first`, `second`, `neither`, or `open`.",
            required=True,
            allowed=("agreed", "first", "second", "neither", "open"),
        ),
        Column("note", "text", "Why, where the two parted."),
    ),
    key=("table", "row_id", "column"),
    is_optional=True,
)

RECALL_CHECKS = TableSchema(
    "recall_checks",
    "Dated acts drawn at random from sources that the record was not made from, and whether it holds them.",
    (
        Column("id", "text", "Stable name of the row.", required=True),
        Column("date", "date", "Day (KST) by the third source.", required=True),
        Column("family", "text", "Family to which the act belongs.", required=True),
        Column("what_en", "text", "The act in our words.", required=True),
        Column("source_ids", "list", "Row of sources.csv that was opened.", required=True),
        Column("words", "text", "Words of the source that carry the act and its day.", required=True),
        Column(
            "result",
            "category",
            "When it was first looked for: `found`, `misdated`, `missing`, or `out_of_scope` by the code book.",
            required=True,
            allowed=("found", "misdated", "missing", "out_of_scope"),
        ),
        Column("row_id", "text", "The record's row, where it has one now."),
        Column("note", "text", "What a reader must know."),
    ),
    is_optional=True,
)

COMPLETENESS = TableSchema(
    "completeness",
    "How many acts of a family there were in a period, as a band, from outside counts or from two lists that overlap.",
    (
        Column("family", "text", "Family of the chronicle.", required=True),
        Column("unit", "text", "What is counted.", required=True),
        Column("first", "date", "First day of the period.", required=True),
        Column("last", "date", "Last day of the period.", required=True),
        Column(
            "basis",
            "category",
            "`outside_count`: a published total; `two_lists`: Chapman's estimate from two lists, a lower bound where "
            "both copy the same statements.",
            required=True,
            allowed=("outside_count", "two_lists"),
        ),
        Column("found", "integer", "How many the record holds.", required=True),
        Column("expected_low", "number", "Lower end of the band.", required=True),
        Column("expected_high", "number", "Upper end of the band.", required=True),
        Column("source_ids", "list", "Sources of the count, or the two lists.", required=True),
        Column("note", "text", "What a reader must know."),
    ),
    key=("family", "unit", "first", "last", "basis"),
    is_optional=True,
)
