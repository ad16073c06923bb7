"""The optional rivals under one interface, and the origins at which they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata, util
from types import MappingProxyType

import numpy as np

from sixparty.compute import Key
from sixparty.errors import EnvironmentRefused
from sixparty.forecast.backtest import FIRST_ORIGIN, Origin, PastForecasts
from sixparty.forecast.reference.optional.autoarima import arima_laws, fit_arima
from sixparty.forecast.reference.optional.boosting import boosted_laws
from sixparty.forecast.reference.optional.intermittent import fit_intermittent, intermittent_laws
from sixparty.forecast.reference.rivals import Predictives
from sixparty.forecast.targets import Target, require_target
from sixparty.periods import HORIZONS

EVERY_WEEKS = 13
"""Weeks from one origin of the optional rivals to the next."""

_SCHEDULED = "scheduled"


@dataclass(frozen=True)
class OptionalRival:
    """A rival with needs of its own; it is fitted anew at each of its origins.

    Parameters
    ----------
    model_id
        Its name in hub tables.
    label
        What it does, in a few words.
    laws
        From a key, an origin and a target to the predictive of every window.
    packages
        Distributions that it needs beyond the default install, each with the name it is imported by.
    """

    model_id: str
    label: str
    laws: Callable[[Key, Origin, Target], Predictives]
    packages: Mapping[str, str]

    def require(self) -> None:
        """Make sure that what it needs is installed.

        Raises
        ------
        EnvironmentRefused
            If something is not, with the command that installs it.
        """
        missing = [name for name, module in self.packages.items() if util.find_spec(module) is None]
        if missing:
            raise EnvironmentRefused(
                f"{self.model_id} needs {' and '.join(missing)}, which the default install does not hold. Install the "
                "extra with `pip install 'sixparty[rivals]'`."
            )

    def versions(self) -> dict[str, str]:
        """Return the installed versions of what it needs."""
        return {name: metadata.version(name) for name in self.packages}

    def forecasts(self, key: Key, *, target: str, origins: Sequence[Origin]) -> PastForecasts:
        """Return what it said of `target` at each of `origins` at which the record was ready."""
        question, run = require_target(target), key.child(self.model_id, target)
        ready = [origin for origin in origins if origin.is_ready(question)]
        days = tuple(origin.reference_date for origin in ready)
        said = tuple(self.laws(run.child(day.isoformat()), one, question) for day, one in zip(days, ready, strict=True))
        return PastForecasts(self.model_id, target, days, said)


def is_thirteenth(reference_date: dt.date) -> bool:
    """Whether the day after lies a multiple of 13 weeks from the backtest's first Sunday, 1 January 2012.

    Examples
    --------
    >>> [is_thirteenth(dt.date(2012, 3, day)) for day in (24, 31)]
    [False, True]
    """
    return (reference_date + dt.timedelta(days=1) - FIRST_ORIGIN).days % (7 * EVERY_WEEKS) == 0


def _autoarima(key: Key, origin: Origin, target: Target) -> Predictives:
    return arima_laws(key, fit_arima(origin.history(target).counts), horizons=HORIZONS)


def _intermittent(key: Key, origin: Origin, target: Target) -> Predictives:
    return intermittent_laws(key, fit_intermittent(origin.history(target).counts), horizons=HORIZONS)


def _boosting(key: Key, origin: Origin, target: Target) -> Predictives:
    panel, columns = origin.panel, [origin.panel.column(mark) for mark in target.marks]
    is_covered = panel.covered[:, columns].all(axis=1)
    place = panel.exposure_names.index(_SCHEDULED)
    held, expected = panel.exposures[is_covered, columns[0], place], origin.exposures[:, columns[0], place]
    return boosted_laws(
        origin.history(target).counts,
        np.concatenate([held, expected]),
        year_fraction=panel.year_fraction[is_covered],
        horizons=HORIZONS,
    )


_ALL = (
    OptionalRival("plain-autoarima", "ARIMA chosen by AICc", _autoarima, {"statsforecast": "statsforecast"}),
    OptionalRival("plain-tsb", "intermittent demand (Teunter, Syntetos, Babai)", _intermittent, {}),
    OptionalRival("plain-boosting", "gradient-boosted trees", _boosting, {"scikit-learn": "sklearn"}),
)

OPTIONAL_RIVALS: Mapping[str, OptionalRival] = MappingProxyType({rival.model_id: rival for rival in _ALL})
"""Every optional rival by its name in hub tables."""
