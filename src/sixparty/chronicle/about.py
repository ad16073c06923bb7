"""What goes with the record wherever it is taken: how to cite it, its licence, its handling marking, its end."""

from __future__ import annotations

from sixparty.chronicle.read import DATA_VERSION, Chronicle
from sixparty.chronicle.schema import TABLES

LICENCE = "CC BY 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by/4.0/"
_CREDIT = 'The sixparty contributors, "sixparty chronicle"'


def citation(chronicle: Chronicle) -> str:
    """Return the line by which a reader cites the record: makers, title, version, end, digest, licence.

    Examples
    --------
    >>> citation(sixparty.read_chronicle())  # doctest: +SKIP
    'The sixparty contributors, "sixparty chronicle", version 0.3.0, record through 2025-06-30, digest ..., CC BY 4.0.'
    """
    known = f", as known on {chronicle.known_by}" if chronicle.known_by else ""
    end = f"record through {chronicle.coverage_end}{known}"
    return f"{_CREDIT}, version {DATA_VERSION}, {end}, digest {chronicle.digest}, {LICENCE}."


def readme(chronicle: Chronicle, *, form: str, marking: str | None = None) -> str:
    """Write the page that lies beside exported tables, in Markdown.

    Parameters
    ----------
    form
        Ending of the tables' files.
    marking
        Handling marking, at head and foot; tables stay plain, since a line in them would break them.
    """
    head = [f"**{marking}**", ""] if marking else []
    own = sum(len(keys) for keys in chronicle.revised.values())
    lines = [
        *head,
        "# The sixparty chronicle",
        "",
        f"What six parties to the Korean Peninsula did and said, complete through {chronicle.coverage_end}: after that "
        "day no row means *not covered*, never calm. Each row says when it happened, when it could first be known, "
        "which sources carry it and whether anyone opened them. Dates are Korean dates. An empty cell is unknown, not "
        "zero.",
        "",
        *([f"Known on {chronicle.known_by}: what came later is left out.", ""] if chronicle.known_by else []),
        *([f"{own} rows are the user's own and not part of the shipped record.", ""] if own else []),
        f"Cite as: {citation(chronicle)} Cite the sources of the rows that you use as well.",
        "",
        f"Licence: {LICENCE}, {LICENCE_ADDRESS}. What a source says remains its publisher's; `sources.{form}` names "
        "the terms that publishers state.",
        "",
        "| file | rows | what it holds |",
        "|---|---|---|",
        *(f"| `{name}.{form}` | {len(chronicle[name])} | {table.meaning} |" for name, table in TABLES.items()),
        "",
        "`datapackage.json` describes every column.",
        *(["", f"**{marking}**"] if marking else []),
    ]
    return "\n".join(lines) + "\n"
