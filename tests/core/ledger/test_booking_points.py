"""A fact is compared at every period end it concerns, at the last cut, and on the open day."""

from collections.abc import Sequence
from datetime import date

import pytest

from gbese.core.ledger import (
    BookingPoint,
    FiscalPeriod,
    ValueDateAfterOpenDay,
    booking_points,
    fiscal_period_of,
    fiscal_year_start,
    period_ends_between,
)


def period(year: int, month: int) -> FiscalPeriod:
    return fiscal_period_of(date(year, month, 1))


def points(value_date: date, closed: Sequence[FiscalPeriod] = ()) -> tuple[BookingPoint, ...]:
    return booking_points(
        value_date,
        open_day=date(2026, 3, 16),
        books_from=date(2026, 1, 1),
        closed_periods=frozenset(closed),
    )


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2026, 1, 31), date(2026, 1, 1), date(2026, 1, 31)),
        (date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_fiscal_periods_are_months(day: date, start: date, end: date) -> None:
    assert (fiscal_period_of(day).start, fiscal_period_of(day).end) == (start, end)
    assert day in fiscal_period_of(day)


def test_the_fiscal_year_begins_in_its_month() -> None:
    assert fiscal_year_start(date(2026, 3, 31), start_month=4) == date(2025, 4, 1)
    assert fiscal_year_start(date(2026, 4, 1), start_month=4) == date(2026, 4, 1)


def test_period_ends_between_leave_the_last_cut_out() -> None:
    assert period_ends_between(date(2026, 1, 10), date(2026, 2, 28)) == (date(2026, 1, 31),)
    assert period_ends_between(date(2026, 1, 31), date(2026, 2, 1)) == (date(2026, 1, 31),)
    assert period_ends_between(date(2026, 2, 1), date(2026, 2, 15)) == ()


def test_a_fact_of_the_open_day_is_booked_there_alone() -> None:
    day = date(2026, 3, 16)
    assert points(day) == (BookingPoint(day, period(2026, 3), day, is_open_day=True),)


def test_a_late_fact_is_booked_in_every_open_period_it_concerns() -> None:
    jan, feb, cut, day = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 15), date(2026, 3, 16)
    assert points(date(2026, 1, 10)) == (
        BookingPoint(jan, period(2026, 1), jan),
        BookingPoint(feb, period(2026, 2), feb),
        BookingPoint(cut, period(2026, 3), cut),
        BookingPoint(day, period(2026, 3), day, is_open_day=True),
    )


def test_what_concerns_a_closed_period_is_posted_on_the_open_day() -> None:
    jan, day = date(2026, 1, 31), date(2026, 3, 16)
    first = points(date(2026, 1, 10), closed=[period(2026, 1)])[0]
    assert first == BookingPoint(jan, period(2026, 1), day)


def test_all_before_the_books_is_taken_over_on_their_first_day() -> None:
    first, second = points(date(2019, 5, 5))[:2]
    before = date(2025, 12, 31)
    assert first == BookingPoint(before, period(2025, 12), date(2026, 1, 1), is_before_books=True)
    assert second.as_of == date(2026, 1, 31)


def test_a_fact_of_tomorrow_waits_for_its_day() -> None:
    with pytest.raises(ValueDateAfterOpenDay) as refused:
        points(date(2026, 3, 17))
    assert refused.value.facts == {
        "value_date": date(2026, 3, 17),
        "open_day": date(2026, 3, 16),
    }
