"""One printed sheet for a claim, and the page of all claims: HTML that needs nothing from outside."""

from __future__ import annotations

import datetime as dt
import shlex
from collections.abc import Mapping
from typing import Any

from sixparty.report.evidence_words import (
    Claim,
    answer,
    by_verdict,
    chance_words,
    check_words,
    flip_words,
    interval_words,
    lead_words,
    least_words,
    not_run_words,
    p_words,
    public_sentence,
    ratio_words,
    read_claim_words,
    reason,
    verdict_words,
)
from sixparty.report.messages import Messages
from sixparty.report.render import environment

Document = Mapping[str, Any]
"""The whole envelope of `sixparty evidence test --json`."""

Row = tuple[str, ...]

_IDS_SHOWN = 4
_DIGEST_SIGNS = 12
_DETAILS_SHOWN = 6
_FIRST_ORDINAL = dt.date(1900, 1, 1).toordinal()
_OTHER = {"en": "ko", "ko": "en"}
_PAGES = {
    "count_regression": "explanation/designs-on-rates",
    "case_series": "explanation/designs-on-rates",
    "rates": "explanation/designs-on-rates",
    "growth": "explanation/designs-on-rates",
    "event_study": "explanation/designs-on-dates",
    "before_after": "explanation/designs-on-dates",
    "break_point": "explanation/designs-on-dates",
    "hazard": "explanation/designs-on-dates",
}


def sheet_name(claim: str, language: str) -> str:
    """Return the name of a claim's sheet; that of the page of all claims is made from ``index``.

    Examples
    --------
    >>> sheet_name("drills-raise-tests", "ko")
    'drills-raise-tests.ko.html'
    """
    return f"{claim}.html" if language == "en" else f"{claim}.{language}.html"


def claim_sheet(
    document: Document, claim: Claim, *, language: str = "en", has_index: bool = False, marking: str | None = None
) -> str:
    """Return one claim as a page of A4.

    Its first 60 words hold the answer, its size, what it rests on and the smallest effect that could have been seen.

    Parameters
    ----------
    document
        The whole envelope: spec, result, provenance, warnings.
    claim
        The entry of `claims` to show.
    language
        ``en`` or ``ko``.
    has_index
        Whether a page of all claims lies beside it.
    marking
        Handling marking at head and foot.
    """
    from sixparty.report import evidence_figures as draw

    words = read_claim_words(language)
    return (
        environment(is_html=True)
        .get_template("evidence_sheet.html.j2")
        .render(
            words=words,
            claim=claim,
            language=language,
            marking=marking,
            other=sheet_name(claim["claim"], _OTHER[language]),
            other_language=_OTHER[language],
            index=sheet_name("index", language) if has_index else None,
            answer=answer(claim, words),
            public=public_sentence(claim, words),
            figure=draw.claim_figure(claim, words) if claim["estimate"] else None,
            heads=sheet_heads(words, claim["design"]),
            rows=estimate_rows(claim, words),
            notes=claim_notes(document, claim, words),
            footnotes=claim_footnotes(document, claim, words),
            not_run=not_run_words(claim, words),
            reason=reason(claim, words) if claim["estimate"] is None else None,
            smallest=ratio_words(claim["smallest"], words) if claim["smallest"] else None,
            passport=_passport(document, words, command=sheet_command(document["spec"], claim["claim"])),
            warnings=document["warnings"],
        )
    )


def claims_index(document: Document, *, language: str = "en", marking: str | None = None) -> str:
    """Return the page of all claims: the drawing of every estimate, and a table with a line for each claim."""
    from sixparty.report import evidence_figures as draw

    words, found = read_claim_words(language), document["result"]
    with_estimate = [claim for claim in found["claims"] if claim["estimate"]]
    return (
        environment(is_html=True)
        .get_template("evidence_index.html.j2")
        .render(
            words=words,
            language=language,
            marking=marking,
            other=sheet_name("index", _OTHER[language]),
            other_language=_OTHER[language],
            lead=words["index.lead"].format(
                n=len(found["claims"]), estimated=len(with_estimate), chance=chance_words(found, words)
            ),
            figure=draw.forest_figure(with_estimate, words) if with_estimate else None,
            heads=[words[f"index.{name}"] for name in _INDEX_HEADS],
            groups=[
                (words[f"verdict.{verdict}"], [_index_row(claim, words) for claim in members])
                for verdict, members in by_verdict(found["claims"])
            ],
            meanings=[(words[f"verdict.{name}"], words[f"meaning.{name}"]) for name, _ in by_verdict(found["claims"])],
            passport=_passport(document, words, command=document["provenance"]["command"]),
            warnings=document["warnings"],
        )
    )


def sheet_command(spec: Mapping[str, Any], claim: str) -> str:
    """Return the command that tests this claim alone in the same way."""
    words = ["sixparty", "evidence", "test", claim]
    words += ["--as-of", spec["as_of"]] if spec.get("as_of") else []
    words += ["--seed", str(spec["seed"])] if spec.get("seed", 1) != 1 else []
    return shlex.join(words)


def sheet_heads(words: Messages, design: str | None = None) -> list[str]:
    """Return the heads of a claim's table; where growth is compared, years are counted."""
    return [words[f"sheet.{_YEARS_OF.get(name, name) if design == 'growth' else name}"] for name in _HEADS]


def estimate_rows(claim: Claim, words: Messages) -> list[Row]:
    """Return the table of a claim as ready cells: the main estimate, the time before it, and every check."""
    estimate = claim["estimate"]
    if estimate is None:
        return []
    readings = claim.get("readings") or {}
    rows = [_row(words["sheet.main"], estimate, words, says=readings.get("main"))]
    if estimate["lead"]:
        blanks = ("",) * (len(_HEADS) - 3)
        lead = estimate["lead"]
        rows.append((words["sheet.lead"], ratio_words(lead["value"], words), interval_words(lead, words), *blanks))
    return rows + [
        _row(check_words(name, words), check, words, says=readings.get(name)) for name, check in claim["checks"].items()
    ]


_HEADS = ("which", "ratio", "interval", "p", "episodes", "events", "exposed", "smallest_seen", "says")
_YEARS_OF = {"events": "years", "exposed": "years_exposed"}
_INDEX_HEADS = ("claim", "ratio", "n", "seen", "flips", "grade")


def _row(label: str, estimate: Mapping[str, Any], words: Messages, *, says: str | None) -> Row:
    return (
        label,
        ratio_words(estimate["ratio"]["value"], words),
        interval_words(estimate["ratio"], words),
        p_words(estimate["p_value"]),
        f"{estimate['episodes']:,}",
        f"{estimate['events']:,}",
        f"{estimate['exposed_events']:,}",
        least_words(estimate, words),
        words[f"reading.{says}"] if says else "",
    )


def _index_row(claim: Claim, words: Messages) -> tuple[str, Row]:
    """The name of a claim's sheet and its cells; without an estimate, the reason in one cell."""
    sheet, title = sheet_name(claim["claim"], words.language), claim["title"][words.language]
    estimate = claim["estimate"]
    if estimate is None:
        return sheet, (title, reason(claim, words))
    ratio = f"{ratio_words(estimate['ratio']['value'], words)} ({interval_words(estimate['ratio'], words)})"
    n = f"{estimate['episodes']:,}; {estimate['events']:,}"
    flips = ", ".join(check_words(name, words) for name in claim["flips"])
    return sheet, (title, ratio, n, least_words(estimate, words), flips, claim["grade"])


def claim_notes(document: Document, claim: Claim, words: Messages) -> list[tuple[str, str]]:
    """Return what stands beside the figures, each under its name: checks, design, rows, grade, further figures."""
    notes = []
    if claim["estimate"]:
        notes.append((words["sheet.checks"], f"{flip_words(claim, words)} {lead_words(claim, words)}"))
    if claim["design"]:
        where = words["sheet.design_where"].format(page=_PAGES.get(claim["design"], "explanation/evidence"))
        window = words["sheet.window"].format(**claim["window"]) if claim["window"] else ""
        notes.append((words["sheet.design"], f"{words.word('design', claim['design'])} ({where}). {window}"))
    if claim["rows"]:
        notes.append((words["sheet.rows"], _rows_words(document, claim, words)))
    if claim["grade"]:
        notes.append((words["sheet.grade"], words[f"grades.{claim['grade']}"]))
    if claim["estimate"] and claim["estimate"]["details"]:
        notes.append((words["sheet.details"], detail_words(claim["estimate"]["details"], words)))
    return notes


def claim_footnotes(document: Document, claim: Claim, words: Messages) -> list[str]:
    """Return what a reader of the figures must know: finds by chance, the rule of the verdict."""
    if claim["estimate"] is None:
        return []
    rule = words["sheet.rule"].format(smallest=ratio_words(claim["smallest"], words))
    return [chance_words(document["result"], words), f"{rule} {words['sheet.seen_from']}"]


def _rows_words(document: Document, claim: Claim, words: Messages) -> str:
    ids = claim["rows"]
    said = words["sheet.rows_text"].format(n=f"{len(ids):,}", ids=", ".join(ids[:_IDS_SHOWN]))
    if len(ids) <= _IDS_SHOWN:
        return said
    command = f"{sheet_command(document['spec'], claim['claim'])} --json"
    return f"{said}, {words['sheet.rows_more'].format(command=command)}"


def detail_words(details: Mapping[str, float], words: Messages) -> str:
    """Write the first further figures of a design, by name."""
    shown = list(details.items())[:_DETAILS_SHOWN]
    return "; ".join(f"{_detail_name(name, words)} {_detail(name, value, words)}" for name, value in shown)


def _detail_name(name: str, words: Messages) -> str:
    """The name of a further figure; ratios by week are named by the number of the week."""
    number = name.removeprefix("week_")
    return words["detail.week"].format(n=number) if number.lstrip("-").isdigit() else words.word("detail", name)


def _detail(name: str, value: float | None, words: Messages) -> str:
    """A figure; the week of a change is kept as a number of days and written as a date."""
    if value is None:
        return words["number.missing"]
    if name.endswith("_week") and value > _FIRST_ORDINAL:
        return dt.date.fromordinal(round(value)).isoformat()
    return f"{value:.3g}" if abs(value) < 1 else ratio_words(value, words)


def _passport(document: Document, words: Messages, *, command: str) -> str:
    told = document["provenance"]
    return words["sheet.passport"].format(
        digest=told["data_digest"][:_DIGEST_SIGNS],
        data_version=told["data_version"],
        version=told["package_version"],
        command=command,
    )


def verdict_line(claim: Claim, words: Messages) -> str:
    """Return the verdict of a claim with its ratio, in one line."""
    if claim["estimate"] is None:
        return verdict_words(claim, words)
    ratio = claim["estimate"]["ratio"]
    return f"{verdict_words(claim, words)}: {ratio_words(ratio['value'], words)} ({interval_words(ratio, words)})"


def claim_drawing(claim: Claim, language: str = "en") -> str:
    """Return the drawing of a claim's sheet as a file of its own (SVG)."""
    from sixparty.report import evidence_figures as draw

    return draw.claim_figure(claim, read_claim_words(language))


def claims_drawing(document: Document, language: str = "en") -> str:
    """Return the drawing of all claims with an estimate as a file of its own (SVG)."""
    from sixparty.report import evidence_figures as draw

    claims = [claim for claim in document["result"]["claims"] if claim["estimate"]]
    return draw.forest_figure(claims, read_claim_words(language))
