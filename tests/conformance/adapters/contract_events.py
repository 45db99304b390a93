"""A contract with its cycles, and market rates: all its dated events, with the state after each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from gbese.core.calendars.frequencies import roll
from gbese.core.contracts.analysis import for_analysis
from gbese.core.contracts.terms import ScheduleKind, Side, Terms
from gbese.core.money import zero
from gbese.core.projections.cash_flows import Deal, Index, cash_flows
from gbese.core.projections.facts import LoanFacts, SharedFacts
from gbese.core.rates.reference import Fixing, Fixings
from gbese.core.schedules.implied_maturity import with_implied_maturity
from gbese.core.servicing.events import Component, Drawn, LoanEvent, Opened
from tests.conformance.adapters.contract_phases import in_phases
from tests.conformance.adapters.contract_table import compare
from tests.conformance.adapters.contract_terms import KINDS, terms_of
from tests.conformance.adapters.contract_words import (
    begins,
    calendar_of,
    cycle,
    day_of,
    is_end_of_day,
    is_taken_over,
    money,
)
from tests.conformance.adapters.date_schedule import frequency_of
from tests.conformance.cases import Case, Document, Unsupported

SIDES = {"lender": Side.LENDER, "borrower": Side.BORROWER}
NO_NOTICE = "P0D"


def run(case: Case) -> str | None:
    asked, events = case.terms, case.steps[-1]
    if asked["contract_type"] not in KINDS or asked["contract_role"] not in SIDES:
        raise Unsupported(asked["contract_type"])
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
                fixings=_fixings(observed.get(terms.rate.reference)),
            ),
            open_ended_until=until if terms.maturity_date is None else None,
        ),
        SIDES[asked["contract_role"]],
        bought=_deal(asked, "purchase"),
        sold=_deal(asked, "termination"),
        called_on=called_on,
        index=_index(asked, observed),
    )
    if until is not None and called_on is None:
        flows = tuple(flow for flow in flows if flow.day <= until)
    return compare(events, flows, terms, case.tolerance)


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


def _fixings(series: Document | None) -> Fixings | None:
    if series is None:
        return None
    return Fixings(series["code"], "case", _rows(series), 36500)


def _rows(series: Document) -> tuple[Fixing, ...]:
    return tuple(Fixing(day_of(day), Decimal(value)) for day, value in series["rows"])


def _deal(asked: Document, deal: str) -> Deal | None:
    stamp = asked.get(f"{deal}_date")
    price = money(asked, f"price_at_{deal}_date")
    if stamp is None or price is None:
        return None
    return Deal(day_of(stamp), price, counts_day=is_end_of_day(stamp))


def _index(asked: Document, observed: dict[str, Document]) -> Index | None:
    read = cycle(asked, "scaling_index")
    if read is None:
        return None
    effect = asked["scaling_effect"]
    letters = {"I": Component.INTEREST, "N": Component.PRINCIPAL}
    return Index(
        rows=_rows(observed[asked["market_object_code_of_scaling_index"]]),
        at_signing=Fraction(asked["scaling_index_at_contract_deal_date"]),
        cycle=read,
        scales=frozenset(scaled for letter, scaled in letters.items() if letter in effect),
    )
