"""The table of addresses: which document stands behind each, and which page shows it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sixparty.report.messages import languages
from sixparty.service.data_query import ASKED, find_rows_asked
from sixparty.service.describe import describe_data
from sixparty.service.ledger import LedgerSpec
from sixparty.service.lookup import show_row
from sixparty.service.method import method_text
from sixparty.service.pages import Document, Site
from sixparty.service.reconcile import shipped_reconciliation
from sixparty.web.query import Field, number

Find = Callable[[Site, Mapping[str, str]], Document | None]
"""From the documents and what was asked (parts of the path and the query together) to one document."""

_FIRST = "en"
_PART = re.compile(r"\{(\w+)\}")
_SEGMENT = r"[^/\x00-\x1f]{1,160}"


@dataclass(frozen=True)
class Route:
    """One address, or one for each name of something.

    Parameters
    ----------
    pattern
        Without language: ``/outlook/{target}``.
    page
        Kind of page that shows the document; None where only its twin is served.
    find
        The document; None if it is not found yet.
    fields
        Names that it can be asked by.
    preparing
        Name under which `Site.refusal` tells why a document could not be found; a part of the path in braces.
    """

    pattern: str
    page: str
    find: Find
    fields: tuple[Field, ...] = ()
    preparing: str = ""

    def match(self, path: str) -> dict[str, str] | None:
        """Return the parts of a path that fits the pattern, or None."""
        found = re.fullmatch(_PART.sub(lambda part: f"(?P<{part[1]}>{_SEGMENT})", self.pattern), path)
        return found.groupdict() if found else None


@dataclass(frozen=True)
class Place:
    """Where an address leads: the route, the parts of its path, the language and the form asked for.

    Parameters
    ----------
    path
        Without language, without the ending of a twin.
    chart
        Name and form of a drawing, as ``("index", "wide.svg")``.
    """

    route: Route
    path: str
    parts: Mapping[str, str]
    language: str = _FIRST
    is_twin: bool = False
    chart: tuple[str, str] | None = None


def split_language(path: str) -> tuple[str, str]:
    """Return the language of a path and the path without it.

    Examples
    --------
    >>> split_language("/ko/outlook")
    ('ko', '/outlook')
    """
    for name in _known_languages():
        if name != _FIRST and (path == f"/{name}" or path.startswith(f"/{name}/")):
            return name, path[len(name) + 1 :] or "/"
    return _FIRST, path


@cache
def _known_languages() -> tuple[str, ...]:
    return languages()


def find_place(address: str) -> Place | None:
    """Return where an address leads, or None if it leads nowhere."""
    language, path = split_language(address)
    if path.startswith("/charts/"):
        return _chart_place(path.removeprefix("/charts"), language)
    if path.endswith(".json"):
        own = "/" if path == "/index.json" else path.removesuffix(".json")
        place = _page_place(own, _FIRST) if language == _FIRST else None
        return replace(place, is_twin=True) if place else None
    return _page_place(path, language)


def _page_place(path: str, language: str) -> Place | None:
    for route in ROUTES:
        parts = route.match(path)
        if parts is not None and not {".", ".."} & set(parts.values()):
            return Place(route, path, parts, language)
    return None


def _chart_place(path: str, language: str) -> Place | None:
    folder, _, file = path.rpartition("/")
    name, _, form = file.partition(".")
    place = _page_place("/" if folder == "/situation" else folder, language)
    return replace(place, chart=(name, form)) if place and form in CHART_FORMS else None


def _rows(site: Site, asked: Mapping[str, str]) -> Document:
    return find_rows_asked(asked, home=site.home.folder).document()


def _row(site: Site, asked: Mapping[str, str]) -> Document:
    return show_row(asked["row"], home=site.home.folder).document()


def _coverage(site: Site, asked: Mapping[str, str]) -> Document:
    return describe_data(home=site.home.folder).document()


def _reconciliation(site: Site, asked: Mapping[str, str]) -> Document:
    return shipped_reconciliation(home=site.home.folder).document()


def _ledger(site: Site, asked: Mapping[str, str]) -> Document:
    chosen: dict[str, Any] = {name: asked.get(name) for name in ("agreement", "obligor", "domain", "state")}
    due = number(asked, "due_within")
    chosen |= {"due_within": due} if due is not None else {}
    return site.ledger(LedgerSpec(**chosen))


CHART_FORMS = ("svg", "png", "csv", "wide.svg", "narrow.svg")
"""Forms of a chart: three to take along, two that stand in a page."""

ROW_FIELDS = tuple(Field(name, low=1, high=100_000) if name == "page" else Field(name) for name in ASKED)
LEDGER_FIELDS = (
    Field("agreement"),
    Field("obligor"),
    Field("domain"),
    Field("state"),
    Field("due_within", low=0, high=3660),
)
ROUTES: tuple[Route, ...] = (
    Route("/", "situation", lambda site, asked: site.brief),
    Route("/brief", "brief", lambda site, asked: site.brief),
    Route("/outlook", "outlook", lambda site, asked: site.brief),
    Route("/outlook/{target}", "target", lambda site, asked: site.explained(asked["target"]), preparing="{target}"),
    Route("/evidence", "evidence", lambda site, asked: site.claims(), preparing="claims"),
    Route("/evidence/{claim}", "claim", lambda site, asked: site.claims((asked["claim"],)), preparing="claims"),
    Route("/commitments", "commitments", _ledger, LEDGER_FIELDS),
    Route("/data", "data", _rows, ROW_FIELDS),
    Route("/data/coverage", "coverage", _coverage),
    Route("/data/reconciliation", "reconciliation", _reconciliation),
    Route("/data/row/{row}", "row", _row),
    Route("/method", "method", _coverage),
    Route("/method/{text}", "method_text", lambda site, asked: method_text(asked["text"]).document()),
)
"""Every address that has a document, the first that fits counts."""
