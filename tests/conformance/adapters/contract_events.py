"""A contract with its cycles, and market rates: all its dated events, with the state after each."""

from __future__ import annotations

from datetime import date

from gbese.core.calendars.frequencies import roll
from gbese.core.contracts.analysis import for_analysis
from gbese.core.contracts.terms import ScheduleKind, Side, Terms
from gbese.core.money import zero
from gbese.core.projections.cash_flows import CashFlow, cash_flows
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.projections.legs import flows_of_swapped_rates, flows_of_two_legs
from gbese.core.schedules.implied_maturity import with_implied_maturity
from gbese.core.servicing.events import Drawn, LoanEvent, Opened
from tests.conformance.adapters.contract_market import deal, fixings, index
from tests.conformance.adapters.contract_phases import in_phases
from tests.conformance.adapters.contract_table import compare
from tests.conformance.adapters.contract_terms import KINDS, terms_of
from tests.conformance.adapters.contract_words import (
    begins,
    calendar_of,
    day_of,
    is_taken_over,
    money,
)
from tests.conformance.adapters.date_schedule import frequency_of
from tests.conformance.cases import Case, Document, Unsupported

SIDES = {"lender": Side.LENDER, "borrower": Side.BORROWER}
LEGS = {
    "receive_first_leg": (Side.LENDER, Side.BORROWER),
    "pay_first_leg": (Side.BORROWER, Side.LENDER),
}
SWAPPED = {
    "receive_fixed": (Side.LENDER, Side.BORROWER),
    "pay_fixed": (Side.BORROWER, Side.LENDER),
}
NO_NOTICE = "P0D"


def run(case: Case) -> str | None:
    asked, events = case.terms, case.steps[-1]
    role = asked["contract_role"]
    try:
        if role in LEGS:
            flows = _two_legs(case)
        elif role in SWAPPED:
            flows = _swapped_rates(case)
        else:
            flows = _flows(asked, case, SIDES.get(role))
    except (KeyError, ValueError) as unheard_of:
        raise Unsupported(str(unheard_of)) from unheard_of
    return compare(events, flows, case.tolerance)


def _flows(asked: Document, case: Case, side: Side | None) -> tuple[CashFlow, ...]:
    if asked["contract_type"] not in KINDS or side is None:
        raise Unsupported(asked["contract_type"])
    events = case.steps[-1]
    observed = {step["code"]: step for step in case.steps if step.get("op") == "market_data"}
    calls = [step["date"] for step in case.steps if step.get("op") == "observed_event"]
    called_on = day_of(calls[0]) if calls else None
    terms, drawn = _terms(asked, called_on), ()
    if terms.schedule_kind is ScheduleKind.CUSTOM:
        terms, drawn = in_phases(asked, terms)
    until = day_of(events["until"]) if "until" in events else None
    flows = cash_flows(
        LoanFacts(
            terms=terms,
            events=(_beginning(asked, terms), *drawn),
            shared=SharedFacts(
                calendar=calendar_of(asked),
                fixings=fixings(observed.get(terms.rate.reference)),
            ),
            open_ended_until=until if terms.maturity_date is None else None,
        ),
        side,
        bought=deal(asked, "purchase"),
        sold=deal(asked, "termination"),
        called_on=called_on,
        index=index(asked, observed),
    )
    if until is None or called_on is not None:
        return flows
    return tuple(flow for flow in flows if flow.day <= until)


def _two_legs(case: Case) -> tuple[CashFlow, ...]:
    asked = case.terms
    legs = {leg["reference_role"]: leg["object"] for leg in asked["contract_structure"]}
    first, second = LEGS[asked["contract_role"]]
    return flows_of_two_legs(
        _flows(legs["FIL"], case, first),
        _flows(legs["SEL"], case, second),
        is_netted=asked["delivery_settlement"] == "S",
        sold=deal(asked, "termination"),
    )


def _swapped_rates(case: Case) -> tuple[CashFlow, ...]:
    fixed, floating = _legs_of_rates(case.terms)
    first, second = SWAPPED[case.terms["contract_role"]]
    return flows_of_swapped_rates(
        _flows(fixed, case, first),
        _flows(floating, case, second),
        is_netted=case.terms["delivery_settlement"] == "S",
        bought=deal(case.terms, "purchase"),
        sold=deal(case.terms, "termination"),
    )


def _legs_of_rates(asked: Document) -> tuple[Document, Document]:
    """One amount twice: at its rate for good, and at its second rate until the first reset."""
    leg = asked | {"contract_type": "bullet_principal_at_maturity"}
    fixed = {name: value for name, value in leg.items() if "rate_reset" not in name}
    return fixed, leg | {"nominal_interest_rate": asked["nominal_interest_rate2"]}


def _terms(asked: Document, called_on: date | None) -> Terms:
    maturity = asked.get("maturity_date") or asked.get("amortization_date")
    if called_on is not None:
        notice = asked["x_day_notice"]
        due = called_on
        if notice != NO_NOTICE:
            due = roll(called_on, frequency_of(notice), 1, end_of_month=False)
        return for_analysis(terms_of(asked, maturity_date=due))
    terms = terms_of(asked, maturity_date=day_of(maturity) if maturity else None)
    if maturity is None and terms.given_instalment is not None:
        terms = with_implied_maturity(terms, calendar_of(asked))
    return for_analysis(terms)


def _beginning(asked: Document, terms: Terms) -> LoanEvent:
    if not is_taken_over(asked):
        return Drawn(number=1, value_date=begins(asked), amount=terms.principal)
    nothing = zero(terms.currency)
    return Opened(
        number=1,
        value_date=begins(asked),
        principal=terms.principal,
        principal_overdue=nothing,
        overdue_since=None,
        interest_accrued=money(asked, "accrued_interest") or nothing,
        interest_overdue=nothing,
        fee_overdue=nothing,
        penalty_overdue=nothing,
        drawn=terms.principal,
        repaid=nothing,
    )
