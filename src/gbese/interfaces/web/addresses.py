"""What an address asks for: read exactly, or refused with the part of it that is wrong.

A part that is missing or empty asks for the usual; one that is not understood never does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from enum import StrEnum
from typing import ClassVar, TypeVar

from django.http import QueryDict

from gbese.apps.rates.currencies import CurrencyUnknown, currency_of
from gbese.core.errors import Refusal
from gbese.interfaces.days import day_of

_WHOLE_DIGITS_MAX = 15
_SHOWN_MAX = 60

Code = TypeVar("Code", bound=StrEnum)


class AddressWrong(Refusal):
    """A part of an address is not understood."""

    code: ClassVar[str] = "address_wrong"

    def __init__(self, *, part: str, text: str, **facts: object) -> None:
        super().__init__(part=part, text=text[:_SHOWN_MAX], **facts)


class WrongDay(AddressWrong):
    """It is not a day of the calendar."""

    code: ClassVar[str] = "wrong_day"


class WrongNumber(AddressWrong):
    """It is not a whole number."""

    code: ClassVar[str] = "wrong_number"


class WrongChoice(AddressWrong):
    """It is none of the choices there are."""

    code: ClassVar[str] = "wrong_choice"


class NotHere(AddressWrong):
    """It names a thing that is not here."""

    code: ClassVar[str] = "not_here"


class NoSuchPage(AddressWrong):
    """The list has no such page."""

    code: ClassVar[str] = "no_such_page"


class SpanBackwards(AddressWrong):
    """The first day comes after the last one."""

    code: ClassVar[str] = "span_backwards"


def text_asked(query: QueryDict, part: str, *, most: int = 200) -> str:
    """Words to look for; what is longer than anything kept is cut."""
    return str(query.get(part, "")).strip()[:most]


def day_asked(query: QueryDict, part: str) -> date | None:
    """A day, written 2026-03-31; none where the address asks for none.

    Raises:
        WrongDay: it is not a day, or one before 1900 or after 2200.
    """
    text = text_asked(query, part)
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise WrongDay(part=part, text=text)
    return day


def span_asked(query: QueryDict, first: str, last: str) -> tuple[date | None, date | None]:
    """Two days, the first not after the last.

    Raises:
        WrongDay: one of them is not a day.
        SpanBackwards: the first comes after the last.
    """
    since, until = day_asked(query, first), day_asked(query, last)
    if since is not None and until is not None:
        require_span(since, until, part=first)
    return since, until


def require_span(since: date, until: date, *, part: str) -> None:
    """Refuse a stretch of time that ends before it begins.

    Raises:
        SpanBackwards: the first day comes after the last.
    """
    if since > until:
        raise SpanBackwards(part=part, text=since.isoformat(), since=since, until=until)


def code_asked(query: QueryDict, part: str, codes: Iterable[Code]) -> Code | None:
    """One of some codes; none where the address asks for none.

    Raises:
        WrongChoice: it is none of them.
    """
    text = text_asked(query, part)
    return code_of(part, text, codes) if text else None


def codes_asked(query: QueryDict, part: str, codes: Iterable[Code]) -> tuple[Code, ...]:
    """Several of some codes, each once.

    Raises:
        WrongChoice: one is none of them.
    """
    known = list(codes)
    asked = [text for text in map(str.strip, query.getlist(part)) if text]
    return tuple(dict.fromkeys(code_of(part, text, known) for text in asked))


def choice_asked(query: QueryDict, part: str, choices: Collection[str]) -> str:
    """One of some texts; empty where the address asks for none.

    Raises:
        WrongChoice: it is none of them.
    """
    text = text_asked(query, part)
    if text and text not in choices:
        raise WrongChoice(part=part, text=text, choices=tuple(choices))
    return text


def whole_asked(query: QueryDict, part: str) -> int | None:
    """A whole number; none where the address asks for none.

    Raises:
        WrongNumber: it is not one.
    """
    text = text_asked(query, part)
    return whole_of(part, text) if text else None


def whole_of(part: str, text: str) -> int:
    """The whole number that a part of an address writes.

    Raises:
        WrongNumber: it does not write one, or a longer one than any that is kept.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _WHOLE_DIGITS_MAX):
        raise WrongNumber(part=part, text=text)
    return int(text)


def currency_asked(query: QueryDict, part: str = "currency") -> str:
    """The code of a currency; empty where the address asks for none.

    Raises:
        NotHere: no currency has the code.
    """
    text = text_asked(query, part).upper()
    if text:
        try:
            currency_of(text)
        except CurrencyUnknown as unknown:
            raise NotHere(part=part, text=text) from unknown
    return text


def without_part(query: QueryDict, part: str) -> str:
    """The query of an address with one part taken out."""
    kept = query.copy()
    kept.pop(part, None)
    return kept.urlencode()


def code_of(part: str, text: str, codes: Iterable[Code]) -> Code:
    """The code that a part of an address writes.

    Raises:
        WrongChoice: it is none of them.
    """
    known = list(codes)
    found = next((code for code in known if code.value == text), None)
    if found is None:
        raise WrongChoice(part=part, text=text, choices=tuple(code.value for code in known))
    return found
