import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from scipy import optimize
from tests.rate_examples import (
    FIRST,
    LAST,
    START,
    World,
    ask,
    drawn_growth,
    drawn_question,
    drills,
    series,
    zones,
)

from sixparty.compute import Key
from sixparty.evidence import NotTestable, design_called
from sixparty.evidence.designs._days import lay_out
from sixparty.evidence.designs._weeks import gather, season

KEY = Key.from_seed(1)
REGRESSIONS = ("count_regression", "case_series")
ON_RATES = (*REGRESSIONS, "rates")


def day(number):
    return START + number


@pytest.mark.parametrize(
    ("first_week", "last_week", "offsets"),
    [
        (1, 1, range(1, 8)),
        (1, 4, range(1, 29)),
        (0, 0, [0]),
        (0, 1, range(8)),
        (-1, -1, range(-7, 0)),
        (-2, 0, range(-14, 1)),
    ],
)
def test_week_1_is_the_seven_days_that_follow_a_date(first_week, last_week, offsets):
    options = {"from_week": first_week, "to_week": last_week}
    laid = lay_out(ask(series([day(700)]), series([]), options=options), lead_days=0)
    assert list((laid.dates[laid.exposed] - day(700)).astype(int)) == list(offsets)


def test_the_lead_is_the_days_before_that_are_under_no_other_exposure():
    spells = series([day(100), day(120)], [day(109), day(129)])
    laid = lay_out(ask(spells, series([])), lead_days=28)
    lead = (laid.dates[laid.lead] - START).astype(int)
    assert list(lead) == [*range(72, 100), *range(110, 120)]


def test_days_left_out_are_on_neither_side():
    question = ask(series([day(100)], [day(109)]), series([day(99), day(105), day(108)]))
    laid = lay_out(question.without(FIRST + dt.timedelta(105), FIRST + dt.timedelta(300)), lead_days=0)
    assert laid.events == 1
    assert laid.exposed.sum() == 5
    assert len(laid.dates) == (LAST - FIRST).days + 1 - 196


def test_a_window_after_a_date_that_touches_a_span_left_out_is_left_out_whole():
    question = ask(series([day(100), day(500)]), series([]), options={"from_week": 1, "to_week": 4})
    laid = lay_out(question.without(FIRST + dt.timedelta(120), FIRST + dt.timedelta(130)), lead_days=0)
    assert laid.episodes == 1
    assert laid.exposed.sum() == 28
    assert not np.isin(np.arange(101, 131), (laid.dates - START).astype(int)).any()


def test_weeks_hold_the_share_of_their_days_that_is_exposed():
    laid = lay_out(ask(series([day(3)], [day(8)]), series([day(8), day(8)])), lead_days=0)
    weeks = gather(laid)
    assert weeks.share(laid.exposed)[:3] == pytest.approx([4 / 7, 2 / 7, 0])
    assert weeks.counts[:3] == pytest.approx([0, 2, 0])
    assert (weeks.days == 7).all()


@pytest.mark.parametrize("design", ON_RATES)
@pytest.mark.parametrize(
    ("question", "told"),
    [
        (lambda outcome: ask(series([]), outcome), "exposed and other days, got 0%"),
        (lambda outcome: ask(series([START], [np.datetime64(LAST)]), outcome), "exposed and other days, got 100%"),
        (lambda _: ask(drills(np.random.default_rng(1)), series([day(9), day(900)])), "outcomes, got 2"),
        (lambda _: ask(drills(np.random.default_rng(1)), series([])), "outcomes, got 0"),
        (lambda outcome: ask(series([day(50)], [day(51)]), outcome), "common rate on each side, got 0."),
        (lambda outcome: ask(series(outcome.starts), outcome), "outcomes on exposed and on other days"),
    ],
    ids=["never exposed", "always exposed", "two outcomes", "no outcome", "two exposed days", "all on one side"],
)
def test_a_question_that_cannot_be_answered_is_not_testable(design, question, told):
    outcome = drawn_question(World(), seed=1).outcome
    with pytest.raises(NotTestable, match=told):
        design_called(design)(KEY, question(outcome))


@pytest.mark.parametrize("design", REGRESSIONS)
def test_regressions_refuse_exposures_in_few_years(design):
    outcome = drawn_question(World(), seed=1).outcome
    exposure = series([day(3_000)], [day(4_000)])
    with pytest.raises(NotTestable, match="at least 5 calendar years, got 3"):
        design_called(design)(KEY, ask(exposure, outcome))


@pytest.mark.parametrize("design", REGRESSIONS)
def test_regressions_refuse_an_exposure_without_any_outcome_and_rates_do_not(design):
    outcome = drawn_question(World(), seed=3).outcome
    exposure = drills(np.random.default_rng(3))
    on = exposure.is_on(FIRST, LAST)
    others = series(outcome.starts[~on[(outcome.starts - START).astype(int)]])
    with pytest.raises(NotTestable, match="0 of"):
        design_called(design)(KEY, ask(exposure, others))
    found = design_called("rates")(KEY, ask(exposure, others))
    assert found.ratio.value == found.ratio.low == 0
    assert 0 < found.ratio.high < 1
    assert found.p_value < 0.05


@pytest.mark.parametrize("design", ON_RATES)
def test_a_strong_planted_effect_is_found(design):
    """Ratio 4 with some 500 outcomes: a miss, or an interval without 4, has a chance below 5 % for this fixed seed."""
    found = design_called(design)(KEY, drawn_question(World(ratio=4.0, season=0.0), seed=5))
    assert found.p_value < 0.001
    assert found.ratio.low < 4 < found.ratio.high
    assert 1 < found.minimum_detectable < 3
    assert 0 <= found.details["detectable_below_one"] < 1


@pytest.mark.parametrize("design", ON_RATES)
def test_the_same_question_has_the_same_answer(design):
    question = drawn_question(World(), seed=6)
    assert design_called(design)(KEY, question) == design_called(design)(Key.from_seed(2), question)


@pytest.mark.parametrize("design", ON_RATES)
def test_the_lead_is_off_where_it_is_not_wanted(design):
    question = drawn_question(World(), seed=7, options={"lead_weeks": 0, "lead_months": 0})
    assert design_called(design)(KEY, question).lead is None
    assert design_called(design)(KEY, drawn_question(World(), seed=7)).lead is not None


@pytest.mark.parametrize("design", REGRESSIONS)
def test_an_outcome_that_comes_before_drills_shows_in_the_lead(design):
    exposure = drills(np.random.default_rng(8))
    early = series((exposure.starts - 14)[:, None].ravel())
    usual = drawn_question(World(drift=0.0), seed=8).outcome
    both = series(np.concatenate([early.starts, usual.starts]))
    found = design_called(design)(KEY, ask(exposure, both))
    assert found.lead is not None
    assert found.lead.low > 1.5


def test_an_exposure_held_apart_takes_its_own_effect():
    """Drills do nothing; zones triple the rate. The ratio of drills stays near 1 (3.5 standard errors)."""
    generator = np.random.default_rng(9)
    other = zones(generator, number=6)
    question = drawn_question(World(ratio=1.0), seed=9)
    on = other.is_on(FIRST, LAST)[(question.outcome.starts - START).astype(int)]
    thinned = series(question.outcome.starts[on | (generator.random(len(on)) < 1 / 3)])
    asked = replace(question, outcome=thinned, apart={"zones": other})
    for design in REGRESSIONS:
        found = design_called(design)(KEY, asked)
        assert abs(np.log(found.ratio.value)) < 3.5 * found.details["standard_error"]


def test_a_ratio_can_be_taken_against_an_exposure_held_apart():
    """Large drills against small ones: the log ratios against none differ by the log ratio asked for (1 % of it)."""
    question = drawn_question(World(ratio=3.0), seed=4, options={"lead_weeks": 0})
    long = (question.exposure.ends - question.exposure.starts).astype(int) > 20
    large, small = (
        series(question.exposure.starts[chosen], question.exposure.ends[chosen]) for chosen in (long, ~long)
    )
    asked = replace(question, exposure=large, apart={"small": small})
    swapped = replace(question, exposure=small, apart={"large": large})
    against = replace(asked, options={**question.options, "against": "small"})
    design = design_called("count_regression")
    logs = [np.log(design(KEY, each).ratio.value) for each in (asked, swapped, against)]
    assert logs[2] == pytest.approx(logs[0] - logs[1], abs=0.01)
    with pytest.raises(NotTestable, match=r"held apart \(small\), got 'tiny'"):
        design(KEY, replace(asked, options={"against": "tiny"}))


@pytest.mark.parametrize("design", REGRESSIONS)
def test_an_exposure_that_another_one_coincides_with_is_not_testable(design):
    question = drawn_question(World(), seed=9)
    with pytest.raises(NotTestable, match="must differ from season, level and what is held apart"):
        design_called(design)(KEY, replace(question, apart={"the same": question.exposure}))


@pytest.mark.parametrize("design", REGRESSIONS)
def test_outcomes_that_crowd_into_one_year_are_not_testable(design):
    generator = np.random.default_rng(9)
    crowded = series(START + 3_000 + np.sort(generator.choice(250, 40, replace=False)))
    with pytest.raises(NotTestable):
        design_called(design)(KEY, ask(drills(generator), crowded))


def test_controls_are_drift_years_and_leaders():
    def ask_with(**options):
        return design_called("count_regression")(KEY, drawn_question(World(), seed=10, options=options))

    by_drift, by_years = ask_with(control="drift"), ask_with(control="years")
    by_leaders = ask_with(control="leaders", changes="2011-12-17; 1994-07-08")
    assert len({round(each.ratio.value, 6) for each in (by_drift, by_years, by_leaders)}) == 3
    with pytest.raises(NotTestable, match="drift, years, leaders, got 'moon'"):
        ask_with(control="moon")
    with pytest.raises(NotTestable, match="dates of `changes`, got none"):
        ask_with(control="leaders")
    with pytest.raises(NotTestable, match="to_week must not lie before from_week"):
        ask_with(from_week=4, to_week=1)


def test_the_case_series_is_the_conditional_likelihood_written_out():
    """Against brute force: the log chance of each outcome's day among the days of its year, maximised by SciPy."""
    question = drawn_question(World(), seed=11, options={"lead_weeks": 0, "harmonics": 1})
    laid = lay_out(question, lead_days=0)
    terms = np.column_stack([laid.exposed, season(laid.dates, harmonics=1)])

    def less(values):
        log_weights = terms @ values
        years = [log_weights[laid.years == year] for year in np.unique(laid.years)]
        number = [laid.counts[laid.years == year].sum() for year in np.unique(laid.years)]
        return -(laid.counts @ log_weights) + sum(
            n * np.log(np.exp(y).sum()) for n, y in zip(number, years, strict=True)
        )

    wanted = optimize.minimize(less, np.zeros(3), method="BFGS", options={"gtol": 1e-6}).x[0]
    found = design_called("case_series")(KEY, question)
    assert np.log(found.ratio.value) == pytest.approx(wanted, abs=1e-4)


def test_rates_of_a_steady_outcome_are_plain_rates():
    question = drawn_question(World("zones4", drift=0.0, excitation=0.0, season=0.0), seed=12)
    found = design_called("rates")(KEY, question)
    laid = lay_out(question, lead_days=0)
    inside, outside = (
        laid.exposed_events / laid.exposed.sum(),
        (laid.events - laid.exposed_events) / (~laid.exposed).sum(),
    )
    assert found.ratio.value == pytest.approx(inside / outside)
    assert found.details["design_effect"] < 2
    assert found.details["level_variance"] < 0.2


def test_rates_can_look_at_few_years_around_each_spell():
    exposure = series([day(4_000)], [day(5_000)])
    outcome = drawn_question(World(), seed=13).outcome
    near = design_called("rates")(KEY, ask(exposure, outcome, options={"compare_years": 3}))
    whole = design_called("rates")(KEY, ask(exposure, outcome))
    assert near.events < whole.events
    assert near.exposed_events == whole.exposed_events


def test_growth_is_found_and_told_in_both_kinds_of_years():
    found = design_called("growth")(KEY, drawn_growth(seed=1, number=6, effect=0.15))
    assert found.p_value < 0.01
    assert found.ratio.low < np.exp(0.15) < found.ratio.high
    assert np.log(found.ratio.value) == pytest.approx(found.details["growth_exposed"] - found.details["growth_others"])
    assert found.events == 33
    assert found == design_called("growth")(KEY, drawn_growth(seed=1, number=6, effect=0.15))


def test_growth_judges_by_the_interval_and_the_p_value_alike():
    for seed in range(12):
        found = design_called("growth")(KEY, drawn_growth(seed=seed, number=6, effect=0.04))
        assert found.ratio.holds_one == (found.p_value >= 0.05) or abs(found.p_value - 0.05) < 0.01


def test_growth_refuses_what_it_cannot_answer():
    question = drawn_growth(seed=2, number=6)
    stock = question.stock
    assert stock is not None
    short = replace(stock, years=stock.years[:9], values=stock.values[:9])
    flat = replace(stock, values=np.ones(len(stock.years)))
    for changed, told in (
        (replace(question, stock=None), "must have a stock, got none"),
        (
            replace(question, stock=replace(stock, values=stock.values - 1.0)),
            "above 0 in every year looked at, got none",
        ),
        (replace(question, stock=short), "12 years"),
        (replace(question, stock=flat), "growth must differ between years"),
        (replace(question, exposure=series([])), "0 of them under the exposure"),
        (replace(question, exposure=series([day(11_000)], [np.datetime64(LAST)])), "40 ways to fall"),
        (replace(question, options={"control": "moon"}), "level or trend"),
        (replace(question, options={"month": 13}), "from 1 to 12, got 13"),
        (replace(question, options={"month": 1.5}), "whole number, got 1.5"),
    ):
        with pytest.raises(NotTestable, match=told):
            design_called("growth")(KEY, changed)


def test_growth_tells_what_too_few_years_could_have_shown():
    question = drawn_growth(seed=2, number=6)
    stock = question.stock
    assert stock is not None
    short = replace(question, stock=replace(stock, years=stock.years[:10], values=stock.values[:10]))
    year = np.datetime64("1992-01-01")
    one_run = replace(short, exposure=series([year], [year + 4 * 365]))
    apart = replace(
        short, exposure=series([year, year + 1_200, year + 2_000], [year + 300, year + 1_400, year + 2_600])
    )
    for changed, told in (
        (one_run, "4 of them under the exposure. These could fall in 6 ways, .* below 0.17"),
        (apart, "At best they could have shown yearly growth factors that are 1.[0-9]+ times as large"),
        (replace(short, exposure=series([])), "With years on one side alone nothing can be compared"),
    ):
        with pytest.raises(NotTestable, match=told):
            design_called("growth")(KEY, changed)


def test_growth_looks_at_figures_within_the_window_alone():
    question = drawn_growth(seed=1, number=6, effect=0.15)
    stock = question.stock
    assert stock is not None
    emptied = replace(stock, values=np.where(stock.years >= 2023, 0.0, stock.values))
    cut = replace(question, stock=emptied, last=dt.date(2022, 12, 31))
    found = design_called("growth")(KEY, cut)
    assert found.events == 32
    assert found == design_called("growth")(KEY, replace(question, last=dt.date(2022, 12, 31)))


def test_growth_can_look_at_the_year_after_dates():
    """Every fifth year begins with a date; growth in these years is larger by .3."""
    question = drawn_growth(seed=3, number=6)
    stock = question.stock
    assert stock is not None
    on = stock.years % 5 == 0
    grown = replace(stock, values=np.exp(np.cumsum(0.01 * (stock.years % 3) + 0.3 * on)))
    dates = series([np.datetime64(f"{year}-01-03") for year in range(1995, 2025, 5)])
    asked = replace(question, exposure=dates, stock=grown, options={"from_week": 0, "to_week": 51})
    found = design_called("growth")(KEY, asked)
    assert found.exposed_events == found.episodes == 6
    assert found.ratio.value == pytest.approx(np.exp(0.3), rel=0.02)
    assert found.p_value < 0.05


def test_a_stock_counted_in_january_tells_of_the_year_before():
    """With figures of January, the growth to the figure of 2000 is that of 1999."""
    question = drawn_growth(seed=3, number=6)
    stock = question.stock
    assert stock is not None
    spells = series(
        [np.datetime64(f"{year}-01-01") for year in (1995, 1999, 2003, 2007)],
        [np.datetime64(f"{year}-12-31") for year in (1995, 1999, 2003, 2007)],
    )
    jumps = np.isin(stock.years, [1996, 2000, 2004, 2008])
    jumping = replace(stock, values=np.exp(np.cumsum(0.01 * (np.arange(len(jumps)) % 3) + jumps)))
    asked = replace(question, exposure=spells, stock=jumping)
    assert design_called("growth")(KEY, replace(asked, options={"month": 1})).ratio.value > 2.5
    assert design_called("growth")(KEY, asked).ratio.value < 1.1
