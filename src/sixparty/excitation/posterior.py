"""The posterior density of one mark's parameters, the level integrated out by the grid filter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from sixparty.excitation.compiled_filter import FilterSeries, filter_draws
from sixparty.excitation.data import MarkData, linked_counts, require_fitting, season_terms
from sixparty.excitation.parameters import Parameter, filter_parameters, parameters_of, to_natural
from sixparty.excitation.priors import MarkPriors
from sixparty.excitation.structure import MarkStructure

_HALF_LOG_TWO_PI = 0.5 * np.log(2.0 * np.pi)
_EXTREME = 8.0


def chunks(
    periods: int, level_step: int, ends: tuple[int, ...]
) -> tuple[Int[np.ndarray, " chunk"], Bool[np.ndarray, " chunk"], Int[np.ndarray, " chunk"]]:
    """Cut the periods where the level moves and where something is to be kept.

    Returns
    -------
    chunk_ends, is_step, records
        As `FilterSeries` has them; a record is the place of the chunk's end in `ends`.
    """
    cuts = sorted({*range(level_step, periods, level_step), periods, *ends})
    begins = [0, *cuts[:-1]]
    is_step = [begin > 0 and begin % level_step == 0 for begin in begins]
    place = {end: number for number, end in enumerate(ends)}
    return np.array(cuts), np.array(is_step), np.array([place.get(cut, -1) for cut in cuts])


def filter_series(data: MarkData, structure: MarkStructure, *, ends: tuple[int, ...] = ()) -> FilterSeries:
    """Lay data out as the compiled filter wants them."""
    require_fitting(data, structure)
    chunk_ends, is_step, records = chunks(data.periods, structure.level_step, ends)
    return FilterSeries(
        counts=np.ascontiguousarray(np.where(data.covered, data.counts, 0), dtype=np.int64),
        link_counts=np.ascontiguousarray(linked_counts(data, structure)),
        exposures=np.ascontiguousarray(data.exposures, dtype=np.float64),
        season=season_terms(data.year_fraction),
        covered=np.ascontiguousarray(data.covered),
        chunk_ends=chunk_ends.astype(np.int64),
        is_step=is_step,
        records=records.astype(np.int64),
        log_levels=structure.log_levels(),
    )


@dataclass(frozen=True)
class Posterior:
    """Log density of one mark's parameters, as a function of standard scores.

    The prior of every score is a standard normal; the likelihood is the evidence that the grid filter gives.
    """

    structure: MarkStructure
    priors: MarkPriors
    series: FilterSeries

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters in the order of the scores."""
        return parameters_of(self.structure, self.priors)

    def log_likelihood(self, natural: Float[np.ndarray, "draw parameter"]) -> Float[np.ndarray, " draw"]:
        """Return the log evidence of the counts for draws in natural units."""
        number = natural.shape[0]
        laid_out = filter_parameters(self.structure, self.priors, natural)
        nothing, no_levels = np.zeros((number, 0)), np.zeros((number, 0))
        memories = np.zeros((number, 0, len(self.structure.links)))
        return np.asarray(filter_draws(self.series, laid_out, nothing, no_levels, memories))

    def log_density(self, scores: Float[np.ndarray, "draw parameter"]) -> Float[np.ndarray, " draw"]:
        """Return log prior + log likelihood; minus infinity beyond eight prior standard deviations."""
        is_usual = np.abs(scores).max(axis=1) <= _EXTREME
        density = np.full(scores.shape[0], -np.inf)
        usual = scores[is_usual]
        if usual.size:
            prior = -0.5 * (usual**2).sum(axis=1) - scores.shape[1] * _HALF_LOG_TWO_PI
            density[is_usual] = prior + self.log_likelihood(to_natural(usual, self.parameters))
        return density
