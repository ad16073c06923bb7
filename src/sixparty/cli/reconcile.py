"""`sixparty data reconcile`: lay two lists of dated acts beside each other."""

from __future__ import annotations

from typing import Annotated

import typer

from sixparty.cli.data import Folder
from sixparty.cli.options import Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

ListName = Annotated[
    str,
    typer.Argument(help="`chronicle`, `csis:FILE`, `cns:FILE`, `LAYOUT.toml:FILE`, or a FILE in the plain layout."),
]


def reconcile(
    a: ListName,
    b: ListName,
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
    """Say what two lists of dated acts have in common, what each lacks, and what they date or class differently."""
    from sixparty.service.reconcile import ReconcileSpec, reconcile_lists

    set_loudness(quiet=quiet, verbose=verbose)
    spec = ReconcileSpec(a=a, b=b, window_days=window, first=first, last=last, kind=kind, data=data)
    result = reconcile_lists(spec, home=home)
    if json:
        print_json(result)
        return
    counts = [{"kind": name, "acts": number} for name, number in result.result["counts"].items()]
    print_table(counts, columns=("kind", "acts"), empty="")
    columns = ("kind", "days", "reading", "a_date", "a_label", "b_date", "b_label")
    print_table(result.result["findings"], columns=columns, empty="Nothing to show: no finding of such a kind.")
