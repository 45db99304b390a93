"""Fixings and holidays: recorded once, corrected by newer versions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from gbese.apps.identity.acts import Act
from gbese.apps.rates.kinds import SeriesUnit
from gbese.apps.rates.queries import (
    CalendarUnknown,
    SeriesUnknown,
    calendar,
    fixings,
    holidays_of,
    reference_rate_rows,
    reference_series,
)
from gbese.apps.rates.services import (
    CalendarNotSeedable,
    FixingGivenTwice,
    HolidayUnknown,
    NewFixing,
    NewHoliday,
    RatesRecorded,
    SeriesFixings,
    SeriesUnitDiffers,
    record_fixings,
    record_holidays,
    seed_calendar,
    withdraw_fixings,
    withdraw_holiday,
)
from gbese.core.calendars.business_days import is_business_day
from gbese.core.rates.reference import FixingMissing

pytestmark = pytest.mark.django_db

Acts = Callable[..., Act]
FIRST, SECOND = date(2025, 6, 2), date(2025, 6, 3)


def record(
    act: Act, *values: tuple[date, str], unit: SeriesUnit = SeriesUnit.YEARLY_RATE
) -> RatesRecorded:
    fixings = tuple(NewFixing(day, text) for day, text in values)
    one = SeriesFixings(code="KEY", source="cbr", unit=unit, fixings=fixings)
    return record_fixings(series=[one], note="by hand", act=act)


def rows() -> list[tuple[date, str]]:
    listed = reference_rate_rows(series="KEY", last=date.max, offset=0, limit=10)
    return [(row.valid_on, row.rate) for row in listed]


def test_fixings_are_recorded_recognised_and_corrected(acts: Acts) -> None:
    assert record(acts(), (FIRST, "0.21"), (SECOND, "0.2000")).recorded == 2
    again = record(acts(), (FIRST, "0.2100"), (SECOND, "0.205"))
    assert (again.recognised, again.corrected) == (1, 1)
    assert rows() == [(SECOND, "0.205"), (FIRST, "0.21")]
    assert [(row.code, row.unit) for row in reference_series()] == [("KEY", SeriesUnit.YEARLY_RATE)]


def test_the_core_gets_the_series_as_it_was_known(acts: Acts) -> None:
    first, second = datetime(2025, 6, 4, tzinfo=UTC), datetime(2025, 6, 5, tzinfo=UTC)
    record(acts(recorded_at=first), (FIRST, "0.21"), (SECOND, "0.20"))
    record(acts(recorded_at=second), (SECOND, "0.205"))
    assert fixings("KEY").rate_on(date(2025, 6, 5)).rate == Decimal("0.205")
    assert fixings("KEY", as_known=first).rate_on(SECOND).rate == Decimal("0.20")
    with pytest.raises(FixingMissing):  # a daily series that was not updated
        fixings("KEY").rate_on(date(2025, 7, 5))
    with pytest.raises(SeriesUnknown):
        fixings("NONE")


def test_a_rate_may_be_below_zero(acts: Acts) -> None:
    record(acts(), (FIRST, "-0.00568"))
    assert rows() == [(FIRST, "-0.00568")]


def test_recorded_fixings_can_be_taken_back(acts: Acts) -> None:
    act = acts()
    record(act, (FIRST, "0.21"), (SECOND, "0.20"))
    record(acts(), (FIRST, "0.22"))
    assert withdraw_fixings(recorded_by=act.request_id, note="undo", act=acts()).withdrawn == 1
    assert rows() == [(FIRST, "0.22")]


def test_fixings_do_not_contradict_each_other(acts: Acts) -> None:
    with pytest.raises(FixingGivenTwice):
        record(acts(), (FIRST, "0.21"), (FIRST, "0.22"))
    assert record(acts(), (FIRST, "0.21"), (FIRST, "0.210")).recognised == 1


def test_a_series_keeps_its_unit(acts: Acts) -> None:
    record(acts(), (FIRST, "0.21"))
    with pytest.raises(SeriesUnitDiffers):
        record(acts(), (SECOND, "1.05"), unit=SeriesUnit.INDEX)


def test_a_calendar_is_seeded_and_people_correct_it(acts: Acts) -> None:
    seed_calendar(code="NG", years=[2025], act=acts())
    independence = date(2025, 10, 1)
    assert not is_business_day(independence, calendar("NG"))
    assert not is_business_day(date(2025, 10, 4), calendar("NG"))  # a Saturday
    withdraw_holiday(code="NG", day=independence, note="moved", act=acts())
    record_holidays(
        code="NG", days=[NewHoliday(date(2025, 10, 2), "By decree")], note="gazette", act=acts()
    )
    seed_calendar(code="NG", years=[2025], act=acts())  # does not bring it back
    assert is_business_day(independence, calendar("NG"))
    assert not is_business_day(date(2025, 10, 2), calendar("NG"))


def test_a_holiday_has_a_name_and_the_newest_counts(acts: Acts) -> None:
    seed_calendar(code="PL", years=[2025], act=acts())
    day = date(2025, 12, 31)
    for name in ("Bridge day", "Day off"):
        record_holidays(code="PL", days=[NewHoliday(day, name)], note="by hand", act=acts())
    assert holidays_of("PL")[-1].name == "Day off"
    with pytest.raises(HolidayUnknown):
        withdraw_holiday(code="PL", day=date(2025, 12, 30), note="", act=acts())


@pytest.mark.parametrize("code", ["NG", "KZ", "RU", "US", "GB", "PL", "UA", "KE", "GH", "ZA"])
def test_these_countries_have_holidays(acts: Acts, code: str) -> None:
    assert seed_calendar(code=code, years=[2021], act=acts()).recorded > 5


def test_an_unknown_calendar_is_refused(acts: Acts) -> None:
    with pytest.raises(CalendarNotSeedable):
        seed_calendar(code="XX", years=[2025], act=acts())
    with pytest.raises(CalendarUnknown):
        calendar("XX")
