"""Whether an event may be recorded on a loan: the refusals, in the order a person meets them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gbese.apps.lending.errors import (
    AmountNotPositive,
    ChargeAboveCeiling,
    DrawdownAfterMaturity,
    EventReversedAlready,
    EventUnknown,
    LoanWrittenOff,
    NothingToWriteOff,
    ValueDateBeforeDrawdown,
    ValueDateBeforeTakeover,
    WaiverExceedsClaim,
)
from gbese.apps.lending.mapping import drawn_so_far, terms_in_force
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.money import CurrencyMismatch, Money
from gbese.core.projections.facts import standing_events
from gbese.core.projections.position import position
from gbese.core.projections.rows import Cause, Life, Projection
from gbese.core.servicing.allocation import InstructionExceedsPayment
from gbese.core.servicing.errors import DrawdownAboveLimit, RefundExceedsUnallocated
from gbese.core.servicing.events import (
    Amended,
    Charged,
    Component,
    Drawn,
    LoanEvent,
    Opened,
    Received,
    Refunded,
    Restated,
    Reversed,
    Waived,
    WrittenOff,
)
from gbese.core.status.reading import undrawn_of

_UNDER_CEILING = (Component.INTEREST, Component.PENALTY)


def require_recordable(
    loan_number: str,
    terms: Terms,
    stored: Sequence[LoanEvent],
    event: LoanEvent,
    projection: Projection | None,
) -> None:
    """Check a new event against the loan: its amount, its date, the loan's state, the money.

    Raises:
        AmountNotPositive, CurrencyMismatch: the amount.
        ValueDateBeforeDrawdown, ValueDateBeforeTakeover: the date.
        LoanWrittenOff, EventUnknown, EventReversedAlready: the state.
        ChargeAboveCeiling, DrawdownAboveLimit, DrawdownAfterMaturity, WaiverExceedsClaim,
        RefundExceedsUnallocated, NothingToWriteOff, InstructionExceedsPayment: the money.
        TermsRefused: amended terms contradict themselves.
    """
    _require_amount(loan_number, terms, event)
    _require_date(loan_number, stored, event)
    if isinstance(event, Reversed):
        _require_reversible(loan_number, stored, event)
        return
    standing = standing_events(stored)
    is_written_off = any(isinstance(earlier, WrittenOff) for earlier in standing)
    if is_written_off and not isinstance(event, Received | Refunded):
        raise LoanWrittenOff(loan_number=loan_number)
    match event:
        case Drawn():
            agreed = terms_in_force(terms, stored)
            _require_drawable(loan_number, agreed, stored, event, projection)
        case Received():
            instructed = sum(amount.minor for _, amount in event.instruction)
            if instructed > event.amount.minor:
                raise InstructionExceedsPayment(
                    instructed=Money(instructed, terms.currency), received=event.amount
                )
        case Waived() | Refunded() | WrittenOff() if projection is not None:
            _require_claim(loan_number, event, projection)
        case Charged() if projection is not None:
            in_force = terms_in_force(terms, stored)
            _require_under_ceiling(loan_number, in_force, stored, event, projection)
        case Amended():
            require_sound(event.terms)
        case _:
            pass


def _require_amount(loan_number: str, terms: Terms, event: LoanEvent) -> None:
    amount = getattr(event, "amount", None)
    if not isinstance(amount, Money):
        return
    if amount.currency != terms.currency:
        raise CurrencyMismatch(left=terms.currency.code, right=amount.currency.code)
    if amount.minor <= 0:
        raise AmountNotPositive(loan_number=loan_number, amount=amount)


def _require_date(loan_number: str, stored: Sequence[LoanEvent], event: LoanEvent) -> None:
    standing = standing_events(stored)
    takeover = _day_of(standing, Opened)
    if takeover is not None and event.value_date < takeover:
        raise ValueDateBeforeTakeover(
            loan_number=loan_number, value_date=event.value_date, taken_over_on=takeover
        )
    if isinstance(event, Received | Charged | Waived | Refunded | WrittenOff):
        starts = [
            day
            for kind in (Drawn, Opened, Restated)
            if (day := _day_of(standing, kind)) is not None
        ]
        if isinstance(event, Charged) and not starts:
            return
        if not starts or event.value_date < min(starts):
            raise ValueDateBeforeDrawdown(
                loan_number=loan_number,
                value_date=event.value_date,
                first_drawdown=min(starts, default=None),
            )


def _day_of(standing: Sequence[LoanEvent], kind: type[LoanEvent]) -> date | None:
    return next((event.value_date for event in standing if isinstance(event, kind)), None)


def _require_drawable(
    loan_number: str,
    terms: Terms,
    stored: Sequence[LoanEvent],
    event: Drawn,
    projection: Projection | None,
) -> None:
    if terms.maturity_date is not None and event.value_date >= terms.maturity_date:
        raise DrawdownAfterMaturity(
            loan_number=loan_number,
            value_date=event.value_date,
            maturity_date=terms.maturity_date,
        )
    drawable = Money(
        undrawn_of(
            terms,
            drawn=drawn_so_far(stored),
            outstanding=_most_outstanding(terms, stored, projection, since=event.value_date),
        ),
        terms.currency,
    )
    if event.amount > drawable:
        raise DrawdownAboveLimit(
            loan_number=loan_number,
            amount=event.amount,
            limit=terms.principal,
            drawable=drawable,
        )


def _most_outstanding(
    terms: Terms, stored: Sequence[LoanEvent], projection: Projection | None, *, since: date
) -> int:
    """Of a revolving line, the most outstanding on a day or after any later event, minor units."""
    if projection is None or terms.schedule_kind is not ScheduleKind.REVOLVING:
        return 0  # what was repaid is not drawn again, so that nothing hangs on it
    later = {event.value_date for event in standing_events(stored) if event.value_date > since}
    return max(position(projection, day).outstanding.minor for day in {since, *later})


def _require_claim(
    loan_number: str, event: Waived | Refunded | WrittenOff, projection: Projection
) -> None:
    now = position(projection, event.value_date)
    match event:
        case Waived():
            owed = now.owed(event.component)
            if event.amount > owed:
                raise WaiverExceedsClaim(
                    loan_number=loan_number,
                    component=event.component,
                    amount=event.amount,
                    owed=owed,
                )
        case Refunded():
            if event.amount > now.unallocated:
                raise RefundExceedsUnallocated(
                    loan_number=loan_number,
                    amount=event.amount,
                    unallocated=now.unallocated,
                )
        case WrittenOff():
            if now.life is not Life.ACTIVE or not now.debt:
                raise NothingToWriteOff(loan_number=loan_number, on=event.value_date)


def _require_under_ceiling(
    loan_number: str,
    terms: Terms,
    stored: Sequence[LoanEvent],
    event: Charged,
    projection: Projection,
) -> None:
    """What is charged by hand shares the ceiling of the contract with what accrues.

    A charge of an earlier day must leave room for those of later days that stand already.
    """
    if terms.charges_ceiling is None or event.component not in _UNDER_CEILING:
        return
    limit = int(terms.charges_ceiling * drawn_so_far(stored))
    charged_on = [
        one.value_date
        for one in standing_events(stored)
        if isinstance(one, Charged) and one.component in _UNDER_CEILING
    ]
    so_far = position(projection, max([event.value_date, *charged_on]))
    used = sum(so_far.total(component, Cause.ACCRUED).minor for component in _UNDER_CEILING)
    if used + event.amount.minor > limit:
        raise ChargeAboveCeiling(
            loan_number=loan_number,
            amount=str(event.amount),
            ceiling=str(Money(limit, terms.currency)),
            room=str(Money(max(limit - used, 0), terms.currency)),
        )


def _require_reversible(loan_number: str, stored: Sequence[LoanEvent], event: Reversed) -> None:
    if all(earlier.number != event.reverses for earlier in stored):
        raise EventUnknown(loan_number=loan_number, event_number=event.reverses)
    for earlier in stored:
        if isinstance(earlier, Reversed) and earlier.reverses == event.reverses:
            raise EventReversedAlready(
                loan_number=loan_number,
                event_number=event.reverses,
                reversed_by=earlier.number,
            )
