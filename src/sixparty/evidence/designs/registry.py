"""Designs by the name under which a claim's file asks for them; each is loaded when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.evidence.estimate import Estimate
from sixparty.evidence.question import Question

Design = Callable[[Key, Question], Estimate]
"""From a question to one ratio; every random draw follows from the key."""

DESIGNS: Mapping[str, str] = MappingProxyType(
    {
        "count_regression": "weekly counts under the exposure, with drift or leaders and season held apart",
        "case_series": "each year its own control: weeks under the exposure against the other weeks of the same year",
        "rates": "the rate inside spells against the rate outside",
        "growth": "yearly growth of a stock in years under the exposure against other years",
        "event_study": "counts after dates against counts after placebo dates of the same season and year",
        "before_after": "counts after against before, beside the same ratio at matched placebo dates",
        "break_point": "whether and when the rate changed, the day of change unknown",
        "hazard": "how soon the next one comes under the exposure, by time since the last",
    }
)
"""What each design does, in a few words; the module of the same name holds the function of the same name."""


def design_called(name: str) -> Design:
    """Return the design called `name`.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name not in DESIGNS:
        raise UsageError(f"design must be one of {', '.join(DESIGNS)}, got {name!r}. Correct the claim's file.")
    found: Design = getattr(import_module(f"sixparty.evidence.designs.{name}"), name)
    return found
