"""A loan as its lender stated it at one date: stocks and dates, no movements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gbese.core.money import Currency


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One row of a statement of loans. Amounts are minor units of `currency`, signed as stated.

    Attributes:
        currency: what the amounts are counted in.
        contract_currency: the contract's own; empty where the lender does not say.
        nominal_rate: a fraction a year; None is variable, several, or not said.
        drawn: so far, each drawing at the rate of its own day; `repaid` likewise, to whomever.
        sold: the part of the loan its lender passed on to another, `repaid_to_others` that
            other's share of what was repaid.
        outstanding_historical: principal outstanding at the rates of its drawings.
        exchange_adjustment: what brings it to the closing rate; None where it is not stated.
        outstanding: principal outstanding at the closing rate: the debt.
    """

    loan_number: str
    stated_on: date
    agreement_number: str
    lender_code: str
    borrower_key: str
    borrower_name: str
    guarantor_key: str
    guarantor_name: str
    country: str  # ISO 3166-1 alpha-2
    product: str
    purpose: str
    external_status: str
    nominal_rate: Decimal | None
    currency: Currency
    contract_currency: str
    original: int
    cancelled: int
    undisbursed: int
    drawn: int
    repaid: int
    sold: int
    repaid_to_others: int
    outstanding_historical: int
    exchange_adjustment: int | None
    outstanding: int
    first_repayment_on: date | None
    last_repayment_on: date | None
    signed_on: date | None
    approved_on: date | None
    effective_on: date | None
    drawable_until: date | None
    last_drawn_on: date | None
