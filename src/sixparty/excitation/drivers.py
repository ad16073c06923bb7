"""What acts on the rates from outside: exposures, offsets, declared states and triggers.

Everything that a party chooses reaches the simulator through `Drivers`, and in no other way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sixparty.errors import ModelRefused

PerDraw = Float[np.ndarray, " draw"]


@dataclass(frozen=True)
class DeclaredState:
    """Something that parties declare and may leave: a moratorium, talks under way, relief that can snap back.

    In every period, in this order: a start or end that was scheduled takes place; a state in force ends with
    probability `breach_hazard`; what is still in force acts on the rates of that period.

    Parameters
    ----------
    name
        Its name; its breach draws follow from the name, so two policies that both hold it share them.
    log_rate_effects
        Log rate ratios on the whole rate of each mark while in force; a leading draw axis lets them be uncertain.
    breach_hazard
        Probability per period that a state in force ends; one number, or one a draw.
    starts_at, ends_at
        Future period (0 is the first) in which it is declared, and in which it ends as declared; None: only a
        trigger starts it, or nothing but a breach or a trigger ends it.
    zero_marks
        Names of marks that are zero by definition while it is in force: the declaration excludes them.
    """

    name: str
    log_rate_effects: Float[np.ndarray, "*draw mark"]
    breach_hazard: float | PerDraw = 0.0
    starts_at: int | None = 0
    ends_at: int | None = None
    zero_marks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        hazard = np.asarray(self.breach_hazard)
        if hazard.ndim > 1 or hazard.size == 0 or not ((hazard >= 0.0) & (hazard <= 1.0)).all():
            raise ModelRefused(
                f"breach_hazard of {self.name!r} must lie from 0 to 1 in every draw, got {self.breach_hazard}. "
                "It is a probability per period."
            )
        if not np.isfinite(self.log_rate_effects).all():
            raise ModelRefused(
                f"log_rate_effects of {self.name!r} must be finite, got {self.log_rate_effects}. Name marks that are "
                "zero by definition in zero_marks."
            )


@dataclass(frozen=True)
class Trigger:
    """If this happens, then that: judged after every period, acting from the next one.

    Parameters
    ----------
    mark, at_least, within_periods
        Fires when `mark` counted at least so many in the last `within_periods` periods of the future.
    ended_state
        Fires when this state ended in the period, whatever the reason. Exactly one of `mark` and `ended_state` is
        given.
    ends, starts
        Names of the states that it ends or starts.
    log_rate_offsets, lasting_periods
        Log rate ratios, one a mark, and for how many periods they act; firing again begins them anew.
    """

    mark: str | None = None
    at_least: int = 1
    within_periods: int = 1
    ended_state: str | None = None
    ends: str | None = None
    starts: str | None = None
    log_rate_offsets: Float[np.ndarray, " mark"] | None = None
    lasting_periods: int = 0

    def __post_init__(self) -> None:
        if (self.mark is None) == (self.ended_state is None):
            raise ModelRefused(
                f"a trigger watches either a mark or the end of a state, got mark {self.mark!r} and ended_state "
                f"{self.ended_state!r}. Give exactly one."
            )
        if min(self.at_least, self.within_periods) < 1 or self.lasting_periods < 0:
            raise ModelRefused(
                "at_least and within_periods must be 1 or more and lasting_periods 0 or more, got "
                f"{self.at_least}, {self.within_periods}, {self.lasting_periods}. Correct the trigger."
            )
        if (self.log_rate_offsets is not None) != (self.lasting_periods > 0):
            raise ModelRefused(
                f"log_rate_offsets need lasting_periods of 1 or more, got {self.lasting_periods}. Give both or none."
            )


@dataclass(frozen=True)
class Drivers:
    """Everything outside the model that acts on its rates, for every future period.

    Parameters
    ----------
    exposures
        Exposures as in the data, in the order of the model's marks and exposures.
    log_rate_offsets
        Log rate ratios on the whole rate; a leading draw axis lets them be uncertain.
    year_fraction
        Place of each future period in its year, from 0 to 1.
    """

    exposures: Float[np.ndarray, "time mark exposure"]
    log_rate_offsets: Float[np.ndarray, "*draw time mark"]
    year_fraction: Float[np.ndarray, " time"]
    declared_states: tuple[DeclaredState, ...] = ()
    triggers: tuple[Trigger, ...] = ()

    def __post_init__(self) -> None:
        periods, marks = self.exposures.shape[:2]
        if self.log_rate_offsets.shape[-2:] != (periods, marks) or self.log_rate_offsets.ndim > 3:
            raise ModelRefused(
                f"log_rate_offsets must end in {periods} periods and {marks} marks like exposures, got shape "
                f"{self.log_rate_offsets.shape}. Build both for the same periods."
            )
        if self.year_fraction.shape != (periods,):
            raise ModelRefused(
                f"year_fraction must hold {periods} periods like exposures, got shape {self.year_fraction.shape}. "
                "Build both for the same periods."
            )
        names = [state.name for state in self.declared_states]
        if len(set(names)) != len(names):
            raise ModelRefused(f"declared states must have different names, got {names}. Rename one.")

    @property
    def periods(self) -> int:
        """Number of future periods that are described."""
        return int(self.exposures.shape[0])


def undisturbed(periods: int, *, marks: int, exposures: int, year_fraction: Float[np.ndarray, " time"]) -> Drivers:
    """Return drivers in which nothing acts: no exposure, no offset, no declared state."""
    return Drivers(
        exposures=np.zeros((periods, marks, exposures)),
        log_rate_offsets=np.zeros((periods, marks)),
        year_fraction=year_fraction,
    )
