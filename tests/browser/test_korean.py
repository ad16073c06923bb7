"""A reader of Korean: every page says so, is Korean, and its figures show Hangul, not boxes."""

import pytest
from reader import HANGUL, PATHS, fetched

pytestmark = pytest.mark.browser

HAS_FIGURES = ("/", "/outlook", "/outlook/nuclear_test", "/evidence", "/commitments")
IN_ENGLISH = ("/method",)

UNTRANSLATED = r"""() => {
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const part = node.parentElement;
    if (part.closest("code, pre, script, style, [lang=en], .cite, blockquote")) continue;
    if (/(?:\b[A-Za-z][a-z]{2,}\b[ ,.]+){4}/.test(node.textContent)) found.push(node.textContent.trim().slice(0, 90));
  }
  return found;
}"""

SYLLABLES_DRAWN_ALIKE = """(family) => {
  const canvas = new OffscreenCanvas(40, 40);
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const drawn = sign => {
    pen.clearRect(0, 0, 40, 40);
    pen.font = `30px ${family}`;
    pen.fillText(sign, 3, 32);
    return pen.getImageData(0, 0, 40, 40).data.join("");
  };
  const syllables = [...new Set(document.documentElement.textContent.match(/[가-힣]/g))];
  const box = drawn("\\u{10FFFD}"), seen = new Map();
  for (const sign of syllables) seen.set(drawn(sign), (seen.get(drawn(sign)) || "") + sign);
  const alike = [...seen.values()].filter(one => one.length > 1);
  return {syllables: syllables.length, alike, boxes: seen.get(box) || ""};
}"""

LIKENESS = """async ([drawing, pixels, places]) => {
  const load = async address => { const img = new Image(); img.src = address; await img.decode(); return img; };
  const [one, other] = await Promise.all([load(drawing), load(pixels)]);
  const ink = img => {
    const canvas = document.createElement("canvas");
    canvas.width = other.naturalWidth; canvas.height = other.naturalHeight;
    const pen = canvas.getContext("2d", {willReadFrequently: true});
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(img, 0, 0, canvas.width, canvas.height);
    const scale = canvas.width / one.naturalWidth;
    return places.map(([x, y, width, height]) => {
      const data = pen.getImageData(x * scale, y * scale, Math.max(1, width * scale), Math.max(1, height * scale)).data;
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) dark += 255 - data[at + 1];
      return dark / data.length;
    });
  };
  const [a, b] = [ink(one), ink(other)];
  return places.map((_, at) => [a[at], b[at]]);
}"""


@pytest.mark.parametrize("path", HAS_FIGURES)
def test_the_drawings_of_a_korean_page_have_hangul_from_a_font_that_has_it(path, open_page, address):
    page = open_page(path, "ko")
    drawings = page.evaluate("() => [...document.images].map(img => img.src).filter(src => src.includes('/charts/'))")
    assert drawings
    for drawing in drawings:
        page.goto(drawing)
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "text"})["nodeIds"]
        texts = page.evaluate("() => [...document.querySelectorAll('text')].map(text => text.textContent)")
        korean = [node for node, text in zip(nodes, texts, strict=True) if HANGUL.search(text)]
        assert korean, f"{drawing} has no Hangul: {texts[:12]}"
        for node in korean[:12]:
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert all("CJK" in font["familyName"] or "KR" in font["familyName"] for font in fonts), (drawing, fonts)


@pytest.mark.parametrize("path", HAS_FIGURES)
def test_no_syllable_of_a_drawing_is_a_box(path, open_page):
    page = open_page(path, "ko")
    drawings = page.evaluate("() => [...document.images].map(img => img.src).filter(src => src.includes('/charts/'))")
    for drawing in drawings:
        page.goto(drawing)
        family = page.evaluate(
            "() => getComputedStyle([...document.querySelectorAll('text')]"
            ".find(text => /[가-힣]/.test(text.textContent))).fontFamily"
        )
        found = page.evaluate(SYLLABLES_DRAWN_ALIKE, family)
        assert found["syllables"] > 2
        assert found["alike"] == [], drawing
        assert found["boxes"] == "", drawing


@pytest.mark.parametrize("path", HAS_FIGURES)
def test_pixels_to_take_along_show_the_same_hangul_as_the_drawing(path, open_page, address):
    page = open_page(path, "ko")
    files = page.evaluate("() => [...document.querySelectorAll('.files a[href$=\".png\"]')].map(link => link.href)")
    assert files
    for pixels in files:
        drawing = pixels.removesuffix(".png") + ".svg"
        page.goto(drawing)
        places = page.evaluate(
            """() => [...document.querySelectorAll("text")].filter(text => /[가-힣]/.test(text.textContent))
              .map(text => text.getBoundingClientRect()).map(box => [box.x, box.y, box.width, box.height])"""
        )
        assert places
        page.goto(address + "/ko/method")
        pairs = page.evaluate(LIKENESS, [drawing, pixels, places])
        bare = [pair for pair in pairs if not pair[1] > 0.6 * pair[0]]
        assert len(bare) <= len(pairs) // 20, (pixels, bare)


def test_a_korean_page_says_that_it_is_korean_and_is(path, look_at):
    page = look_at(path, "ko")
    assert page.evaluate("() => document.documentElement.lang") == "ko"
    assert HANGUL.search(page.title())
    if not path.startswith(IN_ENGLISH):
        assert page.evaluate(UNTRANSLATED) == []


def test_an_english_page_marks_its_korean_words(path, look_at):
    page = look_at(path, "en")
    unmarked = page.evaluate(
        r"""() => { const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode())
          if (/[가-힣]/.test(node.textContent) && !/^\s*https?:/.test(node.textContent)
            && !node.parentElement.closest("[lang=ko], script, style"))
            found.push(node.textContent.trim().slice(0, 60));
        return found; }"""
    )
    assert unmarked == []


@pytest.mark.parametrize("path", PATHS)
def test_each_page_leads_to_itself_in_the_other_language(path, language, open_page):
    page = open_page(path, language)
    other = "ko" if language == "en" else "en"
    link = page.locator(f'a[hreflang="{other}"]').first
    with page.expect_navigation():
        link.click()
    assert page.evaluate("() => document.documentElement.lang") == other
    assert page.locator("h1").count() == 1
    assert page.watch.complaints == []


def test_both_languages_have_the_same_rows_behind_their_drawings(open_page, address):
    for path in HAS_FIGURES:
        page = open_page(path, "en")
        files = page.evaluate("() => [...document.querySelectorAll('.files a[href$=\".csv\"]')].map(link => link.href)")
        for file in files:
            english, korean = fetched(file), fetched(file.replace("/charts/", "/ko/charts/"))
            first, second = (text.decode().splitlines() for text in (english, korean))
            assert len(first) == len(second), file
