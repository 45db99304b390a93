"""Lists to choose from, in the reader's language: countries, currencies, months, time zones."""

from __future__ import annotations

import zoneinfo
from datetime import date
from functools import lru_cache

import iso4217
from babel.numbers import get_territory_currencies
from django.utils.translation import get_language

from gbese.interfaces.web import formatting

_COUNTRY_CODE_LETTERS = 2
_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_UNITS_OF_ACCOUNT = frozenset({"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"})

Choices = list[tuple[str, str]]


def countries() -> Choices:
    """ISO codes with their names, by name."""
    return _countries(get_language() or "en")


@lru_cache(maxsize=16)
def _countries(language: str) -> Choices:
    names = formatting.locale_of(language).territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == _COUNTRY_CODE_LETTERS and code.isalpha() and code not in _NOT_COUNTRIES
    ]
    return sorted(found, key=lambda choice: choice[1].casefold())


def country_name(code: str) -> str:
    """The name of a country in the reader's language."""
    return str(formatting.locale_of().territories.get(code, code))


def currencies() -> Choices:
    """ISO codes with their names, by code."""
    return _currencies(get_language() or "en")


@lru_cache(maxsize=16)
def _currencies(language: str) -> Choices:
    names = formatting.locale_of(language).currencies
    codes = sorted(
        {one.code for one in iso4217.Currency if one.exponent is not None} - _UNITS_OF_ACCOUNT
    )
    return [(code, f"{code} · {names.get(code, '')}".rstrip(" ·")) for code in codes]


def currency_of_country(country: str, on: date) -> str:
    """The currency a country uses on a day; empty where it has none of its own."""
    found = get_territory_currencies(country, on, on)
    return str(found[0]) if found else ""


def months() -> Choices:
    """The twelve months by number."""
    names = formatting.locale_of().months["stand-alone"]["wide"]
    return [(str(month), names[month]) for month in range(1, 13)]


@lru_cache(maxsize=1)
def time_zones() -> Choices:
    """The names of places whose clocks differ."""
    names = sorted(
        name
        for name in zoneinfo.available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith(("Etc/", "SystemV/", "US/")))
    )
    return [(name, name.replace("_", " ")) for name in names]
