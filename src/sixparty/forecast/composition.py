"""Where the expected number of the coming weeks comes from: level, season, drills, status, excitation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from sixparty.excitation import OWN, MarkFit, season_terms
from sixparty.forecast.explain import DRILLS, STATUS, Standpoint, feeding_marks
from sixparty.forecast.structure import exposure_columns
from sixparty.tension.panel import CountPanel, year_fraction

SourceName = Literal["level", "season", "drills", "status", "excitation", "moves"]
"""What adds to an expected number; `moves` is what the level may still do in the window."""

_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True)
class RateSource:
    """What one source adds to the expected number of a window.

    Parameters
    ----------
    number
        Its share of the expected number, in events; the sources add up to the forecast's mean.
    low, high
        10th and 90th percentile of `number` across parameter draws; None for `moves`.
    factor, factor_low, factor_high
        For season, drills and status by what they multiply the rate, on average over draws and as a range across
        them; for excitation the ratio of the rate with it to that without. None for `level` and `moves`.
    is_read
        Whether the model of the target reads this at all.
    """

    name: SourceName
    number: float
    low: float | None = None
    high: float | None = None
    factor: float | None = None
    factor_low: float | None = None
    factor_high: float | None = None
    is_read: bool = True


def rate_sources(
    target: str, now: Standpoint, *, fits: Mapping[str, MarkFit], horizon: int, mean: float
) -> tuple[RateSource, ...]:
    r"""Return where the expected number of the `horizon` weeks after a date comes from.

    For each parameter draw with level :math:`x` on the date, season :math:`h_t` and exposures :math:`d_t`,

    .. math:: L = \sum_t e^x, \quad S = \sum_t e^{x + h_t}, \quad D = \sum_t e^{x + h_t + b d_t},

    and so on; what a source adds is its sum less the one before. Excitation adds the expected further counts, from
    events that have been and from those that the window may bring, by the recursion of the model's means. All this is
    with the level where it stands; that it will move, and more upward than downward on the scale of counts, is the
    rest up to the forecast's mean.

    Parameters
    ----------
    mean
        The forecast's mean: the expected number of events in the window.
    """
    marks = feeding_marks(fits, target)
    rates = {mark: _log_factors(fits[mark], mark, now, periods=horizon) for mark in marks}
    excited = _expected({mark: np.exp(sum(steps.values())) for mark, steps in rates.items()}, fits, now)[target]
    sums = _sums(rates[target])
    sums["excitation"] = excited.sum(axis=1)
    read = _names_read(fits[target])
    names: Sequence[SourceName] = ("level", "season", "drills", "status", "excitation")
    sources = [_source(name, sums, is_read=name in read) for name in names]
    return (*sources, RateSource("moves", mean - sum(source.number for source in sources)))


def _log_factors(
    fit: MarkFit, mark: str, now: Standpoint, *, periods: int
) -> dict[SourceName, Float[np.ndarray, "draw time"]]:
    """Logs of level, season, drills and status of one mark in each future week."""
    none = np.zeros((fit.draws.shape[0], periods))
    season = none
    if fit.structure.season:
        amplitudes = np.column_stack([fit.values("season:sin"), fit.values("season:cos")])
        season = amplitudes @ season_terms(_year_fractions(now.panel, periods)).T
    columns = exposure_columns(now.panel, fit.structure)
    exposed = now.exposures[:periods, now.panel.column(mark)][:, columns]
    effects = {name: fit.values(f"effect:{name}")[:, None] for name in fit.structure.exposures}

    def answered(names: tuple[str, ...]) -> Float[np.ndarray, "draw time"]:
        read = [(place, name) for place, name in enumerate(fit.structure.exposures) if name in names]
        return sum((effects[name] * exposed[None, :, place] for place, name in read), start=none)

    level = none + now.state[mark].level[:, None]
    return {"level": level, "season": season, "drills": answered(DRILLS), "status": answered(STATUS)}


def _year_fractions(panel: CountPanel, periods: int) -> Float[np.ndarray, " time"]:
    days = 7 * panel.weeks
    return year_fraction(panel.period_ends[-1] + days * np.arange(1, periods + 1) - days // 2)


def _expected(
    base: Mapping[str, Float[np.ndarray, "draw time"]], fits: Mapping[str, MarkFit], now: Standpoint
) -> dict[str, Float[np.ndarray, "draw time"]]:
    """Expected counts of each mark in each week, excitation included, with levels that stay."""
    means = {mark: rate.copy() for mark, rate in base.items()}
    memory = {mark: now.state[mark].memory.T.copy() for mark in base}
    for t in range(next(iter(base.values())).shape[1]):
        for mark in base:
            for place, link in enumerate(fits[mark].structure.links):
                means[mark][:, t] += fits[mark].values(f"excitation:{link}") * memory[mark][place]
        for mark in base:
            for place, link in enumerate(fits[mark].structure.links):
                kept, source = fits[mark].values(f"memory:{link}"), mark if link == OWN else link
                memory[mark][place] = kept * memory[mark][place] + (1 - kept) * means[source][:, t]
    return means


def _sums(steps: Mapping[SourceName, Float[np.ndarray, "draw time"]]) -> dict[SourceName, Float[np.ndarray, " draw"]]:
    """Expected number in the window with each source added to those before it, by draw."""
    added = np.cumsum(np.stack(list(steps.values())), axis=0)
    return {name: np.exp(log_rate).sum(axis=1) for name, log_rate in zip(steps, added, strict=True)}


def _names_read(fit: MarkFit) -> set[str]:
    exposures = set(fit.structure.exposures)
    return {
        "level",
        *(["season"] if fit.structure.season else []),
        *(["drills"] if exposures & set(DRILLS) else []),
        *(["status"] if exposures & set(STATUS) else []),
        *(["excitation"] if fit.structure.links else []),
    }


def _source(name: SourceName, sums: Mapping[SourceName, Float[np.ndarray, " draw"]], *, is_read: bool) -> RateSource:
    order = list(sums)
    place = order.index(name)
    if place == 0:
        low, high = np.quantile(sums[name], [_LOW, _HIGH])
        return RateSource(name, float(sums[name].mean()), float(low), float(high))
    if not is_read:
        return RateSource(name, 0.0, is_read=False)
    before, after = sums[order[place - 1]], sums[name]
    low, high = np.quantile(after - before, [_LOW, _HIGH])
    factor_low, factor_high = np.quantile(after / before, [_LOW, _HIGH])
    factor = float(after.mean() / before.mean())
    return RateSource(
        name, float((after - before).mean()), float(low), float(high), factor, float(factor_low), float(factor_high)
    )
