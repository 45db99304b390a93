"""When a loan ends whose contract names what is paid each time, and no last date."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil

from gbese.core.calendars.business_days import Calendar
from gbese.core.calendars.cycles import Cycle
from gbese.core.calendars.day_counts import year_fraction
from gbese.core.calendars.frequencies import periods_per_year
from gbese.core.calendars.periods import Period
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.schedules.errors import ScheduleError


def with_implied_maturity(terms: Terms, calendar: Calendar) -> Terms:
    """The terms with the date of the instalment that repays the rest as their maturity.

    So many instalments are counted as repay the loan when each repays what the first would: the
    principal part agreed, or the payment agreed less the interest of one period at the first rate.

    Raises:
        ScheduleError: `no_instalment` is agreed, or `never_repaid`, for it does not cover interest.

    Source: ACTUS, maturity of LAM, NAM and ANN where none is given.
    """
    cycle = terms.principal_cycle or Cycle(terms.first_due_date, terms.frequency, terms.final_stub)
    if terms.given_instalment is None:
        raise ScheduleError(problem="no_instalment")
    part = Fraction(terms.given_instalment.minor)
    if terms.schedule_kind is ScheduleKind.ANNUITY:
        part -= _first_interest(terms, cycle, calendar)
    if part <= 0:
        raise ScheduleError(problem="never_repaid")
    last = ceil(terms.principal.minor / part) - 1
    return replace(terms, maturity_date=cycle.date_number(last, end_of_month=terms.end_of_month))


def _first_interest(terms: Terms, cycle: Cycle, calendar: Calendar) -> Fraction:
    """Interest of one period of the cycle on all that is lent, minor units before rounding."""
    start = cycle.first_date
    end = cycle.date_number(1, end_of_month=terms.end_of_month)
    part_of_year = year_fraction(
        terms.day_count,
        start,
        end,
        regular_period=Period(start, end),
        periods_per_year=periods_per_year(cycle.frequency),
        calendar=calendar,
    )
    return terms.principal.minor * Fraction(terms.rate.fixed or 0) * part_of_year
