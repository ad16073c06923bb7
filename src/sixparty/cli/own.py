"""`sixparty forecast own`: a reader's figures, entered before ours are shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sixparty.cli.options import Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

_COLUMNS = ("model_id", "target", "horizon", "closes", "chance", "scored_by")


def own(
    target: Annotated[str | None, typer.Argument(help="A target, such as inter_korean_talks.")] = None,
    horizon: Annotated[int | None, typer.Option("--horizon", metavar="WEEKS", help="The window.")] = None,
    chance: Annotated[float | None, typer.Option("--chance", help="Chance of at least one, as 0.2.")] = None,
    quantiles: Annotated[
        str | None, typer.Option("--quantiles", metavar="TEXT", help="Of the count, as 0.05=0,0.5=2,0.95=9.")
    ] = None,
    pmf: Annotated[Path | None, typer.Option("--pmf", metavar="FILE", help="CSV file with count,chance.")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help="A filled sheet or a hub file.")] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a sheet to fill in, and stop.")] = False,
    model_id: Annotated[str, typer.Option("--model-id", metavar="TEAM-NAME", help="Your name.")] = "reader-own",
    after_seeing: Annotated[
        bool, typer.Option("--after-seeing", help="Ours have been seen; keep and score these figures apart.")
    ] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Enter figures of your own for the latest reference date, before ours are shown; they are never revised."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    folder = service.find_home(home)
    if template:
        asked = (target,) if target else ()
        table = service.own_sheet(home=folder, targets=asked, horizons=(horizon,) if horizon else ())
        sys.stdout.write(table.write_csv())
        return
    spec = service.OwnSpec(
        target=target,
        horizon=horizon,
        chance=chance,
        quantiles=quantiles,
        pmf=pmf,
        file=file,
        model_id=model_id,
        is_after_seeing=after_seeing,
    )
    result = service.enter_own(spec, home=folder)
    if json:
        print_json(result)
        return
    print_table(result.result["figures"], columns=_COLUMNS, empty="")
    for path in result.result["files"]:
        typer.echo(path, err=True)
