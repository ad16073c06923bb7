"""Pages of the site: each a function from one document, that of a verb's `--json`, to HTML and charts. Pure."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from sixparty.errors import UsageError
from sixparty.report.pages.chart import Chart, chart_csv, chart_figure, chart_png, chart_svg
from sixparty.report.pages.site import NAV, Here, SitePage, render, render_plain, row_link, static_files

NAMES: tuple[str, ...] = (
    "situation",
    "outlook",
    "target",
    "evidence",
    "claim",
    "commitments",
    "data",
    "row",
    "coverage",
    "reconciliation",
    "method",
    "method_text",
)
"""Kinds of pages; each is `PAGE` of the module of its name, loaded when it is first asked for."""

__all__ = [
    "NAMES",
    "NAV",
    "Chart",
    "Here",
    "SitePage",
    "chart_csv",
    "chart_figure",
    "chart_png",
    "chart_svg",
    "has_page",
    "render",
    "render_plain",
    "row_link",
    "site_page",
    "static_files",
]


def has_page(name: str) -> bool:
    """Whether there is a page of this kind."""
    return name in NAMES and find_spec(f"{__name__}.{name}") is not None


@cache
def site_page(name: str) -> SitePage:
    """Return the page of this kind.

    Raises
    ------
    UsageError
        If there is none.
    """
    if not has_page(name):
        raise UsageError(f"page must be one of {', '.join(NAMES)}, got {name!r}.")
    page: SitePage = import_module(f"{__name__}.{name}").PAGE
    return page
