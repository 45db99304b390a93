"""Currencies by their ISO 4217 code, as a file names them."""

from __future__ import annotations

from functools import lru_cache

import iso4217

from gbese.core.errors import Refusal
from gbese.core.money import Currency

_WITHOUT_MINOR_UNIT = 2  # XDR has none by ISO 4217; its statements count hundredths


class CurrencyUnknown(Refusal):
    """No currency has this code."""

    code = "currency_unknown"


@lru_cache(maxsize=512)
def currency_of(code: str) -> Currency:
    """The currency of a code, in capitals or not.

    Raises:
        CurrencyUnknown: ISO 4217 has no such code.

    Source: ISO 4217, list one.
    """
    try:
        found = iso4217.Currency(code.strip().upper())
    except ValueError as unknown:
        raise CurrencyUnknown(text=code) from unknown
    exponent = found.exponent
    return Currency(found.code, _WITHOUT_MINOR_UNIT if exponent is None else exponent)
