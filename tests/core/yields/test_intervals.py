"""How laws measure time: worked by hand from their words."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from gbese.core.calendars.frequencies import MONTHLY, WEEKLY, YEARLY, Frequency
from gbese.core.yields.actuarial import base_period
from gbese.core.yields.intervals import (
    IntervalRunsBackwards,
    UnitKind,
    UnitPeriod,
    common_unit_period,
    unit_periods_between,
    years_counted_back,
    years_counted_forward,
)

YEAR = Fraction(365)


def days(*texts: str) -> list[date]:
    return [date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("start", "end", "unit", "years"),
    [
        # 12 January to 15 March: two months back is 15 January, and 3 days of 365
        ("2026-01-12", "2026-03-15", MONTHLY, Fraction(2, 12) + Fraction(3, 365)),
        # the odd days end on 15 January 2025; the year before that day has 29 February 2024
        ("2025-01-12", "2025-02-15", MONTHLY, Fraction(1, 12) + Fraction(3, 366)),
        ("2026-01-12", "2026-02-15", MONTHLY, Fraction(1, 12) + Fraction(3, 365)),
        # ends of months are whole months apart, whatever their days
        ("2026-01-31", "2026-06-30", MONTHLY, Fraction(5, 12)),
        ("2026-01-30", "2026-02-28", MONTHLY, Fraction(29, 365)),
        ("2026-01-10", "2028-01-10", YEARLY, Fraction(2)),
        ("2026-01-10", "2026-01-24", WEEKLY, Fraction(2, 52)),
        ("2026-01-10", "2026-01-25", WEEKLY, Fraction(2, 52) + Fraction(1, 365)),
        ("2026-01-10", "2026-01-10", MONTHLY, Fraction(0)),
    ],
)
def test_counted_back(start: str, end: str, unit: Frequency, years: Fraction) -> None:
    assert years_counted_back(*days(start, end), unit) == years


@pytest.mark.parametrize(
    ("start", "end", "weeks", "years"),
    [
        ("2025-01-12", "2025-03-15", False, Fraction(2, 12) + Fraction(3, 365)),
        # the odd days lie in a leap year
        ("2023-12-12", "2024-02-15", False, Fraction(2, 12) + Fraction(3, 366)),
        ("2025-01-12", "2025-01-26", False, Fraction(14, 365)),
        ("2025-01-12", "2025-01-26", True, Fraction(2, 52)),
        # four weeks and a month: the month is told
        ("2025-02-03", "2025-03-03", True, Fraction(1, 12)),
    ],
)
def test_counted_forward(start: str, end: str, years: Fraction, *, weeks: bool) -> None:
    assert years_counted_forward(*days(start, end), weeks=weeks) == years


@pytest.mark.parametrize(
    ("start", "end", "unit", "whole", "odd"),
    [
        ("2026-02-10", "2026-04-01", UnitPeriod(UnitKind.MONTH), 1, Fraction(19, 30)),
        ("2026-02-10", "2026-04-01", UnitPeriod(UnitKind.MONTH, 3), 0, Fraction(49, 90)),
        ("2026-02-23", "2026-03-16", UnitPeriod(UnitKind.SEMIMONTH), 1, Fraction(6, 15)),
        ("2025-12-01", "2026-01-03", UnitPeriod(UnitKind.WEEK, 2), 2, Fraction(5, 14)),
        ("2026-01-01", "2026-01-08", UnitPeriod(UnitKind.DAY), 7, Fraction(0)),
        ("2026-01-01", "2027-03-01", UnitPeriod(UnitKind.YEAR), 1, Fraction(2, 12)),
        ("2026-01-01", "2027-01-11", UnitPeriod(UnitKind.YEAR), 1, Fraction(10, 365)),
        ("2026-01-01", "2026-03-01", UnitPeriod(UnitKind.TERM), 0, Fraction(2, 12)),
        ("2026-01-01", "2026-03-02", UnitPeriod(UnitKind.TERM), 0, Fraction(60, 365)),
    ],
)
def test_unit_periods(start: str, end: str, unit: UnitPeriod, whole: int, odd: Fraction) -> None:
    found = unit_periods_between(*days(start, end), unit)
    assert (found.whole, found.odd) == (whole, odd)


def test_time_does_not_run_backwards() -> None:
    start, end = days("2026-02-01", "2026-01-01")
    with pytest.raises(IntervalRunsBackwards):
        years_counted_back(start, end, MONTHLY)
    with pytest.raises(IntervalRunsBackwards):
        years_counted_forward(start, end)
    with pytest.raises(IntervalRunsBackwards):
        unit_periods_between(start, end, UnitPeriod(UnitKind.MONTH))


@pytest.mark.parametrize(
    ("moments", "unit"),
    [
        # a long first period does not count against three months
        (
            ["2026-01-10", "2026-03-01", "2026-04-01", "2026-05-01"],
            UnitPeriod(UnitKind.MONTH),
        ),
        (["2026-01-31", "2026-02-28", "2026-03-31"], UnitPeriod(UnitKind.MONTH)),
        (["2026-01-05", "2026-01-19", "2026-02-02"], UnitPeriod(UnitKind.WEEK, 2)),
        (
            ["2026-01-01", "2026-01-16", "2026-02-01", "2026-02-16", "2026-03-01"],
            UnitPeriod(UnitKind.SEMIMONTH),
        ),
        # a quarter and a month, as often: the shorter
        (
            ["2026-01-01", "2026-04-01", "2026-05-01", "2026-08-01", "2026-09-01"],
            UnitPeriod(UnitKind.MONTH),
        ),
        (["2026-01-01", "2026-03-01"], UnitPeriod(UnitKind.TERM)),
        (["2026-01-01", "2028-01-01"], UnitPeriod(UnitKind.YEAR)),
        # 31, 59 and 92 days differ; their mean, 60.7 days, is nearest to two months
        (["2026-01-01", "2026-02-01", "2026-04-01", "2026-07-02"], UnitPeriod(UnitKind.MONTH, 2)),
    ],
)
def test_the_common_unit_period(moments: list[str], unit: UnitPeriod) -> None:
    assert common_unit_period(days(*moments)) == unit


@pytest.mark.parametrize(
    ("moments", "months", "length"),
    [
        (["2026-01-10", "2026-02-10", "2026-03-10"], 1, YEAR / 12),
        (["2026-01-10", "2026-01-24", "2026-02-07"], 0, Fraction(14)),
        (["2026-01-10", "2026-02-09"], 0, Fraction(30)),
        # 20 and 40 days: their mean
        (["2026-01-10", "2026-01-30", "2026-03-11"], 0, Fraction(30)),
        # never more than a year
        (["2026-01-10", "2029-01-10"], 12, YEAR),
        (["2026-01-10"], 0, Fraction(1)),
    ],
)
def test_the_base_period(moments: list[str], months: int, length: Fraction) -> None:
    base = base_period(days(*moments), days_in_year=YEAR)
    assert (base.months, base.days) == (months, length)
