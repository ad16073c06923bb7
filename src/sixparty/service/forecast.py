"""Issue forecasts and add them to the archive."""

from __future__ import annotations

from dataclasses import dataclass

from sixparty.compute import Key, Progress
from sixparty.forecast import issue_forecasts, write_forecasts
from sixparty.service.clock import resolve_dates
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


def issue(spec: ForecastSpec, *, home: Home, progress: Progress) -> Result:
    """Issue forecasts of every target for every window, and add them to the archive.

    Raises
    ------
    InputRefused
        If other forecasts of the same model for the same dates have been issued before: none is ever revised.
    ModelRefused
        If a mark cannot be fitted.
    """
    chronicle = open_record(home=home.folder)
    look = look_at(chronicle, resolve_dates(chronicle, spec.as_of))
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
    paths = write_forecasts(home.hub, issued.table)
    found = {
        "reference_date": look.dates.reference_date,
        "as_of": look.known_through,
        "files": [str(path.relative_to(home.folder)) for path in paths],
        "summary": hub_summary(issued),
    }
    return answer("forecast issue", spec, found, record=chronicle, seed=spec.seed)
