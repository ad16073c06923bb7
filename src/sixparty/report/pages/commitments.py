"""Commitments: what was promised, what is due, what was kept, by agreement and by side, in the same words for all."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

from sixparty.chronicle.schema_ledger import DOMAINS
from sixparty.ledger import STATES
from sixparty.report.messages import Messages
from sixparty.report.page import Marked, Page
from sixparty.report.pages.chart import Chart
from sixparty.report.pages.commitment_cells import (
    ASKED,
    address,
    due_heads,
    due_rows,
    held_heads,
    held_rows,
    parties_words,
    promise_groups,
    promise_heads,
    side_heads,
    side_rows,
    text_heads,
    text_rows,
    title_of,
)
from sixparty.report.pages.commitment_charts import day_words, ledger_charts
from sixparty.report.pages.site import Document, SitePage, row_link
from sixparty.report.trace import Block
from sixparty.vocabulary import OTHER_ACTORS, PARTIES

DUE_WITHIN: tuple[int, ...] = (30, 90, 180, 365, 1095)
"""Days ahead that the form offers."""

_MANY = 60


def charts(document: Document, messages: Messages) -> tuple[Chart, ...]:
    """Return the charts for which the answer has figures."""
    return ledger_charts(document, messages)


def context(document: Document, page: Page) -> Mapping[str, Any]:
    """Return what the template shows of the promises asked for."""
    found, messages = document["result"], page.messages
    is_bound = any(document["spec"][name] is not None for name in ASKED[:-1])
    return {
        "lead": _lead(document, page, is_bound=is_bound),
        "fields": form_fields(document, messages),
        "text": _text(document, page),
        "is_bound": is_bound,
        "is_bare": not found["rows"] and bool(found["texts"]) and document["spec"]["agreement"] is not None,
        "groups": promise_groups(page, document) if is_bound else [],
        "promise_heads": promise_heads(messages),
        "is_folded": len(found["rows"]) > _MANY,
        "sides": (side_heads(messages), side_rows(page, document)),
        "due": (due_heads(messages), due_rows(page, document)),
        "due_caption": _dated(document, page, "due_caption"),
        "due_none": _dated(document, page, "due_none"),
        "held": (held_heads(messages), held_rows(page, document)),
        "held_lead": _held_lead(document, page),
        "texts": (text_heads(document, messages), text_rows(page, document)) if not is_bound else ([], []),
        "blocks": [_block(page, name, document) for name in ("sides", "due", "held")],
    }


def form_fields(document: Document, messages: Messages) -> list[tuple[str, str, Any, Any]]:
    """Return the fields of the form that asks by address; texts are those that answer the question so far."""
    spec = document["spec"]
    texts = [(text["id"], _option(text, messages)) for text in reversed(document["result"]["texts"])]
    parties = [(code, messages.word("parties", code)) for code in PARTIES + OTHER_ACTORS]
    domains = [(code, messages.word("domains", code)) for code in DOMAINS]
    states = [(code, messages.word("states", code)) for code in STATES]
    days = [(str(number), f"{number:,}") for number in sorted({*DUE_WITHIN, spec["due_within"]})]
    choices = {"agreement": texts, "obligor": parties, "domain": domains, "state": states, "due_within": days}
    return [(name, messages[f"commitments.{name}"], spec[name], options) for name, options in choices.items()]


def _option(text: Mapping[str, Any], messages: Messages) -> str:
    year, title = text["signed_date"][:4], title_of(text, messages)
    return messages["commitments.text_option"].format(year=year, title=title)


def _lead(document: Document, page: Page, *, is_bound: bool) -> Marked:
    if is_bound and not document["result"]["rows"]:
        return Marked(html.escape(page.messages["commitments.none_found"]))
    is_text = is_bound and document["spec"]["agreement"] is not None
    said = page.say(f"commitments.lead{'_text' if is_text else '_found' if is_bound else ''}")
    return Marked(said.replace("{days}", str(document["spec"]["due_within"])))


def _dated(document: Document, page: Page, name: str) -> Marked:
    told = {"days": document["spec"]["due_within"], "day": day_words(document, page.messages)}
    return Marked(html.escape(page.messages[f"commitments.{name}"]).format(**told))


def _held_lead(document: Document, page: Page) -> Marked | None:
    """How long steps of all kinds held, where half of them have ended."""
    curves = document["result"]["held"]
    places = [place for place, curve in enumerate(curves) if curve["kind"] == "all" and curve["median_days"]]
    return page.say("commitments.held_lead", f"result.held.{places[0]}") if places else None


def _text(document: Document, page: Page) -> Mapping[str, Any] | None:
    """The one text asked for: its title and what is known of it."""
    name = document["spec"]["agreement"]
    found = [each for each in enumerate(document["result"]["texts"]) if each[1]["id"] == name]
    if not found:
        return None
    (place, text), messages = found[0], page.messages
    told = {
        "signed": page.num(f"result.texts.{place}.signed_date", "date"),
        "parties": parties_words(text["parties"].split(";"), messages),
        "kind_of_text": messages[f"commitments.kinds.{text['kind']}"],
        "status": messages[f"commitments.text_states.{text['status']}"],
        "coded": messages[f"commitments.coding.{text['coded']}"],
    }
    return {
        "title": title_of(text, messages),
        "facts": [(messages[f"commitments.{name}"], value) for name, value in told.items()],
        "row": row_link(text["id"]),
        "id": text["id"],
        "back": address(document["spec"], dict.fromkeys(ASKED)),
    }


def _block(page: Page, name: str, document: Document) -> Block:
    key = f"commitments.block.{name}"
    return Block(
        id=f"how-{name}",
        title=page.say(f"{key}.title"),
        seen=(page.say(f"{key}.seen"),),
        known=page.say(f"{key}.known"),
        sure=page.say(f"{key}.sure"),
        otherwise=page.say(f"{key}.otherwise"),
        command=document["provenance"]["command"],
    )


def trace(key: str) -> str:
    """Return where the figure under `key` is explained.

    Examples
    --------
    >>> trace("result.held.3.steps")
    '#how-held'
    """
    parts: Sequence[str] = key.split(".")
    if parts[1] == "held":
        return "#how-held"
    return "#how-due" if parts[-1] in ("overdue", "due") else "#how-sides"


PAGE = SitePage("commitments", "pages/commitments.html.j2", charts, context, trace)
