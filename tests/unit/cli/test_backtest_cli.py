"""`sixparty forecast backtest` as a user meets it."""

import json
import os
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

SMALL = [
    "forecast",
    "backtest",
    "--first-origin",
    "2012-11",
    "--last-origin",
    "2013-01",
    "--monthly",
    "--target",
    "nuclear_test",
    "--horizon",
    "13",
    "--model",
    "plain-trailing52",
]


def begin(*words: str, home: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "sixparty", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"SIXPARTY_HOME": str(home), "COLUMNS": "100"},
        start_new_session=True,
    )


def test_stdout_holds_the_scores_alone(tmp_path):
    process = begin(*SMALL, home=tmp_path)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0][:4] == ["target", "horizon", "model_id", "n"]
    assert [line[:4] for line in lines[1:]] == [
        ["nuclear_test", "13", "plain-nb36", "3"],
        ["nuclear_test", "13", "plain-trailing52", "3"],
    ]
    assert "retrospective" in err
    assert str(tmp_path / "runs") in err


def test_json_is_one_document_without_a_nan(tmp_path):
    process = begin(*SMALL, "--json", "--quiet", home=tmp_path)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    document = json.loads(out, parse_constant=lambda word: pytest.fail(f"{word} in the document"))
    assert set(document) == {"spec", "result", "provenance", "warnings"}
    assert {row["model_id"] for row in document["result"]["differences"]} == {"plain-trailing52"}


def test_an_unknown_model_is_refused_before_anything_is_made(tmp_path):
    process = begin("forecast", "backtest", "--model", "plain-nothing", home=tmp_path)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (2, "")
    assert "model must be one of sixparty-level" in err
    assert not (tmp_path / "cache" / "backtest").exists()


def test_with_an_optional_rival_each_line_says_which_origins_it_counts(tmp_path):
    words = [*SMALL, "--model", "plain-tsb"]
    words[words.index("nuclear_test")] = "border_kinetic"
    process = begin(*words, home=tmp_path)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    lines = [line.split("\t") for line in out.splitlines()]
    assert lines[0][:4] == ["origins", "target", "horizon", "model_id"]
    assert {(line[0], line[3], line[4]) for line in lines[1:]} == {
        ("monthly", "plain-nb36", "3"),
        ("monthly", "plain-trailing52", "3"),
        ("thirteenth", "plain-nb36", "1"),
        ("thirteenth", "plain-trailing52", "1"),
        ("thirteenth", "plain-tsb", "1"),
    }


@pytest.mark.skipif(
    all(map(find_spec, ("statsforecast", "sklearn"))), reason="the extra `rivals` is installed, nothing is missing"
)
def test_a_missing_extra_ends_with_the_command_that_installs_it(tmp_path):
    process = begin("forecast", "backtest", "--optional-rivals", home=tmp_path)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (6, "")
    assert "pip install 'sixparty[rivals]'" in err
    assert "Traceback" not in err


def test_ctrl_c_keeps_what_is_done_and_leaves_no_half_file(tmp_path):
    """Two years of a target are there before the signal, so that both processes have begun."""
    words = ["forecast", "backtest", "--last-origin", "2016-12", "--monthly", "--model", "plain-nb12", "--workers", "2"]
    process = begin(*words, home=tmp_path)
    chunks = tmp_path / "cache" / "backtest"
    until = time.monotonic() + 200
    while len(list(chunks.glob("*/fatal_clash-*.npz"))) < 2 and time.monotonic() < until:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 130, err
    assert out == ""
    assert "Traceback" not in err
    assert list(chunks.glob("*/*.npz"))
    assert not list(chunks.glob("*/.*"))
    assert not (tmp_path / "runs").exists()
