"""A target's page: where its figure comes from, what moved it, what would move it most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sixparty.report.explain_terminal import observation_words, written_parts
from sixparty.report.page import Marked, Page
from sixparty.report.pages.site import SitePage
from sixparty.report.pages.target_charts import (
    change_parts,
    ends_written,
    figure_name,
    target_charts,
    told_rows,
)
from sixparty.report.trace import Block
from sixparty.report.wording import write_value

_SECTIONS: Mapping[str, str] = {"change": "change", "sources": "sources", "episodes": "sources", "weeks": "sources"}


@dataclass(frozen=True)
class _Figure:
    """A part that is written so that a column adds up, with the key of the value behind it."""

    shown: str
    key: str

    def on(self, page: Page) -> Marked:
        return Marked(page.pen.value(self.shown, key=self.key, style="points:shared"))


def target_context(document: Mapping[str, Any], page: Page) -> dict[str, Any]:
    """Return what the template needs beside the document: sentences, tables and the blocks that explain them."""
    found, m = document["result"], page.messages
    return {
        "name": page.word("targets", found["target"]),
        "headline": _headline(found, page),
        "window": _window(found, page),
        "now": page.num(f"result.change.new_{figure_name(found)}", _style(found)),
        "was": page.num(f"result.change.old_{figure_name(found)}", _style(found)),
        "figure_label": m["target.number" if found["is_range"] else "target.chance"],
        "change_rows": _change_rows(found, page),
        "source_rows": _source_rows(found, page) if found["sources"] else [],
        "seen_rows": _seen_rows(found, page),
        "notes": _notes(found, page),
        "blocks": _blocks(document, page),
    }


def target_trace(key: str) -> str:
    """Return the address on the page that tells how a figure came about."""
    part = key.removeprefix("result.").split(".")[0]
    return f"#how-{_SECTIONS.get(part, 'seen' if part == 'observations' else 'change')}"


def _style(found: Mapping[str, Any]) -> str:
    return "decimal:1" if found["is_range"] else "chance:short"


def _headline(found: Mapping[str, Any], page: Page) -> str:
    """Say in one sentence from where to where the forecast moved, and what did most of it."""
    change, figure = found["change"], figure_name(found)
    move, error = change[f"new_{figure}"] - change[f"old_{figure}"], change[f"{figure}_error"]
    old, new = ends_written(found, page.messages)
    largest = max(change["parts"], key=lambda part: abs(part[figure]))
    kind = "same" if old == new else "still" if abs(move) <= 2 * error else "rose" if move > 0 else "fell"
    cause = page.messages[f"explain.causes.{largest['name']}"]
    return page.messages[f"explain.headline.{figure}_{kind}"].format(old=old, new=new, cause=cause)


def _window(found: Mapping[str, Any], page: Page) -> list[str]:
    m = page.messages

    def day(name: str) -> str:
        return write_value(found[name], "date", messages=m)

    window = m["target.window"].format(
        weeks=found["horizon"], start=day("reference_date"), end=day("target_end_date"), known=day("as_of")
    )
    before = m["target.before"].format(day=day("since"), known=day("since_as_of"))
    return [window, before]


def _change_rows(found: Mapping[str, Any], page: Page) -> list[list[Marked]]:
    """The parts of the move, the figures of each adding up as printed."""
    parts, written, digits = change_parts(found)
    figure, scale = figure_name(found), 1.0 if found["is_range"] else 100.0
    places = {id(part): place for place, part in enumerate(found["change"]["parts"])}
    rows = []
    for part, shown in zip(parts, written, strict=False):
        base = f"result.change.parts.{places[id(part)]}"
        error = f"±{2 * scale * part[f'{figure}_error']:.{digits + 1}f}" if part[f"{figure}_error"] else ""
        cells = [_Figure(shown, f"{base}.{figure}"), _Figure(error, f"{base}.{figure}_error")]
        name = page.say(f"explain.causes.{part['name']}")
        rows.append([name, *(cell.on(page) if cell.shown else Marked("") for cell in cells)])
    total = _Figure(written[-1], f"result.change.new_{figure}").on(page)
    return [*rows, [page.say("explain.sum"), total, Marked("")]]


def _source_rows(found: Mapping[str, Any], page: Page) -> list[list[Marked]]:
    read = [(place, row) for place, row in enumerate(found["sources"]) if row["is_read"]]
    total = found["change"]["model_mean"]
    numbers, digits = written_parts(0.0, total, parts=[row["number"] for _, row in read], digits=(2,))
    rows = []
    for (place, row), shown in zip(read, numbers, strict=False):
        base = f"result.sources.{place}"
        number = shown.removeprefix("+") if row["name"] == "level" else shown
        ends = [
            page.num(f"{base}.{end}", f"decimal:{digits}") if row[end] is not None else "" for end in ("low", "high")
        ]
        between = Marked(f"{ends[0]} – {ends[1]}") if ends[0] and ends[1] else Marked("")
        factor = Marked(f"× {page.num(f'{base}.factor', 'decimal:2')}") if row["factor"] is not None else Marked("")
        name = page.say(f"explain.made_of.{row['name']}")
        rows.append([name, _Figure(number, f"{base}.number").on(page), between, factor])
    total_cell = page.num("result.change.model_mean", "decimal:2")
    return [*rows, [page.say("explain.model_sum"), total_cell, Marked(""), Marked("")]]


def _seen_rows(found: Mapping[str, Any], page: Page) -> list[list[Marked]]:
    places = {id(row): place for place, row in enumerate(found["observations"])}
    return [_seen_row(row, f"result.observations.{places[id(row)]}", found, page) for row in told_rows(found)]


def _seen_row(row: Mapping[str, Any], base: str, found: Mapping[str, Any], page: Page) -> list[Marked]:
    number = "decimal:1" if found["is_range"] else "decimal:2"
    share = page.say("explain.no_share") if row["share"] is None else page.num(f"{base}.share", "chance:short")
    moves = [
        Marked(f"{page.num(f'{base}.from_{figure}', style)} → {page.num(f'{base}.to_{figure}', style)}")
        for figure, style in (("chance", "chance:short"), ("mean", number))
    ]
    return [Marked(page.pen.text(observation_words(row, page.messages))), share, *moves]


def _notes(found: Mapping[str, Any], page: Page) -> list[str]:
    """What is not in the model of this target, what was said before, and the pace of the last year."""
    m = page.messages
    unread = [m[f"explain.short.{part['name']}"] for part in found["change"]["parts"] if not part["is_read"]]
    notes = [m["explain.unread"].format(causes=", ".join(unread))] if unread else []
    return [*notes, _said(found, page)]


def _said(found: Mapping[str, Any], page: Page) -> str:
    m = page.messages

    def day(value: str) -> str:
        return write_value(value, "date", messages=m)

    if found["issued"] is not None:
        kind = m.word("explain.kinds", found["issued"]["kind"])
        return m["explain.issued"].format(date=day(found["issued"]["reference_date"]), kind=kind)
    return m["explain.not_issued"].format(date=day(found["since"]))


def _blocks(document: Mapping[str, Any], page: Page) -> list[Block]:
    found, command = document["result"], document["provenance"]["command"]
    suffix = "" if found["has_model"] else "_base"
    numbers: Mapping[str, Sequence[Any]] = {
        "sources": (found.get("episodes"), found.get("weeks")),
        "seen": (found["watch_weeks"],),
    }
    return [
        _block(name, suffix, numbers.get(name, ()), page=page, command=command)
        for name in ("change", "sources", "seen")
    ]


def _block(name: str, suffix: str, numbers: Sequence[Any], *, page: Page, command: str) -> Block:
    m, key = page.messages, f"target.how.{name}"
    known = m[f"{key}.known{suffix}"].format(*numbers)
    return Block(
        id=f"how-{name}",
        title=page.say(f"{key}.title"),
        seen=(page.say(f"{key}.seen"),),
        known=Marked(page.pen.text(known)),
        sure=page.say(f"{key}.sure{suffix}"),
        otherwise=page.say(f"{key}.else"),
        command=command,
    )


PAGE = SitePage(
    name="target",
    template="pages/target.html.j2",
    charts=target_charts,
    context=target_context,
    trace=target_trace,
)
