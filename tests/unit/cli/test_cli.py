"""The command line as a user meets it: exit codes, clear errors, stdout for the result alone."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from tests.conftest import weapons_test, write_chronicle

from sixparty.cli import main
from sixparty.errors import EnvironmentRefused, InputRefused, ModelRefused

DATA = Path(str(resources.files("sixparty") / "data"))


def run(*words, home, **env):
    return subprocess.run(
        [sys.executable, "-m", "sixparty", *words],
        capture_output=True,
        text=True,
        env=os.environ | {"SIXPARTY_HOME": str(home), "COLUMNS": "100"} | env,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["brief", "--as-of", "2025-02-30"], 3, "as-of must be a day that exists, got '2025-02-30'"),
        (["brief", "--as-of", "next week"], 3, "as-of must be a date like 2025-06-28"),
        (["brief", "--as-of", "1985-01-01"], 3, "as-of must be 1993"),
        (["brief", "--seed", "-1"], 2, "seed must be a whole number of 0 or more, got -1"),
        (["brief", "--seed", "x"], 2, "--seed"),
        (["brief", "--unknown"], 2, "No such option"),
        (["runs", "show", "nothing"], 2, "run must be the name of a finished run (latest: none so far)"),
        (["data", "show", "wt-nothing"], 2, "row must be the name of a row of the chronicle"),
        (["data", "list", "--family", "rockets"], 2, "family must be one of weapons_tests"),
        (["data", "list", "--from", "2025-01-02", "--to", "2025-01-01"], 3, "to must not lie before from"),
        (["data", "validate", "--data", "/nowhere"], 3, "which is no folder"),
    ],
)
def test_bad_input_gives_a_clear_error_and_its_exit_code(tmp_path, words, code, message):
    done = run(*words, home=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_malformed_chronicle_is_named_by_file_line_column_expected_and_got(tmp_path):
    folder = tmp_path / "record"
    shutil.copytree(DATA, folder)
    lines = (folder / "spells.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[4] = re.sub(",(verified|attested|recalled),", ",certain,", lines[4])
    (folder / "spells.csv").write_text("".join(lines), encoding="utf-8")
    done = run("brief", "--data", str(folder), home=tmp_path / "home")
    assert done.returncode == 3
    assert (
        "spells.csv, line 5, column confidence: expected one of verified, attested, recalled, got 'certain'"
        in done.stderr
    )
    assert not (tmp_path / "home" / "runs").exists()


def test_debug_adds_the_traceback(tmp_path):
    done = run("brief", "--as-of", "2025-02-30", "--debug", home=tmp_path)
    assert done.returncode == 3
    assert "Traceback" in done.stderr


def test_a_home_that_cannot_be_made_is_an_environment_error(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run("config", "show", home=tmp_path / "file" / "home")
    assert done.returncode == 6
    assert "must be a folder that can be written to" in done.stderr


def test_a_failing_check_exits_with_four_and_lists_the_rows(tmp_path):
    write_chronicle(tmp_path, events=[weapons_test("2025-05-08", label_en="A provocation")])
    done = run("data", "validate", "--data", str(tmp_path), home=tmp_path / "home")
    assert done.returncode == 4
    assert done.stdout.splitlines()[1].startswith("forbidden_words\tevents\twt-2025-05-08")


@pytest.mark.parametrize(
    "words",
    [
        ["data", "validate"],
        ["data", "list"],
        ["data", "list", "--family", "moratoria"],
        ["data", "describe"],
        ["data", "show", "wt-2017-09-03-nuclear"],
        ["runs", "list"],
        ["config", "show"],
        ["tension", "show", "--from", "2017-08-27", "--to", "2017-09-16"],
    ],
)
def test_json_is_one_document_with_spec_result_provenance_and_warnings(tmp_path, words):
    done = run(*words, "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert list(document) == ["spec", "result", "provenance", "warnings"]
    assert "NaN" not in done.stdout


def test_a_pipe_gets_tab_separated_rows_with_a_header(tmp_path):
    done = run("data", "list", "--family", "moratoria", home=tmp_path)
    lines = done.stdout.splitlines()
    assert lines[0].split("\t") == ["id", "date", "label_en", "confidence"]
    assert all(len(line.split("\t")) == 4 for line in lines)


def test_a_row_is_shown_with_its_sources(tmp_path):
    document = json.loads(run("data", "show", "wt-2017-09-03-nuclear", "--json", home=tmp_path).stdout)
    assert document["result"]["row"]["event_date"] == "2017-09-03"
    cited = set(document["result"]["row"]["source_ids"].split(";"))
    assert {source["id"] for source in document["result"]["sources"]} == cited


def test_the_version_is_printed(tmp_path):
    import sixparty

    assert run("--version", home=tmp_path).stdout.strip() == sixparty.__version__


def test_ctrl_c_ends_with_130_and_leaves_no_half_written_file(tmp_path):
    words = [sys.executable, "-m", "sixparty", "brief", "--out", str(tmp_path / "out")]
    env = os.environ | {"SIXPARTY_HOME": str(tmp_path / "home")}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) as process:
        for line in process.stderr:
            if "fitting" in line:
                break
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert not (tmp_path / "out").exists()
    assert not list((tmp_path / "home").rglob("manifest.json"))
    assert not [path for path in (tmp_path / "home").rglob(".*") if path.is_file()]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ModelRefused("expected k-hat below 0.7, got 1.2. Use a stationary level."), 5),
        (EnvironmentRefused("the disk must have room, got none."), 6),
        (InputRefused("expected another file."), 3),
        (ZeroDivisionError("division by zero"), 1),
    ],
)
def test_an_error_inside_a_verb_becomes_its_exit_code_and_one_line(monkeypatch, capsys, error, code):
    def fail(*words, **options):
        raise error

    monkeypatch.setattr("sixparty.service.brief.make_brief", fail)
    monkeypatch.setattr(sys, "argv", ["sixparty", "brief"])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert str(error) in printed.err
    assert len(printed.err.splitlines()) == 1
