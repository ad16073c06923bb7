"""Write the generated pages anew, or say with --check which of them are not fresh.

Generated: the data package's passport, the data dictionary, the data card's counts and the reference of the command
line.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

# a fixed width keeps the help texts the same on every terminal
os.environ["COLUMNS"] = "100"
os.environ["TERMINAL_WIDTH"] = "100"
os.environ.setdefault("NO_COLOR", "1")

import typer.main
import typer.testing

from sixparty.chronicle import data_dictionary, data_package, read_chronicle
from sixparty.chronicle.card import with_fresh_counts
from sixparty.cli.app import app

ROOT = Path(__file__).parent.parent
DATA_CARD = ROOT / "docs/explanation/data-card.md"


def command_line_reference() -> str:
    """Write the help of every verb as one Markdown page."""
    lines = ["# Command line", "", "Made from the help texts by `make reference`; a test compares."]
    runner = typer.testing.CliRunner()
    for words in verbs():
        help_text = runner.invoke(app, [*words, "--help"], prog_name="sixparty").stdout
        name = " ".join(["sixparty", *words])
        body = "\n".join(line.rstrip() for line in help_text.strip().splitlines())
        lines += ["", f"## {name}", "", "```text", body, "```"]
    return "\n".join(lines) + "\n"


def verbs() -> list[list[str]]:
    """List every verb as its words, nouns before their verbs."""
    group = typer.main.get_command(app)
    found: list[list[str]] = [[]]
    for noun, command in sorted(group.commands.items()):  # type: ignore[attr-defined]
        found.append([noun])
        found += [[noun, verb] for verb in sorted(getattr(command, "commands", {}))]
    return found


def generated() -> dict[Path, str]:
    """Return every generated file with the text it should hold."""
    return {
        ROOT / "src/sixparty/data/datapackage.json": json.dumps(data_package(), indent=1, ensure_ascii=False) + "\n",
        ROOT / "docs/reference/data-dictionary.md": data_dictionary(),
        ROOT / "docs/reference/command-line.md": command_line_reference(),
        DATA_CARD: with_fresh_counts(DATA_CARD.read_text(encoding="utf-8"), read_chronicle()),
    }


def main() -> int:
    """Write or compare; return 4 if a page is not fresh."""
    stale = [path for path, text in generated().items() if not path.exists() or path.read_text("utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not fresh. Run `make reference`.\n")
        return 4 if stale else 0
    for path in stale:
        path.write_text(generated()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
