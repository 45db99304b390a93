"""The periods of a contract: where they start and end, what falls due at their end, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from gbese.core.calendars.business_days import Calendar, adjust
from gbese.core.calendars.day_counts import Clock, DayCount, clock_for
from gbese.core.calendars.frequencies import FrequencyUnit, periods_per_year, roll
from gbese.core.calendars.periods import Period, SchedulePeriod, notional_dates
from gbese.core.calendars.periods import interest_periods as regular_periods
from gbese.core.contracts.terms import InterestSpread, ScheduleKind, Terms
from gbese.core.schedules.errors import ScheduleError


class InterestUse(StrEnum):
    """What becomes of the interest when a period ends."""

    PAID = "paid"
    CAPITALISED = "capitalised"  # it joins principal
    RUNS_ON = "runs_on"  # it goes on accruing, and falls due with a later period


@dataclass(frozen=True, slots=True)
class Spread:
    """What a period gets of all interest by the sum of digits, against what its time would give.

    The first of n periods has the digit n, the last 1; its interest is digit / sum of all.
    """

    digit: int
    sum_of_digits: int
    years: Fraction  # of the period, by the day count
    years_in_all: Fraction

    @property
    def factor(self) -> Fraction:
        """What the rate of the period is multiplied by."""
        return Fraction(self.digit, self.sum_of_digits) * self.years_in_all / self.years


@dataclass(frozen=True, slots=True)
class InterestPeriod:
    """One stretch of a schedule, from `start` (in) to `end` (out), paid on `due_date_adjusted`.

    `agreed_date` is the date of the contract that it ends by; days off may have moved `end`.
    `claim` is the number of the period whose end settles the interest: its own, or a later one.
    """

    number: int
    start: date
    end: date
    agreed_date: date
    due_date_adjusted: date
    clock: Clock
    claim: int
    interest: InterestUse = InterestUse.PAID
    repays: bool = True  # principal may fall due at its end
    spread: Spread | None = None  # of a flat rate that is not spread evenly

    def rate_of(self, rate: Decimal) -> Decimal | Fraction:
        """The rate that the period's interest is counted at, where the contract's is `rate`."""
        return rate if self.spread is None else Fraction(rate) * self.spread.factor


_NIGHT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of interest between two dates on which it is settled, and where it is cut."""

    period: SchedulePeriod
    cuts: tuple[date, ...]  # ends of its parts, ascending; the last is its own end


def interest_periods(
    terms: Terms, calendar: Calendar, *, until: date | None = None
) -> tuple[InterestPeriod, ...]:
    """The periods from `terms.interest_from` to the maturity date, contiguous and ascending.

    A period ends wherever interest or principal falls due, or interest joins principal.

    Args:
        terms: the dates and conventions of the contract.
        calendar: whose days off move due dates.
        until: for a contract without maturity, the periods go on to this day or just past it.

    Raises:
        ScheduleError: `no_maturity` (and `until` is missing), `no_dates` (a custom schedule lists
            none), `dates_do_not_increase`.
        PeriodError: the dates of the terms contradict each other.
    """
    stretches = _stretches(terms, until)
    settles = {stretch.period.end for stretch in stretches}
    repays = _repayment_dates(terms, stretches)
    periods: list[InterestPeriod] = []
    for stretch in stretches:
        period = stretch.period
        if terms.adjusts_periods:
            start = _moved(terms, period.start, calendar) if periods else period.start
            period = replace(period, start=start, end=_moved(terms, period.end, calendar))
        clock = _clock(terms, period, calendar)
        claim = len(periods) + len(stretch.cuts)
        for cut in stretch.cuts:
            last = cut == stretch.period.end
            periods.append(
                InterestPeriod(
                    number=len(periods) + 1,
                    start=periods[-1].end if periods else period.start,
                    end=period.end if last else _moved(terms, cut, calendar),
                    agreed_date=cut,
                    due_date_adjusted=_due_date(terms, cut, calendar),
                    clock=clock,
                    claim=claim,
                    interest=_use(terms, cut) if cut in settles else InterestUse.RUNS_ON,
                    repays=repays is None or cut in repays,
                )
            )
    periods = _with_last_day(terms, periods)
    if terms.interest_spread is InterestSpread.SUM_OF_DIGITS:
        periods = _spread_by_digits(periods)
    return tuple(periods)


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


def _stretches(terms: Terms, until: date | None) -> tuple[_Stretch, ...]:
    """The interest periods, cut where principal alone falls due or capitalising ends."""
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        return _listed_stretches(terms)
    periods = _regular_periods(terms, until)
    ends_capitalising = terms.capitalises_until
    if ends_capitalising is not None:
        periods = _cut_at(periods, ends_capitalising)
    cuts = {period.end for period in periods}
    if terms.principal_cycle is not None:
        cycle, maturity = terms.principal_cycle, periods[-1].end
        cuts |= set(cycle.dates(before=maturity, end_of_month=terms.end_of_month))
    elif terms.first_interest_date is None:
        return tuple(_Stretch(period, (period.end,)) for period in periods)
    return tuple(
        _Stretch(period, tuple(sorted(day for day in cuts if _lies_in(day, period))))
        for period in _put_off(periods, terms.first_interest_date)
    )


def _lies_in(day: date, period: SchedulePeriod) -> bool:
    return period.start < day <= period.end or day == period.start == period.end


def _put_off(
    periods: Sequence[SchedulePeriod], first_interest_date: date | None
) -> tuple[SchedulePeriod, ...]:
    """The periods, those before interest is first due in one with the period that ends then."""
    if first_interest_date is None:
        return tuple(periods)
    early = [period for period in periods[:-1] if period.end < first_interest_date]
    first = periods[len(early)]
    dates = {day for period in (*early, first) for day in period.notional_dates}
    whole = replace(first, start=periods[0].start, notional_dates=tuple(sorted(dates)))
    return (whole, *periods[len(early) + 1 :])


def _regular_periods(terms: Terms, until: date | None) -> tuple[SchedulePeriod, ...]:
    maturity = terms.maturity_date
    if maturity is None:
        maturity = _open_ended(terms, until)
        if terms.frequency.unit is FrequencyUnit.AT_MATURITY:
            return _numbered(terms, terms.interest_from, maturity, maturity)
    first = terms.first_due_date
    if first > terms.interest_from:
        return _numbered(terms, terms.interest_from, first, maturity)
    # Dates are counted from one in the past; on the first day itself, something may fall due.
    periods = _numbered(terms, first - _NIGHT, first, maturity)
    return tuple(
        replace(period, start=max(period.start, terms.interest_from))
        for period in periods
        if period.end > terms.interest_from or period.end == terms.interest_from == first
    )


def _numbered(
    terms: Terms, interest_from: date, first_due_date: date, maturity: date
) -> tuple[SchedulePeriod, ...]:
    return regular_periods(
        interest_from=interest_from,
        first_due_date=first_due_date,
        maturity_date=maturity,
        frequency=terms.frequency,
        end_of_month=terms.end_of_month,
        final_stub=terms.final_stub,
    )


def _cut_at(periods: Iterable[SchedulePeriod], day: date) -> tuple[SchedulePeriod, ...]:
    """The periods, the one around the day in two; both count against the same regular dates."""
    cut: list[SchedulePeriod] = []
    for period in periods:
        if period.start < day < period.end:
            cut += [replace(period, end=day), replace(period, start=day)]
        else:
            cut.append(period)
    return tuple(cut)


def _repayment_dates(terms: Terms, stretches: Sequence[_Stretch]) -> frozenset[date] | None:
    """The dates on which principal may fall due; None is every one."""
    maturity = stretches[-1].period.end
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        return frozenset(row.due_date for row in terms.custom_principal if row.principal)
    if terms.principal_cycle is None:
        return None
    dates = terms.principal_cycle.dates(before=maturity, end_of_month=terms.end_of_month)
    return frozenset((*dates, maturity))


def _listed_stretches(terms: Terms) -> tuple[_Stretch, ...]:
    pays: dict[date, bool] = {}
    for row in terms.custom_principal:
        pays[row.due_date] = pays.get(row.due_date, False) or row.pays_interest
    ends = sorted(pays)
    if not ends:
        raise ScheduleError(problem="no_dates")
    if ends[0] <= terms.interest_from:
        raise ScheduleError(problem="dates_do_not_increase", start=terms.interest_from, end=ends[0])
    settled = [day for day in ends if pays[day] or day == ends[-1]]
    return tuple(
        _Stretch(
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
            ),
            tuple(day for day in ends if start < day <= end),
        )
        for number, (start, end) in enumerate(pairwise((terms.interest_from, *settled)), start=1)
    )


def _open_ended(terms: Terms, until: date | None) -> date:
    if until is None:
        raise ScheduleError(problem="no_maturity")
    if terms.frequency.unit is FrequencyUnit.AT_MATURITY:
        return max(until, terms.first_due_date)
    count, end = 0, terms.first_due_date
    while end < until:
        count += 1
        end = roll(terms.first_due_date, terms.frequency, count, end_of_month=terms.end_of_month)
    return end


def _use(terms: Terms, end: date) -> InterestUse:
    """Interest joins principal up to the end of capitalising, but for what falls due last."""
    capitalises = terms.capitalises_until is not None and end <= terms.capitalises_until
    return (
        InterestUse.CAPITALISED if capitalises and end != terms.maturity_date else InterestUse.PAID
    )


def _moved(terms: Terms, day: date, calendar: Calendar) -> date:
    """Where a period ends: on its date, unless the contract moves periods with their payments."""
    return adjust(day, terms.business_days, calendar) if terms.adjusts_periods else day


def _due_date(terms: Terms, day: date, calendar: Calendar) -> date:
    if day == terms.maturity_date and not terms.adjusts_maturity:
        return day
    return adjust(day, terms.business_days, calendar)


def _with_last_day(terms: Terms, periods: list[InterestPeriod]) -> list[InterestPeriod]:
    """Where the maturity date itself bears interest, its night belongs to the last period."""
    if terms.counts_last_day and terms.maturity_date is not None:
        periods[-1] = replace(periods[-1], end=periods[-1].end + _NIGHT)
    return periods


def _spread_by_digits(periods: Sequence[InterestPeriod]) -> list[InterestPeriod]:
    """The periods with what each gets of the interest by the rule of 78."""
    years: dict[int, Fraction] = {}
    for period in periods:
        units = period.clock.units(period.end) - period.clock.units(period.start)
        so_far = years.get(period.claim, Fraction(0))
        years[period.claim] = so_far + Fraction(units, period.clock.denominator)
    claims = [claim for claim, length in years.items() if length]
    digits = {claim: len(claims) - place for place, claim in enumerate(claims)}
    in_all, of = sum(years.values(), Fraction(0)), sum(digits.values())
    return [
        replace(period, spread=Spread(digits[period.claim], of, years[period.claim], in_all))
        if period.claim in digits
        else period
        for period in periods
    ]


def _clock(terms: Terms, period: SchedulePeriod, calendar: Calendar) -> Clock:
    if period.end <= period.start:
        return clock_after_maturity(terms, period.start, calendar)  # it counts nothing
    has_length = terms.frequency.unit is not FrequencyUnit.AT_MATURITY
    has_last_night = terms.counts_last_day and period.end == terms.maturity_date
    return clock_for(
        terms.day_count,
        period=Period(period.start, period.end + has_last_night * _NIGHT),
        notional_dates=period.notional_dates,
        periods_per_year=periods_per_year(terms.frequency) if has_length else None,
        termination_date=terms.maturity_date,
        calendar=calendar,
    )
