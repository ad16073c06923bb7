"""What was seen of one mark, as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sixparty.errors import ModelRefused
from sixparty.excitation.structure import OWN, MarkStructure


@dataclass(frozen=True)
class MarkData:
    """Counts of one mark and everything known before each of them; one row a period.

    Parameters
    ----------
    counts
        Event days (or events) of the mark in each period.
    link_counts
        One column for each link of the structure: the mark's own counts for `OWN`, those of the other mark else.
    exposures
        One column for each exposure: share of the period exposed, usually from 0 to 1.
    year_fraction
        Place of the middle of the period in its year, from 0 to 1.
    covered
        False where the record does not cover the period: its count is then unknown and says nothing, and the
        memory of excitation runs down as if it had been zero.
    """

    counts: Int[np.ndarray, " time"]
    link_counts: Int[np.ndarray, "time link"]
    exposures: Float[np.ndarray, "time exposure"]
    year_fraction: Float[np.ndarray, " time"]
    covered: Bool[np.ndarray, " time"]

    def __post_init__(self) -> None:
        periods = self.counts.shape[0]
        shapes = {
            "link_counts": (self.link_counts, 2),
            "exposures": (self.exposures, 2),
            "year_fraction": (self.year_fraction, 1),
            "covered": (self.covered, 1),
        }
        for name, (array, axes) in shapes.items():
            if array.ndim != axes or array.shape[0] != periods:
                raise ModelRefused(
                    f"{name} must have {axes} axes and {periods} periods like counts, got shape {array.shape}. "
                    "Build all arrays of a mark from the same periods."
                )
        _refuse_unusable(self)

    @property
    def periods(self) -> int:
        """Number of periods."""
        return int(self.counts.shape[0])

    def until(self, end: int) -> MarkData:
        """Return the first `end` periods."""
        return MarkData(
            counts=self.counts[:end],
            link_counts=self.link_counts[:end],
            exposures=self.exposures[:end],
            year_fraction=self.year_fraction[:end],
            covered=self.covered[:end],
        )


def _refuse_unusable(data: MarkData) -> None:
    if data.counts.size == 0:
        raise ModelRefused("counts must hold at least one period, got none. Widen the dates.")
    if data.counts.min() < 0 or (data.link_counts.size and data.link_counts.min() < 0):
        raise ModelRefused(
            f"counts must be 0 or more, got {min(data.counts.min(), data.link_counts.min(initial=0))}. "
            "Mark unknown periods with covered = False instead."
        )
    for name, array in (("exposures", data.exposures), ("year_fraction", data.year_fraction)):
        if not np.isfinite(array).all():
            raise ModelRefused(f"{name} must be finite, got NaN or infinity. Fill or leave out those periods.")


def require_fitting(data: MarkData, structure: MarkStructure) -> None:
    """Refuse data whose columns are not those of the structure."""
    wanted = {"link_counts": structure.links, "exposures": structure.exposures}
    for name, columns in wanted.items():
        got = getattr(data, name).shape[1]
        if got != len(columns):
            raise ModelRefused(
                f"{name} must have {len(columns)} columns {columns}, got {got}. Build the data from the structure."
            )
    if OWN in structure.links:
        own = data.link_counts[:, structure.links.index(OWN)]
        if not np.array_equal(own[data.covered], data.counts[data.covered]):
            raise ModelRefused(f"the column of link {OWN!r} must equal counts, got other numbers. Copy counts into it.")


def linked_counts(data: MarkData, structure: MarkStructure) -> Float[np.ndarray, "time link"]:
    """Return what feeds the memories; the mark's own counts are zero where they are not covered."""
    counts = data.link_counts.astype(np.float64)
    if OWN in structure.links:
        counts[~data.covered, structure.links.index(OWN)] = 0.0
    return counts


def season_terms(year_fraction: Float[np.ndarray, " time"]) -> Float[np.ndarray, "time wave"]:
    """Return sine and cosine of the place in the year."""
    angle = 2.0 * np.pi * year_fraction
    return np.column_stack([np.sin(angle), np.cos(angle)])
