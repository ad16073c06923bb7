"""`sixparty brief`: the weekly page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Language, PartyNames, Quiet, Seed, Verbose, set_loudness
from sixparty.cli.progress import progress_listener
from sixparty.cli.show import print_json


def make(
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("--out", help="Copy the pages asked for and brief.json here too.")] = None,
    marking: Annotated[
        str | None, typer.Option("--marking", help="Handling marking at head and foot of each page.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", help="Folder with a chronicle's CSV files.")] = None,
    language: Language = "en",
    party_names: PartyNames = None,
    seed: Seed = 1,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Write the brief: where things stand, what changed, what is likely next and how far to trust it."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    pages = service.page_spec(language, party_names)
    folder = service.find_home(home)
    spec = service.BriefSpec(as_of=as_of, seed=seed, marking=marking, data=data)
    made = service.make_brief(spec, home=folder, out=out, progress=progress_listener(quiet=quiet), pages=pages)
    for warning in () if quiet else made.result.warnings:
        typer.echo(f"sixparty: {warning}", err=True)
    if json:
        print_json(made.result)
        return
    from rich.console import Console

    Console().print(service.brief_table(made.result, pages))
    if not quiet:
        for path in made.files:
            typer.echo(str(path), err=True)
