"""What tests of the use-cases share."""

import pytest

from sixparty.service.clock import resolve_dates
from sixparty.service.look import look_at


@pytest.fixture(scope="module")
def look(chronicle):
    """Return a look at the record by the day of its knowledge."""
    seen = {}

    def at(day):
        if day not in seen:
            seen[day] = look_at(chronicle, resolve_dates(chronicle, day))
        return seen[day]

    return at
