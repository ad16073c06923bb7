"""A made-up brief of the right shape and size: its figures are for looking at, not findings."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from functools import cache
from typing import Any

from sixparty.report import (
    Against,
    ArchivedKind,
    ArchiveStanding,
    EndedBy,
    PartyPromises,
    PastCell,
    PastPeriod,
    PastStanding,
    PromiseCounts,
    PromiseDue,
    PromiseStanding,
    Reliability,
    ReliabilityBin,
    StepsHeld,
    Tally,
    brief_document,
)
from sixparty.report.inputs import (
    BriefInputs,
    Change,
    ClassStanding,
    Coverage,
    DateAhead,
    Expectation,
    FitSummary,
    ForecastCell,
    Header,
    IndexPoint,
    IndexStanding,
    MonthlyCount,
    PhaseLength,
    PhaseStanding,
    Reason,
    RowUsed,
    Signpost,
    SourceUsed,
    Trust,
    UnusualRule,
)

AS_OF = dt.date(2025, 6, 28)
_PROBABILITIES = {
    "icbm_launch": (0.012, 0.05, 0.08, 0.14, 0.29),
    "nuclear_test": (0.003, 0.011, 0.034, 0.066, 0.13),
    "border_kinetic": (0.02, 0.074, 0.19, 0.33, 0.53),
    "inter_korean_talks": (0.01, 0.03, 0.06, 0.11, 0.22),
    "us_prk_talks": (0.02, 0.06, 0.13, 0.22, 0.37),
}
_DAYS = {1: (0, 1), 4: (0, 4), 13: (2, 9), 26: (6, 19), 52: (14, 41)}


def header(**changes: Any) -> Header:
    plain = Header(
        as_of=AS_OF,
        reference_date=AS_OF,
        previous_date=AS_OF - dt.timedelta(weeks=1),
        coverage_end=dt.date(2025, 6, 30),
        days_past_coverage=0,
        is_stale=False,
        n_rows=1483,
        n_sources=212,
        run_id="2025-06-28-brief-3fa9",
        marking=None,
        seed=1,
        command="sixparty brief --as-of 2025-06-28 --seed 1",
        data_version="0.1.0",
        package_version="0.1.0",
        digest="9c1e4b7a20d3",
    )
    return replace(plain, **changes)


def classes() -> tuple[ClassStanding, ...]:
    return (
        ClassStanding(
            "weapons_test_days",
            is_covered=True,
            observed=7,
            low=4,
            high=11,
            tail=0.62,
            last_date=dt.date(2025, 6, 19),
            last_label="Multiple rockets launched near Pyongyang",
            last_row_id="w-2025-06-19",
        ),
        ClassStanding(
            "border_kinetic",
            is_covered=True,
            observed=1,
            low=0,
            high=1,
            tail=0.5,
            last_date=dt.date(2025, 4, 8),
            last_label="Warning shots fired at the line",
            last_row_id="b-2025-04-08",
        ),
        ClassStanding(
            "grey_zone",
            is_covered=True,
            observed=0,
            lasting=2,
            covered_from=dt.date(2024, 5, 10),
            last_date=dt.date(2025, 2, 21),
            last_label="North Korea stole from an exchange, a bureau said",
            last_row_id="g-2025-02-21",
        ),
        ClassStanding(
            "official_talks",
            is_covered=True,
            observed=0,
            low=0,
            high=2,
            tail=0.71,
            last_date=dt.date(2019, 10, 5),
            last_label="Working-level US–DPRK talks, Stockholm",
            last_row_id="t-2019-10-05",
        ),
    )


def forecasts() -> tuple[ForecastCell, ...]:
    """Cells in which the plain rate leads once and a rival twice, of a chance and of days."""
    led = {
        ("inter_korean_talks", 52): {"lead": "plain"},
        ("us_prk_talks", 13): {"lead": "rival", "rival_id": "plain-ingarch", "rival": 0.083},
        ("weapons_test_days", 52): {
            "lead": "rival",
            "rival_id": "plain-climatology",
            "rival": 21.5,
            "rival_low": 12,
            "rival_high": 33,
        },
    }
    return tuple(replace(cell, **led.get((cell.target, cell.horizon), {})) for cell in unled_forecasts())  # type: ignore[arg-type]


def unled_forecasts() -> tuple[ForecastCell, ...]:
    cells = [
        _probability_cell(target, horizon=horizon, model=model)
        for target, row in _PROBABILITIES.items()
        for horizon, model in zip((1, 4, 13, 26, 52), row, strict=True)
    ]
    return (*cells, *(_days_cell(horizon) for horizon in _DAYS))


def _probability_cell(target: str, *, horizon: int, model: float) -> ForecastCell:
    has_model = target not in ("icbm_launch", "nuclear_test")
    plain = 0.9 * model + 0.01
    return ForecastCell(
        target=target,
        horizon=horizon,
        kind="probability",
        model=model if has_model else None,
        plain=plain,
        low=0.6 * model,
        high=min(0.99, 1.5 * model),
        plain_low=None if has_model else 0.5 * plain,
        plain_high=None if has_model else min(0.99, 1.7 * plain),
        model_id="sixparty-level" if has_model else "plain-base_rate",
        plain_id="plain-nb36" if has_model else "plain-base_rate",
        has_model=has_model,
        episodes=54 if has_model else 11,
    )


def _days_cell(horizon: int) -> ForecastCell:
    low, high = _DAYS[horizon]
    return ForecastCell(
        target="weapons_test_days",
        horizon=horizon,
        kind="range",
        model=(low + high) / 2,
        plain=(low + high) / 2 + 0.6,
        low=low,
        high=high,
        plain_low=max(0, low - 1),
        plain_high=high + 3,
        model_id="sixparty-level",
        plain_id="plain-nb36",
        has_model=True,
        episodes=268,
    )


def changes() -> tuple[Change, ...]:
    return (
        Change(
            "added",
            dt.date(2025, 6, 19),
            "About ten rockets launched from near Sunan, Pyongyang",
            source_ids=("jcs-2025-06-19",),
            row_id="w-2025-06-19",
        ),
        Change(
            "revised",
            dt.date(2025, 5, 8),
            "Short-range missiles launched near Wonsan",
            source_ids=("jcs-2025-05-08",),
            row_id="w-2025-05-08",
            field="range_km",
            old="700",
            new="800",
        ),
        Change(
            "forecast",
            AS_OF,
            "",
            old=0.154,
            new=0.191,
            target="border_kinetic",
            horizon=13,
            reasons=(
                Reason("news", 0.0262),
                Reason("record", 0.0004),
                Reason("calendar", 0.0118),
                Reason("rest", -0.0014),
            ),
        ),
    )


def ahead() -> tuple[DateAhead, ...]:
    return (
        DateAhead(dt.date(2025, 7, 8), None, "Death of Kim Il Sung (1994)", "김일성 사망일", "fixed", "c-1"),
        DateAhead(dt.date(2025, 7, 27), None, "Armistice anniversary", "정전협정 체결일", "fixed", "c-2"),
        DateAhead(
            dt.date(2025, 8, 4),
            dt.date(2025, 8, 8),
            "Joint drill Ulchi Freedom Shield: usual start",
            "을지 자유의 방패 연습",
            "expected",
            "c-3",
        ),
    )


@cache
def history() -> tuple[IndexPoint, ...]:
    first = dt.date(1990, 1, 6)
    points = []
    for week in range((AS_OF - first).days // 7 + 1):
        value = 1.2 + 0.0011 * week + 0.7 * math.sin(week / 37) + 0.4 * math.sin(week / 5.1)
        points.append(IndexPoint(first + dt.timedelta(weeks=week), value, value - 0.5, value + 0.6))
    return tuple(points)


@cache
def index() -> IndexStanding:
    points = history()
    last = points[-1]
    share = sum(point.value < last.value for point in points) / len(points)
    return IndexStanding(last.value, last.low, last.high, share, history=points, half_life_weeks=13.0)


def monthly() -> tuple[MonthlyCount, ...]:
    months = [dt.date(2023 + (6 + i) // 12, (6 + i) % 12 + 1, 1) for i in range(24)]
    tests = [3, 2, 3, 1, 2, 2, 5, 3, 2, 2, 3, 1, 2, 1, 4, 2, 1, 0, 3, 1, 4, 2, 3, 1]
    counts = {"weapons_test_days": tests, "border_kinetic": [0] * 11 + [2, 0, 0, 0, 1] + [0] * 6 + [1, 0]}
    return tuple(
        MonthlyCount(month, name, count)  # type: ignore[arg-type]
        for name, row in counts.items()
        for month, count in zip(months, row, strict=True)
    )


def rows() -> tuple[RowUsed, ...]:
    return (
        RowUsed(
            "w-2025-05-08",
            dt.date(2025, 5, 8),
            "Short-range missiles launched near Wonsan",
            source_ids=("jcs-2025-05-08",),
            confidence="high",
            class_name="weapons_test_days",
        ),
        RowUsed(
            "w-2025-06-19",
            dt.date(2025, 6, 19),
            "About ten rockets launched from near Sunan, Pyongyang",
            source_ids=("jcs-2025-06-19",),
            confidence="medium",
            class_name="weapons_test_days",
        ),
        *(
            RowUsed(name, AS_OF, "Open a line", source_ids=("jcs-2025-06-19",), confidence="recalled")
            for name in ("p-1", "p-2")
        ),
        RowUsed(
            "b-2025-04-08",
            dt.date(2025, 4, 8),
            "Warning shots fired at the line",
            source_ids=("jcs-2025-04-08",),
            confidence="high",
            class_name="border_kinetic",
        ),
    )


def coverage() -> tuple[Coverage, ...]:
    first, last = dt.date(1990, 1, 1), dt.date(2025, 6, 30)
    thin = "1990 to 1997: crossings and shots reported by one side only"
    return (
        Coverage("weapons_tests", first, last, "artillery before 2013", 512),
        Coverage("border_incidents", first, last, thin, 189),
        Coverage("joint_drills", first, last, "", 204),
        Coverage("inter_korean_talks", first, last, "", 431),
        Coverage("us_prk_talks", first, last, "working contacts in New York", 96),
    )


def inputs(**changed: Any) -> BriefInputs:
    """Return the sample of an ordinary week, with any fields changed."""
    plain = BriefInputs(
        header=header(),
        coverage=coverage(),
        phase=PhaseStanding(
            "testing",
            weeks=178,
            since=dt.date(2022, 1, 30),
            past={"testing": PhaseLength(9, 38.0, 152, 7), "talks": PhaseLength(6, 21.0, 110, 6)},
        ),
        classes=classes(),
        unusual_rule=UnusualRule(0.012, 0.074, ("weapons_test_days", "border_kinetic", "official_talks")),
        index=index(),
        changes=changes(),
        ahead=ahead(),
        forecasts=forecasts(),
        record=None,
        signposts=signposts(),
        trust=Trust(
            n_events=1483,
            n_sources=212,
            weakest_family="border_incidents",
            weakest_share=0.08,
            cannot_see=("recent_rhetoric", "intentions", "unannounced_tests", "secret_contacts"),
        ),
        fits=fits(),
        monthly=monthly(),
        rows=rows(),
        sources={
            f"jcs-{day}": SourceUsed(f"Joint Chiefs of Staff, statement of {day}", f"https://example.org/{day}")
            for day in ("2025-04-08", "2025-05-08", "2025-06-19")
        },
        expectation=expectation(),
        promises=promises(),
        past=past(),
        archive=ArchiveStanding((ArchivedKind("issued", 40, 38, 1, 1), ArchivedKind("made_late", 75, 75, 0, 0)), AS_OF),
    )
    return replace(plain, **changed)


def past() -> PastStanding:
    """Scores of two targets over two windows, in two periods; a base rate beside them."""
    cells = tuple(
        PastCell(
            target=target,
            horizon=horizon,
            n=78,
            model_id="sixparty-level",
            log_score=1.234,
            crps=0.61,
            brier=0.11,
            coverage_50=0.51,
            coverage_90=0.87,
            plain=Against("plain-nb36", 1.31, -0.076, -0.12, -0.03, "better"),
            rival=Against("plain-ingarch", 1.2, 0.034, -0.01, 0.08, "tie"),
            lead="plain" if (target, horizon) == ("inter_korean_talks", 52) else "model",
        )
        for target in ("weapons_test_days", "inter_korean_talks")
        for horizon in (13, 52)
    )
    rare = replace(cells[0], target="nuclear_test", model_id="plain-base_rate", plain=None, lead=None)
    bins = (ReliabilityBin(20, 0.15, 0.1), ReliabilityBin(42, 0.93, 0.952))
    return PastStanding(
        data_version="0.1.0",
        structures="0bc0b883c092fe2d",
        first_origin=dt.date(2012, 1, 1),
        last_origin=dt.date(2018, 12, 2),
        last_outcome=dt.date(2018, 12, 29),
        kept_from=dt.date(2016, 1, 1),
        origins=84,
        rows=2000,
        rows_by_rule=1900,
        command="sixparty forecast backtest --seed 1",
        tally=Tally(4, 3, 1, 0, 1),
        periods=(PastPeriod("kept", cells), PastPeriod("all", (*cells, rare)), PastPeriod("without_turn", cells)),
        reliability=(Reliability("weapons_test_days", 13, bins), Reliability("inter_korean_talks", 13, bins)),
    )


def promises() -> PromiseStanding:
    return PromiseStanding(
        as_of=AS_OF,
        agreements=12,
        promises=61,
        without_term=7,
        known=40,
        recalled=18,
        inferred=9,
        due_weeks=52,
        sides=(
            PartyPromises("PRK", _counts(40, kept=9, breached=5, own=3, recalled=2), _counts(6, kept=1)),
            PartyPromises("KOR", _counts(38, kept=9, breached=5, own=2, recalled=2), _counts(0)),
        ),
        due=(
            PromiseDue(
                "p-1",
                "overdue",
                ("PRK", "KOR"),
                "A text",
                "합의서",
                "Open a line",
                "선을 연다",
                dt.date(2025, 6, 1),
                27,
            ),
            PromiseDue(
                "p-2", "due", ("USA",), "A text", "합의서", "Lift a measure", "조치를 푼다", dt.date(2025, 12, 31), 0
            ),
        ),
        held=(
            StepsHeld("hotline", 5, 4, (EndedBy("PRK", 2), EndedBy("not_told", 2)), 1462.0, 586.0, None),
            StepsHeld("liaison", 2, 2, (EndedBy("KOR", 2),), None, None, None),
            StepsHeld(
                "all", 7, 6, (EndedBy("KOR", 2), EndedBy("PRK", 2), EndedBy("not_told", 2)), 1500.0, 600.0, 2000.0
            ),
        ),
        command="sixparty ledger show --as-of 2025-06-28 --due-within 364",
    )


def _counts(promises: int, *, kept: int = 0, breached: int = 0, own: int = 0, recalled: int = 0) -> PromiseCounts:
    known = 3 * kept + breached
    share = kept / known if known else None
    return PromiseCounts(
        promises=promises,
        kept=kept,
        partly_kept=kept,
        breached=breached,
        breached_own=own,
        lapsed=kept,
        superseded=0,
        open=promises - known,
        unknown=0,
        breached_recalled=recalled,
        known=known,
        kept_share=share,
        low=share and share / 2,
        high=share and (1 + share) / 2,
        unknown_share=0.0 if promises else None,
    )


def signposts() -> tuple[Signpost, ...]:
    return (
        Signpost("at_least", "weapons_test_days", 4, 4, dt.date(2025, 7, 26), "border_kinetic", 13, 0.19, 0.24),
        Signpost("none", "weapons_test_days", 4, None, dt.date(2025, 7, 26), "us_prk_talks", 13, 0.13, 0.15),
    )


def fits() -> tuple[FitSummary, ...]:
    return (
        FitSummary("weapons_test_days", "walk", ("own",), ("scheduled",), "importance", 0.31, 1620.0, True),
        FitSummary("border_kinetic", "episodes", (), (), "importance", 0.44, 1210.0, True),
    )


def expectation() -> tuple[Expectation, ...]:
    return tuple(
        Expectation(name, futures=20_000, weeks=13, command="sixparty tension show --as-of 2025-06-28")
        for name in ("weapons_test_days", "border_kinetic", "official_talks")
    )


def envelope(**changed: Any) -> dict[str, Any]:
    """Return a whole brief.json: spec, result, provenance, warnings."""
    return {
        "spec": {"as_of": AS_OF.isoformat(), "seed": 1},
        "result": brief_document(inputs(**changed)),
        "provenance": {"generated_at": "2025-06-28T09:00:00Z"},
        "warnings": [],
    }


def fullest() -> dict[str, Any]:
    """Return a brief in which every section holds as much as it ever shows."""
    label = "Launch of several short-range ballistic missiles from the Wonsan area into the East Sea / Sea of Japan"
    added = tuple(
        Change("added", AS_OF - dt.timedelta(days=day), label, ("jcs-2025-06-19",), f"w-{day}") for day in range(6)
    )
    revised = tuple(replace(changes()[1], label=label, row_id=f"r-{day}") for day in range(3))
    spell = Change("spell", AS_OF, label, ("jcs-2025-06-19",), "s-1", old="announced", new="postponed")
    moved = replace(
        changes()[2],
        target="inter_korean_talks",
        old=0.2,
        new=0.3,
        reasons=tuple(Reason(code, 0.025) for code in ("news", "record", "calendar", "rest")),
    )
    dates = tuple(
        DateAhead(
            AS_OF + dt.timedelta(days=4 * n), AS_OF + dt.timedelta(days=4 * n + 9), label, "", "expected", f"c-{n}"
        )
        for n in range(1, 9)
    )
    unusual = tuple(
        replace(row, observed=19, is_unusual=True, tail=0.003, once_in_years=9.2, last_label=label)
        if row.low is not None
        else row
        for row in classes()
    )
    return envelope(
        header=header(marking="Official – for limited distribution", days_past_coverage=11),
        changes=(*added, *revised, spell, moved, replace(moved, target="us_prk_talks")),
        ahead=dates,
        classes=unusual,
        signposts=signposts() * 2,
        forecasts=all_led(),
    )


def all_led() -> tuple[ForecastCell, ...]:
    """Forecasts in which the plain rate comes first wherever there is a model."""
    return tuple(replace(cell, lead="plain" if cell.has_model else "model") for cell in unled_forecasts())


def stale() -> dict[str, Any]:
    """Return a brief whose record ends 45 days before its date."""
    end = AS_OF - dt.timedelta(days=45)
    return envelope(header=header(coverage_end=end, days_past_coverage=45, is_stale=True))


def empty_week() -> dict[str, Any]:
    """Return a brief of a week in which nothing changed and nothing comes up."""
    return envelope(changes=(), ahead=(), signposts=())


def busy(*, n_unusual: int = 0) -> dict[str, Any]:
    """Return a busy week with labels of the length that the chronicle's own have."""
    labels = (
        "North Korea launched short-range ballistic missiles (KN-23) from Wonsan",
        "North Korea fired air-to-air missiles in an air drill",
        "South Korea and the United States held Freedom Shield 2025",
        "Anniversary of the joint declaration of 15 June 2000",
    )
    added = tuple(
        Change("added", AS_OF - dt.timedelta(days=n), label, ("jcs-2025-06-19",), f"w-{n}")
        for n, label in enumerate(labels)
    )
    dates = tuple(
        DateAhead(AS_OF + dt.timedelta(days=9 * n), None, label, "", "announced", f"c-{n}")
        for n, label in enumerate(labels, 1)
    )
    standings = tuple(
        replace(row, observed=19, is_unusual=True, tail=0.003, once_in_years=9.2) if place < n_unusual else row
        for place, row in enumerate(classes())
    )
    return envelope(changes=(*added, *changes()[1:]), ahead=dates, classes=standings)
