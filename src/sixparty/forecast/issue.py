"""Issue forecasts: from a panel and fitted models to distributions, hub rows and the futures behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int, Shaped

from sixparty.compute import Key
from sixparty.errors import DateRefused, UsageError
from sixparty.excitation import MarkFit, SimulatedFutures
from sixparty.forecast.futures import PanelState, simulate_panel
from sixparty.forecast.hub import hub_rows
from sixparty.forecast.pool import LAST_YEAR_SHARE, with_last_year
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.reference import BaseRate, base_count, base_rate, climatology, nb12, nb36
from sixparty.forecast.targets import TARGETS
from sixparty.periods import HORIZONS, require_saturday
from sixparty.tension.panel import CountPanel

MODEL_ID = "sixparty-level"
"""Our model: a drifting or steady level with excitation, exposures and shared futures."""

NB36_ID = "plain-nb36"
NB12_ID = "plain-nb12"
CLIMATOLOGY_ID = "plain-climatology"
BASE_RATE_ID = "plain-base_rate"

PLAIN_RATE: Mapping[str, str] = MappingProxyType(
    {
        "weapons_test_days": NB12_ID,
        "ballistic_days": NB12_ID,
        "border_kinetic": NB12_ID,
        "inter_korean_talks": NB36_ID,
        "us_prk_talks": NB12_ID,
        "nuclear_test": BASE_RATE_ID,
        "icbm_launch": BASE_RATE_ID,
        "space_launch": BASE_RATE_ID,
        "fatal_clash": BASE_RATE_ID,
        "grey_zone_days": BASE_RATE_ID,
        "inter_korean_summit": BASE_RATE_ID,
        "us_prk_summit": BASE_RATE_ID,
        "unsc_resolution": BASE_RATE_ID,
        "prk_rus_leaders": BASE_RATE_ID,
        "prk_chn_leaders": BASE_RATE_ID,
    }
)
"""The plain rate of each target: of the three rivals that only repeat past weeks, the one with the lowest log score at
origins from 2005 to 2018 (table in ``docs/explanation/forecasts.md``)."""

Cell = tuple[str, str, int]
"""(model_id, target, horizon in weeks)."""

_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True)
class IssuedForecasts:
    """All forecasts of one reference date.

    Parameters
    ----------
    table
        Hub rows of every model and target.
    predictive
        The distribution behind each cell (model_id, target, horizon).
    at_least_one_range
        80 % range of the chance of at least one event: for our model across draws of parameters and level, widened to
        hold the chance itself where draws are lopsided; for the base rate from the uncertainty of the rate. Other
        models have none.
    episodes
        Events on which each base rate rests, by target.
    futures
        The simulated weeks, all modelled targets together.
    """

    table: pl.DataFrame
    predictive: Mapping[Cell, CountPredictive]
    at_least_one_range: Mapping[Cell, tuple[float, float]]
    episodes: Mapping[str, int]
    futures: SimulatedFutures


def issue_forecasts(
    key: Key,
    panel: CountPanel,
    *,
    fits: Mapping[str, MarkFit],
    exposures: Float[np.ndarray, "future mark exposure"],
    reference_date: dt.date,
    as_of: dt.date,
    leader_since: dt.date,
    draws: int = 20_000,
    state: PanelState | None = None,
    workers: int = 1,
) -> IssuedForecasts:
    """Forecast every target for every window after `reference_date`, with the reference models beside.

    Parameters
    ----------
    panel
        Weekly counts up to `reference_date`.
    fits
        A fit for each modelled target that is to be forecast, by target; all with the same number of draws.
    exposures
        What the next 52 weeks are exposed to as far as known, on the panel's marks and exposures.
    as_of
        Day up to which the record behind the panel was known.
    leader_since
        Day on which the present leader of North Korea took office; climatology and base rates begin there.
    draws
        Simulated futures, taken up to a whole number for each draw of the fits.
    state
        Where the marks stand at the panel's end, by `condition_panel` with the same key; made here if None.

    Raises
    ------
    DateRefused
        If the panel does not end on `reference_date`, or that is no Saturday.
    """
    _require_end(panel, require_saturday(reference_date))
    futures = simulate_panel(
        key,
        panel,
        fits=fits,
        exposures=exposures,
        periods=max(HORIZONS),
        futures=draws,
        state=state,
        workers=workers,
    )
    ours, ranges = _model_cells(futures, panel, next(iter(fits.values())).draws.shape[0])
    plain = dict(_plain_cells(panel, tuple(fits), leader_since))
    rates = {(BASE_RATE_ID, name, h): rate for name, h, rate in _base_rates(panel, leader_since)}
    predictive = {**ours, **plain, **{cell: rate.predictive for cell, rate in rates.items()}}
    return IssuedForecasts(
        table=_hub_table(predictive, reference_date, as_of),
        predictive=MappingProxyType(predictive),
        at_least_one_range=MappingProxyType({**ranges, **{c: (r.low, r.high) for c, r in rates.items()}}),
        episodes=MappingProxyType({cell[1]: rate.episodes for cell, rate in rates.items()}),
        futures=futures,
    )


def _require_end(panel: CountPanel, reference_date: dt.date) -> None:
    if panel.weeks != 1:
        raise UsageError(f"forecasts are made from weekly counts, got periods of {panel.weeks} weeks.")
    if panel.period_ends[-1] != np.datetime64(reference_date):
        raise DateRefused(
            f"the panel must end on the reference date {reference_date}, got {panel.period_ends[-1]}. "
            "Count up to that Saturday."
        )


def _model_cells(
    futures: SimulatedFutures, panel: CountPanel, parameter_draws: int
) -> tuple[dict[Cell, CountPredictive], dict[Cell, tuple[float, float]]]:
    windows = np.cumsum(futures.counts, axis=1, dtype=np.int64)
    predictive, ranges = {}, {}
    for column, target in enumerate(futures.marks):
        counts, share = _seen(panel, target)[0], LAST_YEAR_SHARE.get(target, 0.0)
        for horizon in HORIZONS:
            cell, sums = (MODEL_ID, target, horizon), windows[:, horizon - 1, column]
            law = CountPredictive.from_draws(sums)
            predictive[cell] = with_last_year(law, counts, horizon=horizon, share=share)
            chance = predictive[cell].at_least(1)
            low, high = (end + chance - law.at_least(1) for end in _chance_ends(sums, share, parameter_draws))
            ranges[cell] = max(0.0, min(low, chance)), min(1.0, max(high, chance))
    return predictive, ranges


def _chance_ends(sums: Int[np.ndarray, " future"], share: float, parameter_draws: int) -> tuple[float, float]:
    """The range across draws, drawn towards its middle by the share in which the draws have no part."""
    low, high = chance_range((sums > 0).reshape(-1, parameter_draws))
    middle = float((sums > 0).mean())
    return middle + (1 - share) * (low - middle), middle + (1 - share) * (high - middle)


def chance_range(happens: Bool[np.ndarray, "batch draw"]) -> tuple[float, float]:
    r"""Return the 10th and 90th percentile, across draws, of the chance that something happens.

    The share of a draw's futures in which it happens also varies because the futures are few; that part is removed by
    drawing the shares towards their mean by :math:`c`, with
    :math:`c^2 = 1 - \overline{p(1-p)} / ((B - 1)\operatorname{var} p)`.

    Parameters
    ----------
    happens
        One column for each draw of parameters and level, one row for each future made from it.
    """
    batch, shares = happens.shape[0], happens.mean(axis=0)
    spread = float(shares.var())
    if batch < 2 or spread == 0:
        return float(shares.mean()), float(shares.mean())
    noise = float((shares * (1 - shares)).mean()) / (batch - 1)
    narrowed = shares.mean() + np.sqrt(max(0.0, 1 - noise / spread)) * (shares - shares.mean())
    low, high = np.quantile(narrowed, [_LOW, _HIGH])
    return float(np.clip(low, 0, 1)), float(np.clip(high, 0, 1))


def _seen(panel: CountPanel, mark: str) -> tuple[Int[np.ndarray, " time"], Shaped[np.ndarray, " time"]]:
    """Counts and closing days of the covered weeks of a mark."""
    column = panel.column(mark)
    is_covered = panel.covered[:, column]
    return panel.counts[is_covered, column], panel.period_ends[is_covered]


def _plain_cells(panel: CountPanel, targets: tuple[str, ...], since: dt.date) -> Iterator[tuple[Cell, CountPredictive]]:
    for target in targets:
        counts, ends = _seen(panel, target)
        for horizon in HORIZONS:
            yield (NB36_ID, target, horizon), nb36(counts, horizon)
            yield (NB12_ID, target, horizon), nb12(counts, horizon)
            yield (
                (CLIMATOLOGY_ID, target, horizon),
                climatology(counts, horizon, period_ends=ends, since=since),
            )


def _base_rates(panel: CountPanel, since: dt.date) -> Iterator[tuple[str, int, BaseRate]]:
    """Base rates of the targets without a model whose mark the panel holds and the record covers."""
    for target in TARGETS.values():
        if target.is_modelled or target.name not in panel.marks:
            continue
        counts, ends = _seen(panel, target.name)
        recent = counts[ends > np.datetime64(since)]
        rate = base_rate if target.kind == "binary" else base_count
        for horizon in HORIZONS if len(recent) else ():
            yield target.name, horizon, rate(recent, horizon)


def _hub_table(predictive: Mapping[Cell, CountPredictive], reference_date: dt.date, as_of: dt.date) -> pl.DataFrame:
    return pl.concat(
        hub_rows(law, target, horizon=horizon, reference_date=reference_date, model_id=model_id, as_of=as_of)
        for (model_id, target, horizon), law in predictive.items()
    )
