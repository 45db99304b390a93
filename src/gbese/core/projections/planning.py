"""Principal that is not due is spread over the periods to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.accruals.resets import rate_resets
from gbese.core.calendars.business_days import Calendar
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.projections.ceilings import accrued_under, ceilings_of
from gbese.core.projections.state import LoanState
from gbese.core.schedules.interest_periods import InterestPeriod, interest_periods
from gbese.core.schedules.plan import Planning


def adopt_terms(state: LoanState, terms: Terms, *, until: date | None) -> None:
    """Take the periods and ceilings of (new) terms; nothing has happened under them yet."""
    calendar = state.shared.calendar
    state.terms = terms
    state.periods = interest_periods(terms, calendar, until=until)
    state.level_periods = _level_periods(terms, calendar)
    last_day = terms.maturity_date or state.periods[-1].end
    state.rates.resets = rate_resets(terms, state.shared.fixings, calendar, last_day=last_day)
    if terms.interest_base_cycle is not None:
        state.base_days = terms.interest_base_cycle.dates(
            before=last_day, end_of_month=terms.end_of_month
        )
    state.next_period = state.next_due = 0
    state.interest_ended.clear()
    state.interest_due_early.clear()
    state.principal_due_early.clear()
    before = state.ceilings
    state.ceilings = ceilings_of(terms)
    for ceiling in state.ceilings:
        if ceiling.is_yearly:
            yearly = [old.used_before for old in before if old.is_yearly]
            ceiling.used_before = yearly[0] if yearly else accrued_under(state, ceiling)


def plan_as_signed(state: LoanState) -> None:
    """The plan of the agreement: all principal drawn before the first period to come."""
    state.parts = [0] * len(state.periods)
    state.not_due = state.terms.principal.minor
    replan(state)
    state.not_due = 0


def replan(state: LoanState, *, keep_level: bool = False) -> None:
    """Spread the principal not due over the periods still to fall due, counting from today.

    The rate of today is taken for all of them; a later rate plans anew.
    """
    first = max(state.next_period, state.next_due)
    coming = list(state.periods[first:])
    accrued = Fraction(0)
    if coming and first == state.next_period and state.has_started:
        coming[0] = replace(coming[0], start=max(coming[0].start, state.day))
        accrued = state.interest_exact()
    agreed = _agreed_instalment(state)
    keeps_level = keep_level and (state.level or state.terms.schedule_kind is ScheduleKind.CUSTOM)
    planning = Planning(
        day=state.day,
        terms=state.terms,
        outstanding=state.not_due,
        periods=tuple(coming),
        claim_offset=state.claim_offset,
        rate=rate_now(state),
        accrued=accrued,
        keep_level=state.level if keeps_level else agreed,
        level_periods=_to_come(state.level_periods, state.day),
        flat_base=state.base_for(state.not_due),
    )
    plan = planning.plan()
    state.plannings.append(planning)
    state.parts[first:] = plan.parts
    state.level = plan.level
    state.planned_rate = rate_now(state)


def follow_reset(state: LoanState) -> None:
    """Where the terms fix the rate anew today, instalments to come are worked out again."""
    if not state.rates.is_reset_on(state.day):
        return
    state.has_been_reset = True
    if state.has_started and state.terms.schedule_kind is ScheduleKind.ANNUITY:
        replan(state)


def take_base(state: LoanState) -> None:
    """Where a lagged base of interest is taken anew today, it follows principal."""
    if state.day in state.base_days:
        state.lagged_base = state.not_due


def rate_now(state: LoanState) -> Decimal:
    """The rate in force in the running period, a fraction a year; 0 when none runs."""
    period = state.running_period
    if period is None:
        return Decimal(0)
    return state.rates.on(max(state.day, period.start), period_start=period.start)


def _agreed_instalment(state: LoanState) -> int | None:
    """The instalment that the terms name, unless a reset of the rate has changed it since."""
    terms = state.terms
    if terms.given_instalment is None:
        return None
    if terms.schedule_kind is ScheduleKind.ANNUITY:
        is_changed = state.has_been_reset and terms.instalment_follows_rate
        return None if is_changed else terms.given_instalment.minor
    return terms.given_instalment.minor


def _level_periods(terms: Terms, calendar: Calendar) -> tuple[InterestPeriod, ...]:
    if terms.amortises_until is None:
        return ()
    return interest_periods(replace(terms, maturity_date=terms.amortises_until), calendar)


def _to_come(periods: tuple[InterestPeriod, ...], day: date) -> tuple[InterestPeriod, ...]:
    """The periods, or what is left of them, from a day on."""
    return tuple(
        replace(period, start=max(period.start, day)) for period in periods if period.end > day
    )
