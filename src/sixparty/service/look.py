"""One look at the record: what was known on a day, counted up to its reference date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl
from jaxtyping import Float

from sixparty.chronicle import Chronicle, as_known
from sixparty.periods import HORIZONS
from sixparty.service.clock import Dates
from sixparty.tension import CountPanel, count_panel, future_exposures

# First days in office: Kim Jong Il after 8 July 1994, Kim Jong Un after 17 December 2011.
_LEADERS_SINCE = (dt.date(1990, 1, 1), dt.date(1994, 7, 8), dt.date(2011, 12, 17))


@dataclass(frozen=True)
class Look:
    """The record as known on a day, with what is made of it.

    Parameters
    ----------
    chronicle
        Rows that could be known on `dates.as_of`.
    panel
        Weekly counts of every mark up to the reference date.
    exposures
        What the next 52 weeks are exposed to, as known then.
    """

    chronicle: Chronicle
    dates: Dates
    panel: CountPanel
    exposures: Float[np.ndarray, "time mark exposure"]

    @property
    def leader_since(self) -> dt.date:
        """Day since which the leader of North Korea in office on the reference date has been in office."""
        return max(day for day in _LEADERS_SINCE if day <= self.dates.reference_date)

    @property
    def known_through(self) -> dt.date:
        """Last day of knowledge that the record can hold: `as_of`, or the record's end if that came before."""
        return min(self.dates.as_of, self.dates.coverage_end)

    @property
    def n_rows(self) -> int:
        """Events and spells known."""
        return len(self.chronicle["events"]) + len(self.chronicle["spells"])

    @property
    def sources_cited(self) -> set[str]:
        """Sources that these rows cite."""
        cited = pl.concat([self.chronicle["events"]["source_ids"], self.chronicle["spells"]["source_ids"]])
        return set(cited.str.split(";").explode().to_list())


def look_at(chronicle: Chronicle, dates: Dates) -> Look:
    """Cut the record to what was known on `dates.as_of` and count it."""
    known = as_known(chronicle, dates.as_of)
    panel = count_panel(known, end=dates.reference_date)
    return Look(known, dates, panel, future_exposures(known, panel, periods=max(HORIZONS)))
