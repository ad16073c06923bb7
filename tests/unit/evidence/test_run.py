"""From a claim to its result: the main estimate, the checks, and what is said where there is none."""

import datetime as dt
from types import MappingProxyType

import numpy as np
import pytest
from tests.conftest import COVERED, drill
from tests.unit.evidence.conftest import WORDS, estimate, launches, spring_drills

from sixparty import evidence
from sixparty.chronicle import Selection, as_known
from sixparty.chronicle.schema import FAMILIES
from sixparty.compute import Key
from sixparty.errors import ModelRefused, UsageError
from sixparty.evidence import TURN, VERIFIED, WITHOUT_TURN, Series, effects_table, expected_false_positives
from sixparty.evidence import run as run_module
from sixparty.tension import DaySeries

KEY = Key.from_seed(1)


@pytest.fixture
def asked(monkeypatch):
    """Stand in for every design: keep the keys and questions, answer with an estimate drawn from the key."""
    kept = []

    def answer(key, question):
        kept.append((key, question))
        return estimate(1.5 + 0.1 * key.generator().random(), 1.3, 1.9, p_value=0.01)

    monkeypatch.setattr(run_module, "design_called", lambda name: answer)
    return kept


def refusing(monkeypatch, refuses, error=evidence.NotTestable):
    def answer(key, question):
        if refuses(question):
            raise error("the record cannot say.")
        return estimate(1.5, 1.3, 1.9, p_value=0.01)

    monkeypatch.setattr(run_module, "design_called", lambda name: answer)


def test_planted_drills_are_found_by_a_design_on_a_made_up_record(record, claim_of):
    result = evidence.test_claim(KEY, record, claim_of())
    assert result.estimate.ratio.low > 1.25
    assert result.window == (dt.date(1990, 1, 1), dt.date(2025, 6, 30))
    assert result.grade == "B"
    assert result.estimate.episodes == 35
    assert WITHOUT_TURN in result.checks


def test_every_claim_is_asked_without_the_turn_on_verified_rows_and_by_its_choices(record, claim_of, asked):
    choices = {"since": MappingProxyType({"first": dt.date(2000, 1, 1)})}
    result = evidence.test_claim(KEY, record, claim_of(choices=choices))
    assert set(result.checks) == {WITHOUT_TURN, VERIFIED, "since"}
    main, without, verified, since = (question for _, question in asked)
    assert main.left_out == ()
    assert without.left_out == (TURN,)
    assert (len(verified.exposure), len(verified.outcome)) == (0, 0)
    assert since.first == dt.date(2000, 1, 1)
    assert len({key for key, _ in asked}) == 4


def test_a_choice_adds_options_and_replaces_the_rest(record, claim_of, asked):
    changed = {"options": {"harmonics": 3}, "outcome": Series(WORDS, mark="ballistic_days")}
    claim = claim_of(options={"harmonics": 1, "lead_weeks": 2}, choices={"other": MappingProxyType(changed)})
    evidence.test_claim(KEY, record, claim)
    assert asked[0][1].options == {"harmonics": 1, "lead_weeks": 2}
    assert asked[-1][1].options == {"harmonics": 3, "lead_weeks": 2}
    assert asked[-1][1].outcome.ids[0].startswith("1990-")


def test_the_same_key_gives_the_same_result_and_another_key_another(record, claim_of, asked):
    first, again, other = (evidence.test_claim(Key.from_seed(seed), record, claim_of()) for seed in (1, 1, 2))
    assert first == again
    assert first.estimate != other.estimate


def test_a_main_question_that_cannot_be_answered_makes_the_claim_not_testable_and_says_why(
    record, claim_of, monkeypatch
):
    refusing(monkeypatch, lambda question: not question.left_out)
    result = evidence.test_claim(KEY, record, claim_of())
    assert result.judgement.verdict == "not_testable"
    assert result.not_run["main"] == "the record cannot say."
    assert (result.estimate, result.grade, result.window) == (None, None, None)
    assert len(result.rows) == 35 + 35 * 9


@pytest.mark.parametrize("error", [evidence.NotTestable, ModelRefused])
def test_a_check_that_cannot_be_answered_is_told_and_the_verdict_stands(record, claim_of, monkeypatch, error):
    refusing(monkeypatch, lambda question: bool(question.left_out), error)
    result = evidence.test_claim(KEY, record, claim_of())
    assert result.judgement.verdict == "supported"
    assert result.not_run == {WITHOUT_TURN: "the record cannot say."}


def test_without_a_verified_row_the_check_on_verified_rows_is_not_run(record, claim_of):
    result = evidence.test_claim(KEY, record, claim_of())
    assert VERIFIED not in result.checks
    assert "must hold exposed and other days" in result.not_run[VERIFIED]


def test_where_all_rows_are_verified_the_check_says_the_same(make_chronicle, claim_of):
    rows = {"spells": spring_drills(confidence="verified"), "events": launches(in_drills=2, confidence="verified")}
    result = evidence.test_claim(KEY, make_chronicle(**rows), claim_of())
    assert result.checks[VERIFIED].ratio == result.estimate.ratio


@pytest.mark.parametrize(
    ("spells", "events", "told"),
    [
        ([], launches(), "must hold exposed and other days, got 0% of 12,965 days exposed"),
        ([drill("1990-01-01", "2025-06-30")], launches(), "got 100% of 12,965 days exposed"),
        (spring_drills(), [], "must hold at least 20 outcomes, got 0"),
        (spring_drills(), launches(in_drills=0)[:5], "must hold at least 20 outcomes, got 5"),
        (spring_drills(), launches(in_drills=0), "got 0 of 245 on exposed days"),
        (spring_drills()[:3], launches(in_drills=2), "got"),
    ],
    ids=["no exposure", "always exposed", "no event", "too few events", "separated", "too few years"],
)
def test_a_record_that_cannot_answer_is_not_testable_with_its_reason(make_chronicle, claim_of, spells, events, told):
    result = evidence.test_claim(KEY, make_chronicle(spells=spells, events=events), claim_of())
    assert result.judgement.verdict == "not_testable"
    assert told in result.not_run["main"]
    assert not any(np.isnan(check.ratio.value) for check in result.checks.values())


@pytest.mark.parametrize(
    "window", [{"first": dt.date(2026, 1, 1)}, {"last": dt.date(1989, 6, 1)}, {"first": dt.date(2024, 8, 1)}]
)
def test_a_window_outside_the_record_is_not_testable(record, claim_of, window):
    result = evidence.test_claim(KEY, record, claim_of(**window))
    assert result.judgement.verdict == "not_testable"
    assert "the window must hold a year that exposure and outcome both cover" in result.not_run["main"]


def test_families_without_a_common_year_are_not_testable(make_chronicle, claim_of):
    ends = {"weapons_tests": {"complete_from": "2024-12-31"}}
    coverage = [COVERED | {"family": family} | ends.get(family, {}) for family in FAMILIES]
    result = evidence.test_claim(KEY, make_chronicle(coverage=coverage, events=launches()), claim_of())
    assert "got 2024-12-31 to 2025-06-30" in result.not_run["main"]


def test_a_claim_whose_days_are_all_listed_must_bound_its_window(record, claim_of, asked):
    listed = Series(WORDS, days=(dt.date(2012, 11, 6), dt.date(2016, 11, 8)), source="by law")
    result = evidence.test_claim(KEY, record, claim_of(exposure=listed, outcome=listed))
    assert "must be bounded by first and last" in result.not_run["main"]
    bounds = {"first": dt.date(2010, 1, 1), "last": dt.date(2017, 12, 31)}
    result = evidence.test_claim(KEY, record, claim_of(exposure=listed, outcome=listed, **bounds))
    assert result.window == (dt.date(2010, 1, 1), dt.date(2017, 12, 31))
    assert result.rows == ()


def test_what_is_held_apart_bounds_the_window_too(make_chronicle, claim_of, asked):
    starts = {"grey_zone": {"complete_from": "2005-01-01"}}
    coverage = [COVERED | {"family": family} | starts.get(family, {}) for family in FAMILIES]
    apart = Series(WORDS, selection=Selection("events", {"event_type": ("gps_jamming",)}))
    claim = claim_of(apart={"jamming": apart})
    evidence.test_claim(KEY, make_chronicle(coverage=coverage, events=launches()), claim)
    assert asked[0][1].first == dt.date(2005, 1, 1)


LEADERS = [
    {"id": f"{party}-{day}", "party": party, "start_date": day, "known_date": day}
    for party, day in [("PRK", "2011-12-17"), ("KOR", "2008-02-25"), ("CHN", "2012-11-15")]
]


def test_leaders_are_held_apart_by_the_record_unless_the_claim_lists_their_days(make_chronicle, claim_of, asked):
    record = make_chronicle(spells=spring_drills(), events=launches(in_drills=2), leaders=LEADERS)
    listed = {"control": "leaders", "changes": "1994-07-08"}
    for options in ({"control": "leaders"}, listed, {"control": "drift"}):
        evidence.test_claim(KEY, record, claim_of(design="count_regression", options=options))
    mains = [question for _, question in asked if not question.left_out and len(question.exposure)]
    assert [question.options.get("changes") for question in mains] == ["2008-02-25;2011-12-17", "1994-07-08", None]


def test_a_regression_with_leaders_apart_runs_on_the_days_of_the_record(make_chronicle, claim_of):
    record = make_chronicle(spells=spring_drills(), events=launches(in_drills=2), leaders=LEADERS)
    result = evidence.test_claim(KEY, record, claim_of(design="count_regression", options={"control": "leaders"}))
    assert result.estimate.ratio.low > 1.25


def test_a_look_back_ends_the_day_before_and_uses_no_later_row(record, claim_of, asked):
    known = as_known(record, dt.date(2016, 12, 31))
    result = evidence.test_claim(KEY, known, claim_of())
    assert result.window == (dt.date(1990, 1, 1), dt.date(2016, 12, 30))
    assert max(asked[0][1].outcome.starts) <= np.datetime64("2016-12-30")
    assert not any("2017" in row for row in result.rows)


def test_a_look_back_gives_what_the_record_cut_by_hand_gives(make_chronicle, claim_of):
    spells, events = spring_drills(), launches(in_drills=2)
    whole = make_chronicle(spells=spells, events=events)
    looked_back = evidence.test_claim(KEY, as_known(whole, dt.date(2016, 12, 31)), claim_of())
    cut = evidence.test_claim(KEY, whole, claim_of(last=dt.date(2016, 12, 30)))
    assert looked_back.estimate == cut.estimate
    assert looked_back.rows == cut.rows


def test_rows_are_those_of_the_window_and_years_count_episodes_that_begin_in_it(record, claim_of, asked):
    bounds = {"first": dt.date(2000, 1, 1), "last": dt.date(2001, 12, 31)}
    result = evidence.test_claim(KEY, record, claim_of(**bounds))
    assert [row for row in result.rows if row.startswith("jd")] == ["jd-2000-03-05", "jd-2001-03-05"]
    assert all(row[3:7] in ("2000", "2001") for row in result.rows)
    assert result.grade == "D"


def test_days_of_a_mark_are_not_told_as_rows(record, claim_of, asked):
    result = evidence.test_claim(KEY, record, claim_of(outcome=Series(WORDS, mark="ballistic_days")))
    assert all(row.startswith("jd-") for row in result.rows)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"design": "growth", "outcome": Series(WORDS, figures="tradd")}, "series of the record, got 'tradd'"),
        ({"design": "magic"}, "design must be one of count_regression"),
        ({"outcome": Series(WORDS, mark="calm")}, "mark must be one of"),
        ({"outcome": Series(WORDS)}, "a series must name a mark or a selection"),
    ],
)
def test_a_claim_made_by_hand_that_names_what_does_not_exist_is_refused(record, claim_of, part, told):
    with pytest.raises(UsageError, match=told):
        evidence.test_claim(KEY, record, claim_of(**part))


def test_an_option_that_is_no_number_is_not_testable(record, claim_of):
    result = evidence.test_claim(KEY, record, claim_of(options={"harmonics": "two"}))
    assert "option harmonics must be a number, got 'two'" in result.not_run["main"]


@pytest.mark.parametrize("options", [{"harmonics": 1.5}, {"lead_weeks": 2.7}, {"from_week": 1, "to_week": 4.5}])
def test_an_option_that_must_be_whole_is_not_cut(record, claim_of, options):
    for design in ("case_series", "count_regression"):
        result = evidence.test_claim(KEY, record, claim_of(design=design, options=options))
        assert (
            f"must be a whole number, got {max(options.values(), key=lambda value: value % 1)}"
            in result.not_run["main"]
        )


def test_a_whole_number_may_be_written_with_a_point(record, claim_of):
    results = [
        evidence.test_claim(KEY, record, claim_of(options={"harmonics": number, "lead_weeks": number}))
        for number in (1, 1.0)
    ]
    assert results[0].estimate == results[1].estimate


TRADE = Series(WORDS, figures="trade")
TERMS = ((dt.date(1998, 2, 25), dt.date(2003, 2, 24)), (dt.date(2013, 5, 10), dt.date(2019, 5, 9)))
ENGAGED = Series(WORDS, spans=TERMS, source="terms of office")


FIGURE = {
    "series": "trade",
    "unit": "dollars",
    "known_basis": "rule",
    "source_ids": "a-source",
    "confidence": "attested",
}


def figures(*, last=2020):
    """Trade by year that grows by 5 % or so, and by half in years under the terms of office."""
    rows, value = [], 100.0
    for year in range(1990, last + 1):
        value *= 1.5 if year in (*range(1998, 2003), *range(2013, 2019)) else 1.03 + 0.04 * (year % 2)
        rows.append(FIGURE | {"period": str(year), "value": f"{value:.1f}", "known_date": f"{year + 1}-02-01"})
    return rows


def test_growth_of_yearly_figures_under_listed_spans_is_found(make_chronicle, claim_of):
    claim = claim_of(design="growth", exposure=ENGAGED, outcome=TRADE, smallest=1.1)
    result = evidence.test_claim(KEY, make_chronicle(series=figures()), claim)
    assert result.estimate.ratio.low > 1.1
    assert result.window == (dt.date(1990, 1, 1), dt.date(2020, 12, 31))
    assert (result.estimate.events, result.estimate.episodes) == (30, 2)
    assert result.rows == ()
    assert "verified rows must be there" in result.not_run[VERIFIED]


def test_what_rests_on_two_spells_leans_at_most(make_chronicle, claim_of):
    claim = claim_of(design="growth", exposure=ENGAGED, outcome=TRADE, smallest=1.1)
    result = evidence.test_claim(KEY, make_chronicle(series=figures()), claim)
    assert (result.grade, result.judgement.verdict) == ("D", "leans_supported")


def test_figures_told_after_the_day_looked_back_to_are_not_used(make_chronicle, claim_of):
    claim = claim_of(design="growth", exposure=ENGAGED, outcome=TRADE, smallest=1.1)
    whole, cut = make_chronicle(series=figures()), make_chronicle(series=figures(last=2014))
    looked_back = evidence.test_claim(KEY, as_known(whole, dt.date(2015, 12, 31)), claim)
    assert looked_back.window == (dt.date(1990, 1, 1), dt.date(2014, 12, 31))
    assert looked_back.estimate == evidence.test_claim(KEY, cut, claim).estimate
    before = evidence.test_claim(KEY, as_known(whole, dt.date(1990, 12, 31)), claim)
    assert "must be known by the day looked back to" in before.not_run["main"]


def test_what_was_told_late_can_be_left_out(make_chronicle, claim_of, asked):
    late = drill("2010-07-05", "2010-07-09", known_date="2010-09-01")
    record = make_chronicle(spells=[*spring_drills(), late], events=launches(in_drills=2))
    soon = Series(WORDS, selection=Selection("spells", {"spell_type": ("joint_drill",)}), known_within_days=30)
    evidence.test_claim(KEY, record, claim_of(choices={"soon": MappingProxyType({"exposure": soon})}))
    assert (len(asked[0][1].exposure), len(asked[-1][1].exposure)) == (36, 35)


def test_untested_claims_keep_their_standing(record):
    for standing in ("not_yet_tested", "not_testable"):
        claim = evidence.Claim("a-claim", (), WORDS, WORDS, WORDS, WORDS, standing, reason=WORDS)
        result = evidence.test_claim(KEY, record, claim)
        assert result.judgement.verdict == standing
        assert result.estimate is None


def test_effects_hold_claims_with_an_estimate_alone(record, claim_of, asked):
    untested = evidence.Claim("b-claim", (), WORDS, WORDS, WORDS, WORDS, "not_testable", reason=WORDS)
    results = [evidence.test_claim(KEY, record, claim) for claim in (claim_of(), untested)]
    table = effects_table(results, digest="abc")
    assert table.columns == list(evidence.EFFECT_COLUMNS)
    assert table.select("claim", "low", "high", "grade", "verdict", "record").rows() == [
        ("a-claim", 1.3, 1.9, "B", "supported", "abc")
    ]
    assert expected_false_positives(results) == pytest.approx(0.05)


def test_a_table_without_effects_has_its_columns():
    assert effects_table([], digest="abc").columns == list(evidence.EFFECT_COLUMNS)


@pytest.mark.parametrize(
    "numbers",
    [(2.0, 2.1, 3.0), (2.0, 1.0, 1.9), (float("nan"), 1.0, 2.0), (float("inf"), 1.0, float("inf")), (1.0, -1.0, 2.0)],
)
def test_a_ratio_outside_its_interval_or_without_end_is_not_testable(numbers):
    with pytest.raises(evidence.NotTestable, match="must lie within its interval and be finite"):
        evidence.Ratio(*numbers)


def test_a_question_leaves_spans_out_one_after_the_other():
    empty = np.array([], dtype="datetime64[D]")
    series = DaySeries((), empty, empty, dt.date(1990, 1, 1), dt.date(2025, 6, 30))
    question = evidence.Question.covered(series, series).without(*TURN).without(*TURN)
    assert question.left_out == (TURN, TURN)
    assert question.option("control", "drift") == "drift"
