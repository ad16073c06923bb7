"""Draw the README's pictures of the pages, by a headless Chromium (Debian's `chromium`, with `fonts-noto-cjk`)."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chromium import CHROMIUM, draw

ROOT = Path(__file__).parent.parent
PICTURES = {
    "situation.png": "/",
    "outlook.png": "/outlook",
    "evidence.png": "/evidence",
    "commitments.png": "/commitments",
    "situation-ko.png": "/ko",
}
MOST_BYTES = 250_000
OPTIONS = ("--window-size=1240,1000", "--virtual-time-budget=8000")
_PREPARED_SECONDS = 1200


@contextmanager
def served() -> Iterator[str]:
    """Serve the pages of the usual home and yield their address."""
    words = [str(ROOT / ".venv" / "bin" / "sixparty"), "serve", "--port", "0", "--quiet"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip().rstrip("/")
        finally:
            server.terminate()


def is_ready(address: str) -> bool:
    """Whether a page is there, and not still being made."""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        if error.code != 503:
            raise
        return False


def drawn(address: str, picture: Path) -> int:
    """Draw the head of a page once it is there; return the picture's size in bytes."""
    end = time.monotonic() + _PREPARED_SECONDS
    while not is_ready(address) and time.monotonic() < end:
        time.sleep(2)
    return draw(address, picture, *OPTIONS)


def main() -> int:
    """Write the pictures into docs/images; return 6 if there is no Chromium, 1 if a picture is too large."""
    if not CHROMIUM.exists():
        sys.stderr.write(f"needs {CHROMIUM}; install chromium and fonts-noto-cjk.\n")
        return 6
    with served() as address:
        sizes = {name: drawn(address + path, ROOT / "docs" / "images" / name) for name, path in PICTURES.items()}
    for name, size in sizes.items():
        sys.stdout.write(f"{name}: {size} bytes\n")
    return 1 if max(sizes.values()) > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
