"""Facts that many loans share: recorded once, and worked into every loan that depends on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from gbese.apps.bookkeeping import queries as books
from gbese.apps.identity.acts import Act
from gbese.apps.lending.services.renewing import (
    bring_to_method_before,
    followed_series,
    renew_for_calendar,
    renew_for_series,
)
from gbese.apps.rates import services as rates
from gbese.apps.rates.services import NewHoliday, RatesRecorded, SeriesFixings


@dataclass(frozen=True, slots=True)
class SharedFactTaken:
    """What was recorded, and how many loans have a new version by it."""

    recorded: RatesRecorded
    loans: int


@transaction.atomic
def take_fixings(*, series: Sequence[SeriesFixings], note: str, act: Act) -> SharedFactTaken:
    """Record values of reference rates and give each loan that follows them its new version.

    Raises:
        MalformedRate, FixingGivenTwice, SeriesUnitDiffers: a value cannot be recorded.
    """
    if books.has_entity():
        for one in series:
            bring_to_method_before(series=one.code, act=act)
    recorded = rates.record_fixings(series=series, note=note, act=act)
    loans = 0
    if (recorded.recorded or recorded.corrected) and books.has_entity():
        loans = sum(renew_for_series(series=one.code, act=act) for one in series)
    return SharedFactTaken(recorded, loans)


@transaction.atomic
def drop_fixings(*, recorded_by: UUID, note: str, act: Act) -> SharedFactTaken:
    """Take back the values one request recorded, and what they made of the loans."""
    followed = followed_series() if books.has_entity() else ()
    for code in followed:
        bring_to_method_before(series=code, act=act)
    recorded = rates.withdraw_fixings(recorded_by=recorded_by, note=note, act=act)
    loans = sum(renew_for_series(series=code, act=act) for code in followed)
    return SharedFactTaken(recorded, loans)


@transaction.atomic
def take_holidays(*, code: str, days: Sequence[NewHoliday], note: str, act: Act) -> SharedFactTaken:
    """Record days off and move the due dates to come that fall on them.

    What has fallen due by the open day stays where it was.

    Raises:
        The refusals of `rates.services.record_holidays`.
    """
    _bring_to_method(code, act)
    recorded = rates.record_holidays(
        code=code, days=days, note=note, act=act, known_since=_business_date()
    )
    return SharedFactTaken(recorded, _renewed(code, act))


@transaction.atomic
def drop_holiday(*, code: str, day: date, note: str, act: Act) -> SharedFactTaken:
    """Take a day off back and move the due dates to come that had moved because of it.

    Raises:
        HolidayUnknown: the calendar has no such day.
    """
    _bring_to_method(code, act)
    recorded = rates.withdraw_holiday(
        code=code, day=day, note=note, act=act, known_since=_business_date()
    )
    return SharedFactTaken(recorded, _renewed(code, act))


@transaction.atomic
def fill_calendar(*, code: str, years: Sequence[int], act: Act) -> SharedFactTaken:
    """Fill a calendar from the shipped tables and move the due dates to come.

    Raises:
        CalendarNotSeedable: the tables have no such country.
    """
    _bring_to_method(code, act)
    recorded = rates.seed_calendar(code=code, years=years, act=act, known_since=_business_date())
    return SharedFactTaken(recorded, _renewed(code, act))


@transaction.atomic
def keep_days_off(*, code: str, years: Sequence[int], act: Act) -> None:
    """See that the days off of these years are kept; those nobody had entered were known from ever.

    Raises:
        CalendarNotSeedable: the tables have no such country.
    """
    _bring_to_method(code, act)
    if rates.ensure_calendar(code=code, years=years, act=act):
        _renewed(code, act)


def _business_date() -> date | None:
    return books.open_day().open_day if books.has_entity() else None


def _bring_to_method(code: str, act: Act) -> None:
    if books.has_entity():
        bring_to_method_before(calendar=code, act=act)


def _renewed(code: str, act: Act) -> int:
    return renew_for_calendar(code=code, act=act) if books.has_entity() else 0
