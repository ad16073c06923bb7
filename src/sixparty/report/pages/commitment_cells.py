"""Tables of the ledger as rows of ready cells; a count leads to the promises behind it."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from sixparty.ledger import STATES
from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.site import Document, SitePen, row_link

PATH = "/commitments"
ASKED = ("agreement", "obligor", "domain", "state", "due_within")
"""What a reader may ask of the ledger, in the order of the form."""

_LATE = ("overdue", "due")
_ENDED = ("kept", "partly_kept", "lapsed", "breached", "superseded")
_UNSOURCED = ("recalled", "inferred")
_USUAL_DAYS = 90


def address(spec: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    """Return the address of the promises of a question, some of its parts replaced; None leaves a part out.

    Examples
    --------
    >>> address({"obligor": "KOR", "due_within": 90}, {"state": "kept"})
    '/commitments?obligor=KOR&state=kept'
    """
    asked = {name: value for name, value in {**spec, **changes}.items() if name in ASKED and value is not None}
    if asked.get("due_within") == _USUAL_DAYS:
        del asked["due_within"]
    ordered = [(name, asked[name]) for name in ASKED if name in asked]
    return f"{PATH}?{urlencode(ordered)}" if ordered else PATH


def linked(page: Page, target: str) -> Page:
    """Return the page with every figure leading to one address."""
    pen = page.pen
    return replace(page, pen=SitePen(lambda key: target, pen.here)) if isinstance(pen, SitePen) else page


def side_heads(messages: Messages) -> list[str]:
    """Return the heads of the table of parties."""
    names = ("party", "every", *STATES, "kept_share")
    return [messages[f"commitments.{name}"] for name in names]


def side_rows(page: Page, document: Document) -> list[list[Any]]:
    """Return a row for each party, and a second for what binds it alone."""
    rows = []
    for place, side in enumerate(document["result"]["sides"]):
        asked = {"obligor": side["party"]}
        for group in ("every", "alone"):
            if side[group]["promises"]:
                base = f"result.sides.{place}.{group}"
                name = page.messages.word("parties", side["party"])
                label = name if group == "every" else page.messages["commitments.alone"].format(party=name)
                is_all = group == "every"
                rows.append([label, *_tally(page, document, base, asked=asked if is_all else None)])
    return rows


def _tally(page: Page, document: Document, base: str, *, asked: Mapping[str, Any] | None) -> list[Any]:
    """Counts by state; each leads to its promises where a question can name them, else to how they come about."""
    tally, spec = page.get(base), document["spec"]

    def to(changes: Mapping[str, Any]) -> Page:
        return linked(page, "#how-sides" if asked is None else address(spec, {**asked, **changes}))

    cells: list[Any] = [to({}).num(f"{base}.promises", "count")]
    for name in STATES:
        cells.append(_state(to({"state": name}), base, name, tally))
    return [*cells, share_cell(page, f"{base}.kept")]


def _state(page: Page, base: str, name: str, tally: Mapping[str, Any]) -> Any:
    """The count of one state; breaches say how many rest on memory and how many were the party's own."""
    count = page.num(f"{base}.states.{name}", "count")
    if name != "breached" or not tally["states"][name]:
        return count
    told = {"count": count, "recalled": page.num(f"{base}.breached_recalled", "count")}
    own = page.num(f"{base}.breached_own", "count") if tally["breached_own"] is not None else "–"
    return Marked(html.escape(page.messages["commitments.breached_cell"]).format(**told, own=own))


def share_cell(page: Page, base: str) -> Marked:
    """A share with what it is of and its interval; a dash where nothing is known."""
    is_known = bool(page.get(f"{base}.n"))
    return page.say("commitments.share_cell" if is_known else "commitments.nothing_known", base)


def promise_heads(messages: Messages) -> list[str]:
    """Return the heads of the table of promises."""
    return [messages[f"commitments.{name}"] for name in ("clause", "promise", "who", "stands", "term", "became")]


def promise_groups(page: Page, document: Document) -> list[dict[str, Any]]:
    """Return the promises found by text, the latest text first."""
    groups: dict[str, list[list[Any]]] = {}
    for place, row in enumerate(document["result"]["rows"]):
        groups.setdefault(row["agreement_id"], []).append(_promise(page, row, place))
    texts = {text["id"]: text for text in document["result"]["texts"]}
    spec = document["spec"]
    return [
        {
            "id": name,
            "title": title_of(texts[name], page.messages),
            "signed": texts[name]["signed_date"][:4],
            "address": address(spec, {"agreement": name}),
            "rows": rows,
            "n": page.messages[f"commitments.count{'_one' if len(rows) == 1 else ''}"].format(n=len(rows)),
        }
        for name, rows in sorted(groups.items(), key=lambda item: texts[item[0]]["signed_date"], reverse=True)
    ]


def _promise(page: Page, row: Mapping[str, Any], place: int) -> list[Any]:
    base, messages = f"result.rows.{place}", page.messages
    there = linked(page, row_link(row["id"]))
    promise = messages.names.apply(row[f"promise_{messages.language}"])
    return [
        _link(page, row_link(row["id"]), row["clause"]),
        promise,
        parties_words(row["obligors"], messages),
        _stands(there, base, row),
        there.num(f"{base}.due_date", "date") if row["due_date"] else "",
        _became(row, messages),
    ]


def _stands(page: Page, base: str, row: Mapping[str, Any]) -> Marked:
    """The state, since when, and how well that is known."""
    messages = page.messages
    state = Marked(html.escape(messages.word("states", row["state"])))
    if row["state"] == "overdue":
        state = page.say("commitments.overdue_by", base)
    elif row["since"]:
        day = page.num(f"{base}.since", "date")
        state = Marked(html.escape(messages["commitments.since"]).format(state=state, day=day))
    is_weak = row["state"] in _ENDED and row["status_basis"] in _UNSOURCED
    basis = f" ({html.escape(messages.word('bases', row['status_basis']))})" if is_weak else ""
    return Marked(f"{state}{basis}")


def _became(row: Mapping[str, Any], messages: Messages) -> Marked:
    """What brought the state about, by whom, and who says otherwise; notes of the record are in English."""
    parts = [_english(row["ended_by"])] if row["ended_by"] else []
    if row["status_by"] and row["state"] in _ENDED:
        by = messages["commitments.by"].format(parties=parties_words(row["status_by"], messages))
        parts.append(html.escape(f"({by})"))
    if row["contested"]:
        said = html.escape(messages["commitments.contested"]).format(words=_english(row["contested"]))
        parts.append(f"<br><small>{said}</small>")
    return Marked(" ".join(parts))


def _english(text: str) -> str:
    return f'<span lang="en">{html.escape(text)}</span>'


def due_rows(page: Page, document: Document) -> list[list[Any]]:
    """Return the promises that are due or overdue, the earliest first."""
    found = [(place, row) for place, row in enumerate(document["result"]["rows"]) if row["state"] in _LATE]
    rows = []
    for place, row in sorted(found, key=lambda each: str(each[1]["due_date"])):
        base, there = f"result.rows.{place}", linked(page, row_link(row["id"]))
        late = row["state"] == "overdue"
        rows.append(
            [
                there.num(f"{base}.due_date", "date"),
                there.say("commitments.overdue_by", base) if late else page.messages["commitments.falls_due"],
                parties_words(row["obligors"], page.messages),
                page.messages.names.apply(row[f"promise_{page.messages.language}"]),
                _link(
                    page,
                    address(document["spec"], {"agreement": row["agreement_id"]}),
                    row[f"agreement_{page.messages.language}"],
                ),
            ]
        )
    return rows


def due_heads(messages: Messages) -> list[str]:
    """Return the heads of the table of what is due."""
    return [messages[f"commitments.{name}"] for name in ("term", "stands", "who", "promise", "agreement")]


def held_heads(messages: Messages) -> list[str]:
    """Return the heads of the table of steps by kind."""
    names = ("kind", "steps", "ended", "median", "held_1", "held_5", "ended_by")
    return [messages[f"commitments.{name}"] for name in names]


def held_rows(page: Page, document: Document) -> list[list[Any]]:
    """Return a row for each kind of step, all kinds last."""
    return [_held(page, curve, place) for place, curve in enumerate(document["result"]["held"]) if curve["steps"]]


def _held(page: Page, curve: Mapping[str, Any], place: int) -> list[Any]:
    base, messages = f"result.held.{place}", page.messages
    shares = {share["years"]: f"{base}.shares.{at}" for at, share in enumerate(curve["shares"])}
    by = ", ".join(
        f"{messages.word('ended_by' if party == 'not_told' else 'parties', party)} {count}"
        for party, count in curve["ended_by"].items()
    )
    return [
        messages.word("step_kinds", curve["kind"]),
        *(page.num(f"{base}.{name}", "count") for name in ("steps", "ended")),
        page.say(f"commitments.{_median(curve)}", base),
        *(page.say("commitments.held_cell", shares[years]) if years in shares else "–" for years in (1, 5)),
        by,
    ]


def _median(curve: Mapping[str, Any]) -> str:
    if curve["median_days"] is None:
        return "median_none"
    if curve["median_low_days"] is None:
        return "median_alone"
    return "median_open" if curve["median_high_days"] is None else "median_cell"


def text_heads(document: Document, messages: Messages) -> list[str]:
    """Return the heads of the list of texts."""
    names = ("text", "signed", "parties", "kind_of_text", "status", "promises", *_text_states(document))
    return [messages[f"commitments.{name}"] for name in names]


def _text_states(document: Document) -> list[str]:
    """States with a column in the list of texts: all, but what is due or overdue only where anything is."""
    states = document["result"]["every"]["states"]
    return [name for name in STATES if name not in _LATE or states[name]]


def text_rows(page: Page, document: Document) -> list[list[Any]]:
    """Return a row for each text, the latest first; a count of nothing stays blank."""
    texts = list(enumerate(document["result"]["texts"]))
    return [_text(page, document, text, place) for place, text in reversed(texts)]


def _text(page: Page, document: Document, text: Mapping[str, Any], place: int) -> list[Any]:
    messages, base = page.messages, f"result.texts.{place}"
    there = address(document["spec"], {"agreement": text["id"]})
    counts = linked(page, there)
    states = text["promises"]["states"]
    cells = [
        counts.num(f"{base}.promises.states.{name}", "count") if states[name] else "" for name in _text_states(document)
    ]
    return [
        _link(page, there, title_of(text, messages)),
        linked(page, row_link(text["id"])).num(f"{base}.signed_date", "date"),
        parties_words(text["parties"].split(";"), messages),
        messages[f"commitments.kinds.{text['kind']}"],
        messages[f"commitments.text_states.{text['status']}"],
        counts.num(f"{base}.promises.promises", "count") if text["promises"]["promises"] else "",
        *cells,
    ]


def title_of(text: Mapping[str, Any], messages: Messages) -> str:
    """Return a text's title in the reader's language, with the parties named as everywhere."""
    return messages.names.apply(text[f"title_{messages.language}"])


def parties_words(parties: Sequence[str], messages: Messages) -> str:
    """Name parties."""
    return ", ".join(messages.word("parties", party) for party in parties)


def _link(page: Page, target: str, words: str) -> Marked:
    shown = page.pen.here.link(target) if isinstance(page.pen, SitePen) else target
    return Marked(f'<a href="{html.escape(shown)}">{html.escape(page.messages.names.apply(words))}</a>')
