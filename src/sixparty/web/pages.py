"""From a place to an answer: the page, its twin, its charts. What was made once is kept in memory, up to a bound."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from sixparty.errors import SixPartyError
from sixparty.report.messages import languages, read_messages
from sixparty.report.pages import Chart, Here, has_page, render, site_page
from sixparty.report.pages.chart import chart_csv, chart_figure, chart_png, chart_svg
from sixparty.report.render import brief_html
from sixparty.service.pages import Document, Site, overlay_stamp
from sixparty.service.result import to_json
from sixparty.web.answers import BARE_POLICY, DRAWING_POLICY, HTML, JSON, Answer, own_style_policy
from sixparty.web.kept import Kept
from sixparty.web.query import read_query
from sixparty.web.routes import Place

MOST_BYTES = 64 * 2**20
"""Bound on pages and drawings kept; documents and chart tables have a quarter of it each."""

_CHART_BYTES, _ROW_BYTES = 60_000, 400
_OBJECTS = 6  # bytes in memory of a document for each sign of its text
_MEDIA = {"svg": "image/svg+xml", "png": "image/png", "csv": "text/csv; charset=utf-8"}


class NotFoundYet(Exception):
    """A document that is still being made in the background; `why` tells why it cannot be, if so."""

    def __init__(self, why: str | None) -> None:
        super().__init__(why or "still being made")
        self.why = why


class NoSuchPage(Exception):
    """An address whose parts name nothing; `why` says what was expected, if known."""

    def __init__(self, why: str | None = None) -> None:
        super().__init__(why or "no such page")
        self.why = why


class Pages:
    """Every page, twin and chart of a site."""

    def __init__(self, site: Site, *, most_bytes: int = MOST_BYTES) -> None:
        self.site = site
        self.has_changed = False
        self._stamp = overlay_stamp(site.home)
        self._answers: Kept[Answer] = Kept(most_bytes, weight=lambda answer: len(answer.content) + 1000)
        self._documents: Kept[tuple[Document, int]] = Kept(most_bytes // 4, weight=lambda pair: pair[1])
        self._charts: Kept[tuple[Chart, ...]] = Kept(most_bytes // 4, weight=_weight_of_charts)

    @property
    def weight(self) -> int:
        """Bytes of all that is kept, by our own count."""
        return self._answers.weight + self._documents.weight + self._charts.weight

    def kept(self, place: Place, raw_query: str) -> Answer | None:
        """Return the answer if it was made before."""
        return self._answers.get((_key(place), raw_query))

    def answer(self, place: Place, raw_query: str) -> Answer:
        """Return the answer, making it if need be.

        Raises
        ------
        UsageError, DateRefused
            If the query asks what cannot be meant.
        NoSuchPage, NotFoundYet
            If there is nothing at the place, or not yet.
        """
        query = read_query(raw_query, place.route.fields)
        found = self._answers.find((_key(place), urlencode(query)), lambda: self._make(place, query))
        assert found is not None
        return found

    def charts_of(self, place: Place, query: Mapping[str, str]) -> tuple[Chart, ...]:
        """Return the charts of the page at a place, in its language."""

        def make() -> tuple[Chart, ...]:
            messages = read_messages(place.language, self.site.spec.party_names)
            return site_page(place.route.page).charts(self._document(place, query), messages)

        return self._charts.find((place.path, place.language, urlencode(query)), make) or ()

    def look_for_changes(self) -> None:
        """Forget all that was made if the user's own rows have changed since; every page then says so."""
        if (stamp := overlay_stamp(self.site.home)) != self._stamp:
            self._stamp, self.has_changed = stamp, True
            for kept in (self._answers, self._documents, self._charts):
                kept.clear()

    def _make(self, place: Place, query: Mapping[str, str]) -> Answer:
        if place.is_twin:
            return Answer(to_json(self._document(place, query)).encode(), JSON, policy=BARE_POLICY)
        if place.route.page == "brief":
            return self._brief(place)
        if not has_page(place.route.page):
            raise NoSuchPage
        return self._drawing(place, query) if place.chart else self._page(place, query)

    def _page(self, place: Place, query: Mapping[str, str]) -> Answer:
        document = self._document(place, query)
        page = render(site_page(place.route.page), document, here=self._here(place, query, document))
        return Answer(page.encode())

    def _brief(self, place: Place) -> Answer:
        if place.chart:
            raise NoSuchPage
        twins = {name: _brief_path(name) for name in languages() if name != place.language}
        names = self.site.spec.party_names
        page = brief_html(self.site.brief, place.language, party_names=names, twins=twins)
        return Answer(page.encode(), HTML, policy=own_style_policy(page))

    def _drawing(self, place: Place, query: Mapping[str, str]) -> Answer:
        assert place.chart is not None
        name, form = place.chart
        chart = next((one for one in self.charts_of(place, query) if one.name == name), None)
        if chart is None:
            raise NoSuchPage
        content = _FORMS[form](chart, self.site.spec.marking)
        kind = form.rpartition(".")[2]
        data = content.encode() if isinstance(content, str) else content
        file_name = f"sixparty-{chart.name}.{kind}"
        return Answer(data, _MEDIA[kind], policy=DRAWING_POLICY if kind == "svg" else BARE_POLICY, file_name=file_name)

    def _document(self, place: Place, query: Mapping[str, str]) -> Document:
        found = self._documents.find((place.path, urlencode(query)), lambda: self._find(place, query))
        if found is None:
            raise NotFoundYet(self.site.refusal(place.route.preparing.format(**place.parts)))
        return found[0]

    def _find(self, place: Place, query: Mapping[str, str]) -> tuple[Document, int] | None:
        try:
            document = place.route.find(self.site, {**place.parts, **query})
        except SixPartyError as error:
            if place.parts:
                raise NoSuchPage(str(error)) from error
            raise
        return (document, _OBJECTS * len(json.dumps(document))) if document is not None else None

    def _here(self, place: Place, query: Mapping[str, str], document: Document) -> Here:
        header, told = self.site.brief["result"]["header"], document["provenance"]
        return Here(
            place.path,
            language=place.language,
            query=urlencode(query),
            marking=self.site.spec.marking,
            party_names=self.site.spec.party_names,
            command=told["command"],
            generated_at=told["generated_at"],
            record_end=header["coverage_end"],
            reference_date=header["reference_date"],
            days_past_coverage=header["days_past_coverage"],
            is_stale=header["is_stale"],
            passport=told,
            has_changed=self.has_changed,
        )


def _key(place: Place) -> tuple[object, ...]:
    return place.path, place.language, place.is_twin, place.chart


def _brief_path(language: str) -> str:
    return "/brief" if language == "en" else f"/{language}/brief"


def _weight_of_charts(charts: tuple[Chart, ...]) -> int:
    return sum(_CHART_BYTES + _ROW_BYTES * len(chart.rows) for chart in charts)


_FORMS: Mapping[str, Callable[[Chart, str | None], str | bytes]] = {
    "svg": lambda chart, marking: chart_svg(chart, marking=marking),
    "png": lambda chart, marking: chart_png(chart, marking=marking),
    "csv": lambda chart, marking: chart_csv(chart, marking=marking),
    "wide.svg": lambda chart, marking: chart_figure(chart, marking=marking),
    "narrow.svg": lambda chart, marking: chart_figure(chart, is_narrow=True, marking=marking),
}
