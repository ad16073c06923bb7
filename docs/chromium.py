"""Pictures of pages by a headless Chromium (Debian's `chromium`, with `fonts-noto-cjk`)."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def draw(address: str, picture: Path, *options: str) -> int:
    """Draw the head of a page into a file; return its size in bytes."""
    with tempfile.TemporaryDirectory() as profile:
        words = [str(CHROMIUM), *_FLAGS, *options, f"--user-data-dir={profile}", f"--screenshot={picture}", address]
        subprocess.run(words, check=True, capture_output=True)
    return picture.stat().st_size
