"""Files that are served as they are: the pages' style, script and sign, and what of the record can be taken along."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sixparty.errors import UsageError
from sixparty.report.pages import static_files
from sixparty.service.data_query import PACKAGE, Download, package_file, rows_file, table_file
from sixparty.service.pages import Site
from sixparty.web.answers import BARE_POLICY, DRAWING_POLICY, Answer
from sixparty.web.pages import NoSuchPage
from sixparty.web.query import Field, read_query
from sixparty.web.routes import ROW_FIELDS

_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
TABLES = "/data/tables/"
"""Folder of the record's tables, as ``/data/tables/events.csv``."""


def static_answers() -> Mapping[str, Answer]:
    """Return every static file by its address."""
    return {f"/static/{name}": _static(name, content) for name, content in static_files().items()}


def _static(name: str, content: bytes) -> Answer:
    kind = name.rpartition(".")[2]
    return Answer(content, _MEDIA[kind], policy=DRAWING_POLICY if kind == "svg" else BARE_POLICY)


def find_download(path: str) -> tuple[tuple[Field, ...], Callable[[Site, Mapping[str, str]], Download]] | None:
    """Return what a file can be asked by and how it is made, or None if the path names no file."""
    if path == f"/data/{PACKAGE}":
        return (), lambda site, query: package_file(home=site.home.folder, marking=site.spec.marking)
    if path == "/data/rows.csv":
        return ROW_FIELDS, lambda site, query: rows_file(query, home=site.home.folder, marking=site.spec.marking)
    if path.startswith(TABLES):
        name = path.removeprefix(TABLES)
        return (), lambda site, query: table_file(name, home=site.home.folder, marking=site.spec.marking)
    return None


def download_answer(path: str, raw_query: str, *, site: Site) -> Answer | None:
    """Return the file at a path, or None if there is none.

    Raises
    ------
    UsageError, DateRefused
        If the query asks what cannot be meant.
    NoSuchPage
        If the record has no such table.
    """
    found = find_download(path)
    if found is None:
        return None
    fields, make = found
    query = read_query(raw_query, fields)
    try:
        made = make(site, query)
    except UsageError as error:
        if not fields:
            raise NoSuchPage(str(error)) from error
        raise
    return Answer(made.content, made.media_type, policy=BARE_POLICY, file_name=made.name)
