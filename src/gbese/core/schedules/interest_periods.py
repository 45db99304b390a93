"""The interest periods of a contract: where they start and end, and when they are paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gbese.core.calendars.business_days import Calendar, adjust
from gbese.core.calendars.day_counts import Clock, DayCount, clock_for
from gbese.core.calendars.frequencies import FrequencyUnit, periods_per_year, roll
from gbese.core.calendars.periods import Period, SchedulePeriod, notional_dates
from gbese.core.calendars.periods import interest_periods as regular_periods
from gbese.core.contracts.terms import ScheduleKind, Terms
from gbese.core.schedules.errors import ScheduleError


@dataclass(frozen=True, slots=True)
class InterestPeriod:
    """One stretch of a schedule, from `start` (in) to `end` (out), paid on `due_date_adjusted`."""

    number: int
    start: date
    end: date
    due_date_adjusted: date
    clock: Clock


def interest_periods(
    terms: Terms, calendar: Calendar, *, until: date | None = None
) -> tuple[InterestPeriod, ...]:
    """The periods from `terms.interest_from` to the maturity date, contiguous and ascending.

    Args:
        terms: the dates and conventions of the contract.
        calendar: whose days off move due dates.
        until: for a contract without maturity, the periods go on to this day or just past it.

    Raises:
        ScheduleError: `no_maturity` (and `until` is missing), `no_dates` (a custom schedule lists
            none), `dates_do_not_increase`.
        PeriodError: the dates of the terms contradict each other.
    """
    return tuple(
        InterestPeriod(
            number=period.number,
            start=period.start,
            end=period.end,
            due_date_adjusted=adjust(period.end, terms.business_days, calendar),
            clock=_clock(terms, period, calendar),
        )
        for period in _schedule_periods(terms, until)
    )


def clock_after_maturity(terms: Terms, start: date, calendar: Calendar) -> Clock:
    """How days count once the last period has ended and something is still owed.

    A convention by regular periods has none any more: actual days over 365 are counted.
    """
    day_count = terms.day_count
    if day_count in {DayCount.EQUAL_PERIODS, DayCount.ACT_ACT_ICMA}:
        day_count = DayCount.ACT_365F
    return clock_for(
        day_count, period=Period(start, date.max), periods_per_year=1, calendar=calendar
    )


def _schedule_periods(terms: Terms, until: date | None) -> tuple[SchedulePeriod, ...]:
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        return _listed_periods(terms)
    return regular_periods(
        interest_from=terms.interest_from,
        first_due_date=terms.first_due_date,
        maturity_date=terms.maturity_date or _open_ended(terms, until),
        frequency=terms.frequency,
        end_of_month=terms.end_of_month,
    )


def _listed_periods(terms: Terms) -> tuple[SchedulePeriod, ...]:
    ends = sorted({row.due_date for row in terms.custom_principal})
    if not ends:
        raise ScheduleError(problem="no_dates")
    if ends[0] <= terms.interest_from:
        raise ScheduleError(problem="dates_do_not_increase", start=terms.interest_from, end=ends[0])
    return tuple(
        SchedulePeriod(
            number,
            start,
            end,
            notional_dates(
                Period(start, end),
                anchor=ends[0],
                frequency=terms.frequency,
                end_of_month=terms.end_of_month,
            ),
        )
        for number, (start, end) in enumerate(pairwise((terms.interest_from, *ends)), start=1)
    )


def _open_ended(terms: Terms, until: date | None) -> date:
    if until is None:
        raise ScheduleError(problem="no_maturity")
    count, end = 0, terms.first_due_date
    while end < until:
        count += 1
        end = roll(terms.first_due_date, terms.frequency, count, end_of_month=terms.end_of_month)
    return end


def _clock(terms: Terms, period: SchedulePeriod, calendar: Calendar) -> Clock:
    has_length = terms.frequency.unit is not FrequencyUnit.AT_MATURITY
    return clock_for(
        terms.day_count,
        period=period.period,
        notional_dates=period.notional_dates,
        periods_per_year=periods_per_year(terms.frequency) if has_length else None,
        termination_date=terms.maturity_date,
        calendar=calendar,
    )
