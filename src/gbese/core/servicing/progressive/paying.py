"""Payments on a progressive loan, used on its instalments; the plan follows."""

from __future__ import annotations

from datetime import date

from gbese.core.contracts.progressive import (
    DueClass,
    Owed,
    PaymentKind,
    PaymentRule,
    Place,
    Processing,
)
from gbese.core.servicing.events import Received
from gbese.core.servicing.progressive.instalments import PARTS, Instalment, unpaid
from gbese.core.servicing.progressive.loan import ProgressiveLoan, Settled
from gbese.core.servicing.progressive.postings import Posting, PostingKind
from gbese.core.servicing.progressive.using import Payment, Use, use_payment


def receive(loan: ProgressiveLoan, event: Received) -> None:
    """A payment is used; interest may be given back with it."""
    pay(loan, event.number, event.kind, event.amount.minor)
    if event.kind in loan.agreed.interest_refunded_for and event.refunds_interest:
        _refund_interest(loan, event)


def _refund_interest(loan: ProgressiveLoan, event: Received) -> None:
    """Interest that a purchase returned has cost is given back, as if never borrowed."""
    if loan.interest_without is None:
        return
    interest = loan.plan.as_of(loan.day).interest() - loan.interest_refunded
    if (amount := interest - loan.interest_without(event)) > 0:
        loan.interest_refunded += amount
        pay(loan, event.number, PaymentKind.INTEREST_REFUND, amount)


def pay(loan: ProgressiveLoan, event: int, kind: PaymentKind, amount: int) -> None:
    """Use an amount as a payment of a kind, and tell it."""
    loan.is_paying_off = _pays_off(loan, amount)
    loan.follow_to(loan.day)
    posting = loan.post(event, PostingKind(kind), amount)
    use = _use(loan, amount, loan.agreed.rule_for(kind))
    posting.parts = use.parts
    posting.overpaid = use.left
    if loan.charged_off_on is not None:
        posting.is_recovery, posting.is_fraud = True, loan.is_fraud
        posting.reason = loan.charge_off_reason
    loan.overpaid = loan.overpaid + use.left if use.left else 0
    loan.is_paying_off = False


def _pays_off(loan: ProgressiveLoan, amount: int) -> bool:
    """Whether a payment closes a loan whose interest is counted to the end of the period."""
    agreed = loan.agreed.recalculation
    current = loan.plan.periods.holding(loan.day)
    if agreed is None or not agreed.closes_with_period or current is None:
        return False
    return amount >= sum(loan.plan.outstanding_on(current.due))


def _use(loan: ProgressiveLoan, money: int, rule: PaymentRule) -> Use:
    skipped: set[int] = set()
    return use_payment(
        money,
        loan.instalments,
        Payment(
            loan.day,
            rule,
            loan.agreed.processing,
            loan.recalculates,
            loan.agreed.dues_by_charge_date,
        ),
        lambda instalment, place, share: _take(loan, instalment, place, share, skipped),
        is_skipped=lambda instalment: id(instalment) in skipped,
    )


def _take(
    loan: ProgressiveLoan, instalment: Instalment, place: Place, money: int, skipped: set[int]
) -> int:
    """Pay one part of one instalment; where interest follows payments, the plan follows."""
    if not loan.recalculates or instalment.period is None:
        skipped.add(id(instalment))
        return _settle(loan, instalment, place.owed, money)
    period, day = instalment.period, loan.day
    if place.due_class is DueClass.IN_ADVANCE:
        day = _counted_day(loan, instalment)
        ahead = loan.plan.payable_ahead(
            period, day, is_vertical=loan.agreed.processing is Processing.VERTICAL
        )
        if not ahead.interest and not ahead.principal:
            skipped.add(id(instalment))
        if place.owed is Owed.INTEREST:
            instalment.charged[Owed.INTEREST] = ahead.interest
        elif place.owed is Owed.PRINCIPAL:
            instalment.charged[Owed.PRINCIPAL] = ahead.principal
    taken = _settle(loan, instalment, place.owed, money)
    if place.owed is Owed.PRINCIPAL:
        loan.plan.pay_principal(period, day, taken)
        loan.follow_plan(loan.planned)
    elif place.owed is Owed.INTEREST:
        loan.plan.pay_interest(period, day, taken)
        loan.follow_plan(loan.planned)
    return taken


def _settle(loan: ProgressiveLoan, instalment: Instalment, owed: Owed, money: int) -> int:
    taken = instalment.pay(owed, money, loan.day)
    if taken:
        loan.settled.append(Settled(loan.event, loan.day, instalment, owed, taken))
    return taken


def _counted_day(loan: ProgressiveLoan, instalment: Instalment) -> date:
    agreed = loan.agreed.recalculation
    if agreed is not None and (agreed.rests_by_period or loan.is_paying_off):
        is_running = instalment.start < loan.day <= instalment.due
        return instalment.due if is_running else loan.day
    return loan.day


def use_overpaid(loan: ProgressiveLoan, posting: Posting) -> None:
    """Money that met no claim before is used on what is asked for now."""
    if loan.overpaid <= 0:
        return
    posting.overpaid = min(posting.amount, loan.overpaid)
    rule = loan.agreed.rule_for(PaymentKind.REPAYMENT)
    loan.overpaid = _use(loan, loan.overpaid, rule).left


def use_overpaid_payments(loan: ProgressiveLoan) -> None:
    """Payments that met too few claims are used on the new one, oldest first."""
    for posting in [each for each in loan.postings if each.overpaid and _is_payment(each)]:
        money = min(loan.overpaid, posting.overpaid)
        if not money or not unpaid(loan.instalments):
            continue
        day, loan.day = loan.day, posting.day
        use = _use(loan, money, loan.agreed.rule_for(PaymentKind(posting.kind)))
        loan.day = day
        used = money - use.left
        posting.overpaid -= used
        loan.overpaid -= used
        for owed in PARTS:
            posting.parts[owed] += use.parts[owed]


def _is_payment(posting: Posting) -> bool:
    return posting.kind.value in {kind.value for kind in PaymentKind}
