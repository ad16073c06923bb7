"""Why a forecast moved, in a terminal: what moved it, what its number is made of, what would move it most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sixparty.report.messages import Messages, read_messages
from sixparty.report.wording import write_value

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

Row = Mapping[str, Any]

_POINT_DIGITS = (0, 1)
_NUMBER_DIGITS = (1, 2)
_DIGITS_MORE = 2
_FEWEST_UNITS = 5


def explain_terminal(document: Mapping[str, Any], language: str = "en") -> Group:
    """Return what `sixparty forecast explain` found as tables that `rich` can print.

    Parameters
    ----------
    document
        The whole envelope: spec, result, provenance, warnings.
    language
        A language that has a message file.
    """
    from rich.console import Group
    from rich.text import Text

    words, found = read_messages(language), document["result"]
    parts: list[Table | Text] = [
        _heading(found, words),
        _headline(found, words),
        _change_table(found, words),
        *_notes_on_change(found, words),
        *_source_tables(found, words),
        *_observation_tables(found, words),
    ]
    return Group(*(line for part in parts for line in (part, Text(""))))


def share_out(parts: Sequence[float], total: int) -> list[int]:
    """Round parts to whole numbers that add up to `total`, by largest remainder.

    Each part is first rounded down; what is left goes one by one to the parts that lost most. Parts of exactly zero
    stay zero as long as there is another.

    Parameters
    ----------
    total
        The whole number to reach; it lies near the sum of the parts.

    Examples
    --------
    >>> share_out([0.4, 0.4, -0.2, 0.0], 1)
    [1, 0, 0, 0]
    """
    whole = [math.floor(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] == 0, whole[place] - parts[place]))
    open_places = [place for place in order if parts[place] != 0] or order
    left = total - sum(whole)
    step = 1 if left > 0 else -1
    ranked = open_places if left > 0 else open_places[::-1]
    for turn in range(abs(left) if ranked else 0):
        whole[ranked[turn % len(ranked)]] += step
    return whole


def written_parts(old: float, new: float, *, parts: Sequence[float], digits: Sequence[int]) -> tuple[list[str], int]:
    """Write the parts of a change, and last their sum, so that old, parts and new add up as printed.

    Returns the figures with signs, and their decimals.

    Parameters
    ----------
    old, new, parts
        Numbers in the unit that is printed; the parts add up to the difference.
    digits
        Decimals to choose from, rising; the first in which the largest part has five units is taken, else the last.
    """
    largest = max([abs(new - old), *map(abs, parts)])
    chosen = next((number for number in digits if largest >= _FEWEST_UNITS * 10.0**-number), digits[-1])
    scale = 10.0**chosen
    total = _nearest(new * scale) - _nearest(old * scale)
    units = [*share_out([part * scale for part in parts], total), total]
    return [_signed(unit / scale, chosen) for unit in units], chosen


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)


def _signed(value: float, digits: int) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{abs(value):.{digits}f}"


def _plain(value: float, digits: int) -> str:
    """A figure rounded as `written_parts` rounds it."""
    scale = 10.0**digits
    return f"{_nearest(value * scale) / scale:.{digits}f}".replace("-", "−")


def _heading(found: Row, words: Messages) -> Text:
    from rich.text import Text

    def day(name: str) -> str:
        return write_value(found[name], "date", messages=words)

    text = Text(words["explain.title"].format(target=words.word("targets", found["target"])), style="bold")
    windows = words["explain.windows"].format(
        weeks=found["horizon"],
        end=day("target_end_date"),
        known=day("as_of"),
        old_end=day("since_target_end_date"),
        old_known=day("since_as_of"),
    )
    return text.append(f"\n{windows}", style="not bold")


def _headline(found: Row, words: Messages) -> Text:
    """Say in one sentence from where to where the forecast moved, and what did most of it."""
    from rich.text import Text

    change, figure = found["change"], "mean" if found["is_range"] else "chance"
    move, error = change[f"new_{figure}"] - change[f"old_{figure}"], change[f"{figure}_error"]
    ends = [_figure(change[f"{end}_{figure}"], found, words) for end in ("old", "new")]
    largest = max(change["parts"], key=lambda part: abs(part[figure]))
    is_told = abs(move) > 2 * error
    kind = "same" if ends[0] == ends[1] else "still" if not is_told else "rose" if move > 0 else "fell"
    sentence = words[f"explain.headline.{figure}_{kind}"].format(
        old=ends[0], new=ends[1], cause=words[f"explain.causes.{largest['name']}"]
    )
    return Text(sentence)


def _figure(value: float, found: Row, words: Messages) -> str:
    return f"{value:.1f}" if found["is_range"] else write_value(value, "chance:short", messages=words)


def _change_table(found: Row, words: Messages) -> Table:
    change = found["change"]
    read = [part for part in change["parts"] if part["is_read"]]
    # nothing blurs further decimals where nothing is simulated
    more = () if found["has_model"] else (_DIGITS_MORE,)
    chances, decimals = _column(
        change, read, figure="chance", unit=words["number.percent"], digits=(*_POINT_DIGITS, *more)
    )
    numbers, places = _column(change, read, figure="mean", unit="{}", digits=_NUMBER_DIGITS)
    table = _table(words, "change", ("cause", "points", "error", "number", "error"), right=(1, 2, 3, 4))
    names = ["before", *(f"causes.{part['name']}" for part in read), "sum", "now"]
    errors = [
        ["", *(_error(scale * row[f"{figure}_error"], place) for row in (*read, change)), ""]
        for figure, scale, place in (("chance", 100.0, decimals), ("mean", 1.0, places))
    ]
    lines = zip([words[f"explain.{name}"] for name in names], chances, errors[0], numbers, errors[1], strict=True)
    return _fill(table, lines)


def _column(
    change: Row, read: Sequence[Row], *, figure: str, unit: str, digits: Sequence[int]
) -> tuple[list[str], int]:
    """One column of the table: before, parts, change, now."""
    scale = 100.0 if figure == "chance" else 1.0
    old, new = (scale * change[f"{end}_{figure}"] for end in ("old", "new"))
    parts, chosen = written_parts(old, new, parts=[scale * part[figure] for part in read], digits=digits)
    return [unit.format(_plain(old, chosen)), *parts, unit.format(_plain(new, chosen))], chosen


def _error(value: float, digits: int) -> str:
    """A Monte Carlo error with one decimal more than its figure; nothing where nothing is simulated."""
    return f"±{value:.{digits + 1}f}" if value else ""


def _notes_on_change(found: Row, words: Messages) -> list[Text]:
    from rich.text import Text

    unread = [words[f"explain.short.{part['name']}"] for part in found["change"]["parts"] if not part["is_read"]]
    lines = [words["explain.unread"].format(causes=", ".join(unread))] if unread else []
    lines.append(words["explain.method" if found["has_model"] else "explain.method_base"])
    lines.append(_said(found, words))
    return [Text("\n".join(lines), style="dim")]


def _said(found: Row, words: Messages) -> str:
    if found["issued"] is not None:
        kind = words.word("explain.kinds", found["issued"]["kind"])
        return words["explain.issued"].format(date=_date(found["issued"]["reference_date"], words), kind=kind)
    last = found["last_issued"]
    none = words["explain.not_issued"].format(date=_date(found["since"], words))
    if last is None:
        return none
    chance = write_value(last["chance"], "percent", messages=words)
    told = {"date": _date(last["reference_date"], words), "day": last["reference_date"], "chance": chance}
    return f"{none} " + words["explain.last_issued"].format(**told)


def _date(value: str, words: Messages) -> str:
    return write_value(value, "date", messages=words)


def _source_tables(found: Row, words: Messages) -> list[Table | Text]:
    from rich.text import Text

    if found["sources"] is None:
        rests = words["explain.rests"].format(episodes=found["episodes"], weeks=f"{found['weeks']:,}")
        return [Text(rests)]
    table = _table(words, "sources", ("source", "number", "range", "factor", "range"), right=(1, 2, 3, 4))
    read = [row for row in found["sources"] if row["is_read"]]
    total = found["change"]["model_mean"]
    numbers, digits = written_parts(0.0, total, parts=[row["number"] for row in read], digits=(2,))
    lines = [
        (
            words[f"explain.made_of.{row['name']}"],
            number.removeprefix("+") if row["name"] == "level" else number,
            _range(row["low"], row["high"], digits),
            "" if row["factor"] is None else f"× {row['factor']:.2f}",
            _range(row["factor_low"], row["factor_high"], 2),
        )
        for row, number in zip(read, numbers, strict=False)
    ]
    lines.append((words["explain.model_sum"], _plain(total, digits), "", "", ""))
    notes = [words["explain.method_sources"]]
    if found["last_year_share"]:
        notes.insert(0, _pooled(found, words))
    return [_fill(table, lines), Text("\n".join(notes), style="dim")]


def _pooled(found: Row, words: Messages) -> str:
    share = found["last_year_share"]
    return words["explain.pooled"].format(
        share=write_value(share, "percent", messages=words), mean=_plain(found["change"]["new_mean"], 2)
    )


def _range(low: float | None, high: float | None, digits: int) -> str:
    return "" if low is None or high is None else f"{_plain(low, digits)} – {_plain(high, digits)}"


def _observation_tables(found: Row, words: Messages) -> list[Table | Text]:
    from rich.text import Text

    lines = [_observation_line(row, found, words) for row in _shown(found["observations"])]
    listed = ", ".join(words.word("targets", mark) for mark in found["read"]["marks"])
    note = words["explain.searched" if found["has_model"] else "explain.searched_base"].format(
        marks=listed, weeks=found["watch_weeks"], horizon=found["horizon"]
    )
    if found["has_model"] and len(found["read"]["marks"]) == 1:
        note = f"{note} {words['explain.searched_alone']}"
    if not lines:
        return [Text(words["explain.nothing_told"]), Text(note, style="dim")]
    heads = ("seen", "share", "chance_move", "number_move", "futures")
    return [_fill(_table(words, "observations", heads, right=(1, 2, 3, 4)), lines), Text(note, style="dim")]


def _shown(rows: Sequence[Row]) -> list[Row]:
    """Moves that the simulation can tell from none; of several numbers of a mark one and the one that moves most."""
    shown: list[Row] = []
    for row in rows:
        is_first = not any(row["kind"] == other["kind"] and row["subject"] == other["subject"] for other in shown)
        if row["is_told"] and (row["kind"] != "at_least" or row["at_least"] == 1 or is_first):
            shown.append(row)
    return shown


def _observation_line(row: Row, found: Row, words: Messages) -> tuple[str, ...]:
    none = words["explain.no_share"]
    share = none if row["share"] is None else write_value(row["share"], "chance:short", messages=words)
    chances = [write_value(row[f"{end}_chance"], "chance:short", messages=words) for end in ("from", "to")]
    means = [_plain(row[f"{end}_mean"], 1 if found["is_range"] else 2) for end in ("from", "to")]
    futures = f"{row['futures']:,}" if row["futures"] else none
    return observation_words(row, words), share, " → ".join(chances), " → ".join(means), futures


def observation_words(row: Row, words: Messages) -> str:
    """Write what may be seen, as `2 or more: Weapons-test days`."""
    subject = words.word("targets" if row["kind"] in ("none", "one", "at_least") else "drill_kinds", row["subject"])
    return words[f"explain.seen_words.{row['kind']}"].format(subject=subject, number=row["at_least"])


def _table(words: Messages, title: str, heads: Sequence[str], *, right: Sequence[int] = ()) -> Table:
    from rich.table import Table

    table = Table(title=words[f"explain.{title}"], title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(words[f"explain.{head}"], justify="right" if place in right else "left", overflow="fold")
    return table


def _fill(table: Table, rows: Iterable[Sequence[str]]) -> Table:
    from rich.text import Text

    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table
