"""How a value of the document is written for a reader: counts, dates, chances, names.

A style is a name such as ``count`` or ``word:targets``; the same style gives the same text on every page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from itertools import accumulate
from types import MappingProxyType
from typing import Any

from sixparty.errors import UsageError
from sixparty.report.messages import Messages

_LONGEST_LABEL = 54
_WIDE = ("\u1100", "\ud7ff")
_COLUMNS_A_WIDE_SIGN = 1.7
_DIGEST_SIGNS = 12
_DAYS_A_YEAR = 365.25


def write_value(value: Any, style: str, *, messages: Messages) -> str:
    """Write one value of the document in one style; a missing value is said to be missing.

    Raises
    ------
    UsageError
        If no such style exists.
    """
    name, _, argument = style.partition(":")
    if name not in _STYLES:
        raise UsageError(f"style must be one of {', '.join(_STYLES)}, got {name!r}.")
    if value is None:
        return messages["missing"]
    return _STYLES[name](value, argument, messages)


def chance_in(probability: float) -> int:
    """Return N of "1 in N", rounded to a figure one can say aloud.

    Examples
    --------
    >>> chance_in(0.0312)
    30
    """
    odds = 1.0 / probability
    step = 5 if odds < 100 else 10 if odds < 200 else 50 if odds < 1000 else 100
    return step * round(odds / step)


def short_label(text: str) -> str:
    """Return a label as page one has room for it: cut between words, the cut marked."""
    kept = text[: _signs_within(text)]
    return text if kept == text else kept.rsplit(" ", 1)[0].rstrip(" ,;:(") + "\u00a0…"


def _signs_within(text: str) -> int:
    """Signs of a text that the room of a label holds; one of Hangul takes that of nearly two Latin letters."""
    widths = (_COLUMNS_A_WIDE_SIGN if _WIDE[0] <= sign <= _WIDE[1] else 1.0 for sign in text)
    return sum(width <= _LONGEST_LABEL for width in accumulate(widths))


def whole_percent(probability: float) -> int:
    """Return a probability in whole per cent, halves rounded up."""
    return int(100.0 * probability + 0.5)


def _count(value: Any, argument: str, messages: Messages) -> str:
    return f"{round(value):,}".replace(",", messages["number.thousands"])


def _signed(value: Any, argument: str, messages: Messages) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(round(value))}"


def _decimal(value: Any, argument: str, messages: Messages) -> str:
    return f"{value:.{int(argument or 1)}f}".replace("-", "−")


def _points(value: Any, argument: str, messages: Messages) -> str:
    """A difference of probabilities in points of a hundred, with its sign."""
    return f"{100.0 * value:+.1f}".replace("-", "−")


def _percent(value: Any, argument: str, messages: Messages) -> str:
    """Whole per cent; ``bare`` leaves out the sign, for the ends of an interval."""
    if argument == "bare":
        return str(whole_percent(value))
    return messages["number.percent"].format(whole_percent(value))


def _chance(value: Any, argument: str, messages: Messages) -> str:
    """Whole per cent from 5 to 95, "about 1 in N" below, "over 95 %" above; ``short`` leaves out "about"."""
    suffix = ".short" if argument == "short" else ".long"
    if value < 0.0005:
        return messages[f"chance.tiny{suffix}"]
    if whole_percent(value) < 5:
        return messages[f"chance.low{suffix}"].format(_count(chance_in(value), "", messages))
    if whole_percent(value) > 95:
        return messages[f"chance.high{suffix}"]
    return messages["number.percent"].format(whole_percent(value))


def _odds(value: Any, argument: str, messages: Messages) -> str:
    """Chances below 5 % as odds; ``number`` leaves the N of "1 in N" alone."""
    shown = _count(chance_in(max(value, 0.0005)), "", messages)
    return shown if argument == "number" else messages["chance.low.short"].format(shown)


def _bound(value: Any, argument: str, messages: Messages) -> str:
    """One end of an interval of chances, short enough for a table."""
    percent = whole_percent(value)
    return "<5" if percent < 5 else ">95" if percent > 95 else str(percent)


def _years(value: Any, argument: str, messages: Messages) -> str:
    """A number of days in years."""
    return _decimal(value / _DAYS_A_YEAR, argument, messages)


def _date(value: Any, argument: str, messages: Messages) -> str:
    day = dt.date.fromisoformat(value)
    month = messages[f"months.{argument or 'long'}.{day.month}"]
    pattern = messages[f"dates.{argument or 'long'}"]
    return pattern.format(day=day.day, month=month, month_number=day.month, year=day.year)


def _year(value: Any, argument: str, messages: Messages) -> str:
    return str(value)[:4]


def _word(value: Any, argument: str, messages: Messages) -> str:
    return messages.word(argument, str(value))


def _plural(value: Any, argument: str, messages: Messages) -> str:
    return messages[f"plural.{argument}.{'one' if value == 1 else 'many'}"]


def _label(value: Any, argument: str, messages: Messages) -> str:
    """A label in the reader's language, cut at a word for page one (``label:short``).

    Parties are named as the reader chose, but not in the title of a text (``label:title``).
    """
    text = str(value.get(messages.language) or value["en"])
    text = text if argument == "title" else messages.names.apply(text)
    return short_label(text) if argument == "short" else text


def _text(value: Any, argument: str, messages: Messages) -> str:
    """Text as it is; ``text:short`` is the beginning of a digest."""
    return str(value)[:_DIGEST_SIGNS] if argument == "short" else str(value)


_STYLES: Mapping[str, Callable[[Any, str, Messages], str]] = MappingProxyType(
    {
        "count": _count,
        "signed": _signed,
        "decimal": _decimal,
        "points": _points,
        "percent": _percent,
        "chance": _chance,
        "odds": _odds,
        "years": _years,
        "bound": _bound,
        "date": _date,
        "year": _year,
        "word": _word,
        "plural": _plural,
        "label": _label,
        "text": _text,
    }
)
NUMBER_STYLES: frozenset[str] = frozenset(
    {"count", "signed", "decimal", "points", "percent", "chance", "odds", "bound", "date", "year", "years"}
)
"""Styles whose text is a figure, and so links to where it comes from."""
