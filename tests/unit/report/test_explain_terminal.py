"""An explanation in a terminal, from a small document of the right shape."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console

from sixparty.report import explain_terminal
from sixparty.report.explain_terminal import share_out, written_parts


def part(name: str, chance: float, mean: float, *, is_read: bool = True) -> dict[str, Any]:
    errors = {"chance_error": 0.002 if chance else 0.0, "mean_error": 0.01 if mean else 0.0}
    return {"name": name, "chance": chance, "mean": mean, "is_read": is_read} | errors


def observation(kind: str, subject: str, **cells: Any) -> dict[str, Any]:
    plain = {"at_least": None, "share": 0.3, "futures": 6000, "is_told": True}
    ends = {"from_chance": 0.4, "to_chance": 0.6, "from_mean": 0.9, "to_mean": 1.6}
    return {"kind": kind, "subject": subject} | plain | ends | cells


def result(**cells: Any) -> dict[str, Any]:
    change = {
        "old_chance": 0.331,
        "new_chance": 0.402,
        "old_mean": 0.7,
        "new_mean": 0.98,
        "chance_error": 0.003,
        "mean_error": 0.02,
        "model_mean": 0.98,
        "parts": [
            part("record", 0.0, 0.0),
            part("season", 0.0, 0.0, is_read=False),
            part("drills", -0.006, -0.02),
            part("excitation", 0.026, 0.1),
            part("counts", 0.051, 0.2),
        ],
    }
    source = {"low": None, "high": None, "factor": None, "factor_low": None, "factor_high": None, "is_read": True}
    sources = [
        {**source, "name": "level", "number": 0.5, "low": 0.2, "high": 0.9},
        {**source, "name": "season", "number": 0.0, "is_read": False},
        {**source, "name": "drills", "number": -0.1, "low": -0.2, "high": 0.0, "factor": 0.8}
        | {"factor_low": 0.7, "factor_high": 1.0},
        {**source, "name": "moves", "number": 0.58},
    ]
    plain = {
        "target": "inter_korean_talks",
        "has_model": True,
        "is_range": False,
        "horizon": 13,
        "reference_date": "2017-12-30",
        "target_end_date": "2018-03-31",
        "as_of": "2017-12-31",
        "since": "2017-12-23",
        "since_target_end_date": "2018-03-24",
        "since_as_of": "2017-12-25",
        "issued": None,
        "last_issued": None,
        "change": change,
        "sources": sources,
        "last_year_share": 0.0,
        "observations": [
            observation("at_least", "inter_korean_talks", at_least=3),
            observation("at_least", "inter_korean_talks", at_least=2),
            observation("at_least", "inter_korean_talks", at_least=1),
            observation("called_off", "scheduled", share=None),
            observation("none", "inter_korean_talks", is_told=False),
        ],
        "watch_weeks": 4,
        "read": {"marks": ["inter_korean_talks"], "exposures": ["scheduled"]},
    }
    return plain | cells


def shown(**cells: Any) -> str:
    console = Console(file=io.StringIO(), width=110)
    console.print(explain_terminal({"spec": {}, "result": result(**cells), "provenance": {}, "warnings": []}))
    return console.file.getvalue()


def test_the_printed_parts_add_up_to_the_printed_change():
    lines = shown().split("What moved it")[1].split("Not in the model")[0].splitlines()
    first = [re.findall(r"[+−]?\d+(?:\.\d+)?", line.replace("±", " ")) for line in lines if re.search(r"\d", line)]
    points = [float(numbers[0].replace("−", "-")) for numbers in first]
    assert points == [33, 0, -1, 3, 5, 7, 40]
    assert points[0] + sum(points[1:5]) == points[0] + points[5] == points[6]


def test_the_first_sentence_says_from_where_to_where_and_what_did_most():
    assert "rose from 33 % to 40 %. What did most: Drift: events or silence." in " ".join(shown().split())


def test_a_change_within_its_error_is_not_called_a_move():
    change = result()["change"] | {"new_chance": 0.339, "chance_error": 0.005}
    assert "did not move by more than chance" in shown(change=change)


def test_a_change_that_the_printed_figures_do_not_show_is_not_told():
    change = result()["change"] | {"new_chance": 0.333, "chance_error": 0.0}
    assert "The chance of at least one is as before, 33 %." in shown(change=change)


def test_what_the_model_does_not_read_is_said_once_and_has_no_line():
    text = shown()
    assert "without a part: season." in text
    assert sum(line.startswith("Season") for line in text.splitlines()) == 0


def test_of_several_numbers_of_a_mark_one_and_the_largest_move_are_shown():
    text = shown()
    assert "3 or more: Official inter-Korean talks" in text
    assert "1 or more: Official inter-Korean talks" in text
    assert "2 or more" not in text
    assert "None: " not in text
    assert "Called off: scheduled drills" in text


def test_that_no_other_series_is_read_is_said_where_it_is_so():
    assert "its model reads none" in shown()
    several = {"marks": ["border_kinetic", "weapons_test_days"], "exposures": []}
    assert "its model reads none" not in shown(read=several)


def test_nothing_told_is_said():
    assert "Nothing on the list" in shown(observations=[])


def test_a_round_in_the_archive_is_named_with_its_kind():
    row = {"reference_date": "2017-12-23", "as_of": "2017-12-25", "kind": "made_late", "chance": 0.33, "mean": 0.7}
    assert "what the round for 23 December 2017 said (made late)" in " ".join(shown(issued=row).split())
    other = " ".join(shown(last_issued=row | {"reference_date": "2017-11-04"}).split())
    assert "for 4 November 2017, said 33 %" in other
    assert "--since 2017-11-04" in other


def test_a_base_rate_says_what_it_rests_on():
    parts = [part("record", 0.0, 0.0), part("episodes", 0.03, 0.04), part("clustering", 0.0, 0.0, is_read=False)]
    change = result()["change"] | {"parts": parts, "new_chance": 0.361, "new_mean": 0.74}
    text = shown(target="nuclear_test", has_model=False, sources=None, episodes=4, weeks=1299, change=change)
    assert "4 episodes in 1,299 covered weeks" in text
    assert "Nothing is simulated" in text


def test_the_last_year_s_share_is_told_where_it_has_one():
    assert "gives 30 % to the pace of the last twelve months" in shown(last_year_share=0.3)


@pytest.mark.parametrize(
    ("parts", "total", "shared"),
    [
        ([0.5, 0.5], 1, [1, 0]),
        ([1.4, 1.4, -0.8], 2, [2, 1, -1]),
        ([0.0, 2.6], 3, [0, 3]),
        ([0.0, 0.0], 0, [0, 0]),
        ([-1.6, 0.2], -1, [-1, 0]),
        ([2.0, 0.0], 1, [1, 0]),
    ],
)
def test_what_rounding_leaves_goes_to_the_parts_that_lost_most(parts, total, shared):
    assert share_out(parts, total) == shared
    assert sum(shared) == total


def test_small_changes_are_written_with_more_decimals():
    assert written_parts(10.02, 10.31, parts=[0.2, 0.09], digits=(0, 1, 2)) == (["+0.20", "+0.09", "+0.29"], 2)
    assert written_parts(10.0, 19.0, parts=[8.8, 0.2], digits=(0, 1, 2)) == (["+9", "0", "+9"], 0)
