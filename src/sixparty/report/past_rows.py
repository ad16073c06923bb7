"""The tables of the track record as rows of ready cells, the same for every kind of page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sixparty.report.page import Marked, Page

PAST_HEADS: tuple[str, ...] = (
    "target",
    "weeks",
    "ours",
    "plain",
    "against_plain",
    "rival",
    "against_rival",
    "coverage",
    "n",
    "first",
)
BASE_HEADS: tuple[str, ...] = ("target", "weeks", "ours", "rival", "against_rival", "coverage", "n")
RELIABILITY_HEADS: tuple[str, ...] = ("target", "mean_chance", "share_happened", "number")


def past_heads(page: Page, names: tuple[str, ...]) -> list[Marked]:
    """Return the heads of a table."""
    return [page.say(f"past.{name}") for name in names]


def past_tables(page: Page) -> list[dict[str, Any]]:
    """Return for each period its caption, the rows of modelled targets and those of base rates."""
    return [
        {
            "name": period["name"],
            "caption": page.say(f"past.periods.{period['name']}"),
            "rows": [_row(page, base, cell) for base, cell in _cells(place, period) if cell["plain"] is not None],
            "base_rows": [_base_row(page, base, cell) for base, cell in _cells(place, period) if cell["plain"] is None],
        }
        for place, period in enumerate(page.get("result.past.periods"))
    ]


def reliability_rows(page: Page) -> list[list[Marked]]:
    """Return a row for each target and tenth of chance."""
    rows = []
    for place, found in enumerate(page.get("result.past.reliability")):
        for tenth in range(len(found["bins"])):
            base = f"result.past.reliability.{place}.bins.{tenth}"
            shares = [page.num(f"{base}.{name}", "percent") for name in ("mean_chance", "share_happened")]
            rows.append([page.word("targets_short", found["target"]), *shares, page.num(f"{base}.n", "count")])
    return rows


def _cells(place: int, period: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, cell in enumerate(period["cells"]):
        yield f"result.past.periods.{place}.cells.{number}", cell


def _row(page: Page, base: str, cell: Mapping[str, Any]) -> list[Marked]:
    first = page.word("past.leads", cell["lead"]) if cell["lead"] else page.say("past.nothing")
    return [
        *_ours(page, base, cell),
        page.num(f"{base}.plain.log_score", "decimal:2"),
        _against(page, f"{base}.plain", cell["plain"]),
        *_rival(page, base, cell),
        *_coverage(page, base),
        first,
    ]


def _base_row(page: Page, base: str, cell: Mapping[str, Any]) -> list[Marked]:
    return [*_ours(page, base, cell), *_rival(page, base, cell), *_coverage(page, base)]


def _ours(page: Page, base: str, cell: Mapping[str, Any]) -> list[Marked]:
    score = page.num(f"{base}.log_score", "decimal:2")
    return [page.word("targets_short", cell["target"]), page.num(f"{base}.horizon", "count"), score]


def _rival(page: Page, base: str, cell: Mapping[str, Any]) -> list[Marked]:
    """The strongest other rival with its score, and how we compare."""
    if cell["rival"] is None:
        return [page.say("past.nothing")] * 2
    name = page.word("models_short", cell["rival"]["model_id"])
    score = page.num(f"{base}.rival.log_score", "decimal:2")
    return [Marked(f"{name} {score}"), _against(page, f"{base}.rival", cell["rival"])]


def _against(page: Page, base: str, rival: Mapping[str, Any]) -> Marked:
    return Marked(f"{page.say('past.difference', base)} {page.word('past.words', rival['word'])}")


def _coverage(page: Page, base: str) -> list[Marked]:
    return [page.say("past.coverage_cell", base), page.num(f"{base}.n", "count")]
