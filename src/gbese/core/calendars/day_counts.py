"""How days become years: the day-count conventions, exactly, and the clocks that count by them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from gbese.core.calendars.business_days import (
    Calendar,
    business_days_between,
    weekdays_before,
)
from gbese.core.calendars.frequencies import add_months, is_last_of_month
from gbese.core.calendars.periods import Period
from gbese.core.errors import Refusal


class DayCountNeeds(Refusal):
    """The convention depends on something that the terms do not give."""

    code = "day_count_needs"


class ClockCodeUnknown(Refusal):
    """The packed code is not one of a clock."""

    code = "clock_code_unknown"


class DayCount(StrEnum):
    """How the days between two dates become a fraction of a year."""

    ACT_360 = "act_360"
    ACT_365F = "act_365f"
    ACT_364 = "act_364"
    NL_365 = "nl_365"  # 29 February never counts
    ACT_ACT_ISDA = "act_act_isda"  # each day over the length of its calendar year
    ACT_ACT_ICMA = "act_act_icma"  # each day over the length of its regular period
    ACT_365L = "act_365l"
    THIRTY_360_BOND = "thirty_360_bond"
    THIRTY_E_360 = "thirty_e_360"
    THIRTY_E_360_ISDA = "thirty_e_360_isda"
    THIRTY_360_US_EOM = "thirty_360_us_eom"
    BUS_252 = "bus_252"
    EQUAL_PERIODS = "equal_periods"  # a regular period is 1/n of a year, whatever its length


_ACTUAL_DENOMINATORS = {DayCount.ACT_360: 360, DayCount.ACT_365F: 365, DayCount.ACT_364: 364}
_BOND, _EUROPEAN, _GERMAN, _US_END_OF_MONTH = 1, 2, 3, 4
_THIRTY_RULES = {
    DayCount.THIRTY_360_BOND: _BOND,
    DayCount.THIRTY_E_360: _EUROPEAN,
    DayCount.THIRTY_E_360_ISDA: _GERMAN,
    DayCount.THIRTY_360_US_EOM: _US_END_OF_MONTH,
}
_START_ORDINARY, _START_ON_30_OR_31, _START_ENDS_FEBRUARY = 0, 1, 2


class ClockKind(IntEnum):
    """How a clock counts; the first number of its packed code. Numbers never change meaning."""

    ACTUAL = 1  # every day is one unit
    NO_LEAP_DAY = 2  # every day but 29 February
    CALENDAR_YEARS = 3  # 366 units a day in common years, 365 in leap years
    THIRTY = 4  # months of thirty days
    REGULAR_PERIODS = 5  # every regular period has the same number of units
    BUSINESS_DAYS = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """Counts a day-count convention's units inside one interest period.

    Between two days of the period, interest is base x rate x (units at the later - units at the
    earlier) / `denominator`, exactly. Whatever of the convention depends on where the period
    starts or ends is fixed in `parameters`.
    """

    kind: ClockKind
    denominator: int
    parameters: tuple[int, ...] = ()

    def units(self, day: date) -> int:
        """What the clock shows at the end of the day; it never goes back from day to day."""
        return _COUNTERS[self.kind](day, self.parameters)

    def code(self) -> tuple[int, ...]:
        """The clock as a few whole numbers: kind, denominator, parameters."""
        return (int(self.kind), self.denominator, *self.parameters)


def clock_from_code(code: Sequence[int]) -> Clock:
    """The clock that `Clock.code` described.

    Raises:
        ClockCodeUnknown: it describes none.
    """
    if len(code) < 2 or code[0] not in set(ClockKind) or code[1] < 1:
        raise ClockCodeUnknown(code=tuple(code))
    return Clock(ClockKind(code[0]), code[1], tuple(code[2:]))


def clock_for(
    day_count: DayCount,
    *,
    period: Period,
    regular_period: Period | None = None,
    notional_dates: Sequence[date] = (),
    periods_per_year: Fraction | int | None = None,
    termination_date: date | None = None,
    calendar: Calendar | None = None,
) -> Clock:
    """The clock of one interest period.

    Args:
        day_count: the convention of the contract.
        period: the interest period; the clock holds from its start to its end.
        regular_period: for conventions by regular periods, the one that this period is a stub of;
            None where it is regular itself. A longer stub goes on in steps of the same length.
        notional_dates: instead of `regular_period`, all regular dates around the period.
        periods_per_year: how many regular periods make a year.
        termination_date: the last day of the contract, where known.
        calendar: the days off, for business-day conventions.

    Raises:
        DayCountNeeds: the convention depends on one of these and it is not given.
    """
    match day_count:
        case DayCount.ACT_360 | DayCount.ACT_365F | DayCount.ACT_364:
            return Clock(ClockKind.ACTUAL, _ACTUAL_DENOMINATORS[day_count])
        case DayCount.NL_365:
            return Clock(ClockKind.NO_LEAP_DAY, 365)
        case DayCount.ACT_ACT_ISDA:
            return Clock(ClockKind.CALENDAR_YEARS, 365 * 366)
        case DayCount.ACT_365L:
            return Clock(ClockKind.ACTUAL, _base_365l(period, periods_per_year))
        case (
            DayCount.THIRTY_360_BOND
            | DayCount.THIRTY_E_360
            | DayCount.THIRTY_E_360_ISDA
            | DayCount.THIRTY_360_US_EOM
        ):
            return _thirty_clock(day_count, period.start, termination_date)
        case DayCount.ACT_ACT_ICMA | DayCount.EQUAL_PERIODS:
            if periods_per_year is None:
                raise DayCountNeeds(day_count=day_count, missing="periods_per_year")
            dates = notional_dates or _notional_dates(
                period, regular_period or period, Fraction(periods_per_year)
            )
            return _regular_periods_clock(dates, Fraction(periods_per_year))
        case DayCount.BUS_252:
            if calendar is None:
                raise DayCountNeeds(day_count=day_count, missing="calendar")
            return _business_days_clock(period.start, calendar)


def year_fraction(
    day_count: DayCount,
    start: date,
    end: date,
    *,
    regular_period: Period | None = None,
    notional_dates: Sequence[date] = (),
    periods_per_year: Fraction | int | None = None,
    termination_date: date | None = None,
    calendar: Calendar | None = None,
) -> Fraction:
    """The part of a year from `start` to `end`, exactly; negative where `end` is before `start`.

    The two dates are taken as one interest period. The other arguments are those of `clock_for`,
    needed by the conventions that depend on them.

    Raises:
        DayCountNeeds: the convention depends on an argument that is not given.

    Source: ISDA 2006 Definitions, 4.16; ICMA Rule 251. Worked example: DOMAIN E01.
    """
    if start == end:
        return Fraction(0)
    if end < start:
        return -year_fraction(
            day_count,
            end,
            start,
            regular_period=regular_period,
            notional_dates=notional_dates,
            periods_per_year=periods_per_year,
            termination_date=termination_date,
            calendar=calendar,
        )
    clock = clock_for(
        day_count,
        period=Period(start, end),
        regular_period=regular_period,
        notional_dates=notional_dates,
        periods_per_year=periods_per_year,
        termination_date=termination_date,
        calendar=calendar,
    )
    return Fraction(clock.units(end) - clock.units(start), clock.denominator)


def days_counted(
    day_count: DayCount,
    start: date,
    end: date,
    *,
    termination_date: date | None = None,
    calendar: Calendar | None = None,
) -> int:
    """The days that the convention counts from `start` to `end`: of thirty-day months, say.

    Raises:
        DayCountNeeds: business days are counted and no calendar is given.
    """
    if end < start:
        return -days_counted(
            day_count, end, start, termination_date=termination_date, calendar=calendar
        )
    if day_count in _THIRTY_RULES:
        clock = _thirty_clock(day_count, start, termination_date)
        return clock.units(end) - clock.units(start)
    if day_count is DayCount.NL_365:
        return _no_leap_day(end, ()) - _no_leap_day(start, ())
    if day_count is DayCount.BUS_252:
        if calendar is None:
            raise DayCountNeeds(day_count=day_count, missing="calendar")
        return business_days_between(start, end, calendar)
    return (end - start).days


def leap_days_through(day: date) -> int:
    """How many 29 Februaries there have been since year 1, up to the day (in)."""
    years = day.year if (day.month, day.day) >= (2, 29) else day.year - 1
    return years // 4 - years // 100 + years // 400


def _base_365l(period: Period, periods_per_year: Fraction | int | None) -> int:
    """366 where 29 February is in (start, end]; unless yearly, where the end's year is leap."""
    if periods_per_year is None:
        raise DayCountNeeds(day_count=DayCount.ACT_365L, missing="periods_per_year")
    if periods_per_year == 1:
        return 365 + (leap_days_through(period.end) > leap_days_through(period.start))
    return 365 + isleap(period.end.year)


def _actual(day: date, _: tuple[int, ...]) -> int:
    return day.toordinal()


def _no_leap_day(day: date, _: tuple[int, ...]) -> int:
    return day.toordinal() - leap_days_through(day)


def _calendar_years(day: date, _: tuple[int, ...]) -> int:
    """A day counts in the year in which it begins, so the night of 31 December in the old one."""
    days_before = day.toordinal() - 1
    leap_days = 366 * leap_days_through(date(day.year, 1, 1))
    if isleap(day.year):
        leap_days += day.timetuple().tm_yday - 1
    return 366 * (days_before - leap_days) + 365 * leap_days


def _thirty_clock(day_count: DayCount, start: date, termination_date: date | None) -> Clock:
    """Parameters: the rule, the class of the start, the end of the contract (0 where none)."""
    start_class = _START_ORDINARY
    if start.month == 2 and is_last_of_month(start):
        start_class = _START_ENDS_FEBRUARY
    elif start.day >= 30:
        start_class = _START_ON_30_OR_31
    termination = 0
    if day_count is DayCount.THIRTY_E_360_ISDA and termination_date is not None:
        termination = termination_date.toordinal()
    return Clock(ClockKind.THIRTY, 360, (_THIRTY_RULES[day_count], start_class, termination))


def _thirty(day: date, parameters: tuple[int, ...]) -> int:
    """360 a year, 30 a month, and the day of the month as the rule changes it."""
    rule, start_class, termination = parameters
    day_of_month = day.day
    ends_february = day.month == 2 and is_last_of_month(day)
    if rule == _BOND:  # 31 becomes 30 only where the period starts on the 30th or 31st
        if day_of_month == 31 and start_class == _START_ON_30_OR_31:
            day_of_month = 30
    elif rule == _EUROPEAN:
        day_of_month = min(day_of_month, 30)
    elif rule == _GERMAN:  # the end of February too, but not at the end of the contract
        day_of_month = min(day_of_month, 30)
        if ends_february and day.toordinal() != termination:
            day_of_month = 30
    elif ends_february:  # the US rule: the 30th where the period starts at an end of February too
        if start_class == _START_ENDS_FEBRUARY:
            day_of_month = 30
    elif day_of_month == 31 and start_class != _START_ORDINARY:
        day_of_month = 30
    return 360 * day.year + 30 * day.month + day_of_month


def _notional_dates(
    period: Period, regular_period: Period, periods_per_year: Fraction
) -> tuple[date, ...]:
    """Regular dates around the period, in steps of the regular period's months, or of its days."""
    dates = [regular_period.start, regular_period.end]
    while dates[0] > period.start:
        dates.insert(0, _step(regular_period, periods_per_year, 1 - len(dates)))
    while dates[-1] < period.end:
        steps = len(dates) - 1 - dates.index(regular_period.start)
        dates.append(_step(regular_period, periods_per_year, steps + 1))
    return tuple(dates)


def _step(regular_period: Period, periods_per_year: Fraction, number: int) -> date:
    """The regular date `number` periods after the start of the regular period."""
    start, end = regular_period.start, regular_period.end
    months = 12 / periods_per_year
    anchor_day = max(start.day, end.day)
    if (
        months.denominator == 1
        and add_months(start, 0, day=anchor_day) == start
        and add_months(start, int(months), day=anchor_day) == end
    ):
        return add_months(start, int(months) * number, day=anchor_day)
    return start + number * (end - start)


def _regular_periods_clock(dates: Sequence[date], periods_per_year: Fraction) -> Clock:
    """Parameters: the units of one regular period, then the regular dates."""
    lengths = [(end - start).days for start, end in pairwise(dates)]
    if not lengths or min(lengths) < 1:
        raise DayCountNeeds(missing="notional_dates", given=tuple(dates))
    divisible = lcm(*lengths)
    return Clock(
        ClockKind.REGULAR_PERIODS,
        divisible * periods_per_year.numerator,
        (
            divisible * periods_per_year.denominator,
            *(day.toordinal() for day in dates),
        ),
    )


def _regular_periods(day: date, parameters: tuple[int, ...]) -> int:
    """Days outside the regular dates count as in the nearest regular period."""
    units_a_period, *ordinals = parameters
    ordinal = day.toordinal()
    index = min(max(bisect_right(ordinals, ordinal) - 1, 0), len(ordinals) - 2)
    units_a_day = units_a_period // (ordinals[index + 1] - ordinals[index])
    return index * units_a_period + (ordinal - ordinals[index]) * units_a_day


def _business_days_clock(start: date, calendar: Calendar) -> Clock:
    """Parameters: the weekend as bits, and every holiday from the start that is on a weekday."""
    weekend = sum(1 << weekday for weekday in calendar.weekend)
    holidays = (day.toordinal() for day in calendar.weekday_holidays if day >= start)
    return Clock(ClockKind.BUSINESS_DAYS, 252, (weekend, *holidays))


def _business_days(day: date, parameters: tuple[int, ...]) -> int:
    weekend_bits, *holidays = parameters
    weekend = frozenset(weekday for weekday in range(7) if weekend_bits >> weekday & 1)
    ordinal = day.toordinal()
    return weekdays_before(ordinal, weekend) - bisect_left(holidays, ordinal)


_COUNTERS: dict[ClockKind, Callable[[date, tuple[int, ...]], int]] = {
    ClockKind.ACTUAL: _actual,
    ClockKind.NO_LEAP_DAY: _no_leap_day,
    ClockKind.CALENDAR_YEARS: _calendar_years,
    ClockKind.THIRTY: _thirty,
    ClockKind.REGULAR_PERIODS: _regular_periods,
    ClockKind.BUSINESS_DAYS: _business_days,
}
