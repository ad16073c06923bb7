"""What must always hold of verdicts."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from sixparty.evidence import Estimate, Ratio, judge, lead_passes, reading

WORTH = 1.25
STRENGTH = {"not_borne_out": 0, "mixed": 1, "no_evidence": 1, "leans_supported": 2, "supported": 3}
logs = st.floats(-3, 3)
widths = st.floats(0.01, 3)


@st.composite
def ratios(draw):
    """The log of a ratio and the distances to the ends of its interval; sometimes nothing at all, or no upper end."""
    return draw(logs), draw(widths), draw(st.one_of(widths, st.just(math.inf)))


def ratio(numbers, *, shift=0.0, is_turned=False):
    value, below, above = numbers
    low, middle, high = math.exp(value + shift - below), math.exp(value + shift), math.exp(value + shift + above)
    if not is_turned:
        return Ratio(middle, low, high)
    return Ratio(1 / middle, 0.0 if math.isinf(high) else 1 / high, 1 / low)


def estimate(numbers, *, p_value=0.2, lead=None, shift=0.0, is_turned=False):
    return Estimate(
        ratio(numbers, shift=shift, is_turned=is_turned),
        p_value=p_value,
        episodes=20,
        exposed_days=100,
        events=50,
        exposed_events=10,
        minimum_detectable=1.5,
        lead=None if lead is None else ratio(lead, is_turned=is_turned),
    )


def far_from_the_edges(*numbers):
    """Whether no end of an interval lies within rounding of a threshold."""
    ends = [end for value, below, above in numbers for end in (value, value - below, value + above)]
    return all(abs(end - edge) > 1e-9 for end in ends for edge in (0.0, math.log(WORTH)))


def judged(main, checks, *, p_value=0.2, lead=None, shift=0.0, is_turned=False, is_thin=False):
    kept = {str(place): estimate(check, shift=shift, is_turned=is_turned) for place, check in enumerate(checks)}
    whole = estimate(main, p_value=p_value, lead=lead, shift=shift, is_turned=is_turned)
    expects, smallest = ("fewer", 1 / WORTH) if is_turned else ("more", WORTH)
    return judge(whole, kept, expects=expects, smallest=smallest, is_thin=is_thin)


@given(ratios(), st.lists(ratios(), max_size=3), st.floats(0, 1), st.none() | ratios())
def test_fewer_with_one_over_a_ratio_is_judged_as_more_with_the_ratio(main, checks, p_value, lead):
    assume(far_from_the_edges(main, *checks, *([lead] if lead else [])))
    sizes = [main[0] * 0.5 - other[0] for other in (*checks, *([lead] if lead else []))]
    assume(all(abs(gap) > 1e-9 for gap in sizes))
    assume(lead is None or abs(main[0] - lead[0]) > 1e-9)
    straight = judged(main, checks, p_value=p_value, lead=lead)
    assert straight == judged(main, checks, p_value=p_value, lead=lead, is_turned=True)


@given(ratios(), st.floats(0, 1), st.floats(0, 2))
def test_without_checks_a_stronger_interval_never_weakens_the_verdict(main, p_value, shift):
    before, after = judged(main, [], p_value=p_value), judged(main, [], p_value=p_value, shift=shift)
    assert STRENGTH[after.verdict] >= STRENGTH[before.verdict]


@given(ratios(), st.lists(ratios(), max_size=3), st.floats(0, 1), st.floats(0, 2))
def test_a_supported_claim_stays_so_when_all_estimates_grow_alike(main, checks, p_value, shift):
    before = judged(main, checks, p_value=p_value)
    after = judged(main, checks, p_value=p_value, shift=shift)
    if before.verdict in ("supported", "leans_supported"):
        assert STRENGTH[after.verdict] >= STRENGTH[before.verdict]


@given(ratios(), st.lists(ratios(), min_size=1, max_size=3), st.floats(0, 1))
def test_checks_never_lift_a_verdict_above_leaning_and_a_flip_is_always_mixed(main, checks, p_value):
    alone, checked = judged(main, [], p_value=p_value), judged(main, checks, p_value=p_value)
    assert checked.verdict in (alone.verdict, "mixed", "leans_supported")
    assert (checked.verdict == "mixed") == bool(checked.flips)
    assert STRENGTH[checked.verdict] <= max(STRENGTH[alone.verdict], STRENGTH["mixed"])


@given(ratios(), st.lists(ratios(), max_size=3), st.floats(0, 1), st.none() | ratios())
def test_few_episodes_only_ever_draw_a_verdict_towards_the_middle(main, checks, p_value, lead):
    whole = judged(main, checks, p_value=p_value, lead=lead)
    thin = judged(main, checks, p_value=p_value, lead=lead, is_thin=True)
    drawn = {"supported": "leans_supported", "not_borne_out": "no_evidence"}
    assert thin.verdict == drawn.get(whole.verdict, whole.verdict)
    assert (thin.flips, thin.lead_passes) == (whole.flips, whole.lead_passes)


@given(ratios(), st.floats(0, 1))
def test_an_estimate_is_never_flipped_by_itself(main, p_value):
    assert (
        judged(main, [main], p_value=p_value).flips == () or judged(main, [], p_value=p_value).verdict == "no_evidence"
    )
    assert judged(main, [main], p_value=p_value).verdict == judged(main, [], p_value=p_value).verdict


@given(ratios(), ratios())
def test_supported_always_means_an_interval_above_no_difference_and_a_lead_that_passes(main, lead):
    said = judged(main, [], p_value=0.01, lead=lead)
    if said.verdict == "supported":
        assert ratio(main).low > 1.0
        assert said.lead_passes
        assert ratio(lead).low <= 1.0


@given(ratios())
def test_every_interval_has_one_reading_and_the_lead_test_needs_a_lead(main):
    assert reading(estimate(main), expects="more", smallest=WORTH) in ("for", "open", "against")
    assert lead_passes(estimate(main), expects="more") is None
