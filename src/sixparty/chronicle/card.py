"""Counts of the data card: made from the rows, and compared with what the card states."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.schema import CONFIDENCES, FAMILIES
from sixparty.errors import FileRefused
from sixparty.vocabulary import EVENT_TYPES, SPELL_TYPES

START = "<!-- counts: start -->\n"
END = "<!-- counts: end -->"
_COUNTED_IN_WORDS = ("agreements", "clauses", "commitments", "promises", "events", "spells", "series", "sources")
_STATED = re.compile(rf"(?<![\d,.-])(\d{{1,3}}(?:,\d{{3}})+|\d+) ({'|'.join(_COUNTED_IN_WORDS)})\b")
_GRADED = ("leaders", "agreements", "commitments", "series")


@dataclass(frozen=True)
class FamilyCount:
    """How many rows a family or a table has, by confidence, and between which days it is meant to be complete.

    Parameters
    ----------
    name
        A family of the record, or a table whose rows belong to none.
    complete_from, complete_through
        As coverage.csv states them, as ISO dates; empty for tables without such a statement.
    """

    name: str
    complete_from: str
    complete_through: str
    verified: int
    attested: int
    recalled: int

    @property
    def rows(self) -> int:
        """Rows of any confidence."""
        return self.verified + self.attested + self.recalled

    @property
    def share_verified(self) -> float | None:
        """Share of rows for which a source was opened and its words are kept; None without rows."""
        return self.verified / self.rows if self.rows else None


@dataclass(frozen=True)
class StaleCount:
    """A count that the card states otherwise than the rows."""

    where: str
    stated: str
    counted: str


def family_counts(chronicle: Chronicle) -> list[FamilyCount]:
    """Count the rows of every family, and of the tables beside the families, by confidence."""
    graded = [
        chronicle["events"].select(
            _family("event_type", {kind.name: kind.family for kind in EVENT_TYPES.values()}), "confidence"
        ),
        chronicle["spells"].select(_family("spell_type", dict(SPELL_TYPES)), "confidence"),
        chronicle["calendar"].select(pl.lit("calendar").alias("family"), "confidence"),
        *(chronicle[name].select(pl.lit(name).alias("family"), "confidence") for name in _GRADED),
    ]
    counted = pl.concat(graded).group_by("family", "confidence").len()
    number = {(family, confidence): count for family, confidence, count in counted.iter_rows()}
    days = {row["family"]: row for row in chronicle["coverage"].iter_rows(named=True)}
    return [_counted(name, number, days.get(name, {})) for name in (*FAMILIES, *_GRADED)]


def _family(column: str, families: Mapping[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(families, return_dtype=pl.String).alias("family")


def _counted(name: str, number: Mapping[tuple[str, str], int], covered: Mapping[str, object]) -> FamilyCount:
    by_confidence = (number.get((name, confidence), 0) for confidence in CONFIDENCES)
    first, last = (str(covered.get(side, "")) for side in ("complete_from", "complete_through"))
    return FamilyCount(name, first, last, *by_confidence)


def card_tables(chronicle: Chronicle) -> str:
    """Write the card's counts as Markdown: by family with its coverage, then what else the record holds."""
    counts = family_counts(chronicle)
    families = [count for count in counts if count.complete_from]
    others = [count for count in counts if not count.complete_from]
    header = ("rows", "verified", "attested", "recalled", "share verified")
    lines = _markdown(
        ("family", "complete from", "through", *header),
        ([_named(one.name), one.complete_from, one.complete_through, *_figures(one)] for one in families),
    )
    lines += ["", *_markdown(("table", *header), ([_named(one.name), *_figures(one)] for one in others)), ""]
    held = {
        "events": len(chronicle["events"]),
        "spells": len(chronicle["spells"]),
        "dates ahead": len(chronicle["calendar"]),
        "series": chronicle["series"]["series"].n_unique(),
        "sources": len(chronicle["sources"]),
        "rows with words kept": chronicle["verifications"].select("table", "row_id").n_unique(),
    }
    lines += _markdown(("held", "number"), ([name, f"{number:,}"] for name, number in held.items()))
    return "\n".join(lines) + "\n"


def _figures(count: FamilyCount) -> list[str]:
    # rounded down: 100 % is said where every row is
    share = "" if count.share_verified is None else f"{math.floor(100 * count.share_verified)} %"
    return [f"{number:,}" for number in (count.rows, count.verified, count.attested, count.recalled)] + [share]


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (header, ["---"] * len(header), *rows)]


def _named(name: str) -> str:
    return f"`{name}`"


def with_fresh_counts(card: str, chronicle: Chronicle) -> str:
    """Return the card with its counts made anew.

    Raises
    ------
    FileRefused
        If the card has no place for them.
    """
    before, _ = _parts(card)
    return before + START + card_tables(chronicle) + END + card.split(END, 1)[1]


def stale_counts(card: str, chronicle: Chronicle) -> list[StaleCount]:
    """Return every count that the card states otherwise than the rows: in its tables, then in its words.

    Raises
    ------
    FileRefused
        If the card has no place for counts.
    """
    _, stated = _parts(card)
    lines, fresh = stated.splitlines(), card_tables(chronicle).splitlines()
    stale = [
        StaleCount(f"table, {_first_cell(new or old)}", old, new) for old, new in _paired(lines, fresh) if old != new
    ]
    numbers = _numbers(chronicle)
    for number, what in _STATED.findall(card.replace(stated, "")):
        if int(number.replace(",", "")) != numbers[what]:
            stale.append(StaleCount("text", f"{number} {what}", f"{numbers[what]:,} {what}"))
    return stale


def _parts(card: str) -> tuple[str, str]:
    if START not in card or END not in card.split(START, 1)[1]:
        raise FileRefused(
            f"the data card must hold the lines {START.strip()} and {END}, got a page without them. "
            "Name the data card with --card."
        )
    before, rest = card.split(START, 1)
    return before, rest.split(END, 1)[0]


def _paired(stated: Sequence[str], fresh: Sequence[str]) -> list[tuple[str, str]]:
    """Pair lines that begin with the same cell for the same time; a line without partner is paired with nothing."""
    old, new = _by_first_cell(stated), _by_first_cell(fresh)
    return [(old.get(place, ""), new.get(place, "")) for place in dict.fromkeys([*old, *new])]


def _by_first_cell(lines: Sequence[str]) -> dict[tuple[str, int], str]:
    seen: Counter[str] = Counter()
    found = {}
    for line in lines:
        name = _first_cell(line)
        found[name, seen[name]] = line
        seen[name] += 1
    return found


def _first_cell(line: str) -> str:
    return line.strip("| ").split(" | ")[0]


def _numbers(chronicle: Chronicle) -> dict[str, int]:
    clauses = len(chronicle["commitments"])
    return {
        "agreements": len(chronicle["agreements"]),
        "clauses": clauses,
        "commitments": clauses,
        "promises": clauses,
        "events": len(chronicle["events"]),
        "spells": len(chronicle["spells"]),
        "series": chronicle["series"]["series"].n_unique(),
        "sources": len(chronicle["sources"]),
    }
