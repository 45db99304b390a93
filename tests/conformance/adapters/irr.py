"""Flows, dated or by period: the rate is one of those found; null where none is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.yields.flows import DatedFlow, flows_by_days, flows_by_period
from gbese.core.yields.roots import rates_solving
from tests.conformance.cases import Case, difference, number_difference

DAYS_IN_YEAR = Fraction(365)


def run_dated(case: Case) -> str | None:
    rows = case.steps[0]["rows"]
    flows = [DatedFlow(date.fromisoformat(day), Fraction(amount)) for day, amount in rows]
    return _differs(case, rates_solving(flows_by_days(flows, days_in_year=DAYS_IN_YEAR)))


def run_periodic(case: Case) -> str | None:
    amounts = [Fraction(amount) for (amount,) in case.steps[0]["rows"]]
    return _differs(case, rates_solving(flows_by_period(amounts)))


def _differs(case: Case, rates: tuple[Decimal, ...]) -> str | None:
    for step in case.steps[1:]:
        if step["value"] is None:
            found = difference("rates", (), rates)
        else:
            apart = [
                number_difference("rate", step["value"], Fraction(rate), case.tolerance)
                for rate in rates
            ]
            found = None if None in apart else f"rates: {step['value']} is none of {rates}"
        if found:
            return found
    return None
