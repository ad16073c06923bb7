"""What a brief is made of: the results of the other rooms, gathered by the service, nothing computed here.

Probabilities are shares from 0 to 1, counts are days with at least one event, dates are Korean dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sixparty.report.evidence_standing import ClaimsStanding
from sixparty.report.past import ArchiveStanding, Lead, PastStanding, TrackRecord
from sixparty.report.promises import PromiseStanding
from sixparty.report.situation import SituationStanding

Phase = Literal["testing", "talks", "pause"]
ClassName = Literal["weapons_test_days", "border_kinetic", "grey_zone", "official_talks"]
ChangeKind = Literal["added", "revised", "forecast", "spell"]
ReasonCode = Literal["news", "record", "calendar", "rest"]
Basis = Literal["fixed", "announced", "expected"]
Unit = Literal["probability", "days"]

CLASS_ORDER: tuple[ClassName, ...] = ("weapons_test_days", "border_kinetic", "grey_zone", "official_talks")
"""The classes of page one, in the order in which a weekly reader finds them."""


@dataclass(frozen=True)
class Header:
    """Which brief this is and how to make it again.

    Parameters
    ----------
    as_of
        The day whose knowledge the brief uses.
    reference_date, previous_date
        The Saturday that closes the week, and the one it is compared with.
    coverage_end
        Earliest day through which every family on page one is complete.
    days_past_coverage
        Days from `coverage_end` to `as_of`; zero when the record reaches further.
    is_stale
        Whether `as_of` lies more than 14 days after `coverage_end`.
    n_rows, n_sources
        Size of the record as known on `as_of`.
    marking
        Handling marking at head and foot of every page, or None.
    command
        The command that makes the same brief again.
    digest
        Digest of what went in, as short text.
    """

    as_of: dt.date
    reference_date: dt.date
    previous_date: dt.date
    coverage_end: dt.date
    days_past_coverage: int
    is_stale: bool
    n_rows: int
    n_sources: int
    run_id: str
    marking: str | None
    seed: int
    command: str
    data_version: str
    package_version: str
    digest: str


@dataclass(frozen=True)
class Coverage:
    """From when to when a family of the chronicle is complete, and where it is known to be thin."""

    family: str
    complete_from: dt.date
    complete_through: dt.date
    thin: str
    rows: int


@dataclass(frozen=True)
class PhaseLength:
    """How long completed phases of one kind lasted, in weeks."""

    shortest: int
    median: float
    longest: int
    number: int


@dataclass(frozen=True)
class PhaseStanding:
    """The phase in force by rule, since when, and how long such phases lasted before.

    Parameters
    ----------
    weeks
        Completed weeks since `since`.
    past
        Completed phases by kind; a kind without a completed phase is left out.
    """

    phase: Phase
    weeks: int
    since: dt.date
    past: Mapping[Phase, PhaseLength]


@dataclass(frozen=True)
class ClassStanding:
    """One class of events against what season and phase would lead one to expect.

    Parameters
    ----------
    is_covered
        False when no family of the record covers the class; all figures are then ignored.
    observed
        Days with an event in the window.
    low, high
        Expected 80 % range in whole days; None where the record is too short to give one.
    tail
        Two-sided predictive tail probability of `observed`.
    once_in_years
        How often so extreme a count would occur by chance; None unless unusual.
    last_date, last_label, last_row_id
        The latest event of the class on record, if there is one.
    covered_from
        First day from which the family is complete, for a class that has no expected range.
    lasting
        Acts of such a class that began before the window and ran into it.
    """

    name: ClassName
    is_covered: bool
    observed: int | None = None
    low: int | None = None
    high: int | None = None
    tail: float | None = None
    is_unusual: bool = False
    once_in_years: float | None = None
    last_date: dt.date | None = None
    last_label: str | None = None
    last_row_id: str | None = None
    last_label_ko: str | None = None
    covered_from: dt.date | None = None
    lasting: int = 0


@dataclass(frozen=True)
class UnusualRule:
    """When a class is called unusual.

    Parameters
    ----------
    tail_threshold
        A two-sided tail below this is unusual.
    false_alarm_per_week
        Chance that an ordinary week shows any class as unusual, from simulation.
    classes
        The classes counted.
    """

    tail_threshold: float
    false_alarm_per_week: float
    classes: tuple[ClassName, ...]


@dataclass(frozen=True)
class IndexPoint:
    """The index in the week that ends on `date`, with its 80 % band."""

    date: dt.date
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class IndexStanding:
    """The tension index of the week, its rank and its weekly history.

    Parameters
    ----------
    percentile
        Share of weeks since the start of the history that were lower, 0 to 1.
    half_life_weeks
        Weeks after which an event counts half, in its formula.
    """

    value: float
    low: float
    high: float
    percentile: float
    history: tuple[IndexPoint, ...]
    half_life_weeks: float


@dataclass(frozen=True)
class Reason:
    """A part of a forecast's move, in the unit of the forecast (shares or days).

    `news`: events of the week; `record`: rows added late or revised; `calendar`: drill dates and season that
    move into the window; `rest`: what remains.
    """

    code: ReasonCode
    points: float


@dataclass(frozen=True)
class Change:
    """Something that differs from the brief of the week before.

    Parameters
    ----------
    date
        Day of the event, of the row revised, or the start of the spell; the reference date for a forecast.
    label
        What happened, in English; for a forecast any text, since the target names it.
    row_id
        Row of the chronicle; None for a forecast.
    field, old, new
        What was revised (text), the status of a spell (text), or the forecast before and after (numbers).
    target, horizon, unit
        The forecast that moved; None otherwise.
    reasons
        Parts of the move; `old` plus their sum is `new`.
    family
        Family of the row, or `commitments` for a promise: page one shows weapons tests first.
    """

    kind: ChangeKind
    date: dt.date
    label: str
    source_ids: tuple[str, ...] = ()
    row_id: str | None = None
    field: str | None = None
    old: float | str | None = None
    new: float | str | None = None
    target: str | None = None
    horizon: int | None = None
    reasons: tuple[Reason, ...] = ()
    unit: Unit = "probability"
    label_ko: str | None = None
    family: str | None = None


@dataclass(frozen=True)
class DateAhead:
    """A date known beforehand in the six weeks after the reference date."""

    date: dt.date
    end_date: dt.date | None
    label_en: str
    label_ko: str
    basis: Basis
    row_id: str


@dataclass(frozen=True)
class ForecastCell:
    """One target over one window: the model beside the plain rate.

    Parameters
    ----------
    kind
        `probability` of at least one, or a `range` of days.
    model, plain
        Probability, or mean of days; `model` is None where there is no model.
    low, high
        Probability: 80 % range across the model's draws, or the Jeffreys interval of a base rate.
        Range: 10 % and 90 % quantile of days.
    plain_low, plain_high
        The same for the plain rate; None for a probability that has a model beside it, since a plain rate is one
        figure then.
    has_model
        False where too few episodes allow only a base rate.
    episodes
        Episodes in the record that the figure rests on.
    lead
        Whose figure page one shows first: the model's, unless past scores say otherwise.
    rival_id, rival, rival_low, rival_high
        The rival that comes first, with its figure; None where none does.
    """

    target: str
    horizon: int
    kind: Literal["probability", "range"]
    model: float | None
    plain: float
    low: float
    high: float
    plain_low: float | None
    plain_high: float | None
    model_id: str
    plain_id: str
    has_model: bool
    episodes: int
    lead: Lead = "model"
    rival_id: str | None = None
    rival: float | None = None
    rival_low: float | None = None
    rival_high: float | None = None


@dataclass(frozen=True)
class Signpost:
    """Something that, if seen by a date, would move a forecast.

    Parameters
    ----------
    condition
        `at_least`: `at_least` event days of `mark` in the next `weeks` weeks; `none`: not a single one.
    from_probability, to_probability
        Chance of at least one of `target` in the `horizon` weeks after `by_date`, now and given the condition.
    """

    condition: Literal["at_least", "none"]
    mark: str
    weeks: int
    at_least: int | None
    by_date: dt.date
    target: str
    horizon: int
    from_probability: float
    to_probability: float


@dataclass(frozen=True)
class Trust:
    """What the brief rests on, where that is weakest, and what it cannot see.

    Parameters
    ----------
    weakest_family, weakest_share
        The family with the largest share of rows that no source was opened for, and that share.
    cannot_see
        Keys of the message table ``cannot_see``: recent_grey_zone, recent_rhetoric, intentions, unannounced_tests,
        secret_contacts.
    """

    n_events: int
    n_sources: int
    weakest_family: str | None
    weakest_share: float | None
    cannot_see: tuple[str, ...]


@dataclass(frozen=True)
class FitSummary:
    """How the model of one mark is built (names of `MarkStructure`), how it was fitted, and if the fit is accepted."""

    mark: str
    level: str
    links: tuple[str, ...]
    exposures: tuple[str, ...]
    method: str
    k_hat: float
    effective_draws: float
    is_accepted: bool


@dataclass(frozen=True)
class MonthlyCount:
    """Days with an event of one class in the month that begins on `month`."""

    month: dt.date
    class_name: ClassName
    count: int


@dataclass(frozen=True)
class RowUsed:
    """A row of the chronicle that page one rests on; `class_name` is the class that counts it, if one does."""

    row_id: str
    date: dt.date
    label: str
    source_ids: tuple[str, ...]
    confidence: str
    class_name: ClassName | None = None
    label_ko: str | None = None


@dataclass(frozen=True)
class SourceUsed:
    """A citable document: title and address."""

    title: str
    address: str


@dataclass(frozen=True)
class Expectation:
    """How the expected range of one class was made: the number of futures, their weeks, the command that shows it."""

    name: ClassName
    futures: int
    weeks: int
    command: str


@dataclass(frozen=True)
class BriefInputs:
    """Everything that one brief shows.

    Parameters
    ----------
    days
        Length of the window of `classes`, in days.
    forecasts
        All targets over all horizons.
    record
        None as long as no issued forecast has been resolved.
    is_ahead_covered
        Whether the record of dates known beforehand reaches back to the reference date.
    promises, past, archive
        The ledger; scores at past origins; forecasts kept in this home. None where there is nothing to show.
    claims, situation
        Claims that the week's rows touch; contacts, posture and milestones.
    """

    header: Header
    coverage: tuple[Coverage, ...]
    phase: PhaseStanding
    classes: tuple[ClassStanding, ...]
    unusual_rule: UnusualRule
    index: IndexStanding
    changes: tuple[Change, ...]
    ahead: tuple[DateAhead, ...]
    forecasts: tuple[ForecastCell, ...]
    record: TrackRecord | None
    signposts: tuple[Signpost, ...]
    trust: Trust
    fits: tuple[FitSummary, ...]
    monthly: tuple[MonthlyCount, ...]
    rows: tuple[RowUsed, ...]
    sources: Mapping[str, SourceUsed]
    expectation: tuple[Expectation, ...]
    days: int = 91
    is_ahead_covered: bool = True
    promises: PromiseStanding | None = None
    past: PastStanding | None = None
    archive: ArchiveStanding | None = None
    claims: ClaimsStanding | None = None
    situation: SituationStanding | None = None
