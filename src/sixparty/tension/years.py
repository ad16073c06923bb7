"""The seam for claims on yearly figures: a series of the record as arrays of years and values."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Float, Int

from sixparty.chronicle import Chronicle
from sixparty.errors import UsageError
from sixparty.tension.days import DaySeries, listed_days

_YEAR = re.compile(r"[0-9]{4}")
_NEAREST = 4


@dataclass(frozen=True, eq=False)
class YearSeries:
    """Yearly figures of one series, as far as they are known.

    Parameters
    ----------
    years
        Calendar years that have a figure, ascending.
    values
        The figure of each, in the unit of the series.
    """

    years: Int[np.ndarray, " year"]
    values: Float[np.ndarray, " year"]

    @property
    def days(self) -> DaySeries:
        """No occurrence, covered from the first day of the first year to the last day of the last one."""
        none = listed_days(())
        if not len(self.years):
            return none
        first, last = dt.date(int(self.years[0]), 1, 1), dt.date(int(self.years[-1]), 12, 31)
        return DaySeries((), none.starts, none.ends, first, last)


def yearly_figures(chronicle: Chronicle, series: str) -> YearSeries:
    """Return the yearly figures of `series` that the chronicle holds; in a look back those known by then, or none.

    Raises
    ------
    UsageError
        If the record holds no such series, or not by year.
    """
    rows = chronicle["series"].filter(pl.col("series") == series).sort("period")
    if rows.is_empty() and chronicle.known_by is None:
        _refuse_unknown(chronicle, series)
    finer = [period for period in rows["period"] if not _YEAR.fullmatch(period)]
    if finer:
        raise UsageError(f"series must hold one figure a year, got {finer[0]} in {series!r}. Choose another series.")
    return YearSeries(
        np.array([int(period) for period in rows["period"]], dtype=np.int64),
        np.array(rows["value"].to_list(), dtype=np.float64),
    )


def _refuse_unknown(chronicle: Chronicle, series: str) -> None:
    known = sorted(set(chronicle["series"]["series"]))
    near = difflib.get_close_matches(series, known, n=_NEAREST, cutoff=0.4)
    hint = f"The nearest are {', '.join(near)}." if near else "`sixparty data export DIR` writes series.csv."
    raise UsageError(f"series must be one of the {len(known)} series of the record, got {series!r}. {hint}")
