"""Dates between a start and an end, by the stub and the roll day agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gbese.core.calendars.business_days import (
    BusinessDayConvention,
    Calendar,
    is_business_day,
)
from gbese.core.calendars.date_schedules import (
    DateRule,
    DateSchedule,
    RollDay,
    RollKind,
    ScheduleEndsBeforeItStarts,
    StubContradictsDates,
    StubNotAllowed,
    StubRule,
    date_schedule,
    roll_on_day,
)
from gbese.core.calendars.frequencies import AT_MATURITY, MONTHLY, QUARTERLY, WEEKLY, Frequency

WEEKENDS = Calendar("weekends")
FOLLOWING = BusinessDayConvention.MODIFIED_FOLLOWING


def dates_of(rule: DateRule) -> DateSchedule:
    return date_schedule(rule, convention=FOLLOWING, calendar=WEEKENDS)


def told(schedule: DateSchedule) -> str:
    return " ".join(f"{day:%m-%d}" for day in schedule.unadjusted)


# From 10 January to 20 April 2026, monthly: 3 months and 10 days.
ODD_DAYS = DateRule(start=date(2026, 1, 10), end=date(2026, 4, 20), frequency=MONTHLY)


@pytest.mark.parametrize(
    ("stub", "dates"),
    [
        (StubRule.SHORT_INITIAL, "01-10 01-20 02-20 03-20 04-20"),
        (StubRule.LONG_INITIAL, "01-10 02-20 03-20 04-20"),
        (StubRule.SMART_INITIAL, "01-10 01-20 02-20 03-20 04-20"),
        (StubRule.SHORT_FINAL, "01-10 02-10 03-10 04-10 04-20"),
        (StubRule.LONG_FINAL, "01-10 02-10 03-10 04-20"),
        (StubRule.SMART_FINAL, "01-10 02-10 03-10 04-10 04-20"),
    ],
)
def test_odd_days_go_where_the_rule_puts_them(stub: StubRule, dates: str) -> None:
    assert told(dates_of(replace(ODD_DAYS, stub=stub))) == dates


@pytest.mark.parametrize(
    ("end", "dates"),
    [
        (date(2026, 3, 16), "01-10 02-10 03-16"),  # 6 days: joined
        (date(2026, 3, 17), "01-10 02-10 03-10 03-17"),  # 7 days: kept
    ],
)
def test_a_smart_stub_of_less_than_a_week_joins_its_neighbour(end: date, dates: str) -> None:
    assert told(dates_of(replace(ODD_DAYS, end=end, stub=StubRule.SMART_FINAL))) == dates


def test_regular_dates_given_make_both_stubs() -> None:
    rule = replace(
        ODD_DAYS,
        stub=StubRule.BOTH,
        first_regular_start=date(2026, 1, 15),
        last_regular_end=date(2026, 4, 15),
    )
    assert told(dates_of(rule)) == "01-10 01-15 02-15 03-15 04-15 04-20"


def test_days_off_move_dates_but_not_the_ones_that_follow() -> None:
    schedule = dates_of(DateRule(start=date(2026, 1, 31), end=date(2026, 4, 30), frequency=MONTHLY))
    assert schedule.unadjusted == (
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 31),
        date(2026, 4, 30),
    )
    assert schedule.adjusted[:2] == (date(2026, 1, 30), date(2026, 2, 27))
    assert schedule.roll_day == RollDay(RollKind.END_OF_MONTH)


def test_a_start_already_moved_goes_back_to_its_roll_day() -> None:
    # The 17th of January 2026 is a Saturday; the parties wrote Monday the 19th.
    schedule = date_schedule(
        DateRule(
            start=date(2026, 1, 19),
            end=date(2026, 3, 17),
            frequency=MONTHLY,
            roll_day=roll_on_day(17),
        ),
        convention=FOLLOWING,
        calendar=WEEKENDS,
        is_start_adjusted=True,
    )
    assert told(schedule) == "01-17 02-17 03-17"
    assert schedule.adjusted[0] == date(2026, 1, 19)


def test_weeks_keep_their_day_and_third_wednesdays_theirs() -> None:
    weekly = dates_of(DateRule(start=date(2026, 3, 3), end=date(2026, 3, 24), frequency=WEEKLY))
    assert weekly.roll_day == RollDay(RollKind.DAY_OF_WEEK, 1)
    assert told(weekly) == "03-03 03-10 03-17 03-24"
    quarterly = dates_of(
        DateRule(
            start=date(2026, 3, 18),
            end=date(2026, 9, 16),
            frequency=QUARTERLY,
            roll_day=RollDay(RollKind.THIRD_WEDNESDAY),
        )
    )
    assert told(quarterly) == "03-18 06-17 09-16"


def test_what_falls_due_at_maturity_has_two_dates() -> None:
    assert told(dates_of(replace(ODD_DAYS, frequency=AT_MATURITY))) == "01-10 04-20"


def test_refuses_odd_days_without_a_rule_and_rules_that_the_dates_contradict() -> None:
    with pytest.raises(StubNotAllowed):
        dates_of(ODD_DAYS)
    with pytest.raises(StubContradictsDates):
        dates_of(replace(ODD_DAYS, stub=StubRule.NONE, first_regular_start=date(2026, 1, 20)))
    with pytest.raises(StubContradictsDates):
        dates_of(replace(ODD_DAYS, stub=StubRule.BOTH))
    with pytest.raises(ScheduleEndsBeforeItStarts):
        dates_of(replace(ODD_DAYS, end=date(2026, 1, 10)))
    with pytest.raises(ScheduleEndsBeforeItStarts):
        dates_of(replace(ODD_DAYS, first_regular_start=date(2026, 5, 1)))


@given(
    st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    st.integers(1, 3000),
    st.sampled_from([MONTHLY, QUARTERLY, WEEKLY]),
    st.sampled_from([rule for rule in StubRule if rule.is_initial or rule.is_final]),
)
def test_dates_ascend_from_start_to_end_and_are_paid_on_business_days(
    start: date, length: int, frequency: Frequency, stub: StubRule
) -> None:
    end = start + timedelta(days=length)
    schedule = dates_of(DateRule(start=start, end=end, frequency=frequency, stub=stub))
    assert (schedule.unadjusted[0], schedule.unadjusted[-1]) == (start, end)
    assert all(later > earlier for earlier, later in pairwise(schedule.unadjusted))
    assert all(is_business_day(day, WEEKENDS) for day in schedule.adjusted)
