"""What is said of a claim: the answer, its size and what could have been seen, in one language, from its document."""

from __future__ import annotations

import math
import string
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sixparty.errors import FileRefused, UsageError
from sixparty.report.evidence_refusals import refusal_words
from sixparty.report.messages import FOLDER, Messages, read_table, require_complete

Claim = Mapping[str, Any]
"""One entry of `claims` in what `sixparty evidence test` found."""

LANGUAGES = ("en", "ko")
MINUS = "\u2212"

_CHECK_KEYS = {"without 2017-11 to 2019-12": "without_turn", "verified rows alone": "verified"}
_TOO_LARGE_TO_NAME = 20.0
_DOUBLE = 2.0
_WEEK_DEFAULTS = (1, 4)
_SPAN_WEEKS = 26
_ON_DATES = ("event_study", "before_after", "break_point", "hazard")
_ON_SERIES = "growth"


@cache
def read_claim_words(language: str) -> Messages:
    """Read the words of the claims in one language.

    Raises
    ------
    UsageError
        If there is none of that name.
    FileRefused
        If the file lacks a key of the English one, or fills other names in a sentence.
    """
    if language not in LANGUAGES:
        raise UsageError(f"language must be one of {', '.join(LANGUAGES)}, got {language!r}.")
    table = read_table(FOLDER / language / "evidence.toml")
    if language != "en":
        english = read_claim_words("en").table
        require_complete(table, reference=english, language=language)
        strange = [key for key in english if not _names(table[key]) <= _names(english[key])]
        if strange:
            raise FileRefused(f"words in {language!r} must fill names of the English ones: {', '.join(strange)}.")
    return Messages(language, table)


def verdict_words(claim: Claim, words: Messages) -> str:
    """Return the verdict as a reader reads it."""
    return words[f"verdict.{claim['verdict']}"]


def answer(claim: Claim, words: Messages) -> str:
    """Return the answer with its size, what it rests on and the smallest effect that could have been seen."""
    verdict, estimate = verdict_words(claim, words), claim["estimate"]
    if estimate is None:
        return words["answer.no_estimate"].format(verdict=verdict, reason=reason(claim, words))
    said = words[answer_key(claim)].format(
        verdict=verdict,
        outcome=claim["outcome"][words.language],
        relation=relation(claim, words),
        ratio=ratio_words(estimate["ratio"]["value"], words),
        interval=interval_words(estimate["ratio"], words),
        episodes=counted(episode_noun(claim), estimate["episodes"], words),
        events=counted("outcome", estimate["events"], words),
        years=f"{estimate['events']:,}",
        exposed=f"{estimate['exposed_events']:,}",
        missed=missed_words(claim, words),
    )
    return said[:1].upper() + said[1:]


def answer_key(claim: Claim) -> str:
    """Return the sentence in which the answer is said: a design on a yearly series compares growth, not frequency."""
    return "answer.growth" if claim["design"] == _ON_SERIES else "answer.estimated"


def episode_noun(claim: Claim) -> str:
    """Return whether a claim's exposure is told by dates or by spells."""
    return "date" if claim["design"] in _ON_DATES else "spell"


def reason(claim: Claim, words: Messages) -> str:
    """Return why there is no estimate."""
    if claim["reason"]:
        return str(claim["reason"][words.language])
    said = refusal_words(claim["not_run"].get("main", ""), words)
    return f"{said[:1].upper()}{said[1:]}." if said else str(claim["not_run"].get("main", ""))


def not_run_words(claim: Claim, words: Messages) -> list[tuple[str, str]]:
    """Return the checks that could not be run, each with the reason."""
    found = ((name, why) for name, why in claim["not_run"].items() if name != "main")
    return [(check_words(name, words), refusal_words(why, words) or why) for name, why in found]


def relation(claim: Claim, words: Messages) -> str:
    """Return when the outcome is counted: during the exposure, or in certain weeks after it."""
    exposure, options = claim["exposure"][words.language], claim.get("options") or {}
    match claim["design"]:
        case "event_study":
            ends = (int(options.get(name, default)) for name, default in zip(_WEEK_NAMES, _WEEK_DEFAULTS, strict=True))
            return _weeks(*ends, exposure=exposure, words=words)
        case "before_after":
            weeks = int(options.get("weeks", _SPAN_WEEKS))
            return words["relation.span_after"].format(weeks=weeks, exposure=exposure)
        case "break_point":
            return words["relation.since"].format(exposure=exposure)
        case "hazard":
            return words["relation.after"].format(exposure=exposure)
    return words["relation.during"].format(exposure=exposure)


def public_sentence(claim: Claim, words: Messages) -> str:
    """Return a sentence that may be said in public: no more than the verdict carries.

    That one thing brings the other is said only of a supported claim with an effect of grade A.
    """
    if claim["estimate"] is not None and claim["design"] == _ON_SERIES:
        return _public_growth(claim, words)
    key = f"public.{claim['verdict']}"
    if claim["estimate"] is None or f"{key}_{claim['expects']}" not in words:
        return words[key]
    key += f"_{claim['expects']}"
    if claim["grade"] == "A" and f"{key}_a" in words:
        key += "_a"
    if claim["verdict"] == "mixed" and not claim["flips"] and claim["lead_passes"] is False:
        key += "_lead"
    exposure, outcome = claim["exposure"][words.language], claim["outcome"][words.language]
    said = words[key].format(
        exposure=exposure, outcome=outcome, relation=relation(claim, words), size=size_words(claim, words)
    )
    return said[:1].upper() + said[1:]


def _public_growth(claim: Claim, words: Messages) -> str:
    said = words[f"public_growth.{claim['verdict']}"].format(
        outcome=claim["outcome"][words.language],
        relation=relation(claim, words),
        pace=words[f"pace.{claim['expects']}"],
        percent=_percent(claim),
    )
    return said[:1].upper() + said[1:]


def size_words(claim: Claim, words: Messages) -> str:
    """Return the smallest effect worth naming, as a rise or fall in per cent."""
    return words[f"size.{claim['expects']}"].format(percent=_percent(claim))


def _percent(claim: Claim) -> int:
    return round(100.0 * abs(float(claim["smallest"]) - 1.0))


def missed_words(claim: Claim, words: Messages) -> str:
    """Say which differences in the claim's direction would not have been seen with a chance of 80 %."""
    least = claim["estimate"]["minimum_detectable"]
    if least is None or not least < _TOO_LARGE_TO_NAME:
        return words["missed.any"]
    if claim["expects"] == "fewer":
        return words["missed.fall"].format(percent=round(100.0 * (1.0 - 1.0 / least)))
    if least >= _DOUBLE:
        return words["missed.rise_times"].format(times=f"{least:.1f}")
    return words["missed.rise"].format(percent=round(100.0 * (least - 1.0)))


def ratio_words(value: float | None, words: Messages) -> str:
    """Write a ratio: two decimals, fewer where it is large; one without bound is said to be so."""
    if value is None or math.isinf(value):
        return words["number.unbounded"]
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def least_words(estimate: Mapping[str, Any], words: Messages) -> str:
    """Write the smallest ratio that would have been seen; none where no ratio would."""
    least = estimate["minimum_detectable"]
    return words["number.missing"] if least is None or math.isinf(least) else ratio_words(least, words)


def interval_words(ratio: Mapping[str, Any], words: Messages) -> str:
    """Write the two ends of an interval, or its lower one where it has no upper one."""
    if ratio["high"] is None or math.isinf(ratio["high"]):
        return words["number.interval_unbounded"].format(low=ratio_words(ratio["low"], words))
    return words["number.interval"].format(low=ratio_words(ratio["low"], words), high=ratio_words(ratio["high"], words))


def p_words(value: float) -> str:
    """Write a p-value; below one in a thousand it is said to be below."""
    return "<.001" if value < 0.001 else f"{value:.3f}".lstrip("0") if value < 0.1 else f"{value:.2f}".lstrip("0")


def check_words(name: str, words: Messages) -> str:
    """Return a check's name as a reader reads it; a name of one's own has its underscores opened."""
    return words.word("check", _CHECK_KEYS.get(name, name))


def flip_words(claim: Claim, words: Messages) -> str:
    """Say under which checks the verdict would be another one."""
    if claim["flips"]:
        return words["sheet.flips"].format(names=", ".join(check_words(name, words) for name in claim["flips"]))
    return words["sheet.no_flips" if claim["checks"] else "sheet.no_checks"]


def lead_words(claim: Claim, words: Messages) -> str:
    """Say whether the time before the exposure shows something of the kind."""
    if claim["lead_passes"] is None:
        return words["sheet.no_lead"]
    return words["sheet.lead_passes" if claim["lead_passes"] else "sheet.lead_fails"]


def chance_words(found: Mapping[str, Any], words: Messages) -> str:
    """Say how many finds chance alone would bring among the claims tested together."""
    tested = sum(claim["estimate"] is not None for claim in found["claims"])
    if tested < 2:
        return words["sheet.chance_one"]
    return words["sheet.chance"].format(number=f"{found['expected_false_positives']:.1f}", n=tested)


def by_verdict(claims: Sequence[Claim]) -> list[tuple[str, list[Claim]]]:
    """Group claims by verdict, those with an answer first, in the order of the verdicts."""
    order = [key.removeprefix("verdict.") for key in read_claim_words("en").table if key.startswith("verdict.")]
    groups = [(verdict, [claim for claim in claims if claim["verdict"] == verdict]) for verdict in order]
    return [(verdict, members) for verdict, members in groups if members]


_WEEK_NAMES = ("from_week", "to_week")


def _weeks(first: int, last: int, *, exposure: str, words: Messages) -> str:
    if last < 0:
        return words["relation.weeks_before"].format(first=-first, last=-last, exposure=exposure)
    key = "weeks_until" if first < 0 == last else "weeks_around" if first < 0 else "weeks_after"
    return words[f"relation.{key}"].format(first=abs(first), last=last, exposure=exposure)


def counted(noun: str, number: int, words: Messages) -> str:
    """Write a number of spells, dates or outcomes with its noun."""
    return words[f"count.{noun}_{'one' if number == 1 else 'many'}"].format(n=f"{number:,}")


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
