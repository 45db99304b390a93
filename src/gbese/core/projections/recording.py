"""What each event does to a loan on the day it happens."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from gbese.core.contracts.terms import FeeTerms, FeeTiming, ScheduleKind
from gbese.core.projections.ceilings import lift_ceilings
from gbese.core.projections.days import stop_all
from gbese.core.projections.falling_due import (
    call_in,
    call_in_interest,
    end_early_dues,
    fall_due_ahead,
    fall_due_whole,
)
from gbese.core.projections.penalties import watch_for_penalty
from gbese.core.projections.planning import adopt_terms, plan_as_signed, rate_now, replan
from gbese.core.projections.rows import Cause
from gbese.core.projections.state import LoanState, Unallocated
from gbese.core.servicing.allocation import (
    Allocation,
    Part,
    allocate,
    allocate_as_instructed,
)
from gbese.core.servicing.events import (
    Amended,
    Charged,
    ChargedBack,
    ChargedOff,
    Component,
    Drawn,
    DueDateMoved,
    EventNotForTheseTerms,
    InterestPaused,
    Lengthened,
    Levied,
    LevyWaived,
    LoanEvent,
    Opened,
    RateSet,
    Received,
    Refunded,
    Restated,
    Reversed,
    SurplusUse,
    Waived,
    WrittenOff,
)


def record(state: LoanState, event: LoanEvent) -> None:  # noqa: C901, PLR0912 - a case a kind
    """Let one event happen, after the day's own changes and before the night's accrual."""
    match event:
        case Drawn():
            _draw(state, event)
        case Received():
            _receive(state, event)
        case Opened():
            _open(state, event)
        case Charged():
            _charge(state, event)
        case Waived():
            _waive(state, event)
        case WrittenOff():
            _write_off(state, event)
        case Refunded():
            _refund(state, event)
        case RateSet():
            state.rates.set_rate(state.day, event.rate)
            if state.terms.schedule_kind is ScheduleKind.ANNUITY and state.has_started:
                replan(state)
        case Amended():
            _amend(state, event)
        case Restated():
            _restate(state, event)
        case Reversed():
            pass  # it works by leaving out what it reverses
        case (
            Levied()
            | LevyWaived()
            | ChargedBack()
            | ChargedOff()
            | InterestPaused()
            | DueDateMoved()
            | Lengthened()
        ):
            raise EventNotForTheseTerms(event=type(event).__name__)
        case _:
            assert_never(event)


def _start(state: LoanState) -> bool:
    """The first money: earlier periods are none of this loan's. Returns whether it is the first."""
    if state.has_started:
        return False
    state.has_started = True
    for index in range(state.next_period, state.next_due):  # fell due before money was lent
        state.parts[index] = state.interest_due_early[index] = 0
    state.next_due = max(state.next_due, state.next_period)
    state.first_drawn_on = state.day
    return True


def _draw(state: LoanState, event: Drawn) -> None:
    amount = event.amount.minor
    is_first = _start(state)
    is_as_signed = (
        is_first
        and amount == state.terms.principal.minor
        and state.next_due == 0
        and rate_now(state) == state.planned_rate
    )
    state.drawn += amount
    state.not_due += amount
    state.lagged_base += amount
    state.step(Component.PRINCIPAL, Cause.DRAWN, amount, claim=0, event=event.number)
    for fee in state.terms.fees:
        _charge_at_drawdown(state, fee, event)
    lift_ceilings(state)
    call_in(state, event.number)
    if not is_as_signed:
        replan(state)


def _charge_at_drawdown(state: LoanState, fee: FeeTerms, event: Drawn) -> None:
    if fee.timing is FeeTiming.WITH_EACH_INSTALMENT:
        return
    amount = state.fee_amount(fee, event.amount.minor)
    state.step(Component.FEE, Cause.ACCRUED, amount, claim=0, event=event.number)
    if fee.timing is FeeTiming.WITHHELD_AT_DRAWDOWN:
        state.step(Component.FEE, Cause.DUE, amount, claim=0, event=event.number)
        state.step(Component.FEE, Cause.WITHHELD, amount, claim=0, event=event.number)
    else:
        state.owe(0, {Component.FEE: amount}, accrues_from=state.day, event=event.number)


def _receive(state: LoanState, event: Received) -> None:
    left = event.amount.minor
    state.step(None, Cause.RECEIVED, left, claim=0, event=event.number)
    if state.is_written_off:
        state.step(None, Cause.RECOVERED, left, claim=0, event=event.number)
        return
    if event.surplus is not SurplusUse.HOLD and state.has_started:
        held = sum(money.amount for money in state.unallocated)
        if state.is_covered_by(left + held):
            fall_due_whole(state, event.number)
    for component, instructed in event.instruction:
        left -= _settle_as_instructed(state, component, instructed.minor, event.number)
    left = state.pay(left, Cause.PAID, event.number)
    if left and event.surplus is not SurplusUse.HOLD:
        left = _repay_early(state, left, event)
    if left:
        state.unallocated.append(Unallocated(event.number, left))


def _settle_as_instructed(state: LoanState, component: Component, amount: int, event: int) -> int:
    """Settle one component by instruction, what is due first; what could be settled of `amount`."""
    allocation = allocate_as_instructed(amount, state.all_open_claims(), [(component, amount)])
    state.settle(allocation, Cause.PAID, event)
    left = allocation.unallocated
    if component is Component.INTEREST and (early := min(left, state.interest_left())) > 0:
        state.settle_running_interest(early, Cause.PAID, event)
        left -= early
    if component is Component.PRINCIPAL and (early := min(left, state.not_due)) > 0:
        state.settle_not_due(early, Cause.PAID, event)
        replan(state)
        left -= early
    return amount - left


def _repay_early(state: LoanState, surplus: int, event: Received) -> int:
    """Repay principal that is not due, after what only waits for a business day to be due.

    Returns:
        What could not be used.
    """
    if not state.has_started:
        return surplus
    fall_due_ahead(state)
    surplus = state.pay(surplus, Cause.PAID, event.number)
    repaid = min(surplus, state.not_due)
    state.settle_not_due(repaid, Cause.PAID, event.number)
    replan(state, keep_level=event.surplus is SurplusUse.KEEP_INSTALMENT)
    return surplus - repaid


def _open(state: LoanState, event: Opened) -> None:
    _start(state)
    number = event.number
    state.drawn += event.drawn.minor
    state.last_statement = state.day
    overdue = event.principal_overdue.minor
    state.not_due += event.principal.minor - overdue
    state.lagged_base = event.principal.minor
    state.step(Component.PRINCIPAL, Cause.OPENED, event.principal.minor, claim=0, event=number)
    interest = event.interest_accrued.minor + event.interest_overdue.minor
    state.step(Component.INTEREST, Cause.OPENED, interest, claim=0, event=number)
    state.step(Component.FEE, Cause.OPENED, event.fee_overdue.minor, claim=0, event=number)
    last = _last_due_date(state)
    state.put_off_interest(event.interest_accrued.minor, event=number, due_date=last)
    amounts = {
        Component.INTEREST: event.interest_overdue.minor,
        Component.PRINCIPAL: overdue,
        Component.FEE: event.fee_overdue.minor,
    }
    if any(amounts.values()):
        key = state.owe(
            0, amounts, accrues_from=state.day, event=number, due_date=event.overdue_since
        )
        watch_for_penalty(state, key)
    if event.penalty_overdue:
        place = {"claim": 0, "event": number, "owed": len(state.owed) + 1}
        state.step(Component.PENALTY, Cause.OPENED, event.penalty_overdue.minor, **place)
        state.owe_penalty(event.penalty_overdue.minor, event.overdue_since or state.day)
    call_in(state, number, due_date=last)
    replan(state)


def _last_due_date(state: LoanState) -> date:
    return min(state.periods[-1].due_date_adjusted, state.day) if state.periods else state.day


def _charge(state: LoanState, event: Charged) -> None:
    amount, number = event.amount.minor, event.number
    place = {"claim": 0, "event": number, "owed": len(state.owed) + 1}
    state.step(event.component, Cause.ACCRUED, amount, **place)
    if event.component is Component.PENALTY:
        state.owe_penalty(amount, state.day)
        return
    key = state.owe(0, {event.component: amount}, accrues_from=state.day, event=number)
    watch_for_penalty(state, key)


def _waive(state: LoanState, event: Waived) -> None:
    amount = event.amount.minor
    allocation = allocate_as_instructed(
        amount, state.all_open_claims(), [(event.component, amount)]
    )
    state.settle(allocation, Cause.WAIVED, event.number)
    left = allocation.unallocated
    if event.component is Component.INTEREST and (early := min(left, state.interest_left())) > 0:
        state.settle_running_interest(early, Cause.WAIVED, event.number)
    if event.component is Component.PRINCIPAL and (early := min(left, state.not_due)) > 0:
        state.settle_not_due(early, Cause.WAIVED, event.number)
        replan(state)


def _write_off(state: LoanState, event: WrittenOff) -> None:
    end_early_dues(state)
    fall_due_ahead(state)
    claims = state.all_open_claims()
    everything = Allocation(
        tuple(Part(claim.component, claim.claim, claim.amount) for claim in claims), 0
    )
    state.settle(everything, Cause.WRITTEN_OFF, event.number)
    if (interest := state.interest_left()) > 0:
        state.settle_running_interest(interest, Cause.WRITTEN_OFF, event.number)
    state.settle_not_due(state.not_due, Cause.WRITTEN_OFF, event.number)
    state.parts = [0] * len(state.periods)
    state.is_written_off = True
    stop_all(state)


def _refund(state: LoanState, event: Refunded) -> None:
    left = event.amount.minor
    for money in state.unallocated:
        back = min(left, money.amount)
        money.amount -= back
        left -= back
    state.unallocated = [money for money in state.unallocated if money.amount]
    state.step(None, Cause.REFUNDED, event.amount.minor - left, claim=0, event=event.number)


def _amend(state: LoanState, event: Amended) -> None:
    """What is not due goes on under the new terms; where they ease, what is overdue joins it."""
    number = event.number
    end_early_dues(state)
    if state.running_claim < 0:
        call_in_interest(state, number)
    running = state.interest_left()
    claim = abs(state.running_claim)
    claims_begun = abs(state.interest.number) if state.interest else claim - 1
    if state.interest is not None:
        state.interest.stop(state.day)
    carried = running + sum(state.interest_ended.values())
    in_window = sum(state.parts[index] for index in state.interest_ended)
    state.interest, state.interest_settled = None, 0
    state.not_due += in_window
    if event.is_restructuring:
        state.is_restructured = True
        carried += _put_off_overdue(state, number)
    adopt_terms(state, event.terms, until=state.open_ended_until)
    state.rates.amend(state.day, event.terms.rate)
    if not state.has_started:
        plan_as_signed(state)
        return
    while (period := state.running_period) is not None and period.end <= state.day:
        state.next_period += 1
    state.next_due = state.next_period
    state.claim_offset = 0
    state.claim_offset = claims_begun + 1 - abs(state.running_claim)
    state.interest_carried = 0
    state.put_off_interest(carried, event=number)
    state.parts = [0] * len(state.periods)
    call_in(state, number)
    replan(state)


def _put_off_overdue(state: LoanState, event: int) -> int:
    """Take back that principal and interest fell due; the interest that waits for a new date."""
    interest = 0
    for key in range(state.first_unpaid, len(state.owed)):
        instalment = state.owed[key]
        principal = instalment.principal
        late = instalment.left.get(Component.INTEREST, 0)
        place = {"claim": max(instalment.claim, 0), "event": event, "owed": key + 1}
        state.step(Component.PRINCIPAL, Cause.DUE, -principal, **place)
        state.step(Component.INTEREST, Cause.DUE, -late, **place)
        state.not_due += principal
        interest += late
        state.lower(key, Component.PRINCIPAL, principal)
        state.lower(key, Component.INTEREST, late)
    return interest


def _restate(state: LoanState, event: Restated) -> None:
    _start(state)
    number = event.number
    state.last_statement = state.day
    state.drawn += event.drawn.minor
    adjustment = event.adjustment.minor
    state.not_due += event.drawn.minor + adjustment
    state.step(Component.PRINCIPAL, Cause.ADJUSTED, adjustment, claim=0, event=number)
    state.step(Component.PRINCIPAL, Cause.DRAWN, event.drawn.minor, claim=0, event=number)
    repaid = event.repaid.minor - state.repaid_since_statement
    state.repaid_since_statement = 0
    state.step(None, Cause.RECEIVED, repaid, claim=0, event=number)
    overdue = [claim for claim in state.all_open_claims() if claim.component is Component.PRINCIPAL]
    allocation = allocate(max(repaid, 0), overdue, state.terms.allocation_order)
    state.settle(allocation, Cause.PAID, number)
    rest = repaid if repaid < 0 else allocation.unallocated
    settled = min(rest, max(state.not_due, 0))
    state.settle_not_due(settled, Cause.PAID, number)
    if rest > settled:
        state.unallocated.append(Unallocated(number, rest - settled))
    call_in(state, number, due_date=_last_due_date(state))
    replan(state)
