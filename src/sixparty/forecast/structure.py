"""Which model stands behind each modelled target, and how a panel is laid out for it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sixparty.errors import UsageError
from sixparty.excitation import OWN, MarkData, MarkStructure
from sixparty.tension.panel import CountPanel

TARGET_STRUCTURE: Mapping[str, MarkStructure] = MappingProxyType(
    {
        "weapons_test_days": MarkStructure(level="walk", links=(), season=True),
        "ballistic_days": MarkStructure(level="episodes", links=(), season=True),
        "border_kinetic": MarkStructure(level="episodes", links=()),
        "inter_korean_talks": MarkStructure(level="episodes", links=(OWN,), exposures=("scheduled", "responsive")),
        "us_prk_talks": MarkStructure(level="episodes", links=()),
    }
)
"""Structure of each modelled target, for weekly counts.

Chosen by log score at monthly origins from 2005 to 2018, added up over windows of 1 to 52 weeks: the best of what was
tried, and among structures within .02 of it the one with the fewest parameters. Decision 0006 lists what was tried.
"""


def mark_data(panel: CountPanel, mark: str, *, structure: MarkStructure) -> MarkData:
    """Lay out what the panel holds of `mark` as its model wants it.

    Raises
    ------
    UsageError
        If the panel lacks the mark, a mark that it is linked to, or an exposure; or its periods and the moves of the
        level do not make four weeks.
    """
    if panel.weeks * structure.level_step != 4:
        raise UsageError(
            f"the level must move every four weeks, got periods of {panel.weeks} weeks and a move every "
            f"{structure.level_step}. Count in weeks with level_step=4."
        )
    column = panel.column(mark)
    links = [panel.column(mark if link == OWN else link) for link in structure.links]
    return MarkData(
        counts=panel.counts[:, column],
        link_counts=panel.counts[:, links],
        exposures=panel.exposures[:, column, exposure_columns(panel, structure)],
        year_fraction=panel.year_fraction,
        covered=panel.covered[:, column],
    )


def exposure_columns(panel: CountPanel, structure: MarkStructure) -> list[int]:
    """Return where the panel holds each exposure of the structure."""
    missing = [name for name in structure.exposures if name not in panel.exposure_names]
    if missing:
        raise UsageError(
            f"the panel must hold the exposures {', '.join(missing)}, got {', '.join(panel.exposure_names)}."
        )
    return [panel.exposure_names.index(name) for name in structure.exposures]
