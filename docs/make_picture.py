"""Draw the README's picture of the brief: page one of out/brief.html, by a headless Chromium (Debian's `chromium`)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-device-scale-factor=1.5",
)


def main() -> int:
    """Write docs/images/brief.png; return 6 if there is no Chromium or no brief."""
    page, picture = ROOT / "out" / "brief.html", ROOT / "docs" / "images" / "brief.png"
    if not Path(CHROMIUM).exists() or not page.exists():
        sys.stderr.write(f"needs {CHROMIUM} and {page}; install chromium and run `make brief` first.\n")
        return 6
    with tempfile.TemporaryDirectory() as profile:
        words = [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", f"--screenshot={picture}", "--window-size=900,1280"]
        return subprocess.run([*words, page.as_uri()], check=False, capture_output=True).returncode


if __name__ == "__main__":
    sys.exit(main())
