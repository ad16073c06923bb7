"""A query is read strictly: what is not known, too long or no number is refused with a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sixparty.errors import UsageError
from sixparty.web.query import LONGEST, Field, read_query

FIELDS = (Field("q", longest=30), Field("page", low=1, high=900))


def test_values_come_in_the_order_of_the_fields_and_empty_ones_are_left_out():
    assert read_query("page=3&q=two+words", FIELDS) == {"q": "two words", "page": "3"}
    assert read_query("q=&page=", FIELDS) == {}
    assert read_query("", FIELDS) == {}


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("sort=up", "can be asked by q, page, got sort"),
        ("q=a&q=b", "got q more often"),
        ("page=0", "whole number from 1 to 900"),
        ("page=9999999999999999999999", "whole number from 1 to 900"),
        ("page=١", "whole number from 1 to 900"),
        ("page=-1", "whole number from 1 to 900"),
        ("q=" + 31 * "a", "at most 30 signs, got 31"),
        ("q=%00", "without control signs"),
        ("q=%ff", "UTF-8"),
        ("&".join(f"q{place}=1" for place in range(50)), "at most 20"),
        ("q=" + LONGEST * "a", f"at most {LONGEST} signs"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_expected(raw, told):
    with pytest.raises(UsageError, match=told):
        read_query(raw, FIELDS)


def test_a_page_without_fields_says_that_it_takes_none():
    with pytest.raises(UsageError, match="by no name, got q"):
        read_query("q=a", ())


@given(st.text(max_size=300))
def test_any_query_is_read_or_refused_and_what_is_read_keeps_to_its_bounds(raw):
    try:
        read = read_query(raw, FIELDS)
    except UsageError:
        return
    assert set(read) <= {"q", "page"}
    assert len(read.get("q", "")) <= 30
    assert 1 <= int(read.get("page", "1")) <= 900
