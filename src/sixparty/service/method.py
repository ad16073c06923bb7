"""The texts on method that ship with the product: what is computed and how, cards, rules, glossary, how-to pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import sixparty
from sixparty.errors import FileRefused
from sixparty.service.files import sha256
from sixparty.service.lookup import require_word
from sixparty.service.result import Result, answer

FOLDERS: tuple[str, ...] = ("explanation", "reference", "how-to", "tutorial", "decisions")
"""Folders of texts, in the order in which a name that two hold belongs to the first."""

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_NO_PROSE = re.compile(r"[|#$!<-]|```|\d+\.|    ")
_SIGNS = re.compile(r"^\*\*[^*]+\.\*\* |[*`]")
_SENTENCE = re.compile(r"(.+?[.?!])(\s|$)", re.DOTALL)


@dataclass(frozen=True)
class MethodText:
    """A text under its name.

    Parameters
    ----------
    name
        Last step of its address: the file's name, with the folder's before it where two files have one name.
    folder, file
        Where it lies below the folder of texts.
    summary
        Its first sentence.
    """

    name: str
    folder: str
    file: str
    title: str
    summary: str


def texts_folder() -> Path:
    """Return the folder of texts: the one inside the installed package, or `docs` of the checkout one works in.

    Raises
    ------
    FileRefused
        If neither is there.
    """
    packed = Path(str(resources.files("sixparty") / "method"))
    checkout = Path(sixparty.__file__).parents[2] / "docs"
    for folder in (packed, checkout):
        if (folder / FOLDERS[0]).is_dir():
            return folder
    raise FileRefused(f"the texts on method must lie in {packed}, got no such folder. Install sixparty anew.")


@cache
def method_texts() -> tuple[MethodText, ...]:
    """Return all texts that ship, folder by folder; they do not change while the process runs."""
    home = texts_folder()
    found: dict[str, MethodText] = {}
    for folder in FOLDERS:
        for path in sorted((home / folder).glob("*.md")):
            name = path.stem if path.stem not in found else f"{folder}-{path.stem}"
            found[name] = _described(name, folder, path)
    return tuple(found.values())


def _described(name: str, folder: str, path: Path) -> MethodText:
    text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    title = _TITLE.search(text)
    body = text[title.end() :] if title else text
    lead = next((part for part in body.split("\n\n") if _is_prose(part)), "")
    plain = _SIGNS.sub("", " ".join(_LINK.sub(r"\1", lead).split()))
    sentence = _SENTENCE.match(plain)
    return MethodText(name, folder, path.name, title[1] if title else name, sentence[1] if sentence else "")


def _is_prose(part: str) -> bool:
    return bool(part.strip()) and not _NO_PROSE.match(part.strip())


def method_text(name: str) -> Result:
    """Return one text as Markdown, with its title, its file, the drawings that it shows and the texts there are.

    Raises
    ------
    UsageError
        If no text has that name.
    """
    known = {text.name: text for text in method_texts()}
    require_word(name, tuple(known), name="text")
    text = known[name]
    raw = (texts_folder() / text.folder / text.file).read_bytes()
    markdown = raw.decode()
    found = {
        "name": name,
        "folder": text.folder,
        "file": text.file,
        "title": text.title,
        "markdown": markdown,
        "links": {f"{one.folder}/{one.file}": one.name for one in known.values()},
        "pictures": {name: drawing for name, drawing in _pictures().items() if name in markdown},
    }
    command = f"sixparty data describe --text {name}"
    return answer("data describe", {"text": name}, found, digest=sha256(raw)[:16], command=command)


@cache
def _pictures() -> dict[str, str]:
    """Drawings that texts show, by file name, as SVG."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((texts_folder() / "images").glob("*.svg"))}
