"""Facts in, projection out."""

from __future__ import annotations

from datetime import date, timedelta

from gbese.core.accruals.rate_path import RatePath
from gbese.core.contracts.terms import RateEffect, ScheduleKind
from gbese.core.projections.ceilings import keep_ceilings, renew_yearly_ceilings
from gbese.core.projections.days import (
    accrue,
    end_intervals,
    mark_intervals,
    next_day_of_change,
)
from gbese.core.projections.expected import expected_rows
from gbese.core.projections.facts import METHOD, LoanFacts, standing_events
from gbese.core.projections.falling_due import end_periods, fall_due, meet_claims
from gbese.core.projections.planning import adopt_terms, follow_reset, plan_as_signed, take_base
from gbese.core.projections.progressive import project_progressive
from gbese.core.projections.recording import record
from gbese.core.projections.rows import Projection
from gbese.core.projections.state import LoanState
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.plan import Planning


def project(facts: LoanFacts) -> Projection:
    """What will happen to the loan if nothing more is recorded.

    The same facts give the same projection, in whatever order they were recorded. Instalments not
    paid are projected as unpaid: what they cost from day to day is in the rows, until a payment
    makes another version.

    Raises:
        ScheduleError, PeriodError: the terms cannot be turned into periods.
        EventNotForTheseTerms: progressive terms know no such event.
    """
    if facts.terms.progressive is not None:
        return project_progressive(facts, facts.terms.progressive)
    projection, _ = project_with_plannings(facts)
    return projection


def project_with_plannings(facts: LoanFacts) -> tuple[Projection, tuple[Planning, ...]]:
    """The same, and every time principal was spread over instalments, in order."""
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
    events = list(reversed(standing_events(facts.events)))
    plan: list[PlannedInstalment] = []
    if not events:
        plan = expected_rows(state, outstanding=terms.principal.minor)
    state.day = date.min
    while day := next_day_of_change(state, events[-1].value_date if events else None):
        keep_ceilings(state, day)
        state.day = day
        renew_yearly_ceilings(state)
        end_periods(state)
        fall_due(state)
        follow_reset(state)
        take_base(state)
        meet_claims(state)
        is_last_recorded, had_started = False, state.has_started
        while events and events[-1].value_date == day:
            record(state, events.pop())
            meet_claims(state)
            is_last_recorded = not events
        if state.has_started and not had_started:  # what falls due on the day of the drawdown
            end_periods(state)
            fall_due(state)
            meet_claims(state)
        accrue(state)
        if is_last_recorded:
            plan = [*state.fallen, *_rows_to_come(state)]
        mark_intervals(state)
    keep_ceilings(state, None)
    end_intervals(state)
    projection = Projection(
        currency=state.terms.currency,
        rounding=state.terms.rounding,
        segments=tuple(segment for claim in state.claims for segment in claim.segments),
        steps=tuple(sorted(state.steps, key=lambda step: step.day)),
        intervals=tuple(state.intervals),
        plan=tuple(plan),
        horizon=_horizon(state),
        method=METHOD,
    )
    return projection, tuple(state.plannings)


def _rows_to_come(state: LoanState) -> list[PlannedInstalment]:
    """What is expected from today; of a loan nobody has drawn, as if all were drawn today."""
    if state.has_started or state.is_written_off:
        return expected_rows(state, outstanding=state.not_due)
    plan_as_signed(state)
    return expected_rows(state, outstanding=state.terms.principal.minor)


def _horizon(state: LoanState) -> date | None:
    """The last day whose figures may be booked; None is no limit."""
    limits: list[date] = []
    if state.terms.follows_statements and state.last_statement is not None:
        limits.append(state.last_statement)
    if state.terms.schedule_kind is ScheduleKind.ON_DEMAND and state.open_ended_until is not None:
        limits.append(state.open_ended_until)
    if (fixed_to := _last_day_by_fixings(state)) is not None:
        limits.append(fixed_to)
    if (hole := _first_night_in_a_hole(state)) is not None:
        limits.append(hole)
    return min(limits, default=None)


def _last_day_by_fixings(state: LoanState) -> date | None:
    """The last day whose rate is published; None where all of them are, or none is needed."""
    fixed_to = state.rates.fixed_to
    if fixed_to is None or fixed_to == date.max:
        return None
    if state.terms.rate.effect is RateEffect.SAME_DAY:
        return fixed_to + timedelta(days=1)  # the night that begins on the last known day
    fixed = [period.end for period in state.periods if period.start <= fixed_to]
    if len(fixed) == len(state.periods) and state.periods[-1].end <= fixed_to:
        return None  # the rate after maturity is known as well
    return max(fixed, default=fixed_to)


def _first_night_in_a_hole(state: LoanState) -> date | None:
    """The first night whose rate would rest on a value that was too old by then."""
    first_night = state.first_drawn_on or state.terms.interest_from
    lived = [one.start for one in state.periods if one.end > first_night]
    return state.rates.unfixed_from(first_night, lived)
