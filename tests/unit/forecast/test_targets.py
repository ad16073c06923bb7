import pytest
from tests.conftest import ROOT

from sixparty.errors import UsageError
from sixparty.forecast.targets import MODELLED_TARGETS, TARGETS, require_target
from sixparty.periods import saturday_on_or_before
from sixparty.tension import count_panel
from sixparty.tension.panel import MARKS
from sixparty.vocabulary import FORBIDDEN_WORDS


def test_every_target_reads_marks_that_the_panel_counts():
    assert {mark for target in TARGETS.values() for mark in target.marks} <= set(MARKS)


def test_a_modelled_target_reads_the_mark_of_its_own_name():
    assert all(TARGETS[name].marks == (name,) for name in MODELLED_TARGETS)


def test_a_target_has_a_model_only_where_twenty_episodes_stand_behind_it(chronicle):
    panel = count_panel(chronicle, end=saturday_on_or_before(chronicle.coverage_end))
    seen = dict(zip(panel.marks, panel.counts.sum(axis=0), strict=True))
    assert all(seen[name] >= 20 for name in MODELLED_TARGETS)
    assert all(
        TARGETS[name].kind == "binary" or name == "grey_zone_days" for name in set(TARGETS) - {*MODELLED_TARGETS}
    )


def test_every_target_has_its_resolution_page():
    page = (ROOT / "docs/reference/targets.md").read_text(encoding="utf-8")
    told = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    assert told == list(TARGETS)


def test_rules_name_the_time_zone_and_no_forbidden_word():
    for target in TARGETS.values():
        text = f"{target.question} {target.rule}".lower()
        assert "(kst)" in text
        assert not any(word in text for word in FORBIDDEN_WORDS["en"])


def test_an_unknown_target_is_refused_with_the_list():
    with pytest.raises(UsageError, match=r"weapons_test_days, .* got 'summits'"):
        require_target("summits")
