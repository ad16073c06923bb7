"""Reads a rendered page back: what a reader sees, which key stands behind it, where it leads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "hr", "input"}


@dataclass
class Figure:
    key: str
    style: str
    href: str
    text: str = ""


@dataclass
class Reading(HTMLParser):
    """Page one as text, figures and structure."""

    figures: list[Figure] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    unkeyed: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    stack: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def __hash__(self) -> int:
        return id(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        table = dict(attrs)
        self.tags.append((tag, table))
        if table.get("id"):
            self.ids.append(str(table["id"]))
        if table.get("data-section"):
            self.sections.append(str(table["data-section"]))
        if tag not in VOID:
            self.stack.append((tag, table))
        if "n" in (table.get("class") or "").split():
            self.figures.append(Figure(str(table["data-key"]), style=str(table["data-style"]), href=str(table["href"])))
        if tag not in ("a", "span", "b", "em", "small", "strong", "code"):
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass
        if tag not in ("a", "span", "b", "em", "small", "strong", "code"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if any(tag in ("svg", "style", "sup") for tag, _ in self.stack):
            return
        self.words.append(data)
        inside = [table for _, table in self.stack if "data-key" in table]
        if inside and self.figures and "n" in (inside[-1].get("class") or "").split():
            self.figures[-1].text += data
        if not inside and any(sign.isdigit() for sign in data):
            self.unkeyed.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(html)
    return reading


def landmarks(html: str) -> list[str]:
    """Names of the parts among which a screen reader lets its listener jump; groups and tables are none."""
    found = read(html).tags
    heads = dict(re.findall(r'<h\d[^>]*? id="([^"]+)"[^>]*>(.*?)</h\d>', html, flags=re.S))
    parts = [
        table
        for tag, table in found
        if table.get("role") in ("region", "search", "navigation")
        or (tag in ("section", "nav") and not table.get("role"))
    ]
    names = [
        str(table["aria-label"]) if table.get("aria-label") else heads[str(table["aria-labelledby"])]
        for table in parts
        if table.get("aria-label") or table.get("aria-labelledby")
    ]
    return [read(name).text for name in names]


def page_one(html: str) -> str:
    start = html.index('<article class="page-one"')
    return html[start : html.index('<article class="page-two"')]
