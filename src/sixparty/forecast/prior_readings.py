"""What each prior of the modelled targets says in plain units, why it was chosen, and on whose word."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl
from scipy.special import expit

from sixparty.excitation import MarkStructure, Normal, default_priors
from sixparty.excitation.parameters import parameters_of

_WEEKS_A_YEAR = 52.1775
_MOVES_A_YEAR = _WEEKS_A_YEAR / 4.0
_OWN_CHOICE = "our choice"


@dataclass(frozen=True)
class PriorReading:
    """How one prior is read.

    Parameters
    ----------
    meaning
        What the number in plain units is.
    unit
        Turns the prior's own scale (log, logit or plain) into plain units; it keeps or turns round the order.
    reason, source
        Why this prior, in our words, and the study that it rests on; `our choice` where there is none.
    """

    meaning: str
    unit: Callable[[float], float]
    reason: str
    source: str


def _times(value: float) -> float:
    return math.exp(value)


def _yearly(value: float) -> float:
    return math.exp(value) * _WEEKS_A_YEAR


READINGS: Mapping[str, PriorReading] = MappingProxyType(
    {
        "drift": PriorReading(
            "factor by which the rate moves in a year, one sd",
            lambda value: math.exp(math.exp(value) * math.sqrt(_MOVES_A_YEAR)),
            "counts of conflict persist and wander; a level that hardly moves and one that moves sixfold in three "
            "months are both let in",
            "Brandt, Williams, Fordham and Pollins (2000) for persistence; the width is our choice",
        ),
        "dispersion": PriorReading(
            "dispersion of a week's count (small: bunched)",
            _times,
            "kinds of acts differ in how they bunch, so each has its own, and few events must be able to tell",
            "Woo (2023) for differing by kind; the numbers are our choice",
        ),
        "first_level": PriorReading(
            "events a year at the start of the record",
            _yearly,
            "years before 1990 are counted in another way and say nothing here; a factor of nineteen either way",
            _OWN_CHOICE,
        ),
        "level_mean": PriorReading(
            "events a year in the middle episode",
            _yearly,
            "the same for all targets, so that none is told its own rate beforehand",
            _OWN_CHOICE,
        ),
        "renewal": PriorReading(
            "years that an episode lasts",
            lambda value: 1.0 / (_MOVES_A_YEAR * float(expit(value))),
            "channels open and close within months, and some stay so for years",
            _OWN_CHOICE,
        ),
        "level_spread": PriorReading(
            "factor that holds 95 % of episodes, either way",
            lambda value: math.exp(1.96 * math.exp(value)),
            "a closed channel is as good as silent, an open one meets weekly",
            _OWN_CHOICE,
        ),
        "excitation:own": PriorReading(
            "further events that one event calls forth",
            lambda value: float(expit(value)),
            "the last event is the best single sign of the next; what is left of that once the rate may drift is "
            "smaller, and below 1 by construction",
            "Hess (2018) for the sign; the size is our choice",
        ),
        "memory:own": PriorReading(
            "weeks that the memory lasts, mean lag",
            lambda value: 1.0 / (1.0 - float(expit(value))),
            "days to a few weeks: longer memory is what the level is for",
            _OWN_CHOICE,
        ),
        "effect:scheduled": PriorReading(
            "rate under a scheduled drill, times the usual",
            _times,
            "studies of weapons tests disagree: no effect, or more with larger drills; none of them is about talks",
            "D'Orazio (2012), Cha, Lee and Lim (2016), Hess (2018): none; Bernhardt and Sukin (2021): more",
        ),
        "effect:responsive": PriorReading(
            "rate under a responsive drill, times the usual",
            _times,
            "the same; such drills follow events, so cause cannot be read from it",
            "Bernhardt and Sukin (2021) for threat as what counts; the numbers are our choice",
        ),
        "season": PriorReading(
            "peak of the yearly wave over the mean, if one term stands alone",
            lambda value: math.exp(abs(value)),
            "military years and weather have a rhythm; kept small, for a season fitted to few years misleads",
            _OWN_CHOICE,
        ),
    }
)
"""By parameter; the two terms of the season share one."""


def prior_table(structures: Mapping[str, MarkStructure]) -> pl.DataFrame:
    """Set out every prior that the structures use.

    Returns
    -------
    table
        One row a prior: ``parameter, targets, law`` (the normal on its scale), ``meaning``, ``median, low, high``
        (central 95 % in plain units), ``reason, source``.
    """
    laws_of = {target: _laws(structure) for target, structure in structures.items()}
    rows: list[dict[str, str | float]] = []
    for name, reading in READINGS.items():
        users = {target: laws[name] for target, laws in laws_of.items() if name in laws}
        if not users:
            continue
        scale, law = next(iter(users.values()))
        ends = [reading.unit(law.mean + z * law.sd) for z in (-1.96, 0.0, 1.96)]
        low, high = sorted((ends[0], ends[2])) if name != "season" else (ends[1], ends[2])
        rows.append(
            {
                "parameter": name,
                "targets": "all" if len(users) == len(structures) else ", ".join(users),
                "law": f"{scale} N({law.mean:.2f}, {law.sd:.2f})",
                "meaning": reading.meaning,
                "median": ends[1] if name != "season" else reading.unit(0.6745 * law.sd),
                "low": low,
                "high": high,
                "reason": reading.reason,
                "source": reading.source,
            }
        )
    return pl.DataFrame(rows)


def _laws(structure: MarkStructure) -> Mapping[str, tuple[str, Normal]]:
    priors = default_priors(structure)
    laws: dict[str, tuple[str, Normal]] = {
        each.name: (each.scale, each.prior) for each in parameters_of(structure, priors)
    }
    if structure.level == "walk":
        laws["first_level"] = ("plain", priors.first_level)
    if structure.season:
        laws["season"] = ("plain", priors.season)
    return laws
