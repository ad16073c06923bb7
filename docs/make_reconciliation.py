"""Write the tables of docs/explanation/reconciliation.md, and the same tables as a result that ships with the product.

The two public lists are not shipped, so name their folder:

.venv/bin/python docs/make_reconciliation.py FOLDER [--check]
"""

import datetime as dt
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sixparty.chronicle import DATA_VERSION, read_chronicle
from sixparty.chronicle.layouts import CNS, CSIS, list_of_chronicle
from sixparty.chronicle.lists import INCIDENT_WORDS, DatedEntry, read_list
from sixparty.chronicle.reconcile import KINDS, Finding, Reconciliation, reconcile
from sixparty.vocabulary import WEAPON_CLASSES

PAGE = Path(__file__).parent / "explanation" / "reconciliation.md"
RESULT = Path(__file__).parent.parent / "src" / "sixparty" / "results" / "reconciliation.json"
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


@dataclass(frozen=True)
class Table:
    """A table of the report: a short name, its title, heads and rows of ready cells."""

    name: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Write the table below its title."""
        lines = [self.heads, ["---"] * len(self.heads), *self.rows]
        return f"### {self.title}\n\n" + "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main() -> int:
    """Write the page's tables and the result, or with --check compare them."""
    report = tables(Path(sys.argv[1]))
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(START)[0], text.split(END)[1]
    parts = [f"Chronicle {DATA_VERSION}; window 3 days.", *(one.markdown() for one in report)]
    fresh = {PAGE: before + START + "\n" + "\n\n".join(parts) + "\n\n" + END + after, RESULT: shipped(report)}
    if "--check" in sys.argv:
        return 0 if all(path.read_text(encoding="utf-8") == written for path, written in fresh.items()) else 1
    for path, written in fresh.items():
        path.write_text(written, encoding="utf-8")
    return 0


def shipped(report: Sequence[Table]) -> str:
    """Write the tables as the result that ships, with what they were made from."""
    made_from = {"data_version": DATA_VERSION, "data_digest": read_chronicle().digest, "window_days": 3}
    held = {"made_from": made_from, "tables": [asdict(one) for one in report]}
    return json.dumps(held, ensure_ascii=False, indent=1) + "\n"


def tables(folder: Path) -> list[Table]:
    """Return every table of the report."""
    csis = read_list(folder / "provocations_csis.csv", CSIS)
    cns = read_list(folder / "missile_tests_cns.csv", CNS)
    record = list_of_chronicle(read_chronicle())
    two = reconcile(csis, cns).between(*OVERLAP)
    acts, missiles = (reconcile(one, record).between(*RECORD) for one in (csis, cns))
    own_words = {one.a.id: one.b.label for one in (*acts.findings, *missiles.findings) if one.a and one.b}
    csis_alone = [*acts.of("missing_in_b"), *acts.of("duplicated_in_a")]
    return [
        by_kind("by_kind", "Findings by kind", two, acts, missiles),
        by_year("by_year", "CSIS against CNS by year", two),
        by_family("by_family", "How much of the chronicle each list has, by family and period", acts, missiles),
        misdated("misdated", "Dated otherwise than in the chronicle", ("CSIS", acts), ("CNS", missiles)),
        classed("classed", "Classed otherwise than in the chronicle", ("CSIS", acts), ("CNS", missiles)),
        missing("not_in_csis", "In the chronicle and not in the CSIS list", acts.of("missing_in_a")),
        missing("not_in_cns", "In the chronicle and not in the CNS list", missiles.of("missing_in_a")),
        unpaired("unpaired", "In the CSIS list without a partner in the chronicle", csis_alone),
        alone("in_one_alone", "In one of the two lists alone, 2012 to 2023", two, own_words),
    ]


def by_kind(name: str, title: str, *found: Reconciliation) -> Table:
    """Count findings of the three comparisons by kind."""
    rows = [(kind.replace("_", " "), *(str(one.counts()[kind]) for one in found)) for kind in KINDS]
    return _table(name, title, ("kind", "A CSIS, B CNS, 2012-2023", "A CSIS, B chronicle", "A CNS, B chronicle"), rows)


def by_year(name: str, title: str, found: Reconciliation) -> Table:
    """Count findings by year."""
    kinds = ("agreed", "misdated", "differently_classed", "missing_in_a", "missing_in_b", "beyond_b")
    header = ("year", "agreed", "misdated", "classed otherwise", "not in CSIS", "not in CNS", "beyond CNS")
    years = found.counts_by_year().items()
    return _table(name, title, header, [(str(year), *(str(counts[kind]) for kind in kinds)) for year, counts in years])


def by_family(name: str, title: str, acts: Reconciliation, missiles: Reconciliation) -> Table:
    """Give the shares of the chronicle's acts that each list has."""
    rows = []
    for family, words in FAMILIES.items():
        for period, first, last in PERIODS:
            cells = (_share(_of_family(one, words).between(first, last)) for one in (acts, missiles))
            rows.append((family, period, *cells))
    return _table(
        name, title, ("family", "period", "CSIS has", "CNS has"), [row for row in rows if row[2:] != ("", "")]
    )


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


def misdated(name: str, title: str, *named: tuple[str, Reconciliation]) -> Table:
    """List what a list dates otherwise than the chronicle."""
    rows = [
        (list_name, str(one.a.date), _when(one.b), f"{one.days:+d}", WORDS_OF_READINGS[one.reading], one.b.label)
        for list_name, found in named
        for one in found.of("misdated")
        if one.a and one.b
    ]
    return _table(name, title, ("list", "its date", "chronicle's", "days", "reading", "act"), rows)


def classed(name: str, title: str, *named: tuple[str, Reconciliation]) -> Table:
    """List what a list classes otherwise than the chronicle."""
    rows = [
        (list_name, str(one.a.date), _words(one.a), _words(one.b), one.b.label)
        for list_name, found in named
        for one in found.findings
        if one.a and one.b and not one.is_classed_alike
    ]
    return _table(name, title, ("list", "date", "its label allows", "chronicle's class", "act"), rows)


def missing(name: str, title: str, found: Iterable[Finding]) -> Table:
    """List what a list lacks, in the chronicle's words."""
    rows = [
        (_when(one.b), one.b.label, "yes" if one.beside else "", WORDS_OF_READINGS[one.reading])
        for one in found
        if one.b
    ]
    return _table(name, title, ("date", "act", "another act on that day", "reading"), rows)


def unpaired(name: str, title: str, found: Sequence[Finding]) -> Table:
    """List rows of a list that the chronicle does not have as acts of their own."""
    rows = [(str(one.date), _words(one.a), _kind(one), WORDS_OF_READINGS[one.reading]) for one in found if one.a]
    return _table(name, title, ("date", "its label allows", "kind", "reading"), sorted(rows))


def _kind(found: Finding) -> str:
    return "second row" if found.kind.startswith("duplicated") else "no act of its own"


def alone(name: str, title: str, two: Reconciliation, own_words: dict[str, str]) -> Table:
    """List what one of the two lists has alone, in the chronicle's words where it has the act."""
    rows = []
    for one in (*two.of("missing_in_a"), *two.of("missing_in_b")):
        entry = one.a or one.b
        assert entry is not None
        label = own_words.get(entry.id, "no act of its own in the chronicle")
        rows.append((str(entry.date), "CSIS" if one.a else "CNS", label, WORDS_OF_READINGS[one.reading]))
    return _table(name, title, ("date", "only in", "act", "reading"), sorted(rows))


def _when(entry: DatedEntry | None) -> str:
    if entry is None:
        return ""
    return str(entry.date) if entry.precision == "day" else f"{entry.date:%Y-%m}"


def _words(entry: DatedEntry | None) -> str:
    words = sorted(entry.classes) if entry else []
    return ", ".join(words).replace("_", " ") if len(words) <= MOST_WORDS else f"{len(words)} classes"


def _table(name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    return Table(name, title, tuple(heads), tuple(tuple(row) for row in rows))


if __name__ == "__main__":
    sys.exit(main())
