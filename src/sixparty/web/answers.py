"""What goes back to a reader: bytes with their headers, the same strict policy on every one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Content policy of a page: its own style, script and pictures, and nothing from outside."""

BARE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
DRAWING_POLICY = f"{BARE_POLICY}; style-src 'unsafe-inline'"
"""Policies of data, and of a drawing opened by itself, whose shapes carry their own colours."""

HEADERS: Mapping[str, str] = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-cache",
}
"""Headers of every answer, errors too; readers' machines ask again, and get 304 for what they have."""

HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_TAG_SIGNS = 20
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Answer:
    """Bytes and how they are to be taken.

    Parameters
    ----------
    policy
        Content policy.
    file_name
        Name under which a reader's machine keeps it, if it is taken along.
    extra
        Further headers.
    """

    content: bytes
    media_type: str = HTML
    status: int = 200
    policy: str = POLICY
    file_name: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    tag: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", f'"{hashlib.sha256(self.content).hexdigest()[:_TAG_SIGNS]}"')

    def headers(self) -> dict[str, str]:
        """Return all headers."""
        named = {"content-disposition": f'inline; filename="{plain_name(self.file_name)}"'} if self.file_name else {}
        return {
            **HEADERS,
            "content-type": self.media_type,
            "content-length": str(len(self.content)),
            "content-security-policy": self.policy,
            "etag": self.tag,
            **named,
            **self.extra,
        }


def own_style_policy(page: str) -> str:
    """Return the policy of a page that carries its style in itself: this very text, by its digest, and no script."""
    digests = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _STYLE.findall(page))
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"{BARE_POLICY}; style-src {allowed}; img-src data:"


def plain_name(name: str) -> str:
    """Return a file's name in letters that every system allows.

    Examples
    --------
    >>> plain_name('index "2025".csv')
    'index-2025-.csv'
    """
    return _STRANGE.sub("-", name)
