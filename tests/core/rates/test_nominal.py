"""Rates told in each other's terms: the house's worked example, and laws."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.rates.nominal import (
    RateNotConvertible,
    continuous_rate,
    effective_rate,
    effective_rate_of_continuous,
    flat_charge,
    nominal_rate_of_effective,
    periodic_rate,
    periodic_rate_of_effective,
    rate_of_discount,
    yearly_rate_of_daily,
)


def percent(rate: Decimal | Fraction, decimals: int) -> str:
    """The rate as printed, half up."""
    scaled = Fraction(rate) * 100 * 10**decimals
    digits = str(int(scaled + Fraction(1, 2))).rjust(decimals + 1, "0")
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


# Worked example "Rate conversions".
@pytest.mark.parametrize(
    ("rate", "decimals", "printed"),
    [
        (effective_rate(Decimal("0.24"), 12), 4, "26.8242"),
        (effective_rate(Decimal("0.24"), 4), 4, "26.2477"),
        (periodic_rate_of_effective(Decimal("0.30"), 12), 6, "2.210445"),
        (nominal_rate_of_effective(Decimal("0.30"), 12), 4, "26.5253"),
        (yearly_rate_of_daily(Decimal("0.003")), 2, "109.50"),
        (effective_rate(yearly_rate_of_daily(Decimal("0.003")), 365), 2, "198.43"),
        (rate_of_discount(Decimal("0.20"), 1), 4, "25.0000"),
    ],
)
def test_converts_as_worked_by_hand(rate: Decimal | Fraction, decimals: int, printed: str) -> None:
    assert percent(rate, decimals) == printed


def test_what_can_be_exact_is() -> None:
    assert periodic_rate(Decimal("0.10"), 12) == Fraction(1, 120)
    assert effective_rate(Decimal("0.20"), 2) == Fraction(21, 100)
    assert flat_charge(Decimal("0.12"), Fraction(3, 2)) == Fraction(18, 100)
    assert rate_of_discount(Decimal("0.20"), Fraction(1, 2)) == Fraction(2, 9)


def test_continuous_compounding_agrees_with_tables_of_constants() -> None:
    # e - 1, from any table of constants
    e_less_one = "1.718281828459045235360287471352662497757247"
    assert str(effective_rate_of_continuous(Decimal(1)))[: len(e_less_one)] == e_less_one
    # ln 2
    ln_two = "0.693147180559945309417232121458176568075500"
    assert str(continuous_rate(Decimal(1)))[: len(ln_two)] == ln_two


@pytest.mark.parametrize(
    "convert",
    [
        lambda: effective_rate(Decimal(-12), 12),
        lambda: periodic_rate_of_effective(Decimal(-1), 12),
        lambda: nominal_rate_of_effective(Decimal("-1.5"), 12),
        lambda: continuous_rate(Decimal(-1)),
        lambda: rate_of_discount(Decimal("0.5"), 2),
    ],
)
def test_refuses_rates_that_would_lose_everything(convert: object) -> None:
    with pytest.raises(RateNotConvertible) as refused:
        convert()  # type: ignore[operator]
    assert refused.value.code == "rate_not_convertible"


rates = st.decimals(Decimal("-0.9"), Decimal(5), places=6)


@given(rates, st.sampled_from([1, 2, 4, 12, 52, 365]))
def test_there_and_back_is_the_same_rate(effective: Decimal, per_year: int) -> None:
    nominal = nominal_rate_of_effective(effective, per_year)
    apart = abs(effective_rate(nominal, per_year) - Fraction(effective))
    assert apart < Fraction(1, 10**44)
    apart = abs(
        Fraction(effective_rate_of_continuous(continuous_rate(effective))) - Fraction(effective)
    )
    assert apart < Fraction(1, 10**44)


@given(rates)
def test_the_more_often_it_compounds_the_lower_the_nominal_rate(effective: Decimal) -> None:
    nominal = [nominal_rate_of_effective(effective, per_year) for per_year in (1, 2, 12, 365)]
    nominal.append(continuous_rate(effective))
    if effective:
        assert nominal == sorted(nominal, reverse=True)
    else:
        assert set(nominal) == {0}
