"""The rule that turns estimates into a verdict, case by case."""

import math

import pytest
from tests.unit.evidence.conftest import estimate

from sixparty.evidence import grade, judge, lead_passes, reading
from sixparty.evidence.verdict import rests_on_few

FOR = (2.0, 1.4, 2.9)
FAINT_FOR = (1.2, 1.05, 1.3)
OPEN = (1.3, 0.8, 2.1)
LEANING = (1.6, 0.98, 2.6)
NONE = (1.0, 0.5, 2.0)
TOO_SMALL = (1.1, 1.02, 1.19)
AGAINST = (0.8, 0.6, 1.1)
QUIET_LEAD, HALF_AS_LARGE_LEAD, AS_LARGE_LEAD = (1.05, 0.7, 1.6), (1.5, 0.9, 2.5), (2.1, 1.3, 3.4)


def verdict(main, *checks, p_value=0.2, lead=None, expects="more", smallest=1.25, is_thin=False):
    named = {f"check {place}": estimate(*check) for place, check in enumerate(checks)}
    whole = estimate(*main, p_value=p_value, lead=lead)
    return judge(whole, named, expects=expects, smallest=smallest, is_thin=is_thin)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (FOR, "for"),
        (FAINT_FOR, "for"),
        (OPEN, "open"),
        (AGAINST, "against"),
        (TOO_SMALL, "against"),
        ((1.0, 0.0, math.inf), "open"),
        ((3.0, 1.01, math.inf), "for"),
        ((0.0, 0.0, 0.9), "against"),
        ((1.1, 1.0, 1.3), "open"),
        ((1.1, 0.9, 1.25), "open"),
    ],
)
def test_an_interval_is_for_open_or_against(numbers, said):
    assert reading(estimate(*numbers), expects="more", smallest=1.25) == said


@pytest.mark.parametrize(
    ("main", "checks", "p_value", "lead", "said"),
    [
        (FOR, [], 0.01, None, "supported"),
        (FOR, [FOR], 0.01, QUIET_LEAD, "supported"),
        (FOR, [FAINT_FOR], 0.01, None, "mixed"),
        (FAINT_FOR, [FOR], 0.01, QUIET_LEAD, "leans_supported"),
        (FOR, [OPEN], 0.01, None, "mixed"),
        (FOR, [LEANING], 0.01, None, "leans_supported"),
        (FOR, [AGAINST], 0.01, None, "mixed"),
        (FOR, [TOO_SMALL], 0.01, None, "mixed"),
        (FOR, [FOR], 0.01, HALF_AS_LARGE_LEAD, "leans_supported"),
        (FOR, [FOR], 0.01, AS_LARGE_LEAD, "mixed"),
        (LEANING, [], 0.06, None, "leans_supported"),
        (LEANING, [], 0.06, QUIET_LEAD, "leans_supported"),
        (LEANING, [], 0.06, AS_LARGE_LEAD, "no_evidence"),
        (LEANING, [], 0.11, None, "no_evidence"),
        (LEANING, [FOR, LEANING], 0.06, None, "leans_supported"),
        (LEANING, [NONE], 0.06, None, "mixed"),
        (LEANING, [AGAINST], 0.06, None, "mixed"),
        (OPEN, [OPEN, AGAINST, NONE], 0.3, None, "no_evidence"),
        (OPEN, [FOR], 0.3, None, "mixed"),
        (NONE, [], 0.01, None, "no_evidence"),
        (AGAINST, [AGAINST, NONE], 0.2, None, "not_borne_out"),
        (AGAINST, [OPEN], 0.2, None, "mixed"),
        (AGAINST, [FOR], 0.2, None, "mixed"),
        (TOO_SMALL, [], 0.01, None, "not_borne_out"),
    ],
)
def test_the_verdict_follows_from_the_intervals_the_checks_and_the_lead(main, checks, p_value, lead, said):
    assert verdict(main, *checks, p_value=p_value, lead=lead).verdict == said


def test_the_checks_under_which_the_verdict_would_change_are_named():
    judged = verdict(FOR, FOR, AGAINST, OPEN, p_value=0.01)
    assert judged.flips == ("check 1", "check 2")


@pytest.mark.parametrize(
    ("main", "checks", "p_value", "lead", "said"),
    [
        (FOR, [FOR], 0.01, QUIET_LEAD, "leans_supported"),
        (FAINT_FOR, [], 0.01, None, "leans_supported"),
        (LEANING, [], 0.06, None, "leans_supported"),
        (FOR, [AGAINST], 0.01, None, "mixed"),
        (FOR, [FOR], 0.01, AS_LARGE_LEAD, "mixed"),
        (OPEN, [], 0.3, None, "no_evidence"),
        (AGAINST, [AGAINST], 0.2, None, "no_evidence"),
        (TOO_SMALL, [], 0.01, None, "no_evidence"),
        (AGAINST, [FOR], 0.2, None, "mixed"),
    ],
)
def test_what_rests_on_few_episodes_is_neither_supported_nor_not_borne_out(main, checks, p_value, lead, said):
    assert verdict(main, *checks, p_value=p_value, lead=lead, is_thin=True).verdict == said


@pytest.mark.parametrize(("episodes", "years", "few"), [(4, 9, True), (9, 2, True), (5, 3, False)])
def test_fewer_than_five_episodes_or_three_years_are_few(episodes, years, few):
    assert rests_on_few(estimate(*FOR, episodes=episodes), years=years) is few


def test_a_check_that_speaks_more_strongly_for_a_leaning_claim_does_not_make_it_mixed():
    assert verdict(LEANING, FOR, p_value=0.06).flips == ()


def test_nothing_at_all_under_the_exposure_speaks_for_fewer_and_is_weighed_by_its_interval():
    none_at_all = (0.0, 0.0, 0.5)
    judged = verdict(none_at_all, (0.3, 0.1, 0.8), p_value=0.01, expects="fewer", smallest=0.8)
    assert judged.verdict == "supported"
    assert verdict(none_at_all, (0.8, 0.4, 1.6), expects="fewer", smallest=0.8).verdict == "mixed"
    assert verdict(none_at_all, expects="more").verdict == "not_borne_out"


def test_nothing_at_all_with_a_wide_interval_is_no_evidence():
    for expects, smallest in (("more", 1.25), ("fewer", 0.8)):
        assert verdict((0.0, 0.0, math.inf), p_value=0.9, expects=expects, smallest=smallest).verdict == "no_evidence"


def test_a_lead_without_events_fails_a_claim_of_fewer():
    judged = verdict((0.5, 0.3, 0.8), p_value=0.01, lead=(0.0, 0.0, 4.0), expects="fewer", smallest=0.8)
    assert judged.lead_passes is False
    assert judged.verdict == "mixed"


@pytest.mark.parametrize(
    ("main", "lead", "passes"),
    [
        (FOR, None, None),
        (FOR, QUIET_LEAD, True),
        (FOR, (1.4, 0.9, 2.2), True),
        (FOR, HALF_AS_LARGE_LEAD, False),
        (FOR, (1.2, 1.01, 1.4), False),
        (FOR, (0.5, 0.3, 0.8), True),
        (AGAINST, QUIET_LEAD, True),
        (AGAINST, (1.4, 1.1, 1.8), False),
    ],
)
def test_the_lead_must_be_no_effect_and_less_than_half_of_the_effect(main, lead, passes):
    assert lead_passes(estimate(*main, lead=lead), expects="more") is passes


@pytest.mark.parametrize(
    ("episodes", "years", "sources", "passes", "said"),
    [
        (4, 9, 2, True, "D"),
        (9, 2, 2, True, "D"),
        (5, 3, 1, True, "B"),
        (5, 3, 2, True, "A"),
        (5, 3, 2, False, "B"),
        (5, 3, 2, None, "B"),
    ],
)
def test_the_grade_follows_from_episodes_years_sources_and_the_lead(episodes, years, sources, passes, said):
    assert grade(estimate(*FOR, episodes=episodes), years=years, sources=sources, passes=passes) == said
