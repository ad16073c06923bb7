from __future__ import annotations

from typing import Any

import pytest
import sample_brief

from sixparty.report import brief_html


@pytest.fixture(scope="session")
def brief() -> dict[str, Any]:
    return sample_brief.envelope()


@pytest.fixture(scope="session")
def html(brief: dict[str, Any]) -> str:
    return brief_html(brief)
