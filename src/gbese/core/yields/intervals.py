"""How laws measure the time between two dates when they work out a yearly cost.

The European Union and the United States count whole periods back from the later date and then odd
days; the United Kingdom counts forward. From the last day of one month to the last day of another
are whole months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import zip_longest

from gbese.core.calendars.day_counts import DayCount, year_fraction
from gbese.core.calendars.frequencies import (
    MONTHLY,
    YEARLY,
    Frequency,
    FrequencyUnit,
    is_last_of_month,
    periods_per_year,
    roll,
)
from gbese.core.errors import Refusal

_DAYS_A_WEEK = 7
_WEEKS_A_YEAR = 52
_MONTHS_A_YEAR = 12
_DAYS_A_MONTH = 30
_DAYS_A_SEMIMONTH = 15
_DAYS_A_YEAR = 365


class IntervalRunsBackwards(Refusal):
    """A cost is measured from the first advance on: the end may not lie before the start."""

    code = "interval_runs_backwards"


@dataclass(frozen=True, slots=True)
class UnitPeriods:
    """Whole unit-periods, and the odd part of one."""

    whole: int
    odd: Fraction


class UnitKind(StrEnum):
    """What a unit-period counts in."""

    TERM = "term"  # one advance, one payment within a year: the term itself
    DAY = "day"
    WEEK = "week"
    SEMIMONTH = "semimonth"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """What an actuarial rate is the rate of: a quarter is 3 months, a fortnight 2 weeks."""

    kind: UnitKind
    count: int = 1

    @property
    def per_year(self) -> Fraction:
        """How many of them make a year; a single payment's rate is told of the year itself."""
        return Fraction(_PER_YEAR[self.kind], self.count)


_PER_YEAR = {
    UnitKind.TERM: 1,
    UnitKind.DAY: _DAYS_A_YEAR,
    UnitKind.WEEK: _WEEKS_A_YEAR,
    UnitKind.SEMIMONTH: 24,
    UnitKind.MONTH: _MONTHS_A_YEAR,
    UnitKind.YEAR: 1,
}


def years_in(count: Fraction, unit: FrequencyUnit, *, days_in_year: Fraction) -> Fraction:
    """So many days, weeks, months or years as years: 12 months, 52 weeks, or the days given.

    Raises:
        FrequencyHasNoLength: what happens at maturity has no length.

    Source: Directive 2008/48/EC, annex I, remark (c).
    """
    if unit is FrequencyUnit.DAY:
        return count / days_in_year
    return count / periods_per_year(Frequency(1, unit))


def years_counted_back(start: date, end: date, unit: Frequency) -> Fraction:
    """Years from `start` to `end`: whole units back from the end, then odd days.

    Args:
        start: the first advance.
        end: the day of a flow.
        unit: years, months or weeks (12 months or 52 weeks make a year).

    Odd days count over the days, 365 or 366, of the year that ends with the last of them.

    Raises:
        IntervalRunsBackwards: `end` lies before `start`.

    Source: Directive 2014/17/EU, annex I, remark (c); Directive (EU) 2023/2225, annex III.
    """
    _require_order(start, end)
    whole, reached = _units_back(start, end, unit)
    years = whole / periods_per_year(unit)
    if reached == start:
        return years
    year_before = roll(reached, YEARLY, -1, end_of_month=False)
    return years + Fraction((reached - start).days, (reached - year_before).days)


def years_counted_forward(start: date, end: date, *, weeks: bool = False) -> Fraction:
    """Years from `start` to `end`: months (or weeks) forward from the start, then odd days.

    Where `weeks` count as well, an interval that is not a whole number of months and is one of
    weeks counts as weeks. Odd days are parts of the calendar years they lie in, of 365 or 366.

    Raises:
        IntervalRunsBackwards: `end` lies before `start`.

    Source: FCA Handbook, CONC App 1.1 and 1.2.
    """
    _require_order(start, end)
    months, reached = _months_forward(start, end)
    days = (end - start).days
    if weeks and reached != end and days % _DAYS_A_WEEK == 0:
        return Fraction(days // _DAYS_A_WEEK, _WEEKS_A_YEAR)
    return Fraction(months, _MONTHS_A_YEAR) + year_fraction(DayCount.ACT_ACT_ISDA, reached, end)


def unit_periods_between(start: date, end: date, unit: UnitPeriod) -> UnitPeriods:
    """Whole unit-periods back from `end`, and the odd part of one that is left from `start`.

    Odd days count over 30 for each month of a unit-period of months, over 15 for half a month,
    over 365 for a year (over 12 in months where they are whole); weeks are 7 days.

    Raises:
        IntervalRunsBackwards: `end` lies before `start`.

    Source: 12 CFR 1026, appendix J, (b)(5).
    """
    _require_order(start, end)
    days = (end - start).days
    if unit.kind in {UnitKind.DAY, UnitKind.WEEK}:
        length = unit.count * (_DAYS_A_WEEK if unit.kind is UnitKind.WEEK else 1)
        return UnitPeriods(days // length, Fraction(days % length, length))
    months, reached = _units_back(start, end, MONTHLY, keeps_month_ends=True)
    odd_days = (reached - start).days
    match unit.kind:
        case UnitKind.TERM:
            odd = Fraction(days, _DAYS_A_YEAR) if odd_days else Fraction(months, _MONTHS_A_YEAR)
            return UnitPeriods(0, odd)
        case UnitKind.SEMIMONTH:
            halves, odd_days = divmod(odd_days, _DAYS_A_SEMIMONTH)
            return UnitPeriods(2 * months + halves, Fraction(odd_days, _DAYS_A_SEMIMONTH))
        case UnitKind.YEAR:
            return _years_and_rest(start, end, months, odd_days)
        case _:
            whole, odd_months = divmod(months, unit.count)
            odd_days += odd_months * _DAYS_A_MONTH
            return UnitPeriods(whole, Fraction(odd_days, unit.count * _DAYS_A_MONTH))


def common_unit_period(days: Sequence[date]) -> UnitPeriod:
    """The unit-period of a transaction with advances and payments on these days.

    The interval that comes most often, the shorter where two come as often; of intervals that
    differ all, the one nearest to their mean. Never more than a year. One advance and one payment
    within a year have their term.

    Source: 12 CFR 1026, appendix J, (b)(4).
    """
    moments = sorted(set(days))
    first, last = moments[0], moments[-1]
    if len(moments) <= 2 and last < roll(first, YEARLY, 1, end_of_month=False):
        return UnitPeriod(UnitKind.TERM)
    intervals = [
        _standard_interval(start, end, after)
        for start, end, after in zip_longest(moments, moments[1:], moments[2:])
        if end is not None
    ]
    counted = Counter(intervals)
    times = max(counted.values())
    if times == 1 and len(intervals) > 1:
        return _nearest_unit((last - first).days, len(intervals))
    common = (unit for unit, often in counted.items() if often == times)
    return max(common, key=lambda unit: unit.per_year)


def _standard_interval(start: date, end: date, after: date | None) -> UnitPeriod:
    months, reached = _units_back(start, end, MONTHLY, keeps_month_ends=True)
    if months and reached == start:
        return _of_months(months)
    days = (end - start).days
    if days % _DAYS_A_WEEK == 0:
        return UnitPeriod(UnitKind.WEEK, min(days // _DAYS_A_WEEK, _WEEKS_A_YEAR))
    if after is not None and _units_back(start, after, MONTHLY, keeps_month_ends=True) == (
        1,
        start,
    ):
        return UnitPeriod(UnitKind.SEMIMONTH)
    return UnitPeriod(UnitKind.DAY, min(days, _DAYS_A_YEAR))


def _nearest_unit(days: int, intervals: int) -> UnitPeriod:
    """The standard unit nearest to the mean of so many days over so many intervals."""
    standard = [
        UnitPeriod(UnitKind.DAY),
        *(UnitPeriod(UnitKind.WEEK, count) for count in (1, 2, 3)),
        UnitPeriod(UnitKind.SEMIMONTH),
        *(_of_months(count) for count in range(1, _MONTHS_A_YEAR + 1)),
    ]
    mean = Fraction(days, intervals)
    return min(standard, key=lambda unit: abs(_DAYS_A_YEAR / unit.per_year - mean))


def _of_months(months: int) -> UnitPeriod:
    if months >= _MONTHS_A_YEAR:
        return UnitPeriod(UnitKind.YEAR)
    return UnitPeriod(UnitKind.MONTH, months)


def _years_and_rest(start: date, end: date, months: int, odd_days: int) -> UnitPeriods:
    whole, odd_months = divmod(months, _MONTHS_A_YEAR)
    if not odd_days:
        return UnitPeriods(whole, Fraction(odd_months, _MONTHS_A_YEAR))
    reached = roll(end, YEARLY, -whole, end_of_month=True)
    return UnitPeriods(whole, Fraction((reached - start).days, _DAYS_A_YEAR))


def _require_order(start: date, end: date) -> None:
    if end < start:
        raise IntervalRunsBackwards(start=start, end=end)


def _units_back(
    start: date, end: date, unit: Frequency, *, keeps_month_ends: bool = False
) -> tuple[int, date]:
    """How many whole units lie between, and the date that many before the end."""
    if (months := unit.months) is not None:
        between = _calendar_months(start, end)
        if is_last_of_month(start) and is_last_of_month(end) and between % months == 0:
            return between // months, start
        count = between // months
    else:
        count = (end - start).days // _DAYS_A_WEEK
    reached = roll(end, unit, -count, end_of_month=keeps_month_ends)
    if reached < start:
        count -= 1
        reached = roll(end, unit, -count, end_of_month=keeps_month_ends)
    return count, reached


def _months_forward(start: date, end: date) -> tuple[int, date]:
    between = _calendar_months(start, end)
    if is_last_of_month(start) and is_last_of_month(end):
        return between, end
    reached = roll(start, MONTHLY, between, end_of_month=False)
    if reached > end:
        between -= 1
        reached = roll(start, MONTHLY, between, end_of_month=False)
    return between, reached


def _calendar_months(start: date, end: date) -> int:
    return (end.year - start.year) * _MONTHS_A_YEAR + end.month - start.month
