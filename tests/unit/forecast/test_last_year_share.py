"""The last year's share in a forecast."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.errors import UsageError
from sixparty.forecast import (
    LAST_YEAR_SHARE,
    MODELLED_TARGETS,
    PLAIN_RATE,
    CountPredictive,
    change_from_values,
    pooled_change,
    with_last_year,
)
from sixparty.forecast.reference import nb12

COUNTS = np.array([0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3] * 12, dtype=np.int64)


def law_with_mean(mean: float) -> CountPredictive:
    return CountPredictive.negative_binomial(mean, 1.5)


@given(st.floats(0.05, 30.0), st.floats(0.05, 30.0), st.floats(0.0, 1.0), st.integers(0, 300))
def test_a_pool_gives_every_count_the_weighted_probability(mine: float, theirs: float, share: float, count: int):
    one, other = law_with_mean(mine), law_with_mean(theirs)
    pooled = one.pooled(other, share=share)
    wanted = (1 - share) * one.at_least(count) + share * other.at_least(count)
    # beyond both bodies the slower of two tails stands for both, and less than 1e-9 lies there
    assert pooled.at_least(count) == pytest.approx(wanted, abs=1e-9)


@given(st.floats(0.05, 30.0), st.floats(0.05, 30.0), st.floats(0.0, 1.0))
def test_a_pool_has_the_weighted_mean(mine: float, theirs: float, share: float):
    pooled = law_with_mean(mine).pooled(law_with_mean(theirs), share=share)
    assert pooled.mean == pytest.approx((1 - share) * mine + share * theirs, rel=1e-6)


def test_simulated_and_exact_laws_pool_without_losing_the_tail():
    simulated = CountPredictive.from_draws(np.array([0, 0, 1, 3, 12], dtype=np.int64))
    pooled = simulated.pooled(law_with_mean(2.0), share=0.3)
    assert np.isfinite(pooled.log_probability(500))
    assert pooled.at_least(40) == pytest.approx(0.7 * simulated.at_least(40) + 0.3 * law_with_mean(2.0).at_least(40))


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_outside_zero_to_one_is_refused(share: float):
    with pytest.raises(UsageError, match="share must be from 0 to 1"):
        law_with_mean(1.0).pooled(law_with_mean(2.0), share=share)


def test_the_share_is_that_of_the_one_year_rival():
    law = law_with_mean(4.0)
    pooled = with_last_year(law, COUNTS, horizon=13, share=0.3)
    assert pooled.at_least(1) == pytest.approx(0.7 * law.at_least(1) + 0.3 * nb12(COUNTS, 13).at_least(1))


def test_without_a_share_the_law_stays_the_same_object():
    law = law_with_mean(4.0)
    assert with_last_year(law, COUNTS, horizon=13, share=0.0) is law


def test_shares_are_those_of_modelled_targets_whose_plain_rate_is_the_last_year():
    assert set(LAST_YEAR_SHARE) <= set(MODELLED_TARGETS)
    assert {PLAIN_RATE[target] for target in LAST_YEAR_SHARE} == {"plain-nb12"}


def test_the_parts_of_a_pooled_change_add_up_to_it():
    own = change_from_values(0.40, revised=0.42, rolled=0.45, new=0.38)
    past, seen, now = COUNTS[:-1], np.append(COUNTS[:-2], 4), np.append(COUNTS[:-2], [4, 0])
    pooled = pooled_change(own, lambda law: law.at_least(1), horizon=13, share=0.3, old=past, revised=seen, new=now)
    assert pooled.new == pytest.approx(0.7 * 0.38 + 0.3 * nb12(now, 13).at_least(1))
    assert pooled.old + sum(size for _, size in pooled.parts) == pytest.approx(pooled.new)
    assert pooled.calendar == pytest.approx(0.7 * 0.03)
