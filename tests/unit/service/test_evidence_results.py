"""Results of claims as files: sheets, what ships, and what the brief takes from it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sixparty.errors import FileRefused
from sixparty.service.clock import resolve_dates
from sixparty.service.evidence_results import (
    ShippedEvidence,
    claims_digest,
    designs_digest,
    shipped_evidence,
    shipped_form,
)
from sixparty.service.evidence_sheets import write_sheets
from sixparty.service.evidence_standing import claims_standing
from sixparty.service.look import look_at
from sixparty.service.record import shipped_record
from sixparty.service.result import Result, answer

END = dt.date(2025, 6, 30)


def entry(name: str, *, has_estimate: bool = True) -> dict[str, Any]:
    """One claim in the form in which it is printed."""
    ratio = {"value": 1.2, "low": 0.9, "high": 1.6}
    estimate = {
        "ratio": ratio,
        "p_value": 0.2,
        "episodes": 12,
        "exposed_days": 90,
        "events": 40,
        "exposed_events": 9,
        "minimum_detectable": 1.5,
        "lead": None,
        "details": {},
    }
    words = {"en": "words", "ko": "낱말"}
    return {
        "claim": name,
        "mechanisms": ["M5"],
        **dict.fromkeys(("title", "text", "made_by", "doubted_by", "exposure", "outcome"), words),
        "reason": None if has_estimate else words,
        "standing": "tested",
        "verdict": "no_evidence" if has_estimate else "not_testable",
        "flips": [],
        "lead_passes": None,
        "grade": "B" if has_estimate else None,
        "design": "count_regression",
        "options": {},
        "expects": "more",
        "smallest": 1.25,
        "window": {"first": "1990-01-01", "last": "2025-06-30"},
        "estimate": estimate if has_estimate else None,
        "checks": {},
        "readings": {"main": "open"},
        "not_run": {},
        "rows": [f"row-{number}" for number in range(9)],
    }


def found(*claims: dict[str, Any], asked: tuple[str, ...] = ("all",), digest: str = "d") -> Result:
    result = {"claims": list(claims), "expected_false_positives": 0.05 * len(claims)}
    return answer("evidence test", {"claims": asked, "as_of": None, "seed": 1}, result, digest=digest)


def fresh(*claims: dict[str, Any], digest: str = "d") -> ShippedEvidence:
    form = shipped_form(found(*claims, digest=digest))
    return ShippedEvidence(tuple(form["claims"]), form["expected_false_positives"], form["passport"])


def test_one_claim_gives_two_sheets_a_drawing_and_the_document(tmp_path: Path) -> None:
    files = write_sheets(found(entry("one"), asked=("one",)), tmp_path)
    assert [path.name for path in files] == ["evidence.json", "one.html", "one.ko.html", "one.svg"]
    assert json.loads(files[0].read_text(encoding="utf-8"))["result"]["claims"][0]["claim"] == "one"


def test_several_claims_give_a_page_of_all_and_the_forest(tmp_path: Path) -> None:
    files = {path.name for path in write_sheets(found(entry("one"), entry("two", has_estimate=False)), tmp_path)}
    assert {"index.html", "index.ko.html", "forest.svg", "one.svg", "two.html"} <= files
    assert "two.svg" not in files


def test_a_marking_stands_at_head_and_foot_of_every_sheet_and_only_if_given(tmp_path: Path) -> None:
    marked = write_sheets(found(entry("one"), entry("two")), tmp_path / "marked", marking="<Official>")
    pages = [path.read_text() for path in marked if path.suffix == ".html"]
    assert len(pages) == 6
    for page in pages:
        assert page.count('<p class="marking">&lt;Official&gt;</p>') == 2
        assert page.index("&lt;Official&gt;") < page.index("<h1>") < page.rindex("&lt;Official&gt;")
    plain = write_sheets(found(entry("one")), tmp_path / "plain")
    assert not [path for path in plain if 'class="marking"' in path.read_text()]


def test_what_ships_is_each_claim_as_it_was_printed() -> None:
    assert fresh(entry("one")).claims == (entry("one"),)


def test_fresh_results_are_shown() -> None:
    assert fresh(entry("one")).reason_to_leave_out("d", as_of=END, record_end=END) is None


def test_results_of_another_record_claims_or_designs_are_left_out() -> None:
    shipped = fresh(entry("one"))
    assert shipped.reason_to_leave_out("e", as_of=END, record_end=END) == "other_record"
    for name in ("claims", "designs"):
        changed = replace(shipped, passport={**shipped.passport, name: "0"})
        assert changed.reason_to_leave_out("d", as_of=END, record_end=END) == "other_rules"


def test_a_brief_of_an_earlier_day_shows_no_result_that_rests_on_later_rows() -> None:
    told = fresh(entry("one")).reason_to_leave_out("d", as_of=END - dt.timedelta(days=1), record_end=END)
    assert told == "later_record"


def test_a_folder_without_results_says_that_none_ship(tmp_path: Path) -> None:
    shipped = shipped_evidence(tmp_path)
    assert shipped.reason_to_leave_out("d", as_of=END, record_end=END) == "none_shipped"


def test_results_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    (tmp_path / "evidence.json").write_text("[]", encoding="utf-8")
    with pytest.raises(FileRefused, match="must hold claims"):
        shipped_evidence(tmp_path)


def test_digests_are_of_files_and_stay_the_same() -> None:
    assert claims_digest() == claims_digest()
    assert claims_digest() != designs_digest()


def test_the_brief_names_claims_whose_exposure_or_outcome_the_week_adds_to() -> None:
    record = shipped_record()
    dates = resolve_dates(record, None)
    now, before = look_at(record, dates), look_at(record, dates.a_week_before())
    shipped = fresh(entry("drills-raise-tests"), entry("tests-precede-talks"), digest=record.digest)
    standing = claims_standing(shipped, before, now, digest=record.digest)
    assert standing.left_out is None
    fresh_rows = {
        name
        for table in ("events", "spells")
        for name in set(now.chronicle[table]["id"]) - set(before.chronicle[table]["id"])
    }
    for row in standing.rows:
        assert row.rows
        assert all(name in fresh_rows or name.startswith("20") for name in row.rows)
    assert claims_standing(shipped, now, now, digest=record.digest).rows == ()


def test_a_test_day_touches_the_claims_that_count_test_days() -> None:
    record = shipped_record()
    dates = resolve_dates(record, "2017-09-05")
    now, before = look_at(record, dates), look_at(record, dates.a_week_before())
    shipped = replace(fresh(entry("drills-raise-tests"), digest=record.digest))
    from sixparty.service.evidence_standing import _touched

    rows = _touched(shipped, before.chronicle, now.chronicle)
    assert [row.claim for row in rows] == ["drills-raise-tests"]
    assert "2017-09-03" in rows[0].rows
    assert rows[0].role in ("outcome", "both")
