"""Where due dates on days off go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import (
    EVERY_DAY,
    BusinessDayConvention,
    Calendar,
    KnownHoliday,
    NoBusinessDay,
    adjust,
    business_days_between,
    calendar_as_known,
    is_business_day,
)

FRIDAY, SATURDAY, SUNDAY = 4, 5, 6
NIGERIA = Calendar("NG", holidays=frozenset({date(2026, 10, 1)}))
GULF = Calendar("AE-old", weekend=frozenset({FRIDAY, SATURDAY}))

UNADJUSTED, FOLLOWING, MODIFIED_FOLLOWING, PRECEDING, MODIFIED_PRECEDING, NEAREST = (
    BusinessDayConvention
)

# Worked example "Due-date adjustment": weekend Saturday and Sunday; 1 October 2026 is a holiday.
E15 = [
    (date(2026, 10, 31), FOLLOWING, date(2026, 11, 2)),  # Saturday
    (date(2026, 10, 31), MODIFIED_FOLLOWING, date(2026, 10, 30)),
    (date(2026, 10, 31), PRECEDING, date(2026, 10, 30)),
    (date(2026, 8, 1), PRECEDING, date(2026, 7, 31)),  # Saturday
    (date(2026, 8, 1), MODIFIED_PRECEDING, date(2026, 8, 3)),
    (date(2026, 8, 1), FOLLOWING, date(2026, 8, 3)),
    (date(2026, 10, 1), FOLLOWING, date(2026, 10, 2)),  # Thursday, the holiday
    (date(2026, 10, 31), UNADJUSTED, date(2026, 10, 31)),
]


@pytest.mark.parametrize(("day", "convention", "moved"), E15)
def test_moves_due_dates_as_worked_by_hand(
    day: date, convention: BusinessDayConvention, moved: date
) -> None:
    assert adjust(day, convention, NIGERIA) == moved


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 10, 31), date(2026, 10, 30)),  # Saturday: Friday is nearer than Monday
        (date(2026, 11, 1), date(2026, 11, 2)),  # Sunday: Monday is nearer
        (date(2026, 10, 1), date(2026, 10, 2)),  # between two: the later
        (date(2026, 10, 6), date(2026, 10, 6)),  # a business day stays
    ],
)
def test_nearest_takes_the_later_of_two_equally_near(day: date, moved: date) -> None:
    assert adjust(day, NEAREST, NIGERIA) == moved


def test_weekends_differ_between_countries() -> None:
    assert not is_business_day(date(2026, 10, 30), GULF)  # Friday
    assert is_business_day(date(2026, 11, 1), GULF)  # Sunday
    assert is_business_day(date(2026, 10, 31), EVERY_DAY)


def test_refuses_a_calendar_that_never_opens() -> None:
    shut = Calendar("shut", weekend=frozenset(range(7)))
    with pytest.raises(NoBusinessDay) as refused:
        adjust(date(2026, 10, 31), FOLLOWING, shut)
    assert refused.value.code == "no_business_day"
    assert refused.value.facts["calendar"] == "shut"


days = st.dates(date(2000, 1, 1), date(2050, 12, 31))
calendars = st.builds(
    Calendar,
    code=st.just("own"),
    weekend=st.frozensets(st.integers(0, 6), max_size=5),
    holidays=st.frozensets(st.dates(date(2020, 1, 1), date(2021, 12, 31)), max_size=40),
)


@given(days, st.sampled_from(list(BusinessDayConvention)), calendars)
def test_an_adjusted_date_is_a_business_day_and_stays_put(
    day: date, convention: BusinessDayConvention, calendar: Calendar
) -> None:
    moved = adjust(day, convention, calendar)
    assert convention is UNADJUSTED or is_business_day(moved, calendar)
    assert adjust(moved, convention, calendar) == moved


@given(days, st.integers(0, 900), calendars)
def test_business_days_are_counted_one_by_one(start: date, length: int, calendar: Calendar) -> None:
    counted = sum(
        is_business_day(start + timedelta(days=number), calendar) for number in range(length)
    )
    end = start + timedelta(days=length)
    assert business_days_between(start, end, calendar) == counted
    assert business_days_between(end, start, calendar) == -counted


# Wednesday 15 April 2026 and the days after it are no weekend.
WEDNESDAY, THURSDAY = date(2026, 4, 15), date(2026, 4, 16)


def follows(*known: KnownHoliday) -> date:
    calendar = calendar_as_known("", frozenset({SATURDAY, SUNDAY}), known)
    return adjust(WEDNESDAY, BusinessDayConvention.FOLLOWING, calendar)


@pytest.mark.parametrize(
    ("known_since", "happens"),
    [
        (None, THURSDAY),
        (date(2026, 4, 10), THURSDAY),
        (WEDNESDAY, THURSDAY),  # announced on the morning of the day itself
        (THURSDAY, WEDNESDAY),  # it has come and gone
        (date(2027, 1, 1), WEDNESDAY),
    ],
)
def test_a_day_off_moves_only_dates_that_have_not_passed(
    known_since: date | None, happens: date
) -> None:
    assert follows(KnownHoliday(WEDNESDAY, is_off=True, known_since=known_since)) == happens


@pytest.mark.parametrize(
    ("taken_back_on", "happens"),
    [
        (date(2026, 4, 14), WEDNESDAY),
        (THURSDAY, THURSDAY),  # it happens today, and not on a day that has passed
        (date(2026, 4, 17), THURSDAY),
    ],
)
def test_a_day_off_taken_back_moves_no_date_into_the_past(
    taken_back_on: date, happens: date
) -> None:
    off = KnownHoliday(WEDNESDAY, is_off=True)
    assert follows(off, KnownHoliday(WEDNESDAY, is_off=False, known_since=taken_back_on)) == happens


def test_the_order_in_which_dates_were_recorded_does_not_matter() -> None:
    """Thursday was announced first, then Wednesday; on the Monday Thursday was taken back."""
    known = [
        KnownHoliday(THURSDAY, is_off=True, known_since=date(2026, 4, 8)),
        KnownHoliday(WEDNESDAY, is_off=True, known_since=date(2026, 4, 10)),
        KnownHoliday(THURSDAY, is_off=False, known_since=date(2026, 4, 13)),
    ]
    assert follows(*known) == follows(known[0], known[2], known[1]) == THURSDAY
    assert follows(*known[:2]) == follows(known[1], known[0]) == date(2026, 4, 17)


def test_a_day_that_passed_as_a_working_day_is_counted_as_one() -> None:
    """Monday to Saturday has five working days; four where Wednesday was known to be off."""
    monday, saturday = date(2026, 4, 13), date(2026, 4, 18)
    for known_since, expected in ((WEDNESDAY, 4), (THURSDAY, 5)):
        off = KnownHoliday(WEDNESDAY, is_off=True, known_since=known_since)
        calendar = calendar_as_known("", frozenset({SATURDAY, SUNDAY}), [off])
        assert business_days_between(monday, saturday, calendar) == expected
