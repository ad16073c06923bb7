"""The one-way house: a room imports only rooms above it."""

import ast
from pathlib import Path

import pytest

import sixparty

PACKAGE = Path(sixparty.__file__).parent
ROOMS_FROM_THE_TOP = [
    {"errors"},
    {"vocabulary", "periods", "compute"},
    {"chronicle", "feeds"},
    {"tension", "ledger"},
    {"excitation"},
    {"forecast"},
    {"evidence", "scenario"},
    {"roadmap"},
    {"report"},
    {"service"},
    {"cli", "web"},
    {"__main__"},
]
LEVEL = {room: level for level, rooms in enumerate(ROOMS_FROM_THE_TOP) for room in rooms}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name != "__init__.py")


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_modules(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the full name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imported_rooms(path: Path) -> set[str]:
    parts = [name.split(".") for name in imported_modules(path)]
    return {name[1] for name in parts if name[0] == "sixparty" and len(name) > 1 and name[1] in LEVEL}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_rooms_above_it(path):
    room = room_of(path)
    below_or_beside = {other for other in imported_rooms(path) if other != room and LEVEL[other] >= LEVEL[room]}
    assert not below_or_beside


def test_every_room_has_a_place_in_the_house():
    assert {room_of(path) for path in MODULES} <= set(LEVEL)


@pytest.mark.parametrize("library", ["polars", "pathlib", "datetime"])
def test_the_excitation_room_sees_arrays_alone(library):
    for path in sorted((PACKAGE / "excitation").rglob("*.py")):
        roots = {name.split(".")[0] for name in imported_modules(path)}
        assert library not in roots, path


def test_only_the_service_reads_the_clock_or_the_environment():
    for path in MODULES:
        if room_of(path) in {"service", "cli"}:
            continue
        text = path.read_text(encoding="utf-8")
        for word in (".now(", ".today(", "os.environ", "time.time("):
            assert word not in text, f"{path.name} uses {word}"
