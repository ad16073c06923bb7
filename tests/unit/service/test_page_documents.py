"""Which documents stand behind the pages: a run that answers the same question, or none."""

import datetime as dt
import json
from dataclasses import replace
from threading import Event, Timer

import pytest

from sixparty.errors import ModelRefused, UsageError
from sixparty.service import BriefSpec, Home, SiteSpec, open_record
from sixparty.service.pages import Site, archive_stamp, kept_brief, overlay_stamp, prepare_beside
from sixparty.service.result import Provenance, Result, to_json
from sixparty.service.runs import write_run


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return open_record(home=tmp_path_factory.mktemp("empty"))


def keep_run(home, record, *, spec=None, name="2025-06-28-brief-000000", **changed):
    told = Provenance(name, "sixparty brief", record.digest, "2025-07-01T10:00:00+00:00", 1)
    asked = {**{"as_of": None, "seed": 1, "marking": None, "data": None}, **(spec or {})}
    result = Result(
        asked | {"reference_date": "2025-06-28"}, {"forecasts": {"nuclear_test": {}}}, replace(told, **changed)
    )
    write_run(home, "brief", result=result, files={"brief.json": to_json(result.document())})
    return result.document()


def test_a_run_of_this_record_version_and_seed_is_taken(home, record):
    made = keep_run(home, record)
    assert kept_brief(BriefSpec(), home=home, record=record) == json.loads(to_json(made))


@pytest.mark.parametrize(
    "other",
    [
        {"data_digest": "another"},
        {"package_version": "0.0.0"},
        {"libraries": {"numpy": "1.0"}},
        {"spec": {"seed": 2}},
        {"spec": {"marking": "Restricted"}},
        {"spec": {"as_of": "2024-01-01"}},
    ],
)
def test_a_run_that_answers_another_question_is_not(home, record, other):
    keep_run(home, record, **other)
    assert kept_brief(BriefSpec(), home=home, record=record) is None


def test_of_two_runs_the_newer_is_taken(home, record):
    keep_run(home, record, name="a")
    newer = keep_run(home, record, name="b", generated_at="2025-07-02T10:00:00+00:00")
    assert kept_brief(BriefSpec(), home=home, record=record)["provenance"] == newer["provenance"]


def test_a_run_cut_off_or_older_than_the_last_forecast_issued_is_not_taken(home, record):
    keep_run(home, record)
    (home.hub / "model-output").mkdir(parents=True)
    (home.hub / "model-output" / "round.csv").write_text("x")
    assert kept_brief(BriefSpec(), home=home, record=record) is None
    future = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    keep_run(home, record, generated_at=future.isoformat(timespec="seconds"))
    assert kept_brief(BriefSpec(), home=home, record=record) is not None
    (home.runs / "2025-06-28-brief-000000" / "brief.json").write_text("{")
    assert kept_brief(BriefSpec(), home=home, record=record) is None


def test_stamps_tell_a_changed_archive_and_changed_own_rows(home):
    assert (archive_stamp(home), overlay_stamp(home)) == ([], ())
    home.overlay.mkdir()
    (home.overlay / "events.csv").write_text("id\n")
    first = overlay_stamp(home)
    (home.overlay / "events.csv").write_text("id\na\n")
    assert overlay_stamp(home) != first


@pytest.mark.parametrize("marking", ["", "   ", 81 * "x"])
def test_a_marking_has_a_sign_and_fits_its_line(marking):
    with pytest.raises(UsageError, match="marking must have 1 to 80 signs"):
        SiteSpec(marking=marking)


def test_party_names_are_a_setting_that_exists():
    with pytest.raises(UsageError, match="party names must be one of"):
        SiteSpec(party_names="pet")


def test_what_takes_long_is_found_once_in_the_background_and_a_refusal_is_kept(home, record, monkeypatch):
    site = Site(SiteSpec(), home=home, brief=keep_run(home, record))
    assert site.explained("nuclear_test") is None
    asked = []

    def explain(spec, *, home, progress):
        asked.append(spec.target)
        return Result({}, {"target": spec.target}, Provenance("", "", record.digest, "", 1))

    def refuse(**given):
        raise ModelRefused("no fit")

    monkeypatch.setattr("sixparty.service.explain.explain_forecast", explain)
    monkeypatch.setattr("sixparty.service.pages.keep_claims", refuse)
    site.prepare()
    site.prepare()
    assert site.explained("nuclear_test")["result"] == {"target": "nuclear_test"}
    assert asked == ["nuclear_test"]
    assert site.refusal("claims") == "no fit"
    assert site.refusal("nuclear_test") is None
    with pytest.raises(UsageError, match="target must be one of nuclear_test"):
        site.explained("unicorns")


def stand_in(path, *, text):
    """A program in the place of Python, which the site starts beside itself."""
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_what_the_process_beside_was_refused_is_remembered(home, record, monkeypatch, tmp_path):
    site = Site(SiteSpec(seed=7), home=home, brief=keep_run(home, record))
    program = stand_in(tmp_path / "answers", text=f'cat > {tmp_path}/asked; echo \'{{"claims": "no fit"}}\'')
    monkeypatch.setattr("sys.executable", program)
    prepare_beside(site, has_ended=Event())
    assert site.refusals == {"claims": "no fit"}
    asked = json.loads((tmp_path / "asked").read_text())
    assert (asked["home"], asked["spec"]["seed"]) == (str(home.folder), 7)


def test_a_process_beside_that_fails_is_told_in_the_log(home, record, monkeypatch, tmp_path, caplog):
    site = Site(SiteSpec(), home=home, brief=keep_run(home, record))
    monkeypatch.setattr("sys.executable", stand_in(tmp_path / "fails", text="echo first >&2; echo why >&2; exit 3"))
    prepare_beside(site, has_ended=Event())
    assert "ended with 3: why" in caplog.text
    assert site.refusals == {}


def test_a_process_beside_is_stopped_at_the_end(home, record, monkeypatch, tmp_path):
    site = Site(SiteSpec(), home=home, brief=keep_run(home, record))
    monkeypatch.setattr("sys.executable", stand_in(tmp_path / "sleeps", text=f"sleep 60; touch {tmp_path}/late"))
    has_ended = Event()
    Timer(0.2, has_ended.set).start()
    prepare_beside(site, has_ended=has_ended)
    assert not (tmp_path / "late").exists()
