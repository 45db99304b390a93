"""Recording what happened to a loan: drawdowns, repayments, rates, charges and the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from gbese.apps.bookkeeping import queries as books
from gbese.apps.identity.acts import Act
from gbese.apps.lending import mapping
from gbese.apps.lending.documents import event_document, kind_of
from gbese.apps.lending.errors import LoanUnknown, RequestReused
from gbese.apps.lending.models import Loan, LoanEvent
from gbese.apps.lending.services.changing import Change, change_of, held, store
from gbese.apps.lending.services.renewal import bring_to_method
from gbese.core.contracts.terms import Terms
from gbese.core.money import Money
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    RateSet,
    Received,
    Refunded,
    Restated,
    ReversalReason,
    Reversed,
    SurplusUse,
    Waived,
    WrittenOff,
)
from gbese.core.servicing.events import LoanEvent as Event

EventMaker = Callable[[int], Event]  # from the number it gets on its loan


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event that is on record; `is_repeat` tells that an earlier request had recorded it."""

    loan_number: str
    event_number: int
    value_date: date
    is_repeat: bool


def drawdown(*, amount: Money, value_date: date) -> EventMaker:
    """The borrower takes money."""
    return lambda number: Drawn(number=number, value_date=value_date, amount=amount)


def repayment(
    *,
    received: Money,
    value_date: date,
    surplus: SurplusUse = SurplusUse.HOLD,
    instruction: tuple[tuple[Component, Money], ...] = (),
) -> EventMaker:
    """Money is paid on the loan."""
    return lambda number: Received(
        number=number,
        value_date=value_date,
        amount=received,
        surplus=surplus,
        instruction=instruction,
    )


def rate(*, nominal_rate: Decimal, value_date: date) -> EventMaker:
    """The loan costs another rate from the value date."""
    return lambda number: RateSet(number=number, value_date=value_date, rate=nominal_rate)


def charge(
    *, component: Component, amount: Money, charge_kind: str, value_date: date
) -> EventMaker:
    """A fee, a penalty or interest is charged by hand."""
    return lambda number: Charged(
        number=number,
        value_date=value_date,
        component=component,
        amount=amount,
        charge_kind=charge_kind,
    )


def waiver(*, component: Component, amount: Money, value_date: date) -> EventMaker:
    """A claim, or part of it, is given up."""
    return lambda number: Waived(
        number=number, value_date=value_date, component=component, amount=amount
    )


def write_off(*, value_date: date) -> EventMaker:
    """All that is owed leaves the books."""
    return lambda number: WrittenOff(number=number, value_date=value_date)


def refund(*, amount: Money, value_date: date) -> EventMaker:
    """Unallocated money goes back."""
    return lambda number: Refunded(number=number, value_date=value_date, amount=amount)


def amendment(*, terms: Terms, is_restructuring: bool, value_date: date) -> EventMaker:
    """New terms hold from the value date."""
    return lambda number: Amended(
        number=number, value_date=value_date, terms=terms, is_restructuring=is_restructuring
    )


def restatement(
    *, drawn: Money, repaid: Money, adjustment: Money, adjustment_reason: str, value_date: date
) -> EventMaker:
    """The other side's statement tells what was drawn and repaid since its last one."""
    return lambda number: Restated(
        number=number,
        value_date=value_date,
        drawn=drawn,
        repaid=repaid,
        adjustment=adjustment,
        adjustment_reason=adjustment_reason,
    )


def reversal(*, event_number: int, reason: ReversalReason, value_date: date) -> EventMaker:
    """An event counts as never having happened."""
    return lambda number: Reversed(
        number=number, value_date=value_date, reverses=event_number, reason=reason
    )


@transaction.atomic
def record(*, loan_number: str, made: EventMaker, act: Act) -> Recorded:
    """Record one event on a loan, recalculate the loan, and book the difference.

    Sending the same request again returns what it recorded the first time. A late value date books
    the difference it makes, in the periods that are open. A loan that an earlier version of the
    program computed gets its change of method first, as a version and an entry of its own.

    Raises:
        RequestReused: the request has already recorded something else.
        LoanUnknown, LoanSetAside: there is no such loan, or it waits for repair.
        ValueDateAfterOpenDay: the fact waits for its day.
        Refusals of `checks.require_recordable`: the amount, the date, the state, the money.
    """
    loan, day = held(loan_number)
    if (done := LoanEvent.objects.filter(request_id=act.request_id).first()) is not None:
        return _unless_reused(done, loan, made)
    bring_to_method(loan, mapping.SharedFactsCache(), day, act=act)
    event = made(_next_number(loan))
    store(loan, change_of(loan, [event], day), day, cause=kind_of(event), act=act)
    return Recorded(loan.number, event.number, event.value_date, is_repeat=False)


@transaction.atomic
def record_several(*, loan_number: str, events: tuple[Event, ...], act: Act) -> int:
    """Record events of an import on a loan that exists, as one change; how many.

    Their numbers are given here. They count as checked: they are the history of a source.
    """
    loan, day = held(loan_number)
    if LoanEvent.objects.filter(request_id=act.request_id).exists():
        return 0
    first = _next_number(loan)
    numbered = [
        replace(event, number=first + place)
        for place, event in enumerate(sorted(events, key=lambda event: event.value_date))
    ]
    bring_to_method(loan, mapping.SharedFactsCache(), day, act=act)
    change = change_of(loan, numbered, day, checked=False)
    store(loan, change, day, cause="import", act=act)
    return len(numbered)


def preview(*, loan_number: str, made: EventMaker) -> Change:
    """What recording an event would change; nothing is stored.

    Raises:
        The same refusals as `record`.
    """
    loan = Loan.objects.filter(number=loan_number, removed_at__isnull=True).first()
    if loan is None:
        raise LoanUnknown(loan_number=loan_number)
    return change_of(loan, [made(_next_number(loan))], books.open_day())


def _next_number(loan: Loan) -> int:
    last = loan.events.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _unless_reused(done: LoanEvent, loan: Loan, made: EventMaker) -> Recorded:
    asked = made(done.number)
    same = event_document(asked, mapping.first_terms(loan).currency) == done.document
    if done.loan_id != loan.pk or not same:
        raise RequestReused(loan_number=loan.number, request_id=str(done.request_id))
    return Recorded(loan.number, done.number, done.value_date, is_repeat=True)
