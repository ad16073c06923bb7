"""Write the tables of docs/explanation/completeness.md, or say with --check whether they are fresh."""

import sys
from collections.abc import Sequence
from pathlib import Path

from pages import refresh, table

from sixparty.chronicle import Chronicle, read_chronicle
from sixparty.chronicle.completeness import Band, Recall, bands, recall

PAGE = Path(__file__).parent / "explanation" / "completeness.md"


def main() -> int:
    """Write the page's tables, or with --check compare them."""
    return refresh(PAGE, {"tables": tables(read_chronicle())})


def tables(chronicle: Chronicle) -> str:
    """Return every table of the page as Markdown."""
    parts = ["### Acts of third sources", recall_table(recall(chronicle)), "### Counts", bands_table(bands(chronicle))]
    return "\n\n".join(parts) + "\n"


def recall_table(shares: Sequence[Recall]) -> str:
    """Give the share held by family, covered days first."""
    rows = [
        (
            share.family.replace("_", " "),
            "covered" if share.is_covered else "outside",
            f"{share.held} of {share.checked}",
            f"{share.share.estimate:.2f}",
            f"{share.share.low:.2f} to {share.share.high:.2f}",
        )
        for share in shares
    ]
    return table(("family", "days", "held", "share", "95 % interval"), rows)


def bands_table(found: Sequence[Band]) -> str:
    """Set what the record holds beside what was counted or estimated."""
    rows = [
        (
            band.unit,
            f"{band.first} to {band.last}",
            band.basis.replace("_", " "),
            str(band.found),
            _number(band.low) if band.low == band.high else f"{_number(band.low)} to {_number(band.high)}",
            band.note or "",
        )
        for band in found
    ]
    return table(("what", "period", "basis", "in the record", "expected", "note"), rows)


def _number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.1f}"


if __name__ == "__main__":
    sys.exit(main())
