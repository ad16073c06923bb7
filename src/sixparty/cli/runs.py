"""`sixparty runs`: what was made, when and from what."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from sixparty.cli.options import Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="Earlier runs: list, show, verify.", no_args_is_help=True)
RunName = Annotated[str, typer.Argument(help="Name of a run, as `sixparty runs list` prints it.")]


@app.command("list")
def list_(
    json: Json = False, quiet: Quiet = False, verbose: Verbose = False, debug: Debug = False, home: HomeFolder = None
) -> None:
    """List finished runs, newest first."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    rows = [asdict(row) for row in service.list_runs(service.find_home(home))]
    if json:
        print_json(service.answer("runs list", {}, {"runs": rows}))
    else:
        print_table(
            rows, columns=("run_id", "verb", "reference_date", "generated_at", "files"), empty="No runs so far."
        )


@app.command("show")
def show(
    run: RunName,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Show what made a run and which files it holds."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    manifest = service.show_run(service.find_home(home), run)
    if json:
        print_json(service.answer("runs show", {"run": run}, manifest))
        return
    made = manifest["provenance"]
    lines = {**{name: made[name] for name in ("run_id", "command", "generated_at", "data_digest", "seed")}}
    print_table(
        [{"field": name, "value": value} for name, value in lines.items()], columns=("field", "value"), empty=""
    )
    files = [{"file": name, "sha256": digest} for name, digest in manifest["files"].items()]
    print_table(files, columns=("file", "sha256"), empty="The run holds no files.")


@app.command("verify")
def verify(
    run: RunName,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Compare a run's files with its manifest; exit with 4 if anything differs."""
    from sixparty import service
    from sixparty.errors import CheckFailed

    set_loudness(quiet=quiet, verbose=verbose)
    findings = [asdict(finding) for finding in service.verify_run(service.find_home(home), run)]
    if json:
        print_json(service.answer("runs verify", {"run": run}, {"findings": findings}))
    else:
        print_table(findings, columns=("file", "finding"), empty=f"{run}: every file is as it was made.")
    if findings:
        raise CheckFailed(f"{len(findings)} of the files of {run} are not as they were made. Make the run again.")
