"""How results are printed: one JSON document, or a plain table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any


def print_json(result: Any) -> None:
    """Print the one document of a result on stdout."""
    from sixparty.service import to_json

    sys.stdout.write(to_json(result.document()))


def print_table(rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str], empty: str) -> None:
    """Print rows as a table on stdout; a pipe gets tab-separated text with a header line."""
    if not rows:
        sys.stdout.write(f"{empty}\n" if empty else "")
    elif sys.stdout.isatty():
        _print_rich(rows, columns)
    else:
        sys.stdout.write("\t".join(columns) + "\n")
        for row in rows:
            sys.stdout.write("\t".join(_cell(row.get(name)) for name in columns) + "\n")


def _cell(value: Any) -> str:
    return "" if value is None else str(value).replace("\t", " ").replace("\n", " ")


def _print_rich(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(_cell(row.get(name)) for name in columns))
    Console().print(table)
