"""Days on which business is done, and where a date on a day off goes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from gbese.core.errors import Refusal

SATURDAY, SUNDAY = 5, 6
_DAYS_OFF_MAX = 366  # a calendar that is shut for longer has been entered wrongly


class NoBusinessDay(Refusal):
    """The calendar has no business day within a year of the date."""

    code = "no_business_day"


class BusinessDayConvention(StrEnum):
    """Where a date on a day off goes."""

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified_following"  # following, but never into another month
    PRECEDING = "preceding"
    MODIFIED_PRECEDING = "modified_preceding"  # preceding, but never into another month
    NEAREST = "nearest"  # of two equally near, the one that follows


@dataclass(frozen=True, slots=True)
class EarlierHolidays:
    """The single dates off as they were known before the day `until`."""

    until: date
    holidays: frozenset[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of a country or branch.

    `weekend` holds weekdays as `date.weekday()` numbers them (0 is Monday). `holidays` are the
    single dates off, entered by people: those that follow the moon cannot be computed. Of a day
    that has passed they hold what was known when it came. `earlier` is what was known before,
    ascending: a date that had passed when a day off became known stays where it was.
    """

    code: str
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    holidays: frozenset[date] = field(default_factory=frozenset)
    earlier: tuple[EarlierHolidays, ...] = ()

    @property
    def weekday_holidays(self) -> tuple[date, ...]:
        """The holidays that do not fall on a weekend, ascending."""
        return tuple(sorted(day for day in self.holidays if day.weekday() not in self.weekend))


EVERY_DAY = Calendar(code="", weekend=frozenset())


def is_business_day(day: date, calendar: Calendar) -> bool:
    """Whether business is done on the day: neither a weekend nor a holiday."""
    return day.weekday() not in calendar.weekend and day not in calendar.holidays


@dataclass(frozen=True, slots=True)
class KnownHoliday:
    """What was recorded of one date: that it is off, or is not, known since a day or always."""

    day: date
    is_off: bool
    known_since: date | None = None


def calendar_as_known(
    code: str, weekend: frozenset[int], known: Sequence[KnownHoliday]
) -> Calendar:
    """A calendar from all that was recorded of it, in the order of recording.

    The later word on a date counts from the day it became known. The order in which different
    dates were recorded does not matter.
    """
    turns = sorted({one.known_since for one in known if one.known_since is not None})
    return Calendar(
        code=code,
        weekend=weekend,
        holidays=_days_off(one for one in known if _is_in_time(one, one.day)),
        earlier=tuple(
            EarlierHolidays(
                turn,
                _days_off(one for one in known if _is_in_time(one, turn - timedelta(days=1))),
            )
            for turn in turns
        ),
    )


def _is_in_time(one: KnownHoliday, day: date) -> bool:
    return one.known_since is None or one.known_since <= day


def _days_off(known: Iterable[KnownHoliday]) -> frozenset[date]:
    last_word = {one.day: one.is_off for one in known}
    return frozenset(day for day, is_off in last_word.items() if is_off)


def adjust(day: date, convention: BusinessDayConvention, calendar: Calendar) -> date:
    """The date on which something set for `day` happens.

    It moves with the knowledge of days off until it has come; it never moves into the past.

    Raises:
        NoBusinessDay: there is none within a year in the direction of the convention.

    Source: ISDA 2006 Definitions, 4.12. Worked example: docs/methods/dates.md.
    """
    happens: date | None = None
    since = date.min  # from when on what is looked at now was known
    for known in calendar.earlier:
        as_known = replace(calendar, holidays=known.holidays, earlier=())
        moved = _adjusted(day, convention, as_known)
        happens = moved if happens is None or moved >= since else happens
        if happens < known.until:
            return happens
        since = known.until
    moved = _adjusted(day, convention, calendar)
    return moved if happens is None or moved >= since else happens


def _adjusted(day: date, convention: BusinessDayConvention, calendar: Calendar) -> date:
    match convention:
        case BusinessDayConvention.UNADJUSTED:
            return day
        case BusinessDayConvention.FOLLOWING:
            return _seek(day, 1, calendar)
        case BusinessDayConvention.PRECEDING:
            return _seek(day, -1, calendar)
        case BusinessDayConvention.MODIFIED_FOLLOWING:
            moved = _seek(day, 1, calendar)
            return moved if _same_month(moved, day) else _seek(day, -1, calendar)
        case BusinessDayConvention.MODIFIED_PRECEDING:
            moved = _seek(day, -1, calendar)
            return moved if _same_month(moved, day) else _seek(day, 1, calendar)
        case BusinessDayConvention.NEAREST:
            after, before = _seek(day, 1, calendar), _seek(day, -1, calendar)
            return after if after - day <= day - before else before


def business_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Business days from `start` (in) to `end` (out); negative where `end` is before `start`."""
    if end < start:
        return -business_days_between(end, start, calendar)
    holidays = calendar.weekday_holidays
    off = bisect_left(holidays, end) - bisect_left(holidays, start)
    return (
        weekdays_before(end.toordinal(), calendar.weekend)
        - weekdays_before(start.toordinal(), calendar.weekend)
        - off
    )


def weekdays_before(ordinal: int, weekend: frozenset[int]) -> int:
    """Days before the day with this ordinal, since the first of the calendar, not on a weekend."""
    weeks, rest = divmod(ordinal - 1, 7)  # ordinal 1 is a Monday
    return weeks * (7 - len(weekend)) + sum(day not in weekend for day in range(rest))


def _seek(day: date, step: int, calendar: Calendar) -> date:
    for distance in range(_DAYS_OFF_MAX + 1):
        candidate = day + timedelta(days=step * distance)
        if is_business_day(candidate, calendar):
            return candidate
    raise NoBusinessDay(day=day, calendar=calendar.code)


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)
