"""From a claim to its result: the main estimate, every check, and the verdict by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from sixparty.chronicle import Chronicle, verified_alone
from sixparty.compute import Key
from sixparty.errors import ModelRefused, UsageError
from sixparty.evidence.claim import MAIN, VERIFIED, WITHOUT_TURN, Claim, Series, Test
from sixparty.evidence.designs.registry import design_called
from sixparty.evidence.estimate import Estimate, NotTestable
from sixparty.evidence.question import Option, Question, Stock
from sixparty.evidence.verdict import Grade, Judgement, Verdict, grade, judge, rests_on_few
from sixparty.tension.days import DaySeries, leader_changes, listed_days, listed_spans, mark_days, selected_days
from sixparty.tension.years import yearly_figures

TURN = (dt.date(2017, 11, 1), dt.date(2019, 12, 31))
"""The turn from tests to summits and back, which decides many comparisons: every result is given without it too."""

LEADERS_OF: tuple[str, ...] = ("PRK", "KOR", "USA")
"""Parties whose changes of leader part the record under the control ``leaders``, where a claim lists no `changes`."""


@dataclass(frozen=True)
class ClaimResult:
    """What became of a claim.

    Parameters
    ----------
    claim
        The claim.
    judgement
        The verdict by rule.
    estimate
        The main estimate; None where there is none.
    checks
        Estimates under each check: without the turn of 2017 to 2019, on verified rows alone, and every other defensible
        choice that the claim names.
    not_run
        Why a check (or the main estimate, under ``main``) could not be computed, or must not be used.
    rows
        Rows of the exposure and of the outcome within the window, where the claim names rows; days of a mark or of a
        list are not among them.
    grade
        How far the effect may be relied on; None without an estimate.
    window
        First and last day that were looked at; None without an estimate.
    """

    claim: Claim
    judgement: Judgement
    estimate: Estimate | None = None
    checks: Mapping[str, Estimate] = field(default_factory=lambda: MappingProxyType({}))
    not_run: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    rows: tuple[str, ...] = ()
    grade: Grade | None = None
    window: tuple[dt.date, dt.date] | None = None


def test_claim(key: Key, chronicle: Chronicle, claim: Claim) -> ClaimResult:
    """Test `claim` on the record, or say why it is not tested.

    Raises
    ------
    UsageError
        If the claim names a design, a mark, a series or words that do not exist.
    """
    if claim.test is None:
        return ClaimResult(claim, Judgement(_untested(claim), (), None), rows=claim.rows)
    checks, not_run = _estimates(key.child(claim.name), chronicle, claim.test)
    main = checks.pop(MAIN, None)
    if main is None:
        rows = _rows(chronicle, claim.test, first=dt.date.min, last=dt.date.max)
        return ClaimResult(claim, Judgement("not_testable", (), None), not_run=not_run, rows=rows)
    asked = question_of(chronicle, claim.test)
    begun = asked.exposure.between(asked.first, asked.last).starts
    years = len(np.unique(begun.astype("datetime64[Y]")))
    is_thin = rests_on_few(main, years=years)
    judgement = judge(main, checks, expects=claim.test.expects, smallest=claim.test.smallest, is_thin=is_thin)
    return ClaimResult(
        claim,
        judgement,
        estimate=main,
        checks=MappingProxyType(checks),
        not_run=MappingProxyType(not_run),
        rows=_rows(chronicle, claim.test, first=asked.first, last=asked.last),
        grade=grade(main, years=years, sources=1, passes=judgement.lead_passes),
        window=(asked.first, asked.last),
    )


def _untested(claim: Claim) -> Verdict:
    if claim.standing == "from_text":
        return "borne_out_by_the_text" if claim.bears_out else "contradicted_by_the_text"
    return "not_yet_tested" if claim.standing == "not_yet_tested" else "not_testable"


def _estimates(key: Key, chronicle: Chronicle, test: Test) -> tuple[dict[str, Estimate], dict[str, str]]:
    """Estimates by the name of their question, and why the others were not made."""
    made, not_made = {}, {}
    for name, ask in _questions(chronicle, test).items():
        try:
            asked, question = ask()
            made[name] = design_called(asked.design)(key.child(name), question)
        except ModelRefused as error:
            not_made[name] = str(error)
    return made, not_made


def _rows(chronicle: Chronicle, test: Test, *, first: dt.date, last: dt.date) -> tuple[str, ...]:
    """Rows of the exposure, then of the outcome, from `first` to `last`; days of marks and of lists are no rows."""
    chosen = (series for series in (test.exposure, test.outcome) if series.selection is not None)
    ids = (_series(chronicle, series).ids_within(first, last) for series in chosen)
    return tuple(dict.fromkeys(row for each in ids for row in each))


def _questions(chronicle: Chronicle, test: Test) -> dict[str, Callable[[], tuple[Test, Question]]]:
    """The main question and every check, each made only when it is asked."""
    asked: dict[str, Callable[[], tuple[Test, Question]]] = {
        MAIN: lambda: (test, question_of(chronicle, test)),
        WITHOUT_TURN: lambda: (test, question_of(chronicle, test).without(*TURN)),
        VERIFIED: lambda: (test, _on_verified_rows(chronicle, test)),
    }
    return asked | {name: partial(_chosen, chronicle, test, changes) for name, changes in test.choices.items()}


def _on_verified_rows(chronicle: Chronicle, test: Test) -> Question:
    if test.outcome.figures is not None:
        raise NotTestable(
            "verified rows must be there, got figures of a series: words are kept for rows with a day alone. "
            "Compare a second series under choices."
        )
    return question_of(verified_alone(chronicle), test)


def _chosen(chronicle: Chronicle, test: Test, changes: Mapping[str, Any]) -> tuple[Test, Question]:
    changed = _changed(test, changes)
    return changed, question_of(chronicle, changed)


def question_of(chronicle: Chronicle, test: Test) -> Question:
    """Return the question of a test as arrays.

    Raises
    ------
    NotTestable
        If exposure and outcome have no year in common that the record covers.
    UsageError
        If the test names a series that the record does not hold.
    """
    outcome, stock = _outcome(chronicle, test.outcome)
    return Question.covered(
        _series(chronicle, test.exposure),
        outcome,
        first=test.first,
        last=test.last,
        apart={name: _series(chronicle, each) for name, each in test.apart.items()},
        options=_options(chronicle, test),
        stock=stock,
    )


def _outcome(chronicle: Chronicle, series: Series) -> tuple[DaySeries, Stock | None]:
    """What is counted; or, of yearly figures, the years that they cover and the figures."""
    if series.figures is None:
        return _series(chronicle, series), None
    held = yearly_figures(chronicle, series.figures)
    if not len(held.years):
        raise NotTestable(
            f"figures of {series.figures} must be known by the day looked back to, got none. Take a later one."
        )
    return held.days, Stock(held.years, held.values)


def _options(chronicle: Chronicle, test: Test) -> Mapping[str, Option]:
    """The options of a test, with the days on which leaders changed where it holds leaders apart and lists none."""
    if test.options.get("control") != "leaders" or "changes" in test.options:
        return test.options
    days = leader_changes(chronicle, LEADERS_OF)
    return MappingProxyType(dict(test.options) | {"changes": ";".join(day.isoformat() for day in days)})


def _series(chronicle: Chronicle, series: Series) -> DaySeries:
    if series.mark is not None:
        return mark_days(chronicle, series.mark, known_within_days=series.known_within_days)
    if series.days:
        return listed_days(series.days)
    if series.spans:
        return listed_spans(series.spans)
    if series.selection is None:
        raise UsageError("a series must name a mark or a selection, got neither. Correct the claim's file.")
    return selected_days(chronicle, series.selection, known_within_days=series.known_within_days)


def _changed(test: Test, changes: Mapping[str, Any]) -> Test:
    """Replace parts of a test; options are added to those given."""
    parts = dict(changes)
    options = MappingProxyType(dict(test.options) | dict(parts.pop("options", {})))
    return replace(test, options=options, choices=MappingProxyType({}), **parts)
