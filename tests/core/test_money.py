"""Exact money: reading, writing, rounding, sharing; in currencies of nought to four decimals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.money import (
    MINOR_MAX,
    AmountTooFine,
    AmountTooLarge,
    Currency,
    CurrencyMismatch,
    MalformedAmount,
    Money,
    Rounding,
    money_from_text,
    round_minor,
    round_money,
    round_to_multiple,
    share,
    total,
    zero,
)
from tests.core.loan_strategies import CURRENCIES
from tests.core.loans import CLF, JPY, KWD, NGN

currencies = st.sampled_from(CURRENCIES)
minors = st.integers(-MINOR_MAX, MINOR_MAX)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("0", NGN, 0),
        ("1234.5", NGN, 1_234_50),
        ("1234.50", NGN, 1_234_50),
        ("-0.01", NGN, -1),
        ("7", JPY, 7),
        ("7.000", JPY, 7),
        ("1.234", KWD, 1_234),
        ("1.2345", CLF, 1_2345),
        ("90000000000000000.00", NGN, MINOR_MAX),
    ],
)
def test_amounts_are_read_digit_by_digit(text: str, currency: Currency, minor: int) -> None:
    assert money_from_text(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency", "refusal"),
    [
        ("", NGN, MalformedAmount),
        ("1,000.00", NGN, MalformedAmount),
        ("+1", NGN, MalformedAmount),
        (" 1", NGN, MalformedAmount),
        ("1.", NGN, MalformedAmount),
        (".5", NGN, MalformedAmount),
        ("1e3", NGN, MalformedAmount),
        ("١", NGN, MalformedAmount),
        ("0.001", NGN, AmountTooFine),
        ("0.5", JPY, AmountTooFine),
        ("90000000000000000.01", NGN, AmountTooLarge),
        ("-90000000000000000.01", NGN, AmountTooLarge),
    ],
)
def test_what_is_no_amount_is_refused(
    text: str, currency: Currency, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as refused:
        money_from_text(text, currency)
    assert refused.value.facts["text"] == text  # type: ignore[attr-defined]


@given(minors, currencies)
def test_what_is_written_reads_back(minor: int, currency: Currency) -> None:
    amount = Money(minor, currency)
    assert money_from_text(amount.plain(), currency) == amount
    assert Decimal(amount.plain()) == amount.amount
    assert str(amount) == f"{amount.plain()} {currency.code}"


@pytest.mark.parametrize(
    ("minor", "currency", "plain"),
    [(5, NGN, "0.05"), (-5, NGN, "-0.05"), (0, NGN, "0.00"), (-12, JPY, "-12"), (1, CLF, "0.0001")],
)
def test_amounts_are_written_with_their_decimals(
    minor: int, currency: Currency, plain: str
) -> None:
    assert Money(minor, currency).plain() == plain


@pytest.mark.parametrize(
    ("numerator", "denominator", "half_up", "half_even", "up", "down"),
    [
        (4, 2, 2, 2, 2, 2),
        (5, 2, 3, 2, 3, 2),  # 2.5
        (7, 2, 4, 4, 4, 3),  # 3.5
        (-5, 2, -3, -2, -3, -2),
        (-7, 2, -4, -4, -4, -3),
        (1, 3, 0, 0, 1, 0),
        (2, 3, 1, 1, 1, 0),
        (-1, 3, 0, 0, -1, 0),
        (0, 7, 0, 0, 0, 0),
        (10, 4, 3, 2, 3, 2),  # 2.5, not in its lowest terms
    ],
)
def test_rounding(
    numerator: int, denominator: int, half_up: int, half_even: int, up: int, down: int
) -> None:
    expected = {
        Rounding.HALF_UP: half_up,
        Rounding.HALF_EVEN: half_even,
        Rounding.UP: up,
        Rounding.DOWN: down,
    }
    for rounding, whole in expected.items():
        assert round_minor(numerator, denominator, rounding) == whole, rounding


@given(st.fractions(), st.sampled_from(list(Rounding)))
def test_rounding_goes_less_than_one_unit_and_to_the_nearest(
    exact: Fraction, rounding: Rounding
) -> None:
    whole = round_minor(exact.numerator, exact.denominator, rounding)
    assert abs(whole - exact) < 1
    if rounding in {Rounding.HALF_UP, Rounding.HALF_EVEN}:
        assert abs(whole - exact) <= Fraction(1, 2)
    assert round_minor(-exact.numerator, exact.denominator, rounding) == -whole


def test_unrounded_figures_become_minor_units_of_their_currency() -> None:
    assert round_money(Decimal("1.005"), NGN, Rounding.HALF_UP) == Money(1_01, NGN)
    assert round_money(Fraction(1, 3), KWD, Rounding.UP) == Money(334, KWD)
    assert round_money(Decimal("2.5"), JPY, Rounding.HALF_EVEN) == Money(2, JPY)


def test_multiples() -> None:
    amount = Money(116_984_55, NGN)
    assert round_to_multiple(amount, 100_00, Rounding.HALF_UP) == Money(117_000_00, NGN)
    assert round_to_multiple(amount, 100_00, Rounding.DOWN) == Money(116_900_00, NGN)
    assert round_to_multiple(amount, 1, Rounding.UP) == amount


def test_sums_keep_their_currency() -> None:
    one, two = Money(1, NGN), Money(2, NGN)
    assert one + two == Money(3, NGN)
    assert one - two == Money(-1, NGN)
    assert -one == Money(-1, NGN)
    assert total([one, two], NGN) == Money(3, NGN)
    assert total([], NGN) == zero(NGN) == Money(0, NGN)
    assert bool(one)
    assert not zero(NGN)


def test_amounts_are_compared_in_one_currency() -> None:
    one, same, two = Money(1, NGN), Money(1, NGN), Money(2, NGN)
    assert one < two
    assert not one < same
    assert one <= same
    assert not two <= one
    assert two > one
    assert not one > same
    assert one >= same
    assert not one >= two
    for mixed in (
        lambda: one + Money(1, KWD),
        lambda: one - Money(1, KWD),
        lambda: one < Money(1, KWD),
    ):
        with pytest.raises(CurrencyMismatch) as refused:
            mixed()
        assert refused.value.facts == {"left": "NGN", "right": "KWD"}


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, (1, 1, 1), (34, 33, 33)),  # of equal remainders the first is served first
        (100, (1, 2, 3), (17, 33, 50)),  # 16.67, 33.33, 50
        (-100, (1, 1, 1), (-33, -33, -34)),
        (5, (0, 1), (0, 5)),
        (0, (3, 4), (0, 0)),
        (3, (7,), (3,)),
    ],
)
def test_shares(minor: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    assert tuple(part.minor for part in share(Money(minor, NGN), weights)) == parts


@given(minors, currencies, st.lists(st.integers(0, 1_000), min_size=1, max_size=20))
def test_shares_lose_nothing(minor: int, currency: Currency, weights: list[int]) -> None:
    weights[0] += 1
    amount = Money(minor, currency)
    parts = share(amount, weights)
    assert total(parts, currency) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [(), (0,), (-1, 1)])
def test_nothing_can_be_shared_by_no_weight(weights: tuple[int, ...]) -> None:
    with pytest.raises(AssertionError):
        share(Money(1, NGN), weights)


def test_amounts_are_analysed_to_twenty_four_digits() -> None:
    assert Money(1_25, NGN).for_analysis().amount == Decimal("1.25")
    assert Money(1_25, NGN).for_analysis().minor == 125 * 10**22
    assert Money(7, JPY).for_analysis().minor == 7 * 10**24
