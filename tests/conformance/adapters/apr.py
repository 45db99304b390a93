"""Advances and payments: the yearly percentage at the decimals it is printed with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count as counting
from itertools import takewhile

from gbese.core.calendars.frequencies import FrequencyUnit
from gbese.core.yields.actuarial import apr_us
from gbese.core.yields.flows import DatedFlow, TimedFlow
from gbese.core.yields.intervals import common_unit_period, years_in
from gbese.core.yields.roots import in_per_cent, sole_rate
from tests.conformance.cases import Case, Document, Unsupported, difference, number_difference

UNITS = {
    "days": FrequencyUnit.DAY,
    "weeks": FrequencyUnit.WEEK,
    "months": FrequencyUnit.MONTH,
    "years": FrequencyUnit.YEAR,
}
UNLESS_GIVEN = Fraction("365.25")  # the days of a year, in the words of the source


def run(case: Case) -> str | None:
    flows, rate = case.steps[0], Decimal(0)
    match case.terms["method"]:
        case "eu_effective_annual_rate":
            rate = sole_rate(_timed(flows["flows"], case.terms))
        case "us_actuarial_appendix_j":
            dated = list(_dated(flows))
            unit = common_unit_period([flow.day for flow in dated])
            rate = apr_us(dated, unit=unit)
        case method:
            raise Unsupported(method)
    for step in case.steps[1:]:
        printed = in_per_cent(rate, step["decimals"])
        found = difference("apr", Decimal(step["percent"]), printed)
        if not found and "percent_6_decimals" in step:
            told = Fraction(in_per_cent(rate, 6))
            found = number_difference("apr", step["percent_6_decimals"], told, case.tolerance)
        if found:
            return found
    return None


def _dated(step: Document) -> Iterator[DatedFlow]:
    for kind, day, amount in step["rows"]:
        yield DatedFlow(date.fromisoformat(day), _signed(kind, amount))


def _timed(flows: list[Document], terms: Document) -> Iterator[TimedFlow]:
    for flow in flows:
        days = Fraction(flow.get("days_in_year") or terms.get("days_in_year") or UNLESS_GIVEN)
        for moment in _moments(flow):
            years = years_in(Fraction(moment), UNITS[flow["unit"]], days_in_year=days)
            yield TimedFlow(_signed(flow["kind"], flow["amount"]), years)


def _moments(flow: Document) -> Iterable[int | str]:
    if "at" in flow:
        return [flow["at"]]
    last = flow["to"]
    return takewhile(lambda moment: moment <= last, counting(flow["from"], flow["every"]))


def _signed(kind: str, amount: str) -> Fraction:
    return Fraction(amount) if kind == "advance" else -Fraction(amount)
