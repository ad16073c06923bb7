"""How often the intervals of the ledger hold what they are meant to hold."""

import datetime as dt

import numpy as np
import pytest
from scipy import stats
from tests.unit.ledger.conftest import commitments_of

from sixparty.ledger import hold_curves, rate_of

FIRST, DAY = dt.date(2001, 1, 1), dt.date(2011, 1, 1)
TRUE_MEDIAN_DAYS = 1000.0
SIMULATIONS = 300
STEPS = 24


@pytest.mark.parametrize("n", [16, 29, 59, 436])
@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_wilson_intervals_hold_about_as_often_as_they_say(n, share):
    """Coverage summed exactly over the binomial, so there is no false alarm; it oscillates around 80 %."""
    counts = np.arange(n + 1)
    rates = [rate_of(int(count), n) for count in counts]
    holds = np.array([rate.low <= share <= rate.high for rate in rates])
    coverage = float(stats.binom.pmf(counts, n, share)[holds].sum())
    assert 0.70 <= coverage <= 0.90


@pytest.mark.slow
def test_the_interval_of_a_median_holds_the_true_one_about_as_often_as_it_says():
    """Exponential steps, some still holding: coverage of 80 % intervals over 300 samples of 24 steps.

    At this size the log-log interval holds in 0.79 of cases (1,500 samples drawn apart). Chance moves a share of 300
    by more than 0.1 less than once in ten thousand: the false alarms of this test.
    """
    random = np.random.default_rng(7)
    held = 0
    for _ in range(SIMULATIONS):
        begun = random.integers(0, 3000, STEPS)
        lasted = np.ceil(random.exponential(TRUE_MEDIAN_DAYS / np.log(2), STEPS)).astype(int)
        curve = hold_curves(commitments_of(*map(step, begun, lasted)), as_of=DAY)[-1]
        low = curve.median_low_days or 0.0
        high = curve.median_high_days or np.inf
        held += low <= TRUE_MEDIAN_DAYS <= high
    assert 0.69 <= held / SIMULATIONS <= 0.89


def step(begun: int, lasted: int) -> dict[str, str]:
    """A step that began some days after the first day and lasted; one that outlasts the look back still holds."""
    first = FIRST + dt.timedelta(days=int(begun))
    last = first + dt.timedelta(days=int(lasted) - 1)
    until = {"held_until": str(last)} if last < DAY else {}
    own = {"agreement_id": f"agr-{begun}-{lasted}"}
    return {"step_kind": "hotline", "held_from": str(first), **until, **own}
