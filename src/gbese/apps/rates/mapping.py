"""Rows ↔ exact values: published text becomes a rate, and a rate becomes a core fraction."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from gbese.core.errors import Refusal

_RATE = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,20})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


class MalformedRate(Refusal):
    """The text is not a rate: ASCII digits with one dot; above zero for an exchange rate."""

    code = "malformed_rate"


class MalformedCurrency(Refusal):
    """A currency is three capital letters."""

    code = "malformed_currency"


def exact_rate(text: str) -> Decimal:
    """Read a published figure exactly; a blank or `.` is not a figure.

    Raises:
        MalformedRate: anything but ASCII digits, one dot and an optional leading minus.
    """
    if _RATE.fullmatch(text) is None:
        raise MalformedRate(text=text)
    return Decimal(text)


def exchange_rate_exact(text: str) -> Decimal:
    """Read an exchange rate, which is above zero.

    Raises:
        MalformedRate: it is no figure, or zero or less.
    """
    rate = exact_rate(text)
    if rate <= 0:
        raise MalformedRate(text=text)
    return rate


def fraction_text(percent: str) -> str:
    """A rate published in per cent as a fraction of one, with no digit lost: `5.50` is `0.0550`."""
    return f"{exact_rate(percent).scaleb(-2):f}"


def currency_code(text: str) -> str:
    """The code, when it has the shape of one.

    Raises:
        MalformedCurrency: it is not three capital letters.
    """
    if _CURRENCY.fullmatch(text) is None:
        raise MalformedCurrency(text=text)
    return text


def unit_rate(rate: str, quantity: int) -> Fraction:
    """Units of the quote currency for one unit of the base, exactly."""
    return Fraction(rate) / quantity
