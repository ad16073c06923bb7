"""The ledger in a terminal, from a small document of the right shape."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.console import Console

from sixparty.report import ledger_terminal, read_messages
from sixparty.report.ledger_terminal import share_words

STATES = ("overdue", "due", "carried_out", "in_force", "kept", "partly_kept", "lapsed", "breached", "superseded")


def rate(count: int, n: int) -> dict[str, Any]:
    share = count / n if n else None
    return {"count": count, "n": n, "share": share, "low": share, "high": share}


def tally(promises: int = 3, *, recalled: int = 1) -> dict[str, Any]:
    states = dict.fromkeys((*STATES, "unknown"), 0) | {"breached": 2, "in_force": 1}
    return {
        "promises": promises,
        "states": states,
        "kept": rate(0, 2),
        "unknown": rate(0, 3),
        "breached_recalled": recalled,
    }


def promise(**cells: Any) -> dict[str, Any]:
    plain = {
        "id": "cmt-1",
        "state": "breached",
        "status_basis": "recalled",
        "since": "2010-05-27",
        "due_date": None,
        "obligors": ["PRK", "KOR"],
        "promise_en": "Open a line",
    }
    return plain | cells


def shown(width: int = 100, *, spec: dict[str, Any] | None = None, **found: Any) -> str:
    result = {
        "rows": [promise()],
        "texts": [{"id": "agr-1", "signed_date": "2000-06-15", "promises": tally()}],
        "sides": [{"party": "PRK", "every": tally(), "alone": tally(1, recalled=0)}],
        "held": [curve("hotline"), curve("all")],
        "steps": [],
        "implementation": None,
    }
    asked = {"agreement": None, "obligor": None, "domain": None, "year": None, "due_within": 90}
    out = io.StringIO()
    Console(width=width, file=out).print(ledger_terminal({"spec": asked | (spec or {}), "result": result | found}))
    return out.getvalue()


def curve(kind: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "steps": 4,
        "ended": 3,
        "median_days": 730.5,
        "median_low_days": 365.25,
        "median_high_days": None,
        "ended_by": {"PRK": 2, "not_told": 1},
        "shares": [{"years": 1, "share": 0.75, "low": 0.4, "high": 0.9, "still": 3}],
    }


def degree(year: int, grade: str) -> dict[str, Any]:
    return {"commitment_id": "cmt-1", "year": year, "grade": grade}


def test_without_a_bound_the_texts_are_listed_and_with_one_the_promises() -> None:
    assert "agr-1" in shown()
    assert "Open a line" not in shown()
    bound = shown(spec={"obligor": "PRK"})
    assert "agr-1" not in bound
    assert "Open a line" in bound


def test_an_outcome_that_rests_on_memory_or_reading_says_so() -> None:
    assert "breached (recalled)" in shown(spec={"obligor": "PRK"})
    kept = promise(state="kept", status_basis="inferred")
    assert "kept (inferred)" in shown(spec={"obligor": "PRK"}, rows=[kept])
    sourced = promise(status_basis="sourced")
    assert "(sourced)" not in shown(spec={"obligor": "PRK"}, rows=[sourced])


def test_counts_of_breaches_mark_those_from_memory() -> None:
    assert "2 (1 r)" in shown()


def test_what_is_due_is_listed_by_day_and_nothing_due_is_said() -> None:
    assert "No promise is overdue or falls due within 90 days." in shown()
    late = [
        promise(id="b", state="due", due_date="2025-09-01"),
        promise(id="a", state="overdue", due_date="2025-01-01"),
    ]
    lines = shown(rows=late).splitlines()
    assert [line.split()[0] for line in lines if "2025-" in line] == ["a", "b"]


def test_a_median_names_its_range_and_an_end_that_cannot_be_told() -> None:
    text = shown()
    assert "2.0 (1.0–…)" in text
    assert "0.75 (0.40–0.90)" in text
    assert "PRK 2, not told 1" in text


def test_years_stand_side_by_side_for_one_text() -> None:
    degrees = [degree(2018, "full"), degree(2019, "in_part"), degree(2020, "unknown")]
    text = shown(spec={"agreement": "agr-1"}, implementation={"degrees": degrees})
    line = next(line for line in text.splitlines() if line.startswith("cmt-1") and "3" in line)
    assert line.split() == ["cmt-1", "3", "1–2", "?"]


def test_a_year_is_counted_by_party_and_domain() -> None:
    count = {"promises": 4, "grades": {"none": 1, "full": 2, "unknown": 1}, "full": rate(2, 3), "unknown": rate(1, 4)}
    found = {
        "degrees": [],
        "by_side": [{"group": "PRK", **count}],
        "by_domain": [{"group": "social_cultural", **count}],
    }
    text = shown(spec={"year": 2019}, implementation=found)
    assert "67 % of 3 (67–67)" in text
    assert "25 % of 4 (25–25)" in text
    assert "social and cultural" in text


@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    text = shown(width, spec={"obligor": "PRK"})
    assert max(len(line) for line in text.splitlines()) <= width


def test_a_share_of_nothing_is_a_dash() -> None:
    assert share_words(rate(0, 0), read_messages("en")) == "–"
    assert share_words(rate(1, 4), read_messages("en")) == "25 % of 4 (25–25)"
    assert share_words(rate(1, 4), read_messages("ko")) == "4건 중 25% (25~25)"
