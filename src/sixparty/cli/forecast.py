"""`sixparty forecast`: issue forecasts as hub rows."""

from __future__ import annotations

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Seed, Verbose, set_loudness
from sixparty.cli.progress import progress_listener
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="Forecasts: issue, enter your own, score, backtest, explain.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """Forecasts as hub rows."""


@app.command("issue")
def issue(
    as_of: AsOf = None,
    seed: Seed = 1,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Issue forecasts of every target for every window and add them to the archive, which is never rewritten.

    They are kept as issued, made late or backfilled, by the record behind them and by the clock.
    """
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    folder = service.find_home(home)
    spec = service.ForecastSpec(as_of=as_of, seed=seed)
    result = service.issue(spec, home=folder, progress=progress_listener(quiet=quiet))
    if json:
        print_json(result)
    else:
        columns = ("target", "horizon", "model_id", "mean", "at_least_one")
        print_table(result.result["summary"], columns=columns, empty="")
        for path in result.result["files"]:
            typer.echo(path, err=True)
