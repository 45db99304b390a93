"""Money of a progressive loan that goes back, and claims that are given up."""

from __future__ import annotations

from gbese.core.contracts.progressive import Owed
from gbese.core.servicing.events import ChargedBack, Refunded, WrittenOff
from gbese.core.servicing.progressive.instalments import PARTS, no_parts
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.paying import use_overpaid
from gbese.core.servicing.progressive.postings import PostingKind


def charge_back(loan: ProgressiveLoan, event: ChargedBack) -> None:
    """A payment is taken back, and owed again."""
    loan.follow_to(loan.day)
    amount = event.amount.minor
    posting = loan.post(event.number, PostingKind.CHARGEBACK, amount)
    is_plain = not loan.recalculates and not loan.agreed.chargeback_order
    if is_plain and loan.overpaid >= amount:
        posting.overpaid = amount
        loan.overpaid -= amount
        return
    loan.charged_back[event.number] = event.payment
    parts = _parts_charged_back(loan, event)
    if loan.recalculates and loan.day <= loan.planned[-1].due:
        posting.parts = parts
        _credit_plan(loan, parts)
    else:
        _credit_instalment(loan, parts)
        posting.parts = parts
    if loan.recalculates or loan.agreed.chargeback_order:
        posting.overpaid = loan.overpaid
    use_overpaid(loan, posting)
    if is_plain:
        posting.parts = {**no_parts(), Owed.PRINCIPAL: amount - posting.overpaid}


def _credit_plan(loan: ProgressiveLoan, parts: dict[Owed, int]) -> None:
    if parts[Owed.PRINCIPAL]:
        loan.plan.credit(loan.day, principal=parts[Owed.PRINCIPAL])
    if parts[Owed.INTEREST]:
        loan.plan.credit(loan.day, interest=parts[Owed.INTEREST])
    loan.follow_plan(loan.planned)
    last = loan.planned[-1]
    holding = [each for each in loan.planned if each.start <= loan.day < each.due]
    instalment = last if loan.day == last.due or not holding else holding[0]
    for owed in (Owed.FEE, Owed.PENALTY):
        instalment.charged[owed] += parts[owed]
    instalment.check_met(loan.day)


def _credit_instalment(loan: ProgressiveLoan, parts: dict[Owed, int]) -> None:
    """What comes back is asked for with the next instalment, or one of its own at the end."""
    coming = [each for each in loan.planned if each.due > loan.day]
    if coming:
        instalment = coming[0]
    elif loan.day == loan.planned[-1].due:
        instalment = loan.planned[-1]
    else:
        instalment = loan.additional(loan.day)
    for owed in PARTS:
        instalment.charged[owed] += parts[owed]
    instalment.credited_principal += parts[Owed.PRINCIPAL]
    instalment.credited_interest += parts[Owed.INTEREST]
    instalment.check_met(loan.day)


def _parts_charged_back(loan: ProgressiveLoan, event: ChargedBack) -> dict[Owed, int]:
    left = event.amount.minor
    if not loan.agreed.chargeback_order:
        return {**no_parts(), Owed.PRINCIPAL: left}
    [paid] = [each for each in loan.postings if each.event == event.payment]
    before = [
        each
        for each in loan.postings
        if loan.charged_back.get(each.event) == event.payment and each.event != event.number
    ]
    parts = no_parts()
    room = {owed: paid.parts[owed] - sum(b.parts[owed] for b in before) for owed in PARTS}
    for owed in loan.agreed.chargeback_order:
        parts[owed] = min(left, max(room[owed], 0))
        left -= parts[owed]
    parts[Owed.PRINCIPAL] += left
    return parts


def refund(loan: ProgressiveLoan, event: Refunded) -> None:
    """Money beyond all claims goes back; what goes back beyond it is lent again."""
    loan.follow_to(loan.day)
    amount = event.amount.minor
    posting = loan.post(event.number, PostingKind.CREDIT_BALANCE_REFUND, amount)
    lent = max(amount - loan.overpaid, 0)
    repaid = amount - lent
    posting.overpaid = repaid
    posting.parts[Owed.PRINCIPAL] = lent
    loan.overpaid -= repaid
    if lent:
        parts = {**no_parts(), Owed.PRINCIPAL: amount}
        if loan.recalculates and loan.day <= loan.planned[-1].due:
            _credit_plan(loan, parts)
        else:
            _credit_instalment(loan, parts)
        coming = [each for each in loan.instalments if each.due > loan.day]
        taker = (coming or loan.instalments)[0 if coming else -1]
        if repaid and taker.period is not None and loan.recalculates:
            loan.plan.pay_principal(taker.period, loan.day, repaid)
            loan.follow_plan(loan.planned)
        if repaid:
            taker.pay(Owed.PRINCIPAL, repaid, loan.day)
            taker.refunded += repaid


def write_off(loan: ProgressiveLoan, event: WrittenOff) -> None:
    """All that is left is given up."""
    loan.follow_to(loan.day)
    posting = loan.post(event.number, PostingKind.WRITE_OFF, loan.outstanding)
    for instalment in loan.instalments:
        for owed in PARTS:
            left = instalment.left(owed)
            posting.parts[owed] += left
            instalment.waived[owed] += left
        instalment.check_met(loan.day)
    loan.written_off_on = loan.day
