"""The Monte Carlo error that an explanation prints covers what another key changes."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sixparty.compute import Key
from sixparty.excitation import OWN, MarkStructure, fit_mark
from sixparty.forecast import Standpoint, condition_panel, explain_change, mark_data
from sixparty.tension.panel import EXPOSURES, CountPanel

STRUCTURE = MarkStructure(level="walk", links=(OWN,), exposures=("scheduled",), season=True)
KEYS, FUTURES = 24, 1000


@pytest.fixture(scope="module")
def panel() -> CountPanel:
    weeks, generator = 260, np.random.default_rng(8)
    exposures = np.zeros((weeks, 1, len(EXPOSURES)))
    exposures[::20, :, 0] = 1.0
    return CountPanel(
        marks=("us_prk_talks",),
        period_ends=np.datetime64("2016-06-25") - 7 * np.arange(weeks)[::-1],
        weeks=1,
        counts=generator.poisson(0.3, (weeks, 1)).astype(np.int64),
        covered=np.ones((weeks, 1), dtype=bool),
        exposure_names=EXPOSURES,
        exposures=exposures,
    )


@pytest.mark.slow
def test_parts_of_other_keys_lie_within_their_errors(panel):
    """24 keys, seven columns; the variance between keys may not exceed the printed one.

    False alarms below 1 %: each ratio is held to the 99.9 % quantile of chi-square with 23 degrees of freedom, and the
    printed error, which also holds the spread of the parameters, overstates rather than understates.
    """
    data = mark_data(panel, "us_prk_talks", structure=STRUCTURE)
    fits = {"us_prk_talks": fit_mark(Key.from_seed(1), data, structure=STRUCTURE, draws=200)}
    weeks = len(panel.period_ends)
    covered = panel.covered.copy()
    covered[-2:] = False
    before = panel.until(panel.period_ends[-3].item())
    exposures = np.zeros((13, *panel.exposures.shape[1:]))
    exposures[3:5, :, 0] = 1.0
    parts, errors = [], []
    for seed in range(KEYS):
        key = Key.from_seed(seed)
        revised, state = condition_panel(key, panel, fits=fits, ends=(weeks - 2, weeks))
        (unseen,) = condition_panel(key, replace(panel, covered=covered), fits=fits, ends=(weeks,))
        change = explain_change(
            key,
            "us_prk_talks",
            fits=fits,
            horizon=13,
            old=Standpoint(before, np.roll(exposures, 2, axis=0), revised),
            revised=revised,
            unseen=unseen,
            new=Standpoint(panel, exposures, state),
            futures=FUTURES,
        )
        read = [part for part in change.parts if part.is_read and part.name != "record"]
        parts.append([part.mean for part in read] + [part.chance for part in read])
        errors.append([part.mean_error for part in read] + [part.chance_error for part in read])
    ratios = np.var(parts, axis=0, ddof=1) / np.mean(np.square(errors), axis=0)
    assert (ratios * (KEYS - 1) < stats.chi2.ppf(0.999, KEYS - 1)).all(), ratios
