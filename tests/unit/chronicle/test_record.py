"""What the shipped record must hold, whatever else changes in it."""

import datetime as dt
import re

import polars as pl
import pytest

from sixparty.chronicle import as_known
from sixparty.chronicle.read import COUNTED_FAMILIES
from sixparty.chronicle.schema import FAMILIES
from sixparty.vocabulary import EVENT_TYPES, PARTIES, SPELL_TYPES

END = dt.date(2025, 6, 30)


def test_the_balloon_waves_of_2024_are_numbered_without_a_gap(chronicle):
    refuse = chronicle["events"].filter(pl.col("act_kind") == "refuse").sort("event_date", "id")
    waves = sorted(int(re.search(r"wave (\d+)", label)[1]) for label in refuse["label_en"])
    assert waves == list(range(1, 33))


def test_no_event_or_spell_begins_after_the_record(chronicle):
    assert chronicle["events"]["event_date"].max() <= END
    assert chronicle["spells"].filter(pl.col("known_date") > END).is_empty()


@pytest.mark.parametrize("party", PARTIES)
def test_somebody_leads_each_party_on_every_day_of_the_record(chronicle, party):
    terms = chronicle["leaders"].filter((pl.col("party") == party) & (pl.col("role") != "office"))
    days = pl.select(day=pl.date_range(dt.date(1990, 1, 1), END)).join_where(
        terms, pl.col("day") >= pl.col("start_date"), pl.col("day") <= pl.col("end_date").fill_null(END)
    )
    assert days["day"].n_unique() == (END - dt.date(1990, 1, 1)).days + 1


def test_every_family_with_types_has_rows(chronicle):
    types = chronicle["events"]["event_type"].unique().to_list()
    spell_types = chronicle["spells"]["spell_type"].unique().to_list()
    held = {EVENT_TYPES[name].family for name in types} | {SPELL_TYPES[name] for name in spell_types}
    assert held == set(FAMILIES) - {"calendar"}
    assert set(COUNTED_FAMILIES) < held


def test_the_same_act_has_the_same_verb_whichever_party_did_it(chronicle):
    verbs = {"balloon_release": "released", "loudspeaker_broadcast": "broadcast", "test_stop": "said"}
    verbs |= {"leader_letter": "wrote", "regret_said": "said"}
    for name, verb in verbs.items():
        labels = chronicle["events"].filter(pl.col("event_type") == name)["label_en"].to_list()
        assert labels
        assert [label for label in labels if verb not in label] == []


def test_both_koreas_stand_under_the_types_that_both_have_done(chronicle):
    for name in ("balloon_release", "loudspeaker_broadcast", "offer", "release", "threat"):
        actors = set(chronicle["events"].filter(pl.col("event_type") == name)["actors"])
        assert {"PRK", "KOR"} <= actors, name


@pytest.mark.parametrize("year", [1995, 2003, 2012, 2018, 2021, 2025])
def test_a_look_back_holds_nothing_of_a_later_day(chronicle, year):
    day = dt.date(year, 3, 1)
    past = as_known(chronicle, day)
    for name in ("events", "spells", "leaders", "series"):
        assert past[name]["known_date"].max() <= day
    spans = past["spells"].filter(pl.col("spell_type") != "joint_drill")
    later = [past["events"]["answer_date"], past["events"]["end_date"], spans["end_date"], past["leaders"]["end_date"]]
    assert all(told.drop_nulls().is_between(dt.date.min, day).all() for told in later)


def test_an_operation_is_not_known_before_somebody_ascribed_it(chronicle):
    cyber = chronicle["events"].filter(pl.col("event_type") == "cyber_operation")
    assert cyber["attributed_by"].null_count() == 0
    sony = cyber.filter(pl.col("id") == "gz-2014-11-24-sony").row(0, named=True)
    assert sony["known_date"] == dt.date(2014, 12, 20)


def test_a_yearly_figure_is_known_after_its_year_unless_it_is_of_january(chronicle):
    series = chronicle["series"].filter(pl.col("period").str.len_chars() == 4)
    year = pl.col("known_date").dt.year()
    early = series.filter((year <= pl.col("period").cast(pl.Int32)) & ~pl.col("unit").str.contains("January"))
    assert early.is_empty()
