"""Write the tables of docs/explanation/reconciliation.md; the two public lists are not shipped, so name their folder.

.venv/bin/python docs/make_reconciliation.py FOLDER [--check]
"""

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sixparty.chronicle import DATA_VERSION, read_chronicle
from sixparty.chronicle.layouts import CNS, CSIS, list_of_chronicle
from sixparty.chronicle.lists import INCIDENT_WORDS, DatedEntry, read_list
from sixparty.chronicle.reconcile import KINDS, Finding, Reconciliation, reconcile
from sixparty.vocabulary import WEAPON_CLASSES

PAGE = Path(__file__).parent / "explanation" / "reconciliation.md"
START, END = "<!-- tables: start -->\n", "<!-- tables: end -->\n"
RECORD = dt.date(1990, 1, 1), dt.date(2025, 6, 30)
OVERLAP = dt.date(2012, 1, 1), dt.date(2023, 12, 31)
PERIODS = (
    ("1990 to 2013", dt.date(1990, 1, 1), dt.date(2013, 12, 31)),
    ("2014 to October 2017", dt.date(2014, 1, 1), dt.date(2017, 10, 31)),
    ("November 2017 to 2020", dt.date(2017, 11, 1), dt.date(2020, 12, 31)),
    ("2021 to June 2025", dt.date(2021, 1, 1), dt.date(2025, 6, 30)),
)
FAMILIES = {
    "weapons tests": frozenset(WEAPON_CLASSES),
    "incidents at the lines": frozenset(INCIDENT_WORDS),
    "grey zone": frozenset({"balloon_release", "gps_jamming"}),
}
MOST_WORDS = 5
WORDS_OF_READINGS = {
    None: "",
    "next_day": "one day apart",
    "first_of_month": "first of the month put in",
    "may_repeat": "may repeat a row beside it",
    "perhaps_beyond": "perhaps of a class not collected",
}


def main() -> int:
    """Write the page's tables, or with --check compare them."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    fresh = before + START + "\n" + tables(Path(sys.argv[1])) + "\n" + END + after
    if "--check" in sys.argv:
        return 0 if fresh == text else 1
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


def tables(folder: Path) -> str:
    """Return every table of the page as Markdown."""
    csis = read_list(folder / "provocations_csis.csv", CSIS)
    cns = read_list(folder / "missile_tests_cns.csv", CNS)
    record = list_of_chronicle(read_chronicle())
    two = reconcile(csis, cns).between(*OVERLAP)
    acts, missiles = (reconcile(one, record).between(*RECORD) for one in (csis, cns))
    own_words = {one.a.id: one.b.label for one in (*acts.findings, *missiles.findings) if one.a and one.b}
    parts = [
        f"Chronicle {DATA_VERSION}; window 3 days.",
        "### Findings by kind",
        by_kind(two, acts, missiles),
        "### CSIS against CNS by year",
        by_year(two),
        "### How much of the chronicle each list has, by family and period",
        by_family(acts, missiles),
        "### Dated otherwise than in the chronicle",
        misdated(("CSIS", acts), ("CNS", missiles)),
        "### Classed otherwise than in the chronicle",
        classed(("CSIS", acts), ("CNS", missiles)),
        "### In the chronicle and not in the CSIS list",
        missing(acts.of("missing_in_a")),
        "### In the chronicle and not in the CNS list",
        missing(missiles.of("missing_in_a")),
        "### In the CSIS list without a partner in the chronicle",
        unpaired([*acts.of("missing_in_b"), *acts.of("duplicated_in_a")]),
        "### In one of the two lists alone, 2012 to 2023",
        alone(two, own_words),
    ]
    return "\n\n".join(parts) + "\n"


def by_kind(*found: Reconciliation) -> str:
    """Count findings of the three comparisons by kind."""
    rows = [(kind.replace("_", " "), *(str(one.counts()[kind]) for one in found)) for kind in KINDS]
    return table(("kind", "A CSIS, B CNS, 2012-2023", "A CSIS, B chronicle", "A CNS, B chronicle"), rows)


def by_year(found: Reconciliation) -> str:
    """Count findings by year."""
    kinds = ("agreed", "misdated", "differently_classed", "missing_in_a", "missing_in_b", "beyond_b")
    header = ("year", "agreed", "misdated", "classed otherwise", "not in CSIS", "not in CNS", "beyond CNS")
    years = found.counts_by_year().items()
    return table(header, [(str(year), *(str(counts[kind]) for kind in kinds)) for year, counts in years])


def by_family(acts: Reconciliation, missiles: Reconciliation) -> str:
    """Give the shares of the chronicle's acts that each list has."""
    rows = []
    for family, words in FAMILIES.items():
        for name, first, last in PERIODS:
            cells = (_share(_of_family(one, words).between(first, last)) for one in (acts, missiles))
            rows.append((family, name, *cells))
    return table(("family", "period", "CSIS has", "CNS has"), [row for row in rows if row[2:] != ("", "")])


def _of_family(found: Reconciliation, words: frozenset[str]) -> Reconciliation:
    kept = tuple(one for one in found.findings if _family_entry(one).classes & words)
    return replace(found, findings=kept)


def _family_entry(found: Finding) -> DatedEntry:
    entry = found.b or found.a
    assert entry is not None
    return entry


def _share(found: Reconciliation) -> str:
    counts = found.counts()
    both = counts["agreed"] + counts["misdated"] + counts["differently_classed"]
    total = both + counts["missing_in_a"]
    return f"{both} of {total}" if total else ""


def misdated(*named: tuple[str, Reconciliation]) -> str:
    """List what a list dates otherwise than the chronicle."""
    rows = [
        (name, str(one.a.date), _when(one.b), f"{one.days:+d}", WORDS_OF_READINGS[one.reading], one.b.label)
        for name, found in named
        for one in found.of("misdated")
        if one.a and one.b
    ]
    return table(("list", "its date", "chronicle's", "days", "reading", "act"), rows)


def classed(*named: tuple[str, Reconciliation]) -> str:
    """List what a list classes otherwise than the chronicle."""
    rows = [
        (name, str(one.a.date), _words(one.a), _words(one.b), one.b.label)
        for name, found in named
        for one in found.findings
        if one.a and one.b and not one.is_classed_alike
    ]
    return table(("list", "date", "its label allows", "chronicle's class", "act"), rows)


def missing(found: Iterable[Finding]) -> str:
    """List what a list lacks, in the chronicle's words."""
    rows = [
        (_when(one.b), one.b.label, "yes" if one.beside else "", WORDS_OF_READINGS[one.reading])
        for one in found
        if one.b
    ]
    return table(("date", "act", "another act on that day", "reading"), rows)


def unpaired(found: Sequence[Finding]) -> str:
    """List rows of a list that the chronicle does not have as acts of their own."""
    rows = [(str(one.date), _words(one.a), _kind(one), WORDS_OF_READINGS[one.reading]) for one in found if one.a]
    return table(("date", "its label allows", "kind", "reading"), sorted(rows))


def _kind(found: Finding) -> str:
    return "second row" if found.kind.startswith("duplicated") else "no act of its own"


def alone(two: Reconciliation, own_words: dict[str, str]) -> str:
    """List what one of the two lists has alone, in the chronicle's words where it has the act."""
    rows = []
    for one in (*two.of("missing_in_a"), *two.of("missing_in_b")):
        entry = one.a or one.b
        assert entry is not None
        label = own_words.get(entry.id, "no act of its own in the chronicle")
        rows.append((str(entry.date), "CSIS" if one.a else "CNS", label, WORDS_OF_READINGS[one.reading]))
    return table(("date", "only in", "act", "reading"), sorted(rows))


def _when(entry: DatedEntry | None) -> str:
    if entry is None:
        return ""
    return str(entry.date) if entry.precision == "day" else f"{entry.date:%Y-%m}"


def _words(entry: DatedEntry | None) -> str:
    words = sorted(entry.classes) if entry else []
    return ", ".join(words).replace("_", " ") if len(words) <= MOST_WORDS else f"{len(words)} classes"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())
