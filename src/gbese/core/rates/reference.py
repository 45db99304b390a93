"""Published reference rates: what was fixed when, and what a floating loan costs by it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from gbese.core.calendars.business_days import Calendar, NoBusinessDay, is_business_day
from gbese.core.calendars.periods import Period
from gbese.core.errors import Refusal

_DAYS_OFF_MAX = 366


class FixingMissing(Refusal):
    """The series has no value for the day, nor one young enough to stand in."""

    code = "fixing_missing"


class FixingsOutOfOrder(Refusal):
    """The fixings of a series must ascend by date, one a day."""

    code = "fixings_out_of_order"


class FloorAboveCap(Refusal):
    """A rate cannot be at least more than it may be at most."""

    code = "floor_above_cap"


@dataclass(frozen=True, slots=True)
class Fixing:
    """The value of a reference rate, a fraction a year, valid from `valid_on`."""

    valid_on: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Fixings:
    """A published series, as far as it is known.

    A value holds from its date until the next one, for `max_age_days` at most: a series that was
    not updated must not go on for ever. `known_to` is the last day for which the publisher has
    spoken; None means that he speaks anew for every date, so the last fixing's own. `holes` are the
    days between two values on which the earlier one is too old: nothing is known of them.
    """

    series: str
    source: str
    rows: tuple[Fixing, ...]  # ascending by date
    max_age_days: int
    known_to: date | None = None
    holes: tuple[Period, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        holes: list[Period] = []
        for earlier, later in pairwise(self.rows):
            days = (later.valid_on - earlier.valid_on).days
            if days <= 0:
                raise FixingsOutOfOrder(
                    series=self.series, earlier=earlier.valid_on, later=later.valid_on
                )
            if days > self.max_age_days + 1 and self.known_to is None:
                first = earlier.valid_on + timedelta(days=self.max_age_days + 1)
                holes.append(Period(first, later.valid_on))
        object.__setattr__(self, "holes", tuple(holes))

    @property
    def horizon(self) -> date | None:
        """The last day whose value is no longer a guess; None where nothing is published."""
        if self.known_to is not None:
            return self.known_to
        return self.rows[-1].valid_on if self.rows else None

    def rate_on(self, day: date) -> Fixing:
        """The value valid on the day: the last one published by then, with its own date.

        Raises:
            FixingMissing: there is none, or it is older than `max_age_days`.
        """
        place = bisect_right(self.rows, day, key=_valid_on)
        if place:
            latest = self.rows[place - 1]
            if (day - latest.valid_on).days <= self.max_age_days:
                return latest
        last = self.rows[place - 1].valid_on if place else None
        raise FixingMissing(
            series=self.series, day=day, last_valid_on=last, max_age_days=self.max_age_days
        )

    def changes_within(self, period: Period) -> tuple[Fixing, ...]:
        """The values that begin to hold after the period's start and before its end."""
        first = bisect_right(self.rows, period.start, key=_valid_on)
        return tuple(row for row in self.rows[first:] if row.valid_on < period.end)


def floating_rate(
    reference: Decimal,
    *,
    margin: Decimal,
    floor: Decimal | None = None,
    cap: Decimal | None = None,
) -> Decimal:
    """Reference plus margin, at least the floor and at most the cap.

    Raises:
        FloorAboveCap: the two contradict each other.
    """
    if floor is not None and cap is not None and floor > cap:
        raise FloorAboveCap(floor=floor, cap=cap)
    rate = reference + margin
    if cap is not None:
        rate = min(rate, cap)
    return rate if floor is None else max(rate, floor)


def reset_date(period_start: date, *, lag_business_days: int, calendar: Calendar) -> date:
    """The day whose fixing counts for a period: so many business days before it starts.

    Raises:
        NoBusinessDay: the calendar has no such day within a year.
    """
    day, left = period_start, lag_business_days
    for _ in range(_DAYS_OFF_MAX + 7 * lag_business_days):
        if left == 0:
            return day
        day -= timedelta(days=1)
        left -= is_business_day(day, calendar)
    raise NoBusinessDay(day=period_start, calendar=calendar.code)


def _valid_on(row: Fixing) -> date:
    return row.valid_on
