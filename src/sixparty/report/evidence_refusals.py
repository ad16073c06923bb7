"""Why a design would not answer, in a reader's words and language.

A design says it in one English sentence: what was expected, what came, what to do. Here the first two are known again
by their fixed words, and said in plain words of either language with the same figures; the advice is for whoever sets
the design. A sentence that is not known again stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from sixparty.report.messages import Messages

SAID: Mapping[str, str] = MappingProxyType(
    {
        "few_windows": "half of the dates must have placebos that cover at least {least} separate windows, got {got}.",
        "few_freedom": "placebos must rest on at least {least} degrees of freedom, got {got}:",
        "few_dates": "at least {least} dates must have their weeks within the days looked at and placebos beside them, "
        "got fewer of {got}.",
        "few_matched": "at least {least} separate placebo dates must follow about as many outcomes as the dates do, "
        "got {got}.",
        "few_after_placebos": "placebos must lead to at least {least} outcomes {how}, got {got}.",
        "no_weeks_about": "{weeks} weeks before and after a date must lie within the days looked at, got no such date.",
        "no_dates": "dates of the exposure must lie between {first} and {last}, got none.",
        "nothing_visible": "a ratio up to {most} must be visible with a chance of {chance}, got none.",
        "few_weeks_at_risk": "at least {least} weeks at risk must have an outcome, got {got}.",
        "few_for_a_break": "at least {least} outcomes in {weeks} weeks must be looked at for a break, "
        "got {got} in {of}.",
        "few_in_window": "at least {least} outcomes must lie in the window, got {got}.",
        "off_the_window": "weeks near {day} must lie within the window and off its ends by {share}, got none.",
        "larger_change": "a larger change lies at {day}, and beside it {other}",
        "one_side_alone": "the window must hold exposed and other days, got {share} of {days} days exposed.",
        "few_outcomes": "the window must hold at least {least} outcomes, got {got}.",
        "few_on_a_side": "the window must hold days for {least} outcomes at the common rate on each side, got {got}.",
        "few_exposed_years": "the window must hold exposed days in at least {least} calendar years, got {got}.",
        "few_outcome_years": "the window must hold outcomes in at least {least} calendar years, got {got}.",
        "outcomes_on_one_side": "the window must hold outcomes on exposed and on other days ({advice}), "
        "got {got} of {of} on exposed days.",
        "no_common_year": "the window must hold a year that exposure and outcome both cover, got {first} to {last}.",
        "no_bounds": "the window must be bounded by first and last where all days are listed by hand, got no bound.",
        "not_told_apart": "the exposure must differ from season, level and what is held apart, got {got} of its own.",
        "too_unsure": "the log ratio must have a standard error below {most} and {least} degrees of freedom, "
        "got {error} and {freedom}.",
        "unsettled": "the {what} must settle within {steps} steps, got a last step of {got}",
        "few_years": "growth must be known for {least} years, {side} of them on either side, "
        "got {got} years, {exposed} of them under the exposure.",
        "few_placements": "the exposed years must have {least} ways to fall, got {got}.",
        "same_growth": "growth must differ between years, got the same in all.",
        "empty_years": "a stock must be above 0 in every year looked at, got none in {years}.",
        "series_not_verified": "verified rows must be there, got figures of a series:",
        "series_not_known": "figures of {series} must be known by the day looked back to, got none.",
        "wild_ratio": "a ratio must lie within its interval and be finite, got {got} in {low} to {high}.",
    }
)
"""What designs say, by key: fixed words with figures in braces; the first that fits counts."""

AT_BEST: Mapping[str, str] = MappingProxyType(
    {
        "at_best": "At best they could have shown yearly growth factors that are {least} times as large,",
        "never_enough": "no difference, however large, would have had a p-value below {p}.",
        "nothing_beside": "With years on one side alone nothing can be compared.",
    }
)
"""What a design may add: the least that could have been seen."""

SETTING = ("claim's file", "Correct the file", "Exchange them", "parted by")
"""Signs of a sentence on a setting in a claim's file: it stays in English, as the settings' names do."""

_HOLE = re.compile(r"\{(\w+)\}")


def refusal_words(said: str, words: Messages) -> str | None:
    """Return what a design said of its own record in a reader's words, or None if its words are not known.

    Examples
    --------
    >>> from sixparty.report.evidence_words import read_claim_words
    >>> refusal_words("the window must hold at least 8 outcomes, got 6. Widen it.", read_claim_words("en"))
    'there are only 6 outcomes, and at least 8 are needed'
    """
    told = [_told(names, said, words) for names in (SAID, AT_BEST)]
    if told[0] is not None:
        return "; ".join(each for each in told if each is not None)
    return words["refusal.setting"].format(said=said) if any(sign in said for sign in SETTING) else None


def _told(names: Mapping[str, str], said: str, words: Messages) -> str | None:
    for key in names:
        found = _patterns()[key].search(said)
        if found:
            return words[f"refusal.{key}"].format(**_figures(found.groupdict(), words))
    return None


def _figures(found: Mapping[str, str], words: Messages) -> dict[str, str]:
    """The figures of a sentence; one that tells of another in turn has that one in the same language."""
    other = found.get("other")
    if other is None:
        return dict(found)
    return {**found, "other": refusal_words(other, words) or other}


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    starts = {key: re.compile(f"^{_pattern(text)}{'$' * text.endswith('}')}") for key, text in SAID.items()}
    return starts | {key: re.compile(_pattern(text)) for key, text in AT_BEST.items()}


def _pattern(text: str) -> str:
    """Its fixed words with a group for each figure; a full stop is one only where no digit follows."""
    pieces = _HOLE.split(text)
    return "".join(
        f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece).replace(r"\.", r"\.(?!\d)")
        for place, piece in enumerate(pieces)
    )
