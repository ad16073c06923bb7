"""Which phase things are in, by a written rule that looks only backward.

By the rule, a week belongs to

- *talks* if at least `MEETINGS_FOR_TALKS` official meetings of PRK with KOR or USA began in the 13 weeks to its end;
- *testing* if not, and at least one weapons test fell in the 26 weeks to its end;
- *pause* otherwise.

A phase counts as changed once the rule has named the new one in four weeks running, from the first of these weeks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from sixparty.tension.panel import CountPanel
from sixparty.vocabulary import PHASES, Phase

MEETINGS_FOR_TALKS = 2
_TALKS_WEEKS = 13
_TESTING_WEEKS = 26
_CONFIRMED_AFTER = 4


@dataclass(frozen=True)
class PhaseSpell:
    """One phase from its first to its last week.

    Parameters
    ----------
    phase
        `testing`, `talks` or `pause`.
    start, end
        First and last day.
    weeks
        Number of weeks.
    """

    phase: Phase
    start: dt.date
    end: dt.date
    weeks: int


def phase_spells(panel: CountPanel) -> tuple[PhaseSpell, ...]:
    """Cut the record into phases; the last one is still running.

    Parameters
    ----------
    panel
        Weekly counts with the marks `weapons_test_days`, `inter_korean_talks` and `us_prk_talks`.
    """
    named = _confirmed(_named(panel))
    breaks = np.flatnonzero(named[1:] != named[:-1]) + 1
    firsts, lasts = [0, *breaks], [*(breaks - 1), len(named) - 1]
    week = dt.timedelta(days=6)
    ends = [dt.date.fromisoformat(str(day)) for day in panel.period_ends]
    return tuple(
        PhaseSpell(PHASES[named[first]], ends[first] - week, ends[last], int(last - first + 1))
        for first, last in zip(firsts, lasts, strict=True)
    )


def past_lengths(spells: tuple[PhaseSpell, ...]) -> Mapping[Phase, tuple[int, ...]]:
    """Lengths in weeks of the ended phases of each kind; the running phase and the cut first one are left out."""
    ended = spells[1:-1]
    return {phase: tuple(sorted(spell.weeks for spell in ended if spell.phase == phase)) for phase in PHASES}


def _trailing(counts: Int[np.ndarray, " time"], weeks: int) -> Int[np.ndarray, " time"]:
    total = np.concatenate([np.zeros(weeks, dtype=np.int64), np.cumsum(counts)])
    return np.asarray(total[weeks:] - total[:-weeks])


def _named(panel: CountPanel) -> Int[np.ndarray, " time"]:
    meetings = panel.counts[:, panel.column("inter_korean_talks")] + panel.counts[:, panel.column("us_prk_talks")]
    tests = panel.counts[:, panel.column("weapons_test_days")]
    is_talks = _trailing(meetings, _TALKS_WEEKS) >= MEETINGS_FOR_TALKS
    is_testing = _trailing(tests, _TESTING_WEEKS) >= 1
    return np.where(is_talks, 1, np.where(is_testing, 0, 2))


def _confirmed(named: Int[np.ndarray, " time"]) -> Int[np.ndarray, " time"]:
    """Let a phase change only where the new one holds for `_CONFIRMED_AFTER` weeks running."""
    out = named.copy()
    for week in range(1, len(named)):
        run = named[week : week + _CONFIRMED_AFTER]
        is_new = len(run) == _CONFIRMED_AFTER and bool(np.all(run == named[week]))
        out[week] = named[week] if is_new else out[week - 1]
    return out
