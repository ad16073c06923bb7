import numpy as np
import pytest

from sixparty.errors import UsageError
from sixparty.forecast.expectation import chance_of_tail, class_expectation, tail_probability, tail_rule
from sixparty.forecast.predictive import CountPredictive

POISSON = CountPredictive.negative_binomial(6.0, np.inf)


def test_the_tail_is_twice_the_smaller_side():
    assert tail_probability(POISSON, 12) == pytest.approx(2 * POISSON.at_least(12))
    assert tail_probability(POISSON, 1) == pytest.approx(2 * POISSON.at_most(1))
    assert tail_probability(POISSON, 6) == 1.0


def test_a_count_far_beyond_has_a_tail_of_next_to_nothing():
    assert tail_probability(POISSON, 500) < 1e-11


def test_the_chance_of_a_tail_adds_both_sides():
    tail = tail_probability(POISSON, 12)
    low = max(k for k in range(6) if tail_probability(POISSON, k) <= tail)
    assert chance_of_tail(POISSON, tail) == pytest.approx(POISSON.at_most(low) + POISSON.at_least(12))


def test_the_threshold_is_the_largest_that_keeps_the_false_alarms():
    classes = {"a": POISSON, "b": CountPredictive.negative_binomial(1.0, 0.8)}
    rule = tail_rule(classes)
    assert 0 < rule.false_alarm_chance <= 1 / 12
    larger = rule.threshold * (1 + 1e-9)
    attained = sorted(tail_probability(p, k) for p in classes.values() for k in range(60))
    following = next(tail for tail in attained if tail > larger)
    alarm = 1 - np.prod([1 - chance_of_tail(p, following) for p in classes.values()])
    assert alarm > 1 / 12


def test_more_classes_need_a_stricter_threshold():
    one = tail_rule({"a": POISSON})
    four = tail_rule({name: CountPredictive.negative_binomial(6.0 + i, np.inf) for i, name in enumerate("abcd")})
    assert four.threshold < one.threshold
    assert four.classes == ("a", "b", "c", "d")


def test_a_planted_extreme_is_called_unusual_and_dated_in_years():
    rule = tail_rule({"a": POISSON})
    standing = class_expectation("a", POISSON, observed=16, rule=rule)
    assert standing.is_unusual
    assert standing.once_in_years == pytest.approx(1 / chance_of_tail(POISSON, standing.tail) / 4)
    assert standing.once_in_years > 50


def test_a_middling_count_is_usual_and_has_no_years():
    standing = class_expectation("a", POISSON, observed=6, rule=tail_rule({"a": POISSON}))
    assert not standing.is_unusual
    assert standing.once_in_years is None
    assert standing.low <= 6 <= standing.high


def test_silence_is_not_unusual_where_silence_was_likely():
    rare = CountPredictive.negative_binomial(0.1, np.inf)
    rule = tail_rule({"rare": rare})
    assert not class_expectation("rare", rare, observed=0, rule=rule).is_unusual
    assert class_expectation("rare", rare, observed=2, rule=rule).is_unusual


def test_a_rule_without_classes_is_refused():
    with pytest.raises(UsageError, match="at least one class"):
        tail_rule({})
