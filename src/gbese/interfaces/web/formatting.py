"""How amounts, days and rates are written for readers of a language; exact, never by floats."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import (
    NumberPattern,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)
from django.utils.translation import get_language

from gbese.core.money import Money

MINUS = "\N{MINUS SIGN}"
NO_FIGURE = "\N{EM DASH}"

_BABEL_NAMES = {
    "en": "en_001",  # the day before the month, as in Lagos and London
    "ar-xb": "ar",
}
_RATE_DECIMALS_MIN = 2


def locale_of(language: str | None = None) -> Locale:
    """The conventions of a language; of the current one where none is named."""
    code = language or get_language() or "en"
    return _locale(code)


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    return Locale.parse(_BABEL_NAMES.get(code, code.replace("-", "_")), sep="_")


@lru_cache(maxsize=256)
def _pattern(locale: Locale, kind: str, decimals: int) -> NumberPattern:
    """The locale's own grouping with exactly so many decimals."""
    formats = locale.percent_formats if kind == "percent" else locale.decimal_formats
    written = str(formats[None].pattern).split(";")[0]
    whole, _, rest = written.partition(".")
    suffix = rest.lstrip("#0")
    if kind == "percent" and not rest:
        cut = max(whole.rfind("0"), whole.rfind("#")) + 1
        whole, suffix = whole[:cut], whole[cut:]
    fraction = "." + "0" * decimals if decimals else ""
    return parse_pattern(whole + fraction + suffix)


def money_text(amount: Money, language: str | None = None) -> str:
    """The number alone, with the currency's decimals: `-1234.5` naira is "−1,234.50"."""
    between_thousands, before_decimals = _marks(language or get_language())
    decimals = amount.currency.exponent
    whole, fraction = divmod(abs(amount.minor), 10**decimals)
    written = _grouped(whole, between_thousands)
    if decimals:
        written = f"{written}{before_decimals}{fraction:0{decimals}}"
    return f"{MINUS}{written}" if amount.minor < 0 else written


def _grouped(whole: int, between_thousands: str) -> str:
    """By thousands, as all our languages group: a page has hundreds, too many for patterns."""
    return f"{whole:,}".replace(",", between_thousands)


@lru_cache(maxsize=64)
def _marks(language: str | None) -> tuple[str, str]:
    """What stands between thousands, and before decimals."""
    locale = locale_of(language)
    return get_group_symbol(locale), get_decimal_symbol(locale)


def percent_text(rate: Decimal, language: str | None = None) -> str:
    """A fraction as per cent, with all its decimals and at least two: 0.24 is "24.00%"."""
    return _percent(rate, max(_decimals_of(rate * 100), _RATE_DECIMALS_MIN), language)


def printed_percent_text(rate: Decimal, language: str | None = None) -> str:
    """A fraction as per cent with the decimals it was printed with: 0.458 is "45.8%"."""
    exponent = rate.as_tuple().exponent
    return _percent(rate, max(-exponent - 2, 0) if isinstance(exponent, int) else 0, language)


def _percent(rate: Decimal, decimals: int, language: str | None) -> str:
    locale = locale_of(language)
    written = _pattern(locale, "percent", decimals).apply(abs(rate), locale)
    return f"{MINUS}{written}" if rate < 0 else written


def number_text(
    number: int | Decimal, language: str | None = None, *, decimals: int | None = None
) -> str:
    """A count or a figure, grouped as the language groups.

    With so many decimals where asked; else with all it has, and none that say nothing.
    """
    magnitude = -number if number < 0 else number
    if isinstance(magnitude, int) and not decimals:
        written = _grouped(magnitude, _marks(language or get_language())[0])
    else:
        locale = locale_of(language)
        places = _decimals_of(Decimal(magnitude)) if decimals is None else decimals
        written = _pattern(locale, "decimal", places).apply(Decimal(magnitude), locale)
    return f"{MINUS}{written}" if number < 0 else written


def _decimals_of(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def day_text(day: date, language: str | None = None, *, style: str = "medium") -> str:
    """A date; `style` is short, medium, long or full, as CLDR names them."""
    return _day_text(day, language or get_language(), style)


@lru_cache(maxsize=4096)
def _day_text(day: date, language: str | None, style: str) -> str:
    locale = locale_of(language)
    if style == "medium" and locale.language == "yo":  # its own form shows the month as a number
        return format_date(day, "d LLL y", locale=locale).replace("Oṣù ", "")
    return format_date(day, style, locale=locale)


def month_text(day: date, language: str | None = None) -> str:
    """The month and the year of a date."""
    return format_date(day, "LLL y", locale=locale_of(language))


def moment_text(moment: datetime, language: str | None = None) -> str:
    """A date and a time; the caller has put it into the reader's time zone."""
    return f"{day_text(moment.date(), language)}, {moment:%H:%M}"


def list_text(parts: list[str], language: str | None = None) -> str:
    """Parts joined as the language joins them: "a, b and c"."""
    if not parts:
        return ""
    locale = locale_of(language)
    if locale.language == "yo" and len(parts) > 1:  # CLDR's own form joins the last word to "àti"
        return f"{', '.join(parts[:-1])} àti {parts[-1]}"
    return format_list(parts, locale=locale)
