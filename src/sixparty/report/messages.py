"""The sentences of brief and pages in one language: a folder of TOML files read into one flat table of keys.

English is the reference: a language that lacks one of its keys is refused, so that no page shows half a sentence in
another tongue. The words of the claims stand in the same folder but in a table of their own (`evidence_words`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sixparty.errors import FileRefused, UsageError

FOLDER = Path(__file__).parent / "messages"
_FIRST, _APART = "brief.toml", "evidence.toml"
_HOLE = re.compile(r"\{(?P<path>\.|\.?[\w.]+)\|(?P<style>\w+(?::\w+)?)\}")


@dataclass(frozen=True)
class Hole:
    """A place in a sentence for a value: its path in the document and the style in which it is written."""

    path: str
    style: str

    def key(self, base: str) -> str:
        """Return the full key: a path that begins with a dot goes on from `base`, any other from the result."""
        return f"{base}{self.path}".rstrip(".") if self.path.startswith(".") else f"result.{self.path}"


@dataclass(frozen=True)
class Messages:
    """All sentences and words of one language, by dotted key."""

    language: str
    table: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.table[key]

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def word(self, group: str, value: str) -> str:
        """Return the reader's word for a code of the house, or the code with its underscores opened."""
        return self.table.get(f"{group}.{value}", value.replace("_", " "))

    def parts(self, key: str) -> Iterator[str | Hole]:
        """Split a sentence into its fixed text and its holes, in order."""
        text, position = self.table[key], 0
        for match in _HOLE.finditer(text):
            yield text[position : match.start()]
            yield Hole(match["path"], match["style"])
            position = match.end()
        yield text[position:]


def languages() -> tuple[str, ...]:
    """List the languages that have messages, English first."""
    names = (path.parent.name for path in FOLDER.glob(f"*/{_FIRST}"))
    return tuple(sorted(names, key=lambda name: (name != "en", name)))


@cache
def read_messages(language: str) -> Messages:
    """Read the messages of one language.

    Raises
    ------
    UsageError
        If there is no folder for the language.
    FileRefused
        If a key stands in two files, or the language lacks a key of the English one or fills other holes.
    """
    if language not in languages():
        raise UsageError(f"language must be one of {', '.join(languages())}, got {language!r}.")
    table = read_folder(FOLDER / language)
    if language != "en":
        require_complete(table, reference=read_messages("en").table, language=language)
    return Messages(language=language, table=table)


def read_folder(folder: Path) -> dict[str, str]:
    """Read the message files of one folder into one table, without the words of the claims."""
    table: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        read = read_table(path) if path.name != _APART else {}
        twice = sorted(read.keys() & table.keys())
        if twice:
            raise FileRefused(f"{path.name} must not repeat keys of other files of {folder.name}: {', '.join(twice)}.")
        table |= read
    return table


def read_table(path: Path) -> dict[str, str]:
    """Read a message file into one flat table: ``[a.b] c = "…"`` becomes ``a.b.c``."""
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8")), ""))


def require_complete(table: Mapping[str, str], *, reference: Mapping[str, str], language: str) -> None:
    """Refuse a table that lacks keys of the reference, or whose sentences fill other holes."""
    missing = [key for key in reference if key not in table]
    if missing:
        raise FileRefused(f"messages in {language!r} must hold every English key; missing: {', '.join(missing)}.")
    strange = [key for key in reference if _holes(table[key]) != _holes(reference[key])]
    if strange:
        raise FileRefused(
            f"messages in {language!r} must fill the same holes as in English; they differ in: {', '.join(strange)}."
        )


def _holes(text: str) -> set[str]:
    return {match["path"] for match in _HOLE.finditer(text)}


def _flat(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
