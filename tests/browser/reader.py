"""A reader of the pages: a Chromium of the system, the addresses there are, and what is asked on several of them."""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESK, TELEPHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
LANGUAGES = ("en", "ko")
ROW = "wt-2013-02-12-nuclear"
PATHS = (
    "/",
    "/outlook",
    "/outlook/weapons_test_days",
    "/evidence",
    "/evidence/drills-raise-tests",
    "/commitments",
    "/data?q=nuclear&page=1",
    f"/data/row/{ROW}",
    "/data/coverage",
    "/data/reconciliation",
    "/method",
    "/method/model",
    "/brief",
)
MISSING = "/no-such-page"
PREPARED_SECONDS = 1200
_STARTED_SECONDS = 600

HANGUL = re.compile("[가-힣]")


def localised(path: str, language: str) -> str:
    """Return the path in a language: ``/ko/outlook``."""
    return path if language == "en" else f"/{language}{path}".rstrip("/")


@contextmanager
def served(home: Path, *, program: Path) -> Iterator[str]:
    """Serve the pages of a home and yield their address, once what is found in the background has been found."""
    words = [str(program), "serve", "--port", "0", "--quiet", "--home", str(home)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), f"`{' '.join(words)}` printed {address!r} as its address"
            wait_until_prepared(address.rstrip("/"))
            yield address.rstrip("/")
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_until_prepared(address: str) -> None:
    """Wait until every page of `PATHS` answers with more than that it is still being made."""
    end = time.monotonic() + PREPARED_SECONDS
    for path in PATHS:
        while status(address + path) == 503:
            assert time.monotonic() < end, f"{path} was still being made after {PREPARED_SECONDS} seconds"
            time.sleep(2)


def status(address: str) -> int:
    """Return the status with which an address answers."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def fetched(address: str) -> bytes:
    """Return what an address answers with."""
    with urllib.request.urlopen(address, timeout=120) as answer:
        return bytes(answer.read())


def document(address: str) -> dict:
    """Return the document of a twin."""
    return json.loads(fetched(address))


class Watch:
    """What a page did while it was read: messages of the console, errors, requests that went elsewhere or failed.

    Its size is what all answers together weigh.
    """

    def __init__(self, page, address: str) -> None:
        self.complaints: list[str] = []
        self.size = 0
        self._host = urlsplit(address).netloc
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._on_request)
        page.on("requestfailed", self._on_failed)
        page.on("response", self._on_response)

    def _on_console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console: {message.text}")

    def _on_request(self, request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and parts.netloc != self._host:
            self.complaints.append(f"elsewhere: {request.url}")

    def _on_failed(self, request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a reader who goes on to another page breaks off what still loads
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _on_response(self, response) -> None:
        self.size += int(response.headers.get("content-length", 0))
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")


def load_pictures(page) -> None:
    """Have every picture loaded, also those below the fold."""
    page.evaluate(
        """async () => { for (const img of document.images) img.loading = "eager";
        await Promise.all([...document.images].map(img => img.decode().catch(() => null))); }"""
    )


def open_details(page) -> None:
    """Unfold every part of a page."""
    page.evaluate("() => document.querySelectorAll('details').forEach(part => { part.open = true; })")
