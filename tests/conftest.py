"""Fixtures that several tests share, and run-time checks of shapes and types."""

import csv
import os
import tempfile
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: workers side by side would wait for each other

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

from sixparty.service.home import compiled_code_digest

ROOT = Path(__file__).parent.parent
# the same examples on every machine, however busy; `--hypothesis-profile=searching` draws new ones
settings.register_profile("everyday", deadline=None, derandomize=True)
settings.register_profile("searching", deadline=None, derandomize=False, max_examples=1000)
settings.load_profile("everyday")
os.environ.setdefault("SIXPARTY_HOME", tempfile.mkdtemp(prefix="sixparty-tests-"))
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".pytest_cache" / "numba" / compiled_code_digest()))

# not the compiled modules, nor those whose own errors are to come first
CHECKED_IN_EXCITATION = (
    "condition diagnose exact fit hawkes jax_model joint mark_fit nuts parameters posterior priors simulate"
)
CHECKED_MODULES = [
    "sixparty.tension",
    "sixparty.forecast",
    *(f"sixparty.excitation.{name}" for name in CHECKED_IN_EXCITATION.split(" ")),
]
install_import_hook(CHECKED_MODULES, "beartype.beartype")

from sixparty.chronicle import Chronicle, read_chronicle  # noqa: E402
from sixparty.chronicle.schema import FAMILIES, TABLES  # noqa: E402


@pytest.fixture(scope="session")
def chronicle() -> Chronicle:
    """The chronicle that is installed with the package."""
    return read_chronicle()


SOURCE = {"id": "a-source", "title": "A document"}
COVERED = {"complete_from": "1990-01-01", "complete_through": "2025-06-30", "source_ids": "a-source"}
DEFAULTS = {
    "events": {
        "date_precision": "day",
        "known_basis": "rule",
        "actors": "PRK",
        "source_ids": "a-source",
        "confidence": "attested",
        "label_en": "A label",
        "label_ko": "표지",
    },
    "spells": {
        "start_precision": "day",
        "known_basis": "rule",
        "actors": "USA;KOR",
        "source_ids": "a-source",
        "confidence": "attested",
        "label_en": "A label",
        "label_ko": "표지",
    },
    "leaders": {
        "role": "leader",
        "known_basis": "rule",
        "source_ids": "a-source",
        "confidence": "attested",
        "label_en": "A label",
        "label_ko": "표지",
    },
    "calendar": {
        "basis": "fixed",
        "known_basis": "rule",
        "actors": "PRK",
        "source_ids": "a-source",
        "confidence": "attested",
        "label_en": "A label",
        "label_ko": "표지",
    },
}


def write_chronicle(folder: Path, **rows: list[dict[str, str]]) -> Path:
    """Write a small chronicle; each row holds only the cells that matter to the test."""
    tables: dict[str, list[dict[str, str]]] = {
        "sources": [SOURCE],
        "coverage": [COVERED | {"family": family} for family in FAMILIES],
        **rows,
    }
    for schema in TABLES.values():
        names = [column.name for column in schema.columns]
        with (folder / schema.file).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(DEFAULTS.get(schema.name, {}) | row for row in tables.get(schema.name, []))
    return folder


@pytest.fixture
def make_chronicle(tmp_path):
    """Return a function that writes and reads a small chronicle."""

    def make(**rows: list[dict[str, str]]) -> Chronicle:
        return read_chronicle(write_chronicle(tmp_path, **rows))

    return make


def weapons_test(
    day: str, *, kind: str = "ballistic_launch", weapon_class: str = "SRBM", **cells: str
) -> dict[str, str]:
    """A row of events.csv for a test on `day`, known the day after unless told otherwise."""
    row = {"id": f"wt-{day}-{weapon_class}", "event_date": day, "known_date": day, "event_type": kind}
    return row | {"weapon_class": weapon_class} | cells


def drill(first: str, last: str, *, kind: str = "scheduled", status: str = "held", **cells: str) -> dict[str, str]:
    """A row of spells.csv for a joint drill."""
    row = {
        "id": f"jd-{first}",
        "spell_type": "joint_drill",
        "start_date": first,
        "end_date": last,
        "end_precision": "day",
    }
    return row | {"known_date": first, "drill_kind": kind, "drill_status": status, "scale": "major"} | cells


def meeting(first: str, *, kind: str = "inter_korean_talks", **cells: str) -> dict[str, str]:
    """A row of spells.csv for a meeting that began on `first`."""
    row = {"id": f"tk-{kind}-{first}", "spell_type": kind, "start_date": first, "known_date": first}
    return row | {"level": "working", "actors": "PRK;KOR"} | cells
