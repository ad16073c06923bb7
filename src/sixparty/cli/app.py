"""The tree of verbs, and how errors become exit codes."""

from __future__ import annotations

import sys
import traceback

import typer

from sixparty.cli import (
    backtest,
    brief,
    config,
    data,
    evidence,
    explain,
    forecast,
    ledger,
    own,
    reconcile,
    revise,
    runs,
    score,
    serve,
    tension,
)
from sixparty.errors import SixPartyError

app = typer.Typer(
    name="sixparty",
    help="A sourced chronicle, calibrated forecasts and a weekly brief for the Korean Peninsula's six parties.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    if version:
        from sixparty import __version__

        typer.echo(__version__)
        raise typer.Exit


app.command("brief")(brief.make)
app.command("serve")(serve.serve)
data.app.command("reconcile")(reconcile.reconcile)
data.app.command("add")(revise.add)
data.app.command("import")(revise.import_)
data.app.command("apply")(revise.apply)
data.app.command("diff")(revise.diff)
data.app.command("undo")(revise.undo)
app.add_typer(data.app, name="data")
app.add_typer(ledger.app, name="ledger")
app.add_typer(tension.app, name="tension")
forecast.app.command("backtest")(backtest.backtest)
forecast.app.command("own")(own.own)
forecast.app.command("score")(score.score)
forecast.app.command("explain")(explain.explain)
app.add_typer(forecast.app, name="forecast")
app.add_typer(evidence.app, name="evidence")
app.add_typer(runs.app, name="runs")
app.add_typer(config.app, name="config")


def main() -> None:
    """Run the command line and exit with the code of `errors`."""
    is_debugging = "--debug" in sys.argv
    try:
        app()
    except SixPartyError as error:
        if is_debugging:
            traceback.print_exc()
        typer.echo(f"sixparty: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if is_debugging:
            traceback.print_exc()
        typer.echo(
            f"sixparty: this is a fault of ours ({type(error).__name__}: {error}). "
            "Run again with --debug and report what it prints.",
            err=True,
        )
        sys.exit(1)
