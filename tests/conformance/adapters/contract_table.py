"""The table of a contract's events against what the engine lists."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import zip_longest

from gbese.core.money import Currency, Money
from gbese.core.projections.cash_flows import CashFlow, FlowKind
from tests.conformance.adapters.contract_words import day_of
from tests.conformance.cases import Document, difference, number_difference

UNITS = Currency("XXX", 2).for_analysis()
CODES = {
    FlowKind.DRAWDOWN: "IED",
    FlowKind.FURTHER_DRAWDOWN: "PI",
    FlowKind.PRINCIPAL: "PR",
    FlowKind.PREPAYMENT: "PP",
    FlowKind.CALL: "XD",
    FlowKind.INTEREST: "IP",
    FlowKind.FIXED_INTEREST: "IPFX",
    FlowKind.FLOATING_INTEREST: "IPFL",
    FlowKind.CAPITALISATION: "IPCI",
    FlowKind.FEE: "FP",
    FlowKind.RATE_AGREED: "RRF",
    FlowKind.RATE_RESET: "RR",
    FlowKind.INSTALMENT_FIXED: "PRF",
    FlowKind.INDEX_READ: "SC",
    FlowKind.BASE_TAKEN: "IPCB",
    FlowKind.PURCHASE: "PRD",
    FlowKind.TERMINATION: "TD",
    FlowKind.MATURITY: "MD",
    FlowKind.SETTLEMENT: "STD",
}


def compare(events: Document, flows: Sequence[CashFlow], tolerance: Fraction) -> str | None:
    def amount(minor: int) -> Fraction:
        return Fraction(Money(minor, UNITS).amount)

    for row, flow in zip_longest(events["rows"], flows):
        if row is None or flow is None:
            return f"expected {row}, got {flow}"
        told = dict(zip(events["columns"], row, strict=True))
        where = f"{flow.day} {CODES[flow.kind]}"
        found = difference(where, f"{day_of(told['date'])} {told['code']}", where)
        figures = {
            "cash": amount(flow.amount),
            "notional_principal": amount(flow.outstanding),
            "nominal_interest_rate": Fraction(flow.rate),
            "accrued_interest": amount(flow.accrued),
        }
        for name, actual in figures.items():
            if told.get(name) is not None:
                found = found or number_difference(f"{where} {name}", told[name], actual, tolerance)
        if found:
            return found
    return None
