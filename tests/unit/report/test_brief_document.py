from __future__ import annotations

import datetime as dt
import json
import math
from dataclasses import replace
from typing import Any

import pytest
import sample_brief
from hypothesis import given
from hypothesis import strategies as st

from sixparty.report import Change, ClassStanding, Reason, brief_document, json_ready, look_up
from sixparty.report.budget import count_words, shown_entries
from sixparty.report.document import whole_points


def test_the_document_is_plain_json(brief: dict[str, Any]) -> None:
    assert json.loads(json.dumps(brief, allow_nan=False)) == brief


def test_the_same_inputs_give_the_same_document() -> None:
    assert brief_document(sample_brief.inputs()) == brief_document(sample_brief.inputs())


def test_what_is_not_a_number_becomes_null() -> None:
    assert json_ready({"a": float("nan"), "b": (math.inf, 1.5), "c": dt.date(2025, 6, 28)}) == {
        "a": None,
        "b": [None, 1.5],
        "c": "2025-06-28",
    }


def test_a_dotted_key_finds_its_value(brief: dict[str, Any]) -> None:
    assert look_up(brief, "result.where.classes.0.observed") == 7
    with pytest.raises(KeyError, match=r"result\.where\.classes\.9"):
        look_up(brief, "result.where.classes.9")


@given(
    parts=st.lists(st.floats(-40, 40), min_size=1, max_size=5),
    slack=st.integers(-2, 2),
)
def test_whole_points_always_add_up(parts: list[float], slack: int) -> None:
    total = round(sum(parts)) + slack
    assert sum(whole_points(parts, total=total)) == total


@given(old=st.floats(0.05, 0.9), moves=st.lists(st.floats(-0.04, 0.04), min_size=1, max_size=4))
def test_old_plus_the_listed_reasons_is_new(old: float, moves: list[float]) -> None:
    codes = ("news", "record", "calendar", "rest")
    new = min(0.95, max(0.05, old + sum(moves)))
    parts = [*moves[:-1], moves[-1] + new - old - sum(moves)]
    change = Change(
        "forecast",
        sample_brief.AS_OF,
        "",
        old=old,
        new=new,
        target="border_kinetic",
        horizon=13,
        reasons=tuple(Reason(code, points) for code, points in zip(codes, parts, strict=False)),
    )
    short = replace(sample_brief.index(), history=sample_brief.history()[-4:])
    document = brief_document(sample_brief.inputs(changes=(change,), index=short))
    row = document["changed"]["forecast"]["rows"][0]
    shown = math.floor(100 * old + 0.5) + sum(reason["whole"] for reason in row["reasons"])
    assert shown == math.floor(100 * new + 0.5)


def test_a_class_that_did_not_come_is_not_covered() -> None:
    rows = brief_document(sample_brief.inputs(classes=sample_brief.classes()[:1]))["where"]["classes"]
    assert [row["name"] for row in rows] == [
        "weapons_test_days",
        "border_kinetic",
        "grey_zone",
        "official_talks",
    ]
    assert [row["state"] for row in rows] == ["within", "not_covered", "not_covered", "not_covered"]


@pytest.mark.parametrize(
    ("observed", "is_unusual", "state"),
    [(7, False, "within"), (12, False, "edge"), (19, True, "above"), (0, True, "below")],
)
def test_a_class_is_placed_against_its_range(observed: int, is_unusual: bool, state: str) -> None:
    row = ClassStanding(
        "weapons_test_days",
        is_covered=True,
        observed=observed,
        low=4,
        high=11,
        tail=0.01,
        is_unusual=is_unusual,
        once_in_years=9.0,
    )
    assert brief_document(sample_brief.inputs(classes=(row,)))["where"]["classes"][0]["state"] == state


def test_a_stale_record_takes_the_place_of_the_bottom_line() -> None:
    lines = sample_brief.stale()["result"]["bottom"]
    assert [line["message"] for line in lines] == ["bottom.stale"]


def test_an_unusual_class_comes_before_the_ordinary_ones() -> None:
    messages = [line["message"] for line in sample_brief.busy(n_unusual=1)["result"]["bottom"]]
    assert messages[:3] == ["bottom.phase", "bottom.above", "bottom.others"]


def test_the_next_date_someone_has_set_goes_before_an_anniversary() -> None:
    fixed, _, drill = sample_brief.ahead()
    soon = replace(drill, date=dt.date(2025, 7, 20))
    bottom = brief_document(sample_brief.inputs(ahead=(fixed, soon)))["bottom"]
    assert bottom[-1] == {"message": "bottom.prepare", "base": "result.ahead.rows.1"}


def test_a_date_beyond_four_weeks_is_not_the_next_one() -> None:
    late = replace(sample_brief.ahead()[2], date=dt.date(2025, 8, 4))
    bottom = brief_document(sample_brief.inputs(ahead=(late,)))["bottom"]
    assert bottom[-1]["message"] == "bottom.no_date"


def test_shown_and_left_out_entries_add_up() -> None:
    result = sample_brief.fullest()["result"]
    for part in (*result["changed"].values(), result["ahead"], result["signposts"]):
        if isinstance(part, dict):
            assert part["shown"] + part["rest"] == part["count"] == len(part["rows"])


def test_little_room_still_shows_the_first_entry_of_each_list() -> None:
    entry = {"label": {"en": "one two three"}}
    entries = {kind: [entry] * 4 for kind in ("added", "revised", "spell", "forecast", "ahead", "signposts")}
    shown = shown_entries(entries, used=80)
    assert shown == {"added": 1, "revised": 0, "spell": 0, "forecast": 1, "ahead": 1, "signposts": 1}


def test_figures_are_not_words() -> None:
    assert count_words("7 weapons-test days in the last 91, 12 %") == 5


def test_a_forecast_below_five_per_cent_names_its_main_reason_instead_of_points() -> None:
    change = replace(
        sample_brief.changes()[2],
        old=0.021,
        new=0.034,
        reasons=(Reason("news", 0.01), Reason("calendar", 0.003)),
    )
    row = brief_document(sample_brief.inputs(changes=(change,)))["changed"]["forecast"]["rows"][0]
    assert not row["is_whole"]
    assert row["main_reason"] == "news"
