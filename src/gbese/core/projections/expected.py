"""The instalments to come, as they fall due when each is paid on its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from gbese.core.contracts.terms import InterestBase
from gbese.core.money import round_minor
from gbese.core.projections.state import LoanState
from gbese.core.schedules.instalments import PlannedInstalment
from gbese.core.schedules.interest_periods import InterestPeriod, InterestUse

_NOTHING = Fraction(0)


def expected_rows(state: LoanState, *, outstanding: int) -> list[PlannedInstalment]:
    """The rows of the plan from today, with `outstanding` minor units not due yet.

    A row is expected where its rate is not published yet; the rate of today is taken for it.
    """
    fee = state.instalment_fee()
    return [
        PlannedInstalment(
            number=period.number + state.claim_offset,
            period_start=period.start,
            period_end=period.end,
            due_date_adjusted=period.due_date_adjusted,
            principal=principal,
            interest=interest,
            fee=fee,
            outstanding_after=left,
            is_expected=not state.rates.is_fixed(period.start),
        )
        for period, principal, interest, left in _rows(state, outstanding)
        if principal or interest
    ]


def _rows(state: LoanState, left: int) -> Iterator[tuple[InterestPeriod, int, int, int]]:
    """Each period to fall due: its principal, its interest, and what is outstanding after it."""
    exact, known = _NOTHING, 0
    base = state.lagged_base or left
    if state.interest is not None and state.next_due <= state.next_period:
        exact = state.interest.unrounded(state.day)
        known = state.interest_carried - state.interest_settled + state.interest.charged
    for index in range(state.next_due, len(state.periods)):
        period, part = state.periods[index], state.parts[index]
        interest = state.interest_ended.get(index)
        if interest is None:
            cost, base = _cost(state, period, left, base)
            exact = exact + cost if exact else cost
            interest = joined = 0
            if period.interest is not InterestUse.RUNS_ON:
                rounding = state.terms.rounding
                interest = known + round_minor(exact.numerator, exact.denominator, rounding)
                exact, known = _NOTHING, 0
                joined = max(min(-part, interest), 0)
                if period.interest is InterestUse.CAPITALISED:
                    joined = interest
            if index == len(state.periods) - 1 and state.terms.maturity_date is not None:
                part = left + joined  # the rest, whatever joined principal on the way
            left += joined - max(part, 0)
            interest -= joined
        yield period, max(part, 0), interest, left


def _cost(state: LoanState, period: InterestPeriod, left: int, base: int) -> tuple[Fraction, int]:
    """What a period, or the rest of it from today, costs; and the base of interest at its end."""
    start = max(period.start, state.day)
    days: tuple[date, ...] = (start, period.end)
    if state.base_days or state.rates.resets:
        moves = {*state.base_days, *state.rates.changes_between(start, period.end)}
        days = (start, *sorted(day for day in moves if start < day < period.end), period.end)
    cost = _NOTHING
    is_lagged = state.terms.interest_base is InterestBase.LAGGED
    for begins, ends in pairwise(days):
        if begins in state.base_days:
            base = left
        rate = state.rates.on(begins, period_start=period.start)
        units = period.clock.units(ends) - period.clock.units(begins)
        borne = base if is_lagged and left > 0 else state.base_for(left)
        above, below = period.rate_of(rate).as_integer_ratio()
        part = Fraction(above * borne * units, below * period.clock.denominator)
        cost = cost + part if cost else part
    return cost, base
