"""`sixparty forecast explain`: what moved a forecast, what it is made of, what would move it most."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Seed, Verbose, set_loudness
from sixparty.cli.progress import progress_listener
from sixparty.cli.show import print_json, print_table


def explain(
    target: Annotated[str, typer.Argument(help="Name of a target, as weapons_test_days.", show_default=False)],
    as_of: AsOf = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Earlier reference date, a Saturday; default: a week before."),
    ] = None,
    horizon: Annotated[int, typer.Option("--horizon", help="Length of the window: 1, 4, 13, 26 or 52 weeks.")] = 13,
    seed: Seed = 1,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Say which causes moved a forecast since an earlier date, where its number comes from and what would move it most.

    The parts add up to the change. If a round of the earlier date was issued, the change is the one since that round.
    """
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    folder = service.find_home(home)
    spec = service.ExplainSpec(target=target, as_of=as_of, since=since, horizon=horizon, seed=seed)
    result = service.explain_forecast(spec, home=folder, progress=progress_listener(quiet=quiet))
    if json:
        print_json(result)
    elif sys.stdout.isatty():
        from rich.console import Console

        from sixparty.report import explain_terminal

        Console().print(explain_terminal(result.document()))
    else:
        columns = ("name", "chance", "mean", "chance_error", "mean_error", "is_read")
        print_table(result.document()["result"]["change"]["parts"], columns=columns, empty="")
