"""Write the tables of docs/explanation/known-dates.md.

.venv/bin/python docs/make_sensitivity.py             rows and counts; a few seconds
.venv/bin/python docs/make_sensitivity.py --check     say whether those are fresh
.venv/bin/python docs/make_sensitivity.py --chances   chances too; fits every modelled target three times, minutes
"""

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl

from sixparty.chronicle import Chronicle, as_known, read_chronicle
from sixparty.chronicle.known_dates import rule_shares, shift_rule_dates
from sixparty.tension.panel import MARKS, count_panel
from sixparty.vocabulary import EVENT_TYPES, SPELL_TYPES

PAGE = Path(__file__).parent / "explanation" / "known-dates.md"
PARTS = {name: (f"<!-- {name}: start -->\n", f"<!-- {name}: end -->\n") for name in ("counts", "chances")}
SHIFTS = (0, 3, 14)
DATES = 100
WINDOW_WEEKS = 13
MARKS_SHOWN = (
    *(mark.name for mark in MARKS.values() if mark.family in ("weapons_tests", "border_incidents")),
    "inter_korean_talks",
    "us_prk_talks",
    "unsc_resolution",
)
HORIZON = 13
SEED = 1


def main() -> int:
    """Write the page's tables, or with --check compare them."""
    text = PAGE.read_text(encoding="utf-8")
    fresh = _with(text, "counts", counts_part(read_chronicle()))
    if "--chances" in sys.argv:
        fresh = _with(fresh, "chances", chances_part(read_chronicle()))
    if "--check" in sys.argv:
        if fresh != text:
            sys.stderr.write(f"{PAGE.name} is not fresh. Run docs/make_sensitivity.py.\n")
        return 0 if fresh == text else 4
    PAGE.write_text(fresh, encoding="utf-8")
    return 0


def _with(text: str, part: str, body: str) -> str:
    start, end = PARTS[part]
    return text.split(start)[0] + start + "\n" + body + "\n" + end + text.split(end)[1]


def reference_dates(end: dt.date, number: int = DATES) -> list[dt.date]:
    """Return the last Saturdays of `number` months up to `end`, oldest first."""
    last = end - dt.timedelta(days=(end.weekday() - 5) % 7)
    found = [last]
    while len(found) < number:
        day = found[-1].replace(day=1) - dt.timedelta(days=1)
        found.append(day - dt.timedelta(days=(day.weekday() - 5) % 7))
    return found[::-1]


def counts_part(chronicle: Chronicle) -> str:
    """Return the tables on rows and counts as Markdown."""
    at = reference_dates(chronicle.coverage_end)
    seen = {days: list(_looks(shift_rule_dates(chronicle, days), at)) for days in SHIFTS}
    parts = [
        f"{DATES} reference dates, {at[0]} to {at[-1]}, each seen from the day after.",
        "### Dates set by rule",
        shares_table(chronicle),
        "### Rows not yet known, by how much later rule dates are",
        rows_table(chronicle, seen),
        f"### Counts of the last {WINDOW_WEEKS} weeks as they would have been seen",
        counts_table(seen),
    ]
    return "\n\n".join(parts) + "\n"


Look = tuple[Mapping[str, int], Mapping[str, int]]
"""Rows known by table, and counts of the last weeks by mark."""


def _looks(chronicle: Chronicle, at: Sequence[dt.date]) -> Iterator[Look]:
    for day in at:
        known = as_known(chronicle, day + dt.timedelta(days=1))
        rows = {share.table: share.rows for share in rule_shares(known)}
        start = day - dt.timedelta(weeks=WINDOW_WEEKS) + dt.timedelta(days=1)
        panel = count_panel(known, MARKS_SHOWN, end=day, start=start)
        yield rows, dict(zip(panel.marks, panel.counts.sum(axis=0).tolist(), strict=True))


def shares_table(chronicle: Chronicle) -> str:
    """Count dates set by rule by table, and by family where a table has families."""
    lines = [(share.table, str(share.by_rule), str(share.rows)) for share in rule_shares(chronicle)]
    for name, column, families in (
        ("events", "event_type", {kind.name: kind.family for kind in EVENT_TYPES.values()}),
        ("spells", "spell_type", dict(SPELL_TYPES)),
    ):
        table = chronicle[name].with_columns(pl.col(column).replace_strict(families).alias("family"))
        by = table.group_by("family").agg(pl.len(), (pl.col("known_basis") == "rule").sum().alias("rule"))
        lines += [(f"{name}: {family}", str(rule), str(rows)) for family, rows, rule in sorted(by.rows())]
    return table_of(("rows of", "by rule", "all"), lines)


def rows_table(chronicle: Chronicle, seen: Mapping[int, Sequence[Look]]) -> str:
    """Say how many rows more are unknown with rule dates moved: middle and most over the reference dates."""
    lines = []
    for share in rule_shares(chronicle):
        cells = [share.table]
        for days in SHIFTS[1:]:
            fewer = [before[0][share.table] - after[0][share.table] for before, after in _beside(seen, days)]
            cells += [f"{np.median(fewer):.0f}", str(max(fewer))]
        lines.append(tuple(cells))
    header = ("rows of", *(f"{word}, {days} days" for days in SHIFTS[1:] for word in ("median", "most")))
    return table_of(header, lines)


def counts_table(seen: Mapping[int, Sequence[Look]]) -> str:
    """Set the counts of the last weeks beside each other: sum over the dates, and at how many dates they differ."""
    lines = []
    for mark in MARKS_SHOWN:
        cells = [mark, str(sum(look[1][mark] for look in seen[0]))]
        for days in SHIFTS[1:]:
            pairs = [(before[1][mark], after[1][mark]) for before, after in _beside(seen, days)]
            cells += [str(sum(after for _, after in pairs)), str(sum(before != after for before, after in pairs))]
        lines.append(tuple(cells))
    moved = (f"{words} {days} days" for days in SHIFTS[1:] for words in ("sum,", "dates that differ,"))
    return table_of(("count", "sum as it stands", *moved), lines)


def _beside(seen: Mapping[int, Sequence[Look]], days: int) -> Iterator[tuple[Look, Look]]:
    return zip(seen[0], seen[days], strict=True)


def chances_part(chronicle: Chronicle) -> str:
    """Return the table of chances at the record's end as Markdown."""
    found = {days: _chances(shift_rule_dates(chronicle, days)) for days in SHIFTS}
    lines = [(target, *(f"{found[days][target]:.3f}" for days in SHIFTS)) for target in found[0]]
    end = reference_dates(chronicle.coverage_end, 1)[0]
    words = (
        f"Reference date {end}, next {HORIZON} weeks, seed {SEED}, record {chronicle.digest}: the chance of at least "
        "one; for days with weapons tests and ballistic launches the mean number."
    )
    return words + "\n\n" + table_of(("target", *(f"{days} days" for days in SHIFTS)), lines) + "\n"


def _chances(chronicle: Chronicle) -> dict[str, float]:
    from sixparty.compute import Key, SilentProgress
    from sixparty.forecast import MODEL_ID, issue_forecasts
    from sixparty.service.clock import resolve_dates
    from sixparty.service.fits import fit_marks
    from sixparty.service.home import Home
    from sixparty.service.look import look_at
    from sixparty.service.outlook import FUTURES

    look = look_at(chronicle, resolve_dates(chronicle, None))
    with tempfile.TemporaryDirectory() as folder:
        key = Key.from_seed(SEED)
        fits = fit_marks(key, look.panel, home=Home(Path(folder)), progress=SilentProgress())
        issued = issue_forecasts(
            key,
            look.panel,
            fits=fits,
            exposures=look.exposures,
            reference_date=look.dates.reference_date,
            as_of=look.known_through,
            leader_since=look.leader_since,
            draws=FUTURES,
        )
    laws = {target: issued.predictive[MODEL_ID, target, HORIZON] for target in fits}
    return {name: law.mean if name.endswith("_days") else law.at_least(1) for name, law in laws.items()}


def table_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


if __name__ == "__main__":
    sys.exit(main())
