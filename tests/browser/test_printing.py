"""On paper: page one of the brief is one side of A4, and no page loses text or figures."""

import io
import re

import pytest
from pypdf import PdfReader
from reader import MISSING, load_pictures

pytestmark = pytest.mark.browser

A4 = (595, 842)


def printed(page):
    """Return the sides of a page on paper, as a reader's print dialogue with its usual settings makes them."""
    load_pictures(page)
    made = page.pdf(format="A4", prefer_css_page_size=True, print_background=False)
    return PdfReader(io.BytesIO(made)).pages


def squeezed(text):
    """Return a text without blanks: line ends and justified gaps are the printer's."""
    return re.sub(r"\s+", "", text)


def test_page_one_of_the_brief_is_one_side_of_a4(language, open_page):
    page = open_page("/brief", language)
    first = page.locator("#page-one").inner_text()
    behind = page.locator("#page-two p").first.inner_text()
    sides = printed(page)
    assert [round(float(length)) for length in sides[0].mediabox[2:]] == list(A4)
    front, back = squeezed(sides[0].extract_text()), squeezed(sides[1].extract_text())
    last_words = squeezed(first)[-24:]
    assert last_words in front, f"page one ends with {last_words!r}, the first side with {front[-60:]!r}"
    assert squeezed(behind) not in front
    assert squeezed(behind) in back
    assert len(front) > 0.8 * len(squeezed(first))


def test_print_is_a4_and_says_where_the_record_ends(path, language, open_page):
    page = open_page(path, language)
    sides = printed(page)
    assert {tuple(round(float(length)) for length in side.mediabox[2:]) for side in sides} == {A4}
    if path not in (MISSING, "/brief"):
        end = squeezed(page.locator(".record strong").inner_text())
        assert end in squeezed(sides[0].extract_text())


@pytest.mark.parametrize("path", ["/", "/outlook", "/evidence", "/commitments"])
def test_the_drawings_are_on_paper_too(path, language, open_page):
    page = open_page(path, language)
    wide = page.evaluate("() => [...document.images].map(img => img.currentSrc || img.src)")
    words = set()
    for drawing in wide[:3]:
        other = page.context.new_page()
        other.goto(drawing)
        words |= set(other.evaluate("() => [...document.querySelectorAll('text')].map(one => one.textContent)"))
        other.close()
    paper = squeezed("".join(side.extract_text() for side in printed(page)))
    named = [one for one in words if len(one) > 3 and re.search(r"[^\d\s.,:%–-]", one)]
    missing = [one for one in named if squeezed(one) not in paper]
    assert named
    assert len(missing) <= len(named) // 4, missing


@pytest.mark.parametrize("path", ["/", "/outlook", "/commitments"])
def test_nothing_is_cut_at_the_right_edge_of_paper(path, language, open_page):
    page = open_page(path, language, viewport={"width": 688, "height": 1000})
    page.emulate_media(media="print")
    load_pictures(page)
    over = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter(part => part.getBoundingClientRect().right
          > document.documentElement.clientWidth + 1).map(part => part.outerHTML.slice(0, 120))"""
    )
    assert over == []


@pytest.mark.parametrize("path", ["/", "/outlook", "/commitments"])
def test_what_only_a_screen_can_use_is_not_printed(path, open_page):
    page = open_page(path)
    page.emulate_media(media="print")
    for kind in (".top nav", ".skip", ".tools", ".filter"):
        for part in page.locator(kind).all():
            assert not part.is_visible(), kind
