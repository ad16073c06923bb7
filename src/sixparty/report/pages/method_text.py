"""One text on method, with its contents, formulas and tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.chart import Chart
from sixparty.report.pages.markdown import Rendered, render_markdown
from sixparty.report.pages.site import SitePage

_TEXTS_KEPT = 96
_FEWEST_HEADINGS = 3


def method_text_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: the text as HTML and its contents."""
    found = document["result"]
    before = "" if page.messages.language == "en" else f"/{page.messages.language}"
    links = tuple((path, f"{before}/method/{name}") for path, name in found["links"].items())
    text = _rendered(found["markdown"], found["folder"], links, tuple(found["pictures"].items()))
    contents = [(anchor, words) for level, anchor, words in text.contents if level == 2]
    return {
        "text": Marked(text.html),
        "contents": contents if len(contents) >= _FEWEST_HEADINGS else [],
        "command": document["provenance"]["command"],
    }


@lru_cache(maxsize=_TEXTS_KEPT)
def _rendered(
    text: str, folder: str, links: tuple[tuple[str, str], ...], pictures: tuple[tuple[str, str], ...]
) -> Rendered:
    return render_markdown(text, folder=folder, links=dict(links), pictures=dict(pictures))


def method_text_trace(key: str) -> str:
    """Return the address that tells how a figure came about."""
    return "/method"


def _no_charts(document: Mapping[str, Any], messages: Messages) -> tuple[Chart, ...]:
    return ()


PAGE = SitePage(
    name="method_text",
    template="pages/method_text.html.j2",
    charts=_no_charts,
    context=method_text_context,
    trace=method_text_trace,
)
