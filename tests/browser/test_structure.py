"""What a screen reader is told: landmarks, headings, tables, pictures; and what axe finds."""

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from reader import TELEPHONE, load_pictures, open_details

pytestmark = pytest.mark.browser

GRAVE = ("serious", "critical")
ROOM_TO_TOUCH = "target-size"
"""A rule that axe leaves off unless asked. The brief is a sheet of paper, and as dense as one."""


def grave_findings(page, *, is_touched):
    """Return what axe finds serious or critical, each with the first place of it."""
    options = {"resultTypes": ["violations"], "rules": {ROOM_TO_TOUCH: {"enabled": is_touched}}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['impact']} {one['id']}: {one['help']}; {len(one['nodes'])} places, as {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]


@pytest.mark.parametrize("width", ["desk", "telephone"])
def test_axe_finds_nothing_serious(path, language, width, open_page):
    page = open_page(path, language, **({"viewport": TELEPHONE} if width == "telephone" else {}))
    load_pictures(page)
    open_details(page)
    assert grave_findings(page, is_touched=width == "desk" and path != "/brief") == []


def test_headings_have_one_top_and_skip_no_level(path, language, look_at):
    page = look_at(path, language)
    levels = page.evaluate("() => [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(head => +head.tagName[1])")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_landmarks_are_there_once_and_titles_name_the_page(path, language, look_at):
    page = look_at(path, language)
    told = page.locator("body").aria_snapshot()
    assert told.count("- main") == 1
    if path != "/brief":
        assert (told.count("- banner"), told.count("- contentinfo")) == (1, 1)
        assert "- navigation" in told
    assert page.locator("h1").inner_text().strip()
    assert len(page.title()) > 5


def test_titles_differ_from_page_to_page(language, open_page):
    titles = {}
    for path in ("/", "/outlook", "/outlook/nuclear_test", "/evidence", "/commitments", "/data", "/method", "/brief"):
        titles.setdefault(open_page(path, language).title(), []).append(path)
    assert [paths for paths in titles.values() if len(paths) > 1] == []


def test_tables_keep_rows_and_heads_for_screen_readers_on_a_telephone(path, language, open_page):
    page = open_page(path, language, viewport=TELEPHONE)
    open_details(page)
    tables = page.locator("table").count()
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored") and "role" in node]
    assert roles.count("table") == tables
    if tables:
        assert roles.count("columnheader") + roles.count("rowheader") >= tables
        assert roles.count("cell") + roles.count("gridcell") > 0


def test_every_table_has_a_caption_and_scoped_heads(path, language, look_at):
    page = look_at(path, language)
    bare = page.evaluate(
        """() => [...document.querySelectorAll("table")].filter(table => !table.caption?.textContent.trim()
          && !table.getAttribute("aria-label") && !table.getAttribute("aria-labelledby")
          || !table.querySelector("th[scope]")).map(table => table.outerHTML.slice(0, 200))"""
    )
    assert bare == []


def test_pictures_say_what_they_show(path, language, look_at):
    page = look_at(path, language)
    texts = page.evaluate("() => [...document.images].map(img => img.alt)")
    texts += page.evaluate(
        "() => [...document.querySelectorAll('svg[role=img]:not([aria-hidden=true] *)')]"
        ".map(one => one.getAttribute('aria-label'))"
    )
    shortest = 15 if language == "en" else 5
    assert all(text and len(text) > shortest for text in texts), texts
    if path != "/brief":  # its strips stand in rows that name them
        assert len(set(texts)) == len(texts)
