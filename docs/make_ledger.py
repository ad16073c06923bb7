"""Write the tables of docs/explanation/ledger.md, or say with --check whether they are fresh."""

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import polars as pl
from pages import refresh

from sixparty.chronicle import Chronicle, read_chronicle
from sixparty.ledger import HoldCurve, Ledger, Rate, Tally, hold_curves, implementation_degrees, ledger_status
from sixparty.report.wording import whole_percent
from sixparty.vocabulary import PARTIES

PAGE = Path(__file__).parent / "explanation" / "ledger.md"
DAY = dt.date(2025, 6, 30)
YEARS_AFTER = 5
FEWEST_STEPS = 4
OPEN = ("overdue", "due", "carried_out", "in_force")
DAYS_A_YEAR = 365.25


def main() -> int:
    """Write the page's tables, or with --check compare them."""
    record = read_chronicle()
    ledger = ledger_status(record["agreements"], record["commitments"], as_of=DAY, due_within_days=364)
    return refresh(PAGE, {name: part(record, ledger) for name, part in TABLES.items()})


def due(record: Chronicle, ledger: Ledger) -> str:
    """Say how many promises are overdue, due within a year, and without a term."""
    without = sum(row.state in OPEN and row.due_date is None for row in ledger.rows)
    return (
        f"On 30 June 2025 {len(ledger.in_state('overdue'))} promises are overdue, {len(ledger.in_state('due'))} fall "
        f"due within\n52 weeks, and {without} promises in force have no term.\n"
    )


def sides(record: Chronicle, ledger: Ledger) -> str:
    """Return the promises of each party by state, and of what kind those are that bind it alone."""
    heads = ["party", "promises", "kept", "in part", "breached (own act; recalled)", "lapsed", "replaced", "in force"]
    tallies = [
        (name, tally)
        for side in ledger.sides
        if side.party in PARTIES
        for name, tally in ((side.party, side.every), (f"{side.party} alone", side.alone))
        if tally.promises
    ]
    table = markdown([*heads, "unknown", "kept, of known"], (side_line(name, tally) for name, tally in tallies))
    return f"{table}\n{alone(record)}"


def side_line(name: str, tally: Tally) -> list[str]:
    """Return one line of the table of parties."""
    count = tally.states
    breached = str(count["breached"])
    if count["breached"]:
        breached += f" ({tally.breached_own}; {tally.breached_recalled})"
    ended = [count["kept"], count["partly_kept"], breached, count["lapsed"], count["superseded"]]
    unknown = f"{count['unknown']} ({whole_percent(tally.unknown.share or 0)} %)"
    still = [sum(count[state] for state in OPEN), unknown]
    return [name, str(tally.promises), *map(str, ended), *map(str, still), rate(tally.kept)]


def alone(record: Chronicle) -> str:
    """Return what kind of promises bind one party alone."""
    lines = []
    for party in PARTIES:
        own = record["commitments"].filter(pl.col("obligors") == party)
        arms = own.filter(pl.col("domain").is_in(["nuclear", "missile"]))
        relief = own.filter(pl.col("domain").is_in(["humanitarian", "economic", "transport"]))
        once = own.filter(pl.col("duration") == "once")
        lines.append([party, *(str(len(some)) for some in (own, once, arms, relief))])
    heads = ["binds alone", "promises", "single acts", "nuclear arms and missiles", "relief, trade, transport"]
    return markdown(heads, lines)


def degrees(record: Chronicle, ledger: Ledger) -> str:
    """Return how far promises stood carried out some years after signature."""
    coded = record.tables.get("implementation")
    found = implementation_degrees(record["agreements"], record["commitments"], as_of=DAY, coded=coded)
    heads = ["years after signature", "promises", "3 full", "2", "1", "1–2", "0 none", "unknown"]
    lines = []
    for years in (1, 3, 5, 10):
        count = Counter(degree.grade for degree in found if degree.years_since == years)
        grades = [count[name] for name in ("full", "intermediate", "minimal", "in_part", "none")]
        share = f"{count['unknown']} ({whole_percent(count['unknown'] / count.total())} %)"
        lines.append([str(years), str(count.total()), *map(str, grades), share])
    return markdown(heads, lines)


def held(record: Chronicle, ledger: Ledger) -> str:
    """Return how long steps of each kind held, and whose acts ended them."""
    curves = [curve for curve in hold_curves(record["commitments"], as_of=DAY) if curve.steps >= FEWEST_STEPS]
    curves.sort(key=lambda curve: (curve.kind == "all", -curve.steps, curve.kind))
    heads = ["kind", "steps", "ended", "median, years", "held 1 year", "held 5 years", "ended by an act of"]
    return markdown(heads, (held_line(curve) for curve in curves))


def held_line(curve: HoldCurve) -> list[str]:
    """Return one line of the table of steps."""
    shares = {share.years: share for share in curve.shares}
    cells = [f"{shares[n].share:.2f} ({shares[n].low:.2f}-{shares[n].high:.2f})" if n in shares else "" for n in (1, 5)]
    median, low, high = (
        "…" if days is None else f"{days / DAYS_A_YEAR:.1f}"
        for days in (curve.median_days, curve.median_low_days, curve.median_high_days)
    )
    by = ", ".join(f"{party.replace('_', ' ')} {count}" for party, count in curve.ended_by.items())
    return [curve.kind.replace("_", " "), str(curve.steps), str(curve.ended), f"{median} ({low}-{high})", *cells, by]


def rate(found: Rate) -> str:
    """Return a share with its number and interval."""
    return "" if found.share is None else f"{found.share:.2f} of {found.n} ({found.low:.2f}-{found.high:.2f})"


def markdown(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


TABLES: dict[str, Callable[[Chronicle, Ledger], str]] = {
    "due": due,
    "sides": sides,
    "degrees": degrees,
    "held": held,
}

if __name__ == "__main__":
    sys.exit(main())
