"""Loans of a plan that could not be opened become faults of their rows, before anything is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gbese.apps.imports.plans import Fault, Plan, PlannedLoan, PlannedParty
from gbese.apps.imports.tables import Place
from gbese.apps.parties.queries import OwnNames
from gbese.core.calendars.business_days import Calendar
from gbese.core.calendars.frequencies import FrequencyUnit
from gbese.core.contracts.checks import require_sound
from gbese.core.contracts.terms import Side, Terms
from gbese.core.errors import Refusal
from gbese.core.schedules.interest_periods import interest_periods
from gbese.core.servicing.events import Amended, LoanEvent

_NUMBER_MAX = 60
_NO_DAYS_OFF = Calendar(code="", weekend=frozenset(), holidays=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the books can take: up to which day, which sides, which reference rates; whose."""

    open_day: date
    sides: Collection[Side]
    series: Collection[str]
    own: OwnNames


def sound(plan: Plan, books: Books) -> Plan:
    """The plan without what the books would refuse; each row of that has a fault that says why."""
    faults: dict[str, Fault] = {}
    names = {party.key: party for party in plan.parties}
    for loan in (*plan.loans, *plan.reopened):
        if fault := _fault_of(loan, books) or _fault_of_parties(loan, names, books.own):
            faults[loan.loan_number] = fault
    for later in plan.later_events:
        if fault := _future(later.place, later.loan_number, later.events, books.open_day):
            faults[later.loan_number] = fault
    if not faults:
        return plan
    return replace(
        plan,
        loans=[loan for loan in plan.loans if loan.loan_number not in faults],
        reopened=[loan for loan in plan.reopened if loan.loan_number not in faults],
        later_events=[each for each in plan.later_events if each.loan_number not in faults],
        statements=[each for each in plan.statements if each[1].loan_number not in faults],
        faults=[*plan.faults, *faults.values()],
    )


def _fault_of(loan: PlannedLoan, books: Books) -> Fault | None:
    number, place = loan.loan_number, loan.place
    if len(number) > _NUMBER_MAX:
        return Fault(place, "", number, "loan_number_too_long", {"most": str(_NUMBER_MAX)})
    if loan.side not in books.sides:
        return Fault(place, "", number, "side_not_kept", {"side": loan.side.value})
    for terms in _all_terms(loan):
        series = terms.rate.reference
        if series and series not in books.series:
            return Fault(place, "", series, "series_unknown", {"series": series})
        try:
            require_sound(terms)
            if terms.frequency.unit is FrequencyUnit.AT_MATURITY:
                interest_periods(terms, _NO_DAYS_OFF)  # not every day count can do without periods
        except Refusal as refused:
            facts = {name: str(fact) for name, fact in refused.facts.items()}
            return Fault(place, "", number, refused.code, facts)
    return _future(place, number, loan.events, books.open_day)


def _fault_of_parties(
    loan: PlannedLoan, parties: Mapping[str, PlannedParty], own: OwnNames
) -> Fault | None:
    """Nobody lends to themselves, and the entity is not on the other side of its own books."""
    lender, borrower = parties[loan.lender], parties[loan.borrower]
    lends, borrows = (own.includes(each.name, each.country) for each in (lender, borrower))
    if lender.key == borrower.key or (lends and borrows):
        return Fault(loan.place, "", loan.loan_number, "lender_is_borrower", {"party": lender.name})
    if borrows if loan.side is Side.LENDER else lends:
        other = borrower if borrows else lender
        return Fault(
            loan.place, "", loan.loan_number, "entity_on_other_side", {"party": other.name}
        )
    return None


def _all_terms(loan: PlannedLoan) -> Sequence[Terms]:
    amended = [event.terms for event in loan.events if isinstance(event, Amended)]
    return [loan.terms, *amended]


def _future(place: Place, number: str, events: Sequence[LoanEvent], open_day: date) -> Fault | None:
    latest = max((event.value_date for event in events), default=date.min)
    if latest <= open_day:
        return None
    return Fault(place, "", latest.isoformat(), "date_in_future", {"today": open_day.isoformat(),
                                                                  "loan": number})  # fmt: skip
