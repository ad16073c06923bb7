"""`sixparty data`: look into the chronicle, check it and take it elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sixparty.cli.options import AsOf, Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

if TYPE_CHECKING:
    from sixparty.service import Result

app = typer.Typer(help="The chronicle: search, list, show, export, validate, describe, revise.", no_args_is_help=True)
Folder = Annotated[
    Path | None, typer.Option("--data", help="Folder with a chronicle's CSV files; default: the one installed.")
]
FirstDay = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First day.")]
LastDay = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last day.")]
Party = Annotated[str | None, typer.Option("--party", help="One of PRK, KOR, USA, CHN, RUS, JPN.")]
Confidence = Annotated[str | None, typer.Option("--confidence", help="Rows that are verified, attested or recalled.")]
PageNumber = Annotated[int, typer.Option("--page", help="Which page, where there are more rows than the limit.")]
Kind = Annotated[str | None, typer.Option("--type", help="One type of event or spell, as border_fire.")]
RowFormat = Annotated[
    str | None, typer.Option("--format", help="Print the rows alone as csv or json; parquet needs --out.")
]
OutFile = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the rows to a file.")]


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
    result = service.validate_data(data, home=home)
    rows = result.result["failing_rows"]
    if json:
        print_json(result)
    else:
        ran = len(result.result["checks"])
        columns = ("check", "table", "id", "line", "column", "reason", "got")
        print_table(rows, columns=columns, empty=f"All {ran} checks passed.")
    if rows:
        count = "1 row fails" if len(rows) == 1 else f"{len(rows)} rows fail"
        raise CheckFailed(f"{count} a check. Correct them in the CSV files, then validate again.")


@app.command("list")
def list_(
    family: Annotated[
        str | None,
        typer.Option(
            "--family",
            help="One family, or leaders, agreements, commitments, series, sources; default: counts of all families.",
        ),
    ] = None,
    kind: Kind = None,
    confidence: Confidence = None,
    party: Party = None,
    first: FirstDay = None,
    last: LastDay = None,
    sort: Annotated[str, typer.Option("--sort", help="earliest, latest or name.")] = "earliest",
    limit: Annotated[int | None, typer.Option("--limit", help="How many rows to a page; default: all.")] = None,
    page: PageNumber = 1,
    as_of: AsOf = None,
    data: Folder = None,
    form: RowFormat = None,
    out: OutFile = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """List the rows of a family, a type, a confidence or a party, or how many rows each family has by year."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    spec = service.ListSpec(
        family=family,
        kind=kind,
        confidence=confidence,
        party=party,
        first=first,
        last=last,
        as_of=as_of,
        sort=sort,
        limit=limit,
        page=page,
        data=data,
    )
    is_listed = any((family, kind, confidence, party))
    columns = ("id", "date", "label_en", "confidence") if is_listed else ("family", "year", "rows")
    empty = "No rows. Outside coverage this means not covered."
    _refuse_both(json, form, out)
    _print_rows(service.list_data(spec, home=home), columns=columns, empty=empty, json=json, form=form, out=out)


@app.command("search")
def search(
    words: Annotated[list[str], typer.Argument(help="Words in English or Korean that must all occur.")],
    family: Annotated[
        str | None,
        typer.Option("--family", help="One family, or leaders, agreements, commitments, series, sources."),
    ] = None,
    kind: Kind = None,
    confidence: Confidence = None,
    party: Party = None,
    first: FirstDay = None,
    last: LastDay = None,
    sort: Annotated[str, typer.Option("--sort", help="best, latest, earliest or name.")] = "best",
    limit: Annotated[int, typer.Option("--limit", help="How many rows to a page.")] = 50,
    page: PageNumber = 1,
    as_of: AsOf = None,
    data: Folder = None,
    form: RowFormat = None,
    out: OutFile = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Find rows by their words: labels, promises, names, places, notes and titles of sources."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    spec = service.SearchSpec(
        tuple(words),
        family=family,
        kind=kind,
        confidence=confidence,
        party=party,
        first=first,
        last=last,
        as_of=as_of,
        sort=sort,
        limit=limit,
        page=page,
        data=data,
    )
    _refuse_both(json, form, out)
    result = service.search_data(spec, home=home)
    columns = ("id", "date", "family", "label_en", "label_ko")
    empty = "No row holds all these words. Fewer words find more."
    _print_rows(result, columns=columns, empty=empty, json=json, form=form, out=out)
    if result.result["found"] > limit and not quiet:
        shown, pages = len(result.result["rows"]), result.result["pages"]
        told = f"{result.result['found']} rows found, {shown} shown (page {page} of {pages})"
        typer.echo(f"{told}: --page or --limit shows more.", err=True)


@app.command("show")
def show(
    row: Annotated[
        list[str], typer.Argument(help="Id of a row, a family, a series, or a series and its period.", metavar="ROW...")
    ],
    as_of: AsOf = None,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Show one row with its sources, the words kept for it, what counts it, and what hangs together with it."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.show_row(" ".join(row), as_of=as_of, data=data, home=home)
    if json:
        print_json(result)
        return
    found = result.result
    cells = [{"column": name, "value": value} for name, value in found["row"].items() if value is not None]
    print_table(cells, columns=("column", "value"), empty="")
    parts = {
        "uses": ("kind", "name", "role"),
        "words": ("source_id", "seen_date", "columns", "words"),
        "agreement": ("id", "signed_date", "title_en"),
        "clauses": ("id", "clause", "status", "promise_en"),
        "figures": ("period", "value", "unit", "known_date"),
        "sources": ("id", "title", "address"),
        "cited_by": ("table", "id", "label"),
    }
    revised = {"revisions": found["revisions"]["lines"], "changed_cells": found["revisions"]["cells"]}
    parts |= {"revisions": ("time", "action", "reason", "source"), "changed_cells": ("column", "before", "after")}
    found = dict(found) | revised
    for name, columns in parts.items():
        if found.get(name) and sys.stdout.isatty():
            typer.echo(f"\n{name.replace('_', ' ')}")
        print_table(found.get(name, ()), columns=columns, empty="")


@app.command("export")
def export(
    folder: Annotated[
        Path, typer.Argument(help="New or empty folder, or one with an earlier export.", metavar="FOLDER")
    ],
    form: Annotated[str, typer.Option("--format", help="csv, json or parquet.")] = "csv",
    marking: Annotated[
        str | None, typer.Option("--marking", help="Handling marking, for the page and the passport beside the tables.")
    ] = None,
    as_of: AsOf = None,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Write the record, one file a table, with a page on it and a passport that describes every column."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    result = service.export_data(
        service.ExportSpec(folder, form=form, as_of=as_of, marking=marking, data=data), home=home
    )
    if json:
        print_json(result)
    else:
        print_table(result.result["files"], columns=("file", "bytes"), empty="")


@app.command("describe")
def describe(
    check: Annotated[
        bool, typer.Option("--check", help="Compare the data card's counts with the rows; exit with 4 if any is stale.")
    ] = False,
    card: Annotated[
        Path | None, typer.Option("--card", help="The data card; default: docs/explanation/data-card.md.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="NAME", help="Print one of the texts on method that ship.")
    ] = None,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Say what each family holds, how well it is known, from when to when it is complete, and where it is thin."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    if check or card is not None:
        _check_card(card, data, json=json)
        return
    if text is not None:
        _print_text(text, json=json)
        return
    result = service.describe_data(data, home=home)
    if json:
        print_json(result)
        return
    grades = ("rows", "verified", "attested", "recalled")
    columns = ("family", "complete_from", "complete_through", *grades, "thin")
    print_table(result.result["families"], columns=columns, empty="")
    print_table(result.result["tables"], columns=("table", *grades), empty="")


def _print_text(name: str, *, json: bool) -> None:
    from sixparty.service.method import method_text

    result = method_text(name)
    if json:
        print_json(result)
    else:
        sys.stdout.write(result.result["markdown"])


def _check_card(card: Path | None, data: Path | None, *, json: bool) -> None:
    from sixparty import service
    from sixparty.errors import CheckFailed

    result = service.check_card(card, data=data)
    stale = result.result["stale"]
    if json:
        print_json(result)
    else:
        print_table(
            stale, columns=("where", "stated", "counted"), empty="Every count of the data card is that of the rows."
        )
    if stale:
        raise CheckFailed(
            f"every count of the data card must be that of the rows, got {len(stale)} others. Run `make reference`, "
            "then correct its text."
        )


def _refuse_both(json: bool, form: str | None, out: Path | None) -> None:
    from sixparty.errors import UsageError

    if json and (form is not None or out is not None):
        raise UsageError("expected --json or --format with --out, got both. --json prints the whole answer.")
    if form is None and out is not None:
        raise UsageError("--out needs --format csv, json or parquet, got none.")
    if form == "parquet" and out is None:
        raise UsageError("--format parquet needs --out FILE, got none: it is no text.")


def _print_rows(
    result: Result, *, columns: Sequence[str], empty: str, json: bool, form: str | None, out: Path | None
) -> None:
    """Print a result's rows: as one document, as a file's bytes, or as a table."""
    from sixparty import service

    rows = result.result["rows"]
    if json:
        print_json(result)
    elif form is None:
        print_table(rows, columns=columns, empty=empty)
    elif out is not None:
        service.write_whole(out, service.rows_as(rows, form=form, columns=columns))
    else:
        sys.stdout.write(service.rows_as(rows, form=form, columns=columns).decode())
