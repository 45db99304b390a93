"""What the days do to a loan by themselves: periods end, instalments fall due, claims accrue."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from gbese.core.accruals.ceilings import first_day_above, shares_of_the_rest
from gbese.core.accruals.claims import AccruingClaim
from gbese.core.accruals.penalties import DAILY, tier_starts
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.contracts.terms import PenaltyBase, ScheduleKind, Terms
from gbese.core.money import round_minor
from gbese.core.projections.owed import OwedInstalment
from gbese.core.projections.rows import Cause, Interval, IntervalKind, Life
from gbese.core.projections.state import Ceiling, LoanState
from gbese.core.schedules.interest_periods import (
    InterestPeriod,
    clock_after_maturity,
    interest_periods,
)
from gbese.core.schedules.plan import principal_plan
from gbese.core.servicing.allocation import allocate
from gbese.core.servicing.events import Component

_YEARLY = Frequency(1, FrequencyUnit.YEAR)
_YEARS_FOLLOWED = 40  # how long a yearly ceiling is renewed while nothing else happens
_OVER_LIFE = frozenset({Component.INTEREST, Component.PENALTY})


def next_day_of_change(state: LoanState, event_day: date | None) -> date | None:
    """The next day on which something changes; None when nothing will any more."""
    days = [] if event_day is None else [event_day]
    if state.has_started and not state.is_written_off:
        if (period := state.running_period) is not None:
            days.append(period.end)
            days.extend(state.rates.changes_between(state.day, period.end)[:1])
        if state.next_due < len(state.periods):
            days.append(state.periods[state.next_due].due_date_adjusted)
        while state.penalty_starts and not _may_be_penalised(state, state.penalty_starts[0][1]):
            heapq.heappop(state.penalty_starts)
        if state.penalty_starts:
            days.append(state.penalty_starts[0][0])
        if any(ceiling.is_yearly for ceiling in state.ceilings) and (
            days or (state.contract_years < _YEARS_FOLLOWED and _is_penalised(state))
        ):
            days.append(_next_anniversary(state))
    return max(min(days), state.day) if days else None


def adopt_terms(state: LoanState, terms: Terms, *, until: date | None) -> None:
    """Take the periods and ceilings of (new) terms; nothing has happened under them yet."""
    state.terms = terms
    state.periods = interest_periods(terms, state.shared.calendar, until=until)
    state.next_period = state.next_due = 0
    state.interest_ended.clear()
    state.interest_due_early.clear()
    state.ceilings = _ceilings(terms)


def replan(state: LoanState, *, keep_level: bool = False) -> None:
    """Spread the principal not due over the periods still to fall due, counting from today.

    The rate of today is taken for all of them; a later rate plans anew.
    """
    first = max(state.next_period, state.next_due)
    fallen = sum(state.parts[state.next_period : first])
    coming = list(state.periods[first:])
    if coming and first == state.next_period and state.has_started:
        coming[0] = replace(coming[0], start=max(coming[0].start, state.day))
    plan = principal_plan(
        state.terms,
        state.not_due - fallen,
        coming,
        [_rate_now(state)] * len(coming),
        keep_level=state.level if keep_level and state.level else None,
    )
    state.parts[first:] = plan.parts
    state.level = plan.level
    state.planned_rate = _rate_now(state)


def plan_as_signed(state: LoanState) -> None:
    """The plan of the agreement: all principal drawn on the day interest runs from."""
    state.parts = [0] * len(state.periods)
    state.not_due = state.terms.principal.minor
    replan(state)
    state.not_due = 0


def end_periods(state: LoanState) -> None:
    """Planned principal leaves what is not due when its period ends, whenever it is paid."""
    while (period := state.running_period) is not None and period.end <= state.day:
        index = state.next_period
        if state.has_started:
            state.not_due -= state.parts[index]
            interest = _end_interest(state)
            if index in state.interest_due_early:
                _correct_early_due(state, index, interest)
            else:
                state.interest_ended[index] = interest
        state.next_period += 1
        if state.has_started and state.terms.schedule_kind is ScheduleKind.ANNUITY:
            _replan_at_new_rate(state)


def fall_due(state: LoanState) -> None:
    """Instalments whose (adjusted) due date is today become claims."""
    while (
        state.next_due < len(state.periods)
        and state.periods[state.next_due].due_date_adjusted <= state.day
    ):
        index, period = state.next_due, state.periods[state.next_due]
        state.next_due += 1
        if not state.has_started or state.is_written_off:
            continue
        if index in state.interest_ended:
            interest = state.interest_ended.pop(index)
        else:
            interest = state.interest_due_early[index] = _interest_to_come(state, period)
        principal = state.parts[index]
        fee = state.instalment_fee() if principal or interest else 0
        state.step(Component.FEE, Cause.ACCRUED, fee, claim=period.number, event=0)
        if principal or interest or fee:
            state.owe(
                period.number,
                {
                    Component.INTEREST: interest,
                    Component.PRINCIPAL: principal,
                    Component.FEE: fee,
                },
                accrues_from=max(period.end, state.day),
                event=0,
            )
            watch_for_penalty(state, len(state.owed) - 1)
        if state.terms.follows_statements:
            _count_as_paid(state)


def meet_claims(state: LoanState) -> None:
    """Money paid in advance meets what has fallen due."""
    for money in state.unallocated:
        allocation = allocate(money.amount, state.open_claims(), state.terms.allocation_order)
        state.settle(allocation, Cause.PAID, money.event)
        money.amount = allocation.unallocated
    state.unallocated = [money for money in state.unallocated if money.amount]


def accrue(state: LoanState) -> None:
    """Let interest and penalties run on from today on what is now owed."""
    if not state.has_started or state.is_written_off:
        return
    _run_interest(state)
    while state.penalty_starts and state.penalty_starts[0][0] <= state.day:
        _, key, daily_rate = heapq.heappop(state.penalty_starts)
        _run_penalty(state, state.owed[key], daily_rate)
    for instalment in state.owed:
        if instalment.penalty is not None and instalment.penalty.is_running:
            _run_penalty(state, instalment, instalment.penalty_rate)


def keep_ceilings(state: LoanState, day: date | None) -> None:
    """Stop what shares a ceiling on the day it is reached, if that is by `day` (None: ever)."""
    for ceiling in state.ceilings:
        if not state.has_started or state.is_written_off or ceiling.is_reached:
            continue
        sharing = [claim for claim in state.claims if claim.component in ceiling.components]
        limit = ceiling.used_before + int(ceiling.fraction * state.drawn)
        reached = first_day_above(sharing, limit, after=state.day, last=day)
        if reached is None:
            continue
        ceiling.is_reached = True
        shares = shares_of_the_rest(sharing, limit, day=reached)
        before, state.day = state.day, reached
        for claim, rest in zip(sharing, shares, strict=True):
            claim.stop(reached - timedelta(days=1))
            claim.charged += rest
            state.step(claim.component, Cause.ACCRUED, rest, claim=claim.number, event=0)
        state.day = before if day is not None else reached


def renew_yearly_ceilings(state: LoanState) -> None:
    """A new contract year begins today: yearly ceilings count from zero."""
    if not any(ceiling.is_yearly for ceiling in state.ceilings) or not state.first_drawn_on:
        return
    if state.day != _next_anniversary(state):
        return
    state.contract_years += 1
    for ceiling in state.ceilings:
        if ceiling.is_yearly:
            ceiling.used_before = sum(
                claim.accrued(state.day)
                for claim in state.claims
                if claim.component in ceiling.components
            )
            if ceiling.is_reached:
                ceiling.is_reached = False
                for instalment in state.owed[state.first_unpaid :]:
                    if instalment.penalty is not None:
                        _run_penalty(state, instalment, instalment.penalty_rate)


def watch_for_penalty(state: LoanState, key: int) -> None:
    """Note when the penalty of an instalment would start, tier by tier."""
    if state.terms.penalty is None:
        return
    due_date = state.owed[key].due_date
    for start, daily_rate in tier_starts(state.terms.penalty, due_date):
        heapq.heappush(state.penalty_starts, (max(start, state.day), key, daily_rate))


def mark_intervals(state: LoanState) -> None:
    """Note which stage of life and which oldest unpaid date hold from today."""
    _mark(state, IntervalKind.LIFE, life(state))
    oldest = state.oldest_unpaid()
    _mark(state, IntervalKind.OLDEST_UNPAID, oldest.isoformat() if oldest else "")
    if state.is_restructured:
        _mark(state, IntervalKind.RESTRUCTURED, "yes")


def end_intervals(state: LoanState) -> None:
    """What holds at the end of all that is known holds for good."""
    for kind, (start, fact) in state.marks.items():
        if fact:
            state.intervals.append(Interval(kind, start, None, fact))


def life(state: LoanState) -> Life:
    """The stage of life the loan is in today."""
    if state.is_written_off:
        return Life.WRITTEN_OFF
    if not state.has_started:
        return Life.UNDRAWN
    is_over = state.drawn >= state.terms.principal.minor or state.running_period is None
    return Life.SETTLED if is_over and state.is_clear() else Life.ACTIVE


def stop_all(state: LoanState) -> None:
    """Nothing accrues from today on."""
    for claim in state.claims:
        claim.stop(state.day)


def _rate_now(state: LoanState) -> Decimal:
    period = state.running_period
    if period is None:
        return Decimal(0)
    return state.rates.on(max(state.day, period.start), period_start=period.start)


def _replan_at_new_rate(state: LoanState) -> None:
    if state.running_period is not None and _rate_now(state) != state.planned_rate:
        replan(state)


def _mark(state: LoanState, kind: IntervalKind, fact: str) -> None:
    start, held = state.marks.get(kind, (state.day, ""))
    if held == fact:
        return
    if held and start < state.day:
        state.intervals.append(Interval(kind, start, state.day, held))
    state.marks[kind] = (state.day, fact)


def _run_interest(state: LoanState) -> None:
    period = state.running_period
    number = period.number if period else len(state.periods) + 1
    if state.interest is None or state.interest.number != number:
        state.interest = AccruingClaim(Component.INTEREST, number, state.terms.rounding)
        state.claims.append(state.interest)
    if any(c.is_reached and Component.INTEREST in c.components for c in state.ceilings):
        return
    base = state.not_due
    if state.terms.interest_runs_on_overdue:
        base += state.overdue_principal()
    start = period.start if period else state.periods[-1].end if state.periods else state.day
    state.interest.run(
        state.day,
        base=max(base, 0),
        rate=state.rates.on(state.day, period_start=start),
        clock=period.clock
        if period
        else clock_after_maturity(state.terms, start, state.shared.calendar),
        end=period.end if period else None,
    )


def _end_interest(state: LoanState) -> int:
    """Close the running period's interest; what of it is to fall due."""
    left = state.interest_left()
    if state.interest is not None:
        state.interest.stop(state.day)
    state.interest = None
    state.interest_carried = state.interest_settled = 0
    return left


def _interest_to_come(state: LoanState, period: InterestPeriod) -> int:
    """The running period's interest as it will be at the period's end."""
    if state.interest is None:
        return 0
    exact = state.interest.unrounded(period.end)
    accrued = state.interest.charged + round_minor(
        exact.numerator, exact.denominator, state.terms.rounding
    )
    return state.interest_carried + accrued - state.interest_settled


def _correct_early_due(state: LoanState, index: int, interest: int) -> None:
    """Interest that fell due before its period ended turned out otherwise."""
    difference = interest - state.interest_due_early.pop(index)
    number = state.periods[index].number
    if not difference:
        return
    for instalment in state.owed:
        if instalment.claim == number:
            instalment.left[Component.INTEREST] += difference
            state.step(Component.INTEREST, Cause.DUE, difference, claim=number, event=0)


def _count_as_paid(state: LoanState) -> None:
    claims = state.open_claims()
    due_today = [claim for claim in claims if claim.due_date == state.day]
    amount = sum(claim.amount for claim in due_today)
    state.step(None, Cause.RECEIVED, amount, claim=0, event=0)
    allocation = allocate(amount, due_today, state.terms.allocation_order)
    state.settle(allocation, Cause.PAID, 0)
    state.repaid_since_statement += sum(
        part.amount for part in allocation.parts if part.component is Component.PRINCIPAL
    )


def _may_be_penalised(state: LoanState, key: int) -> bool:
    return key >= state.first_unpaid and state.owed[key].is_unpaid


def _is_penalised(state: LoanState) -> bool:
    return any(
        instalment.penalty is not None and instalment.is_unpaid
        for instalment in state.owed[state.first_unpaid :]
    )


def _run_penalty(state: LoanState, instalment: OwedInstalment, daily_rate: Decimal) -> None:
    instalment.penalty_rate = daily_rate
    if instalment.penalty is None:
        instalment.penalty = AccruingClaim(
            Component.PENALTY, instalment.claim, state.terms.rounding
        )
        state.claims.append(instalment.penalty)
    if any(c.is_reached and Component.PENALTY in c.components for c in state.ceilings):
        return
    terms = state.terms.penalty
    base = instalment.principal
    if terms is not None and terms.base is PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST:
        base += instalment.left.get(Component.INTEREST, 0)
    instalment.penalty.run(state.day, base=base, rate=daily_rate, clock=DAILY, end=None)


def _ceilings(terms: Terms) -> list[Ceiling]:
    ceilings: list[Ceiling] = []
    if terms.penalty is not None and terms.penalty.cap_of_principal is not None:
        ceilings.append(
            Ceiling(
                terms.penalty.cap_of_principal,
                frozenset({Component.PENALTY}),
                terms.penalty.cap_is_yearly,
            )
        )
    if terms.charges_ceiling is not None:
        ceilings.append(Ceiling(terms.charges_ceiling, _OVER_LIFE, is_yearly=False))
    return ceilings


def _next_anniversary(state: LoanState) -> date:
    start = state.first_drawn_on or state.terms.signed_on
    return roll(start, _YEARLY, state.contract_years + 1, end_of_month=False)
