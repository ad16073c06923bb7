import datetime as dt

import pytest
from tests.unit.ledger.conftest import commitments_of

from sixparty.ledger import hold_curves

DAY = dt.date(2020, 1, 1)


def step(first, last="", kind="hotline", **cells):
    return {"step_kind": kind, "held_from": first, "held_until": last, **cells}


def curve_of(*steps, day=DAY):
    return hold_curves(commitments_of(*steps), as_of=day)[-1]


def test_without_steps_that_still_hold_the_share_is_the_plain_one():
    curve = curve_of(*(step("2001-01-01", f"200{year}-06-30") for year in (1, 2, 4, 8)))
    assert [(share.years, share.share) for share in curve.shares] == [(1, 0.75), (2, 0.5), (5, 0.25)]
    assert (curve.steps, curve.ended) == (4, 4)


def test_the_product_limit_agrees_with_a_sum_done_by_hand():
    """Ended after 181 and 1277 days, censored at 546 and 6939: S = 3/4, then 3/4 * 1/2."""
    ended = [step("2001-01-01", "2001-06-30"), step("2001-01-01", "2004-06-30")]
    holding = [step("2018-07-04"), step("2001-01-01")]
    shares = {share.years: share.share for share in curve_of(*ended, *holding).shares}
    assert shares == pytest.approx({1: 0.75, 2: 0.75, 5: 0.375, 10: 0.375})


def test_steps_that_all_hold_have_a_share_of_one_and_a_lower_end_by_their_number():
    curve = curve_of(*(step(f"20{year}-01-01") for year in (10, 11, 12)))
    assert curve.median_days is None
    assert [share.share for share in curve.shares] == [1.0, 1.0, 1.0]
    assert curve.shares[0].low == pytest.approx(0.1 ** (1 / 3))


def test_fewer_than_three_steps_give_numbers_and_no_curve():
    curve = curve_of(step("2001-01-01", "2002-01-01"), step("2001-01-01"))
    assert (curve.steps, curve.ended, curve.median_days, curve.shares) == (2, 1, None, ())


def test_a_step_that_ended_later_is_still_holding_on_the_day():
    curve = curve_of(*(step("2001-01-01", "2012-01-01") for _ in range(1)), day=dt.date(2005, 1, 1))
    assert (curve.steps, curve.ended) == (1, 0)


def test_clauses_of_one_agreement_that_share_their_days_are_one_step():
    assert curve_of(step("2001-01-01"), step("2001-01-01")).steps == 1
    assert curve_of(step("2001-01-01"), step("2001-01-01", agreement_id="agr-2")).steps == 2


def test_deliveries_of_aid_are_left_out():
    assert curve_of(step("2001-01-01", kind="aid"), step("2001-01-01")).steps == 1


def test_the_interval_holds_the_share(shipped):
    for curve in hold_curves(shipped[1], as_of=dt.date(2025, 6, 30)):
        assert all(0 <= share.low <= share.share <= share.high <= 1 for share in curve.shares)
