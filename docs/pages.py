"""What the scripts that make pages share: a part of a page between two marks, and a Markdown table."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path


def refresh(page: Path, parts: Mapping[str, str]) -> int:
    """Write each part of a page anew between its marks, or with --check compare; return the exit code."""
    text = fresh = page.read_text(encoding="utf-8")
    for name, body in parts.items():
        start, end = f"<!-- {name}: start -->\n", f"<!-- {name}: end -->\n"
        fresh = fresh.split(start)[0] + start + "\n" + body + "\n" + end + fresh.split(end)[1]
    if "--check" not in sys.argv:
        page.write_text(fresh, encoding="utf-8")
    elif fresh != text:
        sys.stderr.write(f"{page.name} is not fresh. Run {sys.argv[0]}.\n")
        return 4
    return 0


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
