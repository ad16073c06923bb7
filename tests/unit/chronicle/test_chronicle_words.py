"""What the shipped record says in our own words, in both languages and for every labelled table."""

import re

import polars as pl
import pytest

from sixparty.chronicle import TABLES
from sixparty.chronicle.lookup import LABELS
from sixparty.vocabulary import FORBIDDEN_WORDS

NOT_OURS = {"words", "title", "publisher", "address", "archived_url", "licence", "origin", "first", "second", "carries"}
"""Columns that quote others or name what is theirs."""
OUR_WORDS = [
    (name, column.name)
    for name, schema in TABLES.items()
    for column in schema.columns
    if column.kind == "text" and column.name not in NOT_OURS
]
LABELLED = [(name, column) for name, columns in LABELS.items() for column in columns]
FILE_NAME = re.compile(r"\S+\.csv")
ASIDE = re.compile("|".join(re.escape(word) for words in FORBIDDEN_WORDS.values() for word in words), re.IGNORECASE)


@pytest.mark.parametrize(("table", "column"), OUR_WORDS)
def test_no_text_of_ours_takes_a_side(chronicle, table, column):
    texts = chronicle[table].get_column(column).drop_nulls()
    assert [text for text in texts if ASIDE.search(FILE_NAME.sub("", text))] == []


def test_every_label_title_and_promise_is_among_the_texts_that_are_searched():
    assert set(LABELLED) <= set(OUR_WORDS)


@pytest.mark.parametrize(("table", "column"), [pair for pair in LABELLED if pair[1].endswith("_ko")])
def test_every_korean_text_is_korean(chronicle, table, column):
    assert chronicle[table].filter(~pl.col(column).str.contains("[가-힣]"))[column].to_list() == []


@pytest.mark.parametrize(("table", "column"), [pair for pair in LABELLED if pair[1].endswith("_en")])
def test_no_english_text_is_korean(chronicle, table, column):
    assert chronicle[table].filter(pl.col(column).str.contains("[가-힣]"))[column].to_list() == []


@pytest.mark.parametrize(("table", "column"), LABELLED)
def test_no_label_begins_or_ends_with_a_blank_or_breaks_its_line(chronicle, table, column):
    texts = chronicle[table][column]
    assert [text for text in texts if text != text.strip() or "\n" in text or "  " in text] == []


@pytest.mark.parametrize("table", list(LABELS))
def test_labels_in_both_languages_are_given_together(chronicle, table):
    english, korean = LABELS[table]
    assert chronicle[table].filter(pl.col(english).is_null() != pl.col(korean).is_null()).is_empty()
