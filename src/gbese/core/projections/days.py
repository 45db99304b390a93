"""What the days do to a loan: when something changes next, and what accrues until then."""

from __future__ import annotations

import heapq
from datetime import date

from gbese.core.accruals.claims import AccruingClaim
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.projections.ceilings import next_anniversary
from gbese.core.projections.falling_due import call_in_interest
from gbese.core.projections.penalties import (
    follow_what_is_left,
    is_penalised,
    may_be_penalised,
    run_penalty,
)
from gbese.core.projections.rows import Interval, IntervalKind, Life
from gbese.core.projections.state import LoanState
from gbese.core.schedules.interest_periods import clock_after_maturity
from gbese.core.servicing.events import Component

_YEARS_FOLLOWED = 40  # how long a yearly ceiling is renewed while nothing else happens


def next_day_of_change(state: LoanState, event_day: date | None) -> date | None:
    """The next day on which something changes; None when nothing will any more."""
    days = [] if event_day is None else [event_day]
    if state.has_started and not state.is_written_off:
        period = state.running_period
        if period is not None:
            days.append(period.end)
        if period is not None or (state.interest is not None and state.interest.is_running):
            until = period.end if period else date.max
            days.extend(state.rates.changes_between(state.day, until)[:1])
        if state.base_days:
            days.extend(day for day in state.base_days if day > state.day)
        if state.next_due < len(state.periods):
            days.append(state.periods[state.next_due].due_date_adjusted)
        while state.penalty_starts and not may_be_penalised(state, state.penalty_starts[0][1]):
            heapq.heappop(state.penalty_starts)
        if state.penalty_starts:
            days.append(state.penalty_starts[0][0])
        if any(ceiling.is_yearly for ceiling in state.ceilings) and (
            days or (state.contract_years < _YEARS_FOLLOWED and is_penalised(state))
        ):
            days.append(next_anniversary(state))
    return max(min(days), state.day) if days else None


def accrue(state: LoanState) -> None:
    """Let interest and penalties run on from today on what is now owed."""
    if not state.has_started or state.is_written_off:
        return
    _run_interest(state)
    while state.penalty_starts and state.penalty_starts[0][0] <= state.day:
        _, key, daily_rate = heapq.heappop(state.penalty_starts)
        if may_be_penalised(state, key):
            run_penalty(state, key, daily_rate)
    if state.touched:
        follow_what_is_left(state)
    if state.running_period is None and not (state.interest and state.interest.is_running):
        call_in_interest(state, 0)  # no principal is left to bear it


def stop_all(state: LoanState) -> None:
    """Nothing accrues from today on."""
    for claim in state.claims:
        claim.stop(state.day)


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
    may_draw = state.terms.schedule_kind is ScheduleKind.REVOLVING
    is_drawn = state.drawn >= state.terms.principal.minor and not may_draw
    is_over = is_drawn or state.running_period is None
    return Life.SETTLED if is_over and state.is_clear() else Life.ACTIVE


def _mark(state: LoanState, kind: IntervalKind, fact: str) -> None:
    start, held = state.marks.get(kind, (state.day, ""))
    if held == fact:
        return
    if held and start < state.day:
        state.intervals.append(Interval(kind, start, state.day, held))
    state.marks[kind] = (state.day, fact)


def _run_interest(state: LoanState) -> None:
    period = state.running_period
    number = state.running_claim
    if state.interest is None or state.interest.number != number:
        state.interest = AccruingClaim(Component.INTEREST, number, state.terms.rounding)
        state.claims.append(state.interest)
    if any(c.is_reached and Component.INTEREST in c.components for c in state.ceilings):
        return
    start = period.start if period else state.periods[-1].end if state.periods else state.day
    rate = state.rates.on(state.day, period_start=start)
    state.interest.run(
        max(state.day, start),
        base=max(state.interest_base(), 0),
        rate=period.rate_of(rate) if period else rate,
        clock=period.clock
        if period
        else clock_after_maturity(state.terms, start, state.shared.calendar),
        end=period.end if period else None,
    )
