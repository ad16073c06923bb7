"""A page of the site: from one document to HTML, with all that every page has around it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sixparty.report.messages import Messages, languages, read_messages
from sixparty.report.page import Page
from sixparty.report.pages.chart import Chart
from sixparty.report.render import environment
from sixparty.report.wording import NUMBER_STYLES, write_value

Document = Mapping[str, Any]
"""The whole envelope of a verb's `--json`: spec, result, provenance, warnings."""

NAV: tuple[tuple[str, str], ...] = (
    ("situation", "/"),
    ("outlook", "/outlook"),
    ("evidence", "/evidence"),
    ("commitments", "/commitments"),
    ("data", "/data"),
    ("method", "/method"),
)
"""The six parts of the site and where each begins."""

_FOLDER = Path(__file__).parent.parent
ROWS_SHOWN = 60
_DEFAULT = "en"
_DIGEST_SIGNS = 12


@dataclass(frozen=True)
class Here:
    """Where a page stands, and what holds for the whole answer.

    Parameters
    ----------
    path
        Address without language and query, as ``/outlook/weapons_test_days``.
    query
        The query as it came, without the question mark, already encoded.
    marking
        Handling marking at head and foot.
    party_names
        How parties are named, a setting of the messages; None is the usual way of the language.
    command
        That prints the document behind the page.
    record_end, reference_date
        Dates in ISO form.
    days_past_coverage, is_stale
        How far the day of the answer lies behind the record's end, and whether that is too far.
    passport
        What made it: `run_id`, `data_version`, `package_version`, `data_digest`.
    has_twin
        Whether the page rests on a document; an error does not.
    has_changed
        Whether the record has changed since the brief behind the pages was made.
    """

    path: str
    language: str = _DEFAULT
    query: str = ""
    marking: str | None = None
    party_names: str | None = None
    command: str = "sixparty brief"
    generated_at: str = ""
    record_end: str = ""
    reference_date: str = ""
    days_past_coverage: int = 0
    is_stale: bool = False
    passport: Mapping[str, Any] | None = None
    has_twin: bool = True
    has_changed: bool = False

    def link(self, address: str) -> str:
        """Return an address of the site in this page's language; others are left as they are.

        Examples
        --------
        >>> Here("/", language="ko").link("/data/row/evt-1")
        '/ko/data/row/evt-1'
        """
        if not address.startswith("/") or address.startswith("/static/") or ".json" in address:
            return address
        return _in_language(address, self.language)

    @property
    def twin(self) -> str:
        """Address of the document behind the page; it has no language."""
        path = "/index.json" if self.path == "/" else f"{self.path}.json"
        return self._asked(path)

    def in_language(self, language: str) -> str:
        """Address of the same page in another language."""
        return self._asked(_in_language(self.path, language))

    @property
    def other_languages(self) -> tuple[str, ...]:
        """Languages that this page can be read in beside its own."""
        return tuple(name for name in languages() if name != self.language)

    def chart(self, name: str, form: str) -> str:
        """Address of a chart of this page: ``svg``, ``png``, ``csv``, or ``wide.svg`` and ``narrow.svg`` for the page.

        Examples
        --------
        >>> Here("/outlook").chart("fan", "svg")
        '/charts/outlook/fan.svg'
        """
        place = "/situation" if self.path == "/" else self.path
        return self._asked(_in_language(f"/charts{place}/{name}.{form}", self.language))

    def date(self, messages: Messages, day: str) -> str:
        """Write a date as the language does."""
        return write_value(day, "date", messages=messages)

    @property
    def part(self) -> str:
        """Name of the part of the site to which the page belongs."""
        first = self.path.strip("/").split("/")[0]
        return first or "situation"

    def _asked(self, path: str) -> str:
        return f"{path}?{self.query}" if self.query else path


@dataclass(frozen=True)
class SitePage:
    """One kind of page: how a document becomes charts, words and HTML.

    Parameters
    ----------
    name
        Of the page's kind: ``situation``, ``outlook``, ``target``, ``claim``.
    template
        As ``pages/outlook.html.j2``.
    charts
        From document and messages to the charts of the page.
    context
        From document and page to further names for the template.
    trace
        From the key of a figure to the address that tells how it came about: ``#trace-index``, ``/data/row/x``,
        ``/method/index``.
    """

    name: str
    template: str
    charts: Callable[[Document, Messages], tuple[Chart, ...]]
    context: Callable[[Document, Page], Mapping[str, Any]]
    trace: Callable[[str], str]


@dataclass(frozen=True)
class SitePen:
    """HTML in which every figure links to how it came about."""

    trace: Callable[[str], str]
    here: Here

    def text(self, words: str) -> str:
        """Set down fixed words."""
        return html.escape(words)

    def value(self, shown: str, *, key: str, style: str) -> str:
        """Set down a value of the document as it is shown."""
        words = html.escape(shown)
        name = style.partition(":")[0]
        if name in ("word", "plural"):
            return words
        data = f'data-key="{html.escape(key)}" data-style="{style}"'
        if name in NUMBER_STYLES:
            return f'<a class="n" {data} href="{html.escape(self.here.link(self.trace(key)))}">{words}</a>'
        return f"<span {data}>{words}</span>"


def render(page: SitePage, document: Document, *, here: Here) -> str:
    """Return a page as HTML.

    The template finds `page` (for `page.num`, `page.say`, `page.word`), `here`, `charts` by name, `document`, `r` (its
    result), `m` (the messages), and what the page's `context` gives.
    """
    messages = read_messages(here.language, here.party_names)
    written = Page(document, messages=messages, pen=SitePen(page.trace, here))
    charts = {chart.name: chart for chart in page.charts(document, messages)}
    names: dict[str, Any] = {
        "page": written,
        "here": here,
        "charts": charts,
        "document": document,
        "r": document["result"],
        "warnings": document["warnings"],
        "m": messages,
        "nav": NAV,
        "chart_rows": chart_rows,
        "citation": citation,
        "row_link": row_link,
    }
    template = environment(is_html=True).get_template(page.template)
    return template.render(names | dict(page.context(document, written)))


def render_plain(template: str, names: Mapping[str, Any], *, here: Here) -> str:
    """Return a page that rests on no document, such as an error."""
    m = read_messages(here.language, here.party_names)
    return environment(is_html=True).get_template(template).render(here=here, m=m, nav=NAV, warnings=(), **names)


def chart_rows(chart: Chart, messages: Messages) -> list[list[str]]:
    """Return the last rows of a chart's table as ready cells; the whole table is in its CSV."""
    columns = list(chart.rows[0]) if chart.rows else []
    return [[_cell(row[name], messages) for name in columns] for row in chart.rows[-ROWS_SHOWN:]]


def citation(title: str, *, here: Here, messages: Messages) -> str:
    """Return the words by which a page or a chart is cited."""
    told = here.passport or {}
    return messages["site.citation"].format(
        title=title,
        record_end=here.record_end,
        data_version=told.get("data_version", ""),
        package_version=told.get("package_version", ""),
        digest=str(told.get("data_digest", ""))[:_DIGEST_SIGNS],
        command=here.command,
    )


def row_link(row_id: str) -> str:
    """Return the address of a row's page.

    Examples
    --------
    >>> row_link("evt-2017-09-03-nuclear")
    '/data/row/evt-2017-09-03-nuclear'
    """
    return f"/data/row/{quote(row_id, safe='')}"


@cache
def static_files() -> Mapping[str, bytes]:
    """Return the files that pages ask for: style, script, sign."""
    paths = [_FOLDER / "styles" / "site.css", *sorted((_FOLDER / "static").iterdir())]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def _cell(value: Any, messages: Messages) -> str:
    if value is None:
        return messages["site.no_value"]
    if isinstance(value, float):
        return f"{value:.3g}".replace("-", "−") if abs(value) < 1000 else f"{value:,.0f}"
    return str(value)


def _in_language(path: str, language: str) -> str:
    if language == _DEFAULT:
        return path
    return f"/{language}" if path == "/" else f"/{language}{path}"
