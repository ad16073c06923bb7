"""Errors as pages that help, or as one JSON object for who asked for data."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sixparty.report.page import Marked
from sixparty.report.pages import Here, render_plain
from sixparty.service.pages import Site
from sixparty.service.result import to_json
from sixparty.web.answers import BARE_POLICY, HTML, JSON, Answer
from sixparty.web.routes import split_language

TITLES: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "not_allowed",
    414: "too_long",
    421: "wrong_host",
    500: "our_fault",
    503: "not_yet",
}
"""Statuses that we answer with, and the name of the messages for each."""

_SHOWN = 120
_COMMAND = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Trouble:
    """What went wrong.

    Parameters
    ----------
    why
        What was expected, what came and what to do, as the service says it; None where the status says all.
    """

    status: int
    why: str | None = None

    @property
    def extra(self) -> dict[str, str]:
        """Further headers of the answer."""
        told = {405: {"allow": "GET, HEAD"}, 503: {"retry-after": "10"}}
        return told.get(self.status, {})


def error_answer(trouble: Trouble, address: str, *, site: Site) -> Answer:
    """Return the answer for an address at which something went wrong."""
    language, path = split_language(address)
    if path.endswith(".json"):
        return _as_data(trouble)
    header = site.brief["result"]["header"]
    here = Here(
        path,
        language=language,
        marking=site.spec.marking,
        party_names=site.spec.party_names,
        record_end=header["coverage_end"],
        days_past_coverage=header["days_past_coverage"],
        is_stale=header["is_stale"],
        has_twin=False,
    )
    names = {
        "status": trouble.status,
        "kind": TITLES[trouble.status],
        "why": _sentence(trouble.why),
        "asked": address if len(address) <= _SHOWN else f"{address[:_SHOWN]}…",
    }
    page = render_plain("pages/error.html.j2", names, here=here)
    return Answer(page.encode(), HTML, status=trouble.status, extra=trouble.extra)


def _sentence(why: str | None) -> Marked | None:
    """Begin with a capital, unless the first word is a name asked by, as ``due_within``; set commands as such."""
    if why is None:
        return None
    begun = why[:1].upper() + why[1:] if why.split(" ")[0].isalpha() else why
    return Marked(_COMMAND.sub(r"<code>\1</code>", html.escape(begun)))


def _as_data(trouble: Trouble) -> Answer:
    told = {"status": trouble.status, "error": TITLES[trouble.status], "message": trouble.why}
    return Answer(to_json(told).encode(), JSON, status=trouble.status, policy=BARE_POLICY, extra=trouble.extra)
