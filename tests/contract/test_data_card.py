"""The data card states what the rows hold."""

from pathlib import Path

from sixparty.chronicle.card import card_tables, stale_counts

CARD = Path(__file__).parent.parent.parent / "docs/explanation/data-card.md"


def test_no_count_of_the_data_card_is_stale(chronicle):
    assert stale_counts(CARD.read_text(encoding="utf-8"), chronicle) == []


def test_every_family_has_its_line(chronicle):
    table = card_tables(chronicle)
    assert [family for family in chronicle["coverage"]["family"] if f"| `{family}` |" not in table] == []
