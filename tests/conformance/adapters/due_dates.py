"""A start of repayment, a number of payments, a day of the month: when they fall due."""

from __future__ import annotations

from datetime import date

from gbese.core.calendars.frequencies import MONTHLY
from gbese.core.calendars.periods import DueDay, due_dates_counted, first_due_date_on
from tests.conformance.cases import Case, Unsupported, difference

RULES = {"monthly as per repayment start date", "pro-rated calendar months"}
DUE_DAYS = {
    "same day": DueDay.SAME_DAY,
    "start of the next month": DueDay.START_OF_NEXT_MONTH,
    "end of the current month": DueDay.END_OF_MONTH,
    "end of the month": DueDay.END_OF_MONTH,
}


def run(case: Case) -> str | None:
    due_day = DUE_DAYS.get(case.terms["due_on"])
    if due_day is None or case.terms["rule"] not in RULES:
        raise Unsupported(case.terms["rule"])
    dates = due_dates_counted(
        first_due_date=first_due_date_on(case.required_day("repayment_start_date"), due_day),
        instalments=case.terms["payments"],
        frequency=MONTHLY,
        end_of_month=due_day is DueDay.END_OF_MONTH,
    )
    for step in case.steps:
        named = {"first": dates[0], "second": dates[1], "last": dates[-1]}
        expected = {name: date.fromisoformat(step[name]) for name in named if name in step}
        for name, day in expected.items():
            if found := difference(name, day, named[name]):
                return found
    return None
