"""Prior distributions of one mark's parameters, each with its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sixparty.errors import ModelRefused
from sixparty.excitation.structure import MarkStructure


@dataclass(frozen=True)
class Normal:
    """A normal distribution on the scale that its name tells (log, logit or plain)."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and self.sd > 0.0):
            raise ModelRefused(
                f"a normal prior needs a finite mean and sd above 0, got {self.mean} and {self.sd}. Correct it."
            )


EFFECTS: Mapping[str, Normal] = MappingProxyType(
    {
        "scheduled": Normal(0.3, 0.4),
        "responsive": Normal(0.3, 0.4),
        "political": Normal(0.3, 0.4),
        "moratorium": Normal(-0.3, 0.5),
    }
)
"""Log rate ratios of known exposures. Drills: earlier work finds 1.0 to 2.0 times the rate in drill weeks, and no
effect lies within one sd (none: D'Orazio 2012, Journal of East Asian Studies 12(2), 275-294; Cha, Lee and Lim 2016,
CSIS Beyond Parallel; Hess 2018, Journal of Asian Security and International Affairs 5(1), 57-83; more with larger
drills: Bernhardt and Sukin 2021, Journal of Conflict Resolution 65(5), 855-888). All of that is about acts of force;
for talks it is our choice. Moratoria: the declared one of 2018 to 2022 held 8.5 weapons days a year, so a large fall
is not taken for granted."""

OTHER_EFFECT = Normal(0.0, 0.5)
"""Any other exposure: as likely up as down; 95 % between a third and 2.7 times."""


@dataclass(frozen=True)
class MarkPriors:
    """Priors of one mark's model; widths are our choice where no study is named.

    Parameters
    ----------
    log_drift
        Log of the sd of one four-weekly move of the log level. Median .25: a year moves the rate by a factor of
        about 2.5 either way; 95 % from .06 (hardly ever moves) to 1. That such counts persist and wander: Brandt,
        Williams, Fordham and Pollins 2000, American Journal of Political Science 44(4), 823-843.
    log_dispersion
        Log of the dispersion of the counts of one period. Four-weekly bins: median 1.5. Shorter bins lie between
        "all extra variance is shared by the four weeks" (the same 1.5) and "none is" (1.5 / 4): the geometric mean.
    logit_own_excitation
        Logit of the expected further counts that one count calls forth in its own mark. Median .2, 95 % from .05 to
        .54; never 1 or more, for then the series would run away. That the last event is the best single sign of the
        next: Hess 2018.
    log_cross_excitation
        Log of the same for another mark. Median .05: one resolution or one round of talks for twenty tests.
    logit_own_memory
        Logit of the share of the memory kept for a period. Weeks: median .33, a mean lag of 1.5 weeks, 95 % from
        1.1 to 2.6. Four-weekly bins: .5, as weak as it can be, for such bins hardly show it.
    logit_cross_memory
        The same across marks. Weeks: median .73, a mean lag of 3.7 weeks, for councils and talks take weeks.
    effects
        Log rate ratio by name of exposure.
    season
        Each of the two terms of the yearly wave; sd .15, since season on top of drills made forecasts worse.
    first_level
        Log rate per period before anything was seen (random walk).
    level_mean
        Mean of the log level (stationary), or of the levels that are drawn anew (episodes).
    log_half_life_weeks
        Log of the weeks in which the level loses half its distance from its mean. Median two years.
    logit_renewal
        Logit of the chance that a move draws the level anew (episodes). Median .05: an episode lasts a year and a
        half; 95 % from four months to seven years.
    log_level_spread
        Log of the sd of the levels that are drawn anew. Median 1.5: 95 % of episodes lie within a factor of twenty of
        the middle one, wide enough for a channel that is as good as closed.
    """

    log_drift: Normal
    log_dispersion: Normal
    logit_own_excitation: Normal
    log_cross_excitation: Normal
    logit_own_memory: Normal
    logit_cross_memory: Normal
    effects: Mapping[str, Normal]
    season: Normal
    first_level: Normal
    level_mean: Normal
    log_half_life_weeks: Normal
    logit_renewal: Normal
    log_level_spread: Normal


def default_priors(structure: MarkStructure) -> MarkPriors:
    """Return the priors that hold for periods of the structure's length."""
    is_short = structure.weeks_a_period <= 2.0
    usual_level = math.log(0.5 / structure.level_step)
    return MarkPriors(
        log_drift=Normal(math.log(0.25), 0.7),
        log_dispersion=Normal(math.log(1.5 / math.sqrt(structure.level_step)), 0.8),
        logit_own_excitation=Normal(-1.4, 0.8),
        log_cross_excitation=Normal(-3.0, 1.0),
        logit_own_memory=Normal(-0.7, 0.6) if is_short else Normal(0.0, 0.5),
        logit_cross_memory=Normal(1.0, 0.7) if is_short else Normal(0.0, 0.5),
        effects=MappingProxyType({name: EFFECTS.get(name, OTHER_EFFECT) for name in structure.exposures}),
        season=Normal(0.0, 0.15),
        first_level=Normal(usual_level, 1.5),
        level_mean=Normal(usual_level, 1.5),
        log_half_life_weeks=Normal(math.log(104.0), 0.7),
        logit_renewal=Normal(-2.9, 0.8),
        log_level_spread=Normal(math.log(1.5), 0.4),
    )
