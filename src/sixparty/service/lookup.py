"""One row of the record with all that is kept for it, and rows found by their words."""

from __future__ import annotations

import datetime as dt
import difflib
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sixparty.chronicle import Chronicle, as_known
from sixparty.chronicle.lookup import FoundRows, find_rows, names_like, rows_citing, sources_of, words_for
from sixparty.chronicle.schema import CONFIDENCES
from sixparty.chronicle.search import KINDS, Hit, families_and_tables, search
from sixparty.errors import DateRefused, UsageError
from sixparty.periods import parse_date
from sixparty.service.choosing import PAGE_ROWS, check_choice, chosen_rows, command_of
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer
from sixparty.service.row_history import key_of_found, revisions_of, withdrawn_note
from sixparty.service.row_uses import checks_of, uses_of
from sixparty.vocabulary import PARTIES

MOST_SIGNS = 200
SORTS = ("best", "latest", "earliest", "name")
"""Orders in which rows that were searched for can be given."""
_CLAUSE_CELLS = ("id", "clause", "promise_en", "promise_ko", "status", "status_date")


@dataclass(frozen=True)
class SearchSpec:
    """Words to look for and where; None sets no bound.

    Parameters
    ----------
    words
        Words in English or Korean that must all occur, whatever their case.
    family
        One family, or a table beside the families: leaders, agreements, commitments, series, sources.
    kind
        One type of event or spell, kind of text, domain of a promise.
    confidence
        `verified`, `attested` or `recalled`.
    party
        One of the six parties, who acted or on whom.
    first, last
        First and last day of the rows' first days; rows without a day are then left out.
    as_of
        Leave out what could not be known on this day (KST).
    sort
        `best`, `latest`, `earliest` or `name`.
    limit
        Rows on a page.
    page
        Which page, from 1.
    data
        Folder with a chronicle's CSV files; None is the one installed.
    """

    words: tuple[str, ...]
    family: str | None = None
    kind: str | None = None
    confidence: str | None = None
    party: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: str | None = None
    sort: str = "best"
    limit: int = PAGE_ROWS
    page: int = 1
    data: Path | None = None

    def command(self) -> str:
        """Return the command that asks the same."""
        return command_of("search", self)


def search_data(spec: SearchSpec, *, home: Path | None = None) -> Result:
    """Find the rows in which all words occur, best first, with how many there are in all.

    Raises
    ------
    UsageError
        If no word is given, or a family, a type, a confidence, a party, an order or a page is none that there is.
    DateRefused
        If a day is none, or the last lies before the first.
    """
    _check(spec)
    first, last = day_bounds(spec.first, spec.last)
    record = open_record(spec.data, home=home)
    hits = [hit for hit in search(record_as_of(record, spec.as_of), spec.words) if _is_asked(hit, spec)]
    if spec.first is not None or spec.last is not None:
        hits = [hit for hit in hits if hit.date is not None and first <= hit.date <= last]
    chosen = chosen_rows([asdict(hit) for hit in hits], sort=spec.sort, limit=spec.limit, page=spec.page)
    found = {"found": chosen.number, "page": chosen.page, "pages": chosen.pages, "rows": list(chosen.rows)}
    return answer("data search", spec, found, record=record, command=spec.command())


def show_row(name: str, *, as_of: str | None = None, data: Path | None = None, home: Path | None = None) -> Result:
    """Return one row with its sources, the words kept for it, what counts it, and what hangs together with it.

    Beside them stand how it was checked and what the user's overlay did to it. A source comes with the rows that cite
    it, an agreement with its clauses, a promise with its agreement and how far it was carried out by year, a series
    with its figures.

    Parameters
    ----------
    name
        The id of a row, a family, a series, or a series and a period, as `trade_total 2024-05`.

    Raises
    ------
    UsageError
        If the record has nothing of that name.
    """
    record = open_record(data, home=home)
    seen = record_as_of(record, as_of)
    found = find_rows(seen, name)
    if found is None:
        raise _no_such_name(seen, name, withdrawn=withdrawn_note(name, home=home) if data is None else None)
    key = key_of_found(found.table, found.rows)
    history = {"uses": uses_of(seen, found), "revisions": revisions_of(record, found.table, key, home=home)}
    asked = {"row": name, "as_of": as_of, "data": data}
    command = shlex.join(["sixparty", "data", "show", *name.split(" "), *(["--as-of", as_of] if as_of else [])])
    return answer("data show", asked, _shown(seen, found) | history, record=record, command=command)


def record_as_of(record: Chronicle, as_of: str | None) -> Chronicle:
    """Return the record, or what of it could be known on a day."""
    return record if as_of is None else as_known(record, parse_date(as_of, name="as-of"))


def day_bounds(first: str | None, last: str | None) -> tuple[dt.date, dt.date]:
    """Read the first and last day of a question; None sets no bound.

    Raises
    ------
    DateRefused
        If a day is none, or the last lies before the first.
    """
    days = (
        parse_date(first, name="from") if first else dt.date.min,
        parse_date(last, name="to") if last else dt.date.max,
    )
    if days[1] < days[0]:
        raise DateRefused(f"to must not lie before from, got from {days[0]} to {days[1]}.")
    return days


def require_word(word: str | None, allowed: tuple[str, ...], *, name: str) -> None:
    """Refuse a word that is none of those allowed, naming the nearest; None is allowed.

    Raises
    ------
    UsageError
        If the word is none of them.
    """
    if word is None or word in allowed:
        return
    near = difflib.get_close_matches(word, allowed, n=3)
    hint = f" Perhaps {' or '.join(near)}." if near else ""
    raise UsageError(f"{name} must be one of {', '.join(allowed)}, got {word!r}.{hint}")


def _check(spec: SearchSpec) -> None:
    if not any(word.strip() for word in spec.words):
        raise UsageError("words must hold at least one word to look for, got none.")
    signs = sum(map(len, spec.words))
    if signs > MOST_SIGNS:
        raise UsageError(f"words must hold at most {MOST_SIGNS} signs, got {signs}. Fewer words find more.")
    require_word(spec.family, families_and_tables(), name="family")
    require_word(spec.kind, KINDS, name="type")
    require_word(spec.confidence, CONFIDENCES, name="confidence")
    require_word(spec.party, PARTIES, name="party")
    check_choice(spec.sort, SORTS, limit=spec.limit)


def _is_asked(hit: Hit, spec: SearchSpec) -> bool:
    asked = ((spec.family, hit.family), (spec.kind, hit.kind), (spec.confidence, hit.confidence))
    is_of_party = spec.party is None or spec.party in (hit.parties or "").split(";")
    return is_of_party and all(word in (None, one) for word, one in asked)


def _shown(record: Chronicle, found: FoundRows) -> dict[str, Any]:
    row = found.rows.row(0, named=True)
    if found.table == "series" and len(found.rows) > 1:
        row = _series(found.rows)
    shown: dict[str, Any] = {
        "table": found.table,
        "row": row,
        "sources": sources_of(record, found.rows).to_dicts(),
        "words": words_for(record, found.table, str(row.get("id"))).to_dicts(),
    }
    shown |= checks_of(record, found.table, str(row.get("id")))
    return shown | _beside(record, found, row)


def _series(figures: pl.DataFrame) -> dict[str, Any]:
    periods = figures["period"].sort()
    return {
        "series": figures["series"][0],
        "unit": figures["unit"][-1],
        "first": periods[0],
        "last": periods[-1],
        "figures": len(figures),
    }


def _beside(record: Chronicle, found: FoundRows, row: Mapping[str, Any]) -> dict[str, Any]:
    """What hangs together with a row of this table."""
    if found.table == "sources":
        return {"cited_by": rows_citing(record, row["id"]).to_dicts()}
    if found.table == "agreements":
        clauses = record["commitments"].filter(pl.col("agreement_id") == row["id"])
        return {"clauses": clauses.select(_CLAUSE_CELLS).to_dicts()}
    if found.table == "commitments":
        years = record["implementation"].filter(pl.col("commitment_id") == row["id"]).drop("commitment_id")
        agreement = record["agreements"].filter(pl.col("id") == row["agreement_id"])
        return {"agreement": agreement.to_dicts(), "implementation": years.to_dicts()}
    if found.table == "series" and len(found.rows) > 1:
        return {"figures": found.rows.select("period", "value", "unit", "known_date", "confidence").to_dicts()}
    return {}


def _no_such_name(record: Chronicle, name: str, *, withdrawn: str | None) -> UsageError:
    near = names_like(record, name)
    hint = f"Perhaps {' or '.join(near)}." if near else "`sixparty data search WORDS` finds rows."
    hint = withdrawn or hint
    return UsageError(f"row must be the name of a row of the chronicle, got {name!r}. {hint}")
