"""Reconciliation against brute force, and against the faults that others found in two public lists by hand.

The second part needs the lists, which are not ours to ship: it runs when SIXPARTY_FACTS names the folder that holds
`provocations_csis.csv`, `missile_tests_cns.csv` and `source_errors.csv`.
"""

import csv
import datetime as dt
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sixparty.chronicle.layouts import CNS, CSIS, list_of_chronicle
from sixparty.chronicle.lists import DatedEntry, DatedList, read_list
from sixparty.chronicle.reconcile import reconcile

ROOT = Path(__file__).parent.parent.parent
FACTS = os.environ.get("SIXPARTY_FACTS")
needs_facts = pytest.mark.skipif(FACTS is None, reason="SIXPARTY_FACTS does not name the folder of source lists")
FIRST, LAST = dt.date(2012, 1, 1), dt.date(2023, 12, 31)
WORDS = ("SRBM", "MLRS", "LACM", "SAM")
NEAR = ({"SRBM", "MLRS"}, {"LACM"}, {"SAM"})
WINDOW = 3


def gain(a, b):
    """What a pair saves by the documented cost, or None where it is not allowed."""
    days = abs((a.date - b.date).days)
    if a.classes & b.classes:
        classes, reach = 0.2 * (1 - len(a.classes & b.classes) / len(a.classes | b.classes)), WINDOW
    elif any(a.classes & near and b.classes & near for near in NEAR):
        classes, reach = 0.75, 1
    else:
        classes, reach = 2.0, 0
    return None if days > reach else WINDOW + 1 - days - classes - 0.25


def best_gain(acts, others):
    if len(acts) > len(others):
        acts, others = others, acts
    totals = (
        sum(max(gain(a, b) or 0.0, 0.0) for a, b in zip(acts, order, strict=False))
        for order in permutations(others, len(acts))
    )
    return max(totals, default=0.0)


def some_acts(least, most):
    one = st.builds(
        lambda day, words, number: DatedEntry(f"row {number}", FIRST + dt.timedelta(days=day), "day", frozenset(words)),
        st.integers(0, 9),
        st.sets(st.sampled_from(WORDS), min_size=1, max_size=2),
        st.integers(0, 10**6),
    )
    return st.lists(one, min_size=least, max_size=most)


@settings(deadline=None)
@given(some_acts(0, 5), some_acts(0, 5))
def test_the_pairs_chosen_are_those_that_trying_all_would_choose(acts, others):
    a, b = (DatedList("a list", tuple(one), frozenset(WORDS), FIRST, LAST) for one in (acts, others))
    pairs = [(found.a, found.b) for found in reconcile(a, b, window_days=WINDOW).findings if found.a and found.b]
    assert sum(gain(x, y) for x, y in pairs) == pytest.approx(best_gain(acts, others))


@dataclass(frozen=True)
class Fault:
    """A fault found by hand: the dates in the list, the true dates, and its kind."""

    line: int
    list_name: str
    printed: frozenset[dt.date]
    true: frozenset[dt.date]
    kind: str


def dates_in(text):
    days = [dt.date.fromisoformat(day) for day in re.findall(r"\d{4}-\d{2}-\d{2}", text)]
    more = re.findall(r"(\d{4}-\d{2})-\d{2} (?:and|or) (\d{2})\b(?!\d)(?!-)", text)
    return frozenset(days) | {dt.date.fromisoformat(f"{month}-{day}") for month, day in more}


def read_faults(folder):
    with (folder / "source_errors.csv").open(encoding="utf-8", newline="") as file:
        return [
            Fault(line, row["list"].split()[0], dates_in(row["date_in_source"]), dates_in(row["date_kst"]), row["kind"])
            for line, row in enumerate(csv.DictReader(file), 2)
        ]


def lacking(found, side):
    return found.kind == f"missing_in_{side}"


def is_printed(fault, entry):
    """Whether the entry is of a date that the fault names; a UTC date may be that of the Korean day before."""
    day_before = entry.date - dt.timedelta(days=1) if fault.list_name == "CNS" else entry.date
    return bool(fault.printed & {entry.date, day_before})


def shown_by(fault, found, side):
    """The date of the fault that a finding shows by its kind, the faulty list being on `side`; None if it does not."""
    own, other = (found.a, found.b) if side == "a" else (found.b, found.a)
    if fault.kind == "missing":
        return other.date if lacking(found, side) and other.date in fault.true else None
    if own is None or not is_printed(fault, own):
        return None
    by_kind = {
        "misdated": found.kind == "misdated" and other.date in fault.true,
        "utc_date": found.kind == "misdated" and other.date in fault.true,
        "placeholder_day": found.reading == "first_of_month",
        "wrong_label": not found.is_classed_alike,
        "duplicate": found.kind == f"duplicated_in_{side}" or found.reading == "may_repeat",
        "not_a_launch": lacking(found, "b" if side == "a" else "a"),
        "partial": found.has_other_objects,
    }
    return own.date if by_kind.get(fault.kind, False) else None


def share_shown(fault, runs):
    """Share of the dates that a fault names which the runs show; a duplicate is one however many dates it names."""
    dates = {shown_by(fault, found, side) for side, findings in runs[fault.list_name] for found in findings} - {None}
    named = len(fault.true if fault.kind == "missing" else fault.printed)
    return len(dates) / (1 if fault.kind == "duplicate" else named)


@pytest.fixture(scope="module")
def lists(chronicle):
    folder = Path(FACTS)
    return {
        "CSIS": read_list(folder / "provocations_csis.csv", CSIS),
        "CNS": read_list(folder / "missile_tests_cns.csv", CNS),
        "chronicle": list_of_chronicle(chronicle),
    }


@pytest.fixture(scope="module")
def two_lists(lists):
    findings = reconcile(lists["CSIS"], lists["CNS"]).between(FIRST, LAST)
    return findings, {"CSIS": [("a", findings.findings)], "CNS": [("b", findings.findings)]}


@pytest.fixture(scope="module")
def with_chronicle(lists):
    return {name: [("a", reconcile(lists[name], lists["chronicle"]).findings)] for name in ("CSIS", "CNS")}


def lines_shown(runs):
    return {fault.line for fault in read_faults(Path(FACTS)) if share_shown(fault, runs) == 1}


@needs_facts
def test_each_list_agrees_with_itself(lists):
    for one in lists.values():
        assert reconcile(one, one).counts()["agreed"] == len(one.entries)


@needs_facts
def test_the_two_lists_alone_show_the_faults_that_lie_where_both_collect(two_lists):
    shown = lines_shown(two_lists[1])
    assert {8, 9, 11, 12, 13, 14, 15, 18, 48, 49, 50} <= shown
    # lines 17 and 52 hide each other: one list labels a launch as a device, the other dates it a day late
    assert not {17, 52} & shown


@needs_facts
def test_beside_the_chronicle_every_fault_of_a_date_a_label_or_a_gap_comes_out(with_chronicle):
    faults = {fault.line: fault for fault in read_faults(Path(FACTS))}
    hidden = set(faults) - lines_shown(with_chronicle)
    # 16 rests on a description; 20 has one of its two labels on a launch that the chronicle dates a day earlier; 25
    # comes out as a row without partner; 51, 53 and 56 on hours; 54 and 55 on heights;
    # 57 and 59 on rows after the file's end; 58 on objects that no source counts by class
    assert hidden == {16, 20, 25, 51, 53, 54, 55, 56, 57, 58, 59}
    assert len(faults) - len(hidden) == 47


@needs_facts
def test_the_list_of_acts_lacks_more_in_the_years_of_talks_than_in_the_years_around(lists):
    found = reconcile(lists["CSIS"], lists["chronicle"])
    talks = found.between(dt.date(2017, 11, 1), dt.date(2020, 12, 31))
    around = found.between(dt.date(2014, 1, 1), dt.date(2017, 10, 31)), found.between(dt.date(2021, 1, 1), LAST)
    assert talks.share_of_b_in_a < 0.7
    assert all(one.share_of_b_in_a > 0.75 for one in around)


@needs_facts
def test_every_act_of_the_missile_list_is_in_the_chronicle(lists):
    found = reconcile(lists["CNS"], lists["chronicle"])
    assert [one.a.date for one in found.of("missing_in_b") if one.a.date >= dt.date(1990, 1, 1)] == []


@needs_facts
def test_the_tables_of_the_shipped_report_are_fresh():
    script = ROOT / "docs" / "make_reconciliation.py"
    done = subprocess.run([sys.executable, str(script), FACTS, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or "run docs/make_reconciliation.py with the folder of source lists"
