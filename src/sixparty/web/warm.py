"""What is made in the background once the pages are served, so that no reader waits for it."""

from __future__ import annotations

import logging
from dataclasses import replace
from threading import Event, Thread

from sixparty.errors import SixPartyError
from sixparty.report.messages import languages
from sixparty.report.pages import has_page
from sixparty.service.pages import Site, prepare_beside
from sixparty.web.pages import NoSuchPage, NotFoundYet, Pages
from sixparty.web.routes import Place, find_place

_LOG = logging.getLogger("sixparty")
FIRST_PAGES = ("/", "/outlook", "/evidence", "/commitments", "/data", "/method", "/data/coverage", "/brief")
"""Pages that are made first, in this order."""

_EVERY_SECONDS = 2.0


def warm(pages: Pages, *, has_ended: Event) -> None:
    """Make the first pages and their drawings in every language; find beside what takes long, then make its pages.

    A page that fails is logged and left to the reader who asks for it. Until the end the user's own rows are watched.
    """
    beside = Thread(target=_prepare, args=(pages.site, has_ended), name="prepare", daemon=True)
    beside.start()
    _warm_all(pages, FIRST_PAGES, has_ended=has_ended)
    beside.join()
    later = ("/evidence", *(f"/outlook/{target}" for target in pages.site.targets))
    _warm_all(pages, later, has_ended=has_ended)
    while not has_ended.wait(_EVERY_SECONDS):
        pages.look_for_changes()


def _prepare(site: Site, has_ended: Event) -> None:
    if not site.is_prepared:
        prepare_beside(site, has_ended=has_ended)


def _warm_all(pages: Pages, paths: tuple[str, ...], *, has_ended: Event) -> None:
    for language in languages():
        for path in paths:
            if has_ended.is_set():
                return
            place = find_place(path if language == "en" else f"/{language}{path.rstrip('/')}")
            if place is not None and (has_page(place.route.page) or place.route.page == "brief"):
                _warm_page(pages, place)


def _warm_page(pages: Pages, place: Place) -> None:
    try:
        pages.answer(place, "")
        if place.route.page != "brief":
            for chart in pages.charts_of(place, {}):
                for form in ("wide.svg", "narrow.svg"):
                    pages.answer(_drawing_of(place, chart.name, form), "")
    except (NoSuchPage, NotFoundYet):
        return
    except SixPartyError as error:
        _LOG.warning("%s could not be made beforehand: %s", place.path, error)
    except Exception:
        _LOG.exception("a page failed: %s", place.path)


def _drawing_of(place: Place, name: str, form: str) -> Place:
    return replace(place, chart=(name, form))
