"""Data and Method as pages: every row, column and text in both languages, without what the content policy refuses."""

import json
import re

import pytest

from sixparty import service
from sixparty.chronicle import TABLES, read_chronicle
from sixparty.chronicle.lookup import SHOWN
from sixparty.report.messages import read_messages
from sixparty.report.pages import Here, render, site_page
from sixparty.report.pages.chart import chart_csv
from sixparty.report.pages.record_words import value_word
from sixparty.service.data_query import find_rows_asked
from sixparty.service.method import method_text, method_texts
from sixparty.service.reconcile import shipped_reconciliation
from sixparty.vocabulary import OTHER_ACTORS, PARTIES

ROWS = (
    "wt-2017-09-03-nuclear",
    "us-2019-02-27",
    "ld-prk-1948-kim-il-sung",
    "agr-2018-military",
    "cmt-2018-panmunjom-1-3",
    "csis-beyond-parallel",
    "weapons_tests",
    "gpr_korea",
    "gpr_korea 2017-09",
)
LANGUAGES = ("en", "ko")
MOST_BYTES = 1_500_000


def document(result):
    return json.loads(service.to_json(result.document()))


def written(page, found, *, path, language="en", **more):
    html = render(site_page(page), found, here=Here(path, language=language, **more))
    inner = html.partition("<main")[2]
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert "<script" not in inner
    assert len(html.encode()) < MOST_BYTES
    return html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ROWS)
def test_a_row_of_every_table_has_its_page(name, language):
    found = document(service.show_row(name))
    html = written("row", found, path=f"/data/row/{name}", language=language)
    for source in found["result"]["sources"]:
        assert f'href="{"" if language == "en" else "/ko"}/data/row/{source["id"]}"' in html


def test_a_row_page_gives_every_cell_with_its_meaning_and_what_each_source_carries():
    found = document(service.show_row("wt-2017-09-03-nuclear"))
    html = written("row", found, path="/data/row/x")
    for name, cell in found["result"]["row"].items():
        assert (f'id="cell-{name}"' in html) == (cell is not None)
    assert "Day (KST) on which the row could first be known in public." in html
    assert all(words["words"] in html for words in found["result"]["words"])
    assert 'href="/outlook/nuclear_test"' in html
    assert 'href="/method/index"' in html
    assert "None: the row is as shipped." in html


def test_an_address_of_the_readers_own_that_is_no_web_address_is_no_link():
    found = document(service.show_row("wt-2017-09-03-nuclear"))
    found["result"]["sources"][0] |= {"address": "javascript:alert(1)", "archived_url": "data:text/html,x"}
    html = written("row", found, path="/data/row/x")
    assert 'href="javascript' not in html
    assert 'href="data:' not in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", [{}, {"q": "nuclear test"}, {"family": "sources", "page": "2"}, {"q": "zzz"}])
def test_rows_found_and_listed_lead_to_their_pages(query, language):
    found = document(find_rows_asked(query))
    html = written("data", found, path="/data", language=language)
    rows = [row["id"] for row in found["result"]["rows"] if "id" in row]
    assert all(f'/data/row/{row}"' in html for row in rows)
    assert read_messages(language)["data.title"] in html


def test_pages_of_a_search_keep_what_was_asked():
    found = document(find_rows_asked({"q": "nuclear", "party": "PRK"}))
    html = written("data", found, path="/data")
    assert 'href="/data?q=nuclear&amp;party=PRK&amp;sort=best&amp;page=2"' in html
    assert 'href="/data/rows.csv?q=nuclear&amp;party=PRK&amp;sort=best"' in html


def test_what_was_asked_is_shown_as_text():
    html = written("data", document(find_rows_asked({"q": '"><b>x'})), path="/data")
    assert "<b>x" not in html
    assert "No row is like this." in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_behind_the_chart_holds_every_row_of_the_families_since_1990(language, chronicle):
    found = document(find_rows_asked({}))
    (chart,) = site_page("data").charts(found, read_messages(language))
    since = [row["rows"] for row in found["result"]["rows"] if row["year"] >= 1990]
    assert sum(row["rows"] for row in chart.rows) == sum(since)
    assert chart_csv(chart).splitlines()[0] == "family,year,rows"


@pytest.mark.parametrize("language", LANGUAGES)
def test_coverage_names_every_family_and_its_thin_spots(language):
    found = document(service.describe_data())
    html = written("coverage", found, path="/data/coverage", language=language)
    messages = read_messages(language)
    for row in found["result"]["families"]:
        assert messages.word("families", row["family"]) in html
        assert row_of_text(messages.known("thin", row["family"], text=row["thin"])) in html
    (chart,) = site_page("coverage").charts(found, messages)
    assert [row["first"] for row in chart.rows] == [row["complete_from"] for row in found["result"]["families"]]


def test_english_texts_say_so_on_korean_pages_alone():
    found = document(service.describe_data())
    notes = [row_of_text(row["note"]) for row in found["result"]["completeness"] if row["note"]]
    assert notes
    pages = {language: written("coverage", found, path="/data/coverage", language=language) for language in LANGUAGES}
    for note in notes:
        assert f'<span lang="en">{note}</span>' in pages["ko"].replace("&#x27;", "&#39;")
        assert f'<span lang="en">{note}' not in pages["en"]


def test_a_source_is_read_out_in_the_language_that_it_is_written_in():
    found = document(service.show_row("us-2019-02-27"))
    korean = [one for one in found["result"]["words"] if re.search("[가-힣]", one["words"])]
    assert korean
    html = written("row", found, path="/data/row/us-2019-02-27")
    assert len(re.findall('<blockquote class="words" lang="ko">', html)) == len(korean)
    assert html.count('lang="en">' + row_of_text(found["result"]["sources"][0]["title"])) == 1


def row_of_text(text):
    from html import escape

    return escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_that_ships_is_of_the_record_that_ships(language):
    result = shipped_reconciliation()
    assert result.warnings == ()
    html = written("reconciliation", document(result), path="/data/reconciliation", language=language)
    assert html.count("<table") == len(result.result["tables"])
    heads = re.findall(r'<th role="columnheader"[^>]*>([^<]+)</th>', html)
    assert heads
    assert all(head[0].isupper() for head in heads), heads


@pytest.mark.parametrize("language", LANGUAGES)
def test_method_lists_every_text_that_ships(language):
    found = document(service.describe_data())
    html = written("method", found, path="/method", language=language)
    before = "" if language == "en" else "/ko"
    assert all(f'href="{before}/method/{text.name}"' in html for text in method_texts())


@pytest.mark.parametrize("name", [text.name for text in method_texts()])
def test_every_text_is_a_page_whose_links_lead_to_texts_and_anchors(name):
    html = written("method_text", document(method_text(name)), path=f"/method/{name}", language="ko")
    names = {text.name for text in method_texts()}
    article = html.partition('<article class="text"')[2].partition("</article>")[0]
    for link in re.findall(r'href="([^"]+)"', article):
        page, _, anchor = link.partition("#")
        assert page.startswith("https://") or page.removeprefix("/ko/method/") in names or not page, link
        assert page or f'id="{anchor}"' in article, link
    assert 'lang="en"' in html


def test_formulas_of_the_texts_all_become_mathml():
    html = written("method_text", document(method_text("designs-on-rates")), path="/method/x")
    assert html.count("<math") > 30
    assert "\\frac" not in html


def test_every_drawing_that_a_text_shows_ships_with_it():
    for text in method_texts():
        found = method_text(text.name).result
        shown = set(re.findall(r"!\[[^\]]*\]\([^)]*?([\w-]+\.svg)\)", found["markdown"]))
        assert shown == set(found["pictures"]), text.name


def test_every_column_and_word_of_the_record_has_its_korean():
    messages = read_messages("ko")
    for table in SHOWN:
        for column in TABLES[table].columns:
            assert f"row.column.{column.name}" in messages
            assert f"row.meaning.{column.name}" in messages, column.name
    latin = re.compile(r"[a-z]")
    codes = {
        word for table in SHOWN for column in TABLES[table].columns for word in column.allowed if not word.isdecimal()
    }
    for word in codes - set(PARTIES) - set(OTHER_ACTORS) - {"MLRS"}:
        assert not latin.search(value_word(word, messages)), word


def test_the_english_page_shows_the_meaning_of_the_schema():
    assert not [key for key in read_messages("en").table if key.startswith("row.meaning")]


def test_a_coverage_row_and_a_search_are_of_the_same_record(chronicle):
    assert document(service.describe_data())["provenance"]["data_digest"] == read_chronicle().digest
