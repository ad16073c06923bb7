"""Futures of all marks together, given drivers."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from sixparty.compute import Key, run_tasks
from sixparty.errors import ModelRefused
from sixparty.excitation.compiled_step import DriverArrays, ModelArrays, run_futures
from sixparty.excitation.condition import MarkState
from sixparty.excitation.data import season_terms
from sixparty.excitation.drivers import Drivers, Trigger
from sixparty.excitation.joint import JointModel

_BLOCKS_A_WORKER = 4
_NEVER = -1


@dataclass(frozen=True)
class SimulatedFutures:
    """Counts of every mark in every future period, and which declared states were in force.

    Parameters
    ----------
    counts
        Counts by future, period and mark.
    state_in_force
        Whether each declared state stood at the end of the period, after breaches and triggers.
    marks, states
        Names along the last axes.
    super_critical_share
        Share of the parameter draws behind the futures under which the marks excite one another without end.
    """

    counts: Int[np.ndarray, "draw time mark"]
    state_in_force: Bool[np.ndarray, "draw time state"]
    marks: tuple[str, ...]
    states: tuple[str, ...]
    super_critical_share: float = 0.0


def simulate(
    key: Key,
    model: JointModel,
    states: Mapping[str, MarkState],
    *,
    drivers: Drivers,
    periods: int,
    futures: int | None = None,
    workers: int = 1,
) -> SimulatedFutures:
    """Simulate futures from the present states.

    Future i uses parameter draw i (beginning again after the last). Every random draw is addressed by (key, future,
    period, mark): policies share them, and `workers` changes nothing.

    Parameters
    ----------
    periods
        How many periods to run; the drivers must describe at least as many.
    futures
        How many futures; as many as the model has draws if None.
    """
    number = model.draws if futures is None else futures
    _refuse_short(drivers, periods, number, model)
    model_arrays, driver_arrays = _model_arrays(model, states), _driver_arrays(model, drivers)
    words = np.array(key.words(), dtype=np.uint64)
    counts = np.empty((number, periods, len(model.marks)), dtype=np.int16)
    in_force = np.empty((number, periods, len(drivers.declared_states)), dtype=np.bool_)

    def run(block: slice) -> None:
        run_futures(words, block.start, block.stop, model_arrays, driver_arrays, counts, in_force)

    run_tasks(run, _blocks(min(number, model.draws), workers), workers=workers)
    names = tuple(state.name for state in drivers.declared_states)
    return SimulatedFutures(counts, in_force, model.marks, names, model.super_critical_share)


def _blocks(number: int, workers: int) -> list[slice]:
    edges = np.linspace(0, number, min(number, workers * _BLOCKS_A_WORKER) + 1).astype(int)
    return [slice(int(begin), int(end)) for begin, end in itertools.pairwise(edges)]


def _refuse_short(drivers: Drivers, periods: int, futures: int, model: JointModel) -> None:
    if min(periods, futures) < 1:
        raise ModelRefused(f"periods and futures must be 1 or more, got {periods} and {futures}. Ask for one.")
    if drivers.periods < periods:
        raise ModelRefused(
            f"drivers must describe at least {periods} periods, got {drivers.periods}. Extend the calendar."
        )
    wanted = (len(model.marks), len(model.exposures))
    if drivers.exposures.shape[1:] != wanted:
        raise ModelRefused(
            f"exposures must have {wanted[0]} marks {model.marks} and {wanted[1]} exposures {model.exposures}, got "
            f"shape {drivers.exposures.shape}. Build the drivers from the model."
        )


def _stacked_states(
    model: JointModel, states: Mapping[str, MarkState]
) -> tuple[Float[np.ndarray, "draw mark"], Float[np.ndarray, "draw mark link"], Int[np.ndarray, " mark"]]:
    missing = [mark for mark in model.marks if mark not in states]
    if missing:
        raise ModelRefused(f"states must hold every mark, got none for {', '.join(missing)}. Condition them too.")
    memory = np.zeros((model.draws, *model.sources.shape))
    for m, mark in enumerate(model.marks):
        level, held = states[mark].level, states[mark].memory
        if level.shape != (model.draws,) or held.shape[0] != model.draws:
            raise ModelRefused(
                f"the state of {mark!r} must have {model.draws} draws like the model, got {level.shape[0]}. "
                "Condition the same fit that was assembled."
            )
        memory[:, m, : held.shape[1]] = held
    levels = np.column_stack([states[mark].level for mark in model.marks])
    waited = np.array([states[mark].periods_into_level_step for mark in model.marks], dtype=np.int64)
    return np.ascontiguousarray(levels), memory, waited


def _model_arrays(model: JointModel, states: Mapping[str, MarkState]) -> ModelArrays:
    levels, memory, waited = _stacked_states(model, states)
    shape = model.drift.shape
    fixed = [np.broadcast_to(each, shape) for each in (model.lowest, model.highest, model.level_steps)]
    scalars = [model.drift, model.retention, model.level_mean, model.renewal, model.spread, model.dispersion, *fixed]
    links = np.stack([model.excitation, model.memory], axis=-1).reshape(*shape, -1)
    start = [levels, np.exp(levels), np.broadcast_to(waited, shape), np.ones(shape), np.zeros(shape)]
    return ModelArrays(
        parameters=_marks_last(np.concatenate([np.stack(scalars, axis=-1), links], axis=-1)),
        sources=np.maximum(model.sources, 0).T.copy(),
        effects=_marks_last(np.concatenate([model.effects, model.season], axis=-1)),
        standing=_marks_last(np.concatenate([np.stack(start, axis=-1), memory], axis=-1)),
    )


def _marks_last(packed: Float[np.ndarray, "draw mark column"]) -> Float[np.ndarray, "draw column mark"]:
    return np.ascontiguousarray(packed.swapaxes(1, 2))


def _driver_arrays(model: JointModel, drivers: Drivers) -> DriverArrays:
    offsets = drivers.log_rate_offsets
    offsets = offsets[None] if offsets.ndim == 2 else offsets
    _refuse_draws("log_rate_offsets", offsets.shape[0], model)
    waves = season_terms(drivers.year_fraction)[:, None].repeat(len(model.marks), axis=1)
    rows = [
        (_or_never(state.starts_at), _or_never(state.ends_at), _address(state.name))
        for state in drivers.declared_states
    ]
    return DriverArrays(
        exposures=np.ascontiguousarray(np.moveaxis(np.concatenate([drivers.exposures, waves], axis=-1), 2, 0)),
        offsets=np.ascontiguousarray(np.exp(offsets)),
        state_table=np.array(rows, dtype=np.int64).reshape(len(rows), 3),
        hazards=_hazards(model, drivers),
        state_ratios=_state_ratios(model, drivers),
        triggers=_trigger_table(model, drivers),
        trigger_ratios=_trigger_ratios(model, drivers),
    )


def _or_never(period: int | None) -> int:
    return _NEVER if period is None else period


def _address(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4, person=b"sixparty").digest(), "big")


def _refuse_draws(name: str, draws: int, model: JointModel) -> None:
    if draws not in (1, model.draws):
        raise ModelRefused(f"{name} must have 1 or {model.draws} draws, got {draws}. Use the model's draws.")


def _hazards(model: JointModel, drivers: Drivers) -> Float[np.ndarray, "draw state"]:
    columns = [np.atleast_1d(np.asarray(state.breach_hazard, float)) for state in drivers.declared_states]
    for state, column in zip(drivers.declared_states, columns, strict=True):
        _refuse_draws(f"breach_hazard of {state.name!r}", column.size, model)
    number = max((column.size for column in columns), default=1)
    return np.ascontiguousarray(
        np.array([np.broadcast_to(column, number) for column in columns]).reshape(len(columns), number).T
    )


def _state_ratios(model: JointModel, drivers: Drivers) -> Float[np.ndarray, "draw state mark"]:
    effects = [np.atleast_2d(state.log_rate_effects) for state in drivers.declared_states]
    number = max((effect.shape[0] for effect in effects), default=1)
    ratios = np.ones((number, len(effects), len(model.marks)))
    for k, (state, effect) in enumerate(zip(drivers.declared_states, effects, strict=True)):
        _refuse_draws(f"log_rate_effects of {state.name!r}", effect.shape[0], model)
        ratios[:, k] = np.exp(effect)
        for mark in state.zero_marks:
            ratios[:, k, _place(mark, model.marks, f"zero_marks of {state.name!r}")] = 0.0
    return ratios


def _trigger_table(model: JointModel, drivers: Drivers) -> Int[np.ndarray, "trigger column"]:
    names = tuple(state.name for state in drivers.declared_states)
    rows = [_trigger_row(trigger, model.marks, names) for trigger in drivers.triggers]
    return np.array(rows, dtype=np.int64).reshape(len(rows), 7)


def _trigger_row(trigger: Trigger, marks: tuple[str, ...], states: tuple[str, ...]) -> list[int]:
    return [
        _place(trigger.mark, marks, "mark of a trigger"),
        _place(trigger.ended_state, states, "ended_state of a trigger"),
        trigger.at_least,
        trigger.within_periods,
        _place(trigger.ends, states, "ends of a trigger"),
        _place(trigger.starts, states, "starts of a trigger"),
        trigger.lasting_periods,
    ]


def _trigger_ratios(model: JointModel, drivers: Drivers) -> Float[np.ndarray, "trigger mark"]:
    ratios = np.ones((len(drivers.triggers), len(model.marks)))
    for r, trigger in enumerate(drivers.triggers):
        if trigger.log_rate_offsets is not None:
            ratios[r] = np.exp(trigger.log_rate_offsets)
    return ratios


def _place(name: str | None, names: tuple[str, ...], what: str) -> int:
    if name is None:
        return _NEVER
    if name not in names:
        raise ModelRefused(f"{what} must be one of {', '.join(names) or 'none'}, got {name!r}. Correct the name.")
    return names.index(name)
