"""What is told of one row: what counts it, what the reader's overlay did to it, how it was checked."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sixparty import service
from sixparty.chronicle.lookup import find_rows
from sixparty.chronicle.overlay import Overlay, Revision, Withdrawal, only_writer, write_overlay
from sixparty.chronicle.revision import text_rows
from sixparty.errors import UsageError
from sixparty.service.record import shipped_record
from sixparty.service.row_uses import uses_of
from sixparty.tension.index import _graded_events

ROW = "wt-2017-09-03-nuclear"


def uses(name):
    return {(use["kind"], use["name"], use["role"]) for use in service.show_row(name).result["uses"]}


def test_a_nuclear_test_settles_two_targets_and_weighs_in_the_index():
    told = uses(ROW)
    assert {("target", "nuclear_test", "counted"), ("target", "weapons_test_days", "counted")} <= told
    assert ("index", "tension_index", "weighed") in told
    assert ("claim", "drills-raise-tests", "outcome") in told
    assert not {name for kind, name, _ in told if kind == "exposure"}


def test_an_engine_test_on_a_stand_counts_nowhere():
    engines = shipped_record()["events"].filter(pl.col("event_type") == "engine_test")["id"]
    assert not [use for use in uses(engines[0]) if use[0] in ("target", "index")]


def test_a_drill_and_a_moratorium_bend_rates_while_they_last():
    spells = shipped_record()["spells"]
    is_plain = (pl.col("drill_kind") == "scheduled") & (pl.col("drill_status") == "held")
    by_precision = {
        precision: spells.filter(
            is_plain & (pl.col("scale") == "command_post") & (pl.col("start_precision") == precision)
        )
        for precision in ("day", "month")
    }
    stops = spells.filter(pl.col("spell_type") == "moratorium")["id"]
    assert ("exposure", "scheduled", "held") in uses(by_precision["day"]["id"][-1])
    assert ("exposure", "scheduled", "held") not in uses(by_precision["month"]["id"][0])
    assert ("exposure", "moratorium", "declared") in uses(stops[0])


def test_the_index_is_said_to_weigh_exactly_the_rows_that_it_weighs(chronicle):
    recent = chronicle["events"].filter(pl.col("event_date").is_between(pl.date(2017, 1, 1), pl.date(2024, 12, 31)))
    closing = np.datetime64("2025-06-28") - np.timedelta64(7, "D") * np.arange(3000)[::-1]
    seen = set()
    for row_id in recent.sample(60, seed=1)["id"]:
        found = find_rows(chronicle, row_id)
        alone = replace(chronicle, tables=dict(chronicle.tables) | {"events": found.rows})
        is_weighed = len(_graded_events(alone, closing).week) > 0
        seen.add(is_weighed)
        assert is_weighed == any(use["kind"] == "index" for use in uses_of(chronicle, found)), row_id
    assert seen == {True, False}


def test_a_row_without_changes_is_as_shipped(tmp_path):
    assert service.show_row(ROW, home=tmp_path).result["revisions"] == {"is_own": False, "lines": [], "cells": []}


def change_overlay(home, overlay):
    with only_writer(home / "overlay"):
        write_overlay(home / "overlay", overlay, command="sixparty data apply", time="2026-01-02T03:04:05+00:00")


def test_a_changed_row_tells_who_changed_which_cell_and_why(tmp_path):
    mine = text_rows(shipped_record(), "events")[ROW] | {"place": "Elsewhere"}
    line = Revision(
        "2026-01-02T03:04:05+00:00", "sixparty data apply", "events", ROW, "change", "seen again", "a letter"
    )
    other = Revision("2026-01-02T03:04:05+00:00", "sixparty data apply", "events", "other", "add", "", "")
    change_overlay(tmp_path, Overlay({"events": {ROW: mine}}, revisions=(line, other)))
    told = service.show_row(ROW, home=tmp_path).result["revisions"]
    assert told["is_own"]
    assert [one["reason"] for one in told["lines"]] == ["seen again"]
    assert told["cells"] == [{"column": "place", "before": "Punggye-ri", "after": "Elsewhere"}]


def test_a_row_that_was_taken_out_says_so_when_it_is_asked_for(tmp_path):
    change_overlay(tmp_path, Overlay(withdrawn=(Withdrawal("events", ROW, "counted twice", "2026-01-02"),)))
    with pytest.raises(UsageError, match="taken out of this record on 2026-01-02: counted twice"):
        service.show_row(ROW, home=tmp_path)


def test_a_row_that_was_coded_twice_tells_both_codings(chronicle):
    row_id = chronicle["second_codings"].filter(pl.col("table") == "events")["row_id"][0]
    told = service.show_row(row_id).result["second_codings"]
    assert {"column", "first", "second", "decision"} <= set(told[0])


def test_the_command_of_a_row_asks_for_the_same_row():
    assert service.show_row("gpr_korea 2017-09").provenance.command == "sixparty data show gpr_korea 2017-09"
