"""A change of a loan's projection is booked once, where its periods are open."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from gbese.core.contracts.term_classes import TermClass
from gbese.core.contracts.terms import Side
from gbese.core.ledger import BookingPoint, JournalEntry, booking_points, fiscal_period_of
from gbese.core.posting import (
    booked,
    booked_by_close,
    entries_of_change,
    ledger_movements,
    movements_recorded,
)
from gbese.core.projections.position import totals
from gbese.core.projections.rows import Cause, Projection
from tests.core.posting.projections import (
    NIGHT,
    I,
    P,
    drawn,
    projection,
    segment,
    step,
    untouched,
)

DRAWN_ON = date(2026, 3, 2)
OPEN_DAY = date(2026, 4, 6)
PAID_ON = date(2026, 3, 12)


def points(value_date: date, *closed: date) -> tuple[BookingPoint, ...]:
    return booking_points(
        value_date,
        open_day=OPEN_DAY,
        books_from=date(2026, 1, 1),
        closed_periods=frozenset(map(fiscal_period_of, closed)),
    )


def half_repaid(paid_on: date) -> Projection:
    """500,000.00 of principal comes back on a day; half as much is earned from there."""
    return projection(
        (segment(DRAWN_ON, paid_on), segment(paid_on, None, base=500_000_00)),
        (
            drawn(DRAWN_ON),
            step(paid_on, None, Cause.RECEIVED, 500_000_00, event=2),
            step(paid_on, P, Cause.PAID, 500_000_00, event=2),
        ),
    )


def change(
    old: Projection | None, new: Projection | None, value_date: date, *closed: date,
    first_unbooked: date | None = None,
) -> list[tuple[date, str, list[tuple[str, int]]]]:  # fmt: skip
    entries = entries_of_change(
        old,
        new,
        side=Side.LENDER,
        term_class=TermClass.SHORT,
        value_date=value_date,
        points=points(value_date, *closed),
        loan_number="L-1",
        first_unbooked=first_unbooked,
    )
    return [told(entry) for entry in entries]


def told(entry: JournalEntry) -> tuple[date, str, list[tuple[str, int]]]:
    return (
        entry.posting_date,
        str(entry.concerns),
        [(line.account.value, line.signed_minor) for line in entry.lines],
    )


def test_a_late_repayment_is_booked_in_both_months() -> None:
    # 19 nights of March and 5 of April at 500.00 less, up to the cut of 5 April.
    assert change(untouched(DRAWN_ON), half_repaid(PAID_ON), PAID_ON) == [
        (
            date(2026, 3, 31),
            "2026-03",
            [("int_inc", 19 * NIGHT // 2), ("ln_int", -19 * NIGHT // 2)],
        ),
        (date(2026, 3, 31), "2026-03", [("cash", 500_000_00), ("ln_st", -500_000_00)]),
        (date(2026, 4, 5), "2026-04", [("int_inc", 5 * NIGHT // 2), ("ln_int", -5 * NIGHT // 2)]),
    ]


def test_each_part_has_a_value_date_in_the_period_it_concerns() -> None:
    entries = entries_of_change(
        untouched(DRAWN_ON),
        half_repaid(PAID_ON),
        side=Side.LENDER,
        term_class=TermClass.SHORT,
        value_date=PAID_ON,
        points=points(PAID_ON),
        loan_number="L-1",
    )
    assert [entry.value_date for entry in entries] == [PAID_ON, PAID_ON, date(2026, 4, 5)]
    assert all(entry.value_date in entry.concerns for entry in entries)


def test_where_march_is_closed_it_is_booked_on_the_open_day() -> None:
    entries = change(untouched(DRAWN_ON), half_repaid(PAID_ON), PAID_ON, PAID_ON)
    assert [(posted, concerned) for posted, concerned, _ in entries] == [
        (OPEN_DAY, "2026-03"),
        (OPEN_DAY, "2026-03"),
        (date(2026, 4, 5), "2026-04"),
    ]


def test_on_its_day_a_repayment_books_itself_and_no_accrual() -> None:
    assert change(untouched(DRAWN_ON), half_repaid(OPEN_DAY), OPEN_DAY) == [
        (OPEN_DAY, "2026-04", [("cash", 500_000_00), ("ln_st", -500_000_00)])
    ]


@pytest.mark.parametrize("paid_on", [PAID_ON, OPEN_DAY])
def test_taken_out_again_nothing_is_left(paid_on: date) -> None:
    there = change(None, half_repaid(paid_on), DRAWN_ON)
    back = change(half_repaid(paid_on), None, DRAWN_ON)
    left: Counter[str] = Counter()
    for _, _, lines in (*there, *back):
        for account, minor in lines:
            left[account] += minor
    assert not any(left.values())


@pytest.mark.parametrize("new", [untouched(DRAWN_ON), half_repaid(PAID_ON), half_repaid(OPEN_DAY)])
def test_what_is_booked_and_what_the_close_books_make_the_position(new: Projection) -> None:
    day = points(DRAWN_ON)[-1]
    together = Counter(booked(new, day))
    together.update(booked_by_close(new, OPEN_DAY))
    assert {place: minor for place, minor in together.items() if minor} == totals(new, OPEN_DAY)


def test_money_in_advance_meets_its_date_by_the_close() -> None:
    paid_on, due_on = OPEN_DAY - timedelta(days=3), OPEN_DAY
    advance = projection(
        (segment(DRAWN_ON, None),),
        (
            drawn(DRAWN_ON),
            step(paid_on, None, Cause.RECEIVED, 10_000_00, event=2),
            step(due_on, I, Cause.DUE, 35_000_00, event=0),
            step(due_on, I, Cause.PAID, 10_000_00, event=2),
        ),
    )
    assert movements_recorded(advance, after=paid_on, until=due_on) == {}
    assert booked_by_close(advance, due_on) == {
        (I, Cause.ACCRUED): NIGHT,
        (I, Cause.DUE): 35_000_00,
        (I, Cause.PAID): 10_000_00,
    }


def test_of_a_loan_set_aside_only_its_own_days_are_left_out() -> None:
    aside = date(2026, 4, 3)
    entries = change(untouched(DRAWN_ON), half_repaid(PAID_ON), PAID_ON, first_unbooked=aside)
    # April is booked to the 2nd only: two nights.
    assert entries[-1] == (
        date(2026, 4, 5), "2026-04", [("int_inc", NIGHT), ("ln_int", -NIGHT)],
    )  # fmt: skip
    missed = booked_by_close(half_repaid(PAID_ON), OPEN_DAY, first_unbooked=aside)
    assert missed == {(I, Cause.ACCRUED): 4 * NIGHT // 2}


def test_borrower_and_lender_mirror_every_change() -> None:
    lender, borrower = (
        ledger_movements(
            totals(half_repaid(PAID_ON), OPEN_DAY), side=side, term_class=TermClass.SHORT
        )
        for side in (Side.LENDER, Side.BORROWER)
    )
    assert sorted(lender.values()) == sorted(-minor for minor in borrower.values())
