"""Seed, enter and take back holidays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from uuid import uuid5

import holidays
from django.db import transaction

from gbese.apps.identity.acts import Act
from gbese.apps.identity.services import record_audit
from gbese.apps.rates import locks
from gbese.apps.rates.kinds import BatchKind
from gbese.apps.rates.models import Holiday, HolidayCalendar
from gbese.apps.rates.queries import CalendarUnknown
from gbese.apps.rates.services.batches import RatesRecorded, recorded_before, store_batch
from gbese.core.calendars.business_days import Calendar
from gbese.core.errors import Refusal

_WEEKEND = {5, 6}


class CalendarNotSeedable(Refusal):
    """The shipped tables of holidays have no such country."""

    code = "calendar_not_seedable"


class HolidayUnknown(Refusal):
    """The calendar has no holiday on this day."""

    code = "holiday_unknown"


@dataclass(frozen=True, slots=True)
class NewHoliday:
    """A day off and what it is called."""

    day: date
    name: str


def shipped_calendar(*, code: str, years: Sequence[int]) -> Calendar:
    """The days off of a country by the shipped tables, for the years given; nothing is stored.

    Raises:
        CalendarNotSeedable: the tables have no such country.
    """
    table = _table(code, years)
    return Calendar(code=code, weekend=frozenset(_weekend(table)), holidays=frozenset(table))


def ensure_calendar(*, code: str, years: Sequence[int], act: Act) -> bool:
    """Seed the calendar for those of the years in which it has no day off yet; whether it did.

    Raises:
        CalendarNotSeedable: the tables have no such country.
    """
    kept = Holiday.objects.filter(calendar__code=code, day__year__in=years)
    known = {day.year for day in kept.values_list("day", flat=True)}
    if missing := [year for year in years if year not in known]:
        request_id = uuid5(act.request_id, f"calendar {code}")
        seed_calendar(code=code, years=missing, act=replace(act, request_id=request_id))
    return bool(missing)


@transaction.atomic
def seed_calendar(
    *, code: str, years: Sequence[int], act: Act, known_since: date | None = None
) -> RatesRecorded:
    """Fill the calendar of a country from the shipped tables, for the years given.

    Days entered or taken back by people are left as they are. Holidays that follow the moon are
    estimates for years to come, and are corrected by hand. `known_since` is as in
    `record_holidays`.

    Raises:
        CalendarNotSeedable: the tables have no such country.
    """
    if done := recorded_before(act, BatchKind.HOLIDAYS):
        return done
    table = _table(code, years)
    weekend = "".join(str(day + 1) for day in sorted(_weekend(table)))
    calendar = locks.holiday_calendar(code=code, name=type(table).__name__, weekend=weekend)
    known = set(Holiday.objects.filter(calendar=calendar).values_list("day", flat=True))
    new = [NewHoliday(day, name) for day, name in sorted(table.items()) if day not in known]
    counts = RatesRecorded(
        recorded=len(new), recognised=len(table) - len(new), corrected=0, withdrawn=0
    )
    _store(calendar, new, {}, f"holidays {version('holidays')}", counts, act, known_since)
    return counts


@transaction.atomic
def record_holidays(
    *,
    code: str,
    days: Sequence[NewHoliday],
    note: str,
    act: Act,
    known_since: date | None = None,
) -> RatesRecorded:
    """Enter days off in a calendar by hand; the same day again is recognised.

    Args:
        code: whose days off.
        days: each with its name.
        note: where they come from.
        act: who, when, in which request.
        known_since: the business date on which they became known: dates that had passed by then
            stay where they were. None for days that were known all the time.

    Raises:
        CalendarUnknown: there is no such calendar.
    """
    if done := recorded_before(act, BatchKind.HOLIDAYS):
        return done
    calendar = _held(code)
    standing = _standing(calendar)
    new = [
        holiday
        for holiday in days
        if (old := standing.get(holiday.day)) is None
        or old.is_withdrawn
        or old.name != holiday.name
    ]
    corrected = sum(day.day in standing and not standing[day.day].is_withdrawn for day in new)
    counts = RatesRecorded(
        recorded=len(new) - corrected,
        recognised=len(days) - len(new),
        corrected=corrected,
        withdrawn=0,
    )
    _store(calendar, new, standing, note, counts, act, known_since)
    return counts


@transaction.atomic
def withdraw_holiday(
    *, code: str, day: date, note: str, act: Act, known_since: date | None = None
) -> RatesRecorded:
    """Take back a day off, from the business date `known_since` on; None is from ever.

    Raises:
        CalendarUnknown: there is no such calendar.
        HolidayUnknown: the day is not off, or only as a weekend.
    """
    if done := recorded_before(act, BatchKind.HOLIDAYS):
        return done
    calendar = _held(code)
    old = _standing(calendar).get(day)
    if old is None or old.is_withdrawn:
        raise HolidayUnknown(calendar=code, day=day)
    counts = RatesRecorded(recorded=0, recognised=0, corrected=0, withdrawn=1)
    batch = store_batch(act, BatchKind.HOLIDAYS, note, counts)
    Holiday.objects.create(
        calendar=calendar,
        day=day,
        version=old.version + 1,
        name=old.name,
        is_withdrawn=True,
        known_since=known_since,
        batch=batch,
    )
    record_audit(
        act=act,
        what="rates.holiday_withdrawn",
        subject=code,
        before={"day": day.isoformat(), "name": old.name},
        after={},
    )
    return counts


def _table(code: str, years: Sequence[int]) -> holidays.HolidayBase:
    if code not in holidays.list_supported_countries():
        raise CalendarNotSeedable(calendar=code)
    return holidays.country_holidays(code, years=list(years))


def _weekend(table: holidays.HolidayBase) -> set[int]:
    return getattr(table, "weekend", _WEEKEND)


def _held(code: str) -> HolidayCalendar:
    calendar = HolidayCalendar.objects.select_for_update().filter(code=code).first()
    if calendar is None:
        raise CalendarUnknown(calendar=code)
    return calendar


def _standing(calendar: HolidayCalendar) -> dict[date, Holiday]:
    """The newest version of each day of the calendar."""
    rows = Holiday.objects.filter(calendar=calendar).order_by("version")
    return {row.day: row for row in rows}


def _store(
    calendar: HolidayCalendar,
    new: Sequence[NewHoliday],
    standing: dict[date, Holiday],
    note: str,
    counts: RatesRecorded,
    act: Act,
    known_since: date | None,
) -> None:
    batch = store_batch(act, BatchKind.HOLIDAYS, note, counts)
    Holiday.objects.bulk_create(
        [
            Holiday(
                calendar=calendar,
                day=holiday.day,
                version=standing[holiday.day].version + 1 if holiday.day in standing else 1,
                name=holiday.name[:200],
                is_withdrawn=False,
                known_since=known_since,
                batch=batch,
            )
            for holiday in new
        ]
    )
    record_audit(
        act=act,
        what="rates.holidays_recorded",
        subject=calendar.code,
        before={},
        after={"recorded": str(counts.recorded), "corrected": str(counts.corrected)},
    )
