"""The point process as a rival: its fit is calibrated on records of its own, and its forecasts on what then came."""

import numpy as np
import pytest
from scipy import stats
from tests.hawkes_examples import grown_histories, record

from sixparty.compute import Key
from sixparty.excitation import Hawkes
from sixparty.forecast.reference.hawkes import fit_hawkes, hawkes

RECORDS = 80
UNTIL, AHEAD = 1500.0, 91.0
LARGEST_RECORD = 3000
MEANS = np.log([0.5 / 28, 0.2, 21.0])
SDS = np.array([1.5, 0.8, 1.0])


def one_record(number: int):
    """A truth from the priors and a record of 1,500 days; the rare one that runs away is drawn again."""
    generator = np.random.default_rng(number)
    while True:
        baseline, excitation, lag = np.exp(MEANS + SDS * generator.standard_normal(3))
        one = Hawkes(baseline, excitation, 1 / lag)
        if one.expected_count(0.0, days=UNTIL)[0] < LARGEST_RECORD:
            return one, grown_histories(generator, one, until=UNTIL + AHEAD, number=1), generator


@pytest.mark.slow
def test_ranks_of_true_parameters_are_uniform_and_forecasts_calibrated():
    """Simulation-based calibration over 80 records and the randomised PIT of 13 weeks.

    Chi-squared in eight bins at .001 for each of three parameters and the PIT: false alarms below .4 %.
    """
    ranks = np.empty((RECORDS, 4))
    for number in range(RECORDS):
        one, grown, generator = one_record(number)
        events = record(grown.times[grown.times <= UNTIL], until=UNTIL)
        fit = fit_hawkes(Key.from_seed(number), events)
        law = hawkes(Key.from_seed(number), fit, events=events, horizons=(13,))[13]
        came = int(grown.counts(UNTIL, UNTIL + AHEAD)[0])
        ranks[number, :3] = (fit.draws.table < one.table).mean(axis=0)
        ranks[number, 3] = law.at_most(came - 1) + generator.random() * law.probability(came)
    for column in ranks.T:
        counted, _ = np.histogram(column, bins=8, range=(0, 1))
        assert stats.chisquare(counted).pvalue > 0.001


def test_the_share_of_super_critical_draws_is_told():
    """A record that doubles every half year: most draws say so, and none is left out."""
    times = 2000.0 * np.log1p(np.arange(120)) / np.log(121)
    told = fit_hawkes(Key.from_seed(1), record(times[1:], until=2000.0))
    assert told.super_critical_share == told.draws.is_super_critical.mean() > 0.2
    assert len(told.draws.table) == 250
