"""What one unit of principal costs over a part of a period."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from gbese.core.calendars.frequencies import Frequency as Every
from gbese.core.calendars.frequencies import FrequencyUnit, roll
from gbese.core.contracts.progressive import (
    FactorBasis,
    MonthDays,
    PlanConventions,
    YearDays,
)

_LEAP_DAYS, _COMMON_DAYS = 366, 365
_MONTH_DAYS = 30
_WEEK_DAYS = 7
_PARTS_OF_YEAR = {FrequencyUnit.MONTH: 12, FrequencyUnit.WEEK: 52}


def rate_factor(
    conventions: PlanConventions,
    rate: Decimal,
    *,
    start: date,
    end: date,
    period_start: date,
    period_due: date,
    first_start: date | None,
) -> Decimal:
    """The cost of one unit from `start` to `end` within a period, a plain number.

    Args:
        conventions: how days become a part of a year.
        rate: nominal, a fraction of one a year.
        start: of the part of the period.
        end: of the part of the period.
        period_start: of the whole period.
        period_due: of the whole period.
        first_start: of the whole plan; a period counted by months of 30 days that is longer or
            shorter than the frequency is measured against it. None measures by the frequency.

    The caller sets the precision of the decimal context; the result has as many decimals.
    """
    days, period_days = (end - start).days, (period_due - period_start).days
    if not period_days:
        return Decimal(0)
    every = Decimal(conventions.frequency.count)
    parts = _PARTS_OF_YEAR.get(conventions.frequency.unit)
    if conventions.factor_basis is FactorBasis.WHOLE_PERIOD and parts is not None:
        return _scaled(conventions, rate * (every / parts) * days / period_days)
    if (
        conventions.year_days is YearDays.ACTUAL
        and end.year > start.year
        and _splits_years(conventions, period_start, period_due)
    ):
        return _scaled(conventions, rate * _years(conventions, start, end))
    year = _year_days(conventions, start, period_start, period_due)
    if conventions.month_days is MonthDays.ACTUAL:
        return _scaled(conventions, rate * (Decimal(days) / year))
    if first_start is not None:
        every = _units(conventions, first_start, period_start, period_due)
    unit_days = {FrequencyUnit.DAY: 1, FrequencyUnit.WEEK: _WEEK_DAYS}.get(
        conventions.frequency.unit, _MONTH_DAYS
    )
    return _scaled(conventions, rate * (unit_days * every / year) * days / period_days)


def _scaled(conventions: PlanConventions, factor: Decimal) -> Decimal:
    return factor.quantize(Decimal(1).scaleb(-conventions.working_digits), ROUND_HALF_EVEN)


def _splits_years(conventions: PlanConventions, start: date, due: date) -> bool:
    return not conventions.has_leap_period_only or _holds_leap_day(start, due)


def _holds_leap_day(start: date, due: date) -> bool:
    return any(
        calendar.isleap(year) and start < date(year, 2, 29) <= due
        for year in range(start.year, due.year + 1)
    )


def _year_days(conventions: PlanConventions, start: date, period_start: date, due: date) -> int:
    if conventions.year_days is not YearDays.ACTUAL:
        return int(conventions.year_days)
    if not calendar.isleap(start.year):
        return _COMMON_DAYS
    if conventions.has_leap_period_only and not _holds_leap_day(period_start, due):
        return _COMMON_DAYS
    return _LEAP_DAYS


def _years(conventions: PlanConventions, start: date, end: date) -> Decimal:
    """The years between, each year's days over its own length."""
    years, day = Decimal(0), start
    for year in range(start.year, end.year + 1):
        cut = date(year + 1, 1, 1) if conventions.year_ends_on_new_year else date(year, 12, 31)
        cut = end if year == end.year else cut
        years += Decimal((cut - day).days) / (_LEAP_DAYS if calendar.isleap(year) else _COMMON_DAYS)
        day = cut
    return years


def _units(conventions: PlanConventions, first_start: date, start: date, due: date) -> Decimal:
    """How many units of the frequency a period is long, a part of one by its days."""
    one = Every(1, conventions.frequency.unit)
    seed = _seed(conventions, one, first_start, start, due)
    before = _whole_units(one, seed, start)
    count = before + 1
    day = start
    while day < due:
        day = roll(seed, one, count, end_of_month=False)
        if day <= due:
            count += 1
        else:
            whole = count - before - 1
            begun = roll(seed, one, whole, end_of_month=False)
            return Decimal((due - begun).days) / (day - begun).days + whole
    return Decimal(count - before - 1)


def _seed(
    conventions: PlanConventions, one: Every, first_start: date, start: date, due: date
) -> date:
    """The plan's start where the period lies on its grid, else the period's own."""
    count = 1
    while (day := roll(first_start, one, count, end_of_month=False)) < due:
        count += 1
    back = roll(day, one, -conventions.frequency.count, end_of_month=False)
    return first_start if day == due and back == start else start


def _whole_units(one: Every, seed: date, start: date) -> int:
    if one.unit is FrequencyUnit.MONTH:
        last = calendar.monthrange(start.year, start.month)[1]
        is_short = start.day == last and seed.day > start.day
        months = (start.year - seed.year) * 12 + start.month - seed.month
        return months - (1 if start.day < seed.day and not is_short else 0)
    count = 0
    while roll(seed, one, count + 1, end_of_month=False) <= start:
        count += 1
    return count
