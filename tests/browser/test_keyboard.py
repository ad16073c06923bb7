"""A reader with the keyboard alone comes everywhere, in the order of the page, and sees where they are."""

import pytest
from reader import TELEPHONE

pytestmark = pytest.mark.browser

MOST_STOPS = 80

STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter(part => part.tabIndex >= 0 && part.checkVisibility({visibilityProperty: true}))"""

HERE = f"""() => {{
  const part = document.activeElement, style = getComputedStyle(part), box = part.getBoundingClientRect();
  const name = part.getAttribute("aria-label") || part.innerText || (part.labels && part.labels[0]?.innerText) || "";
  return {{
    place: ({STOPS})().indexOf(part),
    name: name.trim(),
    is_ringed: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    is_seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 1,
  }};
}}"""


def test_tab_goes_through_every_stop_in_the_order_of_the_page_with_a_visible_ring(path, language, open_page):
    page = open_page(path, language)
    known = page.evaluate(f"() => ({STOPS})().length")
    for place in range(min(known, MOST_STOPS)):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        assert here["place"] == place, f"stop {place} of {known}: {here}"
        assert here["name"], f"stop {place} has no name"
        assert here["is_ringed"], here
        assert here["is_seen"], here
    assert known >= 3


def test_no_stop_is_taken_out_of_order(path, language, open_page):
    page = open_page(path, language)
    assert (
        page.evaluate("() => [...document.querySelectorAll('[tabindex]')].filter(part => part.tabIndex > 0).length")
        == 0
    )


def test_the_last_stops_are_reached_backwards_from_the_end(path, language, open_page):
    page = open_page(path, language)
    known = page.evaluate(f"() => ({STOPS})().length")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(HERE)["place"] == known - 1
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(HERE)["place"] == known - 2


@pytest.mark.parametrize("start", ["/", "/outlook", "/evidence", "/commitments", "/data", "/method"])
def test_the_first_stop_leads_past_the_navigation_to_the_text(start, language, open_page):
    page = open_page(start, language)
    page.keyboard.press("Tab")
    link = page.locator(".skip")
    assert link.bounding_box()["width"] > 40
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_the_six_parts_are_reached_from_any_page(language, open_page):
    page = open_page("/data/coverage", language)
    seen = []
    for place in range(1, 7):
        page.locator(f".top nav li:nth-child({place}) a").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.locator('.top nav a[aria-current="page"]').count() == 1
        seen.append(page.url)
    assert len(set(seen)) == 6


def test_enter_changes_the_language_and_keeps_the_page(open_page):
    page = open_page("/commitments?obligor=PRK")
    page.locator('.tongues a[hreflang="ko"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ko/commitments?obligor=PRK")
    assert page.evaluate("() => document.documentElement.lang") == "ko"


@pytest.mark.parametrize("start", ["/", "/outlook", "/evidence", "/commitments"])
def test_a_figures_table_opens_and_scrolls_by_key(start, language, open_page):
    page = open_page(start, language, viewport=TELEPHONE)
    part = page.locator("figure.chart details").first
    part.locator("summary").focus()
    page.keyboard.press("Enter")
    assert part.locator("table").is_visible()
    page.keyboard.press("Tab")
    region = part.locator(".scroll")
    assert region.evaluate("part => part === document.activeElement")
    room = region.evaluate(
        "part => Math.max(part.scrollHeight - part.clientHeight, part.scrollWidth - part.clientWidth)"
    )
    if room > 0:
        page.keyboard.press("End")
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "() => { const part = document.activeElement; return part.scrollTop + part.scrollLeft > 0; }"
        )


def test_the_record_is_searched_by_key(language, open_page):
    page = open_page("/data", language)
    page.locator('input[name="q"]').focus()
    page.keyboard.type("Punggye-ri")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Punggye-ri*")
    assert page.locator("main a[href*='/data/row/']").count() >= 1
    assert page.locator('input[name="q"]').input_value() == "Punggye-ri"


def test_commitments_are_chosen_by_key(language, open_page):
    page = open_page("/commitments", language)
    of_all = page.locator("main .lead").inner_text()
    page.locator('select[name="obligor"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator('select[name="obligor"]').input_value()
    while not page.evaluate("() => document.activeElement.matches('button[type=submit]')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**obligor={chosen}*")
    assert page.locator('select[name="obligor"]').input_value() == chosen
    assert page.locator("main .lead").inner_text() != of_all
