"""The principal parts of each kind of schedule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import EVERY_DAY, Calendar
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.money import Rounding
from gbese.core.schedules.annuity import (
    AnnuityRounding,
    PaymentStep,
    annuity_parts,
    graduated_payments,
    level_payment,
)
from gbese.core.schedules.custom import scaled_parts, shortened_parts
from gbese.core.schedules.errors import ScheduleError
from gbese.core.schedules.interest_periods import interest_periods
from gbese.core.schedules.linear import fixed_parts, linear_parts
from gbese.core.schedules.minimum import minimum_part, minimum_parts
from gbese.core.schedules.plan import principal_plan
from tests.core.loan_strategies import terms
from tests.core.loans import NGN, terms_of

HALF_UP = AnnuityRounding(Rounding.HALF_UP, 1, Rounding.HALF_UP)
monthly = Fraction(1, 40)  # 2.5 %


@pytest.mark.parametrize(
    ("multiple", "rounding", "payment"),
    [
        (1, Rounding.HALF_UP, 116_984_55),  # worked example: 116,984.5519...
        (1, Rounding.UP, 116_984_56),
        (100, Rounding.HALF_UP, 116_985_00),
        (100, Rounding.DOWN, 116_984_00),
        (10_000, Rounding.UP, 117_000_00),
    ],
)
def test_the_level_payment_and_its_rounding(
    multiple: int, rounding: Rounding, payment: int
) -> None:
    agreed = AnnuityRounding(rounding, multiple, Rounding.HALF_UP)
    assert level_payment(1_200_000_00, [monthly] * 12, balloon=0, rounding=agreed) == payment


def test_without_interest_the_payment_is_a_share() -> None:
    assert level_payment(100_00, [Fraction(0)] * 3, balloon=0, rounding=HALF_UP) == 33_33


def test_interest_earned_before_comes_with_the_first_payment() -> None:
    """100.00 at 10 % a period, one period, 5.00 earned: 115.00 is due."""
    rates = [Fraction(1, 10)]
    accrued = Fraction(5_00)
    payment = level_payment(100_00, rates, accrued=accrued, balloon=0, rounding=HALF_UP)
    assert payment == 115_00


def test_a_period_that_costs_more_than_the_level_repays_nothing() -> None:
    """100.00 over three periods: 75.00 of interest in the first, none in the others.

    One level for all would be 58.33, below the first's interest; two parts of 50.00 repay all.
    """
    rates = [Fraction(3, 4), Fraction(0), Fraction(0)]
    payment = level_payment(100_00, rates, balloon=0, rounding=HALF_UP)
    assert payment == 50_00
    parts = annuity_parts(
        100_00, rates, payments=[payment] * len(rates), interest_rounding=Rounding.HALF_UP
    )
    assert parts == (0, 50_00, 50_00)


def test_a_rate_that_takes_all_makes_no_level() -> None:
    with pytest.raises(ScheduleError) as refused:
        level_payment(100_00, [Fraction(-1)] * 2, balloon=0, rounding=HALF_UP)
    assert refused.value.facts == {"problem": "rate_takes_all"}


@given(
    outstanding=st.integers(1, 10**14),
    rates=st.lists(st.fractions(0, 2, max_denominator=10_000), min_size=1, max_size=60),
    rounding=st.sampled_from(list(Rounding)),
)
def test_annuity_parts_repay_all(
    outstanding: int, rates: list[Fraction], rounding: Rounding
) -> None:
    agreed = AnnuityRounding(rounding, 1, rounding)
    payment = level_payment(outstanding, rates, balloon=0, rounding=agreed)
    parts = annuity_parts(
        outstanding, rates, payments=[payment] * len(rates), interest_rounding=rounding
    )
    assert sum(parts) == outstanding
    assert min(parts) >= 0


@given(st.integers(0, 10**14), st.integers(1, 480), st.sampled_from(list(Rounding)))
def test_equal_principal_repays_all(outstanding: int, periods: int, rounding: Rounding) -> None:
    parts = linear_parts(outstanding, periods, rounding=rounding)
    assert sum(parts) == outstanding
    assert list(parts[:-1]) == sorted(parts[:-1], reverse=True)  # equal until all is repaid


def test_a_part_that_is_kept_shortens_the_term() -> None:
    assert fixed_parts(250, 4, part=100) == (100, 100, 50, 0)
    assert fixed_parts(450, 4, part=100) == (100, 100, 100, 150)


def test_listed_parts_are_kept_scaled_or_used_up() -> None:
    assert scaled_parts(600, (100, 200, 300), NGN) == (100, 200, 300)
    assert scaled_parts(300, (100, 200, 300), NGN) == (50, 100, 150)
    assert scaled_parts(100, (1, 1, 1), NGN) == (34, 33, 33)
    assert scaled_parts(100, (0, 0), NGN) == (0, 100)
    assert shortened_parts(250, (100, 200, 300)) == (100, 150, 0)
    assert shortened_parts(700, (100, 200, 300)) == (100, 200, 400)


@given(terms(with_extras=False), st.integers(0, 10**13))
def test_every_plan_repays_what_is_outstanding(signed: object, outstanding: int) -> None:
    periods = interest_periods(signed, EVERY_DAY)  # type: ignore[arg-type]
    rates = [Decimal("0.2")] * len(periods)
    plan = principal_plan(signed, outstanding, periods, rates)  # type: ignore[arg-type]
    assert sum(plan.parts) == outstanding
    assert len(plan.parts) == len(periods)
    assert min(plan.parts) >= 0


def test_periods_are_contiguous_and_end_at_maturity() -> None:
    agreed = terms_of(
        "1.00", "0", start="2026-01-20", first_due="2026-02-28", maturity="2026-05-10"
    )
    periods = interest_periods(agreed, Calendar(code="NG"))
    assert [(p.number, p.start.isoformat(), p.end.isoformat()) for p in periods] == [
        (1, "2026-01-20", "2026-02-28"),
        (2, "2026-02-28", "2026-03-28"),
        (3, "2026-03-28", "2026-04-28"),
        (4, "2026-04-28", "2026-05-10"),
    ]


def test_a_contract_without_maturity_needs_an_end_to_look_at() -> None:
    agreed = terms_of(
        "1.00",
        "0",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity=None,
        kind=ScheduleKind.ON_DEMAND,
    )
    with pytest.raises(ScheduleError) as refused:
        interest_periods(agreed, EVERY_DAY)
    assert refused.value.facts == {"problem": "no_maturity"}
    assert interest_periods(agreed, EVERY_DAY, until=date(2026, 3, 15))[-1].end == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("custom", "problem"), [((), "no_dates"), ((("2026-01-01", "1.00"),), "dates_do_not_increase")]
)
def test_a_listed_schedule_needs_dates_after_its_start(
    custom: tuple[tuple[str, str], ...], problem: str
) -> None:
    agreed = terms_of(
        "1.00",
        "0",
        start="2026-01-01",
        first_due="2026-02-01",
        maturity="2026-02-01",
        kind=ScheduleKind.CUSTOM,
        custom=custom,
    )
    with pytest.raises(ScheduleError) as refused:
        interest_periods(agreed, EVERY_DAY)
    assert refused.value.facts["problem"] == problem


def test_payments_that_grow_by_a_fraction_repay_all() -> None:
    """A_1 = P / sum((1+g)^(k-1) v^k): 100 at 10 % a period, payments growing by 10 %: every term of
    the sum is 1/1.1, so with three A_1 = 100 x 1.1 / 3 = 36.67, then 40.34 and 44.37."""
    steps = [PaymentStep(Fraction(11, 10) ** k, 0) for k in range(3)]
    rates = [Fraction(1, 10)] * 3
    first = level_payment(100_00, rates, balloon=0, rounding=HALF_UP, steps=steps)
    payments = graduated_payments(first, steps, HALF_UP)
    assert payments == (36_67, 40_34, 44_37)
    parts = annuity_parts(
        100_00, rates, payments=payments, interest_rounding=Rounding.HALF_UP, may_grow=True
    )
    assert parts == (26_67, 33_01, 40_32)  # 10.00 of 100.00, 7.33 of 73.33, the rest


def test_payments_that_grow_by_an_amount_repay_all() -> None:
    """Without interest three payments, each 10.00 more than the one before: 23.33, 33.33, 43.33."""
    steps = [PaymentStep(Fraction(1), 10_00 * k) for k in range(3)]
    rates = [Fraction(0)] * 3
    first = level_payment(100_00, rates, balloon=0, rounding=HALF_UP, steps=steps)
    payments = graduated_payments(first, steps, HALF_UP)
    assert payments == (23_33, 33_33, 43_33)
    parts = annuity_parts(100_00, rates, payments=payments, interest_rounding=Rounding.HALF_UP)
    assert parts == (23_33, 33_33, 43_34)


def test_the_least_of_a_balance() -> None:
    assert minimum_part(65_000_00, Decimal("0.05"), 5_000_00, Rounding.HALF_UP) == 5_000_00
    assert minimum_part(165_000_00, Decimal("0.05"), 5_000_00, Rounding.HALF_UP) == 8_250_00
    assert minimum_part(300_00, Decimal("0.05"), 5_000_00, Rounding.HALF_UP) == 300_00
    parts = minimum_parts(100, 4, Decimal("0.5"), 20, rounding=Rounding.HALF_UP)
    assert parts == (50, 25, 20, 5)
