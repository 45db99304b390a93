"""How often something happens, and the dates it rolls to."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from gbese.core.errors import Refusal


class FrequencyNotPositive(Refusal):
    """A frequency counts at least one of its unit."""

    code = "frequency_not_positive"


class FrequencyHasNoLength(Refusal):
    """What happens once, at maturity, has no period that could be repeated."""

    code = "frequency_has_no_length"


class DateOutOfRange(Refusal):
    """The date lies outside the years 1 to 9999."""

    code = "date_out_of_range"


class FrequencyUnit(StrEnum):
    """What a frequency counts in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    AT_MATURITY = "at_maturity"


@dataclass(frozen=True, slots=True)
class Frequency:
    """Every `count` units: quarterly is 3 months, fortnightly 2 weeks."""

    count: int
    unit: FrequencyUnit

    def __post_init__(self) -> None:
        if self.count < 1:
            raise FrequencyNotPositive(count=self.count, unit=self.unit)

    @property
    def months(self) -> int | None:
        """Its length where it is counted in months or years."""
        match self.unit:
            case FrequencyUnit.MONTH:
                return self.count
            case FrequencyUnit.YEAR:
                return 12 * self.count
            case _:
                return None

    @property
    def days(self) -> int | None:
        """Its length where it is counted in days or weeks."""
        match self.unit:
            case FrequencyUnit.DAY:
                return self.count
            case FrequencyUnit.WEEK:
                return 7 * self.count
            case _:
                return None


DAILY = Frequency(1, FrequencyUnit.DAY)
WEEKLY = Frequency(1, FrequencyUnit.WEEK)
FORTNIGHTLY = Frequency(2, FrequencyUnit.WEEK)
FOUR_WEEKLY = Frequency(4, FrequencyUnit.WEEK)
MONTHLY = Frequency(1, FrequencyUnit.MONTH)
TWO_MONTHLY = Frequency(2, FrequencyUnit.MONTH)
QUARTERLY = Frequency(3, FrequencyUnit.MONTH)
HALF_YEARLY = Frequency(6, FrequencyUnit.MONTH)
YEARLY = Frequency(12, FrequencyUnit.MONTH)
AT_MATURITY = Frequency(1, FrequencyUnit.AT_MATURITY)

_WEEKS_A_YEAR, _DAYS_A_YEAR = 52, 365


def periods_per_year(frequency: Frequency) -> Fraction:
    """How many of its periods make a year: 12 months, 52 weeks or 365 days.

    Raises:
        FrequencyHasNoLength: it happens once, at maturity.
    """
    match frequency.unit:
        case FrequencyUnit.DAY:
            return Fraction(_DAYS_A_YEAR, frequency.count)
        case FrequencyUnit.WEEK:
            return Fraction(_WEEKS_A_YEAR, frequency.count)
        case FrequencyUnit.MONTH:
            return Fraction(12, frequency.count)
        case FrequencyUnit.YEAR:
            return Fraction(1, frequency.count)
        case FrequencyUnit.AT_MATURITY:
            raise FrequencyHasNoLength(frequency=frequency)


def roll(anchor: date, frequency: Frequency, count: int, *, end_of_month: bool) -> date:
    """The date `count` periods after the anchor, or before it where `count` is negative.

    The anchor's day of the month is kept; a month without it uses its last day, and the next one
    returns to the anchor's: 31 January, 28 February, 31 March. With `end_of_month`, an anchor on
    the last day of its month rolls to last days only: 28 February, 31 March.

    Raises:
        FrequencyHasNoLength: it happens once, at maturity.
        DateOutOfRange: the date is before year 1 or after year 9999.
    """
    if (months := frequency.months) is not None:
        day = 31 if end_of_month and is_last_of_month(anchor) else anchor.day
        return add_months(anchor, months * count, day=day)
    if (days := frequency.days) is not None:
        try:
            return anchor + timedelta(days=days * count)
        except OverflowError as overflow:
            raise DateOutOfRange(anchor=anchor, frequency=frequency, count=count) from overflow
    raise FrequencyHasNoLength(frequency=frequency)


def add_months(anchor: date, months: int, *, day: int) -> date:
    """The `day` of the month that lies `months` after the anchor's, or its last day before it.

    Raises:
        DateOutOfRange: the month lies outside the years 1 to 9999.
    """
    year, month_index = divmod(anchor.year * 12 + anchor.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise DateOutOfRange(anchor=anchor, months=months)
    month = month_index + 1
    return date(year, month, min(day, monthrange(year, month)[1]))


def is_last_of_month(day: date) -> bool:
    """Whether the next day begins another month."""
    return day.day == monthrange(day.year, day.month)[1]
