"""Terms as a person writes them: on the command line, or in a small TOML or YAML file.

A file holds sets of terms by name, each a table of fields. Fields outside any table hold for all
sets; a file without tables is one set. Amounts and rates are read digit by digit, as written.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

import yaml

from gbese.apps.rates.currencies import currency_of
from gbese.core.calendars import frequencies
from gbese.core.calendars.day_counts import DayCount
from gbese.core.calendars.frequencies import Frequency
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.common_loans import common_terms
from gbese.core.contracts.terms import (
    FeeTerms,
    FeeTiming,
    PlannedPrincipal,
    ScheduleKind,
    Terms,
)
from gbese.core.money import Currency, Money, Rounding, money_from_text
from gbese.interfaces.cli._errors import (
    TermsFieldMissing,
    TermsFieldUnknown,
    TermsFieldWrong,
    TermsFileUnreadable,
)
from gbese.interfaces.days import day_of

FREQUENCIES: Mapping[str, Frequency] = {
    "daily": frequencies.DAILY,
    "weekly": frequencies.WEEKLY,
    "fortnightly": frequencies.FORTNIGHTLY,
    "four_weekly": frequencies.FOUR_WEEKLY,
    "monthly": frequencies.MONTHLY,
    "two_monthly": frequencies.TWO_MONTHLY,
    "quarterly": frequencies.QUARTERLY,
    "half_yearly": frequencies.HALF_YEARLY,
    "yearly": frequencies.YEARLY,
}
KINDS = (ScheduleKind.ANNUITY, ScheduleKind.LINEAR, ScheduleKind.BULLET)  # others need rows
_INSTALMENTS_MAX = 3_660
_RATE = re.compile(r"(?P<number>-?[0-9]{1,6}(\.[0-9]{1,18})?)\s*(?P<percent>%?)", re.ASCII)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Offer:
    """One set of terms, and what it is called."""

    name: str
    terms: Terms


class _Fields:
    """The fields of one set, read one by one; what nobody asked for is unknown."""

    def __init__(self, name: str, written: Mapping[str, object]) -> None:
        self._name = name
        self._left = dict(written)

    def read(self, field: str, read: Callable[[object], Value]) -> Value | None:
        """A field that may be missing."""
        found = self._left.pop(field, None)
        if found is None:
            return None
        try:
            return read(found)
        except (ValueError, TypeError, LookupError, InvalidOperation) as wrong:
            raise TermsFieldWrong(field=field, terms=self._name, text=str(found)) from wrong

    def need(self, field: str, read: Callable[[object], Value]) -> Value:
        """A field without which there are no terms."""
        if (found := self.read(field, read)) is None:
            raise TermsFieldMissing(field=field, terms=self._name)
        return found

    def end(self) -> None:
        if self._left:
            raise TermsFieldUnknown(field=min(self._left), terms=self._name)


def offers_in(path: Path, said: Mapping[str, object]) -> tuple[Offer, ...]:
    """The sets of terms in a file, in its order; what is `said` beside it holds for all of them.

    Raises:
        TermsFileUnreadable: it is neither TOML nor YAML, or holds no terms.
        TermsFieldMissing, TermsFieldUnknown, TermsFieldWrong: a field, by its name and set.
        Refusal: the terms contradict themselves.
    """
    written = _written(path)
    sets = {name: fields for name, fields in written.items() if isinstance(fields, dict)}
    for_all = {name: fact for name, fact in written.items() if name not in sets}
    if not sets:
        return (offer(path.stem, {**for_all, **said}),)
    return tuple(offer(name, {**for_all, **fields, **said}) for name, fields in sets.items())


def offer(name: str, written: Mapping[str, object]) -> Offer:
    """One set of terms, from its fields as they were written.

    Raises:
        TermsFieldMissing, TermsFieldUnknown, TermsFieldWrong: a field, by its name.
        Refusal: the terms contradict themselves.
    """
    fields = _Fields(name, written)
    currency = fields.need("currency", lambda found: currency_of(str(found)))
    kind = fields.read("schedule_kind", _kind) or ScheduleKind.ANNUITY
    rows = fields.read("rows", lambda found: _rows(found, currency)) or ()
    maturity = fields.read("maturity_date", _day)
    instalments = fields.read("instalments", _count)
    terms = common_terms(
        ScheduleKind.BULLET if rows else kind,
        fields.need("principal", lambda found: _amount(found, currency)),
        fields.need("rate", _rate),
        _instalments(name, instalments, maturity=maturity, is_listed=bool(rows)),
        fields.need("starts_on", _day),
        frequency=fields.read("frequency", lambda found: FREQUENCIES[str(found)])
        or frequencies.MONTHLY,
        first_due_date=fields.read("first_due_date", _day),
        day_count=fields.read("day_count", lambda found: DayCount(str(found)))
        or DayCount.EQUAL_PERIODS,
    )
    terms = _with_the_rest(terms, fields, currency)
    if rows:
        terms = replace(
            terms,
            schedule_kind=ScheduleKind.CUSTOM,
            custom_principal=rows,
            maturity_date=max(row.due_date for row in rows),
        )
    elif maturity:
        terms = replace(terms, maturity_date=maturity)
    fields.end()
    require_sound(terms)
    return Offer(name, terms)


def _with_the_rest(terms: Terms, fields: _Fields, currency: Currency) -> Terms:
    multiple = fields.read("instalment_multiple", lambda found: _amount(found, currency))
    fee = fields.read("instalment_fee", lambda found: _amount(found, currency))
    return replace(
        terms,
        balloon=fields.read("balloon", lambda found: _amount(found, currency)),
        principal_grace_instalments=fields.read("principal_grace_instalments", _count) or 0,
        instalment_multiple_minor=multiple.minor if multiple else 1,
        instalment_rounding=fields.read("instalment_rounding", lambda found: Rounding(str(found)))
        or terms.instalment_rounding,
        rounding=fields.read("rounding", lambda found: Rounding(str(found))) or terms.rounding,
        fees=()
        if fee is None
        else (FeeTerms(fee_kind="instalment", timing=FeeTiming.WITH_EACH_INSTALMENT, amount=fee),),
    )


def _instalments(
    name: str, instalments: int | None, *, maturity: date | None, is_listed: bool
) -> int:
    """How many instalments there are; one will do where the last due date is said instead."""
    said = [instalments is not None, maturity is not None, is_listed]
    if not any(said):
        raise TermsFieldMissing(field="instalments", terms=name)
    if sum(said) > 1:
        raise TermsFieldUnknown(field="instalments" if instalments else "maturity_date", terms=name)
    return 1 if instalments is None else instalments


def _written(path: Path) -> dict[str, object]:
    text = path.read_bytes()
    try:
        if path.suffix == ".toml":
            written: object = tomllib.loads(text.decode(), parse_float=Decimal)
        else:
            written = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - text alone, no objects
    except (tomllib.TOMLDecodeError, yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise TermsFileUnreadable(path=path, where=_where(wrong)) from wrong
    if not isinstance(written, dict) or not written:
        raise TermsFileUnreadable(path=path, where="line 1")
    return {str(name): fact for name, fact in written.items()}


def _where(wrong: Exception) -> str:
    """The line that cannot be read; YAML tells it apart from the words, TOML within them."""
    mark = wrong.problem_mark if isinstance(wrong, yaml.MarkedYAMLError) else None
    return f"line {mark.line + 1}" if mark else str(wrong).splitlines()[-1].strip()


def _rows(found: object, currency: Currency) -> tuple[PlannedPrincipal, ...]:
    if not isinstance(found, Sequence) or isinstance(found, str):
        raise TypeError(found)
    return tuple(
        PlannedPrincipal(_day(row["due_date"]), _amount(row["principal"], currency))
        for row in found
    )


def _kind(found: object) -> ScheduleKind:
    kind = ScheduleKind(str(found))
    if kind not in KINDS:
        raise ValueError(found)
    return kind


def _amount(found: object, currency: Currency) -> Money:
    return money_from_text(str(found), currency)


def _rate(found: object) -> Decimal:
    """`24%`, or the fraction `0.24`; a bare `24` could be either and is not guessed."""
    written = _RATE.fullmatch(str(found).strip())
    if written is None:
        raise ValueError(found)
    rate = Decimal(written["number"])
    if written["percent"]:
        return rate.scaleb(-2)
    if abs(rate) >= 1:
        raise ValueError(found)
    return rate


def _day(found: object) -> date:
    """A day; a moment is none."""
    day = day_of(str(found))
    if day is None:
        raise ValueError(found)
    return day


def _count(found: object) -> int:
    count = int(str(found))
    if not 0 <= count <= _INSTALMENTS_MAX:
        raise ValueError(found)
    return count
