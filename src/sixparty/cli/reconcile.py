"""`sixparty data reconcile`: lay two lists of dated acts beside each other."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from sixparty.cli.data import Folder
from sixparty.cli.options import Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

ListName = Annotated[
    str | None,
    typer.Argument(help="`chronicle`, `csis:FILE`, `cns:FILE`, `LAYOUT.toml:FILE`, or a FILE in the plain layout."),
]


def reconcile(
    a: ListName = None,
    b: ListName = None,
    window: Annotated[
        int, typer.Option("--window", metavar="DAYS", help="Days by which dates of one act may differ.")
    ] = 3,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="Print findings of one kind; default: all but agreed and beyond.")
    ] = None,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Say what two lists of dated acts have in common, what each lacks, and what they date or class differently.

    Without lists: the report that ships, on the two public lists and the chronicle.
    """
    from sixparty.errors import UsageError
    from sixparty.service.reconcile import ReconcileSpec, reconcile_lists

    set_loudness(quiet=quiet, verbose=verbose)
    if a is None or b is None:
        if a is not None:
            raise UsageError(f"reconcile needs two lists, or none for the report that ships; got {a} alone.")
        _print_shipped(json=json, home=home)
        return
    spec = ReconcileSpec(a=a, b=b, window_days=window, first=first, last=last, kind=kind, data=data)
    result = reconcile_lists(spec, home=home)
    if json:
        print_json(result)
        return
    counts = [{"kind": name, "acts": number} for name, number in result.result["counts"].items()]
    print_table(counts, columns=("kind", "acts"), empty="")
    columns = ("kind", "days", "reading", "a_date", "a_label", "b_date", "b_label")
    print_table(result.result["findings"], columns=columns, empty="Nothing to show: no finding of such a kind.")


def _print_shipped(*, json: bool, home: Path | None) -> None:
    from sixparty.service.reconcile import shipped_reconciliation

    result = shipped_reconciliation(home=home)
    if json:
        print_json(result)
        return
    for table in result.result["tables"]:
        sys.stdout.write(f"{table['title']}\n")
        rows = [dict(zip(table["heads"], row, strict=True)) for row in table["rows"]]
        print_table(rows, columns=table["heads"], empty="")
        sys.stdout.write("\n")
