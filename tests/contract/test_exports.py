"""What a room offers is what its `__all__` lists, and importing the package is light."""

import importlib
import subprocess
import sys

import pytest

import sixparty

ROOMS = [
    "chronicle",
    "compute",
    "tension",
    "ledger",
    "excitation",
    "forecast",
    "evidence",
    "report",
    "service",
    "cli",
    "web",
]
HEAVY = ("jax", "numba", "scipy", "polars", "altair", "numpyro")


@pytest.mark.parametrize("room", ROOMS)
def test_every_listed_name_exists_and_is_documented(room):
    module = importlib.import_module(f"sixparty.{room}")
    assert list(module.__all__) == sorted(
        module.__all__, key=lambda name: (not name.isupper(), name[0].islower(), name)
    )
    for name in module.__all__:
        assert hasattr(module, name), f"{room}.{name} is listed but missing"
        value = getattr(module, name)
        if callable(value):
            assert value.__doc__, f"{room}.{name} has no docstring"


def test_the_root_offers_at_most_twenty_names_and_all_resolve():
    assert len(sixparty.__all__) <= 20
    for name in sixparty.__all__:
        assert getattr(sixparty, name) is not None


def test_an_unknown_name_at_the_root_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        sixparty.no_such_name  # noqa: B018


@pytest.mark.parametrize("statement", ["import sixparty", "import sixparty.cli"])
def test_importing_stays_light(statement):
    code = f"{statement}; import sys; print(*[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
