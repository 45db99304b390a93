"""Amortised cost: what always adds up, and figures by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.amortised_cost.effective_interest import (
    carrying_rows,
    discount_factor,
    effective_interest_rate,
    expected_by_days,
    expected_by_period,
    fee_parts,
    minor_rows,
    present_value,
    printed_rows,
    still_to_spread,
    straight_line,
)
from gbese.core.amortised_cost.foreign_currency import (
    ForeignEvent,
    ForeignLoan,
    MonetaryItem,
    SettledMoreThanOwed,
    foreign_loan_entries,
)
from gbese.core.amortised_cost.modifications import extinguishment_loss
from gbese.core.money import Rounding
from gbese.core.yields.flows import DatedFlow
from gbese.core.yields.roots import settled
from tests.core.loans import JPY, NGN, money

amounts = st.integers(1, 10**9)


@st.composite
def loans(draw: st.DrawFn) -> tuple[int, list[int]]:
    """What is carried at first, and cash that comes to at least as much."""
    cash = draw(st.lists(amounts, min_size=1, max_size=24))
    carried = draw(st.integers(max(sum(cash) // 3, 1), sum(cash)))
    return carried, cash


@given(loans())
def test_amortised_cost_ends_at_zero_and_interest_is_all_that_is_earned(
    loan: tuple[int, list[int]],
) -> None:
    carried, cash = loan
    flows = expected_by_period([Fraction(part) for part in cash])
    rate = effective_interest_rate(Fraction(carried), flows)
    rows = minor_rows(carried, flows, rate, rounding=Rounding.HALF_UP)
    assert rows[-1].closing == 0
    assert sum(row.interest for row in rows) == sum(cash) - carried
    unrounded = carrying_rows(Fraction(carried), flows, rate)
    assert settled(unrounded[-1].closing, 10) == 0
    assert settled(present_value(rate, flows) - carried, 10) == 0


@given(loans())
def test_fees_and_contract_interest_are_all_the_interest(loan: tuple[int, list[int]]) -> None:
    carried, cash = loan
    flows = expected_by_period([Fraction(part) for part in cash])
    rate = effective_interest_rate(Fraction(carried), flows)
    rows = minor_rows(carried, flows, rate, rounding=Rounding.HALF_UP)
    contract = list(range(len(rows)))
    assert sum(fee_parts(rows, contract)) + sum(contract) == sum(cash) - carried


@given(amounts, st.integers(1, 60))
def test_equal_parts_lose_nothing(minor: int, periods: int) -> None:
    parts = straight_line(money(f"{minor}", JPY), periods)
    assert sum(part.minor for part in parts) == minor
    assert max(part.minor for part in parts) - min(part.minor for part in parts) <= 1


def test_actual_days_over_a_year() -> None:
    """By hand: 100.00 that grows to 121.00 in 730 days of 365 costs 10 % a year."""
    flows = expected_by_days(
        [DatedFlow(date(2028, 1, 1), Fraction(121))],
        since=date(2026, 1, 1),
        days_in_year=Fraction(365),
    )
    assert settled(effective_interest_rate(Fraction(100), flows), 20) == Decimal("0.1")
    assert discount_factor(Decimal("0.1"), Fraction(2)) == Fraction(100, 121)


def test_printed_rows_add_up() -> None:
    """1,000 for five times 250: 446.2 and 231.6 are printed 446 and 232, so 36 is printed between
    them (International GAAP, chapter 46), where 35.39 alone would be 35."""
    flows = expected_by_period([Fraction(250)] * 5)
    rate = effective_interest_rate(Fraction(1000), flows)
    rows = printed_rows(carrying_rows(Fraction(1000), flows, rate), JPY, rounding=Rounding.HALF_UP)
    assert [int(row.interest) for row in rows] == [79, 66, 51, 36, 18]


def test_a_discount_is_used_up() -> None:
    """By hand: 90.00 for 99.00 after a period: 9.00 of 10.00 is booked."""
    flows = expected_by_period([Fraction(99)])
    rows = carrying_rows(Fraction(90), flows, Decimal("0.1"))
    left = still_to_spread(money("10.00", NGN), rows, rounding=Rounding.HALF_EVEN)
    assert [amount.plain() for amount in left] == ["1.00"]


def test_a_loan_in_another_currency_by_hand() -> None:
    """100 at 12 % from 1 July at 2.0; year end at 2.5; interest and principal on 1 July at 3.0.

    31 December: half a year's interest, 6 x 2.5 = 15; principal 200 is carried at 250.
    1 July: 6 more x 3.0 = 18 is expense; what was accrued is worth 18, 3 more; 12 x 3.0 = 36 paid;
    principal is paid with 300, 50 more.
    """
    loan = ForeignLoan(
        principal=Fraction(100),
        nominal_rate=Fraction("0.12"),
        drawn_on=date(2025, 7, 1),
        repaid_on=date(2026, 7, 1),
        interest_days=frozenset({(7, 1)}),
        year_end=(12, 31),
    )
    rates = {
        date(2025, 7, 1): Fraction(2),
        date(2025, 12, 31): Fraction("2.5"),
        date(2026, 7, 1): Fraction(3),
    }
    booked = [
        (entry.day.isoformat(), entry.event, entry.amount)
        for entry in foreign_loan_entries(loan, rates)
    ]
    assert booked == [
        ("2025-07-01", ForeignEvent.LOAN_RECOGNISED, 200),
        ("2025-12-31", ForeignEvent.INTEREST_ACCRUED, 15),
        ("2025-12-31", ForeignEvent.EXCHANGE_LOSS_PRINCIPAL, 50),
        ("2026-07-01", ForeignEvent.INTEREST_EXPENSE, 18),
        ("2026-07-01", ForeignEvent.EXCHANGE_LOSS_ACCRUED_INTEREST, 3),
        ("2026-07-01", ForeignEvent.INTEREST_PAID, 36),
        ("2026-07-01", ForeignEvent.EXCHANGE_LOSS_PRINCIPAL, 50),
        ("2026-07-01", ForeignEvent.PRINCIPAL_PAID, 300),
    ]


def test_no_more_is_settled_than_there_is() -> None:
    item = MonetaryItem().with_more(Fraction(10), Fraction(2))
    with pytest.raises(SettledMoreThanOwed):
        item.settled(Fraction(11), Fraction(2))
    assert item.settled(Fraction(4), Fraction(3)) == MonetaryItem(Fraction(6), Fraction(18))


def test_an_extinguished_loan_takes_its_fees_along() -> None:
    """By hand: 100 carried, a new loan worth 98, fees of 5: 3 are lost."""
    assert extinguishment_loss(Fraction(100), Fraction(98), Fraction(5)) == 3
