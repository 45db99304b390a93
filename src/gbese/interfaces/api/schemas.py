"""The types that requests and answers are made of: amounts, rates, days, text, pages of lists.

An amount is `{"amount": "1234.50", "currency": "NGN"}` both ways, a rate a fraction in text
(`"0.24"` a year), a day an ISO date. What is not written exactly so is refused, never guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from gbese.apps.rates.currencies import currency_of
from gbese.core.errors import Refusal
from gbese.core.money import Currency, Money, money_from_text
from gbese.interfaces.days import day_of

PAGE_ROWS_MAX = 200
OFFSET_MAX = 1_000_000_000
KEY_MAX = 9_007_199_254_740_991  # every JSON reader keeps such a whole number exactly

AMOUNT_PATTERN = r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"
RATE_PATTERN = r"^-?[0-9]{1,6}(\.[0-9]{1,18})?$"
EXCHANGE_RATE_PATTERN = r"^[0-9]{1,18}(\.[0-9]{1,18})?$"
DAY_PATTERN = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$|^2200-[0-9]{2}-[0-9]{2}$"
PERIOD_PATTERN = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"
_PLAIN = r"^[^\x00-\x1f\x7f]*$"
_WRITTEN = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
LOAN_NUMBER_PATTERN = r"^[^\s\x00-\x1f\x7f./]([^\x00-\x1f\x7f]{0,58}[^\s\x00-\x1f\x7f/.])?$"
_AMOUNT = re.compile(AMOUNT_PATTERN, re.ASCII)
_RATE = re.compile(RATE_PATTERN, re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,16}", re.ASCII)


class Asked(BaseModel):
    """What comes in: a field that is not known here is refused by its name."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What goes out, read off a typed row: the fields listed and no others."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


def _day(given: object) -> object:
    if isinstance(given, date):
        return given
    if isinstance(given, str) and (day := day_of(given)) is not None:
        return day
    raise PydanticCustomError("not_date", "not a date")


def _rate(given: object) -> object:
    if isinstance(given, str) and _RATE.fullmatch(given):
        return Decimal(given)
    raise PydanticCustomError("not_rate", "not a rate")


def _whole(given: object) -> object:
    """A whole number of an address: ASCII digits alone."""
    if isinstance(given, int) or (isinstance(given, str) and _WHOLE.fullmatch(given)):
        return int(given)
    raise PydanticCustomError("not_whole_number", "not a whole number")


def whole_of_json(given: object) -> object:
    """A whole number of a body; JSON has one kind of number, and 2.0 is 2."""
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _currency(given: object) -> object:
    if isinstance(given, str):
        try:
            if currency_of(given).code == given:
                return given
        except Refusal:
            pass
        raise PydanticCustomError("currency_unknown", "no currency", {"text": given[:40]})
    raise PydanticCustomError("string_type", "not text")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN}),
]
Rate = Annotated[
    Decimal, BeforeValidator(_rate), WithJsonSchema({"type": "string", "pattern": RATE_PATTERN})
]
CurrencyCode = Annotated[
    str,
    BeforeValidator(_currency),
    WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["NGN"]}),
]
YesNo = StrictBool
# Bounds stand before the reader of the number, so that the document tells them.
Key = Annotated[int, Field(ge=1, le=KEY_MAX), BeforeValidator(_whole)]
KeyInBody = Annotated[StrictInt, Field(ge=1, le=KEY_MAX), BeforeValidator(whole_of_json)]
Offset = Annotated[int, Field(ge=0, le=OFFSET_MAX), BeforeValidator(_whole)]
Limit = Annotated[int, Field(ge=1, le=PAGE_ROWS_MAX), BeforeValidator(_whole)]
PathText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_PLAIN)]
Search = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=_PLAIN)]
Period = Annotated[str, StringConstraints(strict=True, pattern=PERIOD_PATTERN)]


Text30 = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=30, pattern=_WRITTEN)
]
Text60 = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=60, pattern=_WRITTEN)
]
Text120 = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=120, pattern=_WRITTEN)
]
Text300 = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=300, pattern=_WRITTEN)
]
Note60 = Annotated[str, StringConstraints(strict=True, max_length=60, pattern=_PLAIN)]
Note200 = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=_PLAIN)]
LoanNumber = Annotated[
    str, StringConstraints(strict=True, max_length=60, pattern=LOAN_NUMBER_PATTERN)
]


class Amount(Asked):
    """An exact amount with its currency."""

    amount: Annotated[
        str,
        WithJsonSchema(
            {"type": "string", "pattern": AMOUNT_PATTERN, "examples": ["1234.50"]},
        ),
    ] = Field(description="Digits and a dot before the decimals; no more than the currency has.")
    currency: CurrencyCode

    @model_validator(mode="before")
    @classmethod
    def _written_exactly(cls, given: object) -> object:
        if isinstance(given, dict) and "amount" in given:
            amount = given["amount"]
            if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
                raise PydanticCustomError("not_amount", "not an amount")
        return given

    @model_validator(mode="after")
    def _exact(self) -> Amount:
        try:
            money_from_text(self.amount, currency_of(self.currency))
        except Refusal as refused:
            raise PydanticCustomError(
                refused.code,
                "refused",
                {name: str(fact) for name, fact in refused.facts.items()},
            ) from refused
        return self

    @property
    def money(self) -> Money:
        """The amount as the core counts it."""
        return money_from_text(self.amount, currency_of(self.currency))


class MoneyTold(Told):
    """An exact amount with its currency."""

    amount: Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
    currency: str


def money_told(amount: Money) -> MoneyTold:
    """Money of the core as it goes out."""
    return MoneyTold(amount=amount.plain(), currency=amount.currency.code)


def _money_told(given: object) -> object:
    return money_told(given) if isinstance(given, Money) else given


def _decimal_told(given: object) -> object:
    return format(given, "f") if isinstance(given, Decimal) else given


def _code_told(given: object) -> object:
    return given.code if isinstance(given, Currency) else given


MoneyOut = Annotated[MoneyTold, BeforeValidator(_money_told)]
RateOut = Annotated[str, BeforeValidator(_decimal_told)]
CurrencyOut = Annotated[str, BeforeValidator(_code_told)]
Moment = datetime

Item = TypeVar("Item")


class Listed(Told, Generic[Item]):
    """A part of a list; `next_offset` asks for the next, null where there is none."""

    items: list[Item]
    next_offset: int | None


class Paged(Asked):
    """Which part of a list."""

    offset: Offset = 0
    limit: Limit = 50


def listed(rows: Any, asked: Paged, kind: type[Item]) -> Listed[Item]:  # noqa: ANN401
    """A part of a list that was read one row further than asked."""
    read = list(rows)
    items = [kind.model_validate(row) for row in read[: asked.limit]]  # type: ignore[attr-defined]
    more = asked.offset + asked.limit if len(read) > asked.limit else None
    return Listed[kind](items=items, next_offset=more)  # type: ignore[valid-type]


def same_currency(amounts: dict[str, Amount | None], currency: str) -> None:
    """Refuse amounts that are not all in one currency, naming the first that is not."""
    for amount in amounts.values():
        if amount is not None and amount.currency != currency:
            raise PydanticCustomError(
                "currencies_differ", "currencies differ", {"currency": currency}
            )
