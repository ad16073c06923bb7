"""Measures: counts by period, exposures, phases and a first tension index."""

from sixparty.tension.days import DaySeries, leader_changes, listed_days, mark_days, selected_days
from sixparty.tension.index import CLASSES, HALF_LIFE_WEEKS, SEVERITY, TensionIndex, tension_index
from sixparty.tension.panel import (
    EXPOSURES,
    FIRST_DAY,
    MARKS,
    CountPanel,
    Mark,
    count_panel,
    drill_shares,
    future_exposures,
    moratorium_shares,
    year_fraction,
)
from sixparty.tension.phase import MEETINGS_FOR_TALKS, PhaseSpell, past_lengths, phase_spells

__all__ = [
    "CLASSES",
    "EXPOSURES",
    "FIRST_DAY",
    "HALF_LIFE_WEEKS",
    "MARKS",
    "MEETINGS_FOR_TALKS",
    "SEVERITY",
    "CountPanel",
    "DaySeries",
    "Mark",
    "PhaseSpell",
    "TensionIndex",
    "count_panel",
    "drill_shares",
    "future_exposures",
    "leader_changes",
    "listed_days",
    "mark_days",
    "moratorium_shares",
    "past_lengths",
    "phase_spells",
    "selected_days",
    "tension_index",
    "year_fraction",
]
