"""`sixparty tension`: the counts, the phases and the index."""

from __future__ import annotations

from typing import Annotated

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Seed, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="Where things stand, in numbers.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Where things stand, in numbers."""


@app.command("show")
def show(
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")] = None,
    as_of: AsOf = None,
    seed: Seed = 1,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Show the tension index and the counts of each mark by week."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.show_tension(service.TensionSpec(first=first, last=last, as_of=as_of, seed=seed), home=home)
    if json:
        print_json(result)
    else:
        rows = result.result["weeks"]
        print_table(rows, columns=tuple(rows[0]) if rows else (), empty="No whole week between these days.")
