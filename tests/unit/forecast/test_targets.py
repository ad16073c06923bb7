import pytest

from sixparty.errors import UsageError
from sixparty.forecast.targets import MODELLED_TARGETS, TARGETS, require_target
from sixparty.tension.panel import MARKS
from sixparty.vocabulary import FORBIDDEN_WORDS


def test_every_target_reads_marks_that_the_panel_counts():
    assert {mark for target in TARGETS.values() for mark in target.marks} <= set(MARKS)


def test_a_modelled_target_reads_the_mark_of_its_own_name():
    assert all(TARGETS[name].marks == (name,) for name in MODELLED_TARGETS)


def test_targets_without_a_model_are_binary():
    assert {t.name for t in TARGETS.values() if not t.is_modelled} == {"nuclear_test", "icbm_launch"}
    assert all(t.kind == "binary" for t in TARGETS.values() if not t.is_modelled)


def test_rules_name_the_time_zone_and_no_forbidden_word():
    for target in TARGETS.values():
        text = f"{target.question} {target.rule}".lower()
        assert "(kst)" in text
        assert not any(word in text for word in FORBIDDEN_WORDS["en"])


def test_an_unknown_target_is_refused_with_the_list():
    with pytest.raises(UsageError, match=r"weapons_test_days, .* got 'summits'"):
        require_target("summits")
