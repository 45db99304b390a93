"""Clocks: what a day-count convention counts inside one interest period, as whole numbers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from gbese.core.calendars.business_days import weekdays_before
from gbese.core.calendars.frequencies import YEARLY, is_last_of_month, roll
from gbese.core.errors import Refusal


class ClockCodeUnknown(Refusal):
    """The packed code is not one of a clock."""

    code = "clock_code_unknown"


class ClockKind(IntEnum):
    """How a clock counts; the first number of its packed code. Numbers never change meaning."""

    ACTUAL = 1  # [] every day one unit; or [units a day]
    NO_LEAP_DAY = 2  # [] every day but 29 February
    CALENDAR_YEARS = 3  # [] 366 units a day in common years, 365 in leap years
    THIRTY = 4  # [rule, class of the start, end of the contract or 0]
    REGULAR_PERIODS = 5  # [units of one regular period, regular dates...]
    BUSINESS_DAYS = 6  # [weekend as bits from Monday, weekday holidays from the start on...]
    FROM_START = 7  # [rule, start] conventions that do not add up from day to day


class ThirtyRule(IntEnum):
    """What becomes of the 31st and of the end of February. Numbers never change meaning."""

    BOND = 1
    EUROPEAN = 2
    GERMAN = 3
    US_END_OF_MONTH = 4


class StartClass(IntEnum):
    """What a thirty-day rule has to know of the start. Numbers never change meaning."""

    ORDINARY = 0
    ON_30_OR_31 = 1
    ENDS_FEBRUARY = 2


class StartRule(IntEnum):
    """Conventions that are measured from the start alone. Numbers never change meaning."""

    ACT_ACT_AFB = 1
    THIRTY_E_PLUS = 2
    THIRTY_PSA = 3
    THIRTY_CALCULATOR = 4
    ONE_ONE = 5
    ACT_ACT_YEAR = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """Counts a day-count convention's units inside one interest period.

    Between two days of the period, interest is base x rate x (units at the later - units at the
    earlier) / `denominator`, exactly. Whatever of the convention depends on where the period
    starts or ends is fixed in `parameters`; dates are among them as ordinals.
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
        raise ClockCodeUnknown(clock_code=tuple(code))
    return Clock(ClockKind(code[0]), code[1], tuple(code[2:]))


def leap_days_through(day: date) -> int:
    """How many 29 Februaries there have been since year 1, up to the day (in)."""
    years = day.year if (day.month, day.day) >= (2, 29) else day.year - 1
    return years // 4 - years // 100 + years // 400


def ends_february(day: date) -> bool:
    """Whether it is the last day of February."""
    return day.month == 2 and is_last_of_month(day)


def start_class(start: date) -> StartClass:
    """What a thirty-day rule has to know of the start of a period."""
    if ends_february(start):
        return StartClass.ENDS_FEBRUARY
    return StartClass.ON_30_OR_31 if start.day >= 30 else StartClass.ORDINARY


def _actual(day: date, parameters: tuple[int, ...]) -> int:
    units_a_day = parameters[0] if parameters else 1
    return units_a_day * day.toordinal()


def _no_leap_day(day: date, _: tuple[int, ...]) -> int:
    return day.toordinal() - leap_days_through(day)


def _calendar_years(day: date, _: tuple[int, ...]) -> int:
    """The night of 31 December counts in the old year, where it begins."""
    new_year = date(day.year, 1, 1)
    days_of_leap_years = 366 * leap_days_through(new_year)
    if isleap(day.year):
        days_of_leap_years += (day - new_year).days
    days_of_common_years = day.toordinal() - 1 - days_of_leap_years
    return 366 * days_of_common_years + 365 * days_of_leap_years


def _thirty(day: date, parameters: tuple[int, ...]) -> int:
    """360 a year, 30 a month, and the day of the month as the rule counts it."""
    rule, started, termination = parameters
    is_thirtieth = day.day == 31
    match rule:
        case ThirtyRule.BOND:  # the 31st is one of its own, unless the start was a 30th
            is_thirtieth &= started == StartClass.ON_30_OR_31
        case ThirtyRule.GERMAN:  # the end of February too, unless the contract ends on it
            is_thirtieth |= ends_february(day) and day.toordinal() != termination
        case ThirtyRule.US_END_OF_MONTH:  # a start at the end of February was a 30th as well
            is_thirtieth &= started != StartClass.ORDINARY
            is_thirtieth |= ends_february(day) and started == StartClass.ENDS_FEBRUARY
        case _:
            pass
    return _thirty_units(day, 30 if is_thirtieth else day.day)


def _regular_periods(day: date, parameters: tuple[int, ...]) -> int:
    """Days outside the regular dates count as in the nearest regular period."""
    units_a_period, *regular_dates = parameters
    ordinal = day.toordinal()
    index = min(max(bisect_right(regular_dates, ordinal) - 1, 0), len(regular_dates) - 2)
    units_a_day = units_a_period // (regular_dates[index + 1] - regular_dates[index])
    return index * units_a_period + (ordinal - regular_dates[index]) * units_a_day


def _business_days(day: date, parameters: tuple[int, ...]) -> int:
    weekend_bits, *holidays = parameters
    weekend = frozenset(weekday for weekday in range(7) if weekend_bits >> weekday & 1)
    ordinal = day.toordinal()
    return weekdays_before(ordinal, weekend) - bisect_left(holidays, ordinal)


def _from_start(day: date, parameters: tuple[int, ...]) -> int:
    rule, start_ordinal = parameters
    start = date.fromordinal(start_ordinal)
    return _START_RULES[StartRule(rule)](start, day) if day > start else 0


def _one_one_units(_start: date, _end: date) -> int:
    return 1


def _e_plus_units(start: date, end: date) -> int:
    """An end on the 31st is the first of the next month."""
    return _thirty_units(end, end.day) - _thirty_units(start, min(start.day, 30))


def _psa_units(start: date, end: date) -> int:
    """The end of February is a 30th as a start, not as an end."""
    start_day = 30 if ends_february(start) else min(start.day, 30)
    end_day = min(end.day, 30) if start_day == 30 else end.day
    return _thirty_units(end, end_day) - _thirty_units(start, start_day)


def _thirty_units(day: date, day_of_month: int) -> int:
    return 360 * day.year + 30 * day.month + day_of_month


def _calculator_units(start: date, end: date) -> int:
    """Whole months between two ends of months; a lone end of February reaches up to the 30th.

    In a common year it reaches only to the 29th where the other date is one.
    """
    start_day, end_day = min(start.day, 30), min(end.day, 30)
    if start_day != end_day:
        if is_last_of_month(start) and is_last_of_month(end):
            start_day = end_day = 30
        elif ends_february(start):
            start_day = 29 if end_day == 29 and not isleap(start.year) else 30
        elif ends_february(end):
            end_day = 29 if start_day == 29 and not isleap(end.year) else 30
    return _thirty_units(end, end_day) - _thirty_units(start, start_day)


def _afb_units(start: date, end: date) -> int:
    """Whole years counted back from the end; the rest over 366 if it has 29 February in it."""
    years = end.year - start.year
    rest_end = roll(end, YEARLY, -years, end_of_month=True)
    if rest_end < start:
        years -= 1
        rest_end = roll(end, YEARLY, -years, end_of_month=True)
    has_leap_day = _leap_days_before(rest_end) > _leap_days_before(start)
    return years * 365 * 366 + (rest_end - start).days * (365 if has_leap_day else 366)


def _years_from_start_units(start: date, end: date) -> int:
    """Whole years on from the start; the rest over the length of the year that it is a part of."""
    years = end.year - start.year
    anniversary = roll(start, YEARLY, years, end_of_month=False)
    if anniversary > end:
        years -= 1
        anniversary = roll(start, YEARLY, years, end_of_month=False)
    is_leap = leap_days_through(_year_after(anniversary, start)) > leap_days_through(anniversary)
    return years * 365 * 366 + (end - anniversary).days * (365 if is_leap else 366)


def _year_after(anniversary: date, start: date) -> date:
    if anniversary.year == date.max.year:
        return date.max
    return roll(start, YEARLY, anniversary.year - start.year + 1, end_of_month=False)


def _leap_days_before(day: date) -> int:
    return leap_days_through(day) - ((day.month, day.day) == (2, 29))


_START_RULES: dict[StartRule, Callable[[date, date], int]] = {
    StartRule.ACT_ACT_AFB: _afb_units,
    StartRule.THIRTY_E_PLUS: _e_plus_units,
    StartRule.THIRTY_PSA: _psa_units,
    StartRule.THIRTY_CALCULATOR: _calculator_units,
    StartRule.ONE_ONE: _one_one_units,
    StartRule.ACT_ACT_YEAR: _years_from_start_units,
}

_COUNTERS: dict[ClockKind, Callable[[date, tuple[int, ...]], int]] = {
    ClockKind.ACTUAL: _actual,
    ClockKind.NO_LEAP_DAY: _no_leap_day,
    ClockKind.CALENDAR_YEARS: _calendar_years,
    ClockKind.THIRTY: _thirty,
    ClockKind.REGULAR_PERIODS: _regular_periods,
    ClockKind.BUSINESS_DAYS: _business_days,
    ClockKind.FROM_START: _from_start,
}
