"""What every page and every chart has around it."""

import csv
import io
from xml.etree import ElementTree

import pytest

from sixparty.report import read_messages
from sixparty.report.messages import FOLDER, read_table
from sixparty.report.page import Page
from sixparty.report.pages import (
    NAMES,
    NAV,
    Chart,
    Here,
    chart_csv,
    chart_png,
    chart_svg,
    has_page,
    row_link,
    site_page,
)
from sixparty.report.pages.chart import NARROW, chart_figure, narrow_spec, wrapped
from sixparty.report.pages.site import ROWS_SHOWN, SitePen, chart_rows, citation, static_files

ROWS = tuple({"week": f"2025-01-{day:02}", "count": day, "share": day / 7} for day in range(1, 29)) * 4
SPEC = {
    "width": 760,
    "height": 80,
    "data": {"values": list(ROWS)},
    "mark": "bar",
    "encoding": {"x": {"field": "week", "type": "ordinal"}, "y": {"field": "count", "type": "quantitative"}},
}


def chart(**changed):
    made = {
        "name": "weeks",
        "spec": SPEC,
        "rows": ROWS,
        "heads": {"week": "Week"},
        "title": "Tests & launches",
        "caption": "sixparty, record to 30 June 2025.",
        "alt": "More each week.",
        "sources": ("events",),
        "command": "sixparty brief",
    }
    return Chart(**(made | changed))


def texts(svg):
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_a_drawing_to_forward_holds_title_caption_and_marking_the_one_in_the_page_does_not():
    whole, bare = chart_svg(chart(), marking="Restricted"), chart_figure(chart())
    assert texts(whole).count("Restricted") == 2
    assert "Tests & launches" in texts(whole)
    assert "sixparty, record to 30 June 2025." in texts(whole)
    assert "Tests & launches" not in texts(bare)
    assert texts(chart_figure(chart(), marking="Restricted")).count("Restricted") == 2


def test_korean_charts_name_fonts_that_have_the_signs():
    drawn = chart_svg(chart(title="발사와 시험", caption="sixparty, 2025년 6월 30일까지의 기록."))
    assert "Noto Sans CJK KR" in drawn
    assert "Noto Sans CJK KR" not in chart_svg(chart())
    labels = tuple({"week": "주", "count": 1} for _ in range(2))
    assert "Noto Sans CJK KR" in chart_figure(chart(spec={**SPEC, "data": {"values": list(labels)}}))


def test_pixels_are_a_png_twice_as_dense_as_the_drawing():
    svg, png = chart_svg(chart()), chart_png(chart())
    width = float(ElementTree.fromstring(svg).attrib["width"])
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == pytest.approx(2 * width, abs=2)


def test_the_table_of_a_chart_is_a_plain_table_with_a_marking_as_a_column():
    read = list(csv.DictReader(io.StringIO(chart_csv(chart(), marking="Restricted, EU"))))
    assert len(read) == len(ROWS)
    assert read[3] == {"week": "2025-01-04", "count": "4", "share": str(4 / 7), "marking": "Restricted, EU"}
    assert chart_csv(chart()).splitlines()[0] == "week,count,share"


def test_a_narrow_screen_gets_its_own_drawing():
    assert narrow_spec(chart())["width"] < NARROW
    assert narrow_spec(chart(narrow={"width": 111}))["width"] == 111
    small = chart(spec={**SPEC, "width": 200})
    assert narrow_spec(small)["width"] == 200


def test_long_captions_are_cut_between_words_into_lines_that_fit():
    text = "a caption of many words " * 12
    lines = wrapped(text, width=300, size=12)
    assert " ".join(lines) == " ".join(text.split())
    assert all(len(line) * 12 * 0.54 <= 300 for line in lines)
    assert len(wrapped("가나다라 마바사아", width=60, size=12)) == 2


def test_a_page_shows_the_last_rows_of_a_long_table_as_a_reader_writes_them():
    last = {"week": "last", "count": None, "share": -0.51234}
    shown = chart_rows(chart(rows=(*ROWS, {"week": "big", "count": 3, "share": 1234567.0}, last)), read_messages("en"))
    assert len(shown) == ROWS_SHOWN
    assert shown[-2:] == [["big", "3", "1,234,567"], ["last", "–", "−0.512"]]


def test_figures_link_to_how_they_came_about_in_the_language_of_the_page():
    pen = SitePen(lambda key: f"/method/{key}", Here("/", language="ko"))
    page = Page({"result": {"n": 1234, "who": "<b>"}}, messages=read_messages("en"), pen=pen)
    assert page.num("result.n", "count") == (
        '<a class="n" data-key="result.n" data-style="count" href="/ko/method/result.n">1,234</a>'
    )
    assert page.num("result.who", "text") == '<span data-key="result.who" data-style="text">&lt;b&gt;</span>'


@pytest.mark.parametrize(
    ("here", "twin", "korean", "drawing"),
    [
        (Here("/"), "/index.json", "/ko", "/charts/situation/a.svg"),
        (Here("/outlook", language="ko"), "/outlook.json", "/ko/outlook", "/ko/charts/outlook/a.svg"),
        (
            Here("/commitments", query="obligor=KOR"),
            "/commitments.json?obligor=KOR",
            "/ko/commitments?obligor=KOR",
            "/charts/commitments/a.svg?obligor=KOR",
        ),
    ],
)
def test_a_page_knows_its_twin_its_other_language_and_its_drawings(here, twin, korean, drawing):
    assert (here.twin, here.in_language("ko"), here.chart("a", "svg")) == (twin, korean, drawing)


def test_links_keep_the_language_but_files_have_none():
    here = Here("/data/row/x", language="ko")
    assert here.link("/") == "/ko"
    assert here.link("/data?q=a") == "/ko/data?q=a"
    assert here.link("#trace-index") == "#trace-index"
    assert here.link("https://www.un.org/") == "https://www.un.org/"
    assert here.link("/data.json?q=a") == "/data.json?q=a"
    assert here.link("/static/site.css") == "/static/site.css"


def test_a_row_has_an_address_whatever_its_name():
    assert row_link("trade_total 2024-05") == "/data/row/trade_total%202024-05"
    assert row_link("a/b") == "/data/row/a%2Fb"


def test_a_citation_names_version_record_and_command():
    here = Here("/", command="sixparty brief --seed 1", record_end="2025-06-30", passport={"package_version": "1.2.3"})
    told = citation("Situation", here=here, messages=read_messages("en"))
    assert all(part in told for part in ("sixparty 1.2.3", "“Situation”", "2025-06-30", "`sixparty brief --seed 1`"))


def test_the_parts_of_the_site_have_names_in_every_language():
    for language in ("en", "ko"):
        table = read_table(FOLDER / language / "site.toml")
        assert {f"site.nav.{name}" for name, _ in NAV} <= set(table)


def test_the_frame_has_the_same_words_in_both_languages():
    english, korean = (read_table(FOLDER / language / "site.toml") for language in ("en", "ko"))
    assert set(english) == set(korean)
    assert all(english[key].count("{") == korean[key].count("{") for key in english)


def test_the_one_script_is_small_and_the_style_loads_nothing():
    files = static_files()
    assert len(files["site.js"]) < 20_000
    assert b"url(" not in files["site.css"]
    assert b"@import" not in files["site.css"]


@pytest.mark.parametrize("name", [name for name in NAMES if has_page(name)])
def test_every_page_of_the_registry_names_itself_and_its_template(name):
    page = site_page(name)
    assert page.name == name
    assert page.template.startswith("pages/")
