"""A progressive loan that is charged off: still owed, and no longer counted on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from gbese.core.contracts.progressive import ChargeOffRule, Owed
from gbese.core.servicing.events import ChargedOff
from gbese.core.servicing.progressive.instalments import PARTS, Instalment
from gbese.core.servicing.progressive.loan import ProgressiveLoan
from gbese.core.servicing.progressive.postings import PostingKind

_NIGHT = timedelta(days=1)


def charge_off(loan: ProgressiveLoan, event: ChargedOff) -> None:
    """The loan is charged off with all that is left; interest goes on as the terms have it."""
    loan.follow_to(loan.day)
    match loan.agreed.charge_off:
        case ChargeOffRule.ZERO_INTEREST:
            _stop_interest(loan)
        case ChargeOffRule.ACCELERATE_MATURITY if loan.recalculates:
            end_on(loan, loan.day)
        case _:
            pass
    posting = loan.post(event.number, PostingKind.CHARGE_OFF, loan.outstanding)
    for instalment in loan.instalments:
        for owed in PARTS:
            posting.parts[owed] += instalment.left(owed)
    posting.is_fraud = loan.is_fraud = event.is_fraud
    posting.reason = loan.charge_off_reason = event.reason
    loan.charged_off_on = loan.day


def end_on(loan: ProgressiveLoan, day: date) -> None:
    """What is left of the plan falls due on a day; charges due later keep their dates."""
    places = [place for place, each in enumerate(loan.planned) if each.start < day < each.due]
    places += [place for place, each in enumerate(loan.planned) if each.due == day]
    if not places:
        return
    *_, last = kept = loan.planned[: places[0] + 1]
    dropped = loan.planned[len(kept) :]
    loan.plan.end_on(day)
    last.due = day
    later = [levy for each in dropped for levy in each.levies if levy.due > day]
    for instalment in dropped:
        _join(loan, instalment, last)
    loan.instalments = [each for each in loan.instalments if each not in dropped]
    for levy in later:
        last.levies.remove(levy)
        taker = loan.additional(levy.due)
        taker.levies.append(levy)
        for instalment, sign in ((last, -1), (taker, 1)):
            instalment.charged[levy.owed] += sign * levy.amount
            instalment.paid[levy.owed] += sign * levy.paid
            instalment.waived[levy.owed] += sign * levy.waived
    loan.follow_plan([last])
    for instalment in loan.instalments:
        instalment.check_met(loan.day)


def _join(loan: ProgressiveLoan, dropped: Instalment, last: Instalment) -> None:
    """What was charged and paid of an instalment is so of another one."""
    for owed in (Owed.FEE, Owed.PENALTY):
        last.charged[owed] += dropped.charged[owed]
    for owed in PARTS:
        last.paid[owed] += dropped.paid[owed]
        last.waived[owed] += dropped.waived[owed]
    last.paid_in_advance += dropped.paid_in_advance
    last.levies += dropped.levies
    loan.settled = [
        replace(each, instalment=last) if each.instalment is dropped else each
        for each in loan.settled
    ]


def _stop_interest(loan: ProgressiveLoan) -> None:
    """No interest from the day on; level payments stay, the last one takes the rest."""
    last = loan.plan.periods.last.due
    if loan.day >= last:
        return
    loan.plan.pause(loan.day + _NIGHT, last)
    if loan.recalculates:
        loan.follow_plan(loan.planned)
        _ask_in_its_period(loan)
    else:
        loan.follow_plan([each for each in loan.planned if not each.is_met])
    _ask_for_the_rest(loan)
    loan.interest_is_stopped = True


def _ask_in_its_period(loan: ProgressiveLoan) -> None:
    """Interest earned since a period was paid ahead is asked for with it, not with the next."""
    running = [each for each in loan.planned if each.start < loan.day < each.due]
    for instalment in running:
        if instalment.period is not None and instalment.is_met:
            earned = loan.plan.row(instalment.period).interest_earned
            later = earned - instalment.charged[Owed.INTEREST]
            _move_to_principal(instalment, -later)
            after = loan.planned[loan.planned.index(instalment) + 1]
            _move_to_principal(after, later)


def _move_to_principal(instalment: Instalment, interest: int) -> None:
    instalment.charged[Owed.INTEREST] -= interest
    instalment.charged[Owed.PRINCIPAL] += interest


def _ask_for_the_rest(loan: ProgressiveLoan) -> None:
    unmet = [each for each in loan.planned if not each.is_met]
    if unmet:
        asked = sum(each.charged[Owed.PRINCIPAL] for each in loan.planned)
        principal = loan.plan.principal + sum(each.credited_principal for each in loan.planned)
        unmet[-1].charged[Owed.PRINCIPAL] += principal - asked
        unmet[-1].check_met(loan.day)
