"""`sixparty evidence`: claims that people argue about, put to the test."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Seed, Verbose, set_loudness
from sixparty.cli.progress import progress_listener
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="Claims that people argue about, put to the test.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Claims that people argue about, put to the test."""


@app.command("list")
def list_(json: Json = False, debug: Debug = False) -> None:
    """List every claim: what it is about, how it is dealt with, by which design it is tested."""
    from sixparty import service

    result = service.list_claims()
    if json:
        print_json(result)
        return
    columns = ("claim", "mechanisms", "standing", "design", "title_en")
    rows = [{**row, "mechanisms": ";".join(row["mechanisms"])} for row in result.result["claims"]]
    print_table(rows, columns=columns, empty="No claim is there.")


@app.command("test")
def test(
    claims: Annotated[list[str], typer.Argument(metavar="CLAIM...", help="Names of claims, `all`, or files of yours.")],
    effects: Annotated[
        Path | None, typer.Option("--write-effects", metavar="FILE", help="Write the estimates as a table of effects.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Write a sheet to print for each claim, in English and Korean."),
    ] = None,
    marking: Annotated[
        str | None, typer.Option("--marking", help="Handling marking at head and foot of each sheet.")
    ] = None,
    as_of: AsOf = None,
    seed: Seed = 1,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Test claims on the record: estimate, interval, checks and a verdict by rule; one claim gives its whole sheet."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    spec = service.EvidenceSpec(claims=tuple(claims), as_of=as_of, seed=seed)
    result = service.test_claims(spec, home=home, effects=effects, progress=progress_listener(quiet=quiet))
    found = result.result["claims"]
    files = service.write_sheets(result, out, marking=marking) if out is not None else []
    if json:
        print_json(result)
    elif files:
        sys.stdout.write("".join(f"{path}\n" for path in files))
    elif len(found) == 1 and sys.stdout.isatty():
        from rich.console import Console

        from sixparty.report import evidence_terminal

        Console().print(evidence_terminal(result.document()))
    else:
        columns = ("claim", "verdict", "ratio", "low", "high", "smallest_seen", "episodes", "events", "grade", "flips")
        print_table(_lines(found), columns=columns, empty="No claim was asked for.")


def _lines(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [_line(claim) for claim in found]


def _line(claim: Mapping[str, Any]) -> dict[str, Any]:
    """One claim in one line; ratios to two decimals, blank where there is none."""
    line = {"claim": claim["claim"], "verdict": claim["verdict"], "grade": claim["grade"]}
    line |= {"flips": ";".join(claim["flips"])}
    estimate = claim["estimate"]
    if estimate is None:
        return line | dict.fromkeys(("ratio", "low", "high", "smallest_seen", "episodes", "events"))
    ratio = {
        name: f"{estimate['ratio'][key]:.2f}" for name, key in (("ratio", "value"), ("low", "low"), ("high", "high"))
    }
    seen = f"{estimate['minimum_detectable']:.2f}"
    return line | ratio | {"smallest_seen": seen, "episodes": estimate["episodes"], "events": estimate["events"]}
