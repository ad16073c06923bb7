"""What the brief says of the future, and of the last weeks against what was to be expected."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from sixparty.compute import Key, Progress
from sixparty.excitation import MarkFit, SimulatedFutures
from sixparty.forecast import (
    BASE_RATE_ID,
    LAST_YEAR_SHARE,
    MODEL_ID,
    PLAIN_RATE,
    TARGETS,
    ClassExpectation,
    Condition,
    ForecastChange,
    IssuedForecasts,
    PanelState,
    TailRule,
    change_from_values,
    class_expectation,
    expected_classes,
    feeding_marks,
    forecast_changes,
    issue_forecasts,
    observed_classes,
    pooled_change,
    signposts,
    simulate_panel,
    tail_rule,
)
from sixparty.forecast import Signpost as FoundSignpost
from sixparty.periods import HORIZONS
from sixparty.report import (
    Change,
    ClassStanding,
    Expectation,
    FitSummary,
    ForecastCell,
    Reason,
    Signpost,
    UnusualRule,
)
from sixparty.report.inputs import ReasonCode
from sixparty.service.fits import WORKERS, fit_marks, panel_states
from sixparty.service.home import Home
from sixparty.service.look import Look
from sixparty.service.standing import CLASS_MARKS, grey_zone, last_event
from sixparty.tension import CountPanel

FUTURES = 20_000
_WINDOW_WEEKS = 13
_SMALLEST_MOVE = 0.01
_SMALLEST_MOVE_DAYS = 0.5
_RANGE_TARGETS = ("weapons_test_days", "ballistic_days")
_SIGNPOST_CONDITIONS = (
    Condition("weapons_test_days", 4),
    Condition("weapons_test_days", 0),
    Condition("border_kinetic", 1),
    Condition("us_prk_talks", 1),
    Condition("inter_korean_talks", 1),
)
_SIGNPOST_TARGETS = ("border_kinetic", "inter_korean_talks", "us_prk_talks", "ballistic_days")
_SIGNPOSTS_SHOWN = 3
_CLASSES: Mapping[str, tuple[str, ...]] = {str(name): marks for name, marks in CLASS_MARKS.items()}


@dataclass(frozen=True)
class Outlook:
    """Fits, forecasts and expectations of one look at the record.

    Parameters
    ----------
    fits
        One fit a modelled mark.
    issued
        Forecasts of the reference date.
    expected
        Each covered class of the last 13 weeks beside what was to be expected.
    rule
        When a class is called unusual.
    changes
        By target, how the 13-week forecast moved from the week before: the chance of at least one, or mean days.
    """

    fits: Mapping[str, MarkFit]
    issued: IssuedForecasts
    expected: tuple[ClassExpectation, ...]
    rule: TailRule
    changes: Mapping[str, ForecastChange]


def outlook(key: Key, now: Look, before: Look, *, home: Home, progress: Progress) -> Outlook:
    """Fit, forecast, look back 13 weeks, and explain the change since the week before.

    The same fits and the same key serve all of it, so that no change is due to chance in fitting.
    """
    fits = fit_marks(key, now.panel, home=home, progress=progress)
    progress.start("forecasting", 4)
    weeks = len(now.panel.period_ends)
    ends = (weeks - _WINDOW_WEEKS, weeks - 1, weeks)
    states = panel_states(key, now.panel, fits=fits, ends=ends, home=home)
    progress.advance()
    issued = issue_forecasts(
        key,
        now.panel,
        fits=fits,
        exposures=now.exposures,
        reference_date=now.dates.reference_date,
        as_of=now.known_through,
        leader_since=now.leader_since,
        draws=FUTURES,
        state=states[2],
        workers=WORKERS,
    )
    progress.advance()
    laws = expected_classes(
        key, now.panel, fits=fits, classes=_CLASSES, draws=FUTURES, state=states[0], workers=WORKERS
    )
    rule, seen = tail_rule(laws), observed_classes(now.panel, classes=_CLASSES)
    expected = tuple(class_expectation(name, law, observed=seen[name], rule=rule) for name, law in laws.items())
    progress.advance()
    changes = _changes(key, now, before, fits=fits, state=states[1], new=issued.futures)
    progress.advance()
    progress.finish()
    return Outlook(fits, issued, expected, rule, changes)


def _changes(
    key: Key, now: Look, before: Look, *, fits: Mapping[str, MarkFit], state: PanelState, new: SimulatedFutures
) -> Mapping[str, ForecastChange]:
    """How each 13-week forecast moved; the older record is filtered apart only where it differs."""
    seen = now.panel.until(before.dates.reference_date)
    is_same = np.array_equal(seen.counts, before.panel.counts) and np.array_equal(
        seen.exposures, before.panel.exposures
    )

    def futures(
        panel: CountPanel, exposures: Float[np.ndarray, "future mark exposure"], at: PanelState | None
    ) -> SimulatedFutures:
        return simulate_panel(
            key,
            panel,
            fits=fits,
            exposures=exposures,
            periods=_WINDOW_WEEKS + 1,
            futures=FUTURES,
            state=at,
            workers=WORKERS,
        )

    revised = futures(seen, np.concatenate([now.panel.exposures[-1:], now.exposures]), state)
    old = futures(before.panel, before.exposures, state if is_same else None)
    chances = forecast_changes(old, new, revised=revised, horizons=(_WINDOW_WEEKS,))
    moved = {mark: change for (mark, _), change in chances.items()}
    means = {mark: _mean_change(mark, old, revised=revised, new=new) for mark in _RANGE_TARGETS}
    panels = before.panel, seen, now.panel
    return {mark: _pooled(mark, change, panels) for mark, change in (moved | means).items()}


def _pooled(mark: str, change: ForecastChange, panels: tuple[CountPanel, CountPanel, CountPanel]) -> ForecastChange:
    """The same for the forecast that is shown, in which the last year may have a share."""
    old, revised, new = (panel.counts[panel.covered[:, panel.column(mark)], panel.column(mark)] for panel in panels)
    return pooled_change(
        change,
        lambda law: law.mean if mark in _RANGE_TARGETS else law.at_least(1),
        horizon=_WINDOW_WEEKS,
        share=LAST_YEAR_SHARE.get(mark, 0.0),
        old=old,
        revised=revised,
        new=new,
    )


def _mean_change(
    mark: str, old: SimulatedFutures, *, revised: SimulatedFutures, new: SimulatedFutures
) -> ForecastChange:
    """How the mean number of days in 13 weeks moved."""

    def mean(futures: SimulatedFutures, after: int = 0) -> float:
        column = futures.marks.index(mark)
        return float(futures.counts[:, after : after + _WINDOW_WEEKS, column].sum(axis=1).mean())

    return change_from_values(mean(old), revised=mean(revised), rolled=mean(revised, after=1), new=mean(new))


def class_standings(found: Outlook, now: Look) -> tuple[ClassStanding, ...]:
    """Each class against its expectation; grey-zone activity is covered for too short a time to have one."""
    return (*(_standing(row, now) for row in found.expected), grey_zone(now))


def _standing(row: ClassExpectation, now: Look) -> ClassStanding:
    name = next(known for known in CLASS_MARKS if known == row.name)
    last = last_event(now, name)
    return ClassStanding(
        name=name,
        is_covered=True,
        observed=row.observed,
        low=row.low,
        high=row.high,
        tail=row.tail,
        is_unusual=row.is_unusual,
        once_in_years=row.once_in_years if row.is_unusual else None,
        last_date=last["date"] if last else None,
        last_label=last["label_en"] if last else None,
        last_label_ko=last["label_ko"] if last else None,
        last_row_id=last["id"] if last else None,
    )


def unusual_rule(found: Outlook) -> UnusualRule:
    """The rule by which a class is called unusual."""
    return UnusualRule(found.rule.threshold, found.rule.false_alarm_chance, tuple(CLASS_MARKS))


def expectations(command: str) -> tuple[Expectation, ...]:
    """How the expected range of each class was made."""
    return tuple(Expectation(name, futures=FUTURES, weeks=_WINDOW_WEEKS, command=command) for name in CLASS_MARKS)


def forecast_cells(found: Outlook) -> tuple[ForecastCell, ...]:
    """Every target that the record covers over every window, the model beside the plain rate."""
    named = {target for _, target, _ in found.issued.predictive}
    return tuple(_cell(found.issued, name, horizon) for name in TARGETS if name in named for horizon in HORIZONS)


def _cell(issued: IssuedForecasts, target: str, horizon: int) -> ForecastCell:
    has_model = TARGETS[target].is_modelled
    model_id, plain_id = MODEL_ID if has_model else BASE_RATE_ID, PLAIN_RATE[target]
    model, plain = issued.predictive[model_id, target, horizon], issued.predictive[plain_id, target, horizon]
    is_range = target in _RANGE_TARGETS
    low, high = issued.at_least_one_range[model_id, target, horizon]
    return ForecastCell(
        target=target,
        horizon=horizon,
        kind="range" if is_range else "probability",
        model=(model.mean if is_range else model.at_least(1)) if has_model else None,
        plain=plain.mean if is_range else plain.at_least(1),
        low=model.quantile(0.1) if is_range else low,
        high=model.quantile(0.9) if is_range else high,
        plain_low=plain.quantile(0.1) if is_range else None if has_model else low,
        plain_high=plain.quantile(0.9) if is_range else None if has_model else high,
        model_id=model_id,
        plain_id=plain_id,
        has_model=has_model,
        episodes=issued.episodes.get(target, 0),
    )


def forecast_moves(found: Outlook, now: Look) -> tuple[Change, ...]:
    """Forecasts that moved by more than their Monte Carlo noise and by enough to be seen."""
    return tuple(
        Change(
            kind="forecast",
            date=now.dates.reference_date,
            label=target,
            target=target,
            horizon=_WINDOW_WEEKS,
            old=change.old,
            new=change.new,
            reasons=tuple(Reason(code, points) for code, points in _reasons(change)),
            unit="days" if target in _RANGE_TARGETS else "probability",
        )
        for target, change in found.changes.items()
        if _is_seen(change, is_days=target in _RANGE_TARGETS)
    )


def _reasons(change: ForecastChange) -> tuple[tuple[ReasonCode, float], ...]:
    return ("news", change.news), ("record", change.record), ("calendar", change.calendar)


def _is_seen(change: ForecastChange, *, is_days: bool) -> bool:
    move = abs(change.new - change.old)
    if is_days:
        return move >= _SMALLEST_MOVE_DAYS
    noise = 2 * math.sqrt(2 * change.new * (1 - change.new) / FUTURES)
    return move >= max(_SMALLEST_MOVE, noise)


def signposts_ahead(found: Outlook, now: Look) -> tuple[Signpost, ...]:
    """What, if seen in the next four weeks, would move a forecast most: at most one a condition."""
    futures, feeding = found.issued.futures, {target: feeding_marks(found.fits, target) for target in _SIGNPOST_TARGETS}
    rows = signposts(
        futures.counts, futures.marks, conditions=_SIGNPOST_CONDITIONS, targets=_SIGNPOST_TARGETS, feeding=feeding
    )
    told = [row for row in rows if row.is_told]
    first = {row.condition: row for row in reversed(told)}
    chosen = [row for row in told if first[row.condition] is row]
    return tuple(_signpost(row, now) for row in chosen[:_SIGNPOSTS_SHOWN])


def _signpost(row: FoundSignpost, now: Look) -> Signpost:
    at_least = row.condition.at_least
    return Signpost(
        condition="at_least" if at_least else "none",
        mark=row.condition.mark,
        weeks=row.weeks,
        at_least=at_least or None,
        by_date=now.dates.reference_date + dt.timedelta(weeks=row.weeks),
        target=row.target,
        horizon=_WINDOW_WEEKS,
        from_probability=row.from_probability,
        to_probability=row.to_probability,
    )


def fit_summaries(found: Outlook) -> tuple[FitSummary, ...]:
    """How each mark was fitted and whether the fit is accepted."""
    return tuple(
        FitSummary(
            mark=mark,
            level=fit.structure.level,
            links=fit.structure.links,
            exposures=fit.structure.exposures,
            method=fit.diagnosis.method,
            k_hat=fit.diagnosis.k_hat if fit.diagnosis.k_hat is not None else math.nan,
            effective_draws=fit.diagnosis.effective_draws,
            is_accepted=fit.diagnosis.is_accepted,
        )
        for mark, fit in found.fits.items()
    )


def hub_summary(issued: IssuedForecasts) -> list[dict[str, object]]:
    """Mean and chance of at least one for every model, target and window."""
    return [
        {
            "target": target,
            "horizon": horizon,
            "model_id": model_id,
            "mean": round(law.mean, 3),
            "at_least_one": round(law.at_least(1), 4),
        }
        for (model_id, target, horizon), law in sorted(
            issued.predictive.items(), key=lambda item: item[0][1:] + item[0][:1]
        )
    ]
