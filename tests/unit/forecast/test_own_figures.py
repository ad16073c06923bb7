import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.errors import FileRefused, InputRefused, UsageError
from sixparty.forecast.hub import check_hub_table, hub_rows
from sixparty.forecast.own_figures import (
    SHEET_COLUMNS,
    OwnRound,
    law_from_probabilities,
    law_from_quantiles,
    parse_quantiles,
    read_figures,
    read_probabilities,
    sheet,
)
from sixparty.forecast.predictive import CountPredictive
from sixparty.forecast.targets import TARGETS

SATURDAY = dt.date(2024, 6, 29)
ENTRY = OwnRound(SATURDAY, SATURDAY, "desk-kim")


def test_a_chance_is_two_rows():
    rows = ENTRY.chance_rows("inter_korean_talks", 13, chance=0.2)
    assert rows.select("output_type_id", "value").rows() == [("0", 0.8), ("1+", 0.2)]
    assert check_hub_table(rows).is_empty()
    assert set(rows["target_end_date"]) == {SATURDAY + dt.timedelta(weeks=13)}


@pytest.mark.parametrize("chance", [0.0, 1.0, 20.0, -0.1, float("nan")])
def test_a_chance_that_leaves_no_doubt_or_is_none_is_refused(chance):
    with pytest.raises(UsageError, match="chance must lie between 0 and 1"):
        ENTRY.chance_rows("nuclear_test", 13, chance=chance)


@pytest.mark.parametrize("name", ["sixparty-mine", "plain-nb99"])
def test_no_figures_of_ones_own_stand_under_a_name_like_ours(name):
    with pytest.raises(UsageError, match="must not begin like a model of ours"):
        OwnRound(SATURDAY, SATURDAY, name)


def test_a_name_is_team_and_model():
    with pytest.raises(UsageError, match="team-model"):
        OwnRound(SATURDAY, SATURDAY, "kim")


LEVELS = st.lists(st.integers(1, 99), min_size=3, max_size=7, unique=True).map(sorted)


@given(LEVELS, st.data())
def test_a_law_has_the_quantiles_that_it_was_made_of(levels, data):
    counts = sorted(data.draw(st.lists(st.integers(0, 30), min_size=len(levels), max_size=len(levels))))
    said = {level / 100: count for level, count in zip(levels, counts, strict=True)}
    law = law_from_quantiles(said)
    assert {level: law.quantile(level) for level in said} == said
    assert law.tail_mass > 0
    assert law.pmf.min() > 0


def test_between_quantiles_the_law_rises_in_a_straight_line_and_falls_off_geometrically():
    law = law_from_quantiles({0.25: 0, 0.5: 2, 0.75: 4})
    assert [law.at_most(count) for count in range(5)] == pytest.approx([0.25, 0.375, 0.5, 0.625, 0.75])
    ratio = (0.25 / 0.5) ** 0.5
    assert [law.at_least(count) for count in (5, 6, 7)] == pytest.approx([0.25, 0.25 * ratio, 0.25 * ratio**2])


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({0.5: 1, 0.9: 2}, "at least 3"),
        ({0.0: 0, 0.5: 1, 0.9: 2}, "between 0 and 1"),
        ({0.1: 3, 0.5: 1, 0.9: 2}, "do not fall"),
        ({0.1: -1, 0.5: 1, 0.9: 2}, "do not fall"),
        ({0.1: 0, 0.5: 1, 0.9: 10**9}, "from 0 to 1000"),
        ({0.1: 0, float("nan"): 1, 0.9: 2}, "between 0 and 1"),
    ],
)
def test_quantiles_that_cannot_be_meant_are_refused(said, message):
    with pytest.raises(UsageError, match=message):
        law_from_quantiles(said)


def test_quantiles_are_read_from_text():
    assert parse_quantiles("0.05=0, 0.5=2,0.95=9") == {0.05: 0, 0.5: 2, 0.95: 9}
    with pytest.raises(UsageError, match="must look like"):
        parse_quantiles("0.5:2")


def test_probabilities_keep_their_values_and_the_last_falls_off():
    law = law_from_probabilities({"0": 0.6, "1": 0.3, "2+": 0.1})
    assert [law.probability(0), law.probability(1), law.at_least(2)] == pytest.approx([0.6, 0.3, 0.1])
    assert law.probability(3) / law.probability(2) == pytest.approx(0.1 / 0.4)


@pytest.mark.parametrize("said", [{"0": 0.6, "2": 0.4}, {"0+": 0.6, "1": 0.4}, {"0": 0.6, "1": 0.3}, {}])
def test_probabilities_with_a_gap_or_another_sum_are_refused(said):
    with pytest.raises(UsageError, match=r"counts must run|add up to 1"):
        law_from_probabilities(said)


def test_probabilities_are_read_from_a_file(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("count,chance\n0,0.6\n1,0.3\n2+,0.1\n")
    assert read_probabilities(path).at_least(1) == pytest.approx(0.4)
    for text in ("n,p\n0,1\n", "count,chance\nzero,1\n", "count,chance\n0,much\n"):
        path.write_text(text)
        with pytest.raises(FileRefused):
            read_probabilities(path)


def test_a_law_for_a_question_of_yes_or_no_is_refused():
    with pytest.raises(UsageError, match="yes or no"):
        ENTRY.law_rows("nuclear_test", 13, law=CountPredictive.negative_binomial(1.0, 1.0))


def test_the_sheet_asks_every_question_and_holds_no_figure():
    table = sheet(SATURDAY)
    assert table.columns == list(SHEET_COLUMNS)
    assert len(table) == 5 * len(TARGETS)
    assert table.select("chance", "q05", "q95").null_count().row(0) == (len(table),) * 3
    assert len(sheet(SATURDAY, targets=("nuclear_test",), horizons=(13,))) == 1


def test_a_filled_sheet_becomes_hub_rows_and_empty_rows_are_left_out(tmp_path):
    path = tmp_path / "sheet.csv"
    asked = sheet(SATURDAY, targets=("nuclear_test", "us_prk_talks", "ballistic_days"), horizons=(13,))
    filled = asked.with_columns(
        chance=pl.Series(["0.05", None, None]),
        q05=pl.Series([None, None, "0"]),
        q50=pl.Series([None, None, "3"]),
        q95=pl.Series([None, None, "9"]),
    )
    filled.write_csv(path)
    rows = read_figures(path, ENTRY)
    assert check_hub_table(rows).is_empty()
    assert rows["target"].unique(maintain_order=True).to_list() == ["nuclear_test", "ballistic_days"]
    medians = rows.filter((pl.col("output_type") == "quantile") & (pl.col("output_type_id") == "0.5"))
    assert medians["value"].to_list() == [3.0]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"chance": "0.1", "q50": "1"}, "a chance or quantiles"),
        ({"q05": "0", "q50": "1.5", "q95": "4"}, "whole numbers"),
        ({}, "at least one figure"),
        ({"chance": "likely"}, "numbers where figures stand"),
        ({"q05": "0", "q50": "1", "q95": "inf"}, "whole numbers"),
    ],
)
def test_a_sheet_that_cannot_be_meant_is_refused(tmp_path, cells, message):
    path = tmp_path / "sheet.csv"
    values = {name: pl.lit(text) for name, text in cells.items()}
    sheet(SATURDAY, targets=("us_prk_talks",), horizons=(13,)).with_columns(**values).write_csv(path)
    with pytest.raises(InputRefused, match=message):
        read_figures(path, ENTRY)


def hub_file(path, *, model_id: str = "desk-lee", day: dt.date = SATURDAY) -> pl.DataFrame:
    law = CountPredictive.negative_binomial(2.0, 1.0)
    rows = hub_rows(law, "border_kinetic", horizon=4, reference_date=day, model_id=model_id, as_of=day)
    rows.write_csv(path, null_value="NA")
    return rows


def test_a_hub_file_is_taken_as_it_stands(tmp_path):
    path = tmp_path / "hub.csv"
    rows = hub_file(path)
    assert read_figures(path, ENTRY).equals(rows)


def test_a_hub_file_with_quantiles_alone_gets_their_probabilities(tmp_path):
    path = tmp_path / "hub.csv"
    rows = hub_file(path).filter(pl.col("output_type") == "quantile")
    rows.write_csv(path, null_value="NA")
    found = read_figures(path, ENTRY)
    assert check_hub_table(found).is_empty()
    assert found.filter(pl.col("output_type") == "quantile").equals(rows)
    assert "pmf" in found["output_type"]


def test_a_hub_file_of_another_week_or_under_our_name_is_refused(tmp_path):
    path = tmp_path / "hub.csv"
    hub_file(path, day=SATURDAY - dt.timedelta(weeks=1))
    with pytest.raises(InputRefused, match="for the reference date 2024-06-29"):
        read_figures(path, ENTRY)
    hub_file(path, model_id="sixparty-level")
    with pytest.raises(InputRefused, match="named like ours"):
        read_figures(path, ENTRY)


def test_a_hub_file_that_breaks_the_layout_is_refused(tmp_path):
    path = tmp_path / "hub.csv"
    hub_file(path).with_columns(output_type_id=pl.lit("much")).write_csv(path, null_value="NA")
    with pytest.raises(InputRefused, match="must be in hub layout"):
        read_figures(path, ENTRY)


def test_a_file_that_is_neither_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(FileRefused, match="hub table or a sheet"):
        read_figures(path, ENTRY)
