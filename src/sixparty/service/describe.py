"""What the record holds by family, and whether the data card still says so."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sixparty.chronicle.about import citation
from sixparty.chronicle.card import FamilyCount, family_counts, stale_counts
from sixparty.chronicle.completeness import bands, recall
from sixparty.chronicle.read import Chronicle
from sixparty.chronicle.second_coding import agreement_by_column, misdated, reopened
from sixparty.errors import FileRefused
from sixparty.service.method import method_texts
from sixparty.service.record import open_record, shipped_record
from sixparty.service.result import Result, answer

CARD = Path("docs/explanation/data-card.md")


def describe_data(data: Path | None = None, *, home: Path | None = None) -> Result:
    """Say for each family how many rows it has by confidence, from when to when it is complete and where it is thin.

    Beside the counts: recall against third sources, completeness bands, how far two coders agreed, the texts on method
    that ship, and how the record is cited.
    """
    record = open_record(data, home=home)
    covered = {row["family"]: row for row in record["coverage"].to_dicts()}
    counts = family_counts(record)
    families = [covered[count.name] | _cells(count) for count in counts if count.name in covered]
    tables = [{"table": count.name} | _cells(count) for count in counts if count.name not in covered]
    found = {
        "families": families,
        "tables": tables,
        "rows": sum(row["rows"] for row in families),
        "sources": len(record["sources"]),
        "recall": [asdict(one) for one in recall(record)],
        "completeness": [asdict(one) for one in bands(record)],
        "second_coding": _second_coding(record),
        "texts": [asdict(one) for one in method_texts()],
        "citation": citation(record),
    }
    return answer("data describe", {"data": data}, found, record=record)


def _second_coding(record: Chronicle) -> dict[str, Any]:
    """How far two coders agreed, and what a second opening of verified rows found; empty where nothing was done."""
    shares = {"misdated": misdated, "failed_second_opening": reopened}
    found = {name: share(record) for name, share in shares.items()}
    return {
        "columns": [asdict(one) for one in agreement_by_column(record)],
        **{name: {"rows": wrong, "of": of, **asdict(share)} for name, (wrong, of, share) in found.items() if share},
    }


def _cells(count: FamilyCount) -> dict[str, Any]:
    return {
        "rows": count.rows,
        "verified": count.verified,
        "attested": count.attested,
        "recalled": count.recalled,
        "share_verified": count.share_verified,
    }


def check_card(card: Path | None = None, *, data: Path | None = None) -> Result:
    """Compare every count that the data card states with the rows, and return those that differ.

    The card tells of the record as it is shipped, so the user's own rows are left out.

    Parameters
    ----------
    card
        The data card, a Markdown page; None is `docs/explanation/data-card.md` below the folder one works in.

    Raises
    ------
    FileRefused
        If the card cannot be read, or has no place for counts.
    """
    record = open_record(data) if data is not None else shipped_record()
    card = card or CARD
    try:
        text = card.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8 text"
        raise FileRefused(
            f"the data card must be a page that can be read, got {card}: {reason}. Name it with --card."
        ) from error
    stale = [asdict(one) for one in stale_counts(text, record)]
    return answer("data describe", {"data": data, "card": card}, {"stale": stale}, record=record)
