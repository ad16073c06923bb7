"""Rivals that take longer or need libraries of their own; a backtest runs them when asked, every 13th week."""

from sixparty.forecast.reference.optional.autoarima import Arima, arima_laws, fit_arima
from sixparty.forecast.reference.optional.boosting import boosted_laws
from sixparty.forecast.reference.optional.intermittent import Intermittent, fit_intermittent, intermittent_laws
from sixparty.forecast.reference.optional.rival import (
    EVERY_WEEKS,
    OPTIONAL_RIVALS,
    OptionalRival,
    is_thirteenth,
)
from sixparty.forecast.reference.optional.tables import THIRTEENTH, thirteenth_differences, thirteenth_scores

__all__ = [
    "EVERY_WEEKS",
    "OPTIONAL_RIVALS",
    "THIRTEENTH",
    "Arima",
    "Intermittent",
    "OptionalRival",
    "arima_laws",
    "boosted_laws",
    "fit_arima",
    "fit_intermittent",
    "intermittent_laws",
    "is_thirteenth",
    "thirteenth_differences",
    "thirteenth_scores",
]
