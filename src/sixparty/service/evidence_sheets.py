"""Claims as files: a sheet for each in every language, its drawing, and a page of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sixparty.report import CLAIM_LANGUAGES, claim_drawing, claim_sheet, claims_drawing, claims_index, sheet_name
from sixparty.service.evidence import ALL
from sixparty.service.files import write_whole
from sixparty.service.result import Result, to_json


def write_sheets(result: Result, out: Path, *, marking: str | None = None) -> list[Path]:
    """Write what `test_claims` found into the folder `out`, and return the files in the order written.

    Each claim gives ``NAME.html`` (English), ``NAME.ko.html`` (Korean) and, where there is an estimate, ``NAME.svg``.
    Several claims, or ``all``, give ``index.html``, ``index.ko.html`` and ``forest.svg`` as well. ``evidence.json``
    holds what the pages were made from. A handling `marking` stands at head and foot of every page.

    Raises
    ------
    EnvironmentRefused
        If the folder cannot be written to.
    """
    document = result.document()
    files = {"evidence.json": to_json(document), **dict(_pages(document, marking))}
    return [write_whole(out / name, content) for name, content in files.items()]


def _pages(document: Mapping[str, Any], marking: str | None) -> Iterator[tuple[str, str]]:
    claims = document["result"]["claims"]
    has_index = len(claims) > 1 or ALL in document["spec"]["claims"]
    if has_index:
        for language in CLAIM_LANGUAGES:
            yield sheet_name("index", language), claims_index(document, language=language, marking=marking)
    if has_index and any(claim["estimate"] for claim in claims):
        yield "forest.svg", claims_drawing(document)
    for claim in claims:
        for language in CLAIM_LANGUAGES:
            sheet = claim_sheet(document, claim, language=language, has_index=has_index, marking=marking)
            yield sheet_name(claim["claim"], language), sheet
        if claim["estimate"]:
            yield f"{claim['claim']}.svg", claim_drawing(claim)
