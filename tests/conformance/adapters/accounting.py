"""Changed terms, a loan in another currency, the part due within a year."""

from __future__ import annotations

import re
from calendar import month_name
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import repeat

from gbese.core.amortised_cost.effective_interest import expected_by_period
from gbese.core.amortised_cost.foreign_currency import (
    ForeignEvent,
    ForeignLoan,
    foreign_loan_entries,
)
from gbese.core.amortised_cost.modifications import extinguishment_loss, modification_test
from gbese.core.calendars.frequencies import MONTHLY
from gbese.core.calendars.periods import due_dates_counted
from gbese.core.money import Currency, Rounding, money_from_text
from gbese.core.rates.nominal import periodic_rate
from gbese.core.schedules.amortisation import principal_rows
from gbese.core.schedules.linear import fixed_parts, linear_parts
from gbese.core.status.term import split_of_dues
from gbese.core.yields.roots import in_per_cent
from tests.conformance.cases import Case, Unsupported, difference, number_difference

CURRENCY = Currency("XXX", 2)
TENTH = Fraction("0.10")
MONTHS = {name: number for number, name in enumerate(month_name)}
YEARLY_PRINCIPAL = re.compile(r"(?P<count>\w+) equal yearly principal parts of (?P<part>\d+)")
NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTS = {word: number for number, word in enumerate(NUMBERS, start=2)}
LONG_ENOUGH = 600  # months: of a plan whose source tells no end
SOME_DAY = date(2025, 12, 31)  # of a source that tells no date


def run_modification(case: Case) -> str | None:
    terms = case.terms
    told = YEARLY_PRINCIPAL.match(terms["new_terms"])
    if told is None:
        raise Unsupported(terms["new_terms"])
    carrying, principal = Fraction(terms["carrying_amount"]), Fraction(terms["new_principal"])
    years = COUNTS[told["count"]]
    rate = periodic_rate(Decimal(terms["new_rate_percent"]).scaleb(-2), 1)
    parts = linear_parts(int(principal), years, rounding=Rounding.HALF_UP)
    rows = principal_rows(
        int(principal), list(repeat(rate, years)), parts, interest_rounding=Rounding.HALF_UP
    )
    test = modification_test(
        carrying,
        expected_by_period([Fraction(row.payment) for row in rows]),
        original_rate=Decimal(terms["original_effective_rate_percent"]).scaleb(-2),
        threshold=TENTH,
    )
    amounts = {
        "present_value_of_new_flows": test.new_value,
        "difference": test.difference,
        "extinguishment_loss": extinguishment_loss(carrying, principal, Fraction(0)),
    }
    for step in case.steps:
        if step["check"] == "substantial":
            found = difference("substantial", step["value"], test.is_substantial)
        else:
            name = step["check"]
            found = number_difference(name, step["amount"], amounts[name], case.tolerance)
        if not found and "percent" in step:
            found = difference("share", Decimal(step["percent"]), in_per_cent(test.share, 2))
        if found:
            return found
    return None


def run_foreign_currency(case: Case) -> str | None:
    terms, rows = case.terms, case.steps[0]["rows"]
    rates = {date.fromisoformat(day): Fraction(rate) for day, rate in rows}
    year_end = date.fromisoformat(f"2000-{terms['year_end']}")
    loan = ForeignLoan(
        principal=Fraction(terms["principal"]),
        nominal_rate=Fraction(Decimal(terms["annual_rate_percent"]).scaleb(-2)),
        drawn_on=min(rates),
        repaid_on=date.fromisoformat(terms["repaid"]),
        interest_days=frozenset(_days_of_year(terms["interest_paid"])),
        year_end=(year_end.month, year_end.day),
    )
    entries = {
        (entry.day, entry.event): entry.amount for entry in foreign_loan_entries(loan, rates)
    }
    for step in case.steps[1:]:
        for day, what, amount in step["rows"]:
            booked = entries.get((date.fromisoformat(day), ForeignEvent(what)), Fraction(0))
            if found := number_difference(f"{what} {day}", amount, booked, case.tolerance):
                return found
    return None


def run_current_part(case: Case) -> str | None:
    terms = case.terms
    started = case.day("loan_date") or SOME_DAY
    lent = money_from_text(terms.get("balance") or terms["principal"], CURRENCY).minor
    part = money_from_text(terms["principal_per_month"], CURRENCY).minor
    days = due_dates_counted(
        first_due_date=started, instalments=LONG_ENOUGH, frequency=MONTHLY, end_of_month=True
    )[1:]
    dues = list(zip(days, fixed_parts(lent, len(days), part=part), strict=True))
    for step in case.steps:
        split = split_of_dues(dues, date.fromisoformat(step["date"]) if "date" in step else started)
        parts = {"current_part": split.short_term, "noncurrent_part": split.long_term}
        told = money_from_text(step["amount"], CURRENCY).minor
        if found := difference(step["check"], told, parts[step["check"]]):
            return found
    return None


def _days_of_year(text: str) -> list[tuple[int, int]]:
    named = re.findall(r"(\d+) ([A-Z][a-z]+)", text)
    return [(MONTHS[month], int(day)) for day, month in named]
