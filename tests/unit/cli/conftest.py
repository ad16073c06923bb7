"""Run a verb in this process as the command line does."""

import sys
from dataclasses import dataclass

import pytest

from sixparty.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[list[str]]:
        """Cells of the printed table below its header."""
        return [line.split("\t") for line in self.out.splitlines()[1:]]


@pytest.fixture
def sixparty(monkeypatch, capsys, tmp_path):
    """Return a function that runs `sixparty WORDS...` with a home of its own."""
    monkeypatch.setenv("SIXPARTY_HOME", str(tmp_path / "home"))

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["sixparty", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Ran(int(ended.value.code or 0), printed.out, printed.err)

    return run
