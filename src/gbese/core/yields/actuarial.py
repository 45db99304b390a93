"""Nominal yearly rates of disclosure: the rate of one period times the periods of a year.

The United States call the period a unit-period, Russia a base period; both let whole periods
compound and charge simple interest for the odd part of one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, is_last_of_month, roll
from gbese.core.yields.flows import DatedFlow, TimedFlow
from gbese.core.yields.intervals import UnitPeriod, unit_periods_between
from gbese.core.yields.roots import smallest_rate_from_zero, sole_rate

_MONTHS_A_YEAR = 12
_DIGITS = 50


@dataclass(frozen=True, slots=True)
class BasePeriod:
    """The most usual interval of a Russian schedule: whole months, or days."""

    months: int  # 0 where it is counted in days
    days: Fraction  # how long it counts

    def per_year(self, days_in_year: Fraction) -> Fraction:
        """How many of them a year has."""
        return Fraction(_MONTHS_A_YEAR, self.months) if self.months else days_in_year / self.days


def apr_us(flows: Sequence[DatedFlow], *, unit: UnitPeriod) -> Decimal:
    """The annual percentage rate of Regulation Z, as a fraction: nominal, by the actuarial method.

    Args:
        flows: advances and payments, opposite in sign; the term begins with the earliest.
        unit: the interval most common in the transaction.

    Raises:
        NoRateExists: there is none.
        SeveralRatesExist: there are several, so none of them is *the* rate.

    Source: 12 CFR 1026, appendix J.
    """
    start = min(flow.day for flow in flows)
    timed: list[TimedFlow] = []
    for flow in flows:
        interval = unit_periods_between(start, flow.day, unit)
        timed.append(TimedFlow(flow.amount, Fraction(interval.whole), interval.odd))
    return _times(sole_rate(timed), unit.per_year)


def psk(flows: Sequence[DatedFlow], *, days_in_year: Fraction) -> Decimal:
    """The full cost of a Russian consumer loan (PSK), as a fraction.

    The smallest root, not negative, of the equation of value by base periods, times their number
    in a year.

    Raises:
        NoRateExists: there is none.

    Source: Federal Law 353-FZ, article 6, parts 2 to 2.3.
    """
    start = min(flow.day for flow in flows)
    base = base_period([flow.day for flow in flows], days_in_year=days_in_year)
    timed: list[TimedFlow] = []
    for flow in flows:
        whole, odd = _base_periods(start, flow.day, base)
        timed.append(TimedFlow(flow.amount, Fraction(whole), odd))
    return _times(smallest_rate_from_zero(timed), base.per_year(days_in_year))


def base_period(days: Sequence[date], *, days_in_year: Fraction) -> BasePeriod:
    """The interval between flows that comes most often; the shorter one where two come as often.

    Months count as equal. Where no interval comes twice, it is their mean; a base period is never
    shorter than a day nor longer than a year.

    Source: Federal Law 353-FZ, article 6, part 2.2.
    """
    month = days_in_year / _MONTHS_A_YEAR
    intervals = [_interval(one, other, month) for one, other in pairwise(sorted(set(days)))]
    counted = Counter(intervals)
    often = max(counted.values(), default=0)
    base = min(
        (interval for interval, times in counted.items() if times == often),
        key=lambda interval: interval.days,
        default=BasePeriod(0, Fraction(1)),
    )
    if often == 1 and len(intervals) > 1:
        base = BasePeriod(0, sum((each.days for each in intervals), Fraction(0)) / len(intervals))
    if base.days > days_in_year:
        return BasePeriod(_MONTHS_A_YEAR, days_in_year)
    return base


def _interval(start: date, end: date, month: Fraction) -> BasePeriod:
    months = (end.year - start.year) * _MONTHS_A_YEAR + end.month - start.month
    are_ends = is_last_of_month(start) and is_last_of_month(end)
    if months and (are_ends or _months_on(start, months) == end):
        return BasePeriod(months, months * month)
    return BasePeriod(0, Fraction((end - start).days))


def _base_periods(start: date, day: date, base: BasePeriod) -> tuple[int, Fraction]:
    """Whole base periods from the start to a day, and the odd part of one."""
    if not base.months:
        whole, rest = divmod(Fraction((day - start).days), base.days)
        return int(whole), rest / base.days
    months = (day.year - start.year) * _MONTHS_A_YEAR + day.month - start.month
    are_ends = is_last_of_month(start) and is_last_of_month(day)
    if not are_ends and _months_on(start, months) > day:
        months -= 1
    whole = months // base.months
    if are_ends and months % base.months == 0:
        return whole, Fraction(0)
    reached = _months_on(start, whole * base.months)
    return whole, (day - reached).days / base.days


def _months_on(start: date, months: int) -> date:
    return roll(start, Frequency(1, FrequencyUnit.MONTH), months, end_of_month=False)


def _times(rate: Decimal, periods: Fraction) -> Decimal:
    with localcontext(prec=_DIGITS):
        return rate * periods.numerator / periods.denominator
