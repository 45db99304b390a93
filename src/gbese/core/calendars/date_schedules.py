"""The dates between a start and an end, where the agreement says how stubs and month ends go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gbese.core.calendars.business_days import BusinessDayConvention, Calendar, adjust
from gbese.core.calendars.frequencies import (
    MONTHLY,
    Frequency,
    FrequencyUnit,
    add_months,
    is_last_of_month,
    roll,
)
from gbese.core.calendars.periods import PeriodError

_SMART_STUB_DAYS_MIN = 7  # a stub of fewer days joins its neighbour
_WEDNESDAY = 2


class ScheduleEndsBeforeItStarts(PeriodError):
    """The end must come after the start, and the regular dates lie between the two, in order."""

    code = "schedule_ends_before_it_starts"


class StubNotAllowed(PeriodError):
    """Whole periods do not fill the time, and the agreement has no rule for the odd days."""

    code = "stub_not_allowed"


class StubContradictsDates(PeriodError):
    """The dates given make a stub where the agreement's rule has none."""

    code = "stub_contradicts_dates"


class StubRule(StrEnum):
    """Where the odd days go when whole periods do not fill the time."""

    NONE = "none"
    SHORT_INITIAL = "short_initial"
    LONG_INITIAL = "long_initial"
    SMART_INITIAL = "smart_initial"  # short, unless it has fewer than 7 days
    SHORT_FINAL = "short_final"
    LONG_FINAL = "long_final"
    SMART_FINAL = "smart_final"
    BOTH = "both"  # the regular dates at both ends are given

    @property
    def is_initial(self) -> bool:
        """Whether dates are counted back from the end."""
        return self in {StubRule.SHORT_INITIAL, StubRule.LONG_INITIAL, StubRule.SMART_INITIAL}

    @property
    def is_final(self) -> bool:
        """Whether dates are counted on from the start, and the rest is left at the end."""
        return self in {StubRule.SHORT_FINAL, StubRule.LONG_FINAL, StubRule.SMART_FINAL}

    def joins_neighbour(self, days: int) -> bool:
        """Whether a stub of so many days is added to the period beside it."""
        if self in {StubRule.SMART_INITIAL, StubRule.SMART_FINAL}:
            return days < _SMART_STUB_DAYS_MIN
        return self in {StubRule.LONG_INITIAL, StubRule.LONG_FINAL}


class RollKind(StrEnum):
    """Which day of a month, or of a week, regular dates fall on."""

    NONE = "none"  # as the counting goes
    DAY_OF_MONTH = "day_of_month"
    END_OF_MONTH = "end_of_month"
    THIRD_WEDNESDAY = "third_wednesday"
    DAY_OF_WEEK = "day_of_week"


@dataclass(frozen=True, slots=True)
class RollDay:
    """The day regular dates fall on; `number` is of the month, or of the week (0 is Monday)."""

    kind: RollKind
    number: int = 0

    def fit(self, day: date) -> date:
        """The roll day of the same month, or the first in the week that begins with the day."""
        match self.kind:
            case RollKind.DAY_OF_MONTH:
                return add_months(day, 0, day=self.number)
            case RollKind.END_OF_MONTH:
                return add_months(day, 0, day=31)
            case RollKind.THIRD_WEDNESDAY:
                first = day.replace(day=1)
                return first + timedelta(days=(_WEDNESDAY - first.weekday()) % 7 + 14)
            case RollKind.DAY_OF_WEEK:
                return day + timedelta(days=(self.number - day.weekday()) % 7)
            case RollKind.NONE:
                return day


def roll_on_day(number: int) -> RollDay:
    """Dates on one day of the month; on the 31st, that is on its last day."""
    if number >= 31:
        return RollDay(RollKind.END_OF_MONTH)
    return RollDay(RollKind.DAY_OF_MONTH, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRule:
    """What an agreement says about its dates.

    Without a `stub` rule only the regular dates given can leave a stub. Without a `roll_day` it is
    read off the date that counting begins at; END_OF_MONTH is advice, for dates that are one.
    """

    start: date
    end: date
    frequency: Frequency
    stub: StubRule | None = None
    roll_day: RollDay | None = None
    first_regular_start: date | None = None
    last_regular_end: date | None = None


@dataclass(frozen=True, slots=True)
class DateSchedule:
    """Ascending dates as agreed, the business days they move to, and the day they roll on."""

    unadjusted: tuple[date, ...]
    adjusted: tuple[date, ...]
    roll_day: RollDay


def date_schedule(
    rule: DateRule,
    *,
    convention: BusinessDayConvention,
    calendar: Calendar,
    is_start_adjusted: bool = False,
) -> DateSchedule:
    """The dates from start to end by the frequency, with stubs where the rule puts them.

    Args:
        rule: what the agreement says.
        convention: where a date on a day off goes.
        calendar: the days off.
        is_start_adjusted: the start has already been moved to a business day; it is taken back to
            the roll day that it came from.

    Raises:
        ScheduleEndsBeforeItStarts: the dates are not in order.
        StubNotAllowed: days are left over, and no rule says where they go.
        StubContradictsDates: the regular dates make a stub that the rule rules out.
    """
    given = _before_adjustment(rule, convention, calendar, is_start_adjusted=is_start_adjusted)
    regular_start = given.first_regular_start or given.start
    regular_end = given.last_regular_end or given.end
    if not given.start <= regular_start <= regular_end <= given.end or given.start == given.end:
        raise ScheduleEndsBeforeItStarts(
            start=given.start, end=given.end, regular_start=regular_start, regular_end=regular_end
        )
    stub = _implied_stub(
        given.stub,
        has_initial=regular_start != given.start,
        has_final=regular_end != given.end,
    )
    roll_day = _roll_day(given, stub, regular_start, regular_end)
    regular = _regular_dates(regular_start, regular_end, given.frequency, roll_day, stub)
    unadjusted = tuple(sorted({given.start, *regular, given.end}))
    adjusted = [adjust(day, convention, calendar) for day in unadjusted]
    if is_start_adjusted:
        adjusted[0] = rule.start
    return DateSchedule(unadjusted, tuple(adjusted), roll_day)


def _before_adjustment(
    rule: DateRule,
    convention: BusinessDayConvention,
    calendar: Calendar,
    *,
    is_start_adjusted: bool,
) -> DateRule:
    """A given date that the roll day of its month moves to stands for that roll day."""
    roll_day = rule.roll_day
    if roll_day is None or roll_day.kind is not RollKind.DAY_OF_MONTH:
        return rule

    def before(day: date) -> date:
        rolled = roll_day.fit(day)
        return rolled if adjust(rolled, convention, calendar) == day else day

    return replace(
        rule,
        start=before(rule.start) if is_start_adjusted else rule.start,
        end=before(rule.end),
        first_regular_start=rule.first_regular_start and before(rule.first_regular_start),
        last_regular_end=rule.last_regular_end and before(rule.last_regular_end),
    )


def _implied_stub(stub: StubRule | None, *, has_initial: bool, has_final: bool) -> StubRule:
    """The rule left for the regular dates, once those given have made the stubs they make."""
    if stub is None:
        return StubRule.NONE
    contradicts = {
        StubRule.NONE: has_initial or has_final,
        StubRule.SHORT_INITIAL: has_final,
        StubRule.LONG_INITIAL: has_final,
        StubRule.SHORT_FINAL: has_initial,
        StubRule.LONG_FINAL: has_initial,
        StubRule.BOTH: not (has_initial and has_final),
    }
    if contradicts.get(stub, False):
        raise StubContradictsDates(stub=stub, has_initial=has_initial, has_final=has_final)
    is_made = (has_initial and stub.is_initial) or (has_final and stub.is_final)
    return StubRule.NONE if is_made or stub is StubRule.BOTH else stub


def _roll_day(rule: DateRule, stub: StubRule, regular_start: date, regular_end: date) -> RollDay:
    """The roll day agreed, or that of the date counting begins at."""
    agreed = rule.roll_day
    is_advice = agreed is not None and agreed.kind in {RollKind.NONE, RollKind.END_OF_MONTH}
    if agreed is not None and not is_advice:
        return agreed
    if rule.frequency.unit is FrequencyUnit.AT_MATURITY:
        return agreed or RollDay(RollKind.NONE)
    counted_from = regular_end if (rule.stub or stub).is_initial else regular_start
    if rule.frequency.months is None:
        if rule.frequency.days is not None and rule.frequency.days % 7 == 0:
            return RollDay(RollKind.DAY_OF_WEEK, counted_from.weekday())
        return agreed or RollDay(RollKind.NONE)
    number = counted_from.day
    ends_a_month = is_last_of_month(counted_from)
    if stub is StubRule.NONE and regular_start.day != regular_end.day:
        # Both are regular, so a short month's last day hides the later day of the other.
        ends_a_month = is_last_of_month(regular_start) or is_last_of_month(regular_end)
        if ends_a_month:
            number = max(regular_start.day, regular_end.day)
    if ends_a_month and agreed is not None and agreed.kind is RollKind.END_OF_MONTH:
        return agreed
    return roll_on_day(number)


def _regular_dates(
    start: date, end: date, frequency: Frequency, roll_day: RollDay, stub: StubRule
) -> Sequence[date]:
    if frequency.unit is FrequencyUnit.AT_MATURITY or start == end:
        return (start, end)
    if stub.is_initial:
        return _counted(end, start, frequency, roll_day, stub)
    return _counted(start, end, frequency, roll_day, stub)


def _counted(
    origin: date, limit: date, frequency: Frequency, roll_day: RollDay, stub: StubRule
) -> Sequence[date]:
    """Dates from the origin to the limit, on or back; the stub, if any, is at the limit."""
    step = 1 if limit > origin else -1
    dates = [origin]
    while step * (limit - (following := _next(dates[-1], step, frequency, roll_day))).days > 0:
        dates.append(following)
    is_whole = following == limit or len(dates) == 1  # a single period, whatever its length
    if roll_day.kind is RollKind.END_OF_MONTH:  # or whole periods by the day of the month
        is_whole |= roll(origin, frequency, step * len(dates), end_of_month=False) == limit
    if not is_whole:
        if stub is StubRule.NONE:
            raise StubNotAllowed(start=min(origin, limit), end=max(origin, limit))
        if stub.joins_neighbour(abs((limit - dates[-1]).days)):
            dates.pop()
    return (*dates, limit)


def _next(day: date, step: int, frequency: Frequency, roll_day: RollDay) -> date:
    """One frequency on, or back, and onto the roll day; a month on where that is no progress."""
    rolled = roll_day.fit(roll(day, frequency, step, end_of_month=False))
    if step * (rolled - day).days > 0:
        return rolled
    return roll_day.fit(roll(day, MONTHLY, step, end_of_month=False))
