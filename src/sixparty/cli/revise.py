"""`sixparty data add, import, apply, diff, undo`: change the record, and see what was changed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sixparty.cli.options import Debug, HomeFolder, Json, Quiet, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

if TYPE_CHECKING:
    from sixparty.chronicle.one_line import Question
    from sixparty.service.add import AddSpec

_CHANGE_COLUMNS = ("number", "action", "table", "key", "what", "reason")
Text = str | None


def add(
    line: Annotated[str, typer.Argument(help='One line, as `2025-06-12 PRK SRBM 2 Sunan https://... "label"`.')] = "",
    date: Annotated[Text, typer.Option("--date", help="Day (KST), month or year, as 2025-06-12.")] = None,
    kind: Annotated[Text, typer.Option("--type", help="Type of event.")] = None,
    actors: Annotated[Text, typer.Option("--actors", help="Who acted: party codes joined by ;")] = None,
    recipients: Annotated[Text, typer.Option("--recipients", help="On whom: party codes joined by ;")] = None,
    weapon: Annotated[Text, typer.Option("--class", help="Class of the weapon tested.")] = None,
    incident: Annotated[Text, typer.Option("--incident", help="What happened at a line.")] = None,
    domain: Annotated[Text, typer.Option("--domain", help="Domain of a step or of a posture.")] = None,
    act_kind: Annotated[Text, typer.Option("--kind", help="Finer kind of the act.")] = None,
    level: Annotated[Text, typer.Option("--level", help="Highest level at a contact.")] = None,
    objects: Annotated[Text, typer.Option("--objects", help="How many were launched or released.")] = None,
    place: Annotated[Text, typer.Option("--place", help="Place.")] = None,
    outcome: Annotated[Text, typer.Option("--outcome", help="Outcome of a test.")] = None,
    known: Annotated[Text, typer.Option("--known", help="Day on which it became known, where a source says.")] = None,
    note: Annotated[Text, typer.Option("--note", help="What a reader must know.")] = None,
    label_en: Annotated[Text, typer.Option("--label-en", help="Short neutral label in English.")] = None,
    label_ko: Annotated[Text, typer.Option("--label-ko", help="The same in Korean.")] = None,
    source: Annotated[Text, typer.Option("--source", help="Address, or name of a source that the record has.")] = None,
    source_title: Annotated[Text, typer.Option("--source-title", help="What a new source is.")] = None,
    cell: Annotated[
        list[str] | None, typer.Option("--cell", metavar="COLUMN=TEXT", help="Any other column of events.csv.")
    ] = None,
    words: Annotated[Text, typer.Option("--words", help="Words of the source that carry the datum.")] = None,
    words_carry: Annotated[
        str, typer.Option("--words-carry", help="Columns that they carry.")
    ] = "event_date;event_type;actors",
    seen_as: Annotated[str, typer.Option("--seen-as", help="In what form they were seen.")] = "stored_page",
    another: Annotated[bool, typer.Option("--another", help="Add it although one like it stands.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Add an event from one line of text; on a terminal, what is missing is asked."""
    from sixparty.service.add import AddSpec, add_event

    set_loudness(quiet=quiet, verbose=verbose)
    told = {
        "event_date": date,
        "event_type": kind,
        "actors": actors,
        "recipients": recipients,
        "weapon_class": weapon,
        "incident_kind": incident,
        "domain": domain,
        "act_kind": act_kind,
        "level": level,
        "objects": objects,
        "place": place,
        "outcome": outcome,
        "known_date": known,
        "note": note,
        "label_en": label_en,
        "label_ko": label_ko,
    }
    cells = _other_cells(cell) | {name: text for name, text in told.items() if text is not None}
    spec = AddSpec(line, cells, source, source_title, words, words_carry, seen_as, another)
    result = add_event(_asked(spec, home) if sys.stdin.isatty() else spec, home=home)
    if json:
        print_json(result)
        return
    rows = [{"table": row["table"], "key": row["key"], "label": _label(row["row"])} for row in result.result["rows"]]
    print_table(rows, columns=("table", "key", "label"), empty="")


def _other_cells(cells: list[str] | None) -> dict[str, str]:
    """Part column and text of each `--cell`."""
    parted = [cell.partition("=") for cell in cells or ()]
    return {name.strip(): text for name, _, text in parted}


def _asked(spec: AddSpec, home: Path | None) -> AddSpec:
    """Ask on the terminal for what is missing, the type before what depends on it."""
    from sixparty.errors import SixPartyError
    from sixparty.service.add import draft_event

    draft = draft_event(spec, home=home)
    while draft.open and (spec.is_another or not draft.similar):
        question = draft.open[0]
        if question.choices:
            typer.echo(f"  {', '.join(question.choices)}", err=True)
        answered = spec.answered(question.name, _prompt(question))
        try:
            draft = draft_event(answered, home=home)
        except SixPartyError as error:
            typer.echo(f"  {error}", err=True)
            continue
        spec = answered
    return spec


def _prompt(question: Question) -> str:
    try:
        return str(typer.prompt(question.words, default=question.default or None, err=True)).strip()
    except typer.Abort:
        typer.echo("", err=True)
        raise typer.Exit(130) from None


def import_(
    name: Annotated[str, typer.Argument(metavar="LIST", help="`csis` or `cns`.")],
    file: Annotated[Path, typer.Argument(help="The list as its publisher gives it, CSV.")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the change file here; default: print it on stdout.")
    ] = None,
    has_decided: Annotated[bool, typer.Option("--all", help="Propose again what was decided on before.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Reconcile a public list with the record and write a file of proposed changes to look through and apply."""
    from sixparty.service.revise import ImportSpec, import_list

    set_loudness(quiet=quiet, verbose=verbose)
    result = import_list(ImportSpec(list=name, file=file, out=out, has_decided=has_decided), home=home)
    found = result.result
    if json:
        print_json(result)
    elif out is None:
        sys.stdout.write(found["toml"])
    else:
        rows = [{**change, "what": _what(change)} for change in found["changes"]]
        print_table(rows, columns=_CHANGE_COLUMNS, empty="Nothing to propose.")
    if not quiet:
        decided = f", {found['decided_before']} decided on before" if found["decided_before"] else ""
        kept = f", {found['kept_by_words']} left as a source's kept words have them" if found["kept_by_words"] else ""
        typer.echo(f"{len(found['changes'])} changes proposed from {found['acts']} acts{decided}{kept}.", err=True)


def apply(
    file: Annotated[Path, typer.Argument(help="A change file, as `sixparty data import` writes it.")],
    accept: Annotated[
        str | None, typer.Option("--accept", help="`all`, `none` or numbers as 1,3-7; default: as the file says.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Make the accepted changes of a file, all or none; the others are remembered and not proposed again."""
    from sixparty.service.revise import ApplySpec, apply_file

    set_loudness(quiet=quiet, verbose=verbose)
    result = apply_file(ApplySpec(file=file, accept=accept), home=home)
    if json:
        print_json(result)
        return
    rows = [{**change, "what": _what(change)} for change in result.result["applied"]]
    print_table(rows, columns=_CHANGE_COLUMNS, empty=f"{result.result['refused']} changes refused, none made.")


def diff(
    a: Annotated[str, typer.Argument(help="`shipped`, `overlay`, a generation's number, or a folder.")] = "shipped",
    b: Annotated[str, typer.Argument(help="The same; default: the record in force.")] = "overlay",
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Say which rows B adds to A, changes cell by cell, and withdraws."""
    from sixparty.service.revise import DiffSpec, show_differences

    set_loudness(quiet=quiet, verbose=verbose)
    result = show_differences(DiffSpec(a=a, b=b), home=home)
    if json:
        print_json(result)
        return
    rows = [line for row in result.result["rows"] for line in _diff_lines(row)]
    columns = ("action", "table", "key", "column", "before", "after")
    print_table(rows, columns=columns, empty="The two records hold the same rows.")


def undo(
    json: Json = False, quiet: Quiet = False, verbose: Verbose = False, debug: Debug = False, home: HomeFolder = None
) -> None:
    """Take back the last change to the record; run it again for the one before."""
    from sixparty.service.revise import undo_change

    set_loudness(quiet=quiet, verbose=verbose)
    result = undo_change(home=home)
    if json:
        print_json(result)
    else:
        print_table(result.result["undone"], columns=("table", "key"), empty="No row was otherwise before.")


def _diff_lines(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line a changed cell; a row added or withdrawn has one line with its label."""
    start = {name: row[name] for name in ("action", "table", "key")}
    if row["action"] == "change":
        return [{**start, **cell} for cell in row["cells"]]
    side = "after" if row["action"] == "add" else "before"
    return [{**start, side: _label({cell["column"]: cell[side] for cell in row["cells"]})}]


def _label(row: Mapping[str, Any]) -> str:
    names = ("label_en", "title", "title_en", "promise_en", "words", "value", "complete_through")
    return next((str(row[name]) for name in names if row.get(name)), "")


def _what(change: Mapping[str, Any]) -> str:
    if change["action"] != "change":
        return _label(change["new"])
    return "; ".join(f"{name}: {change['old'].get(name, '')} -> {cell}" for name, cell in change["new"].items())
