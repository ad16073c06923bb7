"""Texts as HTML: formulas, tables, anchors, links and drawings, with nothing that the content policy refuses."""

import re
from xml.etree import ElementTree

import pytest

from sixparty.report.pages.markdown import anchor_of, render_markdown

LINKS = {"explanation/model.md": "/method/model", "reference/targets.md": "/method/targets"}


def html_of(text, **more):
    return render_markdown(text, folder="explanation", links=LINKS, **more).html


def test_a_formula_becomes_mathml_without_a_script():
    made = html_of("So $a < b^2$ holds.")
    (formula,) = re.findall(r"<math.*?</math>", made)
    assert ElementTree.fromstring(formula).tag.endswith("math")
    assert "$" not in made


def test_a_formula_of_its_own_line_can_be_reached_by_keyboard():
    made = html_of("$$\nx = \\frac12\n$$\n\nand $$y$$ here")
    assert made.count('<span class="formula" tabindex="0"') == 2
    assert made.count('display="block"') == 2
    assert "<div" not in made


def test_prices_and_shell_words_are_no_formulas():
    assert "<math" not in html_of("It costs 5 $ here, and `$HOME` is a folder.")


def test_a_formula_that_cannot_be_read_stands_as_it_was_written():
    assert "<code>\\left( x</code>" in html_of("$\\left( x$")


def test_html_in_a_text_is_shown_and_comments_are_not():
    made = html_of("<!-- counts: start -->\n<script>alert(1)</script>\n")
    assert "<script" not in made
    assert "&lt;script&gt;" in made
    assert "counts" not in made


def test_tables_keep_the_side_of_numbers_without_a_style():
    made = html_of("| a | b |\n|---|---:|\n| 1 | 2 |\n")
    assert 'class="num">2<' in made
    assert "style=" not in made


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("model.md", "/method/model"),
        ("../reference/targets.md#rules", "/method/targets#rules"),
        ("#here", "#here"),
        ("https://example.org/a", "https://example.org/a"),
    ],
)
def test_links_lead_to_pages_of_the_site(link, address):
    assert f'<a href="{address}">words</a>' in html_of(f"[words]({link})")


@pytest.mark.parametrize("link", ["../../CONTRIBUTING.md", "nothing.md", "../../../etc/passwd", "javascript:alert(1)"])
def test_links_out_of_the_texts_become_words(link):
    made = html_of(f"See [the words]({link}) here.")
    assert "<a" not in made
    assert "the words" in made


def test_drawings_stand_inside_and_unknown_pictures_are_left_out():
    made = html_of("![A drawing](../images/a.svg) ![Another](../images/b.svg)", pictures={"a.svg": "<svg/>"})
    assert made.count("<img") == 1
    assert 'src="data:image/svg+xml;base64,PHN2Zy8+"' in made
    assert 'alt="A drawing"' in made


def test_headings_have_anchors_and_make_the_contents():
    made = render_markdown("# Title\n\n## First part\n\n### A `code` word\n\n## First part\n", folder="x", links={})
    assert made.contents == (
        (2, "first-part", "First part"),
        (3, "a-code-word", "A code word"),
        (2, "first-part-1", "First part"),
    )
    assert 'id="first-part-1"' in made.html
    assert "Title" not in made.html


def test_anchors_follow_the_rule_of_sites_that_show_markdown():
    assert anchor_of("The one report, on the years kept aside!") == "the-one-report-on-the-years-kept-aside"
    assert anchor_of("기록의 끝") == "기록의-끝"


def test_a_formula_too_long_for_a_line_gets_a_box_with_its_comma():
    long = "\\prod_t p(y_t) = C \\prod_t (z_t/(1+z_t))^{y_t} \\cdot \\exp(-\\phi \\ln \\prod_t (1+z_t))"
    made = html_of(f"A step costs ${long}$, and $a < b$, no more.")
    (box,) = re.findall(r'<span class="formula".*?</math></span>', made)
    assert box.endswith("<mo>&#x0002C;</mo></mrow></math></span>")
    assert "</span> and <math" in made
    assert made.count('display="inline"') == 1


def test_lines_of_an_aligned_formula_stand_in_a_table_without_its_signs():
    made = html_of("$$\n\\begin{aligned}\na &= b, & c &= d \\\\\ne &= f\n\\end{aligned}\n$$")
    (formula,) = re.findall(r"<math.*?</math>", made)
    read = ElementTree.fromstring(formula)
    assert [tag.tag.rpartition("}")[2] for tag in read.iter()].count("mtr") == 2
    assert not {"&", "\\"} & set("".join(read.itertext()))


def test_tables_are_called_by_the_heading_before_them_and_their_heads_by_column():
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    made = html_of(f"# Title\n\n{table}\n## Rates & more\n\n{table}\nand\n\n{table}")
    assert re.findall(r'<table class="text" aria-label="([^"]+)">', made) == [
        "Title",
        "Rates &amp; more",
        "Rates &amp; more (2)",
    ]
    assert made.count('<th scope="col">') == 6
