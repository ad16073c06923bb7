"""The sentences of brief and pages in one language: a folder of TOML files read into one flat table of keys.

English is the reference: a language that lacks one of its keys is refused, so that no page shows half a sentence in
another tongue. The words of the claims stand in the same folder but in a table of their own (`evidence_words`), and so
do the names of the parties, which follow one setting in sentences and in labels alike.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from sixparty.errors import FileRefused, UsageError

FOLDER = Path(__file__).parent / "messages"
PARTY_NAMES: tuple[str, ...] = ("own", "common")
"""How parties may be named: as each party's own government does, or as is usual in the language."""
_FIRST, _NAMES = "brief.toml", "names.toml"
_APART = ("evidence.toml", _NAMES)
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
class Names:
    """How parties are named: what stands in the place of the names that sentences and labels are written with.

    Parameters
    ----------
    setting
        One of `PARTY_NAMES`.
    note
        The sentence that gives both forms at first use; empty where nothing is replaced.
    """

    setting: str = "common"
    note: str = ""
    replaced: Mapping[str, str] = field(default_factory=dict)

    def apply(self, text: str) -> str:
        """Return a text with the parties named so.

        Examples
        --------
        >>> Names("own", replaced={"North Korea": "DPRK"}).apply("North Korea and Russia")
        'DPRK and Russia'
        """
        if not self.replaced:
            return text
        return re.sub("|".join(map(re.escape, self.replaced)), lambda found: self.replaced[found[0]], text)


@dataclass(frozen=True)
class Messages:
    """All sentences and words of one language, by dotted key, and how its parties are named."""

    language: str
    table: Mapping[str, str]
    names: Names = field(default_factory=Names)

    def __getitem__(self, key: str) -> str:
        return self.table[key]

    def __contains__(self, key: str) -> bool:
        return key in self.table

    def word(self, group: str, value: str) -> str:
        """Return the reader's word for a code of the house, or the code with its underscores opened."""
        return self.table.get(f"{group}.{value}", value.replace("_", " "))

    def known(self, group: str, name: str, *, text: str) -> str:
        """Return the reader's form of a text of the record, or the text itself where it is not the one we know.

        Parameters
        ----------
        group, name
            The key under which the text stands in every language.
        text
            The text in English, as the record has it.
        """
        key = f"{group}.{name}"
        is_known = self.language != "en" and read_messages("en", "common").table.get(key) == text
        return self.table[key] if is_known else self.names.apply(text)

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
def read_messages(language: str, party_names: str | None = None) -> Messages:
    """Read the messages of one language.

    Parameters
    ----------
    party_names
        One of `PARTY_NAMES`; None is what the language's own file of names says.

    Raises
    ------
    UsageError
        If there is no folder for the language, or no such way to name parties.
    FileRefused
        If a key stands in two files, or the language lacks a key of the English one or fills other holes.
    """
    if language not in languages():
        raise UsageError(f"language must be one of {', '.join(languages())}, got {language!r}.")
    table, names = read_folder(FOLDER / language), read_names(FOLDER / language, party_names)
    if language != "en":
        require_complete(table, reference=read_messages("en", "common").table, language=language)
    return Messages(language, {key: names.apply(text) for key, text in table.items()}, names)


def read_names(folder: Path, party_names: str | None) -> Names:
    """Read how parties are named in a language, by the setting or by the language's own choice.

    Raises
    ------
    UsageError
        If the setting is not one of `PARTY_NAMES`.
    """
    if party_names is not None and party_names not in PARTY_NAMES:
        raise UsageError(f"party names must be one of {', '.join(PARTY_NAMES)}, got {party_names!r}.")
    told = tomllib.loads((folder / _NAMES).read_text(encoding="utf-8"))
    setting = party_names or str(told["default"])
    return Names(setting, str(told["note"]), dict(told["own"])) if setting == "own" else Names(setting)


def read_folder(folder: Path) -> dict[str, str]:
    """Read the message files of a folder into one table, but for the words of the claims and the names of parties."""
    table: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        read = read_table(path) if path.name not in _APART else {}
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
