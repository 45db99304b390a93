"""Where a fact of a value date is booked: the periods it concerns, and the days it is posted on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, timedelta

from gbese.core.errors import Refusal
from gbese.core.ledger.fiscal_periods import FiscalPeriod, fiscal_period_of, period_ends_between


class ValueDateAfterOpenDay(Refusal):
    """The fact is valued after the day the books are open on; it waits for its day."""

    code = "value_date_after_open_day"


@dataclass(frozen=True, slots=True)
class BookingPoint:
    """A day at whose end what was booked is compared with what should have been.

    Up to the last cut, what should be booked is the position at the end of `as_of`. At the open day
    (`is_open_day`) it is the position at the last cut and the movements recorded on the open day.
    """

    as_of: date
    concerns: FiscalPeriod
    posting_date: date
    is_open_day: bool = False
    is_before_books: bool = False


def booking_points(
    value_date: date,
    *,
    open_day: date,
    books_from: date,
    closed_periods: Container[FiscalPeriod],
) -> tuple[BookingPoint, ...]:
    """The days at which a fact's difference is taken, in order, the open day last.

    They are every fiscal-period end from the value date to the last cut, the last cut, and the
    open day. Each is posted in its own period while that is open, else on the open day. All that
    lies before the books began is one point, posted on their first day.

    Args:
        value_date: the day the fact counts from.
        open_day: the day the books are open on; the day before it is the last cut.
        books_from: the first day of the books, a period's first.
        closed_periods: the fiscal periods in which nothing may be posted any more.

    Raises:
        ValueDateAfterOpenDay: the fact waits for its day.
    """
    if value_date > open_day:
        raise ValueDateAfterOpenDay(value_date=value_date, open_day=open_day)
    points: list[BookingPoint] = []
    last_cut_day = open_day - timedelta(days=1)
    if value_date < books_from:
        before = books_from - timedelta(days=1)
        posting_date = open_day if fiscal_period_of(books_from) in closed_periods else books_from
        points.append(
            BookingPoint(before, fiscal_period_of(before), posting_date, is_before_books=True)
        )
        value_date = books_from
    if value_date <= last_cut_day:
        for as_of in (*period_ends_between(value_date, last_cut_day), last_cut_day):
            concerns = fiscal_period_of(as_of)
            posting_date = open_day if concerns in closed_periods else as_of
            points.append(BookingPoint(as_of, concerns, posting_date))
    points.append(BookingPoint(open_day, fiscal_period_of(open_day), open_day, is_open_day=True))
    return tuple(points)
