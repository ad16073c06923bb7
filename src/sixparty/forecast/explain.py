"""What moved a forecast between two dates: record, season, drills, status, excitation, drift."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from sixparty.compute import Key
from sixparty.errors import UsageError
from sixparty.excitation import OWN, MarkFit
from sixparty.forecast.change import shapley_parts
from sixparty.forecast.futures import PanelState, simulate_panel
from sixparty.forecast.pool import LAST_YEAR_SHARE
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference._moments import BLOCK_WEEKS, excess_variance, rate_predictive
from sixparty.forecast.reference.nb12 import nb12
from sixparty.forecast.targets import require_target
from sixparty.tension.panel import CountPanel

PartName = Literal[
    "fit",
    "record",
    "season",
    "drills",
    "status",
    "excitation",
    "time",
    "counts",
    "last_year",
    "episodes",
    "weeks",
    "clustering",
]
"""Causes of a change.

`fit`: the parameters, estimated anew; `record`: rows added late or revised; `season`; `drills`; `status`: declared
moratoria; `excitation`: what the memory of recent events adds; `time` and `counts`: the drift of the level, by the
passing of time alone and by what the weeks since brought or did not bring; `last_year`: the one-year rate that is
pooled with the model. Of a base rate: `episodes`, `weeks` and `clustering`.
"""

DRILLS: tuple[str, ...] = ("scheduled", "responsive", "political")
STATUS: tuple[str, ...] = ("moratorium",)
_CHANCE, _MEAN = 0, 1


@dataclass(frozen=True)
class ChangePart:
    """What one cause did to a forecast.

    Parameters
    ----------
    chance, mean
        Change of the chance of at least one, and of the expected number.
    chance_error, mean_error
        Their Monte Carlo standard errors; zero where nothing is simulated.
    is_read
        Whether the model of the target reads this at all; where it does not, its part is exactly zero.
    """

    name: PartName
    chance: float
    mean: float
    chance_error: float = 0.0
    mean_error: float = 0.0
    is_read: bool = True


@dataclass(frozen=True)
class ExplainedChange:
    """A forecast on two dates, with parts that add up to the difference.

    Parameters
    ----------
    old_chance, new_chance
        Chance of at least one, on the earlier date and on the later one.
    old_mean, new_mean
        Expected number.
    chance_error, mean_error
        Monte Carlo standard errors of the difference.
    parts
        Every cause, the ones that the model does not read too.
    model_mean
        Expected number on the later date by the model alone, before the last year is pooled with it; that of the base
        rate where there is no model.
    old_chance_error, old_mean_error
        Monte Carlo standard errors of the earlier forecast itself.
    """

    old_chance: float
    new_chance: float
    old_mean: float
    new_mean: float
    chance_error: float
    mean_error: float
    parts: tuple[ChangePart, ...]
    model_mean: float
    old_chance_error: float = 0.0
    old_mean_error: float = 0.0

    def since_said(self, chance: float, mean: float) -> ExplainedChange:
        """Return the change since a forecast that was issued with the parameters of its own day.

        The difference between what was said and what today's parameters say of the same day becomes the part `fit`. The
        two have different draws, so that the Monte Carlo errors of both are in it.
        """
        errors = [math.sqrt(2.0) * error for error in (self.old_chance_error, self.old_mean_error)]
        fit = ChangePart("fit", self.old_chance - chance, self.old_mean - mean, errors[0], errors[1])
        return replace(
            self,
            old_chance=chance,
            old_mean=mean,
            chance_error=math.hypot(self.chance_error, errors[0]),
            mean_error=math.hypot(self.mean_error, errors[1]),
            parts=(fit, *self.parts),
        )


@dataclass(frozen=True)
class Standpoint:
    """All that a forecast of one date rests on, besides the parameters.

    Parameters
    ----------
    panel
        Weekly counts up to the date.
    exposures
        What the weeks after it are exposed to, as known on the date.
    state
        Where the marks stand on the date.
    """

    panel: CountPanel
    exposures: Float[np.ndarray, "future mark exposure"]
    state: PanelState


def feeding_marks(fits: Mapping[str, MarkFit], target: str) -> tuple[str, ...]:
    """Return the marks that can move the forecast of `target`: itself, and what excites it directly or through others.

    Raises
    ------
    UsageError
        If there is no fit of the target.
    """
    if target not in fits:
        raise UsageError(f"target must be one of {', '.join(fits)}, got {target!r}.")
    found, waiting = [target], [target]
    while waiting:
        links = fits[waiting.pop()].structure.links
        new = [link for link in links if link != OWN and link not in found]
        found, waiting = found + new, waiting + new
    return tuple(mark for mark in fits if mark in found)


def explain_change(
    key: Key,
    target: str,
    *,
    fits: Mapping[str, MarkFit],
    horizon: int,
    old: Standpoint,
    revised: PanelState,
    unseen: PanelState,
    new: Standpoint,
    futures: int = 20_000,
    workers: int = 1,
) -> ExplainedChange:
    """Explain how the forecast of a modelled target moved between two dates.

    Every forecast in between has the same parameter draws and the same random draws. The record comes first: from the
    state that the old record gave to the one that today's record gives for the same date. The other causes are
    switches that stand as on the old date or as on the new one; their parts are mean effects over all orders.

    Parameters
    ----------
    horizon
        Length of the window in weeks.
    old, new
        The two dates, each by the record as it was known on it.
    revised
        State on the old date by the record as known on the new one.
    unseen
        State on the new date if nothing were known of the weeks between: they are taken as not covered.
    """
    asked = _Asked(key, target, fits, horizon, futures, workers)
    before = asked.forecast(old.panel, old.exposures, old.state)

    def value(thrown: frozenset[str]) -> Float[np.ndarray, "figure column"]:
        panel = new.panel if "season" in thrown else old.panel
        exposures = _mixed(old, new, thrown, periods=horizon)
        level = new.state if "counts" in thrown else unseen if "time" in thrown else revised
        return asked.forecast(panel, exposures, _joined(level, new.state if "excitation" in thrown else revised))

    read = _parts_read(fits, feeding_marks(fits, target))
    switches = [("time", "counts"), *((name,) for name in ("season", "drills", "status", "excitation") if name in read)]
    parts = {"record": value(frozenset()) - before, **shapley_parts(value, switches)}
    model_mean = float((before + sum(parts.values()))[_MEAN, 0])
    share = LAST_YEAR_SHARE.get(target, 0.0)
    if share:
        panels = old.panel, new.panel.until(old.panel.period_ends[-1].item()), new.panel
        before, parts = _pooled(before, parts, [_last_year(panel, target, horizon) for panel in panels], share=share)
    return _explained(before, parts, model_mean)


_ORDER: tuple[PartName, ...] = ("record", "season", "drills", "status", "excitation", "time", "counts", "last_year")


def _explained(
    before: Float[np.ndarray, "figure column"],
    parts: Mapping[str, Float[np.ndarray, "figure column"]],
    model_mean: float,
) -> ExplainedChange:
    change = sum(parts.values(), np.zeros_like(before))
    chance, mean = (before + change)[:, 0]
    return ExplainedChange(
        old_chance=float(before[_CHANCE, 0]),
        new_chance=float(chance),
        old_mean=float(before[_MEAN, 0]),
        new_mean=float(mean),
        chance_error=_error(change, _CHANCE),
        mean_error=_error(change, _MEAN),
        parts=tuple(_part(name, parts.get(name)) for name in _ORDER),
        model_mean=model_mean,
        old_chance_error=_error(before, _CHANCE),
        old_mean_error=_error(before, _MEAN),
    )


def _pooled(
    before: Float[np.ndarray, "figure column"],
    parts: Mapping[str, Float[np.ndarray, "figure column"]],
    last_year: Sequence[Float[np.ndarray, " figure"]],
    *,
    share: float,
) -> tuple[Float[np.ndarray, "figure column"], dict[str, Float[np.ndarray, "figure column"]]]:
    """The same with the last year pooled: by the old record, by today's up to the old date, and today."""
    was, revised, now = (share * figures[:, None] for figures in last_year)
    mixed = {name: (1 - share) * figures for name, figures in parts.items()}
    # what simulates nothing is the same in every draw
    mixed["record"] = mixed["record"] + (revised - was)
    mixed["last_year"] = np.broadcast_to(now - revised, before.shape)
    return (1 - share) * before + was, mixed


def _last_year(panel: CountPanel, target: str, horizon: int) -> Float[np.ndarray, " figure"]:
    column = panel.column(target)
    law = nb12(panel.counts[panel.covered[:, column], column], horizon)
    return np.array([law.at_least(1), law.mean])


@dataclass(frozen=True)
class _Asked:
    """What is the same in every forecast of an explanation."""

    key: Key
    target: str
    fits: Mapping[str, MarkFit]
    horizon: int
    futures: int
    workers: int

    def forecast(
        self, panel: CountPanel, exposures: Float[np.ndarray, "future mark exposure"], state: PanelState
    ) -> Float[np.ndarray, "figure column"]:
        """Chance and mean: first as they are issued, then the share and mean of each parameter draw."""
        made = simulate_panel(
            self.key,
            panel,
            fits=self.fits,
            exposures=exposures,
            periods=self.horizon,
            futures=self.futures,
            state=state,
            workers=self.workers,
        )
        sums = made.counts[:, :, made.marks.index(self.target)].sum(axis=1, dtype=np.int64)
        law, by_draw = CountPredictive.from_draws(sums), sums.reshape(-1, self.fits[self.target].draws.shape[0])
        figures = [(by_draw > 0).mean(axis=0), by_draw.mean(axis=0)]
        return np.column_stack([[law.at_least(1), law.mean], np.stack(figures)])


def _mixed(
    old: Standpoint, new: Standpoint, thrown: frozenset[str], *, periods: int
) -> Float[np.ndarray, "future mark exposure"]:
    exposures = old.exposures[:periods].copy()
    for switch, names in (("drills", DRILLS), ("status", STATUS)):
        if switch in thrown:
            columns = [place for place, name in enumerate(new.panel.exposure_names) if name in names]
            exposures[:, :, columns] = new.exposures[:periods, :, columns]
    return exposures


def _joined(level: PanelState, memory: PanelState) -> PanelState:
    return {mark: replace(state, memory=memory[mark].memory) for mark, state in level.items()}


def _parts_read(fits: Mapping[str, MarkFit], marks: tuple[str, ...]) -> set[str]:
    structures = [fits[mark].structure for mark in marks]
    exposures = {name for structure in structures for name in structure.exposures}
    is_read = {
        "season": any(structure.season for structure in structures),
        "drills": bool(exposures & set(DRILLS)),
        "status": bool(exposures & set(STATUS)),
        "excitation": any(structure.links for structure in structures),
    }
    return {name for name, found in is_read.items() if found}


def _part(name: PartName, figures: Float[np.ndarray, "figure column"] | None) -> ChangePart:
    if figures is None:
        return ChangePart(name, 0.0, 0.0, is_read=False)
    chance, mean = figures[:, 0]
    return ChangePart(name, float(chance), float(mean), _error(figures, _CHANCE), _error(figures, _MEAN))


def _error(figures: Float[np.ndarray, "figure column"], row: int) -> float:
    """Standard error from the spread between parameter draws; futures of one draw are not independent."""
    by_draw = figures[row, 1:]
    return float(by_draw.std(ddof=1) / np.sqrt(by_draw.size))


def explain_base_rate(
    target: str,
    *,
    horizon: int,
    old: Int[np.ndarray, " _"],
    revised: Int[np.ndarray, " _"],
    new: Int[np.ndarray, " _"],
) -> ExplainedChange:
    """Explain how a base rate moved: by episodes, by weeks without one, and by how episodes cluster.

    Nothing is simulated: the rate is the closed form with number of episodes, number of weeks and clustering each as
    on the old date or as on the new one, and the parts are mean effects over all orders.

    Parameters
    ----------
    old, new
        Weekly counts behind the base rate on the two dates, oldest first.
    revised
        Those of the old date by the record as known on the new one.
    """
    is_binary = require_target(target).kind == "binary"
    before = _base_figures(old, old, old, horizon=horizon, is_binary=is_binary)

    def value(thrown: frozenset[str]) -> Float[np.ndarray, " figure"]:
        episodes, weeks, clustering = (
            new if name in thrown else revised for name in ("episodes", "weeks", "clustering")
        )
        return _base_figures(episodes, weeks, clustering, horizon=horizon, is_binary=is_binary)

    switches = [("episodes",), ("weeks",), *([] if is_binary else [("clustering",)])]
    parts = {"record": value(frozenset()) - before, **shapley_parts(value, switches)}
    after = before + sum(parts.values())
    names: tuple[PartName, ...] = ("record", "episodes", "weeks", "clustering")
    found = {name: ChangePart(name, float(parts[name][0]), float(parts[name][1])) for name in names if name in parts}
    return ExplainedChange(
        old_chance=float(before[_CHANCE]),
        new_chance=float(after[_CHANCE]),
        old_mean=float(before[_MEAN]),
        new_mean=float(after[_MEAN]),
        chance_error=0.0,
        mean_error=0.0,
        parts=tuple(found.get(name, ChangePart(name, 0.0, 0.0, is_read=False)) for name in names),
        model_mean=float(after[_MEAN]),
    )


def _base_figures(
    episodes: Int[np.ndarray, " _"],
    weeks: Int[np.ndarray, " _"],
    clustering: Int[np.ndarray, " _"],
    *,
    horizon: int,
    is_binary: bool,
) -> Float[np.ndarray, " figure"]:
    excess = 0.0 if is_binary else excess_variance(clustering, min(horizon, BLOCK_WEEKS))
    law = rate_predictive(int(episodes.sum()), len(weeks), horizon=horizon, excess=excess)
    return np.array([law.at_least(1), law.mean])
