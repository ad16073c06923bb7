"""Before against after under simulated nulls, bursts and planted effects."""

import numpy as np
import pytest
from tests.dates_examples import (
    CLUSTERED,
    DAYS,
    DRIFTING,
    PLAIN,
    WORLDS,
    asked,
    coverage,
    days_after,
    scattered_dates,
    share_below,
    simulated,
)

from sixparty.evidence.designs.before_after import before_after


def after_bursts(counts, number):
    """Dates drawn with a chance that grows with the square of what the half year before held."""
    generator = np.random.default_rng(int(counts.sum()))
    before = np.convolve(counts, np.ones(182))[:DAYS]
    days = np.arange(400, DAYS - 400)
    chance = before[days] ** 2 + 1e-9
    return np.sort(generator.choice(days, size=number, replace=False, p=chance / chance.sum()))


def answers(world, number, *, runs, ratio=1.0, bursts=False, seed=7, **options):
    """Some dates anywhere, or after bursts; the effect lies in the 26 weeks after them."""
    dates = scattered_dates(np.random.default_rng(seed), number)
    counts = simulated(np.random.default_rng(seed + 1), world, runs=runs, on=days_after(dates, 1, 182), ratio=ratio)
    if bursts:
        return asked(before_after, counts, lambda run: after_bursts(counts[run], number), **options)
    anew = (lambda run: scattered_dates(np.random.default_rng(run), number)) if ratio == 1.0 else dates
    return asked(before_after, counts, anew, **options)


def test_dates_after_bursts_seldom_raise_an_alarm_though_less_follows_them():
    """At most 12 alarms in 80 runs: with 8 % a run, this fails by chance in 1 % of seeds."""
    found = answers(DRIFTING, 1, runs=80, bursts=True)
    assert np.median([each.details["plain_ratio"] for each in found]) < 0.85
    assert share_below(found) <= 12 / 80


@pytest.mark.slow
@pytest.mark.parametrize("bursts", [False, True])
@pytest.mark.parametrize("number", [1, 4])
@pytest.mark.parametrize("world", WORLDS)
def test_false_alarms_stay_below_eight_percent(world, number, bursts):
    """400 runs (fewer where bursts have no like); 6 % lies beyond 11 % in under 0.1 % of seeds."""
    found = answers(WORLDS[world], number, runs=400, bursts=bursts, seed=21)
    assert share_below(found) <= 0.11


@pytest.mark.slow
@pytest.mark.parametrize(("world", "ratio"), [(DRIFTING, 7.5), (DRIFTING, 0.25), (CLUSTERED, 7.5), (PLAIN, 2.4)])
def test_planted_effects_are_recovered(world, ratio):
    """300 runs; coverage of .93 falls below .89 in 0.5 % of seeds."""
    found = answers(world, 4, runs=300, ratio=ratio, seed=23)
    assert coverage(found, ratio) >= 0.88
    assert np.median([each.ratio.value for each in found]) == pytest.approx(ratio, rel=0.3)
