"""A first tension index: how dense and how severe weapons tests and fire at the lines have been of late.

For class c (weapons tests; fire at the lines) let s_{c,t} be the sum of the severities of the events of week t. With
decay d = 2^(-1/H), half-life H weeks, and the class mean m_c over the record,

    S_{c,t} = d S_{c,t-1} + s_{c,t},   N_t = d N_{t-1} + 1,
    r_{c,t} = (S_{c,t} + k m_c) / ((N_t + k) m_c),           k = 2 weeks of average record as prior weight,
    index_t = sum_c w_c r_{c,t},                             sum of w_c = 1.

The index is a ratio: 2 means twice the record's average. It looks only backward. The band holds what is arbitrary and
what is uncertain: severities are multiplied by log-normal factors, H is drawn between half and twice its value, the
w_c are drawn from a Dirichlet law, and every event is weighted by an Exp(1) draw (Bayesian bootstrap, Rubin 1981,
Annals of Statistics 9:130), which stands for the chance in the number of events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl
from jaxtyping import Float, Int, Shaped

from sixparty.chronicle import Chronicle
from sixparty.compute import Key
from sixparty.periods import period_ends, require_saturday
from sixparty.tension.panel import FIRST_DAY

SEVERITY: Mapping[str, float] = MappingProxyType(
    {
        "nuclear_test": 8.0,
        "long_range_test": 4.0,
        "medium_range_test": 2.0,
        "other_test": 1.0,
        "fatal_clash": 8.0,
        "clash": 4.0,
        "fire": 2.0,
    }
)
"""Severity of one event by grade. The steps are a judgement, doubled from grade to grade; the band varies them."""

HALF_LIFE_WEEKS = 13.0
_PRIOR_WEEKS = 2.0
_SEVERITY_SPREAD = float(np.log(1.5))
_CLASS_SHARE_CONCENTRATION = 8.0
_BAND = (0.1, 0.9)
CLASSES = ("weapons_tests", "border_incidents")
_GRADES = tuple(SEVERITY)


@dataclass(frozen=True)
class TensionIndex:
    """The index by week, as a ratio to the record's average.

    Parameters
    ----------
    week_ends
        Closing Saturday of each week.
    value
        The index with the stated severities, half-life and equal class shares.
    low, high
        80 % band over severities, half-life, class shares and the chance in the number of events.
    by_class
        The ratio r of each class, in the order of `CLASSES`.
    """

    week_ends: Shaped[np.ndarray, " time"]
    value: Float[np.ndarray, " time"]
    low: Float[np.ndarray, " time"]
    high: Float[np.ndarray, " time"]
    by_class: Float[np.ndarray, "time klass"]

    @property
    def share_lower(self) -> float:
        """Share of earlier weeks whose value was lower than the last one, between 0 and 1."""
        return float(np.mean(self.value[:-1] < self.value[-1]))


@dataclass(frozen=True)
class _GradedEvents:
    week: Int[np.ndarray, " event"]
    klass: Int[np.ndarray, " event"]
    grade: Int[np.ndarray, " event"]


def tension_index(key: Key, chronicle: Chronicle, *, end: dt.date, draws: int = 400) -> TensionIndex:
    """Compute the index for every week from 1990 to the week that closes with `end`.

    Parameters
    ----------
    key
        Decides the band, not the value.
    end
        A Saturday.
    draws
        How many variants the band rests on.
    """
    closing = np.array(period_ends(FIRST_DAY, require_saturday(end, name="end")), dtype="datetime64[D]")
    events = _graded_events(chronicle, closing)
    severity = np.array([SEVERITY[grade] for grade in _GRADES])
    ratios = _ratios(events, severity[None, events.grade], len(closing), np.array([HALF_LIFE_WEEKS]))[0]
    band = np.quantile(_variants(key, events, severity, len(closing), draws), _BAND, axis=0)
    return TensionIndex(closing, ratios.mean(axis=1), band[0], band[1], ratios)


def _variants(
    key: Key, events: _GradedEvents, severity: Float[np.ndarray, " grade"], weeks: int, draws: int
) -> Float[np.ndarray, "draw time"]:
    random = key.child("tension_index").generator()
    varied = severity * np.exp(_SEVERITY_SPREAD * random.standard_normal((draws, len(severity))))
    half_lives = HALF_LIFE_WEEKS * 2.0 ** random.uniform(-1.0, 1.0, draws)
    shares = random.dirichlet([_CLASS_SHARE_CONCENTRATION] * len(CLASSES), draws)
    weights = varied[:, events.grade] * random.exponential(size=(draws, len(events.grade)))
    return np.asarray(np.einsum("dtk,dk->dt", _ratios(events, weights, weeks, half_lives), shares))


def _ratios(
    events: _GradedEvents, weights: Float[np.ndarray, "draw event"], weeks: int, half_lives: Float[np.ndarray, " draw"]
) -> Float[np.ndarray, "draw time klass"]:
    """The ratio r of each class in each week, for each set of weights and half-life."""
    cells = events.week * len(CLASSES) + events.klass
    weekly = np.stack([np.bincount(cells, weights=own, minlength=weeks * len(CLASSES)) for own in weights])
    weekly = weekly.reshape(len(weights), weeks, len(CLASSES)).astype(np.float64)
    mean = np.maximum(weekly.mean(axis=1), 1e-9)
    decay = 0.5 ** (1.0 / half_lives)[:, None]
    memory, length = np.zeros_like(mean), np.zeros_like(decay)
    out = np.empty_like(weekly)
    for week in range(weeks):
        memory, length = decay * memory + weekly[:, week], decay * length + 1.0
        out[:, week] = (memory + _PRIOR_WEEKS * mean) / ((length + _PRIOR_WEEKS) * mean)
    return out


def _graded_events(chronicle: Chronicle, closing: Shaped[np.ndarray, " time"]) -> _GradedEvents:
    table = chronicle["events"].select("event_date", _grade().alias("grade"), _class().alias("klass")).drop_nulls()
    days = np.array(table["event_date"].to_list(), dtype="datetime64[D]")
    inside = (days > closing[0] - np.timedelta64(7, "D")) & (days <= closing[-1])
    grades = np.array([_GRADES.index(grade) for grade in table["grade"]], dtype=np.int64)
    classes = np.array([CLASSES.index(klass) for klass in table["klass"]], dtype=np.int64)
    return _GradedEvents(np.searchsorted(closing, days[inside]), classes[inside], grades[inside])


def _grade() -> pl.Expr:
    """The severity grade of an event; null for events that the index leaves out."""
    kind, weapon = pl.col("event_type"), pl.col("weapon_class")
    deaths = pl.sum_horizontal("deaths_kor", "deaths_prk", "deaths_other")
    is_flight = kind.is_in(
        ["ballistic_launch", "cruise_launch", "air_defence_launch", "rocket_artillery_launch", "other_weapon_test"]
    )
    return (
        pl.when(kind == "nuclear_test")
        .then(pl.lit("nuclear_test"))
        .when((weapon == "ICBM") | (kind == "space_launch"))
        .then(pl.lit("long_range_test"))
        .when(weapon.is_in(["MRBM", "IRBM", "SLBM", "HGV"]))
        .then(pl.lit("medium_range_test"))
        .when(is_flight)
        .then(pl.lit("other_test"))
        .when(kind.is_in(["border_clash", "border_fire"]) & (deaths > 0))
        .then(pl.lit("fatal_clash"))
        .when(kind == "border_clash")
        .then(pl.lit("clash"))
        .when(kind == "border_fire")
        .then(pl.lit("fire"))
    )


def _class() -> pl.Expr:
    is_border = pl.col("event_type").is_in(["border_clash", "border_fire"])
    return pl.when(is_border).then(pl.lit("border_incidents")).otherwise(pl.lit("weapons_tests"))
