"""Options that every verb has, and how a verb runs: quiet, loud, as JSON, with a bar."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result alone: no bars, no notes.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say on stderr what is being done.")]
Debug = Annotated[bool, typer.Option("--debug", help="On an error, print the traceback too.")]
HomeFolder = Annotated[
    Path | None,
    typer.Option("--home", help="Folder for runs, issued forecasts and caches.", envvar="SIXPARTY_HOME"),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Use only what could be known on this day (KST); default: the record's end."
    ),
]
Language = Annotated[
    str, typer.Option("--language", metavar="LANGUAGE", help="Language of the pages: en, ko, or both.")
]
PartyNames = Annotated[
    str | None,
    typer.Option(
        "--party-names",
        metavar="NAMES",
        help="Name parties by the short names of their own governments (own) or as usual in the language (common); "
        "default: common in English, own in Korean.",
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Whole number that every random draw follows from.")]

Targets = Annotated[list[str] | None, typer.Option("--target", help="A target; repeat for several.")]
Horizons = Annotated[list[int] | None, typer.Option("--horizon", metavar="WEEKS", help="A window; repeat.")]
Models = Annotated[list[str] | None, typer.Option("--model", help="A model; repeat for several.")]


def set_loudness(*, quiet: bool, verbose: bool) -> None:
    """Send log lines to stderr: warnings, or everything with `--verbose`, or errors alone with `--quiet`."""
    level = logging.ERROR if quiet else logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(message)s", force=True)
    for noisy in ("jax", "numba", "numpyro"):
        logging.getLogger(noisy).setLevel(max(level, logging.WARNING))
