"""Reference models: simple rivals that every forecast of ours is shown beside."""

from sixparty.forecast.reference.base_rate import BaseRate, base_count, base_rate
from sixparty.forecast.reference.climatology import climatology
from sixparty.forecast.reference.hawkes import HawkesFit, fit_hawkes, hawkes
from sixparty.forecast.reference.history import History
from sixparty.forecast.reference.ingarch import Ingarch, fit_ingarch, ingarch
from sixparty.forecast.reference.nb12 import nb12
from sixparty.forecast.reference.nb36 import nb36
from sixparty.forecast.reference.persistence import persistence
from sixparty.forecast.reference.rivals import RIVALS, Predictives, Rival
from sixparty.forecast.reference.seasonal import seasonal
from sixparty.forecast.reference.self_exciting import SelfExciting, fit_self_exciting, self_exciting
from sixparty.forecast.reference.trailing52 import trailing52

__all__ = [
    "RIVALS",
    "BaseRate",
    "HawkesFit",
    "History",
    "Ingarch",
    "Predictives",
    "Rival",
    "SelfExciting",
    "base_count",
    "base_rate",
    "climatology",
    "fit_hawkes",
    "fit_ingarch",
    "fit_self_exciting",
    "hawkes",
    "ingarch",
    "nb12",
    "nb36",
    "persistence",
    "seasonal",
    "self_exciting",
    "trailing52",
]
