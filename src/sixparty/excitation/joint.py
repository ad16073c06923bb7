"""All marks together: which excites which, and what the linear part of the model expects exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from sixparty.errors import ModelRefused
from sixparty.excitation.mark_fit import MarkFit
from sixparty.excitation.parameters import filter_parameters
from sixparty.excitation.structure import OWN, MarkStructure


@dataclass(frozen=True)
class JointModel:
    """The marks stacked, draw by draw.

    Parameters
    ----------
    marks
        Names of the marks, in the order of every mark axis.
    exposures
        Names of all exposures of any mark, in the order of every exposure axis; a mark without one has effect 0.
    drift, retention, level_mean, renewal, spread, dispersion
        The level's step, share kept of the distance from its mean (1 for a walk), mean, chance that a move draws it
        anew (0 but for episodes), sd of what is drawn anew, and count dispersion.
    excitation, memory, effects, season
        Further counts per count, share of memory kept per period, log rate ratios, terms of the yearly wave.
    sources
        Index of the mark that feeds each link, -1 where there is none.
    level_steps
        Periods between two moves of the level.
    lowest, highest
        Ends of the level (log rate per period).
    """

    marks: tuple[str, ...]
    exposures: tuple[str, ...]
    structures: tuple[MarkStructure, ...]
    drift: Float[np.ndarray, "draw mark"]
    retention: Float[np.ndarray, "draw mark"]
    level_mean: Float[np.ndarray, "draw mark"]
    renewal: Float[np.ndarray, "draw mark"]
    spread: Float[np.ndarray, "draw mark"]
    dispersion: Float[np.ndarray, "draw mark"]
    excitation: Float[np.ndarray, "draw mark link"]
    memory: Float[np.ndarray, "draw mark link"]
    effects: Float[np.ndarray, "draw mark exposure"]
    season: Float[np.ndarray, "draw mark wave"]
    sources: Int[np.ndarray, "mark link"]
    level_steps: Int[np.ndarray, " mark"]
    lowest: Float[np.ndarray, " mark"]
    highest: Float[np.ndarray, " mark"]

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return int(self.drift.shape[0])

    @property
    def super_critical_share(self) -> float:
        """Share of draws in which the marks together call forth one further count or more a count.

        Such draws belong to the posterior and are kept. Their futures grow until the simulator cuts their rates, at
        500 counts a period.
        """
        return float((branching_ratio(self) >= 1.0).mean())


def assemble_marks(fits: Mapping[str, MarkFit]) -> JointModel:
    """Stack the fits of several marks; their order is the order of the mapping.

    Raises
    ------
    ModelRefused
        If a link names a mark that is not there, the numbers of draws or lengths of periods differ, or the marks
        excite one another so much that half of the draws run away.
    """
    _refuse_unequal(fits)
    marks, number = tuple(fits), next(iter(fits.values())).draws.shape[0]
    exposures = tuple(dict.fromkeys(name for fit in fits.values() for name in fit.structure.exposures))
    widest = max(len(fit.structure.links) for fit in fits.values())
    laid_out = [filter_parameters(fit.structure, fit.priors, fit.draws) for fit in fits.values()]
    excitation, memory = (np.zeros((number, len(marks), widest)) for _ in range(2))
    effects = np.zeros((number, len(marks), len(exposures)))
    sources = np.full((len(marks), widest), -1, dtype=np.int64)
    for m, (mark, fit) in enumerate(fits.items()):
        links = len(fit.structure.links)
        excitation[:, m, :links], memory[:, m, :links] = laid_out[m].excitation, laid_out[m].memory
        sources[m, :links] = _sources(mark, fit.structure, marks=marks)
        for place, name in enumerate(fit.structure.exposures):
            effects[:, m, exposures.index(name)] = laid_out[m].effects[:, place]
    ends = np.array([fit.structure.log_levels()[[0, -1]] for fit in fits.values()])
    model = JointModel(
        marks=marks,
        exposures=exposures,
        structures=tuple(fit.structure for fit in fits.values()),
        drift=np.column_stack([each.drift for each in laid_out]),
        retention=np.column_stack([each.retention for each in laid_out]),
        level_mean=np.column_stack([each.level_mean for each in laid_out]),
        renewal=np.column_stack([each.renewal for each in laid_out]),
        spread=np.column_stack([each.spread for each in laid_out]),
        dispersion=np.column_stack([each.dispersion for each in laid_out]),
        excitation=excitation,
        memory=memory,
        effects=effects,
        season=np.stack([each.season for each in laid_out], axis=1),
        sources=sources,
        level_steps=np.array([fit.structure.level_step for fit in fits.values()], dtype=np.int64),
        lowest=ends[:, 0].copy(),
        highest=ends[:, 1].copy(),
    )
    _refuse_runaway(model)
    return model


def branching_ratio(model: JointModel) -> Float[np.ndarray, " draw"]:
    """Return the spectral radius of the matrix of further counts per count, for every draw.

    Below 1 a disturbance dies out; the total effect of one count is then finite.
    """
    return np.asarray(np.abs(np.linalg.eigvals(excitation_matrix(model))).max(axis=-1))


def excitation_matrix(model: JointModel) -> Float[np.ndarray, "draw mark source"]:
    """Return the further counts of each mark (row) that one count of each mark (column) calls forth."""
    marks = len(model.marks)
    matrix = np.zeros((model.draws, marks, marks))
    for m in range(marks):
        for k, source in enumerate(model.sources[m]):
            if source >= 0:
                matrix[:, m, source] += model.excitation[:, m, k]
    return matrix


def _sources(mark: str, structure: MarkStructure, *, marks: tuple[str, ...]) -> list[int]:
    names = [mark if link == OWN else link for link in structure.links]
    missing = [name for name in names if name not in marks]
    if missing:
        raise ModelRefused(
            f"links of {mark!r} must name one of {', '.join(marks)}, got {', '.join(missing)}. Fit that mark too."
        )
    return [marks.index(name) for name in names]


def _refuse_unequal(fits: Mapping[str, MarkFit]) -> None:
    if not fits:
        raise ModelRefused("a joint model needs at least one fit, got none. Fit a mark first.")
    numbers = {fit.draws.shape[0] for fit in fits.values()}
    steps = {fit.structure.level_step for fit in fits.values()}
    if len(numbers) > 1 or len(steps) > 1:
        raise ModelRefused(
            "fits must have the same number of draws and the same length of period, got "
            f"{sorted(numbers)} draws and level steps {sorted(steps)}. Fit all marks alike."
        )


def _refuse_runaway(model: JointModel) -> None:
    middle = float(np.median(branching_ratio(model)))
    if middle >= 1.0:
        raise ModelRefused(
            f"the branching ratio must be below 1 in most draws, got a median of {middle:.2f}. Drop a link of the "
            "marks that excite one another."
        )
