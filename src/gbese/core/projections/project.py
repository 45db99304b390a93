"""Facts in, projection out."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from gbese.core.accruals.rate_path import RatePath
from gbese.core.contracts.terms import ScheduleKind
from gbese.core.money import round_minor
from gbese.core.projections.days import (
    accrue,
    adopt_terms,
    end_intervals,
    end_periods,
    fall_due,
    keep_ceilings,
    mark_intervals,
    meet_claims,
    next_day_of_change,
    plan_as_signed,
    renew_yearly_ceilings,
)
from gbese.core.projections.facts import METHOD, LoanFacts, standing_events
from gbese.core.projections.recording import record
from gbese.core.projections.rows import Cause, Projection
from gbese.core.projections.state import LoanState
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.servicing.events import Component


def project(facts: LoanFacts) -> Projection:
    """What will happen to the loan if nothing more is recorded.

    The same facts give the same projection, in whatever order they were recorded. Instalments not
    paid are projected as unpaid: what they cost from day to day is in the rows, until a payment
    makes another version.

    Raises:
        ScheduleError, PeriodError: the terms cannot be turned into periods.
    """
    terms = facts.terms
    state = LoanState(
        shared=facts.shared,
        terms=terms,
        rates=RatePath(terms.rate, facts.shared.fixings),
        open_ended_until=facts.open_ended_until,
        day=terms.interest_from,
    )
    adopt_terms(state, terms, until=facts.open_ended_until)
    plan_as_signed(state)
    plan = _expected_rows(state, outstanding=terms.principal.minor)
    state.day = date.min
    events = list(reversed(standing_events(facts.events)))
    while day := next_day_of_change(state, events[-1].value_date if events else None):
        keep_ceilings(state, day)
        state.day = day
        renew_yearly_ceilings(state)
        end_periods(state)
        fall_due(state)
        meet_claims(state)
        is_last_recorded = False
        while events and events[-1].value_date == day:
            record(state, events.pop())
            is_last_recorded = not events
        accrue(state)
        if is_last_recorded:
            plan = [*_fallen_rows(state), *_expected_rows(state, outstanding=state.not_due)]
        mark_intervals(state)
    keep_ceilings(state, None)
    end_intervals(state)
    return Projection(
        currency=state.terms.currency,
        rounding=state.terms.rounding,
        segments=tuple(segment for claim in state.claims for segment in claim.segments),
        steps=tuple(sorted(state.steps, key=lambda step: step.day)),
        intervals=tuple(state.intervals),
        plan=tuple(plan),
        horizon=_horizon(state),
        method=METHOD,
    )


def _fallen_rows(state: LoanState) -> list[PlannedInstalment]:
    """The schedule's instalments that have fallen due, as they did."""
    due: dict[int, dict[Component, int]] = {}
    for step in state.steps:
        if step.cause is Cause.DUE and step.claim and not step.event and step.component:
            amounts = due.setdefault(step.claim, dict.fromkeys(Component, 0))
            amounts[step.component] += step.amount
    return [
        PlannedInstalment(
            number=period.number,
            period_start=period.start,
            period_end=period.end,
            due_date_adjusted=period.due_date_adjusted,
            principal=due[period.number][Component.PRINCIPAL],
            interest=due[period.number][Component.INTEREST],
            fee=due[period.number][Component.FEE],
            outstanding_after=_not_due_on(state, period.due_date_adjusted),
            is_expected=False,
        )
        for period in state.periods[: state.next_due]
        if period.number in due
    ]


def _not_due_on(state: LoanState, day: date) -> int:
    """Principal that had not fallen due at the end of the day."""
    signs = {
        Cause.OPENED: 1,
        Cause.DRAWN: 1,
        Cause.CAPITALISED: 1,
        Cause.ADJUSTED: 1,
        Cause.DUE: -1,
    }
    return sum(
        signs.get(step.cause, 0) * step.amount
        for step in state.steps
        if step.component is Component.PRINCIPAL and step.day <= day
    )


def _expected_rows(state: LoanState, *, outstanding: int) -> list[PlannedInstalment]:
    """The instalments to come, as they fall due when each is paid on its day."""
    rows: list[PlannedInstalment] = []
    left = outstanding
    fee = state.instalment_fee()
    for index in range(state.next_due, len(state.periods)):
        period, principal = state.periods[index], state.parts[index]
        start = max(period.start, state.day)
        interest = state.interest_ended.get(index)
        if interest is None:
            rate = state.rates.on(start, period_start=period.start)
            units = period.clock.units(period.end) - period.clock.units(start)
            exact = Fraction(rate) * Fraction(left * units, period.clock.denominator)
            known = 0
            if index == state.next_period and state.interest is not None:
                exact += state.interest.unrounded(state.day)
                known = state.interest_carried - state.interest_settled + state.interest.charged
            interest = known + round_minor(exact.numerator, exact.denominator, state.terms.rounding)
            left -= principal
        if not principal and not interest and not fee:
            continue
        rows.append(
            PlannedInstalment(
                number=period.number,
                period_start=period.start,
                period_end=period.end,
                due_date_adjusted=period.due_date_adjusted,
                principal=principal,
                interest=interest,
                fee=fee,
                outstanding_after=left,
                is_expected=not state.rates.is_fixed(period.start),
            )
        )
    return rows


def _horizon(state: LoanState) -> date | None:
    """The last day whose figures may be booked; None is no limit."""
    limits: list[date] = []
    if state.terms.follows_statements and state.last_statement is not None:
        limits.append(state.last_statement)
    if state.terms.schedule_kind is ScheduleKind.ON_DEMAND and state.open_ended_until is not None:
        limits.append(state.open_ended_until)
    if state.rates.fixed_to is not None:
        unfixed = [p.end for p in state.periods if p.start <= state.rates.fixed_to]
        limits.append(max(unfixed, default=state.rates.fixed_to))
    return min(limits, default=None)
