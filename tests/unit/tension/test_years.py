"""Yearly figures as arrays."""

import datetime as dt

import pytest

from sixparty.chronicle import as_known
from sixparty.errors import UsageError
from sixparty.tension.years import yearly_figures


def figure(period, value, *, series="trade", known="2000-01-01"):
    cells = {"unit": "dollars", "known_basis": "rule", "source_ids": "a-source", "confidence": "attested"}
    return cells | {"series": series, "period": period, "value": value, "known_date": known}


@pytest.fixture
def record(make_chronicle):
    """Trade of three years, one of them known late, and shares by month."""
    trade = [figure("1999", "3.5"), figure("1996", "1"), figure("1998", "0", known="2010-02-01")]
    return make_chronicle(series=[*trade, figure("2000-01", "0.2", series="shares")])


def test_figures_come_by_year_and_years_without_one_are_not_among_them(record):
    held = yearly_figures(record, "trade")
    assert held.years.tolist() == [1996, 1998, 1999]
    assert held.values.tolist() == [1.0, 0.0, 3.5]
    assert (held.days.covered_from, held.days.covered_through) == (dt.date(1996, 1, 1), dt.date(1999, 12, 31))
    assert len(held.days) == 0


def test_a_look_back_holds_the_figures_known_by_then(record):
    assert yearly_figures(as_known(record, dt.date(2005, 1, 1)), "trade").years.tolist() == [1996, 1999]
    before = yearly_figures(as_known(record, dt.date(1999, 1, 1)), "trade")
    assert len(before.years) == len(before.days) == 0


def test_a_name_that_is_no_series_is_refused_with_the_nearest(record):
    with pytest.raises(UsageError, match=r"one of the 2 series of the record, got 'trad'\. The nearest are trade\."):
        yearly_figures(record, "trad")
    with pytest.raises(UsageError, match=r"got 'xyz'\. `sixparty data export DIR` writes series.csv"):
        yearly_figures(record, "xyz")


def test_a_series_by_month_is_refused(record):
    with pytest.raises(UsageError, match="must hold one figure a year, got 2000-01 in 'shares'"):
        yearly_figures(record, "shares")
