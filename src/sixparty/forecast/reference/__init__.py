"""Reference models: simple rivals that every forecast of ours is shown beside."""

from sixparty.forecast.reference.base_rate import BaseRate, base_count, base_rate
from sixparty.forecast.reference.climatology import climatology
from sixparty.forecast.reference.nb36 import nb36

__all__ = ["BaseRate", "base_count", "base_rate", "climatology", "nb36"]
