"""The events of a loan: what happened, on which value date, for how much."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gbese.core.contracts.progressive import LevyBase, PaymentKind
from gbese.core.contracts.terms import Terms
from gbese.core.errors import Refusal
from gbese.core.money import Money


class Component(StrEnum):
    """A part of the debt that is kept apart from the others."""

    PRINCIPAL = "principal"
    INTEREST = "interest"
    FEE = "fee"
    PENALTY = "penalty"


class SurplusUse(StrEnum):
    """What becomes of money beyond what is due."""

    HOLD = "hold"  # stays unallocated and meets the next due date
    KEEP_TERM = "keep_term"  # repays principal early; the instalments shrink
    KEEP_INSTALMENT = "keep_instalment"  # repays principal early; the term shrinks


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all events have: a place in the order of recording, and the day they count from.

    `number` ascends in the order of recording and is unique in a loan.
    """

    number: int
    value_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Event):
    """The loan is taken over in mid-life with its balances at the end of `value_date`.

    `drawn` and `repaid` are the history before, for information; `principal` is outstanding, of it
    `principal_overdue` fell due on or before `overdue_since`. Interest, fees and penalties are
    what is owed of them already fallen due; `interest_accrued` is earned and not yet due.
    """

    principal: Money
    principal_overdue: Money
    overdue_since: date | None
    interest_accrued: Money
    interest_overdue: Money
    fee_overdue: Money
    penalty_overdue: Money
    drawn: Money
    repaid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn(Event):
    """The borrower takes money under the contract."""

    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """Money is paid on the loan.

    `instruction`, where given, says what it settles by component and adds up to at most `amount`;
    it overrides the contract's order. The rest goes by the order, then by `surplus`.
    """

    amount: Money
    surplus: SurplusUse = SurplusUse.HOLD
    kind: PaymentKind = PaymentKind.REPAYMENT
    refunds_interest: bool = True  # where the terms give back the interest of a purchase returned
    instruction: tuple[tuple[Component, Money], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged(Event):
    """A fee, penalty or amount of interest is charged by hand or by the lender's statement."""

    component: Component
    amount: Money
    charge_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived(Event):
    """A claim, or a part of it, is given up by agreement."""

    component: Component
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenOff(Event):
    """All that is owed leaves the books; later receipts are recoveries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(Event):
    """Unallocated money goes back to the payer."""

    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSet(Event):
    """A new nominal rate of this loan, a fraction a year, from the night of `value_date` on."""

    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(Event):
    """New terms from `value_date`; what was outstanding goes on under them.

    `is_restructuring` tells that they were eased because the borrower could not pay.
    """

    terms: Terms
    is_restructuring: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated(Event):
    """A later statement of the other side gives cumulative figures that differ from ours.

    Used where only stocks are known: what was drawn and repaid since the last statement, and the
    difference of exchange, are booked on the statement's date.
    """

    drawn: Money
    repaid: Money
    adjustment: Money
    adjustment_reason: str


class EventNotForTheseTerms(Refusal):
    """The terms of the loan know no such event."""

    code = "event_not_for_these_terms"


class ReversalReason(StrEnum):
    """Why an event is turned round."""

    ENTERED_TWICE = "entered_twice"
    WRONG_LOAN = "wrong_loan"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_DATE = "wrong_date"
    PAYMENT_RETURNED = "payment_returned"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversed(Event):
    """The event with number `reverses` counts as never having happened, from now on."""

    reverses: int
    reason: ReversalReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Levied(Event):
    """A fee or penalty is agreed that falls due on a day, or with each instalment.

    It is an `amount`, or a `rate` (a fraction) of its `base`. Only on progressive terms.
    """

    component: Component
    charge_kind: str
    due_date: date | None  # None: with each instalment
    amount: Money | None = None
    rate: Decimal | None = None
    base: LevyBase = LevyBase.PRINCIPAL


@dataclass(frozen=True, slots=True, kw_only=True)
class LevyWaived(Event):
    """What is left of a fee or penalty that was levied is given up; `levy` is its number."""

    levy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedBack(Event):
    """A payer's bank takes a payment back, or a part of it; `payment` is its number."""

    payment: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedOff(Event):
    """The lender no longer counts on being paid: an expense to it, still owed by the borrower."""

    is_fraud: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestPaused(Event):
    """No interest is earned from the night before `value_date` up to `until`."""

    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDateMoved(Event):
    """The instalment due on `value_date` falls due on another day, those after it follow."""

    new_due_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengthened(Event):
    """Periods are added at the end; from `value_date` on the level payment is found anew."""

    periods: int


LoanEvent = (
    Opened
    | Drawn
    | Received
    | Charged
    | Waived
    | WrittenOff
    | Refunded
    | RateSet
    | Amended
    | Restated
    | Reversed
    | Levied
    | LevyWaived
    | ChargedBack
    | ChargedOff
    | InterestPaused
    | DueDateMoved
    | Lengthened
)
