"""Futures of a panel's marks under fitted models."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float

from sixparty.compute import Key, run_tasks
from sixparty.errors import UsageError
from sixparty.excitation import (
    Drivers,
    JointModel,
    MarkFit,
    MarkState,
    SimulatedFutures,
    assemble_marks,
    condition_at,
    simulate,
)
from sixparty.forecast.structure import exposure_columns, mark_data
from sixparty.tension.panel import CountPanel, year_fraction

PanelState = Mapping[str, MarkState]
"""By mark, where it stands: one level and one memory for every draw of its fit."""


def condition_panel(
    key: Key, panel: CountPanel, *, fits: Mapping[str, MarkFit], ends: tuple[int, ...], workers: int = 1
) -> list[PanelState]:
    """Return where the marks stood after each of several numbers of periods of the panel, from one pass.

    Each state uses nothing that came later, and is the same whether it is asked for alone or among others.

    Parameters
    ----------
    ends
        Numbers of periods seen, rising; ``len(panel.period_ends)`` is the present.
    """

    def states_of(mark: str) -> list[MarkState]:
        fit = fits[mark]
        data = mark_data(panel, mark, structure=fit.structure)
        return condition_at(key.child("condition", mark), fit, data, ends=ends)

    states = run_tasks(states_of, tuple(fits), workers=workers)
    return [{mark: each[place] for mark, each in zip(fits, states, strict=True)} for place in range(len(ends))]


def simulate_panel(
    key: Key,
    panel: CountPanel,
    *,
    fits: Mapping[str, MarkFit],
    exposures: Float[np.ndarray, "future mark exposure"],
    periods: int,
    futures: int,
    state: PanelState | None = None,
    workers: int = 1,
) -> SimulatedFutures:
    """Simulate the periods after the panel's last one.

    Each draw of the fits starts from a level drawn from what the panel says of it, and makes the same number of
    futures. Future i belongs to draw i modulo the number of draws.

    Parameters
    ----------
    fits
        By mark, all with the same number of draws.
    exposures
        Of at least `periods` future periods, on the panel's marks and exposures.
    futures
        How many; taken up to a whole number for each draw.
    state
        Where the marks stand at the panel's end, by `condition_panel` with the same key; made here if None.
    """
    if exposures.shape[0] < periods or exposures.shape[1:] != panel.exposures.shape[1:]:
        raise UsageError(
            f"exposures must cover {periods} periods, {len(panel.marks)} marks and {len(panel.exposure_names)} "
            f"exposures, got shape {exposures.shape}. Take them from future_exposures."
        )
    model = assemble_marks(fits)
    if state is None:
        (state,) = condition_panel(key, panel, fits=fits, ends=(len(panel.period_ends),), workers=workers)
    return simulate(
        key.child("simulate"),
        model,
        state,
        drivers=_drivers(panel, model, exposures[:periods]),
        periods=periods,
        futures=-(-futures // model.draws) * model.draws,
        workers=workers,
    )


def _drivers(panel: CountPanel, model: JointModel, exposures: Float[np.ndarray, "future mark exposure"]) -> Drivers:
    periods = exposures.shape[0]
    laid_out = np.zeros((periods, len(model.marks), len(model.exposures)))
    for place, (mark, structure) in enumerate(zip(model.marks, model.structures, strict=True)):
        columns = [model.exposures.index(name) for name in structure.exposures]
        laid_out[:, place, columns] = exposures[:, panel.column(mark), exposure_columns(panel, structure)]
    return Drivers(
        exposures=laid_out,
        log_rate_offsets=np.zeros((periods, len(model.marks))),
        year_fraction=_future_year_fraction(panel, periods),
    )


def _future_year_fraction(panel: CountPanel, periods: int) -> Float[np.ndarray, " future"]:
    days = 7 * panel.weeks
    closing = panel.period_ends[-1] + days * np.arange(1, periods + 1)
    return year_fraction(closing - days // 2)
