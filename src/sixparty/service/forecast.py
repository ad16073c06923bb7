"""Issue forecasts and add them to the archive."""

from __future__ import annotations

import datetime as dt
import shlex
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sixparty.chronicle import DATA_VERSION, Chronicle
from sixparty.compute import Key, Progress
from sixparty.forecast import issue_forecasts
from sixparty.forecast.rounds import ON_TIME_DAYS, Making, RoundKind, enter_round, round_kind
from sixparty.service import clock
from sixparty.service.fits import WORKERS, fit_marks
from sixparty.service.home import Home
from sixparty.service.look import look_at
from sixparty.service.outlook import FUTURES, hub_summary
from sixparty.service.record import open_record
from sixparty.service.result import Result, answer


@dataclass(frozen=True)
class ForecastSpec:
    """Which forecasts to issue: by what was known on `as_of`, from which seed."""

    as_of: str | None = None
    seed: int = 1

    def command(self) -> str:
        """Return the command that makes the same forecasts again."""
        as_of = ["--as-of", self.as_of] if self.as_of is not None else []
        return shlex.join(["sixparty", "forecast", "issue", *as_of, "--seed", str(self.seed)])


def issue(spec: ForecastSpec, *, home: Home, progress: Progress) -> Result:
    """Issue forecasts of every target for every window, and add them to the archive.

    They are entered as issued, made late or backfilled, by the record behind them and by the clock; the three are
    stored apart and never scored in one mean.

    Raises
    ------
    InputRefused
        If other forecasts of the same model for the same dates have been issued before: none is ever revised.
    ModelRefused
        If a mark cannot be fitted.
    EnvironmentRefused
        If the clock stands before the reference date, or the folder cannot be written to.
    """
    chronicle = open_record(home=home.folder)
    look = look_at(chronicle, clock.resolve_dates(chronicle, spec.as_of))
    making = making_of(chronicle, look.dates.reference_date, seed=spec.seed, command=spec.command())
    key = Key.from_seed(spec.seed)
    fits = fit_marks(key, look.panel, home=home, progress=progress)
    issued = issue_forecasts(
        key,
        look.panel,
        fits=fits,
        exposures=look.exposures,
        reference_date=look.dates.reference_date,
        as_of=look.known_through,
        leader_since=look.leader_since,
        draws=FUTURES,
        workers=WORKERS,
    )
    paths = enter_round(home.hub, issued.table, making)
    kind = kind_of_files(home.hub, paths)
    found = {
        "reference_date": look.dates.reference_date,
        "as_of": look.known_through,
        "kind": kind,
        "files": [str(path.relative_to(home.folder)) for path in paths],
        "super_critical_share": issued.futures.super_critical_share,
        "summary": hub_summary(issued),
    }
    told = kind_warning(kind, look.dates.reference_date)
    return answer(
        "forecast issue", spec, found, record=chronicle, seed=spec.seed, command=spec.command(), warnings=told
    )


def making_of(chronicle: Chronicle, reference_date: dt.date, *, seed: int | None, command: str) -> Making:
    """Return what the book of rounds tells of a round for `reference_date` that is entered now."""
    made_on, end = clock.now(), record_end(chronicle)
    return Making(
        kind=round_kind(reference_date, record_end=end, made_on=made_on),
        made_on=made_on,
        record_end=end,
        data_version=DATA_VERSION,
        data_digest=chronicle.digest,
        seed=seed,
        command=command,
    )


def record_end(chronicle: Chronicle) -> dt.date:
    """Return the last day that the record holds: the end of its coverage, or of a row that lies beyond."""
    # a spell that was known before it began is one that was announced, and tells of no day yet
    begun = chronicle["spells"].filter(pl.col("known_date") >= pl.col("start_date"))["start_date"]
    days: list[dt.date] = pl.concat([chronicle["events"]["event_date"], begun]).drop_nulls().to_list()
    return max([chronicle.coverage_end, *days])


def kind_of_files(hub: Path, paths: list[Path]) -> RoundKind:
    """Return the kind of a round by where its files lie."""
    folder = paths[0].relative_to(hub).parts[0]
    kinds: dict[str, RoundKind] = {kind: kind for kind in ("made_late", "backfilled", "after_seeing")}
    return kinds.get(folder, "issued")


def kind_warning(kind: RoundKind, reference_date: dt.date) -> tuple[str, ...]:
    """Say that a round is none that was issued in time, where it is not."""
    told = {
        "made_late": f"made late: entered more than {ON_TIME_DAYS} days after the reference date {reference_date}",
        "backfilled": f"backfilled: the record behind it reached further than the reference date {reference_date}",
        "after_seeing": "entered after seeing: our forecasts for this reference date were shown before",
    }
    return (f"{told[kind]}; it is kept and scored apart from issued ones",) if kind in told else ()
