"""Draw the README's picture of the brief: page one of out/brief.html, by a headless Chromium (Debian's `chromium`)."""

from __future__ import annotations

import sys
from pathlib import Path

from chromium import CHROMIUM, draw

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Write docs/images/brief.png; return 6 if there is no Chromium or no brief."""
    page, picture = ROOT / "out" / "brief.html", ROOT / "docs" / "images" / "brief.png"
    if not CHROMIUM.exists() or not page.exists():
        sys.stderr.write(f"needs {CHROMIUM} and {page}; install chromium and run `make brief` first.\n")
        return 6
    draw(page.as_uri(), picture, "--force-device-scale-factor=1.5", "--window-size=900,1280")
    return 0


if __name__ == "__main__":
    sys.exit(main())
