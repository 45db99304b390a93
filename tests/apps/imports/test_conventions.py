"""How a file writes days, amounts and rates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.apps.imports.conventions import (
    COMMA,
    POINT,
    DateOrder,
    DateOrderAmbiguous,
    DateUnreadable,
    NumberStyle,
    NumberStyleAmbiguous,
    NumberUnreadable,
    RateImprobable,
    date_order,
    number_style,
    plain_number,
    read_day,
    read_money,
    read_rate,
)
from gbese.core.money import AmountTooFine, Currency, Money

NGN = Currency("NGN", 2)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("11/30/2020 12:00:00 AM", DateOrder.MONTH_FIRST, date(2020, 11, 30)),
        ("12/31/2019 0:00", DateOrder.MONTH_FIRST, date(2019, 12, 31)),
        ("2/1/1993 0:00", DateOrder.MONTH_FIRST, date(1993, 2, 1)),
        ("03/31/2025", DateOrder.MONTH_FIRST, date(2025, 3, 31)),
        ("31.03.2025", DateOrder.DAY_FIRST, date(2025, 3, 31)),
        ("1/2/25", DateOrder.DAY_FIRST, date(2025, 2, 1)),
        ("2025-03-31", DateOrder.MONTH_FIRST, date(2025, 3, 31)),  # of a workbook, in any file
        ("2025-03-31T00:00:00Z", DateOrder.YEAR_FIRST, date(2025, 3, 31)),
        ("930705", DateOrder.COMPACT_SHORT, date(1993, 7, 5)),
        ("20250331", DateOrder.COMPACT, date(2025, 3, 31)),
        ("Jan-2018", DateOrder.MONTH_NAME, date(2018, 1, 1)),
    ],
)
def test_days_are_read_in_the_order_of_the_file(text: str, order: DateOrder, day: date) -> None:
    assert read_day(text, order) == day


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("31/03/2025", DateOrder.MONTH_FIRST),
        ("02/30/2025", DateOrder.MONTH_FIRST),
        ("03/31/2025 4:30 PM", DateOrder.MONTH_FIRST),
        ("03/31-2025", DateOrder.MONTH_FIRST),
        ("03/31/205", DateOrder.MONTH_FIRST),
        ("٣١/٠٣/٢٠٢٥", DateOrder.DAY_FIRST),
        ("soon", DateOrder.DAY_FIRST),
        ("45747", DateOrder.DAY_FIRST),
    ],
)
def test_a_day_in_another_order_is_refused(text: str, order: DateOrder) -> None:
    with pytest.raises(DateUnreadable):
        read_day(text, order)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["01/02/2025", "03/31/2025"], DateOrder.MONTH_FIRST),
        (["01/02/2025", "31/03/2025"], DateOrder.DAY_FIRST),
        (["01.02.2025"], DateOrder.DAY_FIRST),
        (["2025-01-02"], DateOrder.YEAR_FIRST),
        (["2025-01-02", "2025-01-03", "31/12/2025"], DateOrder.DAY_FIRST),
        ([], DateOrder.YEAR_FIRST),
        (["01/02/2025", "12/31/2025", "11/30/2025", "31/12/2025"], DateOrder.MONTH_FIRST),
    ],
)
def test_one_order_holds_for_the_whole_file(texts: list[str], order: DateOrder) -> None:
    assert date_order(texts) is order


def test_an_order_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(DateOrderAmbiguous):
        date_order(["01/02/2025", "03/04/2025"])


@pytest.mark.parametrize(
    ("text", "style", "plain"),
    [
        ("5,000,000", POINT, "5000000"),
        ("4,925,440.84", POINT, "4925440.84"),
        ("1 234,50", COMMA, "1234.50"),
        ("1.234,50", COMMA, "1234.50"),
        ("1\u00a0234.5", POINT, "1234.5"),
        ("1'234.5", POINT, "1234.5"),
        ("(12.50)", POINT, "-12.50"),
        ("\u221212.50", POINT, "-12.50"),
        ("+7", POINT, "7"),
        ("0", POINT, "0"),
    ],
)
def test_numbers_become_plain(text: str, style: NumberStyle, plain: str) -> None:
    assert plain_number(text, style) == plain


@pytest.mark.parametrize(
    "text", ["1,23,456", "12,5", "1.2.3", "1e9", "1_000", "٣", "", "-", "NGN 5", "5.", ".5", "NaN"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NumberUnreadable):
        plain_number(text, POINT)


@pytest.mark.parametrize(
    ("texts", "style"),
    [
        (["1,234", "1,234.50"], POINT),
        (["1.234", "1.234,50"], COMMA),
        (["1,234", "12,5"], COMMA),
        (["1,234,567"], POINT),
        (["1.234.567"], COMMA),
        (["100", "12.5"], POINT),
    ],
)
def test_one_style_holds_for_the_whole_file(texts: list[str], style: NumberStyle) -> None:
    assert number_style(texts) == style


def test_a_style_that_nothing_tells_is_asked_for() -> None:
    with pytest.raises(NumberStyleAmbiguous):
        number_style(["1,234", "5,000"])


def test_three_decimals_in_naira_are_refused_and_rounded_only_where_agreed() -> None:
    with pytest.raises(AmountTooFine):
        read_money("100.005", NGN, POINT, rounds=False)
    assert read_money("100.005", NGN, POINT, rounds=True) == Money(10_001, NGN)
    assert read_money("-0.00000000373", NGN, POINT, rounds=True) == Money(0, NGN)
    assert read_money("0.0000000000582076609134674", NGN, POINT, rounds=True) == Money(0, NGN)


@pytest.mark.parametrize(
    ("text", "is_percent", "rate"),
    [
        ("24", True, "0.24"),
        ("0.75", True, "0.0075"),
        ("0.24", False, "0.24"),
        ("24%", False, "0.24"),
    ],
)
def test_rates_become_fractions(text: str, is_percent: bool, rate: str) -> None:
    assert read_rate(text, POINT, is_percent=is_percent) == Decimal(rate)


def test_a_percentage_read_as_a_fraction_is_noticed() -> None:
    with pytest.raises(RateImprobable):
        read_rate("75", POINT, is_percent=False)


@given(
    minor=st.integers(min_value=-(10**15), max_value=10**15),
    style=st.sampled_from([POINT, COMMA]),
    is_grouped=st.booleans(),
)
def test_every_amount_is_read_back_as_written(
    minor: int, style: NumberStyle, is_grouped: bool
) -> None:
    amount = Money(minor, NGN)
    text = f"{amount.amount:,.2f}" if is_grouped else amount.plain()
    written = text.translate({ord(","): style.thousands, ord("."): style.decimal})
    assert read_money(written, NGN, style, rounds=False) == amount


@given(day=st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_every_day_is_read_back_in_each_order(day: date) -> None:
    assert read_day(f"{day:%m/%d/%Y}", DateOrder.MONTH_FIRST) == day
    assert read_day(f"{day:%d.%m.%Y}", DateOrder.DAY_FIRST) == day
    assert read_day(f"{day:%y%m%d}", DateOrder.COMPACT_SHORT) == day
