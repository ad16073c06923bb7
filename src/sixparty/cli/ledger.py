"""`sixparty ledger`: what was promised, what is due, what was kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="What was promised, what is due, what was kept.", no_args_is_help=True)


@app.callback()
def _noun() -> None:
    """What was promised, what is due, what was kept."""


@app.command("show")
def show(
    agreement: Annotated[str | None, typer.Option("--agreement", help="One agreement, as agr-2018-military.")] = None,
    obligor: Annotated[str | None, typer.Option("--obligor", help="Promises of one party, as KOR.")] = None,
    due_within: Annotated[int, typer.Option("--due-within", help="How far ahead a term counts as due, days.")] = 90,
    as_of: AsOf = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Show every promise with its state; `--json` adds the counts by side and how long steps held."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    spec = service.LedgerSpec(agreement=agreement, obligor=obligor, as_of=as_of, due_within=due_within)
    result = service.show_ledger(spec)
    if json:
        print_json(result)
    else:
        columns = ("id", "state", "since", "due_date", "obligors", "promise_en")
        print_table(_lines(result.document()["result"]["rows"]), columns=columns, empty="No promise matches.")


def _lines(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "obligors": ";".join(row["obligors"])} for row in rows]
