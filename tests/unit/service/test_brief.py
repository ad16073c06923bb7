"""The brief from the shipped record, end to end: made, made again, a week later, stale."""

import json
import re

import polars as pl
import pytest

from sixparty.errors import UsageError
from sixparty.forecast import TARGETS, check_hub_table
from sixparty.service import BriefSpec, Home, find_home, list_runs, make_brief, page_spec, verify_run
from sixparty.service.track_record import shipped_track_record

SPEC = BriefSpec(as_of="2025-06-30", seed=3)


class Listener:
    def __init__(self):
        self.labels = []

    def start(self, label, total):
        self.labels.append(label)

    def advance(self, steps=1):
        pass

    def finish(self):
        pass


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    return find_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def made(home, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sixparty.service.fits.FIT_DRAWS", 200)
        patch.setattr("sixparty.service.outlook.FUTURES", 4000)
        listener = Listener()
        out = tmp_path_factory.mktemp("out")
        first = make_brief(SPEC, home=home, out=out, progress=listener, pages=page_spec("both"))
        again = make_brief(SPEC, home=home, out=tmp_path_factory.mktemp("again"), pages=page_spec("ko"))
        stale = make_brief(BriefSpec(as_of="2026-11-22", seed=3, marking="Restricted"), home=home)
        yield {"first": first, "again": again, "stale": stale, "labels": listener.labels}


def document(made, which="first"):
    return made[which].result.document()


def test_the_same_question_gives_the_same_brief_but_for_the_time_it_was_made(made):
    first, again = document(made), document(made, "again")
    first["provenance"].pop("generated_at")
    again["provenance"].pop("generated_at")
    assert first == again


def test_the_files_are_those_of_the_run_and_the_copies_are_the_same(made, home):
    run_id = document(made)["provenance"]["run_id"]
    assert verify_run(home, run_id) == []
    assert run_id in {row.run_id for row in list_runs(home)}
    for copy in made["first"].files:
        if copy.suffix != ".json":
            assert copy.read_bytes() == (home.runs / run_id / copy.name).read_bytes()


def test_pages_of_both_languages_stand_beside_one_document_and_lead_to_each_other(made):
    names = [path.name for path in made["first"].files]
    assert names == ["brief.html", "brief.md", "brief.ko.html", "brief.ko.md", "brief.json"]
    english, korean = (made["first"].files[place].read_text(encoding="utf-8") for place in (0, 2))
    assert 'hreflang="ko" href="brief.ko.html"' in english
    assert 'hreflang="en" href="brief.html"' in korean


def test_the_page_of_one_language_alone_names_no_other(made):
    files = {path.name: path for path in made["again"].files}
    assert set(files) == {"brief.ko.html", "brief.ko.md", "brief.json"}
    page = files["brief.ko.html"].read_text(encoding="utf-8")
    assert "hreflang" not in page
    assert "sixparty brief --as-of 2025-06-30 --seed 3 --language ko" in re.sub("<[^>]*>", "", page)


def test_a_language_without_messages_and_names_of_no_kind_are_refused():
    with pytest.raises(UsageError, match=r"language must be one of en, ko, both, got 'fr'\."):
        page_spec("fr")
    with pytest.raises(UsageError, match=r"party names must be one of own, common, got 'short'\."):
        page_spec("en", "short")


def test_long_work_is_announced(made):
    assert {"fitting", "forecasting", "drawing"} <= set(made["labels"])


def test_the_json_file_is_the_document(made, home):
    run_id = document(made)["provenance"]["run_id"]
    stored = json.loads((home.runs / run_id / "brief.json").read_text(encoding="utf-8"))
    assert stored["result"] == document(made, "again")["result"]


def test_the_hub_rows_of_a_run_keep_the_layout_and_hold_every_target(made, home):
    run_id = document(made)["provenance"]["run_id"]
    table = pl.read_csv(home.runs / run_id / "forecasts.csv", null_values="NA", try_parse_dates=True)
    assert check_hub_table(table.cast({"output_type_id": pl.String})).is_empty()
    assert set(table["target"]) == set(TARGETS)
    assert set(table["horizon"]) == {1, 4, 13, 26, 52}


def test_what_is_said_of_the_record_can_be_counted_in_it(made, chronicle):
    result = document(made)["result"]
    tests = chronicle["events"].filter(
        pl.col("event_date").is_between(pl.date(2025, 3, 30), pl.date(2025, 6, 28))
        & pl.col("weapon_class").is_not_null()
        & (pl.col("event_type") != "engine_test")
    )
    assert result["where"]["classes"][0]["observed"] == tests["event_date"].n_unique()
    assert result["header"]["n_rows"] == len(chronicle["events"]) + len(chronicle["spells"])


def test_a_change_adds_up_to_the_difference_of_its_ends(made):
    rows = document(made)["result"]["changed"]["forecast"]["rows"]
    for row in rows:
        assert row["old"] + sum(reason["points"] for reason in row["reasons"]) == pytest.approx(row["new"], abs=1e-9)


def test_probabilities_never_fall_with_a_longer_window(made):
    for cells in document(made)["result"]["forecasts"].values():
        rising = [cells[horizon]["model"] or cells[horizon]["plain"] for horizon in ("1", "4", "13", "26", "52")]
        assert rising == sorted(rising)


def test_every_row_that_the_page_rests_on_is_in_the_record_and_its_sources_too(made, chronicle):
    result = document(made)["result"]
    known = set(chronicle["events"]["id"]) | set(chronicle["spells"]["id"]) | set(chronicle["calendar"]["id"])
    assert {row["row_id"] for row in result["rows"]} <= known
    cited = {source for row in result["rows"] for source in row["source_ids"]}
    assert cited <= set(result["sources"])


def test_dates_ahead_lie_ahead(made):
    for row in document(made)["result"]["ahead"]["rows"]:
        assert "2025-06-29" <= row["date"] <= "2025-08-09"


def test_a_brief_long_after_the_record_s_end_says_so_first_and_forecasts_from_the_end(made):
    stale = document(made, "stale")
    assert stale["result"]["header"]["is_stale"]
    assert stale["result"]["header"]["days_past_coverage"] == 510
    assert stale["result"]["bottom"][0]["message"] == "bottom.stale"
    assert "the record ends on 2025-06-30, 510 days before this brief" in stale["warnings"][0]
    assert stale["result"]["forecasts"] == document(made)["result"]["forecasts"]


def test_the_marking_stands_on_the_page(made):
    html = made["stale"].files[0].read_text(encoding="utf-8")
    assert html.count("Restricted") >= 2


def test_past_scores_stand_beside_the_forecasts_and_say_whose_come_first(made):
    result = document(made)["result"]
    table = shipped_track_record().table
    every = next(period for period in result["past"]["periods"] if period["name"] == "all")
    for cell in every["cells"]:
        place = (pl.col("period") == "all") & (pl.col("target") == cell["target"])
        row = table.filter(place & (pl.col("horizon") == cell["horizon"]) & (pl.col("model_id") == cell["model_id"]))
        assert row.select("n", "log_score", "pit_coverage_90").row(0) == (
            cell["n"],
            cell["log_score"],
            cell["coverage_90"],
        )
        if cell["lead"] is not None:
            assert result["forecasts"][cell["target"]][str(cell["horizon"])]["lead"] == cell["lead"]


def test_a_signpost_is_given_only_of_a_forecast_in_which_the_model_comes_first(made):
    result = document(made)["result"]
    for row in result["signposts"]["rows"]:
        assert result["forecasts"][row["target"]][str(row["horizon"])]["lead"] == "model"


def test_a_damaged_cache_is_made_again(made, home, caplog):
    for path in (home.cache / "fits").glob("*.npz"):
        path.write_bytes(b"not an archive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sixparty.service.fits.FIT_DRAWS", 200)
        patch.setattr("sixparty.service.outlook.FUTURES", 4000)
        anew = make_brief(SPEC, home=home)
    assert anew.result.document()["result"] == document(made)["result"]
    assert "is made again" in caplog.text
