"""The rule that turns estimates into a verdict; nothing else decides it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sixparty.evidence.claim import Direction
from sixparty.evidence.estimate import Estimate, Ratio

Verdict = Literal[
    "supported",
    "leans_supported",
    "mixed",
    "no_evidence",
    "not_borne_out",
    "not_testable",
    "not_yet_tested",
    "contradicted_by_the_text",
    "borne_out_by_the_text",
]
"""What is said of a claim."""

Reading = Literal["for", "open", "against"]
"""What one interval says of a claim."""

Grade = Literal["A", "B", "C", "D"]
"""How far an effect may be relied on: A estimated, two independent sources, falsification passes; B estimated but
confounded; C literature or elicitation; D assumption."""

LEANING = 0.1
"""A p-value below this may lean."""

_KEPT_SHARE = 0.5
FEWEST_EPISODES, FEWEST_YEARS = 5, 3
"""Episodes of the exposure, and years in which they begin, below which an effect counts as an assumption."""


@dataclass(frozen=True)
class Judgement:
    """A verdict and what made it.

    Parameters
    ----------
    verdict
        By the rule of `judge`.
    flips
        Names of the checks under which it would be another one.
    lead_passes
        Whether the time before the exposure shows nothing of the kind; None without a lead test.
    """

    verdict: Verdict
    flips: tuple[str, ...]
    lead_passes: bool | None


@dataclass(frozen=True)
class _Effect:
    """A ratio on the log scale, turned so that what the claim expects lies above 0."""

    value: float
    low: float
    high: float

    @property
    def size(self) -> float:
        """The effect; where it has no bound (nothing at all on one side), as much as its interval assures."""
        return self.low if math.isinf(self.value) else self.value


def reading(estimate: Estimate, *, expects: Direction, smallest: float) -> Reading:
    """Return what the interval says of a claim whose smallest effect worth naming is `smallest`.

    *for*: the interval lies above no difference, and reaches the smallest effect. *against*: it lies below the smallest
    effect, even where it lies above no difference. *open*: it holds both no difference and the smallest effect.
    """
    effect = _effect(estimate.ratio, expects)
    if effect.high < abs(math.log(smallest)):
        return "against"
    return "for" if effect.low > 0.0 else "open"


def judge(
    main: Estimate, checks: Mapping[str, Estimate], *, expects: Direction, smallest: float, is_thin: bool = False
) -> Judgement:
    """Judge a claim by its main estimate and the checks.

    The main estimate is *for* the claim, *against* it or *open* (see `reading`). An open one *leans* if its ratio
    reaches the smallest effect with p below .1 and the lead test passes.

    - A check *flips* the verdict on a main estimate that is for the claim or leans if it is against the claim or keeps
      less than half of the effect (on the log scale); on any other main estimate if it is for the claim, or if the main
      estimate is against it and the check is open and reaches the smallest effect.
    - Any flip: *mixed*.
    - For: *supported* if the ratio itself reaches the smallest effect, every check is for the claim as well and the
      lead test passes (or there is none); *mixed* if the lead test fails and the lead shows at least as much as the
      exposure; else *leans supported*.
    - Leaning: *leans supported*. Otherwise open: *no evidence*.
    - Against: *not borne out*.
    - What rests on few episodes (`is_thin`, see `rests_on_few`) is *leans supported* where it would be *supported*, and
      *no evidence* where it would be *not borne out*. Whatever else changed in the same one or two years is in such a
      ratio, and with so few spells designs hold their 5 % only where the outcome comes back to a level of its own.
    """
    said, passes = reading(main, expects=expects, smallest=smallest), lead_passes(main, expects=expects)
    leans = (
        said == "open"
        and passes is not False
        and main.p_value < LEANING
        and _reaches(main, expects=expects, smallest=smallest)
    )
    taken: Reading = "for" if leans else said
    flips = tuple(
        name for name, check in checks.items() if _flips(taken, main, check=check, expects=expects, smallest=smallest)
    )
    if flips:
        return Judgement("mixed", flips, passes)
    if said == "for":
        every = all(reading(check, expects=expects, smallest=smallest) == "for" for check in checks.values())
        is_whole = every and not is_thin and _reaches(main, expects=expects, smallest=smallest)
        return Judgement(_verdict_for(main, passes, expects=expects, is_whole=is_whole), flips, passes)
    unmoved: Verdict = "not_borne_out" if said == "against" and not is_thin else "no_evidence"
    return Judgement("leans_supported" if leans else unmoved, flips, passes)


def lead_passes(estimate: Estimate, *, expects: Direction) -> bool | None:
    """Return whether the lead is no effect by itself and shows at most half of the effect.

    Where the effect does not go the way of the claim, there is nothing that the lead could explain, and only the first
    is asked. None where the design has no lead.
    """
    if estimate.lead is None:
        return None
    lead, effect = _effect(estimate.lead, expects), _effect(estimate.ratio, expects).size
    return lead.low <= 0.0 and (effect <= 0.0 or lead.value <= _KEPT_SHARE * effect)


def rests_on_few(estimate: Estimate, *, years: int) -> bool:
    """Return whether an estimate rests on fewer than five episodes, or on episodes that begin in fewer than 3 years."""
    return estimate.episodes < FEWEST_EPISODES or years < FEWEST_YEARS


def grade(estimate: Estimate, *, years: int, sources: int, passes: bool | None) -> Grade:
    """Return how far the effect may be relied on.

    Parameters
    ----------
    years
        Calendar years in which an episode of the exposure begins.
    sources
        Independent sources that show it. For claims tested on this record it is 1: an effect stands on days of the
        exposure and of the outcome, and two sources show it only if each tells both. The record notes on whom a source
        relies for most rows of weapons tests, but hardly for any of drills, talks, contacts or resolutions, so that no
        claim can be put to either source alone.
    passes
        What the lead test says.
    """
    if rests_on_few(estimate, years=years):
        return "D"
    return "A" if sources >= 2 and passes else "B"


def _flips(taken: Reading, main: Estimate, *, check: Estimate, expects: Direction, smallest: float) -> bool:
    """Whether a check speaks otherwise than the main estimate, as that one is taken."""
    then = reading(check, expects=expects, smallest=smallest)
    if taken == "for":
        kept, whole = _effect(check.ratio, expects).size, _effect(main.ratio, expects).size
        return then == "against" or kept < _KEPT_SHARE * whole
    return then == "for" or (
        taken == "against" and then == "open" and _reaches(check, expects=expects, smallest=smallest)
    )


def _verdict_for(main: Estimate, passes: bool | None, *, expects: Direction, is_whole: bool) -> Verdict:
    """The verdict on a main estimate for the claim that no check flips."""
    if passes is False and main.lead is not None:
        is_as_large = _effect(main.lead, expects).value >= _effect(main.ratio, expects).value
        return "mixed" if is_as_large else "leans_supported"
    return "supported" if is_whole else "leans_supported"


def _reaches(estimate: Estimate, *, expects: Direction, smallest: float) -> bool:
    return _effect(estimate.ratio, expects).value >= abs(math.log(smallest))


def _effect(ratio: Ratio, expects: Direction) -> _Effect:
    value, low, high = (_log(number) for number in (ratio.value, ratio.low, ratio.high))
    return _Effect(value, low, high) if expects == "more" else _Effect(-value, -high, -low)


def _log(number: float) -> float:
    return math.log(number) if number > 0.0 else -math.inf
