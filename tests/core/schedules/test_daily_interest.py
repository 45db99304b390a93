"""Level payments by the day: hand work, and what always holds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.money import Rounding
from gbese.core.schedules.daily_interest import (
    DailyInterest,
    FinalPayment,
    daily_rows,
    interest_share,
    level_daily_rows,
)
from gbese.core.schedules.errors import ScheduleError

EIGHT = DailyInterest(daily_rate=Fraction(8, 1000))


def test_interest_is_rounded_down_when_a_payment_takes_it() -> None:
    """By hand: 100.00 at 0.8 % a day. 7 days cost 5.60, so 34.40 of 40.00 repays; 10 days of 65.60
    cost 5.248, taken as 5.24."""
    first, last = daily_rows(100_00, [7, 17], EIGHT, payment=40_00)
    assert (first.interest, first.principal) == (5_60, 34_40)
    assert (last.earned, last.interest, last.payment) == (Fraction(524_80, 100), 5_24, 70_84)


def test_a_day_never_costs_more_than_its_ceiling() -> None:
    dear = DailyInterest(daily_rate=Fraction(12, 1000), daily_ceiling=Fraction(8, 1000))
    assert daily_rows(100_00, [7], dear, payment=0) == daily_rows(100_00, [7], EIGHT, payment=0)


def test_all_interest_stops_at_its_ceiling() -> None:
    """By hand: 100.00 at 0.8 % a day would cost 160.00 in 200 days; all it may cost is 100.00."""
    capped = DailyInterest(daily_rate=Fraction(8, 1000), total_ceiling=Fraction(1))
    (only,) = daily_rows(100_00, [200], capped, payment=0)
    assert (only.interest, only.payment) == (100_00, 200_00)
    assert interest_share([only], 100_00) == 1


@pytest.mark.parametrize(
    ("final", "payments"),
    [
        # without interest 100.00 in three: 33.34 + 33.34 + 33.32, or 33.33 + 33.33 + 33.34
        (FinalPayment.LOWER, [33_34, 33_34, 33_32]),
        (FinalPayment.HIGHER, [33_33, 33_33, 33_34]),
        (FinalPayment.SIMILAR, [33_33, 33_33, 33_34]),
    ],
)
def test_how_the_last_payment_stands_to_the_others(
    final: FinalPayment, payments: list[int]
) -> None:
    free = DailyInterest(daily_rate=Fraction(0))
    rows = level_daily_rows(100_00, [30, 60, 90], free, final=final)
    assert [row.payment for row in rows] == payments


def test_a_plan_has_payments() -> None:
    with pytest.raises(ScheduleError):
        level_daily_rows(100_00, [], EIGHT, final=FinalPayment.LOWER)


@given(
    st.integers(1, 10**7),
    st.lists(st.integers(1, 60), min_size=1, max_size=12),
    st.fractions(0, Fraction(1, 50), max_denominator=10_000),
    st.sampled_from([None, Fraction(1), Fraction(1, 4)]),
    st.sampled_from(FinalPayment),
    st.sampled_from([Rounding.DOWN, Rounding.HALF_UP]),
)
def test_principal_adds_up_and_the_ceiling_holds(
    lent: int,
    gaps: list[int],
    rate: Fraction,
    ceiling: Fraction | None,
    final: FinalPayment,
    rounding: Rounding,
) -> None:
    days = [sum(gaps[: number + 1]) for number in range(len(gaps))]
    price = DailyInterest(daily_rate=rate, total_ceiling=ceiling, rounding=rounding)
    rows = level_daily_rows(lent, days, price, final=final)
    assert sum(row.principal for row in rows) == lent
    assert rows[-1].outstanding_after == 0
    if ceiling is not None:
        assert sum(row.earned for row in rows) <= lent * ceiling
    if final is FinalPayment.LOWER:
        assert rows[-1].payment <= rows[0].payment
