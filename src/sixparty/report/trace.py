"""Page two: for each line of page one a block of one shape, from what we see to the command that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sixparty.report.page import Marked, Page


@dataclass(frozen=True)
class Block:
    """What stands behind one line of page one.

    Parameters
    ----------
    id
        Target of the links on page one.
    seen, known, sure, otherwise
        What we see; how we know; how sure; what else it could be.
    row_ids
        Rows of the chronicle that it rests on.
    """

    id: str
    title: Marked
    seen: tuple[Marked, ...]
    known: Marked
    sure: Marked
    otherwise: Marked
    command: str
    row_ids: tuple[str, ...] = ()


def trace_blocks(page: Page) -> list[Block]:
    """Return the blocks of page two in the order of page one."""
    return [
        _block(page, "header"),
        _block(page, "changed", row_ids=_changed_rows(page)),
        _block(page, "ahead"),
        _block(page, "phase"),
        *(_class_block(page, place) for place in range(len(page.get("result.where.classes")))),
        _block(page, "index"),
        _block(page, "next"),
        *(_forecast_block(page, target) for target in page.get("result.next.targets")),
        _block(page, "signposts"),
        _block(page, "trust"),
        *_past_blocks(page),
        *_promise_blocks(page),
        *_claim_blocks(page),
    ]


def _block(page: Page, name: str, row_ids: tuple[str, ...] = ()) -> Block:
    return Block(
        id=f"trace-{name}",
        title=page.say(f"trace.{name}.title"),
        seen=(page.say(f"trace.{name}.seen"),),
        known=page.say(f"trace.{name}.known"),
        sure=page.say(f"trace.{name}.sure"),
        otherwise=page.say(f"trace.{name}.else"),
        command=page.get("result.header.command"),
        row_ids=row_ids,
    )


def _changed_rows(page: Page) -> tuple[str, ...]:
    changed = page.get("result.changed")
    kinds = ("added", "revised", "spell")
    return tuple(row["row_id"] for kind in kinds for row in changed[kind]["rows"] if row["row_id"])


def _past_blocks(page: Page) -> Iterator[Block]:
    """The block behind the tables of the track record."""
    if page.get("result").get("past") is not None:
        yield replace(_block(page, "past"), command=page.get("result.past.command"))


def _claim_blocks(page: Page) -> Iterator[Block]:
    """The block behind the claims touched."""
    if page.get("result").get("claims") is not None and not page.get("result.claims.left_out"):
        yield replace(_block(page, "claims"), command=page.get("result.claims.command"))


def _promise_blocks(page: Page) -> Iterator[Block]:
    """Three blocks behind the tables of promises: by party, due, how long steps held."""
    if page.get("result").get("promises") is None:
        return
    rows = tuple(row["row_id"] for row in page.get("result.promises.due.rows"))
    for part in ("sides", "due", "held"):
        block = _block(page, f"promises.{part}", row_ids=rows if part == "due" else ())
        yield replace(block, id=f"trace-promises-{part}", command=page.get("result.promises.command"))


def _class_block(page: Page, place: int) -> Block:
    base = f"result.where.classes.{place}"
    standing = page.get(base)
    if standing["state"] == "not_covered":
        return _not_covered_block(page, base, place=place)
    if standing["state"] == "counted":
        return _counted_block(page, base, place=place)
    expectation = page.get("result.expectation").get(standing["name"])
    known = f"result.expectation.{standing['name']}"
    return Block(
        id=f"trace-class-{place}",
        title=page.say("trace.class.title", base),
        seen=(page.say("trace.class.seen" if standing["last_date"] else "trace.class.seen_none", base),),
        known=page.say("trace.class.known", known) if expectation else page.say("missing"),
        sure=page.say("trace.class.sure", base),
        otherwise=page.say("trace.class.else", base),
        command=expectation["command"] if expectation else page.get("result.header.command"),
        row_ids=_class_rows(page, standing["name"]),
    )


def _class_rows(page: Page, name: str) -> tuple[str, ...]:
    return tuple(row["row_id"] for row in page.get("result.rows") if row["class_name"] == name)


def _counted_block(page: Page, base: str, *, place: int) -> Block:
    """A class that is covered for too short a time to have an expected range."""
    standing = page.get(base)
    seen = [page.say("trace.class.counted_seen" if standing["last_date"] else "trace.class.counted_seen_none", base)]
    seen += [page.say("trace.class.counted_lasting", base)] if standing["lasting"] else []
    return Block(
        id=f"trace-class-{place}",
        title=page.say("trace.class.title", base),
        seen=tuple(seen),
        known=page.say("trace.class.counted_known", base),
        sure=page.say("trace.class.counted_sure", base),
        otherwise=page.say("trace.class.counted_else", base),
        command="sixparty data list --family grey_zone",
        row_ids=_class_rows(page, standing["name"]),
    )


def _not_covered_block(page: Page, base: str, *, place: int) -> Block:
    return Block(
        id=f"trace-class-{place}",
        title=page.say("trace.class.title", base),
        seen=(page.say("trace.class.not_covered_seen", base),),
        known=page.say("trace.class.not_covered_known", base),
        sure=page.say("trace.class.not_covered_sure", base),
        otherwise=page.say("trace.class.not_covered_else", base),
        command="sixparty data describe",
    )


def _forecast_block(page: Page, target: str) -> Block:
    cells = page.get(f"result.forecasts.{target}")
    bases = [f"result.forecasts.{target}.{horizon}" for horizon in cells]
    suffix = "" if cells[next(iter(cells))]["has_model"] else "_base"
    sure = suffix or ("_record" if page.get("result.record") else "_past" if page.get("result").get("past") else "")
    return Block(
        id=f"trace-forecast-{target}",
        title=page.say("trace.forecast.title", bases[0]),
        seen=tuple(_forecast_lines(page, bases)),
        known=page.say(f"trace.forecast.known{suffix}", bases[0]),
        sure=page.say(f"trace.forecast.sure{sure}", bases[0]),
        otherwise=page.say("trace.forecast.else", bases[0]),
        command=page.get("result.header.command"),
    )


def _forecast_lines(page: Page, bases: list[str]) -> Iterator[Marked]:
    for base in bases:
        cell = page.get(base)
        suffix = "" if cell["has_model"] else "_base"
        yield page.say(f"trace.forecast.seen_{cell['kind']}{suffix}", base)
        if cell.get("lead") == "plain":
            yield page.say("trace.forecast.lead_plain", base)
        if cell.get("lead") == "rival":
            yield page.say(f"trace.forecast.lead_rival_{cell['kind']}", base)
