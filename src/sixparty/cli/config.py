"""`sixparty config`: where things are kept."""

from __future__ import annotations

import typer

from sixparty.cli.options import Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="Settings in force.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Settings in force."""


@app.command("show")
def show(
    json: Json = False, quiet: Quiet = False, verbose: Verbose = False, debug: Debug = False, home: HomeFolder = None
) -> None:
    """Show folders and versions."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.show_config(service.find_home(home))
    if json:
        print_json(result)
    else:
        rows = [{"setting": name, "value": value} for name, value in result.result.items()]
        print_table(rows, columns=("setting", "value"), empty="")
