"""Plans without dates: published figures, hand work, and what always adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.day_counts import DayCount
from gbese.core.money import Rounding
from gbese.core.rates.nominal import period_rate_compounding
from gbese.core.schedules.amortisation import (
    LevelPlan,
    amortisation_rows,
    given_rows,
    principal_rows,
    rates_by_days,
)
from gbese.core.schedules.annuity import AnnuityRounding

CENTS = AnnuityRounding(Rounding.HALF_UP, 1, Rounding.HALF_UP)


def test_a_capped_payment_may_not_cover_the_interest() -> None:
    """65,000.00 over 30 years at 10 %, then 12 %; a payment grows by 7.5 % at most: 570.42, then
    613.20, and the balance grows (a US adjustable-rate example)."""
    rates = [Fraction("0.10") / 12] * 12 + [Fraction("0.12") / 12] * 348
    rows = amortisation_rows(
        LevelPlan(
            principal=65_000_00,
            period_rates=rates,
            rounding=CENTS,
            levelled_anew={13: Fraction("1.075")},
        )
    )
    assert (rows[11].payment, rows[11].outstanding_after) == (570_42, 64_638_72)
    assert (rows[12].payment, rows[12].interest, rows[12].principal) == (613_20, 646_39, -33_19)
    assert rows[23].outstanding_after == 65_059_62


def test_an_agreed_payment_shortens_the_plan() -> None:
    """By hand: 100.00 at 1 % a period, 60.00 agreed: 1.00 + 59.00, then 0.41 + 41.00."""
    rows = amortisation_rows(
        LevelPlan(
            principal=100_00,
            period_rates=[Fraction(1, 100)] * 9,
            rounding=CENTS,
            payment=60_00,
        )
    )
    assert [(row.interest, row.principal) for row in rows] == [(1_00, 59_00), (41, 41_00)]


def test_interest_only_first() -> None:
    """By hand: 211,000.00 at 4 % costs 703.33 a month."""
    rows = amortisation_rows(
        LevelPlan(
            principal=211_000_00,
            period_rates=[Fraction(4, 1200)] * 12,
            rounding=CENTS,
            interest_only_periods=3,
        )
    )
    assert [row.payment for row in rows[:3]] == [703_33] * 3
    assert rows[-1].outstanding_after == 0


def test_what_a_payment_does_not_cover_joins_the_balance() -> None:
    """By hand: 100.00 at 10 %, paid 4.00: 106.00; drawn 50.00 at the end of the next: 166.60."""
    rows = given_rows(
        100_00,
        [Fraction(1, 10)] * 2,
        [4_00, 0],
        drawings=[0, 50_00],
        interest_rounding=Rounding.HALF_UP,
    )
    assert [row.outstanding_after for row in rows] == [106_00, 166_60]


def test_listed_principal() -> None:
    """By hand: 100.00 at 10 % in 40.00 and 60.00: interest 10.00 and 6.00."""
    rows = principal_rows(
        100_00, [Fraction(1, 10)] * 2, [40_00, 60_00], interest_rounding=Rounding.HALF_UP
    )
    assert [row.payment for row in rows] == [50_00, 66_00]


def test_rates_by_actual_days() -> None:
    days = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert rates_by_days(Decimal("0.36"), DayCount.ACT_360, days) == (
        Fraction(31, 1000),
        Fraction(28, 1000),
    )


def test_a_rate_that_compounds_twice_a_year_and_is_paid_by_the_month() -> None:
    """(1 + 0.0585/2)^(1/6) - 1; six of them are the half-year's rate again."""
    monthly = period_rate_compounding(Decimal("0.0585"), compounds_per_year=2, payments_per_year=12)
    assert abs((1 + monthly) ** 6 - 1 - Fraction("0.02925")) < Fraction(1, 10**45)
    assert period_rate_compounding(
        Decimal("0.06"), compounds_per_year=12, payments_per_year=12
    ) == Fraction(5, 1000)


@given(
    st.integers(1, 10**9),
    st.lists(st.fractions(0, Fraction(1, 5), max_denominator=10_000), min_size=1, max_size=40),
    st.sampled_from(Rounding),
)
def test_principal_adds_up(lent: int, rates: list[Fraction], rounding: Rounding) -> None:
    rows = amortisation_rows(
        LevelPlan(
            principal=lent,
            period_rates=rates,
            rounding=AnnuityRounding(rounding, 1, rounding),
        )
    )
    assert sum(row.principal for row in rows) == lent
    assert rows[-1].outstanding_after == 0
