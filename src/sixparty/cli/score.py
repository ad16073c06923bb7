"""`sixparty forecast score`: how archived forecasts fared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sixparty.cli.data import Folder
from sixparty.cli.options import Debug, HomeFolder, Horizons, Json, Models, Quiet, Seed, Targets, Verbose, set_loudness
from sixparty.cli.show import print_json, print_table

_FIGURES = ("log_score", "crps", "brier", "pit_coverage_50", "pit_coverage_90")
_COLUMNS = ("kind", "target", "horizon", "model_id", "n", *_FIGURES, "against_plain", "interval")


def score(
    target: Targets = None,
    horizon: Horizons = None,
    model: Models = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="issued, made_late, backfilled or after_seeing; repeat for several."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Look up nothing after this day.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Write the tables into this folder.")] = None,
    seed: Seed = 1,
    data: Folder = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    debug: Debug = False,
    home: HomeFolder = None,
) -> None:
    """Score archived forecasts, ours and yours, whose windows the record now covers, and count the rest."""
    from sixparty import service

    set_loudness(quiet=quiet, verbose=verbose)
    folder = service.find_home(home)
    spec = service.ScoreSpec(
        targets=tuple(target or ()),
        horizons=tuple(horizon or ()),
        models=tuple(model or ()),
        kinds=tuple(kind or ()),
        until=until,
        seed=seed,
        data=data,
    )
    made = service.score_archive(spec, home=folder, out=out)
    if json:
        print_json(made.result)
        return
    found = made.result.result
    print_table(_lines(found), columns=_COLUMNS, empty=_nothing(found))
    for line in _coverage(found):
        typer.echo(line, err=True)
    for path in made.files:
        typer.echo(str(path), err=True)


def _lines(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Scores to three decimals, with the difference in log score (of a mere chance: in Brier score) beside."""
    beside = {_cell(row): row for row in found["differences"] if row["score"] == _headline(row)}
    return [_line(row, beside.get(_cell(row))) for row in found["scores"]]


def _line(row: Mapping[str, Any], beside: Mapping[str, Any] | None) -> dict[str, Any]:
    figures = {name: "" if row[name] is None else f"{row[name]:.3f}" for name in _FIGURES}
    against, interval = "", ""
    if beside is not None:
        against = f"{beside['difference']:+.3f}"
        interval = "" if beside["low"] is None else f"{beside['low']:+.3f} to {beside['high']:+.3f}"
    return {**row, **figures, "against_plain": against, "interval": interval}


def _cell(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("kind", "law", "target", "horizon", "model_id"))


def _headline(row: Mapping[str, Any]) -> str:
    return "log_score" if row["law"] == "full" else "brier"


def _nothing(found: Mapping[str, Any]) -> str:
    if not found["coverage"]:
        return "The archive holds no such forecast. Issue some with `sixparty forecast issue`."
    if found["next_close"] is None:
        return "Nothing can be scored: no question is open or resolved."
    return (
        f"Nothing is resolved yet. The first window closes on {found['next_close']}; "
        f"the record ends on {found['record_end']}."
    )


def _coverage(found: Mapping[str, Any]) -> Sequence[str]:
    told = [
        f"{row['kind']}: questions asked {row['asked']}, open {row['open']}, resolved {row['resolved']}, "
        f"void {row['void']}; answers {row['answers']}"
        for row in found["coverage"]
    ]
    void = [
        f"void: {row['target']}, {row['horizon']} weeks from {row['reference_date']}: {row['reason']}"
        for row in found["void"]
    ]
    return [*told, *void]
