"""How days become years: the day-count conventions, exactly."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm

from gbese.core.calendars.business_days import Calendar, business_days_between
from gbese.core.calendars.clocks import (
    Clock,
    ClockCodeUnknown,
    ClockKind,
    StartRule,
    ThirtyRule,
    clock_from_code,
    leap_days_through,
    start_class,
)
from gbese.core.calendars.frequencies import add_months
from gbese.core.calendars.periods import Period
from gbese.core.errors import Refusal

__all__ = [
    "Clock",
    "ClockCodeUnknown",
    "DayCount",
    "DayCountNeeds",
    "clock_for",
    "clock_from_code",
    "days_counted",
    "year_fraction",
]


class DayCountNeeds(Refusal):
    """The convention depends on something that is not given."""

    code = "day_count_needs"


class DayCount(StrEnum):
    """How the days between two dates become a fraction of a year."""

    ACT_360 = "act_360"
    ACT_364 = "act_364"
    ACT_365F = "act_365f"
    ACT_365_25 = "act_365_25"
    ACT_366 = "act_366"
    ACT_365L = "act_365l"  # over 366 or 365, as the period has a leap day or ends in a leap year
    ACT_365_ACTUAL = "act_365_actual"  # over 366 where 29 February is in the period
    NL_360 = "nl_360"  # 29 February never counts
    NL_365 = "nl_365"
    ACT_ACT_ISDA = "act_act_isda"  # each day over the length of its calendar year
    ACT_ACT_ICMA = "act_act_icma"  # each day over the length of its regular period
    ACT_ACT_AFB = "act_act_afb"  # whole years back from the end, then the days left over
    ACT_ACT_YEAR = "act_act_year"  # each day over the length of its year from the start
    THIRTY_360_BOND = "thirty_360_bond"
    THIRTY_360_PSA = "thirty_360_psa"
    THIRTY_360_US_EOM = "thirty_360_us_eom"
    THIRTY_U_360 = "thirty_u_360"  # as pocket calculators count
    THIRTY_E_360 = "thirty_e_360"
    THIRTY_E_360_ISDA = "thirty_e_360_isda"
    THIRTY_E_PLUS_360 = "thirty_e_plus_360"
    THIRTY_E_365 = "thirty_e_365"
    THIRTY_E_365_ISDA = "thirty_e_365_isda"
    BUS_252 = "bus_252"
    EQUAL_PERIODS = "equal_periods"  # a regular period is 1/n of a year, whatever its length
    ONE_ONE = "one_one"  # one, whatever the dates


@dataclass(frozen=True, slots=True)
class _Setting:
    """All that a convention may depend on."""

    day_count: DayCount
    period: Period
    regular_period: Period | None
    notional_dates: Sequence[date]
    periods_per_year: Fraction | None
    termination_date: date | None
    calendar: Calendar | None

    def needs_calendar(self) -> Calendar:
        if self.calendar is None:
            raise DayCountNeeds(day_count=self.day_count, missing="calendar")
        return self.calendar

    def needs_periods_per_year(self) -> Fraction:
        if self.periods_per_year is None:
            raise DayCountNeeds(day_count=self.day_count, missing="periods_per_year")
        return self.periods_per_year


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
        notional_dates: instead of `regular_period`, all regular dates around the period, as a
            `SchedulePeriod` gives them.
        periods_per_year: how many regular periods make a year.
        termination_date: the last day of the contract, where known.
        calendar: the days off, for conventions that count business days.

    Raises:
        DayCountNeeds: the convention depends on one of these and it is not given.
    """
    setting = _Setting(
        day_count,
        period,
        regular_period,
        notional_dates,
        None if periods_per_year is None else Fraction(periods_per_year),
        termination_date,
        calendar,
    )
    return _CLOCKS[day_count](setting)


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

    Source: ISDA 2006 Definitions, 4.16; ICMA Rule 251. Worked example: docs/methods/day-counts.md.
    """
    if start == end:
        return Fraction(0)
    earlier, later = min(start, end), max(start, end)
    clock = clock_for(
        day_count,
        period=Period(earlier, later),
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
    if start == end:
        return 0
    if day_count is DayCount.BUS_252:
        if calendar is None:
            raise DayCountNeeds(day_count=day_count, missing="calendar")
        return business_days_between(start, end, calendar)
    if day_count not in _COUNTS_DAYS_OF_ITS_OWN:
        return (end - start).days
    earlier, later = min(start, end), max(start, end)
    clock = clock_for(day_count, period=Period(earlier, later), termination_date=termination_date)
    return clock.units(end) - clock.units(start)


def _actual(denominator: int, *parameters: int) -> Callable[[_Setting], Clock]:
    return lambda _: Clock(ClockKind.ACTUAL, denominator, parameters)


def _act_365l(setting: _Setting) -> Clock:
    """Yearly: over 366 where 29 February is in (start, end]. Else: where the end's year is leap."""
    if setting.needs_periods_per_year() == 1:
        return _act_365_actual(setting)
    return Clock(ClockKind.ACTUAL, 365 + isleap(setting.period.end.year))


def _act_365_actual(setting: _Setting) -> Clock:
    start, end = setting.period.start, setting.period.end
    has_leap_day = leap_days_through(end) > leap_days_through(start)
    return Clock(ClockKind.ACTUAL, 365 + has_leap_day)


def _no_leap_day(denominator: int) -> Callable[[_Setting], Clock]:
    return lambda _: Clock(ClockKind.NO_LEAP_DAY, denominator)


def _calendar_years(_: _Setting) -> Clock:
    return Clock(ClockKind.CALENDAR_YEARS, 365 * 366)


def _thirty(rule: ThirtyRule, denominator: int = 360) -> Callable[[_Setting], Clock]:
    def clock(setting: _Setting) -> Clock:
        termination = 0
        ends = setting.termination_date
        if rule is ThirtyRule.GERMAN and ends is not None and ends > setting.period.start:
            termination = ends.toordinal()
        started = 0
        if rule in {ThirtyRule.BOND, ThirtyRule.US_END_OF_MONTH}:
            started = int(start_class(setting.period.start))
        return Clock(ClockKind.THIRTY, denominator, (int(rule), started, termination))

    return clock


def _from_start(rule: StartRule, denominator: int) -> Callable[[_Setting], Clock]:
    return lambda setting: Clock(
        ClockKind.FROM_START, denominator, (int(rule), setting.period.start.toordinal())
    )


def _business_days(setting: _Setting) -> Clock:
    calendar = setting.needs_calendar()
    weekend = sum(1 << weekday for weekday in calendar.weekend)
    holidays = (day.toordinal() for day in calendar.weekday_holidays if day >= setting.period.start)
    return Clock(ClockKind.BUSINESS_DAYS, 252, (weekend, *holidays))


def _regular_periods(setting: _Setting) -> Clock:
    per_year = setting.needs_periods_per_year()
    dates = setting.notional_dates or _notional_dates(
        setting.period, setting.regular_period or setting.period, per_year
    )
    if len(dates) < 2 or any(end <= start for start, end in pairwise(dates)):
        raise DayCountNeeds(day_count=setting.day_count, missing="notional_dates")
    return _regular_periods_clock(dates, per_year)


def _regular_periods_clock(dates: Sequence[date], periods_per_year: Fraction) -> Clock:
    """Every period has as many units as all their lengths divide, so a day has whole units."""
    divisible = lcm(*((end - start).days for start, end in pairwise(dates)))
    return Clock(
        ClockKind.REGULAR_PERIODS,
        divisible * periods_per_year.numerator,
        (divisible * periods_per_year.denominator, *(day.toordinal() for day in dates)),
    )


def _notional_dates(
    period: Period, regular_period: Period, periods_per_year: Fraction
) -> tuple[date, ...]:
    """Regular dates around the period, in steps of the regular period's months, or of its days."""
    dates = [regular_period.start, regular_period.end]
    before, after = 0, 1
    while dates[0] > period.start:
        before -= 1
        dates.insert(0, _step(regular_period, periods_per_year, before))
    while dates[-1] < period.end:
        after += 1
        dates.append(_step(regular_period, periods_per_year, after))
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


_CLOCKS: dict[DayCount, Callable[[_Setting], Clock]] = {
    DayCount.ACT_360: _actual(360),
    DayCount.ACT_364: _actual(364),
    DayCount.ACT_365F: _actual(365),
    DayCount.ACT_365_25: _actual(1461, 4),
    DayCount.ACT_366: _actual(366),
    DayCount.ACT_365L: _act_365l,
    DayCount.ACT_365_ACTUAL: _act_365_actual,
    DayCount.NL_360: _no_leap_day(360),
    DayCount.NL_365: _no_leap_day(365),
    DayCount.ACT_ACT_ISDA: _calendar_years,
    DayCount.ACT_ACT_ICMA: _regular_periods,
    DayCount.ACT_ACT_AFB: _from_start(StartRule.ACT_ACT_AFB, 365 * 366),
    DayCount.ACT_ACT_YEAR: _from_start(StartRule.ACT_ACT_YEAR, 365 * 366),
    DayCount.THIRTY_360_BOND: _thirty(ThirtyRule.BOND),
    DayCount.THIRTY_360_PSA: _from_start(StartRule.THIRTY_PSA, 360),
    DayCount.THIRTY_360_US_EOM: _thirty(ThirtyRule.US_END_OF_MONTH),
    DayCount.THIRTY_U_360: _from_start(StartRule.THIRTY_CALCULATOR, 360),
    DayCount.THIRTY_E_360: _thirty(ThirtyRule.EUROPEAN),
    DayCount.THIRTY_E_360_ISDA: _thirty(ThirtyRule.GERMAN),
    DayCount.THIRTY_E_PLUS_360: _from_start(StartRule.THIRTY_E_PLUS, 360),
    DayCount.THIRTY_E_365: _thirty(ThirtyRule.EUROPEAN, denominator=365),
    DayCount.THIRTY_E_365_ISDA: _thirty(ThirtyRule.GERMAN, denominator=365),
    DayCount.BUS_252: _business_days,
    DayCount.EQUAL_PERIODS: _regular_periods,
    DayCount.ONE_ONE: _from_start(StartRule.ONE_ONE, 1),
}

_COUNTS_DAYS_OF_ITS_OWN = frozenset(
    {
        DayCount.NL_360,
        DayCount.NL_365,
        DayCount.THIRTY_360_BOND,
        DayCount.THIRTY_360_PSA,
        DayCount.THIRTY_360_US_EOM,
        DayCount.THIRTY_U_360,
        DayCount.THIRTY_E_360,
        DayCount.THIRTY_E_360_ISDA,
        DayCount.THIRTY_E_PLUS_360,
        DayCount.THIRTY_E_365,
        DayCount.THIRTY_E_365_ISDA,
        DayCount.ONE_ONE,
    }
)
