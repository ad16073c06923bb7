"""A claim as a file: what is said, what it is tested on, and by what rule it is judged; fixed before it is run."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NoReturn, get_args

from sixparty.chronicle import Selection
from sixparty.errors import FileRefused, UsageError
from sixparty.evidence.designs.registry import DESIGNS
from sixparty.evidence.question import OPTIONS, Option
from sixparty.tension import MARKS

Standing = Literal["tested", "from_text", "not_yet_tested", "not_testable"]
"""How a claim is dealt with."""

Direction = Literal["more", "fewer"]
"""What the claim expects of the outcome under the exposure."""

Text = Mapping[str, str]
"""The same words in English (``en``) and Korean (``ko``)."""

MAIN, WITHOUT_TURN, VERIFIED = "main", "without 2017-11 to 2019-12", "verified rows alone"
"""Names of the main estimate and of the checks that every claim gets; a choice has another name."""

MECHANISMS: tuple[str, ...] = tuple(f"M{number}" for number in range(1, 21))
"""Mechanisms of the system to which a claim may belong; a claim of one's own may belong to none."""

_LANGUAGES = ("en", "ko")
_TYPES = {"events": "event_type", "spells": "spell_type"}


@dataclass(frozen=True)
class Series:
    """What a question looks at: a mark of the count panel, rows of the record, listed days or spans, or yearly figures.

    Parameters
    ----------
    words
        What it is called in sentences, in both languages.
    mark
        Name of a mark.
    selection
        The rows, where they are chosen.
    days, spans, source
        Days, or spans by their first and last day, that the claim's file lists itself, and where they come from.
    figures
        Name of a yearly series of the record: what grows, for the design on growth.
    known_within_days
        Leaves out of a mark or of the rows what became known later than so many days after its last day.
    """

    words: Text
    mark: str | None = None
    selection: Selection | None = None
    days: tuple[dt.date, ...] = ()
    spans: tuple[tuple[dt.date, dt.date], ...] = ()
    source: str | None = None
    figures: str | None = None
    known_within_days: int | None = None


@dataclass(frozen=True)
class Test:
    """How a claim is tested.

    Parameters
    ----------
    design
        Name of the design.
    exposure, outcome
        What is thought to act, and the one outcome on which the claim stands or falls.
    apart
        Other exposures held apart, by name.
    expects, smallest
        Direction of the claim, and the smallest ratio worth naming in that direction.
    first, last
        Days of the window; None is as far as the record covers.
    options
        Settings of the design.
    choices
        Other defensible settings by name: each replaces some of the above. A verdict that changes under one of them
        is *mixed*.
    """

    design: str
    exposure: Series
    outcome: Series
    expects: Direction
    smallest: float
    apart: Mapping[str, Series] = field(default_factory=lambda: MappingProxyType({}))
    first: dt.date | None = None
    last: dt.date | None = None
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    choices: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Claim:
    """A claim that people argue about.

    Parameters
    ----------
    name
        Short name, the file's name.
    mechanisms
        Mechanisms of the design to which it belongs (M1 to M20).
    title, text
        A few words, and the claim in one or two sentences of ours.
    made_by, doubted_by
        Who makes it and who says otherwise.
    standing
        Whether it is tested, read from a text, not yet tested or not testable.
    reason
        Why it is not tested, or what the text says; None for tested claims.
    test
        How it is tested; None otherwise.
    rows
        Rows of the record on which a claim from a text rests.
    bears_out
        For a claim from a text: whether the text says so; else it says otherwise.
    """

    name: str
    mechanisms: tuple[str, ...]
    title: Text
    text: Text
    made_by: Text
    doubted_by: Text
    standing: Standing
    reason: Text | None = None
    test: Test | None = None
    rows: tuple[str, ...] = ()
    bears_out: bool = False


def read_claim(path: Path) -> Claim:
    """Read a claim from its file.

    Raises
    ------
    FileRefused
        If the file cannot be read, lacks something, or holds a word that is not meant: the message names the file, the
        place in it, what was expected and what came.
    """
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileRefused(f"{path.name} must be a readable TOML file, got: {error}. Mend it.") from None
    return _Reader(path.name, held).claim(path.stem)


@dataclass(frozen=True)
class _Reader:
    """Reads one file's tables and says where something is amiss."""

    file: str
    held: Mapping[str, Any]

    def claim(self, name: str) -> Claim:
        self.only(self.held, "", {*_CLAIM_KEYS, "test"})
        standing = self.one_of(self.held, "standing", get_args(Standing))
        is_tested = standing == "tested"
        if is_tested != ("test" in self.held):
            self.refuse("test", "present if and only if standing is 'tested'", "the other way round")
        if not is_tested and "reason" not in self.held:
            self.refuse("reason", "given for a claim that is not tested", "none")
        bears_out = self.held.get("bears_out", False)
        if not isinstance(bears_out, bool) or ("bears_out" in self.held and standing != "from_text"):
            self.refuse("bears_out", "true or false, for a claim from a text alone", repr(bears_out))
        return Claim(
            name=name,
            mechanisms=self.among(self.held, "mechanisms", MECHANISMS),
            title=self.text(self.held, "title"),
            text=self.text(self.held, "text"),
            made_by=self.text(self.held, "made_by"),
            doubted_by=self.text(self.held, "doubted_by"),
            standing=standing,  # type: ignore[arg-type]
            reason=self.text(self.held, "reason") if "reason" in self.held else None,
            test=self.test(self.table(self.held, "test")) if is_tested else None,
            rows=self.words_list(self.held, "rows") if "rows" in self.held or standing == "from_text" else (),
            bears_out=bears_out,
        )

    def test(self, held: Mapping[str, Any]) -> Test:
        self.only(held, "test", _TEST_KEYS)
        expects = self.one_of(held, "expects", get_args(Direction), place="test")
        apart, choices = self.table(held, "apart", place="test"), self.table(held, "choices", place="test")
        parts = self.parts(held, "test")
        test = Test(
            design=self.one_of(held, "design", tuple(DESIGNS), place="test"),
            exposure=self.dated(self.given(held, "exposure", place="test"), "test.exposure"),
            outcome=self.series(self.given(held, "outcome", place="test"), "test.outcome"),
            expects=expects,  # type: ignore[arg-type]
            smallest=self.smallest(held, expects),
            apart=MappingProxyType({name: self.dated(each, f"test.apart.{name}") for name, each in apart.items()}),
            first=parts.get("first"),
            last=parts.get("last"),
            options=parts.get("options", MappingProxyType({})),
            choices=MappingProxyType({name: self.choice(name, each) for name, each in choices.items()}),
        )
        self.grown(test)
        return test

    def grown(self, test: Test) -> None:
        """Refuse yearly figures under another design than growth, and growth of anything else."""
        none: Mapping[str, Any] = {}
        asked = {"test": none} | {f"test.choices.{name}": changes for name, changes in test.choices.items()}
        for place, changes in asked.items():
            design, outcome = changes.get("design", test.design), changes.get("outcome", test.outcome)
            if (design == "growth") != (outcome.figures is not None):
                got = f"{design} with {'figures' if outcome.figures else 'days'}"
                self.refuse(place, "the design growth with a series as outcome, or another design without one", got)

    def smallest(self, held: Mapping[str, Any], expects: str) -> float:
        value = self.given(held, "smallest", place="test")
        is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        if not is_number or not (value > 1 if expects == "more" else 0 < value < 1):
            self.refuse("test.smallest", "a ratio above 1 for 'more', between 0 and 1 for 'fewer'", repr(value))
        return float(value)

    def choice(self, name: str, held: Any) -> Mapping[str, Any]:
        place = f"test.choices.{name}"
        if name in (MAIN, WITHOUT_TURN, VERIFIED):
            self.refuse(place, "a name that no check has already", repr(name))
        if not isinstance(held, dict) or not held:
            self.refuse(place, "a table of what is replaced", repr(held))
        self.only(held, place, {"design", "exposure", "outcome", "first", "last", "options"})
        kinds = {"exposure": self.dated, "outcome": self.series}
        read = {key: reader(held[key], f"{place}.{key}") for key, reader in kinds.items() if key in held}
        if "design" in held:
            self.one_of(held, "design", tuple(DESIGNS), place=place)
        return MappingProxyType(dict(held) | read | self.parts(held, place))

    def parts(self, held: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Window and options of a test or a choice, where they are given."""
        days = {key: held[key] for key in ("first", "last") if key in held}
        for key, day in days.items():
            if type(day) is not dt.date:
                self.refuse(f"{place}.{key}", "a day like 2012-01-01, without quotes", repr(day))
        options = self.table(held, "options", place=place)
        for name, value in options.items():
            if name not in OPTIONS:
                near = difflib.get_close_matches(name, OPTIONS, n=3) or OPTIONS
                self.refuse(f"{place}.options", f"an option of a design, such as {', '.join(near)}", name)
            if not isinstance(value, get_args(Option)) or (isinstance(value, float) and not math.isfinite(value)):
                self.refuse(f"{place}.options.{name}", "a number or a word", repr(value))
        return days | ({"options": MappingProxyType(dict(options))} if options else {})

    def series(self, held: Any, place: str) -> Series:
        if not isinstance(held, dict):
            self.refuse(place, "a table", repr(held))
        kinds = [kind for kind in _SERIES_KEYS if kind in held]
        if len(kinds) != 1:
            wanted = "one of mark, table (with where), days or spans (with source), or series"
            self.refuse(place, wanted, " and ".join(kinds) or "none")
        self.only(held, place, {"words", kinds[0], *_SERIES_KEYS[kinds[0]]})
        words, within = self.text(held, "words", place=place), self.within(held, place)
        if "mark" in held:
            return Series(words, mark=self.one_of(held, "mark", tuple(MARKS), place=place), known_within_days=within)
        if "series" in held:
            return Series(words, figures=self.word(held, "series", "the name of a yearly series", place=place))
        if "table" in held:
            return Series(words, selection=self.selected(held, place), known_within_days=within)
        source = self.word(held, "source", "words that say where the days come from", place=place)
        days, spans = (self.days(held, place), ()) if "days" in held else ((), self.spans(held, place))
        return Series(words, days=days, spans=spans, source=source)

    def dated(self, held: Any, place: str) -> Series:
        """Read a series that has days: no yearly figures."""
        read = self.series(held, place)
        if read.figures is not None:
            self.refuse(place, "something with days (yearly figures can be an outcome alone)", f"series {read.figures}")
        return read

    def within(self, held: Mapping[str, Any], place: str) -> int | None:
        value = held.get("known_within_days")
        if value is not None and (type(value) is not int or value < 0):
            self.refuse(f"{place}.known_within_days", "a whole number of days, 0 or more", repr(value))
        return value

    def selected(self, held: Mapping[str, Any], place: str) -> Selection:
        table = self.one_of(held, "table", tuple(_TYPES), place=place)
        where = self.table(held, "where", place=place)
        chosen = {column: self.words_list(where, column, place=f"{place}.where") for column in where}
        if not chosen.get(_TYPES[table]):
            self.refuse(f"{place}.where", f"a choice by {_TYPES[table]}, which tells what the record covers", "none")
        actors = self.words_list(held, "actors", place=place) if "actors" in held else ()
        at_least = self.table(held, "at_least", place=place)
        if not all(type(value) in (int, float) for value in at_least.values()):
            self.refuse(f"{place}.at_least", "a number for each column", repr(dict(at_least)))
        try:
            return Selection(table, chosen, actors, MappingProxyType(dict(at_least)))  # type: ignore[arg-type]
        except UsageError as error:
            raise FileRefused(f"{self.file}: {place} cannot be meant: {error}") from None

    def days(self, held: Mapping[str, Any], place: str) -> tuple[dt.date, ...]:
        days = held["days"]
        if not isinstance(days, list) or not days or not all(type(day) is dt.date for day in days):
            self.refuse(f"{place}.days", "a list of days like 2016-11-08", repr(days))
        twice = sorted({day.isoformat() for day in days if days.count(day) > 1})
        if twice:
            self.refuse(f"{place}.days", "a list that names each day once", f"{', '.join(twice)} twice")
        return tuple(sorted(days))

    def spans(self, held: Mapping[str, Any], place: str) -> tuple[tuple[dt.date, dt.date], ...]:
        spans = held["spans"]
        if not isinstance(spans, list) or not spans or not all(_is_span(span) for span in spans):
            wanted = "a list of first and last days like [[1998-02-25, 2008-02-24]]"
            self.refuse(f"{place}.spans", wanted, repr(spans))
        read = sorted((span[0], span[1]) for span in spans)
        for (_, last), (first, _) in pairwise(read):
            if first <= last:
                self.refuse(f"{place}.spans", "spans that do not overlap", f"one to {last} and one from {first}")
        return tuple(read)

    def word(self, held: Mapping[str, Any], key: str, wanted: str, *, place: str) -> str:
        value = self.given(held, key, place=place)
        if not isinstance(value, str) or not value.strip():
            self.refuse(_at(place, key), wanted, repr(value))
        return str(value)

    def text(self, held: Mapping[str, Any], key: str, *, place: str = "") -> Text:
        value = self.given(held, key, place=place)
        is_text = isinstance(value, dict) and set(value) == set(_LANGUAGES)
        if not is_text or not all(isinstance(word, str) and word.strip() for word in value.values()):
            self.refuse(_at(place, key), "words in English and Korean (en and ko)", repr(value))
        return MappingProxyType({language: " ".join(value[language].split()) for language in _LANGUAGES})

    def words_list(self, held: Mapping[str, Any], key: str, *, place: str = "") -> tuple[str, ...]:
        value = self.given(held, key, place=place)
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self.refuse(_at(place, key), "a list of words", repr(value))
        return tuple(value)

    def among(self, held: Mapping[str, Any], key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        words = self.words_list(held, key)
        unknown = [word for word in words if word not in known]
        if unknown:
            self.refuse(key, f"words from {known[0]} to {known[-1]}", ", ".join(unknown))
        return words

    def one_of(self, held: Mapping[str, Any], key: str, words: tuple[str, ...], *, place: str = "") -> str:
        value = self.given(held, key, place=place)
        if value not in words:
            self.refuse(_at(place, key), f"one of {', '.join(words)}", repr(value))
        return str(value)

    def table(self, held: Mapping[str, Any], key: str, *, place: str = "") -> Mapping[str, Any]:
        """A table of the file; empty where there is none."""
        value = held.get(key, {})
        if not isinstance(value, dict):
            self.refuse(_at(place, key), "a table", repr(value))
        return MappingProxyType(value)

    def given(self, held: Mapping[str, Any], key: str, *, place: str = "") -> Any:
        if key not in held:
            self.refuse(_at(place, key), "given", "nothing")
        return held[key]

    def only(self, held: Mapping[str, Any], place: str, known: set[str]) -> None:
        unknown = sorted(set(held) - known)
        if unknown:
            self.refuse(
                f"keys of {place}" if place else "keys", f"among {', '.join(sorted(known))}", ", ".join(unknown)
            )

    def refuse(self, key: str, wanted: str, got: str) -> NoReturn:
        raise FileRefused(f"{self.file}: {key} must be {wanted}, got {got}. Correct the claim's file.")


def _at(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _is_span(span: object) -> bool:
    is_pair = isinstance(span, list) and len(span) == 2 and all(type(day) is dt.date for day in span)
    return is_pair and span[0] <= span[1]  # type: ignore[index]


_SERIES_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mark": ("known_within_days",),
        "table": ("where", "actors", "at_least", "known_within_days"),
        "days": ("source",),
        "spans": ("source",),
        "series": (),
    }
)
_CLAIM_KEYS = {
    "mechanisms",
    "title",
    "text",
    "made_by",
    "doubted_by",
    "standing",
    "reason",
    "rows",
    "bears_out",
}
_TEST_KEYS = {
    "design",
    "exposure",
    "outcome",
    "apart",
    "expects",
    "smallest",
    "first",
    "last",
    "options",
    "choices",
}
