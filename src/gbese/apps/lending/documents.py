"""Terms and events as canonical text: whole, exact, the same text for the same value.

Money is written in minor units, rates and other decimals as plain digits, dates as ISO days.
The currency stands once at the top. A key that is missing has its default, so text written before
a convention existed still reads.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from gbese.core.contracts.terms import Terms
from gbese.core.money import Currency, Money
from gbese.core.servicing import events
from gbese.core.servicing.events import LoanEvent

EVENT_KINDS: Mapping[str, type[Any]] = {
    "opened": events.Opened,
    "drawn": events.Drawn,
    "received": events.Received,
    "charged": events.Charged,
    "waived": events.Waived,
    "written_off": events.WrittenOff,
    "refunded": events.Refunded,
    "rate_set": events.RateSet,
    "amended": events.Amended,
    "restated": events.Restated,
    "reversed": events.Reversed,
    "levied": events.Levied,
    "levy_waived": events.LevyWaived,
    "charged_back": events.ChargedBack,
    "charged_off": events.ChargedOff,
    "interest_paused": events.InterestPaused,
    "due_date_moved": events.DueDateMoved,
    "lengthened": events.Lengthened,
}
# Conventions that texts were written without. At its default such a key is left out, so that terms
# that do not use it have the text and the digest they always had.
_LEFT_OUT_AT_DEFAULT: Mapping[type[Any], frozenset[str]] = {
    Terms: frozenset({"graduation", "interest_spread", "minimum_payment"}),
}
_KIND_OF = {kind: name for name, kind in EVENT_KINDS.items()}


def kind_of(event: LoanEvent) -> str:
    """The stored word for the kind of an event."""
    return _KIND_OF[type(event)]


def terms_document(terms: Terms) -> str:
    """Terms as canonical text."""
    return _canonical(
        {"currency": [terms.currency.code, terms.currency.exponent], "terms": _plain(terms)}
    )


def terms_from(document: str) -> Terms:
    """The terms a document holds."""
    stored = json.loads(document)
    currency = Currency(*stored["currency"])
    terms: Terms = _value(Terms, stored["terms"], currency)
    return terms


def event_document(event: LoanEvent, currency: Currency) -> str:
    """An event as canonical text."""
    return _canonical(
        {
            "currency": [currency.code, currency.exponent],
            "kind": kind_of(event),
            "event": _plain(event),
        }
    )


def event_from(document: str) -> LoanEvent:
    """The event a document holds."""
    stored = json.loads(document)
    event: LoanEvent = _value(
        EVENT_KINDS[stored["kind"]], stored["event"], Currency(*stored["currency"])
    )
    return event


def digest_of(document: str) -> str:
    """SHA-256 of a document, in hexadecimal."""
    return hashlib.sha256(document.encode()).hexdigest()


def _canonical(stored: Mapping[str, Any]) -> str:
    return json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - a field may be of any of these types
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return value.value
        case Money():
            return value.minor
        case Currency():
            return value.code
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case str():
            return value
    if is_dataclass(value):
        return {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.name != "currency" and not _is_left_out(value, field)
        }
    message = f"{type(value)} has no canonical text"
    raise AssertionError(message)


def _is_left_out(value: Any, field: Field[Any]) -> bool:  # noqa: ANN401 - any dataclass
    """Whether a convention is one that older texts do not have, and is at its default."""
    left_out = _LEFT_OUT_AT_DEFAULT.get(type(value), frozenset())
    return field.name in left_out and getattr(value, field.name) == field.default


def _value(kind: Any, stored: Any, currency: Currency) -> Any:  # noqa: ANN401, PLR0911, C901
    if stored is None:
        return None
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        kind = next(option for option in get_args(kind) if option is not type(None))
        return _value(kind, stored, currency)
    if origin is tuple:
        options = get_args(kind)
        if options[-1] is Ellipsis:
            return tuple(_value(options[0], item, currency) for item in stored)
        return tuple(_value(o, item, currency) for o, item in zip(options, stored, strict=True))
    if kind is Money:
        return Money(stored, currency)
    if kind is Decimal:
        return Decimal(stored)
    if kind is date:
        return date.fromisoformat(stored)
    if issubclass(kind, Enum):
        return kind(stored)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        given = {name: _value(hints[name], item, currency) for name, item in stored.items()}
        if "currency" in hints:
            given["currency"] = currency
        return kind(**given)
    return stored


_HINTS: dict[type[Any], dict[str, Any]] = {}


def _hints(kind: type[Any]) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]
