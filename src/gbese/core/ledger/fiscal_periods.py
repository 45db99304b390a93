"""Fiscal periods: the calendar months of the books, and the year they are counted in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class FiscalPeriod:
    """One month of the books, first and last day in."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.end:%Y-%m}"


def fiscal_period_of(day: date) -> FiscalPeriod:
    """The month of the books a day belongs to."""
    start = day.replace(day=1)
    return FiscalPeriod(start, _month_after(start) - timedelta(days=1))


def fiscal_year_start(day: date, *, start_month: int) -> date:
    """The first day of the fiscal year a day belongs to; the year begins in `start_month`."""
    year = day.year if day.month >= start_month else day.year - 1
    return date(year, start_month, 1)


def period_ends_between(value_date: date, last_cut_day: date) -> tuple[date, ...]:
    """The last days of the fiscal periods that end on or after one day and before another.

    A fact of `value_date` changes what each of these periods should have shown; `last_cut_day`
    itself is not among them.
    """
    ends: list[date] = []
    end = fiscal_period_of(value_date).end
    while end < last_cut_day:
        ends.append(end)
        end = fiscal_period_of(end + timedelta(days=1)).end
    return tuple(ends)


def _month_after(first_of_month: date) -> date:
    return (first_of_month + timedelta(days=31)).replace(day=1)
