import json

import pytest

from sixparty.errors import EnvironmentRefused, FileRefused, UsageError
from sixparty.service import Home, Provenance, Result, list_runs, show_run, verify_run
from sixparty.service.files import write_whole
from sixparty.service.runs import write_run


def a_result(name="2025-06-28-brief-abc123", made="2025-07-01T00:00:00+00:00"):
    provenance = Provenance(name, "sixparty brief --seed 1", "digest", made, 1)
    return Result({"reference_date": "2025-06-28"}, {"figure": 7}, provenance)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


def test_a_run_can_be_listed_shown_and_verified(home):
    write_run(home, "brief", result=a_result(), files={"brief.md": "text", "brief.json": "{}"})
    assert [row.run_id for row in list_runs(home)] == ["2025-06-28-brief-abc123"]
    assert show_run(home, "2025-06-28-brief-abc123")["provenance"]["seed"] == 1
    assert verify_run(home, "2025-06-28-brief-abc123") == []


def test_verifying_tells_changed_missing_and_unlisted_files_apart(home):
    folder = write_run(home, "brief", result=a_result(), files={"a": "1", "b": "2", "c": "3"})
    (folder / "a").write_text("another", encoding="utf-8")
    (folder / "b").unlink()
    (folder / "d").write_text("new", encoding="utf-8")
    found = {finding.file: finding.finding for finding in verify_run(home, folder.name)}
    assert found == {"a": "changed", "b": "missing", "d": "unlisted"}


def test_runs_are_listed_newest_first_and_broken_off_ones_not_at_all(home):
    for day in ("01", "03", "02"):
        write_run(home, "brief", result=a_result(f"run-{day}", f"2025-07-{day}T00:00:00+00:00"), files={})
    (home.runs / "broken-off").mkdir()
    assert [row.run_id for row in list_runs(home)] == ["run-03", "run-02", "run-01"]


@pytest.mark.parametrize("name", ["no-such-run", "..", ".", "../runs/run-01", "a/b"])
def test_an_unknown_run_is_refused_with_the_latest_names(home, name):
    write_run(home, "brief", result=a_result("run-01"), files={})
    with pytest.raises(UsageError, match=r"name of a finished run \(latest: run-01\)"):
        show_run(home, name)


def test_a_manifest_that_is_none_is_refused(home):
    folder = write_run(home, "brief", result=a_result(), files={})
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(FileRefused, match="must be a run's manifest in JSON"):
        list_runs(home)


def test_a_result_holds_no_nan_and_keeps_its_key_order(home):
    folder = write_run(home, "brief", result=a_result(), files={})
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest) == ["verb", "spec", "provenance", "warnings", "files"]
    assert Result({}, {"x": float("nan"), "y": float("inf")}, a_result().provenance).document()["result"] == {
        "x": None,
        "y": None,
    }


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    target = write_whole(tmp_path / "page.html", "the old page")

    def full_disk(self, other):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full_disk)
    with pytest.raises(EnvironmentRefused, match="No space left on device"):
        write_whole(target, "the new page")
    assert target.read_text(encoding="utf-8") == "the old page"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_an_interrupted_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupted(self, other):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "page.html", "the new page")
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_a_folder_should_be_is_refused(tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(EnvironmentRefused, match="Choose another with --home or --out"):
        write_whole(tmp_path / "taken" / "page.html", "text")
