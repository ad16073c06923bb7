"""Rows chosen by what their cells say."""

import pytest
from tests.conftest import drill, meeting, weapons_test

from sixparty.chronicle import Selection, select_rows, verified_alone
from sixparty.errors import UsageError


def chosen(chronicle, table, **parts):
    return list(select_rows(chronicle, Selection(table, **parts))["id"])


def test_one_of_the_listed_words_suffices_in_a_column_and_every_column_counts(make_chronicle):
    record = make_chronicle(
        events=[
            weapons_test("2017-09-03", kind="nuclear_test", weapon_class="nuclear"),
            weapons_test("2017-09-15", weapon_class="IRBM"),
            weapons_test("2017-11-29", weapon_class="ICBM"),
        ]
    )
    both = {"event_type": ("ballistic_launch", "nuclear_test"), "weapon_class": ("ICBM", "nuclear")}
    assert chosen(record, "events", where=both) == ["wt-2017-09-03-nuclear", "wt-2017-11-29-ICBM"]


def test_a_cell_of_several_words_is_parted_at_its_semicolons(make_chronicle):
    spell = meeting("2018-04-21", kind="moratorium", actors="PRK", weapon_classes="nuclear;ICBM")
    record = make_chronicle(spells=[spell])
    assert chosen(record, "spells", where={"weapon_classes": ("ICBM", "SLBM")}) == [spell["id"]]
    assert chosen(record, "spells", where={"weapon_classes": ("SLBM",)}) == []


def test_parties_must_all_stand_among_actors_and_recipients(make_chronicle):
    record = make_chronicle(
        spells=[drill("2017-03-01", "2017-03-10"), drill("2017-08-01", "2017-08-10", actors="KOR", recipients="JPN")]
    )
    assert chosen(record, "spells", actors=("KOR",)) == ["jd-2017-03-01", "jd-2017-08-01"]
    assert chosen(record, "spells", actors=("KOR", "JPN")) == ["jd-2017-08-01"]
    assert chosen(record, "spells", actors=("JPN", "USA")) == []


def test_a_blank_cell_does_not_reach_a_smallest_value(make_chronicle):
    record = make_chronicle(
        spells=[
            drill("2016-03-01", "2016-03-10", personnel="17000"),
            drill("2017-03-01", "2017-03-10"),
            drill("2018-03-01", "2018-03-10", personnel="16999"),
        ]
    )
    assert chosen(record, "spells", at_least={"personnel": 17000}) == ["jd-2016-03-01"]


def test_a_number_may_be_chosen_by_its_digits(make_chronicle):
    record = make_chronicle(events=[weapons_test("2017-05-14", objects="1"), weapons_test("2017-08-26", objects="3")])
    assert chosen(record, "events", where={"objects": ("3",)}) == ["wt-2017-08-26-SRBM"]


def test_rows_dated_by_month_or_year_are_left_out(make_chronicle):
    record = make_chronicle(
        events=[weapons_test("1991-06-01", date_precision="month"), weapons_test("1993-05-29")],
        spells=[drill("1990-01-01", "1990-12-31", start_precision="year"), drill("1991-03-01", "1991-03-09")],
    )
    assert chosen(record, "events") == ["wt-1993-05-29-SRBM"]
    assert chosen(record, "spells") == ["jd-1991-03-01"]


def test_rows_come_by_their_first_day(make_chronicle):
    record = make_chronicle(events=[weapons_test(f"2017-0{month}-01") for month in (9, 2, 5)])
    assert chosen(record, "events") == [f"wt-2017-0{month}-01-SRBM" for month in (2, 5, 9)]


@pytest.mark.parametrize(
    ("table", "parts", "told"),
    [
        ("agreements", {}, "table must be one of events, spells, got 'agreements'"),
        ("events", {"where": {"weapons": ("ICBM",)}}, "columns of events must be among id, .* got weapons"),
        ("events", {"where": {"event_type": ("missile",)}}, "event_type of events must be among .* got missile"),
        ("spells", {"where": {"drill_kind": ("scheduled", "big")}}, "drill_kind of spells must be .* got big"),
        ("spells", {"actors": ("US", "KOR")}, "actors of spells must be among PRK, KOR, .* got US"),
        ("spells", {"at_least": {"size": 3}}, "columns of spells must be among .* got size"),
        ("spells", {"at_least": {"scale": 3}}, "with a smallest value must be among personnel, got scale"),
    ],
)
def test_a_table_a_column_or_a_word_that_does_not_exist_is_refused_when_it_is_named(table, parts, told):
    with pytest.raises(UsageError, match=told):
        Selection(table, **parts)


def test_verified_rows_alone_are_kept_and_the_digest_tells_so(make_chronicle):
    record = make_chronicle(
        events=[weapons_test("2017-05-14"), weapons_test("2017-05-21", confidence="verified")],
        spells=[drill("2017-03-01", "2017-03-10")],
    )
    alone = verified_alone(record)
    assert list(alone["events"]["id"]) == ["wt-2017-05-21-SRBM"]
    assert alone["spells"].is_empty()
    assert alone["coverage"].equals(record["coverage"])
    assert alone.digest != record.digest
    assert len(record["events"]) == 2
