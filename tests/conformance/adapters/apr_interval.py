"""Two dates: whole periods and the odd part of one, as a law counts them."""

from __future__ import annotations

from fractions import Fraction

from gbese.core.calendars.frequencies import MONTHLY, WEEKLY, YEARLY
from gbese.core.yields.intervals import (
    UnitKind,
    UnitPeriod,
    unit_periods_between,
    years_counted_back,
    years_counted_forward,
)
from tests.conformance.cases import Case, Unsupported, number_difference

UNITS = {"year": YEARLY, "month": MONTHLY, "week": WEEKLY}
UNIT_PERIODS = {
    "day": UnitPeriod(UnitKind.TERM),  # a term counted in days alone: a single payment's
    "week": UnitPeriod(UnitKind.WEEK),
    "fortnight": UnitPeriod(UnitKind.WEEK, 2),
    "semimonth": UnitPeriod(UnitKind.SEMIMONTH),
    "month": UnitPeriod(UnitKind.MONTH),
    "quarter": UnitPeriod(UnitKind.MONTH, 3),
    "half_year": UnitPeriod(UnitKind.MONTH, 6),
    "year": UnitPeriod(UnitKind.YEAR),
}


def run(case: Case) -> str | None:
    start, end, unit = case.required_day("from"), case.required_day("to"), case.terms["unit"]
    odd = None
    match case.terms["rule"]:
        case "eu_2008_48":
            whole = years_counted_back(start, end, UNITS[unit])
        case "uk_conc_app_1_2":
            whole = years_counted_forward(start, end, weeks=unit != "month")
        case "us_appendix_j":
            interval = unit_periods_between(start, end, UNIT_PERIODS[unit])
            whole, odd = Fraction(interval.whole), interval.odd
        case rule:
            raise Unsupported(rule)
    for step in case.steps:
        found = number_difference("interval", step["whole"], whole, case.tolerance)
        if not found and odd is not None:
            found = number_difference(
                "fraction_of_unit", step["fraction_of_unit"], odd, case.tolerance
            )
        if found:
            return found
    return None
