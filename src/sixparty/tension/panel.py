"""The seam where tables become arrays: events to counts, spells to exposures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import polars as pl
from jaxtyping import Bool, Float, Int, Shaped

from sixparty.chronicle import Chronicle
from sixparty.errors import DateRefused, UsageError
from sixparty.periods import period_ends, require_saturday
from sixparty.vocabulary import BALLISTIC_CLASSES, EVENT_TYPES, WEAPON_CLASSES

EXPOSURES: tuple[str, ...] = ("scheduled", "responsive", "political", "moratorium")
"""What a period can be exposed to; each is the share of the period's days, between 0 and 1."""

FIRST_DAY = dt.date(1990, 1, 1)
"""First day of the chronicle's main period."""

_FLIGHT_TYPES = [
    kind.name for kind in EVENT_TYPES.values() if kind.family == "weapons_tests" and kind.name != "engine_test"
]
_DRILL_SCALES_WITHOUT_WEIGHT = ("strategic_asset",)
_STAND_IN_GAP = 3


@dataclass(frozen=True)
class CountPanel:
    """Counts of each mark in equal periods, with what each period was exposed to.

    Parameters
    ----------
    marks
        Names of the marks, in order.
    period_ends
        Last day (a Saturday) of each period.
    weeks
        Length of a period in weeks.
    counts
        Event-days (or meetings begun) of each mark in each period.
    covered
        Whether the record is meant to be complete for this mark throughout the period; where it is not, a count of
        zero says nothing.
    exposure_names, exposures
        Share of each period's days under each exposure, by mark: a moratorium exposes a mark by the share of the
        mark's weapon classes that it names.
    event_days
        By mark, the days behind its counts, rising; empty where only counts are known.
    """

    marks: tuple[str, ...]
    period_ends: Shaped[np.ndarray, " time"]
    weeks: int
    counts: Int[np.ndarray, "time mark"]
    covered: Bool[np.ndarray, "time mark"]
    exposure_names: tuple[str, ...]
    exposures: Float[np.ndarray, "time mark exposure"]
    event_days: tuple[Shaped[np.ndarray, " _"], ...] = ()

    def column(self, mark: str) -> int:
        """Return the position of `mark` on the mark axis.

        Raises
        ------
        UsageError
            If the panel holds no such mark.
        """
        if mark not in self.marks:
            raise UsageError(f"mark must be one of {', '.join(self.marks)}, got {mark!r}.")
        return self.marks.index(mark)

    @property
    def year_fraction(self) -> Float[np.ndarray, " time"]:
        """Place of each period's middle in its year, from 0 to 1."""
        middles = self.period_ends - np.timedelta64(7 * self.weeks // 2, "D")
        return year_fraction(middles)

    def until(self, reference_date: dt.date) -> CountPanel:
        """Return the periods that end on or before `reference_date`."""
        keep = self.period_ends <= np.datetime64(reference_date)
        return replace(
            self,
            period_ends=self.period_ends[keep],
            counts=self.counts[keep],
            covered=self.covered[keep],
            exposures=self.exposures[keep],
            event_days=tuple(days[days <= np.datetime64(reference_date)] for days in self.event_days),
        )


def year_fraction(days: Shaped[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    """Return for each day its place in its year, from 0 (1 January) to 1."""
    return np.asarray((days - days.astype("datetime64[Y]")).astype("timedelta64[D]").astype(float) / 365.25)


def _days_of(types: list[str]) -> Callable[[Chronicle], pl.Series]:
    def days(chronicle: Chronicle) -> pl.Series:
        events = chronicle["events"].filter(pl.col("event_type").is_in(types))
        return events["event_date"].unique().sort()

    return days


def _days_of_class(weapon_class: str) -> Callable[[Chronicle], pl.Series]:
    def days(chronicle: Chronicle) -> pl.Series:
        return chronicle["events"].filter(pl.col("weapon_class") == weapon_class)["event_date"].unique().sort()

    return days


def _fatal_days(chronicle: Chronicle) -> pl.Series:
    events = chronicle["events"].filter(pl.col("event_type").is_in(["border_clash", "border_fire"]))
    deaths = pl.sum_horizontal("deaths_kor", "deaths_prk", "deaths_other")
    return events.filter(deaths > 0)["event_date"].unique().sort()


def _meetings_of(spell_type: str) -> Callable[[Chronicle], pl.Series]:
    def starts(chronicle: Chronicle) -> pl.Series:
        spells = chronicle["spells"].filter(
            (pl.col("spell_type") == spell_type) & (pl.col("outcome").fill_null("") != "not_held")
        )
        return spells["start_date"].sort()

    return starts


def _summits_of(spell_type: str) -> Callable[[Chronicle], pl.Series]:
    def starts(chronicle: Chronicle) -> pl.Series:
        spells = chronicle["spells"].filter(
            (pl.col("spell_type") == spell_type)
            & (pl.col("level") == "leaders")
            & (pl.col("outcome").fill_null("") != "not_held")
        )
        return spells["start_date"].unique().sort()

    return starts


def _leaders_of(party: str) -> Callable[[Chronicle], pl.Series]:
    """First days of meetings and visits of leaders between North Korea and `party`."""

    def starts(chronicle: Chronicle) -> pl.Series:
        events = chronicle["events"].filter((pl.col("event_type") == "contact") & (pl.col("level") == "leaders"))
        is_both = [{"PRK", party} <= set(actors.split(";")) for actors in events["actors"]]
        return events.filter(pl.Series(is_both, dtype=pl.Boolean))["event_date"].unique().sort()

    return starts


def _resolution_days(chronicle: Chronicle) -> pl.Series:
    votes = pl.col("event_type") == "unsc_resolution"
    return chronicle["events"].filter(votes & (pl.col("act_kind") == "measures"))["event_date"].unique().sort()


@dataclass(frozen=True)
class Mark:
    """A series of dated occurrences that the panel counts.

    Parameters
    ----------
    name
        The same word as the forecast target that reads it.
    family
        Family of the chronicle whose coverage bounds it.
    days
        Finds the occurrences: one day a day with events, or one day a meeting begun.
    weapon_classes
        Classes that make the mark, for the exposure to moratoria; empty when it is no weapons series.
    """

    name: str
    family: str
    days: Callable[[Chronicle], pl.Series]
    weapon_classes: frozenset[str] = frozenset()


_ALL_FLIGHT_CLASSES = frozenset(WEAPON_CLASSES) - {"engine", "unknown"}
MARKS: Mapping[str, Mark] = MappingProxyType(
    {
        mark.name: mark
        for mark in (
            Mark("weapons_test_days", "weapons_tests", _days_of(_FLIGHT_TYPES), _ALL_FLIGHT_CLASSES),
            Mark("ballistic_days", "weapons_tests", _days_of(["ballistic_launch"]), BALLISTIC_CLASSES),
            Mark("border_kinetic", "border_incidents", _days_of(["border_clash", "border_fire"])),
            Mark("fatal_clash", "border_incidents", _fatal_days),
            Mark("inter_korean_talks", "inter_korean_talks", _meetings_of("inter_korean_talks")),
            Mark("us_prk_talks", "us_prk_talks", _meetings_of("us_prk_talks")),
            Mark("nuclear_test", "weapons_tests", _days_of(["nuclear_test"]), frozenset({"nuclear"})),
            Mark("icbm_launch", "weapons_tests", _days_of_class("ICBM"), frozenset({"ICBM"})),
            Mark("space_launch", "weapons_tests", _days_of(["space_launch"]), frozenset({"SLV"})),
            Mark("grey_zone_days", "grey_zone", _days_of(["balloon_release", "gps_jamming", "leaflet_drone"])),
            Mark("inter_korean_summit", "inter_korean_talks", _summits_of("inter_korean_talks")),
            Mark("us_prk_summit", "us_prk_talks", _summits_of("us_prk_talks")),
            Mark("unsc_resolution", "unsc_resolutions", _resolution_days),
            Mark("prk_rus_leaders", "contacts", _leaders_of("RUS")),
            Mark("prk_chn_leaders", "contacts", _leaders_of("CHN")),
        )
    }
)
"""The marks that can be counted; weapons tests, border incidents and talks are never added together."""


def count_panel(
    chronicle: Chronicle,
    marks: tuple[str, ...] = tuple(MARKS),
    *,
    end: dt.date,
    start: dt.date = FIRST_DAY,
    weeks: int = 1,
) -> CountPanel:
    """Count each mark in periods of `weeks` weeks that close with the Saturday `end`.

    Parameters
    ----------
    chronicle
        The record, cut to what was known if a look back is meant.
    end
        A Saturday, not after the first Saturday past the record's end.

    Raises
    ------
    DateRefused
        If `end` is no Saturday or leaves no whole period after `start`.
    """
    unknown = [mark for mark in marks if mark not in MARKS]
    if unknown:
        raise UsageError(f"marks must be among {', '.join(MARKS)}, got {', '.join(unknown)}.")
    ends = period_ends(start, require_saturday(end, name="end"), weeks=weeks)
    if not ends:
        raise DateRefused(f"end must leave at least one period of {weeks} weeks after {start}, got {end}.")
    closing = np.array(ends, dtype="datetime64[D]")
    days = [_days_inside(MARKS[mark].days(chronicle), closing, weeks) for mark in marks]
    return CountPanel(
        marks=marks,
        period_ends=closing,
        weeks=weeks,
        counts=np.stack([_counts(inside, closing) for inside in days], axis=1),
        covered=np.stack([_covered(chronicle, MARKS[mark].family, closing, weeks) for mark in marks], axis=1),
        exposure_names=EXPOSURES,
        exposures=_exposures(chronicle, marks, closing, weeks),
        event_days=tuple(days),
    )


def _days_inside(days: pl.Series, closing: Shaped[np.ndarray, " time"], weeks: int) -> Shaped[np.ndarray, " event"]:
    first = closing[0] - np.timedelta64(7 * weeks - 1, "D")
    array = np.array(days.to_list(), dtype="datetime64[D]")
    return np.asarray(array[(array >= first) & (array <= closing[-1])])


def _counts(days: Shaped[np.ndarray, " event"], closing: Shaped[np.ndarray, " time"]) -> Int[np.ndarray, " time"]:
    return np.bincount(np.searchsorted(closing, days), minlength=len(closing)).astype(np.int64)


def _covered(
    chronicle: Chronicle, family: str, closing: Shaped[np.ndarray, " time"], weeks: int
) -> Bool[np.ndarray, " time"]:
    row = chronicle["coverage"].row(by_predicate=pl.col("family") == family, named=True)
    opening = closing - np.timedelta64(7 * weeks - 1, "D")
    return np.asarray(
        (opening >= np.datetime64(row["complete_from"])) & (closing <= np.datetime64(row["complete_through"]))
    )


def _exposures(
    chronicle: Chronicle, marks: tuple[str, ...], closing: Shaped[np.ndarray, " time"], weeks: int
) -> Float[np.ndarray, "time mark exposure"]:
    out = np.zeros((len(closing), len(marks), len(EXPOSURES)))
    drills = [drill_shares(chronicle, kind, closing, weeks=weeks) for kind in ("scheduled", "responsive", "political")]
    out[:, :, :3] = np.stack(drills, axis=1)[:, None, :]
    for column, mark in enumerate(marks):
        out[:, column, 3] = moratorium_shares(chronicle, MARKS[mark].weapon_classes, closing, weeks=weeks)
    return out


def drill_shares(
    chronicle: Chronicle, kind: str, closing: Shaped[np.ndarray, " time"], *, weeks: int = 1
) -> Float[np.ndarray, " time"]:
    """Return the share of each period's days on which a joint drill of `kind` was held or is announced.

    A drill that was postponed or suspended exposes nothing. Visits by single ships or aircraft are left out; drills
    without the United States too. A drill whose first day no source gives (month or year precision) counts for nothing.
    """
    spells = chronicle["spells"].filter(
        (pl.col("spell_type") == "joint_drill")
        & (pl.col("drill_kind") == kind)
        & pl.col("drill_status").is_in(["announced", "planned", "held", "scaled_down"])
        & (pl.col("start_precision") == "day")
        & ~pl.col("scale").is_in(list(_DRILL_SCALES_WITHOUT_WEIGHT))
        & pl.col("actors").str.contains("USA")
    )
    return _share_of_days(spells["start_date"].to_list(), spells["end_date"].to_list(), closing, weeks)


def moratorium_shares(
    chronicle: Chronicle,
    weapon_classes: frozenset[str],
    closing: Shaped[np.ndarray, " time"],
    *,
    weeks: int = 1,
) -> Float[np.ndarray, " time"]:
    """Return the share of days under a declared moratorium, times the share of `weapon_classes` that it names."""
    out = np.zeros(len(closing))
    if not weapon_classes:
        return out
    for row in chronicle["spells"].filter(pl.col("spell_type") == "moratorium").iter_rows(named=True):
        named = weapon_classes & set(row["weapon_classes"].split(";"))
        last = row["end_date"] or dt.date.max
        out += _share_of_days([row["start_date"]], [last], closing, weeks) * len(named) / len(weapon_classes)
    return np.minimum(out, 1.0)


def _share_of_days(
    starts: list[dt.date],
    ends: list[dt.date | None],
    closing: Shaped[np.ndarray, " time"],
    weeks: int,
) -> Float[np.ndarray, " time"]:
    """Share of each period's days that lie in at least one of the spells."""
    first = closing[0] - np.timedelta64(7 * weeks - 1, "D")
    is_on = np.zeros(len(closing) * 7 * weeks, dtype=bool)
    for start, end in zip(starts, ends, strict=True):
        low = int((np.datetime64(start) - first).astype(int))
        high = int((np.datetime64(end or start) - first).astype(int)) + 1
        is_on[max(low, 0) : max(high, 0)] = True
    return np.asarray(is_on.reshape(len(closing), 7 * weeks).mean(axis=1))


def future_exposures(
    chronicle: Chronicle, panel: CountPanel, *, periods: int
) -> Float[np.ndarray, "time mark exposure"]:
    """Return the exposures of the `periods` periods after the panel's end, as known on its last day.

    Scheduled drills count as announced by then. Where nothing is announced within three weeks of a period, the share of
    the same calendar period one year (52 weeks) before stands in. Responsive and political drills are taken as none,
    since they answer what has not happened yet. A moratorium in force is taken to stay in force.
    """
    step = np.timedelta64(7 * panel.weeks, "D")
    closing = panel.period_ends[-1] + step * np.arange(1, periods + 1)
    out = np.zeros((periods, len(panel.marks), len(EXPOSURES)))
    announced = drill_shares(chronicle, "scheduled", closing, weeks=panel.weeks)
    is_near = _within(announced > 0, _STAND_IN_GAP // panel.weeks)
    out[:, :, 0] = np.where(is_near, announced, _year_before(panel, periods))[:, None]
    for column, mark in enumerate(panel.marks):
        out[:, column, 3] = moratorium_shares(chronicle, MARKS[mark].weapon_classes, closing, weeks=panel.weeks)
    return out


def _within(is_on: Bool[np.ndarray, " time"], periods: int) -> Bool[np.ndarray, " time"]:
    """Whether a period lies at most `periods` periods from one that is on."""
    window = np.ones(2 * periods + 1)
    return np.asarray(np.convolve(is_on, window)[periods : len(is_on) + periods] > 0)


def _year_before(panel: CountPanel, periods: int) -> Float[np.ndarray, " time"]:
    year = 52 // panel.weeks
    past = panel.exposures[-year:, 0, 0]
    return np.resize(past, periods) if len(past) == year else np.zeros(periods)
