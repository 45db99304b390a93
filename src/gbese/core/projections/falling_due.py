"""Periods end and instalments fall due: what the dates of the contract do by themselves."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from gbese.core.contracts.terms import ScheduleKind
from gbese.core.money import round_minor
from gbese.core.projections.penalties import watch_for_penalty
from gbese.core.projections.planning import rate_now, replan
from gbese.core.projections.rows import Cause
from gbese.core.projections.state import LoanState
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse
from gbese.core.servicing.allocation import allocate
from gbese.core.servicing.events import Component


def end_periods(state: LoanState) -> None:
    """Planned principal leaves what is not due when its period ends, whenever it is paid."""
    while (
        (period := state.running_period) is not None
        and period.end <= state.day
        and not _waits_for_drawdown(state, period)
    ):
        waiting = _end_period(state, period) if state.has_started else 0
        state.next_period += 1
        state.put_off_interest(waiting, event=0)
        joins = period.interest is InterestUse.CAPITALISED or state.parts[period.number - 1] < 0
        if state.has_started and joins:
            _plan_what_joined(state)
        elif state.has_started and state.terms.schedule_kind is ScheduleKind.ANNUITY:
            _replan_at_new_rate(state)


def fall_due(state: LoanState) -> None:
    """Instalments whose (adjusted) due date is today become claims."""
    while (
        state.next_due < len(state.periods)
        and state.periods[state.next_due].due_date_adjusted <= state.day
        and not _waits_for_drawdown(state, state.periods[state.next_due])
    ):
        if state.has_started and not state.is_written_off:
            _fall_due_next(state)
            if state.terms.follows_statements:
                _count_as_paid(state)
        else:
            state.next_due += 1


def fall_due_ahead(state: LoanState) -> None:
    """Instalments whose period has ended fall due today, though their day comes after days off."""
    while state.next_due < state.next_period:
        _fall_due_next(state, is_ahead=True)


def end_early_dues(state: LoanState) -> None:
    """What fell due ahead of its period's end is cut to the interest that has accrued by today."""
    for index in sorted(state.interest_due_early):
        accrued = state.interest_so_far() if index == state.next_period else 0
        _correct_early_due(state, index, accrued)
        if index == state.next_period:
            state.interest_settled += accrued


def fall_due_whole(state: LoanState, event: int) -> None:
    """All of the loan falls due today, with the interest to today: it is about to be paid off."""
    end_early_dues(state)
    fall_due_ahead(state)
    interest, principal = state.interest_left(), state.not_due
    state.not_due = 0
    replan(state)
    if interest or principal:
        amounts = {Component.INTEREST: interest, Component.PRINCIPAL: principal}
        key = state.owe(state.running_claim, amounts, accrues_from=state.day, event=event)
        state.interest_settled += interest
        state.correct_interest_due(key, 0)


def call_in(state: LoanState, event: int, *, due_date: date | None = None) -> None:
    """Principal that has no due date to come falls due today, as if due on `due_date`."""
    is_open_ended = state.terms.maturity_date is None
    has_periods = max(state.next_period, state.next_due) < len(state.periods)
    if state.not_due <= 0 or has_periods or is_open_ended:
        return
    amount, state.not_due = state.not_due, 0
    amounts = {Component.PRINCIPAL: amount}
    due_date = min(due_date or state.day, state.day)
    key = state.owe(0, amounts, accrues_from=state.day, event=event, due_date=due_date)
    watch_for_penalty(state, key)


def call_in_interest(state: LoanState, event: int) -> None:
    """Interest that has accrued falls due today."""
    if (left := state.interest_left()) > 0:
        amounts = {Component.INTEREST: left}
        state.owe(state.running_claim, amounts, accrues_from=state.day, event=event)
        state.interest_settled += left


def meet_claims(state: LoanState) -> None:
    """Money paid in advance meets what has fallen due."""
    if not state.unallocated or not state.has_claims():
        return
    for money in state.unallocated:
        money.amount = state.pay(money.amount, Cause.PAID, money.event)
        if money.amount:
            break  # nothing is left to meet
    state.unallocated = [money for money in state.unallocated if money.amount]


def _replan_at_new_rate(state: LoanState) -> None:
    is_reset = state.rates.is_reset_on(state.day)  # then it is planned anew by itself
    if not is_reset and state.running_period and rate_now(state) != state.planned_rate:
        replan(state)


def _plan_what_joined(state: LoanState) -> None:
    """Principal has grown, as planned or otherwise; instalments stay while the rate does."""
    in_parts = state.terms.schedule_kind in {ScheduleKind.ANNUITY, ScheduleKind.LINEAR}
    replan(state, keep_level=in_parts and rate_now(state) == state.planned_rate)


def _waits_for_drawdown(state: LoanState, period: InterestPeriod) -> bool:
    """Whether it falls due on the day of the drawdown, and the money is still to come that day."""
    return not state.has_started and period.start == period.end == state.day


def _end_period(state: LoanState, period: InterestPeriod) -> int:
    """The running period ends and may add to principal; the interest that still waits, if any."""
    index = state.next_period
    claim = state.claim_offset + period.number
    interest = 0 if period.interest is InterestUse.RUNS_ON else _end_interest(state)
    part = state.parts[index]
    growth = max(min(-part, interest), 0)
    if period.interest is InterestUse.CAPITALISED:
        growth = interest
    if index in state.interest_due_early:
        _correct_early_due(state, index, interest - growth)
    elif index < state.next_due:  # it was ended early; what accrued since waits
        return interest
    else:
        state.not_due -= max(part, 0)
        state.interest_ended[index] = interest - growth
    _capitalise(state, growth, claim)
    return 0


def _capitalise(state: LoanState, amount: int, claim: int) -> None:
    """Interest joins principal today; below zero, it takes from it."""
    state.step(Component.INTEREST, Cause.DUE, amount, claim=claim, event=0)
    state.step(Component.INTEREST, Cause.CAPITALISED, amount, claim=claim, event=0)
    state.step(Component.PRINCIPAL, Cause.CAPITALISED, amount, claim=claim, event=0)
    state.not_due += amount


def _end_interest(state: LoanState) -> int:
    """Close the running period's interest; what of it is to fall due."""
    left = state.interest_so_far()
    if state.interest is not None:
        state.interest.stop(state.day)
    state.interest = None
    state.interest_carried = state.interest_settled = 0
    return left


def _interest_to_come(state: LoanState, index: int) -> int:
    """A period's interest as it will be at its end, if nothing more happens."""
    period = state.periods[index]
    known, exact = 0, Fraction(0)
    if index == state.next_period:
        known = state.interest_carried - state.interest_settled
    if index == state.next_period and state.interest is not None:
        known += state.interest.charged
        exact = state.interest.unrounded(period.end)
    else:
        start = max(period.start, state.day)
        units = period.clock.units(period.end) - period.clock.units(start)
        rate = period.rate_of(state.rates.on(start, period_start=period.start))
        exact = Fraction(rate) * Fraction(state.interest_base() * units, period.clock.denominator)
    return known + round_minor(exact.numerator, exact.denominator, state.terms.rounding)


def _correct_early_due(state: LoanState, index: int, interest: int) -> None:
    """Interest that fell due before its period ended is now known."""
    difference = interest - state.interest_due_early.pop(index)
    state.principal_due_early.pop(index, None)
    claim = state.claim_offset + state.periods[index].number
    for key in reversed(range(len(state.owed))):
        if state.owed[key].claim == claim:
            state.owed[key].accrues_from = min(state.owed[key].accrues_from, state.day)
            if difference:
                state.correct_interest_due(key, difference)
            return
    state.put_off_interest(difference, event=0)


def _fall_due_next(state: LoanState, *, is_ahead: bool = False) -> None:
    """The next instalment becomes a claim; its fee is charged on its due date, not ahead of it."""
    index, period = state.next_due, state.periods[state.next_due]
    state.next_due += 1
    principal = max(state.parts[index], 0)
    if index in state.interest_ended:
        interest = state.interest_ended.pop(index)
    else:
        interest = 0
        if period.interest is InterestUse.PAID:
            interest = _interest_to_come(state, index) + min(state.parts[index], 0)
        state.interest_due_early[index] = interest
        state.principal_due_early[index] = principal
        state.not_due -= principal
    fee = state.instalment_fee() if (principal or interest) and not is_ahead else 0
    if not principal and not interest and not fee:
        return
    claim = state.claim_offset + period.number
    state.step(Component.FEE, Cause.ACCRUED, fee, claim=claim, event=0)
    amounts = {Component.INTEREST: interest, Component.PRINCIPAL: principal, Component.FEE: fee}
    accrues_from = max(period.end, period.due_date_adjusted)
    due_date = period.due_date_adjusted
    key = state.owe(claim, amounts, accrues_from=accrues_from, event=0, due_date=due_date)
    state.fallen.append(
        PlannedInstalment(
            number=claim,
            period_start=period.start,
            period_end=period.end,
            due_date_adjusted=period.due_date_adjusted,
            principal=principal,
            interest=interest,
            fee=fee,
            outstanding_after=state.not_due,
            is_expected=False,
        )
    )
    watch_for_penalty(state, key)
    if interest < 0:
        state.correct_interest_due(key, 0)


def _count_as_paid(state: LoanState) -> None:
    claims = state.all_open_claims()
    due_today = [claim for claim in claims if claim.due_date == state.day]
    amount = sum(claim.amount for claim in due_today)
    state.step(None, Cause.RECEIVED, amount, claim=0, event=0)
    allocation = allocate(amount, due_today, state.terms.allocation_order)
    state.settle(allocation, Cause.PAID, 0)
    state.repaid_since_statement += sum(
        part.amount for part in allocation.parts if part.component is Component.PRINCIPAL
    )
