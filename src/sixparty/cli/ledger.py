"""`sixparty ledger`: what was promised, what is due, what was kept."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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
    domain: Annotated[str | None, typer.Option("--domain", help="Promises of one domain, as military.")] = None,
    state: Annotated[str | None, typer.Option("--state", help="Promises in one state, as overdue.")] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="How far each promise was carried out in this year.")
    ] = None,
    due_within: Annotated[int, typer.Option("--due-within", help="How far ahead a term counts as due, days.")] = 90,
    as_of: AsOf = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Show what became of promises: counts by side, what is due, how long steps held; a pipe gets one line a promise.

    Without --agreement, --obligor, --domain or --state the first table lists the texts, otherwise the promises.
    --agreement adds how far each promise was carried out by year, --year the same for one year by party and domain.
    """
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    spec = service.LedgerSpec(
        agreement=agreement,
        obligor=obligor,
        domain=domain,
        state=state,
        year=year,
        as_of=as_of,
        due_within=due_within,
    )
    result = service.show_ledger(spec, home=home)
    if json:
        print_json(result)
    elif sys.stdout.isatty():
        from rich.console import Console

        from sixparty.report import ledger_terminal

        Console().print(ledger_terminal(result.document()))
    else:
        degree = ("degree",) if year is not None else ()
        columns = ("id", "state", "basis", *degree, "since", "due_date", "obligors", "promise_en")
        print_table(_lines(result.document()["result"]), columns=columns, empty="No promise matches.")


def _lines(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line a promise: who promised in one cell, how well its state is known, its degree in the year asked for."""
    degrees = (found["implementation"] or {}).get("degrees", ())
    grades = {degree["commitment_id"]: degree["grade"] for degree in degrees}
    return [
        {
            **row,
            "obligors": ";".join(row["obligors"]),
            "basis": row["status_basis"],
            "degree": grades.get(row["id"]),
        }
        for row in found["rows"]
    ]
