"""Fees and penalties of a progressive loan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gbese.core.contracts.progressive import LevyBase, Owed
from gbese.core.money import round_minor
from gbese.core.servicing.events import (
    Charged,
    Component,
    EventNotForTheseTerms,
    Levied,
    LevyWaived,
)
from gbese.core.servicing.progressive.instalments import Instalment, Levy
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.paying import use_overpaid_payments
from gbese.core.servicing.progressive.postings import PostingKind

_PARTS_OF = {Component.FEE: Owed.FEE, Component.PENALTY: Owed.PENALTY}


def levy(loan: ProgressiveLoan, event: Levied) -> None:
    """A fee or penalty is asked for on a day, or with each instalment."""
    if event.due_date is None:
        loan.each_instalment.append(event)
        spread_levies(loan)
        return
    amount = _levied(loan, event, loan.planned_drawings, loan.plan.interest())
    _add_levy(loan, event, event.due_date, amount)
    use_overpaid_payments(loan)


def charge(loan: ProgressiveLoan, event: Charged) -> None:
    """A fee or penalty charged by hand is due on its day."""
    if event.component not in _PARTS_OF:
        raise EventNotForTheseTerms(event=type(event).__name__)
    levied = Levied(
        number=event.number,
        value_date=event.value_date,
        component=event.component,
        charge_kind=event.charge_kind,
        due_date=event.value_date,
        amount=event.amount,
    )
    levy(loan, levied)


def _levied(loan: ProgressiveLoan, event: Levied, principal: int, interest: int) -> int:
    if event.amount is not None:
        return event.amount.minor
    bases = {
        LevyBase.PRINCIPAL: principal,
        LevyBase.INTEREST: interest,
        LevyBase.PRINCIPAL_AND_INTEREST: principal + interest,
    }
    exact = bases[event.base] * (event.rate or Decimal(0))
    return round_minor(*exact.as_integer_ratio(), loan.agreed.plan.rounding)


def _add_levy(loan: ProgressiveLoan, event: Levied, due: date, amount: int) -> Levy:
    levy = Levy(event.number, due, event.value_date, _PARTS_OF[event.component], amount)
    instalment = _instalment_for(loan, due)
    instalment.levies.append(levy)
    instalment.charged[levy.owed] += amount
    instalment.check_met(loan.day)
    loan.levies.append(levy)
    return levy


def _instalment_for(loan: ProgressiveLoan, due: date) -> Instalment:
    """The instalment a fee due on a day is asked for with; after the last, one of its own."""
    planned = loan.planned
    for instalment in planned:
        is_first = instalment is planned[0]
        if (instalment.start < due or (is_first and instalment.start == due)) and (
            due <= instalment.due
        ):
            return instalment
    return loan.additional(due)


def spread_levies(loan: ProgressiveLoan) -> None:
    """What is levied with each instalment is counted anew for those not yet met."""
    numbers = {event.number for event in loan.each_instalment}
    if not numbers:
        return
    for instalment in loan.planned:
        if instalment.is_met:
            continue
        for event in loan.each_instalment:
            amount = _levied(
                loan, event, instalment.charged[Owed.PRINCIPAL], instalment.charged[Owed.INTEREST]
            )
            known = [levy for levy in instalment.levies if levy.number == event.number]
            if known:
                instalment.charged[known[0].owed] += amount - known[0].amount
                known[0].amount = amount
                continue
            levy = Levy(
                event.number,
                instalment.due,
                event.value_date,
                _PARTS_OF[event.component],
                amount,
            )
            instalment.levies.append(levy)
            instalment.charged[levy.owed] += amount
            loan.levies.append(levy)


def waive_levy(loan: ProgressiveLoan, event: LevyWaived) -> None:
    """What was left when it was given up stays given up, whatever is known later."""
    left = loan.given_up.get(event.number)
    posting = loan.post(event.number, PostingKind.CHARGE_WAIVER, 0)
    for instalment in loan.instalments:
        for levy in instalment.levies:
            if levy.number == event.levy:
                part = levy.left if left is None else min(left, levy.left)
                left = None if left is None else left - part
                posting.amount += part
                posting.given_up[levy.owed] += part
                instalment.waived[levy.owed] += part
                levy.waived += part
                instalment.check_met(loan.day)
