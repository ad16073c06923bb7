"""Texts in Markdown as HTML that reads without a script: formulas as MathML, links within the site, drawings inside.

Markdown is parsed by markdown-it-py, formulas between dollar signs are told from prices by mdit-py-plugins, and
latex2mathml writes them as MathML, which browsers set by themselves. HTML in a text is shown as it stands, never passed
on.
"""

from __future__ import annotations

import base64
import html
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_COMMENT = re.compile(r"^<!--.*?-->\n?", re.DOTALL | re.MULTILINE)
_OUTSIDE = ("https://", "http://")
_CONTENTS_LEVELS = ("h2", "h3")
_LONGEST_IN_LINE = 28
"""Signs of a formula that fit on a line of a small screen; a longer one gets a box that scrolls."""
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Rendered:
    """A text as HTML.

    Parameters
    ----------
    html
        Everything below the title.
    contents
        Headings below the title: level (2 or 3), anchor, words.
    """

    html: str
    contents: tuple[tuple[int, str, str], ...]


def render_markdown(
    text: str, *, folder: str, links: Mapping[str, str], pictures: Mapping[str, str] | None = None
) -> Rendered:
    """Write a text as HTML.

    Parameters
    ----------
    folder
        Folder in which the text lies; its relative links start there.
    links
        Path of a text, as ``explanation/model.md`` -> its address; a link to any other file becomes plain words.
    pictures
        File name of a drawing -> SVG; others are left out.
    """
    tokens = _parser().parse(_COMMENT.sub("", text))
    _name_tables(tokens)
    tokens = _without_title(tokens)
    contents = tuple(_anchored(tokens))
    for token in tokens:
        _class_for_style(token)
        if token.children:
            _box_long_formulas(token.children)
            token.children = list(_placed(token.children, folder, links, pictures or {}))
    return Rendered(str(_parser().renderer.render(tokens, _parser().options, {})), contents)


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.use(dollarmath_plugin, allow_space=False, allow_digits=True, double_inline=True)
    made.add_render_rule("math_inline", _write_inline)
    made.add_render_rule("math_inline_double", _write_displayed)
    made.add_render_rule("math_block", _write_displayed)
    made.add_render_rule("table_open", _open_table)
    made.add_render_rule("table_close", _close_table)
    return made


def _write_inline(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return _formula(tokens[place].content, display="inline")


def _write_displayed(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """Write a formula on a line of its own; where it is too wide, a keyboard can move it."""
    formula = _formula(tokens[place].content, display="block")
    return f'<span class="formula" tabindex="0" role="group" aria-label="formula">{formula}</span>'


def _formula(latex: str, *, display: str) -> str:
    """Write a formula as MathML; one that cannot be read stands as it was written."""
    from latex2mathml.converter import convert

    # the library sets the lines of align*, and those of aligned not
    known = latex.strip().replace("{aligned}", "{align*}")
    try:
        return str(convert(known, display=display))
    except Exception:
        # the library's own errors have no common ancestor, and a text must never fail for one formula
        return f"<code>{html.escape(latex)}</code>"


def _open_table(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    name = tokens[place].attrGet("aria-label")
    named = f' aria-label="{html.escape(str(name))}"' if name else ""
    return f'<div class="scroll" tabindex="0" role="group"{named}><table class="text"{named}>\n'


def _close_table(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _name_tables(tokens: Sequence[Token]) -> None:
    """Call every table by the heading before it, the second one under a heading by its number too; name its heads."""
    heading, number = "", 0
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            heading, number = _words(tokens[place + 1].children or ()), 0
        elif token.type == "table_open" and heading:
            number += 1
            token.attrSet("aria-label", heading if number == 1 else f"{heading} ({number})")
        elif token.type == "th_open":
            token.attrSet("scope", "col")


def _box_long_formulas(children: Sequence[Token]) -> None:
    """Give a formula that is too long for a line a line of its own, with the stop or comma that follows it."""
    for place, child in enumerate(children):
        if child.type != "math_inline" or _signs(child.content) <= _LONGEST_IN_LINE:
            continue
        child.type = "math_inline_double"
        after = children[place + 1] if place + 1 < len(children) else None
        if after is not None and after.type == "text" and after.content[:1] in (".", ",", ";", ":"):
            child.content += after.content[0]
            after.content = after.content[1:]


def _signs(latex: str) -> int:
    return len(html.unescape(_TAG.sub("", _formula(latex, display="inline"))))


def _without_title(tokens: list[Token]) -> list[Token]:
    """The page writes the title itself."""
    is_titled = len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1"
    return tokens[3:] if is_titled else tokens


def _anchored(tokens: Sequence[Token]) -> Iterator[tuple[int, str, str]]:
    """Give every heading an anchor by its words, and yield those of the contents."""
    taken: dict[str, int] = {}
    for place, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        words = _words(tokens[place + 1].children or ())
        anchor = anchor_of(words)
        number = taken[anchor] = taken.get(anchor, -1) + 1
        anchor = f"{anchor}-{number}" if number else anchor
        token.attrSet("id", anchor)
        if token.tag in _CONTENTS_LEVELS:
            yield int(token.tag[1]), anchor, words


def _class_for_style(token: Token) -> None:
    """The content policy of the site refuses styles in a text, so that a cell's side is a class."""
    style = token.attrs.pop("style", None)
    if style is not None:
        token.attrSet("class", "num" if "right" in str(style) else "")


def _words(children: Sequence[Token]) -> str:
    return "".join(child.content for child in children if child.type in ("text", "code_inline", "math_inline"))


def anchor_of(words: str) -> str:
    """Return the anchor of a heading, by the rule of the sites on which Markdown is read.

    Examples
    --------
    >>> anchor_of("The last year's share")
    'the-last-years-share'
    """
    plain = unicodedata.normalize("NFC", words.strip().lower())
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def _placed(
    children: Sequence[Token], folder: str, links: Mapping[str, str], pictures: Mapping[str, str]
) -> Iterator[Token]:
    """Lead links to the site's pages, put drawings inside, and drop links that lead out of the texts."""
    dropped = 0
    for child in children:
        if child.type == "link_open":
            address = _address(str(child.attrGet("href") or ""), folder, links)
            dropped += address is None
            if address is None:
                continue
            child.attrSet("href", address)
        elif child.type == "link_close" and dropped:
            dropped -= 1
            continue
        elif child.type == "image":
            drawing = pictures.get(posixpath.basename(str(child.attrGet("src") or "")))
            if drawing is None:
                continue
            child.attrSet("src", f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}")
        yield child


def _address(link: str, folder: str, links: Mapping[str, str]) -> str | None:
    if link.startswith(("#", *_OUTSIDE)):
        return link
    path, sharp, anchor = link.partition("#")
    address = links.get(posixpath.normpath(posixpath.join(folder, path)))
    return f"{address}{sharp}{anchor}" if address is not None else None
