"""Without JavaScript every page shows the same figures, and its forms work."""

import pytest

pytestmark = pytest.mark.browser

FIGURES = (
    """() => [...document.querySelectorAll("[data-key]")].map(part => [part.dataset.key, part.textContent.trim()])"""
)
TEXT = """() => {
  const copy = document.querySelector("main, body").cloneNode(true);
  copy.querySelectorAll("button.copy, .narrow-label").forEach(part => part.remove());
  return copy.textContent.replace(/\\s+/g, " ").trim();
}"""


def test_the_same_figures_and_words_are_there_without_a_script(path, language, open_page):
    plain, lively = open_page(path, language, java_script_enabled=False), open_page(path, language)
    assert plain.evaluate(FIGURES) == lively.evaluate(FIGURES)
    assert plain.evaluate(TEXT) == lively.evaluate(TEXT)
    assert len(plain.evaluate(TEXT)) > 100


@pytest.mark.parametrize("path", ["/", "/outlook", "/commitments"])
def test_the_pages_of_figures_have_figures(path, language, open_page):
    assert len(open_page(path, language, java_script_enabled=False).evaluate(FIGURES)) > 20


def test_the_record_is_searched_without_a_script(language, open_page):
    page = open_page("/data", language, java_script_enabled=False)
    page.fill('input[name="q"]', "Punggye-ri")
    page.click('main form button[type="submit"] >> nth=0')
    page.wait_for_url("**q=Punggye-ri*")
    assert page.locator("main a[href*='/data/row/']").count() >= 1


def test_commitments_are_chosen_without_a_script(language, open_page):
    page = open_page("/commitments", language, java_script_enabled=False)
    of_all = page.locator("main .lead").inner_text()
    page.select_option('select[name="obligor"]', index=2)
    chosen = page.locator('select[name="obligor"]').input_value()
    page.click('main form button[type="submit"] >> nth=0')
    page.wait_for_url(f"**obligor={chosen}*")
    assert page.locator('select[name="obligor"]').input_value() == chosen
    assert page.locator("main .lead").inner_text() != of_all
    assert page.locator("main tbody tr").count() > 0


def test_a_charts_table_unfolds_without_a_script(language, open_page):
    page = open_page("/", language, java_script_enabled=False)
    part = page.locator("figure.chart details").first
    part.locator("summary").click()
    assert part.locator("table").is_visible()


def test_a_figure_leads_to_how_it_came_about_without_a_script(language, open_page):
    page = open_page("/", language, java_script_enabled=False)
    link = page.locator("main a.n").first
    to = link.get_attribute("href")
    link.click()
    if to.startswith("#"):
        assert page.url.endswith(to)
        assert page.locator(to).is_visible()
    else:
        assert page.locator("h1").is_visible()
