import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["predictive", "reference.nb36", "reference.base_rate", "change"])
def test_the_examples_in_docstrings_give_what_they_say(name: str):
    result = doctest.testmod(importlib.import_module(f"sixparty.forecast.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
