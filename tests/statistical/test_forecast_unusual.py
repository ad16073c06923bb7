import numpy as np

from sixparty.compute import Key
from sixparty.forecast.expectation import class_expectation, tail_rule
from sixparty.forecast.predictive import CountPredictive

ORDINARY_WEEKS = 20_000
CLASSES = {
    "weapons_test_days": CountPredictive.negative_binomial(7.0, 4.0),
    "border_kinetic": CountPredictive.negative_binomial(0.4, 0.9),
    "official_talks": CountPredictive.negative_binomial(1.5, 0.6),
}


def test_an_ordinary_week_is_called_unusual_at_most_once_in_twelve():
    """Weeks drawn from what was expected. The bound 1/12 holds within 3.5 Monte Carlo errors (.0068), and the alarms
    agree with the chance that the rule states within the same; a correct rule fails with probability below .001.
    """
    rule = tail_rule(CLASSES)
    key = Key.from_seed(11)
    alarms = np.zeros(ORDINARY_WEEKS, dtype=bool)
    for name, predictive in CLASSES.items():
        counts = predictive.sample(key.child(name), ORDINARY_WEEKS)
        unusual = {
            int(k): class_expectation(name, predictive, observed=int(k), rule=rule).is_unusual
            for k in np.unique(counts)
        }
        alarms |= np.array([unusual[int(k)] for k in counts])
    error = np.sqrt(1 / 12 * 11 / 12 / ORDINARY_WEEKS)
    assert alarms.mean() <= 1 / 12 + 3.5 * error
    assert abs(alarms.mean() - rule.false_alarm_chance) <= 3.5 * error


def test_a_pace_five_times_the_expected_is_flagged_in_most_weeks():
    """Power: weapons-test days at five times the expected mean are flagged in at least 80 % of weeks. With a true
    power of .9 the test fails with probability below 1e-6.
    """
    rule = tail_rule(CLASSES)
    planted = CountPredictive.negative_binomial(35.0, 4.0).sample(Key.from_seed(12), 400)
    expected = CLASSES["weapons_test_days"]
    flags = [class_expectation("w", expected, observed=int(k), rule=rule).is_unusual for k in planted]
    assert np.mean(flags) > 0.8
