"""Search the record's own words, names, places and the titles of its sources, in English and in Korean."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sixparty.chronicle.by_digest import ByDigest
from sixparty.chronicle.listing import BESIDE, FIRST_DAYS, KIND_COLUMNS, PARTY_COLUMNS
from sixparty.chronicle.lookup import LABELS
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import FAMILIES, TABLES
from sixparty.vocabulary import EVENT_TYPES, PARTIES, SPELL_TYPES

_KIND_ORDER = ("events", "spells", "leaders", "agreements", "commitments", "calendar")
KINDS: tuple[str, ...] = tuple(
    dict.fromkeys(word for table in _KIND_ORDER for word in TABLES[table].column(KIND_COLUMNS[table]).allowed)
)
"""Every type of event or spell, kind of text, domain of a promise, role of a leader and basis of a date ahead."""
_RECORDS_KEPT = 2
_LABEL, _NAME, _NOTE, _SOURCE = 8, 4, 2, 1
_NAMES = ("id", "place", "weapon_name", "series", "document", "attributed_by", "title", "publisher", "camp")
_NOTES = ("note", "ended_by", "contested", "trigger", "unit")
_WHERE: Mapping[int, str] = MappingProxyType({_LABEL: "label", _NAME: "name", _NOTE: "note", _SOURCE: "source"})


@dataclass(frozen=True)
class Hit:
    """A row in which all words occur.

    Parameters
    ----------
    table, id
        Where it stands; a series is one hit under its name.
    family
        Family of the record, or the table for rows that belong to none.
    kind
        Type of event or spell, kind of text, domain of a promise, role of a leader.
    date
        First day (KST) of the row; the day after signature for promises; None for sources and series.
    label_en, label_ko
        Label, title or promise.
    parties
        The six parties among those that it names, joined by ``;``.
    where
        Best place in which a word occurs, by word: `label`, `name` (id, place, weapon, series, title), `note` or
        `source` (title of a source that the row cites).
    score
        Sum over the words: 8 for a label, 4 for a name, 2 for a note, 1 for a source's title.
    """

    table: str
    id: str
    family: str
    kind: str | None
    date: dt.date | None
    label_en: str | None
    label_ko: str | None
    confidence: str | None
    parties: str | None
    where: tuple[str, ...]
    score: int


def search(chronicle: Chronicle, words: Sequence[str]) -> list[Hit]:
    """Return the rows in which every word occurs, best first, then latest first.

    A word occurs where its letters stand anywhere, whatever their case; Korean particles may follow it.
    """
    asked = [folded for word in words for folded in _folded(word).split()]
    if not asked:
        return []
    hits = [
        hit for table, row, texts in _rows(ByDigest(chronicle)) if (hit := _hit(table, row, texts, asked)) is not None
    ]
    return sorted(hits, key=lambda hit: (-hit.score, -(hit.date or dt.date.min).toordinal(), hit.table, hit.id))


@lru_cache(maxsize=_RECORDS_KEPT)
def _rows(kept: ByDigest) -> tuple[tuple[str, Mapping[str, Any], Mapping[int, str]], ...]:
    """Return every row that can be found, with its texts by how much a word in them counts."""
    return tuple(_read_rows(kept.record))


def _read_rows(chronicle: Chronicle) -> Iterator[tuple[str, dict[str, Any], dict[int, str]]]:
    titles = {row_id: _folded(title) for row_id, title in chronicle["sources"].select("id", "title").iter_rows()}
    for table in (*LABELS, "sources"):
        for row in chronicle[table].iter_rows(named=True):
            cited = str(row.get("source_ids") or "").split(";")
            yield table, row, _texts(table, row) | {_SOURCE: "\n".join(titles.get(one, "") for one in cited)}
    series = chronicle["series"].unique("series", keep="last", maintain_order=True)
    for row in series.iter_rows(named=True):
        named = row | {"id": row["series"]}
        yield "series", named, _texts("series", named)


def _texts(table: str, row: Mapping[str, Any]) -> dict[int, str]:
    return {
        weight: _folded("\n".join(str(row[name]) for name in names if row.get(name) is not None))
        for weight, names in ((_LABEL, LABELS.get(table, ())), (_NAME, _NAMES), (_NOTE, _NOTES))
    }


def _hit(table: str, row: Mapping[str, Any], texts: Mapping[int, str], asked: Sequence[str]) -> Hit | None:
    best = [max((weight for weight, text in texts.items() if word in text), default=0) for word in asked]
    if not all(best):
        return None
    english, korean = LABELS.get(table, ("title" if table == "sources" else "series", ""))
    return Hit(
        table=table,
        id=row["id"],
        family=_family(table, row),
        kind=row.get(KIND_COLUMNS.get(table, "")),
        date=row.get(FIRST_DAYS.get(table, "")),
        label_en=row.get(english),
        label_ko=row.get(korean),
        confidence=row.get("confidence"),
        parties=_parties(table, row),
        where=tuple(_WHERE[weight] for weight in best),
        score=sum(best),
    )


def _parties(table: str, row: Mapping[str, Any]) -> str | None:
    cells = (row[name] or "" for name in PARTY_COLUMNS.get(table, ()))
    named = dict.fromkeys(word for cell in cells for word in cell.split(";") if word in PARTIES)
    return ";".join(named) if table in PARTY_COLUMNS else None


def _family(table: str, row: Mapping[str, Any]) -> str:
    if table == "events":
        return EVENT_TYPES[row["event_type"]].family
    return SPELL_TYPES[row["spell_type"]] if table == "spells" else table


def families_and_tables() -> tuple[str, ...]:
    """Return what a search can be bounded to: the families of the record, then the tables beside them."""
    return FAMILIES + BESIDE


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
