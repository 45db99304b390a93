"""How a file writes days, amounts and rates: decided once per file, then read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from gbese.core.errors import Refusal
from gbese.core.money import AmountTooFine, Currency, Money, Rounding, money_from_text, round_money


class CellMissing(Refusal):
    """A cell that must be filled is empty."""

    code = "cell_missing"


class DateUnreadable(Refusal):
    """The text is no day in the order this file writes its days in."""

    code = "date_unreadable"


class DateOrderAmbiguous(Refusal):
    """Every day of the file can be read with the day first and with the month first."""

    code = "date_order_ambiguous"


class NumberUnreadable(Refusal):
    """The text is no number in the style this file writes its numbers in."""

    code = "number_unreadable"


class NumberStyleAmbiguous(Refusal):
    """A comma before three digits may split thousands or begin decimals; nothing tells which."""

    code = "number_style_ambiguous"


class RateImprobable(Refusal):
    """A yearly rate beyond anything lent at: most likely a percentage read as a fraction."""

    code = "rate_improbable"


class WordUnknown(Refusal):
    """The word is not among those the mapping knows for this column."""

    code = "word_unknown"


class DateOrder(StrEnum):
    """The order of the parts of a day."""

    YEAR_FIRST = "year_first"  # 2025-03-31
    DAY_FIRST = "day_first"  # 31.03.2025, 31/03/2025
    MONTH_FIRST = "month_first"  # 03/31/2025
    COMPACT_SHORT = "compact_short"  # 250331, years 1970 to 2069
    COMPACT = "compact"  # 20250331
    MONTH_NAME = "month_name"  # Mar-2025: its first day


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """The sign before decimals, and the sign between thousands. Spaces may always split those."""

    decimal: str = "."
    thousands: str = ","


POINT = NumberStyle(".", ",")
COMMA = NumberStyle(",", ".")

_SPLIT = re.compile(
    r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{1,4})"
    r"(?:[ T]+(?:12:00(?::00)? ?AM|0{1,2}:00(?::00(?:\.0+)?)?Z?))?",  # midnight only
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"([0-9]{2}|[0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(r"([A-Za-z]{3})[a-z]*[- ./]?([0-9]{4})", re.ASCII)
_CENTURY_TURNS = 70
_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'\u2019")
_GROUPED = {
    sign: re.compile(rf"[0-9]{{1,3}}(?:{re.escape(sign)}[0-9]{{3}})+", re.ASCII) for sign in ",."
}
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_RATE_MAX = Decimal(50)  # 5,000 % a year


@lru_cache(maxsize=65_536)
def read_day(text: str, order: DateOrder) -> date:
    """A day, written in `order`; midnight may follow it, another time may not.

    Raises:
        DateUnreadable: another order, a month 13, a 30 February, a time of day.
    """
    try:
        match order:
            case DateOrder.COMPACT | DateOrder.COMPACT_SHORT:
                return _compact_day(text, order)
            case DateOrder.MONTH_NAME:
                return _month(text)
            case _:
                return _split_day(text, order)
    except ValueError as wrong:
        raise DateUnreadable(text=text, order=order.value) from wrong


def date_order(texts: Iterable[str]) -> DateOrder:
    """The one order of all days of a file; cells that do not fit it are faults later.

    Raises:
        DateOrderAmbiguous: no cell has a day beyond 12, and the signs between do not tell.
    """
    seen: dict[DateOrder, int] = dict.fromkeys(DateOrder, 0)
    undecided = 0
    for text in texts:
        found = _order_of(text.strip())
        if found is None:
            undecided += 1
        else:
            seen[found] += 1
    # Days with the year first read the same in every order, so the others decide.
    others = {order: cells for order, cells in seen.items() if order is not DateOrder.YEAR_FIRST}
    best = max(others, key=lambda order: others[order])
    if others[best]:
        return best
    if undecided:
        raise DateOrderAmbiguous(cells=undecided)
    return DateOrder.YEAR_FIRST


def plain_number(text: str, style: NumberStyle) -> str:
    """The number with ASCII digits, one dot and an optional minus: `"(1 234,50)"` is `-1234.50`.

    Raises:
        NumberUnreadable: anything else, also thousands that are not split in threes.
    """
    kept = text.translate(_SPACES)
    negative = kept.startswith(("-", "\u2212"))
    if negative or kept.startswith("+"):
        kept = kept[1:]
    elif kept.startswith("(") and kept.endswith(")"):
        negative, kept = True, kept[1:-1]
    whole, sign, decimals = kept.partition(style.decimal)
    if style.thousands and style.thousands in whole:
        if not _GROUPED[style.thousands].fullmatch(whole):
            raise NumberUnreadable(text=text)
        whole = whole.replace(style.thousands, "")
    if not _DIGITS.fullmatch(whole) or (sign and not _DIGITS.fullmatch(decimals)):
        raise NumberUnreadable(text=text)
    digits = f"{whole}.{decimals}" if sign else whole
    return f"-{digits}" if negative else digits


def number_style(texts: Iterable[str]) -> NumberStyle:
    """The one style of all numbers of a file.

    Raises:
        NumberStyleAmbiguous: there are commas, and each has exactly three digits after it.
    """
    undecided = ""
    for text in texts:
        kept = text.translate(_SPACES).strip("()+-%\u2212")
        points, commas = kept.count("."), kept.count(",")
        if points and commas:
            return POINT if kept.rfind(".") > kept.rfind(",") else COMMA
        if points > 1:
            return COMMA
        if commas > 1:
            return POINT
        after = len(kept) - kept.rfind(",") - 1
        if commas and after != 3:
            return COMMA
        if commas:
            undecided = undecided or text
        elif points and len(kept) - kept.rfind(".") - 1 != 3:
            return POINT
    if undecided:
        raise NumberStyleAmbiguous(text=undecided)
    return POINT


def read_money(text: str, currency: Currency, style: NumberStyle, *, rounds: bool) -> Money:
    """An amount. Where `rounds`, decimals finer than the currency round half up, else are refused.

    Raises:
        NumberUnreadable: it is no number.
        AmountTooFine: it has more decimals than its currency.
        AmountTooLarge, MalformedAmount: it does not fit.
    """
    plain = plain_number(text, style)
    try:
        return money_from_text(plain, currency)
    except Refusal:
        if not rounds or "." not in plain:
            raise
        return round_money(Decimal(plain), currency, Rounding.HALF_UP)


def is_too_fine(text: str, currency: Currency, style: NumberStyle) -> bool:
    """Whether an amount has decimals its currency does not have."""
    try:
        money_from_text(plain_number(text, style), currency)
    except AmountTooFine:
        return True
    except Refusal:
        return "." in text and len(text.rpartition(".")[2]) > currency.exponent
    return False


def read_rate(text: str, style: NumberStyle, *, is_percent: bool) -> Decimal:
    """A yearly rate as a fraction; a percent sign in the cell decides over `is_percent`.

    Raises:
        NumberUnreadable: it is no number.
        RateImprobable: more than 5,000 per cent a year, or less than minus 100.
    """
    signed = text.strip()
    percent = signed.endswith("%") or is_percent
    rate = Decimal(plain_number(signed.removesuffix("%"), style))
    fraction = rate / 100 if percent else rate
    if not -1 <= fraction <= _RATE_MAX:
        raise RateImprobable(text=text)
    return fraction


def _split_day(text: str, order: DateOrder) -> date:
    match = _SPLIT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    first, _sign, second, third = match.groups()
    if order is DateOrder.YEAR_FIRST or len(first) == 4:
        if len(first) != 4 or len(third) > 2:
            raise ValueError(text)
        return date(int(first), int(second), int(third))
    if len(first) > 2 or len(third) not in {2, 4}:
        raise ValueError(text)
    year = _full_year(third)
    if order is DateOrder.DAY_FIRST:
        return date(year, int(second), int(first))
    return date(year, int(first), int(second))


def _compact_day(text: str, order: DateOrder) -> date:
    match = _COMPACT.fullmatch(text.strip())
    year_digits = 4 if order is DateOrder.COMPACT else 2
    if match is None or len(match[1]) != year_digits:
        raise ValueError(text)
    return date(_full_year(match[1]), int(match[2]), int(match[3]))


def _month(text: str) -> date:
    match = _MONTH_NAME.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return date(int(match[2]), _MONTHS.index(match[1].lower()) + 1, 1)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= _CENTURY_TURNS else 2000)


def _order_of(text: str) -> DateOrder | None:
    """The order one cell proves; None when it proves none."""
    split = _SPLIT.fullmatch(text)
    if split is None:
        if _MONTH_NAME.fullmatch(text):
            return DateOrder.MONTH_NAME
        if _COMPACT.fullmatch(text):
            return DateOrder.COMPACT if len(text) == 8 else DateOrder.COMPACT_SHORT
        return None
    first, sign, second, _third = split.groups()
    if len(first) == 4:
        return DateOrder.YEAR_FIRST
    if sign == "." or int(first) > 12:
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if int(second) > 12 else None
