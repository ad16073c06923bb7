"""Evidence: every claim with its verdict, the forest of all estimates, and how a verdict comes about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.report.evidence_words import Claim, by_verdict, chance_words, reason
from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.chart import Chart
from sixparty.report.pages.claim_cells import (
    claim_words,
    flips_cell,
    interval_cell,
    least_cell,
    named_claims,
    ratio_cell,
)
from sixparty.report.pages.site import Document, SitePage, SitePen
from sixparty.report.trace import Block
from sixparty.report.wording import write_value

COMMAND = "sixparty evidence test all"
_HEADS = ("index.claim", "index.ratio", "page.n", "page.outcomes", "index.seen", "index.flips", "index.grade")
_COLUMNS = ("claim", "title", "verdict", "expects", "ratio", "low", "high", "smallest", "episodes", "events", "grade")


def charts(document: Document, messages: Messages) -> tuple[Chart, ...]:
    """Return the forest of all claims with an estimate; none without one."""
    from sixparty.report.evidence_figures import NARROW, WIDE, forest_chart

    words = claim_words(messages)
    claims = [claim for claim in named_claims(document, messages) if claim["estimate"]]
    if not claims:
        return ()
    groups = by_verdict(claims)
    told = [words["page.tally"].format(verdict=words[f"verdict.{name}"], n=len(some)) for name, some in groups]
    last = max(claim["window"]["last"] for claim in claims)
    is_open = sum(_holds_one(claim["estimate"]["ratio"]) for claim in claims)
    return (
        Chart(
            name="forest",
            spec=forest_chart(claims, words, WIDE),
            narrow=forest_chart(claims, words, NARROW),
            rows=tuple(_row(claim, words) for _, members in groups for claim in members),
            heads=chart_heads(words),
            title=words["page.forest"],
            caption=words["page.forest_caption"].format(last=write_value(last, "date", messages=messages)),
            alt=words["page.forest_alt"].format(n=len(claims), tallies="; ".join(told), open=is_open),
            sources=("events", "spells", "claims"),
            command=COMMAND,
        ),
    )


def chart_heads(words: Messages) -> dict[str, str]:
    """Return the heads of the tables behind the charts on claims."""
    own = {name: words[f"page.csv_{name}"] for name in ("claim", "title", "low", "high", "expects", "smallest")}
    same = {"ratio": "sheet.ratio", "episodes": "page.n", "events": "page.outcomes", "grade": "index.grade"}
    return own | {name: words[key] for name, key in same.items()} | {"verdict": words["page.verdict"]}


def context(document: Document, page: Page) -> Mapping[str, Any]:
    """Return what the template shows: groups of claims by verdict, and how a verdict comes about."""
    words, claims = claim_words(page.messages), named_claims(document, page.messages)
    places = {claim["claim"]: place for place, claim in enumerate(claims)}
    linked = _to_claims(page, claims)
    estimated = [claim for claim in claims if claim["estimate"]]
    return {
        "words": words,
        "lead": words["page.lead"].format(n=len(claims), estimated=len(estimated)),
        "heads": [words[key] for key in _HEADS],
        "groups": [
            (name, words[f"verdict.{name}"], words[f"meaning.{name}"], _group(linked, members, places, words))
            for name, members in by_verdict(claims)
        ],
        "block": _how(document, words),
    }


def _to_claims(page: Page, claims: Sequence[Claim]) -> Page:
    """The page with each figure leading to the claim's own page."""
    if not isinstance(page.pen, SitePen):
        return page

    def trace(key: str) -> str:
        return f"/evidence/{claims[int(key.split('.')[2])]['claim']}#how"

    return Page(page.document, page.messages, SitePen(trace, page.pen.here))


def _group(
    page: Page, members: Sequence[Claim], places: Mapping[str, int], words: Messages
) -> dict[str, list[tuple[str, Any]]]:
    """The claims of one verdict: lines of figures, and those without an estimate with the reason."""
    lines = [
        (claim["claim"], [claim["title"][words.language], *_cells(page, claim, places[claim["claim"]], words)])
        for claim in members
        if claim["estimate"]
    ]
    others = [
        (claim["claim"], (claim["title"][words.language], reason(claim, words)))
        for claim in members
        if not claim["estimate"]
    ]
    return {"lines": lines, "others": others}


def _cells(page: Page, claim: Claim, place: int, words: Messages) -> list[Any]:
    base = f"result.claims.{place}.estimate"
    ratio = f"{ratio_cell(page, f'{base}.ratio.value', words)} ({interval_cell(page, f'{base}.ratio', words)})"
    counts = [page.num(f"{base}.{name}", "count") for name in ("episodes", "events")]
    return [Marked(ratio), *counts, least_cell(page, base, words), flips_cell(claim, words), claim["grade"]]


def _row(claim: Claim, words: Messages) -> dict[str, Any]:
    estimate = claim["estimate"]
    values = (
        claim["claim"],
        claim["title"][words.language],
        words[f"verdict.{claim['verdict']}"],
        words[f"expects.{claim['expects']}"],
        *(estimate["ratio"][end] for end in ("value", "low", "high")),
        claim["smallest"],
        estimate["episodes"],
        estimate["events"],
        claim["grade"],
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _holds_one(ratio: Mapping[str, float | None]) -> bool:
    low, high = ratio["low"], ratio["high"]
    return (low is None or low <= 1.0) and (high is None or high >= 1.0)


def _how(document: Document, words: Messages) -> Block:
    return Block(
        id="how",
        title=Marked(words["page.how_block"]),
        seen=(Marked(words["page.how_seen"]),),
        known=Marked(words["page.how_known"]),
        sure=Marked(f"{words['page.rule']} {chance_words(document['result'], words)}"),
        otherwise=Marked(words["page.how_otherwise"]),
        command=COMMAND,
    )


def trace(key: str) -> str:
    """Return where the figure under `key` is explained."""
    return "#how"


PAGE = SitePage("evidence", "pages/evidence.html.j2", charts, context, trace)
