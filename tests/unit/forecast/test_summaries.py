"""Summaries of series, places of the record among simulated ones, and priors in plain units."""

import numpy as np
import polars as pl
import pytest
from tests.excitation_examples import TYPICAL, known_fit, seen, years

from sixparty.compute import Key
from sixparty.excitation import MarkStructure, default_priors
from sixparty.excitation.parameters import parameters_of
from sixparty.forecast import (
    SUMMARIES,
    TARGET_STRUCTURE,
    after_silence,
    posterior_predictive,
    prior_predictive,
    prior_range,
    prior_table,
    pulls,
    series_summaries,
    yearly_predictive,
)
from sixparty.forecast.model_checks import weeks_silent

KEY = Key.from_seed(4)
WEEKS = 208


def summaries_of(counts):
    counts = np.asarray(counts)
    found = series_summaries(counts[None], year_fraction=years(counts.size), covered=np.ones(counts.size, dtype=bool))
    return {name: float(values[0]) for name, values in found.items()}


def test_a_silent_series_has_summaries_without_a_warning():
    found = summaries_of(np.zeros(WEEKS, dtype=int))
    assert found["longest_silence"] == WEEKS
    assert found["silent_weeks"] == 1.0
    assert {found[name] for name in SUMMARIES if name not in ("longest_silence", "silent_weeks")} == {0.0}


def test_summaries_of_a_small_series_are_those_counted_by_hand():
    counts = np.zeros(WEEKS, dtype=int)
    counts[[10, 11, 100]] = [2, 1, 3]
    found = summaries_of(counts)
    assert found["events_a_year"] == pytest.approx(6 / 4)
    assert found["silent_weeks"] == pytest.approx(205 / 208)
    assert found["longest_silence"] == 107
    assert found["most_in_a_year"] == 3
    sums = np.array([0, 0, 3, *([0] * 22), 3, *([0] * 26)])
    assert found["dispersion_4"] == pytest.approx(sums.var(ddof=1) / sums.mean())


def test_the_pull_of_the_season_is_one_for_events_of_one_day_and_nothing_for_an_even_year():
    one_day = np.zeros(WEEKS, dtype=int)
    one_day[[10, 62, 114, 166]] = 1
    assert summaries_of(one_day)["season"] > 0.99
    assert summaries_of(np.ones(WEEKS, dtype=int))["season"] < 0.02


def test_weeks_that_are_not_covered_are_left_out_of_summaries():
    counts = np.concatenate([np.full(52, 9), np.ones(156, dtype=int)])
    covered = np.arange(WEEKS) >= 52
    found = series_summaries(counts[None], year_fraction=years(WEEKS), covered=covered)
    assert found["events_a_year"][0] == pytest.approx(52.0)


def test_silence_is_counted_to_the_week_itself():
    assert weeks_silent(np.array([[0, 2, 0, 0, 1]])).tolist() == [[1, 0, 1, 2, 0]]


@pytest.fixture(scope="module")
def quiet_record():
    return seen(np.random.default_rng(3).poisson(0.2, 520))


def test_a_record_like_the_model_lies_among_its_replications(quiet_record):
    values = {"drift": 0.04, "dispersion": 50.0, "level_mean": np.log(0.2), "renewal": 1e-4, "level_spread": 0.05}
    fit = known_fit(MarkStructure(level="episodes", links=()), values, draws=300)
    record = seen(quiet_record.counts)
    for table in (posterior_predictive(KEY, fit, _unlinked(record)), yearly_predictive(KEY, fit, _unlinked(record))):
        assert table["summary"].to_list() == list(SUMMARIES)
        assert table["place"].is_between(0.005, 0.995).all()
        assert (table["low"] <= table["middle"]).all()
        assert (table["middle"] <= table["high"]).all()


def test_a_record_unlike_the_model_lies_at_the_end(quiet_record):
    values = {"drift": 0.04, "dispersion": 50.0, "level_mean": np.log(2.0), "renewal": 1e-4, "level_spread": 0.05}
    fit = known_fit(MarkStructure(level="episodes", links=()), values, draws=200)
    table = posterior_predictive(KEY, fit, _unlinked(quiet_record))
    places = dict(table.select("summary", "place").iter_rows())
    assert places["events_a_year"] == 0.0
    assert places["silent_weeks"] == 1.0


def _unlinked(record):
    from dataclasses import replace

    return replace(record, link_counts=record.link_counts[:, :0])


def test_shares_of_what_the_priors_allow_add_up(quiet_record):
    found = prior_range(KEY, quiet_record, MarkStructure(), target="border_kinetic", draws=60)
    assert found.below + found.within + found.above == pytest.approx(1.0)
    assert 0.0 <= found.overfull <= 1.0
    assert prior_predictive(KEY, quiet_record, MarkStructure(), draws=60).height == len(SUMMARIES)


def test_looks_after_silence_are_sorted_by_its_length_and_start_at_the_first_event():
    counts = np.zeros(260, dtype=int)
    counts[[20, 60, 200]] = 1
    found = after_silence(KEY, known_fit(MarkStructure(), TYPICAL, draws=50), seen(counts))
    assert found["silence"].to_list() == [0, 4, 13, 26, 52]
    # looks at weeks 24, 28, ... 244, each seen before a window of 13 weeks
    assert found["looks"].sum() == len(range(24, 248, 4))
    assert found["silences"].to_list()[-1] == 1
    assert found["place"].is_between(0.0, 1.0).all()


def test_a_fit_that_is_its_prior_is_not_pulled():
    from sixparty.excitation import prior_draws

    found = pulls(prior_draws(KEY, MarkStructure(), number=3_000))
    assert found["pull"].abs().max() < 0.1
    assert found["left"].is_between(0.93, 1.07).all()


def test_every_parameter_of_every_target_has_a_reading_with_a_reason_and_a_source():
    table = prior_table(TARGET_STRUCTURE)
    named = set(table["parameter"]) | {"season:sin", "season:cos"}
    for structure in TARGET_STRUCTURE.values():
        assert {each.name for each in parameters_of(structure, default_priors(structure))} <= named
    assert (table["reason"].str.len_chars() > 20).all()
    assert (table["source"].str.len_chars() > 5).all()
    assert table.filter((pl.col("low") > pl.col("median")) | (pl.col("median") > pl.col("high"))).is_empty()


def test_priors_are_read_in_plain_units():
    row = prior_table(TARGET_STRUCTURE).row(by_predicate=pl.col("parameter") == "renewal", named=True)
    assert row["median"] == pytest.approx(1.47, abs=0.02)
    assert (row["low"], row["high"]) == (pytest.approx(0.37, abs=0.02), pytest.approx(6.8, abs=0.1))
