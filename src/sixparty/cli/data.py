"""`sixparty data`: look into the chronicle and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

app = typer.Typer(help="The chronicle: list, show, validate, describe.", no_args_is_help=True)
Folder = Annotated[
    Path | None, typer.Option("--data", help="Folder with a chronicle's CSV files; default: the one installed.")
]


@app.command("validate")
def validate(
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Run every check; print the failing rows and exit with 4 if there are any."""
    from sixparty import service
    from sixparty.errors import CheckFailed

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.validate_data(data)
    rows = result.result["failing_rows"]
    if json:
        print_json(result)
    else:
        ran = len(result.result["checks"])
        print_table(rows, columns=("check", "table", "id", "reason"), empty=f"All {ran} checks passed.")
    if rows:
        raise CheckFailed(f"{len(rows)} rows fail a check. Correct them in the CSV files, then validate again.")


@app.command("list")
def list_(
    family: Annotated[str | None, typer.Option("--family", help="One family; default: counts of all.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")] = None,
    as_of: AsOf = None,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """List the rows of a family, or how many rows each family has by year."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.list_data(service.ListSpec(family=family, first=first, last=last, as_of=as_of, data=data))
    if json:
        print_json(result)
    else:
        columns = ("id", "date", "label_en", "confidence") if family else ("family", "year", "rows")
        print_table(result.result["rows"], columns=columns, empty="No rows. Outside coverage this means not covered.")


@app.command("show")
def show(
    row: Annotated[str, typer.Argument(help="Name of a row, as `sixparty data list` prints it.")],
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Show one row with its sources."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.show_row(row, data=data)
    if json:
        print_json(result)
        return
    cells = [{"column": name, "value": value} for name, value in result.result["row"].items() if value is not None]
    print_table(cells, columns=("column", "value"), empty="")
    print_table(result.result["sources"], columns=("id", "title", "address"), empty="")


@app.command("describe")
def describe(
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Say what each family holds, from when to when it is complete, and where it is thin."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.describe_data(data)
    if json:
        print_json(result)
    else:
        columns = ("family", "complete_from", "complete_through", "rows", "thin")
        print_table(result.result["families"], columns=columns, empty="")
