"""A carrying amount and cash: the effective rate, and amortised cost row by row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from gbese.core.amortised_cost.effective_interest import (
    CarryingRow,
    ExpectedFlow,
    carrying_rows,
    discount_factor,
    effective_interest_rate,
    expected_by_period,
    present_value,
    printed_rows,
    still_to_spread,
    straight_line,
)
from gbese.core.money import Currency, Rounding, money_from_text
from gbese.core.yields.roots import in_per_cent
from tests.conformance.cases import Case, Document, difference, number_difference

# How a source names the figures of a row.
ROW = {
    "opening": lambda row: row.opening,
    "interest": lambda row: row.interest,
    "income": lambda row: row.interest,
    "cash": lambda row: row.cash,
    "payment": lambda row: row.cash,
    "closing": lambda row: row.closing,
    "carrying_amount": lambda row: row.closing,
}
CURRENCY = Currency("XXX", 2)
RATE_DECIMALS = 10


def run(case: Case) -> str | None:
    terms = case.terms
    carrying = Fraction(terms.get("initial_carrying_amount") or terms["net_disbursed"])
    flows = _flows(case)
    rate = _rate(case, carrying, flows)
    for step in case.steps:
        if step["check"] == "effective_rate":
            found = _rate_difference(case, step["percent_per_period"], rate)
        else:
            found = _rows_difference(case, step, rate, carrying_rows(carrying, flows, rate))
        if found:
            return found
    return None


def run_fee_spreading(case: Case) -> str | None:
    parts = straight_line(money_from_text(case.terms["costs"], CURRENCY), case.terms["years"])
    for step in case.steps:
        told = money_from_text(step["amount"], CURRENCY)
        if found := difference(step["check"], {told}, set(parts)):
            return found
    return None


def _flows(case: Case) -> tuple[ExpectedFlow, ...]:
    """The flows told, or where the source tells none, the cash of its rows."""
    told = case.terms.get("flows") or case.terms.get("payments")
    if told:
        return expected_by_period([Fraction(amount) for _, amount in told])
    cash = [
        Fraction(row["cash"])
        for step in case.steps
        if step["check"] == "effective_schedule"
        for row in _rows(step)
    ]
    return expected_by_period(cash)


def _rate(case: Case, carrying: Fraction, flows: tuple[ExpectedFlow, ...]) -> Decimal:
    """Worked out from the flows; the one the source tells where it does not tell the flows."""
    if case.terms.get("flows") or case.terms.get("payments"):
        return effective_interest_rate(carrying, flows)
    told = next(step for step in case.steps if step["check"] == "effective_rate")
    return Decimal(told["percent_per_period"]).scaleb(-2)


def _rate_difference(case: Case, told: str, rate: Decimal) -> str | None:
    actual = Fraction(in_per_cent(rate, RATE_DECIMALS))
    return number_difference("effective_rate", told, actual, case.tolerance)


def _rows_difference(
    case: Case, step: Document, rate: Decimal, rows: tuple[CarryingRow, ...]
) -> str | None:
    for told in _rows(step):
        number = int(told["period"])
        if number == 0:
            continue
        row = printed_rows(rows, _printed_in(told), rounding=Rounding.HALF_UP)[:number][-1]
        figures = {name: figure(row) for name, figure in ROW.items()}
        if discount := case.terms.get("upfront_discount"):
            left = still_to_spread(
                money_from_text(discount, CURRENCY), rows[:number], rounding=Rounding.HALF_EVEN
            )
            figures["discount_left"] = Fraction(left[-1].amount)
        figures["discount_factor"] = discount_factor(rate, row.moment)
        figures["present_value"] = present_value(rate, [ExpectedFlow(row.moment, row.cash)])
        for name in set(told).intersection(figures):
            if found := number_difference(
                f"{name} of {number}", told[name], figures[name], case.tolerance
            ):
                return found
    return None


def _printed_in(told: Document) -> Currency:
    """The decimals a row is printed with."""
    figures = [Decimal(told[name]) for name in ("opening", "closing") if name in told]
    decimals = [len(f"{figure:f}".partition(".")[2]) for figure in figures]
    return Currency("XXX", max(decimals, default=CURRENCY.exponent))


def _rows(step: Document) -> Iterator[Document]:
    for row in step["rows"]:
        yield dict(zip(step["columns"], row, strict=True))
