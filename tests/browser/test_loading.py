"""A page loads whole, from this machine alone, and looks right at every width."""

from dataclasses import dataclass
from functools import cache

import pytest
from reader import DESK, MISSING, TELEPHONE, Watch, load_pictures, localised, open_details

pytestmark = pytest.mark.browser

MOST_BYTES = 1_500_000
ZOOMED = {"width": DESK["width"] // 2, "height": DESK["height"] // 2}
REFLOWED = {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}
WIDTHS = {
    "a desk": DESK,
    "a tablet": TABLET,
    "a telephone": TELEPHONE,
    "a desk at 200 %": ZOOMED,
    "a desk at 400 %": REFLOWED,
}

TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  const is_own = part => ["auto", "scroll"].includes(getComputedStyle(part).overflowX);
  const scrolls = part => part && (is_own(part) || scrolls(part.parentElement));
  const parts = [...document.body.querySelectorAll("*")].filter(part => {
    const box = part.getBoundingClientRect();
    return box.width > 0 && (box.right > room + 1 || box.left < -1) && !scrolls(part.parentElement)
      && getComputedStyle(part).position !== "absolute";
  });
  return parts.map(part => `${part.tagName.toLowerCase()}.${part.className}: ${part.textContent.trim().slice(0, 60)}`);
}"""

CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter(part => {
  const style = getComputedStyle(part);
  return style.overflowX === "hidden" && style.position !== "absolute" && part.scrollWidth > part.clientWidth + 1;
}).map(part => part.textContent.trim().slice(0, 60))"""


MOVING = """() => [...document.querySelectorAll("*")].filter(part => {
  const style = getComputedStyle(part);
  return style.scrollBehavior === "smooth" || parseFloat(style.transitionDuration) > 0;
}).length + document.getAnimations().length"""

UNDRAWN = "() => [...document.images].filter(img => !(img.complete && img.naturalWidth > 0)).map(img => img.src)"


@dataclass
class Visit:
    """What one reader who asks for no motion found on a page: every picture loaded, every part unfolded."""

    url: str
    complaints: list[str]
    undrawn: list[str]
    size: int
    moving: int


@pytest.fixture(scope="module")
def visit(chromium, address):
    """Return a function that visits a page once for all tests."""

    @cache
    def visit_it(path, language):
        context = chromium.new_context(viewport=DESK, reduced_motion="reduce")
        page = context.new_page()
        watch = Watch(page, address)
        page.goto(address + localised(path, language))
        load_pictures(page)
        open_details(page)
        found = Visit(page.url, watch.complaints, page.evaluate(UNDRAWN), watch.size, page.evaluate(MOVING))
        context.close()
        return found

    return visit_it


def test_a_page_loads_without_complaint_and_asks_nothing_of_other_machines(path, language, visit):
    found = visit(path, language)
    expected = [f"404: {found.url}"] if path == MISSING else []
    told_twice = "the server responded with a status of 404"
    assert [one for one in found.complaints if path != MISSING or told_twice not in one] == expected


def test_every_picture_is_drawn(path, language, visit):
    assert visit(path, language).undrawn == []


def test_a_page_with_all_it_shows_is_smaller_than_its_bound(path, language, visit):
    assert 1000 < visit(path, language).size < MOST_BYTES


def test_a_page_holds_still_for_readers_who_ask_for_it(path, language, visit):
    assert visit(path, language).moving == 0


def test_nothing_scrolls_sideways_nor_is_cut_off_at_any_width(path, language, open_page):
    page = open_page(path, language)
    open_details(page)
    for name, width in WIDTHS.items():
        page.set_viewport_size(width)
        load_pictures(page)
        room, needed = page.evaluate(
            "() => [document.documentElement.clientWidth, document.documentElement.scrollWidth]"
        )
        assert page.evaluate(TOO_WIDE) == [], name
        assert page.evaluate(CUT_OFF) == [], name
        assert needed <= room, name
