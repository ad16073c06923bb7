"""What a design finds: one ratio with its interval, what it rests on, and what it could have seen."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sixparty.errors import ModelRefused

SIGNIFICANCE = 0.05
"""Chance of a false alarm that every interval and p-value is held to."""

POWER = 0.8
"""Chance with which the minimum detectable effect is seen."""

_NORMAL_95 = 1.959964
_NORMAL_80 = 0.841621


class NotTestable(ModelRefused):
    """The record cannot answer the question: too few events or episodes, no variation, or a window outside it."""


@dataclass(frozen=True)
class Ratio:
    """A ratio of rates with its central 95 % interval; 1 is no difference.

    Parameters
    ----------
    value, low, high
        The ratio and the ends of its interval, all above 0; `high` may be infinite.
    """

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (0.0 <= self.low <= self.value <= self.high and math.isfinite(self.value)):
            raise NotTestable(
                f"a ratio must lie within its interval and be finite, got {self.value} in {self.low} to {self.high}. "
                "Widen the window or choose an exposure with more days."
            )

    @property
    def holds_one(self) -> bool:
        """Whether no difference lies within the interval."""
        return self.low <= 1.0 <= self.high


@dataclass(frozen=True)
class Estimate:
    """The answer of one design to one question.

    Parameters
    ----------
    ratio
        Rate under the exposure over the rate without it.
    p_value
        Two-sided, against a ratio of 1.
    episodes
        Separate spells or dates of the exposure within the window.
    exposed_days
        Days of the window that are exposed (or follow an exposure).
    events, exposed_events
        Outcomes in the window, and those on exposed days.
    minimum_detectable
        Smallest ratio above 1 that would have been called different from 1 with a chance of 80 %; the same distance
        below 1 is one over it.
    lead
        The same ratio for the time *before* the exposure: what is already there then is not its effect. None where the
        design has no such time.
    details
        Further figures of the design by name.
    """

    ratio: Ratio
    p_value: float
    episodes: int
    exposed_days: int
    events: int
    exposed_events: int
    minimum_detectable: float
    lead: Ratio | None = None
    details: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not 0.0 <= self.p_value <= 1.0:
            raise ModelRefused(f"a p-value must lie from 0 to 1, got {self.p_value}.")
        if not self.minimum_detectable > 1.0:
            raise ModelRefused(f"the minimum detectable ratio must be above 1, got {self.minimum_detectable}.")


def ratio_from_log(log_ratio: float, standard_error: float) -> Ratio:
    r"""Return :math:`e^{b}` with the interval :math:`e^{b \pm 1.96 s}`."""
    reach = _NORMAL_95 * standard_error
    return Ratio(math.exp(log_ratio), math.exp(log_ratio - reach), math.exp(min(log_ratio + reach, 700.0)))


def detectable_ratio(standard_error: float) -> float:
    r"""Return the smallest ratio seen with 80 % power at 5 % (two-sided): :math:`e^{(1.96 + 0.84) s}`.

    *s* is the standard error of the log ratio.
    """
    return math.exp(min((_NORMAL_95 + _NORMAL_80) * standard_error, 700.0))
