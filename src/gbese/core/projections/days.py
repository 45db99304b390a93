"""What the days do to a loan by themselves: periods end, instalments fall due, claims accrue."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from gbese.core.accruals.ceilings import first_day_above, shares_of_the_rest
from gbese.core.accruals.claims import AccruingClaim
from gbese.core.accruals.penalties import DAILY, tier_starts
from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, roll
from gbese.core.contracts.terms import PenaltyBase, ScheduleKind, Terms
from gbese.core.money import round_minor
from gbese.core.projections.rows import Cause, Interval, IntervalKind, Life
from gbese.core.projections.state import Ceiling, LoanState
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.interest_periods import clock_after_maturity, interest_periods
from gbese.core.schedules.plan import Planning
from gbese.core.servicing.allocation import allocate
from gbese.core.servicing.events import Component

_YEARLY = Frequency(1, FrequencyUnit.YEAR)
_YEARS_FOLLOWED = 40  # how long a yearly ceiling is renewed while nothing else happens
_OVER_LIFE = frozenset({Component.INTEREST, Component.PENALTY})


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
    state.principal_due_early.clear()
    before = state.ceilings
    state.ceilings = _ceilings(terms)
    for ceiling in state.ceilings:
        if ceiling.is_yearly:
            yearly = [old.used_before for old in before if old.is_yearly]
            ceiling.used_before = yearly[0] if yearly else _accrued_under(state, ceiling)


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
    keeps_level = keep_level and (state.level or state.terms.schedule_kind is ScheduleKind.CUSTOM)
    planning = Planning(
        day=state.day,
        terms=state.terms,
        outstanding=state.not_due,
        periods=tuple(coming),
        claim_offset=state.claim_offset,
        rate=rate_now(state),
        accrued=accrued,
        keep_level=state.level if keeps_level else None,
    )
    plan = planning.plan()
    state.plannings.append(planning)
    state.parts[first:] = plan.parts
    state.level = plan.level
    state.planned_rate = rate_now(state)


def plan_as_signed(state: LoanState) -> None:
    """The plan of the agreement: all principal drawn before the first period to come."""
    state.parts = [0] * len(state.periods)
    state.not_due = state.terms.principal.minor
    replan(state)
    state.not_due = 0


def end_periods(state: LoanState) -> None:
    """Planned principal leaves what is not due when its period ends, whenever it is paid."""
    while (period := state.running_period) is not None and period.end <= state.day:
        index = state.next_period
        if state.has_started:
            interest = _end_interest(state)
            if index in state.interest_due_early:
                _correct_early_due(state, index, interest)
            elif index < state.next_due:  # it was ended early; what accrued since waits
                state.interest_carried += interest
            else:
                state.not_due -= state.parts[index]
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
        if state.has_started and not state.is_written_off:
            _fall_due_next(state)
            if state.terms.follows_statements:
                _count_as_paid(state)
        else:
            state.next_due += 1


def fall_due_ahead(state: LoanState) -> None:
    """Instalments whose period has ended fall due today, though their day comes after days off."""
    while state.next_due < state.next_period:
        _fall_due_next(state)


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


def accrue(state: LoanState) -> None:
    """Let interest and penalties run on from today on what is now owed."""
    if not state.has_started or state.is_written_off:
        return
    if state.running_period is None and state.interest_carried > 0:
        amounts = {Component.INTEREST: state.interest_carried}
        state.owe(0, amounts, accrues_from=state.day, event=0)  # no due date is to come
        state.interest_carried = 0
    _run_interest(state)
    while state.penalty_starts and state.penalty_starts[0][0] <= state.day:
        _, key, daily_rate = heapq.heappop(state.penalty_starts)
        if _may_be_penalised(state, key):
            _run_penalty(state, key, daily_rate)
    if state.touched:
        _follow_what_is_left(state)
    if state.running_period is None and not (state.interest and state.interest.is_running):
        call_in_interest(state, 0)  # no principal is left to bear it


def keep_ceilings(state: LoanState, day: date | None) -> None:
    """Stop what shares a ceiling on the day it is reached, if that is by `day` (None: ever)."""
    if not state.has_started or state.is_written_off:
        return
    before, after = state.day, state.day
    while reached := _reached_first(state, after=after, last=day):
        ceiling, state.day = reached
        ceiling.is_reached = True
        after = state.day - timedelta(days=1)
        sharing = _sharing(state, ceiling)
        shares = shares_of_the_rest(sharing, _limit(state, ceiling), day=state.day)
        for claim, rest in zip(sharing, shares, strict=True):
            claim.stop(after)
            claim.charged += rest
            state.step(claim.component, Cause.ACCRUED, rest, claim=claim.number, event=0)
    if day is not None:
        state.day = before


def renew_yearly_ceilings(state: LoanState) -> None:
    """A new contract year begins today: yearly ceilings count from zero."""
    if not any(ceiling.is_yearly for ceiling in state.ceilings) or not state.first_drawn_on:
        return
    if state.day < _next_anniversary(state):
        return
    while _next_anniversary(state) <= state.day:
        state.contract_years += 1
    for ceiling in state.ceilings:
        if ceiling.is_yearly:
            ceiling.used_before = _accrued_under(state, ceiling)
            _lift(state, ceiling)


def lift_ceilings(state: LoanState) -> None:
    """More was drawn, so ceilings that were reached leave room again."""
    for ceiling in state.ceilings:
        _lift(state, ceiling)


def watch_for_penalty(state: LoanState, key: int) -> None:
    """Note when the penalty of an instalment would start, tier by tier."""
    if state.terms.penalty is None:
        return
    due_date = state.owed[key].due_date
    for start, daily_rate in tier_starts(state.terms.penalty, due_date):
        heapq.heappush(state.penalty_starts, (start, key, daily_rate))


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


def rate_now(state: LoanState) -> Decimal:
    """The rate in force in the running period, a fraction a year; 0 when none runs."""
    period = state.running_period
    if period is None:
        return Decimal(0)
    return state.rates.on(max(state.day, period.start), period_start=period.start)


def _replan_at_new_rate(state: LoanState) -> None:
    if state.running_period is not None and rate_now(state) != state.planned_rate:
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
    number = state.running_claim
    if state.interest is None or state.interest.number != number:
        state.interest = AccruingClaim(Component.INTEREST, number, state.terms.rounding)
        state.claims.append(state.interest)
    if any(c.is_reached and Component.INTEREST in c.components for c in state.ceilings):
        return
    start = period.start if period else state.periods[-1].end if state.periods else state.day
    state.interest.run(
        max(state.day, start),
        base=max(state.interest_base(), 0),
        rate=state.rates.on(state.day, period_start=start),
        clock=period.clock
        if period
        else clock_after_maturity(state.terms, start, state.shared.calendar),
        end=period.end if period else None,
    )


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
        rate = state.rates.on(start, period_start=period.start)
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
    state.interest_carried += difference


def _fall_due_next(state: LoanState) -> None:
    index, period = state.next_due, state.periods[state.next_due]
    state.next_due += 1
    principal = state.parts[index]
    if index in state.interest_ended:
        interest = state.interest_ended.pop(index)
    else:
        interest = _interest_to_come(state, index)
        state.interest_due_early[index] = interest
        state.principal_due_early[index] = principal
        state.not_due -= principal
    fee = state.instalment_fee() if principal or interest else 0
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


def _may_be_penalised(state: LoanState, key: int) -> bool:
    return key >= state.first_unpaid and state.owed[key].is_unpaid


def _is_penalised(state: LoanState) -> bool:
    return any(
        state.owed[key].penalty is not None and state.owed[key].is_unpaid for key in state.penalised
    )


def _follow_what_is_left(state: LoanState) -> None:
    """Penalties run on what is left of the instalments that were paid or corrected today."""
    for key in sorted(state.touched):
        instalment = state.owed[key]
        if instalment.penalty is not None and instalment.penalty.is_running:
            _run_penalty(state, key, instalment.penalty_rate)
    state.penalised = [
        key
        for key in state.penalised
        if key not in state.touched
        or state.owed[key].is_unpaid
        or state.owed[key].penalty_left(state.day) > 0
    ]
    state.touched.clear()


def _reached_first(
    state: LoanState, *, after: date, last: date | None
) -> tuple[Ceiling, date] | None:
    """The ceiling reached first, and the day; of two on one day, the one with less room."""
    reached: list[tuple[date, int, int]] = []
    for place, ceiling in enumerate(state.ceilings):
        if ceiling.is_reached:
            continue
        sharing = _sharing(state, ceiling)
        running = [claim for claim in sharing if claim.is_running]
        used = sum(claim.accrued(after) for claim in sharing if not claim.is_running)
        room = _limit(state, ceiling) - used
        day = first_day_above(running, room, after=after, last=last)
        if day is not None:
            eve = day - timedelta(days=1)
            reached.append((day, room - sum(claim.accrued(eve) for claim in running), place))
    if not reached:
        return None
    day, _, place = min(reached)
    return state.ceilings[place], day


def _sharing(state: LoanState, ceiling: Ceiling) -> list[AccruingClaim]:
    return [claim for claim in state.claims if claim.component in ceiling.components]


def _limit(state: LoanState, ceiling: Ceiling) -> int:
    return ceiling.used_before + int(ceiling.fraction * state.drawn)


def _accrued_under(state: LoanState, ceiling: Ceiling) -> int:
    return sum(claim.accrued(state.day) for claim in _sharing(state, ceiling))


def _lift(state: LoanState, ceiling: Ceiling) -> None:
    if not ceiling.is_reached:
        return
    ceiling.is_reached = False
    for key in state.penalised:
        if state.owed[key].is_unpaid:
            _run_penalty(state, key, state.owed[key].penalty_rate)


def _run_penalty(state: LoanState, key: int, daily_rate: Decimal) -> None:
    instalment = state.owed[key]
    instalment.penalty_rate = daily_rate
    penalty = instalment.penalty or state.open_penalty(key)
    if any(c.is_reached and Component.PENALTY in c.components for c in state.ceilings):
        return
    terms = state.terms.penalty
    base = instalment.principal
    if terms is not None and terms.base is PenaltyBase.OVERDUE_PRINCIPAL_AND_INTEREST:
        base += instalment.left.get(Component.INTEREST, 0)
    penalty.run(state.day, base=base, rate=daily_rate, clock=DAILY, end=None)


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
