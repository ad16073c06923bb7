"""A page about to be written: the document, the messages of one language, and a pen for HTML, Markdown or text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sixparty.report.document import look_up
from sixparty.report.messages import Hole, Messages
from sixparty.report.wording import NUMBER_STYLES, whole_percent, write_value

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|])")


class Marked(str):
    """Text that a pen has already made safe for its output, so that a template does not escape it again."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text itself; template engines ask for it."""
        return str(self)


class Pen(Protocol):
    """How fixed text and values are set down in one kind of output."""

    def text(self, words: str) -> str:
        """Set down fixed words."""

    def value(self, shown: str, *, key: str, style: str) -> str:
        """Set down a value of the document as it is shown."""


@dataclass(frozen=True)
class PlainPen:
    """Text as it is."""

    def text(self, words: str) -> str:
        """Set down fixed words."""
        return words

    def value(self, shown: str, *, key: str, style: str) -> str:
        """Set down a value of the document as it is shown."""
        return shown


@dataclass(frozen=True)
class MarkdownPen:
    """Text with Markdown's own signs escaped."""

    def text(self, words: str) -> str:
        """Set down fixed words."""
        return _MARKDOWN_SIGNS.sub(r"\\\1", words)

    def value(self, shown: str, *, key: str, style: str) -> str:
        """Set down a value of the document as it is shown."""
        return self.text(shown)


@dataclass(frozen=True)
class LinkPen:
    """HTML: figures carry their key and, on page one, link to the block that explains them."""

    is_linked: bool = True

    def text(self, words: str) -> str:
        """Set down fixed words."""
        return html.escape(words)

    def value(self, shown: str, *, key: str, style: str) -> str:
        """Set down a value of the document as it is shown."""
        words = html.escape(shown)
        data = f'data-key="{html.escape(key)}" data-style="{style}"'
        name = style.partition(":")[0]
        if name in NUMBER_STYLES and self.is_linked:
            return f'<a class="n" {data} href="#{block_of(key)}">{words}</a>'
        return words if name in ("word", "plural") else f"<span {data}>{words}</span>"


@dataclass(frozen=True)
class Page:
    """A document seen in one language through one pen.

    Parameters
    ----------
    document
        The whole envelope: spec, result, provenance, warnings.
    """

    document: Mapping[str, Any]
    messages: Messages
    pen: Pen

    def num(self, key: str, style: str) -> Marked:
        """Write the value under `key`; every figure of page one comes through here."""
        shown = write_value(look_up(self.document, key), style, messages=self.messages)
        return Marked(self.pen.value(shown, key=key, style=style))

    def say(self, message: str, base: str = "result") -> Marked:
        """Write a sentence, its holes filled from the document."""
        return Marked(
            "".join(
                self.num(part.key(base), part.style) if isinstance(part, Hole) else self.pen.text(part)
                for part in self.messages.parts(message)
            )
        )

    def word(self, group: str, value: Any) -> Marked:
        """Write the reader's word for a code."""
        return Marked(self.pen.text(self.messages.word(group, str(value))))

    def known(self, group: str, name: str, *, key: str) -> Marked:
        """Write a text of the record in the reader's language where we know it (`Messages.known`)."""
        text = self.messages.known(group, name, text=str(self.get(key)))
        return Marked(self.pen.value(text, key=key, style="text"))

    def structure(self, base: str) -> Marked:
        """Write how a fit is built: its level, what excites it, the drills it may differ under."""
        fit = self.get(base)
        words = [self.messages.word("fit_levels", fit["level"])]
        words += [self.messages.word("fit_links", link) for link in fit["links"]]
        words += [self.messages.word("fit_exposures", name) for name in fit["exposures"]]
        return Marked(self.pen.text(", ".join(words)))

    def interval(self, base: str, prefix: str = "") -> Marked:
        """Write the range of a chance, as odds if both ends lie below 5 %; `prefix` is ``plain_`` for the rival's."""
        is_low = whole_percent(self.get(f"{base}.{prefix}high")) < 5
        return self.say(f"next.{prefix}interval{'_odds' if is_low else ''}", base)

    def get(self, key: str) -> Any:
        """Return the bare value under `key`."""
        return look_up(self.document, key)


def block_of(key: str) -> str:
    """Return the id of the block on page two that explains the value under `key`.

    Examples
    --------
    >>> block_of("result.where.index.value")
    'trace-index'
    """
    steps = [*key.removeprefix("result.").split("."), "", ""]
    match steps[:3]:
        case ["where", "classes", place]:
            return f"trace-class-{place}"
        case ["where", "days" | "unusual_rule", _]:
            return "trace-class-0"
        case ["promises", "sides" | "due" | "held" as part, _]:
            return f"trace-promises-{part}"
        case ["promises", *_]:
            return "trace-promises-sides"
        case ["interval", *_]:
            return "trace-next"
        case ["where", part, _]:
            return f"trace-{part}"
        case ["forecasts", target, _]:
            return f"trace-forecast-{target}"
        case ["past" | "archive", *_]:
            return "trace-past"
        case ["claims", *_]:
            return "trace-claims"
        case ["next" | "record", *_]:
            return "trace-next"
        case [part, *_]:
            return f"trace-{part}"
    raise KeyError(key)
