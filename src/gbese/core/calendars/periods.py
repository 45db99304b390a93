"""Periods and due dates: what the terms say about dates, as a chain without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count, pairwise

from gbese.core.calendars.frequencies import Frequency, FrequencyUnit, add_months, roll
from gbese.core.errors import Refusal


class PeriodError(Refusal):
    """The dates do not make a period or a chain of periods."""

    code = "period_error"


class PeriodEndsBeforeItStarts(PeriodError):
    """A period must end after it starts."""

    code = "period_ends_before_it_starts"


class FirstDueDateBeforeInterest(PeriodError):
    """The first due date must come after the day from which interest runs."""

    code = "first_due_date_before_interest"


class MaturityBeforeFirstDueDate(PeriodError):
    """The maturity date cannot come before the first due date."""

    code = "maturity_before_first_due_date"


class FirstDueDateNotMaturity(PeriodError):
    """What falls due once, at maturity, has no earlier due date."""

    code = "first_due_date_not_maturity"


class NoInstalments(PeriodError):
    """A loan is repaid in at least one instalment."""

    code = "no_instalments"


class DueDay(StrEnum):
    """On which day of the month instalments fall due."""

    SAME_DAY = "same_day"  # as the first
    START_OF_NEXT_MONTH = "start_of_next_month"
    END_OF_MONTH = "end_of_month"


class StubKind(StrEnum):
    """What becomes of the odd days at one end of a chain of periods."""

    SHORT = "short"  # they make a period of their own
    LONG = "long"  # they join the neighbouring period


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` (in) to `end` (out): it has as many days as the two dates are apart."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodEndsBeforeItStarts(start=self.start, end=self.end)

    @property
    def days(self) -> int:
        """Its length in days."""
        return (self.end - self.start).days

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class SchedulePeriod:
    """A period of a schedule, and the regular dates it is measured against.

    `notional_dates` ascend, are one frequency apart, and reach from `start` or before to `end` or
    after. A regular period has two: its own ends. A stub has those of the regular period, or
    periods, that it is a part of.
    """

    number: int  # from 1
    start: date
    end: date
    notional_dates: tuple[date, ...]

    @property
    def period(self) -> Period:
        """Its two dates alone."""
        return Period(self.start, self.end)

    @property
    def is_stub(self) -> bool:
        """Whether it is longer or shorter than one regular period."""
        return self.notional_dates != (self.start, self.end)


def due_dates(
    *,
    first_due_date: date,
    maturity_date: date,
    frequency: Frequency,
    end_of_month: bool = False,
    final_stub: StubKind = StubKind.SHORT,
) -> tuple[date, ...]:
    """The dates on which instalments fall due: from the first, by the frequency, to maturity.

    They ascend strictly and end with the maturity date. Where it is no regular date, the days
    left over make a period of their own, or with `final_stub` LONG join the last regular one.

    Raises:
        MaturityBeforeFirstDueDate: nothing could fall due.
        FirstDueDateNotMaturity: a frequency "at maturity" with an earlier first due date.
    """
    if maturity_date < first_due_date:
        raise MaturityBeforeFirstDueDate(first_due_date=first_due_date, maturity_date=maturity_date)
    if frequency.unit is FrequencyUnit.AT_MATURITY:
        if first_due_date != maturity_date:
            raise FirstDueDateNotMaturity(
                first_due_date=first_due_date, maturity_date=maturity_date
            )
        return (maturity_date,)
    dates: list[date] = []
    for day in _rolled(first_due_date, frequency, end_of_month=end_of_month):
        if day >= maturity_date:
            if day > maturity_date and final_stub is StubKind.LONG and len(dates) > 1:
                dates.pop()
            break
        dates.append(day)
    return (*dates, maturity_date)


def due_dates_counted(
    *, first_due_date: date, instalments: int, frequency: Frequency, end_of_month: bool = False
) -> tuple[date, ...]:
    """The due dates of so many instalments: the first, and the rest by the frequency.

    Raises:
        NoInstalments: fewer than one.
        FrequencyHasNoLength: a frequency "at maturity" with more than one.
    """
    if instalments < 1:
        raise NoInstalments(instalments=instalments)
    return tuple(
        roll(first_due_date, frequency, number, end_of_month=end_of_month)
        if number
        else first_due_date
        for number in range(instalments)
    )


def first_due_date_on(day: date, due_day: DueDay) -> date:
    """The first due date of a loan that starts to be repaid on `day`."""
    match due_day:
        case DueDay.SAME_DAY:
            return day
        case DueDay.START_OF_NEXT_MONTH:
            return add_months(day, 1, day=1)
        case DueDay.END_OF_MONTH:
            return add_months(day, 0, day=31)


def interest_periods(
    *,
    interest_from: date,
    first_due_date: date,
    maturity_date: date,
    frequency: Frequency,
    end_of_month: bool = False,
    final_stub: StubKind = StubKind.SHORT,
) -> tuple[SchedulePeriod, ...]:
    """The interest periods of a loan: contiguous, one ending on each due date.

    The first starts at `interest_from`; where that is not one frequency before the first due date
    it is a stub, short or long as the two dates make it.

    Raises:
        FirstDueDateBeforeInterest: interest would run from the first due date or later.
        MaturityBeforeFirstDueDate: nothing could fall due.
        FirstDueDateNotMaturity: a frequency "at maturity" with an earlier first due date.
    """
    if first_due_date <= interest_from:
        raise FirstDueDateBeforeInterest(interest_from=interest_from, first_due_date=first_due_date)
    dates = due_dates(
        first_due_date=first_due_date,
        maturity_date=maturity_date,
        frequency=frequency,
        end_of_month=end_of_month,
        final_stub=final_stub,
    )
    stubs = {1, len(dates)}  # all others lie between two regular dates
    return tuple(
        SchedulePeriod(
            number,
            start,
            end,
            notional_dates(
                Period(start, end),
                anchor=first_due_date,
                frequency=frequency,
                end_of_month=end_of_month,
            )
            if number in stubs
            else (start, end),
        )
        for number, (start, end) in enumerate(pairwise((interest_from, *dates)), start=1)
    )


def notional_dates(
    period: Period, *, anchor: date, frequency: Frequency, end_of_month: bool
) -> tuple[date, ...]:
    """The regular dates around a period: the last at its start or before, to the first at its end.

    Regular dates roll from the anchor in both directions. A frequency "at maturity" has none but
    the period's own.
    """
    if frequency.unit is FrequencyUnit.AT_MATURITY:
        return (period.start, period.end)
    index = _index_at_or_before(period.start, anchor, frequency, end_of_month=end_of_month)
    dates = [roll(anchor, frequency, index, end_of_month=end_of_month)]
    while dates[-1] < period.end:
        index += 1
        dates.append(roll(anchor, frequency, index, end_of_month=end_of_month))
    return tuple(dates)


def _rolled(anchor: date, frequency: Frequency, *, end_of_month: bool) -> Iterator[date]:
    return (roll(anchor, frequency, number, end_of_month=end_of_month) for number in count())


def _index_at_or_before(
    day: date, anchor: date, frequency: Frequency, *, end_of_month: bool
) -> int:
    """The number of the last regular date on `day` or before it; the anchor has number 0."""
    if (months := frequency.months) is not None:
        index = ((day.year - anchor.year) * 12 + day.month - anchor.month) // months
    else:
        index = (day - anchor).days // (frequency.days or 1)
    return index if roll(anchor, frequency, index, end_of_month=end_of_month) <= day else index - 1


def frequency_of(period: Period) -> Frequency:
    """The frequency of which a regular period is one: whole months, else weeks, else days."""
    start, end = period.start, period.end
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0:
        by_months = Frequency(months, FrequencyUnit.MONTH)
        if end in {roll(start, by_months, 1, end_of_month=at_end) for at_end in (False, True)}:
            return by_months
    if period.days % 7 == 0:
        return Frequency(period.days // 7, FrequencyUnit.WEEK)
    return Frequency(period.days, FrequencyUnit.DAY)
