"""What the model of one mark consists of: how its level moves, what excites it, what it is exposed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float

from sixparty.errors import ModelRefused

LevelKind = Literal["walk", "stationary", "episodes"]
"""How the log level moves."""

OWN = "own"
"""Name of the link from a mark to itself."""

STEPS_A_YEAR = 13
"""The level moves every four weeks, thirteen times a year, whatever the length of a period."""

WEEKS_A_STEP = 4


@dataclass(frozen=True)
class LevelGrid:
    """The log rates on which the level can stand.

    Parameters
    ----------
    points
        Number of grid points.
    lowest, highest
        Ends of the grid as counts per four weeks, whatever the length of a period. The level cannot leave them,
        neither in the filter nor in a simulated future.
    """

    points: int = 64
    lowest: float = 0.002
    highest: float = 40.0

    def __post_init__(self) -> None:
        if self.points < 8 or not 0.0 < self.lowest < self.highest:
            raise ModelRefused(
                "a level grid needs at least 8 points and 0 < lowest < highest, got "
                f"{self.points} points from {self.lowest} to {self.highest}. Widen it or add points."
            )


@dataclass(frozen=True)
class MarkStructure:
    """The parts of one mark's model.

    Parameters
    ----------
    level
        ``walk``: the log level is a random walk; ``stationary``: it returns to a mean with a half-life; ``episodes``:
        it walks, and now and then is drawn anew, as when a channel opens or closes.
    links
        What excites the mark: `OWN` for its own counts, otherwise the name of another mark.
    exposures
        Names of the exposures (share of a period under a drill, for instance), one effect each.
    season
        Whether the rate follows one yearly wave.
    level_step
        Periods between two moves of the level: 4 when periods are weeks, 1 when they are four weeks.
    grid
        The grid of log rates.

    Examples
    --------
    >>> MarkStructure(level="walk", links=(OWN,), exposures=("scheduled",)).weeks_a_period
    1.0
    """

    level: LevelKind = "walk"
    links: tuple[str, ...] = (OWN,)
    exposures: tuple[str, ...] = ()
    season: bool = False
    level_step: int = 4
    grid: LevelGrid = LevelGrid()

    def __post_init__(self) -> None:
        if self.level not in get_args(LevelKind):
            raise ModelRefused(f"level must be one of {', '.join(get_args(LevelKind))}, got {self.level!r}.")
        if self.level_step < 1:
            raise ModelRefused(f"level_step must be 1 or more periods, got {self.level_step}. Weeks take 4.")
        for name, values in (("links", self.links), ("exposures", self.exposures)):
            if len(set(values)) != len(values):
                raise ModelRefused(f"{name} must differ from one another, got {values}. Name each once.")

    @property
    def weeks_a_period(self) -> float:
        """Length of one period in weeks."""
        return WEEKS_A_STEP / self.level_step

    def log_levels(self) -> Float[np.ndarray, " point"]:
        """Return the grid as log counts per period, evenly spaced."""
        ends = np.log([self.grid.lowest / self.level_step, self.grid.highest / self.level_step])
        return np.linspace(ends[0], ends[1], self.grid.points)
