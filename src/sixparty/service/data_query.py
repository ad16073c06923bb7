"""A question about rows as an address asks it, and everything of the record that can be taken along as a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sixparty.chronicle.by_digest import ByDigest
from sixparty.chronicle.export import FORMATS, MEDIA_TYPES, table_bytes, zipped
from sixparty.chronicle.schema import TABLES
from sixparty.errors import UsageError
from sixparty.service.choosing import MOST_ROWS, PAGE_ROWS
from sixparty.service.data import ListSpec, list_data
from sixparty.service.export import rows_as
from sixparty.service.lookup import SearchSpec, require_word, search_data
from sixparty.service.record import open_record
from sixparty.service.result import Result

ASKED: tuple[str, ...] = ("q", "family", "type", "party", "confidence", "from", "to", "sort", "page")
"""Names that an address may ask rows by; each is the option of the same name of `data search` and `data list`."""

PACKAGE = "sixparty-chronicle.zip"
"""File with the whole record, its passport and a page about it."""

_MOST_DIGITS = 6
_KEPT = 2
_COLUMNS = ("id", "date", "family", "label_en", "label_ko")


@dataclass(frozen=True)
class Download:
    """A file to take along.

    Parameters
    ----------
    name
        As the reader's machine should call it; it holds the handling marking where the file itself cannot.
    media_type
        As in the header of an answer.
    digest
        Of what it was made from: the same digest stands for the same bytes.
    """

    name: str
    content: bytes
    media_type: str
    digest: str


def asked_rows(query: Mapping[str, str], *, data: Path | None = None) -> ListSpec | SearchSpec:
    """Turn the query of an address into a question; with words it is a search, else a list.

    Raises
    ------
    UsageError
        If a name is none of `ASKED`, or the page is no number.
    """
    unknown = sorted(set(query) - set(ASKED))
    if unknown:
        raise UsageError(f"rows can be asked by {', '.join(ASKED)}, got {', '.join(unknown)}. Leave it out.")
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    words = tuple(given.get("q", "").split())
    spec: ListSpec | SearchSpec = SearchSpec(words) if words else ListSpec(limit=PAGE_ROWS)
    return replace(
        spec,
        family=given.get("family"),
        kind=given.get("type"),
        party=given.get("party"),
        confidence=given.get("confidence"),
        first=given.get("from"),
        last=given.get("to"),
        sort=given.get("sort", "best" if words else "latest"),
        page=_page(given.get("page", "1")),
        data=data,
    )


def find_rows_asked(query: Mapping[str, str], *, data: Path | None = None, home: Path | None = None) -> Result:
    """Answer the query of an address: rows that were searched for or listed, or counts of all families.

    Raises
    ------
    UsageError, DateRefused
        If the query asks what cannot be meant; the message says what can.
    """
    spec = asked_rows(query, data=data)
    return search_data(spec, home=home) if isinstance(spec, SearchSpec) else list_data(spec, home=home)


def rows_file(
    query: Mapping[str, str], *, data: Path | None = None, home: Path | None = None, marking: str | None = None
) -> Download:
    """Return all rows that a query finds, not one page of them alone, as one CSV file.

    Raises
    ------
    UsageError, DateRefused
        If the query asks what cannot be meant.
    """
    asked = {name: value for name, value in query.items() if name != "page"}
    spec = replace(asked_rows(asked, data=data), limit=MOST_ROWS)
    found = search_data(spec, home=home) if isinstance(spec, SearchSpec) else list_data(spec, home=home)
    content = rows_as(found.result["rows"], form="csv", columns=_COLUMNS)
    name = _marked("sixparty-rows.csv", marking)
    return Download(name, content, MEDIA_TYPES["csv"], found.provenance.data_digest)


def table_file(
    name: str, *, data: Path | None = None, home: Path | None = None, marking: str | None = None
) -> Download:
    """Return a table of the record as a file: `events.csv`, `events.json`, `events.parquet`.

    A marking stands in the file's name alone: a line in the table would break it for the programs that read it.

    Raises
    ------
    UsageError
        If there is no such table or form.
    """
    table, _, form = name.partition(".")
    require_word(table, tuple(TABLES), name="table")
    require_word(form, FORMATS, name="format")
    record = open_record(data, home=home)
    chosen = next(one for one in FORMATS if one == form)
    content = table_bytes(record[table], form=chosen)
    return Download(_marked(name, marking), content, MEDIA_TYPES[chosen], record.digest)


def package_file(*, data: Path | None = None, home: Path | None = None, marking: str | None = None) -> Download:
    """Return the whole record as one ZIP file, with its passport and a page about it; made once for each record."""
    record = open_record(data, home=home)
    content = _zipped(ByDigest(record), marking)
    return Download(_marked(PACKAGE, marking), content, "application/zip", record.digest)


@lru_cache(maxsize=_KEPT)
def _zipped(record: ByDigest, marking: str | None) -> bytes:
    return zipped(record.record, marking=marking)


def _page(text: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise UsageError(f"page must be a whole number from 1, got {text[:20]!r}.")
    return int(text)


def _marked(name: str, marking: str | None) -> str:
    """Put a marking into a file's name, in letters and digits that every system allows."""
    words = "".join(sign if sign.isalnum() else "-" for sign in (marking or "").lower())
    slug = "-".join(part for part in words.split("-") if part)
    stem, dot, ending = name.rpartition(".")
    return f"{stem}--{slug}{dot}{ending}" if slug else name
