"""A question as arrays: an exposure, an outcome, a window. Designs see nothing else."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from jaxtyping import Float, Int

from sixparty.evidence.estimate import NotTestable
from sixparty.tension.days import DaySeries

Option = float | int | str | bool
"""What an option of a design can be."""

OPTIONS: tuple[str, ...] = (
    "against",
    "apart_days",
    "at",
    "changes",
    "compare_years",
    "control",
    "fewest",
    "from_week",
    "harmonics",
    "knot_years",
    "lead_months",
    "lead_weeks",
    "match_within",
    "merge_days",
    "month",
    "near_weeks",
    "season_days",
    "to_week",
    "trim",
    "weeks",
    "years",
)
"""Names that options of designs can have; another one in a claim's file is a slip and is refused."""


@dataclass(frozen=True, eq=False)
class Stock:
    """How much there was of something, year by year.

    Parameters
    ----------
    years
        Calendar years, ascending; years without a figure are not among them.
    values
        The amount in each (at the end of the year, or for the year: the same for all).
    """

    years: Int[np.ndarray, " year"]
    values: Float[np.ndarray, " year"]


@dataclass(frozen=True, eq=False)
class Question:
    """What a design is asked.

    Parameters
    ----------
    exposure
        Spells (drills, zones in force) or dates (votes, meetings) whose trace is looked for.
    outcome
        What is counted.
    first, last
        Days between which both are looked at; both families cover them.
    apart
        Other exposures that are held apart: they enter beside the exposure where a design can do that.
    options
        Settings of the design by name; each design tells its own and their defaults.
    left_out
        Spans of days that are not looked at (first, last).
    stock
        What grows, for the design on growth; of `outcome` only the coverage is then looked at.
    """

    exposure: DaySeries
    outcome: DaySeries
    first: dt.date
    last: dt.date
    apart: Mapping[str, DaySeries] = field(default_factory=lambda: MappingProxyType({}))
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    left_out: tuple[tuple[dt.date, dt.date], ...] = ()
    stock: Stock | None = None

    @classmethod
    def covered(
        cls,
        exposure: DaySeries,
        outcome: DaySeries,
        *,
        first: dt.date | None = None,
        last: dt.date | None = None,
        apart: Mapping[str, DaySeries] | None = None,
        options: Mapping[str, Option] | None = None,
        stock: Stock | None = None,
    ) -> Question:
        """Ask over all days that exposure, outcome and what is held apart cover, within `first` and `last` if given.

        Raises
        ------
        NotTestable
            If no year is left, or neither the record nor the question bounds the window.
        """
        looked_at = (exposure, outcome, *(apart or {}).values())
        begin = max(day for day in (*(each.covered_from for each in looked_at), first) if day is not None)
        end = min(day for day in (*(each.covered_through for each in looked_at), last) if day is not None)
        if begin == dt.date.min or end == dt.date.max:
            raise NotTestable(
                "the window must be bounded by first and last where all days are listed by hand, got no bound. "
                "Give first and last in the claim's file."
            )
        if (end - begin).days < 364:
            raise NotTestable(
                f"the window must hold a year that exposure and outcome both cover, got {begin} to {end}. "
                "Widen it, or ask of families that reach further."
            )
        return cls(
            exposure,
            outcome,
            begin,
            end,
            MappingProxyType(dict(apart or {})),
            MappingProxyType(dict(options or {})),
            stock=stock,
        )

    def without(self, first: dt.date, last: dt.date) -> Question:
        """Return the same question with the days from `first` to `last` left out."""
        return replace(self, left_out=(*self.left_out, (first, last)))

    def option(self, name: str, default: Option) -> Option:
        """Return an option, or its default where the question does not set it."""
        return self.options.get(name, default)

    def number(self, name: str, default: float) -> float:
        """Return an option that is a number.

        Raises
        ------
        NotTestable
            If it is set to something else, or to no finite number.
        """
        value = self.option(name, default)
        if isinstance(value, str | bool) or not math.isfinite(value):
            raise NotTestable(f"option {name} must be a number, got {value!r}. Correct it in the claim's file.")
        return float(value)

    def whole(self, name: str, default: int) -> int:
        """Return an option that is a whole number.

        Raises
        ------
        NotTestable
            If it is set to something else: nothing is rounded.
        """
        value = self.number(name, default)
        if not value.is_integer():
            raise NotTestable(f"option {name} must be a whole number, got {value:g}. Correct it in the claim's file.")
        return int(value)
