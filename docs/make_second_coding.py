"""Write the tables of docs/explanation/second-coding.md, or say with --check whether they are fresh."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pages import refresh, table

from sixparty.chronicle import Chronicle, read_chronicle
from sixparty.chronicle.completeness import Interval
from sixparty.chronicle.second_coding import (
    CoderAgreement,
    agreement_by_class,
    agreement_by_column,
    misdated,
    reopened,
)

PAGE = Path(__file__).parent / "explanation" / "second-coding.md"


def main() -> int:
    """Write the page's tables, or with --check compare them."""
    return refresh(PAGE, {"tables": tables(read_chronicle())})


def tables(chronicle: Chronicle) -> str:
    """Return every table of the page as Markdown."""
    parts = [
        "### Shares",
        shares(chronicle),
        "### By column",
        agreement_table(agreement_by_column(chronicle)),
        "### By class: this type against all others",
        agreement_table(agreement_by_class(chronicle)),
    ]
    return "\n\n".join(parts) + "\n"


def shares(chronicle: Chronicle) -> str:
    """Give the share of rows misdated, and of verified rows that failed when they were opened again."""
    rows = []
    for name, (wrong, number, share) in (
        ("rows drawn that were misdated", misdated(chronicle)),
        ("verified rows that failed a second opening", reopened(chronicle)),
    ):
        rows.append((name, f"{wrong} of {number}", *(_told(share) if share else ("", ""))))
    return table(("what", "rows", "share", "95 % interval"), rows)


def agreement_table(found: Sequence[CoderAgreement]) -> str:
    """Give the cells, those coded alike and kappa."""
    rows = [
        (f"`{one.name}`", str(one.cells), str(one.agreed), *(_told(one.kappa) if one.kappa else ("", "")))
        for one in found
    ]
    return table(("what", "cells", "alike", "kappa", "95 % interval"), rows)


def _told(share: Interval) -> tuple[str, str]:
    return f"{share.estimate:.2f}", f"{share.low:.2f} to {share.high:.2f}"


if __name__ == "__main__":
    sys.exit(main())
