"""Claims, records and estimates made by hand; no test here looks at what the shipped record says of a claim."""

import datetime as dt
from types import MappingProxyType

import pytest
from tests.conftest import drill, weapons_test

from sixparty import evidence
from sixparty.chronicle import Selection

WORDS = MappingProxyType({"en": "something", "ko": "무엇"})
DRILLS = evidence.Series(WORDS, selection=Selection("spells", {"spell_type": ("joint_drill",)}))
LAUNCHES = evidence.Series(WORDS, selection=Selection("events", {"event_type": ("ballistic_launch",)}))

CLAIM_FILE = """
mechanisms = ["M5"]
standing = "tested"
title = { en = "Drills and launches", ko = "훈련과 발사" }
text = { en = "More launches during drills.", ko = "훈련 중에 발사가 늘어난다." }
made_by = { en = "Some", ko = "일부" }
doubted_by = { en = "Others", ko = "다른 쪽" }

[test]
design = "case_series"
expects = "more"
smallest = 1.25
first = 1995-01-01

[test.exposure]
table = "spells"
where = { spell_type = ["joint_drill"] }
actors = ["USA"]
words = { en = "drills", ko = "훈련" }

[test.outcome]
table = "events"
where = { event_type = ["ballistic_launch"] }
words = { en = "launches", ko = "발사" }

[test.options]
harmonics = 1

[test.choices.since_2000]
first = 2000-01-01
"""


def estimate(value, low, high, *, p_value=0.2, lead=None, episodes=20):
    """An estimate with these numbers and nothing else of note; `lead` is (value, low, high)."""
    return evidence.Estimate(
        evidence.Ratio(value, low, high),
        p_value=p_value,
        episodes=episodes,
        exposed_days=100,
        events=50,
        exposed_events=10,
        minimum_detectable=1.5,
        lead=None if lead is None else evidence.Ratio(*lead),
    )


def spring_drills(*, confidence="attested"):
    """A drill of two weeks in every March from 1990 to 2024."""
    return [drill(f"{year}-03-05", f"{year}-03-18", confidence=confidence) for year in range(1990, 2025)]


def launches(*, in_drills=1, confidence="attested"):
    """Launches by year: so many within the drill, and one in each of seven other months."""
    rows = []
    for year in range(1990, 2025):
        days = [f"{year}-03-{6 + 2 * number:02}" for number in range(in_drills)]
        days += [f"{year}-{month:02}-{(year * month) % 27 + 1:02}" for month in (1, 2, 5, 6, 8, 10, 12)]
        rows += [weapons_test(day, confidence=confidence) for day in days]
    return rows


@pytest.fixture
def record(make_chronicle):
    """Thirty-five years with a drill every March, launches all year, and three times as many in the drills."""
    return make_chronicle(spells=spring_drills(), events=launches(in_drills=2))


@pytest.fixture
def claim_of():
    """Return a function that makes a tested claim; what is given replaces the parts of its test."""

    def make(*, exposure=DRILLS, outcome=LAUNCHES, design="case_series", expects="more", smallest=1.25, **parts):
        test = evidence.Test(design, exposure, outcome, expects, smallest, **parts)
        return evidence.Claim("a-claim", ("M5",), WORDS, WORDS, WORDS, WORDS, "tested", test=test)

    return make


@pytest.fixture
def write_claim(tmp_path):
    """Return a function that writes the claim's file with pieces of it replaced."""

    def write(*changes):
        text = CLAIM_FILE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "a-claim.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


FIRST, LAST = dt.date(1990, 1, 1), dt.date(2025, 6, 30)
