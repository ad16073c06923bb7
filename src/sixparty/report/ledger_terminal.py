"""The ledger in a terminal: texts or promises, counts by party, what is due, how long steps held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sixparty.report.messages import Messages, read_messages
from sixparty.report.wording import whole_percent

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

Row = Mapping[str, Any]

_OUTCOMES = ("kept", "partly_kept", "breached", "lapsed", "superseded")
_OPEN = ("overdue", "due", "carried_out", "in_force")
_DAYS_A_YEAR = 365.25


def ledger_terminal(document: Mapping[str, Any], language: str = "en") -> Group:
    """Return what `sixparty ledger show` found as tables that `rich` can print.

    Parameters
    ----------
    document
        The whole envelope: spec, result, provenance, warnings.
    language
        A language that has a message file.
    """
    from rich.console import Group
    from rich.text import Text

    words, found, spec = read_messages(language), document["result"], document["spec"]
    is_bound = any(spec.get(name) is not None for name in ("agreement", "obligor", "domain", "state"))
    parts: list[Table | Text] = [
        _promise_table(found["rows"], words) if is_bound else _text_table(found["texts"], words),
        _side_table(found["sides"], words),
        Text(words["ledger.note_sides"], style="dim"),
        _due_table(found["rows"], words, days=spec["due_within"]),
        _held_table(found["held"], words),
        Text(words["ledger.note_held"], style="dim"),
        *([_step_table(found["steps"], words)] if is_bound and found["steps"] else []),
        *_degree_tables(found["implementation"], words, is_one_year=spec["year"] is not None),
    ]
    return Group(*(line for part in parts for line in (part, Text(""))))


def outcome_counts(states: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that a reader sees: every ended state, what is still open together, and what is unknown."""
    ended = {state: states[state] for state in _OUTCOMES}
    return {**ended, "open": sum(states[state] for state in _OPEN), "unknown": states["unknown"]}


def share_words(rate: Mapping[str, Any], words: Messages) -> str:
    """Write a rate as `24 % of 59 (16-34)`; nothing out of none is a dash."""
    if not rate["n"]:
        return "–"
    ends = {name: whole_percent(rate[name]) for name in ("share", "low", "high")}
    return words["ledger.share_cell"].format(n=rate["n"], **ends)


def _table(words: Messages, title: str, heads: Sequence[str], *, right: Sequence[str] = ()) -> Table:
    from rich.table import Table

    table = Table(title=words[f"ledger.{title}"], title_justify="left", title_style="bold", box=None, pad_edge=False)
    for head in heads:
        table.add_column(words[f"ledger.{head}"], justify="right" if head in right else "left", overflow="fold")
    return table


def _fill(table: Table, rows: Iterable[Sequence[Any]]) -> Table:
    from rich.text import Text

    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    return table


def _text_table(texts: Sequence[Row], words: Messages) -> Table:
    heads = ("id", "signed", "count", *_OUTCOMES, "open", "unknown")
    table = _table(words, "texts", heads, right=heads[2:])
    return _fill(
        table,
        (
            (text["id"], text["signed_date"], tally["promises"], *outcome_counts(tally["states"]).values())
            for text in texts
            for tally in (text["promises"],)
        ),
    )


def _promise_table(rows: Sequence[Row], words: Messages) -> Table:
    table = _table(words, "promises", ("id", "state", "since", "term", "who", "promise"))
    return _fill(
        table,
        (
            (
                row["id"],
                state_words(row, words),
                row["since"],
                row["due_date"],
                _parties(row["obligors"], words),
                _promise(row, words),
            )
            for row in rows
        ),
    )


def state_words(row: Row, words: Messages) -> str:
    """Write a promise's state; one that rests on memory or on our reading says so."""
    state, basis = words.word("states", row["state"]), row["status_basis"]
    is_told = row["state"] in _OUTCOMES and basis in ("recalled", "inferred")
    return f"{state} ({words.word('bases', basis)})" if is_told else state


def _side_table(sides: Sequence[Row], words: Messages) -> Table:
    heads = ("party", "count", *_OUTCOMES, "open", "unknown", "kept_share", "unknown_share")
    table = _table(words, "sides", heads, right=heads[1:])
    lines = []
    for side in sides:
        lines.append(_tally_line(words.word("parties_short", side["party"]), side["every"], words))
        if side["alone"]["promises"]:
            lines.append(_tally_line(f"  {words['ledger.alone']}", side["alone"], words))
    return _fill(table, lines)


def _tally_line(name: str, tally: Row, words: Messages) -> tuple[Any, ...]:
    counts: dict[str, Any] = dict(outcome_counts(tally["states"]))
    if tally["breached_recalled"]:
        counts["breached"] = f"{counts['breached']} ({tally['breached_recalled']} r)"
    shares = (share_words(tally[kind], words) for kind in ("kept", "unknown"))
    return (name, tally["promises"], *counts.values(), *shares)


def _promise(row: Row, words: Messages) -> str:
    """What is promised, in the reader's language."""
    return words.names.apply(str(row.get(f"promise_{words.language}") or row["promise_en"]))


def _parties(codes: Iterable[str], words: Messages) -> str:
    return ", ".join(words.word("parties_short", code) for code in codes)


def _ender(code: str, words: Messages) -> str:
    """Whose act ended a step, or that no source tells."""
    return words.word("ended_by" if code == "not_told" else "parties_short", code)


def _due_table(rows: Sequence[Row], words: Messages, *, days: int) -> Table | Text:
    from rich.text import Text

    late = sorted((row for row in rows if row["state"] in ("overdue", "due")), key=lambda row: str(row["due_date"]))
    if not late:
        return Text(words["ledger.none_due"].format(days=days))
    table = _table(words, "due", ("id", "state", "term", "who", "promise"))
    return _fill(
        table,
        (
            (
                row["id"],
                words.word("states", row["state"]),
                row["due_date"],
                _parties(row["obligors"], words),
                _promise(row, words),
            )
            for row in late
        ),
    )


def _held_table(curves: Sequence[Row], words: Messages) -> Table:
    heads = ("kind", "number", "ended", "median", "year_1", "year_5", "ended_by")
    table = _table(words, "held", heads, right=heads[1:6])
    return _fill(table, (_held_line(curve, words) for curve in curves if curve["steps"]))


def _held_line(curve: Row, words: Messages) -> tuple[Any, ...]:
    shares = {share["years"]: share for share in curve["shares"]}
    cells = [
        f"{share['share']:.2f} ({share['low']:.2f}–{share['high']:.2f})" if (share := shares.get(years)) else "–"
        for years in (1, 5)
    ]
    by = ", ".join(f"{_ender(party, words)} {count}" for party, count in curve["ended_by"].items())
    return words.word("step_kinds", curve["kind"]), curve["steps"], curve["ended"], _median_words(curve), *cells, by


def _median_words(curve: Row) -> str:
    years = [
        f"{curve[name] / _DAYS_A_YEAR:.1f}" if curve[name] is not None else "…"
        for name in ("median_days", "median_low_days", "median_high_days")
    ]
    return "–" if curve["median_days"] is None else f"{years[0]} ({years[1]}–{years[2]})"


def _step_table(steps: Sequence[Row], words: Messages) -> Table:
    table = _table(words, "steps", ("kind", "from", "until", "days", "ended_by", "act"), right=("days",))
    return _fill(
        table,
        (
            (
                words.word("step_kinds", step["kind"]),
                step["held_from"],
                step["held_until"],
                step["days"],
                _parties(step["ended_by_party"], words),
                "; ".join(text for text in (step["ended_by"], step["contested"]) if text),
            )
            for step in steps
        ),
    )


def _degree_tables(found: Row | None, words: Messages, *, is_one_year: bool) -> list[Table | Text]:
    from rich.text import Text

    if found is None:
        return []
    note = Text(words["ledger.note_degrees"], style="dim")
    if not is_one_year:
        return [_degree_matrix(found["degrees"], words), note]
    sides = _degree_counts(
        found["by_side"], words, title="degrees_side", head="party", name=lambda code: _parties([code], words)
    )
    domains = _degree_counts(
        found["by_domain"], words, title="degrees_domain", head="domain", name=lambda code: words.word("domains", code)
    )
    return [sides, domains, note]


def _degree_matrix(degrees: Sequence[Row], words: Messages) -> Table:
    """A line for each promise and a column for each year."""
    years = sorted({degree["year"] for degree in degrees})
    table = _table(words, "degrees", ("id",))
    for year in years:
        table.add_column(str(year) if len(years) <= 12 else f"{year % 100:02d}", justify="right")
    by_promise: dict[str, dict[int, str]] = {}
    for degree in degrees:
        by_promise.setdefault(degree["commitment_id"], {})[degree["year"]] = words.word("grades", degree["grade"])
    return _fill(table, ((name, *(cells.get(year, "") for year in years)) for name, cells in by_promise.items()))


def _degree_counts(
    counts: Sequence[Row], words: Messages, *, title: str, head: str, name: Callable[[str], str]
) -> Table:
    table = _table(words, title, (head, "count"), right=("count",))
    grades = list(counts[0]["grades"]) if counts else []
    for grade in grades:
        table.add_column(words.word("grades", grade), justify="right")
    for label in ("full", "unknown_share"):
        table.add_column(words[f"ledger.{label}"], justify="right")
    return _fill(
        table,
        (
            (
                name(row["group"]),
                row["promises"],
                *row["grades"].values(),
                share_words(row["full"], words),
                share_words(row["unknown"], words),
            )
            for row in counts
        ),
    )
