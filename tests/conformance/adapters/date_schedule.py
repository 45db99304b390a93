"""A start, an end, a frequency, a stub rule, a roll day: the dates, and where days off move them."""

from __future__ import annotations

import re

from gbese.core.calendars.business_days import EVERY_DAY, BusinessDayConvention, Calendar
from gbese.core.calendars.date_schedules import (
    DateRule,
    RollDay,
    RollKind,
    StubRule,
    date_schedule,
    roll_on_day,
)
from gbese.core.calendars.frequencies import AT_MATURITY, Frequency, FrequencyUnit
from tests.conformance.cases import Case, Unsupported, difference

CALENDARS = {
    "saturday_sunday": Calendar("saturday_sunday"),
    "none": EVERY_DAY,
}
UNITS = {
    "D": FrequencyUnit.DAY,
    "Days": FrequencyUnit.DAY,
    "W": FrequencyUnit.WEEK,
    "M": FrequencyUnit.MONTH,
    "Y": FrequencyUnit.YEAR,
}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ROLLS = {
    "none": RollDay(RollKind.NONE),
    "roll_none": RollDay(RollKind.NONE),
    "eom": RollDay(RollKind.END_OF_MONTH),
    "imm": RollDay(RollKind.THIRD_WEDNESDAY),
    **{f"day_{number}": roll_on_day(number) for number in range(1, 31)},
    **{
        f"day_{name}": RollDay(RollKind.DAY_OF_WEEK, number) for number, name in enumerate(WEEKDAYS)
    },
}


def run(case: Case) -> str | None:
    terms = case.terms
    calendar = CALENDARS.get(terms["business_days"])
    if calendar is None:
        raise Unsupported(terms["business_days"])
    schedule = date_schedule(
        DateRule(
            start=case.required_day("start"),
            end=case.required_day("end"),
            frequency=frequency_of(terms["frequency"]),
            stub=StubRule(terms["stub"]) if "stub" in terms else None,
            roll_day=_roll(terms["roll"]) if "roll" in terms else None,
            first_regular_start=case.day("first_regular_start"),
            last_regular_end=case.day("last_regular_end"),
        ),
        convention=BusinessDayConvention(terms["business_day_adjustment"]),
        calendar=calendar,
        is_start_adjusted=terms.get("start_already_adjusted", False),
    )
    for step in case.steps:
        if step["check"] == "dates":
            found = difference(
                "unadjusted", step["unadjusted"], [day.isoformat() for day in schedule.unadjusted]
            ) or difference(
                "adjusted", step["adjusted"], [day.isoformat() for day in schedule.adjusted]
            )
        else:
            found = difference("roll_day", _roll(step["value"]), schedule.roll_day)
        if found:
            return found
    return None


def frequency_of(text: str) -> Frequency:
    if text == "TERM":
        return AT_MATURITY
    match = re.fullmatch(r"P(\d+)(D|Days|W|M|Y)", text)
    if match is None:
        raise Unsupported(text)
    return Frequency(int(match[1]), UNITS[match[2]])


def _roll(text: str) -> RollDay:
    if text not in ROLLS:
        raise Unsupported(text)
    return ROLLS[text]
