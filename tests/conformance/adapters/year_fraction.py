"""Two dates and a convention: the days counted, or the part of a year."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypedDict

from gbese.core.calendars.business_days import Calendar
from gbese.core.calendars.day_counts import DayCount, days_counted, year_fraction
from gbese.core.calendars.frequencies import periods_per_year
from gbese.core.calendars.periods import Period, frequency_of
from tests.conformance.calendars import calendar
from tests.conformance.cases import Case, Unsupported, difference, number_difference

CONVENTIONS = {
    "1/1": DayCount.ONE_ONE,
    "30/360 (US bond basis)": DayCount.THIRTY_360_BOND,
    "30/360 BondBasis (ISDA 2006 4.16(f))": DayCount.THIRTY_360_BOND,
    "30/360 ISDA": DayCount.THIRTY_360_BOND,
    "30/360 PSA": DayCount.THIRTY_360_PSA,
    "30/360 US (with end-of-February rule)": DayCount.THIRTY_360_US_EOM,
    "30/365 (30E days over 365)": DayCount.THIRTY_E_365,
    "30E+/360": DayCount.THIRTY_E_PLUS_360,
    "30E/360": DayCount.THIRTY_E_360,
    "30E/360 ISDA": DayCount.THIRTY_E_360_ISDA,
    "30E/365": DayCount.THIRTY_E_365_ISDA,
    "30U/360": DayCount.THIRTY_U_360,
    "ACT/360": DayCount.ACT_360,
    "ACT/364": DayCount.ACT_364,
    "ACT/365 Actual (366 if 29 February is in the period)": DayCount.ACT_365_ACTUAL,
    "ACT/365.25": DayCount.ACT_365_25,
    "ACT/365F": DayCount.ACT_365F,
    "ACT/365L": DayCount.ACT_365L,
    "ACT/366": DayCount.ACT_366,
    "ACT/ACT AFB": DayCount.ACT_ACT_AFB,
    "ACT/ACT ICMA": DayCount.ACT_ACT_ICMA,
    "ACT/ACT ISDA": DayCount.ACT_ACT_ISDA,
    "ACT/ACT Year": DayCount.ACT_ACT_YEAR,
    "BUS/252": DayCount.BUS_252,
    "NL/360": DayCount.NL_360,
    "NL/365 (29 February never counts)": DayCount.NL_365,
}
# Where a source tells whether the schedule keeps month ends, that decides which 30U/360 it means.
BY_SCHEDULE = {
    ("30U/360", True): DayCount.THIRTY_360_US_EOM,
    ("30U/360", False): DayCount.THIRTY_360_BOND,
}


class Context(TypedDict, total=False):
    """What some conventions need beside the two dates."""

    regular_period: Period
    periods_per_year: Fraction
    termination_date: date
    calendar: Calendar


def run(case: Case) -> str | None:
    convention = case.terms["convention"]
    at_month_ends = case.terms.get("end_of_month_schedule")
    day_count = BY_SCHEDULE.get((convention, at_month_ends)) or CONVENTIONS.get(convention)
    if day_count is None:
        raise Unsupported(convention)
    start, end, context = case.required_day("start"), case.required_day("end"), _context(case)
    for step in case.steps:
        if step["check"] == "days":
            found = difference(
                "days",
                int(step["value"]),
                days_counted(
                    day_count,
                    start,
                    end,
                    termination_date=context.get("termination_date"),
                    calendar=context.get("calendar"),
                ),
            )
        else:
            actual = year_fraction(day_count, start, end, **context)
            found = number_difference("year_fraction", step["value"], actual, case.tolerance)
        if found:
            return found
    return None


def _context(case: Case) -> Context:
    context = Context()
    reference_start, reference_end = case.day("reference_start"), case.day("reference_end")
    if reference_start and reference_end:
        context["regular_period"] = Period(reference_start, reference_end)
        context["periods_per_year"] = periods_per_year(frequency_of(context["regular_period"]))
    if maturity := case.day("maturity"):
        context["termination_date"] = maturity
    if code := case.terms.get("calendar"):
        context["calendar"] = calendar(code)
    return context
