"""`sixparty forecast backtest`: how every model would have fared at past origins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sixparty.cli.data import Folder
from sixparty.cli.options import Debug, HomeFolder, Horizons, Json, Models, Quiet, Seed, Targets, Verbose, set_loudness
from sixparty.cli.progress import progress_listener
from sixparty.cli.show import print_json, print_table

_FIGURES = ("log_score", "crps", "brier", "pit_coverage_50", "pit_coverage_90")


def backtest(
    first_origin: Annotated[
        str | None, typer.Option("--first-origin", metavar="MONTH", help="First month or day of origins.")
    ] = None,
    last_origin: Annotated[
        str | None, typer.Option("--last-origin", metavar="MONTH", help="Last month or day of origins.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="MONTH", help="Score windows that close by this month or day.")
    ] = None,
    monthly: Annotated[
        bool, typer.Option("--monthly", help="Origins on the first Sunday of each month alone.")
    ] = False,
    target: Targets = None,
    horizon: Horizons = None,
    model: Models = None,
    optional_rivals: Annotated[
        bool, typer.Option("--optional-rivals", help="Also AutoARIMA, intermittent demand, boosting; every 13th week.")
    ] = False,
    rival: Annotated[str, typer.Option("--rival", help="The model from which differences are given.")] = "plain-nb36",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Copy the tables into this folder.")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes side by side.")] = None,
    seed: Seed = 1,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Forecast from past origins by what was known there, score every model, and write the tables.

    Broken off, it goes on from what is done when it is run again.
    """
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    folder = service.find_home(home)
    spec = service.BacktestSpec(
        first_origin=first_origin,
        last_origin=last_origin,
        until=until,
        is_monthly_only=monthly,
        targets=tuple(target or ()),
        horizons=tuple(horizon or ()),
        models=tuple(model or ()),
        has_optional_rivals=optional_rivals,
        rival=rival,
        seed=seed,
        data=data,
    )
    made = service.run_backtest(spec, home=folder, out=out, progress=progress_listener(quiet=quiet), workers=workers)
    if json:
        print_json(made.result)
        return
    found = made.result.result
    sets = ("origins",) if found["origins"]["thirteenth"] else ()
    columns = (*sets, "target", "horizon", "model_id", "n", *_FIGURES)
    print_table(_lines(found["scores"]), columns=columns, empty="No window is over yet.")
    typer.echo(str(made.files[0].parent), err=True)


def _lines(scores: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The monthly and the thirteenth origins, no period left out, to three decimals; the files hold the rest."""
    shown = [row for row in scores if row["origins"] != "weekly" and row["period"] == "all"]
    return [{**row, **{name: f"{row[name]:.3f}" for name in _FIGURES}} for row in shown]
