import numpy as np
import pytest
from tests.conftest import weapons_test

from sixparty.chronicle.second_coding import agreement_by_class, agreement_by_column, cohen_kappa, misdated, reopened

CELL = {"table": "events", "family": "weapons_tests"}


def codings(table):
    """Two codings whose cross table is the one given."""
    first = [str(i) for i, row in enumerate(table) for number in row for _ in range(number)]
    second = [str(j) for row in table for j, number in enumerate(row) for _ in range(number)]
    return first, second


def test_kappa_and_its_error_are_those_of_the_textbook():
    """Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: .68, error .087."""
    found = cohen_kappa(*codings([[75, 1, 4], [5, 4, 1], [0, 0, 10]]))
    assert found.estimate == pytest.approx(0.68, abs=0.005)
    assert (found.estimate - found.low) / 1.96 == pytest.approx(0.087, abs=0.001)


def test_two_coders_who_draw_at_random_have_a_kappa_around_zero():
    """200 pairs of 100 cells; the interval holds zero in 95 %: fewer than 180 times by chance below .1 %."""
    generator = np.random.default_rng(3)
    found = [
        cohen_kappa(*(generator.choice(list("abc"), 100, p=[0.5, 0.3, 0.2]).tolist() for _ in range(2)))
        for _ in range(200)
    ]
    assert sum(one.low <= 0 <= one.high for one in found) >= 180


def test_one_word_alone_has_no_kappa():
    assert cohen_kappa(["a", "a"], ["a", "a"]) is None


@pytest.fixture
def small(make_chronicle):
    cells = [
        ("r1", "event_type", "ballistic_launch", "ballistic_launch", "agreed"),
        ("r2", "event_type", "cruise_launch", "ballistic_launch", "first"),
        ("r1", "event_date", "2025-06-01", "2025-06-02", "second"),
        ("r2", "event_date", "2025-06-03", "2025-06-03", "agreed"),
    ]
    line = {"table": "events", "columns": "event_date", "source_id": "a-source", "address": "https://example.org"}
    line |= {"seen_date": "2025-06-30", "seen_as": "list_file", "words": "words", "carries": "all"}
    return make_chronicle(
        events=[weapons_test("2025-06-01")],
        second_codings=[
            CELL | dict(zip(("row_id", "column", "first", "second", "decision"), cell, strict=True)) for cell in cells
        ],
        verifications=[
            line | {"row_id": "r1", "second_seen_date": "2025-06-30", "second_result": "confirmed"},
            line | {"row_id": "r2", "second_seen_date": "2025-06-30", "second_result": "corrected"},
            line | {"row_id": "r3"},
        ],
    )


def test_agreement_is_told_by_column_and_by_class(small):
    columns = {one.name: (one.cells, one.agreed) for one in agreement_by_column(small)}
    assert columns == {"event_type": (2, 1), "event_date": (2, 1)}
    classes = {one.name: (one.cells, one.agreed) for one in agreement_by_class(small)}
    assert classes == {"ballistic_launch": (2, 1), "cruise_launch": (1, 0)}


def test_a_row_is_misdated_where_another_day_stood_and_fails_where_a_second_opening_found_a_fault(small):
    assert misdated(small)[:2] == (1, 2)
    assert reopened(small)[:2] == (1, 2)
