import datetime as dt

import polars as pl
import pytest
from tests.conftest import COVERED, meeting, weapons_test

from sixparty.chronicle.schema import FAMILIES
from sixparty.errors import FileRefused
from sixparty.forecast.resolution import Ruling, counted_rows, read_rulings, resolve_questions
from sixparty.forecast.targets import TARGETS
from sixparty.tension.panel import MARKS

SATURDAY = dt.date(2017, 6, 3)


def questions(*cells: tuple[str, int], day: dt.date = SATURDAY) -> pl.DataFrame:
    rows = [(*cell, day) for cell in cells]
    return pl.DataFrame(rows, schema=["target", "horizon", "reference_date"], orient="row")


def covered(**through: str) -> list[dict[str, str]]:
    """Coverage through mid-2018, but for some families."""
    ends = {family: through.get(family, "2018-06-30") for family in FAMILIES}
    return [COVERED | {"family": family, "complete_through": end} for family, end in ends.items()]


def states(table: pl.DataFrame) -> dict[int, str]:
    return dict(table.select("horizon", "state").rows())


def observed(record, target: str, *, horizon: int = 4) -> int:
    (found,) = resolve_questions(record, questions((target, horizon)))["observed"]
    return found


def test_days_count_from_the_sunday_after_to_the_last_saturday(make_chronicle):
    days = ["2017-06-03", "2017-06-04", "2017-06-10", "2017-06-11", "2017-07-01", "2017-07-02"]
    record = make_chronicle(events=[weapons_test(day) for day in days], coverage=covered())
    assert observed(record, "ballistic_days", horizon=1) == 2
    assert observed(record, "ballistic_days", horizon=4) == 4


def test_two_launches_on_a_day_are_one_day_and_a_yes_is_one(make_chronicle):
    events = [
        weapons_test("2017-06-05", weapon_class="ICBM"),
        weapons_test("2017-06-05", weapon_class="SRBM"),
        weapons_test("2017-06-20", weapon_class="ICBM"),
    ]
    record = make_chronicle(events=events, coverage=covered())
    assert observed(record, "ballistic_days") == 2
    assert observed(record, "icbm_launch") == 1
    assert observed(record, "nuclear_test") == 0


def test_two_meetings_on_a_day_are_two_and_one_not_held_is_none(make_chronicle):
    spells = [
        meeting("2017-06-06"),
        meeting("2017-06-06", id="tk-second"),
        meeting("2017-06-07", outcome="not_held"),
    ]
    record = make_chronicle(spells=spells, coverage=covered())
    assert observed(record, "inter_korean_talks") == 2
    assert observed(record, "inter_korean_summit") == 0


@pytest.mark.parametrize(("known", "count"), [("2017-07-29", 1), ("2017-07-30", 0)])
def test_a_row_known_more_than_28_days_after_the_window_changes_nothing(make_chronicle, known, count):
    record = make_chronicle(events=[weapons_test("2017-06-20", known_date=known)], coverage=covered())
    assert observed(record, "ballistic_days") == count


def test_a_month_counts_only_where_the_window_holds_all_of_it(make_chronicle):
    events = [weapons_test("2017-07-01", date_precision="month", known_date="2017-07-31")]
    record = make_chronicle(events=events, coverage=covered())
    assert observed(record, "ballistic_days", horizon=4) == 0
    assert observed(record, "ballistic_days", horizon=13) == 1


def test_a_window_is_open_until_the_record_covers_it(make_chronicle):
    record = make_chronicle(coverage=covered())
    table = resolve_questions(record, questions(*(("ballistic_days", weeks) for weeks in (1, 4, 13, 26, 52))))
    assert states(table) == {1: "resolved", 4: "resolved", 13: "resolved", 26: "resolved", 52: "resolved"}
    late = resolve_questions(record, questions(("ballistic_days", 4), ("ballistic_days", 13), day=dt.date(2018, 5, 12)))
    assert states(late) == {4: "resolved", 13: "open"}
    assert late["is_final"].to_list() == [False, None]
    assert late["reason"][1] == "the window closes on 2018-08-11; the record covers it through 2018-06-30"


def test_windows_that_close_after_until_are_open(make_chronicle):
    record = make_chronicle(coverage=covered())
    table = resolve_questions(
        record, questions(("ballistic_days", 13), ("ballistic_days", 26)), until=dt.date(2017, 9, 30)
    )
    assert states(table) == {13: "resolved", 26: "open"}


def test_a_family_that_stopped_being_covered_voids_its_windows_alone(make_chronicle):
    record = make_chronicle(coverage=covered(us_prk_talks="2017-06-20"))
    table = resolve_questions(record, questions(("us_prk_talks", 1), ("us_prk_talks", 4), ("ballistic_days", 4)))
    assert table["state"].to_list() == ["resolved", "void", "resolved"]
    assert table["reason"][1] == "the record covers us_prk_talks through 2017-06-20 only"
    assert table["observed"].to_list() == [0, None, 0]


def test_a_family_that_lags_by_days_is_open_not_void(make_chronicle):
    record = make_chronicle(coverage=covered(us_prk_talks="2018-06-09"))
    table = resolve_questions(record, questions(("us_prk_talks", 4), day=dt.date(2018, 5, 19)))
    assert table["state"].to_list() == ["open"]


def test_a_window_before_a_familys_coverage_is_void(make_chronicle):
    rows = [row | ({"complete_from": "2017-06-05"} if row["family"] == "grey_zone" else {}) for row in covered()]
    table = resolve_questions(make_chronicle(coverage=rows), questions(("grey_zone_days", 4)))
    assert table["state"].to_list() == ["void"]
    assert table["reason"][0] == "the record covers grey_zone_days from 2017-06-05 only"


def test_an_act_that_cannot_be_decided_voids_the_windows_that_hold_its_day(make_chronicle):
    record = make_chronicle(coverage=covered())
    ruling = Ruling("border_kinetic", dt.date(2017, 6, 20), "fire reported by one side, denied by the other")
    asked = questions(("border_kinetic", 1), ("border_kinetic", 4), ("fatal_clash", 4))
    table = resolve_questions(record, asked, rulings=(ruling,))
    assert table["state"].to_list() == ["resolved", "void", "resolved"]
    assert table["reason"][1] == "2017-06-20: fire reported by one side, denied by the other"


def test_every_target_can_be_resolved(make_chronicle):
    table = resolve_questions(make_chronicle(coverage=covered()), questions(*((name, 13) for name in TARGETS)))
    assert table["observed"].to_list() == [0] * len(TARGETS)


def test_counting_quickly_and_row_by_row_agree_on_the_record(chronicle):
    days = [dt.date(1992, 1, 4) + dt.timedelta(weeks=33 * step) for step in range(40)]
    asked = pl.concat(questions(*((name, 26) for name in TARGETS), day=day) for day in days)
    table = resolve_questions(chronicle, asked, until=dt.date(2018, 12, 31)).filter(pl.col("state") == "resolved")
    assert len(table) > 400
    for name, _, day, closes, _, count, _, _ in table.iter_rows():
        rows = counted_rows(chronicle, after=day, closes=closes)
        expected = len(MARKS[name].days(rows))
        assert count == (min(expected, 1) if TARGETS[name].kind == "binary" else expected)


def test_rulings_are_read_from_a_file_and_an_absent_one_holds_none(tmp_path):
    path = tmp_path / "voids.csv"
    assert read_rulings(path) == ()
    path.write_text("target,day,reason\nborder_kinetic,2017-06-20,one side denies it\n")
    assert read_rulings(path) == (Ruling("border_kinetic", dt.date(2017, 6, 20), "one side denies it"),)


@pytest.mark.parametrize(
    "text",
    [
        "target,day\nborder_kinetic,2017-06-20\n",
        "target,day,reason\nwar,2017-06-20,why\n",
        "target,day,reason\nborder_kinetic,soon,why\n",
        "target,day,reason\nborder_kinetic,2017-06-20,\n",
        "",
    ],
)
def test_a_list_of_rulings_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "voids.csv"
    path.write_text(text)
    with pytest.raises(FileRefused, match="must hold a target, a day and a reason"):
        read_rulings(path)
