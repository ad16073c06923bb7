"""How much page one shows: at most 330 words, so long weeks send their later entries to page two.

Words are counted in English, with at least one letter each; figures are not words. The choice is made once, in
the document, so that every language shows the same entries. A Korean page is measured in syllables, as official
Korean texts are: its runs between spaces join nouns and particles and tell little of its length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.report.wording import short_label

PAGE_ONE_WORDS = 330
"""Most words of page one, drawings left out."""
PAGE_ONE_SYLLABLES = 800
"""Most Hangul syllables of a Korean page one; with as many it still prints on one sheet."""
ENTRY_WORDS = 70
"""Words left for entries of lists once headings, tables and the longest fixed sentences are counted."""
_BESIDE_LABEL: Mapping[str, int] = {"added": 1, "revised": 4, "spell": 4, "ahead": 3}
_WITHOUT_LABEL: Mapping[str, int] = {"forecast": 15, "signposts": 13}
_TURNS: tuple[str, ...] = (
    "added", "forecast", "ahead", "signposts", "spell", "ahead", "ahead", "added", "revised", "signposts", "ahead",
    "added", "forecast", "ahead",
)  # fmt: skip
"""Order in which entries are given room; the first of added, forecast, ahead and signposts is always shown."""


def shown_entries(entries: Mapping[str, Sequence[Mapping[str, Any]]], *, used: int = 0) -> dict[str, int]:
    """Return how many entries of each kind page one shows.

    Parameters
    ----------
    entries
        Entries by kind (added, revised, spell, forecast, ahead, signposts), the most important first.
    used
        Words that this week's sentences take beyond an ordinary week's.
    """
    shown = dict.fromkeys(entries, 0)
    left = ENTRY_WORDS - used
    for kind in _TURNS:
        place = shown[kind]
        if place >= len(entries[kind]):
            continue
        words = _words(kind, entries[kind][place])
        if (place == 0 and kind not in ("revised", "spell")) or words <= left:
            shown[kind] += 1
            left -= words
    return shown


def count_words(text: str) -> int:
    """Count the words of a text: runs between spaces that hold a letter."""
    return sum(any(sign.isalpha() for sign in run) for run in text.split())


def count_syllables(text: str) -> int:
    """Count the Hangul syllables of a text.

    Examples
    --------
    >>> count_syllables("6자 브리핑")
    4
    """
    return sum("가" <= sign <= "힣" for sign in text)


def _words(kind: str, entry: Mapping[str, Any]) -> int:
    if kind in _WITHOUT_LABEL:
        return _WITHOUT_LABEL[kind]
    return _BESIDE_LABEL[kind] + count_words(short_label(entry["label"]["en"]))
